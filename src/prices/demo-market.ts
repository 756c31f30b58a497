import { addDays, daysBetween, utcDay } from "../valuation/calendar.ts";
import type { DailyClose } from "../valuation/price-record.ts";
import type { CoinListSource } from "./coin-list-source.ts";
import type { Coin } from "./coins/coin.ts";
import { currenciesOf } from "./currencies.ts";
import type { ExchangeRates } from "./exchange-rates.ts";
import type { PriceSource } from "./price-source.ts";

const SOURCE_NAME = "Demo market, invented prices";

type DemoCoin = Omit<Coin, "rank" | "imageUrl"> & {
  /**
   * Round, well-known price levels in USD by UTC day; everything between and after them is
   * invented.
   */
  readonly landmarks: readonly (readonly [on: string, priceUsd: number])[];
};

/**
 * Ten coins, largest first. The levels are rounded from encyclopedias and newspapers; none of them
 * is a quote.
 */
const DEMO_COINS: readonly DemoCoin[] = [
  {
    coinId: "bitcoin",
    symbol: "BTC",
    name: "Bitcoin",
    landmarks: [
      ["2013-04-28", 135],
      ["2013-11-30", 1_100],
      ["2015-01-14", 180],
      ["2017-12-17", 19_000],
      ["2018-12-15", 3_200],
      ["2021-11-10", 67_000],
      ["2022-11-21", 16_000],
      ["2024-03-14", 73_000],
      ["2025-10-06", 124_000],
    ],
  },
  {
    coinId: "ethereum",
    symbol: "ETH",
    name: "Ethereum",
    landmarks: [
      ["2015-08-07", 2.8],
      ["2015-10-21", 0.44],
      ["2018-01-13", 1_400],
      ["2018-12-15", 84],
      ["2021-11-10", 4_800],
      ["2022-06-18", 1_000],
      ["2025-08-24", 4_900],
    ],
  },
  {
    coinId: "ripple",
    symbol: "XRP",
    name: "XRP",
    landmarks: [
      ["2013-08-04", 0.0059],
      ["2018-01-07", 3.4],
      ["2020-03-16", 0.14],
      ["2021-04-14", 1.8],
      ["2024-07-07", 0.42],
      ["2025-07-18", 3.6],
    ],
  },
  {
    coinId: "tether",
    symbol: "USDT",
    name: "Tether",
    landmarks: [
      ["2015-02-25", 1],
      ["2018-07-24", 1.01],
      ["2022-05-12", 0.99],
      ["2025-01-01", 1],
    ],
  },
  {
    coinId: "solana",
    symbol: "SOL",
    name: "Solana",
    landmarks: [
      ["2020-04-11", 0.78],
      ["2020-05-11", 0.55],
      ["2021-11-06", 258],
      ["2022-12-29", 9],
      ["2025-01-19", 290],
    ],
  },
  {
    coinId: "dogecoin",
    symbol: "DOGE",
    name: "Dogecoin",
    landmarks: [
      ["2013-12-15", 0.00056],
      ["2015-05-06", 0.000087],
      ["2018-01-07", 0.017],
      ["2020-03-13", 0.0014],
      ["2021-05-08", 0.73],
      ["2022-06-18", 0.05],
      ["2024-12-08", 0.47],
      ["2025-06-22", 0.15],
    ],
  },
  {
    coinId: "cardano",
    symbol: "ADA",
    name: "Cardano",
    landmarks: [
      ["2017-10-18", 0.027],
      ["2018-01-04", 1.15],
      ["2020-03-13", 0.02],
      ["2021-09-02", 3.1],
      ["2023-06-10", 0.24],
      ["2024-12-03", 1.3],
    ],
  },
  {
    coinId: "chainlink",
    symbol: "LINK",
    name: "Chainlink",
    landmarks: [
      ["2017-11-09", 0.19],
      ["2018-06-29", 0.16],
      ["2019-06-29", 4.3],
      ["2021-05-10", 52],
      ["2023-06-10", 5.1],
      ["2024-12-13", 30],
    ],
  },
  {
    coinId: "litecoin",
    symbol: "LTC",
    name: "Litecoin",
    landmarks: [
      ["2013-04-28", 4.3],
      ["2013-11-28", 49],
      ["2015-01-14", 1.2],
      ["2017-12-19", 360],
      ["2018-12-14", 23],
      ["2021-05-10", 410],
      ["2022-06-18", 42],
      ["2024-12-05", 145],
    ],
  },
  {
    coinId: "terra-luna",
    symbol: "LUNC",
    name: "Terra Luna Classic",
    landmarks: [
      ["2019-05-08", 3.3],
      ["2020-03-18", 0.12],
      ["2022-04-05", 119],
      ["2022-05-08", 64],
      ["2022-05-13", 0.000_02],
      ["2022-09-08", 0.000_55],
      ["2024-12-03", 0.000_17],
    ],
  },
];

/** Round, invented rates: enough for trying out another currency. */
const DEMO_PER_USD: Readonly<Record<string, number>> = {
  USD: 1,
  EUR: 0.9,
  GBP: 0.8,
  JPY: 150,
  CHF: 0.85,
  INR: 90,
  BRL: 5.5,
};

/**
 * The demo market: a price source, a directory of about ten coins and a few exchange rates, with no
 * network. Its flag `demo` makes every card say so.
 */
export function createDemoSources(now: () => Date): {
  source: PriceSource;
  directory: CoinListSource;
  rates: ExchangeRates;
} {
  const coins: readonly Coin[] = DEMO_COINS.map(({ coinId, symbol, name }, index) => ({
    coinId,
    symbol,
    name,
    rank: index + 1,
  }));

  const source: PriceSource = {
    id: "demo",
    name: SOURCE_NAME,
    url: "about:demo",
    stepDays: 1,
    reachDays: null,
    fetchesWhole: true,
    async closes({ coinId }) {
      const demoCoin = DEMO_COINS.find((coin) => coin.coinId === coinId);
      if (demoCoin === undefined)
        return { ok: false, reason: "unknown-coin", detail: "the demo market has ten coins only" };
      const at = now();
      const points = inventedCloses(demoCoin, addDays(utcDay(at), -1));
      return {
        ok: true,
        points,
        firstOn: points[0]?.on ?? null,
        askedAt: at.toISOString(),
        stale: false,
      };
    },
    async quote(coin, ask) {
      const closes = await source.closes(coin, { from: "listing", to: utcDay(now()) }, ask);
      const last = closes.ok ? closes.points.at(-1) : undefined;
      return last === undefined
        ? { ok: false, reason: "unknown-coin", detail: "the demo market has ten coins only" }
        : { ok: true, priceUsd: last.priceUsd };
    },
  };

  const directory: CoinListSource = {
    list: async () => ({ ok: true, coins }),
    top: async (page) => ({ ok: true, coins: page === 1 ? coins : [] }),
    search: async () => ({ ok: true, coins: [] }),
  };

  const currencies = currenciesOf(Object.keys(DEMO_PER_USD));
  const rates: ExchangeRates = {
    perUsd: async (code) => (Object.hasOwn(DEMO_PER_USD, code) ? DEMO_PER_USD[code] : undefined),
    missedAt: async () => undefined,
    currencies: () => currencies,
    refresh: async () => undefined,
  };

  return { source, directory, rates };
}

/**
 * Straight lines between the landmarks on a log scale, with a deterministic wobble; after the last
 * landmark its level continues.
 */
function inventedCloses({ coinId, landmarks }: DemoCoin, lastOn: string): DailyClose[] {
  const firstOn = landmarks[0]?.[0] ?? lastOn;
  const isPegged = landmarks.every(([, priceUsd]) => Math.abs(priceUsd - 1) < 0.05);
  const closes: DailyClose[] = [];
  let leg = 0;
  const phase = [...coinId].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0);
  for (let day = 0; day <= daysBetween(firstOn, lastOn); day += 1) {
    const on = addDays(firstOn, day);
    while (leg + 1 < landmarks.length && (landmarks[leg + 1]?.[0] ?? "") <= on) leg += 1;
    const [fromOn, fromUsd] = landmarks[leg] ?? [on, 1];
    const [toOn, toUsd] = landmarks[leg + 1] ?? [addDays(fromOn, 1), fromUsd];
    const part = Math.min(1, daysBetween(fromOn, on) / daysBetween(fromOn, toOn));
    const level = Math.exp(Math.log(fromUsd) + (Math.log(toUsd) - Math.log(fromUsd)) * part);
    // Three waves of different lengths look like a market without being random. Landmarks keep
    // their price.
    const wobble =
      Math.sin((day + phase) / 3) * 0.03 +
      Math.sin((day + phase) / 17) * 0.06 +
      Math.sin((day + phase) / 71) * 0.09;
    const calm = isPegged ? 0.005 : part === 0 ? 0 : 1;
    closes.push({ on, priceUsd: level * Math.exp(wobble * calm) });
  }
  return closes;
}
