import {
  type AskedPurchase,
  CAR_PRICE_LIMITS_USD,
  type Refusal,
  STAKE_LIMITS_USD,
  USUAL_PURCHASE,
} from "../answer.ts";
import type { Reply } from "../discord/reply.ts";
import { formatDay, formatMoney } from "../messages/format.ts";
import { say } from "../messages/say.ts";
import { coinName, coinSymbol, foreign, type Markup, withoutRate } from "../messages/wording.ts";
import type { Coin } from "../prices/coins/coin.ts";
import type { TriedSource } from "../prices/history/record-gatherer.ts";
import type { ShownCurrency } from "../valuation/currency.ts";
import { LAMBO_MODELS } from "../valuation/lambo-models.ts";
import { coinMenu } from "./answer-card.ts";
import { controlId } from "./control-id.ts";

const REFUSAL_COLOUR = 0x7d8794;
const MAX_ECHO = 40;
const MAX_SOURCE_NAME = 40;
const MAX_NAMED = 3;

/**
 * Why there is no answer and what to do next, in one or two plain sentences. Without markup it
 * names coin ids, for typing.
 */
export function refusalText(
  refusal: Refusal,
  { locale, markup = "plain" }: { readonly locale: string; readonly markup?: Markup },
): string {
  switch (refusal.reason) {
    case "unknown-coin": {
      const typed = foreign(refusal.text, MAX_ECHO, markup);
      if (typed === "") return "Name a coin, such as bitcoin or DOGE.";
      const unknown = `No coin here is called “${typed}”.`;
      return refusal.suggestions.length === 0
        ? `${unknown} Check the spelling, or try its symbol.`
        : `${unknown} Did you mean ${listed(refusal.suggestions, markup)}?`;
    }
    case "ambiguous-coin": {
      const typed = foreign(refusal.text, MAX_ECHO, markup);
      const next =
        markup === "markdown"
          ? "Choose the one you mean below."
          : "Ask again with the id of the one you mean.";
      return `Several coins answer to “${typed}”, among them ${listed(refusal.candidates, markup)}. ${next}`;
    }
    case "invalid-amount":
      return `That amount cannot be spent: give a plain number ${between(STAKE_LIMITS_USD, refusal.currency, locale)}, such as 1000.`;
    case "invalid-car-price":
      return `No car costs that: give a plain number ${between(CAR_PRICE_LIMITS_USD, refusal.currency, locale)}, such as 200000.`;
    case "unknown-car":
      return say("refusal.unknown-car", {
        cars: LAMBO_MODELS.map(({ name }) => name).join(", "),
      });
    case "outdated-control":
      return "This button or menu no longer works. Ask again with /lambo to get a fresh card.";
    case "too-new": {
      const since = formatDay(refusal.firstRecordedOn, locale);
      return `${coinName(refusal.coin, markup)} was first priced on ${since}, and an answer needs a week of prices. Ask again on ${formatDay(refusal.askAgainOn, locale)}.`;
    }
    case "history-unavailable":
      return `${withoutHistory(refusal, locale, markup)} Try another coin.`;
    case "no-rate":
      return `${withoutRate(refusal.code)}, so an amount in it cannot be counted: try again later, or ask without an amount.`;
    case "prices-unavailable": {
      if ("text" in refusal) {
        const typed = foreign(refusal.text, MAX_ECHO, markup);
        const consequence =
          typed === "" ? "no coin can be found" : `“${typed}” cannot be looked up`;
        return `The list of coins cannot be reached right now, so ${consequence}. Try again in a few minutes.`;
      }
      const why =
        refusal.tried.length === 0
          ? ""
          : ` (${refusal.tried
              .slice(0, MAX_NAMED)
              .map((source) => failureInWords(source, markup))
              .join("; ")})`;
      return `The prices of ${coinName(refusal.coin, markup)} cannot be had right now${why}. Try again in a few minutes.`;
    }
  }
}

/**
 * A refusal as a private reply; where coins can be meant, a menu offers them and keeps the purchase
 * of the question.
 */
export function refusalCard(
  refusal: Refusal,
  options: { readonly locale: string; readonly asked?: AskedPurchase | undefined },
): Reply {
  const { stake, currency, car } = options.asked ?? USUAL_PURCHASE;
  const offered =
    refusal.reason === "ambiguous-coin"
      ? refusal.candidates
      : refusal.reason === "unknown-coin"
        ? refusal.suggestions
        : [];
  const menu = coinMenu(
    offered,
    say("refusal.choose-coin"),
    controlId({ control: "coin", coinHash: null, stake, currency, car }),
  );
  return {
    embeds: [
      {
        description: refusalText(refusal, { locale: options.locale, markup: "markdown" }),
        color: REFUSAL_COLOUR,
      },
    ],
    ...(menu === undefined ? {} : { components: [menu] }),
  };
}

/** Limits in US dollars, for people: "from $1.00 to $5.00". */
export function between(
  { min, max }: { readonly min: number; readonly max: number },
  currency: ShownCurrency,
  locale: string,
): string {
  return `from ${formatMoney(min, currency, locale)} to ${formatMoney(max, currency, locale)}`;
}

function withoutHistory(
  refusal: Extract<Refusal, { reason: "history-unavailable" }>,
  locale: string,
  markup: Markup,
): string {
  const name = coinName(refusal.coin, markup);
  if ("lastRecordedOn" in refusal) return diedYoung(refusal, name, locale);
  if ("missing" in refusal) return withoutPrices(refusal.missing, name);
  if (refusal.because === "no-prices") return withoutPrices("all", name);
  const [one, other] = refusal.sources.map((source) => foreign(source, MAX_SOURCE_NAME, markup));
  switch (refusal.because) {
    case "sources-differ":
      return `${one} and ${other} do not agree on the price of ${name}, so any answer might be wrong.`;
    case "sources-apart":
      return `What ${one} and ${other} know of ${name} does not meet anywhere, so nothing shows that they mean the same coin.`;
  }
}

function diedYoung(
  { firstRecordedOn, lastRecordedOn }: { firstRecordedOn: string; lastRecordedOn: string },
  name: string,
  locale: string,
) {
  const [first, last] = [firstRecordedOn, lastRecordedOn].map((on) => formatDay(on, locale));
  const span = first === last ? `only on ${first}` : `only from ${first} to ${last}`;
  return `${name} was priced ${span}, and an answer needs a week of prices.`;
}

function withoutPrices(missing: "all" | "opening" | "closing", name: string): string {
  switch (missing) {
    case "all":
      return `Nobody has recorded a price of ${name}.`;
    case "opening":
      return `Too few prices of ${name} were recorded in its first four weeks to say what it cost.`;
    case "closing":
      return `Too few prices of ${name} were recorded in its last four weeks to say what it is worth.`;
  }
}

/** Why a source gave no prices, as a clause: "CoinGecko does not answer". */
export function failureInWords({ name, reason }: TriedSource, markup: Markup): string {
  const source = foreign(name, MAX_SOURCE_NAME, markup);
  switch (reason) {
    case "unknown-coin":
      return `${source} does not know the coin`;
    case "not-allowed":
      return `${source} does not give this to our plan`;
    case "rate-limited":
      return `${source} has been asked too much`;
    case "credits-spent":
      return `${source}'s allowance for this month is used up`;
    case "unreachable":
      return `${source} does not answer`;
    case "bad-answer":
      return `${source} answers something unreadable`;
    case "distrusted":
      return `${source} doubts its own prices`;
  }
}

function listed(coins: readonly Coin[], markup: Markup): string {
  const named = coins.slice(0, MAX_NAMED).map((coin) => {
    const id = markup === "plain" ? `, id:${foreign(coin.coinId, MAX_ECHO, "plain")}` : "";
    return `${coinName(coin, markup)} (${coinSymbol(coin, markup)}${id})`;
  });
  return named.length < 2 ? named.join("") : `${named.slice(0, -1).join(", ")} or ${named.at(-1)}`;
}
