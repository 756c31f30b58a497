import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { type CoinSummary, summarize } from "../../src/digest/coin-summary.ts";
import {
  composeDigest,
  type Digest,
  nextStory,
  percentChangeOf,
} from "../../src/digest/content.ts";
import { digestMarker } from "../../src/digest/digest-control-id.ts";
import { reasonInWords, storedReason } from "../../src/digest/reason.ts";
import { createDigestWriter } from "../../src/digest/writer.ts";
import type { DigestOrder, DigestWriter } from "../../src/digest/written-digest.ts";
import { createPictureMaker, type PictureMaker } from "../../src/pictures/picture-maker.ts";
import { buildHistory } from "../../src/prices/history/history-builder.ts";
import { type PricedPurchase, USUAL_PURCHASE } from "../../src/questions/purchase.ts";
import { addDays } from "../../src/valuation/calendar.ts";
import { US_DOLLARS } from "../../src/valuation/currency.ts";
import type {
  DailyClose,
  Flag,
  PriceHistory as History,
  PriceHistory,
} from "../../src/valuation/price-record.ts";
import { value } from "../../src/valuation/valuation.ts";
import { checkMarketRequest } from "../contract/market-spec.ts";
import type { FakeCoin } from "../support/fake-market/fake-coin.ts";
import {
  type MarketUnderTest,
  type MarketUnderTestOptions,
  startMarketUnderTest,
} from "../support/market-under-test.ts";
import { type DailyPrice, seriesOf, syntheticSeries } from "../support/price-series.ts";
import { UNLIMITED } from "../support/quick-timing.ts";
import { servicesUnderTest } from "../support/services.ts";

const TODAY = "2026-11-24";
const YESTERDAY = "2026-11-23";
const DAY_BEFORE = "2026-11-22";
const PURCHASE: PricedPurchase = {
  asked: USUAL_PURCHASE,
  currency: US_DOLLARS,
  stakeUsd: 1_000,
  carPriceUsd: 200_000,
};

function historyOf(
  coinId: string,
  points: readonly DailyClose[],
  flags: readonly Flag[] = [],
): PriceHistory {
  const sources = [
    {
      name: "CoinGecko",
      url: "https://www.coingecko.com",
      from: points[0]?.on ?? "",
      to: points.at(-1)?.on ?? "",
    },
  ];
  return {
    coinId,
    points,
    firstRecordedOn: points[0]?.on ?? "",
    sources,
    asOf: `${TODAY}T06:00:00.000Z`,
    flags,
  };
}

function coinOf(coinId: string) {
  return { coinId, symbol: coinId.toUpperCase(), name: coinId, rank: 1 };
}

/**
 * A coin at 1 USD for its first hundred days, then at `closesUsd` on the days up to `lastOn`, as
 * long as a closing window.
 */
function summary(
  coinId: string,
  closesUsd: readonly number[],
  { lastOn = YESTERDAY, flags = [] as readonly Flag[] } = {},
): CoinSummary {
  const listed = Array.from({ length: 100 }, (_, day) => ({
    on: addDays(lastOn, day - 99 - closesUsd.length),
    priceUsd: 1,
  }));
  const later = closesUsd.map((priceUsd, day) => ({
    on: addDays(lastOn, day + 1 - closesUsd.length),
    priceUsd,
  }));
  return summarize(coinOf(coinId), historyOf(coinId, [...listed, ...later], flags), TODAY);
}

/** Thirty closes that are worth `lambos` each at the purchase above. */
function worth(lambos: number): number[] {
  return Array.from({ length: 30 }, () => 1 + lambos * 200);
}

function compose(
  all: readonly CoinSummary[],
  told: readonly string[] = [],
  publishedOn = YESTERDAY,
): Digest {
  return composeDigest({ summaries: all, purchase: PURCHASE, toldCoinIds: told, publishedOn });
}

describe("a leap of the newest closes", () => {
  it("makes no coin cross one Lambo before its fourth day, and is then reported once", () => {
    const told: unknown[] = [];
    for (let days = 1; days <= 5; days += 1) {
      const prices = [...Array(100).fill(1), ...Array(days).fill(2_000)];
      const points = prices.map((priceUsd, day) => ({ on: addDays("2026-08-01", day), priceUsd }));
      const newestOn = points.at(-1)?.on ?? "";
      const judged = buildHistory(
        { points, sources: [] },
        { coinId: "coin", asOf: `${TODAY}T06:00:00.000Z`, flags: [] },
      );
      if (judged === undefined) throw new Error("no history");
      const digest = compose(
        [summarize(coinOf("coin"), judged, addDays(newestOn, 1))],
        [],
        newestOn,
      );
      told.push([
        digest.crossings.length,
        (digest.mover?.coin.coinId ?? "nobody") === "coin",
        digest.lines[0]?.valuation.flags,
      ]);
    }
    expect(told).toEqual([
      [0, false, ["odd-price"]],
      [0, false, ["odd-price"]],
      [0, false, ["odd-price"]],
      [1, true, ["sources-disagree"]],
      [0, true, ["sources-disagree"]],
    ]);
  });
});

describe("a record that becomes erratic", () => {
  it("makes no coin cross one Lambo, and none move, by closes that were left out until then", () => {
    const told: unknown[] = [];
    for (let days = 1; days <= 3; days += 1) {
      const spikes = Array.from({ length: 5 }, () => [2_000, 1, 1]).flat();
      const prices = [...Array(100).fill(1), ...spikes.slice(0, 12 + days)];
      const points = prices.map((priceUsd, day) => ({ on: addDays("2026-07-01", day), priceUsd }));
      const newestOn = points.at(-1)?.on ?? "";
      const judged = buildHistory(
        { points, sources: [] },
        { coinId: "coin", asOf: `${TODAY}T06:00:00.000Z`, flags: [] },
      );
      if (judged === undefined) throw new Error("no history");
      const { crossings, lines, mover } = compose(
        [summarize(coinOf("coin"), judged, addDays(newestOn, 1))],
        [],
        newestOn,
      );
      told.push([lines[0]?.valuation.flags, lines[0]?.valuation.verdict, crossings.length, mover]);
    }
    expect(told).toEqual([
      [["odd-price"], "no", 0, null],
      [["erratic"], "yes", 0, null],
      [["erratic"], "yes", 0, null],
    ]);
  });
});

describe("the leaderboard", () => {
  it("counts each coin's Lambos as /lambo does, today and with the same history cut at the previous digest", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 1e6, noNaN: true }), {
          minLength: 40,
          maxLength: 120,
        }),
        fc.integer({ min: 1, max: 7 }),
        (prices, sinceDays) => {
          const points = prices.map((priceUsd, day) => ({
            on: addDays(YESTERDAY, day + 1 - prices.length),
            priceUsd,
          }));
          const history = historyOf("coin", points);
          const [line] = compose([summarize(coinOf("coin"), history, TODAY, { sinceDays })]).lines;
          const today = value(history, { ...PURCHASE, todayOn: TODAY });
          const todayOn = addDays(TODAY, -sinceDays);
          const previous = value(history, { ...PURCHASE, todayOn });
          expect(line?.valuation).toEqual(today.ok && today.valuation);
          expect(line?.previousLambos).toBe(previous.ok && previous.valuation.lambos);
        },
      ),
    );
  });

  it("has the most Lambos first; without any, the smallest loss first", () => {
    const half = Array.from({ length: 30 }, () => 0.5);
    const most = Array.from({ length: 30 }, () => 0.1);
    const { lines } = compose([
      summary("lost-most", most),
      summary("two", worth(2)),
      summary("lost-half", half),
      summary("nine", worth(9)),
    ]);
    expect(lines.map(({ coin }) => coin.coinId)).toEqual(["nine", "two", "lost-half", "lost-most"]);
  });

  it("names the coin that grew or fell most in per cent, and none when no coin moved", () => {
    // On the last day the mean of 28 closes falls by a 28th, whatever the coin is worth.
    const fallen = (lambos: number) => [...worth(lambos).slice(0, -1), 1];
    const grown = (lambos: number, times: number) => [
      ...worth(lambos).slice(0, -1),
      (1 + lambos * 200) * times,
    ];
    const digest = compose([
      summary("huge", grown(3_000, 1.5)),
      summary("still", worth(3)),
      summary("down", fallen(8)),
    ]);
    expect(digest.mover?.coin.coinId).toBe("down");
    expect(digest.mover?.growth).toBeCloseTo(-1 / 28, 3);
    expect(
      compose([summary("huge", grown(3_000, 1.5)), summary("up", grown(2, 3))]).mover?.coin.coinId,
    ).toBe("up");
    expect(compose([summary("still", worth(3))]).mover).toBeNull();
  });

  it("is not moved most by dust: neither by next to no Lambos nor by none", () => {
    // From 0.0000002 to 0.0000004 Lambos: twice as many, and a price that hardly moved.
    const dust = [...worth(0.0000002).slice(0, -1), 1 + 0.0000058 * 200];
    const worthless = [...Array.from({ length: 29 }, () => 0.5), 0.9];
    const digest = compose([
      summary("dust", dust),
      summary("worthless", worthless),
      summary("real", [...worth(2).slice(0, -1), 440]),
    ]);
    const [real, dusty, none] = ["real", "dust", "worthless"].map((coinId) =>
      digest.lines.find(({ coin }) => coin.coinId === coinId),
    );
    expect(dusty?.valuation.lambos).toBeGreaterThan(1.5 * (dusty?.previousLambos ?? 0));
    expect(digest.mover).toBe(real);
    expect([real, dusty, none].map((line) => line && percentChangeOf(line))).toEqual([
      expect.closeTo(0.0035, 4),
      0,
      null,
    ]);
  });

  it("names the coins that crossed one Lambo since yesterday, in either direction, and no others", () => {
    const over = [...worth(0.99).slice(0, -1), 1_000];
    const under = [...worth(1.01).slice(0, -1), 1];
    const { crossings } = compose([
      summary("over", over),
      summary("under", under),
      summary("above", worth(1)),
      summary("below", worth(0.99)),
    ]);
    expect(crossings.map(({ line, direction }) => [line.coin.coinId, direction])).toEqual([
      ["over", "up"],
      ["under", "down"],
    ]);
  });

  it("that waits for news tells a crossing once: as news, or beside it while it is too close", () => {
    // The mean of four weeks comes to 1.04 Lambos, and to 1.01.
    const closesOf = (lambos: number, newest: number) => [
      ...worth(lambos).slice(1),
      1 + newest * 200,
    ];
    const digestOf = (isComparable: boolean) => {
      const summaries = [
        summary("over", closesOf(0.98, 2.6)),
        summary("close", closesOf(0.99, 1.55)),
      ];
      const shown = { purchase: PURCHASE, toldCoinIds: [], publishedOn: YESTERDAY };
      const digest = composeDigest({ ...shown, summaries, isComparable, isNewsOnly: true });
      return {
        news: digest.news?.map(({ coin, news }) => `${coin.coinId} ${news.kind}`).sort(),
        crossings: digest.crossings.map(({ line }) => line.coin.coinId),
      };
    };
    expect(digestOf(true)).toEqual({
      news: ["close peak", "over peak", "over up"],
      crossings: ["close"],
    });
    // Without the rate of the server's amounts nobody knows what crosses.
    expect(digestOf(false)).toEqual({ news: ["close peak", "over peak"], crossings: [] });
  });

  it("leaves out coins that are no longer priced, naming the last day, instead of counting their Lambos", () => {
    const digest = compose([
      summary("dead", worth(50), { lastOn: "2026-10-01" }),
      summary("alive", worth(1)),
    ]);
    expect(digest.lines.map(({ coin }) => coin.coinId)).toEqual(["alive"]);
    expect(digest.missing).toMatchObject([
      {
        coin: { coinId: "dead" },
        why: { reason: "no-longer-priced", lastRecordedOn: "2026-10-01" },
      },
    ]);
  });

  it("claims no change against prices that are older than the others, or than what is published", () => {
    const moving = [...worth(2).slice(0, -1), 1_000];
    const behind = summary("behind", moving, { lastOn: DAY_BEFORE });
    const mixed = compose([summary("ahead", moving), behind]);
    expect(mixed.lines.find(({ coin }) => coin.coinId === "behind")?.previousLambos).toBeNull();
    expect(mixed.on).toBe(YESTERDAY);
    const old = compose([behind], [], YESTERDAY);
    expect(old.lines[0]?.previousLambos).toBeNull();
    expect(old.mover).toBeNull();
    // Before 00:20 UTC nothing newer is published: then it counts as today's.
    expect(compose([behind], [], DAY_BEFORE).mover?.coin.coinId).toBe("behind");
  });

  it("knows no yesterday of a coin that became old enough today", () => {
    const points = Array.from({ length: 7 }, (_, day) => ({
      on: addDays(YESTERDAY, day - 6),
      priceUsd: 1 + day,
    }));
    const [line] = compose([summarize(coinOf("young"), historyOf("young", points), TODAY)]).lines;
    expect(line?.previousLambos).toBeNull();
  });
});

describe("the coin of the day", () => {
  it("is not repeated before all others have been chosen, whatever the list", () => {
    const aList = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 5 }), {
      minLength: 1,
      maxLength: 10,
    });
    fc.assert(
      fc.property(
        aList,
        fc.array(fc.string({ minLength: 1, maxLength: 5 }), { maxLength: 15 }),
        (coinIds, earlier) => {
          const told = [...earlier];
          const days = Array.from({ length: 3 * coinIds.length }, () => {
            const next = nextStory(coinIds, told) ?? "";
            told.unshift(next);
            return next;
          });
          for (let day = 0; day + coinIds.length <= days.length; day += 1) {
            expect(new Set(days.slice(day, day + coinIds.length))).toEqual(new Set(coinIds));
          }
        },
      ),
    );
  });

  it("is one that has an answer today: a coin without prices is chosen later", () => {
    const missing: CoinSummary = {
      ok: false,
      coin: coinOf("missing"),
      why: { reason: "prices-unavailable", tried: [] },
    };
    const all = [missing, summary("one", worth(1)), summary("two", worth(2))];
    expect(compose(all).story?.coin.coinId).toBe("one");
    expect(compose(all, ["one"]).story?.coin.coinId).toBe("two");
    expect(compose(all, ["two", "one"]).story?.coin.coinId).toBe("one");
    expect(compose([missing]).story).toBeNull();
  });
});

const open: MarketUnderTest[] = [];

afterEach(async () => {
  for (const market of open.splice(0)) {
    expect(market.fake.violations()).toEqual([]);
    expect(market.fake.requests.flatMap(checkMarketRequest)).toEqual([]);
    await market.close();
  }
});

type Stage = {
  readonly market: MarketUnderTest;
  readonly writer: DigestWriter;
  choose(
    guildId: string,
    change: Parameters<ReturnType<typeof servicesUnderTest>["settings"]["change"]>[1],
  ): Promise<unknown>;
  write(order?: Partial<DigestOrder>): ReturnType<DigestWriter["write"]>;
};

async function start(
  options: MarketUnderTestOptions & { pictures?: PictureMaker; patienceMs?: number },
): Promise<Stage> {
  const market = await startMarketUnderTest({ budget: UNLIMITED, ...options });
  open.push(market);
  const services = servicesUnderTest(
    market,
    options.pictures === undefined ? {} : { pictures: options.pictures },
  );
  const patience =
    options.patienceMs === undefined
      ? undefined
      : { interactive: options.patienceMs, background: options.patienceMs };
  const writer = createDigestWriter(services, patience);
  return {
    market,
    writer,
    choose: (guildId, change) =>
      services.settings.change(guildId, change, { userId: "1", at: market.now() }),
    write: (order = {}) =>
      writer.write({
        guildId: "1",
        localOn: TODAY,
        past: { toldCoinIds: [], closesTo: null },
        locale: "en-US",
        priority: "background",
        ...order,
      }),
  };
}

/** What a written digest says, all of it. */
function textOf(outcome: Awaited<ReturnType<DigestWriter["write"]>>): string {
  if (!outcome.ok) throw new Error(storedReason(outcome.reason));
  return JSON.stringify(outcome.digest.reply.embeds);
}

const series = (seed: number, extra: Partial<Parameters<typeof syntheticSeries>[0]> = {}) =>
  syntheticSeries({
    firstOn: "2026-05-01",
    lastOn: "2026-12-31",
    startUsd: 1,
    dailyGrowth: 0.01,
    wobble: 0.04,
    seed,
    ...extra,
  });

function market(coinId: string, extra: Partial<FakeCoin> = {}): FakeCoin {
  const seed =
    [...coinId].reduce((sum, letter) => sum * 31 + (letter.codePointAt(0) ?? 0), 7) % 100_000;
  return {
    coinId,
    symbol: coinId.slice(0, 6),
    name: coinId,
    rank: null,
    series: series(seed),
    ...extra,
  };
}

function scaled(days: readonly DailyPrice[], factor: (day: number) => number): DailyPrice[] {
  return days.map(({ on, priceUsd }, day) => ({
    on,
    priceUsd: priceUsd === null ? null : priceUsd * factor(day),
  }));
}

describe("a server's digest", () => {
  // Beyond CoinGecko's year, so that the two have to be joined.
  const OLD = { firstOn: "2025-06-01" };
  const coins = [
    market("alpha", { name: "Alpha Coin" }),
    market("beta", { name: "Beta Coin" }),
    market("newborn", {
      name: "Newborn",
      series: seriesOf("2026-11-20", [1, 1, 1, 1, 1, 1, 1, 1]),
    }),
    market("ended", { name: "Ended", series: series(5, { lastOn: "2026-09-30" }) }),
    market("torn", {
      name: "Torn",
      coingecko: series(6, OLD),
      defillama: scaled(series(6, OLD), () => 3),
    }),
  ];

  describe("whose currency has no exchange rate", () => {
    const CHANGES = /Moved most|bought its Lambo|keys back|unchanged| · [+-][\d.]/;
    const gone = ({ market: { fake } }: Stage) =>
      fake.fail("coingecko", { kind: "server-error" }, { path: "/exchange_rates" });
    const chosen = { digestCoins: ["alpha", "beta"], stake: 50, carPrice: 300, currency: "EUR" };

    it("is in US dollars for the usual stake and car, and tells no change; nor does the next day's, when the rate is back", async () => {
      const stage = await start({ coins });
      const { market, write, choose } = stage;
      await choose("1", chosen);
      const heal = gone(stage);
      const without = textOf(await write());
      expect(without).toContain("**$1,000** in each coin");
      expect(without).toContain(
        "No exchange rate for EUR is available right now: the usual 1,000 USD and the usual car stand in",
      );
      expect(without).not.toMatch(/€|300/);
      expect(without).not.toMatch(CHANGES);

      heal();
      market.setNow("2026-11-25T12:00:00Z");
      const back = textOf(await write({ localOn: "2026-11-25" }));
      expect(back).toContain("**€50** in each coin");
      expect(back).not.toContain("No exchange rate");
      expect(back).not.toMatch(CHANGES);

      market.setNow("2026-11-26T12:00:00Z");
      expect(textOf(await write({ localOn: "2026-11-26" }))).toMatch(CHANGES);
    });

    it("remembers that over a restart, by the server's own calendar", async () => {
      const stage = await start({ coins, now: "2026-11-24T03:00:00Z" });
      // Seven in the evening of the 23rd in Los Angeles is the 24th in Greenwich.
      await stage.choose("1", { ...chosen, digestZone: "America/Los_Angeles" });
      const heal = gone(stage);
      await stage.write({ localOn: "2026-11-23" });
      heal();
      await stage.market.restart();
      const writer = createDigestWriter(servicesUnderTest(stage.market));
      const order = {
        guildId: "1",
        past: { toldCoinIds: [], closesTo: null },
        locale: "en-US",
        priority: "background",
      } as const;
      stage.market.setNow("2026-11-25T07:30:00Z");
      expect(textOf(await writer.write({ ...order, localOn: "2026-11-24" }))).not.toMatch(CHANGES);
      stage.market.setNow("2026-11-25T12:30:00Z");
      expect(textOf(await writer.write({ ...order, localOn: "2026-11-25" }))).toMatch(CHANGES);
    });

    it("that waits for news is about the news first, is quiet without, and a preview says so", async () => {
      const calm = [...Array.from({ length: 400 }, () => 1)];
      const peaky = market("peaky", {
        name: "Peaky",
        series: seriesOf("2025-10-20", [...calm, 1.1, 1.1, 1.1]),
      });
      const stage = await start({ coins: [...coins, peaky] });
      await stage.choose("1", { digestCoins: ["alpha", "peaky"], digestEvery: "news" });
      const toldTo = (closesTo: string) => ({ past: { toldCoinIds: [], closesTo } });
      const order = { localOn: TODAY, ...toldTo("2026-11-22") };
      // Until its prices have been checked against a second source, a coin has no news.
      const first = await stage.write({ ...order, localOn: "2026-11-24" });
      expect(first).toMatchObject({
        ok: false,
        reason: { why: "no-news", closesTo: "2026-11-22" },
      });
      await stage.market.market().prices.checked();
      stage.market.setNow("2026-11-25T12:00:00Z");
      const news = textOf(await stage.write({ ...order, localOn: "2026-11-25" }));
      expect(news).toContain('"title":"Peaky set a new peak"');
      expect(news).toContain("**Peaky** closed higher than ever on Tue, Nov 24: $1.10, after $1");
      // The bot was down on the 25th, and looks at both days at once.
      stage.market.setNow("2026-11-26T12:00:00Z");
      const late = textOf(
        await stage.write({ ...order, ...toldTo("2026-11-23"), localOn: "2026-11-26" }),
      );
      expect(late).toContain("Peaky set a new peak");
      const quiet = { localOn: "2026-11-26", ...toldTo("2026-11-24") };
      expect(await stage.write(quiet)).toMatchObject({
        ok: false,
        reason: { why: "no-news", closesTo: "2026-11-25" },
      });
      const preview = textOf(await stage.write({ ...quiet, localOn: null }));
      expect(preview).toContain("so nothing would be posted");
      expect(preview).toContain('"title":"The Lambo leaderboard"');
      // Without its rate it is not known what crossed one Lambo: the day is looked at once more.
      await stage.choose("1", { currency: "EUR", stake: 50, carPrice: 300 });
      gone(stage);
      expect(await stage.write(quiet)).toMatchObject({
        ok: false,
        reason: { why: "no-news", closesTo: "2026-11-24" },
      });
    });

    it("of a weekly digest compares with last week's, and a Monday of weekdays with Friday", async () => {
      const stage = await start({ coins });
      await stage.choose("1", { ...chosen, currency: null, digestEvery: "mon" });
      await stage.choose("2", { ...chosen, currency: null, digestEvery: "weekdays" });
      const read = async (guildId: string, localOn: string) =>
        /changed since (\S+, \S+ \d+)/.exec(textOf(await stage.write({ guildId, localOn })))?.[1];
      expect(await read("1", "2026-11-23")).toBe("Mon, Nov 16");
      expect(await read("2", "2026-11-23")).toBe("Fri, Nov 20");
      expect(await read("2", "2026-11-24")).toBeUndefined();
    });

    it("tells changes as ever on a server whose currency has its rate", async () => {
      const stage = await start({ coins });
      await stage.choose("1", chosen);
      await stage.choose("2", { ...chosen, currency: "USD" });
      gone(stage);
      await stage.write();
      expect(textOf(await stage.write({ guildId: "2" }))).toMatch(CHANGES);
    });
  });

  it("is of its own coins, stake, currency and car, with buttons that carry its date", async () => {
    const { write, choose } = await start({ coins });
    await choose("1", {
      digestCoins: ["alpha", "beta"],
      stake: 50,
      currency: "EUR",
      carKey: "revuelto",
    });
    const outcome = await write();
    expect(textOf(outcome)).toContain("€50");
    expect(textOf(outcome)).toContain("Revuelto");
    if (!outcome.ok) return;
    const { reply, storyCoinId } = outcome.digest;
    expect(JSON.stringify(reply.components)).toContain(digestMarker(TODAY));
    expect(reply.files?.[0]?.description).toContain("Alpha Coin");
    expect(["alpha", "beta"]).toContain(storyCoinId);
  });

  it("names coins without an answer with the reason, and never shows them as 0", async () => {
    const { write, choose, market: under } = await start({ coins });
    await choose("1", { digestCoins: ["alpha", "newborn", "ended", "gone", "torn"] });
    expect(textOf(await write())).toContain("Torn");
    await under.market().prices.checked();
    const outcome = await write();
    const text = textOf(outcome);
    expect(text).toContain("Newborn (first priced on Nov 20, 2026, ask again on Nov 27, 2026)");
    expect(text).toContain("Ended (last priced on Sep 30, 2026)");
    expect(text).toContain("gone (no longer listed)");
    expect(text).toContain("Torn (CoinGecko and DefiLlama do not agree on its price)");
    expect(outcome.ok && outcome.digest.reply.components?.[0]?.components).toHaveLength(1);
  });

  it("is not written while no coin has prices, and says so; an hour later it is", async () => {
    const { write, choose, market: under } = await start({ coins });
    await choose("1", { digestCoins: ["alpha", "beta"] });
    await write();
    const cold = await start({ coins });
    await cold.choose("1", { digestCoins: ["alpha", "beta"] });
    await cold.market.market().coins.resolve("alpha", { priority: "background" });
    for (const provider of ["coingecko", "defillama", "kraken"] as const)
      cold.market.fake.fail(provider, { kind: "blocked" });
    const outcome = await cold.write();
    expect(outcome.ok || reasonInWords(outcome.reason, "en-US")).toMatch(
      /^None of this server's coins .*Alpha Coin \(no prices right now\)/,
    );
    cold.market.fake.heal();
    cold.market.setNow("2026-11-24T13:00:00Z");
    expect((await cold.write()).ok).toBe(true);
    expect(under.fake.count()).toBeGreaterThan(0);
  });

  it("goes out with old prices and their age when no source responds, without a change", async () => {
    const { write, choose, market: under } = await start({ coins });
    await choose("1", { digestCoins: ["alpha", "beta"] });
    await write();
    under.setNow("2026-11-25T12:00:00Z");
    for (const provider of ["coingecko", "defillama", "kraken"] as const)
      under.fake.fail(provider, { kind: "blocked" });
    const text = textOf(await write({ localOn: "2026-11-25" }));
    expect(text).toMatch(/Alpha Coin \(fetched 24 hours ago\)/);
    expect(text).not.toContain("Moved most");
  });

  it("does not wait longer for prices than it may: what is late is named", async () => {
    let release = () => {};
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { writer, write, choose, market: under } = await start({ coins, patienceMs: 300 });
    await choose("1", { digestCoins: ["alpha", "beta"] });
    await choose("2", { digestCoins: ["alpha"] });
    await writer.prepare(["2"]);
    under.fake.fail("defillama", { kind: "held", until });
    const text = textOf(await write());
    expect(text).toContain("Beta Coin (no prices right now)");
    expect(text).toContain("Alpha Coin · ");
    release();
  });

  it("asks for its coins once, however many servers want them at the same time", async () => {
    const one = await start({ coins });
    await one.choose("1", { digestCoins: ["alpha", "beta"] });
    await one.write({ priority: "interactive" });
    const calls = one.market.fake.count({ path: /chart|first/ });
    const many = await start({ coins });
    const guilds = ["1", "2", "3", "4"];
    for (const guildId of guilds) await many.choose(guildId, { digestCoins: ["beta", "alpha"] });
    let release = () => {};
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    many.market.fake.fail("defillama", { kind: "held", until }, { path: /first/, times: 1 });
    const written = Promise.all(
      guilds.map((guildId) => many.write({ guildId, priority: "interactive" })),
    );
    await many.market.fake.arrived({ path: /first/ });
    // Round trips of something else: time enough for whoever would not wait.
    for (const text of ["who", "what", "where"])
      await many.market.market().coins.resolve(text, { priority: "interactive" });
    release();
    await written;
    expect(many.market.fake.count({ path: /chart|first/ })).toBe(calls);
  });

  it("is drawn once for all servers that show the same", async () => {
    let drawn = 0;
    const maker = createPictureMaker({
      rasterize: async () => {
        drawn += 1;
        return new Uint8Array([1]);
      },
    });
    const { write, choose } = await start({ coins, pictures: maker });
    const guilds = Array.from({ length: 30 }, (_, guild) => `${guild}`);
    for (const guildId of guilds) await choose(guildId, { digestCoins: ["alpha", "beta"] });
    const outcomes = await Promise.all(guilds.map((guildId) => write({ guildId })));
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
    expect(drawn).toBe(1);
  });

  it("goes out without a picture that cannot be drawn", async () => {
    const broken = createPictureMaker({ rasterize: () => Promise.reject(new Error("no ink")) });
    const { write, choose } = await start({ coins, pictures: broken });
    await choose("1", { digestCoins: ["alpha"] });
    const outcome = await write();
    expect(outcome.ok && outcome.digest.reply.files).toBeUndefined();
    expect(textOf(outcome)).not.toContain("attachment://");
  });

  it("a preview or a test carries no date, so that it is never taken for the day's digest", async () => {
    const { write, choose } = await start({ coins });
    await choose("1", { digestCoins: ["alpha"] });
    const outcome = await write({ localOn: null, priority: "interactive" });
    expect(outcome.ok && JSON.stringify(outcome.digest.reply.components)).not.toContain(
      digestMarker(TODAY),
    );
  });
});

describe("a wave of digests", () => {
  const many = Array.from({ length: 60 }, (_, index) =>
    market(`coin${index}`, { series: series(index, { firstOn: "2026-08-01" }) }),
  );

  it("is prepared in few calls, and its digests then cost none", async () => {
    const { writer, write, choose, market: under } = await start({ coins: many });
    const guilds = Array.from({ length: 12 }, (_, guild) => `${100 + guild}`);
    for (const [index, guildId] of guilds.entries()) {
      await choose(guildId, {
        digestCoins: Array.from({ length: 10 }, (_, coin) => `coin${(index * 5 + coin) % 60}`),
      });
    }
    await writer.prepare(guilds);
    await under.market().prices.checked();
    under.setNow("2026-11-25T00:21:00Z");
    under.fake.forget();
    await writer.prepare(guilds);
    expect(under.fake.count({ path: /chart|first|market_chart/ })).toBe(2);
    for (const guildId of guilds) {
      const text = textOf(await write({ guildId, localOn: "2026-11-25" }));
      expect(text).toContain("prices to Nov 24, 2026");
      expect(text).toContain("Moved most");
    }
    expect(under.fake.count({ path: /chart|first|market_chart/ })).toBe(2);
  });
});

/**
 * The market's largest as CoinGecko ranks them on a usual day of 2025 and 2026: claims on dollars
 * and on other coins in between.
 */
function usualMarket(): FakeCoin[] {
  const own = (seed: number, startUsd: number, wobble = 0.04): History["points"] =>
    syntheticSeries({
      firstOn: "2026-05-01",
      lastOn: "2026-12-31",
      startUsd,
      dailyGrowth: 0.002,
      wobble,
      seed,
    }) as DailyClose[];
  const [btc, eth, sol, bnb] = [own(1, 90_000), own(2, 3_000), own(3, 150), own(4, 700)];
  const near = (days: readonly DailyPrice[], seed: number, growth = 0): DailyPrice[] => {
    const noise = syntheticSeries({
      firstOn: "2026-05-01",
      lastOn: "2026-12-31",
      startUsd: 1,
      dailyGrowth: growth,
      wobble: 0.001,
      seed,
    });
    return scaled(days, (day) => noise[day]?.priceUsd ?? 1);
  };
  const steady = (levelUsd: number, seed: number, growth = 0, wobble = 0.0006) =>
    syntheticSeries({
      firstOn: "2026-05-01",
      lastOn: "2026-12-31",
      startUsd: levelUsd,
      dailyGrowth: growth,
      wobble,
      seed,
    });
  const rows: readonly (readonly [
    coinId: string,
    symbol: string,
    name: string,
    series: readonly DailyPrice[],
  ])[] = [
    ["bitcoin", "btc", "Bitcoin", btc],
    ["ethereum", "eth", "Ethereum", eth],
    ["tether", "usdt", "Tether", steady(1, 10)],
    ["ripple", "xrp", "XRP", own(5, 2)],
    ["binancecoin", "bnb", "BNB", bnb],
    ["solana", "sol", "Solana", sol],
    ["usd-coin", "usdc", "USDC", steady(1, 11)],
    ["staked-ether", "steth", "Lido Staked Ether", near(eth, 12)],
    ["tron", "trx", "TRON", own(6, 0.3, 0.02)],
    ["dogecoin", "doge", "Dogecoin", own(7, 0.2)],
    ["wrapped-steth", "wsteth", "Wrapped stETH", near(eth, 13, 0.00008)],
    ["wrapped-bitcoin", "wbtc", "Wrapped Bitcoin", near(btc, 14)],
    ["figure-heloc", "figr_heloc", "Figure Heloc", steady(1.02, 15)],
    ["cardano", "ada", "Cardano", own(8, 0.6)],
    ["wrapped-eeth", "weeth", "Wrapped eETH", near(eth, 16, 0.00008)],
    ["ethena-usde", "usde", "Ethena USDe", steady(1, 17)],
    ["bitcoin-cash", "bch", "Bitcoin Cash", own(9, 500)],
    ["leo-token", "leo", "LEO Token", own(20, 9, 0.008)],
    ["coinbase-wrapped-btc", "cbbtc", "Coinbase Wrapped BTC", near(btc, 18)],
    ["dai", "dai", "Dai", steady(1, 19)],
    ["susds", "susds", "sUSDS", steady(1.06, 21, 0.00012)],
    [
      "binance-bridged-usdt-bnb-smart-chain",
      "bsc-usd",
      "Binance Bridged USDT (BNB Smart Chain)",
      steady(1, 22),
    ],
    ["weth", "weth", "WETH", near(eth, 23)],
    ["quiet-ether-club", "qec", "Quiet Ether Club", near(eth, 24, 0.0001)],
    ["euro-coin", "eu-r", "Euro Thing", steady(1 / 0.86, 25, 0, 0.004)],
    [
      "blackrock-usd-institutional-digital-liquidity-fund",
      "buidl",
      "BlackRock Institutional Digital Liquidity Fund",
      steady(1, 26),
    ],
    ["rocket-pool-eth", "reth", "Rocket Pool ETH", near(eth, 27, 0.00008)],
    ["binance-peg-weth", "weth", "Binance-Peg WETH", near(eth, 28)],
    ["jito-staked-sol", "jitosol", "Jito Staked SOL", near(sol, 29, 0.0002)],
    ["wrapped-beacon-eth", "wbeth", "Wrapped Beacon ETH", near(eth, 30)],
    ["stellar", "xlm", "Stellar", own(31, 0.3)],
    ["sui", "sui", "Sui", own(32, 3)],
    ["bitcoin-bep2", "btcb", "Bitcoin BEP2", near(btc, 33)],
    ["avalanche-2", "avax", "Avalanche", own(34, 25)],
    ["vaulta", "a", "Vaulta", own(35, 0.5)],
    ["ethereum-classic", "etc", "Ethereum Classic", own(36, 20)],
    ["lombard-staked-btc", "lbtc", "Lombard Staked BTC", near(btc, 37)],
    ["usual-newborn", "nb", "Newborn Giant", seriesOf("2026-11-21", [5, 6, 5, 6, 5, 6])],
    ["shiba-inu", "shib", "Shiba Inu", own(38, 0.00001)],
    ["litecoin", "ltc", "Litecoin", own(39, 100)],
  ];
  return rows.map(([coinId, symbol, name, prices], index) => ({
    coinId,
    symbol,
    name,
    rank: index + 1,
    series: prices,
  }));
}

describe("a server without a list", () => {
  const TEN = [
    "bitcoin",
    "ethereum",
    "ripple",
    "binancecoin",
    "solana",
    "tron",
    "dogecoin",
    "cardano",
    "bitcoin-cash",
    "leo-token",
  ];

  async function shown(stage: Stage, order: Partial<DigestOrder> = {}): Promise<string[]> {
    const outcome = await stage.write(order);
    if (!outcome.ok) throw new Error(storedReason(outcome.reason));
    const description = outcome.digest.reply.embeds?.[0]?.description ?? "";
    const named = new Map(usualMarket().map(({ name, coinId }) => [name, coinId]));
    return [...description.matchAll(/^\d+\\\. (.+?) · /gm)].map(
      ([, name = ""]) => named.get(name) ?? name,
    );
  }

  it("gets the ten largest coins with a history: no stablecoins, wrapped, bridged or staked ones", async () => {
    const stage = await start({ coins: usualMarket() });
    expect((await shown(stage)).sort()).toEqual([...TEN].sort());
    // What calls itself a claim is not even asked for.
    expect(stage.market.fake.count({ path: /wrapped-bitcoin|staked-ether|tether/ })).toBe(0);
  });

  it("goes on past claims that do not call themselves so, and past a coin that is too new", async () => {
    const disguised = [
      "tether",
      "usd-coin",
      "figure-heloc",
      "dai",
      "quiet-ether-club",
      "euro-coin",
      "usual-newborn",
      "rocket-pool-eth",
    ];
    const plain = usualMarket().map((coin, index) =>
      disguised.includes(coin.coinId)
        ? { ...coin, name: `Plain ${index}`, symbol: `p${index}` }
        : coin,
    );
    const moved = [...plain].sort(
      (a, b) => Number(disguised.includes(b.coinId)) - Number(disguised.includes(a.coinId)),
    );
    // The coins that they are claims on are larger, as in life.
    const ranked = [...plain.slice(0, 2), ...moved.filter(({ rank }) => (rank ?? 0) > 2)].map(
      (coin, index) => ({
        ...coin,
        rank: index + 1,
      }),
    );
    const stage = await start({ coins: ranked });
    expect((await shown(stage)).sort()).toEqual([...TEN].sort());
  });

  it("keeps yesterday's list, with its age, when no source responds", async () => {
    const stage = await start({ coins: usualMarket() });
    await shown(stage);
    stage.market.setNow("2026-11-25T12:00:00Z");
    for (const provider of ["coingecko", "defillama", "kraken"] as const)
      stage.market.fake.fail(provider, { kind: "blocked" });
    expect((await shown(stage)).sort()).toEqual([...TEN].sort());
  });

  it("shows the demo market's coins with its notice, and no stablecoin", async () => {
    const stage = await start({ coins: [], environment: { DEMO: "1" } });
    const outcome = await stage.write();
    expect(textOf(outcome)).toContain("Demo market, invented prices");
    expect(textOf(outcome)).not.toMatch(/\d+\\+\. Tether · /);
    expect(textOf(outcome)).toMatch(/9\\+\. /);
    expect(stage.market.fake.count()).toBe(0);
  });
});
