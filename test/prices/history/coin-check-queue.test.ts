import { describe, expect, it } from "vitest";
import { createCoinCheckQueue } from "../../../src/prices/history/coin-check-queue.ts";

const coin = (coinId: string) => ({ coinId, symbol: coinId.toUpperCase() });

describe("coins that wait to be checked", () => {
  it("are checked one after the other, each once, however often it is added", async () => {
    const checked: string[] = [];
    let atOnce = 0;
    const queue = createCoinCheckQueue({
      pauseMs: 1,
      async check({ coinId }) {
        atOnce += 1;
        expect(atOnce).toBe(1);
        await Promise.resolve();
        checked.push(coinId);
        atOnce -= 1;
        return true;
      },
    });
    for (const coinId of ["one", "two", "one", "two", "three"]) queue.add(coin(coinId));
    await queue.idle();
    expect(checked).toEqual(["one", "two", "three"]);
    expect(queue.size()).toBe(0);
  });

  it("go to the end of the queue when they cannot be checked", async () => {
    const asked: string[] = [];
    const queue = createCoinCheckQueue({
      pauseMs: 1,
      async check({ coinId }) {
        asked.push(coinId);
        return coinId !== "one" || asked.length > 2;
      },
    });
    queue.add(coin("one"));
    queue.add(coin("two"));
    await queue.idle();
    expect(asked).toEqual(["one", "two", "one"]);
  });
});
