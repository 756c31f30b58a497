import { utcDay } from "../../valuation/calendar.ts";
import type { PriceHistory } from "../../valuation/price-record.ts";
import type { CoinRef } from "../price-source.ts";
import type { HistoryRefusal } from "./record-gatherer.ts";

/** A coin's history, or why there is none. */
export type HistoryOutcome =
  | { readonly ok: true; readonly history: PriceHistory }
  | ({ readonly ok: false } & HistoryRefusal);

/** For when a history was built. */
type BuiltFor = {
  readonly todayOn: string;
  /** The last published UTC day when it was built. */
  readonly publishedOn: string;
  /** False while the main source has not confirmed it. */
  readonly isChecked: boolean;
  /** False while the main source was not even asked: whoever waits for the history asks it. */
  readonly wasAsked: boolean;
  /**
   * When its newest close, which is late, is worth asking for again, in milliseconds since 1970.
   */
  readonly retryAtMs: number | null;
};

type Remembered = BuiltFor & { readonly history: PriceHistory; readonly goodUntilMs: number };

/** Joined histories kept ready in memory, one a coin: what one road has built the others show. */
export type HistoryMemory = {
  /**
   * The coin's history as long as nothing newer can have been published; undefined when it has to
   * be built.
   */
  recall(
    coin: CoinRef,
    wanted: { readonly publishedOn: string; readonly mayBeUnchecked: boolean },
  ): HistoryOutcome | undefined;
  remember(coin: CoinRef, history: PriceHistory, builtFor: BuiltFor): void;
  /**
   * Drops a coin's history where the providers leave none to show. That nobody answers leaves what
   * was known before.
   */
  forget(coin: CoinRef, why: HistoryRefusal): void;
  /** The outcome; or, where nothing can be asked, the coin's last history with its age. */
  orAsBefore(coin: CoinRef, outcome: HistoryOutcome): HistoryOutcome;
  /**
   * Changes whenever the coin's history has; undefined for a coin that nobody asked about lately.
   */
  revision(coin: CoinRef): string | undefined;
};

/** Twelve years are about half a megabyte. */
const MOST_HISTORIES = 32;
const MOST_REVISIONS = 5_000;
/** How long an unchecked history serves people: the main source may answer at any minute. */
const UNCHECKED_FOR_MS = 60_000;

/** An empty memory. */
export function createHistoryMemory(now: () => Date): HistoryMemory {
  const histories = new Map<string, Remembered>();
  const revisions = new Map<string, string>();

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
      put(revisions, coinId, revisionOf(history), MOST_REVISIONS);
      // These may be bettered by the next question.
      if (history.flags.some((flag) => flag === "stale" || flag === "exchange-listing-only"))
        return;
      const { isChecked, wasAsked, retryAtMs } = builtFor;
      const uncheckedUntilMs = now().getTime() + (wasAsked ? UNCHECKED_FOR_MS : 0);
      const goodUntilMs = Math.min(
        isChecked ? Number.POSITIVE_INFINITY : uncheckedUntilMs,
        retryAtMs ?? Number.POSITIVE_INFINITY,
      );
      put(histories, coinId, { ...builtFor, history, goodUntilMs }, MOST_HISTORIES);
    },

    forget({ coinId }, why) {
      if (why.reason !== "history-unavailable") return;
      histories.delete(coinId);
      put(revisions, coinId, why.because, MOST_REVISIONS);
    },

    orAsBefore({ coinId }, outcome) {
      const before = histories.get(coinId)?.history;
      if (outcome.ok || outcome.reason !== "prices-unavailable" || before === undefined)
        return outcome;
      return { ok: true, history: { ...before, flags: [...before.flags, "stale"] } };
    },

    revision: ({ coinId }) => revisions.get(coinId),
  };
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

/** Puts an entry in front, and drops the one that was put longest ago when there are too many. */
function put<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  map.delete(key);
  map.set(key, value);
  const oldest = map.keys().next().value;
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}
