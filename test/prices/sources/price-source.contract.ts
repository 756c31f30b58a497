import { createServer } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import type { Ask, CoinRef, PriceSource, SourceFailure } from "../../../src/prices/price-source.ts";
import type { CallBudget } from "../../../src/prices/sources/call-budget.ts";
import type { UpstreamTiming } from "../../../src/prices/sources/upstream.ts";
import { silentLog } from "../../../src/process/log.ts";
import { addDays, utcDay } from "../../../src/valuation/calendar.ts";
import type { FakeCoin, Provider } from "../../support/fake-market/fake-coin.ts";
import {
  type FakeMarket,
  refusedUrl,
  startFakeMarket,
} from "../../support/fake-market/fake-market.ts";
import type { Fault } from "../../support/fake-market/fault.ts";
import { syntheticSeries } from "../../support/price-series.ts";
import { QUICK, UNLIMITED } from "../../support/quick-timing.ts";

/** What a price source under the contract is made with. */
export type SourceMaking = {
  /** Undefined for a source that asks nobody. */
  readonly baseUrl: string;
  readonly now: () => Date;
  readonly timing: UpstreamTiming;
  readonly budget: CallBudget;
  readonly log: typeof silentLog;
};

/** A stamped price as a provider's own answer carries it: milliseconds since 1970, USD. */
export type RawPrice = readonly [atMs: number, priceUsd: number | null];

/** One implementation of {@link PriceSource} that the contract is run on. */
export type SourceUnderContract = {
  readonly title: string;
  readonly coin: CoinRef;
  readonly create: (making: SourceMaking) => PriceSource;
  /** Absent for a source that asks nobody: then nothing can go wrong on the way. */
  readonly remote?: {
    readonly provider: Provider;
    readonly baseUrl: (fake: FakeMarket) => string;
    /** The path that answers closes, and its body for given prices. */
    readonly closesPath: string | RegExp;
    readonly bodyOf: (prices: readonly RawPrice[]) => unknown;
    /** What a CDN's 403 means: CoinGecko's passes, elsewhere nobody knows better. */
    readonly blocked: { readonly reason: SourceFailure["reason"]; readonly requests: number };
    /** Refusals that only this provider has. */
    readonly ownFaults: readonly FaultRow[];
  };
};

/** A fault, what it means, and how many requests it may cost. */
export type FaultRow = readonly [
  title: string,
  fault: Fault,
  reason: SourceFailure["reason"],
  requests: number,
];

const NOW = new Date("2026-11-24T12:00:00Z");
const TODAY = "2026-11-24";
const YESTERDAY = "2026-11-23";
const WEEK_MS = 7 * 86_400_000;
const ASK: Ask = { priority: "interactive" };
const FOR_EVER = { from: "listing", to: YESTERDAY } as const;
/** One request, and at most two more. */
const WITH_RETRIES = 3;

/** Runs the contract of {@link PriceSource} on one implementation. */
export function describePriceSource({ title, coin, create, remote }: SourceUnderContract): void {
  const listed: FakeCoin = {
    coinId: coin.coinId,
    symbol: coin.symbol,
    name: coin.coinId,
    rank: 1,
    series: syntheticSeries({
      firstOn: "2026-01-01",
      lastOn: "2027-01-31",
      startUsd: 1,
      dailyGrowth: 0.01,
    }),
    krakenPair: `${coin.symbol}USD`,
    coinMetricsId: coin.coinId,
  };
  const markets: FakeMarket[] = [];

  async function start(
    timing: UpstreamTiming = QUICK,
  ): Promise<{ fake: FakeMarket; source: PriceSource }> {
    const now = () => NOW;
    const other = {
      ...listed,
      coinId: "other",
      symbol: "OTHER",
      krakenPair: "OTHERUSD",
      coinMetricsId: "other",
    };
    const fake = await startFakeMarket({ coins: [listed, other], now });
    markets.push(fake);
    const baseUrl = remote?.baseUrl(fake) ?? "";
    return { fake, source: create({ baseUrl, now, timing, budget: UNLIMITED, log: silentLog }) };
  }

  afterEach(async () => {
    for (const fake of markets.splice(0)) await fake.close();
  });

  async function pointsOf(source: PriceSource) {
    const closes = await source.closes(coin, FOR_EVER, ASK);
    if (!closes.ok) throw new Error(closes.detail);
    return closes.points;
  }

  describe(`${title} as a price source`, () => {
    it("gives closes in order, one a day, positive, of finished days only", async () => {
      const { source } = await start();
      const points = await pointsOf(source);
      expect(points.length).toBeGreaterThan(20);
      const days = points.map(({ on }) => on);
      expect(days).toEqual([...new Set(days)].sort());
      expect(days.every((on) => on < TODAY)).toBe(true);
      expect(points.every(({ priceUsd }) => priceUsd > 0)).toBe(true);
    });

    it("says when it was asked, and that the closes are not stale", async () => {
      const { source } = await start();
      expect(await source.closes(coin, FOR_EVER, ASK)).toMatchObject({
        askedAt: NOW.toISOString(),
        stale: false,
      });
    });

    it("names the first day on record only when it can reach it", async () => {
      const { source } = await start();
      const closes = await source.closes(coin, FOR_EVER, ASK);
      if (!closes.ok) throw new Error(closes.detail);
      expect(closes.firstOn).toBe(source.reachDays === null ? closes.points[0]?.on : null);
    });

    it("knows the current price", async () => {
      const { source } = await start();
      const quote = await source.quote(coin, ASK);
      expect(quote.ok && quote.priceUsd > 0).toBe(true);
    });

    it("reports an unknown coin as unknown", async () => {
      const { source } = await start();
      const nobody = { coinId: "no-such-coin", symbol: "NOSUCH" };
      expect(await source.closes(nobody, FOR_EVER, ASK)).toMatchObject({
        ok: false,
        reason: "unknown-coin",
      });
      expect(await source.quote(nobody, ASK)).toMatchObject({ ok: false, reason: "unknown-coin" });
    });

    it("handles coin ids that mean something in JavaScript", async () => {
      const { source } = await start();
      for (const coinId of ["constructor", "__proto__", "toString"]) {
        expect(await source.quote({ coinId, symbol: coinId.toUpperCase() }, ASK)).toMatchObject({
          reason: "unknown-coin",
        });
      }
    });
  });

  describe(`${title} asked about several coins at once`, () => {
    it("gives each coin's closes once, exactly as if it were asked for that coin only", async () => {
      const { source } = await start();
      if (source.closesOfMany === undefined) return;
      const nobody = { coinId: "no-such-coin", symbol: "NOSUCH" };
      const recently = { from: addDays(YESTERDAY, -14), to: YESTERDAY };
      const other = { coinId: "other", symbol: "OTHER" };
      const questions = [
        { coin, range: FOR_EVER },
        { coin: other, range: recently },
        { coin: nobody, range: FOR_EVER },
      ];
      const told = new Map<string, unknown>();
      await source.closesOfMany(questions, ASK, async (coinId, answer) => {
        expect(told.has(coinId)).toBe(false);
        told.set(coinId, answer);
      });
      for (const { coin: one, range } of questions)
        expect(told.get(one.coinId)).toEqual(await source.closes(one, range, ASK));
      expect(told.size).toBe(questions.length);
    });

    it("makes no call for no coins", async () => {
      const { fake, source } = await start();
      await source.closesOfMany?.([], ASK, () => expect.fail("nothing to tell"));
      expect(fake.count()).toBe(0);
    });
  });

  if (remote === undefined) return;
  const { provider, closesPath, bodyOf, blocked, ownFaults } = remote;

  describe(`${title} and what it is told`, () => {
    async function told(prices: readonly RawPrice[]) {
      const { fake, source } = await start();
      const body = JSON.stringify(bodyOf(prices));
      fake.fail(provider, { kind: "answer", status: 200, body }, { path: closesPath });
      const closes = await source.closes(coin, FOR_EVER, ASK);
      if (!closes.ok) throw new Error(closes.detail);
      return closes.points;
    }
    // Weeks begin here on a Thursday, as Kraken's do; days are days to the others.
    const at = (week: number, hours = 0) =>
      Date.parse("2026-06-04T00:00:00Z") + week * WEEK_MS + hours * 3_600_000;
    const on = (week: number) => utcDay(at(week));

    it("leaves out nulls and zeros, and never shows them as prices", async () => {
      const points = await told([
        [at(0), 1],
        [at(1), null],
        [at(2), 0],
        [at(3), 4],
      ]);
      expect(points).toEqual([
        { on: on(0), priceUsd: 1 },
        { on: on(3), priceUsd: 4 },
      ]);
    });

    it("leaves out negative prices", async () => {
      expect(
        await told([
          [at(0), 1],
          [at(1), -1],
        ]),
      ).toEqual([{ on: on(0), priceUsd: 1 }]);
    });

    it("puts unsorted days in order", async () => {
      const points = await told([
        [at(2), 3],
        [at(0), 1],
        [at(1), 2],
      ]);
      expect(points.map(({ priceUsd }) => priceUsd)).toEqual([1, 2, 3]);
    });

    it("takes the earliest of several prices on one day", async () => {
      const points = await told([
        [at(0, 9), 9],
        [at(0, 3), 3],
        [at(0, 6), 6],
        [at(0, 3), 4],
      ]);
      expect(points).toEqual([{ on: on(0), priceUsd: 3 }]);
    });

    it("gives no price of an unfinished day", async () => {
      const points = await told([
        [at(0), 1],
        [Date.parse(`${TODAY}T00:00:00Z`), 2],
        [NOW.getTime(), 3],
        [Date.parse(`${addDays(TODAY, 1)}T00:00:00Z`), 4],
      ]);
      expect(points).toEqual([{ on: on(0), priceUsd: 1 }]);
    });

    it("survives stamps that no calendar holds", async () => {
      expect(
        await told([
          [1e300, 5],
          [at(0), 1],
        ]),
      ).toEqual([{ on: on(0), priceUsd: 1 }]);
    });
  });

  describe(`${title} on bad days`, () => {
    const rows: readonly FaultRow[] = [
      [
        "too many requests, without Retry-After",
        { kind: "rate-limited" },
        "rate-limited",
        WITH_RETRIES,
      ],
      [
        "too many requests, Retry-After 0",
        { kind: "rate-limited", retryAfter: 0 },
        "rate-limited",
        WITH_RETRIES,
      ],
      [
        "too many requests, Retry-After an hour",
        { kind: "rate-limited", retryAfter: 3_600 },
        "rate-limited",
        1,
      ],
      [
        "too many requests, Retry-After nonsense",
        { kind: "rate-limited", retryAfter: "soon" },
        "rate-limited",
        WITH_RETRIES,
      ],
      ["500", { kind: "server-error", status: 500 }, "unreachable", WITH_RETRIES],
      ["503", { kind: "server-error" }, "unreachable", WITH_RETRIES],
      ["503 in its own words", { kind: "service-unavailable" }, "unreachable", WITH_RETRIES],
      ["a page of HTML with status 200", { kind: "html" }, "bad-answer", WITH_RETRIES],
      [
        "a CDN's page of HTML with status 403",
        { kind: "blocked" },
        blocked.reason,
        blocked.requests,
      ],
      ["JSON that is cut", { kind: "cut-json" }, "bad-answer", WITH_RETRIES],
      ["an empty body", { kind: "answer", status: 200, body: "" }, "bad-answer", WITH_RETRIES],
      ["JSON null", { kind: "answer", status: 200, body: "null" }, "bad-answer", 1],
      [
        "a connection that breaks in the middle",
        { kind: "cut-connection" },
        "unreachable",
        WITH_RETRIES,
      ],
      [
        "numbers where text belongs and the other way round",
        { kind: "wrong-types" },
        "bad-answer",
        1,
      ],
      ["a byte now and then for ever", { kind: "drip", everyMs: 20 }, "unreachable", 1],
      ["no answer at all", { kind: "hang" }, "unreachable", 1],
      ["a connection that is closed at once", { kind: "reset" }, "unreachable", WITH_RETRIES],
      ...ownFaults,
    ];

    it.each(rows)("%s: is a plain failure", async (_title, fault, reason, requests) => {
      const { fake, source } = await start();
      fake.fail(provider, fault);
      const closes = await source.closes(coin, FOR_EVER, ASK);
      expect(closes).toMatchObject({ ok: false, reason });
      expect(fake.count({ provider })).toBe(requests);
    });

    it.each(rows)("%s: a quote fails the same way", async (_title, fault, reason) => {
      const { fake, source } = await start();
      fake.fail(provider, fault);
      expect(await source.quote(coin, ASK)).toMatchObject({ ok: false, reason });
    });

    it("a passing failure costs one more request, and goes unnoticed", async () => {
      const { fake, source } = await start();
      const right = await pointsOf(source);
      fake.fail(provider, { kind: "server-error" }, { times: 1 });
      expect(await pointsOf(source)).toEqual(right);
    });

    it("a refused connection is a plain failure", async () => {
      const source = create({
        baseUrl: await refusedUrl(),
        now: () => NOW,
        timing: QUICK,
        budget: UNLIMITED,
        log: silentLog,
      });
      expect(await source.closes(coin, FOR_EVER, ASK)).toMatchObject({
        ok: false,
        reason: "unreachable",
      });
    });

    it("a redirect is not followed: it would carry the key to another host", async () => {
      const { fake, source } = await start();
      let strangers = 0;
      const elsewhere = createServer((_request, response) => {
        strangers += 1;
        response.end("{}");
      });
      await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
      const address = elsewhere.address();
      const port = typeof address === "object" ? address?.port : undefined;
      fake.fail(provider, {
        kind: "answer",
        status: 302,
        body: "",
        headers: { location: `http://127.0.0.1:${port}/` },
      });
      expect(await source.closes(coin, FOR_EVER, ASK)).toMatchObject({
        ok: false,
        reason: "unreachable",
      });
      expect(fake.count({ provider })).toBe(WITH_RETRIES);
      expect(strangers).toBe(0);
      await new Promise((resolve) => elsewhere.close(resolve));
    });

    it("a failure in the middle of many coins is reported for each of them, and none is left waiting", async () => {
      const { fake, source } = await start();
      if (source.closesOfMany === undefined) return;
      fake.fail(provider, { kind: "server-error" });
      const told: unknown[] = [];
      const coins = Array.from({ length: 150 }, (_, index) => ({
        coinId: `coin${index}`,
        symbol: "COIN",
      }));
      const questions = coins.map((one, index) => ({
        coin: one,
        range: index % 2 === 0 ? FOR_EVER : { from: "2026-11-01", to: YESTERDAY },
      }));
      await source.closesOfMany(questions, ASK, async (_coinId, answer) => {
        told.push(answer);
      });
      expect(told).toHaveLength(150);
      expect(told.every((answer) => (answer as SourceFailure).reason === "unreachable")).toBe(true);
    });

    it("a caller who gives up is released at once", async () => {
      const { fake, source } = await start({
        ...QUICK,
        deadlineMs: { interactive: 60_000, background: 60_000 },
      });
      fake.fail(provider, { kind: "hang" });
      const givingUp = new AbortController();
      const asked = source.closes(coin, FOR_EVER, { ...ASK, signal: givingUp.signal });
      await fake.arrived({ provider });
      givingUp.abort();
      expect(await asked).toMatchObject({ ok: false, reason: "unreachable" });
      expect(fake.count({ provider })).toBe(1);
    });
  });
}
