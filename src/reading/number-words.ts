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

/** One to ten by their words, as `plainWords` writes them. */
export const NUMBERS: ReadonlyMap<string, number> = new Map(
  NUMBER_WORDS.flatMap((words, at) => words.split(/\s+/).map((word) => [word, at + 1] as const)),
);

/** Hundreds that are words of their own, as `plainWords` writes them. */
const HUNDREDS: Readonly<Record<string, number>> = {
  cien: 100,
  cem: 100,
  cento: 100,
  sto: 100,
  сто: 100,
  yuz: 100,
  dwiescie: 200,
  двести: 200,
  триста: 300,
  quinientos: 500,
  quinhentos: 500,
  piecset: 500,
  пятьсот: 500,
};

/** What German, Italian and Turkish write in one word with the number before it. */
const COMPOUND = /^(.+)(hundert|tausend|cento|mila|yuz|bin)$/;
const POWERS_OF_TEN: Readonly<Record<string, number>> = {
  hundert: 100,
  cento: 100,
  yuz: 100,
  tausend: 1_000,
  mila: 1_000,
  bin: 1_000,
};

/**
 * The number that a word names in one of the languages of Discord's clients: "deux", "cien",
 * "fünfhundert". The word must be as `plainWords` writes it; undefined for any other.
 */
export function numberNamed(word: string): number | undefined {
  const whole = NUMBERS.get(word) ?? (Object.hasOwn(HUNDREDS, word) ? HUNDREDS[word] : undefined);
  if (whole !== undefined) return whole;
  const [, count = "", power = ""] = COMPOUND.exec(word) ?? [];
  const times = NUMBERS.get(count);
  return times === undefined ? undefined : times * (POWERS_OF_TEN[power] ?? 1);
}

const DIGITS = "一二三四五六七八九";
const KOREAN_DIGITS = "일이삼사오육칠팔구";
const SMALL_UNITS: Readonly<Record<string, number>> = {
  ...{ 十: 10, 百: 100, 千: 1_000 },
  ...{ 십: 10, 백: 100, 천: 1_000 },
};
const LARGE_UNITS: Readonly<Record<string, number>> = {
  ...{ 万: 1e4, 萬: 1e4, 億: 1e8, 亿: 1e8, 兆: 1e12 },
  ...{ 만: 1e4, 억: 1e8, 조: 1e12 },
};
const EAST_ASIAN = /^[一二三四五六七八九十百千万萬億亿兆일이삼사오육칠팔구십백천만억조]+/;

/**
 * A text that begins with a number in Chinese, Japanese or Korean numerals, with digits instead:
 * "五百円" as "500円", "백만원" as "1000000원".
 */
export function withEastAsianDigits(text: string): string {
  return text.replace(EAST_ASIAN, (numerals) => {
    let [total, section, digit] = [0, 0, 0];
    for (const numeral of numerals) {
      const small = SMALL_UNITS[numeral];
      const large = LARGE_UNITS[numeral];
      if (small !== undefined) {
        section += (digit || 1) * small;
        digit = 0;
      } else if (large !== undefined) {
        total += (section + digit || 1) * large;
        [section, digit] = [0, 0];
      } else digit = Math.max(DIGITS.indexOf(numeral), KOREAN_DIGITS.indexOf(numeral)) + 1;
    }
    return String(total + section + digit);
  });
}
