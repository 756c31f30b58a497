import { expect, it } from "vitest";
import { EN } from "../../locales/en.ts";
import { openCatalogues } from "../../src/messages/catalogues.ts";
import { languageOf, messageSource, spokenLanguages } from "../../src/messages/say.ts";
import { createSpeaker } from "../../src/messages/speaker.ts";
import type { PageTextKey } from "../../src/playground/page/protocol.ts";
import { filledIn } from "../../src/playground/page/script/message.ts";

const KEYS = Object.keys(EN).filter((key) => key.startsWith("playground.")) as PageTextKey[];
const speaker = createSpeaker(openCatalogues(new URL("../../locales/", import.meta.url), EN));

/** Values for every placeholder of the page's messages. */
const VALUES = {
  ...{ command: "lambo", option: "coin", options: "coin, amount", typed: "nonsense" },
  ...{ channel: "lambos", member: "Robin", who: "Robin", message: "Dogecoin", bot: "Lambo" },
  ...{ description: "Coin", menu: "Stake", chosen: "$1,000", state: "Prices", details: "real" },
  ...{ source: "Kraken", plan: "demo", host: "localhost", coingecko: "CoinGecko", bound: "7" },
};

it("the page says every message as the program does, in every language", () => {
  for (const locale of spokenLanguages()) {
    const plurals = new Intl.PluralRules(languageOf(locale));
    for (const key of KEYS) {
      for (const [count, by] of [
        [1, "you"],
        [2, "other"],
        [5, "you"],
        [1_000_000, "other"],
      ] as const) {
        const values = { ...VALUES, count, text: String(count), by };
        const source = messageSource(locale, key);
        expect(filledIn(source, values, plurals).join(""), `${locale} ${key}`).toBe(
          speaker.text(locale, key, values),
        );
      }
    }
  }
});

it.each([
  ["it''s {a}", "it's 1"],
  ["it's {a}", "it's 1"],
  ["'{a}' is {a}", "{a} is 1"],
  ["{n, plural, =2 {two {a}} one {one} other {{n, select, x {y} other {z}}}}!", "two 1!"],
  ["#{a}: {missing}", "#1: "],
])("the page reads %j as ICU MessageFormat", (message, expected) => {
  const plurals = new Intl.PluralRules("en");
  expect(filledIn(message, { a: "1", n: 2 }, plurals).join("")).toBe(expected);
});
