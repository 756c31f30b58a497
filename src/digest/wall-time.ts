const MAX_TEXT = 40;

/** Words for noon and midnight, in the most common languages of servers, without accents. */
const NAMED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "12:00": `noon midday mittag mittags midi mediodia mezzogiorno meio-dia poludnie
      oglen ogle oglenleyin полдень полудень 正午 昼 お昼 정오`,
    "00:00": `midnight mitternacht minuit medianoche mezzanotte meia-noite polnoc
      gece-yarisi полночь 真夜中 零時 0時 자정`,
  }).flatMap(([time, words]) => words.split(/\s+/).map((word) => [plain(word), time] as const)),
);
/** What stands before such a word: "at noon", "w południe", "в полдень". */
const BEFORE_NAMED = /^(?:at|um|zu|12|a|al|au|ao|as|a la|w|o|в|saat) |(?: time|に|에|\.)$/g;

/** Numbers of hours and minutes in words, without accents. */
const NUMBER_WORDS: ReadonlyMap<string, number> = new Map(
  (
    [
      [1, "one eins ein una"],
      [2, "two zwei deux dos duas due"],
      [3, "three drei trois tres tre"],
      [4, "four vier quatre cuatro quatro quattro"],
      [5, "five funf cinq cinco cinque"],
      [6, "six sechs seis sei"],
      [7, "seven sieben sept siete sete sette"],
      [8, "eight acht huit ocho oito otto"],
      [9, "nine neun neuf nueve nove"],
      [10, "ten zehn dix diez dez dieci"],
      [11, "eleven elf onze once undici"],
      [12, "twelve zwolf douze doce doze dodici"],
      [15, "fifteen"],
      [30, "thirty"],
      [45, "forty-five"],
    ] as const
  ).flatMap(([number, words]) => words.split(" ").map((word) => [word, number] as const)),
);
const NUMBER_WORD = new RegExp(`\\b(?:${[...NUMBER_WORDS.keys()].join("|")})\\b`, "g");

/** The half of the day, in words behind the time. */
const MORNING = `in the morning|morgens|fruh|du matin|de la manana|da manha|di mattina|del mattino|
  |rano|утра|ночи`;
const AFTERNOON = `in the (?:afternoon|evening)|nachmittags|abends|de l'apres-midi|du soir|
  |de la (?:tarde|noche)|da (?:tarde|noite)|del pomeriggio|di sera|po poludniu|wieczorem|
  |дня|вечера`;

/** The half of the day, in words before the time. */
const BEFORE_MORNING = "午前|上午|早上|朝|오전|아침|새벽|sabah|gece saat";
const BEFORE_AFTERNOON = "午後|下午|晚上|夜|夕方|오후|저녁|밤|aksam|ogleden sonra|abends(?: um)?";

const oneOf = (words: string) => words.replace(/\|?\s*\n\s*\|/g, "|");

/**
 * Each rewrite brings one way of writing a time, without accents, closer to `9:30 pm`; the order
 * matters.
 */
const REWRITES: readonly (readonly [RegExp, string])[] = [
  [/[’ʼ`]/g, "'"],
  // The half of the day comes first in East Asia, and each unit after its number.
  [new RegExp(`^(?:${BEFORE_MORNING})の?\\s*(.*)$`), "$1 am"],
  [new RegExp(`^(?:${BEFORE_AFTERNOON})の?\\s*(.*)$`), "$1 pm"],
  [/^深夜\s*/, ""],
  [/\s*[時时点點시]\s*[半반]/g, ":30"],
  [/\s*[時时点點시]\s*(?=\d)/g, ":"],
  [/\s*[時时点點시]/g, ":00"],
  [/\s*[分분]/g, ""],
  [/(?<=\d)(?:に|에)$/, ""],
  [/'(?:da|de|ta|te)$/, ""],
  [
    /^(?:at|um|kl\.?|klo|alle ore|alle|ore|a las|las|as|le|a|o godzinie|godzina|godz\.?|g\.|o|w|в|saat)\s+/,
    "",
  ],
  [/(?<![a-z])([ap])\s?\.?\s?m\b\.?/g, " $1m"],
  [/(?<=\d)\s?([ap])\.?$/, " $1m"],
  [new RegExp(`\\s(?:${oneOf(MORNING)})$`), " am"],
  [new RegExp(`\\s(?:${oneOf(AFTERNOON)})$`), " pm"],
  [/\s?(?:o'?\s?clock|sharp)(?![a-z])/g, ""],
  [/(?<=\d)\s?(?:h|hrs?|heures?|uhr|u|ч|час(?:а|ов)?)\.?\s?(?=\d)/g, ":"],
  [
    /(?<=\d)\s?(?:h|hrs?|hours|heures?|horas?|ore|uhr|u|ч|час(?:а|ов)?|godzin\p{L}*)\.?(?=\s|$)/gu,
    "",
  ],
  [/(?<=\d)(?:\s?(?:m(?:in)?|мин)|\.)$/, ""],
  [/(?<=^\d{1,2}) (?:et demie?|y media|e mezza?|e meia)$/, ":30"],
  [/(?<=:\d{2}):00(?=\s|$)/g, ""],
  [/(?<=^\d{1,2})\s?[.,：]\s?(?=\d{2})/, ":"],
  [/(?<=^\d{1,2})\s(?=\d{2}(?:\s|$))/, ":"],
  [/\s+/g, " "],
];

const OFFSET_MINUTES: ReadonlyMap<string, number> = new Map([
  ["half past", 30],
  ["quarter past", 15],
  ["quarter to", -15],
  ["viertel nach", 15],
  ["viertel vor", -15],
  // German counts towards the hour: halb zehn is 9:30.
  ["halb", -30],
]);
const AFTER_AN_HOUR =
  /^(?:a )?(half past|quarter past|quarter to|viertel nach|viertel vor|halb) (\d{1,2})( [ap]m)?$/;
const TIME = /^(\d{1,2})(?::?(\d{2}))?(?: ([ap])m)?$/;

/**
 * `HH:MM` for a time of day as people type it: `9:00`, `9pm`, `0900`, `9.30`, `21h`, `noon`,
 * `half past 9`, in any digits; `24:00` is midnight. Undefined for any other text, `24:30` and
 * `13pm` included.
 */
export function parseWallTime(text: string): string | undefined {
  if (text.length > MAX_TEXT) return undefined;
  const typed = plain(text);
  const named = NAMED.get(typed.replace(BEFORE_NAMED, "").replaceAll(" ", "-"));
  if (named !== undefined) return named;
  const written = REWRITES.reduce(
    (rewritten, [pattern, replacement]) => rewritten.replace(pattern, replacement),
    inPlainDigits(typed),
  ).trim();
  const [, offset = "", hourText = "", half = ""] = AFTER_AN_HOUR.exec(written) ?? [];
  const offsetMinutes = OFFSET_MINUTES.get(offset);
  if (offsetMinutes === undefined) return timeOf(written);
  const hour = timeOf(hourText + half)?.slice(0, 2);
  if (hour === undefined) return undefined;
  const minutes = Number(hour) * 60 + offsetMinutes;
  const ofDay = (minutes + 24 * 60) % (24 * 60);
  return hoursAndMinutes(Math.floor(ofDay / 60), ofDay % 60);
}

/** Times that a text being typed may mean, best first: `9` is 09:00, and may be 21:00. */
export function suggestWallTimes(text: string): readonly string[] {
  if (text.trim() === "") return ["08:00", "09:00", "12:00", "18:00", "20:00", "21:00"];
  const time = parseWallTime(text);
  if (time === undefined) return [];
  const hour = Number(time.slice(0, 2));
  const isOpen = hour >= 1 && hour <= 11 && /^[1-9]\d?(?:\D\d{2})?$/.test(text.trim());
  return isOpen ? [time, hoursAndMinutes(hour + 12, Number(time.slice(3)))] : [time];
}

/** Reads `9`, `930`, `9:30` and `9:30 pm`. */
function timeOf(written: string): string | undefined {
  const [, hourText = "", minuteText = "00", half] = TIME.exec(written) ?? [];
  const hour = Number(hourText);
  const minute = Number(minuteText);
  if (hourText === "" || minute > 59) return undefined;
  if (half === undefined) {
    if (hour === 24 && minute === 0) return "00:00";
    return hour > 23 ? undefined : hoursAndMinutes(hour, minute);
  }
  // Some write the half hour after midnight as 0:30 am.
  if (hour > 12 || (hour === 0 && half === "p")) return undefined;
  return hoursAndMinutes((hour % 12) + (half === "p" ? 12 : 0), minute);
}

function hoursAndMinutes(hour: number, minute: number): string {
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}

/** Decimal digits of every script as 0 to 9, and the numbers of {@link NUMBER_WORDS} as digits. */
function inPlainDigits(text: string): string {
  return text
    .replace(/\p{Nd}/gu, (digit) => String(digitOf(digit)))
    .replace(NUMBER_WORD, (word) => String(NUMBER_WORDS.get(word)));
}

/** The scripts of Unicode have their ten digits in a row (Unicode 16, section 22.3). */
function digitOf(digit: string): number {
  const code = digit.codePointAt(0) ?? 0;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return code - zero;
}

/** Lower case, without accents. */
function plain(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll("ı", "i")
    .replaceAll("ł", "l")
    .normalize("NFD")
    .replace(/(?<=[a-zа-я])\p{M}+/gu, "")
    .normalize("NFC")
    .trim();
}
