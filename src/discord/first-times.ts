import type { RedisPart } from "../process/redis.ts";

/**
 * Whether an id is asked about for the first time: `first` (nobody was asked before), `first-here`
 * (this process was not, and others cannot be asked or are not known), `again`.
 */
export type Occurrence = "first" | "first-here" | "again";

/** Whether something comes for the first time. */
export type FirstTimes = {
  /** Remembers the id. Never rejects. */
  meet(id: string): Promise<Occurrence>;
};

/**
 * Ids remembered in one generation, of which there are two: under more load than that a replay may
 * pass.
 */
const REMEMBERED_IDS = 100_000;

/**
 * Remembers ids for `keepMs` at least; with `shared` for all processes on that part of a Redis, and
 * for this one while Redis cannot be asked.
 */
export function createFirstTimes(options: {
  keepMs: number;
  nowMs: () => number;
  shared?: RedisPart | undefined;
}): FirstTimes {
  const { keepMs, nowMs, shared } = options;
  let recent = new Set<string>();
  let before = new Set<string>();
  let turnAtMs = nowMs() + keepMs;

  function isFirstHere(id: string): boolean {
    if (nowMs() >= turnAtMs || recent.size >= REMEMBERED_IDS) {
      before = recent;
      recent = new Set();
      turnAtMs = nowMs() + keepMs;
    }
    if (recent.has(id) || before.has(id)) return false;
    recent.add(id);
    return true;
  }

  return {
    async meet(id) {
      if (!isFirstHere(id)) return "again";
      if (shared === undefined) return "first-here";
      try {
        const isTaken = await shared.redis.client.set(`lambo:seen:${shared.name}:${id}`, "1", {
          NX: true,
          PX: keepMs,
        });
        return isTaken === null ? "again" : "first";
      } catch {
        return "first-here";
      }
    },
  };
}
