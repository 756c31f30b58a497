import { type Change, changeInWords } from "../messages/change.ts";
import { formatDay, formatDayOfWeek, formatMoney } from "../messages/format.ts";
import { semicolonList } from "../messages/lists.ts";
import { say } from "../messages/say.ts";
import { lambosInWords } from "../messages/wording.ts";
import type { ShownCurrency } from "../valuation/currency.ts";
import type { Car } from "../valuation/lambo-models.ts";
import { withDemoNotice } from "./alt-text.ts";
import { carInWords } from "./car-label.ts";

/** One coin of a leaderboard. */
export type LeaderboardEntry = {
  /** CoinGecko's coin id: the last resort when neither name nor symbol can be drawn. */
  readonly coinId: string;
  readonly coinName: string;
  readonly symbol: string;
  /** At the closing price; never negative. */
  readonly lambos: number;
  /** What changed since the previous digest; null, when that is unknown, shows nothing. */
  readonly change: Change | null;
};

/** What a leaderboard shows. */
export type LeaderboardSubject = {
  /** Best first; the first ten are drawn. */
  readonly entries: readonly LeaderboardEntry[];
  readonly stakeUsd: number;
  readonly car: Car;
  /** The currency that the stake is shown in. */
  readonly currency: ShownCurrency;
  /** UTC day of the newest prices. */
  readonly on: string;
  /** The date since when the changes are; null when that is yesterday. */
  readonly previousOn: string | null;
  /** The readers' locale for numbers and dates. */
  readonly locale: string;
  /** True when the prices are invented. */
  readonly isDemo: boolean;
};

/** Coins that fit on one picture. */
export const MAX_LEADERBOARD_ROWS = 10;

/** The leaderboard's alt text, in one sentence. */
export function leaderboardAltText(subject: LeaderboardSubject): string {
  const { locale, currency, previousOn } = subject;
  const coins = subject.entries.slice(0, MAX_LEADERBOARD_ROWS).map((entry, index) => {
    const values = {
      rank: String(index + 1),
      coin: entry.coinName || entry.symbol || entry.coinId,
      lambos: lambosInWords(entry.lambos, locale),
    };
    if (entry.change === null) return say(locale, "leaderboard.alt.coin", values);
    const changed = { ...values, change: changeInWords(entry.change, currency, locale) };
    return previousOn === null
      ? say(locale, "leaderboard.alt.coin.change", changed)
      : say(locale, "leaderboard.alt.coin.change.since", {
          ...changed,
          day: formatDayOfWeek(previousOn, locale),
        });
  });
  const sentence = say(locale, "leaderboard.alt", {
    day: formatDay(subject.on, locale),
    stake: formatMoney(subject.stakeUsd, currency, locale),
    car: carInWords(subject.car, currency, locale),
    coins: coins.length === 0 ? say(locale, "leaderboard.alt.empty") : semicolonList(coins, locale),
  });
  return withDemoNotice(sentence, subject.isDemo, locale);
}
