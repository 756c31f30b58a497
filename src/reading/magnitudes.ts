/**
 * The words for powers of ten that people put after a number, in the languages of Discord's
 * clients, lower-case and without a final point. Words of Latin script are written out so that a
 * reader can find them; the inflected forms are those after a number.
 */
const WORDS: Readonly<Record<number, string>> = {
  2: "hundred hundreds hundert yüz 百 백",
  3: `k к thousand thousands grand tsd tausend mille milles mila tys tis tisíc tisic tusen tusind duizend
    tuhat tuhatta ezer bin ribu rb mii mie tūkst nghìn ngàn тыс тысяч тысяча тысячи тис тисяч хил
    хиляди тыща тыщ tysiąc tysiące tysięcy χιλ χιλιάδες हज़ार हजार พัน 千 천`,
  4: "万 萬 만 หมื่น",
  5: "l lakh lakhs lac lacs लाख แสน",
  6: `m mm kk кк mio mill mn mln mi million millions millionen millionen miljoen miljon miljoner miljoona
    miljoonaa milj millioner millón millon millones milhão milhao milhões milhoes milione milioni
    milion miliony miliona milionu milionů milionów milioane millió milijun milijuna milijonas
    milijono milijonai milijonų milyon juta jt triệu млн миллион миллиона миллионов мільйон мільйона
    мільйони мільйонів милион милиона εκατ εκατομμύριο εκατομμύρια मिलियन ล้าน`,
  7: "cr crore crores करोड़",
  8: "億 亿 억",
  9: `b bn bil bln billion billions mrd mlrd mld md mia milliard milliards milliarde milliarden
    milliarder miljard miljarder miljardi miljardia miliard miliarda miliarde miliardy miliardów
    miliardo miliardi milliárd milijarda milijarde milijardi milijardas milijardo milijardai
    milijardų milyar miliar bilhão bilhao bilhões bilhoes mia tỷ млрд миллиард миллиарда миллиардов
    мільярд мільярда мільярди мільярдів милиард милиарда δισ δισεκατομμύριο δισεκατομμύρια अरब
    พันล้าน`,
  10: "หมื่นล้าน",
  11: "खरब แสนล้าน",
  12: `t tn trn bio trillion trillions billioner billón billones biljoen biljon biljoner biljoona
    biljoonaa billió bilion biliona bilionu biliony bilionů bilionów bilijun bilijuna trilioane
    trilijonas trilijono trilijonai trilijonų trilhão trilhões trilyon triliun трлн триллион
    триллиона триллионов трильйон трильйона трильйони трильйонів трилион трилиона τρισεκατομμύριο
    τρισεκατομμύρια ล้านล้าน 兆 조`,
};

const POWERS = new Map(
  Object.entries(WORDS).flatMap(([power, words]) =>
    words.split(/\s+/).map((word) => [word.normalize("NFKC"), Number(power)] as const),
  ),
);

/** Languages in which a "billion" is a million millions. */
const LONG_SCALE = new Set(["da", "de", "fr", "no"]);
/** Languages in which "mil" is a thousand; in English slang it is a million. */
const MIL_IS_THOUSAND = new Set(["es", "pt"]);

/** Whether a short word is a thousand by itself in a language: "mil euros", "bin lira". */
export function isThousand(word: string, locale: string): boolean {
  const language = locale.split("-")[0] ?? "";
  return word === "mil" ? MIL_IS_THOUSAND.has(language) : word === "bin" && language === "tr";
}

/** A power of ten, and the other one that the word may have meant. */
export type Magnitude = { readonly power: number; readonly alternative?: number };

/** What a word (lower-case) multiplies the number before it by; undefined for any other word. */
export function magnitudeOf(word: string, locale: string): Magnitude | undefined {
  const language = locale.split("-")[0] ?? "";
  if (word === "mil")
    return MIL_IS_THOUSAND.has(language) ? { power: 3 } : { power: 6, alternative: 3 };
  if (/^billion(?:en|s)?$/.test(word) && LONG_SCALE.has(language))
    return { power: 12, alternative: 9 };
  // Elsewhere a "trilion" is a million times as much.
  if (word === "trilion" && language === "ro") return { power: 12 };
  const power = POWERS.get(word) ?? (word === "billionen" ? 12 : undefined);
  return power === undefined ? undefined : { power };
}

/** Number words that may stand in front of a magnitude or a currency. */
const COUNTS: Readonly<Record<string, string>> = {
  a: "1",
  an: "1",
  half: "0.5",
  one: "1",
  two: "2",
  three: "3",
  four: "4",
  five: "5",
  six: "6",
  seven: "7",
  eight: "8",
  nine: "9",
  ten: "10",
  twenty: "20",
  thirty: "30",
  forty: "40",
  fifty: "50",
  sixty: "60",
  seventy: "70",
  eighty: "80",
  ninety: "90",
};

/** An English number word as a decimal number; undefined for any other word. */
export function countOf(word: string): string | undefined {
  return Object.hasOwn(COUNTS, word) ? COUNTS[word] : undefined;
}
