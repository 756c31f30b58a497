import { describe, expect, it } from "vitest";
import {
  languageLabel,
  languageName,
  offeredLanguages,
  readLanguage,
  spokenInWords,
} from "../../src/messages/languages.ts";

describe("a language that somebody types", () => {
  it("is understood by code, name in any language, its beginning or with a slip", () => {
    const meant: Readonly<Record<string, string>> = {
      de: "de german Deutsch GERMAN allemand немецкий germna deutch Alemán ドイツ語",
      "de-DE": "de-DE de_DE.UTF-8 🇩🇪",
      "de-AT": "de-AT at",
      es: "es spanish español espanol Spanisch spansih",
      "es-ES": "es-ES castellano",
      "es-419": "es-419 latino",
      "es-MX": "es_MX",
      fr: "fr français FRANCAIS french frenhc fran",
      it: "it italiano itallian",
      ja: "ja japanese japaneese 日本語 日本 japan nihongo",
      "ja-JP": "jp 🇯🇵",
      ko: "ko korean 한국어 한글",
      pl: "pl polski Polish polnisch",
      "pt-BR": "pt pt-BR por portugues portugese Brazil brazilian 🇧🇷 br",
      ru: "ru Русский russian russain по-русски",
      tr: "tr türkçe turkce Turkish",
      en: "en english inglés",
      "en-GB": "en-GB british",
      "en-US": "en-US american en-US-u-nu-thai",
    };
    const several: Readonly<Record<string, string>> = {
      "brazil portuguese": "pt-BR",
      "Português do Brasil": "pt-BR",
      "język polski": "pl",
      "Русский язык": "ru",
      "latin american spanish": "es-419",
      "UK English": "en-GB",
      "Deutsch · German": "de",
    };
    for (const locale of ["en-US", "de", "xx"]) {
      for (const [code, texts] of Object.entries(meant))
        for (const text of texts.split(" "))
          expect([text, readLanguage(text, locale)]).toEqual([text, code]);
      for (const [text, code] of Object.entries(several))
        expect([text, readLanguage(text, locale)]).toEqual([text, code]);
    }
  });

  it("is not taken for another that is spoken, nor any other text for one", () => {
    const others =
      "nl dutch Nederlands danish dansk uk ukrainian cs Czech sv ar ca 中文 🇳🇱 xx klingon a 1 💥";
    for (const text of ["", "   ", "\u0000", "a".repeat(200), ...others.split(" ")])
      expect([text, readLanguage(text, "en-US")]).toEqual([text, undefined]);
  });

  it("is understood when the label of a suggestion is typed, whoever reads it", () => {
    for (const locale of [...offeredLanguages(), "nl", ""])
      for (const code of offeredLanguages()) {
        const typed = readLanguage(languageLabel(code, locale), locale) ?? "";
        expect(languageName(code, "en").startsWith(languageName(typed, "en"))).toBe(true);
      }
  });
});

it("languages are named in themselves and for their readers", () => {
  expect(languageLabel("de", "en-US")).toBe("Deutsch · German");
  expect(languageLabel("de", "de")).toBe("Deutsch");
  expect(languageLabel("es-419", "fr")).toBe(
    "Español (Latinoamérica) · Espagnol (Amérique latine)",
  );
  expect(languageName("en-US", "tr")).toBe("İngilizce");
  expect(spokenInWords("de")).toMatch(/^Deutsch, Englisch, .* oder Türkisch$/);
});
