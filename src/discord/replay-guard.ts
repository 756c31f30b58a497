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
type Kept = { readonly response: Promise<FirstResponse>; readonly atMs: number; bytes: number };

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
  const kept = new Map<string, Kept>();
  let keptBytes = 0;
  const coming = new Map<string, Promise<GuardedResponse>>();
  const elsewhere =
    shared &&
    createSharedResponses(shared, async (id) => {
      const response = await (kept.get(id)?.response ?? coming.get(id));
      return typeof response === "object" ? response : undefined;
    });

  function makeRoom(): void {
    for (const [id, { atMs, bytes }] of kept) {
      if (keptBytes <= MAX_RESPONSE_BYTES && Math.abs(nowMs() - atMs) < RESPONSE_KEPT_MS) return;
      kept.delete(id);
      keptBytes -= bytes;
    }
  }

  /**
   * Kept before it resolves, so that a second delivery finds it while the first is being response.
   */
  function keep(id: string, response: Promise<FirstResponse>): void {
    const entry: Kept = { response, atMs: nowMs(), bytes: 0 };
    kept.set(id, entry);
    void response.then((made) => {
      if (kept.get(id) !== entry) return;
      entry.bytes = bytesOf(made);
      keptBytes += entry.bytes;
      makeRoom();
    });
  }

  async function respondToNew(
    { id, signedAtMs }: { readonly id: string; readonly signedAtMs: number },
    respond: () => Promise<FirstResponse>,
  ): Promise<GuardedResponse> {
    const occurrence = await meet(id);
    if (occurrence === "again") return (await elsewhere?.ask(id)) ?? "repeated";
    if (occurrence === "first-here" && signedAtMs < beganAtMs - CLOCK_DIFFERENCE_MS)
      return "too-old";
    const response = respond();
    keep(id, response);
    return response;
  }

  return {
    async respondOnce(interaction, respond) {
      makeRoom();
      const { id } = interaction;
      const known = kept.get(id)?.response ?? coming.get(id);
      if (known !== undefined) return known;
      const response = respondToNew(interaction, respond).finally(() => coming.delete(id));
      coming.set(id, response);
      return response;
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
}): (id: string) => Promise<Occurrence> {
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

  return async (id) => {
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
  };
}
