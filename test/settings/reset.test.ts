import { describe, expect, it } from "vitest";
import { NO_SETTINGS } from "../../src/storage/guild-settings.ts";
import { textOf } from "../support/command-harness.ts";
import type { InteractionHandle } from "../support/fake-discord/interaction-handle.ts";
import type { SeenMessage } from "../support/fake-discord/seen-message.ts";
import { ConfigUnderTest } from "./config-under-test.ts";

const server = new ConfigUnderTest();

describe("/config reset and forget", () => {
  const idOf = (message: SeenMessage, what: string) => {
    const found = new RegExp(`"custom_id":"(config:${what}:[^"]+)"`).exec(
      JSON.stringify(message.components),
    )?.[1];
    if (found === undefined) throw new Error(`no ${what} button`);
    return found;
  };
  const chooseSomething = () => server.config("set", { currency: "EUR", amount: "77" });

  it("takes one choice back at once", async () => {
    await chooseSomething();
    await server.config("set", { "car-price": "5000" });
    expect(await server.config("reset", { what: "amount" })).toContain(
      "The amount is back to its default.",
    );
    await server.config("reset", { what: "car" });
    expect(server.stored()).toEqual({ ...NO_SETTINGS, currency: "EUR" });
    await server.config("set", { amount: "860" });
    expect(await server.config("reset", { what: "currency" })).toContain(
      "The default stake of €860 is now $1,000, worth about the same.",
    );
    expect(server.stored()).toEqual({ ...NO_SETTINGS, stake: 860, stakeCurrency: "EUR" });
    expect(await server.config("view")).toContain("**Stake** $1,000 · *set here* as €860");
    expect(await server.config("reset", { what: "symbols" }, { unchecked: true })).toMatch(
      /^There is no such choice: take everything, currency, .* or digest mention\. Nothing/,
    );
    await server.config("digest", { time: "10:00" });
    await server.config("reset", { what: "Time" }, { unchecked: true });
    expect(server.stored().digestTime).toBeNull();
  });

  it("takes everything back after a confirmation, and keeps the list of changes", async () => {
    await chooseSomething();
    const question = await server.send("reset").answer();
    expect(server.stored().stake).toBe(77);
    const pressed = server.bot.discord.press(question, idOf(question, "reset"), server.admin);
    const done = await pressed.answer();
    expect(done.id).toBe(question.id);
    expect(textOf(done)).toContain("Everything is back to its default");
    expect(JSON.stringify(done.components)).not.toMatch(/config:(?:reset|keep):/);
    expect(server.stored()).toEqual(NO_SETTINGS);
    expect(await server.config("history")).toMatch(
      /everything back to the defaults \(was .*EUR.*77/,
    );
  });

  it("deletes everything for good after a confirmation, and says what was deleted", async () => {
    await chooseSomething();
    await server.config("symbol", { symbol: "uni", coin: "uniswap" });
    await server.recordDigest("2026-11-23", {
      kind: "missed",
      reason: "the bot was down",
      mayBePosted: false,
    });
    const question = await server.send("forget").answer();
    const done = await server.bot.discord
      .press(question, idOf(question, "forget"), server.admin)
      .answer();
    expect(textOf(done)).toContain(
      "Deleted at once and for good: 1 row of settings, 1 symbol, 3 recorded changes and 1 digest record.",
    );
    expect(server.stored()).toEqual(NO_SETTINGS);
    expect(await server.config("history")).toContain(
      "Nothing has been changed on this server yet.",
    );
    const again = await server.send("forget").answer();
    expect(
      textOf(await server.bot.discord.press(again, idOf(again, "forget"), server.admin).answer()),
    ).toContain("Nothing was stored about this server");
  });

  it.each(["reset", "forget"])("%s is cancelled with the other button", async (what) => {
    await chooseSomething();
    const question = await server.send(what).answer();
    const done = await server.bot.discord
      .press(question, idOf(question, "keep"), server.admin)
      .answer();
    expect(textOf(done)).toBe("Kept\nNothing was changed.");
    expect(done.components).toEqual([]);
    expect(server.stored().stake).toBe(77);
  });

  it("a press after ten minutes does nothing", async () => {
    await chooseSomething();
    const question = await server.send("forget").answer();
    server.bot.market.setNow("2026-11-24T12:10:01Z");
    expect(
      textOf(
        await refusalOf(server.bot.discord.press(question, idOf(question, "forget"), server.admin)),
      ),
    ).toMatch(/^This button was good for ten minutes.* Nothing was changed\.$/);
    expect(server.stored().stake).toBe(77);
  });

  it("a press by somebody who has lost the permission does nothing", async () => {
    await chooseSomething();
    const question = await server.send("forget").answer();
    server.bot.guild.memberRoleIds.set(server.admin.id, []);
    expect(
      textOf(
        await refusalOf(server.bot.discord.press(question, idOf(question, "forget"), server.admin)),
      ),
    ).toBe("Only members with *Manage Server* can use `/config`.");
    expect(server.stored().stake).toBe(77);
  });

  it("a button of another server or admin, or with a forged end, does nothing", async () => {
    await chooseSomething();
    const question = await server.send("forget").answer();
    const id = idOf(question, "forget");
    const other = server.manager();
    const card = await server.bot.discord
      .command({ user: other, guild: server.bot.guild, name: "lambo", options: { coin: "doge" } })
      .answer();
    const ends = id.split(":").at(-1) ?? "";
    for (const forged of [
      id,
      id
        .replace(server.admin.id, other.id)
        .replace(server.bot.guild.id, server.bot.discord.guild.id),
      id.replace(server.admin.id, other.id).replace(ends, "zzzzzzzz"),
      id.replace(server.admin.id, other.id).replace(ends, "-1"),
      `config:forget:${server.bot.guild.id}:${other.id}`,
      `${id.replace(server.admin.id, other.id)}:more`,
    ]) {
      const pressed = server.bot.discord.forge(card, forged, other);
      expect(textOf(await pressed.answer())).toMatch(
        /^This button (is not yours to press|was good for ten minutes)/,
      );
      expect(pressed.messages().private).toHaveLength(1);
    }
    expect(server.stored().stake).toBe(77);
  });
});

/** The plain sentence that answers a press, beside the message with the button. */
async function refusalOf(pressed: InteractionHandle): Promise<SeenMessage> {
  const isRefusal = ({ content }: SeenMessage) => content !== "";
  const refusal = (
    await pressed.until("the refusal", (seen) => seen.private.some(isRefusal))
  ).private.find(isRefusal);
  if (refusal === undefined) throw new Error("nothing was refused");
  return refusal;
}
