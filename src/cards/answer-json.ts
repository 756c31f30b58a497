import type { LamboAnswer } from "../questions/answer.ts";
import type { DailyClose, Flag, HistorySource } from "../valuation/price-record.ts";
import type { LamboDay } from "../valuation/valuation.ts";

/**
 * An answer as one JSON object, as `--json` prints it: amounts in USD, days in UTC. Scripts rely on
 * its keys.
 */
export type AnswerJson = {
  readonly coinId: string;
  readonly name: string;
  readonly symbol: string;
  /** What was typed, when it was no name of the coin, and what else it may mean; else null. */
  readonly takenFor: { readonly typed: string; readonly otherCoinIds: readonly string[] } | null;
  readonly firstRecordedOn: string;
  /** UTC day from which the coin was bought, over 28 days: the listing if none was asked for. */
  readonly boughtOn: string;
  /** The day asked for, where the coin had no price yet on it; else null. */
  readonly boughtAskedOn: string | null;
  /** How the day was read, if it could have meant another; else null. */
  readonly ambiguousBought: {
    readonly typed: string;
    readonly on: string;
    readonly alternativeOn: string;
  } | null;
  readonly openingPriceUsd: number;
  readonly closingPriceUsd: number;
  readonly stakeUsd: number;
  /** How the amount was read, if it could have meant another; else null. */
  readonly ambiguousAmount: {
    readonly typed: string;
    readonly amount: number;
    readonly currency: string;
    readonly alternative: number;
  } | null;
  readonly coins: number;
  readonly proceedsUsd: number;
  readonly profitUsd: number;
  readonly growthFactor: number;
  readonly carPriceUsd: number;
  readonly lambos: number;
  readonly verdict: "yes" | "no";
  readonly bestDay: LamboDay;
  readonly peak: LamboDay;
  readonly firstLamboOn: string | null;
  readonly stakeForOneLamboUsd: number | null;
  readonly flags: readonly Flag[];
  /** Recorded closes that nothing above includes (flag `odd-price`), ascending; usually empty. */
  readonly oddCloses: readonly DailyClose[];
  readonly sources: readonly HistorySource[];
  /** When the newest price was fetched, ISO 8601 in UTC. */
  readonly asOf: string;
};

/** The answer as {@link AnswerJson}. */
export function answerJson(answer: LamboAnswer): AnswerJson {
  const { asked, bought, coin, guess, history, valuation } = answer;
  const day = bought?.asked.by === "day" ? bought.asked : undefined;
  const { stake: amount, currency, ambiguousStake } = asked;
  return {
    coinId: coin.coinId,
    name: coin.name,
    symbol: coin.symbol,
    takenFor:
      guess === undefined
        ? null
        : { typed: guess.typed, otherCoinIds: guess.others.map(({ coinId }) => coinId) },
    firstRecordedOn: valuation.firstRecordedOn,
    boughtOn: valuation.opening.from,
    boughtAskedOn: bought !== undefined && bought.askedOn < bought.on ? bought.askedOn : null,
    ambiguousBought: day?.ambiguousDay === undefined ? null : { ...day.ambiguousDay, on: day.on },
    openingPriceUsd: valuation.opening.meanUsd,
    closingPriceUsd: valuation.closing.meanUsd,
    stakeUsd: valuation.stakeUsd,
    ambiguousAmount: ambiguousStake === undefined ? null : { ...ambiguousStake, amount, currency },
    coins: valuation.coins,
    proceedsUsd: valuation.proceedsUsd,
    profitUsd: valuation.profitUsd,
    growthFactor: valuation.growthFactor,
    carPriceUsd: valuation.carPriceUsd,
    lambos: valuation.lambos,
    verdict: valuation.verdict,
    bestDay: valuation.bestDay,
    peak: valuation.peak,
    firstLamboOn: valuation.firstLamboDay?.on ?? null,
    stakeForOneLamboUsd: valuation.stakeForOneLamboUsd,
    flags: valuation.flags,
    oddCloses: (history.oddCloses ?? []).map(({ on, priceUsd }) => ({ on, priceUsd })),
    sources: history.sources,
    asOf: history.asOf,
  };
}
