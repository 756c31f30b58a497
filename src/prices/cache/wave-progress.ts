import type { Log } from "../../process/log.ts";
import type { Metrics } from "../../process/metrics.ts";

/** Called whenever a wave of coins has come further: how many of how many are left. */
export type OnWaveProgress = (left: number, of: number) => void;

/** Smaller waves are over in a few seconds. */
const LOGGED_FROM_COINS = 50;
const LOGGED_EVERY_MS = 15_000;

/**
 * Shows in the metrics how many coins of a source's waves are left, and in the log when a large one
 * begins, every 15 seconds, and when it is over.
 */
export function createWaveProgress(options: {
  readonly source: string;
  readonly log: Log;
  readonly now: () => Date;
  readonly metrics: Pick<Metrics, "closesAwaited">;
}): OnWaveProgress {
  const { source, log, now, metrics } = options;
  let loggedAtMs = Number.NEGATIVE_INFINITY;
  return (left, of) => {
    metrics.closesAwaited(source, left);
    if (of < LOGGED_FROM_COINS) return;
    const nowMs = now().getTime();
    // A clock that was set back must not silence it.
    const isDue = Math.abs(nowMs - loggedAtMs) >= LOGGED_EVERY_MS;
    if (left > 0 && !isDue) return;
    loggedAtMs = left > 0 ? nowMs : Number.NEGATIVE_INFINITY;
    log.info({ source, left, of }, left > 0 ? "Closes are being fetched" : "All closes are there");
  };
}
