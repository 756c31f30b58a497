import type { CallBudget } from "../../src/prices/sources/call-budget.ts";
import { UPSTREAM_TIMING, type UpstreamTiming } from "../../src/prices/sources/upstream.ts";

/** The program's timing, with almost no pause between retries. */
export const EAGER: UpstreamTiming = { ...UPSTREAM_TIMING, firstBackoffMs: 1 };

/** Milliseconds in place of the program's seconds, for tests of the timing itself. */
export const QUICK: UpstreamTiming = {
  deadlineMs: { interactive: 600, background: 600 },
  firstBackoffMs: 1,
  longestQuietMs: 600_000,
  brokenForMs: 50,
};

/** A budget that never runs out, for tests that are not about budgets. */
export const UNLIMITED: CallBudget = {
  acquire: async () => true,
  state: () => ({ callsLeft: 1_000_000, callsPerWindow: 1_000_000, windowSeconds: 1 }),
};
