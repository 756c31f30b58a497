import { afterEach, describe, expect, it } from "vitest";
import type { RatesResult } from "../../../src/prices/price-source.ts";
import { createFrankfurter } from "../../../src/prices/sources/frankfurter.ts";
import { silentLog } from "../../../src/process/log.ts";
import { checkMarketRequest } from "../../contract/market-spec.ts";
import {
  type FakeMarket,
  refusedUrl,
  startFakeMarket,
} from "../../support/fake-market/fake-market.ts";
import type { Fault } from "../../support/fake-market/fault.ts";
import { EAGER, UNLIMITED } from "../../support/quick-timing.ts";

const NOW = { priority: "interactive" } as const;
/** A Sunday: the newest rates are Friday's. */
const AT = new Date("2026-11-22T12:00:00Z");
const PER_USD = { EUR: 0.86, JPY: 159, VND: 26_300, XOF: 564 };

const open: FakeMarket[] = [];

afterEach(async () => {
  for (const fake of open.splice(0)) await fake.close();
});

async function start(perUsd: Readonly<Record<string, number>> = PER_USD) {
  const fake = await startFakeMarket({ coins: [], now: () => AT, frankfurterPerUsd: perUsd });
  open.push(fake);
  const frankfurter = createFrankfurter({
    baseUrl: fake.urls.frankfurter,
    log: silentLog,
    now: () => AT,
    budget: UNLIMITED,
    timing: EAGER,
  });
  return { fake, rates: () => frankfurter.rates(NOW) };
}

async function answerTo(fault: Fault): Promise<RatesResult> {
  const { fake, rates } = await start();
  fake.fail("frankfurter", fault);
  return rates();
}

const row = (quote: string, rate: unknown, date = "2026-11-20") => ({
  date,
  base: "USD",
  quote,
  rate,
});
const saying = (body: unknown) =>
  answerTo({ kind: "answer", status: 200, body: JSON.stringify(body) });

describe("Frankfurter's rates", () => {
  it("come from one documented call, on a Sunday Friday's", async () => {
    const { fake, rates } = await start();
    expect(await rates()).toEqual({ ok: true, perUsd: { USD: 1, ...PER_USD } });
    expect(fake.requests.map(({ url }) => url)).toEqual(["/frankfurter/v2/rates?base=USD"]);
    expect(fake.requests.flatMap(checkMarketRequest)).toEqual([]);
  });

  it("come from v1 on a self-hosted server without v2", async () => {
    const { fake, rates } = await start();
    fake.fail(
      "frankfurter",
      { kind: "answer", status: 404, body: JSON.stringify({ message: "not found" }) },
      { path: "/v2/rates" },
    );
    expect(await rates()).toEqual({ ok: true, perUsd: { USD: 1, ...PER_USD } });
    expect(fake.violations()).toEqual([]);
  });

  it("are read row by row, and rows that are not this week's money are left out", async () => {
    const told = await saying([
      ...[
        row("EUR", 0.86),
        row("JPY", "159"),
        row("SEK", 9.3),
        row("KES", 129, "2026-11-23"),
        row("GBP", 0.75),
      ],
      ...[
        row("PLN", null),
        row("CZK", 0),
        row("INR", "ninety"),
        row("CHF", 0.8, "not a day"),
        { quote: "NOK" },
      ],
      ...[row("HRK", 6.9, "2022-12-31"), row("XAU", 0.0003), row("BTC", 0.00001), row("eur", 3)],
    ]);
    expect(told).toEqual({
      ok: true,
      perUsd: { USD: 1, EUR: 0.86, JPY: 159, SEK: 9.3, KES: 129, GBP: 0.75 },
    });
  });

  it("are not believed when more than half cannot be read, or none is of this week", async () => {
    expect(await saying([row("EUR", 0.86), row("PLN", null), row("CZK", 0)])).toMatchObject({
      ok: false,
      reason: "bad-answer",
    });
    expect(await saying([row("EUR", 0.86, "2026-11-01")])).toMatchObject({
      ok: false,
      reason: "bad-answer",
    });
    for (const body of [[], {}, null, 7, { rates: { EUR: 1 } }])
      expect(await saying(body)).toMatchObject({ reason: "bad-answer" });
  });

  it("with another base are not believed", async () => {
    const euros = [{ date: "2026-11-20", base: "EUR", quote: "PLN", rate: 4.2 }];
    expect(await saying(euros)).toMatchObject({ ok: false, reason: "bad-answer" });
  });

  it.each([
    [{ kind: "server-error" }, "unreachable"],
    [{ kind: "rate-limited" }, "rate-limited"],
    [{ kind: "html" }, "bad-answer"],
    [{ kind: "cut-json" }, "bad-answer"],
    [{ kind: "wrong-types" }, "bad-answer"],
    [{ kind: "reset" }, "unreachable"],
    [
      { kind: "answer", status: 422, body: '{"status":422,"message":"invalid base"}' },
      "bad-answer",
    ],
  ] as const)("%o is a failure with a reason", async (fault, reason) => {
    expect(await answerTo(fault)).toMatchObject({ ok: false, reason });
  });

  it("are not read beyond 256 kB", async () => {
    const long = [...Array.from({ length: 5_000 }, () => row("EUR", 0.86))];
    expect(await saying(long)).toMatchObject({ ok: false, reason: "bad-answer" });
  });

  it.each(["hang", "drip"] as const)(
    "of a host that answers nothing (%s) are given up within three seconds",
    async (kind) => {
      const began = performance.now();
      expect(await answerTo({ kind })).toMatchObject({ ok: false, reason: "unreachable" });
      expect(performance.now() - began).toBeLessThan(3_000);
    },
  );

  it("of a host that refuses connections are given up at once", async () => {
    const frankfurter = createFrankfurter({
      baseUrl: await refusedUrl(),
      log: silentLog,
      now: () => AT,
    });
    const began = performance.now();
    expect(await frankfurter.rates(NOW)).toMatchObject({ ok: false, reason: "unreachable" });
    expect(performance.now() - began).toBeLessThan(2_500);
  });
});
