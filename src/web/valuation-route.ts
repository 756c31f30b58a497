import { Hono } from "hono";
import type { z } from "zod";
import { answerJson } from "../cards/answer-json.ts";
import { answerQuestion, type LamboQuestion } from "../questions/answer.ts";
import type { Result } from "../result.ts";
import {
  type ApiServices,
  answerResponse,
  askedIn,
  boughtIn,
  refusalResponse,
} from "./answer-response.ts";
import type { ValuationJson } from "./api-schemas.ts";
import type { WebEnvironment } from "./listen.ts";
import { problem } from "./problem.ts";

/**
 * `GET /api/v1/valuation?coin=&amount=&car=&currency=&bought=`: one valued purchase, as the
 * terminal's `--json` prints it; refusals are problems (RFC 9457).
 */
export function valuationRoute(services: ApiServices): Hono<WebEnvironment> {
  const app = new Hono<WebEnvironment>();
  app.get("/api/v1/valuation", async (context) => {
    const query = context.req.query();
    const asked = questionIn(query);
    if (!asked.ok) return asked.response;
    const day = boughtIn(query["bought"], services);
    if (!day.ok) return refusalResponse(day.refusal);
    const { bought } = day;
    const question = { ...asked.question, ...(bought !== undefined && { bought }) };
    const outcome = await answerQuestion(question, services, { priority: "anonymous" });
    if (!outcome.ok) return refusalResponse(outcome.refusal);
    const valuation: z.infer<typeof ValuationJson> = answerJson(outcome.answer);
    return answerResponse(valuation, [outcome.answer], {
      ifNoneMatch: context.req.header("if-none-match"),
      at: services.now(),
    });
  });
  return app;
}

/** The question about one coin that a query asks, or the response that refuses it. */
export function questionIn({
  coin,
  amount,
  car,
  currency,
}: Readonly<Record<string, string>>): Result<
  { readonly question: LamboQuestion },
  { readonly response: Response }
> {
  if (coin === undefined) {
    const response = problem({
      status: 400,
      title: "Which coin?",
      detail: "Name one: ?coin=bitcoin",
      reason: "no-coin",
    });
    return { ok: false, response };
  }
  const purchase = askedIn({ amount, car, currency });
  if (!purchase.ok) return purchase;
  return { ok: true, question: { coin: { by: "text", text: coin }, ...purchase.asked } };
}
