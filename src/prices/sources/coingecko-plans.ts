/**
 * CoinGecko's plans, as https://www.coingecko.com/en/api/pricing names them (checked 2026-11-01).
 */
export const COINGECKO_PLANS = [
  "keyless",
  "demo",
  "basic",
  "analyst",
  "lite",
  "enterprise",
] as const;

/** One of {@link COINGECKO_PLANS}. */
export type CoinGeckoPlan = (typeof COINGECKO_PLANS)[number];

/** What one plan allows, and where its calls go. */
export type PlanTerms = {
  readonly baseUrl: string;
  /** Header that carries the key; null without a key. */
  readonly keyHeader: string | null;
  /** Days back that prices can be asked for; null reaches the first record. */
  readonly reachDays: number | null;
  readonly callsPerMinute: number;
};

const PUBLIC_URL = "https://api.coingecko.com/api/v3";

const PRO_URL = "https://pro-api.coingecko.com/api/v3";

/**
 * The terms of each plan (https://docs.coingecko.com/docs/common-errors-rate-limit and the plans
 * page, checked 2026-11-01; enterprise is by contract).
 */
export const PLAN_TERMS: Readonly<Record<CoinGeckoPlan, PlanTerms>> = {
  keyless: { baseUrl: PUBLIC_URL, keyHeader: null, reachDays: 365, callsPerMinute: 5 },
  demo: { baseUrl: PUBLIC_URL, keyHeader: "x-cg-demo-api-key", reachDays: 365, callsPerMinute: 30 },
  basic: { baseUrl: PRO_URL, keyHeader: "x-cg-pro-api-key", reachDays: 730, callsPerMinute: 250 },
  analyst: {
    baseUrl: PRO_URL,
    keyHeader: "x-cg-pro-api-key",
    reachDays: null,
    callsPerMinute: 500,
  },
  lite: { baseUrl: PRO_URL, keyHeader: "x-cg-pro-api-key", reachDays: null, callsPerMinute: 500 },
  enterprise: {
    baseUrl: PRO_URL,
    keyHeader: "x-cg-pro-api-key",
    reachDays: null,
    callsPerMinute: 1_000,
  },
};
