import { commands } from "../commands/index.ts";
import { type Config, readConfig } from "./config.ts";
import { createDispatch } from "./discord/dispatch.ts";
import { startGateway } from "./discord/gateway.ts";
import { registerCommands } from "./discord/register.ts";
import { readEnvironment } from "./environment.ts";
import { createLog, type Log } from "./log.ts";
import type { Market } from "./prices/market.ts";
import { openServices } from "./wiring.ts";

const HOUR_MS = 3_600_000;
/** How long replies in flight get to go out after SIGTERM, in milliseconds; the gateway may need 4 s more, and container runtimes kill after 10 s. */
const DRAIN_MS = 5_500;

const WITHOUT_TOKEN = `Dude, Where's My Lambo is ready, and needs a Discord bot to speak through.

  1. Make an application at https://discord.com/developers/applications and open its "Bot" page.
  2. Press "Reset Token", copy the token, and put it into a file named .env in this folder:
       DISCORD_TOKEN=the token
  3. Run npm start again. README.md has the whole set-up, with the invite link.

To try it without Discord:
  npm run -s lambo -- dogecoin 1000           real prices
  npm run -s lambo -- dogecoin 1000 --demo    invented prices, no network`;

const configured = readConfig(readEnvironment());
if (!configured.ok) {
  process.stderr.write(`The configuration has ${configured.problems.length === 1 ? "a problem" : "problems"}:\n`);
  for (const problem of configured.problems) process.stderr.write(`  - ${problem}\n`);
  process.exit(1);
}
const { config } = configured;
if (config.discordToken === undefined) {
  process.stdout.write(`${WITHOUT_TOKEN}\n`);
} else {
  await serve(config, config.discordToken);
}

async function serve(configuration: Config, token: string): Promise<void> {
  const log = createLog({ level: configuration.logLevel, secrets: [token, configuration.coingeckoApiKey ?? ""] });
  const now = () => new Date();
  let stopping = false;

  const end = (error: unknown) => {
    log.error({ stack: stackOf(error) }, "the program came upon an error that nothing caught, and ends");
    process.exit(1);
  };
  process.on("uncaughtException", end);
  process.on("unhandledRejection", end);

  const { services, market, cacheWhere, upkeep, close } = await openServices({ config: configuration, log, now });
  const dispatch = createDispatch({ commands, services, log });

  // Known before the first question costs anything; asked in the background, because prices do not depend on it.
  void adviseOnKey(market, log);
  const hourly = setInterval(() => void upkeep(), HOUR_MS);

  const stop = async (signal: string): Promise<void> => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ signal }, "stopping: no new questions, replies in flight go out");
    clearInterval(hourly);
    dispatch.stopIntake();
    if (!(await dispatch.drained(DRAIN_MS))) log.warn({}, "some replies did not get out in time");
    await gateway?.stop();
    await close();
    process.exit(0);
  };
  process.on("SIGTERM", (signal) => void stop(signal));
  process.on("SIGINT", (signal) => void stop(signal));

  let gateway: Awaited<ReturnType<typeof startGateway>> | undefined;
  try {
    gateway = await startGateway({
      token,
      apiUrl: configuration.discordApiUrl,
      commands,
      dispatch,
      log,
      onLost: () => process.exit(1),
    });
  } catch {
    // The gateway has said why, in one sentence.
    if (stopping) return;
    process.exit(1);
  }
  try {
    await registerCommands({ rest: gateway.rest, applicationId: gateway.applicationId, commands, log });
  } catch (error) {
    // Discord still has the commands of the last start, and they can be answered.
    log.error({ stack: stackOf(error) }, "the commands could not be registered: starting again tries again");
  }
  log.info(
    {
      plan: configuration.demo ? "demo market" : configuration.coingeckoPlan,
      cache: cacheWhere,
      coins: market.coins.size(),
      commands: commands.map(({ name }) => name),
    },
    "ready: listening on Discord",
  );
}

/** An error without its fields: those of a REST error hold the whole request. */
function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function adviseOnKey(market: Market, log: Log): Promise<void> {
  const advice = await market.checkKey({ priority: "background" });
  if (advice !== undefined) log.warn({ source: "CoinGecko" }, advice);
}
