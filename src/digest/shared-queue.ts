import { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import { ELAPSED, within } from "../process/clock.ts";
import type { Log } from "../process/log.ts";
import type { DigestSlot } from "../storage/digest-ledger.ts";
import { slotKey } from "./ledger-batches.ts";
import type { DigestPoster } from "./poster.ts";
import type { DigestQueue } from "./queue.ts";

/** How quickly a {@link createSharedQueue} notices failures; every part has a default. */
export type QueueTiming = {
  /** How long a job's worker may show no sign of life before another takes the job. */
  readonly lockMs?: number;
  /** How long Redis may take to accept jobs before this process posts them itself. */
  readonly acceptedWithinMs?: number;
  /** How long after a slot was handed over it is not handed over again. */
  readonly remembersMs?: number;
};

/** Options of {@link createSharedQueue}. */
export type SharedQueueOptions = {
  readonly redisUrl: string;
  /** Processes with the same name share the work. */
  readonly name: string;
  readonly poster: Pick<DigestPoster, "post">;
  /** Fetches the day's closes ahead of the posts. */
  readonly prepare: () => Promise<void>;
  /** Takes over while Redis is down: the ledger keeps processes from posting twice. */
  readonly fallback: DigestQueue;
  readonly log: Log;
  readonly now: () => Date;
  readonly timing?: QueueTiming;
};

const LOCK_MS = 30_000;
const ACCEPTED_WITHIN_MS = 3_000;
const REMEMBERS_MS = 120_000;
const CLOSED_WITHIN_MS = 1_000;
/** Posts in progress at once in one process, as in the embedded queue. */
const POSTS_AT_ONCE = 100;
const JOBS_PER_CALL = 500;
/** A preparation's id must outlive its day, so that no second preparation starts. */
const PREPARATION_KEPT_SECONDS = 2 * 86_400;
const PREPARE = "prepare";
const POST = "post";

type Data = DigestSlot | Record<string, never>;

/**
 * The queue of several processes, on BullMQ: whoever is free takes the next slot, and what a killed
 * process was working on comes back when its lock ends. A slot's job has the id `guild-date`
 * (BullMQ forbids colons), so that the ticks of all processes make one job. Nothing durable lives
 * here: a job only says that somebody should look, and the ledger decides who posts. The pace is
 * not BullMQ's limiter, whose windows would let two bursts into one second of Discord's, but the
 * rate limiter that all processes share.
 */
export async function createSharedQueue(options: SharedQueueOptions): Promise<DigestQueue> {
  const { fallback, log, now, timing = {} } = options;
  const {
    lockMs = LOCK_MS,
    acceptedWithinMs = ACCEPTED_WITHIN_MS,
    remembersMs = REMEMBERS_MS,
  } = timing;
  const { queue, disconnect, worker } = await connect({ ...options, lockMs, acceptedWithinMs });

  const handedOverMs = new Map<string, number>();
  let isFallingBack = false;

  async function accepted(call: () => Promise<unknown>): Promise<boolean> {
    try {
      if ((await within(acceptedWithinMs, call())) === ELAPSED)
        throw new Error(`no answer within ${acceptedWithinMs} ms`);
      if (isFallingBack) log.info({}, "digests are handed out through Redis again");
      isFallingBack = false;
      return true;
    } catch (error) {
      if (!isFallingBack)
        log.warn(
          { error: String(error) },
          "Redis does not take digests: this process posts them itself",
        );
      isFallingBack = true;
      return false;
    }
  }

  /** Oldest first. */
  function forgetOld(): void {
    const nowMs = now().getTime();
    for (const [key, atMs] of handedOverMs) {
      if (Math.abs(nowMs - atMs) < remembersMs) return;
      handedOverMs.delete(key);
    }
  }

  return {
    async add(slots) {
      forgetOld();
      let isTaken = true;
      for (let from = 0; from < slots.length; from += JOBS_PER_CALL) {
        const some = slots.slice(from, from + JOBS_PER_CALL);
        // Wait for a frozen Redis once, not in every batch.
        isTaken &&= await accepted(() => queue.addBulk(some.map(jobOf)));
        if (isTaken) {
          for (const slot of some) handedOverMs.set(slotKey(slot), now().getTime());
        } else {
          await fallback.add(some);
        }
      }
    },

    async prepare(utcOn) {
      const opts = {
        jobId: `${PREPARE}-${utcOn}`,
        removeOnComplete: { age: PREPARATION_KEPT_SECONDS },
        removeOnFail: true,
      };
      if (!(await accepted(() => queue.add(PREPARE, {}, opts)))) await fallback.prepare(utcOn);
    },

    isPending(guildId, localOn) {
      const key = slotKey({ guildId, localOn });
      const atMs = handedOverMs.get(key);
      if (atMs !== undefined && Math.abs(now().getTime() - atMs) < remembersMs) return true;
      handedOverMs.delete(key);
      return fallback.isPending(guildId, localOn);
    },

    async stop() {
      await fallback.stop();
      // Jobs in progress are finished by the poster, which has a stop of its own; their locks
      // expire.
      await within(CLOSED_WITHIN_MS, Promise.allSettled([worker.close(true), queue.close()])).catch(
        () => undefined,
      );
      disconnect();
    },
  };
}

/** Connects queue and worker, which keep trying while Redis cannot be reached. */
async function connect(
  options: SharedQueueOptions & { readonly lockMs: number; readonly acceptedWithinMs: number },
): Promise<{
  readonly queue: Queue<Data>;
  readonly worker: Worker<Data>;
  disconnect(): void;
}> {
  const { redisUrl, name, poster, prepare, lockMs, acceptedWithinMs, log } = options;
  // While Redis is down, the queue's connection fails at once and the worker's waits for it to come
  // back.
  const adding = new Redis(redisUrl, {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy,
  });
  const working = new Redis(redisUrl, {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    retryStrategy,
  });
  // Both connections, the queue and the worker report the same outage, and the cache's connection
  // has reported it already.
  const logQuietly = (error: Error) =>
    log.debug({ error: error.message }, "the digest queue does not reach Redis");
  adding.on("error", logQuietly);
  working.on("error", logQuietly);
  await within(acceptedWithinMs, adding.connect()).catch(() => undefined);

  const shared = { prefix: "lambo", skipVersionCheck: true };
  const queue = new Queue<Data>(`digests-${name}`, { ...shared, connection: adding });
  const worker = new Worker<Data>(
    `digests-${name}`,
    async ({ name: kind, data }) => {
      if (kind === PREPARE) await prepare();
      else if (isSlot(data)) await poster.post(data);
    },
    {
      ...shared,
      connection: working,
      concurrency: POSTS_AT_ONCE,
      lockDuration: lockMs,
      stalledInterval: lockMs,
      // Retried however often its workers are killed: the ledger knows when it is too late.
      maxStalledCount: 1_000,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    },
  );
  queue.on("error", logQuietly);
  worker.on("error", logQuietly);
  worker.on("failed", (_job, error) =>
    log.warn({ err: error }, "a job of the digest queue failed: the next tick hands it over again"),
  );
  return {
    queue,
    worker,
    disconnect() {
      adding.disconnect();
      working.disconnect();
    },
  };
}

function jobOf(slot: DigestSlot) {
  return {
    name: POST,
    data: slot,
    opts: {
      jobId: `${slot.guildId}-${slot.localOn}`,
      removeOnComplete: true,
      removeOnFail: true,
    },
  };
}

function isSlot(data: Data): data is DigestSlot {
  return "guildId" in data;
}

function retryStrategy(tries: number): number {
  return Math.min(50 * 2 ** tries, 2_000);
}
