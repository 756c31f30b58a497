import { shownLimits, unreadAmountText } from "../cards/refusal.ts";
import { formatMoney } from "../messages/format.ts";
import { commaList } from "../messages/lists.ts";
import { say } from "../messages/say.ts";
import { currencyCode } from "../messages/wording.ts";
import type { Ask } from "../prices/price-source.ts";
import {
  CAR_PRICE_LIMITS_USD,
  isWithin,
  STAKE_LIMITS_USD,
  USUAL_PURCHASE,
} from "../questions/purchase.ts";
import { readAmount, type TypedAmount } from "../reading/amount.ts";
import type { Services } from "../services.ts";
import type { GuildSettings } from "../storage/guild-settings.ts";
import { type ShownCurrency, US_DOLLARS } from "../valuation/currency.ts";
import { findLamboModel, LAMBO_MODELS, type LamboModel } from "../valuation/lambo-models.ts";
import {
  amountIn,
  currenciesIn,
  currencyOf,
  type KnownRates,
  ratesOf,
  typedCurrencyOf,
  usualStakeIn,
} from "./amount-conversion.ts";
import {
  accepted,
  type Checked,
  echo,
  isDefaultWord,
  type PreparedChange,
  rejected,
} from "./checked-input.ts";
import { checkCurrency } from "./currency-input.ts";
import { checkLanguage } from "./language-input.ts";
import { moneyIn } from "./settings-text.ts";
import { typedChoice } from "./typed-choice.ts";

/** Options of `/config set`; an omitted option is undefined. */
export type AnswerInput = {
  readonly currency: string | undefined;
  /** As typed, or a number from a client that still sends one. */
  readonly amount: string | number | undefined;
  readonly carKey: string | undefined;
  /** As typed, or a number, like the amount. */
  readonly carPrice: string | number | undefined;
  readonly replies: string | undefined;
  readonly language: string | undefined;
};

/** What checking `/config set` needs besides its options. */
export type AnswerInputContext = Pick<Services, "rates"> & {
  readonly locale: string;
  readonly ask: Ask;
};

/** Checks the options of `/config set` against a server's current settings. */
export async function checkAnswerInput(
  input: AnswerInput,
  current: GuildSettings,
  { rates, locale, ask }: AnswerInputContext,
): Promise<Checked<PreparedChange>> {
  const unset = choiceToReset(input);
  if (unset !== undefined)
    return rejected(say(locale, "set-answers.default", { what: say(locale, `reset.${unset}`) }));
  const currentCode = currencyOf(current);
  const chosen =
    input.currency === undefined
      ? undefined
      : await checkCurrency(input.currency, { rates, locale, ask });
  if (chosen?.ok === false) return chosen;
  const code = chosen?.value.code ?? currentCode;
  const read = readAmounts(input, code, locale);
  if (!read.ok) return read;
  const { stake, carPrice } = read.value;
  const perUsd = chosen?.value.perUsd ?? (await rates.perUsd(currentCode, ask));
  const isAmountTyped = stake !== undefined || carPrice !== undefined;
  if (perUsd === undefined && isAmountTyped) {
    return rejected(
      say(locale, "set-answers.amount-without-rate", { currency: currencyCode(currentCode) }),
    );
  }
  const withinLimits = checkLimits(read.value, { code, perUsd: perUsd ?? 1 }, locale);
  if (!withinLimits.ok) return withinLimits;
  const car = checkCar(input, locale);
  if (!car.ok) return car;
  const replies = checkReplies(input.replies, locale);
  if (!replies.ok) return replies;
  const language = checkLanguage(input.language, locale);
  if (!language.ok) return language;

  // The rates of every currency: by the time this is written, the stored settings may be in
  // another.
  const wanted =
    chosen === undefined
      ? []
      : [...currenciesIn(current), ...rates.currencies().map(({ code }) => code)];
  const known = await ratesOf(wanted, rates, ask);
  return accepted((stored) => ({
    change: {
      ...(chosen !== undefined && { currency: chosen.value.code }),
      ...(stake !== undefined && { stake: stake.amount }),
      ...(car.value !== undefined && { carKey: car.value.key, carPrice: null }),
      ...(carPrice !== undefined && { carPrice: carPrice.amount }),
      ...(replies.value !== undefined && { replies: replies.value }),
      ...(language.value !== undefined && { language: language.value }),
    },
    notes: [
      ...read.value.notes,
      ...conversionNotes(input, stored, { to: chosen?.value, known, locale }),
      ...(car.value !== undefined && stored.carPrice !== null
        ? [
            say(locale, "set-answers.car-price-gone", {
              price: moneyIn(typedCurrencyOf(stored, "carPrice"), stored.carPrice, locale),
            }),
          ]
        : []),
      ...(language.value === undefined ? [] : [say(locale, "set-answers.language")]),
    ],
  }));
}

/** What to reset instead: "default" is a value for `/config digest`, and none here. */
function choiceToReset(input: AnswerInput): "currency" | "amount" | "car" | undefined {
  if (isDefaultWord(input.currency)) return "currency";
  if (isDefaultWord(input.amount)) return "amount";
  return isDefaultWord(input.carPrice) ? "car" : undefined;
}

/** The amounts that were typed, and notes on those that could have meant others. */
type ReadAmounts = {
  readonly stake: TypedAmount | undefined;
  readonly carPrice: TypedAmount | undefined;
  readonly notes: readonly string[];
};

/** Reads the amounts; `code` is the currency of the server, after this change. */
function readAmounts(input: AnswerInput, code: string, locale: string): Checked<ReadAmounts> {
  const notes: string[] = [];
  const read = (typed: string | number | undefined): Checked<TypedAmount | undefined> => {
    if (typed === undefined) return accepted(undefined);
    const amount = readAmount(typed, { locale, currency: code });
    const text = String(typed);
    if (!amount.ok)
      return rejected(unreadAmountText(amount, { typed: text, code }, locale, "markdown"));
    const { value } = amount;
    if (value.currency !== undefined && value.currency !== code) {
      const values = { typed: echo(text), named: value.currency, currency: currencyCode(code) };
      return rejected(
        input.currency === undefined
          ? say(locale, "set-answers.another-currency", values)
          : say(locale, "set-answers.two-currencies", values),
      );
    }
    if (value.alternative !== undefined)
      notes.push(
        say(locale, "amount.read-as", {
          typed: echo(text),
          amount: moneyIn(code, value.amount, locale),
          alternative: moneyIn(code, value.alternative, locale),
        }),
      );
    return accepted(value);
  };
  const stake = read(input.amount);
  if (!stake.ok) return stake;
  const carPrice = read(input.carPrice);
  if (!carPrice.ok) return carPrice;
  return accepted({ stake: stake.value, carPrice: carPrice.value, notes });
}

function checkLimits(
  { stake, carPrice }: ReadAmounts,
  currency: ShownCurrency,
  locale: string,
): Checked<undefined> {
  if (stake !== undefined && !isWithin(stake.amount / currency.perUsd, STAKE_LIMITS_USD)) {
    return rejected(
      say(locale, "set-answers.stake", shownLimits(STAKE_LIMITS_USD, currency, locale)),
    );
  }
  if (
    carPrice !== undefined &&
    !isWithin(carPrice.amount / currency.perUsd, CAR_PRICE_LIMITS_USD)
  ) {
    return rejected(
      say(locale, "set-answers.car-price", shownLimits(CAR_PRICE_LIMITS_USD, currency, locale)),
    );
  }
  return accepted(undefined);
}

function checkCar(
  { carKey, carPrice }: AnswerInput,
  locale: string,
): Checked<LamboModel | undefined> {
  if (carKey === undefined) return accepted(undefined);
  if (carPrice !== undefined) return rejected(say(locale, "set-answers.car-and-price"));
  const car = findLamboModel(carKey);
  return car === undefined
    ? rejected(
        say(locale, "refusal.unknown-car", {
          cars: commaList(
            LAMBO_MODELS.map(({ name }) => name),
            locale,
          ),
        }),
      )
    : accepted(car);
}

function checkReplies(
  typed: string | undefined,
  locale: string,
): Checked<"public" | "private" | undefined> {
  const chosen = typed === undefined ? undefined : typedChoice(typed, REPLIES_CHOICES, locale);
  return typed === undefined || chosen !== undefined
    ? accepted(chosen)
    : rejected(say(locale, "set-answers.replies"));
}

/** What `/config set replies:` offers. */
export const REPLIES_CHOICES = (["public", "private"] as const).map((value) => ({
  name: (locale: string) => say(locale, `command.config.set.replies.${value}`),
  value,
}));

/**
 * Notes on how a new currency affects amounts that were not typed with it. They keep their worth,
 * because somebody who chose €1,000 did not mean ¥1,000. The stored amount stays as typed, and is
 * exact again if its own currency returns.
 */
function conversionNotes(
  input: AnswerInput,
  stored: GuildSettings,
  {
    to,
    known,
    locale,
  }: {
    readonly to: ShownCurrency | undefined;
    readonly known: KnownRates;
    readonly locale: string;
  },
): readonly string[] {
  if (to === undefined || to.code === currencyOf(stored)) return [];
  const converted = (field: "stake" | "carPrice", typed: number) => {
    const from = typedCurrencyOf(stored, field);
    const amount = moneyIn(from, typed, locale);
    const what = field === "stake" ? "stake" : "other";
    if (from === to.code) return say(locale, "set-answers.amount-again", { what, amount });
    const current = amountIn(to, stored, field, known);
    return current == null
      ? say(locale, "set-answers.amount-unconverted", { what, amount })
      : say(locale, "set-answers.amount-converted", {
          what,
          amount,
          converted: moneyIn(to.code, current, locale),
        });
  };
  const notes: string[] = [];
  if (input.amount === undefined) {
    if (stored.stake !== null) notes.push(converted("stake", stored.stake));
    else notes.push(...usualStakeNotes(to, locale));
  }
  if (input.carPrice === undefined && input.carKey === undefined && stored.carPrice !== null) {
    notes.push(converted("carPrice", stored.carPrice));
  }
  return notes;
}

/** A note if the usual stake is not 1,000 units, because those are worth too little or too much. */
function usualStakeNotes(currency: ShownCurrency, locale: string): readonly string[] {
  const usual = usualStakeIn(currency);
  if (usual === USUAL_PURCHASE.stake) return [];
  const worth = formatMoney(USUAL_PURCHASE.stake / currency.perUsd, US_DOLLARS, locale);
  return [
    say(locale, "set-answers.usual-stake", {
      few: moneyIn(currency.code, USUAL_PURCHASE.stake, locale),
      many: moneyIn(currency.code, usual, locale),
      worth,
    }),
  ];
}
