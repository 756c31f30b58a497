import { describe, expect, it } from "vitest";
import { storedReason } from "../../src/digest/reason.ts";
import { say } from "../../src/messages/say.ts";
import { customIdOn, textOf } from "../support/command-harness.ts";
import { ConfigUnderTest } from "./config-under-test.ts";

const server = new ConfigUnderTest();

describe("the language of a server", () => {
  it("is set by its name, is shown and recorded, and can be undone and reset", async () => {
    const asked = server.send("set", { language: "german" });
    const saved = await asked.answer();
    expect(server.stored().language).toBe("de");
    expect(textOf(saved)).toContain("**Language** German · *set here*");
    expect(await server.config("history")).toContain("language: default → German");
    expect(await server.config("view", {}, { locale: "ja" })).toContain("ドイツ語");

    await server.bot.discord.press(saved, customIdOn(saved, "config:undo:"), server.admin).answer();
    expect(server.stored().language).toBeNull();
    for (const back of [
      () => server.config("reset", { what: "language" }),
      () => server.config("set", { language: "default" }),
    ]) {
      await server.config("set", { language: "español" });
      expect(server.stored().language).toBe("es");
      expect(await back()).toContain("Saved");
      expect(server.stored().language).toBeNull();
    }
  });

  it("that is not spoken here is refused, naming those that are", async () => {
    const refusal = await server.config("set", { language: "nl" });
    expect(refusal).toMatch(/“nl” is not a language that I speak here: choose English, .*Turkish/);
    expect(await server.config("set", { language: "klingon", currency: "EUR" })).toContain(
      "klingon",
    );
    expect(server.stored()).toMatchObject({ language: null, currency: null });
  });

  it("is offered in its own name and the admin's", async () => {
    const all = await server.suggestions("set", "language", { language: "" });
    expect(all.map(({ name }) => name)).toContain("Deutsch · German");
    expect(all).toContainEqual({
      name: "Español (Latinoamérica) · Spanish (Latin America)",
      value: "es-419",
    });
    const typed = async (text: string, locale: string) =>
      (await server.suggestions("set", "language", { language: text }, locale)).map(
        ({ name, value }) => `${name} = ${value}`,
      );
    expect(await typed("germna", "en-US")).toEqual(["Deutsch · German = de"]);
    expect(await typed("日本", "de")).toEqual(["日本語 · Japanisch = ja"]);
    expect(await typed("de-AT", "en-US")).toEqual([
      "Deutsch (Österreich) · German (Austria) = de-AT",
      "Deutsch · German = de",
    ]);
    expect(await typed("dutch", "en-US")).toEqual([]);
  });

  it("is the one chosen in Discord until one is set", async () => {
    const { guild } = server.bot;
    guild.preferredLocale = "ja";
    await server.config("set", { currency: "EUR" });
    expect(await server.config("view")).toContain("**Language** Japanese · default");
    // Nobody speaks Dutch here, so the digest is in English.
    guild.preferredLocale = "nl";
    await server.config("set", { amount: "5" });
    expect(await server.config("view")).toContain("**Language** English · default");
  });
});

describe("an English admin in a Japanese server", () => {
  it("reads every answer in English, and the server reads its test and its digest in Japanese", async () => {
    const { bot, general } = server;
    bot.guild.preferredLocale = "ja";
    const saved = await server.config("digest", { channel: general.id });
    expect(saved).toContain(say("en-US", "set-digest.next-posts"));
    const posted = await server.config("test");
    expect(posted).toContain(say("en-US", "test.posted"));
    const [post] = bot.discord.messagesIn(general);
    if (post === undefined) throw new Error("the test was posted");
    expect(textOf(post)).toContain(say("ja", "test.heading"));
    expect(textOf(post)).toContain(say("ja", "digest.title"));
    expect(textOf(post)).toMatch(/2026年11月23日/);
    expect(textOf(await server.send("test", { private: true }).answer())).toContain(
      say("en-US", "digest.title"),
    );
    await server.pauseDigest(storedReason({ why: "no-access", channelId: general.id }));
    expect(await server.config("view")).toContain("The bot cannot see");

    await server.config("set", { language: "french" });
    await server.config("test");
    const french = bot.discord.messagesIn(general).at(-1);
    expect(french?.files[0]?.description).toMatch(/^Classement/);
  });
});

describe("a German member in an English server", () => {
  it("gets the preview, the answer behind a button of the digest and the riddle's in German", async () => {
    const { bot, general } = server;
    await server.config("digest", { channel: general.id, coins: "btc, doge", riddle: "off" });
    await server.config("test");
    const [post] = bot.discord.messagesIn(general);
    if (post === undefined) throw new Error("the test was posted");
    expect(textOf(post)).toContain(say("en-US", "digest.title"));
    const german = { locale: "de" };
    const opened = await bot.discord
      .press(post, customIdOn(post, "digest:ask:"), bot.member, german)
      .answer();
    expect(textOf(opened)).toContain("Gekauft");
    // Who changes the language of their client gets the next answer in it.
    const again = await bot.discord
      .press(post, customIdOn(post, "digest:ask:"), bot.member, { locale: "fr" })
      .answer();
    expect(textOf(again)).not.toContain("Gekauft");
    const preview = await bot.ask("digest", {}, german);
    expect(textOf(preview)).toContain(say("de", "digest.title"));
  });
});
