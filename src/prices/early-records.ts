import type { DailyClose } from "../valuation/valuation.ts";
export type EarlyRecord = {
  readonly name: string;
  readonly url: string;
  readonly points: readonly DailyClose[];
  readonly openingTradedUsd: number | null;
};
