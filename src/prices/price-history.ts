import { createHash } from "node:crypto";
import type { Log } from "../log.ts";
import {
  addDays,
  type DailyClose,
  daysBetween,
  earlier,
  type Flag,
  type HistorySource,
  median,
  type PriceHistory,
} from "../valuation/valuation.ts";
import { type CachedPrices, publishedThrough } from "./cached-prices.ts";
import { utcDay } from "./daily-closes.ts";
import type { EarlyRecord } from "./early-records.ts";
import type { Ask, Closes, CoinRef, PriceSource, SourceFailure } from "./price-source.ts";
import { createSingleFlight } from "./single-flight.ts";

/** A provider that was asked in vain. */
export type TriedSource = { readonly name: string; readonly reason: SourceFailure["reason"] };

/** Why a coin has no usable history. */
export type HistoryRefusal =
  /** No provider knows a price of the coin. */
  | { readonly reason: "history-unavailable"; readonly because: "no-prices" }
  /** Two providers disagree by more than 5 % on the days that both know: a redenomination or a wrong mapping. */
  | { readonly reason: "history-unavailable"; readonly because: "sources-differ"; readonly sources: readonly [string, string] }
  /** The two providers' records of the coin do not meet, so that nothing shows whether they mean the same coin. */
  | { readonly reason: "history-unavailable"; readonly because: "sources-apart"; readonly sources: readonly [string, string] }
  /** Nothing that answers now says what the coin cost when it was listed, or what it costs today. */
  | { readonly reason: "prices-unavailable"; readonly tried: readonly TriedSource[] };

/** A coin's history, or why there is none. */
export type HistoryOutcome = { readonly ok: true; readonly history: PriceHistory } | ({ readonly ok: false } & HistoryRefusal);

/** Whole price histories, from the listing to yesterday. */
export type PriceHistories = {
  /** Asks the providers in order and joins their answers. Never rejects for what the outside world does. */
  history(coin: CoinRef, ask: Ask): Promise<HistoryOutcome>;
  /**
   * A history that costs as little as possible, for many coins a day: the archive, which answers for many coins in one call, tells the newest
   * days; what the main source told before wins on the days that both know, if they agree (within 5 %). The main source is asked only for
   * what the archive cannot tell. What it costs less to ask the main source for is what {@link history} tells.
   */
  frugalHistory(coin: CoinRef, ask: Ask): Promise<HistoryOutcome>;
  /**
   * Fetches what {@link frugalHistory} of these coins needs in as few calls as possible, and tells `onReady` of each coin whose history need
   * not wait any longer. Never rejects for what the outside world does.
   */
  prepare(coins: readonly CoinRef[], ask: Ask, onReady?: (coin: CoinRef) => void): Promise<void>;
};

/** Options of {@link createPriceHistories}. */
export type PriceHistoriesOptions = {
  /** Asked first; wins on shared days. */
  readonly main: PriceSource & Partial<Pick<CachedPrices, "kept" | "prepare">>;
  /** Asked for what the main source's plan does not reach, or for everything when that is down. */
  readonly archive?: CachedPrices;
  /** A second record of a coin's whole life, for when the archive cannot tell the days behind the wall. */
  readonly deep?: PriceSource;
  /** Closes from before any provider's record; undefined for nearly every coin. */
  readonly earlyRecordOf?: (coinId: string) => EarlyRecord | undefined;
  /** Its first weekly closes stand in for the opening when the archive is down. */
  readonly exchange?: PriceSource;
  /** Exchanges know symbols only: true when the symbol means this coin and no better-ranked one. */
  readonly isTopOfItsSymbol: (coin: CoinRef) => boolean;
  readonly now: () => Date;
  readonly log: Log;
  /** Told of every question that a history in memory answered. */
  readonly onRecalled?: () => void;
};

/** Days that both providers are asked for, so that their agreement can be checked; a few may be missing on either side. */
const OVERLAP_DAYS = 21;
const MIN_SHARED_DAYS = 7;
const MAX_DISAGREEMENT = 0.05;
/** A series that begins this long after the wall of the plan begins with the coin's listing, not with the wall. */
const CLEAR_OF_WALL_DAYS = 14;
const GAP_OVER_DAYS = 30;
const JUMP_OVER = 50;
const JUMP_PERSISTS_DAYS = 7;
/** The original's "first four weekly closes". */
const OPENING_WEEKS = 4;
const RECENT_DAYS = 7;

/** Frugal histories are checked against the main source after this many days, or up to twice as many. */
const CHECKED_WITHIN_DAYS = 30;

/** `asOf` names the day and the last published day for which the outcome holds. */
type Remembered = { readonly outcome: HistoryOutcome; readonly asOf: string };

/** Joined histories kept ready in memory; twelve years are about half a megabyte. */
const REMEMBERED_COINS = 32;

/** Histories from a main source, an archive behind it and an exchange behind both (DESIGN 5). */
export function createPriceHistories(options: PriceHistoriesOptions): PriceHistories {
  const { main, archive, exchange, isTopOfItsSymbol, now, log } = options;
  const once = createSingleFlight();
  const remembered = new Map<string, Remembered>();

  async function ask(coin: CoinRef, asking: Ask): Promise<HistoryOutcome> {
    const todayOn = utcDay(now());
    const yesterdayOn = addDays(todayOn, -1);
    const recent = await main.closes(coin, { from: "listing", to: yesterdayOn }, asking);
    if (recent.ok && !recent.stale && recent.points.length > 0 && main.reachDays === null) return whole(coin, main, recent);
    if (archive === undefined) return recent.ok && recent.points.length > 0 ? whole(coin, main, recent) : notAnswered([[main, recent]]);

    const recentFirstOn = recent.ok && !recent.stale ? recent.points[0]?.on : undefined;
    const neededTo = recentFirstOn === undefined ? yesterdayOn : earlier(yesterdayOn, addDays(recentFirstOn, OVERLAP_DAYS - 1));
    const old = await archive.closes(coin, { from: "listing", to: neededTo }, asking);

    const haveRecent = recent.ok && recent.points.length > 0;
    const haveOld = old.ok && old.points.length > 0;
    if (haveRecent && haveOld) {
      const joined = join(coin, recent, old);
      if (joined.ok || joined.reason !== "history-unavailable" || asking.fresh) return joined;
      // A coin that was redenominated since the archive was asked differs only from what we kept of it.
      const asked = await archive.closes(coin, { from: "listing", to: neededTo }, { ...asking, fresh: true });
      return asked.ok && asked.points.length > 0 ? join(coin, recent, asked) : joined;
    }
    if (haveOld) return whole(coin, archive, old);
    if (!haveRecent)
      return notAnswered([
        [main, recent],
        [archive, old],
      ]);
    if (beginsClearOfWall(recent, todayOn)) return whole(coin, main, recent);
    return fromExchange(coin, recent, old, asking);
  }

  function join(coin: CoinRef, recent: Closes, old: Closes): HistoryOutcome {
    const names = [main.name, archive?.name ?? ""] as const;
    const recentFrom = recent.points[0]?.on ?? "";
    const recentTo = recent.points.at(-1)?.on ?? "";
    const oldTo = old.points.at(-1)?.on ?? "";
    if (recentFrom <= (old.points[0]?.on ?? "") && !recent.stale) return whole(coin, main, recent);

    const ratios = sharedRatios(recent.points, old.points);
    if (ratios.length >= MIN_SHARED_DAYS) {
      const ratio = median(ratios);
      if (Math.abs(ratio - 1) > MAX_DISAGREEMENT) {
        log.warn({ coinId: coin.coinId, ratio, sharedDays: ratios.length, sources: names }, "price sources disagree: not joined");
        return { ok: false, reason: "history-unavailable", because: "sources-differ", sources: names };
      }
    } else if (archive !== undefined && daysBetween(oldTo, recentTo) <= RECENT_DAYS) {
      // The main source has next to nothing, and the archive tells the same time alone.
      return whole(coin, archive, old);
    } else {
      return { ok: false, reason: "history-unavailable", because: "sources-apart", sources: names };
    }

    const byDay = new Map(old.points.map((point) => [point.on, point]));
    for (const point of recent.points) byDay.set(point.on, point);
    const points = [...byDay.values()].sort((a, b) => (a.on < b.on ? -1 : 1));
    const sources = [
      ...sourceOf(
        archive,
        old.points.filter(({ on }) => on < recentFrom),
      ),
      ...sourceOf(main, recent.points),
      ...sourceOf(
        archive,
        old.points.filter(({ on }) => on > recentTo),
      ),
    ];
    return historyOf(coin, points, sources, oldTo > recentTo ? old : recent);
  }

  async function askFrugally(coin: CoinRef, asking: Ask): Promise<HistoryOutcome> {
    // A plan that reaches the listing answers for a coin in one call, and with the best record.
    if (archive === undefined || main.reachDays === null) return history(coin, asking);
    const todayOn = utcDay(now());
    const yesterdayOn = addDays(todayOn, -1);
    const kept = await main.kept?.(coin);
    // The main source's word on the last year is what the archive is checked against: it is asked for once, and again now and then.
    if (kept === undefined || !kept.stale || isOutdated(kept, coin, todayOn)) return history(coin, asking);

    const old = await archive.closes(coin, { from: "listing", to: yesterdayOn }, asking);
    const lastOn = old.ok ? old.points.at(-1)?.on : undefined;
    if (!old.ok || lastOn === undefined) return history(coin, asking);
    const isWhole = lastOn >= earlier(yesterdayOn, publishedThrough(now()));
    if (!isWhole && !isKnownToHaveEnded(kept, lastOn, todayOn)) return history(coin, asking);
    if (kept.points.length === 0) return whole(coin, archive, old);
    const joined = join(coin, isWhole ? kept : { ...kept, stale: false }, old);
    return joined.ok ? joined : history(coin, asking);
  }

  /** True when it is time to ask the main source again; each coin has its own day, so that a few come up daily and not all at once. */
  function isOutdated(kept: Closes, { coinId }: CoinRef, todayOn: string): boolean {
    const part = createHash("sha256").update(coinId).digest().readUInt32BE(0) / 2 ** 32;
    return daysBetween(kept.askedAt.slice(0, 10), todayOn) > CHECKED_WITHIN_DAYS * (1 + part);
  }

  /** True when the main source was asked lately, and told nothing newer than the archive either: asking it daily would tell nothing new. */
  function isKnownToHaveEnded(kept: Closes, lastOn: string, todayOn: string): boolean {
    return (
      daysBetween(lastOn, todayOn) > RECENT_DAYS &&
      daysBetween(kept.points.at(-1)?.on ?? "", todayOn) > RECENT_DAYS &&
      daysBetween(kept.askedAt.slice(0, 10), todayOn) <= RECENT_DAYS
    );
  }

  function whole(coin: CoinRef, source: PriceSource, closes: Closes): HistoryOutcome {
    return historyOf(coin, closes.points, sourceOf(source, closes.points), closes);
  }

  function historyOf(coin: CoinRef, points: readonly DailyClose[], sources: readonly HistorySource[], newest: Closes): HistoryOutcome {
    const flags: Flag[] = [];
    if (hasGap(points)) flags.push("partial-history");
    if (hasLastingJump(points)) flags.push("sources-disagree");
    if (newest.stale) flags.push("stale");
    if (main.id === "demo") flags.push("demo");
    const firstRecordedOn = points[0]?.on;
    if (firstRecordedOn === undefined) return { ok: false, reason: "history-unavailable", because: "no-prices" };
    return { ok: true, history: { coinId: coin.coinId, points, firstRecordedOn, sources, asOf: newest.askedAt, flags } };
  }

  function beginsClearOfWall(recent: Closes, todayOn: string): boolean {
    const firstOn = recent.points[0]?.on;
    if (main.reachDays === null || firstOn === undefined) return false;
    return firstOn > addDays(todayOn, CLEAR_OF_WALL_DAYS - main.reachDays);
  }

  /** Daily closes of the main source with the exchange's first four weekly closes as the opening. */
  async function fromExchange(coin: CoinRef, recent: Closes, old: Closes | SourceFailure, asking: Ask): Promise<HistoryOutcome> {
    const tried: [PriceSource, Closes | SourceFailure][] = archive === undefined ? [] : [[archive, old]];
    if (exchange === undefined || !isTopOfItsSymbol(coin)) return notAnswered(tried);
    const weekly = await exchange.closes(coin, { from: "listing", to: addDays(utcDay(now()), -1) }, asking);
    if (!weekly.ok) return notAnswered([...tried, [exchange, weekly]]);
    const listingCloses = weekly.points.slice(0, OPENING_WEEKS);
    const firstRecordedOn = weekly.firstOn;
    const firstDailyOn = recent.points[0]?.on ?? "";
    if (listingCloses.length < OPENING_WEEKS || firstRecordedOn === null || firstRecordedOn >= firstDailyOn) return notAnswered(tried);
    if (!(await agreeNow(coin, recent, exchange, asking))) return notAnswered(tried);

    const daily = historyOf(coin, recent.points, [...sourceOf(exchange, listingCloses), ...sourceOf(main, recent.points)], recent);
    if (!daily.ok) return daily;
    return {
      ok: true,
      history: { ...daily.history, firstRecordedOn, listingCloses, flags: [...daily.history.flags, "exchange-listing-only"] },
    };
  }

  /** A symbol may mean another coin on the exchange: the price of now tells. */
  async function agreeNow(coin: CoinRef, recent: Closes, other: PriceSource, asking: Ask): Promise<boolean> {
    const [here, there] = await Promise.all([main.quote(coin, asking), other.quote(coin, asking)]);
    const hereUsd = here.ok ? here.priceUsd : recent.points.at(-1)?.priceUsd;
    return there.ok && hereUsd !== undefined && Math.abs(there.priceUsd / hereUsd - 1) <= MAX_DISAGREEMENT;
  }

  /** A joined history, as long as nothing newer can have been published. */
  function recall(coin: CoinRef, asking: Ask): Promise<HistoryOutcome> | undefined {
    const known = remembered.get(coin.coinId);
    return known === undefined || asking.fresh || known.asOf !== stateOf(coin) ? undefined : Promise.resolve(known.outcome);
  }

  function remember(coin: CoinRef, outcome: HistoryOutcome, asOf: string): HistoryOutcome {
    const isLasting = outcome.ok && !outcome.history.flags.some((flag) => flag === "stale" || flag === "exchange-listing-only");
    if (!isLasting) return outcome;
    remembered.delete(coin.coinId);
    remembered.set(coin.coinId, { outcome, asOf });
    const oldest = remembered.keys().next().value;
    if (remembered.size > REMEMBERED_COINS && oldest !== undefined) remembered.delete(oldest);
    return outcome;
  }

  /** When neither the sources nor the cache can be asked, memory may still know how it was. */
  function orAsBefore(coin: CoinRef, outcome: HistoryOutcome): HistoryOutcome {
    const before = remembered.get(coin.coinId)?.outcome;
    if (outcome.ok || outcome.reason !== "prices-unavailable" || !before?.ok) return outcome;
    return { ok: true, history: { ...before.history, flags: [...before.history.flags, "stale"] } };
  }

  function stateOf({ coinId }: CoinRef): string {
    return `${utcDay(now())} ${publishedThrough(now(), coinId)}`;
  }

  function history(coin: CoinRef, asking: Ask): Promise<HistoryOutcome> {
    const known = recall(coin, asking);
    if (known !== undefined) {
      options.onRecalled?.();
      return known;
    }
    // A person never waits for a question that runs at background pace.
    return once(`${asking.priority} ${asking.fresh} ${coin.coinId}`, async () => {
      const asOf = stateOf(coin);
      const outcome = await ask(coin, asking);
      return asking.fresh ? remember(coin, outcome, asOf) : orAsBefore(coin, remember(coin, outcome, asOf));
    });
  }

  return {
    history,
    frugalHistory: (coin, asking) => once(`frugal ${asking.priority} ${asking.fresh} ${coin.coinId}`, () => askFrugally(coin, asking)),
    async prepare(coins, asking, onReady) {
      const yesterdayOn = addDays(utcDay(now()), -1);
      if (archive === undefined || main.reachDays === null) return main.prepare?.(coins, yesterdayOn, asking, onReady);
      const wanting: CoinRef[] = [];
      for (const coin of coins) {
        const kept = await main.kept?.(coin);
        if (kept === undefined || kept.stale) wanting.push(coin);
        else onReady?.(coin);
      }
      await archive.prepare(wanting, yesterdayOn, asking, onReady);
    },
  };
}

function notAnswered(answers: readonly (readonly [PriceSource, Closes | SourceFailure])[]): HistoryOutcome {
  const tried = answers.flatMap(([{ name }, answer]) => (answer.ok ? [] : [{ name, reason: answer.reason }]));
  const outOfReach = tried.filter(({ reason }) => reason !== "unknown-coin");
  return outOfReach.length > 0
    ? { ok: false, reason: "prices-unavailable", tried: outOfReach }
    : { ok: false, reason: "history-unavailable", because: "no-prices" };
}

function sourceOf(source: PriceSource | undefined, points: readonly DailyClose[]): HistorySource[] {
  const from = points[0]?.on;
  const to = points.at(-1)?.on;
  if (source === undefined || from === undefined || to === undefined) return [];
  return [{ name: source.name, url: source.url, from, to: source.stepDays === 1 ? to : addDays(to, source.stepDays) }];
}

function sharedRatios(recent: readonly DailyClose[], old: readonly DailyClose[]): number[] {
  const oldByDay = new Map(old.map((point) => [point.on, point.priceUsd]));
  return recent.flatMap(({ on, priceUsd }) => {
    const oldUsd = oldByDay.get(on);
    return oldUsd === undefined ? [] : [priceUsd / oldUsd];
  });
}

function hasGap(points: readonly DailyClose[]): boolean {
  return points.some(({ on }, index) => index > 0 && daysBetween(points[index - 1]?.on ?? on, on) > GAP_OVER_DAYS);
}

/** True when the price moves over 50× from one day to the next and stays there: the mark of a new unit in an old record. */
function hasLastingJump(points: readonly DailyClose[]): boolean {
  return points.some(({ priceUsd }, index) => {
    const before = points[index - 1]?.priceUsd ?? priceUsd;
    if (!isJump(priceUsd / before)) return false;
    const prices = (from: number, to: number) => points.slice(Math.max(0, from), to).map((point) => point.priceUsd);
    return isJump(median(prices(index, index + JUMP_PERSISTS_DAYS)) / median(prices(index - JUMP_PERSISTS_DAYS, index)));
  });
}

function isJump(ratio: number): boolean {
  return ratio > JUMP_OVER || ratio < 1 / JUMP_OVER;
}
