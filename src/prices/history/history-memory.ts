import { BoundedMap } from "../../process/bounded-map.ts";
import { daysBetween, utcDay } from "../../valuation/calendar.ts";
import type { PriceHistory } from "../../valuation/price-record.ts";
import type { CoinRef } from "../price-source.ts";
import type { HistoryOutcome, HistoryRefusal } from "./history-outcome.ts";

/** Under what circumstances a history was built. */
type BuiltFor = {
  readonly todayOn: string;
  /** The last published UTC day at that time. */
  readonly publishedOn: string;
  /** False while the main source has not confirmed it. */
  readonly isChecked: boolean;
  /**
   * False while the main source was not even asked: the next person to want the history asks it.
   */
  readonly wasAsked: boolean;
  /**
   * When its newest close, which is late, is worth fetching again, in milliseconds since 1970.
   */
  readonly retryAtMs: number | null;
};

type Remembered = BuiltFor & {
  readonly history: PriceHistory;
  readonly bytes: number;
  readonly goodUntilMs: number;
};

/** Joined histories kept in memory, one a coin, so that every road shows the same. */
export type HistoryMemory = {
  /**
   * The coin's history while nothing newer can have been published; undefined when it has to be
   * built.
   */
  recall(
    coin: CoinRef,
    wanted: { readonly publishedOn: string; readonly mayBeUnchecked: boolean },
  ): HistoryOutcome | undefined;
  remember(coin: CoinRef, history: PriceHistory, builtFor: BuiltFor): void;
  /**
   * Drops a coin's history when the sources leave none to show. When no source can be asked, the
   * last history stays.
   */
  forget(coin: CoinRef, refusal: HistoryRefusal): void;
  /** The outcome; or, where no source can be asked, the coin's last history, marked stale. */
  orStale(coin: CoinRef, outcome: HistoryOutcome): HistoryOutcome;
  /**
   * Changes whenever the coin's history does; undefined for a coin that nobody asked about lately.
   */
  revision(coin: CoinRef): string | undefined;
};

/** About 350 coins of twelve years, whose closes take 35 kB each. */
const MAX_BYTES = 15_000_000;
const BYTES_A_DAY = 8;
/** What is known of a coin beside its closes, its evaluated record included. */
const BYTES_BESIDE_CLOSES = 8_000;
const MAX_REVISIONS = 5_000;
/** How long an unchecked history serves people: the main source may answer at any minute. */
const UNCHECKED_FOR_MS = 60_000;

/** An empty memory. */
export function createHistoryMemory(now: () => Date): HistoryMemory {
  const histories = new BoundedMap<string, Remembered>({
    maxSize: MAX_BYTES,
    sizeOf: ({ bytes }) => bytes,
  });
  const revisions = new BoundedMap<string, string>({ maxEntries: MAX_REVISIONS });

  return {
    recall({ coinId }, { publishedOn, mayBeUnchecked }) {
      const known = histories.get(coinId);
      if (known === undefined || known.todayOn !== utcDay(now()) || known.publishedOn < publishedOn)
        return undefined;
      if (now().getTime() >= known.goodUntilMs && !(mayBeUnchecked && !known.isChecked))
        return undefined;
      return { ok: true, history: known.history };
    },

    remember({ coinId }, history, builtFor) {
      revisions.set(coinId, revisionOf(history));
      // The next question may find something better than these.
      if (history.flags.some((flag) => flag === "stale" || flag === "exchange-listing-only"))
        return;
      const { isChecked, wasAsked, retryAtMs } = builtFor;
      const uncheckedUntilMs = now().getTime() + (wasAsked ? UNCHECKED_FOR_MS : 0);
      const goodUntilMs = Math.min(
        isChecked ? Number.POSITIVE_INFINITY : uncheckedUntilMs,
        retryAtMs ?? Number.POSITIVE_INFINITY,
      );
      const bytes = bytesOf(history);
      histories.set(coinId, { ...builtFor, history, bytes, goodUntilMs });
    },

    forget({ coinId }, refusal) {
      if (refusal.reason !== "history-unavailable") return;
      histories.delete(coinId);
      revisions.set(coinId, "because" in refusal ? refusal.because : "no-opening");
    },

    orStale({ coinId }, outcome) {
      const last = histories.get(coinId)?.history;
      if (outcome.ok || outcome.reason !== "prices-unavailable" || last === undefined)
        return outcome;
      return { ok: true, history: { ...last, flags: [...last.flags, "stale"] } };
    },

    revision: ({ coinId }) => revisions.get(coinId),
  };
}

/** About the memory that a history takes. */
function bytesOf({ points }: PriceHistory): number {
  const first = points[0];
  const last = points.at(-1);
  const days = first === undefined || last === undefined ? 0 : daysBetween(first.on, last.on) + 1;
  return days * BYTES_A_DAY + BYTES_BESIDE_CLOSES;
}

/** Tells two histories apart without comparing thousands of closes. */
function revisionOf({ points, oddCloses = [], sources, flags }: PriceHistory): string {
  const sum = points.reduce((total, { priceUsd }, at) => total + priceUsd * (1 + (at % 7)), 0);
  const last = points.at(-1);
  return JSON.stringify([
    points.length,
    last?.on,
    last?.priceUsd,
    sum,
    oddCloses.length,
    flags,
    sources.map(({ name, to }) => [name, to]),
  ]);
}
