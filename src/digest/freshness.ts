import { publishedThrough } from "../prices/publication-schedule.ts";
import { utcDay } from "../valuation/calendar.ts";

/**
 * A value and how long it stays valid; `madeFrom` identifies the published prices that it was made
 * from.
 */
export type Kept<Value> = {
  readonly value: Value;
  readonly madeFrom: string;
  readonly goodUntilMs: number;
};

/** Tells whether values were made from the newest published prices. */
export type Freshness = {
  /** Identifies the prices that are published now; call it before making a value from them. */
  published(): string;
  /** Keeps a value until new prices are published, or only briefly unless `isLasting`. */
  keep<Value>(value: Value, madeFrom: string, isLasting: boolean): Kept<Value>;
  isFresh(kept: Kept<unknown>): boolean;
};

/** Unavailable prices are fetched again after this time, however many servers want them. */
const ASK_AGAIN_MS = 60_000;

/** Makes the freshness check by this clock. */
export function createFreshness(now: () => Date): Freshness {
  const published = () => `${utcDay(now())} ${publishedThrough(now())}`;
  return {
    published,
    keep: (value, madeFrom, isLasting) => ({
      value,
      madeFrom,
      goodUntilMs: isLasting ? Number.POSITIVE_INFINITY : now().getTime() + ASK_AGAIN_MS,
    }),
    isFresh: ({ madeFrom, goodUntilMs }) =>
      madeFrom === published() && now().getTime() < goodUntilMs,
  };
}
