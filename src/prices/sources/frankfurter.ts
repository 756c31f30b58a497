import { z } from "zod";
import { DAY_MS } from "../../valuation/calendar.ts";
import { isCurrency } from "../currencies.ts";
import type { Ask, RatesResult, SourceFailure } from "../price-source.ts";
import { fieldsOf, listIn } from "./json-values.ts";
import type { ResponseLimits } from "./response-body.ts";
import { type DropKind, failureOf, gateRows, type OnRowsDropped, priceIn } from "./row-gate.ts";
import { createSourceUpstream, type SourceOptions } from "./source-host.ts";
import { UPSTREAM_TIMING } from "./upstream.ts";
import { badResponse } from "./upstream-request.ts";

/**
 * A response with all currencies is about 15 kB
 * (https://github.com/lineofflight/frankfurter, lib/public/v2/openapi.json, checked 2026-11).
 */
const LIMITS: ResponseLimits = { maxBytes: 256 * 1024 };
/**
 * Counted from the beginning of a rate's day. Banks close for five days at Easter; a rate older
 * than this is of a withdrawn currency.
 */
const OLDEST_RATE_DAYS = 8;
/** Banks in zones where the next day has begun date their rates a day ahead (checked 2026-11). */
const NEWEST_RATE_DAYS = 2;

/** Short, because a person may be waiting while the host cannot be reached at all. */
const DEADLINE_MS = { interactive: 2_500, background: 10_000 } as const;

const ErrorBody = z.object({ message: z.string() });

/** Frankfurter: the rates of about a hundred central banks, without a key. */
export type Frankfurter = {
  /**
   * What one US dollar is worth in every currency with a rate of this week. Gives up early, so that
   * people do not wait long for it.
   */
  rates(ask: Ask): Promise<RatesResult>;
};

/**
 * Frankfurter over HTTP (https://frankfurter.dev, v2, or v1 where a host has no v2; checked
 * 2026-11).
 */
export function createFrankfurter(options: SourceOptions): Frankfurter {
  const { now, onRowsDropped, timing = UPSTREAM_TIMING } = options;
  const hurried: SourceOptions = {
    ...options,
    timing: {
      ...timing,
      deadlineMs: {
        interactive: Math.min(timing.deadlineMs.interactive, DEADLINE_MS.interactive),
        background: Math.min(timing.deadlineMs.background, DEADLINE_MS.background),
      },
    },
  };
  // Frankfurter has no quota, only an unpublished throttle; we need a few calls a day.
  const upstream = createSourceUpstream("Frankfurter", hurried, {
    limit: { calls: 6, windowSeconds: 60 },
    readFailure,
  });

  return {
    async rates(ask) {
      const response = await upstream.getJson("/v2/rates?base=USD", ask, LIMITS);
      if (response.ok) return tableOf(response.body, now(), onRowsDropped);
      // A self-hosted Frankfurter from before v2 responds 404.
      if (response.detail !== NOT_FOUND) return response;
      const older = await upstream.getJson("/v1/latest?base=USD", ask, LIMITS);
      return older.ok ? tableOf(rowsOfLatest(older.body), now(), onRowsDropped) : older;
    },
  };
}

type Rate = { readonly quote: string; readonly date: string; readonly perUsd: number };

/** The rates in a response that can be right, and are of this week. */
function tableOf(body: unknown, at: Date, onRowsDropped: OnRowsDropped | undefined): RatesResult {
  const rows = listIn(body);
  if (rows === undefined) return badResponse("Frankfurter", "no list of rates");
  const gated = gateRows(rows, readRate);
  const failure = failureOf("Frankfurter", gated, onRowsDropped);
  if (failure !== undefined) return failure;
  const current = gated.rows.filter(
    ({ date, quote }) => isCurrency(quote) && isOfThisWeek(date, at),
  );
  if (current.length === 0) return badResponse("Frankfurter", "no rate of this week");
  return {
    ok: true,
    perUsd: { ...Object.fromEntries(current.map(({ quote, perUsd }) => [quote, perUsd])), USD: 1 },
  };
}

/** One row of `/v2/rates`. */
function readRate(row: unknown): Rate | DropKind {
  const { date, base, quote, rate } = fieldsOf(row) ?? {};
  if (base !== "USD" || typeof quote !== "string") return "shape";
  if (typeof date !== "string" || !z.iso.date().safeParse(date).success) return "stamp";
  const perUsd = priceIn(rate);
  return perUsd === undefined ? "price" : { quote, date, perUsd };
}

/** A response of `/v1/latest` as rows of `/v2/rates`. */
function rowsOfLatest(body: unknown): unknown {
  const { amount, base, date, rates } = fieldsOf(body) ?? {};
  const perAmount = fieldsOf(rates);
  const amountUsd = priceIn(amount);
  if (perAmount === undefined || amountUsd === undefined) return undefined;
  return Object.entries(perAmount).map(([quote, value]) => {
    const rate = priceIn(value);
    return { base, date, quote, rate: rate === undefined ? value : rate / amountUsd };
  });
}

function isOfThisWeek(date: string, at: Date): boolean {
  const ageDays = (at.getTime() - Date.parse(date)) / DAY_MS;
  return ageDays >= -NEWEST_RATE_DAYS && ageDays <= OLDEST_RATE_DAYS;
}

const NOT_FOUND = "Frankfurter: HTTP 404";

/** Errors are `{"message"}`, in v2 with a `status` too. */
function readFailure(status: number, body: unknown): SourceFailure | undefined {
  if (status === 404) return badFailure(NOT_FOUND);
  const parsed = ErrorBody.safeParse(body);
  if (status !== 422 || !parsed.success) return undefined;
  return badFailure(`Frankfurter: HTTP ${status}, ${parsed.data.message.slice(0, 200)}`);
}

function badFailure(detail: string): SourceFailure {
  return { ok: false, reason: "bad-answer", detail };
}
