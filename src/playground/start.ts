import { join } from "node:path";
import { type Config, DEFAULT_PORT } from "../config.ts";
import type { Command } from "../discord/command.ts";
import { createDispatch } from "../discord/dispatch.ts";
import { ENGLISH } from "../messages/say.ts";
import { createDemoMarket, type Market } from "../prices/market.ts";
import { createDeferred } from "../process/deferred.ts";
import type { Lifetime } from "../process/lifetime.ts";
import type { Log } from "../process/log.ts";
import type { Services } from "../services.ts";
import { HOUR_MS } from "../valuation/calendar.ts";
import { createApi, isApiPath } from "../web/api.ts";
import { createClientAddress } from "../web/client-address.ts";
import { connectionsWithin } from "../web/connections.ts";
import { createReadiness, healthRoutes, pricesTrouble, storageReadiness } from "../web/health.ts";
import {
  browserUrl,
  listen,
  portTrouble,
  type WebApplication,
  type WebServer,
} from "../web/listen.ts";
import { createSite } from "../web/site.ts";
import { openServices } from "../wiring.ts";
import { createPlaygroundApp } from "./app.ts";
import { isLoopback } from "./guard.ts";
import { madeUpDirectory } from "./guild.ts";
import { createPlaygroundMarkets } from "./markets.ts";
import { createIds, createPlaygroundMessages } from "./messages.ts";
import { readPageAssets } from "./page/assets.ts";
import { playgroundPosts } from "./posts.ts";
import { planInWords } from "./price-plan.ts";

/**
 * How often the sources are probed while one does not respond, so that the page shows when all are
 * silent or one is back.
 */
const PROBE_EVERY_MS = 30_000;
/** How often they are probed otherwise, while a page is open. */
const PROBE_CALMLY_EVERY_MS = 300_000;
/** What the first visitor finds answered. */
const EXAMPLE = { name: "lambo", options: { coin: "dogecoin" } };
/** How long open pages have to disconnect: their event streams never end by themselves. */
const CLOSES_WITHIN_MS = 200;
/** How long replies in flight have to finish. */
const DRAIN_MS = 3_000;

/** Options of {@link startPlayground}. */
export type PlaygroundOptions = {
  readonly config: Config;
  readonly commands: readonly Command[];
  readonly log: Log;
  readonly lifetime: Lifetime;
  readonly now: () => Date;
  /** Writes lines for a person. */
  readonly say: (text: string) => void;
  /** Writes why the playground cannot start. */
  readonly complain: (text: string) => void;
};

/**
 * Runs the bot without Discord: opens everything, serves the page and says where it is. The made-up
 * server's settings are kept separate from those of real servers, whatever database those use.
 * Rejects when storage cannot be opened; a taken port ends the process with one sentence.
 */
export async function startPlayground({
  config,
  commands,
  log,
  lifetime,
  now,
  say,
  complain,
}: PlaygroundOptions): Promise<void> {
  const storageDir = join(config.dataDir, "playground");
  const opened = await openServices({
    // It has no public pages for its cards to link to.
    config: { ...config, databaseUrl: undefined, publicUrl: undefined },
    storageDir,
    log,
    now,
    completesLater: true,
  });
  lifetime.atEnd(opened.close, "the database and the cache");
  const hourly = setInterval(() => void opened.upkeep(), HOUR_MS);
  lifetime.atEnd(() => clearInterval(hourly));

  const nextId = createIds(now);
  const messages = createPlaygroundMessages({ now, nextId });
  const posting = { posts: playgroundPosts(messages), directory: madeUpDirectory };
  const rememberLocale = async (guildId: string, locale: string | undefined) => {
    if (locale === undefined) return;
    await opened.services.settings
      .rememberLocales(new Map([[guildId, locale]]))
      .catch((error: unknown) =>
        log.warn({ err: error }, "The server's language was not recorded"),
      );
  };
  const answering = (services: Services, coinsLoaded: Promise<unknown>) => {
    const digests = opened.createDigests(posting, services);
    return {
      digests,
      dispatch: createDispatch({
        commands,
        services: { ...services, digests: digests.servers, previewDigest: digests.preview },
        log,
        suggestsAfter: coinsLoaded,
        // A made-up server tells its language when it is asked, and never by itself.
        onServerCall: (guildId, locale) => void rememberLocale(guildId, locale),
      }),
    };
  };
  const services: Services = { ...opened.services, directory: madeUpDirectory };
  const completed = createDeferred<void>();
  const { digests, dispatch } = answering(services, completed.promise);
  const markets = createPlaygroundMarkets({
    real: { dispatch, market: opened.market, plan: (locale) => planInWords(config, locale) },
    isDemoOnly: config.demo,
    demo() {
      const demo = createDemoMarket({ log, now });
      return answering({ ...services, ...inventedPrices(demo) }, demo.coins.refresh()).dispatch;
    },
  });
  lifetime.atEnd(async () => {
    dispatch.stopIntake();
    await dispatch.drained(DRAIN_MS);
  }, "replies");

  const app = createPlaygroundApp({
    commands,
    markets,
    messages,
    nextId,
    assets: await readPageAssets(),
    example: EXAMPLE,
    host: config.host,
    log,
  });
  app.route(
    "/",
    healthRoutes(
      createReadiness({
        storage: { trouble: storageReadiness(opened.storageTrouble, log) },
        prices: { trouble: () => pricesTrouble(opened.market) },
        transport: { trouble: () => (lifetime.isEnding ? "stopping" : undefined), isVital: true },
      }),
    ),
  );
  const limit = { clientAddress: createClientAddress(config.trustedProxies) };
  const api = createSite({
    parts: [createApi({ services, corsOrigins: config.corsOrigins, limit }).routes],
    log,
  });
  const server = await listenOrExplain(
    {
      // The page is for this playground's visitor alone, the API for every program.
      fetch: (request, environment) =>
        (isApiPath(new URL(request.url).pathname) ? api : app).fetch(request, environment),
    },
    config,
    lifetime,
    complain,
  );
  if (server === undefined) return;
  lifetime.atEnd(() => server.close(CLOSES_WITHIN_MS), "open pages");

  say(
    welcome({
      config,
      url: browserUrl(server.url),
      storageWhere: opened.storageWhere,
      cacheWhere: opened.cacheWhere,
    }),
  );
  // After the page can be opened: the list of coins takes as long as all before.
  void opened.complete().then(completed.resolve);
  // The made-up server's digest is posted when due, like a real one's, while this process runs.
  const posts = await digests.startPosting();
  lifetime.atEnd(() => posts.stop(DRAIN_MS), "digests on their way");
  void markets.probe();
  const probing = [
    setInterval(() => {
      if (markets.isTroubled()) void markets.probe();
    }, PROBE_EVERY_MS),
    setInterval(() => {
      if (markets.isWatched()) void markets.probe();
    }, PROBE_CALMLY_EVERY_MS),
  ];
  lifetime.atEnd(() => {
    for (const timer of probing) clearInterval(timer);
  });
}

/** The services of the demo market, whose prices are marked as invented. */
function inventedPrices(market: Market): Pick<Services, "coins" | "prices" | "rates" | "sources"> {
  return { coins: market.coins, prices: market.prices, rates: market.rates, sources: market };
}

/**
 * Starts listening; undefined when the port is unavailable, after explaining that and ending the
 * process.
 */
async function listenOrExplain(
  app: WebApplication,
  { host, port = DEFAULT_PORT, maxConnections }: Config,
  lifetime: Lifetime,
  complain: (text: string) => void,
): Promise<WebServer | undefined> {
  try {
    return await listen(app, { host, port, maxConnections: connectionsWithin(maxConnections) });
  } catch (error) {
    complain(`${portTrouble(error, { host, port })}\n`);
    lifetime.end("the port cannot be had", 1);
    return undefined;
  }
}

type Welcome = {
  readonly config: Config;
  readonly url: string;
  readonly storageWhere: string;
  readonly cacheWhere: string;
};

function welcome({ config, url, storageWhere, cacheWhere }: Welcome): string {
  const prices = config.demo
    ? "invented (DEMO=1): no network needed"
    : `real: ${planInWords(config, ENGLISH)}`;
  const isOpen = !isLoopback(config.host);
  return [
    "Dude, Where's My Lambo: the playground. The bot in a made-up server, without Discord.",
    "",
    `  Open     ${url}`,
    `  Prices   ${prices}`,
    `  Storage  ${storageWhere}; answers ${cacheWhere}`,
    "  Stop     Ctrl+C",
    ...(isOpen
      ? ["", `  HOST=${config.host}: everybody who can reach this computer can use this page.`]
      : []),
    "",
    'For Discord itself set DISCORD_TOKEN: README.md, "Put it into Discord".',
    "",
  ].join("\n");
}
