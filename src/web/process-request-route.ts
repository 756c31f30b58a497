import { type Context, Hono } from "hono";
import type { z } from "zod";
import { answerQuestion, type LamboOutcome } from "../questions/answer.ts";
import { USUAL_PURCHASE } from "../questions/purchase.ts";
import { utcDay } from "../valuation/calendar.ts";
import type { PriceHistory } from "../valuation/price-record.ts";
import { weeklyCloses } from "../valuation/weekly-closes.ts";
import {
  type ApiServices,
  attributionHeaders,
  JSON_HEADERS,
  lifeSeconds,
} from "./answer-response.ts";
import type { FailureJson, ProcessedJson, UnknownSymbolJson } from "./api-schemas.ts";
import type { WebEnvironment } from "./listen.ts";

const UNKNOWN_SYMBOL = JSON.stringify({
  message: "Symbol doesn't exist",
  graph_data: "Symbol doesn't exist",
} satisfies z.infer<typeof UnknownSymbolJson>);
const FAILURE = JSON.stringify({ message: "failure" } satisfies z.infer<typeof FailureJson>);

/** A plain decimal number, as the original's page sends it. */
const INVESTMENT = /^\d{1,16}(\.\d{1,12})?$/;

/**
 * `GET /api/v1/process_request/?symbol=BTC&investment=1000`: the original web backend's contract,
 * so that its page keeps working. The numbers are the same as in every other answer, in average
 * Lamborghinis: means of 28 days' closes at either end. The graph shows weekly closes, so its ends
 * differ from those means.
 */
export function processRequestRoute(services: ApiServices): Hono<WebEnvironment> {
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

  const answer = async (context: Context<WebEnvironment>) => {
    const { symbol = "", investment = "" } = context.req.query();
    if (!INVESTMENT.test(investment)) return json(FAILURE, 400);
    const outcome = await ask(symbol, Number(investment));
    // The original knew nothing but symbols, and this answer cannot say that it was a guess.
    if (outcome.ok && outcome.answer.guess !== undefined) return json(UNKNOWN_SYMBOL, 200);
    if (!outcome.ok) {
      const { reason } = outcome.refusal;
      if (reason === "invalid-amount") return json(FAILURE, 400);
      return reason === "prices-unavailable"
        ? json(FAILURE, 503, { "retry-after": "60" })
        : json(UNKNOWN_SYMBOL, 200);
    }
    const { coin, history, valuation } = outcome.answer;
    const message: z.infer<typeof ProcessedJson>["message"] = {
      NUMBERCOINS: valuation.coins,
      PROFIT: toCents(valuation.profitUsd),
      GROWTHFACTOR: toCents(valuation.growthFactor),
      LAMBOS: toCents(valuation.lambos),
      INVESTMENT: valuation.stakeUsd,
      SYMBOL: coin.symbol,
      GENERATIONDATE: utcDay(services.now()),
    };
    const start = Buffer.from(`{"message":${JSON.stringify(message)}`);
    return json(Buffer.concat([start, graphJson(history)]), 200, {
      ...attributionHeaders(history),
      "cache-control": `public, max-age=${lifeSeconds(outcome.answer, services.now())}`,
    });
  };
  app.get("/api/v1/process_request", answer);
  app.get("/api/v1/process_request/", answer);
  return app;
}

function json(
  body: string | Uint8Array<ArrayBuffer>,
  status: number,
  headers: Readonly<Record<string, string>> = { "cache-control": "no-store" },
): Response {
  return new Response(body, { status, headers: { ...JSON_HEADERS, ...headers } });
}

/** Rounds to two digits, as the original did. */
function toCents(value: number): number {
  return Number(value.toFixed(2));
}
