import { createHash } from "node:crypto";
import { offeredCoins, refusalText } from "../cards/refusal.ts";
import { COINGECKO_LINK } from "../messages/wording.ts";
import { isCurrency } from "../prices/currencies.ts";
import { nextPublicationAt, publishedThrough } from "../prices/publication-schedule.ts";
import type { LamboAnswer } from "../questions/answer.ts";
import { readBought } from "../questions/bought.ts";
import { type AskedPurchase, typedPurchase } from "../questions/purchase.ts";
import type { Refusal } from "../questions/refusal.ts";
import type { Result } from "../result.ts";
import type { Services } from "../services.ts";
import { utcDay } from "../valuation/calendar.ts";
import { US_DOLLARS } from "../valuation/currency.ts";
import type { PriceHistory } from "../valuation/price-record.ts";
import { problem } from "./problem.ts";

/** The services that the JSON API uses. */
export type ApiServices = Pick<Services, "coins" | "prices" | "rates" | "now">;

/** How long a response may be cached if its prices or rates can change within the day. */
const SHORT_LIFE_SECONDS = 60;

const LOCALE = "en-US";

/** Headers of JSON; a browser must not mistake text from the request for a page. */
export const JSON_HEADERS = {
  "content-type": "application/json",
  "x-content-type-options": "nosniff",
};

/** The parameters of a purchase in a query. */
export type PurchaseQuery = Readonly<Record<"amount" | "car" | "currency", string | undefined>>;

/** The purchase that a query asks about, or the response that refuses it. */
export function askedIn({
  amount,
  car,
  currency,
}: PurchaseQuery): Result<{ readonly asked: AskedPurchase }, { readonly response: Response }> {
  const code = currency?.toUpperCase();
  if (code !== undefined && !isCurrency(code)) {
    const response = problem({
      status: 400,
      title: "Unknown currency",
      detail: "Give an ISO 4217 code, such as EUR.",
      reason: "unknown-currency",
    });
    return { ok: false, response };
  }
  const typed = typedPurchase({ amount, currency: code, carKey: car }, LOCALE);
  return typed.ok ? typed : { ok: false, response: refusalResponse(typed.refusal) };
}

/** The day of buying that a query asks about; without one it is the listing. */
export function boughtIn(
  bought: string | undefined,
  { now }: Pick<ApiServices, "now">,
): ReturnType<typeof readBought> {
  return bought === undefined
    ? { ok: true }
    : readBought(bought, { locale: LOCALE, todayOn: utcDay(now()) });
}

/**
 * JSON made of answers, with an ETag and for how long it may be cached: 304 without a body where
 * `ifNoneMatch` has the tag.
 */
export function answerResponse(
  json: object,
  answers: readonly LamboAnswer[],
  { ifNoneMatch, at }: { readonly ifNoneMatch: string | undefined; readonly at: Date },
): Response {
  const body = JSON.stringify(json);
  const etag = `"${createHash("sha1").update(body).digest("base64url")}"`;
  const maxAgeSeconds = Math.min(...answers.map((answer) => lifeSeconds(answer, at)));
  const headers = {
    // Prices are invented in all of them or in none.
    ...answers.map(({ history }) => attributionHeaders(history))[0],
    etag,
    "cache-control": `public, max-age=${maxAgeSeconds}`,
  };
  return isSame(ifNoneMatch, etag)
    ? new Response(null, { status: 304, headers })
    : new Response(body, { headers: { ...headers, ...JSON_HEADERS } });
}

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

/** Each refusal's HTTP status. */
const STATUS: Readonly<Record<Refusal["reason"], number>> = {
  "too-few-coins": 400,
  "too-many-coins": 400,
  "invalid-amount": 400,
  "invalid-car-price": 400,
  "unknown-car": 400,
  "invalid-bought": 400,
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

/** The headers that say when to ask again: after a minute, where the status is one of an outage. */
export function retryHeaders(status: number): Readonly<Record<string, string>> {
  return status === 503 ? { "retry-after": "60" } : {};
}

/** A refusal's HTTP status: a comparison is refused like the coins that are missing from it. */
export function statusOf(refusal: Refusal): number {
  if (refusal.reason !== "too-few-coins") return STATUS[refusal.reason];
  const statuses = refusal.refusals.map(statusOf);
  return statuses.includes(503) ? 503 : (statuses[0] ?? STATUS["too-few-coins"]);
}

/** A refusal as a problem. */
export function refusalResponse(refusal: Refusal): Response {
  const candidates = offeredCoins(refusal).map(({ coinId }) => `id:${coinId}`);
  const status = statusOf(refusal);
  return problem(
    {
      status,
      title: TITLES[refusal.reason],
      detail: refusalText(refusal, { locale: LOCALE }),
      reason: refusal.reason,
      ...(candidates.length > 0 && { candidates }),
      ...("askAgainOn" in refusal && { askAgainOn: refusal.askAgainOn }),
    },
    retryHeaders(status),
  );
}

const TITLES: Readonly<Record<Refusal["reason"], string>> = {
  "too-few-coins": "Fewer than two coins to compare",
  "too-many-coins": "Too many coins to compare",
  "invalid-amount": "The amount cannot be spent",
  "invalid-car-price": "No car costs that",
  "unknown-car": "Unknown car",
  "invalid-bought": "The day of buying cannot be used",
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
export function isSame(ifNoneMatch: string | undefined, etag: string): boolean {
  return (
    ifNoneMatch !== undefined &&
    (ifNoneMatch.trim() === "*" ||
      ifNoneMatch.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag))
  );
}
