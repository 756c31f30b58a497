import { formatDay, formatMoney, formatMoneyUp } from "../messages/format.ts";
import { alternatives, commaList, semicolonList } from "../messages/lists.ts";
import { say } from "../messages/say.ts";
import { coinName, coinSymbol, currencyCode, foreign, type Markup } from "../messages/wording.ts";
import type { Coin } from "../prices/coins/coin.ts";
import type { TriedSource } from "../prices/history/history-outcome.ts";
import { CAR_PRICE_LIMITS_USD, STAKE_LIMITS_USD } from "../questions/purchase.ts";
import type { NamesAnotherCurrency, Refusal } from "../questions/refusal.ts";
import type { UnreadAmount } from "../reading/amount.ts";
import { EARLIEST_DAY_ON } from "../reading/day.ts";
import type { ShownCurrency } from "../valuation/currency.ts";
import { LAMBO_MODELS } from "../valuation/lambo-models.ts";

const MAX_ECHO = 40;
/** An id is there to be copied. */
const MAX_ID = 100;
const MAX_SOURCE_NAME = 40;
const MAX_NAMED = 3;
const EXAMPLE_AMOUNT = 500;

/**
 * Why there is no answer and what to do next, in one or two plain sentences. With `plain` markup it
 * includes coin ids, because there is no menu to choose from.
 */
export function refusalText(
  refusal: Refusal,
  { locale, markup = "plain" }: { readonly locale: string; readonly markup?: Markup },
): string {
  switch (refusal.reason) {
    case "unknown-coin":
    case "ambiguous-coin":
      return typedCoinRefusalText(refusal, markup, markup === "markdown", locale);
    case "invalid-amount":
      if ("unread" in refusal) return unreadAmountText(refusal.unread, refusal, locale, markup);
      return say(
        locale,
        "refusal.invalid-amount",
        shownLimits(STAKE_LIMITS_USD, refusal.currency, locale),
      );
    case "invalid-car-price":
      return say(
        locale,
        "refusal.invalid-car-price",
        shownLimits(CAR_PRICE_LIMITS_USD, refusal.currency, locale),
      );
    case "unknown-car":
      return say(locale, "refusal.unknown-car", {
        cars: commaList(
          LAMBO_MODELS.map(({ name }) => name),
          locale,
        ),
      });
    case "too-many-coins":
      return say(locale, "refusal.too-many-coins", {
        count: String(refusal.count),
        most: String(refusal.most),
      });
    case "too-few-coins":
      return tooFewCoinsText(refusal, locale, markup);
    case "invalid-bought":
      return unreadBoughtText(refusal, locale, markup);
    case "outdated-control":
      return say(locale, "refusal.outdated-control");
    case "too-new":
      return say(locale, "refusal.too-new", {
        coin: coinName(refusal.coin, locale, markup),
        firstDay: formatDay(refusal.firstRecordedOn, locale),
        day: formatDay(refusal.askAgainOn, locale),
      });
    case "bought-too-late":
      return boughtTooLateText(refusal, locale, markup);
    case "bought-in-gap":
      return boughtInGapText(refusal, locale, markup);
    case "history-unavailable":
      return withoutHistory(refusal, locale, markup);
    case "no-rate":
      return say(locale, "refusal.no-rate", { currency: currencyCode(refusal.code) });
    case "prices-unavailable":
      return withoutPrices(refusal, locale, markup);
  }
}

/** Why a coin is left out of a comparison, in one or two plain sentences. */
export function leftOutText(refusal: Refusal, locale: string, markup: Markup): string {
  switch (refusal.reason) {
    case "bought-too-late":
    case "bought-in-gap":
      return say(locale, "compare.left-out.then", {
        coin: coinName(refusal.coin, locale, markup),
        day: formatDay(refusal.boughtOn, locale),
      });
    // A button carries the hash of a coin, which cannot name one that is gone.
    case "outdated-control":
      return say(locale, "compare.left-out.unlisted");
    default:
      return refusalText(refusal, { locale, markup });
  }
}

function tooFewCoinsText(
  { coin, refusals }: Extract<Refusal, { reason: "too-few-coins" }>,
  locale: string,
  markup: Markup,
): string {
  const why = refusals
    .map((refusal) => leftOutText(refusal, locale, markup))
    .join(markup === "markdown" ? "\n" : " ");
  if (coin === undefined)
    return why === ""
      ? say(locale, "refusal.too-few-coins")
      : say(locale, "refusal.too-few-coins.none", { why });
  const left = coinName(coin, locale, markup);
  return why === ""
    ? say(locale, "refusal.too-few-coins.one", { coin: left })
    : say(locale, "refusal.too-few-coins.left", { coin: left, why });
}

/** Why a typed text is no coin. */
export type TypedCoinRefusal = Extract<Refusal, { reason: "unknown-coin" | "ambiguous-coin" }>;

/** Why a typed text is no coin, and which ones it may mean: by their ids when no menu is below. */
export function typedCoinRefusalText(
  refusal: TypedCoinRefusal,
  markup: Markup,
  hasMenu: boolean,
  locale: string,
): string {
  const typed = foreign(refusal.text, MAX_ECHO, markup);
  if (refusal.reason === "ambiguous-coin") {
    const coins = listed(refusal.candidates, markup, hasMenu, locale);
    return hasMenu
      ? say(locale, "refusal.ambiguous-coin.menu", { typed, coins })
      : say(locale, "refusal.ambiguous-coin.ids", { typed, coins });
  }
  if (typed === "") return say(locale, "refusal.no-coin");
  return refusal.suggestions.length === 0
    ? say(locale, "refusal.unknown-coin", { typed })
    : say(locale, "refusal.unknown-coin.suggestions", {
        typed,
        coins: listed(refusal.suggestions, markup, hasMenu, locale),
      });
}

/** The coins that a refusal offers instead, likeliest first; empty when there are none. */
export function offeredCoins(refusal: Refusal): readonly Coin[] {
  if (refusal.reason === "ambiguous-coin") return refusal.candidates;
  return refusal.reason === "unknown-coin" ? refusal.suggestions : [];
}

/** Limits given in US dollars, as text in a currency; both are amounts within the limits. */
export function shownLimits(
  { min, max }: { readonly min: number; readonly max: number },
  currency: ShownCurrency,
  locale: string,
): { readonly min: string; readonly max: string } {
  return {
    min: formatMoneyUp(min, currency, locale, (amount) => amount / currency.perUsd >= min),
    max: formatMoney(max, currency, locale),
  };
}

/** Why a text is no amount of an answer or a setting, and what would have been one. */
export function unreadAmountText(
  unread: UnreadAmount | NamesAnotherCurrency,
  { typed, code }: { readonly typed: string; readonly code: string },
  locale: string,
  markup: Markup,
): string {
  const values = {
    typed: foreign(typed, MAX_ECHO, markup),
    currency: currencyCode(code),
    example: formatMoney(EXAMPLE_AMOUNT, { code, perUsd: 1 }, locale),
  };
  if (values.typed === "") return say(locale, "amount.none", values);
  switch (unread.problem) {
    case "not-an-amount":
    case "several-amounts":
    case "several-currencies":
      return say(locale, `amount.${unread.problem}`, values);
    case "unknown-currency":
      return say(locale, "amount.unknown-currency", {
        ...values,
        unknown: foreign(unread.unknown ?? typed, MAX_ECHO, markup),
      });
    case "another-currency":
      return say(locale, "amount.another-currency", {
        ...values,
        named: currencyCode(unread.named),
      });
  }
}

/** What is shown as a day that would have been understood. */
const EXAMPLE_DAY_ON = "2017-12-17";

function unreadBoughtText(
  { typed, unread, latestOn }: Extract<Refusal, { reason: "invalid-bought" }>,
  locale: string,
  markup: Markup,
): string {
  const values = {
    typed: foreign(typed, MAX_ECHO, markup),
    example: formatDay(EXAMPLE_DAY_ON, locale),
    latest: formatDay(latestOn, locale),
  };
  if (values.typed === "") return say(locale, "bought.none", values);
  switch (unread.problem) {
    case "not-a-day":
    case "today":
    case "nobody-joined":
      return say(locale, `bought.${unread.problem}`, values);
    case "future":
      return say(locale, "bought.future", { ...values, day: formatDay(unread.on, locale) });
    case "too-early":
      return say(locale, "bought.too-early", {
        ...values,
        earliest: formatDay(EARLIEST_DAY_ON, locale),
      });
    case "no-such-day":
      return unread.monthEndsOn === undefined
        ? say(locale, "bought.no-such-day", values)
        : say(locale, "bought.no-such-day.month", {
            ...values,
            end: formatDay(unread.monthEndsOn, locale),
          });
  }
}

function boughtTooLateText(
  refusal: Extract<Refusal, { reason: "bought-too-late" }>,
  locale: string,
  markup: Markup,
): string {
  const { boughtOn, lastRecordedOn, askAgainOn, latestOn } = refusal;
  const coin = coinName(refusal.coin, locale, markup);
  const day = formatDay(boughtOn, locale);
  const latest = latestOn === undefined ? undefined : formatDay(latestOn, locale);
  if (askAgainOn === undefined) {
    const last = formatDay(lastRecordedOn, locale);
    return latest === undefined
      ? say(locale, "refusal.bought-too-late.dead.none", { coin, day, last })
      : say(locale, "refusal.bought-too-late.dead", { coin, day, last, latest });
  }
  const again = formatDay(askAgainOn, locale);
  if (refusal.isPeak && latest !== undefined)
    return say(locale, "refusal.bought-too-late.peak", { coin, day, again, latest });
  return latest === undefined
    ? say(locale, "refusal.bought-too-late.none", { coin, day, again })
    : say(locale, "refusal.bought-too-late", { coin, day, again, latest });
}

function boughtInGapText(
  refusal: Extract<Refusal, { reason: "bought-in-gap" }>,
  locale: string,
  markup: Markup,
): string {
  const coin = coinName(refusal.coin, locale, markup);
  const day = formatDay(refusal.boughtOn, locale);
  const days = [refusal.earlierOn, refusal.laterOn].flatMap((on) =>
    on === undefined ? [] : [formatDay(on, locale)],
  );
  return days.length === 0
    ? say(locale, "refusal.bought-in-gap.none", { coin, day })
    : say(locale, "refusal.bought-in-gap", { coin, day, days: alternatives(days, locale) });
}

function withoutHistory(
  refusal: Extract<Refusal, { reason: "history-unavailable" }>,
  locale: string,
  markup: Markup,
): string {
  const coin = coinName(refusal.coin, locale, markup);
  if ("lastRecordedOn" in refusal) {
    const first = formatDay(refusal.firstRecordedOn, locale);
    const last = formatDay(refusal.lastRecordedOn, locale);
    return first === last
      ? say(locale, "refusal.too-short.one-day", { coin, day: first })
      : say(locale, "refusal.too-short", { coin, first, last });
  }
  if ("missing" in refusal) return say(locale, `refusal.missing.${refusal.missing}`, { coin });
  if (refusal.because === "no-prices") return say(locale, "refusal.missing.all", { coin });
  const [source = "", otherSource = ""] = refusal.sources.map((name) =>
    foreign(name, MAX_SOURCE_NAME, markup),
  );
  return say(locale, `refusal.${refusal.because}`, { source, otherSource, coin });
}

function withoutPrices(
  refusal: Extract<Refusal, { reason: "prices-unavailable" }>,
  locale: string,
  markup: Markup,
): string {
  if ("text" in refusal) return withoutListText(refusal.text, locale, markup);
  const coin = coinName(refusal.coin, locale, markup);
  const failures = semicolonList(
    refusal.tried.slice(0, MAX_NAMED).map((source) => failureInWords(source, locale, markup)),
    locale,
  );
  return failures === ""
    ? say(locale, "refusal.prices-unavailable", { coin })
    : say(locale, "refusal.prices-unavailable.why", { coin, failures });
}

/** Why a typed text cannot be looked up: there is no list of coins. */
export function withoutListText(text: string, locale: string, markup: Markup): string {
  const typed = foreign(text, MAX_ECHO, markup);
  return typed === ""
    ? say(locale, "refusal.no-coin-list")
    : say(locale, "refusal.no-coin-list.typed", { typed });
}

/** Why a source provided no prices, as a clause: "CoinGecko does not answer". */
export function failureInWords(
  { name, reason }: TriedSource,
  locale: string,
  markup: Markup,
): string {
  return say(locale, `failure.${reason}`, { source: foreign(name, MAX_SOURCE_NAME, markup) });
}

function listed(coins: readonly Coin[], markup: Markup, hasMenu: boolean, locale: string): string {
  const named = coins.slice(0, MAX_NAMED).map((coin) => {
    const values = {
      name: coinName(coin, locale, markup),
      symbol: coinSymbol(coin, locale, markup),
    };
    return hasMenu
      ? say(locale, "refusal.coin", values)
      : say(locale, "refusal.coin.id", { ...values, id: foreign(coin.coinId, MAX_ID, markup) });
  });
  // Below, a menu tells namesakes apart.
  return alternatives([...new Set(named)], locale);
}
