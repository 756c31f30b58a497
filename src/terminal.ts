import { writeFile } from "node:fs/promises";
import { refusalText } from "./cards/refusal.ts";
import { readConfig, secretsOf } from "./config.ts";
import { catalogueProblems, ENGLISH, say } from "./messages/say.ts";
import { openFetchCache } from "./prices/cache/fetch-cache.ts";
import { createMarket } from "./prices/market.ts";
import { programVersion } from "./process/entry-arguments.ts";
import { readEnvironment } from "./process/environment.ts";
import { errorText } from "./process/errors.ts";
import { createLog } from "./process/log.ts";
import { setUpNetwork } from "./process/network.ts";
import { nativeModuleTrouble } from "./process/start-notice.ts";
import { createToolOutput } from "./process/tool-output.ts";
import { USUAL_PURCHASE } from "./questions/purchase.ts";
import type { Refusal } from "./questions/refusal.ts";
import { readArguments, type TerminalArguments } from "./terminal/arguments.ts";
import { terminalLocale } from "./terminal/locale.ts";
import type { ShownAnswer } from "./terminal/subcommand.ts";
import { OWN_OPTIONS, questionOf } from "./terminal/subcommands.ts";
import { US_DOLLARS } from "./valuation/currency.ts";
import { AVERAGE_LAMBO, LAMBO_MODELS } from "./valuation/lambo-models.ts";

/** Exit codes, by which shells and scripts tell refusals from outages. */
const EXIT = { answered: 0, usage: 2, refused: 3, unavailable: 4 } as const;

const environment = readEnvironment();
const { say: print, complain, writeLog } = createToolOutput(environment["LOG_LEVEL"]);
/**
 * Rejects with an error that nobody expected. Exits explicitly, so that a page of the coin list
 * that is still being fetched does not delay the exit.
 */
export const finished = run(process.argv.slice(2))
  .catch(withoutNativeCode)
  .then((code) => process.exit(code));

/** Compiled modules that cannot be loaded get their sentence; any other error is thrown again. */
function withoutNativeCode(error: unknown): number {
  const trouble = nativeModuleTrouble(error);
  if (trouble === undefined) throw error;
  return complain(trouble, EXIT.unavailable);
}

function usage(locale: string): string {
  return say(locale, "terminal.usage", {
    stake: String(USUAL_PURCHASE.stake),
    currency: US_DOLLARS.code,
    cars: LAMBO_MODELS.map(({ key }) => key).join(", "),
    car: AVERAGE_LAMBO.key,
  });
}

async function run(argv: readonly string[]): Promise<number> {
  const spoken = terminalLocale(argv, environment);
  const { locale } = spoken;
  for (const problem of catalogueProblems(locale))
    process.stderr.write(`${problem}: English stands in for it\n`);
  const badUsage = (why: string) => complain(`${why}\n\n${usage(locale)}`, EXIT.usage);
  if (!spoken.ok) return badUsage(spoken.why);
  const read = readArguments(argv, OWN_OPTIONS, spoken);
  if (!read.ok) return badUsage(read.why);
  const { given } = read;
  if (given === "help") return print(usage(locale), EXIT.answered);
  if (given === "version") return print(programVersion(), EXIT.answered);

  const question = questionOf(given);
  if (!question.ok && "why" in question) return badUsage(question.why);
  const configured = readConfig({ ...environment, ...(given.demo && { DEMO: "1" }) });
  if (!configured.ok) return complain(configured.problems.join("\n"), EXIT.usage);
  const { config } = configured;
  if (!question.ok) return refuse(question.refusal, given, EXIT.usage);

  await setUpNetwork(config.proxies);
  const now = () => new Date();
  const log = createLog({
    // A person at a terminal wants to know what went wrong with the prices, not every step.
    level: environment["LOG_LEVEL"] ? config.logLevel : "error",
    secrets: secretsOf(config),
    write: writeLog,
  });
  const cache = await openFetchCache({ dataDir: config.dataDir, log, now });
  const market = createMarket({ config, cache, log, now });
  const outcome = await question.ask({ ...market, now }, { priority: "interactive" });
  await cache.close();
  if (!outcome.ok) return refuse(outcome.refusal, given, exitCodeOf(outcome.refusal));

  const { shown } = outcome;
  if (given.png !== undefined) {
    const problem = await writePicture(given.png, shown, locale);
    if (problem !== undefined) return complain(problem, EXIT.usage);
  }
  return print(given.json ? JSON.stringify(shown.json()) : shown.text(), EXIT.answered);
}

function exitCodeOf(refusal: Refusal): number {
  switch (refusal.reason) {
    case "prices-unavailable":
    case "no-rate":
      return EXIT.unavailable;
    case "invalid-amount":
    case "invalid-bought":
    case "unknown-car":
    case "too-many-coins":
      return EXIT.usage;
    case "too-few-coins": {
      const codes = refusal.refusals.map(exitCodeOf);
      return codes.includes(EXIT.unavailable) ? EXIT.unavailable : (codes[0] ?? EXIT.usage);
    }
    default:
      return EXIT.refused;
  }
}

/** Draws the picture and writes it to a file; returns a sentence if that fails. */
async function writePicture(
  file: string,
  shown: ShownAnswer,
  locale: string,
): Promise<string | undefined> {
  // Loaded late: an answer without a picture is there 15 % sooner.
  const { createPictureMaker } = await import("./pictures/picture-maker.ts");
  const { png } = await shown.picture(createPictureMaker());
  try {
    await writeFile(file, png);
    return undefined;
  } catch (error) {
    return say(locale, "terminal.picture-not-written", { file, problem: errorText(error) });
  }
}

function refuse(
  refusal: Refusal,
  { json, locale }: Pick<TerminalArguments, "json" | "locale">,
  exitCode: number,
): number {
  const message = refusalText(refusal, { locale: json ? ENGLISH : locale });
  return json
    ? print(JSON.stringify({ reason: refusal.reason, message }), exitCode)
    : complain(message, exitCode);
}
