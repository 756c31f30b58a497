import { describe, expect, it } from "vitest";
import { createPictureMaker } from "../../src/pictures/picture-maker.ts";
import {
  customIdOn,
  customIdsOn,
  type TypedOptions,
  textOf,
  useCommands,
} from "../support/command-harness.ts";
import type { InteractionHandle } from "../support/fake-discord/interaction-handle.ts";
import { isJsonObject, jsonObjects } from "../support/fake-discord/json.ts";
import type { SeenMessage } from "../support/fake-discord/seen-message.ts";
import type { FakeUser } from "../support/fake-discord/world.ts";
import type { FakeCoin } from "../support/fake-market/fake-coin.ts";
import { createLogLines } from "../support/log-lines.ts";
import { syntheticSeries } from "../support/price-series.ts";

const LAST_ON = "2026-11-23";
const coin = (
  coinId: string,
  symbol: string,
  name: string,
  rank: number | null,
  firstOn = "2023-06-01",
): FakeCoin => ({
  ...{ coinId, symbol, name, rank },
  series: syntheticSeries({ firstOn, lastOn: LAST_ON, startUsd: 0.001, dailyGrowth: 0.004 }),
});
const COINS: FakeCoin[] = [
  coin("bitcoin", "BTC", "Bitcoin", 1, "2022-06-01"),
  coin("dogecoin", "DOGE", "Dogecoin", 8),
  coin("doge-two", "DOGE", "Doge Two", 900),
  coin("twin-one", "TWIN", "Twin", null),
  coin("twin-two", "TWIN", "Twin", null),
];

const logged = createLogLines();
/** What a card's picture looks like is another test's matter, and drawing takes longest. */
const pictures = createPictureMaker({ rasterize: async () => new Uint8Array(64) });
const bot = useCommands({ coins: COINS, log: logged.log, replace: () => ({ pictures }) });

const OUTDATED = /no longer works|older version|no longer listed/;

/** Messages with controls on them, and what brings them about. */
const CARDS: readonly (readonly [what: string, command: string, options: TypedOptions])[] = [
  ["an answer with a day of buying", "lambo", { coin: "doge", bought: "2024-12-17" }],
  ["a coin by chance", "lambo", {}],
  ["a needed price", "wen", { coin: "doge" }],
  ["a comparison without one coin", "compare", { coin: "btc", against: "doge", third: "twin" }],
  ["a refused comparison", "compare", { coin: "btc", against: "twin" }],
  ["a refused answer", "lambo", { coin: "twin", bought: "2024-12-17" }],
  ["a refused needed price", "wen", { coin: "twin" }],
];

/** What a menu offers that changes something; undefined for a button. */
function choiceOn(card: SeenMessage, customId: string): string | undefined {
  const controls = card.components.flatMap((row) =>
    isJsonObject(row) ? jsonObjects(row["components"]) : [],
  );
  const menu = controls.find((control) => control["custom_id"] === customId);
  const offered = jsonObjects(menu?.["options"]).filter((option) => option["default"] !== true);
  const value = offered.find((option) => option["value"] !== "other")?.["value"];
  return typeof value === "string" ? value : undefined;
}

/**
 * The same question again. Where chance picks the coin, it is asked until there are as many
 * controls.
 */
async function askedLike(
  first: SeenMessage,
  name: string,
  options: TypedOptions,
): Promise<SeenMessage> {
  const controlCount = customIdsOn(first, "").length;
  for (;;) {
    const asked = await bot.ask(name, options);
    if (customIdsOn(asked, "").length === controlCount) return asked;
  }
}

function use(card: SeenMessage, id: string, user: FakeUser, locale = "en-US"): InteractionHandle {
  const choice = choiceOn(card, id);
  return choice === undefined
    ? bot.discord.press(card, id, user, { locale })
    : bot.discord.choose(card, id, [choice], user, { locale });
}

describe("every button and menu of a card", () => {
  it.each(CARDS)("edits it for the asker alone, in whichever language: %s", async (...card) => {
    const [, name, options] = card;
    const first = await bot.ask(name, options);
    for (const index of customIdsOn(first, "").keys()) {
      const asked = await askedLike(first, name, options);
      const id = customIdsOn(asked, "")[index] ?? "";
      const before = textOf(asked);

      const isPrivate = asked.ephemeral;
      if (!isPrivate) {
        const copy = await use(asked, id, bot.discord.user()).answer();
        expect([copy.ephemeral, copy.id === asked.id], id).toEqual([true, false]);
        expect([asked.edits, textOf(asked)], id).toEqual([0, before]);
      }
      // In another language than it was asked in, and with nothing left but the controls.
      Object.assign(asked, { embeds: [] });
      const own = await use(asked, id, bot.member, "de").answer();
      const opens = /^(lambo:maths|lambo:open|compare:open):/.test(id);
      expect([own.ephemeral, own.id === asked.id], id).toEqual([isPrivate || opens, !opens]);
      expect(textOf(own), id).toMatch(/\d\s\$/);
      if (id.endsWith(":d20241217")) expect(textOf(own), id).toContain("17. Dez. 2024");
    }
    expect(logged.lines.filter(({ level }) => level === "error")).toEqual([]);
    expect(JSON.stringify(logged.lines)).not.toContain(bot.member.id);
  });

  it.each(CARDS)("refuses what is forged: %s", async (_, name, options) => {
    const asked = await bot.ask(name, options);
    for (const id of customIdsOn(asked, "")) {
      const cut = [id.slice(0, id.indexOf(":") + 1), id.slice(0, id.indexOf(":1000:") + 5)];
      for (const wrong of [...cut, `about:${id}`, id.replace(":1000:", ":1e9:")]) {
        const pressed = bot.discord.forge(asked, wrong, bot.member, ["100"]);
        expect(textOf(await pressed.answer()), wrong).toMatch(OUTDATED);
        expect((await pressed.response()).kind, wrong).toBe("message");
      }
    }
    for (const id of customIdsOn(asked, "").filter((each) => choiceOn(asked, each) !== undefined)) {
      const odd = [[], ["__proto__"], ["-100"], ["id:gone"]];
      for (const values of odd) {
        const refused = bot.discord.forge(asked, id, bot.discord.user(), values);
        expect(textOf(await refused.answer()), `${id} ${values}`).toMatch(OUTDATED);
      }
    }
    expect(asked.edits).toBe(0);
  });

  it("typed into by somebody else, the modal of an amount gives them a copy", async () => {
    const card = await bot.ask("wen", { coin: "doge" });
    const opened = bot.discord.choose(card, customIdOn(card, "wen:stake:"), ["other"], bot.member);
    await opened.modal();
    const user = bot.discord.user();
    const copy = await bot.discord.submit(opened, { amount: "888" }, { user }).answer();
    expect([copy.ephemeral, card.edits]).toEqual([true, 0]);
    expect(textOf(copy)).toContain("$888");
  });

  it("names namesakes by their ids", async () => {
    const refusal = await bot.ask("lambo", { coin: "twin" });
    expect(textOf(refusal)).toContain("answer to “twin”, such as Twin (TWIN). Choose");
    const menu = JSON.stringify(refusal.components);
    for (const id of ["twin-one", "twin-two"]) expect(menu).toContain(`"description":"${id}"`);
    const card = await bot.ask("lambo", { coin: "doge" });
    expect(JSON.stringify(card.components)).not.toContain('"description":"doge');
  });
});

describe("a day of buying by joining", () => {
  it("is the server's day where only the member installed the bot, too", async () => {
    const there = bot.discord.addGuild({ joined: false });
    const scene = { guild: there, installedBy: "user", joinedAt: "2024-05-03T18:24:00Z" } as const;
    const card = await bot.ask("lambo", { coin: "doge", bought: "joined", private: true }, scene);
    expect(textOf(card)).toContain("when you joined this server, over the four weeks from May 3");
  });
});
