import { Hono } from "hono";
import type { z } from "zod";
import { comparisonJson } from "../cards/comparison-json.ts";
import { COMPARISON_STARTS, compareCoins } from "../questions/comparison.ts";
import { coinChoicesOf } from "../questions/typed-coins.ts";
import { type ApiServices, answerResponse, askedIn, refusalResponse } from "./answer-response.ts";
import type { ComparisonJson } from "./api-schemas.ts";
import type { WebEnvironment } from "./listen.ts";
import { problem } from "./problem.ts";

/** More coins than these are too many anyway. */
const MAX_TEXTS = 10;

const ASK = { priority: "anonymous" } as const;

/**
 * `GET /api/v1/compare?coins=&amount=&car=&currency=&from=`: the same purchase of two to four
 * coins, as the terminal's `compare --json` prints it. `coin=` may be given for each coin instead
 * of `coins=`. Refusals are problems (RFC 9457); a single coin's is beside the other coins.
 */
export function compareRoute(services: ApiServices): Hono<WebEnvironment> {
  const app = new Hono<WebEnvironment>();
  app.get("/api/v1/compare", async (context) => {
    const { amount, car, currency, from: typedFrom = "each" } = context.req.query();
    const from = COMPARISON_STARTS.find((start) => start === typedFrom);
    if (from === undefined)
      return problem({
        status: 400,
        title: "From when?",
        detail: `Give ?from=${COMPARISON_STARTS.join(" or ?from=")}.`,
        reason: "unknown-start",
      });
    const purchase = askedIn({ amount, car, currency });
    if (!purchase.ok) return purchase.response;
    const texts = ["coins", "coin"]
      .flatMap((name) => context.req.queries(name) ?? [])
      .slice(0, MAX_TEXTS);
    const coins = await coinChoicesOf(texts, services.coins, ASK);
    const outcome = await compareCoins({ coins, from, ...purchase.asked }, services, ASK);
    if (!outcome.ok) return refusalResponse(outcome.refusal);
    const { comparison } = outcome;
    const json: z.infer<typeof ComparisonJson> = comparisonJson(comparison);
    return answerResponse(json, comparison.answers, {
      ifNoneMatch: context.req.header("if-none-match"),
      at: services.now(),
    });
  });
  return app;
}
