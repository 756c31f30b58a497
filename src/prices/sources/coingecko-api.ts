import { createHash } from "node:crypto";
import { CoinGeckoClient } from "coingecko-api-v3";
import { z } from "zod";
import type { Log } from "../../process/log.ts";
import type { Ask, SourceFailure } from "../price-source.ts";
import { readCoinGeckoFailure } from "./coingecko-failures.ts";
import { type CoinGeckoPlan, PLAN_TERMS } from "./coingecko-plans.ts";
import { type LockPatience, lockPatienceOf } from "./lock-patience.ts";
import type { ResponseLimits } from "./response-body.ts";
import type { SourceHealth } from "./source-health.ts";
import { createSourceUpstream, type SourceOptions } from "./source-host.ts";
import { type Upstream, USUAL_LIMITS } from "./upstream.ts";
import { badResponse, type UpstreamResponse } from "./upstream-request.ts";

/** Where a source notes small facts that survive a restart, and that processes share. */
export type SourceNotes = {
  get<T>(key: string, schema: z.ZodType<T>): Promise<T | undefined>;
  set(key: string, value: unknown, ttlMs: number): Promise<void>;
  runExclusive<T>(key: string, work: () => Promise<T>, patience: LockPatience): Promise<T>;
};

/** Options of {@link CoinGeckoApi}. */
export type CoinGeckoOptions = Omit<SourceOptions, "baseUrl"> & {
  readonly plan: CoinGeckoPlan;
  readonly apiKey?: string;
  /** Another host; the plan's own when absent. */
  readonly baseUrl?: string;
  /** Notes over a restart that the month's credits are spent. */
  readonly cache: SourceNotes;
};

/** How long a key that CoinGecko took is not tried again at a start, in milliseconds. */
const KEY_FITS_TTL_MS = 600_000;

/** CoinGecko's endpoints on one plan and key, through our own transport. */
export class CoinGeckoApi {
  readonly #plan: CoinGeckoPlan;
  readonly #apiKey: string | undefined;
  readonly #baseUrl: string;
  readonly #cache: SourceNotes;
  readonly #log: Log;
  readonly #now: () => Date;
  readonly #upstream: Upstream;
  readonly #creditsKey: string;
  readonly #keyCheckedKey: string;
  /**
   * Milliseconds since 1970 until which the month's credits are spent; undefined before the cache
   * was read.
   */
  #creditsSpentUntil: number | undefined;
  #isAdvised = false;

  constructor(options: CoinGeckoOptions) {
    const { plan, apiKey, cache, log, now } = options;
    const terms = PLAN_TERMS[plan];
    this.#plan = plan;
    this.#apiKey = apiKey;
    this.#baseUrl = (options.baseUrl ?? terms.baseUrl).replace(/\/+$/, "");
    this.#cache = cache;
    this.#log = log;
    this.#now = now;
    // Another key has credits and calls of its own.
    const keyHash = createHash("sha256")
      .update(`${plan} ${apiKey ?? ""}`)
      .digest("base64url")
      .slice(0, 16);
    this.#creditsKey = `credits-spent:${keyHash}`;
    this.#keyCheckedKey = `key-fits:${keyHash}`;
    this.#upstream = createSourceUpstream(
      "CoinGecko",
      { ...options, baseUrl: this.#baseUrl },
      {
        limit: { calls: terms.callsPerMinute, windowSeconds: 60 },
        budgetName: `CoinGecko:${keyHash}`,
        headers:
          apiKey !== undefined && terms.keyHeader !== null ? { [terms.keyHeader]: apiKey } : {},
        readFailure: readCoinGeckoFailure,
      },
    );
  }

  /** Calls one endpoint of the package's client; gives the response that it brought. */
  async call(
    ask: Ask,
    endpoint: (client: CoinGeckoClient) => Promise<unknown>,
    limits: ResponseLimits = USUAL_LIMITS,
  ): Promise<UpstreamResponse> {
    this.#creditsSpentUntil ??= (await this.#cache.get(this.#creditsKey, z.number())) ?? 0;
    if (this.#areCreditsSpent()) {
      const detail = "CoinGecko: the month's credits are spent";
      return { ok: false, reason: "credits-spent", detail };
    }
    let response: UpstreamResponse | undefined;
    const client = clientOver(this.#baseUrl, async (path) => {
      response = await this.#upstream.getJson(path, ask, limits);
      if (!response.ok) throw new Error(response.detail);
    });
    try {
      await endpoint(client);
    } catch (error) {
      if (response === undefined || response.ok) throw error;
      await this.#noteRefusal(response);
    }
    return response ?? badResponse("CoinGecko", "no answer");
  }

  /**
   * One sentence about a key and plan that do not fit; undefined when they do, or when CoinGecko
   * cannot be asked now.
   */
  async checkKey(ask: Ask): Promise<string | undefined> {
    if (this.#apiKey === undefined) return undefined;
    const key = this.#keyCheckedKey;
    return this.#cache.runExclusive(key, () => this.#checkKeyNow(ask), lockPatienceOf(ask));
  }

  health(): SourceHealth {
    // Once the credits are spent nobody is asked, so the latest call may be from before that, or
    // from before a restart.
    return {
      ...this.#upstream.health(),
      ...(this.#areCreditsSpent() && { lastOutcome: "credits-spent" }),
    };
  }

  async #checkKeyNow(ask: Ask): Promise<string | undefined> {
    // Processes that start together ask once; a key that does not fit is never noted, because it is
    // about to be changed.
    if ((await this.#cache.get(this.#keyCheckedKey, z.literal(true))) !== undefined)
      return undefined;
    const response = await this.call(ask, (client) => client.ping());
    this.#isAdvised = true;
    if (response.ok) await this.#cache.set(this.#keyCheckedKey, true, KEY_FITS_TTL_MS);
    return !response.ok && response.reason === "not-allowed" ? response.detail : undefined;
  }

  #areCreditsSpent(): boolean {
    const until = this.#creditsSpentUntil;
    const now = this.#now();
    // An instant after the next month's start was noted by a clock that was wrong.
    return until !== undefined && now.getTime() < until && until <= startOfNextMonth(now);
  }

  /** Draws the conclusions of a refusal for later calls. */
  async #noteRefusal({ reason, detail }: SourceFailure): Promise<void> {
    if (reason === "credits-spent") {
      const until = startOfNextMonth(this.#now());
      this.#creditsSpentUntil = until;
      this.#log.warn(
        { source: "CoinGecko", plan: this.#plan },
        "CoinGecko: the month's credits are spent; it is asked again next month",
      );
      await this.#cache.set(this.#creditsKey, until, until - this.#now().getTime());
    }
    if (reason === "not-allowed" && !this.#isAdvised) {
      this.#isAdvised = true;
      // An error, not a warning: nothing gets better before somebody changes the configuration.
      this.#log.error({ source: "CoinGecko", plan: this.#plan }, detail);
    }
  }
}

/**
 * A client of `coingecko-api-v3` that builds the routes while `get` does the transport. The
 * package's own transport leaks the key into the query string, sends Demo keys to the Pro host and
 * retries a 429 without bound (version 0.0.31, measured), so its one method that every endpoint
 * calls, `httpGet`, is replaced.
 */
function clientOver(baseUrl: string, get: (path: string) => Promise<void>): CoinGeckoClient {
  const client = new CoinGeckoClient({ autoRetry: false });
  client.baseURL = baseUrl;
  const httpGet = async (url: string) => {
    const [route = "", query = ""] = url.slice(baseUrl.length).split("?");
    const parameters = new URLSearchParams(query);
    // The package repeats path parameters in the query; `/coins/{id}/…` documents no such
    // parameter.
    if (/^\/coins\/[^/]+\//.test(route)) parameters.delete("id");
    const queryText = parameters.toString();
    await get(queryText === "" ? route : `${route}?${queryText}`);
    // The response is read elsewhere: the package passes on whatever this is.
    return { statusCode: 200, data: undefined, headers: {} };
  };
  // `httpGet` is private in the package's types only; test/prices/sources/coingecko.test.ts proves
  // that every endpoint used here goes through it.
  (client as unknown as { httpGet: typeof httpGet }).httpGet = httpGet;
  return client;
}

function startOfNextMonth(at: Date): number {
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1);
}
