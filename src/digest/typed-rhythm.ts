import { DISCORD_LOCALES, formatWeekday } from "../messages/format.ts";
import { spokenLanguages } from "../messages/say.ts";
import { slipCost } from "../prices/coins/slips.ts";
import { BoundedMap } from "../process/bounded-map.ts";
import {
  EVERY_DAY,
  ONLY_NEWS,
  type Rhythm,
  rhythmOn,
  storedRhythm,
  WEEKDAYS,
  type Weekday,
  WORKING_DAYS,
} from "./rhythm.ts";
import { rhythmInWords } from "./rhythm-wording.ts";

type Meaning = "day" | "week" | "weekdays" | "weekend" | "news" | "except" | "to" | "filler";

/**
 * What words mean, in the most common languages of servers. The days of the week are not among
 * them: `Intl` knows their names in every language.
 */
const WORDS: Readonly<Record<Meaning, string>> = {
  day: `day days daily everyday tag tage täglich tgl jour jours quotidien journalier dia dias día
    días diario diário diariamente giorno giorni giornaliero quotidiano giornalmente dag dagen
    dagelijks dzień dni dnia dziennie codziennie gün günü günleri günlük день дни дням
    ежедневно 毎日 每天 每日 매일`,
  week: `week weeks weekly woche wöchentlich semaine hebdomadaire semana semanal semanalmente
    settimana settimanale settimanalmente wekelijks tydzień tygodniowo tygodniu cotygodniowo
    hafta haftalık неделя неделю еженедельно 週 周 毎週 每周 每週 매주`,
  weekdays: `weekday weekdays workday workdays working business werktag werktags werktage
    wochentags ouvrables ouvrés laborables hábiles úteis feriali lavorativi werkdagen doordeweeks
    robocze будни будням рабочие рабочим 平日 工作日 평일`,
  weekend: `weekend weekends wochenende wochenenden weekendy finde выходные выходным 週末 周末 주말`,
  news: `news something nachrichten neuigkeiten neues nouvelles nouveautés actualités noticias
    novedades notizie novità novidades nieuws nowości wiadomości haber haberler новости ニュース
    新闻 新聞 뉴스 소식`,
  except: `except excluding without but außer ohne sauf excepto menos exceto tranne behalve oprócz
    poza hariç кроме`,
  to: "- to through thru till until bis au al a tot do до по 到 至",
  filler: `every single each all any on at in of the per once when whenever if there is are only just happens
    new comes post posted and & + plus also jeden jede jedes alle am an bei wenn es gibt nur und pro
    einmal chaque tous toutes du les le la une fois par et quand il y seulement cada todos toda todas los las
    el de del un una vez por cuando hay solo sólo ogni tutti i e quando ci sono nel dal da os as o uma so há
    elke iedere op bij als er en w co od raz kiedy tylko każdy każda każdą każde każdego jeśli her
    sadece ve в во с со и каждый каждую каждое каждые раз если есть когда только 毎 每 と 和`,
};

type Rewrites = readonly (readonly [RegExp, string])[];

/** Japanese and Korean write particles and days together: 月曜と木曜, 平日のみ, 금요일마다. */
const PARTICLES: Rewrites = [
  [/(曜日?|요일)(?:と|や|과|와|이랑)/g, "$1 "],
  [/(\S+?)\s*(?:以外|を除[いく]て?|제외|빼고)/g, "except $1"],
  [/(?:がある(?:日|とき|時)|のみ|だけ|に)+(?=\s|$)/g, ""],
  [/(?:[이가]\s?있을\s?때만?|마다)(?=\s|$)/g, ""],
  [/(뉴스|소식|평일|주말|요일)만(?=\s|$)/g, "$1"],
];

/** Words that mean something only together, without accents. */
const PHRASES: Rewrites = [
  [/\b(?:en semaine|entre semana|hafta ici|is gun\p{L}*)(?!\p{L})/gu, "weekdays"],
  [/\b(?:fi[mn]s? de semana|fines de semana|fine settimana|hafta sonu\p{L}*)/gu, "weekend"],
  [/(\p{L}+)(?:dan|den) (cuma|cumartesi|pazar)(?:ya|ye|a)?(?: kadar)?$/gu, "$1 - $2"],
  // Polish says "we" only in front of Tuesday.
  [/\bwe (?=wtor)/g, ""],
  // As English timetables write it.
  [/^m *- *f$/g, "weekdays"],
  [/^m ?w ?f$/g, "mon wed fri"],
];

/** Days side by side, each by one letter. */
const DAYS_TOGETHER = /^(?:[月火水木金土日]{2,7}|[월화수목금토일]{2,7})$/;

/** Names of days that `Intl` does not know, by language. */
const OTHER_NAMES: Readonly<Record<string, Partial<Readonly<Record<Weekday, string>>>>> = {
  de: { 6: "sonnabend" },
  pl: { 1: "pn", 7: "nd" },
  "pt-BR": { 1: "2a", 2: "3a", 3: "4a", 4: "5a", 5: "6a" },
};

/** Endings of the names of days, by language; others are the same in many. */
const ENDINGS: Readonly<Record<string, RegExp>> = {
  pl: /(?:ku|ki|k|ie|y|i|e|a|u)$/,
  tr: /(?:ları|leri)$/,
};
const USUAL_ENDING = /(?:s|en|[аяуюыие]|ь[яею]|[ая]м|ьям)$/;

const MAX_TEXT = 100;
const WEEKEND: readonly Weekday[] = [6, 7];
/** The day of a weekly digest where none is named. */
const WEEKLY_ON: Weekday = 1;
/** Words that join two days, and mean nothing elsewhere. */
const MAY_BE_IDLE = ["a", "al", "au", "do", "по"];
/** Words this long may have slips, which cost no more than this in all ({@link slipCost}). */
const SLIPS = { minLetters: 5, inName: 1.9, inWord: 1 } as const;

const MEANINGS: ReadonlyMap<string, Meaning> = new Map(
  // The keys of the object are the meanings.
  (Object.entries(WORDS) as [Meaning, string][]).flatMap(([meaning, words]) =>
    words.split(/\s+/).map((word) => [plain(word), meaning] as const),
  ),
);

/** What is offered before anything is typed. */
const USUAL: readonly Rhythm[] = [
  EVERY_DAY,
  WORKING_DAYS,
  ...WEEKDAYS.map((day) => rhythmOn([day])),
  ONLY_NEWS,
];

/**
 * The rhythm that a typed text means: `daily`, `weekdays`, `week` (on Mondays), `every Friday`,
 * `mon-fri`, `Tuesdays and Thursdays`, `weekends`, `every day except Sunday`, `news`, with the days
 * of the week in any of Discord's languages, the reader's before the others. Undefined for any
 * other text, `monthly` and `every other day` included.
 */
export function parseRhythm(text: string, locale: string): Rhythm | undefined {
  if (text.length > MAX_TEXT) return undefined;
  const typed = plain(text);
  return (
    USUAL.find((rhythm) => plain(rhythmInWords(rhythm, locale)) === typed) ??
    meantByWords(typed, locale) ??
    labelledAnywhere(typed)
  );
}

function meantByWords(typed: string, locale: string): Rhythm | undefined {
  const tokens = tokensOf(typed, locale);
  if (tokens === undefined) return undefined;
  const at = tokens.indexOf("except");
  if (at === -1) return rhythmFrom(tokens);
  const before = at === 0 ? EVERY_DAY : rhythmFrom(tokens.slice(0, at));
  const left = rhythmFrom(tokens.slice(at + 1));
  if (before === undefined || left === undefined || before.isNewsOnly || left.isNewsOnly)
    return undefined;
  const weekdays = before.weekdays.filter((day) => !left.weekdays.includes(day));
  return weekdays.length === 0 ? undefined : rhythmOn(weekdays);
}

/** The usual rhythm that has this label in one of the languages that are spoken. */
function labelledAnywhere(typed: string): Rhythm | undefined {
  return USUAL.find((rhythm) =>
    spokenLanguages().some((code) => plain(rhythmInWords(rhythm, code)) === typed),
  );
}

/** Rhythms that a text being typed may become, best first. */
export function suggestRhythms(text: string, locale: string): readonly Rhythm[] {
  const typed = plain(text);
  if (typed === "") return USUAL;
  const meant = parseRhythm(text, locale);
  const begun = USUAL.filter((rhythm) =>
    ` ${plain(rhythmInWords(rhythm, locale))} ${storedRhythm(rhythm)}`.includes(` ${typed}`),
  );
  const known = begun.filter(
    (rhythm) => meant === undefined || storedRhythm(rhythm) !== storedRhythm(meant),
  );
  return meant === undefined ? known : [meant, ...known];
}

type Token = Weekday | Exclude<Meaning, "filler">;

/** The words that matter; undefined when one of them is not known. */
function tokensOf(typed: string, locale: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  for (const word of wordsOf(typed, locale)) {
    const token =
      dayCalled(word, [locale]) ??
      MEANINGS.get(word) ??
      dayIn(word, locale) ??
      dayIn(word, "en-US") ??
      dayIn(word) ??
      meantBy(word, locale);
    if (token === undefined) return undefined;
    const isIdle = token === "to" && MAY_BE_IDLE.includes(word) && !isDay(tokens.at(-1));
    if (token !== "filler" && !isIdle) tokens.push(token);
  }
  return tokens;
}

function wordsOf(typed: string, locale: string): readonly string[] {
  const names = WEEKDAYS.map((day) => plain(formatWeekday(day, locale)));
  return names
    .filter((name) => name.includes(" "))
    .reduce((text, name) => text.replaceAll(name, name.replaceAll(" ", "")), typed)
    .split(" ")
    .filter((word) => word !== "");
}

/** What the words come to; undefined for none, or where they contradict each other. */
function rhythmFrom(tokens: readonly Token[]): Rhythm | undefined {
  const days = new Set<Weekday>();
  for (const [at, token] of tokens.entries()) {
    if (isDay(token)) days.add(token);
    if (token === "weekdays") for (const day of WORKING_DAYS.weekdays) days.add(day);
    if (token === "weekend") for (const day of WEEKEND) days.add(day);
    if (token !== "to") continue;
    const [from, to] = [tokens[at - 1], tokens[at + 1]];
    if (!isDay(from) || !isDay(to)) return undefined;
    for (const day of daysFrom(from, to)) days.add(day);
  }
  const isNews = tokens.includes("news");
  if (days.size > 0) return isNews ? undefined : rhythmOn([...days]);
  if (isNews) return ONLY_NEWS;
  if (tokens.includes("day")) return EVERY_DAY;
  return tokens.includes("week") ? rhythmOn([WEEKLY_ON]) : undefined;
}

/** `fri-mon` is four days. */
function daysFrom(from: Weekday, to: Weekday): readonly Weekday[] {
  return WEEKDAYS.filter((day) =>
    from <= to ? from <= day && day <= to : day >= from || day <= to,
  );
}

function isDay(token: Token | undefined): token is Weekday {
  return typeof token === "number";
}

/**
 * The day of the week that a word names or begins in a locale; without one, in whatever languages
 * have such a word, if it is the same day in all of them.
 */
function dayIn(word: string, locale?: string): Weekday | undefined {
  const locales = locale === undefined ? DISCORD_LOCALES : [locale];
  const leastLetters = locale === undefined ? 3 : 2;
  return (
    dayCalled(word, locales) ??
    dayWith(word, locales, (name, form) => form.length >= leastLetters && name.startsWith(form))
  );
}

function dayCalled(word: string, locales: readonly string[]): Weekday | undefined {
  return dayWith(word, locales, (name, form) => name === form);
}

function dayWith(
  word: string,
  locales: readonly string[],
  isName: (name: string, form: string) => boolean,
): Weekday | undefined {
  const [day, ...others] = WEEKDAYS.filter((weekday) =>
    locales.some((locale) => {
      const forms = formsOf(word, locale);
      return namesOf(weekday, locale).some((name) => forms.some((form) => isName(name, form)));
    }),
  );
  return others.length === 0 ? day : undefined;
}

/** "Mondays", "maandagen", "пятницу" and "piątku" are forms of a name. */
function formsOf(word: string, locale: string): readonly string[] {
  const own = ENDINGS[locale];
  return [word, word.replace(USUAL_ENDING, ""), ...(own ? [word.replace(own, "")] : [])];
}

/** What a word with a slip in it means, in the reader's language or in English. */
function meantBy(word: string, locale: string): Token | "filler" | undefined {
  if (word.length < SLIPS.minLetters) return undefined;
  const days = WEEKDAYS.filter((day) =>
    [locale, "en-US"].some((known) =>
      namesOf(day, known).some((name) => slipCost(word, name) <= SLIPS.inName),
    ),
  );
  if (days.length > 0) return days.length === 1 ? days[0] : undefined;
  const known = [...MEANINGS].find(
    ([name]) => name.length >= SLIPS.minLetters && slipCost(word, name) <= SLIPS.inWord,
  );
  return known?.[1];
}

const names = new BoundedMap<string, readonly string[]>({ maxEntries: 1_000 });

function namesOf(day: Weekday, locale: string): readonly string[] {
  return names.getOrInsertComputed(`${locale} ${day}`, () =>
    [
      formatWeekday(day, locale),
      formatWeekday(day, locale, "short"),
      ...(OTHER_NAMES[locale]?.[day]?.split(" ") ?? []),
    ].map((name) => plain(name).replaceAll(" ", "")),
  );
}

/** Lower case, without accents and punctuation, words with a space between them. */
function plain(text: string): string {
  const typed = text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/week-end/g, "weekend")
    .replace(/-feiras?\b/g, "")
    .replace(/['’]s\b/g, "")
    .replace(/^(?:毎週(?=.)|每(?=[周週].)|매주(?=.))/, "")
    .replace(/から|부터|[~〜–—-]/g, " - ")
    .replace(/(?<=.)[到至](?=.)/g, " $& ")
    .replace(/まで$|까지$/, "");
  const words = rewritten(typed, PARTICLES)
    .replace(/ß/g, "ss")
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}&+-]+/gu, " ")
    .trim();
  return rewritten(DAYS_TOGETHER.test(words) ? [...words].join(" ") : words, PHRASES);
}

function rewritten(text: string, rewrites: Rewrites): string {
  return rewrites.reduce(
    (changed, [pattern, replacement]) => changed.replace(pattern, replacement),
    text,
  );
}
