import type { Log } from "../../process/log.ts";
import type { Redis } from "../../process/redis.ts";
import type { CallBudget } from "./call-budget.ts";
import type { OnRowsDropped } from "./row-gate.ts";
import type { CallOutcome } from "./source-health.ts";
import type { UpstreamTiming } from "./upstream.ts";

/** What the client of every source is made with. */
export type SourceOptions = {
  /** The source's host, with or without a slash at the end. */
  readonly baseUrl: string;
  readonly log: Log;
  readonly now: () => Date;
  /** Called with every call's outcome: `ok` or the reason of its failure. */
  readonly onCall?: (outcome: CallOutcome) => void;
  readonly onRowsDropped?: OnRowsDropped;
  /** `UPSTREAM_TIMING` when absent. */
  readonly timing?: UpstreamTiming;
  /** The source's own limits when absent. */
  readonly budget?: CallBudget;
  /** Shares the call budget with every process on this Redis. */
  readonly redis?: Redis;
};
