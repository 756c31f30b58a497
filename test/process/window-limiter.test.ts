import { expect, it } from "vitest";
import { createWindowLimiter, MAX_KEYS } from "../../src/process/window-limiter.ts";

it("counts a bounded number of names and forgets only the least recently used", async () => {
  const limiter = createWindowLimiter({ calls: 1, windowSeconds: 3_600, what: "test" });
  for (let at = 0; at <= MAX_KEYS; at += 1) await limiter.consume(`name-${at}`);
  // Name 0 made room for the last name.
  expect(await limiter.get("name-0")).toBeNull();
  expect(await limiter.get("name-1")).toMatchObject({ consumedPoints: 1 });
  await expect(limiter.consume(`name-${MAX_KEYS}`)).rejects.toMatchObject({ remainingPoints: 0 });
});
