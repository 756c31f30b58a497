import { createHash } from "node:crypto";
import { Hono } from "hono";
import type { z } from "zod";
import { answerJson } from "../cards/answer-json.ts";
import { offeredCoins, refusalText } from "../cards/refusal.ts";
import { COINGECKO_LINK } from "../messages/wording.ts";
import { isCurrency } from "../prices/currencies.ts";
import { nextPublicationAt, publishedThrough } from "../prices/publication-schedule.ts";
import { answerQuestion, type LamboAnswer, type LamboQuestion } from "../questions/answer.ts";
import { typedPurchase } from "../questions/purchase.ts";
import type { Refusal } from "../questions/refusal.ts";
import type { Services } from "../services.ts";
import { US_DOLLARS } from "../valuation/currency.ts";
import type { PriceHistory } from "../valuation/price-record.ts";
import type { ValuationJson } from "./api-schemas.ts";
import type { WebEnvironment } from "./listen.ts";
import { problem } from "./problem.ts";

/** The services that the JSON API uses. */
export type ApiServices = Pick<Services, "coins" | "prices" | "rates" | "now">;

/** How long a response may be cached if its prices or rates can change within the day. */
const SHORT_LIFE_SECONDS = 60;

/**
 * CoinGecko's free plans ask for a visible link close to the data; for programs that is a `Link`
 * header (RFC 8288). Invented prices have no source to link.
 */
export function attributionHeaders({
  flags,
}: Pick<PriceHistory, "flags">): Readonly<Record<string, string>> {
  return flags.includes("demo")
    ? {}
    : { link: `<${COINGECKO_LINK}>; rel="via"; title="Data provided by CoinGecko"` };
}

/** Headers of JSON; a browser must not mistake text from the request for a page. */
export const JSON_HEADERS = {
  "content-type": "application/json",
  "x-content-type-options": "nosniff",
};

const LOCALE = "en-US";

/** Each refusal's HTTP status. */
const STATUS: Readonly<Record<Refusal["reason"], number>> = {
  "invalid-amount": 400,
  "invalid-car-price": 400,
  "unknown-car": 400,
  "outdated-control": 400,
  "unknown-coin": 404,
  "history-unavailable": 404,
  "too-new": 404,
  "bought-too-late": 404,
  "bought-in-gap": 404,
  "ambiguous-coin": 409,
  "no-rate": 503,
  "prices-unavailable": 503,
};

const RETRY_AFTER_SECONDS = "60";

/**
 * `GET /api/v1/valuation?coin=&amount=&car=&currency=`: one valued purchase, as the terminal's
 * `--json` prints it; refusals are problems (RFC 9457).
 */
export function valuationRoute(services: ApiServices): Hono<WebEnvironment> {
  const app = new Hono<WebEnvironment>();
  app.get("/api/v1/valuation", async (context) => {
    const { coin, amount, car, currency } = context.req.query();
    if (coin === undefined)
      return problem({
        status: 400,
        title: "Which coin?",
        detail: "Name one: ?coin=bitcoin",
        reason: "no-coin",
      });
    const code = currency?.toUpperCase();
    if (code !== undefined && !isCurrency(code)) {
      return problem({
        status: 400,
        title: "Unknown currency",
        detail: "Give an ISO 4217 code, such as EUR.",
        reason: "unknown-currency",
      });
    }
    const typed = typedPurchase({ amount, currency: code, carKey: car }, LOCALE);
    if (!typed.ok) return refused(typed.refusal);
    const question: LamboQuestion = { coin: { by: "text", text: coin }, ...typed.asked };
    const outcome = await answerQuestion(question, services, { priority: "anonymous" });
    if (!outcome.ok) return refused(outcome.refusal);

    const valuation: z.infer<typeof ValuationJson> = answerJson(outcome.answer);
    const body = JSON.stringify(valuation);
    const etag = `"${createHash("sha1").update(body).digest("base64url")}"`;
    const headers = {
      ...attributionHeaders(outcome.answer.history),
      etag,
      "cache-control": `public, max-age=${lifeSeconds(outcome.answer, services.now())}`,
    };
    if (isSame(context.req.header("if-none-match"), etag))
      return new Response(null, { status: 304, headers });
    return new Response(body, { headers: { ...headers, ...JSON_HEADERS } });
  });
  return app;
}

function refused(refusal: Refusal): Response {
  const candidates = offeredCoins(refusal).map(({ coinId }) => `id:${coinId}`);
  const status = STATUS[refusal.reason];
  return problem(
    {
      status,
      title: TITLES[refusal.reason],
      detail: refusalText(refusal, { locale: LOCALE }),
      reason: refusal.reason,
      ...(candidates.length > 0 && { candidates }),
      ...("askAgainOn" in refusal && { askAgainOn: refusal.askAgainOn }),
    },
    status === 503 ? { "retry-after": RETRY_AFTER_SECONDS } : {},
  );
}

const TITLES: Readonly<Record<Refusal["reason"], string>> = {
  "invalid-amount": "The amount cannot be spent",
  "invalid-car-price": "No car costs that",
  "unknown-car": "Unknown car",
  "outdated-control": "Outdated control",
  "unknown-coin": "Unknown coin",
  "history-unavailable": "The coin has no usable price history",
  "too-new": "The coin is too new",
  "bought-too-late": "There is less than a week of prices from the day of buying on",
  "bought-in-gap": "Too few prices are on record from the day of buying on",
  "ambiguous-coin": "Several coins answer to this",
  "no-rate": "No exchange rate can be had right now",
  "prices-unavailable": "Prices cannot be had right now",
};

/**
 * For how many seconds an answer cannot change: until the next day's prices, once the latest
 * published ones are in.
 */
export function lifeSeconds({ history, valuation, currency }: LamboAnswer, at: Date): number {
  const hasLatest =
    valuation.lastRecordedOn >= publishedThrough(at, history.coinId) ||
    valuation.flags.includes("no-longer-priced");
  if (!hasLatest || valuation.flags.includes("stale") || currency.code !== US_DOLLARS.code)
    return SHORT_LIFE_SECONDS;
  return Math.max(
    1,
    Math.floor((nextPublicationAt(at, history.coinId).getTime() - at.getTime()) / 1_000),
  );
}

/** Whether `If-None-Match` names the tag: it is a list of tags, or `*` (RFC 9110, 13.1.2). */
function isSame(ifNoneMatch: string | undefined, etag: string): boolean {
  return (
    ifNoneMatch !== undefined &&
    (ifNoneMatch.trim() === "*" ||
      ifNoneMatch.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag))
  );
}
