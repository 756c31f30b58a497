import { describe, expect, it } from "vitest";
import { isLate, lateRetries, lateRetryAtMs } from "../../src/prices/publication-schedule.ts";

const PUBLISHED_ON = "2026-11-24";
const at = (clock: string) => Date.parse(`2026-11-25T${clock}:00Z`);

describe("a late close", () => {
  it("is late for a week; after that the coin has ended", () => {
    expect(
      [PUBLISHED_ON, "2026-11-23", "2026-11-17", "2026-11-16"].map((lastOn) =>
        isLate(lastOn, PUBLISHED_ON),
      ),
    ).toEqual([false, true, true, false]);
  });

  it.each([
    ["00:35", "01:04", 0],
    ["00:35", "01:05", 1],
    ["00:35", "01:34", 1],
    ["00:35", "09:00", 2],
    ["11:59", "15:00", 2],
    ["12:00", "15:00", 0],
    ["09:00", "08:00", 0],
  ])("fetched at %s is fetched at %s %i more times", (askedAt, now, retries) => {
    expect(lateRetries(PUBLISHED_ON, at(askedAt), new Date(at(now)))).toBe(retries);
  });

  it("is worth fetching again half an hour later, and not at all after noon", () => {
    expect(lateRetryAtMs(PUBLISHED_ON, at("00:35"))).toBe(at("01:05"));
    expect(lateRetryAtMs(PUBLISHED_ON, at("12:00"))).toBeNull();
  });
});
