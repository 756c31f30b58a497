import { Hono } from "hono";
import type { z } from "zod";
import { wenJson } from "../cards/wen-json.ts";
import { answerWen } from "../questions/wen.ts";
import { type ApiServices, answerResponse, refusalResponse } from "./answer-response.ts";
import type { WenJson } from "./api-schemas.ts";
import type { WebEnvironment } from "./listen.ts";
import { questionIn } from "./valuation-route.ts";

/**
 * `GET /api/v1/wen?coin=&amount=&car=&currency=`: the price that one coin would need, as
 * the terminal's `wen` prints it with `--json`; refusals are problems (RFC 9457).
 */
export function wenRoute(services: ApiServices): Hono<WebEnvironment> {
  const app = new Hono<WebEnvironment>();
  app.get("/api/v1/wen", async (context) => {
    const asked = questionIn(context.req.query());
    if (!asked.ok) return asked.response;
    const outcome = await answerWen(asked.question, services, { priority: "anonymous" });
    if (!outcome.ok) return refusalResponse(outcome.refusal);
    const wen: z.infer<typeof WenJson> = wenJson(outcome.answer);
    return answerResponse(wen, [outcome.answer], {
      ifNoneMatch: context.req.header("if-none-match"),
      at: services.now(),
    });
  });
  return app;
}
