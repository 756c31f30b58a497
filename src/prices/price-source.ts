import type { DailyClose } from "../valuation/price-record.ts";

/**
 * A coin as the providers need it: CoinGecko's id, and the symbol (upper case) that exchanges use.
 */
export type CoinRef = {
  readonly coinId: string;
  readonly symbol: string;
};

/**
 * Who waits for the answer: a person whom Discord vouches for (`interactive`, goes first), anybody
 * on the web (`anonymous`: as impatient, but never in the way of the others), or nobody
 * (`background`).
 */
export type Priority = "interactive" | "anonymous" | "background";

/** How long one waits: as a person does, or as nobody does. */
export type Pace = Exclude<Priority, "anonymous">;

/** The pace of whoever waits. */
export function paceOf(priority: Priority): Pace {
  return priority === "background" ? "background" : "interactive";
}

/** How a question is asked: for whom, and until when at the latest. */
export type Ask = {
  readonly priority: Priority;
  readonly signal?: AbortSignal;
  /** True passes over what is cached. */
  readonly fresh?: true;
};

/** Why a provider gave no answer. */
export type SourceFailure = {
  readonly ok: false;
  readonly reason: /** The provider does not know the coin. */
    | "unknown-coin"
    /**
     * The plan or the key does not allow the question; asking again is useless until the
     * configuration changes.
     */
    | "not-allowed"
    /** Too many questions, by the provider's word or by our own budget. */
    | "rate-limited"
    /** The month's credits are spent; asking again is useless until the month ends. */
    | "credits-spent"
    /** Refused connection, deadline, 5xx, open breaker. */
    | "unreachable"
    /** An answer that is not what the provider documents: HTML, cut JSON, wrong types. */
    | "bad-answer"
    /** The provider itself doubts the prices that it answered with. */
    | "distrusted";
  /** One line for the log, without keys. */
  readonly detail: string;
};

/** Closes of one coin by one provider. */
export type Closes = {
  readonly ok: true;
  /** Ascending, one a UTC day, positive, finished days only. */
  readonly points: readonly DailyClose[];
  /**
   * UTC day of the provider's first record of the coin; null where the plan does not reach back to
   * it.
   */
  readonly firstOn: string | null;
  /** Instant of the asking, ISO 8601 in UTC. */
  readonly askedAt: string;
  /** True when this is an old answer because the provider does not answer now. */
  readonly stale: boolean;
};

/** A coin's price now. */
export type Quote = {
  readonly ok: true;
  readonly priceUsd: number;
};

/**
 * UTC days, both included; from `"listing"` reaches as far back as the provider and the plan do.
 */
export type DayRange = {
  readonly from: "listing" | string;
  readonly to: string;
};

/** Closes of one coin among several that are asked for at once. */
export type ClosesQuestion = { readonly coin: CoinRef; readonly range: DayRange };

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
   * True when every answer is the whole record that the plan reaches, so that it replaces what was
   * kept of earlier ones.
   */
  readonly answersWhole: boolean;
  closes(coin: CoinRef, range: DayRange, ask: Ask): Promise<Closes | SourceFailure>;
  /**
   * Closes of several coins in as few calls as the provider's limits allow; absent where it takes
   * one coin a call. Tells each coin's answer once, as soon as it is whole, and waits for `tell`;
   * resolves when every answer was told.
   */
  closesOfMany?(
    questions: readonly ClosesQuestion[],
    ask: Ask,
    tell: (coinId: string, answer: Closes | SourceFailure) => Promise<void>,
  ): Promise<void>;
  quote(coin: CoinRef, ask: Ask): Promise<Quote | SourceFailure>;
};
