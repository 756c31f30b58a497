import { createHash } from "node:crypto";
import type { Config } from "./config.ts";
import { createDueTimes } from "./digest/due.ts";
import { createDigestPreview } from "./digest/preview.ts";
import { createDigests, type Digests, type DigestsOptions } from "./digest/wiring.ts";
import { createDigestWriter } from "./digest/writer.ts";
import type { BotRest } from "./discord/bot/bot-rest.ts";
import { createChannelPosts } from "./discord/bot/channel-posts.ts";
import { createGuildDirectory } from "./discord/bot/guild-directory.ts";
import { createGuildPresence, type GuildPresence } from "./discord/bot/guild-presence.ts";
import { createSharedRateLimiter } from "./discord/bot/shared-rate-limiter.ts";
import { catalogueProblems } from "./messages/say.ts";
import { createPictureMaker } from "./pictures/picture-maker.ts";
import { openFetchCache } from "./prices/cache/fetch-cache.ts";
import { createMarket, type Market } from "./prices/market.ts";
import type { Log } from "./process/log.ts";
import { type Metrics, uncounted } from "./process/metrics.ts";
import type { Redis, RedisPart } from "./process/redis.ts";
import { projectPages, readPackageJson, repositoryUrlOf } from "./project-pages.ts";
import type { Services } from "./services.ts";
import { openStorage } from "./storage/storage.ts";

/** What answering a question uses, opened: the base of every entry point. */
export type OpenedAnswering = {
  readonly services: Pick<
    Services,
    "prices" | "coins" | "rates" | "sources" | "pictures" | "pages" | "log" | "now"
  >;
  readonly market: Market;
  /** This bot's part of the Redis that its processes share; undefined without Redis. */
  readonly shared: RedisPart | undefined;
  /** Where the cache is, as a phrase for the start-up output. */
  readonly cacheWhere: string;
  /**
   * Does what can wait until a page is open: checks the languages, and brings the list of coins and
   * the exchange rates into memory. Call it after `completesLater`: until it resolves, questions
   * wait for what they need, and no coins are suggested. Never rejects.
   */
  complete(): Promise<void>;
  /**
   * Call it every hour: sweeps the cache and refreshes coin list and exchange rates. Never rejects.
   */
  upkeep(): Promise<void>;
  /** Closes every file and connection. Call it once nothing is in flight. */
  close(): Promise<void>;
};

/** Everything that commands use, opened: the base of every transport. */
export type OpenedServices = Omit<OpenedAnswering, "services"> & {
  readonly services: Services;
  /** Discord's REST interface with the bot's token; undefined without one. */
  readonly botRest: BotRest | undefined;
  /** The daily digests; undefined without a bot token. */
  readonly digests: Digests | undefined;
  /** Wires digests that are posted by a transport other than Discord's REST API. */
  createDigests(transport: Transport, services: DigestsOptions["services"]): Digests;
  /** Records which servers the bot is in; data of servers left long ago is deleted. */
  readonly guilds: GuildPresence;
  /** Where the database is, as a phrase for the start-up output. */
  readonly storageWhere: string;
  /**
   * Why the database cannot be used right now, as a clause; undefined when it can. Never rejects.
   */
  storageTrouble(): Promise<string | undefined>;
};

/** How digests are posted. */
type Transport = Pick<DigestsOptions, "posts" | "directory">;

/**
 * Opens database, cache and prices as configured. Rejects only when the database cannot be opened,
 * with `StorageError`.
 */
export async function openServices(options: {
  config: Config;
  /** Folder of the database; defaults to the data folder. */
  storageDir?: string;
  log: Log;
  now: () => Date;
  metrics?: PriceMetrics & Pick<Metrics, "digestCame">;
  /** Whether the caller will call `complete`; by default it is done here. */
  completesLater?: boolean;
}): Promise<OpenedServices> {
  const { config, log, now, metrics = uncounted, completesLater = false } = options;
  // First, because nothing can start without it.
  const storage = await openStorage({
    dataDir: options.storageDir ?? config.dataDir,
    databaseUrl: config.databaseUrl,
    log,
    now,
  });
  const { redis, ...answering } = await openAnswering({
    ...{ config, log, now, metrics, completesLater },
  });
  const { discordToken, discordApiUrl: apiUrl } = config;
  const botRest =
    discordToken === undefined
      ? undefined
      : await openBotRest({ token: discordToken, apiUrl, redis, log });
  const core = {
    ...answering.services,
    directory: botRest && createGuildDirectory({ rest: botRest, now }),
    settings: storage.settings,
    presence: storage.presence,
    forget: storage.forget,
  };
  const posting =
    config.redisUrl === undefined || discordToken === undefined
      ? undefined
      : { redisUrl: config.redisUrl, name: nameOfBot(discordToken) };
  const { ledger, settings } = storage;
  const digestsWith = (transport: Transport, services: DigestsOptions["services"]) =>
    createDigests({ services, ledger, ...transport, shared: posting, metrics });
  const digests = botRest && digestsWith(botTransport(botRest, now), core);
  const previewDigest =
    digests?.preview ??
    createDigestPreview({
      ...{ settings, ledger, now },
      writer: createDigestWriter(core),
      times: createDueTimes(),
    });
  return {
    ...answering,
    services: {
      ...core,
      digests: digests?.servers,
      previewDigest,
    },
    botRest,
    digests,
    createDigests: digestsWith,
    guilds: createGuildPresence({
      store: storage.presence,
      settings: storage.settings,
      forgetLeft: storage.forgetLeft,
      rest: botRest,
      log,
      now,
    }),
    storageWhere: storage.database.where,
    storageTrouble: storage.database.trouble,
    async close() {
      await answering.close();
      await storage.close();
    },
  };
}

/** What prices count. */
type PriceMetrics = Pick<
  Metrics,
  "sourceCalled" | "rowsDropped" | "pricesAnswered" | "closesAwaited"
>;

/**
 * Opens the cache and the prices as configured: all that questions need, and no database. Never
 * rejects because of the outside world.
 */
export async function openAnswering(options: {
  config: Config;
  log: Log;
  now: () => Date;
  metrics?: PriceMetrics;
  /** Whether the caller will call `complete`; by default it is done here. */
  completesLater?: boolean;
}): Promise<OpenedAnswering & { readonly redis: Redis | undefined }> {
  const { config, log, now, metrics = uncounted } = options;
  const redis = config.redisUrl === undefined ? undefined : await openRedis(config.redisUrl, log);
  const cache = await openFetchCache({ dataDir: config.dataDir, redis, log, now });
  const market = createMarket({ config, cache, redis, log, now, metrics });
  const refresh = () => Promise.all([market.coins.refresh(), market.rates.refresh()]);
  const complete = async () => {
    const unreadable = catalogueProblems();
    if (unreadable.length > 0)
      log.error({ unreadable }, "Some languages cannot be read: English stands in for them");
    await refresh();
  };
  // Before clients are loaded: after them it leaves 14 MB more at rest.
  if (!options.completesLater) await complete();
  return {
    services: {
      prices: market.prices,
      coins: market.coins,
      rates: market.rates,
      sources: market,
      pictures: createPictureMaker(),
      pages: projectPages(config, repositoryUrlOf(readPackageJson() ?? "")),
      log,
      now,
    },
    market,
    redis,
    shared: redis && {
      redis,
      name: nameOfBot(config.discordPublicKey ?? config.discordToken ?? ""),
    },
    cacheWhere: cache.where,
    complete,
    async upkeep() {
      await Promise.all([refresh(), cache.sweep()]);
    },
    async close() {
      await cache.close();
      await redis?.close();
    },
  };
}

/**
 * Digests are posted among thousands of others, so they have `bulk` priority, and their directory
 * must not cache.
 */
function botTransport(rest: BotRest, now: () => Date): Transport {
  const directory = createGuildDirectory({ rest, now, priority: "bulk", keepMs: 0 });
  return { posts: createChannelPosts({ rest, directory }), directory };
}

// Clients are loaded only if they are configured: together they take a fifth of a second.
async function openRedis(url: string, log: Log): Promise<Redis> {
  const { connectRedis } = await import("./process/redis.ts");
  return connectRedis({ url, log });
}

async function openBotRest({
  redis,
  ...options
}: {
  token: string;
  apiUrl: string;
  redis: Redis | undefined;
  log: Log;
}): Promise<BotRest> {
  const { createBotRest } = await import("./discord/bot/bot-rest.ts");
  if (redis === undefined) return createBotRest(options);
  return createBotRest({
    ...options,
    rateLimiter: createSharedRateLimiter({ redis, name: nameOfBot(options.token) }),
  });
}

/** Names a bot in Redis: several bots may share a Redis, each with its own limits and queue. */
function nameOfBot(token: string): string {
  return createHash("sha256").update(token).digest("base64url").slice(0, 12);
}
