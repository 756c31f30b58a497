import { publishedThrough } from "../prices/publication-schedule.ts";
import { utcDay } from "../valuation/calendar.ts";

/**
 * A value, and how long it is good; `madeFrom` names the published prices that it was made from.
 */
export type Kept<Value> = {
  readonly value: Value;
  readonly madeFrom: string;
  readonly goodUntilMs: number;
};

/** Tells values that were made from the prices published now from older ones. */
export type Freshness = {
  /** Names the prices that are published now; to be taken before a value is made from them. */
  published(): string;
  /** Keeps a value until new prices are published, or only until it is worth asking again. */
  keep<Value>(value: Value, madeFrom: string, isLasting: boolean): Kept<Value>;
  isFresh(kept: Kept<unknown>): boolean;
};

/** Prices that could not be had are asked for again after this, however many servers want them. */
const ASK_AGAIN_MS = 60_000;

/** Makes the freshness of what is made from prices. */
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
