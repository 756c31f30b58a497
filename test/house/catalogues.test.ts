import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { EN } from "../../locales/en.ts";
import { type Messages, problemsIn } from "./catalogue-rules.ts";

const FOLDER = new URL("../../locales/", import.meta.url);
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));

describe("every language", () => {
  it.each(FILES)("keeps the rules of docs/translating.md (%s)", (file) => {
    const own = JSON.parse(readFileSync(new URL(file, FOLDER), "utf8")) as Messages;
    const problems = problemsIn(file.replace(".json", ""), own, EN);
    expect(problems.map((problem) => `${file}: ${problem}`)).toEqual([]);
  });
});

describe("a language that breaks a rule is told which", () => {
  const LINES = Object.fromEntries(
    [1, 2, 3, 4, 5, 6].map((number) => [`wen-line.near.${number}`, `Zeile ${number}.`]),
  );
  const ENGLISH = {
    greeting: "Good morning, {name}.",
    trade: "{count, plural, one {{text} coin} other {{text} coins}}",
    several: "{count, plural, =2 {two} other {three}}",
    choice: "{how, select, up {up} down {down} other {still}}",
    farewell: "Good night to everybody in the garage.",
    hint: "Type `/config digest channel:` or `coins:default`.",
    "name.config": "config",
    "name.digest": "digest",
    "name.channel": "channel",
    "name.coins": "coins",
    "command.config": "How the bot behaves on this server",
    "picture.peak": "Peak",
    "wen-line.near.1": "Near.",
  };
  const OWN: Messages = {
    greeting: "Guten Morgen, {name}.",
    trade: "{count, plural, one {{text} Coin} other {{text} Coins}}",
    several: "{count, plural, =2 {zwei} other {drei}}",
    choice: "{how, select, up {rauf} down {runter} other {gleich}}",
    farewell: "Gute Nacht, ihr alle in der Garage.",
    hint: "Tippe `/setup digest kanal:` oder `coins:default`.",
    "name.config": "setup",
    "name.digest": "digest",
    "name.channel": "kanal",
    "name.coins": "coins",
    "command.config": "Wie der Bot sich hier verhält",
    "picture.peak": "Hoch",
    ...LINES,
  };
  const found = (change: Messages, language = "de") => {
    const merged = Object.entries({ ...OWN, ...change });
    return problemsIn(
      language,
      Object.fromEntries(merged.filter(([, message]) => message !== undefined)),
      ENGLISH,
    );
  };

  it("and one that keeps them all has no problems", () => {
    expect(found({})).toEqual([]);
  });

  it.each<[string, Messages, string | RegExp]>([
    ["a missing message", { greeting: undefined }, "greeting: missing"],
    [
      "an unknown key",
      { greetings: "Moin" },
      "greetings: unknown key, English has no such message",
    ],
    ["an empty message", { greeting: " " }, "greeting: no text"],
    ["a list for a message", { greeting: ["Moin"] }, "greeting: no text"],
    ["an open brace", { greeting: "Moin, {name" }, /^greeting: no ICU message: /],
    ["a lost placeholder", { greeting: "Guten Morgen." }, "greeting: {name} is missing"],
    ["a made-up placeholder", { greeting: "{name} {x}" }, "greeting: unknown placeholder {x}"],
    [
      "a number that is only there to choose",
      { trade: "{count} {text}" },
      "trade: {count} is for choosing, not for showing",
    ],
    [
      "a plural that the language has not",
      { trade: "{count, plural, one {{text} Coin} few {{text} Coins} other {{text} Coins}}" },
      "trade: {count}: de has no plural few, only one, other",
    ],
    [
      "a plural that the language has",
      { trade: "{count, plural, other {{text} Coins}}" },
      "trade: {count}: plural one is missing",
    ],
    [
      "a number without digit groups",
      { trade: "{count, plural, one {# {text}} other {# {text}}}" },
      "trade: a # is written without digit groups: use the placeholder",
    ],
    [
      "a translated option",
      { choice: "{how, select, rauf {rauf} up {rauf} down {runter} other {gleich}}" },
      "choice: {how} has no option rauf",
    ],
    [
      "a lost option",
      { choice: "{how, select, up {rauf} other {gleich}}" },
      "choice: {how}: option down is missing",
    ],
    ["an English sentence", { farewell: ENGLISH.farewell }, "farewell: still in English"],
    [
      "an English command",
      { hint: "`/config digest kanal:` oder `coins:default`" },
      "hint: `/config digest kanal:`: “config” is no command or option here",
    ],
    [
      "an English option",
      { hint: "`/setup digest channel:` oder `coins:default`" },
      "hint: `/setup digest channel:`: “channel” is no command or option here",
    ],
    [
      "a name in capitals",
      { "name.coins": "Coins", hint: "–" },
      "name.coins: a name has 1 to 32 lower-case letters, digits, - or _, and no spaces",
    ],
    [
      "another command's English name",
      { "name.channel": "digest", "name.digest": "rundschau", hint: "–" },
      "name.channel: “digest” is the English name of name.digest",
    ],
    [
      "a name twice",
      { "name.channel": "coin", "name.coins": "coin", hint: "–" },
      "name.coins: name.channel has the same name",
    ],
    [
      "a long description",
      { "command.config": "x".repeat(101) },
      "command.config: 101 characters, there is room for 100",
    ],
    [
      "a long word for a picture",
      { "picture.peak": "Allzeithöchststand" },
      "picture.peak: 18 characters, there is room for 12",
    ],
    ["half of a bold mark", { greeting: "**Moin, {name}" }, "greeting: a ** without its partner"],
    [
      "too few jokes",
      { "wen-line.near.6": undefined },
      "wen-line.near: 5 lines, there should be 6 to 13, and not 10",
    ],
    [
      "ten jokes, of which the steps of a day would meet only two",
      Object.fromEntries([7, 8, 9, 10].map((at) => [`wen-line.near.${at}`, `Witz ${at}.`])),
      "wen-line.near: 10 lines, there should be 6 to 13, and not 10",
    ],
    [
      "a gap between jokes",
      { "wen-line.near.8": "Acht." },
      "wen-line.near: the lines are not numbered from 1 to 7",
    ],
    [
      "a joke twice",
      { "wen-line.near.2": "Zeile 1." },
      "wen-line.near.2: the same line as wen-line.near.1",
    ],
    [
      "a joke of no group",
      { "wen-line.here.1": "Hier." },
      "wen-line.here.1: no such group of lines",
    ],
    [
      "a joke with a placeholder",
      { "wen-line.near.2": "{name} ist da." },
      "wen-line.near.2: unknown placeholder {name}",
    ],
  ])("%s", (_what, change, problem) => {
    const problems = found(change);
    expect(problems).toEqual([
      typeof problem === "string" ? problem : expect.stringMatching(problem),
    ]);
  });

  it("but it may say the same for every option, and write numbers out", () => {
    expect(found({ choice: "{how, select, other {anders}}", several: "zwei oder drei" })).toEqual(
      [],
    );
    const japanese = { trade: "{text}コイン" };
    expect(found(japanese, "ja")).toEqual([]);
  });
});
