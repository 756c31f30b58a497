import { afterEach, describe, expect, it } from "vitest";
import { createKraken } from "../../../src/prices/sources/kraken.ts";
import { silentLog } from "../../../src/process/log.ts";
import { type FakeMarket, startFakeMarket } from "../../support/fake-market/fake-market.ts";
import { EAGER, UNLIMITED } from "../../support/quick-timing.ts";

const AT = new Date("2026-11-24T12:00:00Z");
const ASK = { priority: "interactive" } as const;
const COIN = { coinId: "coin", symbol: "COIN" };
const WEEK_SECONDS = 7 * 86_400;
const THURSDAY_SECONDS = Date.parse("2026-11-19") / 1_000;

/** Ten weeks up to the present one, with closes from 1 to 10 USD. */
const CANDLES = Array.from({ length: 10 }, (_, week) => [
  THURSDAY_SECONDS + (week - 9) * WEEK_SECONDS,
  ...["1", "1", "1", String(week + 1), "1", "1", 1],
]);

const open: FakeMarket[] = [];

afterEach(async () => {
  for (const fake of open.splice(0)) await fake.close();
});

async function askedOf(candles: readonly unknown[]) {
  const fake = await startFakeMarket({ coins: [], now: () => AT });
  open.push(fake);
  const body = JSON.stringify({ error: [], result: { COINUSD: candles, last: 0 } });
  fake.fail("kraken", { kind: "answer", status: 200, body });
  const kraken = createKraken({
    baseUrl: fake.urls.kraken,
    log: silentLog,
    now: () => AT,
    budget: UNLIMITED,
    timing: EAGER,
  });
  return {
    closes: await kraken.closes(COIN, { from: "listing", to: "2026-11-23" }, ASK),
    quote: await kraken.quote(COIN, ASK),
  };
}

describe("Kraken's candles", () => {
  it.each([
    ["from the newest to the oldest", [...CANDLES].reverse()],
    ["each of them twice", [...CANDLES, ...CANDLES]],
  ])("say the same %s", async (_title, candles) => {
    const asked = await askedOf(candles);
    expect(asked).toEqual(await askedOf(CANDLES));
    expect(asked).toMatchObject({
      closes: { firstOn: "2026-09-17" },
      quote: { ok: true, priceUsd: 10 },
    });
  });

  it("give no current price where the newest has none", async () => {
    const [newest = []] = CANDLES.slice(-1);
    const { quote } = await askedOf([...CANDLES.slice(0, -1), newest.with(4, "soon")]);
    expect(quote).toMatchObject({ ok: false, reason: "unknown-coin" });
  });
});
