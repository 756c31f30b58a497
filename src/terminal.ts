import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { answerJson } from "./cards/answer-json.ts";
import { refusalText } from "./cards/refusal.ts";
import { textAnswer } from "./cards/text-answer.ts";
import { readConfig, secretsOf } from "./config.ts";
import { say } from "./messages/say.ts";
import { pictureSubject } from "./pictures/answer-subject.ts";
import { createPictureMaker } from "./pictures/picture-maker.ts";
import { openFetchCache } from "./prices/cache/fetch-cache.ts";
import { isCurrency } from "./prices/currencies.ts";
import { createMarket } from "./prices/market.ts";
import { programVersion } from "./process/entry-arguments.ts";
import { readEnvironment } from "./process/environment.ts";
import { errorText } from "./process/errors.ts";
import { createLog } from "./process/log.ts";
import { setUpNetwork } from "./process/network.ts";
import { createToolOutput } from "./process/tool-output.ts";
import { answerQuestion, type LamboAnswer } from "./questions/answer.ts";
import { typedPurchase, USUAL_PURCHASE } from "./questions/purchase.ts";
import type { Refusal } from "./questions/refusal.ts";
import { US_DOLLARS } from "./valuation/currency.ts";
import { AVERAGE_LAMBO, LAMBO_MODELS } from "./valuation/lambo-models.ts";

/** Exit codes, by which shells and scripts tell refusals from outages. */
const EXIT = { answered: 0, usage: 2, refused: 3, unavailable: 4 } as const;

const LOCALE = "en-US";

/**
 * Prefix for an argument that looks like a negative number, so that it is not parsed as an option.
 */
const NEGATIVE = "negative ";

type Arguments = {
  readonly coin: string;
  readonly amount: string | undefined;
  /** ISO 4217, in capitals. */
  readonly currency: string | undefined;
  readonly car: string;
  readonly json: boolean;
  readonly png: string | undefined;
  readonly demo: boolean;
};

const environment = readEnvironment();
const { say: print, complain } = createToolOutput(environment["LOG_LEVEL"]);
// Exits explicitly, so that a page of the coin list that is still being fetched does not delay the
// exit.
process.exit(await run(process.argv.slice(2)));

function usage(): string {
  return say("terminal.usage", {
    stake: String(USUAL_PURCHASE.stake),
    currency: US_DOLLARS.code,
    cars: LAMBO_MODELS.map(({ key }) => key).join(", "),
    car: AVERAGE_LAMBO.key,
  });
}

async function run(argv: readonly string[]): Promise<number> {
  const given = readArguments(argv);
  if (given === "help") return print(usage(), EXIT.answered);
  if (given === "version") return print(programVersion(), EXIT.answered);
  if (typeof given === "string") return complain(`${given}\n\n${usage()}`, EXIT.usage);

  const configured = readConfig({ ...environment, ...(given.demo && { DEMO: "1" }) });
  if (!configured.ok) return complain(configured.problems.join("\n"), EXIT.usage);
  const { config } = configured;

  const typed = typedPurchase({ ...given, carKey: given.car }, LOCALE);
  if (!typed.ok) return refuse(typed.refusal, given.json, EXIT.usage);

  await setUpNetwork(config.proxies);
  const now = () => new Date();
  const log = createLog({
    // A person at a terminal wants to know what went wrong with the prices, not every step.
    level: environment["LOG_LEVEL"] ? config.logLevel : "error",
    secrets: secretsOf(config),
  });
  const cache = await openFetchCache({ dataDir: config.dataDir, log, now });
  const market = createMarket({ config, cache, log, now });
  const outcome = await answerQuestion(
    { coin: { by: "text", text: given.coin }, ...typed.asked },
    { coins: market.coins, prices: market.prices, rates: market.rates, now },
    { priority: "interactive" },
  );
  await cache.close();
  if (!outcome.ok) return refuse(outcome.refusal, given.json, exitCodeOf(outcome.refusal.reason));

  const { answer } = outcome;
  if (given.png !== undefined) {
    const problem = await writePicture(given.png, answer);
    if (problem !== undefined) return complain(problem, EXIT.usage);
  }
  return print(
    given.json
      ? JSON.stringify(answerJson(answer))
      : textAnswer(answer, { locale: LOCALE, now: now() }),
    EXIT.answered,
  );
}

function readArguments(argv: readonly string[]): Arguments | string {
  // parseArgs would read "-5" as an option; it is an amount, though an invalid one.
  const args = argv.map((argument) =>
    /^-\.?\d/.test(argument) ? `${NEGATIVE}${argument}` : argument,
  );
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        currency: { type: "string" },
        car: { type: "string" },
        json: { type: "boolean" },
        png: { type: "string" },
        demo: { type: "boolean" },
        help: { type: "boolean", short: "h" },
        version: { type: "boolean" },
      },
    });
    if (values.help) return "help";
    if (values.version) return "version";
    const [coin, typedAmount, ...rest] = positionals;
    const amount = typedAmount?.replace(NEGATIVE, "");
    if (coin === undefined) return say("terminal.no-coin");
    if (rest.length > 0) return say("terminal.extra-argument", { argument: String(rest[0]) });
    const currency = values.currency?.toUpperCase();
    if (currency !== undefined && !isCurrency(currency))
      return say("terminal.unknown-currency", { typed: String(values.currency) });
    return {
      coin,
      amount,
      currency,
      car: values.car ?? AVERAGE_LAMBO.key,
      json: values.json ?? false,
      png: values.png,
      demo: values.demo ?? false,
    };
  } catch (error) {
    return errorText(error);
  }
}

function exitCodeOf(reason: Refusal["reason"]): number {
  if (reason === "prices-unavailable" || reason === "no-rate") return EXIT.unavailable;
  return reason === "invalid-amount" || reason === "unknown-car" ? EXIT.usage : EXIT.refused;
}

/** Draws the picture and writes it to a file; returns a sentence if that fails. */
async function writePicture(file: string, answer: LamboAnswer): Promise<string | undefined> {
  const pictures = createPictureMaker();
  const { png } = await pictures.answer(pictureSubject(answer, LOCALE));
  try {
    await writeFile(file, png);
    return undefined;
  } catch (error) {
    return say("terminal.picture-not-written", { file, problem: errorText(error) });
  }
}

function refuse(refusal: Refusal, json: boolean, exitCode: number): number {
  const message = refusalText(refusal, { locale: LOCALE });
  return json
    ? print(JSON.stringify({ reason: refusal.reason, message }), exitCode)
    : complain(message, exitCode);
}
