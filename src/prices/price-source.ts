import type { Result } from "../result.ts";
import type { DailyClose } from "../valuation/price-record.ts";

/** A coin as sources need it: CoinGecko's id, and the symbol (upper case) that exchanges use. */
export type CoinRef = {
  readonly coinId: string;
  readonly symbol: string;
};

/**
 * Who waits: a person whom Discord vouches for (`interactive`, goes first), anybody on the web
 * (`anonymous`: as impatient, but never in the way of the others), or nobody (`background`).
 */
export type Priority = "interactive" | "anonymous" | "background";

/** How long the wait may be: while a person waits, or while nobody does. */
export type Pace = Exclude<Priority, "anonymous">;

/** The pace at which work of a priority runs. */
export function paceOf(priority: Priority): Pace {
  return priority === "background" ? "background" : "interactive";
}

/** How to fetch: for whom, and until when at the latest. */
export type Ask = {
  readonly priority: Priority;
  readonly signal?: AbortSignal;
  /** True ignores what is cached. */
  readonly fresh?: true;
};

/** Why a source gave nothing. */
export type SourceFailure = {
  readonly ok: false;
  readonly reason: /** The source does not know the coin. */
    | "unknown-coin"
    /**
     * The plan or the key does not allow the request; asking again is useless until the
     * configuration changes.
     */
    | "not-allowed"
    /** Too many requests, by the source's word or by our own budget. */
    | "rate-limited"
    /** The month's credits are spent; asking again is useless until the month ends. */
    | "credits-spent"
    /** Refused connection, deadline, 5xx, open breaker. */
    | "unreachable"
    /** A response that is not what the source documents: HTML, cut JSON, wrong types. */
    | "bad-answer"
    /** The source itself doubts the prices in its response. */
    | "distrusted";
  /** One line for the log, without keys. */
  readonly detail: string;
};

/** What a source gave, or why it gave nothing. */
export type SourceResult<Value extends object> = Result<Value, SourceFailure>;

/** Closes of one coin from one source. */
export type Closes = {
  readonly ok: true;
  /** Ascending, one a UTC day, positive, finished days only. */
  readonly points: readonly DailyClose[];
  /**
   * UTC day of the source's first record of the coin; null where the plan does not reach back to
   * it.
   */
  readonly firstOn: string | null;
  /** When the source was asked, ISO 8601 in UTC. */
  readonly askedAt: string;
  /** True for cached closes that stand in because the source cannot be asked. */
  readonly stale: boolean;
};

/** Closes of one coin, or why a source gave none. */
export type ClosesResult = Closes | SourceFailure;

/** A coin's current price in USD, or why a source gave none. */
export type QuoteResult = SourceResult<{ readonly priceUsd: number }>;

/**
 * What one US dollar is worth by currency code (capitals), USD included, or why a source gave no
 * rates.
 */
export type RatesResult = SourceResult<{ readonly perUsd: Readonly<Record<string, number>> }>;

/** UTC days, both included; `"listing"` reaches back as far as the source and the plan do. */
export type DayRange = {
  readonly from: "listing" | string;
  readonly to: string;
};

/** A request for one coin's closes among several that are fetched together. */
export type ClosesRequest = { readonly coin: CoinRef; readonly range: DayRange };

/**
 * One place that prices come from. Expected failures are values; a source never throws for what the
 * outside world does. Every implementation passes `test/prices/sources/price-source.contract.ts`.
 */
export type PriceSource = {
  readonly id: "coingecko" | "defillama" | "coinmetrics" | "kraken" | "demo";
  /** The name that attribution shows. */
  readonly name: string;
  /** The page that attribution links to. */
  readonly url: string;
  /** Days between two closes: 1, or 7 for an exchange that is asked for weeks. */
  readonly stepDays: 1 | 7;
  /**
   * Days before today that `closes` can reach on the configured plan; null reaches the coin's first
   * record.
   */
  readonly reachDays: number | null;
  /**
   * True when every fetch brings the whole record that the plan reaches, which then replaces what
   * was cached.
   */
  readonly fetchesWhole: boolean;
  closes(coin: CoinRef, range: DayRange, ask: Ask): Promise<ClosesResult>;
  /**
   * The closes up to the day that `until` resolves to, on `range.to` or after it: exactly as
   * `closes` of these days, but begun with those up to `range.to`. Absent where one call brings
   * everything.
   */
  closesUntil?(
    coin: CoinRef,
    range: DayRange,
    until: () => Promise<string>,
    ask: Ask,
  ): Promise<ClosesResult>;
  /**
   * Closes of several coins in as few calls as the source's limits allow; absent where it takes one
   * coin a call. Calls `onResult` once for each coin, as soon as its closes are complete, and waits
   * for it; resolves after the last.
   */
  closesOfMany?(
    requests: readonly ClosesRequest[],
    ask: Ask,
    onResult: (coinId: string, result: ClosesResult) => Promise<void>,
  ): Promise<void>;
  quote(coin: CoinRef, ask: Ask): Promise<QuoteResult>;
};
