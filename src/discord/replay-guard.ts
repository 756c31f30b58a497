import { BoundedMap } from "../process/bounded-map.ts";
import type { RedisPart } from "../process/redis.ts";
import { bytesOf, createSharedResponses, type FirstResponse } from "./shared-responses.ts";

/**
 * Runs an interaction once, however often it is delivered. Discord delivers it again when no
 * response arrived, and so could anybody who recorded the signed request.
 */
export type ReplayGuard = {
  /**
   * Runs `respond` for the first delivery, and returns its response for every delivery of the next
   * half minute, in any process. `repeated`: the response is no longer known. `too-old`: signed
   * before this process started, so an earlier process may have handled it.
   */
  respondOnce(
    interaction: { readonly id: string; readonly signedAtMs: number },
    respond: () => Promise<FirstResponse>,
  ): Promise<GuardedResponse>;
  /** Stops sharing responses with other processes. */
  stop(): void;
};

/** Discord waits 3 s for a response, so a second delivery comes soon or not at all. */
const RESPONSE_KEPT_MS = 30_000;

/** The most response bytes kept at once: about a hundred pictures. */
const MAX_RESPONSE_BYTES = 32 * 1024 * 1024;

/**
 * Interaction ids remembered in each of two generations: under a heavier load a replay may get
 * through.
 */
const REMEMBERED_IDS = 100_000;

/** How far Discord's clock and ours may be apart. */
const CLOCK_DIFFERENCE_MS = 2_000;

type GuardedResponse = FirstResponse | "repeated" | "too-old";
type Kept = { readonly response: FirstResponse; readonly atMs: number };

/**
 * Guards against replays: with `shared`, across all processes on that part of a Redis; while Redis
 * is unreachable, each process guards on its own. `keepMs` is how long a signature is accepted.
 */
export function createReplayGuard(options: {
  keepMs: number;
  nowMs: () => number;
  shared?: RedisPart | undefined;
}): ReplayGuard {
  const { keepMs, nowMs, shared } = options;
  // Discord's timestamps are whole seconds, rounded down.
  const beganAtMs = Math.floor(nowMs() / 1_000) * 1_000;
  const meet = rememberIds({ keepMs, nowMs, shared });
  const kept = new BoundedMap<string, Kept>({
    maxSize: MAX_RESPONSE_BYTES,
    sizeOf: ({ response }) => bytesOf(response),
  });
  const coming = new Map<string, Promise<GuardedResponse>>();
  const isOld = ({ atMs }: Kept) => Math.abs(nowMs() - atMs) >= RESPONSE_KEPT_MS;

  function recall(id: string): FirstResponse | undefined {
    const entry = kept.get(id);
    return entry === undefined || isOld(entry) ? undefined : entry.response;
  }

  const elsewhere =
    shared &&
    createSharedResponses(shared, async (id) => {
      const response = recall(id) ?? (await coming.get(id));
      return typeof response === "object" ? response : undefined;
    });

  function dropOld(): void {
    for (const [id, entry] of kept.entries()) {
      if (!isOld(entry)) return;
      kept.delete(id);
    }
  }

  async function respondToNew(
    { id, signedAtMs }: { readonly id: string; readonly signedAtMs: number },
    respond: () => Promise<FirstResponse>,
  ): Promise<GuardedResponse> {
    const occurrence = await meet(id);
    if (occurrence === "again") return (await elsewhere?.ask(id)) ?? "repeated";
    if (occurrence === "first-here" && signedAtMs < beganAtMs - CLOCK_DIFFERENCE_MS)
      return "too-old";
    const response = await respond();
    kept.set(id, { response, atMs: nowMs() });
    return response;
  }

  return {
    async respondOnce(interaction, respond) {
      dropOld();
      const { id } = interaction;
      const known = recall(id) ?? coming.get(id);
      if (known !== undefined) return known;
      // A second delivery joins the first while that is being handled.
      const response = respondToNew(interaction, respond);
      coming.set(id, response);
      try {
        return await response;
      } finally {
        coming.delete(id);
      }
    },
    stop: () => elsewhere?.stop(),
  };
}

/**
 * Whether an id was seen before: `first` (by no process), `first-here` (not by this process; others
 * cannot be asked or do not exist), `again`.
 */
type Occurrence = "first" | "first-here" | "again";

/** Remembers ids for at least `keepMs`. Never rejects. */
function rememberIds(options: {
  keepMs: number;
  nowMs: () => number;
  shared: RedisPart | undefined;
}): (id: string) => Occurrence | Promise<Occurrence> {
  const { keepMs, nowMs, shared } = options;
  let current = new Set<string>();
  let previous = new Set<string>();
  let nextGenerationAtMs = nowMs() + keepMs;

  function isFirstHere(id: string): boolean {
    if (nowMs() >= nextGenerationAtMs || current.size >= REMEMBERED_IDS) {
      previous = current;
      current = new Set();
      nextGenerationAtMs = nowMs() + keepMs;
    }
    if (current.has(id) || previous.has(id)) return false;
    current.add(id);
    return true;
  }

  return (id) => {
    if (!isFirstHere(id)) return "again";
    return shared === undefined ? "first-here" : firstAnywhere(id, shared, keepMs);
  };
}

async function firstAnywhere(
  id: string,
  { redis, name }: RedisPart,
  keepMs: number,
): Promise<Occurrence> {
  try {
    const isTaken = await redis.client.set(`lambo:seen:${name}:${id}`, "1", {
      NX: true,
      PX: keepMs,
    });
    return isTaken === null ? "again" : "first";
  } catch {
    return "first-here";
  }
}
