import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import { EN } from "../../locales/en.ts";
import { DISCORD_LIMITS } from "../../src/discord/limits.ts";
import { spokenLanguages } from "../../src/messages/say.ts";
import { createPictureMaker } from "../../src/pictures/picture-maker.ts";
import { customIdsOn, type TypedOptions, useCommands } from "../support/command-harness.ts";
import type { SeenMessage } from "../support/fake-discord/seen-message.ts";
import { Permission } from "../support/fake-discord/world.ts";
import { syntheticSeries } from "../support/price-series.ts";

const grown = (firstOn: string, dailyGrowth: number, lastOn = "2026-11-23") =>
  syntheticSeries({ firstOn, lastOn, startUsd: 0.001, dailyGrowth });

/** Of 60 characters, the longest that a card shows. */
const LONG = "The Wonderful World Wide Wrapped Wealth Of Wandering Whales W";
const named = (end: string) => `${LONG.slice(0, 60 - end.length)}${end}`;

const COINS = [
  {
    coinId: "whale",
    symbol: "WHALEWWWWWWWWWWW",
    name: named("1"),
    rank: 1,
    series: grown("2022-06-01", 0.006),
  },
  { coinId: "tail", symbol: "TAIL", name: named("2"), rank: 2, series: grown("2021-06-01", 0.003) },
  { coinId: "flat", symbol: "FLAT", name: named("3"), rank: 3, series: grown("2022-06-01", 0) },
  {
    coinId: "sunk",
    symbol: "SUNK",
    name: named("4"),
    rank: 60,
    series: grown("2023-01-01", -0.003),
  },
  {
    coinId: "gone",
    symbol: "GONE",
    name: named("5"),
    rank: 700,
    series: grown("2022-06-01", 0.002, "2023-03-01"),
  },
  { coinId: "new", symbol: "NEW", name: named("6"), rank: 900, series: grown("2026-11-20", 0.01) },
  {
    coinId: "young",
    symbol: "YOUNG",
    name: named("7"),
    rank: 901,
    series: grown("2026-10-20", 0.01),
  },
  {
    coinId: "twin-one",
    symbol: "TWIN",
    name: named("8"),
    rank: null,
    series: grown("2023-01-01", 0.003),
  },
  {
    coinId: "twin-two",
    symbol: "TWIN",
    name: named("9"),
    rank: null,
    series: grown("2023-01-01", 0.002),
  },
];

const bot = useCommands({ coins: COINS });

const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
// What is drawn is laid out, which is where languages differ.
const pictures = createPictureMaker({ rasterize: async () => PIXEL });
beforeEach(() => void bot.replace({ pictures }));

/** Something to ask, with what is then pressed on the answer. */
type Asked = readonly [name: string, options: TypedOptions, pressed?: readonly string[]];

const ASKED: readonly Asked[] = [
  ["lambo", { coin: "whale", amount: "250" }, ["lambo:maths:"]],
  ["lambo", { coin: "tail", amount: "25000" }],
  ["lambo", { coin: "flat" }],
  ["lambo", { coin: "sunk", bought: "03/04/24", car: "urus-s" }],
  ["lambo", { coin: "gone", private: true }, ["lambo:share:"]],
  ["lambo", { coin: "young", bought: "peak" }],
  ["lambo", { coin: "whale", bought: "joined" }],
  ["lambo", { coin: "twin" }],
  ["lambo", { coin: "nonesuch" }],
  ["lambo", { coin: "new" }],
  ["lambo", { coin: "whale", amount: "lots" }],
  ["lambo", { coin: "whale", bought: "31.02.2024" }],
  ["compare", { coin: "whale", against: "tail, sunk, gone" }, ["compare:from:"]],
  ["compare", { coin: "whale", against: "whale" }],
  ["wen", { coin: "whale" }],
  ["wen", { coin: "sunk" }],
  ["wen", { coin: "gone" }],
  ["digest", {}],
  ["about", {}],
  ["config set", { currency: "EUR", amount: "500", replies: "private" }],
  [
    "config digest",
    { time: "9am", zone: "Berlin", every: "fri", riddle: "on", coins: "whale tail" },
  ],
  ["config digest", { every: "sometimes" }],
  ["config digest", { zone: "EST" }],
  ["config symbol", { symbol: "UNI", coin: "whale" }],
  ["config view", {}],
  ["config check", {}],
  ["config history", {}],
  ["config test", { private: true }],
  ["config reset", {}, ["config:keep:"]],
  ["config forget", {}, ["config:forget:"]],
];

const LANGUAGES = spokenLanguages().filter((code) => code !== "en");

describe("every reply", () => {
  it.each(LANGUAGES)(
    "fits Discord with the longest names, and has nothing in English (%s)",
    async (code) => {
      const scene = { locale: code, permissions: Permission.ManageGuild, unchecked: true };
      const english = englishPhrases(code);
      const found: string[] = [];
      const look = (what: string, message: SeenMessage) => {
        const text = allTextOf(message);
        for (const phrase of english) if (text.includes(phrase)) found.push(`${what}: ${phrase}`);
        for (const { description } of message.files)
          expect((description ?? "").length, what).toBeLessThan(DISCORD_LIMITS.altTextLength);
      };
      for (const [name, options, pressed = []] of ASKED) {
        const what = `/${name} ${JSON.stringify(options)}`;
        const message = await bot.ask(name, options, scene);
        look(what, message);
        for (const prefix of pressed) {
          const [id] = customIdsOn(message, prefix);
          if (id === undefined) throw new Error(`${what} has no ${prefix}`);
          look(
            `${what} ${prefix}`,
            await bot.discord.press(message, id, bot.member, scene).answer(),
          );
        }
      }
      expect(found).toEqual([]);
    },
  );
});

/** Every text of a message, those of its buttons, menus and pictures included. */
function allTextOf({ content, embeds, components, files }: SeenMessage): string {
  const texts = JSON.stringify([
    content,
    embeds,
    components,
    files.map((file) => file.description),
  ]);
  return texts.replaceAll(/\\n/g, " ");
}

/** Parts of 12 letters or more between placeholders that only English has, not this language. */
function englishPhrases(code: string): readonly string[] {
  const file = new URL(`../../locales/${code}.json`, import.meta.url);
  const own = Object.values(JSON.parse(readFileSync(file, "utf8")) as object).join("\n");
  return Object.values<string>(EN).flatMap((message) => {
    const parts = message.split(/\{[^{}]*\}|[{}\n]/).map((part) => part.trim());
    return parts.filter((part) => part.length >= 12 && part.includes(" ") && !own.includes(part));
  });
}
