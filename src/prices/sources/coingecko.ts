import { createHash } from "node:crypto";
import { CoinGeckoClient } from "coingecko-api-v3";
import { z } from "zod";
import type { Log } from "../../process/log.ts";
import { createPauses } from "../../process/pauses.ts";
import type { Redis } from "../../process/redis.ts";
import { DAY_MS, utcDay } from "../../valuation/calendar.ts";
import type { FetchCache } from "../cache/fetch-cache.ts";
import { type CoinDirectory, PAGE_COINS } from "../coin-directory.ts";
import type { Ask, PriceSource, RatesResult, SourceFailure } from "../price-source.ts";
import { type CallBudget, createCallBudget } from "./call-budget.ts";
import { type CoinGeckoPlan, PLAN_TERMS } from "./coingecko-plans.ts";
import { dailyCloses } from "./daily-closes.ts";
import { lockPatienceOf } from "./lock-patience.ts";
import { type ResponseLimits, unpackCoins } from "./response-body.ts";
import {
  type CoinRow,
  everyDay,
  failureOf,
  fieldOf,
  fieldsOf,
  gateCoins,
  gateRows,
  listIn,
  type OnRowsDropped,
  overlapOf,
  priceIn,
  readStampedPrice,
  type StampWindow,
} from "./row-gate.ts";
import type { CallOutcome, SourceHealth } from "./source-health.ts";
import {
  badAnswer,
  createUpstream,
  type UpstreamResponse,
  type UpstreamTiming,
  USUAL_LIMITS,
} from "./upstream.ts";

/** Options of {@link createCoinGecko}. */
export type CoinGeckoOptions = {
  readonly plan: CoinGeckoPlan;
  readonly apiKey?: string;
  /** Another host; the plan's own when absent. */
  readonly baseUrl?: string;
  /** Remembers over a restart that the month's credits are spent. */
  readonly cache: Pick<FetchCache, "runExclusive" | "get" | "set">;
  readonly log: Log;
  readonly now: () => Date;
  readonly onCall?: (outcome: CallOutcome) => void;
  readonly onRowsDropped?: OnRowsDropped;
  readonly timing?: UpstreamTiming;
  /** The plan's calls a minute when absent. */
  readonly budget?: CallBudget;
  /** Shares the plan's calls with every process of the same key on this Redis. */
  readonly redis?: Redis;
};

/**
 * CoinGecko as prices, as the list of coins, as exchange rates, and as a key that can be checked.
 */
export type CoinGecko = {
  readonly source: PriceSource;
  readonly directory: CoinDirectory;
  /**
   * One sentence about a key and plan that do not fit; undefined when they do, or when CoinGecko
   * cannot be asked now.
   */
  checkKey(ask: Ask): Promise<string | undefined>;
  /** What one US dollar is worth in every fiat currency that CoinGecko has. */
  rates(ask: Ask): Promise<RatesResult>;
  health(): SourceHealth;
};

/**
 * Several times what the endpoints answer (2026-11): the list of 17,000 coins has 2 MB, a page of
 * the market 250 kB, a search 15 kB and the rates 8 kB.
 */
const LIMITS = {
  list: { maxBytes: 16 * 1024 * 1024, read: "coin-list" },
  search: { maxBytes: 1024 * 1024 },
  rates: { maxBytes: 256 * 1024 },
} as const satisfies Record<string, ResponseLimits>;
/** A search answers with some dozens at the most. */
const MAX_FOUND_COINS = 250;

/**
 * CoinGecko's four error shapes (https://docs.coingecko.com/docs/common-errors-rate-limit, seen
 * 2026-11) have their code in different places.
 */
const ErrorBody = z.object({
  error_code: z.number().optional(),
  status: z
    .object({ error_code: z.number().optional(), error_message: z.string().optional() })
    .optional(),
  error: z
    .union([
      z.string(),
      z.object({
        status: z.object({
          error_code: z.number().optional(),
          error_message: z.string().optional(),
        }),
      }),
    ])
    .optional(),
});

const SAME_FOR_BOTH = "Keys of both kinds start with CG-, so the plan must say which one this is.";
/** How long a key that CoinGecko took is not tried again at a start, in milliseconds. */
const KEY_FITS_TTL_MS = 600_000;
const KEY_ADVICE: Readonly<Record<number, string>> = {
  10002:
    "CoinGecko says that the API key is missing: set COINGECKO_API_KEY, or COINGECKO_PLAN=keyless to ask without one.",
  10010: `COINGECKO_API_KEY is a paid (Pro) key, but COINGECKO_PLAN sends it to the public host: set COINGECKO_PLAN to your paid plan. ${SAME_FOR_BOTH}`,
  10011: `COINGECKO_API_KEY is a Demo key, but COINGECKO_PLAN sends it to the Pro host: set COINGECKO_PLAN=demo. ${SAME_FOR_BOTH}`,
};

/** CoinGecko through `coingecko-api-v3`'s endpoints and our own transport. */
export function createCoinGecko(options: CoinGeckoOptions): CoinGecko {
  const { plan, apiKey, cache, log, now, onRowsDropped } = options;
  const terms = PLAN_TERMS[plan];
  const baseUrl = (options.baseUrl ?? terms.baseUrl).replace(/\/+$/, "");
  /**
   * Milliseconds since 1970 until which the month's credits are spent; undefined before the cache
   * was asked.
   */
  let creditsSpentUntil: number | undefined;
  let advised = false;
  // Another key has credits and calls of its own.
  const keyHash = createHash("sha256")
    .update(`${plan} ${apiKey ?? ""}`)
    .digest("base64url")
    .slice(0, 16);
  const creditsKey = `credits-spent:${keyHash}`;
  const keyCheckedKey = `key-fits:${keyHash}`;

  async function checkKeyNow(ask: Ask): Promise<string | undefined> {
    // Processes that start together ask once; a key that does not fit is never remembered, because
    // somebody is about to change it.
    if ((await cache.get(keyCheckedKey, z.literal(true))) !== undefined) return undefined;
    const answer = await call(ask, (client) => client.ping());
    advised = true;
    if (answer.ok) await cache.set(keyCheckedKey, true, KEY_FITS_TTL_MS);
    return !answer.ok && answer.reason === "not-allowed" ? answer.detail : undefined;
  }

  const upstream = createUpstream({
    name: "CoinGecko",
    baseUrl,
    headers: apiKey !== undefined && terms.keyHeader !== null ? { [terms.keyHeader]: apiKey } : {},
    budget:
      options.budget ??
      createCallBudget({
        calls: terms.callsPerMinute,
        windowSeconds: 60,
        shared: options.redis && { redis: options.redis, name: `CoinGecko:${keyHash}` },
      }),
    readFailure,
    log,
    now,
    ...(options.onCall !== undefined && { onCall: options.onCall }),
    ...(options.timing !== undefined && { timing: options.timing }),
  });

  function areCreditsSpent(): boolean {
    // Further away than the next month, the month was noted by a clock that was wrong.
    return (
      creditsSpentUntil !== undefined &&
      now().getTime() < creditsSpentUntil &&
      creditsSpentUntil <= startOfNextMonth(now())
    );
  }

  type Answered = Extract<UpstreamResponse, { ok: true }>;

  async function call(
    ask: Ask,
    endpoint: (client: CoinGeckoClient) => Promise<unknown>,
    limits: ResponseLimits = USUAL_LIMITS,
  ): Promise<Answered | SourceFailure> {
    creditsSpentUntil ??= (await cache.get(creditsKey, z.number())) ?? 0;
    if (areCreditsSpent()) {
      return {
        ok: false,
        reason: "credits-spent",
        detail: "CoinGecko: the month's credits are spent",
      };
    }
    let answer: UpstreamResponse | undefined;
    const client = clientOver(baseUrl, async (path) => {
      answer = await upstream.getJson(path, ask, limits);
      if (!answer.ok) throw new Error(answer.detail);
    });
    try {
      await endpoint(client);
    } catch (error) {
      if (answer === undefined || answer.ok) throw error;
      await noteRefusal(answer);
    }
    return answer ?? badAnswer("CoinGecko", "no answer");
  }

  /** What a refusal means for the questions to come. */
  async function noteRefusal({ reason, detail }: SourceFailure): Promise<void> {
    if (reason === "credits-spent") {
      creditsSpentUntil = startOfNextMonth(now());
      log.warn(
        { source: "CoinGecko", plan },
        "CoinGecko: the month's credits are spent; it is asked again next month",
      );
      await cache.set(creditsKey, creditsSpentUntil, creditsSpentUntil - now().getTime());
    }
    if (reason === "not-allowed" && !advised) {
      advised = true;
      // An error, not a warning: nothing gets better before somebody changes the configuration.
      log.error({ source: "CoinGecko", plan }, detail);
    }
  }

  /** The coins of an answer that lists them, or why it is none. */
  function coinsIn(
    rows: readonly unknown[] | undefined,
    most: number,
    imageField: "image" | "large",
  ) {
    if (rows === undefined) return badAnswer("CoinGecko", "no list of coins");
    const gated = gateCoins(rows, most, imageField);
    return (
      failureOf("CoinGecko", gated, onRowsDropped) ?? ({ ok: true, coins: gated.rows } as const)
    );
  }

  /** The days that a chart can tell of: a plan with a wall knows nothing before it. */
  function reach(askedAt: Date): StampWindow {
    const window = everyDay(askedAt);
    if (terms.reachDays === null) return window;
    const todayMs = Date.parse(utcDay(askedAt));
    return overlapOf(window, {
      fromMs: todayMs - (terms.reachDays + 1) * DAY_MS,
      toMs: window.toMs,
    });
  }

  const source: PriceSource = {
    id: "coingecko",
    name: "CoinGecko",
    url: "https://www.coingecko.com",
    stepDays: 1,
    reachDays: terms.reachDays,
    fetchesWhole: true,

    async closes({ coinId }, _range, ask) {
      const askedAt = now();
      // Everything within reach, whatever is asked for: it costs the same one call, and the answer
      // replaces what was kept.
      const days = terms.reachDays ?? "max";
      const answer = await call(ask, (client) =>
        client.coinIdMarketChart({
          id: pathSafe(coinId),
          vs_currency: "usd",
          days,
          interval: "daily",
        }),
      );
      if (!answer.ok) return answer;
      const prices = listIn(fieldsOf(answer.body)?.["prices"]);
      if (prices === undefined) return badAnswer("CoinGecko", "a chart without prices");
      const window = reach(askedAt);
      const gated = gateRows(prices, (row) => {
        const [stamp, price] = listIn(row) ?? [];
        return stamp === undefined ? "shape" : readStampedPrice(stamp, price, 1, window);
      });
      const failure = failureOf("CoinGecko", gated, onRowsDropped);
      if (failure !== undefined) return failure;
      const points = dailyCloses(gated.rows, utcDay(askedAt));
      return {
        ok: true,
        points,
        firstOn: terms.reachDays === null ? (points[0]?.on ?? null) : null,
        askedAt: askedAt.toISOString(),
        stale: false,
      };
    },

    async quote({ coinId }, ask) {
      const answer = await call(ask, (client) =>
        client.simplePrice({ ids: encodeURIComponent(coinId), vs_currencies: "usd" }),
      );
      if (!answer.ok) return answer;
      const coins = fieldsOf(answer.body);
      if (coins === undefined) return badAnswer("CoinGecko", "no prices");
      const row = fieldOf(coins, coinId);
      const price = row === undefined ? undefined : fieldsOf(row)?.["usd"];
      if (row === undefined || (price == null && fieldsOf(row) !== undefined))
        return { ok: false, reason: "unknown-coin", detail: `CoinGecko: no price for ${coinId}` };
      const priceUsd = priceIn(price);
      if (priceUsd !== undefined) return { ok: true, priceUsd };
      onRowsDropped?.(price === undefined ? "shape" : "price", 1);
      return badAnswer("CoinGecko", "a price that cannot be right");
    },
  };

  const directory: CoinDirectory = {
    async list(ask) {
      const answer = await call(
        ask,
        (client) => client.coinList({ include_platform: false }),
        LIMITS.list,
      );
      if (!answer.ok) return answer;
      const { coins: packed } = answer;
      if (packed === undefined) return badAnswer("CoinGecko", "no list of coins");
      const failure = failureOf("CoinGecko", packed, onRowsDropped);
      if (failure !== undefined) return failure;
      const pause = createPauses();
      const coins: CoinRow[] = [];
      for (const part of packed.parts) {
        for (const coin of unpackCoins(part)) coins.push(coin);
        await pause();
      }
      return { ok: true, coins };
    },
    async top(page, ask) {
      const answer = await call(ask, (client) =>
        client.coinMarket({
          vs_currency: "usd",
          order: "market_cap_desc",
          per_page: PAGE_COINS,
          page,
        }),
      );
      return answer.ok ? coinsIn(listIn(answer.body), PAGE_COINS, "image") : answer;
    },
    async search(text, ask) {
      const answer = await call(
        ask,
        (client) => client.search({ query: encodeURIComponent(text) }),
        LIMITS.search,
      );
      return answer.ok
        ? coinsIn(listIn(fieldsOf(answer.body)?.["coins"]), MAX_FOUND_COINS, "large")
        : answer;
    },
  };

  return {
    source,
    directory,
    async checkKey(ask) {
      if (apiKey === undefined) return undefined;
      return cache.runExclusive(keyCheckedKey, () => checkKeyNow(ask), lockPatienceOf(ask));
    },
    async rates(ask) {
      const answer = await call(ask, (client) => client.exchangeRates(), LIMITS.rates);
      if (!answer.ok) return answer;
      const rates = fieldsOf(fieldsOf(answer.body)?.["rates"]);
      if (rates === undefined) return badAnswer("CoinGecko", "no exchange rates");
      // CoinGecko tells what one bitcoin is worth; crypto units and metals are not money that
      // people spend.
      const gated = gateRows(Object.entries(rates), ([code, row]) => {
        const fields = fieldsOf(row);
        if (
          !/^[a-z]{3}$/.test(code) ||
          (typeof fields?.["type"] === "string" && fields["type"] !== "fiat")
        )
          return undefined;
        if (fields?.["type"] !== "fiat") return "shape";
        const perBtc = priceIn(fields["value"]);
        return perBtc === undefined ? "price" : { code: code.toUpperCase(), perBtc };
      });
      const failure = failureOf("CoinGecko", gated, onRowsDropped);
      if (failure !== undefined) return failure;
      const usdPerBtc = gated.rows.find(({ code }) => code === "USD")?.perBtc;
      if (usdPerBtc === undefined)
        return badAnswer("CoinGecko", "exchange rates without US dollars");
      const perUsd = gated.rows.flatMap(({ code, perBtc }) => {
        const rate = priceIn(perBtc / usdPerBtc);
        return rate === undefined ? [] : [[code, rate] as const];
      });
      return { ok: true, perUsd: Object.fromEntries(perUsd) };
    },
    // Spent credits are not asked for again, so the latest request may be of another month's luck,
    // or of before a restart.
    health: () => ({
      ...upstream.health(),
      ...(areCreditsSpent() && { lastOutcome: "credits-spent" }),
    }),
  };
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
    // The answer is read elsewhere: the package passes on whatever this is.
    return { statusCode: 200, data: undefined, headers: {} };
  };
  // `httpGet` is private in the package's types only; test/prices/sources/coingecko.test.ts proves
  // that every endpoint used here goes through it.
  (client as unknown as { httpGet: typeof httpGet }).httpGet = httpGet;
  return client;
}

/**
 * A path segment that stays one segment: dots alone would climb, and String.replace reads `$` in
 * the package's route building.
 */
function pathSafe(coinId: string): string {
  const encoded = encodeURIComponent(coinId);
  return /^\.+$/.test(encoded) ? encoded.replaceAll(".", "%252E") : encoded;
}

function readFailure(status: number, body: unknown): SourceFailure | undefined {
  if (status >= 200 && status < 300) return undefined;
  // Cloudflare in front of CoinGecko answers 403 with a page of its own; it passes, unlike a
  // refused key.
  if (status === 403 && body === undefined)
    return { ok: false, reason: "unreachable", detail: "CoinGecko: blocked by its CDN (HTTP 403)" };
  const parsed = ErrorBody.safeParse(body);
  if (!parsed.success) return undefined;
  const { error, status: statusPart, error_code } = parsed.data;
  const inner = typeof error === "object" ? error.status : statusPart;
  const code = inner?.error_code ?? error_code;
  const message = inner?.error_message ?? (typeof error === "string" ? error : "");
  const detail = `CoinGecko: HTTP ${status}${code === undefined ? "" : `, error ${code}`}${message === "" ? "" : `, ${message.slice(0, 200)}`}`;
  if (code === 10_006) return { ok: false, reason: "credits-spent", detail };
  if (code !== undefined && code >= 10_000 && code < 20_000)
    return { ok: false, reason: "not-allowed", detail: KEY_ADVICE[code] ?? detail };
  if (status === 404) return { ok: false, reason: "unknown-coin", detail };
  if (status === 429 || code === 429) return { ok: false, reason: "rate-limited", detail };
  return undefined;
}

function startOfNextMonth(at: Date): number {
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1);
}
