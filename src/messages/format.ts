import { isCurrency } from "../prices/currencies.ts";
import { BoundedMap } from "../process/bounded-map.ts";
import { DAY_MS } from "../valuation/calendar.ts";
import { fromUsd, type ShownCurrency } from "../valuation/currency.ts";
import { closestLocale } from "./locale-match.ts";
import { languageOf, say } from "./say.ts";

/**
 * Discord's locale codes (https://discord.com/developers/docs/reference#locales, checked
 * 2026-11-01).
 */
export const DISCORD_LOCALES = [
  ...[
    "id",
    "da",
    "de",
    "en-GB",
    "en-US",
    "es-ES",
    "es-419",
    "fr",
    "hr",
    "it",
    "lt",
    "hu",
    "nl",
    "no",
    "pl",
    "pt-BR",
    "ro",
    "fi",
  ],
  ...["sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja", "zh-TW", "ko"],
] as const;

// Numbers outside these bounds are unreadable in full: they are shown as ">" or "<" the bound.
const LARGEST = 1e18;
const SMALLEST = 1e-18;
// Half a dollar below a million, so that no amount is rounded up to "1,000,000" instead of being
// written as a million.
const COMPACT_FROM = 999_999.5;
const A_MILLION = 1_000_000;
// Enough to check the arithmetic, and few enough to type into a calculator.
const PRECISE_DIGITS = 6;
/** Amounts of a currency below this are written with cents; of larger ones nobody wants to know. */
export const CENTS_BELOW = 10_000;
// A unit worth more than this many dollars is no money that people count in cents.
const MAX_UNIT_USD = 100;
// Node 20 accepts no more.
const MAX_FRACTION_DIGITS = 20;
const LAMBO_TIERS = [1, 10, 100];
const NOT_A_NUMBER = "–";
const A_SUNDAY_MS = Date.parse("2026-11-22");

/**
 * Formats an amount of US dollars in the currency shown, as people write it: "$1,000", "$469.98",
 * "$382,942", "€1.23 million". Cents stand below 10,000 and never behind a whole amount; what is
 * less than a cent reads "<$0.01", so that only zero reads as zero. For the price of a coin see
 * {@link formatPrice}.
 */
export function formatMoney(amountUsd: number, currency: ShownCurrency, locale: string): string {
  const amount = fromUsd(amountUsd, currency);
  return isBelowACent(amount, currency)
    ? `<${centText(currency, locale)}`
    : bounded(amount, (finite) => moneyText(finite, currency, locale));
}

/**
 * {@link formatMoney} for the middle of a sentence, where what is less than a cent reads "less than
 * $0.01".
 */
export function moneyInProse(amountUsd: number, currency: ShownCurrency, locale: string): string {
  return isBelowACent(fromUsd(amountUsd, currency), currency)
    ? say(locale, "money.below", { amount: centText(currency, locale) })
    : formatMoney(amountUsd, currency, locale);
}

/**
 * Formats the price of one coin, in US dollars, in the currency shown. Below one unit it keeps its
 * significant digits: "$0.0004174".
 */
export function formatPrice(priceUsd: number, currency: ShownCurrency, locale: string): string {
  return bounded(fromUsd(priceUsd, currency), (price) =>
    numberOrCompact(price, priceDigits(price, currency), currency, locale),
  );
}

/**
 * {@link formatMoney} for a narrow place, from 10,000 on with three digits: "$12.3K", "$1.23M".
 * `isNarrow` writes the bare sign of currencies that share it ("$" for Canadian dollars too), for
 * where the currency is named elsewhere.
 */
export function formatMoneyBriefly(
  amountUsd: number,
  currency: ShownCurrency,
  locale: string,
  { isNarrow = false }: { readonly isNarrow?: boolean } = {},
): string {
  const amount = fromUsd(amountUsd, currency);
  const isLarge = Math.abs(amount) >= CENTS_BELOW;
  if (isNarrow ? isBelowACent(amount, currency) : !isLarge)
    return formatMoney(amountUsd, currency, locale);
  const options = isLarge ? BRIEF : moneyDigits(amount, currency);
  return bounded(amount, (finite) =>
    isNarrow
      ? numberFormat(locale, { ...options, ...money(currency), ...BARE_SIGN }).format(finite)
      : largeMoneyText(finite, options, currency, locale),
  );
}

/** {@link formatPrice} for a place too narrow for zeros and for words: "$5.22E-14". */
export function formatPriceInPowers(
  priceUsd: number,
  currency: ShownCurrency,
  locale: string,
): string {
  return bounded(fromUsd(priceUsd, currency), (price) =>
    numberFormat(locale, {
      ...money(currency),
      notation: "scientific",
      maximumSignificantDigits: 3,
    }).format(price),
  );
}

/**
 * {@link formatMoney}, rounded up to the least amount that can be shown and `isEnough`: 659.331
 * reads "$659.34". `isEnough` takes an amount of the currency and decides despite floating-point
 * noise: an amount a hair above 500 may read "$500".
 */
export function formatMoneyUp(
  amountUsd: number,
  currency: ShownCurrency,
  locale: string,
  isEnough: (amount: number) => boolean,
): string {
  // `fromUsd` may round down.
  return bounded(amountUsd * currency.perUsd, (amount) => {
    const digits =
      Math.abs(amount) >= COMPACT_FROM ? COMPACT : unroundedMoneyDigits(amount, currency);
    return moneyText(leastEnough(amount, digits, isEnough), currency, locale);
  });
}

/**
 * Like {@link formatMoney}, with a plus sign for a gain: "+$381,942", "-€5". Less than a cent reads
 * "less than $0.01" or "a loss of less than $0.01".
 */
export function formatSignedMoney(
  amountUsd: number,
  currency: ShownCurrency,
  locale: string,
): string {
  const amount = fromUsd(amountUsd, currency);
  if (isBelowACent(amount, currency)) {
    const cent = { amount: centText(currency, locale) };
    return amount < 0 ? say(locale, "money.loss-below", cent) : say(locale, "money.below", cent);
  }
  return bounded(amount, (finite) =>
    numberOrCompact(
      finite,
      { ...moneyDigits(finite, currency), signDisplay: "exceptZero" },
      currency,
      locale,
    ),
  );
}

/**
 * An amount or a price for readers who check the arithmetic, with six significant digits at most:
 * "$0.000417407", "$426,564", "$1.23457 million". A difference is shown with no more decimals than
 * `like`, the smaller of the two amounts that it is the difference of.
 */
export function formatMoneyPrecise(
  amountUsd: number,
  currency: ShownCurrency,
  locale: string,
  like = amountUsd,
): string {
  return bounded(fromUsd(amountUsd, currency), (amount) => {
    const digits = fewerDecimals(preciseDigits(amount), preciseDigits(fromUsd(like, currency)));
    const cents = Number.isInteger(rounded(amount, digits)) ? {} : withCents(digits, currency);
    return numberOrCompact(
      amount,
      { ...digits, ...cents, signDisplay: "negative" },
      currency,
      locale,
    );
  });
}

/** An amount of a currency (ISO 4217) with every digit that it has: "$1,234.5678". */
export function formatMoneyExact(amount: number, code: string, locale: string): string {
  return bounded(amount, (exact) =>
    numberFormat(locale, {
      ...money({ code, perUsd: 1 }),
      ...(Number.isInteger(exact)
        ? { maximumFractionDigits: 0 }
        : { maximumFractionDigits: MAX_FRACTION_DIGITS }),
    }).format(exact),
  );
}

/**
 * The name of a currency (ISO 4217) in the language that is spoken to this locale: "US Dollar". The
 * code itself when it is not one.
 */
export function formatCurrencyName(code: string, locale: string): string {
  if (!isCurrency(code)) return code;
  const language = languageOf(locale);
  const names = memo(
    `currency names ${language}`,
    () => new Intl.DisplayNames([language], { type: "currency" }),
  );
  return names.of(code) ?? code;
}

/**
 * A bare number with six significant digits at most, for readers who check the arithmetic. Like
 * {@link formatLambos} it never rounds up to 1, 10 or 100 where `isLambos`.
 */
export function formatNumberPrecise(
  amount: number,
  locale: string,
  { isLambos = false }: { readonly isLambos?: boolean } = {},
): string {
  return numberText(amount, preciseNumber(amount, isLambos), locale);
}

/** {@link formatNumberPrecise} of a number of Lambos, with the number for a plural. */
export function preciseLambosShown(lambos: number, locale: string): Shown {
  return shown(lambos, preciseNumber(lambos, true), locale);
}

/**
 * Whether six significant digits show the whole of a number, but for floating-point noise: where
 * they do not, the reader is told that the figure is rounded.
 */
export function isExactInSixDigits(amount: number): boolean {
  return amount === 0 || Math.abs(Number(amount.toPrecision(PRECISE_DIGITS)) / amount - 1) < 1e-12;
}

/** A number as text, and the number that chooses the plural beside it. */
export type Shown = {
  readonly text: string;
  /**
   * The number that the text shows, without its sign; a million for what is shown in millions or
   * more, which is followed by the same words as a million.
   */
  readonly count: number;
};

/**
 * Formats a number of Lambos. Rounds, except up to 1, 10 or 100: 0.9996 never reads as 1, because
 * the words beside it say otherwise.
 */
export function formatLambos(lambos: number, locale: string): string {
  return numberText(lambos, lamboNumber(lambos), locale);
}

/** {@link formatLambos}, with the number for a plural. */
export function lambosShown(lambos: number, locale: string): Shown {
  return shown(lambos, lamboNumber(lambos), locale);
}

/**
 * The last place that {@link formatLambos} writes of such a number: 1, 0.1 or 0.01. Below 0.1,
 * where two digits are written, it is 0.01 too.
 */
export function lamboStep(lambos: number): number {
  return 10 ** -(lamboDigits(lambos).maximumFractionDigits ?? 2);
}

/** Fewer Lambos than this are next to none: short texts say only that there are fewer. */
export const LEAST_LAMBOS = 0.001;

/** {@link formatLambos} for a narrow column: "3.58B", "<0.001". */
export function formatLambosBriefly(lambos: number, locale: string): string {
  if (lambos >= COMPACT_FROM)
    return bounded(lambos, (amount) => numberFormat(locale, BRIEF).format(amount));
  return lambos > 0 && lambos < LEAST_LAMBOS
    ? `<${formatLambos(LEAST_LAMBOS, locale)}`
    : formatLambos(lambos, locale);
}

/** {@link formatLambosBriefly}, with the number for a plural. */
export function lambosShownBriefly(lambos: number, locale: string): Shown {
  return { ...lambosShown(lambos, locale), text: formatLambosBriefly(lambos, locale) };
}

/** A change in a number of Lambos, with its sign: "+0.31", "-2.4", "0". Only zero reads as zero. */
export function formatSignedLambos(change: number, locale: string): string {
  return signedLambosShown(change, locale).text;
}

/** {@link formatSignedLambos}, with the number for a plural. */
export function signedLambosShown(change: number, locale: string): Shown {
  return shown(change, { ...unboundLamboNumber(change), signDisplay: "exceptZero" }, locale);
}

/** A multiple that stands by itself: "383×", "0.42×". */
export function formatMultiple(multiple: number, locale: string): string {
  return say(locale, "multiple", { text: formatTimes(multiple, locale) });
}

/** A multiple without its sign, for a sentence that has one: "383", "12 million". */
export function formatTimes(multiple: number, locale: string): string {
  return numberText(multiple, timesNumber(multiple), locale);
}

/** {@link formatTimes}, with the number for a plural. */
export function timesShown(multiple: number, locale: string): Shown {
  return shown(multiple, timesNumber(multiple), locale);
}

/** A fraction as a percentage: 0.125 is "12.5%". Only a total loss reads "-100%". */
export function formatPercent(fraction: number, locale: string): string {
  return bounded(fraction, (amount) => {
    const options: NumberOptions = {
      style: "percent",
      ...threeDigits(amount * 100),
    };
    const wouldReadAsWhole = Math.abs(amount) < 1 && Math.abs(amount) > 0.999;
    return numberFormat(
      locale,
      wouldReadAsWhole ? { ...options, roundingMode: "trunc" } : options,
    ).format(amount);
  });
}

/**
 * The size of a change as a percentage with two digits or so: 0.1234 is "12%", -0.0123 is "1.2%".
 */
export function formatChange(change: number, locale: string): string {
  const size = Math.abs(change);
  return formatPercent(
    size >= 0.1 ? Math.round(size * 100) / 100 : Math.round(size * 1000) / 1000,
    locale,
  );
}

/** A change in words: "up 12%", "down 1.2%", "unchanged". */
export function percentInWords(change: number, locale: string): string {
  if (change === 0) return say(locale, "change.none");
  const percent = formatChange(change, locale);
  return change < 0
    ? say(locale, "change.down", { percent })
    : say(locale, "change.up", { percent });
}

/** A whole number with digit grouping: "5,479". */
export function formatCount(count: number, locale: string): string {
  return bounded(count, (amount) =>
    numberFormat(locale, { maximumFractionDigits: 0 }).format(amount),
  );
}

/** A UTC calendar day (YYYY-MM-DD) in words: "Dec 15, 2013". Text that is not a day reads "–". */
export function formatDay(on: string, locale: string): string {
  const at = Date.parse(on);
  return Number.isNaN(at) ? NOT_A_NUMBER : asWritten(dateFormat(locale, DAY).format(at), locale);
}

/** UTC days (YYYY-MM-DD), both included. */
export type Days = { readonly from: string; readonly to: string };

/**
 * A span of UTC days in words, as short as can be: "Oct 4 – 31, 2026", "Dec 15, 2013 – Jan 11,
 * 2014". The year always stands: the reader may look at it in any other.
 */
export function formatDays(days: Days, locale: string): string {
  return spanText("days", days, locale, (start, end) =>
    // Some fonts have no thin space.
    asWritten(dateFormat(locale, DAY).formatRange(start, end).replaceAll("\u2009", " "), locale),
  );
}

/**
 * The month or the two months of a span of UTC days: "December 2013", "March and April 2015",
 * "December 2013 and January 2014". The year that two months share stands once.
 */
export function formatMonths(days: Days, locale: string): string {
  const { from, to } = days;
  return spanText("months", days, locale, (start, end) => {
    const month = (at: number, fields: DateFields): string =>
      asWritten(dateFormat(locale, fields).format(at), locale);
    if (from.slice(0, 7) === to.slice(0, 7)) return month(end, MONTH);
    const isOneYear = from.slice(0, 4) === to.slice(0, 4);
    return say(locale, "months.two", {
      first: month(start, isOneYear && !isYearFirst(locale) ? MONTH_OF_YEAR : MONTH),
      second: month(end, isOneYear && isYearFirst(locale) ? MONTH_OF_YEAR : MONTH),
    });
  });
}

/** The spans of a coin stay the same all day, and Intl formats them slowly. */
const spanTexts = new BoundedMap<string, string>({ maxEntries: 2_000 });

function spanText(
  kind: "days" | "months",
  { from, to }: Days,
  locale: string,
  format: (startMs: number, endMs: number) => string,
): string {
  return spanTexts.getOrInsertComputed(`${kind} ${locale} ${from} ${to}`, () => {
    const [start, end] = [Date.parse(from), Date.parse(to)];
    return Number.isNaN(start) || Number.isNaN(end) ? NOT_A_NUMBER : format(start, end);
  });
}

/**
 * Whether the year stands before the month: of two dates in one year it is then the first that has
 * it ("2026年10月と11月").
 */
export function isYearFirst(locale: string): boolean {
  return memo(`year first ${known(locale)}`, () => {
    const parts = dateFormat(locale, DAY).formatToParts(A_SUNDAY_MS);
    return parts.find(({ type }) => type === "year" || type === "month")?.type === "year";
  });
}

/** {@link formatDay} without the year, for a span within one year: "Oct 27". */
export function formatDayOfYear(on: string, locale: string): string {
  const at = Date.parse(on);
  return Number.isNaN(at)
    ? NOT_A_NUMBER
    : asWritten(dateFormat(locale, DAY_OF_YEAR).format(at), locale);
}

/** {@link formatDay} where its month's name has no room: "15.12.2013", "2013/12/15". */
export function formatDayInDigits(on: string, locale: string): string {
  return inDigits(on, locale, DAY_IN_DIGITS);
}

/** {@link formatDayOfYear} in the same way: "27.10.", "10/27". */
export function formatDayOfYearInDigits(on: string, locale: string): string {
  return inDigits(on, locale, DAY_OF_YEAR_IN_DIGITS);
}

function inDigits(on: string, locale: string, fields: DateFields): string {
  const at = Date.parse(on);
  return Number.isNaN(at) ? NOT_A_NUMBER : dateFormat(locale, fields).format(at);
}

/** A calendar day of this year with its day of the week: "Mon, Nov 16". */
export function formatDayOfWeek(on: string, locale: string): string {
  const at = Date.parse(on);
  return Number.isNaN(at)
    ? NOT_A_NUMBER
    : asWritten(dateFormat(locale, { ...DAY_OF_YEAR, weekday: "short" }).format(at), locale);
}

/** The name of a day of the week, 1 for Monday to 7 for Sunday: "Monday", or "Mon" when short. */
export function formatWeekday(
  weekday: number,
  locale: string,
  length: "long" | "short" = "long",
): string {
  return dateFormat(locale, { weekday: length }).format(A_SUNDAY_MS + weekday * DAY_MS);
}

/** How long ago an instant was, at least a minute: "3 hours ago". */
export function formatAge(at: Date, now: Date, locale: string): string {
  const minutes = Math.max(1, Math.round((now.getTime() - at.getTime()) / 60_000));
  if (!Number.isFinite(minutes)) return NOT_A_NUMBER;
  const ago = memo(
    `age ${known(locale)}`,
    () => new Intl.RelativeTimeFormat(known(locale), { numeric: "always" }),
  );
  const hours = Math.round(minutes / 60);
  if (minutes < 60) return asWritten(ago.format(-minutes, "minute"), locale);
  return hours < 48
    ? asWritten(ago.format(-hours, "hour"), locale)
    : asWritten(ago.format(-Math.round(hours / 24), "day"), locale);
}

/** A date, a span of days or an age as its readers write it, where Intl writes it otherwise. */
function asWritten(text: string, locale: string): string {
  return AS_WRITTEN.get(known(locale))?.(text) ?? text;
}

/** By locale, what people write otherwise than the data of Node 20 and 22 (CLDR 44 to 47). */
const AS_WRITTEN: ReadonlyMap<string, (text: string) => string> = new Map([
  // "1er janv. 2026"
  ["fr", (text) => text.replace(/(?<!\d)1(?!\d)/g, "1er")],
  // "1º de jan. de 2026"
  ["pt-BR", (text) => text.replace(/(?<!\d)1(?!\d)/g, "1º")],
  // "1–12 gen 2026", not "01–12"
  ["it", (text) => text.replace(/(?<!\d)0(?=\d)/g, "")],
  // "30 paź – 26 lis 2026", but "1–12 sty 2026"
  ["pl", (text) => text.replace(/(?<=\p{L}|\d{4})–/u, " – ")],
  // "1 янв. 2026", without the abbreviated word for year, whose full stop would end a sentence
  ["ru", (text) => text.replace(/\sг\./g, "")],
  // "3時間前"
  ["ja", (text) => text.replaceAll(" ", "")],
]);

/**
 * Text from outside (a coin's name, what somebody typed) as one plain line of at most `maxLength`
 * UTF-16 units, without control, bidi or invisible characters or stacks of accents. May be empty.
 */
export function plainText(text: string, maxLength: number): string {
  const line = text
    // Limits the work on absurd input; far less is shown.
    .slice(0, 4000)
    .normalize("NFC")
    .replace(/\s+/gu, " ")
    .replace(/[\p{C}\p{Default_Ignorable_Code_Point}]/gu, "")
    .replace(/(\p{M}{3})\p{M}+/gu, "$1")
    .trim();
  return shortened(line, maxLength);
}

/** A text of our own, cut to at most `maxLength` UTF-16 units. */
export function shortened(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  let start = "";
  for (const character of text) {
    if (start.length + character.length > maxLength - 1) break;
    start += character;
  }
  return `${start.trimEnd()}…`;
}

/**
 * A text from outside for the middle of a sentence that runs from left to right: where it has
 * letters that run from right to left, it is isolated, so that the words around it stay in order
 * (https://unicode.org/reports/tr9/#Explicit_Directional_Isolates, 2026-11).
 */
export function isolated(text: string): string {
  return RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text;
}

/** Hebrew, Arabic, Syriac, Thaana, NKo and the others that run from right to left. */
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * {@link plainText} for places where Discord reads markdown: looks the same, but forms no mention,
 * link or style, and is {@link isolated}. At most 2 × `maxLength` and 2.
 */
export function escapedText(text: string, maxLength: number): string {
  return isolated(
    plainText(text, maxLength)
      .replace(/[\\`*_~|[\]()<>#]/g, "\\$&")
      // A backslash does not neutralize these two; an invisible space does.
      .replace(/@/g, "@\u200b")
      .replace(/:(?=\/)/g, ":\u200b"),
  );
}

type NumberOptions = Intl.NumberFormatOptions;

const COMPACT: NumberOptions = {
  notation: "compact",
  compactDisplay: "long",
  maximumSignificantDigits: 3,
  useGrouping: true,
};

const BRIEF: NumberOptions = { ...COMPACT, compactDisplay: "short" };

const PRECISE: NumberOptions = { maximumSignificantDigits: PRECISE_DIGITS };

/** How {@link formatLambos} writes a number. */
function lamboNumber(lambos: number): NumberOptions {
  const options = unboundLamboNumber(lambos);
  return options === COMPACT ? COMPACT : withinTier(lambos, options);
}

/** The same for a number that may be rounded up to a whole Lambo. */
function unboundLamboNumber(lambos: number): NumberOptions {
  const size = Math.abs(lambos);
  return size >= COMPACT_FROM ? COMPACT : lamboDigits(size);
}

/** How {@link formatTimes} writes a number. */
function timesNumber(multiple: number): NumberOptions {
  return Math.abs(multiple) >= COMPACT_FROM ? COMPACT : threeDigits(multiple);
}

/** How {@link formatNumberPrecise} writes a number. */
function preciseNumber(amount: number, isLambos: boolean): NumberOptions {
  if (Math.abs(amount) >= COMPACT_FROM) return { ...COMPACT, ...PRECISE };
  const digits = preciseDigits(amount);
  return isLambos ? withinTier(amount, digits) : digits;
}

function numberText(amount: number, options: NumberOptions, locale: string): string {
  return bounded(amount, (finite) => numberFormat(locale, options).format(finite));
}

function shown(amount: number, options: NumberOptions, locale: string): Shown {
  return { text: numberText(amount, options, locale), count: countOf(amount, options) };
}

/** The number for a plural beside an amount that is written with these options. */
function countOf(
  amount: number,
  { maximumFractionDigits, maximumSignificantDigits = 1, roundingMode }: NumberOptions,
): number {
  const size = Math.abs(amount);
  if (size >= COMPACT_FROM) return A_MILLION;
  // However it is rounded, this reads as less than one.
  if (!(size >= LEAST_LAMBOS)) return size;
  const decimals =
    maximumFractionDigits ?? maximumSignificantDigits - 1 - Math.floor(Math.log10(size));
  const round = roundingMode === "trunc" ? Math.trunc : Math.round;
  // Moving the decimal point in the text rounds 1.005 as Intl does; multiplying it does not.
  return Number(`${round(Number(`${size}e${decimals}`))}e${-decimals}`);
}

/** These digits, cut off instead of rounded where rounding would reach 1, 10 or 100 Lambos. */
function withinTier(lambos: number, digits: NumberOptions): NumberOptions {
  const nextTier = LAMBO_TIERS.find((tier) => lambos < tier);
  // 9.995 is a little less in binary, and is rounded up all the same.
  return nextTier !== undefined && rounded(lambos * (1 + 1e-12), digits) >= nextTier
    ? { ...digits, roundingMode: "trunc" }
    : digits;
}

/** The number that these digits show. */
function rounded(amount: number, digits: NumberOptions): number {
  const { maximumFractionDigits, maximumSignificantDigits } = digits;
  if (maximumFractionDigits === undefined)
    return Number(amount.toPrecision(maximumSignificantDigits));
  return Math.round(amount * 10 ** maximumFractionDigits) / 10 ** maximumFractionDigits;
}

function money({ code }: ShownCurrency): NumberOptions {
  return { style: "currency", currency: code };
}

/** How many decimals the currency has: 2 with cents, 0 for yen, 3 for Kuwaiti dinars. */
function decimalsOf({ code }: ShownCurrency): number {
  return memo(
    `decimals ${code}`,
    () =>
      new Intl.NumberFormat("en-US", { style: "currency", currency: code }).resolvedOptions()
        .maximumFractionDigits ?? 2,
  );
}

/** The smallest amount of money that is counted: a cent, a yen. */
function aCent(currency: ShownCurrency): number {
  return 10 ** -decimalsOf(currency);
}

function centText(currency: ShownCurrency, locale: string): string {
  return moneyText(aCent(currency), currency, locale);
}

/** Whether an amount is money, but would read as none at all. */
function isBelowACent(amount: number, currency: ShownCurrency): boolean {
  return amount !== 0 && !isCoarse(currency) && Math.abs(amount) < aCent(currency) / 2;
}

/** Whether a cent of it is real money: such a currency, like bitcoin, is counted by its digits. */
function isCoarse({ perUsd }: ShownCurrency): boolean {
  return perUsd * MAX_UNIT_USD < 1;
}

/** How an amount of money is written before it is known what it rounds to. */
function unroundedMoneyDigits(amount: number, currency: ShownCurrency): NumberOptions {
  if (isCoarse(currency)) return PRECISE;
  const decimals = Math.abs(amount) >= CENTS_BELOW ? 0 : decimalsOf(currency);
  return { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
}

/** How an amount of money is written: a whole one without cents. */
function moneyDigits(amount: number, currency: ShownCurrency): NumberOptions {
  const digits = unroundedMoneyDigits(amount, currency);
  return isCoarse(currency) || !Number.isInteger(rounded(amount, digits)) ? digits : WHOLE;
}

const WHOLE: NumberOptions = { minimumFractionDigits: 0, maximumFractionDigits: 0 };

/** How the price of a coin is written: with significant digits below one unit. */
function priceDigits(price: number, currency: ShownCurrency): NumberOptions {
  const size = Math.abs(price);
  const decimals = decimalsOf(currency);
  if (Number.isInteger(price) || size >= CENTS_BELOW) return WHOLE;
  if (size >= 1) {
    const digits = {
      minimumFractionDigits: Math.min(2, decimals),
      maximumFractionDigits: Math.max(2, decimals),
    };
    return Number.isInteger(rounded(price, digits)) ? WHOLE : digits;
  }
  const minimumFractionDigits = Math.min(2, decimals);
  if (size >= 0.1) return { minimumFractionDigits, maximumFractionDigits: 4 };
  if (size >= 0.01) return { minimumFractionDigits, maximumFractionDigits: 5 };
  return { maximumSignificantDigits: 4 };
}

function moneyText(amount: number, currency: ShownCurrency, locale: string): string {
  return numberOrCompact(amount, moneyDigits(amount, currency), currency, locale);
}

/** An amount with these digits, or from a million up in millions. */
function numberOrCompact(
  amount: number,
  digits: NumberOptions,
  currency: ShownCurrency,
  locale: string,
): string {
  return Math.abs(amount) >= COMPACT_FROM
    ? compactMoney(amount, digits, currency, locale)
    : numberFormat(locale, { ...money(currency), ...digits }).format(amount);
}

/**
 * The first amount with these digits, near the given one, that is enough; otherwise the next amount
 * above it.
 */
function leastEnough(
  amount: number,
  digits: NumberOptions,
  isEnough: (amount: number) => boolean,
): number {
  const { maximumFractionDigits, maximumSignificantDigits = 1 } = digits;
  const magnitude = Number(amount.toExponential().split("e")[1]);
  const stepExponent =
    maximumFractionDigits === undefined
      ? magnitude + 1 - maximumSignificantDigits
      : -maximumFractionDigits;
  const steps = Math.floor(amount / 10 ** stepExponent);
  // A double this large has no further digits.
  if (!Number.isSafeInteger(steps + 2)) return amount;
  // Parsing the digits is exact; multiplying by a power of ten is not.
  const around = [steps, steps + 1, steps + 2].map((count) => Number(`${count}e${stepExponent}`));
  return around.find((shown) => shown > 0 && isEnough(shown)) ?? around[1] ?? amount;
}

/** Six significant digits, as decimals where Intl has so many. */
function preciseDigits(amount: number): NumberOptions {
  const size = Math.abs(amount);
  if (!(size < COMPACT_FROM)) return PRECISE;
  const decimals = size === 0 ? 0 : PRECISE_DIGITS - 1 - Math.floor(Math.log10(size));
  return decimals > MAX_FRACTION_DIGITS
    ? PRECISE
    : { minimumFractionDigits: 0, maximumFractionDigits: Math.max(0, decimals) };
}

function fewerDecimals(digits: NumberOptions, others: NumberOptions): NumberOptions {
  const { maximumFractionDigits } = digits;
  const most = others.maximumFractionDigits;
  return maximumFractionDigits === undefined || most === undefined || most >= maximumFractionDigits
    ? digits
    : { minimumFractionDigits: 0, maximumFractionDigits: most };
}

/** At least the currency's decimals, so that half a dollar is "$0.50". */
function withCents(
  { maximumFractionDigits }: NumberOptions,
  currency: ShownCurrency,
): NumberOptions {
  return maximumFractionDigits === undefined
    ? {}
    : { minimumFractionDigits: Math.min(2, decimalsOf(currency), maximumFractionDigits) };
}

function lamboDigits(lambos: number): NumberOptions {
  if (lambos >= 100) return { maximumFractionDigits: 0 };
  if (lambos >= 10) return { maximumFractionDigits: 1 };
  return lambos >= 0.1 ? { maximumFractionDigits: 2 } : { maximumSignificantDigits: 2 };
}

function threeDigits(amount: number): NumberOptions {
  return Math.abs(amount) >= 1000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 };
}

function compactMoney(
  amount: number,
  { maximumSignificantDigits, signDisplay = "auto" }: NumberOptions,
  currency: ShownCurrency,
  locale: string,
): string {
  const digits = maximumSignificantDigits === undefined ? {} : PRECISE;
  if (UNIT_NAMES.has(known(locale)))
    return largeMoneyText(amount, { ...COMPACT, ...digits, signDisplay }, currency, locale);
  // Intl has long compact numbers ("1.23 million") and currencies, but not both at once
  // ("$1.23M"), so the compact number replaces the digits.
  const compact = numberFormat(locale, { ...COMPACT, ...digits }).format(Math.abs(amount));
  const whole: NumberOptions = { ...money(currency), ...WHOLE, useGrouping: false, signDisplay };
  const parts = numberFormat(locale, whole).formatToParts(amount);
  const unit = parts.find(({ type }) => type === "currency")?.value ?? "";
  const text = parts.map((part) => (part.type === "integer" ? compact : part.value)).join("");
  return MILLIONS_OF.get(known(locale))?.(text, unit) ?? text;
}

/** By locale, what stands between millions and the sign of a currency behind them. */
const MILLIONS_OF: ReadonlyMap<string, (text: string, unit: string) => string> = new Map([
  ["fr", (text, unit) => insertedBefore(text, unit, unit === "€" ? "d’" : "de\u00a0")],
  ["es-ES", (text, unit) => insertedBefore(text, unit, "de\u00a0")],
  // "mille miliardi di $", not "1 mille"
  [
    "it",
    (text, unit) => insertedBefore(text, unit, "di\u00a0").replace(/(?<!\d)1\s(?=mille\s)/u, ""),
  ],
]);

function insertedBefore(text: string, end: string, word: string): string {
  return text.endsWith(end) ? `${text.slice(0, -end.length)}${word}${end}` : text;
}

/** An amount of money in a compact notation: "$1.23M", "1,510万ドル". */
function largeMoneyText(
  amount: number,
  compact: NumberOptions,
  currency: ShownCurrency,
  locale: string,
): string {
  const unitName = UNIT_NAMES.get(known(locale));
  if (unitName === undefined)
    return numberFormat(locale, { ...compact, ...money(currency) }).format(amount);
  const options: NumberOptions = { ...compact, ...money(currency), currencyDisplay: "name" };
  const parts = numberFormat(locale, options).formatToParts(amount);
  return parts.map(({ type, value }) => (type === "currency" ? unitName(value) : value)).join("");
}

/**
 * Where large amounts have the name of the unit behind them, and never a sign in front: how people
 * shorten the full name that Intl gives. American dollars are just dollars there.
 */
const UNIT_NAMES: ReadonlyMap<string, (name: string) => string> = new Map([
  ["ja", (name) => name.replace(/^米(?=ドル$)/u, "")],
  ["ko", (name) => name.replace(/^(?:미국 (?=달러$)|대한민국 (?=원$))/u, "")],
]);

function bounded(amount: number, format: (amount: number) => string): string {
  if (!Number.isFinite(amount)) return NOT_A_NUMBER;
  if (amount === 0) return format(0);
  const size = Math.abs(amount);
  if (size > LARGEST) return `>${format(Math.sign(amount) * LARGEST)}`;
  if (size < SMALLEST) return `<${format(Math.sign(amount) * SMALLEST)}`;
  return format(amount);
}

/** The locale that a reader's numbers and dates are formatted in: the closest of Discord's. */
function known(locale: string): string {
  const before = intlLocales.get(locale);
  if (before !== undefined) return before;
  const exact = DISCORD_LOCALES.find((code) => code === locale);
  const match = exact ?? closestLocale(locale, DISCORD_LOCALES) ?? "en-US";
  const intl = match === "no" ? "nb" : match;
  if (intlLocales.size < MAX_LOCALES) intlLocales.set(locale, intl);
  return intl;
}

const intlLocales = new Map<string, string>();
/** More than people have: a locale may be any text, and others are looked up each time. */
const MAX_LOCALES = 500;

// Creating an Intl formatter takes longer than building a whole card, and few combinations occur.
const formatters = new Map<string, unknown>();

function memo<Formatter>(key: string, build: () => Formatter): Formatter {
  // A key identifies the kind of formatter and all its options, so the value under it was made by
  // the same `build`.
  const existing = formatters.get(key) as Formatter | undefined;
  if (existing !== undefined) return existing;
  const built = build();
  formatters.set(key, built);
  return built;
}

function numberFormat(locale: string, options: NumberOptions): Intl.NumberFormat {
  const code = known(locale);
  return memo(
    `number ${code} ${JSON.stringify(options)}`,
    () =>
      new Intl.NumberFormat(code, {
        ...(options.currency === "USD" && !OWN_DOLLARS.has(code) ? BARE_SIGN : {}),
        ...options,
        numberingSystem: "latn",
      }),
  );
}

/** US dollars as "$1,000": the data of many languages has "1000 USD" or "US$1,000". */
const BARE_SIGN: NumberOptions = { currencyDisplay: "narrowSymbol" };
/** Where "$" by itself could be read as money of the reader's own country. */
const OWN_DOLLARS: ReadonlySet<string> = new Set(["es-419", "pt-BR", "zh-TW"]);

type DateFields = Pick<Intl.DateTimeFormatOptions, "day" | "month" | "year" | "weekday">;

const DAY: DateFields = { day: "numeric", month: "short", year: "numeric" };
const DAY_OF_YEAR: DateFields = { day: "numeric", month: "short" };
const DAY_IN_DIGITS: DateFields = { day: "numeric", month: "numeric", year: "numeric" };
const DAY_OF_YEAR_IN_DIGITS: DateFields = { day: "numeric", month: "numeric" };
const MONTH: DateFields = { month: "long", year: "numeric" };
const MONTH_OF_YEAR: DateFields = { month: "long" };

function dateFormat(locale: string, fields: DateFields): Intl.DateTimeFormat {
  const code = known(locale);
  // Thai defaults to the Buddhist calendar, but all other dates about a coin are Gregorian.
  return memo(
    `date ${code} ${JSON.stringify(fields)}`,
    () => new Intl.DateTimeFormat(code, { ...fields, timeZone: "UTC", calendar: "gregory" }),
  );
}
