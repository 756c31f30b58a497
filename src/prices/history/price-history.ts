import type { Log } from "../../process/log.ts";
import { createSingleFlight } from "../../process/single-flight.ts";
import { addDays, utcDay } from "../../valuation/calendar.ts";
import type { CachingSource } from "../cache/caching-source.ts";
import type { Ask, CoinRef } from "../price-source.ts";
import { publishedThrough } from "../publication-schedule.ts";
import { createCoinCheckQueue } from "./coin-check-queue.ts";
import type { EarlyRecord } from "./early-records.ts";
import { buildHistory } from "./history-builder.ts";
import { createHistoryMemory, type HistoryOutcome } from "./history-memory.ts";
import { joinRecords } from "./joining.ts";
import {
  createRecordGatherer,
  type Gathered,
  type GathererOptions,
  type Road,
} from "./record-gatherer.ts";

/**
 * Whole price histories, from the listing to yesterday: one for each coin and day, whoever asks.
 */
export type PriceHistories = {
  /**
   * Asks the providers in order and joins their answers. Never rejects for what the outside world
   * does.
   */
  history(coin: CoinRef, ask: Ask): Promise<HistoryOutcome>;
  /**
   * The same history at as little cost as possible, for many coins a day: the archive, which
   * answers for many coins in one call, tells the newest days; the main source is asked only for
   * new coins, and then every month or two. A new coin that nobody waits for stands on the archive
   * alone (flag `unchecked`) until the main source's budget allows to check it.
   */
  frugalHistory(coin: CoinRef, ask: Ask): Promise<HistoryOutcome>;
  /**
   * Fetches what {@link frugalHistory} of these coins needs in as few calls as possible, and tells
   * `onReady` of each coin whose history need not wait any longer. Never rejects for what the
   * outside world does.
   */
  prepare(coins: readonly CoinRef[], ask: Ask, onReady?: (coin: CoinRef) => void): Promise<void>;
  /**
   * Changes whenever the coin's history has; undefined for a coin that nobody asked about lately.
   */
  revision(coin: CoinRef): string | undefined;
  /** Resolves as soon as every new coin has been checked against the main source. */
  checked(): Promise<void>;
};

/** Options of {@link createPriceHistories}. */
export type PriceHistoriesOptions = Omit<GathererOptions, "main"> & {
  readonly main: GathererOptions["main"] & Partial<Pick<CachingSource, "prepare">>;
  /** Closes of before any provider's record. */
  readonly earlyRecordOf?: ((coinId: string) => EarlyRecord | undefined) | undefined;
  readonly log: Log;
  /** Told of every question that a history in memory answered. */
  readonly onRecalled?: () => void;
  /** Pause after a check of a new coin that failed, in milliseconds; half a minute when absent. */
  readonly checkPauseMs?: number;
};

const CHECK_PAUSE_MS = 30_000;

/** Histories from the providers of `options`, kept ready in memory. */
export function createPriceHistories(options: PriceHistoriesOptions): PriceHistories {
  const { main, archive, earlyRecordOf, now, checkPauseMs = CHECK_PAUSE_MS } = options;
  const gather = createRecordGatherer(options);
  const memory = createHistoryMemory(now);
  const once = createSingleFlight();
  const unchecked = createCoinCheckQueue({ check, pauseMs: checkPauseMs });

  async function check(coin: CoinRef): Promise<boolean> {
    const outcome = await take("quick", coin, { priority: "background" });
    return outcome.ok
      ? !outcome.history.flags.includes("unchecked")
      : outcome.reason !== "prices-unavailable";
  }

  function take(road: Road, coin: CoinRef, asking: Ask): Promise<HistoryOutcome> {
    const mayBeUnchecked = road === "thrifty" && asking.priority === "background";
    const publishedOn = publishedThrough(now(), road === "thrifty" ? undefined : coin.coinId);
    const recalled = () =>
      asking.fresh ? undefined : memory.recall(coin, { publishedOn, mayBeUnchecked });
    const known = recalled();
    if (known !== undefined) {
      options.onRecalled?.();
      return Promise.resolve(known);
    }
    // A person never waits for a question that runs at background pace.
    return once(`${road} ${asking.priority} ${asking.fresh} ${coin.coinId}`, async () => {
      const todayOn = utcDay(now());
      const gathered = await gather(coin, road, asking);
      // Somebody on the other road may have been quicker: everybody shows the same.
      const meanwhile = recalled();
      if (meanwhile !== undefined) return meanwhile;
      const outcome = historyOf(coin, gathered);
      if (gathered.ok && !gathered.wasAsked) unchecked.add(coin);
      if (!outcome.ok) memory.forget(coin, outcome);
      else if (gathered.ok)
        memory.remember(coin, outcome.history, { ...gathered, todayOn, publishedOn });
      return asking.fresh ? outcome : memory.orAsBefore(coin, outcome);
    });
  }

  function historyOf({ coinId }: CoinRef, gathered: Gathered): HistoryOutcome {
    if (!gathered.ok) return gathered;
    const { asOf, flags, listingCloses } = gathered;
    const early =
      main.id === "demo" || listingCloses !== undefined ? undefined : earlyRecordOf?.(coinId);
    const joined = early === undefined ? undefined : withEarly(gathered.record, early);
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
      : { ok: true, history };
  }

  return {
    history: (coin, asking) => take("quick", coin, asking),
    frugalHistory: (coin, asking) => take("thrifty", coin, asking),

    async prepare(coins, asking, onReady) {
      const yesterdayOn = addDays(utcDay(now()), -1);
      const publishedOn = publishedThrough(now());
      if (archive === undefined || main.reachDays === null)
        return main.prepare?.(coins, yesterdayOn, asking, onReady);
      const wanting: CoinRef[] = [];
      for (const coin of coins) {
        const isKnown = memory.recall(coin, { publishedOn, mayBeUnchecked: true }) !== undefined;
        const kept = isKnown ? undefined : await main.kept?.(coin);
        if (isKnown || (kept !== undefined && kept.coveredTo >= publishedOn)) onReady?.(coin);
        else wanting.push(coin);
      }
      await archive.prepare(wanting, yesterdayOn, asking, onReady);
    },

    revision: memory.revision,
    checked: unchecked.idle,
  };
}

/**
 * A record with the closes of before it; undefined where the two do not meet, or the early one is
 * not earlier.
 */
function withEarly(record: Extract<Gathered, { ok: true }>["record"], early: EarlyRecord) {
  const firstOn = record.points[0]?.on ?? "";
  if ((early.points[0]?.on ?? firstOn) >= firstOn) return undefined;
  const outcome = joinRecords(
    { name: "", url: "", stepDays: 1, points: record.points },
    { name: early.name, url: early.url, stepDays: 1, points: early.points },
  );
  if (!outcome.ok) return undefined;
  const [earlySource] = outcome.record.sources;
  return {
    points: outcome.record.points,
    sources: earlySource === undefined ? record.sources : [earlySource, ...record.sources],
  };
}
