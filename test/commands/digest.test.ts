import { describe, expect, it, onTestFinished } from "vitest";
import { digestAskId } from "../../src/digest/digest-control-id.ts";
import { customIdsOn, startCommands, useCommands } from "../support/command-harness.ts";
import type { SeenMessage } from "../support/fake-discord/seen-message.ts";
import { syntheticSeries } from "../support/price-series.ts";

const series = (seed: number) =>
  syntheticSeries({
    firstOn: "2026-03-01",
    lastOn: "2026-12-31",
    startUsd: 1,
    dailyGrowth: 0.02,
    wobble: 0.05,
    seed,
  });
const COINS = ["bitcoin", "dogecoin", "ripple"].map((coinId, index) => ({
  coinId,
  symbol: coinId.slice(0, 3),
  name: coinId,
  rank: index + 1,
  series: series(index),
}));

/** Nothing posts digests here, as in a bot without a token. */
const bot = useCommands({ coins: COINS });

const askIds = (message: SeenMessage) => customIdsOn(message, "digest:ask:");

describe("/digest", () => {
  it("shows the server's leaderboard to the asker alone, with picture, alt text and a button for each coin", async () => {
    const asked = bot.send("digest");
    const card = await asked.answer();
    expect(asked.messages()).toMatchObject({ public: [], private: [expect.anything()] });
    expect(card.embeds[0]?.title).toBe("The Lambo leaderboard");
    expect(card.files[0]?.description).toMatch(/Leaderboard/);
    expect(askIds(card)).toHaveLength(3);
  });

  it("speaks the asker's locale and the server's currency", async () => {
    const { services } = bot;
    await services.settings.change(
      bot.guild.id,
      { currency: "EUR", stake: 1_500 },
      { userId: "1", at: new Date() },
    );
    const card = await bot.ask("digest", {}, { locale: "de" });
    expect(card.embeds[0]?.description).toMatch(/1\.500[\s\u00a0]€/);
  });

  it("says in one sentence why there is no digest", async () => {
    // Nothing has been fetched by this one yet.
    const { discord, market, close } = await startCommands({ coins: COINS });
    onTestFinished(close);
    for (const provider of ["coingecko", "defillama", "kraken"] as const)
      market.fake.fail(provider, { kind: "blocked" });
    const asked = discord.command({ user: discord.user(), guild: discord.guild, name: "digest" });
    expect((await asked.answer()).content).toMatch(/right now/);
    expect(asked.messages().public).toEqual([]);
  });
});

describe("the buttons of a digest", () => {
  it("answer /lambo for their coin privately, with the server's current stake and car", async () => {
    const { discord, services } = bot;
    const user = bot.member;
    const card = await bot.ask("digest");
    await services.settings.change(
      bot.guild.id,
      { stake: 77, carKey: "revuelto" },
      { userId: "1", at: new Date() },
    );
    const pressed = discord.press(card, askIds(card)[0] ?? "", user);
    const answer = await pressed.answer();
    expect(pressed.messages().public).toEqual([]);
    expect(answer.embeds[0]?.description).toContain("$77");
    expect(answer.embeds[0]?.footer?.text).toContain("Revuelto");
    expect(JSON.stringify(answer.components)).toContain("lambo:share:");
  });

  it("of a digest posted days ago, before a restart, still work; a forged one gets a plain refusal", async () => {
    const { discord } = bot;
    const card = await bot.ask("digest");
    const old = discord.forge(
      card,
      digestAskId({ coinId: "dogecoin", localOn: "2026-11-20" }),
      discord.user(),
    );
    expect((await old.answer()).embeds[0]?.author?.name).toContain("dogecoin");
    for (const id of [
      "digest:ask:AAAAAAAAAA:2026-11-20:1",
      "digest:ask:tampered",
      "digest:ask:",
      "digest:nothing",
    ]) {
      const refusal = await discord.forge(card, id, discord.user()).answer();
      expect(`${refusal.content}${refusal.embeds[0]?.description ?? ""}`).toMatch(
        /no longer works|older version/,
      );
    }
  });
});
