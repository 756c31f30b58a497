import { within } from "../../process/clock.ts";
import type { Log } from "../../process/log.ts";
import { createSingleFlight } from "../../process/single-flight.ts";
import { DAY_MS } from "../../valuation/calendar.ts";
import type { FetchCache } from "../cache/fetch-cache.ts";
import type { CoinListSource, CoinsResult } from "../coin-list-source.ts";
import type { Ask } from "../price-source.ts";
import { lockPatienceOf } from "../sources/lock-patience.ts";
import type { Coin } from "./coin.ts";
import {
  CachedList,
  COIN_LIST,
  cacheList,
  cacheRanks,
  type LoadedList,
  loadList,
} from "./coin-list-cache.ts";
import { type CoinTable, createCoinTable } from "./coin-table.ts";

/** Options of {@link CoinList}. */
export type CoinListOptions = {
  readonly directory: CoinListSource;
  readonly cache: FetchCache;
  readonly now: () => Date;
  readonly log: Log;
};

/** Pages of the market whose coins get a rank. */
export const RANK_PAGES = 4;

const REFRESH_AFTER_MS = DAY_MS;
/** A list older than this is fetched again before it is used, if that works. */
const TOO_OLD_MS = 7 * DAY_MS;
/** How long after a failure the list is fetched again. */
const RETRY_AFTER_MS = 30_000;
/** How long a question waits for the ranks of the first page, in milliseconds. */
const FIRST_PAGE_WAITS_MS = 1_000;
const NEVER = Number.NEGATIVE_INFINITY;

/** The list of all coins: fetched on first use, cached, refreshed daily, ranked page by page. */
export class CoinList {
  readonly #options: CoinListOptions;
  readonly #once = createSingleFlight();
  #list: LoadedList | undefined;
  #cacheRead: Promise<void> | undefined;
  #failedAtMs = NEVER;
  #firstPageFailedAtMs = NEVER;
  /** Monotonic milliseconds at which the first page was asked for. */
  #firstPageBegunAtMs = 0;
  /** The first page, fetched along with a first list and not ranked yet. */
  #firstPage: Promise<CoinsResult> | undefined;

  constructor(options: CoinListOptions) {
    this.#options = options;
  }

  /** The coins that are known now. */
  get table(): CoinTable | undefined {
    return this.#list?.table;
  }

  /** Loads and sorts the cached list, and fetches what is old in the background. */
  async refresh(): Promise<void> {
    await this.#readCache();
    await this.table?.sort();
    this.#refreshInBackground();
  }

  /** The coins, fetched first where none or only very old ones are known. */
  async ready(ask: Ask): Promise<CoinTable | undefined> {
    await this.#readCache();
    if (this.#list === undefined || !this.#isWithin(TOO_OLD_MS, this.#askedAtMs()))
      await this.#once(`list ${ask.priority}`, () => this.#fetchList(ask));
    if (this.#list !== undefined) this.#refreshInBackground();
    return this.table;
  }

  /**
   * Fetches one page of ranks, or joins whoever is fetching it; resolves false when that fails. The
   * first page of all is urgent, whoever asks: the very first answer waits for it, and a second
   * call would not bring it sooner.
   */
  fetchPage(page: number, ask: Ask): Promise<boolean> {
    const hasFirstPage = this.table?.hasRanks() === true;
    if (page > 1 || hasFirstPage || this.#isWithin(RETRY_AFTER_MS, this.#firstPageFailedAtMs))
      return this.#once(`page ${page} ${ask.priority}`, () => this.#fetchPageAlone(page, ask));
    return this.#once("first page", async () => {
      this.#firstPageBegunAtMs = performance.now();
      const isThere = await this.#fetchPageAlone(page, { priority: "interactive" });
      if (!isThere) this.#firstPageFailedAtMs = this.#options.now().getTime();
      return isThere;
    });
  }

  /**
   * Waits a second at most for the first page of the market, so that the very first answer knows
   * its coin's rank; the call goes on after that. Yesterday's ranks are good enough.
   */
  async awaitFirstRanks(known: CoinTable, ask: Ask): Promise<void> {
    const isNeeded =
      known.rankedPages() === 0 &&
      !known.hasRanks() &&
      !this.#isWithin(RETRY_AFTER_MS, this.#firstPageFailedAtMs);
    if (!isNeeded) return;
    const fetched = this.fetchPage(1, ask);
    // When it has been under way for that long already, nobody waits for it at all.
    await within(this.#firstPageBegunAtMs + FIRST_PAGE_WAITS_MS - performance.now(), fetched);
  }

  #askedAtMs(): number {
    return this.#list?.askedAtMs ?? 0;
  }

  /**
   * Whether it is less than `ms` since an instant; a future instant was noted by a clock that was
   * wrong.
   */
  #isWithin(ms: number, atMs: number): boolean {
    const ageMs = this.#options.now().getTime() - atMs;
    return ageMs >= 0 && ageMs < ms;
  }

  #readCache(): Promise<void> {
    const { cache } = this.#options;
    this.#cacheRead ??= cache.get(COIN_LIST, CachedList).then(async (cached) => {
      if (cached !== undefined && this.#list === undefined) await this.#load(cached);
    });
    return this.#cacheRead;
  }

  /** A list that replaces another is sorted first, so that suggestions do not pause. */
  async #load(cached: CachedList): Promise<void> {
    const loaded = await loadList(this.#options.cache, cached);
    if (this.#list !== undefined) await loaded?.table.sort();
    this.#list = loaded ?? this.#list;
  }

  /** Takes over what another process has fetched meanwhile. */
  async #adopt(): Promise<void> {
    const cached = await this.#options.cache.get(COIN_LIST, CachedList);
    if (cached === undefined) return;
    const isAhead =
      cached.askedAtMs > this.#askedAtMs() ||
      (cached.askedAtMs === this.#askedAtMs() && cached.pages > (this.table?.rankedPages() ?? 0));
    if (isAhead && this.#isWithin(TOO_OLD_MS, cached.askedAtMs)) await this.#load(cached);
  }

  #refreshInBackground(): void {
    const ask = { priority: "background" } as const;
    const isFresh = () => this.#isWithin(REFRESH_AFTER_MS, this.#askedAtMs());
    const rankedPages = this.table?.rankedPages() ?? 0;
    if (this.#list !== undefined && isFresh() && rankedPages >= RANK_PAGES) return;
    void this.#once("refresh", async () => {
      if (this.#list === undefined || !isFresh()) await this.#fetchList(ask);
      if (this.#list !== undefined) await this.#fetchPages(ask);
    }).catch((error: unknown) =>
      this.#options.log.error({ err: error }, "refreshing the list of coins failed"),
    );
  }

  async #fetchPages(ask: Ask): Promise<void> {
    for (let page = (this.table?.rankedPages() ?? 0) + 1; page <= RANK_PAGES; page += 1) {
      if (!(await this.fetchPage(page, ask))) return;
    }
  }

  /** Fetches the list; the old one stays when that fails. */
  async #fetchList(ask: Ask): Promise<void> {
    if (this.#isWithin(RETRY_AFTER_MS, this.#failedAtMs)) return;
    const previousAtMs = this.#askedAtMs();
    const work = async () => {
      await this.#adopt();
      if (this.#askedAtMs() !== previousAtMs) return;
      const coins = await this.#fetchListNow(ask);
      // Where a person and the background ask at once, the first list that comes serves both.
      if (coins !== undefined && this.#askedAtMs() === previousAtMs)
        await this.#once("take in", () => this.#takeIn(coins));
    };
    await this.#options.cache.runExclusive(COIN_LIST, work, lockPatienceOf(ask));
  }

  /** The coins of the list; undefined when it cannot be had. */
  async #fetchListNow(ask: Ask): Promise<readonly Coin[] | undefined> {
    const { directory, now, log } = this.#options;
    const fetching = directory.list(ask);
    this.#beginFirstPage();
    const fetched = await fetching;
    if (!fetched.ok || fetched.coins.length === 0) {
      this.#failedAtMs = now().getTime();
      this.#firstPage = undefined;
      log.warn(
        { reason: fetched.ok ? "empty" : fetched.reason },
        "the list of coins cannot be had now",
      );
      return undefined;
    }
    return fetched.coins;
  }

  /** Puts a fetched list in the place of the known one, and caches it. */
  async #takeIn(fetched: readonly Coin[]): Promise<void> {
    const { cache, now, log } = this.#options;
    const previous = this.table;
    const coins = [...this.#notYetGone(fetched), ...fetched];
    const table = await createCoinTable(coins);
    await table.sort();
    const listed = table.coins().length;
    // Yesterday's ranks serve until today's pages arrive, for coins that are still listed.
    const stillListed = new Set(coins.map(({ coinId }) => coinId));
    const ranked = previous
      ?.coins()
      .filter(
        ({ coinId, rank, imageUrl }) =>
          stillListed.has(coinId) && (rank !== null || imageUrl !== undefined),
      );
    if (ranked !== undefined) table.rank(ranked, 0);
    this.#list = { table, listed, askedAtMs: now().getTime() };
    await cacheList(cache, this.#list);
    log.info({ coins: listed }, "The list of coins is there");
  }

  /** The known coins, if a new list lacks most of them: half the market does not end in a day. */
  #notYetGone(fetched: readonly Coin[]): readonly Coin[] {
    if (this.#list === undefined || fetched.length >= this.#list.listed / 2) return [];
    const { table, listed } = this.#list;
    this.#options.log.warn(
      { listed: fetched.length, known: listed },
      "the list of coins lacks most of the known coins: these are kept",
    );
    return table.coins().slice(0, listed);
  }

  /**
   * The very first answer needs both the list and the first page: begun together, they make it wait
   * for one call less (17 % where each takes 150 ms). Where a cache is shared, another process may
   * be fetching the page.
   */
  #beginFirstPage(): void {
    if (this.#options.cache.isShared) return;
    if (this.#list !== undefined || this.#isWithin(RETRY_AFTER_MS, this.#firstPageFailedAtMs))
      return;
    this.#firstPage ??= this.#options.directory.top(1, { priority: "interactive" });
  }

  #fetchPageAlone(page: number, ask: Ask): Promise<boolean> {
    const work = async () => {
      await this.#adopt();
      return (this.table?.rankedPages() ?? 0) >= page || this.#fetchPageNow(page, ask);
    };
    return this.#options.cache.runExclusive(COIN_LIST, work, lockPatienceOf(ask));
  }

  async #fetchPageNow(page: number, ask: Ask): Promise<boolean> {
    const begun = page === 1 ? this.#firstPage : undefined;
    const fetched = await (begun ?? this.#options.directory.top(page, ask));
    if (page === 1) this.#firstPage = undefined;
    if (!fetched.ok) return false;
    this.table?.rank(fetched.coins, page);
    if (this.#list !== undefined) await cacheRanks(this.#options.cache, this.#list);
    return true;
  }
}
