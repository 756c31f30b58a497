import { everyCurrency, isCurrency } from "../prices/currencies.ts";
import { BoundedMap } from "../process/bounded-map.ts";

/** Where a currency is named: what decides between the currencies that share a name. */
export type NamingContext = {
  /** The reader's locale, such as `pt-BR`. */
  readonly locale: string;
  /** The currency that counts when none is named, ISO 4217: usually the server's. */
  readonly currency: string;
};

/** The currencies (ISO 4217) that a name may mean, and which one it means where nothing decides. */
export type NamedCurrencies = {
  readonly codes: readonly string[];
  readonly standard: string | undefined;
};

/**
 * What a noun that several currencies share means where neither the server nor the locale decides.
 * Nouns that are missing here, such as "peso", mean nothing then.
 */
const STANDARDS: Readonly<Record<string, string>> = {
  dollar: "USD",
  pound: "GBP",
  rupee: "INR",
  franc: "CHF",
  won: "KRW",
  ruble: "RUB",
  leu: "RON",
  krone: "NOK",
};

/** Signs that several currencies share. */
const SHARED_SIGNS: Readonly<Record<string, readonly string[]>> = {
  "¥": ["JPY", "CNY"],
  元: ["CNY", "TWD", "HKD"],
  kr: ["SEK", "NOK", "DKK", "ISK"],
  rs: ["INR", "PKR", "LKR", "NPR", "MUR"],
  "£": ["GBP", "EGP", "FKP", "GIP", "SHP", "SSP", "SYP", "LBP"],
};

/** Names beyond those that Unicode has, by the English noun, sign or code that they stand for. */
const ALIASES: Readonly<Record<string, string>> = {
  $: "usd$ buck bucks dollars dólar dólares dolar dolares dolari dollari dollaria dolarów доллар доллара долларов баксов баксы доларів ドル 달러 डॉलर ดอลลาร์",
  USD: "us$ u$s u$d usdollar 美元 美金",
  AUD: "a$ au$ aud$",
  CAD: "c$ ca$ can$ cad$",
  NZD: "nz$ nzd$ kiwi",
  SGD: "s$ sgd$",
  HKD: "hk$ hkd$ 港元 港币",
  TWD: "nt$ nt twd$",
  MXN: "mx$ mex$ mxn$",
  BRL: "r$ reais real brl$",
  EUR: "€ euros euro avro balles pavos евро євро ευρώ ユーロ 유로 欧元 歐元 यूरो ยูโร evro",
  GBP: "gb£ quid sterling stg",
  JPY: "jp¥ yen yens 円 圆 엔 日元",
  CNY: "cn¥ rmb renminbi kuai 人民币",
  KRW: "₩ won 원",
  INR: "₹ रुपये रुपया रु",
  pound: "pounds libra libras фунт фунтов ポンド",
  franc: "franken francs franco francos franchi franki fr sfr frs",
  kr: "krona kronor crowns crown",
  krone: "kroner kronen",
  CZK: "kč koruna korun koruny",
  PLN: "zł zlotys zlotych złoty złote złotych злотых",
  RUB: "₽ руб рубль рубля рублей р roubles rouble rubles",
  UAH: "₴ грн гривень гривня",
  TRY: "₺ tl liras",
  THB: "฿ บาท",
  VND: "₫ đ đồng",
  IDR: "rp",
  MYR: "rm",
  ZAR: "r",
  ILS: "₪ nis shekel shekels",
  AED: "dhs",
  HUF: "ft",
  RON: "lei",
  BGN: "лв лева лев",
  PHP: "₱",
  NGN: "₦",
};

/** What a shared sign means to people who live with one of its currencies. */
const AT_HOME: Readonly<Record<string, string>> = {
  da: "DKK",
  no: "NOK",
  nb: "NOK",
  "sv-SE": "SEK",
  ja: "JPY",
  "zh-CN": "CNY",
  "zh-TW": "TWD",
  hi: "INR",
};

/**
 * The currencies that a text may name: a code, a sign, a name in English or in the locale. The text
 * is lower-case, NFKC, without spaces around it. Undefined when it names none.
 */
export function currenciesNamed(text: string, locale: string): NamedCurrencies | undefined {
  const bare = text.replace(/\./g, "");
  const joined = bare.replace(/\s/g, "");
  // "$US", as French has it.
  const turned = joined.replace(/^(\p{Sc})(\p{L}+)$/u, "$2$1");
  // "Swiss francs", whose first word ends in s too.
  const lastSingular = bare.replace(/(?<=\p{L}{3})s$/u, "");
  const singular = bare.replace(/(?<=\p{L}{3})s(?=$| )/gu, "");
  const found =
    named(bare) ??
    named(joined) ??
    named(turned) ??
    formattedAs(bare, locale) ??
    named(lastSingular) ??
    named(singular) ??
    formattedAs(singular, locale);
  if (found !== undefined) return found;
  // "usd $": two names beside each other.
  const [, first = "", second = ""] =
    /^(\p{L}+?)\s*(\p{Sc})$/u.exec(bare) ?? /^(\p{Sc})\s*(\p{L}+)$/u.exec(bare) ?? [];
  if (first === "") return undefined;
  const [one, other] = [currenciesNamed(first, locale), currenciesNamed(second, locale)];
  return one !== undefined && other !== undefined ? inBoth(one, other) : undefined;
}

/** The currencies that two names have in common; its `codes` are empty when there are none. */
export function inBoth(one: NamedCurrencies, other: NamedCurrencies): NamedCurrencies {
  const codes = one.codes.filter((code) => other.codes.includes(code));
  const standard = [one.standard, other.standard].find(
    (code) => code !== undefined && codes.includes(code),
  );
  return { codes, standard: codes.length === 1 ? codes[0] : standard };
}

/** The one currency meant: the server's own if it may be, else the reader's, else the usual one. */
export function currencyMeant(
  { codes, standard }: NamedCurrencies,
  { locale, currency }: NamingContext,
): string | undefined {
  if (codes.includes(currency)) return currency;
  const home = Object.hasOwn(AT_HOME, locale) ? AT_HOME[locale] : undefined;
  // People everywhere write "$" for US dollars.
  if (home !== undefined && codes.includes(home) && standard !== "USD") return home;
  return standard;
}

const only = (code: string): NamedCurrencies => ({ codes: [code], standard: code });

function named(text: string): NamedCurrencies | undefined {
  const code = text.toUpperCase();
  return isCurrency(code) ? only(code) : englishNames().get(text);
}

let english: ReadonlyMap<string, NamedCurrencies> | undefined;

/** Names, nouns, signs and aliases, lower-case. */
function englishNames(): ReadonlyMap<string, NamedCurrencies> {
  if (english !== undefined) return english;
  const names = new Map<string, NamedCurrencies>();
  const byNoun = new Map<string, string[]>();
  for (const { code, name } of everyCurrency()) {
    const words = name.toLowerCase();
    names.set(words, only(code));
    const noun = words.split(" ").at(-1) ?? words;
    byNoun.set(noun, [...(byNoun.get(noun) ?? []), code]);
  }
  for (const [noun, codes] of byNoun) {
    const standard = STANDARDS[noun] ?? (codes.length === 1 ? codes[0] : undefined);
    names.set(noun, { codes, standard });
  }
  for (const [sign, codes] of Object.entries(SHARED_SIGNS))
    names.set(sign, { codes, standard: codes[0] });
  const dollars = [...(byNoun.get("dollar") ?? []), ...(byNoun.get("peso") ?? [])];
  names.set("$", { codes: dollars, standard: "USD" });
  for (const [meaning, aliases] of Object.entries(ALIASES)) {
    const currencies = names.get(meaning) ?? only(meaning);
    for (const alias of aliases.split(" ")) names.set(alias.normalize("NFKC"), currencies);
  }
  english = names;
  return english;
}

/** As many locales as Discord has. */
const formatsByLocale = new BoundedMap<string, ReadonlyMap<string, NamedCurrencies>>({
  maxEntries: 40,
});

/** The currency that is written like this in the locale, by sign or by name. */
function formattedAs(text: string, locale: string): NamedCurrencies | undefined {
  return formatsByLocale.getOrInsertComputed(locale, formatsOf).get(text);
}

function formatsOf(locale: string): ReadonlyMap<string, NamedCurrencies> {
  const formats = new Map<string, NamedCurrencies>();
  const names = new Intl.DisplayNames([locale], { type: "currency" });
  for (const { code } of everyCurrency()) {
    const parts = new Intl.NumberFormat(locale, {
      style: "currency",
      currency: code,
    }).formatToParts(1);
    const sign = parts.find(({ type }) => type === "currency")?.value ?? code;
    for (const written of [sign, names.of(code) ?? code, nameBeside(code, locale)]) {
      // An amount's last bracket has been dropped like other marks after it.
      const text = comparable(withoutYears(written)).replace(/\)$/, "");
      const { codes, standard } = formats.get(text) ?? only(code);
      formats.set(text, { codes: [...new Set([...codes, code])], standard });
    }
  }
  return formats;
}

/** The name that a locale writes beside an amount, where it may be a shorter one. */
function nameBeside(code: string, locale: string): string {
  const style = { style: "currency", currency: code, currencyDisplay: "name" } as const;
  const parts = new Intl.NumberFormat(locale, style).formatToParts(1_000_000);
  return parts.find(({ type }) => type === "currency")?.value ?? code;
}

/** A text without the years in brackets that end the names of some former currencies. */
export function withoutYears(text: string): string {
  return text.replace(/(?<=\p{L})\s?\(\d{4}(?:\D\d{4})?\)$/u, "");
}

/** Text as {@link currenciesNamed} takes it. */
function comparable(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/\p{Cf}/gu, "")
    .toLowerCase()
    .replace(/\s+/g, " ")
    .replace(/\./g, "")
    .trim();
}
