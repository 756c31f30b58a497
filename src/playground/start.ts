import { join } from "node:path";
import { type Config, DEFAULT_PORT } from "../config.ts";
import type { Command } from "../discord/command.ts";
import { createDispatch } from "../discord/dispatch.ts";
import { createDemoMarket, type Market } from "../prices/market.ts";
import type { Lifetime } from "../process/lifetime.ts";
import type { Log } from "../process/log.ts";
import type { Services } from "../services.ts";
import { connectionsWithin } from "../web/connections.ts";
import { createReadiness, healthRoutes, pricesTrouble, storageReadiness } from "../web/health.ts";
import { listen, portTrouble, type WebApplication, type WebServer } from "../web/listen.ts";
import { openServices } from "../wiring.ts";
import { createPlaygroundApp } from "./app.ts";
import { isLoopback } from "./guard.ts";
import { madeUpDirectory } from "./guild.ts";
import { createPlaygroundMarkets } from "./markets.ts";
import { createIds, createPlaygroundMessages } from "./messages.ts";
import { readPageAssets } from "./page/assets.ts";
import { playgroundPosts } from "./posts.ts";

const HOUR_MS = 3_600_000;
/**
 * While a source does not answer it is asked again this often, so that the page notices when all
 * are silent, or one is back.
 */
const PROBE_AGAIN_MS = 60_000;
/** How long a page that is open may take to let go, in milliseconds: it would listen for ever. */
const CLOSES_WITHIN_MS = 200;
/** How long replies in flight get, in milliseconds. */
const DRAIN_MS = 3_000;

/** Options of {@link startPlayground}. */
export type PlaygroundOptions = {
  readonly config: Config;
  readonly commands: readonly Command[];
  readonly log: Log;
  readonly lifetime: Lifetime;
  readonly now: () => Date;
  /** Take the lines that a person reads. */
  readonly say: (text: string) => void;
  readonly complain: (text: string) => void;
};

/**
 * The bot without Discord: opens everything, serves the page and says where it is. What its made-up
 * server chooses is kept apart from that of real servers, whatever database those use. Rejects when
 * storage cannot be opened; a taken port ends the process with one sentence.
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
    config: { ...config, databaseUrl: undefined },
    storageDir,
    log,
    now,
  });
  lifetime.atEnd(opened.close, "the database and the cache");
  const hourly = setInterval(() => void opened.upkeep(), HOUR_MS);
  lifetime.atEnd(() => clearInterval(hourly));

  const nextId = createIds(now);
  const messages = createPlaygroundMessages({ now, nextId });
  const posting = { posts: playgroundPosts(messages), directory: madeUpDirectory };
  const answering = (services: Services) => {
    const digests = opened.createDigests(posting, services);
    return {
      digests,
      dispatch: createDispatch({
        commands,
        services: { ...services, digests: digests.servers, previewDigest: digests.preview },
        log,
      }),
    };
  };
  const services: Services = { ...opened.services, directory: madeUpDirectory };
  const { digests, dispatch } = answering(services);
  const markets = createPlaygroundMarkets({
    real: { dispatch, market: opened.market, plan: planInWords(config) },
    isDemoOnly: config.demo,
    demo: () =>
      answering({ ...services, ...inventedPrices(createDemoMarket({ log, now })) }).dispatch,
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
  const server = await listenOrExplain(app, config, lifetime, complain);
  if (server === undefined) return;
  lifetime.atEnd(() => server.close(CLOSES_WITHIN_MS), "open pages");

  say(
    welcome({
      config,
      url: addressHere(server.url),
      storageWhere: opened.storageWhere,
      cacheWhere: opened.cacheWhere,
    }),
  );
  // The made-up server's digest comes when it is due, as a real one's does, while this runs.
  const posts = await digests.startPosting();
  lifetime.atEnd(() => posts.stop(DRAIN_MS), "digests on their way");
  void markets.probe();
  const probing = setInterval(() => {
    if (markets.isTroubled()) void markets.probe();
  }, PROBE_AGAIN_MS);
  lifetime.atEnd(() => clearInterval(probing));
}

/** Prices that are invented, and say so; asked for by the visitor alone. */
function inventedPrices(market: Market): Pick<Services, "coins" | "prices" | "rates" | "sources"> {
  void market.coins.refresh();
  return { coins: market.coins, prices: market.prices, rates: market.rates, sources: market };
}

/**
 * Makes it listen; undefined when the port cannot be had, and then the process is on its way to its
 * end.
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

/** Where prices come from, for the page. */
function planInWords({ demo, coingeckoPlan, coinmetricsBaseUrl }: Config): string {
  if (demo) return "invented prices";
  const coingecko =
    coingeckoPlan === "keyless" ? "CoinGecko without a key" : `CoinGecko (${coingeckoPlan} plan)`;
  return [
    coingecko,
    "DefiLlama",
    ...(coinmetricsBaseUrl === undefined ? [] : ["Coin Metrics"]),
    "Kraken",
  ].join(", ");
}

/** Where a browser on this computer opens it: no browser opens "every address". */
function addressHere(url: string): string {
  return url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:");
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
    : `real: ${planInWords(config)}`;
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
