import { BoundedMap } from "../process/bounded-map.ts";
import type { Result } from "../result.ts";
import {
  currenciesNamed,
  currencyMeant,
  inBoth,
  type NamedCurrencies,
  type NamingContext,
  withoutYears,
} from "./currency-names.ts";
import { plainWords } from "./date-text.ts";
import { inLatinDigits } from "./digits.ts";
import { countOf, isThousand, magnitudeOf } from "./magnitudes.ts";
import { numberNamed, withEastAsianDigits } from "./number-words.ts";

/** An amount that somebody typed. */
export type TypedAmount = {
  /** May be beyond every limit: zero, negative or infinite. */
  readonly amount: number;
  /** The currency named with it, ISO 4217; absent when none was. */
  readonly currency?: string;
  /** The other amount that the text could have meant; absent when it is clear. */
  readonly alternative?: number;
};

/** Why a text is no amount; a closed union, one sentence each in `cards/refusal.ts`. */
export type AmountProblem =
  | "not-an-amount"
  | "several-amounts"
  | "unknown-currency"
  | "several-currencies";

/** A text that is no amount, and the word in it that names no currency. */
export type UnreadAmount = { readonly problem: AmountProblem; readonly unknown?: string };

/** The longest text that is read as an amount, in UTF-16 units. */
export const MAX_AMOUNT_LENGTH = 100;

/**
 * Reads an amount as people write it: "1k", "1.000,50", "$500", "10 lakh", "१०००". A number is
 * exactly that number. Where "1.000" may be a thousand or one, the locale decides, and
 * `alternative` is the other. A sign that several currencies share, such as "$", means the server's
 * own when it is one of them. Pure, in time linear in the text.
 */
export function readAmount(
  typed: string | number,
  { locale, currency }: NamingContext,
): Result<{ readonly value: TypedAmount }, UnreadAmount> {
  if (typeof typed === "number") return { ok: true, value: { amount: typed } };
  if (typed.length > MAX_AMOUNT_LENGTH) return unread("not-an-amount");
  // What menus and most people write; reading it like the others takes 4 % of a request's time.
  if (/^\d{1,15}$/.test(typed)) return { ok: true, value: { amount: Number(typed) } };
  const decimal = typed.replace(
    /(\d*) ?([½¼¾])/g,
    (_, whole, part) => `${whole || "0"}${PARTS[part]}`,
  );
  // Compatibility forms would turn "10²" into "102".
  if (/\p{No}/u.test(decimal)) return unread("not-an-amount");
  const plain = normalized(decimal);
  const text = inOneNumber(/\d/.test(plain) ? plain : withEastAsianDigits(plain), locale);
  const context = { locale: usable(locale), currency };
  const numeralAt = /[.,]?\d/.exec(text)?.index;
  return numeralAt === undefined ? readWords(text, context) : readDigits(text, numeralAt, context);
}

const PARTS: Readonly<Record<string, string>> = { "½": ".5", "¼": ".25", "¾": ".75" };

/** "1万5千", as Chinese, Japanese and Korean write a number in several steps, as "15000". */
function inOneNumber(text: string, locale: string): string {
  return text.replace(
    /(?:\d{1,8}[百백千천万萬만億亿억兆조]{1,2}){1,4}\d{1,8}[百백千천万萬만]?/g,
    (number) => {
      const steps = [...number.matchAll(/(\d+)(\D*)/g)].map(([, digits = "", units = ""]) => ({
        digits,
        power: [...units].reduce((sum, unit) => sum + (magnitudeOf(unit, locale)?.power ?? 0), 0),
      }));
      const isDescending = steps.every(
        ({ power }, at) => at === 0 || power < (steps[at - 1]?.power ?? 0),
      );
      return isDescending
        ? String(steps.reduce((sum, { digits, power }) => sum + Number(`${digits}e${power}`), 0))
        : number;
    },
  );
}

/** An amount as a text that {@link readAmount} reads as exactly that in every locale. */
export function amountText({ amount, currency }: TypedAmount): string {
  const digits = String(amount);
  // Three decimals could be read as thousands.
  const clear = /\.\d{3}$/.test(digits) ? `${digits}0` : digits;
  return currency === undefined ? clear : `${clear} ${currency}`;
}

function unread(problem: AmountProblem, unknown?: string): { readonly ok: false } & UnreadAmount {
  return { ok: false, problem, ...(unknown !== undefined && { unknown }) };
}

function normalized(typed: string): string {
  return (
    // Before compatibility forms, which would take an accent apart.
    inLatinDigits(
      typed
        .replace(/[’‘ʼ′´`٬]/g, "'")
        .normalize("NFKC")
        .replace(/\p{Cf}/gu, ""),
    )
      .replace(/٫/g, ".")
      .replace(/،/g, ",")
      .replace(/[\u2010-\u2015\u2212]/g, "-")
      .replace(/\s+/g, " ")
      .replace(/^[\s"“”„«»'*_]+/, "")
      .replace(/[\s"“”„«»'*_!?;:]+$/, "")
  );
}

/** A number as its digits: what `Number` reads once the power of ten is appended. */
type Numeral = { readonly digits: string; readonly alternative?: string };

function readDigits(
  text: string,
  numeralAt: number,
  context: NamingContext,
): Result<{ readonly value: TypedAmount }, UnreadAmount> {
  // The point of "Rs.500" is that of the abbreviation.
  const isAbbreviation =
    /[.,]/.test(text[numeralAt] ?? "") && /\p{L}$/u.test(text.slice(0, numeralAt));
  const start = isAbbreviation ? numeralAt + 1 : numeralAt;
  const tail = text.slice(start);
  const [written = ""] =
    /^(?:\d+(?:[.,]\d+)?|[.,]\d+)e[+-]?\d{1,4}(?![\p{L}\d])/iu.exec(tail) ??
    /^[.,]?\d+(?:[.,' _]\d+)*/.exec(tail) ??
    [];
  const after = withoutYears(tail.slice(written.length));
  if (/(?:^|[^\p{L}\d])\d/u.test(after)) return unread("several-amounts");
  if (/\d/.test(after)) return unread("not-an-amount");
  const numeral = numeralOf(written, context.locale);
  if (numeral === undefined)
    return unread(/^\d+(?: \d+)+$/.test(written) ? "several-amounts" : "not-an-amount");
  return combined(text.slice(0, start), numeral, after, context);
}

/** Reads "half a million", "five hundred bucks". */
function readWords(
  text: string,
  context: NamingContext,
): Result<{ readonly value: TypedAmount }, UnreadAmount> {
  const words = text.toLowerCase();
  const [first = ""] = words.split(" ");
  const isFrench = context.locale.startsWith("fr");
  // Alone, a short word may be anything.
  const named =
    words !== first || first.length >= 4
      ? isFrench && first === "cent"
        ? 100
        : numberNamed(plainWords(first))
      : undefined;
  const count = countOf(first) ?? named?.toString();
  // "k" is no amount, "thousand" is, and so is "mil" where it is a thousand.
  const isMagnitude =
    (first.length >= 4 || isThousand(first, context.locale)) &&
    magnitudeOf(first, context.locale) !== undefined;
  if (count === undefined && !isMagnitude) return unread("not-an-amount");
  const after = count === undefined ? words : words.slice(first.length).replace(/^ an? /, " ");
  const isHundreds = isFrench || countOf(first) === undefined;
  if (after === "" && /^(?:an?|half)$/.test(first)) return unread("not-an-amount");
  const read = combined(
    "",
    { digits: count ?? "1" },
    // In French "cinq cents" is five hundred.
    isHundreds ? after.replace(/^ cents?(?=\s|$)/, " hundred") : after,
    context,
  );
  return read.ok ? read : unread("not-an-amount");
}

const APPROXIMATELY =
  /^(?:about|around|approx(?:imately)?|roughly|circa|ca|etwa|rund|environ|cerca de|only|just)\.? /i;

/** Adds what stands before and after the number: sign, magnitudes and currency. */
function combined(
  before: string,
  numeral: Numeral,
  after: string,
  context: NamingContext,
): Result<{ readonly value: TypedAmount }, UnreadAmount> {
  const sign = /-/.test(before) ? "-" : "";
  const prefix = `${before.replace(/[-+~≈±]/g, " ").trim()} `.replace(APPROXIMATELY, "").trim();
  const ending = after
    // "500.–", "500,-" and "500/-" are prices without cents; "5." is 5.
    .replace(/^(?:[.,]-{1,2}|\/-|[.,])(?![\d])/, "")
    .replace(/[.,)]+$/, "")
    .trim();
  // Romanian counts "20 de milioane de euro".
  const counted = ending.replace(/^de /i, "");
  const { power, alternativePower, rest } = magnitudesIn(counted, context.locale);
  const unit = rest.replace(/^(?:(?:in|of|de|di) |d' ?)/i, "");
  const isCents = /^(?:¢|cents?|ct)$/i.test(unit);
  const currency = currencyIn(prefix, isCents ? "" : unit, context);
  if (!currency.ok) return currency;
  const value = (digits: string, exponent: number) =>
    Number(`${sign}${times(digits, exponent - (isCents ? 2 : 0))}`);
  const amount = value(numeral.digits, power);
  const alternative =
    numeral.alternative !== undefined
      ? value(numeral.alternative, power)
      : alternativePower !== undefined
        ? value(numeral.digits, alternativePower)
        : undefined;
  return {
    ok: true,
    value: {
      amount,
      ...(currency.code !== undefined && { currency: currency.code }),
      ...(alternative !== undefined && alternative !== amount && { alternative }),
    },
  };
}

/** As in "two hundred thousand million". */
const MAX_MAGNITUDES = 3;

/** Digits times a power of ten, as digits that `Number` reads exactly. */
function times(digits: string, power: number): string {
  const [mantissa = "", exponent = "0"] = digits.split("e");
  return `${mantissa}e${Number(exponent) + power}`;
}

/** The powers of ten at the beginning of what follows a number, and what follows them. */
function magnitudesIn(
  ending: string,
  locale: string,
): { readonly power: number; readonly alternativePower?: number; readonly rest: string } {
  let rest = ending;
  let power = 0;
  let alternative: number | undefined;
  for (let count = 0; count < MAX_MAGNITUDES; count += 1) {
    // Some names begin with a character that is a power of ten elsewhere: "조지아 라리".
    if (count > 0 && currenciesNamed(rest.toLowerCase(), locale) !== undefined) break;
    const [word = ""] = /^[\p{L}\p{M}]+/u.exec(rest) ?? [];
    const [character = ""] = word;
    // Chinese, Japanese and Korean have no spaces between words.
    const found =
      magnitudeOf(word.toLowerCase(), locale) === undefined && /^[\p{Lo}]/u.test(word)
        ? character
        : word;
    const magnitude = magnitudeOf(found.toLowerCase(), locale);
    if (magnitude === undefined) break;
    if (magnitude.alternative !== undefined) alternative = power + magnitude.alternative;
    else if (alternative !== undefined) alternative += magnitude.power;
    power += magnitude.power;
    rest = rest.slice(found.length).replace(/^\.?\s*/, "");
  }
  return { power, ...(alternative !== undefined && { alternativePower: alternative }), rest };
}

type NamedCurrency = Result<{ readonly code: string | undefined }, UnreadAmount>;

/** The one currency named before or after the number, or on both sides. */
function currencyIn(before: string, after: string, context: NamingContext): NamedCurrency {
  const names = [before, after].filter((name) => name !== "");
  let meant: NamedCurrencies | undefined;
  for (const name of names) {
    const found = currenciesNamed(name.toLowerCase(), context.locale);
    if (found === undefined)
      return /^[\p{L}\p{M}.$]+$|^\p{S}+$/u.test(name)
        ? unread("unknown-currency", name)
        : unread("not-an-amount");
    meant = meant === undefined ? found : inBoth(meant, found);
  }
  if (meant === undefined) return { ok: true, code: undefined };
  if (meant.codes.length === 0) return unread("several-currencies");
  const code = currencyMeant(meant, context);
  return code === undefined ? unread("unknown-currency", names.join(" ")) : { ok: true, code };
}

/** What a locale puts between thousands and before decimals. */
type Separators = { readonly group: string; readonly decimal: string };

/** As many locales as Discord has. */
const separatorsByLocale = new BoundedMap<string, Separators>({ maxEntries: 40 });

function separatorsOf(locale: string): Separators {
  return separatorsByLocale.getOrInsertComputed(locale, separatorsIn);
}

function separatorsIn(locale: string): Separators {
  const parts = new Intl.NumberFormat(locale, {
    useGrouping: "always",
    numberingSystem: "latn",
  }).formatToParts(1_234_567.5);
  const part = (wanted: Intl.NumberFormatPartTypes) =>
    parts.find(({ type }) => type === wanted)?.value ?? "";
  return { group: part("group"), decimal: part("decimal") };
}

/** The locale, or English for a text that is none. */
function usable(locale: string): string {
  try {
    return Intl.NumberFormat.supportedLocalesOf(locale)[0] ?? "en-US";
  } catch {
    return "en-US";
  }
}

/**
 * The number in digits with any separators. A point or comma with three digits after it, alone, is
 * read as the locale does, and has an alternative: except commas where commas group, because nobody
 * there writes decimal commas, while points before decimals are known everywhere. Undefined when
 * the separators make no number.
 */
function numeralOf(written: string, locale: string): Numeral | undefined {
  const [mantissa = "", exponent] = written.toLowerCase().split("e");
  if (exponent !== undefined) return { digits: `${mantissa.replace(",", ".")}e${exponent}` };
  const marks = mantissa.replace(/\d/g, "");
  if (marks === "") return { digits: mantissa };
  const last = marks.at(-1) ?? "";
  const grouping = marks.slice(0, -1);
  const isSingle = marks.length === 1;
  const isPoint = last === "." || last === ",";
  if (isSingle && isPoint) return singlePoint(mantissa, last, locale);
  // "1.000,50": the last mark is another one, before the decimals.
  if (isPoint && !grouping.includes(last)) {
    const at = mantissa.lastIndexOf(last);
    const whole = ungrouped(mantissa.slice(0, at), grouping);
    return whole === undefined ? undefined : { digits: `${whole}.${mantissa.slice(at + 1)}` };
  }
  const whole = ungrouped(mantissa, marks);
  return whole === undefined ? undefined : { digits: whole };
}

function singlePoint(mantissa: string, mark: string, locale: string): Numeral | undefined {
  const [whole = "", fraction = ""] = mantissa.split(mark);
  const decimal = `${whole}.${fraction}`;
  const mayGroup = fraction.length === 3 && /^[1-9]\d{0,2}$/.test(whole);
  const own = separatorsOf(locale);
  if (mayGroup) {
    if (mark === "," && own.group === ",") return { digits: `${whole}${fraction}` };
    return own.decimal === mark
      ? { digits: decimal, alternative: `${whole}${fraction}` }
      : { digits: `${whole}${fraction}`, alternative: decimal };
  }
  // "1,0000" is no number where commas group; it is more likely a slip than four decimals.
  if (mark === "," && own.decimal !== "," && fraction.length > 3 && whole.length > 0)
    return /^0*$/.test(whole) ? { digits: decimal } : undefined;
  return { digits: decimal };
}

/** Digits without grouping marks, all of one kind; undefined when the groups are no groups. */
function ungrouped(text: string, marks: string): string | undefined {
  const [mark = ""] = marks;
  if ([...marks].some((other) => other !== mark)) return undefined;
  const [first = "", ...groups] = text.split(mark);
  const isOfThree = /^\d{1,3}$/.test(first) && groups.every((group) => group.length === 3);
  // Lakhs and crores: 12,34,567.
  const isIndian =
    /^\d{1,2}$/.test(first) &&
    groups.at(-1)?.length === 3 &&
    groups.slice(0, -1).every((group) => group.length === 2);
  return isOfThree || isIndian ? [first, ...groups].join("") : undefined;
}
