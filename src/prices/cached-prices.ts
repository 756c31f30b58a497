import { createHash } from "node:crypto";
import { z } from "zod";
import { within } from "../clock.ts";
import { addDays, type DailyClose, daysBetween, earlier, median } from "../valuation/valuation.ts";
import type { AnswerCache } from "./answer-cache.ts";
import { utcDay } from "./daily-closes.ts";
import type { Ask, Closes, CoinRef, DayRange, PriceSource, Quote, SourceFailure } from "./price-source.ts";
import { createSingleFlight } from "./single-flight.ts";
import { turnOf } from "./upstream.ts";

/** A price source that remembers. */
export type CachedPrices = PriceSource & {
  /** What is kept of a coin, without asking anybody; `stale` unless it reaches the last published day. Undefined when nothing is kept. */
  kept(coin: CoinRef): Promise<Closes | undefined>;
  /**
   * Asks for everything up to the day `to` that is published and not kept, of many coins in as few calls as possible; `closes` is then
   * answered from what is kept. Background questions for one of these coins wait for it, for half a minute; `onReady` is told of each coin for which there is
   * nothing more to wait for. Never rejects for what the outside world does.
   */
  prepare(coins: readonly CoinRef[], to: string, ask: Ask, onReady?: (coin: CoinRef) => void): Promise<void>;
};

/** Options of {@link cachePrices}. */
export type CachedPricesOptions = {
  readonly source: PriceSource;
  readonly cache: AnswerCache;
  readonly now: () => Date;
  /** Told of every question: answered from the cache, or not. */
  readonly onAnswer?: (from: "cache" | "source") => void;
  /** How long a background question waits for many coins that are asked for at once, in milliseconds; 30,000 when absent. */
  readonly waveWaitsMs?: number;
};

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const QUOTE_TTL_MS = 60_000;
const UNKNOWN_COIN_TTL_MS = 10 * MINUTE_MS;
/** Closes of finished days are good for ever; a coin that nobody asked about for this long makes room. */
const CLOSES_TTL_MS = 400 * DAY_MS;
/** Weekly closes of an exchange stand in for better ones and are kept at most a day. */
const STAND_IN_TTL_MS = DAY_MS;
/** CoinGecko shows a finished day at about 00:10 UTC (its documentation, checked 2026-11-01); asked for from 00:20, spread over ten minutes. */
const PUBLISHED_AFTER_MS = 20 * MINUTE_MS;
const PUBLISHED_JITTER_MS = 10 * MINUTE_MS;
/** A listing's first days are asked for again until they are this old: providers still correct them. */
const SETTLED_AFTER_DAYS = 35;
/** Kept closes that differ by more than this from new ones of the same days are in another unit (redenomination). */
const MAX_DRIFT = 0.05;
/** Kept days that are asked for again with new ones. Late corrections of a few days come with them. */
const OVERLAP_DAYS = 14;
/** The opening window and the closes that it needs (valuation.ts). */
const OPENING_DAYS = 28;
const MIN_OPENING_CLOSES = 7;

/** Calls of one coin each that `prepare` has under way where the source takes no more. */
const ONE_BY_ONE_AT_ONCE = 3;

/**
 * How long somebody waits for many coins that are asked for at once, here or in another process: about as long as 500 of them take the next day. The
 * first time takes far longer; a digest of ten coins then asks for what is still missing instead of waiting for all, and a person at once.
 */
const WAVE_WAITS_MS = 30_000;

const Kept = z.object({
  /** First day of `pricesUsd`, which has one entry a day (null: no price) so that a long history stays small. */
  from: z.iso.date(),
  pricesUsd: z.array(z.number().positive().nullable()),
  firstOn: z.iso.date().nullable(),
  /** Last day that was asked for and published. */
  coveredTo: z.iso.date(),
  askedAt: z.iso.datetime(),
});
type Kept = z.infer<typeof Kept>;

/** One coin, the days it is asked for, and the part of them that is not kept; undefined: nothing usable is kept. */
type Question = { readonly coin: CoinRef; readonly range: DayRange; readonly part: DayRange | undefined };

const KeptQuote = z.object({ priceUsd: z.number().positive() });
const KeptUnknown = z.object({ detail: z.string() });

/**
 * A price source that remembers: closes of finished days for good, so that tomorrow costs one call; unknown coins for ten minutes; quotes for a
 * minute. Identical questions in flight are asked once. When the source does not answer, an old answer comes back marked `stale`.
 */
export function cachePrices({ source, cache, now, onAnswer, waveWaitsMs = WAVE_WAITS_MS }: CachedPricesOptions): CachedPrices {
  const once = createSingleFlight();
  /** Coins that `prepare` is asking about, each with what ends the waiting for it. */
  const preparing = new Map<string, { readonly done: Promise<void>; readonly end: () => void }>();

  async function closes(coin: CoinRef, range: DayRange, ask: Ask): Promise<Closes | SourceFailure> {
    // A person does not wait for a wave of background questions.
    if (ask.priority === "background") await within(waveWaitsMs, preparing.get(coin.coinId)?.done ?? Promise.resolve());
    if (ask.fresh) return askSource(coin, range, ask, undefined);
    const { answer } = await recall(coin, range);
    if (answer !== undefined) {
      onAnswer?.("cache");
      return answer;
    }
    const asker = async () => {
      const { answer: answered, usable } = await recall(coin, range);
      if (answered !== undefined) onAnswer?.("cache");
      return answered ?? askSource(coin, range, ask, usable);
    };
    return cache.alone(closesKey(coin), asker, turnOf(ask));
  }

  /** What is kept: a whole answer, or closes that new ones can be added to, or nothing. */
  async function recall(coin: CoinRef, range: DayRange): Promise<{ answer?: Closes | SourceFailure; usable?: Kept }> {
    const at = now();
    const usable = await usableOf(coin.coinId, at);
    if (usable !== undefined && suffices(usable, range, publishedThrough(at, coin.coinId), at)) {
      return { answer: answerFrom(usable, at, false) };
    }
    const unknown = await cache.get(unknownKey(coin), KeptUnknown);
    if (unknown !== undefined) return { answer: { ok: false, reason: "unknown-coin", detail: unknown.detail } };
    return usable === undefined ? {} : { usable };
  }

  async function askSource(coin: CoinRef, range: DayRange, ask: Ask, usable: Kept | undefined): Promise<Closes | SourceFailure> {
    onAnswer?.("source");
    const question: Question = { coin, range, part: usable === undefined ? undefined : missingRange(usable, range) };
    const answer = await source.closes(coin, question.part ?? range, ask);
    return isNoHistory(question, answer, usable)
      ? conclude(question, await source.closes(coin, range, ask), usable, false)
      : conclude(question, answer, usable);
  }

  /** True for a part that does not continue what is kept: everything has to be asked for. */
  function isNoHistory({ part }: Question, answer: Closes | SourceFailure, usable: Kept | undefined): boolean {
    return answer.ok && part !== undefined && answer.firstOn === null && (usable === undefined || !fits(usable, answer, part));
  }

  /** Keeps a source's answer, joined to what is kept if it may be; without an answer, what is kept is one. */
  async function conclude(
    { coin, range, part }: Question,
    answer: Closes | SourceFailure,
    usable: Kept | undefined,
    mayJoin = true,
  ): Promise<Closes | SourceFailure> {
    if (!answer.ok) {
      if (answer.reason === "unknown-coin") await cache.set(unknownKey(coin), { detail: answer.detail }, UNKNOWN_COIN_TTL_MS);
      else if (usable !== undefined) return answerFrom(usable, now(), true);
      return answer;
    }
    // Weeks come all at once; joined to kept ones they would be kept for longer than a day.
    const before = mayJoin && source.stepDays === 1 && usable !== undefined && fits(usable, answer, part) ? usable : undefined;
    const merged = merge(before, answer, range.to, coin.coinId);
    await cache.set(closesKey(coin), merged, source.stepDays === 1 ? CLOSES_TTL_MS : STAND_IN_TTL_MS);
    return answerFrom(merged, now(), false);
  }

  async function prepare(coins: readonly CoinRef[], to: string, ask: Ask, onReady?: (coin: CoinRef) => void): Promise<void> {
    const mine = new Map<string, CoinRef>();
    const end = ({ coinId }: CoinRef) => {
      const coin = mine.get(coinId);
      if (coin === undefined) return;
      mine.delete(coinId);
      preparing.get(coinId)?.end();
      preparing.delete(coinId);
      onReady?.(coin);
    };
    for (const coin of coins) {
      // Somebody else is asking: questions for it wait for that.
      if (preparing.has(coin.coinId)) onReady?.(coin);
      else {
        mine.set(coin.coinId, coin);
        preparing.set(coin.coinId, waiting());
      }
    }
    try {
      const waitMs = ask.priority === "background" ? waveWaitsMs : 0;
      const turn = { priority: ask.priority, waitMs: { interactive: waitMs, background: waitMs } };
      await cache.alone(`prepare:${source.id}`, () => askForAll(mine, to, ask, end), turn);
    } finally {
      for (const coin of [...mine.values()]) end(coin);
    }
  }

  /** Asks for what is missing of these coins; `end` is told of each coin that needs no waiting any more. */
  async function askForAll(mine: ReadonlyMap<string, CoinRef>, to: string, ask: Ask, end: (coin: CoinRef) => void): Promise<void> {
    const questions: Question[] = [];
    for (const coin of [...mine.values()]) {
      const question = await missingOf(coin, { from: "listing", to });
      if (question === undefined) end(coin);
      else questions.push(question);
    }
    const again: Question[] = [];
    // What is kept is read once more when the answer is there: a wave of coins does not have to fit in memory.
    await askMany(questions, ask, async (question, answer) => {
      const usable = await usableOf(question.coin.coinId, now());
      if (isNoHistory(question, answer, usable)) return void again.push({ ...question, part: undefined });
      await conclude(question, answer, usable);
      end(question.coin);
    });
    await askMany(again, ask, async (question, answer) => {
      await conclude(question, answer, undefined);
      end(question.coin);
    });
  }

  async function askMany(
    questions: readonly Question[],
    ask: Ask,
    tell: (question: Question, answer: Closes | SourceFailure) => Promise<void>,
  ): Promise<void> {
    if (source.closesOfMany !== undefined) {
      const byCoin = new Map(questions.map((question) => [question.coin.coinId, question]));
      const asked = questions.map(({ coin, range, part }) => ({ coin, range: part ?? range }));
      return source.closesOfMany(asked, ask, async (coinId, answer) => {
        const question = byCoin.get(coinId);
        if (question !== undefined) await tell(question, answer);
      });
    }
    const queue = questions.values();
    const worker = async () => {
      for (const question of queue) await tell(question, await source.closes(question.coin, question.part ?? question.range, ask));
    };
    await Promise.all(Array.from({ length: ONE_BY_ONE_AT_ONCE }, worker));
  }

  /** What has to be asked for so that everything published is kept; undefined when nothing has. */
  async function missingOf(coin: CoinRef, range: DayRange): Promise<Question | undefined> {
    const at = now();
    const usable = await usableOf(coin.coinId, at);
    if (usable !== undefined && suffices(usable, range, publishedThrough(at), at)) return undefined;
    if ((await cache.get(unknownKey(coin), KeptUnknown)) !== undefined) return undefined;
    return { coin, range, part: usable === undefined ? undefined : missingRange(usable, range) };
  }

  async function usableOf(coinId: string, at: Date): Promise<Kept | undefined> {
    const kept = await cache.get(closesKey({ coinId }), Kept);
    return kept !== undefined && Date.parse(kept.askedAt) <= at.getTime() + DAY_MS ? kept : undefined;
  }

  /** Settled days need not be asked for again, but for a few that show whether old and new are in one unit; undefined asks for all. */
  function missingRange(kept: Kept, range: DayRange): DayRange | undefined {
    return source.stepDays === 1 && isSettled(kept) ? { from: addDays(kept.coveredTo, 1 - OVERLAP_DAYS), to: range.to } : undefined;
  }

  function suffices(kept: Kept, range: DayRange, publishedOn: string, at: Date): boolean {
    if (kept.coveredTo < earlier(range.to, publishedOn)) return false;
    if (source.reachDays !== null) return true;
    return kept.firstOn !== null && (isSettled(kept) || utcDay(at) === utcDay(Date.parse(kept.askedAt)));
  }

  function closesKey({ coinId }: Pick<CoinRef, "coinId">): string {
    return `closes:${source.id}:${coinId}`;
  }

  function unknownKey({ coinId }: CoinRef): string {
    return `unknown:${source.id}:${coinId}`;
  }

  async function quote(coin: CoinRef, ask: Ask): Promise<Quote | SourceFailure> {
    const key = `quote:${source.id}:${coin.coinId}`;
    const recalled = async (): Promise<Quote | undefined> => {
      const kept = await cache.get(key, KeptQuote);
      return kept === undefined ? undefined : { ok: true, priceUsd: kept.priceUsd };
    };
    const asker = async () => {
      const kept = await recalled();
      if (kept !== undefined) return kept;
      const answer = await source.quote(coin, ask);
      if (answer.ok) await cache.set(key, { priceUsd: answer.priceUsd }, QUOTE_TTL_MS);
      return answer;
    };
    return (await recalled()) ?? cache.alone(key, asker, turnOf(ask));
  }

  return {
    ...source,
    closes: (coin, range, ask) =>
      once(["closes", ask.priority, ask.fresh, coin.coinId, coin.symbol, range.from, range.to].join(" "), () => closes(coin, range, ask)),
    quote: (coin, ask) => once(["quote", ask.priority, coin.coinId, coin.symbol].join(" "), () => quote(coin, ask)),
    prepare,
    async kept(coin) {
      const at = now();
      const usable = await usableOf(coin.coinId, at);
      return usable === undefined
        ? undefined
        : answerFrom(usable, at, usable.coveredTo < earlier(addDays(utcDay(at), -1), publishedThrough(at)));
    },
  };
}

/** A promise, and what resolves it. */
function waiting(): { done: Promise<void>; end: () => void } {
  let end = () => {};
  const done = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { done, end };
}

/**
 * The last UTC day that providers have published at an instant. As far as one coin is concerned that is some minutes later, so that the new
 * day's questions do not all come at once; questions about many coins at once need no such spreading.
 */
export function publishedThrough(at: Date, coinId?: string): string {
  return addDays(utcDay(at.getTime() - publicationMs(coinId)), -1);
}

/** The next instant at which {@link publishedThrough} becomes another day. */
export function nextPublicationAt(at: Date, coinId?: string): Date {
  return new Date(Date.parse(addDays(publishedThrough(at, coinId), 2)) + publicationMs(coinId));
}

/** How long after midnight (UTC) a finished day is asked for. */
function publicationMs(coinId: string | undefined): number {
  return PUBLISHED_AFTER_MS + (coinId === undefined ? 0 : partOf(coinId) * PUBLISHED_JITTER_MS);
}

/** Asked with every question; there are some ten thousand coins. */
const parts = new Map<string, number>();

/** A number from 0 to 1 that is a coin's own. */
function partOf(coinId: string): number {
  let part = parts.get(coinId);
  if (part === undefined) {
    part = createHash("sha256").update(coinId).digest().readUInt32BE(0) / 2 ** 32;
    parts.set(coinId, part);
  }
  return part;
}

/** True when the listing's first days are whole, and old enough to stay as they are. */
function isSettled({ firstOn, askedAt, ...kept }: Kept): boolean {
  if (firstOn === null || addDays(firstOn, SETTLED_AFTER_DAYS) > utcDay(Date.parse(askedAt))) return false;
  const opening = kept.pricesUsd.slice(0, Math.max(0, daysBetween(kept.from, addDays(firstOn, OPENING_DAYS))));
  return opening.filter((priceUsd) => priceUsd !== null).length >= MIN_OPENING_CLOSES;
}

function answerFrom(kept: Kept, at: Date, stale: boolean): Closes {
  const todayOn = utcDay(at);
  return {
    ok: true,
    points: pointsOf(kept).filter(({ on }) => on < todayOn),
    firstOn: kept.firstOn,
    askedAt: kept.askedAt,
    stale,
  };
}

/** What is kept and what is new as one; new closes win. */
function merge(kept: Kept | undefined, answer: Closes, askedTo: string, coinId: string): Kept {
  const before = kept === undefined ? [] : pointsOf(kept);
  const byDay = new Map([...before, ...answer.points].map((point) => [point.on, point.priceUsd]));
  const days = [...byDay.keys()].sort();
  const from = days[0] ?? askedTo;
  const last = days.at(-1) ?? "";
  const pricesUsd: (number | null)[] = [];
  for (let on = from; on <= last; on = addDays(on, 1)) pricesUsd.push(byDay.get(on) ?? null);
  const published = earlier(askedTo, publishedThrough(new Date(answer.askedAt), coinId));
  return {
    from,
    pricesUsd,
    firstOn: answer.firstOn ?? (before.length > 0 && kept !== undefined ? kept.firstOn : null),
    coveredTo: later(published, answer.points.at(-1)?.on ?? published),
    askedAt: answer.askedAt,
  };
}

/** False when kept and new closes cannot stand in one series: another unit, or days between them that nobody asked for. */
function fits(kept: Kept, answer: Closes, part: DayRange | undefined): boolean {
  const first = answer.points[0];
  if (first === undefined) return true;
  const fresh = new Map(answer.points.map((point) => [point.on, point.priceUsd]));
  const ratios = pointsOf(kept).flatMap(({ on, priceUsd }) => {
    const now = fresh.get(on);
    return now === undefined ? [] : [priceUsd / now];
  });
  if (ratios.length > 0) return Math.abs(median(ratios) - 1) <= MAX_DRIFT;
  return part !== undefined || first.on <= addDays(kept.coveredTo, 1);
}

function pointsOf({ from, pricesUsd }: Kept): DailyClose[] {
  const startMs = Date.parse(from);
  return pricesUsd.flatMap((priceUsd, day) => (priceUsd === null ? [] : [{ on: utcDay(startMs + day * DAY_MS), priceUsd }]));
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}
