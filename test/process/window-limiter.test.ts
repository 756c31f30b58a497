import { expect, it } from "vitest";
import { createWindowLimiter, MAX_KEYS } from "../../src/process/window-limiter.ts";

it("counts a bounded number of names and forgets only the least recently used", () => {
  const limiter = createWindowLimiter({ calls: 1, windowSeconds: 3_600, what: "test" });
  for (let at = 0; at <= MAX_KEYS; at += 1) limiter.count(`name-${at}`);
  // Name 0 made room for the last name.
  expect(limiter.windowOf("name-0")).toBeUndefined();
  expect(limiter.windowOf("name-1")).toMatchObject({ calls: 1, callsLeft: 0, isWithin: true });
  expect(limiter.count(`name-${MAX_KEYS}`)).toMatchObject({ calls: 2, isWithin: false });
});

it("begins a new window once the old one is over, or was reset", () => {
  let nowMs = 50_000;
  const clock = { nowMs: () => nowMs };
  const limiter = createWindowLimiter({ calls: 2, windowSeconds: 10, what: "test", clock });
  limiter.count("somebody");
  nowMs += 4_000;
  expect(limiter.count("somebody")).toEqual({
    calls: 2,
    callsLeft: 0,
    isWithin: true,
    endsInMs: 6_000,
  });
  nowMs += 5_999;
  expect(limiter.count("somebody")).toMatchObject({ calls: 3, isWithin: false, endsInMs: 1 });
  nowMs += 1;
  expect(limiter.windowOf("somebody")).toBeUndefined();
  expect(limiter.count("somebody")).toMatchObject({ calls: 1, isWithin: true, endsInMs: 10_000 });
  limiter.reset("somebody");
  expect(limiter.windowOf("somebody")).toBeUndefined();
});
