import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rhythmOf, storedRhythm } from "../../src/digest/rhythm.ts";
import { rhythmInWords } from "../../src/digest/rhythm-wording.ts";
import { parseRhythm, suggestRhythms } from "../../src/digest/typed-rhythm.ts";
import { DISCORD_LOCALES } from "../../src/messages/format.ts";
import { anyText } from "../support/any-text.ts";

function read(text: string, locale = "en-US"): string | undefined {
  const rhythm = parseRhythm(text, locale);
  return rhythm && storedRhythm(rhythm);
}

describe("how often a digest comes", () => {
  it.each([
    ["day", ["day", "daily", "Every day", "everyday", "each day", "every single day"]],
    ["weekdays", ["weekdays", "on working days", "business days", "mon-fri", "Mo–Fr"]],
    ["weekdays", ["m-f", "M–F"]],
    ["mon,wed,fri", ["MWF", "M/W/F"]],
    ["weekdays", ["Monday to Friday", "monday through friday", "except weekends"]],
    ["mon", ["week", "weekly", "once a week", "Mon", "Mondays", "every monday", "Monday!"]],
    ["fri", ["every Friday", "fridays", "each fri.", "weekly on friday", "week: friday", "fr"]],
    ["wed", ["weds", "Wensday", "on Wednesdays"]],
    ["sat,sun", ["weekends", "sat & sun", "Sat/Sun", "sunday, saturday"]],
    ["tue,thu", ["Tuesdays and Thursdays", "tues, thurs", "thu tue"]],
    ["mon,tue,wed,thu,fri,sat", ["every day except sunday", "all but Sundays", "mon - sat"]],
    ["mon,fri,sat,sun", ["fri-mon"]],
    ["news", ["news", "only when there's news", "news only", "when something happens"]],
  ])("is read as %s", (stored, texts) => {
    expect(texts.map((text) => read(text))).toEqual(texts.map(() => stored));
  });

  it.each([
    ["de", "montags und donnerstags", "mon,thu"],
    ["de", "wöchentlich am Freitag", "fri"],
    ["de", "So", "sun"],
    ["fr", "du lundi au vendredi", "weekdays"],
    ["fr", "en semaine", "weekdays"],
    ["fr", "tous les jours", "day"],
    ["es-ES", "de lunes a viernes", "weekdays"],
    ["es-ES", "una vez a la semana", "mon"],
    ["es-419", "miercoles", "wed"],
    ["pt-BR", "toda sexta", "fri"],
    ["it", "ogni venerdì", "fri"],
    ["ru", "по пятницам", "fri"],
    ["de", "jeden Sonnabend", "sat"],
    ["de", "nur bei Neuigkeiten", "news"],
    ["es-ES", "fines de semana", "sat,sun"],
    ["es-419", "entre semana", "weekdays"],
    ["pt-BR", "fim de semana", "sat,sun"],
    ["pt-BR", "todos os dias exceto domingo", "mon,tue,wed,thu,fri,sat"],
    ["it", "dal lunedì al venerdì", "weekdays"],
    ["pl", "co piątek", "fri"],
    ["pl", "od poniedziałku do piątku", "weekdays"],
    ["pl", "pn-pt", "weekdays"],
    ["pl", "we wtorki", "tue"],
    ["tr", "her cuma", "fri"],
    ["tr", "pazartesi ve perşembe", "mon,thu"],
    ["tr", "hafta içi", "weekdays"],
    ["tr", "pazartesiden cumaya", "weekdays"],
    ["ru", "каждую пятницу", "fri"],
    ["ru", "с понедельника по пятницу", "weekdays"],
    ["ru", "по воскресеньям", "sun"],
    ["ja", "毎週月曜日", "mon"],
    ["ja", "毎週月曜と木曜", "mon,thu"],
    ["ja", "土日", "sat,sun"],
    ["ja", "日曜以外", "mon,tue,wed,thu,fri,sat"],
    ["ja", "ニュースがあるときだけ", "news"],
    ["ko", "월요일과 목요일마다", "mon,thu"],
    ["ko", "월수금", "mon,wed,fri"],
    ["ko", "일요일 제외", "mon,tue,wed,thu,fri,sat"],
    ["ko", "소식이 있을 때만", "news"],
    ["ja", "月・水・金", "mon,wed,fri"],
    ["zh-CN", "周一到周五", "weekdays"],
    ["ko", "매주 금요일", "fri"],
    ["vi", "thứ hai", "mon"],
    // In another language than the reader's.
    ["en-US", "Donnerstag", "thu"],
    ["ja", "every Monday", "mon"],
  ])("is read in %s: “%s” is %s", (locale, text, stored) => {
    expect(read(text, locale)).toBe(stored);
  });

  it.each(["monthly", "hourly", "every other day", "never", "off", "", "1", "day and night"])(
    "is not guessed at from “%s”",
    (text) => {
      expect(read(text)).toBeUndefined();
    },
  );

  it("never depends on luck: any text at all is a rhythm that can be stored, or none", () => {
    fc.assert(
      fc.property(anyText(), fc.constantFrom(...DISCORD_LOCALES), (text, locale) => {
        const stored = read(text, locale);
        if (stored !== undefined) expect(storedRhythm(rhythmOf(stored))).toBe(stored);
      }),
    );
  });

  it("is understood in every language as it is suggested, by its label and by its value", () => {
    for (const locale of DISCORD_LOCALES) {
      const suggested = suggestRhythms("", locale);
      expect(suggested).toHaveLength(10);
      for (const rhythm of suggested) {
        const stored = storedRhythm(rhythm);
        expect(read(rhythmInWords(rhythm, locale), locale), locale).toBe(stored);
        expect(read(stored, locale), locale).toBe(stored);
      }
    }
  });

  it("is suggested while it is typed, what it means now first", () => {
    const suggested = (text: string) => suggestRhythms(text, "en-US").map(storedRhythm);
    expect(suggested("f")).toEqual(["weekdays", "fri"]);
    expect(suggested("mon, wed")).toEqual(["mon,wed"]);
    expect(suggested("we")[0]).toBe("wed");
    expect(suggested("xyz")).toEqual([]);
    expect(suggestRhythms("lun", "fr").map((rhythm) => rhythmInWords(rhythm, "fr"))).toEqual([
      "chaque semaine, le lundi",
      "du lundi au vendredi",
    ]);
  });
});
