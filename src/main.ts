import { commands } from "../commands/index.ts";
import {
  type Config,
  DEFAULT_PORT,
  type Mode,
  modeOf,
  readConfig,
  secretsOf,
  VARIABLES,
} from "./config.ts";
import type { Digests } from "./digest/wiring.ts";
import { zoneDataStatus } from "./digest/zone-data.ts";
import type { GuildPresence } from "./discord/bot/guild-presence.ts";
import { createCallCounters, createCallLimits } from "./discord/call-limits.ts";
import { createDispatch, type Dispatch } from "./discord/dispatch.ts";
import type { RunningBot } from "./discord/running-bot.ts";
import type { Market } from "./prices/market.ts";
import { entryArguments } from "./process/entry-arguments.ts";
import { readEnvironment } from "./process/environment.ts";
import { createLifetime, type Lifetime } from "./process/lifetime.ts";
import { createLog, type Log } from "./process/log.ts";
import { setUpNetwork } from "./process/network.ts";
import type { RedisPart } from "./process/redis.ts";
import { createStartNotice, nativeModuleTrouble } from "./process/start-notice.ts";
import { unknownVariables } from "./process/unknown-variables.ts";
import { StorageError } from "./storage/storage-error.ts";
import { HOUR_MS } from "./valuation/calendar.ts";
import type { AddressLimitOptions } from "./web/address-limit.ts";
import { apiRoutes } from "./web/api.ts";
import { createClientAddress, createProxyCheck } from "./web/client-address.ts";
import { createReadiness, healthRoutes, pricesTrouble, storageReadiness } from "./web/health.ts";
import type { HttpBot } from "./web/http-bot.ts";
import { browserUrl, type ListenOptions, portTrouble, type WebServer } from "./web/listen.ts";
import type { PrometheusMetrics } from "./web/metrics.ts";
import type { Pages } from "./web/pages/pages.ts";
import { type SiteOptions, startSite } from "./web/site.ts";
import { type OpenedAnswering, openAnswering, openServices } from "./wiring.ts";

/**
 * How long replies in flight may take after SIGTERM, in milliseconds; closing connections may need
 * 4 s more, and container runtimes kill after 10 s.
 */
const DRAIN_MS = 5_500;
/**
 * How long web requests in flight may take at shutdown, in milliseconds: an interaction gets its
 * first response within 1.5 s; a probe is soon repeated.
 */
const REQUESTS_END_WITHIN_MS = 3_000;
const PROBES_END_WITHIN_MS = 300;
/**
 * A load balancer keeps connections open, and may be sending a request over one of them: for this
 * long it still gets a response, which tells it to close that connection.
 */
const LAST_REQUEST_WITHIN_MS = 1_000;

const USAGE = `Usage: npm start

Starts the bot, or the playground at http://127.0.0.1:${DEFAULT_PORT} where no DISCORD_TOKEN and no DISCORD_PUBLIC_KEY is set. All settings are
environment variables or lines of a file named .env: README.md (Configuration) has the list.

  --help     this text
  --version  the version

Exit codes: 0 stopped when asked to, 1 could not start or go on, 2 bad usage.`;
entryArguments(process.argv.slice(2), { usage: USAGE, names: [] });

/**
 * Set by npm for the scripts of package.json (docs.npmjs.com/cli/v11/using-npm/scripts, 2026-11).
 */
const isUnderNpm = process.env["npm_lifecycle_event"] !== undefined;

const environment = readEnvironment();
const notice = createStartNotice({
  isTerminal: process.stderr.isTTY,
  logLevel: environment["LOG_LEVEL"],
  write: (text) => process.stderr.write(text),
});
if (process.listenerCount("warning") > 0) {
  // Node's own listener writes plain text.
  process.removeAllListeners("warning");
  process.on("warning", ({ name, message }) =>
    notice.warn(`Node warns: ${message}`, { warning: name }),
  );
}
for (const { name, meant } of unknownVariables(Object.keys(environment), VARIABLES)) {
  notice.warn(`${name} is set, but the bot reads no such variable: did you mean ${meant}?`, {
    variable: name,
  });
}
const configured = readConfig(environment);
if (!configured.ok) {
  const { problems } = configured;
  notice.refuse(
    problems,
    `The configuration has ${problems.length === 1 ? "a problem" : "problems"}`,
  );
  process.exit(1);
}
const { config } = configured;
const mode = modeOf(config);
await setUpNetwork(config.proxies);
if (mode === "playground") await play(config);
else if (mode === "site") await serveSite(config);
else await serve(config, mode);

/**
 * Runs the playground until a signal. Its output is for people, so only errors are logged unless
 * LOG_LEVEL says otherwise.
 */
async function play(config: Config): Promise<void> {
  if (config.publicUrl !== undefined) {
    notice.warn(
      "PUBLIC_URL is set, but this is the playground, which has no public pages: set ROLE=site for pages without Discord, or DISCORD_TOKEN",
    );
  }
  const log = createLog({
    level: environment["LOG_LEVEL"] ? config.logLevel : "error",
    secrets: secretsOf(config),
  });
  const { startPlayground } = await import("./playground/start.ts");
  await startPlayground({
    config,
    commands,
    log,
    lifetime: createLifetime(log, { isUnderNpm }),
    now: () => new Date(),
    say: (text) => process.stdout.write(text),
    complain: (text) => notice.refuse([text.trimEnd()]),
  }).catch(refuseToStart);
}

/** Runs the bot until a signal. Everything is opened here, in order, and closed in reverse. */
async function serve(config: Config, mode: "http" | "gateway" | "worker"): Promise<void> {
  const log = createLog({ level: config.logLevel, secrets: secretsOf(config) });
  const lifetime = createLifetime(log, { isUnderNpm });
  const now = () => new Date();

  // Loaded here, because the playground does not need it.
  const { createPrometheusMetrics, metricsRoutes } = await import("./web/metrics.ts");
  const metrics = createPrometheusMetrics();
  const opened = await openServices({ config, log, now, metrics }).catch(refuseToStart);
  const { services, market, guilds, digests, shared } = opened;
  metrics.watch(market.health);
  const zones = zoneDataStatus(now());
  metrics.watchZoneData(zones.version, () => zoneDataStatus(now()).ageDays);
  lifetime.atEnd(opened.close, "the database and the cache");
  warnAtStart(config, zones, log);
  // Known before the first question costs anything; asked in the background, because prices do not
  // depend on it.
  void adviseOnKey(market, log);
  const hourly = setInterval(() => void opened.upkeep(), HOUR_MS);
  lifetime.atEnd(() => clearInterval(hourly));

  guilds.start();
  lifetime.atEnd(guilds.stop, "the list of servers");
  const dispatch = createDispatch({
    commands,
    services,
    log,
    metrics,
    limits: createCallLimits(createCallCounters(shared)),
    onServerCall: guilds.asked,
  });
  const discord = { config, mode, dispatch, guilds, digests, shared, log, lifetime };
  const { bot, routes } = await startBot(discord);
  if (bot !== undefined) lifetime.atEnd(bot.stop, "the connection to Discord");
  const posting = config.role === "web" ? undefined : await digests?.startPosting();
  lifetime.atEnd(
    async () => {
      dispatch.stopIntake();
      const [isDrained] = await Promise.all([dispatch.drained(DRAIN_MS), posting?.stop(DRAIN_MS)]);
      if (!isDrained) log.warn({}, "some replies did not get out in time");
    },
    () => unfinished(dispatch.inFlight(), posting !== undefined),
  );

  const site = await startWeb({
    ...{ config, mode, opened, bot, interactions: routes, metrics, log, lifetime },
    metricsRoutes: metricsRoutes(metrics),
    dependsOn: {
      // A database that cannot be opened ends the start, so settings are in memory by now.
      storage: { trouble: storageReadiness(opened.storageTrouble, log) },
      ...(opened.botRest !== undefined && { token: { trouble: opened.botRest.trouble } }),
    },
  });
  // Health checks work long before Discord responds.
  if (bot?.gateway !== undefined && site !== undefined)
    log.info({ address: site.url }, "Health can be asked for; Discord is being logged in to");
  await bot?.started;
  log.info(
    {
      plan: planOf(config),
      cache: opened.cacheWhere,
      storage: opened.storageWhere,
      zones: `${zones.version} (${zones.from})`,
      coins: market.coins.size(),
      commands: commands.map(({ name }) => name),
      ...(site !== undefined && { address: site.url }),
      ...(config.publicUrl !== undefined && { pages: config.publicUrl }),
    },
    {
      gateway: "ready: listening on Discord",
      http: `ready: listening on ${site?.url}`,
      worker: "ready: posting digests",
    }[mode],
  );
}

// Only declarations from here on: they are called while the code above still waits for the first
// login.

/** Warns about problems that do not prevent the start. */
function warnAtStart(config: Config, zones: ReturnType<typeof zoneDataStatus>, log: Log): void {
  if (zones.isOld) {
    log.warn(
      { zoneData: zones },
      "The time zone data is over 400 days old: update the bot, or digests come an hour off where clocks have changed since",
    );
  }
  if (config.redisUrl !== undefined && config.databaseUrl === undefined) {
    log.warn(
      {},
      "REDIS_URL is set without DATABASE_URL: only one process may run like this, because each keeps a digest ledger of its own",
    );
  }
}

/** Serves the web pages and the JSON API without Discord, until a signal. */
async function serveSite(config: Config): Promise<void> {
  const log = createLog({ level: config.logLevel, secrets: secretsOf(config) });
  const lifetime = createLifetime(log, { isUnderNpm });
  const { createPrometheusMetrics, metricsRoutes } = await import("./web/metrics.ts");
  const metrics = createPrometheusMetrics();
  const now = () => new Date();
  const opened = await openAnswering({ config, log, now, metrics }).catch(refuseToStart);
  metrics.watch(opened.market.health);
  lifetime.atEnd(opened.close, "the cache");
  void adviseOnKey(opened.market, log);
  const hourly = setInterval(() => void opened.upkeep(), HOUR_MS);
  lifetime.atEnd(() => clearInterval(hourly));
  const site = await startWeb({
    ...{ config, mode: "site", opened, metrics, log, lifetime },
    metricsRoutes: metricsRoutes(metrics),
  });
  log.info(
    {
      plan: planOf(config),
      cache: opened.cacheWhere,
      coins: opened.market.coins.size(),
      address: site?.url,
      pages: config.publicUrl ?? browserUrl(site?.url ?? ""),
    },
    `ready: listening on ${site?.url}`,
  );
}

function planOf({ demo, coingeckoPlan }: Config): string {
  return demo ? "demo market" : coingeckoPlan;
}

/**
 * Serves health, metrics, the JSON API, and Discord's interactions over HTTP; undefined if no port
 * is configured.
 */
async function startWeb(options: {
  config: Config;
  mode: Exclude<Mode, "playground">;
  opened: OpenedAnswering;
  bot?: RunningBot | undefined;
  /** The route that Discord calls. */
  interactions?: HttpBot["routes"] | undefined;
  /** What this mode depends on besides prices and its transport. */
  dependsOn?: Parameters<typeof createReadiness>[0];
  metrics: PrometheusMetrics;
  metricsRoutes: SiteOptions["parts"][number];
  log: Log;
  lifetime: Lifetime;
}): Promise<WebServer | undefined> {
  const { config, mode, opened, bot, interactions, metrics, log, lifetime } = options;
  const { services, market, shared } = opened;
  const readiness = createReadiness({
    ...options.dependsOn,
    prices: { trouble: () => pricesTrouble(market) },
    ...(bot?.commands !== undefined && { commands: { trouble: () => commandsTrouble(bot) } }),
    transport: { trouble: () => transportTrouble(bot, lifetime), isVital: true },
  });
  metrics.watchReadiness(readiness);
  if (bot?.gateway !== undefined) metrics.watchGateway(bot.gateway);
  if (bot?.commands !== undefined) metrics.watchCommands(bot.commands.isDone);
  const parts = [healthRoutes(readiness, bot?.gateway?.lostForMs)];
  if (config.metricsPort === undefined) parts.push(options.metricsRoutes);
  if (interactions !== undefined) parts.push(interactions);
  const limit = { clientAddress: createClientAddress(config.trustedProxies), shared };
  const { corsOrigins, publicUrl } = config;
  parts.push(apiRoutes({ services, corsOrigins, publicUrl, limit }));
  if (config.metricsPort !== undefined) {
    const at = { ...listening(config, config.metricsPort), log, parts: [options.metricsRoutes] };
    const metricsSite = await openSite(at, "METRICS_PORT");
    lifetime.atEnd(() => metricsSite.close(PROBES_END_WITHIN_MS));
    log.info({ metrics: metricsSite.url }, "Metrics have a port of their own");
  }
  const port = portOf(config, mode);
  if (port === undefined) return undefined;
  const listensAt = { url: "" };
  const pages = await openPages({ config, mode, services, limit, bot, listensAt, log });
  if (pages !== undefined) parts.push(pages.routes);
  const served = { log, parts, metrics, notFoundPage: pages?.notFound };
  const site = await openSite({ ...listening(config, port), ...served }, "PORT");
  listensAt.url = browserUrl(site.url);
  // Until it has closed, requests over open connections still get responses.
  const closing: Parameters<WebServer["close"]> =
    mode === "http" || mode === "site"
      ? [REQUESTS_END_WITHIN_MS, LAST_REQUEST_WITHIN_MS]
      : [REQUESTS_END_WITHIN_MS];
  lifetime.atEnd(() => site.close(...closing), "requests at the web port");
  return site;
}

/**
 * Opens the web pages where the configuration has them. `listensAt` is filled in before the first
 * request, and stands in for PUBLIC_URL.
 */
async function openPages(options: {
  config: Config;
  mode: Mode;
  services: OpenedAnswering["services"];
  limit: AddressLimitOptions;
  bot: RunningBot | undefined;
  listensAt: { readonly url: string };
  log: Log;
}): Promise<Pages | undefined> {
  const { config, mode, services, limit, bot, listensAt, log } = options;
  const { publicUrl, discordApplicationId } = config;
  const hasPages = mode === "site" || (publicUrl !== undefined && mode !== "worker");
  if (!hasPages) return undefined;
  if (publicUrl === undefined)
    log.warn(
      {},
      "PUBLIC_URL is not set: the pages link to the address that this program listens on",
    );
  const { openSiteKey } = await import("./web/pages/site-key.ts");
  const { webPages } = await import("./web/pages/pages.ts");
  return webPages({
    services,
    key: await openSiteKey(config, log),
    limit,
    isDemo: config.demo,
    publicUrl: () => publicUrl ?? listensAt.url,
    applicationId: () => bot?.applicationId() ?? discordApplicationId,
  });
}

/** A gateway bot opens a port only where one is named, or for the web pages. */
function portOf({ port, publicUrl }: Config, mode: Mode): number | undefined {
  const isServer = mode === "http" || mode === "site";
  const hasPages = mode === "gateway" && publicUrl !== undefined;
  return port ?? (isServer || hasPages ? DEFAULT_PORT : undefined);
}

function commandsTrouble(bot: RunningBot): string | undefined {
  return bot.commands?.isDone() === false ? "Discord does not have the commands yet" : undefined;
}

function transportTrouble(bot: RunningBot | undefined, lifetime: Lifetime): string | undefined {
  if (lifetime.isEnding) return "stopping";
  return bot?.isReachable() === false ? "not connected to Discord" : undefined;
}

type Started = { readonly bot?: RunningBot; readonly routes?: HttpBot["routes"] };

/**
 * Starts the mode's transport, loading only that: discord.js takes most of this program's memory,
 * and HTTP does not need it. Discord ends the process only by refusing the token at the start, or
 * by a long outage if so configured.
 */
async function startBot(options: {
  config: Config;
  mode: Mode;
  dispatch: Dispatch;
  guilds: GuildPresence;
  digests: Digests | undefined;
  shared: RedisPart | undefined;
  log: Log;
  lifetime: Lifetime;
}): Promise<Started> {
  const { config, mode, dispatch, guilds, digests, shared, log, lifetime } = options;
  if (mode === "http" && config.discordPublicKey !== undefined) {
    const { startHttpBot } = await import("./web/http-bot.ts");
    const bot = startHttpBot({
      config,
      publicKey: config.discordPublicKey,
      commands,
      dispatch,
      shared,
      log,
    });
    return { bot, routes: bot.routes };
  }
  if (mode !== "gateway" || config.discordToken === undefined) return {};
  const { startGatewayBot } = await import("./discord/gateway-bot.ts");
  const onLost = () =>
    lifetime.end(
      "there has been no connection to Discord for a quarter of an hour (EXIT_WHEN_LOST)",
      1,
    );
  const bot = startGatewayBot({
    config,
    token: config.discordToken,
    commands,
    dispatch,
    guilds,
    permissionsChanged: digests?.permissionsChanged,
    log,
    ...(config.exitWhenLost && { onLost }),
  });
  // The start continues meanwhile; a refused token has already been logged.
  const started = bot.started.catch(() => {
    lifetime.end("Discord refuses DISCORD_TOKEN", 1);
    return new Promise<never>(() => {});
  });
  return { bot: { ...bot, started } };
}

/**
 * Describes the replies and digests in flight, for the log of a process that had to abandon them.
 */
function unfinished(replies: number, isPosting: boolean): string {
  return [
    `${replies} ${replies === 1 ? "reply" : "replies"}`,
    ...(isPosting ? ["digests on their way"] : []),
  ].join(" and ");
}

/** Says why and exits: a bot without its servers' settings would give wrong answers. */
function refuseToStart(error: unknown): never {
  const sentence = error instanceof StorageError ? error.starting : nativeModuleTrouble(error);
  if (sentence === undefined) throw error;
  notice.refuse([sentence]);
  process.exit(1);
}

function listening(config: Config, port: number): ListenOptions {
  const { host, maxConnections, trustedProxies } = config;
  return { host, port, maxConnections, isProxy: createProxyCheck(trustedProxies) };
}

/** Opens the site, or says why it cannot and exits: a process that cannot be reached is useless. */
async function openSite(
  options: SiteOptions,
  variable: "PORT" | "METRICS_PORT",
): Promise<WebServer> {
  return startSite(options).catch((error: unknown) => {
    notice.refuse([portTrouble(error, { ...options, variable })]);
    process.exit(1);
  });
}

async function adviseOnKey(market: Market, log: Log): Promise<void> {
  const advice = await market.checkKey({ priority: "background" });
  if (advice !== undefined) log.warn({ source: "CoinGecko" }, advice);
}
