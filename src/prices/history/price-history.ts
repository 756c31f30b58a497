import type { Log } from "../../process/log.ts";
import { createSingleFlight, type SingleFlight } from "../../process/single-flight.ts";
import { addDays, utcDay } from "../../valuation/calendar.ts";
import type { CachingSource } from "../cache/caching-source.ts";
import type { Ask, CoinRef } from "../price-source.ts";
import { publishedThrough } from "../publication-schedule.ts";
import { type CoinCheckQueue, createCoinCheckQueue } from "./coin-check-queue.ts";
import { compacted } from "./compact-history.ts";
import { type EarlyRecord, joinEarlyRecord } from "./early-records.ts";
import { buildHistory } from "./history-builder.ts";
import { createHistoryMemory, type HistoryMemory } from "./history-memory.ts";
import type { HistoryOutcome } from "./history-outcome.ts";
import {
  createRecordGatherer,
  type Gathered,
  type GathererOptions,
  type GatherStrategy,
  type RecordGatherer,
} from "./record-gatherer.ts";

/**
 * Whole price histories, from the listing to yesterday: one for each coin and day, whoever asks.
 */
export type PriceHistories = {
  /**
   * Asks the sources in order and joins their closes. Never rejects for what the outside world
   * does.
   */
  history(coin: CoinRef, ask: Ask): Promise<HistoryOutcome>;
  /**
   * The same history at as little cost as possible, for many coins a day: the archive, which takes
   * many coins a call, brings the newest days; the main source is asked only for new coins, and
   * then every month or two. A new coin that nobody waits for stands on the archive alone (flag
   * `unchecked`) until the main source's budget allows checking it.
   */
  frugalHistory(coin: CoinRef, ask: Ask): Promise<HistoryOutcome>;
  /**
   * Fetches what {@link frugalHistory} of these coins needs in as few calls as possible, and calls
   * `onReady` with each coin whose history need not wait any longer. Never rejects for what the
   * outside world does.
   */
  prepare(coins: readonly CoinRef[], ask: Ask, onReady?: (coin: CoinRef) => void): Promise<void>;
  /**
   * Changes whenever the coin's history does; undefined for a coin that nobody asked about lately.
   */
  revision(coin: CoinRef): string | undefined;
  /** Resolves as soon as every new coin has been checked against the main source. */
  checked(): Promise<void>;
};

/** Options of {@link createPriceHistories}. */
export type PriceHistoriesOptions = Omit<GathererOptions, "main"> & {
  readonly main: GathererOptions["main"] & Partial<Pick<CachingSource, "prepare">>;
  /** Closes from before any source's record. */
  readonly earlyRecordOf?: ((coinId: string) => EarlyRecord | undefined) | undefined;
  readonly log: Log;
  /** Called for every question that a history in memory answered. */
  readonly onRecalled?: () => void;
  /** Pause after a check of a new coin that failed, in milliseconds; half a minute when absent. */
  readonly checkPauseMs?: number;
};

const CHECK_PAUSE_MS = 30_000;

/** Histories from the sources in `options`, kept in memory. */
export function createPriceHistories(options: PriceHistoriesOptions): PriceHistories {
  const histories = new Histories(options);
  return {
    history: (coin, ask) => histories.find(coin, "main-first", ask),
    frugalHistory: (coin, ask) => histories.find(coin, "archive-first", ask),
    prepare: (coins, ask, onReady) => histories.prepare(coins, ask, onReady),
    revision: (coin) => histories.memory.revision(coin),
    checked: () => histories.unchecked.idle(),
  };
}

class Histories {
  readonly #options: PriceHistoriesOptions;
  readonly #gather: RecordGatherer;
  readonly #once: SingleFlight = createSingleFlight();
  readonly memory: HistoryMemory;
  readonly unchecked: CoinCheckQueue;

  constructor(options: PriceHistoriesOptions) {
    this.#options = options;
    this.#gather = createRecordGatherer(options);
    this.memory = createHistoryMemory(options.now);
    this.unchecked = createCoinCheckQueue({
      check: (coin) => this.#check(coin),
      pauseMs: options.checkPauseMs ?? CHECK_PAUSE_MS,
    });
  }

  /** The history in memory, or else a new one; questions that come meanwhile join the first. */
  find(coin: CoinRef, strategy: GatherStrategy, ask: Ask): Promise<HistoryOutcome> {
    const { now, onRecalled } = this.#options;
    const mayBeUnchecked = strategy === "archive-first" && ask.priority === "background";
    const publishedOn = publishedThrough(
      now(),
      strategy === "archive-first" ? undefined : coin.coinId,
    );
    const recall = () =>
      ask.fresh ? undefined : this.memory.recall(coin, { publishedOn, mayBeUnchecked });
    const known = recall();
    if (known !== undefined) {
      onRecalled?.();
      return Promise.resolve(known);
    }
    // A person never waits for a question that runs at background pace.
    return this.#once(`${strategy} ${ask.priority} ${ask.fresh} ${coin.coinId}`, async () => {
      const todayOn = utcDay(now());
      const gathered = await this.#gather(coin, strategy, ask);
      // A question with the other strategy may have been quicker: everybody is shown the same.
      const meanwhile = recall();
      if (meanwhile !== undefined) return meanwhile;
      const outcome = this.#build(coin, gathered);
      if (gathered.ok && !gathered.wasAsked) this.unchecked.add(coin);
      if (!outcome.ok) this.memory.forget(coin, outcome);
      else if (gathered.ok)
        this.memory.remember(coin, outcome.history, { ...gathered, todayOn, publishedOn });
      return ask.fresh ? outcome : this.memory.orStale(coin, outcome);
    });
  }

  async prepare(
    coins: readonly CoinRef[],
    ask: Ask,
    onReady?: (coin: CoinRef) => void,
  ): Promise<void> {
    const { main, archive, now } = this.#options;
    const yesterdayOn = addDays(utcDay(now()), -1);
    const publishedOn = publishedThrough(now());
    if (archive === undefined || main.reachDays === null)
      return main.prepare?.(coins, yesterdayOn, ask, onReady);
    const missing: CoinRef[] = [];
    for (const coin of coins) {
      const isKnown = this.memory.recall(coin, { publishedOn, mayBeUnchecked: true }) !== undefined;
      const cached = isKnown ? undefined : await main.cached?.(coin);
      if (isKnown || (cached !== undefined && cached.coveredTo >= publishedOn)) onReady?.(coin);
      else missing.push(coin);
    }
    await archive.prepare(missing, yesterdayOn, ask, onReady);
  }

  async #check(coin: CoinRef): Promise<boolean> {
    const outcome = await this.find(coin, "main-first", { priority: "background" });
    return outcome.ok
      ? !outcome.history.flags.includes("unchecked")
      : outcome.reason !== "prices-unavailable";
  }

  #build({ coinId }: CoinRef, gathered: Gathered): HistoryOutcome {
    if (!gathered.ok) return gathered;
    const { main, earlyRecordOf } = this.#options;
    const { asOf, flags, listingCloses } = gathered;
    const mayHaveEarly = main.id !== "demo" && listingCloses === undefined;
    const early = mayHaveEarly ? earlyRecordOf?.(coinId) : undefined;
    const joined = early === undefined ? undefined : joinEarlyRecord(gathered.record, early);
    const openingTradedUsd = joined === undefined ? null : (early?.openingTradedUsd ?? null);
    const history = buildHistory(joined ?? gathered.record, {
      coinId,
      asOf,
      flags,
      ...(listingCloses !== undefined && { listingCloses }),
      ...(openingTradedUsd !== null && { openingTradedUsd }),
    });
    return history === undefined
      ? { ok: false, reason: "history-unavailable", because: "no-prices" }
      : { ok: true, history: compacted(history) };
  }
}
