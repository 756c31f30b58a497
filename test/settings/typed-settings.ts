import type { CoinIndex } from "../../src/prices/coins/coin-index.ts";
import { currenciesOf } from "../../src/prices/currencies.ts";
import type { ExchangeRates } from "../../src/prices/exchange-rates.ts";

/** How providers are asked here. */
export const ASK = { priority: "interactive" } as const;
/** The instant at which settings are checked here. */
export const NOW = new Date("2026-11-24T12:00:00Z");
/** What one US dollar is worth. */
export const PER_USD: Readonly<Record<string, number>> = {
  USD: 1,
  EUR: 0.86,
  JPY: 159,
  IDR: 17_800,
  KWD: 0.31,
  CHF: 0.8,
};

/** Those rates and no other. */
export const rates: ExchangeRates = {
  perUsd: async (code) => (Object.hasOwn(PER_USD, code) ? PER_USD[code] : undefined),
  currencies: () => currenciesOf(Object.keys(PER_USD)),
  refresh: async () => undefined,
  missedAt: async () => undefined,
};

const COIN = { symbol: "", name: "", rank: 1 };
/** Knows the coins a to z, by id, by symbol and as `id:`. */
export const coins = {
  known: (text) => (/^[a-z]$/i.test(text) ? { ...COIN, coinId: text.toLowerCase() } : undefined),
  largest: async () => [],
  byHash: async () => undefined,
  async resolve(text: string) {
    const coinId = text.toLowerCase().replace(/^id:/, "");
    return /^[a-z]$/.test(coinId)
      ? {
          ok: true,
          coin: { coinId, symbol: coinId.toUpperCase(), name: `Coin ${coinId}`, rank: 1 },
        }
      : { ok: false, reason: "unknown-coin", suggestions: [] };
  },
} as Pick<CoinIndex, "resolve" | "known" | "largest" | "byHash"> as CoinIndex;

/** `/config set` without an option. */
export const nothing = {
  currency: undefined,
  amount: undefined,
  carKey: undefined,
  carPrice: undefined,
  replies: undefined,
  language: undefined,
};
/** `/config digest` without an option. */
export const noDigest = {
  channelId: undefined,
  time: undefined,
  zone: undefined,
  every: undefined,
  riddle: undefined,
  coins: undefined,
  add: undefined,
  remove: undefined,
  roleId: undefined,
  noRole: undefined,
  enabled: undefined,
};

/** A directory that knows no server. */
export const noDirectory = {
  channel: async () => ({ ok: false, reason: "unknown" }) as const,
  role: async () => ({ ok: false, reason: "unknown" }) as const,
  missingPermissions: async () => ({ ok: false, reason: "unknown" }) as const,
  adminContacts: async () => ({ systemChannelId: null, ownerId: null }),
};
