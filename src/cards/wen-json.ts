import type { WenAnswer } from "../questions/wen.ts";
import type { DailyClose } from "../valuation/price-record.ts";
import { type AnswerJson, answerJson } from "./answer-json.ts";

/**
 * The price that one coin would have to be worth as one JSON object, as `--json` prints it: amounts
 * in USD, days in UTC. Scripts rely on its keys.
 */
export type WenJson = Pick<
  AnswerJson,
  | "coinId"
  | "name"
  | "symbol"
  | "takenFor"
  | "firstRecordedOn"
  | "openingPriceUsd"
  | "stakeUsd"
  | "ambiguousAmount"
  | "carPriceUsd"
  | "flags"
  | "oddCloses"
  | "sources"
  | "asOf"
> & {
  readonly neededPriceUsd: number;
  /** The newest close that counts. */
  readonly latest: DailyClose;
  /** Needed price / latest close: 15 is fifteen times. */
  readonly timesLatest: number;
  readonly isThere: boolean;
  /** The last day that closed there; null when none is on record. */
  readonly lastThereOn: string | null;
  /** Whether the record has every day since the listing, so that null means never. */
  readonly isRecordWhole: boolean;
  /** The highest close after the weeks of buying, and its share of the needed price. */
  readonly closest: (DailyClose & { readonly share: number }) | null;
};

/** The answer as {@link WenJson}. */
export function wenJson(answer: WenAnswer): WenJson {
  const { needed, valuation } = answer;
  const { coinId, name, symbol, takenFor, firstRecordedOn, openingPriceUsd, ...rest } =
    answerJson(answer);
  const { stakeUsd, ambiguousAmount, carPriceUsd, flags, oddCloses, sources, asOf } = rest;
  return {
    coinId,
    name,
    symbol,
    takenFor,
    firstRecordedOn,
    openingPriceUsd,
    stakeUsd,
    ambiguousAmount,
    carPriceUsd,
    neededPriceUsd: needed.priceUsd,
    latest: needed.latest,
    timesLatest: needed.timesLatest,
    isThere: needed.isThere,
    lastThereOn: needed.lastThereOn,
    isRecordWhole: !valuation.flags.some(
      (flag) => flag === "exchange-listing-only" || flag === "partial-history",
    ),
    closest: needed.closest,
    flags,
    oddCloses,
    sources,
    asOf,
  };
}
