import { within } from "../../process/clock.ts";
import { forEachAtOnce } from "../../process/concurrency-limit.ts";
import { createDeferred, type Deferred } from "../../process/deferred.ts";
import type { Ask, ClosesResult, CoinRef, PriceSource } from "../price-source.ts";
import type { CachedPrices, ClosesNeed } from "./cached-prices.ts";
import type { FetchCache } from "./fetch-cache.ts";
import type { OnWaveProgress } from "./wave-progress.ts";

/** Calls of one coin each that are under way where the source takes no more. */
const SINGLE_CALLS_AT_ONCE = 3;

/** Fetches the closes of many coins together, and lets questions for one of them wait for it. */
export class ClosesWave {
  readonly #source: PriceSource;
  readonly #cache: FetchCache;
  readonly #prices: CachedPrices;
  readonly #waitsMs: number;
  /** The coins of all waves under way; each is resolved when its closes are there. */
  readonly #underWay = new Map<string, Deferred<void>>();
  readonly #onProgress: OnWaveProgress | undefined;
  /** Coins that the waves under way have to fetch, and how many of them are left. */
  #wanted = 0;
  #left = 0;

  constructor(options: {
    readonly source: PriceSource;
    readonly cache: FetchCache;
    readonly prices: CachedPrices;
    /** How long a question, or another process' wave, waits for this one, in milliseconds. */
    readonly waitsMs: number;
    readonly onProgress?: OnWaveProgress | undefined;
  }) {
    this.#source = options.source;
    this.#cache = options.cache;
    this.#prices = options.prices;
    this.#waitsMs = options.waitsMs;
    this.#onProgress = options.onProgress;
  }

  /** Resolves when no wave is fetching this coin, or when that takes too long. */
  async ended({ coinId }: CoinRef): Promise<void> {
    const coin = this.#underWay.get(coinId);
    if (coin !== undefined) await within(this.#waitsMs, coin.promise);
  }

  /** Fetches what is missing; `onReady` is called with each coin as soon as it need not wait. */
  async run(
    coins: readonly CoinRef[],
    to: string,
    ask: Ask,
    onReady?: (coin: CoinRef) => void,
  ): Promise<void> {
    const ours = new Map<string, CoinRef>();
    const end = ({ coinId }: CoinRef) => {
      const coin = ours.get(coinId);
      if (coin === undefined) return;
      ours.delete(coinId);
      this.#underWay.get(coinId)?.resolve();
      this.#underWay.delete(coinId);
      onReady?.(coin);
    };
    for (const coin of coins) {
      // Another wave is fetching it: questions for it wait for that one.
      if (this.#underWay.has(coin.coinId)) onReady?.(coin);
      else {
        ours.set(coin.coinId, coin);
        this.#underWay.set(coin.coinId, createDeferred());
      }
    }
    try {
      const waitMs = ask.priority === "background" ? this.#waitsMs : 0;
      await this.#cache.runExclusive(
        `prepare:${this.#source.id}`,
        () => this.#fetchMissing(ours, to, ask, end),
        { priority: ask.priority, waitMs: { interactive: waitMs, background: waitMs } },
      );
    } finally {
      for (const coin of [...ours.values()]) end(coin);
    }
  }

  async #fetchMissing(
    ours: ReadonlyMap<string, CoinRef>,
    to: string,
    ask: Ask,
    end: (coin: CoinRef) => void,
  ): Promise<void> {
    const needs: ClosesNeed[] = [];
    for (const coin of [...ours.values()]) {
      const need = await this.#prices.needOf(coin, { from: "listing", to });
      if (need === undefined) end(coin);
      else needs.push(need);
    }
    if (needs.length === 0) return;
    this.#wanted += needs.length;
    this.#left += needs.length;
    this.#onProgress?.(this.#left, this.#wanted);
    let left = needs.length;
    const fetched = (count: number) => {
      left -= count;
      this.#left -= count;
      this.#onProgress?.(this.#left, this.#wanted);
      if (this.#left === 0) this.#wanted = 0;
    };
    try {
      await this.#fetchNeeds(needs, ask, (coin) => {
        end(coin);
        fetched(1);
      });
    } finally {
      if (left > 0) fetched(left);
    }
  }

  async #fetchNeeds(
    needs: readonly ClosesNeed[],
    ask: Ask,
    end: (coin: CoinRef) => void,
  ): Promise<void> {
    const wanted: ClosesNeed[] = [];
    // The cache is read once more for each result: a wave of coins does not have to fit in memory.
    await this.#fetchAll(needs, ask, async (need, result) => {
      const usable = await this.#prices.usable(need.coin);
      if (this.#prices.leavesGap(need, result, usable)) {
        wanted.push({ ...need, part: undefined });
        return;
      }
      await this.#prices.settle(need, result, usable);
      end(need.coin);
    });
    await this.#fetchAll(wanted, ask, async (need, result) => {
      await this.#prices.settle(need, result, undefined);
      end(need.coin);
    });
  }

  async #fetchAll(
    needs: readonly ClosesNeed[],
    ask: Ask,
    onResult: (need: ClosesNeed, result: ClosesResult) => Promise<void>,
  ): Promise<void> {
    const source = this.#source;
    if (source.closesOfMany !== undefined) {
      const byCoin = new Map(needs.map((need) => [need.coin.coinId, need]));
      const requests = needs.map(({ coin, range, part }) => ({ coin, range: part ?? range }));
      return source.closesOfMany(requests, ask, async (coinId, result) => {
        const need = byCoin.get(coinId);
        if (need !== undefined) await onResult(need, result);
      });
    }
    await forEachAtOnce(SINGLE_CALLS_AT_ONCE, needs, async (need) =>
      onResult(need, await source.closes(need.coin, need.part ?? need.range, ask)),
    );
  }
}
