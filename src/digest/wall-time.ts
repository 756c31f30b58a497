const MAX_TEXT = 40;

/** Words for noon and midnight, in the most common languages of servers. */
const NAMED: Readonly<Record<string, string>> = {
  noon: "12:00",
  midday: "12:00",
  mittag: "12:00",
  mittags: "12:00",
  midi: "12:00",
  mediodía: "12:00",
  mezzogiorno: "12:00",
  "meio-dia": "12:00",
  midnight: "00:00",
  mitternacht: "00:00",
  minuit: "00:00",
  medianoche: "00:00",
  mezzanotte: "00:00",
  "meia-noite": "00:00",
};

const NUMBER_WORDS: Readonly<Record<string, number>> = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  fifteen: 15,
  thirty: 30,
  "forty-five": 45,
};
const NUMBER_WORD = new RegExp(`\\b(?:${Object.keys(NUMBER_WORDS).join("|")})\\b`, "g");

/** Each rewrite brings one way of writing a time closer to `9:30 pm`; the order matters. */
const REWRITES: readonly (readonly [RegExp, string])[] = [
  [/[’ʼ`]/g, "'"],
  // East Asian times name the half of the day first, and each unit after its number.
  [/^(?:午前|上午|早上|오전)\s*(.*)$/, "$1 am"],
  [/^(?:午後|下午|晚上|오후)\s*(.*)$/, "$1 pm"],
  [/\s*[時时点點시]\s*半/g, ":30"],
  [/\s*[時时点點시]\s*(?=\d)/g, ":"],
  [/\s*[時时点點시]/g, ":00"],
  [/\s*[分분]/g, ""],
  [/^(?:at|um|kl\.?|klo|à|alle|às|a las)\s+/, ""],
  [/(?<![a-z])([ap])\s?\.?\s?m\b\.?/g, " $1m"],
  [/(?<=\d)\s?([ap])\.?$/, " $1m"],
  [/\s(?:in the morning|morgens|früh)$/, " am"],
  [/\s(?:in the (?:afternoon|evening)|nachmittags|abends)$/, " pm"],
  [/\s?(?:o'?\s?clock|sharp)\b/g, ""],
  [/(?<=\d)\s?(?:h|uhr|u|ч)\.?\s?(?=\d)/g, ":"],
  [/(?<=\d)\s?(?:h|hrs?|hours|heures?|horas?|ore|uhr|u|ч)\.?(?=\s|$)/g, ""],
  [/(?<=\d)(?:\s?m(?:in)?|\.)$/, ""],
  [/(?<=:\d{2}):00(?=\s|$)/g, ""],
  [/(?<=^\d{1,2})\s?[.,：]\s?(?=\d{2})/, ":"],
  [/(?<=^\d{1,2})\s(?=\d{2}(?:\s|$))/, ":"],
  [/\s+/g, " "],
];

const OFFSET_MINUTES: ReadonlyMap<string, number> = new Map([
  ["half past", 30],
  ["quarter past", 15],
  ["quarter to", -15],
]);
const AFTER_AN_HOUR = /^(?:a )?(half past|quarter past|quarter to) (\d{1,2})( [ap]m)?$/;
const TIME = /^(\d{1,2})(?::?(\d{2}))?(?: ([ap])m)?$/;

/**
 * `HH:MM` for a time of day as people type it: `9:00`, `9pm`, `0900`, `9.30`, `21h`, `noon`,
 * `half past 9`, in any digits; `24:00` is midnight. Undefined for any other text, `24:30` and
 * `13pm` included.
 */
export function parseWallTime(text: string): string | undefined {
  if (text.length > MAX_TEXT) return undefined;
  const typed = text.normalize("NFKC").toLowerCase().trim();
  const named = typed.replace(/^(?:at|um|12) |(?: time|\.)$/g, "");
  if (Object.hasOwn(NAMED, named)) return NAMED[named];
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
    .replace(NUMBER_WORD, (word) => String(NUMBER_WORDS[word]));
}

/** The scripts of Unicode have their ten digits in a row (Unicode 16, section 22.3). */
function digitOf(digit: string): number {
  const code = digit.codePointAt(0) ?? 0;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return code - zero;
}
