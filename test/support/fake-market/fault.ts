import type { Provider } from "./fake-coin.ts";

/** What goes wrong with a response. */
export type Fault =
  /**
   * 429 (Kraken: HTTP 200 with EGeneral:Too many requests); without `retryAfter` there is no such
   * header. Seconds or an HTTP date.
   */
  | { readonly kind: "rate-limited"; readonly retryAfter?: number | string }
  /** CoinGecko's 429 with code 10006. */
  | { readonly kind: "credits-spent" }
  /** CoinGecko's 401 with code 10002. */
  | { readonly kind: "key-missing" }
  /** CoinGecko's 401 with code 10005. */
  | { readonly kind: "not-in-plan" }
  /** CoinGecko's 401 with code 10012. */
  | { readonly kind: "too-far-back" }
  /** CoinGecko's 400 with code 10010. */
  | { readonly kind: "pro-key-on-public-host" }
  /** CoinGecko's 400 with code 10011. */
  | { readonly kind: "demo-key-on-pro-host" }
  /** A plain 5xx; 503 by default. */
  | { readonly kind: "server-error"; readonly status?: number }
  /** Kraken's version of a 503: HTTP 200 with EService:Unavailable. */
  | { readonly kind: "service-unavailable" }
  /** An HTML page with status 200. */
  | { readonly kind: "html" }
  /** An HTML page of a CDN with status 403. */
  | { readonly kind: "blocked" }
  /** The first half of the right response, then a proper end. */
  | { readonly kind: "cut-json" }
  /** The first half of the right response, then a broken connection. */
  | { readonly kind: "cut-connection" }
  /** Status 200, then one byte each `everyMs` (1,000 by default) forever. */
  | { readonly kind: "drip"; readonly everyMs?: number }
  /** Never responds. */
  | { readonly kind: "hang" }
  /** Closes the connection without a byte. A refused connection is {@link refusedUrl}. */
  | { readonly kind: "reset" }
  /** The right shape with numbers where text belongs and text where numbers belong. */
  | { readonly kind: "wrong-types" }
  /**
   * The right response, but not before `until` resolves: lets a test hold requests in flight
   * without sleeping.
   */
  | { readonly kind: "held"; readonly until: Promise<unknown> }
  /** The right response, after so long: a provider that is far away. */
  | { readonly kind: "far"; readonly delayMs: number }
  /** Any response at all. */
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly body: string;
      readonly headers?: Readonly<Record<string, string>>;
    };

/** Which requests a fault affects: all of the provider's by default. */
export type FaultScope = {
  /** How many requests it affects before it ends; all when left out. */
  readonly times?: number;
  /**
   * Affects only these paths, without the provider's prefix, e.g. `/coins/list` or
   * `/^\/coins\/.*\/market_chart$/`.
   */
  readonly path?: string | RegExp;
};

/** Whether a path equals or matches `wanted`; every path does when that is undefined. */
export function isPath(path: string, wanted: string | RegExp | undefined): boolean {
  return wanted === undefined || (typeof wanted === "string" ? path === wanted : wanted.test(path));
}

type ActiveFault = {
  readonly provider: Provider;
  readonly fault: Fault;
  readonly path: string | RegExp | undefined;
  left: number;
};

/** The faults that are switched on, newest first. */
export class ActiveFaults {
  #faults: ActiveFault[] = [];

  /** Switches a fault on; the returned function switches it off. */
  add(provider: Provider, fault: Fault, scope: FaultScope): () => void {
    const active: ActiveFault = {
      provider,
      fault,
      path: scope.path,
      left: scope.times ?? Number.POSITIVE_INFINITY,
    };
    this.#faults.unshift(active);
    return () => {
      this.#faults = this.#faults.filter((other) => other !== active);
    };
  }

  /** The newest fault for this request, counted as used. */
  take(provider: Provider, path: string): Fault | undefined {
    const active = this.#faults.find(
      (fault) => fault.provider === provider && fault.left > 0 && isPath(path, fault.path),
    );
    if (active !== undefined) active.left -= 1;
    return active?.fault;
  }

  /** Switches off the faults of one provider, or all. */
  clear(provider: Provider | undefined): void {
    this.#faults = this.#faults.filter(
      (fault) => provider !== undefined && fault.provider !== provider,
    );
  }
}
