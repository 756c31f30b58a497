import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRequestTurns, type TurnPriority } from "../../../src/discord/bot/rate-limiter.ts";
import { handClock } from "../../support/hand-clock.ts";

/**
 * A Discord that takes requests at `arrivesAfterMs` and answers at `answersAfterMs`, and remembers
 * when each came.
 */
async function run(
  count: number,
  delaysOf: (
    index: number,
    sentAtMs: number,
  ) => { readonly arrivesAfterMs: number; readonly answersAfterMs: number },
  more: { readonly untilMs: number; readonly stepMs: number; readonly priority?: TurnPriority },
) {
  const time = handClock();
  const turns = createRequestTurns({ clock: time.clock });
  const sentAtMs: number[] = [];
  const arrivedAtMs: number[] = [];
  for (let index = 0; index < count; index += 1) {
    void turns.take(more.priority ?? "bulk", 1e9).then((over) => {
      const { arrivesAfterMs, answersAfterMs } = delaysOf(index, time.clock.nowMs());
      sentAtMs.push(time.clock.nowMs());
      time.clock.after(arrivesAfterMs, () => arrivedAtMs.push(time.clock.nowMs()));
      time.clock.after(Math.max(arrivesAfterMs, answersAfterMs), () => over?.());
    });
  }
  while (time.clock.nowMs() < more.untilMs) await time.turn(more.stepMs);
  return { sentAtMs, arrivedAtMs };
}

/** The most that any window of a second got, wherever it begins. */
function busiestWindow(atMs: readonly number[]): number {
  const sorted = [...atMs].sort((a, b) => a - b);
  return Math.max(
    0,
    ...sorted.map((from) => sorted.filter((at) => at >= from && at < from + 1_000).length),
  );
}

describe("bulk requests", () => {
  it("go out at 45 a second, spread evenly", async () => {
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

  it("make up for late timers, but not in one burst", async () => {
    const { sentAtMs } = await run(500, () => ({ arrivesAfterMs: 1, answersAfterMs: 2 }), {
      untilMs: 10_000,
      stepMs: 100,
    });
    expect(sentAtMs.length).toBeGreaterThanOrEqual(427);
    expect(busiestWindow(sentAtMs)).toBeLessThanOrEqual(45);
    for (const at of new Set(sentAtMs.slice(10)))
      expect(sentAtMs.filter((other) => other === at).length).toBeLessThanOrEqual(6);
  });

  it("never meet Discord's limit, however long each takes to arrive and wherever Discord's seconds begin", async () => {
    // A network that now and then stands still and then delivers all at once: the worst that a pace
    // of our own can meet.
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 300, max: 3_000 }),
        fc.integer({ min: 100, max: 1_500 }),
        async (everyMs, forMs) => {
          const standsStillFor = (sentAtMs: number) => {
            const intoRoundMs = sentAtMs % (everyMs + forMs);
            return intoRoundMs < everyMs ? 0 : everyMs + forMs - intoRoundMs;
          };
          const { arrivedAtMs } = await run(
            300,
            (_, sentAtMs) => ({
              arrivesAfterMs: standsStillFor(sentAtMs),
              answersAfterMs: standsStillFor(sentAtMs),
            }),
            { untilMs: 9_000, stepMs: 20 },
          );
          expect(busiestWindow(arrivedAtMs)).toBeLessThanOrEqual(50);
          expect(arrivedAtMs.length).toBeGreaterThan(100);
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe("somebody who waits", () => {
  it("is served at once in the middle of a wave, before all that is waiting", async () => {
    const time = handClock();
    const turns = createRequestTurns({ clock: time.clock });
    for (let index = 0; index < 300; index += 1)
      void turns.take("bulk", 1e9).then((over) => time.clock.after(30, () => over?.()));
    while (time.clock.nowMs() < 3_000) await time.turn(5);
    let isServed = false;
    void turns.take("person", 1_000).then(() => (isServed = true));
    await time.settle();
    expect(isServed).toBe(true);
  });

  it("is told when no turn comes in time, which then goes to the next", async () => {
    const time = handClock();
    const turns = createRequestTurns({ requestsPerSecond: 1, clock: time.clock });
    const over = await turns.take("person", 100);
    const served: string[] = [];
    const late = turns
      .take("person", 100)
      .then((turn) => void served.push(turn === undefined ? "too late" : "in time"));
    const next = turns
      .take("person", 5_000)
      .then((turn) => void served.push(turn === undefined ? "too late" : "next"));
    await time.turn(100);
    await late;
    over?.();
    over?.();
    await time.turn(999);
    expect(served).toEqual(["too late"]);
    await time.turn(1);
    await next;
    expect(served).toEqual(["too late", "next"]);
    expect(time.pending()).toBe(0);
  });

  it("comes to nobody who has waited too long, although the process was stopped and both are overdue when it wakes up", async () => {
    const time = handClock();
    const turns = createRequestTurns({ requestsPerSecond: 1, clock: time.clock });
    (await turns.take("person", 100))?.();
    const late = turns.take("person", 1_500);
    await time.turn(60_000);
    expect(await late).toBeUndefined();
    expect(await turns.take("person", 0)).toBeDefined();
    expect(time.pending()).toBe(0);
  });
});
