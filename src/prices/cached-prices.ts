import { createHash } from "node:crypto";
import { z } from "zod";
import { addDays, type DailyClose, daysBetween, median } from "../valuation/valuation.ts";
import type { AnswerCache } from "./answer-cache.ts";
import { utcDay } from "./daily-closes.ts";
import type { Ask, Closes, CoinRef, DayRange, PriceSource, Quote, SourceFailure } from "./price-source.ts";
import { createSingleFlight } from "./single-flight.ts";

/** Options of {@link cachePrices}. */
export type CachedPricesOptions = {
  readonly source: PriceSource;
  readonly cache: AnswerCache;
  readonly now: () => Date;
  /** Told of every question: answered from the cache, or not. */
  readonly onAnswer?: (from: "cache" | "source") => void;
};

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const QUOTE_TTL_MS = 60_000;
const UNKNOWN_COIN_TTL_MS = 10 * MINUTE_MS;
/** Closes of finished days are good for ever; a coin that nobody asked about for this long makes room. */
const CLOSES_TTL_MS = 400 * DAY_MS;
/** Weekly closes of an exchange stand in for better ones and are kept at most a day. */
const STAND_IN_TTL_MS = DAY_MS;
/** CoinGecko shows a finished day at about 00:10 UTC (its documentation, checked 2026-11-01); asked for from 00:20, spread over ten minutes. */
const PUBLISHED_AFTER_MS = 20 * MINUTE_MS;
const PUBLISHED_JITTER_MS = 10 * MINUTE_MS;
/** A listing's first days are asked for again until they are this old: providers still correct them. */
const SETTLED_AFTER_DAYS = 35;
/** Kept closes that differ by more than this from new ones of the same days are in another unit (redenomination). */
const MAX_DRIFT = 0.05;
/** Kept days that are asked for again with new ones. Late corrections of a few days come with them. */
const OVERLAP_DAYS = 14;
/** The opening window and the closes that it needs (valuation.ts). */
const OPENING_DAYS = 28;
const MIN_OPENING_CLOSES = 7;

const Kept = z.object({
  /** First day of `pricesUsd`, which has one entry a day (null: no price) so that a long history stays small. */
  from: z.iso.date(),
  pricesUsd: z.array(z.number().positive().nullable()),
  firstOn: z.iso.date().nullable(),
  /** Last day that was asked for and published. */
  coveredTo: z.iso.date(),
  askedAt: z.iso.datetime(),
});
type Kept = z.infer<typeof Kept>;

const KeptQuote = z.object({ priceUsd: z.number().positive() });
const KeptUnknown = z.object({ detail: z.string() });

/**
 * A price source that remembers: closes of finished days for good, so that tomorrow costs one call; unknown coins for ten minutes; quotes for a
 * minute. Identical questions in flight are asked once. When the source does not answer, an old answer comes back marked `stale`.
 */
export function cachePrices({ source, cache, now, onAnswer }: CachedPricesOptions): PriceSource {
  const once = createSingleFlight();

  async function closes(coin: CoinRef, range: DayRange, ask: Ask): Promise<Closes | SourceFailure> {
    const key = `closes:${source.id}:${coin.coinId}`;
    const unknownKey = `unknown:${source.id}:${coin.coinId}`;
    const at = now();
    const kept = ask.fresh ? undefined : await cache.get(key, Kept);
    const usable = kept !== undefined && Date.parse(kept.askedAt) <= at.getTime() + DAY_MS ? kept : undefined;
    if (usable !== undefined && suffices(usable, range, coin.coinId, at)) {
      onAnswer?.("cache");
      return answerFrom(usable, at, false);
    }
    if (!ask.fresh) {
      const unknown = await cache.get(unknownKey, KeptUnknown);
      if (unknown !== undefined) {
        onAnswer?.("cache");
        return { ok: false, reason: "unknown-coin", detail: unknown.detail };
      }
    }

    onAnswer?.("source");
    const part = usable === undefined ? undefined : missingRange(usable, range);
    let answer = await source.closes(coin, part ?? range, ask);
    let before = answer.ok && usable !== undefined && fits(usable, answer, part) ? usable : undefined;
    // A part that does not continue what is kept is no history by itself.
    if (answer.ok && part !== undefined && before === undefined && answer.firstOn === null) answer = await source.closes(coin, range, ask);
    if (!answer.ok) {
      if (answer.reason === "unknown-coin") await cache.set(unknownKey, { detail: answer.detail }, UNKNOWN_COIN_TTL_MS);
      else if (usable !== undefined) return answerFrom(usable, at, true);
      return answer;
    }
    // Weeks come all at once; joined to kept ones they would be kept for longer than a day.
    if (source.stepDays !== 1) before = undefined;
    const merged = merge(before, answer, range.to, coin.coinId);
    await cache.set(key, merged, source.stepDays === 1 ? CLOSES_TTL_MS : STAND_IN_TTL_MS);
    return answerFrom(merged, at, false);
  }

  /** Settled days need not be asked for again, but for a few that show whether old and new are in one unit; undefined asks for all. */
  function missingRange(kept: Kept, range: DayRange): DayRange | undefined {
    return source.stepDays === 1 && isSettled(kept) ? { from: addDays(kept.coveredTo, 1 - OVERLAP_DAYS), to: range.to } : undefined;
  }

  function suffices(kept: Kept, range: DayRange, coinId: string, at: Date): boolean {
    const wantedTo = earlier(range.to, publishedThrough(at, coinId));
    if (kept.coveredTo < wantedTo) return false;
    if (source.reachDays !== null) return true;
    return kept.firstOn !== null && (isSettled(kept) || utcDay(at) === utcDay(Date.parse(kept.askedAt)));
  }

  async function quote(coin: CoinRef, ask: Ask): Promise<Quote | SourceFailure> {
    const key = `quote:${source.id}:${coin.coinId}`;
    const kept = await cache.get(key, KeptQuote);
    if (kept !== undefined) return { ok: true, priceUsd: kept.priceUsd };
    const answer = await source.quote(coin, ask);
    if (answer.ok) await cache.set(key, { priceUsd: answer.priceUsd }, QUOTE_TTL_MS);
    return answer;
  }

  return {
    ...source,
    closes: (coin, range, ask) =>
      once(["closes", ask.priority, ask.fresh, coin.coinId, coin.symbol, range.from, range.to].join(" "), () => closes(coin, range, ask)),
    quote: (coin, ask) => once(["quote", ask.priority, coin.coinId, coin.symbol].join(" "), () => quote(coin, ask)),
  };
}

/** The last UTC day that providers have published at an instant, as far as this coin is concerned: tomorrow's questions do not all come at 00:20. */
export function publishedThrough(at: Date, coinId: string): string {
  const jitterMs = (createHash("sha256").update(coinId).digest().readUInt32BE(0) / 2 ** 32) * PUBLISHED_JITTER_MS;
  return addDays(utcDay(at.getTime() - PUBLISHED_AFTER_MS - jitterMs), -1);
}

/** True when the listing's first days are whole, and old enough to stay as they are. */
function isSettled({ firstOn, askedAt, ...kept }: Kept): boolean {
  if (firstOn === null || addDays(firstOn, SETTLED_AFTER_DAYS) > utcDay(Date.parse(askedAt))) return false;
  const opening = kept.pricesUsd.slice(0, Math.max(0, daysBetween(kept.from, addDays(firstOn, OPENING_DAYS))));
  return opening.filter((priceUsd) => priceUsd !== null).length >= MIN_OPENING_CLOSES;
}

function answerFrom(kept: Kept, at: Date, stale: boolean): Closes {
  const todayOn = utcDay(at);
  return {
    ok: true,
    points: pointsOf(kept).filter(({ on }) => on < todayOn),
    firstOn: kept.firstOn,
    askedAt: kept.askedAt,
    stale,
  };
}

/** What is kept and what is new as one; new closes win. */
function merge(kept: Kept | undefined, answer: Closes, askedTo: string, coinId: string): Kept {
  const before = kept === undefined ? [] : pointsOf(kept);
  const byDay = new Map([...before, ...answer.points].map((point) => [point.on, point.priceUsd]));
  const days = [...byDay.keys()].sort();
  const from = days[0] ?? askedTo;
  const last = days.at(-1) ?? "";
  const pricesUsd: (number | null)[] = [];
  for (let on = from; on <= last; on = addDays(on, 1)) pricesUsd.push(byDay.get(on) ?? null);
  const published = earlier(askedTo, publishedThrough(new Date(answer.askedAt), coinId));
  return {
    from,
    pricesUsd,
    firstOn: answer.firstOn ?? (before.length > 0 && kept !== undefined ? kept.firstOn : null),
    coveredTo: later(published, answer.points.at(-1)?.on ?? published),
    askedAt: answer.askedAt,
  };
}

/** False when kept and new closes cannot stand in one series: another unit, or days between them that nobody asked for. */
function fits(kept: Kept, answer: Closes, part: DayRange | undefined): boolean {
  const first = answer.points[0];
  if (first === undefined) return true;
  const fresh = new Map(answer.points.map((point) => [point.on, point.priceUsd]));
  const ratios = pointsOf(kept).flatMap(({ on, priceUsd }) => {
    const now = fresh.get(on);
    return now === undefined ? [] : [priceUsd / now];
  });
  if (ratios.length > 0) return Math.abs(median(ratios) - 1) <= MAX_DRIFT;
  return part !== undefined || first.on <= addDays(kept.coveredTo, 1);
}

function pointsOf({ from, pricesUsd }: Kept): DailyClose[] {
  const startMs = Date.parse(from);
  return pricesUsd.flatMap((priceUsd, day) => (priceUsd === null ? [] : [{ on: utcDay(startMs + day * DAY_MS), priceUsd }]));
}

function earlier(a: string, b: string): string {
  return a < b ? a : b;
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}
