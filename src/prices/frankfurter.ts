import { z } from "zod";
import type { Log } from "../log.ts";
import type { Redis } from "../redis.ts";
import { type CallBudget, createCallBudget } from "./call-budget.ts";
import type { RatesAnswer } from "./exchange-rates.ts";
import type { Ask, SourceFailure } from "./price-source.ts";
import { isCurrency } from "./rate-book.ts";
import type { CallOutcome } from "./source-health.ts";
import { badAnswer, createUpstream, UPSTREAM_TIMING, type UpstreamTiming } from "./upstream.ts";

/**
 * Its answer of all currencies is about 15 kB
 * (https://github.com/lineofflight/frankfurter, lib/public/v2/openapi.json, checked 2026-11).
 */
const MAX_BODY_BYTES = 256 * 1024;
/**
 * Counted from the beginning of a rate's day. Older ones are of a currency that was withdrawn;
 * banks rest for five days at Easter.
 */
const OLDEST_RATE_DAYS = 8;
/** Rates are dated one day ahead where that day has begun already (checked 2026-11). */
const NEWEST_RATE_DAYS = 2;
const DAY_MS = 86_400_000;

/** A person may be waiting while the host cannot be reached at all. */
const DEADLINE_MS = { interactive: 2_500, background: 10_000 } as const;

const AmountText = z
  .string()
  .regex(/^\d{1,15}(\.\d{1,20})?$/)
  .transform(Number);
const Amount = z.union([z.number(), AmountText]).pipe(z.number().positive());
/** One row of `/v2/rates`. */
const Row = z.object({ date: z.iso.date(), base: z.literal("USD"), quote: z.string(), rate: Amount });
/** `/v1/latest`: the answer of hosts that were installed before v2. */
const Latest = z.object({
  amount: Amount,
  base: z.literal("USD"),
  date: z.iso.date(),
  rates: z.record(z.string(), z.unknown()),
});
const ErrorBody = z.object({ message: z.string() });

/** Options of {@link createFrankfurter}. */
export type FrankfurterOptions = {
  readonly baseUrl: string;
  readonly log: Log;
  readonly now: () => Date;
  readonly onCall?: (outcome: CallOutcome) => void;
  readonly timing?: UpstreamTiming;
  readonly budget?: CallBudget;
  readonly redis?: Redis;
};

/** Frankfurter: the rates of about a hundred central banks, without a key. */
export type Frankfurter = {
  /**
   * What one US dollar is worth in every currency that it has a rate of this week. Gives up early:
   * nobody waits long for it.
   */
  rates(ask: Ask): Promise<RatesAnswer>;
};

/**
 * Frankfurter over HTTP (https://frankfurter.dev, v2 and, where a host has no other, v1; checked
 * 2026-11).
 */
export function createFrankfurter(options: FrankfurterOptions): Frankfurter {
  const { now, log, timing = UPSTREAM_TIMING } = options;
  const upstream = createUpstream({
    name: "Frankfurter",
    baseUrl: options.baseUrl,
    // It has no quota, only an unpublished throttle against abuse; the program needs a few calls a
    // day.
    budget:
      options.budget ??
      createCallBudget({ calls: 6, windowSeconds: 60, shared: options.redis && { redis: options.redis, name: "Frankfurter" } }),
    readFailure,
    log,
    now,
    maxBodyBytes: MAX_BODY_BYTES,
    timing: {
      ...timing,
      deadlineMs: {
        interactive: Math.min(timing.deadlineMs.interactive, DEADLINE_MS.interactive),
        background: Math.min(timing.deadlineMs.background, DEADLINE_MS.background),
      },
    },
    ...(options.onCall !== undefined && { onCall: options.onCall }),
  });

  return {
    async rates(ask) {
      const answer = await upstream.getJson("/v2/rates?base=USD", ask);
      if (answer.ok) return tableOf(answer.body, now());
      // The one thing that a host of one's own, installed before v2, says to the question above.
      if (answer.detail !== NOT_FOUND) return answer;
      const older = await upstream.getJson("/v1/latest?base=USD", ask);
      return older.ok ? tableOf(rowsOfLatest(older.body), now()) : older;
    },
  };
}

/**
 * The believable part of an answer's rows, each read for itself; bad when more than half of them
 * cannot be read.
 */
function tableOf(rows: unknown, at: Date): RatesAnswer {
  if (!Array.isArray(rows)) return badAnswer("Frankfurter", "no list of rates");
  const read = rows.flatMap((row) => {
    const parsed = Row.safeParse(row);
    return parsed.success ? [parsed.data] : [];
  });
  if (read.length * 2 < rows.length) {
    return badAnswer("Frankfurter", `${rows.length - read.length} of ${rows.length} rates cannot be read`);
  }
  const todays = read.filter(({ date, quote }) => isCurrency(quote) && isOfThisWeek(date, at));
  if (todays.length === 0) return badAnswer("Frankfurter", "no rate of this week");
  return { ok: true, perUsd: { ...Object.fromEntries(todays.map(({ quote, rate }) => [quote, rate])), USD: 1 } };
}

function rowsOfLatest(body: unknown): unknown {
  const parsed = Latest.safeParse(body);
  if (!parsed.success) return undefined;
  const { amount, base, date, rates } = parsed.data;
  return Object.entries(rates).map(([quote, told]) => {
    const rate = Amount.safeParse(told);
    return { base, date, quote, rate: rate.success ? rate.data / amount : undefined };
  });
}

function isOfThisWeek(date: string, at: Date): boolean {
  const ageDays = (at.getTime() - Date.parse(date)) / DAY_MS;
  return ageDays >= -NEWEST_RATE_DAYS && ageDays <= OLDEST_RATE_DAYS;
}

const NOT_FOUND = "Frankfurter: HTTP 404";

/** Errors are `{"message"}`, in v2 with a status beside it. */
function readFailure(status: number, body: unknown): SourceFailure | undefined {
  if (status === 404) return badFailure(NOT_FOUND);
  const parsed = ErrorBody.safeParse(body);
  if (status !== 422 || !parsed.success) return undefined;
  return badFailure(`Frankfurter: HTTP ${status}, ${parsed.data.message.slice(0, 200)}`);
}

function badFailure(detail: string): SourceFailure {
  return { ok: false, reason: "bad-answer", detail };
}
