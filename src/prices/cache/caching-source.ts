import { z } from "zod";
import { within } from "../../process/clock.ts";
import { createSingleFlight } from "../../process/single-flight.ts";
import { addDays, DAY_MS, earlier, MINUTE_MS, utcDay } from "../../valuation/calendar.ts";
import type {
  Ask,
  Closes,
  ClosesResult,
  CoinRef,
  DayRange,
  PriceSource,
  QuoteResult,
  SourceFailure,
} from "../price-source.ts";
import { publishedThrough } from "../publication-schedule.ts";
import { lockPatienceOf } from "../sources/lock-patience.ts";
import {
  ClosesRow,
  fits,
  isSettled,
  isWholeOutdated,
  missingRange,
  pointsOf,
  recheckedRow,
  rowOf,
  withPart,
} from "./closes-row.ts";
import type { FetchCache } from "./fetch-cache.ts";

/** What is kept of a coin. */
export type RecalledCloses = Closes & {
  /**
   * Last UTC day that was asked for when it was published, whether its close had arrived or not.
   */
  readonly coveredTo: string;
  /** When the whole record was asked for last, ISO 8601 in UTC; null when it never was. */
  readonly wholeAt: string | null;
  /** When closes within the record were asked for again since then; null when they were not. */
  readonly recheckedAt: string | null;
};

/** A price source that remembers. */
export type CachingSource = PriceSource & {
  /**
   * What is kept of a coin, without asking anybody; `stale` unless it was asked for since the last
   * day was published. Undefined when nothing is kept.
   */
  kept(coin: CoinRef): Promise<RecalledCloses | undefined>;
  /** Asks again for the newest closes, whatever is kept: they may have come late. */
  again(coin: CoinRef, to: string, ask: Ask): Promise<ClosesResult>;
  /** Asks once more for kept closes in doubt, and keeps what the source says of them now. */
  recheck(
    coin: CoinRef,
    range: { readonly from: string; readonly to: string },
    ask: Ask,
  ): Promise<ClosesResult>;
  /**
   * Asks for everything up to the day `to` that is published and not kept, of many coins in as few
   * calls as possible; `closes` is then answered from what is kept. Background questions for one of
   * these coins wait for it, for four minutes at most; `onReady` is told of each coin for which
   * there is nothing more to wait for. Never rejects for what the outside world does.
   */
  prepare(
    coins: readonly CoinRef[],
    to: string,
    ask: Ask,
    onReady?: (coin: CoinRef) => void,
  ): Promise<void>;
};

/** Options of {@link createCachingSource}. */
export type CachingSourceOptions = {
  readonly source: PriceSource;
  readonly cache: FetchCache;
  readonly now: () => Date;
  /** Told of every question: answered from the cache, or not. */
  readonly onAnswer?: (from: "cache" | "source") => void;
  /**
   * How long a background question waits for many coins that are asked for at once, in
   * milliseconds; 240,000 when absent.
   */
  readonly waveWaitsMs?: number;
};

const QUOTE_TTL_MS = 60_000;
const UNKNOWN_COIN_TTL_MS = 10 * MINUTE_MS;
/**
 * Closes of finished days are good for ever; a coin that nobody asked about for this long makes
 * room.
 */
const CLOSES_TTL_MS = 400 * DAY_MS;
/** Weekly closes of an exchange stand in for better ones and are kept at most a day. */
const STAND_IN_TTL_MS = DAY_MS;
/**
 * Doubts that a provider has of its own prices may pass at any minute; so long nobody asks again.
 */
const DOUBTS_LAST_MS = 2 * MINUTE_MS;
const MOST_DOUBTED = 1_000;

/** Calls of one coin each that `prepare` has under way where the source takes no more. */
const ONE_BY_ONE_AT_ONCE = 3;

/**
 * How long a background question waits for many coins that are asked for at once, here or in
 * another process. A first wave of 500 coins takes nearly as long, and whoever asks beside it only
 * takes calls away from it.
 */
const WAVE_WAITS_MS = 240_000;

/**
 * One coin, the days it is asked for, and the part of them that is not kept; undefined: nothing
 * usable is kept.
 */
type Question = {
  readonly coin: CoinRef;
  readonly range: DayRange;
  readonly part: DayRange | undefined;
};

const KeptQuote = z.object({ priceUsd: z.number().positive() });
const KeptUnknown = z.object({ detail: z.string() });

/**
 * A price source that remembers: closes of finished days for good, so that tomorrow costs one call;
 * unknown coins for ten minutes; quotes for a minute. Identical questions in flight are asked once.
 * When the source does not answer, an old answer comes back marked `stale`.
 */
export function createCachingSource({
  source,
  cache,
  now,
  onAnswer,
  waveWaitsMs = WAVE_WAITS_MS,
}: CachingSourceOptions): CachingSource {
  const once = createSingleFlight();
  /** Coins that `prepare` is asking about, each with what ends the waiting for it. */
  const preparing = new Map<string, { readonly done: Promise<void>; readonly end: () => void }>();
  const doubts = new Map<string, { readonly failure: SourceFailure; readonly untilMs: number }>();

  async function closes(coin: CoinRef, range: DayRange, ask: Ask): Promise<ClosesResult> {
    // A person does not wait for a wave of background questions.
    if (ask.priority === "background")
      await within(waveWaitsMs, preparing.get(coin.coinId)?.done ?? Promise.resolve());
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
    return cache.runExclusive(closesKey(coin), asker, lockPatienceOf(ask));
  }

  /** What is kept: a whole answer, or closes that new ones can be added to, or nothing. */
  async function recall(
    coin: CoinRef,
    range: DayRange,
  ): Promise<{ answer?: ClosesResult; usable?: ClosesRow }> {
    const at = now();
    const usable = await usableOf(coin.coinId, at);
    if (
      usable !== undefined &&
      suffices(usable, range, publishedThrough(at, coin.coinId), coin.coinId, at)
    ) {
      return { answer: answerFrom(usable, at, false) };
    }
    const unknown = await cache.get(unknownKey(coin), KeptUnknown);
    if (unknown !== undefined)
      return { answer: { ok: false, reason: "unknown-coin", detail: unknown.detail } };
    return usable === undefined ? {} : { usable };
  }

  async function askSource(
    coin: CoinRef,
    range: DayRange,
    ask: Ask,
    usable: ClosesRow | undefined,
  ): Promise<ClosesResult> {
    onAnswer?.("source");
    const doubt = doubts.get(coin.coinId);
    if (doubt !== undefined && now().getTime() < doubt.untilMs && !ask.fresh) {
      return usable === undefined ? doubt.failure : answerFrom(usable, now(), true);
    }
    const question: Question = {
      coin,
      range,
      part: usable === undefined ? undefined : partOf(usable, range.to, coin.coinId, now()),
    };
    const answer = await source.closes(coin, question.part ?? range, ask);
    return isNoHistory(question, answer, usable)
      ? conclude(question, await source.closes(coin, range, ask), usable, false)
      : conclude(question, answer, usable);
  }

  /** True for a part that does not continue what is kept: everything has to be asked for. */
  function isNoHistory(
    { part }: Question,
    answer: ClosesResult,
    usable: ClosesRow | undefined,
  ): boolean {
    return (
      answer.ok &&
      part !== undefined &&
      answer.firstOn === null &&
      (usable === undefined || !fits(usable, answer, part))
    );
  }

  /**
   * Keeps a source's answer, joined to what is kept if it may be; without an answer, what is kept
   * is one.
   */
  async function conclude(
    { coin, range, part }: Question,
    answer: ClosesResult,
    usable: ClosesRow | undefined,
    mayJoin = true,
  ): Promise<ClosesResult> {
    if (!answer.ok) {
      if (answer.reason === "unknown-coin")
        await cache.set(unknownKey(coin), { detail: answer.detail }, UNKNOWN_COIN_TTL_MS);
      else if (answer.reason === "distrusted") doubt(coin, answer);
      if (answer.reason !== "unknown-coin" && usable !== undefined)
        return answerFrom(usable, now(), true);
      return answer;
    }
    const mayContinue =
      mayJoin && !source.fetchesWhole && usable !== undefined && part !== undefined;
    const row =
      mayContinue && fits(usable, answer, part)
        ? withPart(usable, answer, range.to, coin.coinId)
        : rowOf(answer, range, coin.coinId);
    await keep(coin, row);
    return answerFrom(row, now(), false);
  }

  async function keep(coin: CoinRef, row: ClosesRow): Promise<void> {
    await cache.set(closesKey(coin), row, source.stepDays === 1 ? CLOSES_TTL_MS : STAND_IN_TTL_MS);
  }

  function doubt(coin: CoinRef, failure: SourceFailure): void {
    doubts.delete(coin.coinId);
    doubts.set(coin.coinId, { failure, untilMs: now().getTime() + DOUBTS_LAST_MS });
    const oldest = doubts.keys().next().value;
    if (doubts.size > MOST_DOUBTED && oldest !== undefined) doubts.delete(oldest);
  }

  async function again(coin: CoinRef, to: string, ask: Ask): Promise<ClosesResult> {
    const asker = async () =>
      askSource(coin, { from: "listing", to }, ask, await usableOf(coin.coinId, now()));
    return cache.runExclusive(closesKey(coin), asker, lockPatienceOf(ask));
  }

  async function recheck(
    coin: CoinRef,
    range: { readonly from: string; readonly to: string },
    ask: Ask,
  ): Promise<ClosesResult> {
    onAnswer?.("source");
    const answer = await source.closes(coin, range, ask);
    const usable = await usableOf(coin.coinId, now());
    if (!answer.ok || usable === undefined) return answer;
    const row = recheckedRow(usable, answer, range, coin.coinId);
    await keep(coin, row);
    return answerFrom(row, now(), false);
  }

  async function prepare(
    coins: readonly CoinRef[],
    to: string,
    ask: Ask,
    onReady?: (coin: CoinRef) => void,
  ): Promise<void> {
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
      await cache.runExclusive(`prepare:${source.id}`, () => askForAll(mine, to, ask, end), turn);
    } finally {
      for (const coin of [...mine.values()]) end(coin);
    }
  }

  /**
   * Asks for what is missing of these coins; `end` is told of each coin that needs no waiting any
   * more.
   */
  async function askForAll(
    mine: ReadonlyMap<string, CoinRef>,
    to: string,
    ask: Ask,
    end: (coin: CoinRef) => void,
  ): Promise<void> {
    const questions: Question[] = [];
    for (const coin of [...mine.values()]) {
      const question = await missingOf(coin, { from: "listing", to });
      if (question === undefined) end(coin);
      else questions.push(question);
    }
    const again: Question[] = [];
    // What is kept is read once more when the answer is there: a wave of coins does not have to fit
    // in memory.
    await askMany(questions, ask, async (question, answer) => {
      const usable = await usableOf(question.coin.coinId, now());
      if (isNoHistory(question, answer, usable))
        return void again.push({ ...question, part: undefined });
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
    tell: (question: Question, answer: ClosesResult) => Promise<void>,
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
      for (const question of queue)
        await tell(
          question,
          await source.closes(question.coin, question.part ?? question.range, ask),
        );
    };
    await Promise.all(Array.from({ length: ONE_BY_ONE_AT_ONCE }, worker));
  }

  /** What has to be asked for so that everything published is kept; undefined when nothing has. */
  async function missingOf(coin: CoinRef, range: DayRange): Promise<Question | undefined> {
    const at = now();
    const usable = await usableOf(coin.coinId, at);
    if (usable !== undefined && suffices(usable, range, publishedThrough(at), coin.coinId, at))
      return undefined;
    if ((await cache.get(unknownKey(coin), KeptUnknown)) !== undefined) return undefined;
    return {
      coin,
      range,
      part: usable === undefined ? undefined : partOf(usable, range.to, coin.coinId, now()),
    };
  }

  async function usableOf(coinId: string, at: Date): Promise<ClosesRow | undefined> {
    const kept = await cache.get(closesKey({ coinId }), ClosesRow);
    return kept !== undefined && Date.parse(kept.askedAt) <= at.getTime() + DAY_MS
      ? kept
      : undefined;
  }

  /** Undefined asks for the whole record. */
  function partOf(kept: ClosesRow, to: string, coinId: string, at: Date): DayRange | undefined {
    return source.fetchesWhole ? undefined : missingRange(kept, to, coinId, at);
  }

  function suffices(
    kept: ClosesRow,
    range: DayRange,
    publishedOn: string,
    coinId: string,
    at: Date,
  ): boolean {
    if (kept.coveredTo < earlier(range.to, publishedOn)) return false;
    if (range.from !== "listing" && (kept.from <= range.from || kept.firstOn !== null)) return true;
    if (source.reachDays !== null) return true;
    if (kept.firstOn === null || (!source.fetchesWhole && isWholeOutdated(kept, coinId, at)))
      return false;
    return isSettled(kept) || utcDay(at) === utcDay(Date.parse(kept.askedAt));
  }

  function closesKey({ coinId }: Pick<CoinRef, "coinId">): string {
    return `closes:${source.id}:${coinId}`;
  }

  function unknownKey({ coinId }: CoinRef): string {
    return `unknown:${source.id}:${coinId}`;
  }

  async function quote(coin: CoinRef, ask: Ask): Promise<QuoteResult> {
    const key = `quote:${source.id}:${coin.coinId}`;
    const recalled = async (): Promise<QuoteResult | undefined> => {
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
    return (await recalled()) ?? cache.runExclusive(key, asker, lockPatienceOf(ask));
  }

  return {
    ...source,
    closes: (coin, range, ask) =>
      once(
        ["closes", ask.priority, ask.fresh, coin.coinId, coin.symbol, range.from, range.to].join(
          " ",
        ),
        () => closes(coin, range, ask),
      ),
    quote: (coin, ask) =>
      once(["quote", ask.priority, coin.coinId, coin.symbol].join(" "), () => quote(coin, ask)),
    prepare,
    async kept(coin) {
      const at = now();
      const usable = await usableOf(coin.coinId, at);
      if (usable === undefined) return undefined;
      const isStale =
        usable.coveredTo < earlier(addDays(utcDay(at), -1), publishedThrough(at, coin.coinId));
      const { coveredTo, wholeAt, recheckedAt } = usable;
      return { ...answerFrom(usable, at, isStale), coveredTo, wholeAt, recheckedAt };
    },
    again: (coin, to, ask) =>
      once(["again", ask.priority, coin.coinId, to].join(" "), () => again(coin, to, ask)),
    recheck: (coin, range, ask) =>
      once(["recheck", ask.priority, coin.coinId, range.from, range.to].join(" "), () =>
        recheck(coin, range, ask),
      ),
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

function answerFrom(kept: ClosesRow, at: Date, stale: boolean): Closes {
  const todayOn = utcDay(at);
  return {
    ok: true,
    points: pointsOf(kept).filter(({ on }) => on < todayOn),
    firstOn: kept.firstOn,
    askedAt: kept.askedAt,
    stale,
  };
}
