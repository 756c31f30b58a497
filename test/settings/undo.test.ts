import { describe, expect, it } from "vitest";
import { NO_SETTINGS } from "../../src/storage/guild-settings.ts";
import { type TypedOptions, textOf } from "../support/command-harness.ts";
import type { SeenMessage } from "../support/fake-discord/seen-message.ts";
import { ConfigUnderTest } from "./config-under-test.ts";

const server = new ConfigUnderTest();

const undoIn = (message: SeenMessage) =>
  /"custom_id":"(config:undo:[^"]+)"/.exec(JSON.stringify(message.components))?.[1];
const press = (message: SeenMessage, user = server.admin) => {
  const customId = undoIn(message);
  if (customId === undefined) throw new Error("no undo button");
  return server.bot.discord.press(message, customId, user);
};

describe("the undo button", () => {
  const kinds: readonly (readonly [string, TypedOptions])[] = [
    ["set", { currency: "EUR", amount: "77" }],
    ["digest", { time: "10:00", zone: "Berlin", coins: "btc, doge" }],
    ["symbol", { symbol: "uni", coin: "uniswap" }],
  ];
  it.each(kinds)("under a saved %s puts everything back, and names it", async (name, options) => {
    const saved = await server.send(name, options).answer();
    expect(server.stored()).not.toEqual(NO_SETTINGS);
    const undone = await press(saved).answer();
    expect(undone.id).toBe(saved.id);
    expect(textOf(undone)).toMatch(/^Put back\n- .+ → default/);
    expect({ ...server.stored(), digestSince: null }).toEqual(NO_SETTINGS);
    expect(textOf(await press(undone).answer())).toContain("default → ");
    expect(server.stored()).not.toEqual(NO_SETTINGS);
  });

  it("puts back one choice and everything after a reset", async () => {
    await server.config("set", { currency: "EUR", amount: "77" });
    const before = server.stored();
    await press(await server.send("reset", { what: "amount" }).answer()).answer();
    expect(server.stored()).toEqual(before);
    const question = await server.send("reset").answer();
    const confirm = /"custom_id":"(config:reset:[^"]+)"/.exec(JSON.stringify(question.components));
    const reset = await server.bot.discord
      .press(question, confirm?.[1] ?? "", server.admin)
      .answer();
    expect(server.stored()).toEqual(NO_SETTINGS);
    await press(reset).answer();
    expect(server.stored()).toEqual(before);
  });

  it("is not offered where nothing was altered", async () => {
    await server.config("set", { currency: "EUR" });
    expect(undoIn(await server.send("set", { currency: "EUR" }).answer())).toBeUndefined();
  });

  it("says who changed the setting since, instead of putting something older over it", async () => {
    const saved = await server.send("digest", { time: "10:00" }).answer();
    const ben = server.manager();
    await server.config("digest", { time: "11:00" }, { user: ben });
    const answer = textOf(await press(saved).answer());
    expect(answer).toMatch(
      new RegExp(`^<@${ben.id}> has changed the digest time since, <t:\\d+:R>, so nothing`),
    );
    expect(server.stored().digestTime).toBe("11:00");
  });

  it("says who has reset everything since", async () => {
    const saved = await server.send("digest", { time: "10:00" }).answer();
    await server.bot.services.settings.reset(server.bot.guild.id, server.author());
    expect(textOf(await press(saved).answer())).toMatch(/^<@\d+> has reset everything since, <t:/);
    expect(server.stored()).toEqual(NO_SETTINGS);
  });

  it("works once, however quickly it is pressed", async () => {
    const saved = await server.send("digest", { time: "10:00" }).answer();
    await Promise.all([press(saved), press(saved)].map((pressed) => pressed.answer()));
    expect((await server.config("history")).split("\n- ")).toHaveLength(3);
    expect(server.stored().digestTime).toBeNull();
  });

  it("answers plainly when the list of changes is gone", async () => {
    const saved = await server.send("digest", { time: "10:00" }).answer();
    await server.bot.services.forget(server.bot.guild.id);
    expect(textOf(await press(saved).answer())).toMatch(
      /^That change is no longer in the list of changes/,
    );
  });

  it("is for admins alone", async () => {
    const saved = await server.send("digest", { time: "10:00" }).answer();
    server.bot.guild.memberRoleIds.delete(server.admin.id);
    expect(textOf(await press(saved).answer())).toContain("Only members with *Manage Server*");
    expect(server.stored().digestTime).toBe("10:00");
  });
});
