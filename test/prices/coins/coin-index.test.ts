import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { cacheOf } from "../../../src/prices/cache/fetch-cache.ts";
import { coinHash } from "../../../src/prices/coins/coin.ts";
import type { CoinIndex } from "../../../src/prices/coins/coin-index.ts";
import type { FakeCoin } from "../../support/fake-market/fake-coin.ts";
import { createLogLines } from "../../support/log-lines.ts";
import {
  type MarketUnderTest,
  type MarketUnderTestOptions,
  startMarketUnderTest,
} from "../../support/market-under-test.ts";
import { seriesOf } from "../../support/price-series.ts";

const series = seriesOf("2026-01-01", Array(327).fill(1));

function coin(coinId: string, symbol: string, name: string, rank: number | null): FakeCoin {
  return { coinId, symbol, name, rank, series };
}

const COINS = [
  coin("bitcoin", "BTC", "Bitcoin", 1),
  coin("chainlink", "LINK", "Chainlink", 15),
  coin("link", "LN", "Link", 400),
  coin("linkeye", "LET", "Link Eye", null),
  coin("batcat", "BTC", "batcat", null),
  coin("same-rank-id", "TIE", "Tie A", null),
  coin("tie", "OTHER", "Other", null),
  coin("twin-a", "TWIN", "Twin A", null),
  coin("twin-b", "TWIN", "Twin B", null),
  coin("uniswap", "UNI", "Uniswap", 30),
  coin("uni", "UN2", "Uni Two", null),
];

const open: MarketUnderTest[] = [];

async function start(
  options: Partial<MarketUnderTestOptions> = {},
): Promise<{ market: MarketUnderTest; index: () => CoinIndex }> {
  const market = await startMarketUnderTest({ coins: COINS, plan: "analyst", ...options });
  open.push(market);
  return { market, index: () => market.market().coins };
}

afterEach(async () => {
  for (const market of open.splice(0)) await market.close();
});

const NOW = { priority: "interactive" } as const;

async function meant(index: CoinIndex, text: string): Promise<string> {
  const resolution = await index.resolve(text, NOW);
  return resolution.ok ? resolution.coin.coinId : resolution.reason;
}

describe("what a typed text means", () => {
  it.each([
    ["link", "chainlink"],
    ["LINK", "chainlink"],
    ["$link", "chainlink"],
    ["  Link   Eye ", "linkeye"],
    ["id:link", "link"],
    ["btc", "bitcoin"],
    ["uni", "uniswap"],
    ["id:uni", "uni"],
    ["tie", "tie"],
    ["twin", "ambiguous-coin"],
    ["twin-b", "twin-b"],
    ["nothing like it", "unknown-coin"],
    ["", "unknown-coin"],
    ["x".repeat(200), "unknown-coin"],
    ["\u0000\u202e", "unknown-coin"],
    ["../../x?y=", "unknown-coin"],
    ["a&ids=b", "unknown-coin"],
    ["%2e%2e", "unknown-coin"],
    ["<@123> **x**", "unknown-coin"],
  ])("%j is %s", async (text, expected) => {
    const { market, index } = await start();
    expect(await meant(index(), text)).toBe(expected);
    expect(market.fake.violations()).toEqual([]);
  });

  it("is exactly the suggested coin for every suggestion's value and short value", async () => {
    const { index } = await start();
    await index().largest(1_000, NOW);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...COINS),
        fc.constantFrom("coinId", "symbol", "name"),
        fc.integer({ min: 0, max: 9 }),
        async (of, part, length) => {
          for (const { coin: shown, value, shortValue } of index().suggest(
            of[part].slice(0, length),
            25,
          )) {
            expect(await meant(index(), value)).toBe(shown.coinId);
            expect(await meant(index(), shortValue)).toBe(shown.coinId);
            expect(shortValue.length).toBeLessThanOrEqual(value.length);
          }
        },
      ),
    );
  });

  it("is suggested with whole matches first, then by rank, and without a call", async () => {
    const { market, index } = await start();
    await index().largest(1_000, NOW);
    market.fake.forget();
    expect(
      index()
        .suggest("link", 25)
        .map(({ coin: { coinId } }) => coinId),
    ).toEqual(["chainlink", "link", "linkeye"]);
    expect(
      index()
        .suggest("UNI", 25)
        .map(({ value }) => value),
    ).toEqual(["uniswap", "id:uni"]);
    expect(
      index()
        .suggest("eye", 25)
        .map(({ value }) => value),
    ).toEqual(["linkeye"]);
    expect(
      index()
        .suggest("", 3)
        .map(({ value }) => value),
    ).toEqual(["bitcoin", "chainlink", "uniswap"]);
    expect(
      index()
        .suggest("", 3)
        .map(({ shortValue }) => shortValue),
    ).toEqual(["btc", "link", "uni"]);
    expect(market.fake.requests).toEqual([]);
  });

  it("is found by its hash, and by no other", async () => {
    const { index } = await start();
    expect((await index().byHash(coinHash("twin-a"), NOW))?.coinId).toBe("twin-a");
    expect(await index().byHash("AAAAAAAAAA", NOW)).toBeUndefined();
  });

  it("has namesakes by rank, and a top coin of its symbol", async () => {
    const { index } = await start();
    await index().largest(10, NOW);
    expect(
      index()
        .namesakes({ coinId: "bitcoin", symbol: "btc" })
        .map(({ coinId }) => coinId),
    ).toEqual(["batcat"]);
    expect(index().isTopOfItsSymbol({ coinId: "bitcoin", symbol: "BTC" })).toBe(true);
    expect(index().isTopOfItsSymbol({ coinId: "batcat", symbol: "BTC" })).toBe(false);
    expect(index().isTopOfItsSymbol({ coinId: "twin-a", symbol: "TWIN" })).toBe(false);
  });
});

describe("where the list comes from", () => {
  it("a miss calls /search once, and again only after ten minutes", async () => {
    const { market, index } = await start();
    const searches = () => market.fake.count({ path: "/search" });
    await Promise.all([
      meant(index(), "nosuch"),
      meant(index(), "NoSuch"),
      meant(index(), "nosuch"),
    ]);
    expect(await meant(index(), "nosuch")).toBe("unknown-coin");
    expect(searches()).toBe(1);
    market.setNow("2026-11-24T12:11:00Z");
    await meant(index(), "nosuch");
    expect(searches()).toBe(2);
  });

  it("offers a coin of the list once, though the search finds it too", async () => {
    const { market, index } = await start();
    await index().largest(1_000, NOW);
    const resolution = await index().resolve("inlink", NOW);
    expect(market.fake.count({ path: "/search" })).toBe(1);
    expect(resolution).toMatchObject({ ok: false, reason: "unknown-coin" });
    const offered = "suggestions" in resolution ? resolution.suggestions : [];
    const ids = offered.map(({ coinId }) => coinId);
    expect(ids).toContain("chainlink");
    expect(ids).toEqual([...new Set(ids)]);
  });

  it("a failed search with the list in hand is no missing list, and is not repeated at once", async () => {
    const { market, index } = await start();
    await index().largest(1_000, NOW);
    market.fake.fail("coingecko", { kind: "server-error" }, { path: "/search" });
    expect(await meant(index(), "nosuch")).toBe("unknown-coin");
    market.fake.forget();
    expect(await meant(index(), "nosuch")).toBe("unknown-coin");
    expect(await meant(index(), "bitcion")).toBe("bitcoin");
    expect(market.fake.requests).toEqual([]);
  });

  it("survives a restart, and is fetched again after a day in the background", async () => {
    const { market, index } = await start();
    await index().largest(1_000, NOW);
    await meant(index(), "bitcoin");
    await market.restart();
    market.fake.forget();
    expect(await meant(index(), "link")).toBe("chainlink");
    expect(market.fake.count({ path: "/coins/list" })).toBe(0);
    market.setNow("2026-11-25T13:00:00Z");
    expect(await meant(index(), "link")).toBe("chainlink");
    await market.fake.arrived({ path: "/coins/list" });
  });

  it("an old list is used while CoinGecko is down", async () => {
    const { market, index } = await start();
    await index().largest(1_000, NOW);
    market.fake.fail("coingecko", { kind: "server-error" });
    market.setNow("2026-12-24T12:00:00Z");
    expect(await meant(index(), "link")).toBe("chainlink");
  });

  it("a list that lacks most of the known coins adds its own, and takes none away", async () => {
    const { log, said } = createLogLines();
    const { market, index } = await start({ log });
    await index().largest(1_000, NOW);
    market.fake.setCoins([coin("new", "NEW", "New", null)]);
    market.setNow("2026-11-25T13:00:00Z");
    await index().refresh();
    await said(/list of coins is there/, 2);
    await market.restart();
    market.fake.fail("coingecko", { kind: "server-error" });
    expect(await meant(index(), "chainlink")).toBe("chainlink");
    expect(await meant(index(), "new")).toBe("new");
  });

  it("with no list at all the text is tried as an id at DefiLlama", async () => {
    const { market, index } = await start();
    market.fake.fail("coingecko", { kind: "reset" });
    const found = await index().resolve("Chainlink", NOW);
    expect(found).toMatchObject({
      ok: true,
      coin: { coinId: "chainlink", symbol: "LINK", name: "Chainlink", rank: null },
    });
    expect(await meant(index(), "https://www.coingecko.com/en/coins/uniswap")).toBe("uniswap");
    expect(await meant(index(), "btc")).toBe("prices-unavailable");
    expect(await meant(index(), "chainlink,coingecko:bitcoin")).toBe("prices-unavailable");
    expect(market.fake.violations()).toEqual([]);
  });
});

describe("the first answer in an empty folder", () => {
  const PAGE = { path: "/coins/markets" } as const;

  it.each(["interactive", "anonymous", "background"] as const)(
    "knows the rank of its coin (%s)",
    async (priority) => {
      const { index } = await start();
      expect(await index().resolve("chainlink", { priority })).toMatchObject({
        ok: true,
        coin: { rank: 15 },
      });
    },
  );

  it("costs one call for the first page, however many ask at once", async () => {
    const { market, index } = await start();
    await index().refresh();
    await Promise.all(["link", "btc", "Link Eye"].map((text) => index().resolve(text, NOW)));
    await index().largest(10, NOW);
    expect(
      market.fake.requests.filter(({ path, query }) => path === PAGE.path && query["page"] === "1"),
    ).toHaveLength(1);
  });

  it("does not wait for the list before it asks for the first page", async () => {
    const { market, index } = await start();
    let release = () => {};
    const until = new Promise<void>((resolve) => (release = resolve));
    market.fake.fail("coingecko", { kind: "held", until }, { path: "/coins/list" });
    const resolving = index().resolve("chainlink", NOW);
    await market.fake.arrived(PAGE);
    release();
    expect(await resolving).toMatchObject({ ok: true, coin: { rank: 15 } });
  });

  it("knows the rank of its coin when the list came only at the second attempt", async () => {
    const { market, index } = await start();
    market.fake.fail("coingecko", { kind: "not-in-plan" }, { path: "/coins/list" });
    expect(await meant(index(), "btc")).toBe("prices-unavailable");
    market.fake.heal();
    market.setNow("2026-11-24T12:01:00Z");
    expect(await index().resolve("btc", NOW)).toMatchObject({ ok: true, coin: { rank: 1 } });
  });

  it("comes without the rank when the page takes longer than a second; the page arrives later without a second call", async () => {
    const { market, index } = await start();
    let release = () => {};
    market.fake.fail(
      "coingecko",
      { kind: "held", until: new Promise<void>((resolve) => (release = resolve)) },
      { ...PAGE, times: 1 },
    );
    const beganAtMs = performance.now();
    expect(await index().resolve("chainlink", NOW)).toMatchObject({
      ok: true,
      coin: { coinId: "chainlink", rank: null },
    });
    expect(performance.now() - beganAtMs).toBeLessThan(4_000);
    release();
    await expect
      .poll(async () => (await index().largest(15, NOW)).map(({ coinId }) => coinId))
      .toContain("chainlink");
    expect(
      market.fake.requests.filter(({ path, query }) => path === PAGE.path && query["page"] === "1"),
    ).toHaveLength(1);
  });

  it("is the only one that waits for a page that never comes", async () => {
    const { market, index } = await start();
    market.fake.fail("coingecko", { kind: "hang" }, PAGE);
    expect(await index().resolve("chainlink", NOW)).toMatchObject({
      ok: true,
      coin: { rank: null },
    });
    const beganAtMs = performance.now();
    for (const text of ["link eye", "batcat", "twin-a", "twin-b", "uniswap", "same-rank-id"]) {
      expect(await index().resolve(text, NOW)).toMatchObject({ ok: true });
    }
    expect(performance.now() - beganAtMs).toBeLessThan(5_000);
  });
});

describe("a list of many thousands", () => {
  it("is cached in parts, and is complete after a restart", async () => {
    const many = Array.from({ length: 9_001 }, (_, at) =>
      coin(`many-${at}`, `M${at}`, `Many ${at}`, at < 300 ? at + 1 : null),
    );
    const { market, index } = await start({ coins: many });
    await index().largest(300, NOW);
    await market.restart();
    market.fake.forget();
    expect(await meant(index(), "Many 9000")).toBe("many-9000");
    expect(await index().resolve("m250", NOW)).toMatchObject({
      ok: true,
      coin: { coinId: "many-250", rank: 251 },
    });
    expect(index().size()).toBe(9_001);
    expect(market.fake.count({ path: "/coins/list" })).toBe(0);
  });

  it("is sorted after a restart only for what needs that", async () => {
    const suggested = (index: CoinIndex) => index.suggest("linke", 1).map(({ value }) => value);
    const { market, index } = await start();
    await index().largest(1_000, NOW);
    await market.restart();
    expect(await meant(index(), "link")).toBe("chainlink");
    expect(suggested(index())).toEqual([]);
    expect(await meant(index(), "chainlnik")).toBe("chainlink");
    expect(suggested(index())).toEqual(["linkeye"]);
    await market.restart();
    await index().refresh();
    expect(suggested(index())).toEqual(["linkeye"]);
    await market.restart();
    expect(await index().largest(2, NOW)).toHaveLength(2);
  });

  it("is taken in once, though a person asks while it is being fetched in the background", async () => {
    const { log, matching } = createLogLines();
    const { market, index } = await start({ log });
    let release = () => {};
    const until = new Promise<void>((resolve) => (release = resolve));
    market.fake.fail("coingecko", { kind: "held", until }, { path: "/coins/list" });
    await index().refresh();
    const resolving = index().resolve("chainlink", NOW);
    await market.fake.arrived({ path: "/coins/list" }, 2);
    release();
    expect(await resolving).toMatchObject({ ok: true });
    await index().largest(1_000, NOW);
    expect(matching(/list of coins is there/)).toHaveLength(1);
  });

  it("that cannot be read from the cache is fetched again", async () => {
    const askedAtMs = Date.parse("2026-11-24T11:00:00Z");
    const { market, index } = await start();
    const scope = cacheOf(market.cache(), market.config.coingeckoBaseUrl ?? "");
    const list = { askedAtMs, pages: 4, parts: 1, more: [] };
    await scope.set("coin-list", list, 90 * 86_400_000);
    await scope.set("coin-list:0", { askedAtMs, coins: [["old", "OLD", 7]] }, 90 * 86_400_000);
    expect(await meant(index(), "link")).toBe("chainlink");
  });

  it("that an older version cached in one piece is fetched again", async () => {
    const { market, index } = await start();
    const old = {
      askedAtMs: Date.parse("2026-11-24T11:00:00Z"),
      pages: 4,
      coins: [["old", "OLD", "Old"]],
      ranked: [],
    };
    const scope = cacheOf(market.cache(), market.config.coingeckoBaseUrl ?? "");
    for (const key of ["coin-index", "coin-list"]) await scope.set(key, old, 90 * 86_400_000);
    expect(await meant(index(), "link")).toBe("chainlink");
    expect(await meant(index(), "old")).toBe("unknown-coin");
  });
});
