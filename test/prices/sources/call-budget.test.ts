import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Priority } from "../../../src/prices/price-source.ts";
import { createCallBudget } from "../../../src/prices/sources/call-budget.ts";

const NEVER = new AbortController().signal;

// Windows are whole seconds at least; the clock is turned by hand instead of waiting for them.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date", "performance", "setTimeout", "clearTimeout"] });
});

afterEach(() => {
  vi.useRealTimers();
});

async function takeNow(
  budget: ReturnType<typeof createCallBudget>,
  priority: Priority,
  times: number,
): Promise<number> {
  const taken = await Promise.all(
    Array.from({ length: times }, () => budget.acquire(priority, 0, NEVER)),
  );
  return taken.filter(Boolean).length;
}

describe("a call budget", () => {
  it("gives out the calls of a window and no more", async () => {
    const budget = createCallBudget({ calls: 30, windowSeconds: 60 });
    expect(await takeNow(budget, "interactive", 100)).toBe(30);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(await takeNow(budget, "interactive", 100)).toBe(0);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await takeNow(budget, "interactive", 100)).toBe(30);
  });

  it("sends a burst at once, and what is left of the window evenly spaced", async () => {
    vi.useRealTimers();
    const burst = { calls: 3, perSecond: 50 };
    const budget = createCallBudget({ calls: 5, windowSeconds: 60, burst });
    const startedAtMs = performance.now();
    const waitedMs = await Promise.all(
      Array.from({ length: 5 }, async () => {
        expect(await budget.acquire("interactive", 1_000, NEVER)).toBe(true);
        return performance.now() - startedAtMs;
      }),
    );
    // A timer may fire a millisecond before its time.
    expect(waitedMs[3]).toBeGreaterThanOrEqual(18);
    expect(waitedMs[4]).toBeGreaterThanOrEqual(38);
    expect(waitedMs[2]).toBeLessThan(waitedMs[3] ?? 0);
  });

  it("refuses a call at once that would have to wait for its turn too long", async () => {
    const burst = { calls: 10, perSecond: 5 };
    const budget = createCallBudget({ calls: 15, windowSeconds: 3, burst });
    expect(await takeNow(budget, "interactive", 15)).toBe(10);
  });

  it("reports what is left, and counts a finished window as unused", async () => {
    const budget = createCallBudget({ calls: 30, windowSeconds: 60 });
    expect(budget.state()).toEqual({ callsLeft: 30, callsPerWindow: 30, windowSeconds: 60 });
    await takeNow(budget, "background", 100);
    await takeNow(budget, "interactive", 5);
    expect(budget.state().callsLeft).toBe(15);
    await takeNow(budget, "interactive", 100);
    expect(budget.state().callsLeft).toBe(0);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(budget.state().callsLeft).toBe(30);
  });

  it("leaves two thirds of each window to people, however much background work waits", async () => {
    const budget = createCallBudget({ calls: 30, windowSeconds: 60 });
    expect(await takeNow(budget, "background", 100)).toBe(10);
    expect(await takeNow(budget, "interactive", 100)).toBe(20);
  });

  it("gives background work more while no member asks, and only its third once one does", async () => {
    const budget = createCallBudget({ calls: 8, windowSeconds: 1, quietShare: 3 / 4 });
    expect(await takeNow(budget, "background", 100)).toBe(6);
    expect(await takeNow(budget, "interactive", 100)).toBe(2);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await takeNow(budget, "background", 100)).toBe(2);
    expect(await takeNow(budget, "interactive", 100)).toBe(6);
    await vi.advanceTimersByTimeAsync(10_001);
    expect(await takeNow(budget, "background", 100)).toBe(6);
  });

  it("leaves them to members when the web uses its whole share, which takes nothing from background work", async () => {
    const budget = createCallBudget({ calls: 30, windowSeconds: 60 });
    expect(await takeNow(budget, "anonymous", 100)).toBe(10);
    expect(await takeNow(budget, "background", 100)).toBe(10);
    expect(await takeNow(budget, "interactive", 100)).toBe(10);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await takeNow(budget, "anonymous", 100)).toBe(10);
  });

  it("never gives background work two shares of one window, whenever its first call was", async () => {
    const budget = createCallBudget({ calls: 30, windowSeconds: 60 });
    await takeNow(budget, "interactive", 1);
    await vi.advanceTimersByTimeAsync(50_000);
    expect(await takeNow(budget, "background", 100)).toBe(10);
    await vi.advanceTimersByTimeAsync(10_000);
    // A new window for all began.
    await takeNow(budget, "interactive", 1);
    let taken = 0;
    for (let second = 0; second < 59; second += 1) {
      taken += await takeNow(budget, "background", 30);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(taken).toBe(10);
  });

  it("gives background work a call of even the smallest budget", async () => {
    const budget = createCallBudget({ calls: 1, windowSeconds: 1 });
    expect(await takeNow(budget, "background", 3)).toBe(1);
  });

  it("refuses at once a call that would wait past its deadline", async () => {
    const budget = createCallBudget({ calls: 1, windowSeconds: 60 });
    await takeNow(budget, "interactive", 1);
    const began = performance.now();
    expect(await budget.acquire("interactive", 8_000, NEVER)).toBe(false);
    expect(performance.now() - began).toBe(0);
  });
});

describe("waiting for a call", () => {
  it("ends with the next window", async () => {
    vi.useRealTimers();
    const budget = createCallBudget({ calls: 2, windowSeconds: 0.1 });
    const began = performance.now();
    const taken = await Promise.all(
      Array.from({ length: 3 }, () => budget.acquire("interactive", 10_000, NEVER)),
    );
    expect(taken).toEqual([true, true, true]);
    expect(performance.now() - began).toBeGreaterThanOrEqual(95);
  });

  it("is bounded for a crowd: calls without a window in time are refused", async () => {
    vi.useRealTimers();
    const budget = createCallBudget({ calls: 2, windowSeconds: 0.1 });
    // Windows begin at 0, 100 and 200 ms.
    const taken = await Promise.all(
      Array.from({ length: 20 }, () => budget.acquire("interactive", 250, NEVER)),
    );
    expect(taken.filter(Boolean).length).toBeGreaterThanOrEqual(2);
    expect(taken.filter(Boolean).length).toBeLessThanOrEqual(6);
  });

  it("ends when the caller gives up", async () => {
    const budget = createCallBudget({ calls: 1, windowSeconds: 60 });
    await takeNow(budget, "interactive", 1);
    const givingUp = new AbortController();
    const waiting = budget.acquire("interactive", 120_000, givingUp.signal);
    givingUp.abort();
    expect(await waiting).toBe(false);
    expect(await budget.acquire("interactive", 120_000, givingUp.signal)).toBe(false);
  });
});
