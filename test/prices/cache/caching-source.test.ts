import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createCachingSource } from "../../../src/prices/cache/caching-source.ts";
import { type FetchCache, openFetchCache } from "../../../src/prices/cache/fetch-cache.ts";
import {
  createWaveProgress,
  type OnWaveProgress,
} from "../../../src/prices/cache/wave-progress.ts";
import type {
  Ask,
  ClosesResult,
  DayRange,
  PriceSource,
  SourceFailure,
} from "../../../src/prices/price-source.ts";
import { publishedThrough } from "../../../src/prices/publication-schedule.ts";
import { silentLog } from "../../../src/process/log.ts";
import { addDays, daysBetween, utcDay } from "../../../src/valuation/calendar.ts";
import type { DailyClose } from "../../../src/valuation/price-record.ts";
import { createLogLines } from "../../support/log-lines.ts";

const ASK: Ask = { priority: "interactive" };
const COIN = { coinId: "coin", symbol: "COIN" };
const DOWN: SourceFailure = { ok: false, reason: "unreachable", detail: "down" };
const UNKNOWN: SourceFailure = { ok: false, reason: "unknown-coin", detail: "nobody knows it" };

let at: Date;
let dataDir: string;
let cache: FetchCache;

const now = () => at;

beforeEach(async () => {
  at = new Date("2026-11-24T12:00:00Z");
  dataDir = await mkdtemp(join(tmpdir(), "lambo-test-"));
  cache = await openFetchCache({ dataDir, log: silentLog, now });
});

afterEach(async () => {
  await cache.close();
  await rm(dataDir, { recursive: true, force: true });
});

function yesterday(): string {
  return addDays(utcDay(at), -1);
}

const ALL = (): DayRange => ({ from: "listing", to: yesterday() });

/** What an archive of a test is like. */
type ArchiveSettings = {
  firstOn?: string;
  stepDays?: 1 | 7;
  reachDays?: number;
  waveWaitsMs?: number;
  fetchesWhole?: boolean;
  onWaveProgress?: OnWaveProgress;
};

/**
 * A provider of whole histories that the test changes at will, with a record of what it was asked.
 */
function archive(settings: ArchiveSettings = {}) {
  const provider = {
    firstOn: settings.firstOn ?? "2024-01-01",
    /** Units in which it tells its prices. */
    unit: 1,
    missing: (_on: string): boolean => false,
    failure: undefined as SourceFailure | undefined,
    quoteUsd: 1,
    asked: [] as DayRange[],
    quotes: 0,
    /** What the next questions wait for. */
    held: Promise.resolve() as Promise<unknown>,
  };
  const { stepDays = 1, reachDays = null, waveWaitsMs = 30_000, fetchesWhole = false } = settings;
  const source: PriceSource = {
    id: "defillama",
    name: "Archive",
    url: "https://archive.example",
    stepDays,
    reachDays,
    fetchesWhole,
    async closes(_coin, range, _ask): Promise<ClosesResult> {
      provider.asked.push(range);
      await provider.held;
      if (provider.failure !== undefined) return provider.failure;
      const today = utcDay(at);
      const start = range.from === "listing" ? provider.firstOn : range.from;
      const reached =
        reachDays === null ? start : [start, addDays(today, 1 - reachDays)].sort().at(-1);
      const points: DailyClose[] = [];
      for (let on = reached ?? start; on <= range.to && on < today; on = addDays(on, stepDays)) {
        if (!provider.missing(on))
          points.push({ on, priceUsd: (1 + daysBetween("2020-01-01", on)) * provider.unit });
      }
      const firstOn = range.from === "listing" && reachDays === null ? provider.firstOn : null;
      return { ok: true, points, firstOn, askedAt: at.toISOString(), stale: false };
    },
    async quote() {
      provider.quotes += 1;
      return provider.failure ?? { ok: true, priceUsd: provider.quoteUsd };
    },
  };
  return {
    provider,
    cached: createCachingSource({ ...settings, source, cache, now, waveWaitsMs }),
  };
}

async function pointsOf(cached: PriceSource, range = ALL()): Promise<readonly DailyClose[]> {
  const closes = await cached.closes(COIN, range, ASK);
  if (!closes.ok) throw new Error(closes.detail);
  return closes.points;
}

describe("closes of finished days", () => {
  it("are fetched once, and then come from the cache unchanged", async () => {
    const { provider, cached } = archive();
    const first = await cached.closes(COIN, ALL(), ASK);
    expect(await cached.closes(COIN, ALL(), ASK)).toEqual(first);
    expect(provider.asked).toHaveLength(1);
  });

  it("stay cached: tomorrow fetches the days since, and a few more to compare the unit", async () => {
    const { provider, cached } = archive();
    const before = await pointsOf(cached);
    at = new Date("2026-11-25T12:00:00Z");
    const after = await pointsOf(cached);
    expect(provider.asked[1]).toEqual({ from: "2026-11-10", to: "2026-11-24" });
    expect(after.slice(0, -1)).toEqual(before);
    expect(after.at(-1)?.on).toBe("2026-11-24");
  });

  it("that a source corrects within two weeks are corrected", async () => {
    const { provider, cached } = archive();
    provider.missing = (on) => on === "2026-11-20";
    expect((await pointsOf(cached)).some(({ on }) => on === "2026-11-20")).toBe(false);
    provider.missing = () => false;
    at = new Date("2026-11-25T12:00:00Z");
    expect((await pointsOf(cached)).some(({ on }) => on === "2026-11-20")).toBe(true);
  });

  it("have no gap after a year without questions", async () => {
    const { provider, cached } = archive();
    await pointsOf(cached);
    at = new Date("2027-11-24T12:00:00Z");
    const points = await pointsOf(cached);
    expect(provider.asked).toHaveLength(2);
    expect(points).toHaveLength(daysBetween("2024-01-01", "2027-11-23") + 1);
  });

  it("on a plan with a limit are not joined across a gap that was never fetched", async () => {
    const { cached } = archive({ reachDays: 365 });
    await pointsOf(cached);
    at = new Date("2027-12-10T12:00:00Z");
    const points = await pointsOf(cached);
    expect(points[0]?.on).toBe("2026-12-11");
    expect(points).toHaveLength(364);
  });

  it("before a real gap still belong to the history", async () => {
    const { provider, cached } = archive();
    await pointsOf(cached);
    provider.missing = (on) => on > "2026-11-01" && on < "2027-01-20";
    at = new Date("2027-02-01T12:00:00Z");
    const points = await pointsOf(cached);
    expect(points[0]?.on).toBe("2024-01-01");
    expect(points.at(-1)?.on).toBe("2027-01-31");
  });

  it.each([
    [
      "a year, which may be a chart that came empty, are fetched again the next day",
      "2025-06-01",
      0,
    ],
    ["some months are left as they are", "2025-05-31", 364],
  ])("around a gap of %s", async (_title, gapTo, missing) => {
    const { provider, cached } = archive();
    provider.missing = (on) => on > "2024-06-01" && on <= gapTo;
    await pointsOf(cached);
    provider.missing = () => false;
    at = new Date("2026-11-25T12:00:00Z");
    expect(await pointsOf(cached)).toHaveLength(daysBetween("2024-01-01", "2026-11-25") - missing);
    expect(provider.asked.at(-1)?.from === "listing").toBe(missing === 0);
  });

  it("in a new unit replace all cached ones", async () => {
    const { provider, cached } = archive();
    await pointsOf(cached);
    provider.unit = 1_000;
    at = new Date("2026-11-25T12:00:00Z");
    const points = await pointsOf(cached);
    expect(points[0]).toEqual({ on: "2024-01-01", priceUsd: 1_462_000 });
    expect(points.every(({ priceUsd }) => priceUsd >= 1_000_000)).toBe(true);
  });

  it("that are not published yet are fetched when they are, within ten minutes of jitter", async () => {
    const { provider, cached } = archive();
    provider.missing = (on) => on === "2026-11-24";
    at = new Date("2026-11-25T00:05:00Z");
    await pointsOf(cached);
    provider.missing = () => false;
    at = new Date("2026-11-25T00:30:00Z");
    expect((await pointsOf(cached)).at(-1)?.on).toBe("2026-11-24");
  });

  it("are published from 00:20 UTC on, each coin at its own minute", () => {
    const coins = Array.from({ length: 200 }, (_, index) => `coin-${index}`);
    const known = (clock: string) =>
      coins.filter(
        (coinId) => publishedThrough(new Date(`2026-11-25T${clock}Z`), coinId) === "2026-11-24",
      ).length;
    expect(known("00:19:59")).toBe(0);
    expect(known("00:25:00")).toBeGreaterThan(50);
    expect(known("00:25:00")).toBeLessThan(150);
    expect(known("00:30:00")).toBe(200);
  });

  it("ignore the cache when fresh ones are wanted", async () => {
    const { provider, cached } = archive();
    await pointsOf(cached);
    await cached.closes(COIN, ALL(), { ...ASK, fresh: true });
    expect(provider.asked).toEqual([ALL(), ALL()]);
  });
});

describe("the first days of a listing", () => {
  it("are fetched again once a day while they are young", async () => {
    const { provider, cached } = archive({ firstOn: "2026-11-01" });
    await pointsOf(cached);
    await pointsOf(cached);
    at = new Date("2026-11-25T12:00:00Z");
    await pointsOf(cached);
    expect(provider.asked).toEqual([
      { from: "listing", to: "2026-11-23" },
      { from: "listing", to: "2026-11-24" },
    ]);
  });

  it.each([
    ["34 days old are young", "2026-10-21", "listing"],
    ["35 days old are settled", "2026-10-20", "2026-11-10"],
  ])("%s", async (_title, firstOn, expected) => {
    const { provider, cached } = archive({ firstOn });
    await pointsOf(cached);
    at = new Date("2026-11-25T12:00:00Z");
    await pointsOf(cached);
    expect(provider.asked[1]?.from).toBe(expected);
  });

  it("with hardly a price are never settled, however old", async () => {
    const { provider, cached } = archive();
    provider.missing = (on) => on > "2024-01-03" && on < "2024-02-01";
    await pointsOf(cached);
    provider.missing = () => false;
    at = new Date("2026-11-25T12:00:00Z");
    const points = await pointsOf(cached);
    expect(provider.asked[1]?.from).toBe("listing");
    expect(points.slice(0, 28).at(-1)?.on).toBe("2024-01-28");
  });
});

describe("closes of an exchange", () => {
  it("are cached for a day at most, even when somebody asks every few hours", async () => {
    const { provider, cached } = archive({ stepDays: 7 });
    await pointsOf(cached);
    for (let hour = 0; hour < 60; hour += 6) {
      at = new Date(Date.parse("2026-11-24T12:00:00Z") + hour * 3_600_000);
      await pointsOf(cached);
    }
    expect(provider.asked.length).toBeGreaterThanOrEqual(3);
    expect(provider.asked.every(({ from }) => from === "listing")).toBe(true);
  });
});

describe("unknown coins", () => {
  it("are asked for again after ten minutes, not before", async () => {
    const { provider, cached } = archive();
    provider.failure = UNKNOWN;
    expect(await cached.closes(COIN, ALL(), ASK)).toEqual(UNKNOWN);
    at = new Date("2026-11-24T12:09:59Z");
    expect(await cached.closes(COIN, ALL(), ASK)).toEqual(UNKNOWN);
    expect(provider.asked).toHaveLength(1);
    provider.failure = undefined;
    at = new Date("2026-11-24T12:10:01Z");
    expect(await cached.closes(COIN, ALL(), ASK)).toMatchObject({ ok: true });
  });

  it("that were known yesterday are not fetched with every question either", async () => {
    const { provider, cached } = archive();
    await pointsOf(cached);
    at = new Date("2026-11-25T12:00:00Z");
    provider.failure = UNKNOWN;
    for (let question = 0; question < 3; question += 1)
      expect(await cached.closes(COIN, ALL(), ASK)).toEqual(UNKNOWN);
    expect(provider.asked).toHaveLength(2);
  });
});

describe("quotes", () => {
  it("live for a minute", async () => {
    const { provider, cached } = archive();
    await cached.quote(COIN, ASK);
    provider.quoteUsd = 2;
    at = new Date("2026-11-24T12:00:59Z");
    expect(await cached.quote(COIN, ASK)).toEqual({ ok: true, priceUsd: 1 });
    at = new Date("2026-11-24T12:01:01Z");
    expect(await cached.quote(COIN, ASK)).toEqual({ ok: true, priceUsd: 2 });
  });

  it("that fail are not cached", async () => {
    const { provider, cached } = archive();
    provider.failure = DOWN;
    expect(await cached.quote(COIN, ASK)).toEqual(DOWN);
    provider.failure = undefined;
    expect(await cached.quote(COIN, ASK)).toMatchObject({ ok: true });
  });
});

describe("a source that is down", () => {
  it("leaves cached closes, marked stale, with the time they were fetched at", async () => {
    const { provider, cached } = archive();
    const before = await cached.closes(COIN, ALL(), ASK);
    at = new Date("2026-11-26T12:00:00Z");
    provider.failure = DOWN;
    expect(await cached.closes(COIN, ALL(), ASK)).toEqual({ ...before, stale: true });
    provider.failure = undefined;
    expect(await cached.closes(COIN, ALL(), ASK)).toMatchObject({
      stale: false,
      askedAt: at.toISOString(),
    });
  });

  it("is a failure that is not cached where no closes are", async () => {
    const { provider, cached } = archive();
    provider.failure = DOWN;
    expect(await cached.closes(COIN, ALL(), ASK)).toEqual(DOWN);
    provider.failure = undefined;
    expect(await cached.closes(COIN, ALL(), ASK)).toMatchObject({ ok: true });
  });
});

describe("identical questions in flight", () => {
  it("are fetched once", async () => {
    const { provider, cached } = archive();
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => cached.closes(COIN, ALL(), ASK)),
    );
    await Promise.all(Array.from({ length: 100 }, () => cached.quote(COIN, ASK)));
    expect(provider.asked).toHaveLength(1);
    expect(provider.quotes).toBe(1);
    expect(new Set(answers).size).toBe(1);
  });

  it("for different coins are not mixed up", async () => {
    const { provider, cached } = archive();
    await Promise.all([
      cached.closes(COIN, ALL(), ASK),
      cached.closes({ coinId: "other", symbol: "COIN" }, ALL(), ASK),
    ]);
    expect(provider.asked).toHaveLength(2);
  });
});

describe("a clock that is wrong", () => {
  it("and comes back from next year has its rows fetched anew", async () => {
    const { provider, cached } = archive();
    at = new Date("2027-11-24T12:00:00Z");
    await pointsOf(cached);
    await cached.quote(COIN, ASK);
    at = new Date("2026-11-24T12:00:00Z");
    provider.quoteUsd = 2;
    const points = await pointsOf(cached);
    expect(points.at(-1)?.on).toBe("2026-11-23");
    expect(provider.asked).toHaveLength(2);
    expect(await cached.quote(COIN, ASK)).toEqual({ ok: true, priceUsd: 2 });
  });

  it("and jumps a year ahead and back never shows an unfinished day", async () => {
    const { cached } = archive();
    const before = await pointsOf(cached);
    at = new Date("2027-11-24T12:00:00Z");
    await pointsOf(cached);
    at = new Date("2026-11-24T12:00:01Z");
    expect(await pointsOf(cached)).toEqual(before);
  });
});

describe("rows that do not fit", () => {
  const ROW = {
    format: 2,
    from: "2026-11-23",
    pricesUsd: [1],
    firstOn: "2026-11-23",
    coveredTo: "2026-11-23",
    askedAt: "2026-11-24T12:00:00.000Z",
    wholeAt: "2026-11-24T12:00:00.000Z",
    recheckedAt: null,
  };

  it.each([
    ["of an older schema", { points: [["2026-11-23", 1]], askedAt: "2026-11-24T12:00:00.000Z" }],
    ["of an older format", { ...ROW, format: undefined }],
    ["with a price that is no number", { ...ROW, pricesUsd: ["1"] }],
    ["with a negative price", { ...ROW, pricesUsd: [-1] }],
    ["with a price that nothing costs", { ...ROW, pricesUsd: [1e15] }],
    ["with a day that is no day", { ...ROW, from: "2026-02-30", firstOn: null }],
    [
      "with days of before any market",
      { ...ROW, from: "2008-12-31", firstOn: "2008-12-31", pricesUsd: [] },
    ],
    [
      "with closes of before the coin's first record",
      { ...ROW, from: "2026-11-22", pricesUsd: [1, 1] },
    ],
    ["with closes of days that had not been asked for", { ...ROW, pricesUsd: [1, 2] }],
    ["that claim days to come", { ...ROW, coveredTo: "2026-11-25" }],
    ["that are text", "prices"],
  ])("%s are discarded and fetched again", async (_title, row) => {
    const { provider, cached } = archive();
    await cache.set("closes:defillama:coin", row, 1e9);
    expect((await pointsOf(cached))[0]?.on).toBe("2024-01-01");
    expect(provider.asked).toHaveLength(1);
    await pointsOf(cached);
    expect(provider.asked).toHaveLength(1);
  });

  it("that fit are used: yesterday's row covers what it covers", async () => {
    const { provider, cached } = archive();
    await cache.set("closes:defillama:coin", ROW, 1e9);
    expect(await pointsOf(cached)).toEqual([{ on: "2026-11-23", priceUsd: 1 }]);
    expect(provider.asked).toHaveLength(0);
  });
});

describe("newly fetched closes", () => {
  it("of the whole record replace all cached ones, even those before its first day", async () => {
    const { provider, cached } = archive();
    await pointsOf(cached);
    provider.firstOn = "2024-03-01";
    for (let day = 0; day < 61; day += 1) {
      at = new Date(Date.parse("2026-11-24T12:00:00Z") + day * 86_400_000);
      await pointsOf(cached);
    }
    expect((await pointsOf(cached))[0]?.on).toBe("2024-03-01");
    expect(provider.asked.filter(({ from }) => from === "listing")).toHaveLength(2);
  });

  it("of days in doubt replace those days only, and do not make the newest day fresher", async () => {
    const { provider, cached } = archive();
    const before = await pointsOf(cached);
    provider.unit = 3;
    provider.missing = (on) => on === "2025-05-05";
    const doubt = { from: "2025-05-04", to: "2025-05-06" };
    await cached.recheck(COIN, doubt, ASK);
    const after = await pointsOf(cached);
    expect(provider.asked).toEqual([ALL(), doubt]);
    const changed = after.filter(
      ({ on, priceUsd }) => before.find((close) => close.on === on)?.priceUsd !== priceUsd,
    );
    expect(changed.map(({ on }) => on)).toEqual(["2025-05-04", "2025-05-06"]);
    expect(after).toHaveLength(before.length - 1);
  });

  it("of a source that always gives the whole record replace all earlier ones", async () => {
    const { provider, cached } = archive({ fetchesWhole: true });
    await pointsOf(cached);
    at = new Date("2026-11-25T12:00:00Z");
    provider.missing = (on) => on < "2026-01-01";
    expect((await pointsOf(cached))[0]?.on).toBe("2026-01-01");
    expect(provider.asked.every(({ from }) => from === "listing")).toBe(true);
  });
});

describe("closes of many coins that are fetched ahead", () => {
  const BACKGROUND: Ask = { priority: "background" };
  const coins = ["one", "two", "three"].map((coinId) => ({ coinId, symbol: coinId.toUpperCase() }));

  function holding(): { until: Promise<void>; release: () => void } {
    let release = () => {};
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    return { until, release };
  }

  it("then come from the cache, and each coin is reported ready once", async () => {
    const { provider, cached } = archive();
    const ready: string[] = [];
    await cached.prepare(coins, yesterday(), BACKGROUND, ({ coinId }) => ready.push(coinId));
    expect(ready.sort()).toEqual(["one", "three", "two"]);
    for (const coin of coins) expect((await cached.closes(coin, ALL(), BACKGROUND)).ok).toBe(true);
    await cached.prepare(coins, yesterday(), BACKGROUND, ({ coinId }) => ready.push(coinId));
    expect(provider.asked).toHaveLength(3);
    expect(ready).toHaveLength(6);
  });

  it("show in log and metrics how far they are, however many questions wait for them", async () => {
    const { log, lines } = createLogLines();
    const awaited: number[] = [];
    const onWaveProgress = createWaveProgress({
      ...{ source: "Archive", log, now },
      metrics: { closesAwaited: (_source, coins) => awaited.push(coins) },
    });
    const { provider, cached } = archive({ onWaveProgress });
    const many = Array.from({ length: 60 }, (_, index) => ({ coinId: `c${index}`, symbol: "C" }));
    const { until, release } = holding();
    provider.held = until;
    const wave = cached.prepare(many, yesterday(), BACKGROUND);
    await expect.poll(() => provider.asked.length).toBeGreaterThan(0);
    at = new Date(at.getTime() + 20_000);
    release();
    await wave;
    expect(awaited).toEqual(Array.from({ length: 61 }, (_, done) => 60 - done));
    expect(lines.map(({ message, fields }) => [message, fields["left"]])).toEqual([
      ["Closes are being fetched", 60],
      ["Closes are being fetched", 59],
      ["All closes are there", 0],
    ]);
    await cached.prepare(many, yesterday(), BACKGROUND);
    expect(lines).toHaveLength(3);
  });

  it("that nobody can give are not awaited any more", async () => {
    const awaited: number[] = [];
    const { provider, cached } = archive({ onWaveProgress: (left) => awaited.push(left) });
    let fail = (_error: Error) => {};
    provider.held = new Promise((_resolve, reject) => {
      fail = reject;
    });
    const wave = cached.prepare(coins, yesterday(), BACKGROUND);
    await expect.poll(() => provider.asked.length).toBe(3);
    fail(new Error("a mistake of ours"));
    await expect(wave).rejects.toThrow("a mistake");
    expect(awaited).toEqual([3, 0]);
  });

  it("are fetched as a whole where a part does not continue the cached ones", async () => {
    const { provider, cached } = archive();
    await cached.prepare(coins, yesterday(), BACKGROUND);
    provider.unit = 1_000;
    at = new Date("2026-11-25T12:00:00Z");
    await cached.prepare(coins, yesterday(), BACKGROUND);
    expect(provider.asked).toHaveLength(9);
    const closes = await cached.closes(coins[0] ?? COIN, ALL(), BACKGROUND);
    expect(closes.ok && closes.points.every(({ priceUsd }) => priceUsd >= 1_000_000)).toBe(true);
  });

  it("keep no person waiting, and a digest only for so long", async () => {
    const { provider, cached } = archive({ waveWaitsMs: 20 });
    const { until, release } = holding();
    provider.held = until;
    const wave = cached.prepare([COIN], yesterday(), BACKGROUND);
    await expect.poll(() => provider.asked.length).toBe(1);
    provider.held = Promise.resolve();
    expect((await cached.closes(COIN, ALL(), ASK)).ok).toBe(true);
    expect((await cached.closes({ ...COIN, symbol: "other question" }, ALL(), BACKGROUND)).ok).toBe(
      true,
    );
    release();
    await wave;
    expect(provider.asked).toHaveLength(2);
  });

  it("leave cached ones unchanged when they fail", async () => {
    const { provider, cached } = archive();
    await cached.prepare(coins, yesterday(), BACKGROUND);
    at = new Date("2026-11-25T12:00:00Z");
    provider.failure = DOWN;
    const ready: string[] = [];
    await cached.prepare(coins, yesterday(), BACKGROUND, ({ coinId }) => ready.push(coinId));
    expect(ready).toHaveLength(3);
    const closes = await cached.closes(coins[0] ?? COIN, ALL(), BACKGROUND);
    expect(closes).toMatchObject({ ok: true, stale: true });
  });
});
