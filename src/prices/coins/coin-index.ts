import { z } from "zod";
import { within } from "../../process/clock.ts";
import type { Log } from "../../process/log.ts";
import { createPauses } from "../../process/pauses.ts";
import { createSingleFlight } from "../../process/single-flight.ts";
import { DAY_MS } from "../../valuation/calendar.ts";
import type { FetchCache } from "../cache/fetch-cache.ts";
import { type CoinDirectory, PAGE_COINS } from "../coin-directory.ts";
import type { Ask, CoinRef, SourceFailure } from "../price-source.ts";
import { lockPatienceOf } from "../sources/lock-patience.ts";
import { type Coin, comparable } from "./coin.ts";
import { type CoinTable, createCoinTable } from "./coin-table.ts";

/** Which coin a text means, or why that cannot be said. */
export type CoinResolution =
  | { readonly ok: true; readonly coin: Coin }
  | { readonly ok: false; readonly reason: "unknown-coin"; readonly suggestions: readonly Coin[] }
  | { readonly ok: false; readonly reason: "ambiguous-coin"; readonly candidates: readonly Coin[] }
  /**
   * The list of coins cannot be had now, and the text is no coin id that another provider knows.
   */
  | { readonly ok: false; readonly reason: "prices-unavailable" };

/**
 * A coin worth suggesting, a text that means this coin and no other, and the shortest such text
 * (mostly its symbol, in small letters).
 */
export type CoinSuggestion = {
  readonly coin: Coin;
  readonly value: string;
  readonly shortValue: string;
};

/** Every coin there is, in memory. */
export type CoinIndex = {
  /**
   * Finds the coin that a typed text, a coin id or `id:<coinId>` means. Never rejects for what the
   * outside world does.
   */
  resolve(text: string, ask: Ask): Promise<CoinResolution>;
  /** The coin whose id has this `coinHash`; undefined when none has, or the list cannot be had. */
  byHash(hash: string, ask: Ask): Promise<Coin | undefined>;
  /** Coins that a text being typed may become, best first; from memory only. */
  suggest(text: string, limit: number): readonly CoinSuggestion[];
  /** The largest coins by market cap, rank 1 first; empty when the ranks cannot be had. */
  largest(limit: number, ask: Ask): Promise<readonly Coin[]>;
  /** Other coins with the same symbol, best rank first. */
  namesakes(coin: CoinRef): readonly Coin[];
  /** True when no other coin of the same symbol has a better rank. */
  isTopOfItsSymbol(coin: CoinRef): boolean;
  /**
   * Loads the kept list, and asks for it again in the background when it is a day old. To be called
   * at start and now and then.
   */
  refresh(): Promise<void>;
  /** Coins known now. */
  size(): number;
};

/** Options of {@link createCoinIndex}. */
export type CoinIndexOptions = {
  readonly directory: CoinDirectory;
  /** Asked when the directory is down: the symbol of a coin id. */
  readonly lookUpId?: (
    coinId: string,
    ask: Ask,
  ) => Promise<{ readonly ok: true; readonly symbol: string } | SourceFailure>;
  readonly cache: FetchCache;
  readonly now: () => Date;
  readonly log: Log;
};

const RANK_PAGES = 4;
const REFRESH_AFTER_MS = DAY_MS;
/** A list older than this is asked for before it is used, if that works. */
const TOO_OLD_MS = 7 * DAY_MS;
const KEEP_MS = 90 * DAY_MS;
const SEARCH_TTL_MS = 600_000;
/** After a failure the list is asked for again when this is over. */
const RETRY_AFTER_MS = 30_000;
const MAX_TEXT_LENGTH = 100;
const MAX_SUGGESTED = 3;
const MAX_CANDIDATES = 25;
/** What CoinGecko's ids are made of; anything else is not tried as an id. */
const COIN_ID = /^[a-z0-9][a-z0-9._-]{0,98}$/;

/** How long somebody waits for the ranks of the first page, in milliseconds. */
const FIRST_PAGE_WAITS_MS = 1_000;

/** The key that the list is kept under, and those of its parts. */
const INDEX = "coin-list";
const partKey = (part: number) => `${INDEX}:${part}`;
/** Coins are kept in parts that take a few milliseconds each to write and read. */
const PART_COINS = 4_000;
/** What a list that is full to its limit takes. */
const MAX_PARTS = 25;

const KeptIndex = z.object({
  askedAtMs: z.number(),
  pages: z.number(),
  parts: z.number().int().min(0).max(MAX_PARTS),
  /** Coins with a rank or a logo, and those that the list does not have. */
  more: z.array(
    z.tuple([z.string(), z.string(), z.string(), z.number().nullable(), z.string().nullable()]),
  ),
});
/** A part belongs to the list that was asked for at the same instant. */
const KeptPart = z.object({
  askedAtMs: z.number(),
  coins: z.array(z.tuple([z.string(), z.string(), z.string()])),
});
const KeptSearch = z.array(
  z.object({
    coinId: z.string(),
    symbol: z.string(),
    name: z.string(),
    rank: z.number().nullable(),
    imageUrl: z.string().optional(),
  }),
);

/** The index over a directory: loaded on first use, kept in the cache, refreshed daily. */
export function createCoinIndex(options: CoinIndexOptions): CoinIndex {
  const { directory, lookUpId, cache, now, log } = options;
  let table: CoinTable | undefined;
  let askedAtMs = 0;
  let failedAtMs = Number.NEGATIVE_INFINITY;
  let keptRead: Promise<void> | undefined;
  /** Coins of the list itself, before those that were found elsewhere. */
  let listed = 0;
  let firstPageFailedAtMs = Number.NEGATIVE_INFINITY;
  /** Monotonic milliseconds at which the first page was asked for. */
  let firstPageBegunAtMs = 0;
  const once = createSingleFlight();

  /**
   * Whether it is less than `ms` since an instant; an instant to come was noted by a clock that was
   * wrong.
   */
  function isWithin(ms: number, atMs: number): boolean {
    const ageMs = now().getTime() - atMs;
    return ageMs >= 0 && ageMs < ms;
  }

  function readKept(): Promise<void> {
    keptRead ??= cache.get(INDEX, KeptIndex).then(async (kept) => {
      if (kept !== undefined && table === undefined) await take(kept);
    });
    return keptRead;
  }

  /**
   * Takes a kept list over; one whose parts another process is replacing at this moment is left
   * alone.
   */
  async function take(kept: z.infer<typeof KeptIndex>): Promise<void> {
    const pause = createPauses();
    const coins: Coin[] = [];
    for (let part = 0; part < kept.parts; part += 1) {
      const read = await cache.get(partKey(part), KeptPart);
      if (read?.askedAtMs !== kept.askedAtMs) return;
      for (const [coinId, symbol, name] of read.coins)
        coins.push({ coinId, symbol, name, rank: null });
      await pause();
    }
    const taken = await createCoinTable(coins);
    listed = taken.coins().length;
    taken.rank(
      kept.more.map(([coinId, symbol, name, rank, imageUrl]) => ({
        coinId,
        symbol,
        name,
        rank,
        ...(imageUrl !== null && { imageUrl }),
      })),
      kept.pages,
    );
    table = taken;
    askedAtMs = kept.askedAtMs;
  }

  /** Keeps the list itself, whose parts come before what makes them one. */
  async function keepList(): Promise<void> {
    const coins = table?.coins().slice(0, listed) ?? [];
    const keptAtMs = askedAtMs;
    for (let part = 0; part * PART_COINS < coins.length; part += 1) {
      const some = coins.slice(part * PART_COINS, (part + 1) * PART_COINS);
      const value = {
        askedAtMs: keptAtMs,
        coins: some.map(({ coinId, symbol, name }) => [coinId, symbol, name]),
      };
      await cache.set(partKey(part), value, KEEP_MS);
    }
    await keepRanks();
  }

  async function keepRanks(): Promise<void> {
    if (table === undefined) return;
    await cache.set(
      INDEX,
      {
        askedAtMs,
        pages: table.rankedPages(),
        parts: Math.ceil(listed / PART_COINS),
        more: table
          .coins()
          .filter(
            ({ rank, imageUrl }, at) => at >= listed || rank !== null || imageUrl !== undefined,
          )
          .map(({ coinId, symbol, name, rank, imageUrl }) => [
            coinId,
            symbol,
            name,
            rank,
            imageUrl ?? null,
          ]),
      },
      KEEP_MS,
    );
  }

  /** What another process has asked meanwhile serves here too. */
  async function adopt(): Promise<void> {
    const kept = await cache.get(INDEX, KeptIndex);
    if (kept === undefined) return;
    const isAhead =
      kept.askedAtMs > askedAtMs ||
      (kept.askedAtMs === askedAtMs && kept.pages > (table?.rankedPages() ?? 0));
    if (isAhead && isWithin(TOO_OLD_MS, kept.askedAtMs)) await take(kept);
  }

  /** Asks for the list; keeps the old one when that fails. */
  function askList(ask: Ask): Promise<void> {
    if (isWithin(RETRY_AFTER_MS, failedAtMs)) return Promise.resolve();
    const before = askedAtMs;
    return cache.runExclusive(
      INDEX,
      async () => {
        await adopt();
        if (askedAtMs === before) await askListNow(ask);
      },
      lockPatienceOf(ask),
    );
  }

  async function askListNow(ask: Ask): Promise<void> {
    const answer = await directory.list(ask);
    if (!answer.ok || answer.coins.length === 0) {
      failedAtMs = now().getTime();
      log.warn(
        { reason: answer.ok ? "empty" : answer.reason },
        "the list of coins cannot be had now",
      );
      return;
    }
    const before = table;
    const asked = await createCoinTable(answer.coins);
    const { length } = asked.coins();
    // Yesterday's ranks serve until today's pages arrive, for coins that are still listed.
    const stillListed = new Set(answer.coins.map(({ coinId }) => coinId));
    if (before !== undefined)
      asked.rank(
        before
          .coins()
          .filter(
            ({ coinId, rank, imageUrl }) =>
              stillListed.has(coinId) && (rank !== null || imageUrl !== undefined),
          ),
        0,
      );
    table = asked;
    listed = length;
    askedAtMs = now().getTime();
    await keepList();
    log.info({ coins: length }, "The list of coins is there");
  }

  function askPage(page: number, ask: Ask): Promise<boolean> {
    return cache.runExclusive(
      INDEX,
      async () => {
        await adopt();
        return (table?.rankedPages() ?? 0) >= page || askPageNow(page, ask);
      },
      lockPatienceOf(ask),
    );
  }

  async function askPageNow(page: number, ask: Ask): Promise<boolean> {
    const answer = await directory.top(page, ask);
    if (!answer.ok) return false;
    table?.rank(answer.coins, page);
    await keepRanks();
    return true;
  }

  /**
   * Asks for a page, or joins who asks for it. The first page of all goes first, whoever asks: the
   * very first answer waits for it, and a second call would not bring it sooner.
   */
  function askPageOnce(page: number, ask: Ask): Promise<boolean> {
    if (page > 1 || table?.hasRanks() === true || isWithin(RETRY_AFTER_MS, firstPageFailedAtMs)) {
      return once(`page ${page} ${ask.priority}`, () => askPage(page, ask));
    }
    return once("first page", async () => {
      firstPageBegunAtMs = performance.now();
      const isThere = await askPage(page, { priority: "interactive" });
      if (!isThere) firstPageFailedAtMs = now().getTime();
      return isThere;
    });
  }

  async function askPages(): Promise<void> {
    for (let page = (table?.rankedPages() ?? 0) + 1; page <= RANK_PAGES; page += 1) {
      if (!(await askPageOnce(page, { priority: "background" }))) return;
    }
  }

  function refreshInBackground(): void {
    if (
      table !== undefined &&
      isWithin(REFRESH_AFTER_MS, askedAtMs) &&
      table.rankedPages() >= RANK_PAGES
    )
      return;
    void once("refresh", async () => {
      if (table === undefined || !isWithin(REFRESH_AFTER_MS, askedAtMs))
        await askList({ priority: "background" });
      if (table !== undefined) await askPages();
    }).catch((error: unknown) => log.error({ err: error }, "refreshing the list of coins failed"));
  }

  async function ready(ask: Ask): Promise<CoinTable | undefined> {
    await readKept();
    if (table === undefined || !isWithin(TOO_OLD_MS, askedAtMs))
      await once(`list ${ask.priority}`, () => askList(ask));
    if (table !== undefined) refreshInBackground();
    return table;
  }

  /**
   * Ranks decide only between several coins, and no page after the one that ranks a candidate can
   * name a better one.
   */
  async function rankCandidates(known: CoinTable, text: string, ask: Ask): Promise<void> {
    const undecided = () => {
      const found = known.matches(text);
      return found.length > 1 && found.every(({ coin }) => coin.rank === null);
    };
    for (let page = known.rankedPages() + 1; page <= RANK_PAGES && undecided(); page += 1) {
      if (!(await askPageOnce(page, ask))) return;
    }
  }

  /**
   * Waits a second at the most for the first page of the market, so that the very first answer
   * knows its coin's rank; the call goes on after that. Yesterday's ranks are good enough.
   */
  async function awaitFirstRanks(known: CoinTable, ask: Ask): Promise<void> {
    if (
      known.rankedPages() > 0 ||
      known.hasRanks() ||
      isWithin(RETRY_AFTER_MS, firstPageFailedAtMs)
    )
      return;
    const asked = askPageOnce(1, ask);
    // Whoever comes when it has been under way for that long does not wait for it at all.
    await within(firstPageBegunAtMs + FIRST_PAGE_WAITS_MS - performance.now(), asked);
  }

  async function searchFor(text: string, ask: Ask): Promise<readonly Coin[] | undefined> {
    const key = `search:${text}`;
    const recalled = async () =>
      (await cache.get(key, KeptSearch))?.map(
        ({ imageUrl, ...coin }): Coin => ({ ...coin, ...(imageUrl !== undefined && { imageUrl }) }),
      );
    const asker = async () => {
      const kept = await recalled();
      if (kept !== undefined) return kept;
      // Anybody can invent texts faster than anything else that costs a call.
      if (ask.priority === "anonymous") return [];
      const answer = await directory.search(text, ask);
      if (!answer.ok) return undefined;
      const coins = answer.coins.slice(0, MAX_CANDIDATES);
      await cache.set(key, coins, SEARCH_TTL_MS);
      return coins;
    };
    return (await recalled()) ?? cache.runExclusive(key, asker, lockPatienceOf(ask));
  }

  /** With the directory down a text may still be a coin id that another provider knows. */
  async function resolveAsId(text: string, ask: Ask): Promise<CoinResolution> {
    const coinId = text.replace(/^id:/, "");
    if (lookUpId === undefined || !COIN_ID.test(coinId))
      return { ok: false, reason: "prices-unavailable" };
    const answer = await lookUpId(coinId, ask);
    if (!answer.ok) return { ok: false, reason: "prices-unavailable" };
    const coin = {
      coinId,
      symbol: answer.symbol.toUpperCase(),
      name: nameFromId(coinId),
      rank: null,
    };
    table?.add([coin]);
    return { ok: true, coin };
  }

  return {
    async resolve(typed, ask) {
      const text = comparable(typed);
      if (text === "" || text.length > MAX_TEXT_LENGTH)
        return { ok: false, reason: "unknown-coin", suggestions: [] };
      const loaded = await ready(ask);
      if (loaded === undefined) return resolveAsId(text, ask);
      await awaitFirstRanks(loaded, ask);
      // Another process' list may have taken the place of what was loaded.
      const known = table ?? loaded;
      if (known.matches(text).length === 0) {
        const found = await once(`search ${ask.priority} ${text}`, () =>
          searchFor(text.replace(/^id:/, ""), ask),
        );
        if (found === undefined) return resolveAsId(text, ask);
        known.add(found);
        if (known.matches(text).length === 0)
          return { ok: false, reason: "unknown-coin", suggestions: found.slice(0, MAX_SUGGESTED) };
      }
      await rankCandidates(known, text, ask);
      return decide(known, text);
    },

    async byHash(hash, ask) {
      return (await ready(ask))?.byHash(hash);
    },

    suggest(typed, limit) {
      const known = table;
      if (known === undefined) return [];
      // Ranks that are still to come may give a text that several coins share to another one.
      const isSure = (text: string, { coinId }: Coin) => {
        const meant = decide(known, text);
        return (
          (known.rankedPages() >= RANK_PAGES || known.matches(text).length === 1) &&
          meant.ok &&
          meant.coin.coinId === coinId
        );
      };
      return known.startingWith(comparable(typed), limit).flatMap((coin) => {
        const value = isSure(comparable(coin.coinId), coin) ? coin.coinId : `id:${coin.coinId}`;
        const symbol = comparable(coin.symbol);
        const shortValue =
          symbol !== "" && symbol.length < value.length && isSure(symbol, coin) ? symbol : value;
        return value.length <= MAX_TEXT_LENGTH ? [{ coin, value, shortValue }] : [];
      });
    },

    async largest(limit, ask) {
      const known = await ready(ask);
      if (known === undefined) return [];
      for (let page = known.rankedPages() + 1; page <= Math.ceil(limit / PAGE_COINS); page += 1) {
        if (!(await askPageOnce(page, ask))) break;
      }
      return known.startingWith("", limit).filter(({ rank }) => rank !== null);
    },

    namesakes: (coin) =>
      table?.ofSymbol(coin.symbol).filter(({ coinId }) => coinId !== coin.coinId) ?? [],

    isTopOfItsSymbol(coin) {
      const sharing = table?.ofSymbol(coin.symbol) ?? [];
      return (
        sharing[0]?.coinId === coin.coinId && (sharing.length === 1 || sharing[0].rank !== null)
      );
    },

    async refresh() {
      await readKept();
      refreshInBackground();
    },

    size: () => table?.coins().length ?? 0,
  };
}

function decide(table: CoinTable, text: string): CoinResolution {
  const matches = table.matches(text);
  const best = matches[0];
  if (best === undefined) return { ok: false, reason: "unknown-coin", suggestions: [] };
  const equals = matches.filter((match) => match.kind === best.kind);
  if (best.coin.rank === null && equals.length > 1) {
    return {
      ok: false,
      reason: "ambiguous-coin",
      candidates: equals.slice(0, MAX_CANDIDATES).map(({ coin }) => coin),
    };
  }
  return { ok: true, coin: best.coin };
}

function nameFromId(coinId: string): string {
  return coinId.replace(
    /(^|-)([a-z])/g,
    (_match, dash: string, letter: string) => (dash === "" ? "" : " ") + letter.toUpperCase(),
  );
}
