import { commands } from "../commands/index.ts";
import { type Config, DEFAULT_PORT, type Mode, modeOf, readConfig, secretsOf } from "./config.ts";
import type { Bot } from "./discord/bot.ts";
import { createCallCounters, createCommandLimits } from "./discord/command-limits.ts";
import { createDispatch, type Dispatch } from "./discord/dispatch.ts";
import type { GuildPresence } from "./discord/guild-presence.ts";
import type { HttpBot } from "./discord/http-bot.ts";
import { readEnvironment } from "./environment.ts";
import { createLifetime, type Lifetime } from "./lifetime.ts";
import { createLog, type Log } from "./log.ts";
import type { Market } from "./prices/market.ts";
import type { RedisPart } from "./redis.ts";
import { StorageError } from "./storage/storage-error.ts";
import { apiRoutes } from "./web/api.ts";
import { createClientAddress } from "./web/client-address.ts";
import { createReadiness, healthRoutes, pricesTrouble, storageReadiness } from "./web/health.ts";
import { portTrouble, type WebServer } from "./web/listen.ts";
import { type SiteOptions, startSite } from "./web/site.ts";
import { openServices } from "./wiring.ts";

const HOUR_MS = 3_600_000;
/** How long replies in flight get to go out after SIGTERM, in milliseconds; connections may need 4 s more, and container runtimes kill after 10 s. */
const DRAIN_MS = 5_500;
/** How long web requests in flight get at the end, in milliseconds: an interaction is answered or deferred within 1.5 s, a probe is soon repeated. */
const ANSWERS_OUT_WITHIN_MS = 3_000;
const PROBES_OUT_WITHIN_MS = 300;
/** A load balancer keeps connections, and may be sending a request down one of them: for this long it gets an answer, and is told to keep that one no more. */
const LAST_REQUEST_WITHIN_MS = 1_000;

const environment = readEnvironment();
const configured = readConfig(environment);
if (!configured.ok) {
  process.stderr.write(`The configuration has ${configured.problems.length === 1 ? "a problem" : "problems"}:\n`);
  for (const problem of configured.problems) process.stderr.write(`  - ${problem}\n`);
  process.exit(1);
}
const { config } = configured;
const mode = modeOf(config);
if (mode === "playground") await play(config);
else await serve(config, mode);

/** Serves the playground until it is told to stop. People read its lines, so the log tells only what went wrong, unless it is asked for more. */
async function play(config: Config): Promise<void> {
  const log = createLog({ level: environment["LOG_LEVEL"] ? config.logLevel : "error", secrets: secretsOf(config) });
  const { startPlayground } = await import("./web/playground.ts");
  await startPlayground({
    config,
    commands,
    log,
    lifetime: createLifetime(log),
    now: () => new Date(),
    say: (text) => process.stdout.write(text),
    complain: (text) => process.stderr.write(text),
  }).catch(refuseToStart);
}

/** Runs the bot until it is told to stop. Everything is opened here, in order, and closed in the opposite one. */
async function serve(config: Config, mode: Exclude<Mode, "playground">): Promise<void> {
  const log = createLog({ level: config.logLevel, secrets: secretsOf(config) });
  const lifetime = createLifetime(log);
  const now = () => new Date();

  // The playground does without these.
  const { createPrometheusMetrics, metricsRoutes } = await import("./web/metrics.ts");
  const metrics = createPrometheusMetrics();
  const { services, market, botRest, guilds, digests, shared, cacheWhere, storageWhere, storageTrouble, upkeep, close } =
    await openServices({
      config,
      log,
      now,
      metrics,
    }).catch(refuseToStart);
  metrics.watch(market.health);
  lifetime.atEnd(close);
  if (config.redisUrl !== undefined && config.databaseUrl === undefined) {
    log.warn(
      {},
      "REDIS_URL is set without DATABASE_URL: only one process may run like this, because each keeps a digest ledger of its own",
    );
  }
  // Known before the first question costs anything; asked in the background, because prices do not depend on it.
  void adviseOnKey(market, log);
  const hourly = setInterval(() => void upkeep(), HOUR_MS);
  lifetime.atEnd(() => clearInterval(hourly));

  guilds.start();
  lifetime.atEnd(guilds.stop);
  const dispatch = createDispatch({
    commands,
    services,
    log,
    metrics,
    limits: createCommandLimits(createCallCounters(shared)),
    askedIn: guilds.asked,
  });
  const { bot, routes } = await startBot({ config, mode, dispatch, guilds, shared, log, lifetime });
  if (bot !== undefined) lifetime.atEnd(bot.stop);
  const posting = config.role === "web" ? undefined : await digests?.startPosting();
  lifetime.atEnd(async () => {
    dispatch.stopIntake();
    const [isDrained] = await Promise.all([dispatch.drained(DRAIN_MS), posting?.stop(DRAIN_MS)]);
    if (!isDrained) log.warn({}, "some replies did not get out in time");
  });

  const readiness = createReadiness({
    // What servers chose is in memory before anything is served: a database that cannot be opened ends the start.
    storage: { trouble: storageReadiness(storageTrouble, log) },
    prices: { trouble: () => pricesTrouble(market) },
    ...(botRest !== undefined && { token: { trouble: botRest.trouble } }),
    ...(bot?.commands !== undefined && { commands: { trouble: () => commandsTrouble(bot) } }),
    transport: { trouble: () => transportTrouble(bot, lifetime), isVital: true },
  });
  metrics.watchReadiness(readiness);
  if (bot?.gateway !== undefined) metrics.watchGateway(bot.gateway);
  if (bot?.commands !== undefined) metrics.watchCommands(bot.commands.isDone);
  const parts = [healthRoutes(readiness, bot?.gateway?.lostForMs)];
  const metricsParts = [metricsRoutes(metrics)];
  if (config.metricsPort === undefined) parts.push(...metricsParts);
  if (routes !== undefined) {
    const limit = { clientAddress: createClientAddress(config.trustedProxies), shared };
    parts.push(routes, apiRoutes({ services, corsOrigins: config.corsOrigins, limit }));
  }
  const open = (port: number, options: Pick<SiteOptions, "parts" | "metrics">, variable: "PORT" | "METRICS_PORT") =>
    openSite({ host: config.host, port, log, ...options }, variable);
  if (config.metricsPort !== undefined) {
    const metricsSite = await open(config.metricsPort, { parts: metricsParts }, "METRICS_PORT");
    lifetime.atEnd(() => metricsSite.close(PROBES_OUT_WITHIN_MS));
    log.info({ metrics: metricsSite.url }, "Metrics have a port of their own");
  }
  const port = config.port ?? (mode === "http" ? DEFAULT_PORT : undefined);
  const site = port === undefined ? undefined : await open(port, { parts, metrics }, "PORT");
  // Until it has closed, requests that come over open connections are answered.
  const closing: Parameters<WebServer["close"]> =
    mode === "http" ? [ANSWERS_OUT_WITHIN_MS, LAST_REQUEST_WITHIN_MS] : [PROBES_OUT_WITHIN_MS];
  if (site !== undefined) lifetime.atEnd(() => site.close(...closing));

  // Whoever runs it can see how it does long before Discord answers.
  if (bot?.gateway !== undefined && site !== undefined)
    log.info({ address: site.url }, "Health can be asked for; Discord is being logged in to");
  await bot?.started;
  log.info(
    {
      plan: config.demo ? "demo market" : config.coingeckoPlan,
      cache: cacheWhere,
      storage: storageWhere,
      coins: market.coins.size(),
      commands: commands.map(({ name }) => name),
      ...(site !== undefined && { address: site.url }),
    },
    { gateway: "ready: listening on Discord", http: `ready: listening on ${site?.url}`, worker: "ready: posting digests" }[mode],
  );
}

// Declarations: these are called while the program above still waits for the first login.
function commandsTrouble(bot: Bot): string | undefined {
  return bot.commands?.isDone() === false ? "Discord does not have the commands yet" : undefined;
}

function transportTrouble(bot: Bot | undefined, lifetime: Lifetime): string | undefined {
  if (lifetime.isEnding) return "stopping";
  return bot?.isReachable() === false ? "not connected to Discord" : undefined;
}

type Started = { readonly bot?: Bot; readonly routes?: HttpBot["routes"] };

/**
 * Starts the transport of the mode, loading only that: discord.js is most of this program's memory, and HTTP does without it. Nothing that
 * Discord does ends the process, except a token that it refuses at the start, and a long loss where the configuration says so.
 */
async function startBot(options: {
  config: Config;
  mode: Mode;
  dispatch: Dispatch;
  guilds: GuildPresence;
  shared: RedisPart | undefined;
  log: Log;
  lifetime: Lifetime;
}): Promise<Started> {
  const { config, mode, dispatch, guilds, shared, log, lifetime } = options;
  if (mode === "http" && config.discordPublicKey !== undefined) {
    const { startHttpBot } = await import("./discord/http-bot.ts");
    const bot = startHttpBot({ config, publicKey: config.discordPublicKey, commands, dispatch, shared, log });
    return { bot, routes: bot.routes };
  }
  if (mode !== "gateway" || config.discordToken === undefined) return {};
  const { startGatewayBot } = await import("./discord/gateway-bot.ts");
  const onLost = () => lifetime.end("there has been no connection to Discord for a quarter of an hour (EXIT_WHEN_LOST)", 1);
  const bot = startGatewayBot({
    config,
    token: config.discordToken,
    commands,
    dispatch,
    guilds,
    log,
    ...(config.exitWhenLost && { onLost }),
  });
  // The start goes on meanwhile; a token that is refused has been told in one sentence.
  const started = bot.started.catch(() => {
    lifetime.end("Discord refuses DISCORD_TOKEN", 1);
    return new Promise<never>(() => {});
  });
  return { bot: { ...bot, started } };
}

/** A bot that cannot keep what servers choose would answer wrongly and forget: it says why and ends. */
function refuseToStart(error: unknown): never {
  if (!(error instanceof StorageError)) throw error;
  process.stderr.write(`${error.starting}\n`);
  process.exit(1);
}

/** Somebody wants this process to be reached at its address: it ends when it cannot be, and says why. */
async function openSite(options: SiteOptions, variable: "PORT" | "METRICS_PORT"): Promise<WebServer> {
  return startSite(options).catch((error: unknown) => {
    process.stderr.write(`${portTrouble(error, { ...options, variable })}\n`);
    process.exit(1);
  });
}

async function adviseOnKey(market: Market, log: Log): Promise<void> {
  const advice = await market.checkKey({ priority: "background" });
  if (advice !== undefined) log.warn({ source: "CoinGecko" }, advice);
}
