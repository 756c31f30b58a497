import { addDays } from "../valuation/calendar.ts";
import { type Distance, distanceKey, everyDateWords } from "./date-words.ts";

/** One to ten in the languages of Discord's clients, where they count years, months and weeks. */
const NUMBER_WORDS: readonly string[] = [
  `one un una uno une ein eine einem einer einen um uma een et ett en jeden jedna jedno jednim jednu
    jedan один одну одна един една vienas viena vienus ενα εναν μια egy bir mot satu yksi एक หนึ่ง 一 한 일`,
  `two deux dos zwei due dois duas twee to tva dwa dwie dva dve dvije dvema два две дві dvejus doi doua
    dvi δυο ket ketto iki hai dua kaksi दो สอง 二 两 兩 두 이`,
  `three trois tres drei tre drie trzy tri trema три trei tris τρια τρεις harom uc ba tiga kolme तीन สาม
    三 세 삼`,
  `four quatre cuatro quatro vier quattro fire fyra cztery ctyri ctyrmi cetiri четыре чотири четири patru
    keturis τεσσερα negy dort bon empat nelja चार สี่ 四 네 사`,
  `five cinq cinco funf cinque vijf fem piec pet peti пять п'ять пет cinci penkis πεντε ot bes nam lima
    viisi पांच ห้า 五 다섯 오`,
  `six seis sechs sei zes seks sex szesc sest шесть шість шест sase sesis εξι hat alti sau enam kuusi छह
    หก 六 여섯 육`,
  `seven sept siete sieben sete sette zeven syv sju siedem sedm sedam семь сім седем sapte septynis επτα
    het yedi bay tujuh seitseman सात เจ็ด 七 일곱 칠`,
  `eight huit ocho acht oito otto otte atta atte osiem osm osam восемь вісім осем opt astuonis οκτω nyolc
    sekiz tam delapan kahdeksan आठ แปด 八 여덟 팔`,
  `nine neuf nueve neun nove negen ni nio dziewiec devet девять дев'ять девет noua devynis εννεα kilenc
    dokuz chin sembilan yhdeksan नौ เก้า 九 아홉 구`,
  `ten dix diez zehn dez dieci tien ti tio dziesiec deset десять zece desimt δεκα tiz on muoi sepuluh
    kymmenen दस สิบ 十 열 십`,
];

const NUMBERS = new Map(
  NUMBER_WORDS.flatMap((words, at) => words.split(/\s+/).map((word) => [word, at + 1] as const)),
);

const ENGLISH_TEENS: Readonly<Record<string, number>> = {
  eleven: 11,
  twelve: 12,
  thirteen: 13,
  fourteen: 14,
  fifteen: 15,
  sixteen: 16,
  eighteen: 18,
  twenty: 20,
};

/** Farther away than a century there was no coin, and the calendar need not be asked. */
const MAX_MONTHS = 1_200;
const MAX_DAYS = 36_500;

/**
 * The UTC day that a text names by its distance from today: "a year ago", "6 months", "vor zwei
 * Jahren", "yesterday". Undefined for any other text, which must be as {@link plainWords} writes
 * it.
 */
export function relativeDay(text: string, todayOn: string, locale: string): string | undefined {
  return englishDay(text, todayOn) ?? dayInWords(text, todayOn, locale);
}

/** Months and days of the units that English has, with their abbreviations. */
const ENGLISH_UNITS = [
  [/^(?:d|days?)$/, { months: 0, days: 1 }],
  [/^(?:w|wks?|weeks?)$/, { months: 0, days: 7 }],
  [/^fortnights?$/, { months: 0, days: 14 }],
  [/^(?:m|mos?|mths?|months?)$/, { months: 1, days: 0 }],
  [/^(?:q|quarters?)$/, { months: 3, days: 0 }],
  [/^(?:y|yrs?|years?)$/, { months: 12, days: 0 }],
  [/^decades?$/, { months: 120, days: 0 }],
] as const;

/** Reads "a year and 3 months ago", "two and a half years", "1.5y", "half a year back". */
function englishDay(text: string, todayOn: string): string | undefined {
  const [, isAhead, spans = "", after = ""] =
    /^(in )?(?:(?:about|around|roughly|exactly|some) )*(.*?)(?: (ago|back|earlier|before|in the past|from now))?(?: today)?$/.exec(
      text.replace(/\./g, (point, at: number) => (/\d/.test(text[at + 1] ?? "") ? point : "")),
    ) ?? [];
  const sign = isAhead !== undefined || after === "from now" ? 1 : -1;
  const span =
    /(?:(\d+(?:[.,]\d+)?)|(half) an?|(?:an? )?(couple) of|([a-z]+))( and a half)? ?([a-z]+)( and a half)?[ ,]*(?:and )?/y;
  let months = 0;
  let days = 0;
  while (span.lastIndex < spans.length) {
    const [, digits, half, couple, word = "", halfBefore, unitWord = "", halfAfter] =
      span.exec(spans) ?? [];
    const unit = ENGLISH_UNITS.find(([words]) => words.test(unitWord))?.[1];
    if (unit === undefined) return undefined;
    const whole =
      digits !== undefined
        ? Number(digits.replace(",", "."))
        : half !== undefined
          ? 0.5
          : couple !== undefined
            ? 2
            : englishNumber(word);
    if (whole === undefined) return undefined;
    const count = whole + (halfBefore === undefined && halfAfter === undefined ? 0 : 0.5);
    months += count * unit.months;
    days += count * unit.days;
  }
  return spans === "" ? undefined : moved(todayOn, sign * months, sign * days);
}

function englishNumber(word: string): number | undefined {
  if (word === "a" || word === "an") return 1;
  return (
    NUMBERS.get(word) ?? (Object.hasOwn(ENGLISH_TEENS, word) ? ENGLISH_TEENS[word] : undefined)
  );
}

/** Reads what Intl writes, in any language, and the same with a number in words. */
function dayInWords(text: string, todayOn: string, locale: string): string | undefined {
  if (text.length > MAX_WORDS || !/\p{L}/u.test(text)) return undefined;
  const forms = formsOf(text);
  for (const { distances } of everyDateWords(locale))
    for (const { key, count } of forms) {
      const distance = distances.get(key);
      if (distance !== undefined) return dayAt(distance, count, todayOn);
    }
  return undefined;
}

/** No language has longer words for a span of time. */
const MAX_WORDS = 60;

/** A text with "#" in place of its number; every way to see it where the number may be a word. */
function formsOf(text: string): readonly { readonly key: string; readonly count: number }[] {
  const [digits] = /\d{1,6}/.exec(text) ?? [];
  if (digits !== undefined)
    return [{ key: distanceKey(text.replace(digits, "#")), count: Number(digits) }];
  const words = text.split(" ");
  const inWords = words.flatMap((word, at) => {
    const count = NUMBERS.get(word);
    return count === undefined ? [] : [{ key: distanceKey(words.with(at, "#").join(" ")), count }];
  });
  // Chinese, Japanese, Korean and Thai put no space after a number; "setahun" is one "tahun".
  const joined = [...NUMBERS].flatMap(([word, count]) =>
    /^\p{Lo}/u.test(word) && text.startsWith(word)
      ? [{ key: distanceKey(`#${text.slice(word.length)}`), count }]
      : [],
  );
  const single = text.startsWith("se") ? [{ key: distanceKey(`#${text.slice(2)}`), count: 1 }] : [];
  return [{ key: distanceKey(text), count: 1 }, ...inWords, ...joined, ...single];
}

function dayAt({ unit, sign, count: ownCount }: Distance, count: number, todayOn: string): string {
  const distance = sign * (ownCount ?? count);
  switch (unit) {
    case "day":
      return moved(todayOn, 0, distance);
    case "week":
      return moved(todayOn, 0, 7 * distance);
    case "month":
      return moved(todayOn, distance, 0);
    case "quarter":
      return moved(todayOn, 3 * distance, 0);
    case "year":
      return moved(todayOn, 12 * distance, 0);
  }
}

/**
 * A day moved by months and then by days. A month without such a day has its last one instead: a
 * year before 29 February is 28 February. Beyond a century it is the calendar's first or last day.
 */
function moved(on: string, months: number, days: number): string {
  const [wholeMonths, wholeDays] = [Math.round(months), Math.round(days)];
  if (Math.abs(wholeMonths) > MAX_MONTHS || Math.abs(wholeDays) > MAX_DAYS)
    return months + days < 0 ? "0001-01-01" : "9999-12-31";
  const [year = 0, month = 1, day = 1] = on.split("-").map(Number);
  const first = new Date(Date.UTC(year, month - 1 + wholeMonths, 1));
  const lastDay = new Date(
    Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0),
  ).getUTCDate();
  first.setUTCDate(Math.min(day, lastDay));
  return addDays(first.toISOString().slice(0, 10), wholeDays);
}
