import { describe, expect, it } from "vitest";
import { createIdentifyLimit, type SessionStarts } from "../../src/discord/identify-limit.ts";
import { DAY_MS } from "../../src/valuation/calendar.ts";
import { handClock } from "../support/hand-clock.ts";
import { createLogLines } from "../support/log-lines.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Discord's count of session starts, and a limit before it that logs in whenever it may. */
function underTest(first: Partial<SessionStarts> = {}) {
  const time = handClock();
  const { log, matching } = createLogLines();
  const limit = createIdentifyLimit({ log, clock: time.clock, random: () => 0 });
  const starts = {
    total: 1_000,
    remaining: 1_000,
    resetAfterMs: DAY_MS,
    maxConcurrency: 1,
    ...first,
  };
  const resetAtMs = starts.resetAfterMs;
  let isAnswering = true;
  const identifiedAtMs: number[] = [];

  async function askStarts(): Promise<SessionStarts | undefined> {
    const nowMs = time.clock.nowMs();
    if (!isAnswering) return undefined;
    const remaining = nowMs >= resetAtMs ? starts.total : starts.remaining - identifiedAtMs.length;
    return { ...starts, remaining, resetAfterMs: Math.max(0, resetAtMs - nowMs) };
  }

  return {
    time,
    matching,
    limit,
    identifiedAtMs,
    fallSilent() {
      isAnswering = false;
    },
    acquire: (shardId = 0, signal = new AbortController().signal) =>
      limit
        .acquire(shardId, { signal, askStarts })
        .then(() => identifiedAtMs.push(time.clock.nowMs())),
    /** Lets this time go by, in steps of a second (or longer ones). */
    async pass(ms: number, stepMs = 1_000) {
      for (let passedMs = 0; passedMs < ms; passedMs += stepMs) await time.advance(stepMs);
    },
  };
}

/** A bot of one shard that has to log in again as soon as it has. */
async function storm(tested: ReturnType<typeof underTest>, times: number): Promise<void> {
  for (let round = 0; round < times; round += 1) await tested.acquire();
}

describe("logging in over and over", () => {
  it("makes growing pauses, up to five minutes, and never nears the day's 1,000", async () => {
    const tested = underTest();
    void storm(tested, 30);
    await tested.pass(3 * HOUR_MS);
    const pausesMs = tested.identifiedAtMs
      .slice(1)
      .map((atMs, index) => atMs - (tested.identifiedAtMs[index] ?? 0));
    expect(tested.identifiedAtMs).toHaveLength(30);
    expect(pausesMs.slice(0, 8)).toEqual([
      5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000,
    ]);
    expect(Math.max(...pausesMs)).toBe(300_000);
    expect(tested.limit.identifies()).toBe(30);
  });

  it("logs a warning at every tenth within an hour", async () => {
    const tested = underTest();
    void storm(tested, 14);
    await tested.pass(HOUR_MS);
    expect(
      tested.matching(/log in to Discord anew/).map(({ fields }) => fields["identifiesInLastHour"]),
    ).toEqual([10]);
  });

  it("happens at once after a quiet hour", async () => {
    const tested = underTest();
    void storm(tested, 6);
    await tested.pass(10 * MINUTE_MS);
    await tested.time.advance(HOUR_MS);
    await tested.acquire();
    expect(tested.identifiedAtMs.at(-1)).toBe(70 * MINUTE_MS);
  });

  it("keeps the shards of a group five seconds apart, and lets groups go together", async () => {
    const tested = underTest({ maxConcurrency: 2 });
    for (const shardId of [0, 1, 2, 3, 4]) void tested.acquire(shardId);
    await tested.pass(12_000);
    expect(tested.identifiedAtMs).toEqual([0, 0, 5_000, 5_000, 10_000]);
  });

  it("stops waiting once the connection has closed", async () => {
    const tested = underTest();
    await tested.acquire();
    const closed = new AbortController();
    const waiting = tested.acquire(0, closed.signal);
    await tested.time.settle();
    closed.abort();
    await expect(waiting).rejects.toThrow();
    expect(tested.time.pending()).toBe(0);
    expect(tested.limit.identifies()).toBe(1);
  });
});

describe("when nearly no session start is left", () => {
  it("each of the last five waits an hour, and the log says so", async () => {
    const tested = underTest({ remaining: 7 });
    void storm(tested, 4);
    await tested.pass(3 * HOUR_MS, 10_000);
    const [first, second, third, fourth] = tested.identifiedAtMs;
    expect([first, second]).toEqual([0, 10_000]);
    expect((third ?? 0) - (second ?? 0)).toBeGreaterThanOrEqual(HOUR_MS);
    expect((fourth ?? 0) - (third ?? 0)).toBeGreaterThanOrEqual(HOUR_MS);
    expect(tested.matching(/Nearly all of Discord's session starts/)[0]?.fields).toMatchObject({
      sessionStartsLeft: 5,
      pauseMinutes: 60,
    });
  });

  it("a process that was just started waits, too, because restarts use them up as well", async () => {
    const tested = underTest({ remaining: 5 });
    void tested.acquire();
    await tested.pass(59 * MINUTE_MS, 10_000);
    expect(tested.identifiedAtMs).toEqual([]);
    await tested.pass(MINUTE_MS, 10_000);
    expect(tested.identifiedAtMs).toEqual([HOUR_MS]);
  });

  it("with none at all, it waits for the reset however long that takes", async () => {
    const tested = underTest({ remaining: 0, resetAfterMs: 3 * HOUR_MS });
    void tested.acquire();
    await tested.pass(3 * HOUR_MS - 10_000, 10_000);
    expect(tested.identifiedAtMs).toEqual([]);
    await tested.pass(10_000, 10_000);
    expect(tested.identifiedAtMs).toEqual([3 * HOUR_MS]);
  });

  it("the bot counts by itself while Discord does not say what is left", async () => {
    const tested = underTest({ remaining: 8 });
    void storm(tested, 4);
    await tested.pass(1_000);
    tested.fallSilent();
    await tested.pass(30 * MINUTE_MS, 10_000);
    expect(tested.identifiedAtMs).toHaveLength(3);
  });
});
