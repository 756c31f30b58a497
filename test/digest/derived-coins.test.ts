import { describe, expect, it } from "vitest";
import { follows, isNamedAsDerived, isPegged } from "../../src/digest/derived-coins.ts";
import type { DailyClose } from "../../src/valuation/price-record.ts";
import { syntheticSeries } from "../support/price-series.ts";

/** Four weeks of closes. */
function closes(startUsd: number, wobble: number, seed = 1, dailyGrowth = 0): DailyClose[] {
  return syntheticSeries({
    firstOn: "2026-10-27",
    lastOn: "2026-11-23",
    startUsd,
    wobble,
    seed,
    dailyGrowth,
  }).flatMap(({ on, priceUsd }) => (priceUsd === null ? [] : [{ on, priceUsd }]));
}

function times(days: readonly DailyClose[], factors: readonly DailyClose[]): DailyClose[] {
  return days.map(({ on, priceUsd }, day) => ({
    on,
    priceUsd: priceUsd * (factors[day]?.priceUsd ?? 1),
  }));
}

describe("a coin that calls itself a claim on something else", () => {
  it.each([
    ["Tether", "USDT"],
    ["Ethena USDe", "USDE"],
    ["EURC", "EURC"],
    ["Binance Bridged USDT (BNB Smart Chain)", "BSC-USD"],
    ["Wrapped Bitcoin", "WBTC"],
    ["Coinbase Wrapped BTC", "CBBTC"],
    ["Bitcoin BEP2", "BTCB"],
    ["Lido Staked Ether", "STETH"],
    ["Wrapped eETH", "WEETH"],
    ["Rocket Pool ETH", "RETH"],
    ["Kelp DAO Restaked ETH", "RSETH"],
    ["Jito Staked SOL", "JITOSOL"],
    ["Binance-Peg WETH", "WETH"],
    ["Solv Protocol BTC", "SOLVBTC"],
  ])("%s (%s) is not looked at", (name, symbol) => {
    expect(isNamedAsDerived({ name, symbol })).toBe(true);
  });

  it.each([
    ["Bitcoin", "BTC"],
    ["Ethereum", "ETH"],
    ["BNB", "BNB"],
    ["Solana", "SOL"],
    ["XRP", "XRP"],
    ["TRON", "TRX"],
    ["Bitcoin Cash", "BCH"],
    ["Ethereum Classic", "ETC"],
    ["Ethena", "ENA"],
    ["Lido DAO", "LDO"],
    ["Vaulta", "A"],
    ["LEO Token", "LEO"],
    ["Avalanche", "AVAX"],
    ["Hyperliquid", "HYPE"],
    ["World Liberty Financial", "WLFI"],
    ["Shiba Inu", "SHIB"],
  ])("%s (%s) is not one", (name, symbol) => {
    expect(isNamedAsDerived({ name, symbol })).toBe(false);
  });
});

describe("a coin that is pegged, whatever it is called", () => {
  const euro = [{ perUsd: 0.86 }];

  it("stands still in dollars, at any level, also when it grows by its interest", () => {
    expect(isPegged(closes(1, 0.0008), [])).toBe(true);
    expect(isPegged(closes(110, 0.0008), [])).toBe(true);
    expect(isPegged(closes(1.06, 0.0004, 2, 0.00012), [])).toBe(true);
  });

  it("stands still in another currency, near one of it", () => {
    expect(isPegged(closes(1 / 0.86, 0.004), euro)).toBe(true);
    expect(isPegged(closes(1 / 0.86, 0.004), [])).toBe(false);
    expect(isPegged(closes(1.4, 0.004), euro)).toBe(false);
  });

  it("is no calm coin, and none with too few prices to tell", () => {
    expect(isPegged(closes(9, 0.008), euro)).toBe(false);
    expect(isPegged(closes(1 / 0.86, 0.03), euro)).toBe(false);
    expect(isPegged(closes(1, 0).slice(0, 10), [])).toBe(false);
  });
});

describe("a coin that follows another one", () => {
  const ether = closes(3_000, 0.04, 7);

  it("keeps its ratio to it, but for yield and the minutes between stamps", () => {
    expect(follows(times(ether, closes(1, 0.002, 8)), ether)).toBe(true);
    expect(follows(times(ether, closes(1.1, 0.001, 9, 0.0002)), ether)).toBe(true);
  });

  it("is no other coin, however calm both are, and none of other days", () => {
    expect(follows(closes(3_000, 0.04, 10), ether)).toBe(false);
    expect(follows(closes(9, 0.004, 11), closes(5, 0.004, 12))).toBe(false);
    expect(follows(times(ether, closes(1, 0.002, 8)), ether.slice(0, 10))).toBe(false);
  });
});
