import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { openCatalogues } from "../../src/messages/catalogues.ts";
import { formatMoney } from "../../src/messages/format.ts";
import { closestLocale } from "../../src/messages/locale-match.ts";
import { createSpeaker } from "../../src/messages/speaker.ts";
import { US_DOLLARS } from "../../src/valuation/currency.ts";

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** A folder with these files. */
function folderOf(files: Readonly<Record<string, string>>): URL {
  const folder = mkdtempSync(join(tmpdir(), "catalogues-"));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return pathToFileURL(`${folder}/`);
}

const ENGLISH = {
  greeting: "Good morning, {name}.",
  cars: "{count, plural, one {a car} other {{text} cars}}",
  farewell: "Good night.",
  "joke.1": "A car.",
  "joke.2": "Two cars.",
};

const GERMAN = {
  greeting: "Guten Morgen, {name}.",
  cars: "{count, plural, one {ein Auto} other {{text} Autos}}",
  "joke.1": "Ein Auto.",
};

function catalogues(files: Readonly<Record<string, string>>) {
  return openCatalogues(folderOf(files), ENGLISH);
}

describe("a locale", () => {
  const opened = catalogues({
    "de.json": JSON.stringify(GERMAN),
    "es.json": "{}",
    "pt-BR.json": "{}",
    "zh-CN.json": "{}",
    "no.json": "{}",
  });

  it.each([
    ["de", "de"],
    ["de-AT", "de"],
    ["DE_de.UTF-8", "de"],
    ["de-DE-u-nu-thai", "de"],
    ["es-ES", "es"],
    ["es-419", "es"],
    ["pt", "pt-BR"],
    ["pt-PT", "pt-BR"],
    ["no", "no"],
    ["nb-NO", "no"],
    ["zh", "zh-CN"],
    ["zh-TW", "en"],
    ["en-GB", "en"],
    ["en-US-u-nu-thai", "en"],
    ["xx", "en"],
    ["fr", "en"],
    ["C", "en"],
    ["-", "en"],
    ["", "en"],
    ["de de", "en"],
    ["../de", "en"],
    ["__proto__", "en"],
  ])("%s is spoken to in %s", (locale, code) => {
    expect(opened.languageOf(locale).code).toBe(code);
  });

  it.each([
    ["es", "es-ES"],
    ["es-MX", "es-419"],
    ["en", "en-US"],
    ["nb", "no"],
    ["sv", "sv-SE"],
    ["zh-HK", "zh-TW"],
    ["fr-CA", "fr"],
  ])("%s is closest to %s", (locale, closest) => {
    const codes = ["en-GB", "en-US", "es-ES", "es-419", "fr", "no", "sv-SE", "zh-CN", "zh-TW"];
    expect(closestLocale(locale, codes)).toBe(closest);
  });

  it("without a number format of its own has that of its language, and English without one", () => {
    expect(formatMoney(1234.5, US_DOLLARS, "de_AT.UTF-8")).toBe("1.234,50\u00a0$");
    for (const locale of ["xx", "", "en-US-u-nu-thai", "C"])
      expect(formatMoney(1234.5, US_DOLLARS, locale)).toBe("$1,234.50");
  });
});

describe("a language", () => {
  it("is spoken once its file lies beside the others", () => {
    const opened = catalogues({ "nl.json": '{ "farewell": "Slaap lekker." }', "notes.md": "" });
    expect(opened.codes()).toEqual(["en", "nl"]);
    const { text } = createSpeaker(opened);
    expect(text("nl", "farewell", {})).toBe("Slaap lekker.");
    expect(text("nl", "greeting", { name: "Jan" })).toBe("Good morning, Jan.");
    expect(opened.problems()).toEqual([]);
  });

  it("chooses plurals by its own rules", () => {
    const cars = "{count, plural, one {{text} авто} few {{text} авто-2} other {{text} авто-5}}";
    const { text } = createSpeaker(catalogues({ "ru.json": JSON.stringify({ cars }) }));
    const said = [1, 21, 3, 5, 1.5].map((count) => text("ru", "cars", { count, text: "" }).trim());
    expect(said).toEqual(["авто", "авто", "авто-2", "авто-5", "авто-5"]);
  });

  it.each([
    ["that does not parse", "Gute {name"],
    ["with a placeholder that English has not", "Guten Morgen, {vorname}."],
    ["that is no text", 5],
  ])("says a message %s in English, and the others itself", (_what, greeting) => {
    const file = JSON.stringify({ ...GERMAN, greeting });
    const { text } = createSpeaker(catalogues({ "de.json": file }));
    expect(text("de", "greeting", { name: "Ida" })).toBe("Good morning, Ida.");
    expect(text("de", "cars", { count: 1, text: "1" })).toBe("ein Auto");
  });

  it("has as many lines of a group as its file, and without any those of English", () => {
    const { lines } = createSpeaker(
      catalogues({ "de.json": JSON.stringify(GERMAN), "fr.json": "{}" }),
    );
    expect(lines("de", "joke")).toEqual(["Ein Auto."]);
    expect(lines("fr", "joke")).toEqual(["A car.", "Two cars."]);
    expect(lines("xx", "joke")).toEqual(["A car.", "Two cars."]);
  });

  it.each([
    ["cut off", '{ "greeting": "Guten'],
    ["a list", '["Guten Morgen"]'],
    ["empty", ""],
  ])("whose file is %s is English, and one problem names the file", (_what, content) => {
    const opened = catalogues({ "de.json": content, "fr.json": '{ "farewell": "Bonne nuit." }' });
    const { text } = createSpeaker(opened);
    expect(text("de", "farewell", {})).toBe("Good night.");
    expect(text("fr", "farewell", {})).toBe("Bonne nuit.");
    expect(opened.problems()).toEqual([expect.stringMatching(/^de\.json: ./)]);
  });

  it("that should be there and is not is English, and one problem names its file", () => {
    const opened = openCatalogues(folderOf({ "fr.json": "{}" }), ENGLISH, ["de", "fr"]);
    expect(createSpeaker(opened).text("de", "farewell", {})).toBe("Good night.");
    expect(opened.problems()).toEqual([expect.stringMatching(/^de\.json: ./)]);
    expect(opened.problems("de-AT")).toEqual([expect.stringMatching(/^de\.json: ./)]);
    expect(opened.problems("fr")).toEqual([]);
  });

  it("is read from a file with a byte order mark", () => {
    const opened = catalogues({ "de.json": `\uFEFF${JSON.stringify(GERMAN)}` });
    expect(createSpeaker(opened).text("de", "greeting", { name: "Ida" })).toBe(
      "Guten Morgen, Ida.",
    );
    expect(opened.problems()).toEqual([]);
  });

  it("is English for everybody without the folder, and one problem names it", () => {
    const opened = openCatalogues(pathToFileURL("/nowhere/at/all/"), ENGLISH);
    expect(createSpeaker(opened).text("de", "farewell", {})).toBe("Good night.");
    expect(opened.problems()).toEqual([expect.stringContaining("/nowhere/at/all/")]);
  });
});
