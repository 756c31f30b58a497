import fc from "fast-check";
import { describe, expect, inject, it } from "vitest";
import { readBody, scanJson, unpackCoins } from "../../../src/prices/sources/response-body.ts";
import { createResponseParser } from "../../../src/prices/sources/response-parser.ts";
import { compiledProgram } from "../../support/build.ts";

// The thread that reads large bodies runs compiled code.
await compiledProgram(inject("runFolder"));

const MEGABYTE = 1024 * 1024;
const bytesOf = (text: string) => new TextEncoder().encode(text);
const never = new AbortController().signal;

const listOf = (count: number) =>
  JSON.stringify(
    Array.from({ length: count }, (_, at) => ({
      id: `some-coin-${at}`,
      symbol: `s${at}`,
      name: `Some Coin ${at}`,
    })),
  );

/** Thirteen years of days in CoinGecko's three lists. */
const longChart = () => {
  const points = Array.from({ length: 4_750 }, (_, day) => [
    Date.UTC(2013, 3, 28) + day * 86_400_000,
    135.3 + day / 7,
  ]);
  return JSON.stringify({ prices: points, market_caps: points, total_volumes: points });
};

describe("the scan", () => {
  it.each([
    ["17,000 coins", () => listOf(17_000), 16 * MEGABYTE],
    ["100,001 coins", () => listOf(100_001), 16 * MEGABYTE],
    ["thirteen years of days", longChart, 2 * MEGABYTE],
    ["a long text", () => JSON.stringify("[{,".repeat(100_000)), MEGABYTE],
    [
      "text that ends in escapes",
      () => JSON.stringify(['\\"', "\\\\", '"[[[[[[[[[[[[[[[[']),
      MEGABYTE,
    ],
    ["twelve levels", () => "[".repeat(12) + "]".repeat(12), MEGABYTE],
  ])("lets %s pass", (_title, text, maxBytes) => {
    expect(scanJson(bytesOf(text()), maxBytes)).toBeUndefined();
  });

  it.each([
    ["thirteen levels", () => "[".repeat(13) + "]".repeat(13), /deep/],
    ["a megabyte of nesting", () => "[".repeat(MEGABYTE), /deep/],
    ["a megabyte of empty lists", () => `[${"[],".repeat(MEGABYTE / 3)}[]]`, /brackets|commas/],
    ["a megabyte of empty objects", () => `[${"{},".repeat(MEGABYTE / 3)}{}]`, /brackets|commas/],
    ["a megabyte of digits", () => `[${"1,".repeat(MEGABYTE / 2)}1]`, /commas/],
    ["brackets without commas", () => "[]".repeat(MEGABYTE / 2), /brackets/],
    ["a text without end, and then nesting", () => `"\\\\"${"[".repeat(100)}`, /deep/],
  ])("refuses %s", (_title, text, why) => {
    expect(scanJson(bytesOf(text()), MEGABYTE)).toMatch(why);
  });

  it("counts what is in quotes as text, as JSON.parse does", () => {
    const depthOf = (value: unknown): number =>
      typeof value === "object" && value !== null
        ? 1 + Math.max(0, ...Object.values(value).map(depthOf))
        : 0;
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 15, noUnicodeString: false }), (value) => {
        const isRefused = scanJson(bytesOf(JSON.stringify(value)), MEGABYTE) !== undefined;
        expect(isRefused).toBe(depthOf(value) > 12);
      }),
    );
  });

  it("scans any body of 16 MB in well under a second", () => {
    for (const text of ['"', "\\", "[", ",", "a", '\\"', '"\\"', '"a"']) {
      const bytes = bytesOf(text.repeat((16 * MEGABYTE) / text.length));
      const begunAtMs = performance.now();
      scanJson(bytes, 16 * MEGABYTE);
      expect(performance.now() - begunAtMs).toBeLessThan(2_000);
    }
  });
});

describe("a body that is read", () => {
  it("is what JSON.parse makes of it", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4, noUnicodeString: false }), (value) => {
        const text = JSON.stringify(value);
        expect(readBody(bytesOf(text), { maxBytes: MEGABYTE })).toEqual({
          ok: true,
          body: JSON.parse(text),
        });
      }),
    );
  });

  it.each(["", "<!doctype html>", '{"a":', "undefined"])("%j is no JSON", (text) => {
    expect(readBody(bytesOf(text), { maxBytes: MEGABYTE })).toEqual({
      ok: false,
      why: "the body is not JSON",
    });
  });

  it("as a list of coins comes packed, and unpacks to the coins", () => {
    const text = JSON.stringify([
      { id: "a", symbol: "a", name: "A\nB" },
      { id: null },
      { id: "b", symbol: null },
      { id: "c" },
    ]);
    const outcome = readBody(bytesOf(text), { maxBytes: MEGABYTE, read: "coin-list" });
    expect(outcome).toMatchObject({
      ok: true,
      coins: { drops: { stamp: 0, price: 0, shape: 1 }, isMostlyBad: false },
    });
    expect(outcome.ok && outcome.coins?.parts.flatMap(unpackCoins)).toEqual([
      { coinId: "a", symbol: "A", name: "A B", rank: null },
      { coinId: "b", symbol: "", name: "b", rank: null },
      { coinId: "c", symbol: "", name: "c", rank: null },
    ]);
  });

  it("is passed on as it is when it was to be a list of coins and is none", () => {
    const limits = { maxBytes: MEGABYTE, read: "coin-list" } as const;
    expect(readBody(bytesOf('{"parts":["a"]}'), limits)).toEqual({
      ok: true,
      body: { parts: ["a"] },
    });
  });

  it("is refused when it was to be a list of coins and is a large object, which must not pass between threads", () => {
    const limits = { maxBytes: MEGABYTE, read: "coin-list" } as const;
    const text = JSON.stringify({ error: "long".repeat(20_000) });
    expect(readBody(bytesOf(text), limits)).toEqual({
      ok: false,
      why: "the body is not a list of coins",
    });
  });

  it("of 100,001 coins keeps the first 100,000", () => {
    const outcome = readBody(bytesOf(listOf(100_001)), {
      maxBytes: 16 * MEGABYTE,
      read: "coin-list",
    });
    const coins = outcome.ok ? (outcome.coins?.parts.flatMap(unpackCoins) ?? []) : [];
    expect([coins.length, coins.at(-1)?.coinId]).toEqual([100_000, "some-coin-99999"]);
  });
});

describe("a large body", () => {
  it("is read in another thread exactly as in this one, one after the other", async () => {
    const parse = createResponseParser();
    const limits = { maxBytes: 2 * MEGABYTE };
    const texts = [listOf(15_000), longChart().padEnd(700_000), `"${"long".repeat(200_000)}"`];
    const outcomes = await Promise.all(texts.map((text) => parse(bytesOf(text), limits, never)));
    expect(outcomes).toEqual(texts.map((text) => ({ ok: true, body: JSON.parse(text) })));
  });

  it("that is refused, or is not JSON, is reported as such, and the next one is read", async () => {
    const parse = createResponseParser();
    const limits = { maxBytes: 2 * MEGABYTE };
    const cut = listOf(15_000).slice(0, -1);
    expect(await parse(bytesOf("[".repeat(MEGABYTE)), limits, never)).toEqual({
      ok: false,
      why: "the body is nested too deep",
    });
    expect(await parse(bytesOf(cut), limits, never)).toEqual({
      ok: false,
      why: "the body is not JSON",
    });
    expect(await parse(bytesOf(`${cut}]`), limits, never)).toMatchObject({ ok: true });
  });

  it("that is no longer waited for is dropped", async () => {
    const parse = createResponseParser();
    const givingUp = new AbortController();
    const read = parse(bytesOf(listOf(15_000)), { maxBytes: 2 * MEGABYTE }, givingUp.signal);
    givingUp.abort();
    expect(await read).toEqual({ ok: false, why: "nobody waits for the body any more" });
    expect(await parse(bytesOf(listOf(15_000)), { maxBytes: 2 * MEGABYTE }, never)).toMatchObject({
      ok: true,
    });
  });

  it("that takes more memory than a thread may have is a failure, and the next one is read", async () => {
    const parse = createResponseParser({ maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 });
    const outcome = await parse(bytesOf(listOf(100_000)), { maxBytes: 16 * MEGABYTE }, never);
    expect(outcome).toMatchObject({ ok: false, why: expect.stringMatching(/memory|ended/) });
    expect(
      await parse(bytesOf(`"${"long".repeat(200_000)}"`), { maxBytes: MEGABYTE }, never),
    ).toMatchObject({ ok: true });
  });
});
