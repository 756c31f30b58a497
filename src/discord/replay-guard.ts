import type { RedisPart } from "../process/redis.ts";
import { createSharedResponses, type FirstResponse } from "./shared-responses.ts";

/**
 * Runs an interaction once, however often it is delivered. Discord delivers one again when it did
 * not get the response, and so may anybody who recorded a signed request.
 */
export type ReplayGuard = {
  /**
   * Runs `answer` for the first delivery, and gives its response to every delivery of the next half
   * minute, on any process. `repeated`: the response is no longer known. `too-old`: signed before
   * this process began, so that it may have been answered by an earlier one.
   */
  answerOnce(
    interaction: { readonly id: string; readonly signedAtMs: number },
    answer: () => Promise<FirstResponse>,
  ): Promise<GuardedResponse>;
  /** Answers other processes no more. */
  stop(): void;
};

/** Discord gives an interaction 3 s, so a second delivery comes soon or is of no use. */
const RESPONSE_KEPT_MS = 30_000;

/** How much is kept at once, in bytes: some hundred pictures. */
const MOST_RESPONSE_BYTES = 32 * 1024 * 1024;

/**
 * Interaction ids remembered in one generation, of which there are two: under more load than that a
 * replay may pass.
 */
const REMEMBERED_IDS = 100_000;

/** How far Discord's clock and ours may be apart. */
const CLOCK_DIFFERENCE_MS = 2_000;

type GuardedResponse = FirstResponse | "repeated" | "too-old";
type Kept = { readonly response: Promise<FirstResponse>; readonly atMs: number; bytes: number };

/**
 * Guards against repetitions, with `shared` across all processes on that part of a Redis; while
 * Redis cannot be asked each process knows its own. `keepMs` is how long a signature is accepted.
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
      if (keptBytes <= MOST_RESPONSE_BYTES && Math.abs(nowMs() - atMs) < RESPONSE_KEPT_MS) return;
      kept.delete(id);
      keptBytes -= bytes;
    }
  }

  /** Kept at once, so that a second delivery finds it while the first is being answered. */
  function keep(id: string, response: Promise<FirstResponse>): void {
    const entry: Kept = { response, atMs: nowMs(), bytes: 0 };
    kept.set(id, entry);
    void response.then(({ body }) => {
      if (kept.get(id) !== entry) return;
      entry.bytes = body.byteLength;
      keptBytes += entry.bytes;
      makeRoom();
    });
  }

  async function answerNew(
    { id, signedAtMs }: { readonly id: string; readonly signedAtMs: number },
    answer: () => Promise<FirstResponse>,
  ): Promise<GuardedResponse> {
    const occurrence = await meet(id);
    if (occurrence === "again") return (await elsewhere?.ask(id)) ?? "repeated";
    if (occurrence === "first-here" && signedAtMs < beganAtMs - CLOCK_DIFFERENCE_MS)
      return "too-old";
    const response = answer();
    keep(id, response);
    return response;
  }

  return {
    async answerOnce(interaction, answer) {
      makeRoom();
      const { id } = interaction;
      const known = kept.get(id)?.response ?? coming.get(id);
      if (known !== undefined) return known;
      const answered = answerNew(interaction, answer).finally(() => coming.delete(id));
      coming.set(id, answered);
      return answered;
    },
    stop: () => elsewhere?.stop(),
  };
}

/**
 * Whether an id comes for the first time: `first` (for every process), `first-here` (for this one;
 * others cannot be asked or do not exist), `again`.
 */
type Occurrence = "first" | "first-here" | "again";

/** Remembers ids for `keepMs` at least. Never rejects. */
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
