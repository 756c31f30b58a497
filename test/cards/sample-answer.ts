import type { Coin } from "../../src/prices/coins/coin.ts";
import type { LamboAnswer } from "../../src/questions/answer.ts";
import type { RateGap } from "../../src/questions/purchase.ts";
import { addDays } from "../../src/valuation/calendar.ts";
import { type ShownCurrency, US_DOLLARS } from "../../src/valuation/currency.ts";
import { AVERAGE_LAMBO, type Car } from "../../src/valuation/lambo-models.ts";
import type { Flag, HistorySource, PriceHistory } from "../../src/valuation/price-record.ts";
import { value } from "../../src/valuation/valuation.ts";

/** The instant at which the sample answers are given. */
export const NOW = new Date("2026-11-01T12:00:00Z");

export const DOGECOIN: Coin = {
  coinId: "dogecoin",
  name: "Dogecoin",
  symbol: "DOGE",
  rank: 9,
  imageUrl: "https://coin-images.coingecko.com/coins/images/5/large/dogecoin.png",
};

export const COINGECKO: HistorySource = {
  name: "CoinGecko",
  url: "https://www.coingecko.com",
  from: "2025-11-01",
  to: "2026-10-31",
};
export const DEFILLAMA: HistorySource = {
  name: "DefiLlama",
  url: "https://defillama.com",
  from: "2024-01-01",
  to: "2025-10-31",
};

/** Of a server on euros, with no own car price, while there is no rate of them. */
export const WITHOUT_EUROS: RateGap = {
  codes: ["EUR"],
  serverCurrency: "EUR",
  isStakeUsual: true,
  isCarUsual: false,
};

export type Sample = {
  readonly coin?: Coin;
  readonly namesakes?: readonly Coin[];
  readonly car?: Car;
  /** In the currency shown. */
  readonly stake?: number;
  readonly currency?: ShownCurrency;
  readonly rateGap?: RateGap;
  /** Price in USD on each of the days before today, oldest first. */
  readonly prices?: readonly number[];
  readonly lastOn?: string;
  readonly flags?: readonly Flag[];
  readonly sources?: readonly HistorySource[];
  readonly asOf?: string;
} & Pick<PriceHistory, "listingCloses" | "oddCloses" | "erratic" | "openingTradedUsd">;

/** 120 days: bought at `openingUsd` in the first 28, sold at `closingUsd` in the rest. */
export function prices(openingUsd: number, closingUsd: number): readonly number[] {
  return Array.from({ length: 120 }, (_, day) => (day < 28 ? openingUsd : closingUsd));
}

/** An answer valued by the real arithmetic from a small invented history. */
export function answerOf(sample: Sample = {}): LamboAnswer {
  const coin = sample.coin ?? DOGECOIN;
  const { car = AVERAGE_LAMBO, stake = 1000, currency = US_DOLLARS } = sample;
  const carPriceUsd = "ownPrice" in car ? car.ownPrice / currency.perUsd : car.priceUsd;
  const closes = sample.prices ?? prices(0.0004, 0.1604);
  const lastOn = sample.lastOn ?? "2026-10-31";
  const history: PriceHistory = {
    coinId: coin.coinId,
    points: closes.map((priceUsd, day) => ({
      on: addDays(lastOn, day + 1 - closes.length),
      priceUsd,
    })),
    firstRecordedOn: addDays(lastOn, 1 - closes.length),
    sources: sample.sources ?? [DEFILLAMA, COINGECKO],
    asOf: sample.asOf ?? "2026-11-01T11:58:00.000Z",
    flags: sample.flags ?? [],
    ...(sample.listingCloses === undefined ? {} : { listingCloses: sample.listingCloses }),
    ...(sample.oddCloses === undefined ? {} : { oddCloses: sample.oddCloses }),
    ...(sample.erratic === undefined ? {} : { erratic: sample.erratic }),
    ...(sample.openingTradedUsd === undefined ? {} : { openingTradedUsd: sample.openingTradedUsd }),
  };
  const outcome = value(history, {
    stakeUsd: stake / currency.perUsd,
    carPriceUsd,
    todayOn: "2026-11-01",
  });
  if (!outcome.ok) throw new Error(`the sample cannot be valued: ${outcome.reason}`);
  const asked = {
    stake,
    currency: currency.code,
    car,
    ...(sample.rateGap !== undefined && { rateGap: sample.rateGap }),
  };
  return {
    coin,
    namesakes: sample.namesakes ?? [],
    asked,
    currency,
    history,
    valuation: outcome.valuation,
  };
}
