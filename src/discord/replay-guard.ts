import { setTimeout as elapse } from "node:timers/promises";
import { z } from "zod";
import type { RedisPart } from "../process/redis.ts";
import { createFirstTimes } from "./first-times.ts";

/** The HTTP response to an interaction, in bytes, so that it can be given again. */
export type FirstAnswer = {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
};

/**
 * Sees to it that an interaction runs once, however often it is delivered. Discord delivers one
 * again when it did not get the response; whoever recorded a signed request may, too.
 */
export type ReplayGuard = {
  /**
   * What `answer` comes to for an interaction that comes for the first time, and the same for every
   * delivery of the next half minute, on whichever process. `repeated`: its answer is not known any
   * more. `too-old`: it was signed before this process began, and nobody can say that it is not a
   * repetition.
   */
  answerOnce(
    interaction: { readonly id: string; readonly signedAtMs: number },
    answer: () => Promise<FirstAnswer>,
  ): Promise<FirstAnswer | "repeated" | "too-old">;
  /** Answers other processes no more. */
  stop(): void;
};

/** Discord gives an interaction 3 s, so that a second delivery comes soon or is of no use. */
const ANSWER_KEPT_MS = 30_000;

/** Answers kept at once, in bytes: some hundred pictures. */
const MOST_ANSWER_BYTES = 32 * 1024 * 1024;

/** Discord's clock and ours may differ by this much. */
const CLOCK_DIFFERENCE_MS = 2_000;

/** Another process answers or defers within 1.5 s of its delivery; Discord hangs up after 3. */
const ELSEWHERE_WITHIN_MS = 2_400;
const ELSEWHERE_PAUSE_MS = 50;
const ELSEWHERE_KEPT_MS = 10_000;
/** A connection that only listens would be ended for its silence. */
const PING_EVERY_MS = 2_000;

type Kept = { readonly answer: Promise<FirstAnswer>; readonly atMs: number; bytes: number };

/** Guards against repetitions; `keepMs` is for how long a request's signature can be believed. */
export function createReplayGuard(options: {
  keepMs: number;
  nowMs: () => number;
  shared?: RedisPart | undefined;
}): ReplayGuard {
  const { keepMs, nowMs, shared } = options;
  // Discord's stamps are whole seconds, cut off.
  const beganAtMs = Math.floor(nowMs() / 1_000) * 1_000;
  const seen = createFirstTimes({ keepMs, nowMs, shared });
  const kept = new Map<string, Kept>();
  let keptBytes = 0;
  const coming = new Map<string, Promise<FirstAnswer | "repeated" | "too-old">>();
  const elsewhere =
    shared && answersElsewhere(shared, async (id) => kept.get(id)?.answer ?? coming.get(id));

  function makeRoom(): void {
    for (const [id, { atMs, bytes }] of kept) {
      if (keptBytes <= MOST_ANSWER_BYTES && Math.abs(nowMs() - atMs) < ANSWER_KEPT_MS) return;
      kept.delete(id);
      keptBytes -= bytes;
    }
  }

  /**
   * Known from now on, so that a second delivery finds it while the first one is being answered.
   */
  function keep(id: string, answer: Promise<FirstAnswer>): void {
    const entry: Kept = { answer, atMs: nowMs(), bytes: 0 };
    kept.set(id, entry);
    void answer.then(({ body }) => {
      if (kept.get(id) !== entry) return;
      entry.bytes = body.byteLength;
      keptBytes += entry.bytes;
      makeRoom();
    });
  }

  async function answerNew(
    { id, signedAtMs }: { readonly id: string; readonly signedAtMs: number },
    answer: () => Promise<FirstAnswer>,
  ): Promise<FirstAnswer | "repeated" | "too-old"> {
    const occurrence = await seen.meet(id);
    if (occurrence === "again") return (await elsewhere?.ask(id)) ?? "repeated";
    if (occurrence === "first-here" && signedAtMs < beganAtMs - CLOCK_DIFFERENCE_MS)
      return "too-old";
    const answered = answer();
    keep(id, answered);
    return answered;
  }

  return {
    async answerOnce(interaction, answer) {
      makeRoom();
      const { id } = interaction;
      const known = kept.get(id)?.answer ?? coming.get(id);
      if (known !== undefined) return known;
      const answered = answerNew(interaction, answer).finally(() => coming.delete(id));
      coming.set(id, answered);
      return answered;
    },
    stop: () => elsewhere?.stop(),
  };
}

const storedAnswer = z.object({
  status: z.number().int(),
  contentType: z.string(),
  base64: z.base64(),
});

/**
 * First answers of other processes. They stay where they were made until somebody asks for one:
 * each has a picture, and hardly any is asked for. `find` is what this process knows.
 */
function answersElsewhere(
  { redis, name }: RedisPart,
  find: (id: string) => Promise<FirstAnswer | string | undefined>,
) {
  const wanted = `lambo:wanted:${name}`;
  const keyOf = (id: string) => `lambo:answer:${name}:${id}`;
  // A connection that listens can do nothing else.
  const listening = redis.client.duplicate({ pingInterval: PING_EVERY_MS });
  // The shared connection tells of an outage; meanwhile a repeated delivery is one that nobody can
  // answer.
  listening.on("error", () => undefined);
  const asked = new Set<string>();
  let isStopped = false;

  async function hand(id: string): Promise<void> {
    // The question may be this process's own.
    if (asked.has(id)) return;
    const answer = await find(id);
    if (typeof answer !== "object") return;
    const { body, ...rest } = answer;
    const stored = JSON.stringify({ ...rest, base64: Buffer.from(body).toString("base64") });
    await redis.client.set(keyOf(id), stored, { PX: ELSEWHERE_KEPT_MS });
  }

  async function listen(): Promise<void> {
    await listening.connect();
    await listening.subscribe(wanted, (id) => void hand(id).catch(() => undefined));
  }
  void listen().catch(() => undefined);
  listening.on("ready", () => {
    // A connection that was being made when it was ended is made all the same.
    if (isStopped) listening.destroy();
  });

  return {
    /** Undefined when nobody gives it in time. Never rejects. */
    async ask(id: string): Promise<FirstAnswer | undefined> {
      const untilMs = performance.now() + ELSEWHERE_WITHIN_MS;
      asked.add(id);
      try {
        await redis.client.publish(wanted, id);
        while (performance.now() < untilMs) {
          const stored = await redis.client.get(keyOf(id));
          if (stored !== null) {
            const { base64, ...rest } = storedAnswer.parse(JSON.parse(stored));
            return { ...rest, body: Buffer.from(base64, "base64") };
          }
          await elapse(ELSEWHERE_PAUSE_MS);
        }
        return undefined;
      } catch {
        return undefined;
      } finally {
        asked.delete(id);
      }
    },
    stop() {
      isStopped = true;
      if (listening.isOpen) listening.destroy();
    },
  };
}
