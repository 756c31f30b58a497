import { setTimeout as wait } from "node:timers/promises";
import type { CoinRef } from "../price-source.ts";

/** Coins that wait to be checked against the main source, one after the other. */
export type CoinCheckQueue = {
  /** A coin that waits already keeps its place. */
  add(coin: CoinRef): void;
  /** How many coins wait now. */
  size(): number;
  /** Resolves as soon as no coin waits. */
  idle(): Promise<void>;
};

/** Options of {@link createCoinCheckQueue}. */
export type CoinCheckQueueOptions = {
  /**
   * Resolves false for a coin that could not be checked now, which then goes to the end of the
   * queue. Never rejects.
   */
  readonly check: (coin: CoinRef) => Promise<boolean>;
  /** Pause after a check that failed, in milliseconds. */
  readonly pauseMs: number;
};

/** A coin that finds the queue full is dropped: the next digest that shows it adds it again. */
const MAX_WAITING = 5_000;

/** Makes a queue that works while coins wait in it, and never keeps the process alive. */
export function createCoinCheckQueue({ check, pauseMs }: CoinCheckQueueOptions): CoinCheckQueue {
  const waiting = new Map<string, CoinRef>();
  let working: Promise<void> | undefined;

  async function work(): Promise<void> {
    for (let next = first(); next !== undefined; next = first()) {
      const isChecked = await check(next);
      waiting.delete(next.coinId);
      if (isChecked) continue;
      waiting.set(next.coinId, next);
      await wait(pauseMs, undefined, { ref: false });
    }
  }

  function first(): CoinRef | undefined {
    return waiting.values().next().value;
  }

  return {
    add(coin) {
      if (waiting.has(coin.coinId) || waiting.size >= MAX_WAITING) return;
      waiting.set(coin.coinId, coin);
      working ??= work().finally(() => {
        working = undefined;
      });
    },
    size: () => waiting.size,
    idle: async () => {
      while (working !== undefined) await working;
    },
  };
}
