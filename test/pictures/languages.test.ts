import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { EN } from "../../locales/en.ts";
import {
  formatDay,
  formatDayInDigits,
  formatDayOfWeek,
  formatDayOfYearInDigits,
  formatLambos,
  formatLambosBriefly,
  formatMoney,
  formatMoneyBriefly,
  formatPercent,
  formatPrice,
  formatPriceInPowers,
} from "../../src/messages/format.ts";
import { spokenLanguages } from "../../src/messages/say.ts";
import { carName } from "../../src/messages/wording.ts";
import { answerLayout } from "../../src/pictures/answer-layout.ts";
import type { PictureSubject } from "../../src/pictures/answer-subject.ts";
import { carLabel } from "../../src/pictures/car-label.ts";
import { comparisonLayout } from "../../src/pictures/comparison-layout.ts";
import type { ComparisonSubject } from "../../src/pictures/comparison-subject.ts";
import { loadFaces } from "../../src/pictures/fonts/faces.ts";
import { exampleSubject, exampleWenSubject, GALLERY } from "../../src/pictures/gallery-subjects.ts";
import { leaderboardLayout } from "../../src/pictures/leaderboard-layout.ts";
import type { LeaderboardSubject } from "../../src/pictures/leaderboard-subject.ts";
import type { Picture, PictureMaker } from "../../src/pictures/picture-maker.ts";
import type { TextLine } from "../../src/pictures/text-fit.ts";
import { wenLayout } from "../../src/pictures/wen-layout.ts";
import type { WenSubject } from "../../src/pictures/wen-subject.ts";
import { addDays } from "../../src/valuation/calendar.ts";
import { US_DOLLARS } from "../../src/valuation/currency.ts";
import { LAMBO_MODELS } from "../../src/valuation/lambo-models.ts";

const faces = loadFaces();
const LANGUAGES = spokenLanguages();

function catalogueOf(language: string): Readonly<Record<string, string>> {
  if (language === "en") return EN;
  const file = new URL(`../../locales/${language}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as Record<string, string>; // Strings by key.
}

const isDrawn = (key: string): boolean =>
  /^(picture\.|leaderboard\.|compare\.title|car\.|lambos$|demo\.notice$)/.test(key) &&
  !key.includes(".alt");

/** Every subject of the gallery by its kind. */
const subjects = {
  answers: [] as PictureSubject[],
  wens: [] as WenSubject[],
  comparisons: [] as ComparisonSubject[],
  leaderboards: [] as LeaderboardSubject[],
};
const kept = <Subject>(into: Subject[]) => {
  return async (subject: Subject): Promise<Picture> => {
    into.push(subject);
    return { png: new Uint8Array(), altText: "" };
  };
};
const collector: PictureMaker = {
  answer: kept(subjects.answers),
  wen: kept(subjects.wens),
  comparison: kept(subjects.comparisons),
  leaderboard: kept(subjects.leaderboards),
  riddle: kept([]),
  hasAnswer: () => false,
};
await Promise.all(GALLERY.map(({ draw }) => draw(collector)));

/** Everything on the gallery's pictures but coins' names, which may be of any length. */
function wordsIn(locale: string): readonly TextLine[] {
  return [
    ...subjects.answers.flatMap((subject) =>
      answerLayout({ ...subject, locale }, faces).labels.flatMap(({ role, lines }) =>
        role === "title" ? lines.slice(1) : lines,
      ),
    ),
    ...subjects.wens.flatMap((subject) =>
      wenLayout({ ...subject, locale }, faces)
        .texts.slice(1)
        .map(({ line }) => line),
    ),
    ...subjects.comparisons.flatMap((subject) => {
      const { heading, ticks, days, lines } = comparisonLayout({ ...subject, locale }, faces);
      const [, purchase] = heading;
      return [purchase, ...ticks.map(({ text }) => text), ...days].concat(
        lines.map(({ lambos }) => lambos),
      );
    }),
    ...subjects.leaderboards.flatMap((subject) => {
      const { heading, rows } = leaderboardLayout({ ...subject, locale }, faces);
      return [
        ...heading,
        ...rows.flatMap(({ count, change, caption }) => [count, change, caption]),
      ];
    }),
  ].flatMap((line) => line ?? []);
}

describe.each(LANGUAGES)("pictures in the language %s", (language) => {
  it("have a glyph for every letter of their messages", () => {
    for (const [key, message] of Object.entries(catalogueOf(language)).filter(([key]) =>
      isDrawn(key),
    )) {
      const missing = [...message].filter(
        (letter) => !faces.text.covers(letter) || !faces.display.covers(letter),
      );
      expect(missing.join(""), `${key}: ${message}`).toBe("");
    }
  });

  it("have a glyph for every character of days, money and numbers", () => {
    const days = Array.from({ length: 12 }, (_, month) => addDays("2026-01-03", 31 * month));
    const sizes = [0, 1e-15, 0.0004174, 0.5, 12.3, 4_567.89, 76_543, 1.5e6, 2.5e9, 3.5e12, 1e17];
    const currencies = [
      "USD",
      "EUR",
      "GBP",
      "JPY",
      "KRW",
      "RUB",
      "TRY",
      "PLN",
      "BRL",
      "MXN",
      "INR",
    ];
    const texts = [
      ...days.flatMap((on) =>
        [formatDay, formatDayInDigits, formatDayOfWeek, formatDayOfYearInDigits].map((write) =>
          write(on, language),
        ),
      ),
      ...sizes.flatMap((size) => [
        formatLambos(size, language),
        formatLambosBriefly(size, language),
        formatPercent(size, language),
      ]),
      ...currencies.flatMap((code) =>
        sizes.flatMap((size) =>
          [formatMoney, formatMoneyBriefly, formatPrice, formatPriceInPowers].map((write) =>
            write(size, { code, perUsd: 1 }, language),
          ),
        ),
      ),
    ];
    for (const text of texts) {
      expect(faces.text.covers(text), text).toBe(true);
      expect(faces.display.covers(text), text).toBe(true);
    }
  });

  it("name every car in the narrowest place for it", () => {
    for (const car of LAMBO_MODELS)
      expect(carLabel(car, US_DOLLARS, language, faces.text, 400)).toBe(
        carName(car, language, "plain"),
      );
  });

  it("cut no words short", () => {
    expect(wordsIn(language).filter(({ text }) => text.includes("…"))).toEqual([]);
  });
});

describe("pictures in a language whose letters have to be joined", () => {
  it.each(["hi", "th"])("are in English as a whole: %s", (locale) => {
    const answer = exampleSubject({ multiple: 383, peak: 2 });
    expect(answerLayout({ ...answer, locale }, faces)).toEqual(answerLayout(answer, faces));
    const wen = exampleWenSubject({ multiple: 12, peak: 1.4 });
    expect(wenLayout({ ...wen, locale }, faces)).toEqual(wenLayout(wen, faces));
  });
});
