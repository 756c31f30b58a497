import { setTimeout as wait } from "node:timers/promises";
import { pricedPurchase, type Refusal } from "../answer.ts";
import { refusalText } from "../cards/refusal.ts";
import type { Picture } from "../pictures/picture-maker.ts";
import type { Coin } from "../prices/coins/coin.ts";
import { type Ask, type Pace, paceOf } from "../prices/price-source.ts";
import { publishedThrough } from "../prices/publication-schedule.ts";
import { createSingleFlight } from "../process/single-flight.ts";
import type { Services } from "../services.ts";
import { currenciesIn, usualPurchaseOf } from "../settings/effective-settings.ts";
import type { GuildSettings } from "../storage/guild-settings.ts";
import { addDays, utcDay } from "../valuation/calendar.ts";
import { type CoinNews, newsOf } from "./coin-news.ts";
import { composeDigest, type Digest } from "./content.ts";
import { digestCard, leaderboardSubject } from "./digest-card.ts";
import { noDigestSentence } from "./digest-wording.ts";
import { createDueTimes, DEFAULT_DIGEST_ZONE } from "./due.ts";
import {
  follows,
  isNamedLikeAClaim,
  isPegged,
  PEG_CURRENCIES,
  type PegRate,
} from "./largest-coins.ts";
import type { DigestOutcome, DigestWriter } from "./written-digest.ts";

/** What the writer draws on. */
export type DigestWriterServices = Pick<
  Services,
  "coins" | "prices" | "rates" | "pictures" | "settings" | "log" | "now"
>;

/**
 * How long a digest waits for the prices of its own coins, in milliseconds; it then names those
 * without.
 */
export const DIGEST_PATIENCE_MS: Readonly<Record<Pace, number>> = {
  interactive: 60_000,
  background: 300_000,
};

/** Coins on one leaderboard. */
const MAX_COINS = 10;
/** How many of the largest coins are looked through for ten that stand for themselves. */
const CANDIDATES = 60;
/** …so many at a time, because each may cost calls. */
const CANDIDATES_AT_ONCE = 12;
/** Coins known at once; each takes some kilobytes. */
const MOST_KNOWN = 2_000;
/** What could not be had is asked for again after this, however many servers want it meanwhile. */
const ASK_AGAIN_MS = 60_000;
/**
 * Coins of one wave that are prepared together: whole calls of 33 coins, and the first ones are
 * ready before the last are asked for.
 */
const PREPARED_AT_ONCE = 330;
const SUMMED_UP_AT_ONCE = 4;

/** `asOf` names the published prices that it was made from. */
type Known<T> = { readonly value: T; readonly asOf: string; readonly goodUntilMs: number };

/** `revision` is that of the coin's history: news of an earlier one is old. */
type KnownNews = Known<CoinNews> & { readonly revision: string | undefined };

/**
 * Writes digests from prices that cost as little as possible: what many servers want is asked for,
 * summed up and drawn once.
 */
export function createDigestWriter(
  services: DigestWriterServices,
  patienceMs = DIGEST_PATIENCE_MS,
): DigestWriter {
  const { coins, prices, rates, pictures, settings, log, now } = services;
  const once = createSingleFlight();
  const times = createDueTimes();
  const known = new Map<string, KnownNews>();
  let largest: Known<readonly Coin[]> | undefined;

  async function write(order: Parameters<DigestWriter["write"]>[0]): Promise<DigestOutcome> {
    const ask: Ask = { priority: order.priority };
    const chosen = settings.read(order.guildId);
    const priced = await pricedPurchase(await usualPurchaseOf(chosen, rates, ask), rates, ask);
    if (!priced.ok)
      return { ok: false, sentence: noPurchaseSentence(priced.refusal, order.locale) };
    const news = await newsOfList(chosen.digestCoins, ask);
    const digest = composeDigest({
      news,
      purchase: priced.purchase,
      toldCoinIds: order.toldCoinIds,
      publishedOn: publishedThrough(now()),
      isComparable:
        priced.purchase.asked.rateGap === undefined && !(await missedRateLately(chosen)),
    });
    if (digest.lines.length === 0)
      return { ok: false, sentence: noDigestSentence(digest.missing, order.locale) };
    const picture = await draw(digest, order.locale);
    return {
      ok: true,
      digest: {
        reply: digestCard(digest, {
          locale: order.locale,
          localOn: order.localOn,
          picture,
          now: now(),
        }),
        storyCoinId: digest.story?.coin.coinId ?? null,
      },
    };
  }

  /**
   * Whether a rate that the server's amounts need could not be had at some time today or yesterday,
   * by its own calendar:
   * yesterday's digest then counted in US dollars, and nothing can be compared with it.
   */
  async function missedRateLately(chosen: GuildSettings): Promise<boolean> {
    const zone = chosen.digestZone ?? DEFAULT_DIGEST_ZONE;
    const dateOf = (at: Date) => times.localOn(zone, at.getTime()) ?? utcDay(at);
    const missedAt = await Promise.all(currenciesIn(chosen).map((code) => rates.missedAt(code)));
    const yesterdayOn = addDays(dateOf(now()), -1);
    return missedAt.some((at) => at !== undefined && dateOf(at) >= yesterdayOn);
  }

  async function draw(digest: Digest, locale: string): Promise<Picture | undefined> {
    const subject = leaderboardSubject(digest, locale);
    if (subject === undefined) return undefined;
    try {
      return await pictures.leaderboard(subject);
    } catch (error) {
      log.error(
        { err: error },
        "the leaderboard could not be drawn: the digest goes out without it",
      );
      return undefined;
    }
  }

  /**
   * News of a server's coins, or of the largest ones, in the order of the list; those that take too
   * long are without prices.
   */
  async function newsOfList(
    coinIds: readonly string[] | null,
    ask: Ask,
  ): Promise<readonly CoinNews[]> {
    const found = new Map<string, CoinNews>();
    const gather = async () => {
      const list = await coinsOf(coinIds, ask);
      for (const { coin, news } of list) found.set(coin.coinId, news ?? withoutPrices(coin));
      const wanted = list.flatMap(({ coin, news }) => (news === undefined ? [coin] : []));
      // One coin that takes long keeps no other from its place.
      await Promise.all(
        newsOfAll(wanted, ask).map(async (coming) => {
          const news = await coming;
          found.set(news.coin.coinId, news);
        }),
      );
    };
    const late = new AbortController();
    const gathered = gather().catch((error: unknown) => {
      if (!late.signal.aborted) throw error;
      log.error(
        { err: error },
        "gathering a digest's prices failed after it went out without them",
      );
    });
    try {
      await Promise.race([
        gathered,
        wait(patienceMs[paceOf(ask.priority)], undefined, { signal: late.signal, ref: false }),
      ]);
    } finally {
      late.abort();
    }
    return [...found.values()];
  }

  /** The coins of a list, each with its news when that is all there is to say about it. */
  async function coinsOf(
    coinIds: readonly string[] | null,
    ask: Ask,
  ): Promise<readonly { coin: Coin; news?: CoinNews }[]> {
    if (coinIds === null) return (await largestCoins(ask)).map((coin) => ({ coin }));
    const distinct = [...new Set(coinIds)].slice(0, MAX_COINS);
    return Promise.all(
      distinct.map(async (coinId) => {
        const resolution = await coins.resolve(`id:${coinId}`, ask);
        if (resolution.ok) return { coin: resolution.coin };
        const coin: Coin = { coinId, symbol: "", name: "", rank: null };
        if (resolution.reason === "prices-unavailable") return { coin, news: withoutPrices(coin) };
        return { coin, news: { ok: false, coin, why: { reason: "unknown-coin" } } };
      }),
    );
  }

  /** Which prices are published now: what was made from earlier ones is made anew. */
  function stateNow(): string {
    return `${utcDay(now())} ${publishedThrough(now())}`;
  }

  function isGood(entry: Known<unknown> | undefined): boolean {
    return entry !== undefined && entry.asOf === stateNow() && now().getTime() < entry.goodUntilMs;
  }

  /** What lasts until new prices are published, or only until it is worth asking again. */
  function know<T>(value: T, asOf: string, lasts: boolean): Known<T> {
    return {
      value,
      asOf,
      goodUntilMs: lasts ? Number.POSITIVE_INFINITY : now().getTime() + ASK_AGAIN_MS,
    };
  }

  /**
   * What is known of a coin, as long as its history tells nothing else; people are not told what
   * was not checked.
   */
  function knownNews(coin: Coin, ask: Ask): CoinNews | undefined {
    const entry = known.get(coin.coinId);
    if (entry === undefined || !isGood(entry) || entry.revision !== prices.revision(coin))
      return undefined;
    const isUnchecked = entry.value.ok && entry.value.today.flags.includes("unchecked");
    return isUnchecked && paceOf(ask.priority) === "interactive" ? undefined : entry.value;
  }

  function newsOfCoin(coin: Coin, ask: Ask): Promise<CoinNews> {
    const told = knownNews(coin, ask);
    if (told !== undefined) return Promise.resolve(told);
    return once(`news ${ask.priority} ${coin.coinId}`, async () => {
      const asOf = stateNow();
      const outcome = await prices.frugalHistory(coin, ask);
      const news: CoinNews = outcome.ok
        ? newsOf(coin, outcome.history, utcDay(now()))
        : { ok: false, coin, why: outcome };
      known.delete(coin.coinId);
      const lasts = isLasting(news, publishedThrough(now()));
      known.set(coin.coinId, { ...know(news, asOf, lasts), revision: prices.revision(coin) });
      const oldest = known.keys().next().value;
      if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest);
      return news;
    });
  }

  /**
   * News of several coins, whose prices are fetched together; whoever wants one of them meanwhile
   * gets the same.
   */
  function newsOfAll(wanted: readonly Coin[], ask: Ask): readonly Promise<CoinNews>[] {
    const gates = new Map<string, () => void>();
    const lacking: Coin[] = [];
    const all = wanted.map((coin) =>
      once(`gathered ${ask.priority} ${coin.coinId}`, async () => {
        if (knownNews(coin, ask) === undefined) {
          lacking.push(coin);
          await new Promise<void>((open) => gates.set(coin.coinId, open));
        }
        return newsOfCoin(coin, ask);
      }),
    );
    const openAll = () => {
      for (const open of gates.values()) open();
    };
    if (lacking.length > 0) {
      void prices
        .prepare(lacking, ask, ({ coinId }) => gates.get(coinId)?.())
        .catch((error: unknown) =>
          log.error(
            { err: error },
            "fetching prices ahead failed: each coin is asked for by itself",
          ),
        )
        .finally(openAll);
    }
    return all;
  }

  async function prepareCoins(wanted: readonly Coin[], ask: Ask): Promise<void> {
    const lacking = wanted.filter((coin) => knownNews(coin, ask) === undefined);
    if (lacking.length > 0) await prices.prepare(lacking, ask);
  }

  /**
   * The ten largest coins that stand for themselves: no claims on dollars or on other coins. Kept
   * until new prices are published.
   */
  function largestCoins(ask: Ask): Promise<readonly Coin[]> {
    if (largest !== undefined && isGood(largest)) return Promise.resolve(largest.value);
    return once(`largest ${ask.priority}`, async () => {
      const asOf = stateNow();
      const ranked = await coins.largest(CANDIDATES, ask);
      const candidates = ranked.filter((coin) => !isNamedLikeAClaim(coin));
      // Without ranks yesterday's list is as good as any.
      if (candidates.length === 0) return largest?.value ?? [];
      const pegs = await pegRates(ask);
      const chosen: CoinNews[] = [];
      for (
        let from = 0;
        from < candidates.length && chosen.length < MAX_COINS;
        from += CANDIDATES_AT_ONCE
      ) {
        const some = candidates.slice(from, from + CANDIDATES_AT_ONCE);
        const news = await Promise.all(newsOfAll(some, ask));
        for (const one of news)
          if (chosen.length < MAX_COINS && standsForItself(one, chosen, pegs)) chosen.push(one);
      }
      const value = chosen.map(({ coin }) => coin);
      largest = know(
        value,
        asOf,
        chosen.every(({ ok }) => ok),
      );
      return value;
    });
  }

  async function pegRates(ask: Ask): Promise<readonly PegRate[]> {
    const perUsd = await Promise.all(PEG_CURRENCIES.map((code) => rates.perUsd(code, ask)));
    return perUsd.flatMap((rate) => (rate === undefined ? [] : [{ perUsd: rate }]));
  }

  async function prepare(guildIds: readonly string[]): Promise<void> {
    const ask: Ask = { priority: "background" };
    const servers = new Map<string, number>();
    let isLargestWanted = false;
    for (const guildId of guildIds) {
      const { digestCoins } = settings.read(guildId);
      isLargestWanted ||= digestCoins === null;
      for (const coinId of digestCoins ?? []) servers.set(coinId, (servers.get(coinId) ?? 0) + 1);
    }
    if (isLargestWanted) await largestCoins(ask);
    // What most servers wait for comes first.
    const wanted = [...servers].sort(([, a], [, b]) => b - a).map(([coinId]) => coinId);
    for (let from = 0; from < wanted.length; from += PREPARED_AT_ONCE) {
      const resolved = await Promise.all(
        wanted
          .slice(from, from + PREPARED_AT_ONCE)
          .map((coinId) => coins.resolve(`id:${coinId}`, ask)),
      );
      const some = resolved.flatMap((resolution) => (resolution.ok ? [resolution.coin] : []));
      await prepareCoins(some, ask);
      const queue = some.values();
      const sumUp = async () => {
        for (const coin of queue) await newsOfCoin(coin, ask);
      };
      await Promise.all(Array.from({ length: SUMMED_UP_AT_ONCE }, sumUp));
    }
  }

  return { write, prepare };
}

function noPurchaseSentence(refusal: Refusal, locale: string): string {
  // The rate of a currency may go in the moment between two looks.
  if (refusal.reason === "no-rate") return refusalText(refusal, { locale });
  return "The server's stake or car price is out of bounds at today's rates. Choose another with /config set.";
}

function withoutPrices(coin: Coin): CoinNews {
  return { ok: false, coin, why: { reason: "prices-unavailable", tried: [] } };
}

/** False for news that newer prices may replace at any minute. */
function isLasting(news: CoinNews, publishedOn: string): boolean {
  if (!news.ok) return news.why.reason !== "prices-unavailable";
  return news.today.lastRecordedOn >= publishedOn && !news.today.flags.includes("stale");
}

/**
 * True for a coin that belongs among the largest; one whose prices cannot be had now keeps its
 * place, and is named.
 */
function standsForItself(
  news: CoinNews,
  larger: readonly CoinNews[],
  rates: readonly PegRate[],
): boolean {
  if (!news.ok) return news.why.reason === "prices-unavailable";
  return (
    !isPegged(news.recent, rates) &&
    !larger.some((other) => other.ok && follows(news.recent, other.recent))
  );
}
