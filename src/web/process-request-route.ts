import { type Context, Hono } from "hono";
import type { z } from "zod";
import { answerQuestion, type LamboAnswer, type LamboOutcome } from "../questions/answer.ts";
import { USUAL_PURCHASE } from "../questions/purchase.ts";
import { utcDay } from "../valuation/calendar.ts";
import type { PriceHistory } from "../valuation/price-record.ts";
import { weeklyCloses } from "../valuation/weekly-closes.ts";
import {
  type ApiServices,
  attributionHeaders,
  JSON_HEADERS,
  lifeSeconds,
  retryHeaders,
} from "./answer-response.ts";
import type { ProcessedJson, RefusedJson } from "./api-schemas.ts";
import { direct } from "./direct-response.ts";
import type { KnownAnswer, KnownAnswers } from "./known-answers.ts";
import type { WebEnvironment } from "./listen.ts";

/** What the original said of a symbol that it did not know. */
const UNKNOWN_SYMBOL = "Symbol doesn't exist";

type Failure = Exclude<z.infer<typeof RefusedJson>["message"], typeof UNKNOWN_SYMBOL>;

/** How a version of the original turned requests away: its clients look for these. */
type Version = {
  readonly path: string;
  /** What it answered to a missing or malformed investment, and with which status. */
  readonly badInvestment: { readonly says: Failure; readonly status: 200 | 400 };
  /** What it said when it had no prices. */
  readonly noPrices: Failure;
  /** Whether it looked at the symbol before it looked at the investment. */
  readonly symbolFirst: boolean;
};

/**
 * The versions of the original (github.com/EdwinKassier, read 2026-11-27): DWML_FrontEnd's three
 * buttons call the paths of Django, Flask and FastAPI. Express shared FastAPI's path, and said
 * "Invalid investment amount" with 200; the page would take that for an answer and break.
 */
const VERSIONS: readonly Version[] = [
  // Django, and the last version of Flask.
  {
    path: "/api/v1/process_request",
    badInvestment: { says: "failure", status: 400 },
    noPrices: "failure",
    symbolFirst: false,
  },
  // Flask.
  {
    path: "/api/v1/project/core/process_request",
    badInvestment: { says: "Server Failure", status: 400 },
    noPrices: "Server Failure",
    symbolFirst: false,
  },
  // Next.js and SvelteKit, and the last version of Django.
  {
    path: "/api/process_request",
    badInvestment: { says: "Invalid investment amount", status: 200 },
    noPrices: "failure",
    symbolFirst: true,
  },
  // FastAPI and Express.
  {
    path: "/process_request",
    badInvestment: { says: "Invalid investment amount", status: 400 },
    noPrices: "failure",
    symbolFirst: true,
  },
];

/** The paths that the original's versions were called at, without a slash at their end. */
export const ORIGINAL_PATHS = VERSIONS.map(({ path }) => path);

/**
 * A positive number in any spelling of a programming language, such as 1000, 1e3, .5, +1_000 or
 * 0x3e8; undefined for everything else. The original's versions had it read by JavaScript or by
 * Python, which differ in the underscore.
 */
function readInvestment(text: string): number | undefined {
  const investment = Number(text.replace(/(?<=\d)_(?=\d)/g, ""));
  return Number.isFinite(investment) && investment > 0 ? investment : undefined;
}

/**
 * `GET /api/v1/process_request/?symbol=BTC&investment=1000`: the original web backend's contract,
 * at every path that one of its versions had, so that its clients keep working. The numbers are the
 * same as in every other answer, in average Lamborghinis: means of 28 days' closes at either end.
 * The graph shows weekly closes, so its ends differ from those means. `known` is given each answer;
 * `isShared` says that headers for pages of other origins are added to each response.
 */
export function processRequestRoute(
  services: ApiServices,
  { known, isShared }: { readonly known: KnownAnswers; readonly isShared: boolean },
): Hono<WebEnvironment> {
  const app = new Hono<WebEnvironment>();
  const graphs = new WeakMap<PriceHistory, { readonly todayOn: string; readonly json: Buffer }>();

  /**
   * The weekly closes as the page expects them: JSON within JSON. Twelve years are 35 kB, so they
   * are written once a day.
   */
  function graphJson(history: PriceHistory): Buffer {
    const todayOn = utcDay(services.now());
    const known = graphs.get(history);
    if (known?.todayOn === todayOn) return known.json;
    const closes = weeklyCloses(history.points, todayOn).map(({ on, priceUsd }) => ({
      x: on,
      y: priceUsd,
    }));
    const json = Buffer.from(`,"graph_data":${JSON.stringify(JSON.stringify(closes))}}`);
    graphs.set(history, { todayOn, json });
    return json;
  }

  async function ask(symbol: string, stake: number): Promise<LamboOutcome> {
    const asked = (text: string) =>
      answerQuestion({ coin: { by: "text", text }, ...USUAL_PURCHASE, stake }, services, {
        priority: "anonymous",
      });
    const outcome = await asked(symbol);
    if (outcome.ok || outcome.refusal.reason !== "ambiguous-coin") return outcome;
    // The original had one coin per symbol: the best known.
    const best = outcome.refusal.candidates[0];
    return best === undefined ? outcome : asked(`id:${best.coinId}`);
  }

  async function respond(version: Version, context: Context<WebEnvironment>): Promise<Response> {
    const { symbol: typed = "", investment: spent = "" } = context.req.query();
    const symbol = typed.trim();
    const { badInvestment, noPrices, symbolFirst } = version;
    if (symbolFirst && symbol === "") return refused(UNKNOWN_SYMBOL, 200);
    const stake = readInvestment(spent);
    if (stake === undefined) return refused(badInvestment.says, badInvestment.status);
    const url = context.env?.incoming?.url ?? context.req.url;
    let answer = known.find(url, services.now());
    if (answer === undefined) {
      const outcome = await ask(symbol, stake);
      if (!outcome.ok) {
        const { reason } = outcome.refusal;
        if (reason === "invalid-amount") return refused(badInvestment.says, badInvestment.status);
        return reason === "prices-unavailable"
          ? refused(noPrices, 503)
          : refused(UNKNOWN_SYMBOL, 200);
      }
      // The original knew nothing but symbols, and this answer cannot say that it was a guess.
      if (outcome.answer.guess !== undefined) return refused(UNKNOWN_SYMBOL, 200);
      answer = knownAnswer(outcome.answer, symbol, version, services.now());
      known.keep(url, answer);
    }
    // Hono takes the body from a Response to HEAD, and adds the headers of sharing to one.
    const isPlain = context.req.method === "GET" && !isShared;
    return direct(answer.respond(services.now()), isPlain ? context.env?.outgoing : undefined);
  }

  function knownAnswer(
    answer: LamboAnswer,
    symbol: string,
    { path }: Version,
    now: Date,
  ): KnownAnswer {
    const { history, valuation } = answer;
    const message: Omit<z.infer<typeof ProcessedJson>["message"], "GENERATIONDATE"> = {
      NUMBERCOINS: valuation.coins,
      PROFIT: toCents(valuation.profitUsd),
      GROWTHFACTOR: toCents(valuation.growthFactor),
      LAMBOS: toCents(valuation.lambos),
      INVESTMENT: valuation.stakeUsd,
      SYMBOL: symbol,
    };
    const untilTheDate = `${JSON.stringify(message).slice(0, -1)},"GENERATIONDATE":"`;
    const graph = graphJson(history);
    const lasting = { ...JSON_HEADERS, ...attributionHeaders(history) };
    const untilMs = now.getTime() + lifeSeconds(answer, now) * 1_000;
    return {
      route: path,
      untilMs,
      bytes: untilTheDate.length + graph.byteLength,
      respond(at) {
        const text = `${untilTheDate}${at.toISOString()}"}`;
        const seconds = Math.max(1, Math.floor((untilMs - at.getTime()) / 1_000));
        return {
          status: 200,
          headers: { ...lasting, "cache-control": `public, max-age=${seconds}` },
          body: [Buffer.from(`{"message":${text},"result":${text}`), graph],
        };
      },
    };
  }
  for (const version of VERSIONS) app.get(version.path, (context) => respond(version, context));
  return app;
}

/** A refusal, under every name that a version of the original gave it. */
function refused(says: z.infer<typeof RefusedJson>["message"], status: number): Response {
  const body: z.infer<typeof RefusedJson> = { message: says, result: says, graph_data: says };
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...JSON_HEADERS, "cache-control": "no-store", ...retryHeaders(status) },
  });
}

/** Rounds to two digits, as the original did. */
function toCents(value: number): number {
  return Number(value.toFixed(2));
}
