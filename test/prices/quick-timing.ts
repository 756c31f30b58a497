import type { CallBudget } from "../../src/prices/sources/call-budget.ts";
import type { UpstreamTiming } from "../../src/prices/sources/upstream.ts";

/**
 * The timing of the real program with small numbers, in milliseconds: what takes seconds there
 * takes no time here.
 */
export const QUICK: UpstreamTiming = {
  deadlineMs: { interactive: 600, background: 600 },
  firstBackoffMs: 1,
  longestQuietMs: 600_000,
  brokenForMs: 50,
};

/** A budget that never runs out, for tests of something else. */
export const UNLIMITED: CallBudget = {
  acquire: async () => true,
  state: () => ({ callsLeft: 1_000_000, callsPerWindow: 1_000_000, windowSeconds: 1 }),
};
