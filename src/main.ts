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
import { createCallLimits } from "./discord/call-limits.ts";
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
import { storageReadiness } from "./web/health.ts";
import type { HttpBot } from "./web/http-bot.ts";
import { browserUrl } from "./web/listen.ts";
import { type OpenedAnswering, openAnswering, openServices } from "./wiring.ts";

/**
 * How long replies in flight may take after SIGTERM, in milliseconds; closing connections may need
 * 4 s more, and container runtimes kill after 10 s.
 */
const DRAIN_MS = 5_500;

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

  const { createPrometheusMetrics, openPorts } = await loadWeb();
  const metrics = createPrometheusMetrics();
  const opened = await openServices({ config, log, now, metrics }).catch(refuseToStart);
  const { services, market, guilds, digests, shared } = opened;
  metrics.watch(market.health);
  const zones = zoneDataStatus(now());
  metrics.watchZoneData(zones.version, () => zoneDataStatus(now()).ageDays);
  lifetime.atEnd(opened.close, "the database and the cache");
  warnAtStart(config, zones, log);
  keepUp(opened, log, lifetime);

  guilds.start();
  lifetime.atEnd(guilds.stop, "the list of servers");
  const dispatch = createDispatch({
    commands,
    services,
    log,
    metrics,
    limits: createCallLimits(shared),
    onServerCall: guilds.asked,
  });
  const discord = { config, mode, dispatch, guilds, digests, shared, log, lifetime };
  const { bot, interactions } = await startBot(discord);
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

  const site = await openPorts({
    ...{ config, mode, services, market, shared, bot, interactions },
    ...{ metrics, log, lifetime, refuse },
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
  const { createPrometheusMetrics, openPorts } = await loadWeb();
  const metrics = createPrometheusMetrics();
  const now = () => new Date();
  const opened = await openAnswering({ config, log, now, metrics }).catch(refuseToStart);
  const { services, market, shared } = opened;
  metrics.watch(market.health);
  lifetime.atEnd(opened.close, "the cache");
  keepUp(opened, log, lifetime);
  const site = await openPorts({
    ...{ config, mode: "site", services, market, shared },
    ...{ metrics, log, lifetime, refuse },
  });
  log.info(
    {
      plan: planOf(config),
      cache: opened.cacheWhere,
      coins: market.coins.size(),
      address: site?.url,
      pages: config.publicUrl ?? browserUrl(site?.url ?? ""),
    },
    `ready: listening on ${site?.url}`,
  );
}

/** What the playground does not need is loaded only here. */
async function loadWeb() {
  const { createPrometheusMetrics } = await import("./web/metrics.ts");
  const { openPorts } = await import("./web/ports.ts");
  return { createPrometheusMetrics, openPorts };
}

function planOf({ demo, coingeckoPlan }: Config): string {
  return demo ? "demo market" : coingeckoPlan;
}

type Started = { readonly bot?: RunningBot; readonly interactions?: HttpBot["interactions"] };

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
    return { bot, interactions: bot.interactions };
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
  return refuse(sentence);
}

/** Says why the program cannot start, and ends it. */
function refuse(sentence: string): never {
  notice.refuse([sentence]);
  process.exit(1);
}

/** What every process does beside answering, until it ends. */
function keepUp(
  { market, upkeep }: Pick<OpenedAnswering, "market" | "upkeep">,
  log: Log,
  lifetime: Lifetime,
): void {
  // Known before the first question costs anything; asked in the background, because prices do not
  // depend on it.
  void adviseOnKey(market, log);
  const hourly = setInterval(() => void upkeep(), HOUR_MS);
  lifetime.atEnd(() => clearInterval(hourly));
}

async function adviseOnKey(market: Market, log: Log): Promise<void> {
  const advice = await market.checkKey({ priority: "background" });
  if (advice !== undefined) log.warn({ source: "CoinGecko" }, advice);
}
