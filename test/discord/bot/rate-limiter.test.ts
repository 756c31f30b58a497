import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRateLimiter, type RequestPriority } from "../../../src/discord/bot/rate-limiter.ts";
import { handClock } from "../../support/hand-clock.ts";

/**
 * Sends requests to a Discord that receives each `arrivesAfterMs` later and answers it after
 * `answersAfterMs`; gives when each was sent and when it arrived.
 */
async function run(
  count: number,
  delaysOf: (
    index: number,
    sentAtMs: number,
  ) => { readonly arrivesAfterMs: number; readonly answersAfterMs: number },
  more: { readonly untilMs: number; readonly stepMs: number; readonly priority?: RequestPriority },
) {
  const time = handClock();
  const limiter = createRateLimiter({ clock: time.clock });
  const sentAtMs: number[] = [];
  const arrivedAtMs: number[] = [];
  for (let index = 0; index < count; index += 1) {
    void limiter.acquire(more.priority ?? "bulk", 1e9).then((release) => {
      const { arrivesAfterMs, answersAfterMs } = delaysOf(index, time.clock.nowMs());
      sentAtMs.push(time.clock.nowMs());
      time.clock.after(arrivesAfterMs, () => arrivedAtMs.push(time.clock.nowMs()));
      time.clock.after(Math.max(arrivesAfterMs, answersAfterMs), () => release?.());
    });
  }
  while (time.clock.nowMs() < more.untilMs) await time.advance(more.stepMs);
  return { sentAtMs, arrivedAtMs };
}

/** The most requests in any window of a second, wherever it begins. */
function busiestWindow(atMs: readonly number[]): number {
  const sorted = [...atMs].sort((a, b) => a - b);
  return Math.max(
    0,
    ...sorted.map((from) => sorted.filter((at) => at >= from && at < from + 1_000).length),
  );
}

describe("bulk requests", () => {
  it("are sent at 45 a second, spread evenly", async () => {
    const { sentAtMs } = await run(500, () => ({ arrivesAfterMs: 5, answersAfterMs: 10 }), {
      untilMs: 10_000,
      stepMs: 5,
    });
    expect(sentAtMs.length).toBeGreaterThanOrEqual(445);
    expect(busiestWindow(sentAtMs)).toBeLessThanOrEqual(45);
    const quarter = sentAtMs.filter((at) => at >= 5_000 && at < 5_250).length;
    expect(quarter).toBeGreaterThanOrEqual(10);
    expect(quarter).toBeLessThanOrEqual(13);
  });

  it("are sent as quickly to a Discord that is far away, once the distance is known", async () => {
    const { sentAtMs } = await run(700, () => ({ arrivesAfterMs: 60, answersAfterMs: 120 }), {
      untilMs: 13_000,
      stepMs: 5,
    });
    const later = sentAtMs.filter((at) => at >= 3_000 && at < 13_000);
    expect(later.length).toBeGreaterThanOrEqual(445);
  });

  it("catch up after late timers, but not in one burst", async () => {
    const { sentAtMs } = await run(500, () => ({ arrivesAfterMs: 1, answersAfterMs: 2 }), {
      untilMs: 10_000,
      stepMs: 100,
    });
    expect(sentAtMs.length).toBeGreaterThanOrEqual(427);
    expect(busiestWindow(sentAtMs)).toBeLessThanOrEqual(45);
    for (const at of new Set(sentAtMs.slice(10)))
      expect(sentAtMs.filter((other) => other === at).length).toBeLessThanOrEqual(6);
  });

  it("never exceed Discord's limit, however long each takes to arrive and wherever Discord's seconds begin", async () => {
    // A network that stalls now and then and delivers everything at once afterwards: the worst case
    // for a pace of our own.
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 300, max: 3_000 }),
        fc.integer({ min: 100, max: 1_500 }),
        fc.integer({ min: 0, max: 200 }),
        async (everyMs, forMs, oneWayMs) => {
          const stallsFor = (sentAtMs: number) => {
            const intoRoundMs = sentAtMs % (everyMs + forMs);
            return intoRoundMs < everyMs ? 0 : everyMs + forMs - intoRoundMs;
          };
          const { arrivedAtMs } = await run(
            300,
            (_, sentAtMs) => ({
              arrivesAfterMs: stallsFor(sentAtMs) + oneWayMs,
              answersAfterMs: stallsFor(sentAtMs) + 2 * oneWayMs,
            }),
            { untilMs: 9_000, stepMs: 5 },
          );
          expect(busiestWindow(arrivedAtMs)).toBeLessThanOrEqual(50);
          expect(arrivedAtMs.length).toBeGreaterThan(100);
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe("a request that waits", () => {
  it("of a person is sent at once in the middle of a bulk wave, before everything that waits", async () => {
    const time = handClock();
    const limiter = createRateLimiter({ clock: time.clock });
    for (let index = 0; index < 300; index += 1)
      void limiter.acquire("bulk", 1e9).then((release) => time.clock.after(30, () => release?.()));
    while (time.clock.nowMs() < 3_000) await time.advance(5);
    let isServed = false;
    void limiter.acquire("person", 1_000).then(() => (isServed = true));
    await time.settle();
    expect(isServed).toBe(true);
  });

  it("gives up after its longest wait, and the next one is sent instead", async () => {
    const time = handClock();
    const limiter = createRateLimiter({ requestsPerSecond: 1, clock: time.clock });
    const release = await limiter.acquire("person", 100);
    const served: string[] = [];
    const late = limiter
      .acquire("person", 100)
      .then((release) => void served.push(release === undefined ? "too late" : "in time"));
    const next = limiter
      .acquire("person", 5_000)
      .then((release) => void served.push(release === undefined ? "too late" : "next"));
    await time.advance(100);
    await late;
    release?.();
    release?.();
    await time.advance(999);
    expect(served).toEqual(["too late"]);
    await time.advance(1);
    await next;
    expect(served).toEqual(["too late", "next"]);
    expect(time.pending()).toBe(0);
  });

  it("for too long is not sent, although the process was suspended and both are overdue when it resumes", async () => {
    const time = handClock();
    const limiter = createRateLimiter({ requestsPerSecond: 1, clock: time.clock });
    (await limiter.acquire("person", 100))?.();
    const late = limiter.acquire("person", 1_500);
    await time.advance(60_000);
    expect(await late).toBeUndefined();
    expect(await limiter.acquire("person", 0)).toBeDefined();
    expect(time.pending()).toBe(0);
  });
});
