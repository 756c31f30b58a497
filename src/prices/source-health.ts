import type { SourceFailure } from "./price-source.ts";

/** How one price source does, from memory. */
export type SourceHealth = {
  readonly name: string;
  /** Outcome of the latest call; null before the first. */
  readonly lastOutcome: "ok" | SourceFailure["reason"] | null;
  readonly lastAskedAt: Date | null;
  /** Calls left in the current window, and how many a window of `windowSeconds` has. */
  readonly callsLeft: number;
  readonly callsPerWindow: number;
  readonly windowSeconds: number;
};
