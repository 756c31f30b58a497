import { type Ask, type Pace, type Priority, paceOf } from "../price-source.ts";
import { UPSTREAM_TIMING } from "./upstream.ts";

/**
 * For whom a lock is wanted, and how long its holder is waited for, in milliseconds, by the pace at
 * which the holder works.
 */
export type LockPatience = {
  readonly priority: Priority;
  readonly waitMs: Readonly<Record<Pace, number>>;
};

/**
 * Calls that one fetch makes in a row at most: a first price and charts, and both again where the
 * cached closes do not fit the response.
 */
const CALLS_IN_A_ROW = 4;

/**
 * How long a fetch waits for another process that is fetching the same thing. Going ahead would
 * take calls away from that process, so the wait lasts until it must be done; but a person does not
 * wait for background work, each call of which may be put off for a minute.
 */
export function lockPatienceOf({ priority }: Pick<Ask, "priority">): LockPatience {
  const { interactive, background } = UPSTREAM_TIMING.deadlineMs;
  return {
    priority,
    waitMs: {
      interactive: CALLS_IN_A_ROW * interactive,
      background: paceOf(priority) === "interactive" ? interactive : CALLS_IN_A_ROW * background,
    },
  };
}
