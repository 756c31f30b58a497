import type { Log } from "../../process/log.ts";
import type { Redis } from "../../process/redis.ts";
import { type CallBudget, type CallBudgetOptions, createCallBudget } from "./call-budget.ts";
import type { OnRowsDropped } from "./row-gate.ts";
import type { CallOutcome } from "./source-health.ts";
import { createUpstream, type Upstream, type UpstreamTiming } from "./upstream.ts";
import type { FailureReader } from "./upstream-request.ts";

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

/** What differs from one source's host to another's. */
export type SourceHost = {
  readonly limit: Omit<CallBudgetOptions, "shared">;
  /** The name of the shared budget; the source's own when absent. */
  readonly budgetName?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly readFailure: FailureReader;
};

/** The way to a source's host, with its budget, from the options of its client. */
export function createSourceUpstream(
  name: string,
  { baseUrl, log, now, onCall, timing, budget, redis }: SourceOptions,
  { limit, budgetName = name, headers, readFailure }: SourceHost,
): Upstream {
  return createUpstream({
    name,
    baseUrl,
    budget: budget ?? createCallBudget({ ...limit, shared: redis && { redis, name: budgetName } }),
    readFailure,
    log,
    now,
    ...(headers !== undefined && { headers }),
    ...(onCall !== undefined && { onCall }),
    ...(timing !== undefined && { timing }),
  });
}
