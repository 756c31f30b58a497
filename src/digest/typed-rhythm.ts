import { DISCORD_LOCALES, formatWeekday } from "../messages/format.ts";
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
  day: `day days daily everyday tag tage täglich jour jours quotidien dia dias día días diario
    diário giorno giorni giornaliero dag dagen dagelijks dzień dziennie codziennie gün день
    ежедневно 毎日 每天 每日 매일`,
  week: `week weeks weekly woche wöchentlich semaine hebdomadaire semana semanal settimana
    settimanale wekelijks tydzień tygodniowo hafta неделя неделю еженедельно 週 周 毎週 每周 每週 매주`,
  weekdays: `weekday weekdays workday workdays working business werktag werktags werktage
    wochentags ouvrables ouvrés laborables úteis feriali lavorativi werkdagen doordeweeks robocze
    будни будням 平日 工作日 평일`,
  weekend: `weekend weekends wochenende wochenenden weekendy finde выходные выходным 週末 周末 주말`,
  news: `news something nachrichten neuigkeiten nouvelles actualités noticias novedades notizie
    novità novidades nieuws wiadomości haber новости ニュース 新闻 新聞 뉴스`,
  except: "except excluding without but außer ohne sauf excepto menos exceto tranne behalve кроме",
  to: "- to through thru till until bis au al a tot do до по 到 至",
  filler: `every single each all any on at in of the per once when whenever if there is are only just happens
    new comes post posted and & + plus also jeden jede jedes alle am an wenn es gibt nur und pro
    einmal chaque tous toutes du les le la une fois par et quand il y cada todos toda todas los las el de del un
    una vez por cuando hay solo ogni tutti i e quando ci sono os as o uma so há elke iedere op bij als
    er en w każdy każda jeśli her в и каждый каждую раз если есть только 毎 每 と 和`,
};

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
  const labelled = USUAL.find((rhythm) => plain(rhythmInWords(rhythm, locale)) === typed);
  if (labelled !== undefined) return labelled;
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
  // "Mondays", "maandagen", "пятницу" and "пятницам" are forms of a name.
  const forms = [word, word.replace(/(?:s|en|у|ам)$/, "")];
  const [day, ...others] = WEEKDAYS.filter((weekday) =>
    locales.some((locale) =>
      namesOf(weekday, locale).some((name) => forms.some((form) => isName(name, form))),
    ),
  );
  return others.length === 0 ? day : undefined;
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
    (["long", "short"] as const).map((length) =>
      plain(formatWeekday(day, locale, length)).replaceAll(" ", ""),
    ),
  );
}

/** Lower case, without accents and punctuation, words with a space between them. */
function plain(text: string): string {
  return (
    text
      .normalize("NFKC")
      .toLowerCase()
      .replace(/week-end/g, "weekend")
      .replace(/-feiras?\b/g, "")
      .replace(/\ben semaine\b/g, "weekdays")
      .replace(/['’]s\b/g, "")
      .replace(/^(?:毎週(?=.)|每(?=[周週].)|매주(?=.))/, "")
      .replace(/から|부터|[~〜–—-]/g, " - ")
      .replace(/(?<=.)[到至](?=.)/g, " $& ")
      .replace(/まで$|까지$/, "")
      .replace(/ß/g, "ss")
      .normalize("NFD")
      .replace(/\p{M}/gu, "")
      .normalize("NFC")
      .replace(/[^\p{L}\p{N}&+-]+/gu, " ")
      .trim()
      // As English timetables write it.
      .replace(/^m *- *f$/, "weekdays")
      .replace(/^m ?w ?f$/, "mon wed fri")
  );
}
