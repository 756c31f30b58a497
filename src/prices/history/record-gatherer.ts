import { hashFraction } from "../../process/hash-fraction.ts";
import type { Log } from "../../process/log.ts";
import type { Result } from "../../result.ts";
import { addDays, daysBetween, earlier, utcDay } from "../../valuation/calendar.ts";
import type { DailyClose, Flag } from "../../valuation/price-record.ts";
import type { CachingSource } from "../cache/caching-source.ts";
import type { Ask, Closes, ClosesResult, CoinRef, PriceSource } from "../price-source.ts";
import { isLate, lateRetries, lateRetryAtMs, publishedThrough } from "../publication-schedule.ts";
import { fetchOpening, type OpeningSources } from "./fetched-opening.ts";
import {
  beginsWithListing,
  type FetchedRecords,
  firstDayOf,
  isDisagreement,
  type JoinedRecords,
  type JoinedWhole,
  joinFetched,
  lastDayOf,
  pricedCloses,
  RECENT_DAYS,
  refusalOf,
} from "./fetched-records.ts";
import type { HistoryRefusal } from "./history-outcome.ts";
import type { JoinedRecord } from "./joining.ts";
import { judgeCloses } from "./outliers.ts";

/** A coin's joined record and what fetching it has shown, or why there is none. */
export type Gathered = Result<
  {
    readonly record: JoinedRecord;
    /** An exchange's first weekly closes, where no better source has the opening. */
    readonly listingCloses?: readonly DailyClose[];
    readonly flags: readonly Flag[];
    /** When the newest close was fetched, ISO 8601 in UTC. */
    readonly asOf: string;
    /**
     * False while the main source has said nothing of the coin: neither prices nor that it does not
     * know it.
     */
    readonly isChecked: boolean;
    /** False while the main source was not even asked. */
    readonly wasAsked: boolean;
    /**
     * When the newest close, which is late, is worth fetching again, in milliseconds since 1970;
     * null: not before the next publication.
     */
    readonly retryAtMs: number | null;
  },
  HistoryRefusal
>;

/** The sources in the order of asking. */
export type GathererOptions = OpeningSources & {
  /** Asked first; wins on shared days. */
  readonly main: PriceSource & Partial<Pick<CachingSource, "cached" | "refetch">>;
  /** Asked for what the main source's plan does not reach, or for everything when that is down. */
  readonly archive?: CachingSource | undefined;
  readonly log: Log;
};

/**
 * Which source brings the newest days: the main source, which takes one coin a call, or the
 * archive, which takes many.
 */
export type GatherStrategy = "main-first" | "archive-first";

/**
 * Asks the sources in order and joins what they give. Never rejects for what the outside world
 * does.
 */
export type RecordGatherer = (
  coin: CoinRef,
  strategy: GatherStrategy,
  ask: Ask,
) => Promise<Gathered>;

/**
 * Days that both sources are asked for, so that their agreement can be checked; a few may be
 * missing on either side.
 */
const OVERLAP_DAYS = 21;
/**
 * For so many days, or up to twice as many, the main source's closes serve as the measure of the
 * archive's.
 */
const MEASURES_FOR_DAYS = 30;
/** Days that one call of the archive holds, with some to spare. */
const RECHECK_DAYS = 480;

/** A gatherer over a main source, two archives behind it and an exchange. */
export function createRecordGatherer(sources: GathererOptions): RecordGatherer {
  return (coin, strategy, ask) => new Gathering(sources, coin, strategy, ask).run();
}

/** The gathering of one coin's record. */
class Gathering {
  readonly #sources: GathererOptions;
  readonly #coin: CoinRef;
  readonly #strategy: GatherStrategy;
  readonly #ask: Ask;
  readonly #todayOn: string;
  readonly #yesterdayOn: string;
  /** The last day whose closes can have been published. */
  readonly #publishedOn: string;
  #fetched: FetchedRecords = {};

  constructor(sources: GathererOptions, coin: CoinRef, strategy: GatherStrategy, ask: Ask) {
    this.#sources = sources;
    this.#coin = coin;
    this.#strategy = strategy;
    this.#ask = ask;
    const at = sources.now();
    this.#todayOn = utcDay(at);
    this.#yesterdayOn = addDays(this.#todayOn, -1);
    // Many coins at once take few calls, which need no spreading.
    const published = publishedThrough(at, strategy === "archive-first" ? undefined : coin.coinId);
    this.#publishedOn = earlier(this.#yesterdayOn, published);
  }

  async run(): Promise<Gathered> {
    this.#fetched = await this.#fetch();
    const joined = await this.#refetchDisagreement(this.#join());
    if (!joined.ok)
      return joined.lacks === "opening" ? this.#withOpening(joined.recent) : this.#refusal(joined);
    const rechecked = await this.#recheckOddCloses(await this.#fetchMissingNewest(joined));
    return rechecked.ok ? this.#gathered(rechecked) : this.#refusal(rechecked);
  }

  /** Asks the main source and the archive, each only where its cached closes are not enough. */
  async #fetch(): Promise<FetchedRecords> {
    const { main, archive } = this.#sources;
    if (archive === undefined || main.reachDays === null) return this.#fetchWhole();
    const cached = this.#ask.fresh ? undefined : await main.cached?.(this.#coin);
    const sparing =
      cached === undefined
        ? await this.#fetchUnchecked(archive)
        : await this.#fetchMeasured(archive, cached);
    return sparing ?? this.#fetchBoth(archive);
  }

  /** For a main source that reaches the listing: the archive only stands in for it. */
  async #fetchWhole(): Promise<FetchedRecords> {
    const { main, archive } = this.#sources;
    const recent = await this.#closes(main);
    if (archive === undefined || (recent.ok && !recent.stale && recent.points.length > 0))
      return { recent };
    return { recent, old: await this.#closes(archive) };
  }

  /**
   * The archive's closes next to cached ones of the main source, which are recent enough to measure
   * them by; undefined where that does not make a whole and current record.
   */
  async #fetchMeasured(
    archive: CachingSource,
    cached: Closes & { readonly coveredTo: string },
  ): Promise<FetchedRecords | undefined> {
    if (!this.#isMeasure(cached) || cached.coveredTo >= this.#publishedOn) return undefined;
    const old =
      this.#strategy === "archive-first"
        ? await this.#closes(archive)
        : await archive.cached(this.#coin);
    if (!old?.ok || !this.#isWholeLife(old, cached)) return undefined;
    const lastOn = lastDayOf(old);
    return lastOn >= this.#publishedOn || this.#hasEnded(cached, lastOn)
      ? { recent: { ...cached, stale: false }, old }
      : undefined;
  }

  /** The archive's closes alone, of a new coin that nobody waits for. */
  async #fetchUnchecked(archive: CachingSource): Promise<FetchedRecords | undefined> {
    if (this.#strategy !== "archive-first" || this.#ask.priority !== "background") return undefined;
    const old = await this.#closes(archive);
    // The main source is asked later, when its budget allows.
    return old.ok && lastDayOf(old) >= this.#publishedOn ? { old } : undefined;
  }

  async #fetchBoth(archive: CachingSource): Promise<FetchedRecords> {
    const { main } = this.#sources;
    const fetchRecent = this.#closes(main);
    const earliestFirstOn = addDays(this.#todayOn, -1 - (main.reachDays ?? 0));
    const until = async () => {
      const recent = await fetchRecent;
      const recentFirstOn = recent.ok && !recent.stale ? recent.points[0]?.on : undefined;
      return recentFirstOn === undefined ? this.#yesterdayOn : this.#overlapEndOn(recentFirstOn);
    };
    // The archive begins along with the main source: a first answer waits for one call less (17 %
    // where each takes 150 ms).
    const range = { from: "listing", to: this.#overlapEndOn(earliestFirstOn) } as const;
    const [recent, old] = await Promise.all([
      fetchRecent,
      archive.closesUntil(this.#coin, range, until, this.#ask),
    ]);
    return { recent, old };
  }

  /** The last day that the archive is asked for next to recent closes that begin on a day. */
  #overlapEndOn(recentFirstOn: string): string {
    return earlier(this.#yesterdayOn, addDays(recentFirstOn, OVERLAP_DAYS - 1));
  }

  #closes(source: PriceSource, to = this.#yesterdayOn): Promise<ClosesResult> {
    return source.closes(this.#coin, { from: "listing", to }, this.#ask);
  }

  /**
   * True while the main source need not be asked again. Each coin has its own day, so that a few
   * come up daily and not all at once.
   */
  #isMeasure(cached: Closes): boolean {
    const ageDays = daysBetween(cached.askedAt.slice(0, 10), this.#todayOn);
    return ageDays <= MEASURES_FOR_DAYS * (1 + hashFraction(this.#coin.coinId));
  }

  /** True when both sources know that the coin has ended: asking daily would bring nothing new. */
  #hasEnded(cached: Closes, archiveLastOn: string): boolean {
    return (
      daysBetween(archiveLastOn, this.#todayOn) > RECENT_DAYS &&
      daysBetween(lastDayOf(cached), this.#todayOn) > RECENT_DAYS &&
      daysBetween(cached.askedAt.slice(0, 10), this.#todayOn) <= RECENT_DAYS
    );
  }

  /** True when the two records together go back to the coin's first day. */
  #isWholeLife(old: Closes, recent: Closes): boolean {
    return old.firstOn !== null || beginsWithListing(this.#sources.main, recent, this.#todayOn);
  }

  #join(fetched = this.#fetched): JoinedRecords {
    const joined = joinFetched(this.#sources, fetched, this.#todayOn);
    if (!joined.ok && joined.lacks === null && joined.refusal.reason === "history-unavailable") {
      const { ratio, refusal } = joined;
      if ("because" in refusal && refusal.because === "sources-differ")
        this.#sources.log.warn(
          { coinId: this.#coin.coinId, ratio, sources: refusal.sources },
          "Price sources disagree: not joined",
        );
    }
    return joined;
  }

  /**
   * Before two sources are said to disagree, whichever was not asked today is asked again: cached
   * closes may be in an old unit.
   */
  async #refetchDisagreement(joined: JoinedRecords): Promise<JoinedRecords> {
    const { main, archive } = this.#sources;
    let current = joined;
    if (!isDisagreement(current) || this.#ask.fresh || archive === undefined) return current;
    const { recent } = this.#fetched;
    if (recent?.ok && recent.askedAt.slice(0, 10) < this.#todayOn) {
      this.#fetched.recent = await this.#closes(main);
      current = this.#join();
    }
    const wholeAt = (await archive.cached(this.#coin))?.wholeAt;
    if (isDisagreement(current) && (wholeAt ?? "").slice(0, 10) < this.#todayOn) {
      const whole = { from: "listing", to: this.#yesterdayOn };
      this.#fetched.old = await archive.closes(this.#coin, whole, { ...this.#ask, fresh: true });
      current = this.#join();
    }
    return current;
  }

  /**
   * Where the newest close is missing, the other source may have it; what is late is fetched again
   * now and then.
   */
  async #fetchMissingNewest(joined: JoinedWhole): Promise<JoinedWhole> {
    const { archive } = this.#sources;
    const lastOn = newestOn(joined);
    if (archive === undefined || this.#ask.fresh || lastOn >= this.#publishedOn) return joined;
    const cached = await archive.cached(this.#coin);
    const hasEndedThere =
      !isLate(lastOn, this.#publishedOn) &&
      cached !== undefined &&
      cached.coveredTo > addDays(lastOn, RECENT_DAYS);
    if (hasEndedThere) return joined;
    const range = { from: addDays(lastOn, 1 - OVERLAP_DAYS), to: this.#yesterdayOn };
    const old = await archive.closes(this.#coin, range, this.#ask);
    const current = this.#adopt("old", old) ?? joined;
    return isLate(newestOn(current), this.#publishedOn)
      ? this.#refetchLate(archive, current)
      : current;
  }

  /** Asks for a late close again, first the source that was asked longer ago. */
  async #refetchLate(archive: CachingSource, joined: JoinedWhole): Promise<JoinedWhole> {
    const { main, now } = this.#sources;
    const recentAtMs = askedAtMsOf(this.#fetched.recent);
    const oldAtMs = askedAtMsOf(this.#fetched.old);
    const retries = lateRetries(this.#publishedOn, Math.max(recentAtMs, oldAtMs), now());
    const order =
      recentAtMs <= oldAtMs ? (["recent", "old"] as const) : (["old", "recent"] as const);
    let current = joined;
    for (const which of order.slice(0, retries)) {
      const source = which === "recent" ? main : archive;
      const closes = await source.refetch?.(this.#coin, this.#yesterdayOn, this.#ask);
      current = (closes && this.#adopt(which, closes)) ?? current;
      if (newestOn(current) >= this.#publishedOn) break;
    }
    return current;
  }

  /** Takes newer closes over if they still make a whole; undefined if they do not. */
  #adopt(which: keyof FetchedRecords, closes: ClosesResult): JoinedWhole | undefined {
    if (!closes.ok) return undefined;
    const joined = this.#join({ ...this.#fetched, [which]: closes });
    if (!joined.ok) return undefined;
    this.#fetched[which] = closes;
    return joined;
  }

  /**
   * A cached close that cannot be true is fetched once more: what was wrong for an hour must not
   * stay for a month.
   */
  async #recheckOddCloses(joined: JoinedWhole): Promise<JoinedRecords> {
    const { main, archive } = this.#sources;
    if (this.#ask.fresh || archive === undefined || main.reachDays === null) return joined;
    const odd = judgeCloses(joined.record.points).oddCloses.filter(({ isNewest }) => !isNewest);
    if (odd.length === 0) return joined;
    const recent = pricedCloses(this.#fetched.recent);
    const isInRecent = ({ on }: { readonly on: string }) =>
      recent !== undefined && on >= firstDayOf(recent) && on <= lastDayOf(recent);
    const isRecentOld = recent !== undefined && recent.askedAt.slice(0, 10) < this.#todayOn;
    if (isRecentOld && odd.some(isInRecent)) {
      const closes = await main.refetch?.(this.#coin, this.#yesterdayOn, this.#ask);
      if (closes?.ok) this.#fetched.recent = closes;
    }
    const oddInArchive = odd.filter((close) => !isInRecent(close));
    await this.#recheckArchive(
      archive,
      oddInArchive.map(({ on }) => on),
    );
    return this.#join();
  }

  async #recheckArchive(archive: CachingSource, oddDays: readonly string[]): Promise<void> {
    const [from] = oddDays;
    if (from === undefined || !(await this.#canRecheck(archive))) return;
    const furthestOn = addDays(from, RECHECK_DAYS);
    const to = oddDays.filter((on) => on <= furthestOn).at(-1) ?? from;
    const closes = await archive.recheck(this.#coin, { from, to }, this.#ask);
    if (closes.ok) this.#fetched.old = closes;
  }

  /** True for a cached record of an earlier day whose closes were not rechecked yet. */
  async #canRecheck(archive: CachingSource): Promise<boolean> {
    const cached = await archive.cached(this.#coin);
    if (cached?.wholeAt == null || cached.wholeAt.slice(0, 10) >= this.#todayOn) return false;
    return cached.recheckedAt === null || cached.recheckedAt < cached.wholeAt;
  }

  async #withOpening(recent: Closes): Promise<Gathered> {
    const fetched = this.#fetched;
    const opening = await fetchOpening(this.#sources, this.#coin, { recent, fetched }, this.#ask);
    if (!opening.ok) return opening;
    const facts = this.#facts(recent);
    if (opening.listingCloses === undefined) return { ...opening, ...facts };
    return { ...opening, ...facts, flags: [...facts.flags, "exchange-listing-only"] };
  }

  #gathered(joined: JoinedWhole): Gathered {
    const newestAskedAtMs = Math.max(
      askedAtMsOf(this.#fetched.recent),
      askedAtMsOf(this.#fetched.old),
    );
    const retryAtMs = isLate(newestOn(joined), this.#publishedOn)
      ? lateRetryAtMs(this.#publishedOn, newestAskedAtMs)
      : null;
    return { ok: true, record: joined.record, ...this.#facts(joined.newest), retryAtMs };
  }

  #facts(newest: Closes) {
    const { recent } = this.#fetched;
    const isChecked = recent !== undefined && (recent.ok || recent.reason === "unknown-coin");
    const flags: Flag[] = [];
    if (newest.stale) flags.push("stale");
    if (!isChecked) flags.push("unchecked");
    if (this.#sources.main.id === "demo") flags.push("demo");
    return {
      flags,
      asOf: newest.askedAt,
      isChecked,
      wasAsked: recent !== undefined,
      retryAtMs: null,
    };
  }

  #refusal(joined: JoinedRecords & { readonly ok: false }): Gathered {
    return {
      ok: false,
      ...(joined.lacks === null
        ? joined.refusal
        : refusalOf([[this.#sources.archive, this.#fetched.old]])),
    };
  }
}

function newestOn({ record }: JoinedWhole): string {
  return lastDayOf(record);
}

function askedAtMsOf(closes: ClosesResult | undefined): number {
  return closes?.ok ? Date.parse(closes.askedAt) : 0;
}
