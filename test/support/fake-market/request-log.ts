import type { IncomingHttpHeaders } from "node:http";
import type { Provider } from "./fake-coin.ts";
import { type Fault, isPath } from "./fault.ts";

/** One request that the market received. */
export type MarketRequest = {
  readonly provider: Provider;
  /**
   * CoinGecko's two hosts: `public` (keyless, Demo) and `pro`; `public` for the other providers.
   */
  readonly host: "public" | "pro";
  readonly method: string;
  /**
   * Percent-encoded as received, without the provider's prefix and the query:
   * `/coins/bitcoin/market_chart`.
   */
  readonly path: string;
  /** Decoded; of a repeated parameter the first. */
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  /** Path and query exactly as received. */
  readonly url: string;
  /** By the market's own clock. */
  readonly at: Date;
  /**
   * What a strict provider would reject: an undocumented path or parameter, a key in the
   * query string, …
   */
  readonly violations: readonly string[];
  /** The fault that it met, if any. */
  readonly fault?: Fault["kind"];
};

/** Selects requests of the log; an empty filter selects all. */
export type RequestFilter = {
  readonly provider?: Provider;
  readonly path?: string | RegExp;
};

/** The requests that a market received, and the tests that wait for more. */
export class RequestLog {
  readonly requests: MarketRequest[] = [];
  readonly #strays: string[] = [];
  #waiting: {
    readonly filter: RequestFilter;
    readonly count: number;
    readonly resolve: () => void;
  }[] = [];

  add(request: MarketRequest): void {
    this.requests.push(request);
  }

  /** Notes a request that belongs to no provider. */
  addStray(url: string): void {
    this.#strays.push(`${url}: belongs to no provider`);
  }

  /** Resolves what waited for the requests that are now in the log. */
  notify(): void {
    const ready = this.#waiting.filter((waiter) => this.count(waiter.filter) >= waiter.count);
    this.#waiting = this.#waiting.filter((waiter) => !ready.includes(waiter));
    for (const waiter of ready) waiter.resolve();
  }

  count(filter: RequestFilter = {}): number {
    return this.requests.filter(
      (request) =>
        (filter.provider === undefined || request.provider === filter.provider) &&
        isPath(request.path, filter.path),
    ).length;
  }

  async arrived(filter: RequestFilter = {}, count = 1): Promise<void> {
    if (this.count(filter) >= count) return;
    await new Promise<void>((resolve) => this.#waiting.push({ filter, count, resolve }));
  }

  violations(): string[] {
    return [
      ...this.#strays,
      ...this.requests.flatMap((request) =>
        request.violations.map((violation) => `${request.provider} ${request.url}: ${violation}`),
      ),
    ];
  }

  clear(): void {
    this.requests.length = 0;
    this.#strays.length = 0;
  }
}
