import type { Log } from "../../process/log.ts";
import { addDays, daysBetween, earlier, utcDay } from "../../valuation/calendar.ts";
import type { DailyClose, Flag } from "../../valuation/price-record.ts";
import type { CachingSource } from "../cache/caching-source.ts";
import type {
  Ask,
  Closes,
  ClosesResult,
  CoinRef,
  PriceSource,
  SourceFailure,
} from "../price-source.ts";
import {
  isLate,
  lateRetries,
  lateRetryAtMs,
  publishedThrough,
  shareOfCoin,
} from "../publication-schedule.ts";
import {
  aloneRecord,
  type JoinedRecord,
  joinRecords,
  MAX_DISAGREEMENT,
  type SourceRecord,
  sourceOf,
} from "./joining.ts";
import { judgeCloses } from "./outliers.ts";

/** A provider that was asked in vain. */
export type TriedSource = { readonly name: string; readonly reason: SourceFailure["reason"] };

/** Why a coin has no usable history. */
export type HistoryRefusal =
  /** No provider knows a price of the coin. */
  | { readonly reason: "history-unavailable"; readonly because: "no-prices" }
  /**
   * Two providers disagree by more than 5 % on the days that both know: a redenomination or a wrong
   * mapping.
   */
  | {
      readonly reason: "history-unavailable";
      readonly because: "sources-differ";
      readonly sources: readonly [string, string];
    }
  /**
   * The two providers' records of the coin do not meet, so that nothing shows whether they mean the
   * same coin.
   */
  | {
      readonly reason: "history-unavailable";
      readonly because: "sources-apart";
      readonly sources: readonly [string, string];
    }
  /**
   * Nothing that answers now says what the coin cost when it was listed, or what it costs today.
   */
  | { readonly reason: "prices-unavailable"; readonly tried: readonly TriedSource[] };

/** A coin's joined record and what asking for it has shown, or why there is none. */
export type Gathered =
  | {
      readonly ok: true;
      readonly record: JoinedRecord;
      /** An exchange's first weekly closes, where nothing better tells the opening. */
      readonly listingCloses?: readonly DailyClose[];
      readonly flags: readonly Flag[];
      /** Instant at which the newest close was asked for, ISO 8601 in UTC. */
      readonly asOf: string;
      /**
       * False while the main source has said nothing of the coin: neither prices nor that it does
       * not know it.
       */
      readonly isChecked: boolean;
      /** False while the main source was not even asked. */
      readonly wasAsked: boolean;
      /**
       * When the newest close, which is late, is worth asking for again, in milliseconds since
       * 1970; null: not before the next publication.
       */
      readonly retryAtMs: number | null;
    }
  | ({ readonly ok: false } & HistoryRefusal);

/** The providers in the order of asking. */
export type GathererOptions = {
  /** Asked first; wins on shared days. */
  readonly main: PriceSource & Partial<Pick<CachingSource, "kept" | "again">>;
  /** Asked for what the main source's plan does not reach, or for everything when that is down. */
  readonly archive?: CachingSource | undefined;
  /**
   * Asked where the archive cannot tell a coin's first days; believed only where it agrees with the
   * main source.
   */
  readonly deep?: PriceSource | undefined;
  /** Its first weekly closes stand in for the opening when nobody else tells it. */
  readonly exchange?: PriceSource | undefined;
  /** Exchanges know symbols only: true when the symbol means this coin and no better-ranked one. */
  readonly isTopOfItsSymbol: (coin: CoinRef) => boolean;
  readonly now: () => Date;
  readonly log: Log;
};

/**
 * How a record is gathered: `quick` asks the main source for what is new, `thrifty` the archive,
 * which answers for many coins a call.
 */
export type Road = "quick" | "thrifty";

/**
 * Asks the providers in order and joins what they tell. Never rejects for what the outside world
 * does.
 */
export type RecordGatherer = (coin: CoinRef, road: Road, asking: Ask) => Promise<Gathered>;

/** What the providers told of one coin; undefined: not asked. */
type Told = {
  recent?: ClosesResult | undefined;
  old?: ClosesResult | undefined;
};

type Joined =
  | { readonly ok: true; readonly record: JoinedRecord; readonly newest: Closes }
  /**
   * The main source's record begins at the wall of its plan, and nobody has told yet what was
   * before.
   */
  | { readonly ok: false; readonly wants: "opening"; readonly recent: Closes }
  | ({ readonly ok: false; readonly wants?: undefined } & HistoryRefusal);

/** The days that matter for one question, in UTC. */
type Days = {
  readonly todayOn: string;
  readonly yesterdayOn: string;
  readonly publishedOn: string;
};

/**
 * Days that both providers are asked for, so that their agreement can be checked; a few may be
 * missing on either side.
 */
const OVERLAP_DAYS = 21;
/**
 * A series that begins this long after the wall of the plan begins with the coin's listing, not
 * with the wall.
 */
const CLEAR_OF_WALL_DAYS = 14;
/** The original's "first four weekly closes". */
const OPENING_WEEKS = 4;
const RECENT_DAYS = 7;
/**
 * What the main source told serves this long, or up to twice as long, as the measure of what the
 * archive tells.
 */
const CHECKED_WITHIN_DAYS = 30;
/** Days that one call of the archive holds, with some to spare. */
const RECHECK_DAYS = 480;

/** A gatherer over a main source, an archive behind it, a second archive and an exchange. */
export function createRecordGatherer(options: GathererOptions): RecordGatherer {
  const { main, archive, deep, exchange, isTopOfItsSymbol, now, log } = options;

  async function gather(coin: CoinRef, road: Road, asking: Ask): Promise<Gathered> {
    const days = daysOf(coin, road);
    const told = await ask(coin, road, days, asking);
    let joined = await withSecondThoughts(coin, told, join(coin, told, days), days, asking);
    if (!joined.ok)
      return joined.wants === "opening" ? withOpening(coin, told, joined.recent, asking) : joined;
    joined = await withNewest(coin, told, joined, days, asking);
    if (joined.ok) joined = await withDoubtsChecked(coin, told, joined, days, asking);
    return joined.ok ? gathered(told, joined, days) : refusedBy(joined, told);
  }

  function daysOf(coin: CoinRef, road: Road): Days {
    const at = now();
    const todayOn = utcDay(at);
    const yesterdayOn = addDays(todayOn, -1);
    // Many coins at once are asked about in few calls, which need no spreading.
    const published = publishedThrough(at, road === "thrifty" ? undefined : coin.coinId);
    return { todayOn, yesterdayOn, publishedOn: earlier(yesterdayOn, published) };
  }

  /** Asks the main source and the archive, each only where what is kept of it does not do. */
  async function ask(coin: CoinRef, road: Road, days: Days, asking: Ask): Promise<Told> {
    const { todayOn, yesterdayOn, publishedOn } = days;
    if (archive === undefined || main.reachDays === null) return askWhole(coin, days, asking);

    const kept = asking.fresh ? undefined : await main.kept?.(coin);
    const isMeasure = kept !== undefined && !isOutdated(kept, coin, todayOn);
    if (isMeasure && kept.coveredTo < publishedOn) {
      const old =
        road === "thrifty"
          ? await archive.closes(coin, { from: "listing", to: yesterdayOn }, asking)
          : await archive.kept(coin);
      if (old?.ok && isWholeLife(old, kept, todayOn)) {
        const lastOn = old.points.at(-1)?.on ?? "";
        if (lastOn >= publishedOn || isKnownToHaveEnded(kept, lastOn, todayOn))
          return { recent: { ...kept, stale: false }, old };
      }
    }
    if (kept === undefined && road === "thrifty" && asking.priority === "background") {
      const old = await archive.closes(coin, { from: "listing", to: yesterdayOn }, asking);
      // Nobody waits for this one: the main source is asked when its budget allows.
      if (old.ok && (old.points.at(-1)?.on ?? "") >= publishedOn) return { old };
    }
    const recent = await main.closes(coin, { from: "listing", to: yesterdayOn }, asking);
    const recentFirstOn = recent.ok && !recent.stale ? recent.points[0]?.on : undefined;
    const neededTo =
      recentFirstOn === undefined
        ? yesterdayOn
        : earlier(yesterdayOn, addDays(recentFirstOn, OVERLAP_DAYS - 1));
    return { recent, old: await archive.closes(coin, { from: "listing", to: neededTo }, asking) };
  }

  async function askWhole(coin: CoinRef, { yesterdayOn }: Days, asking: Ask): Promise<Told> {
    const recent = await main.closes(coin, { from: "listing", to: yesterdayOn }, asking);
    if (archive === undefined || (recent.ok && !recent.stale && recent.points.length > 0))
      return { recent };
    return {
      recent,
      old: await archive.closes(coin, { from: "listing", to: yesterdayOn }, asking),
    };
  }

  /**
   * True when it is time to ask the main source again; each coin has its own day, so that a few
   * come up daily and not all at once.
   */
  function isOutdated(kept: Closes, { coinId }: CoinRef, todayOn: string): boolean {
    return (
      daysBetween(kept.askedAt.slice(0, 10), todayOn) >
      CHECKED_WITHIN_DAYS * (1 + shareOfCoin(coinId))
    );
  }

  /**
   * True when both know the coin to have ended: asking the main source daily would tell nothing
   * new.
   */
  function isKnownToHaveEnded(kept: Closes, lastOn: string, todayOn: string): boolean {
    return (
      daysBetween(lastOn, todayOn) > RECENT_DAYS &&
      daysBetween(kept.points.at(-1)?.on ?? "", todayOn) > RECENT_DAYS &&
      daysBetween(kept.askedAt.slice(0, 10), todayOn) <= RECENT_DAYS
    );
  }

  /**
   * True when an archive's record, with the main source's before it, goes back to the coin's first
   * day.
   */
  function isWholeLife(old: Closes, recent: Closes, todayOn: string): boolean {
    return old.firstOn !== null || beginsClearOfWall(recent, todayOn);
  }

  function beginsClearOfWall(recent: Closes, todayOn: string): boolean {
    if (main.reachDays === null) return true;
    const firstOn = recent.points[0]?.on;
    return firstOn !== undefined && firstOn > addDays(todayOn, CLEAR_OF_WALL_DAYS - main.reachDays);
  }

  /** Joins what was told, as far as it goes. */
  function join(coin: CoinRef, told: Told, { todayOn }: Days): Joined {
    const recent = pricedCloses(told.recent);
    const old = pricedCloses(told.old);
    if (recent === undefined) {
      return old === undefined || archive === undefined || old.firstOn === null
        ? notAnswered([
            [main, told.recent],
            [archive, told.old],
          ])
        : alone(archive, old);
    }
    const mainAlone = alone(main, recent);
    const isWhole = beginsClearOfWall(recent, todayOn);
    if (old === undefined || archive === undefined) {
      return isWhole || archive === undefined ? mainAlone : { ok: false, wants: "opening", recent };
    }
    if (old.firstOn === null && !isWhole) return { ok: false, wants: "opening", recent };

    const outcome = joinRecords(recordOf(main, recent), recordOf(archive, old));
    if (outcome.ok) {
      const newest = lastDayOf(old) > lastDayOf(recent) ? old : recent;
      return { ok: true, record: outcome.record, newest };
    }
    // The main source tells the whole life by itself: it needs nobody's consent.
    const tellsAll = old.firstOn === null || firstDayOf(recent) <= firstDayOf(old);
    if (tellsAll && !recent.stale) return mainAlone;
    const sources = [main.name, archive.name] as const;
    if (outcome.because === "differ") {
      log.warn(
        { coinId: coin.coinId, ratio: outcome.ratio, sources },
        "Price sources disagree: not joined",
      );
      return { ok: false, reason: "history-unavailable", because: "sources-differ", sources };
    }
    // The main source has next to nothing, and the archive tells the same time alone.
    if (daysBetween(lastDayOf(old), lastDayOf(recent)) <= RECENT_DAYS) return alone(archive, old);
    return { ok: false, reason: "history-unavailable", because: "sources-apart", sources };
  }

  /**
   * Before two providers are said to disagree, whichever was not asked today is asked again: a kept
   * record may be in an old unit.
   */
  async function withSecondThoughts(
    coin: CoinRef,
    told: Told,
    joined: Joined,
    days: Days,
    asking: Ask,
  ): Promise<Joined> {
    const { todayOn, yesterdayOn } = days;
    let current = joined;
    if (!isDisagreement(current) || asking.fresh || archive === undefined) return current;
    if (told.recent?.ok && told.recent.askedAt.slice(0, 10) < todayOn) {
      told.recent = await main.closes(coin, { from: "listing", to: yesterdayOn }, asking);
      current = join(coin, told, days);
    }
    const wholeAt = (await archive.kept(coin))?.wholeAt;
    if (isDisagreement(current) && (wholeAt ?? "").slice(0, 10) < todayOn) {
      told.old = await archive.closes(
        coin,
        { from: "listing", to: yesterdayOn },
        { ...asking, fresh: true },
      );
      current = join(coin, told, days);
    }
    return current;
  }

  /**
   * Where the newest close is missing, the other source may have it; what is late is asked for
   * again now and then.
   */
  async function withNewest(
    coin: CoinRef,
    told: Told,
    joined: Joined & { ok: true },
    days: Days,
    asking: Ask,
  ): Promise<Joined> {
    const { yesterdayOn, publishedOn } = days;
    if (archive === undefined || asking.fresh || newestOf(joined) >= publishedOn) return joined;
    let current: Joined & { ok: true } = joined;
    const take = (place: keyof Told, answer: ClosesResult): boolean => {
      if (!answer.ok) return false;
      const next = join(coin, { ...told, [place]: answer }, days);
      if (!next.ok) return false;
      told[place] = answer;
      current = next;
      return newestOf(current) >= publishedOn;
    };

    const lastOn = newestOf(current);
    const known = await archive.kept(coin);
    const hasEndedThere =
      !isLate(lastOn, publishedOn) &&
      known !== undefined &&
      known.coveredTo > addDays(lastOn, RECENT_DAYS);
    if (hasEndedThere) return current;
    const from = addDays(lastOn, 1 - OVERLAP_DAYS);
    if (
      take("old", await archive.closes(coin, { from, to: yesterdayOn }, asking)) ||
      !isLate(newestOf(current), publishedOn)
    ) {
      return current;
    }

    const askedAtMs = { recent: askedAtMsOf(told.recent), old: askedAtMsOf(told.old) };
    const retries = lateRetries(publishedOn, Math.max(askedAtMs.recent, askedAtMs.old), now());
    const inTurn =
      askedAtMs.recent <= askedAtMs.old
        ? (["recent", "old"] as const)
        : (["old", "recent"] as const);
    for (const place of inTurn.slice(0, retries)) {
      const answer = await (place === "recent" ? main.again : archive.again)?.(
        coin,
        yesterdayOn,
        asking,
      );
      if (answer !== undefined && take(place, answer)) break;
    }
    return current;
  }

  /**
   * A kept close that cannot be true is asked for once more: what was wrong for an hour must not
   * stay for a month.
   */
  async function withDoubtsChecked(
    coin: CoinRef,
    told: Told,
    joined: Joined & { ok: true },
    days: Days,
    asking: Ask,
  ): Promise<Joined> {
    if (asking.fresh || archive === undefined || main.reachDays === null) return joined;
    const odd = judgeCloses(joined.record.points).oddCloses.filter(({ isNewest }) => !isNewest);
    if (odd.length === 0) return joined;
    const { todayOn, yesterdayOn } = days;
    const recent = pricedCloses(told.recent);
    const isRecents = (on: string) =>
      recent !== undefined && on >= firstDayOf(recent) && on <= lastDayOf(recent);
    if (
      recent !== undefined &&
      recent.askedAt.slice(0, 10) < todayOn &&
      odd.some(({ on }) => isRecents(on))
    ) {
      const answer = await main.again?.(coin, yesterdayOn, asking);
      if (answer?.ok) told.recent = answer;
    }
    const [firstOdd] = odd.filter(({ on }) => !isRecents(on));
    if (firstOdd !== undefined && (await isUnchecked(coin, todayOn))) {
      const furthestOn = addDays(firstOdd.on, RECHECK_DAYS);
      const lastOdd = odd.filter(({ on }) => !isRecents(on) && on <= furthestOn).at(-1) ?? firstOdd;
      const answer = await archive.recheck(coin, { from: firstOdd.on, to: lastOdd.on }, asking);
      if (answer.ok) told.old = answer;
    }
    return join(coin, told, days);
  }

  /** True for a kept record of an earlier day whose closes were not asked for a second time yet. */
  async function isUnchecked(coin: CoinRef, todayOn: string): Promise<boolean> {
    const kept = await archive?.kept(coin);
    if (kept?.wholeAt == null || kept.wholeAt.slice(0, 10) >= todayOn) return false;
    return kept.recheckedAt === null || kept.recheckedAt < kept.wholeAt;
  }

  /** The main source's record with somebody else's opening in front of it. */
  async function withOpening(
    coin: CoinRef,
    told: Told,
    recent: Closes,
    asking: Ask,
  ): Promise<Gathered> {
    const tried: (readonly [PriceSource, ClosesResult])[] = [];
    if (archive !== undefined && told.old !== undefined) tried.push([archive, told.old]);
    if (deep !== undefined) {
      const whole = await deep.closes(
        coin,
        { from: "listing", to: addDays(utcDay(now()), -1) },
        asking,
      );
      const joined = whole.ok
        ? joinRecords(recordOf(main, recent), recordOf(deep, whole))
        : undefined;
      if (joined?.ok) return { ok: true, record: joined.record, ...factsOf(recent, told) };
      if (!whole.ok) tried.push([deep, whole]);
    }
    return fromExchange(coin, told, recent, tried, asking);
  }

  /**
   * Daily closes of the main source with the exchange's first four weekly closes as the opening.
   */
  async function fromExchange(
    coin: CoinRef,
    told: Told,
    recent: Closes,
    tried: readonly (readonly [PriceSource, ClosesResult])[],
    asking: Ask,
  ): Promise<Gathered> {
    if (exchange === undefined || !isTopOfItsSymbol(coin)) return notAnswered(tried);
    const weekly = await exchange.closes(
      coin,
      { from: "listing", to: addDays(utcDay(now()), -1) },
      asking,
    );
    if (!weekly.ok) return notAnswered([...tried, [exchange, weekly]]);
    const listingCloses = weekly.points.slice(0, OPENING_WEEKS);
    if (
      listingCloses.length < OPENING_WEEKS ||
      weekly.firstOn === null ||
      weekly.firstOn >= firstDayOf(recent)
    )
      return notAnswered(tried);
    if (!(await agreeNow(coin, recent, exchange, asking))) return notAnswered(tried);
    const daily = aloneRecord(recordOf(main, recent));
    const sources = [
      ...sourceOf({ ...recordOf(exchange, weekly), points: listingCloses }),
      ...daily.sources,
    ];
    const facts = factsOf(recent, told);
    return {
      ok: true,
      record: { ...daily, sources },
      listingCloses,
      ...facts,
      flags: [...facts.flags, "exchange-listing-only"],
    };
  }

  /** A symbol may mean another coin on the exchange: the price of now tells. */
  async function agreeNow(
    coin: CoinRef,
    recent: Closes,
    other: PriceSource,
    asking: Ask,
  ): Promise<boolean> {
    const [here, there] = await Promise.all([main.quote(coin, asking), other.quote(coin, asking)]);
    const hereUsd = here.ok ? here.priceUsd : recent.points.at(-1)?.priceUsd;
    return (
      there.ok &&
      hereUsd !== undefined &&
      Math.abs(there.priceUsd / hereUsd - 1) <= MAX_DISAGREEMENT
    );
  }

  function gathered(told: Told, joined: Joined & { ok: true }, { publishedOn }: Days): Gathered {
    const newestAskedAtMs = Math.max(askedAtMsOf(told.recent), askedAtMsOf(told.old));
    const retryAtMs = isLate(newestOf(joined), publishedOn)
      ? lateRetryAtMs(publishedOn, newestAskedAtMs)
      : null;
    return { ok: true, record: joined.record, ...factsOf(joined.newest, told), retryAtMs };
  }

  function factsOf(newest: Closes, { recent }: Told) {
    const isChecked = recent !== undefined && (recent.ok || recent.reason === "unknown-coin");
    const flags: Flag[] = [];
    if (newest.stale) flags.push("stale");
    if (!isChecked) flags.push("unchecked");
    if (main.id === "demo") flags.push("demo");
    return {
      flags,
      asOf: newest.askedAt,
      isChecked,
      wasAsked: recent !== undefined,
      retryAtMs: null,
    };
  }

  function refusedBy(joined: Joined & { ok: false }, told: Told): Gathered {
    return joined.wants === "opening"
      ? notAnswered(archive && told.old ? [[archive, told.old]] : [])
      : joined;
  }

  return gather;
}

function alone(source: PriceSource, closes: Closes): Joined & { ok: true } {
  return { ok: true, record: aloneRecord(recordOf(source, closes)), newest: closes };
}

function recordOf({ name, url, stepDays }: PriceSource, { points }: Closes): SourceRecord {
  return { name, url, stepDays, points };
}

function notAnswered(
  answers: readonly (readonly [PriceSource | undefined, ClosesResult | undefined])[],
): { readonly ok: false } & HistoryRefusal {
  const tried = answers.flatMap(([source, answer]) =>
    source === undefined || answer === undefined || answer.ok
      ? []
      : [{ name: source.name, reason: answer.reason }],
  );
  const outOfReach = tried.filter(({ reason }) => reason !== "unknown-coin");
  return outOfReach.length > 0
    ? { ok: false, reason: "prices-unavailable", tried: outOfReach }
    : { ok: false, reason: "history-unavailable", because: "no-prices" };
}

function isDisagreement(joined: Joined): boolean {
  return (
    !joined.ok &&
    joined.wants === undefined &&
    joined.reason === "history-unavailable" &&
    joined.because !== "no-prices"
  );
}

function pricedCloses(answer: ClosesResult | undefined): Closes | undefined {
  return answer?.ok && answer.points.length > 0 ? answer : undefined;
}

function newestOf({ record }: { readonly record: JoinedRecord }): string {
  return record.points.at(-1)?.on ?? "";
}

function firstDayOf({ points }: Closes): string {
  return points[0]?.on ?? "";
}

function lastDayOf({ points }: Closes): string {
  return points.at(-1)?.on ?? "";
}

function askedAtMsOf(answer: ClosesResult | undefined): number {
  return answer?.ok ? Date.parse(answer.askedAt) : 0;
}
