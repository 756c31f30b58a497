import { describe, expect, it } from "vitest";
import { customIdOn, useCommands } from "../support/command-harness.ts";
import type { InteractionHandle } from "../support/fake-discord/interaction-handle.ts";
import type { MessageCommandScene } from "../support/fake-discord/scene.ts";
import type { FakeCoin } from "../support/fake-market/fake-coin.ts";
import { syntheticSeries } from "../support/price-series.ts";

const YESTERDAY = "2026-11-23";
const series = syntheticSeries({
  firstOn: "2023-06-01",
  lastOn: YESTERDAY,
  startUsd: 0.001,
  dailyGrowth: 0.005,
});
const COINS: FakeCoin[] = [
  { coinId: "dogecoin", symbol: "DOGE", name: "Dogecoin", rank: 9, series },
  { coinId: "uniswap", symbol: "UNI", name: "Uniswap", rank: 30, series },
  { coinId: "unicorn", symbol: "UNI", name: "Unicorn", rank: 300, series },
  {
    coinId: "newborn",
    symbol: "NEW",
    name: "Newborn",
    rank: 400,
    series: [{ on: YESTERDAY, priceUsd: 1 }],
  },
];

const bot = useCommands({ coins: COINS });

/** Somebody else writes, and the member checks what they wrote. */
function check(content: string, scene: Partial<MessageCommandScene> = {}): InteractionHandle {
  const { discord, guild, member: user } = bot;
  const [channel] = guild.channels.values();
  if (channel === undefined) throw new Error("The server has no channel.");
  const message = discord.say(channel, discord.user(), content);
  return discord.messageCommand({ name: "Lambo check", user, guild, message, ...scene });
}

describe("Lambo check", () => {
  it("answers with the card of the one coin that a message names, for the asker alone", async () => {
    const checked = check("so I put everything into $DOGE last night, top secret");
    const card = await checked.answer();
    expect(card.embeds[0]?.author?.name).toBe("Dogecoin · DOGE · #9");
    expect(card.files).toHaveLength(1);
    expect(customIdOn(card, "lambo:share:")).toBeTruthy();
    expect(checked.messages().public).toEqual([]);
    expect(JSON.stringify(card)).not.toMatch(/top secret|last night/);
  });

  it("shows two or three coins in brief, each with a button that opens its card", async () => {
    const checked = check("Dogecoin, Uniswap or $NEW? Unicorn!");
    const list = await checked.answer();
    expect(checked.messages().public).toEqual([]);
    expect(list.embeds.map(({ author, description }) => author?.name ?? description)).toEqual([
      "Dogecoin · DOGE · #9",
      "Uniswap · UNI · #30",
      expect.stringMatching(/^Newborn was first priced on .* Ask again on Nov 30, 2026\./),
    ]);
    expect(list.embeds[0]?.title).toMatch(/^You did it · [\d.]+ Lambos$/);
    expect(list.embeds[0]?.description).toMatch(/^Had you put \*\*\$1,000\*\* into Dogecoin/);
    expect(list.embeds[0]?.description).toContain("Data provided by [CoinGecko]");
    const opened = bot.discord.press(list, customIdOn(list, "lambo:open:"), bot.member);
    const card = await opened.answer();
    expect([card.id === list.id, card.ephemeral]).toEqual([false, true]);
    expect(card.embeds[0]?.author?.name).toBe("Dogecoin · DOGE · #9");
    expect(customIdOn(card, "lambo:stake:")).toBeTruthy();
  });

  it("says what it looks for where it finds no coin, and names no guess", async () => {
    const checked = check("just one more dogecion, near the moon");
    const refusal = await checked.answer();
    expect(refusal.content).toMatch(/^No coin is named in that message\. This looks for names/);
    expect(checked.messages().public).toEqual([]);
  });

  it("says why the one coin that a message names has no answer", async () => {
    expect((await check("$NEW").answer()).embeds[0]?.description).toMatch(/Ask again on Nov 30/);
  });

  it("reads the embeds of shared news, too", async () => {
    const news = await bot.ask("lambo", { coin: "doge" });
    const { discord, guild, member: user } = bot;
    const card = await discord
      .messageCommand({ name: "Lambo check", user, guild, message: news })
      .answer();
    expect(card.embeds[0]?.author?.name).toBe("Dogecoin · DOGE · #9");
  });

  it("takes a symbol, the stake and the car for what the server has chosen", async () => {
    const { guild, discord } = bot;
    const admin = discord.user();
    const asAdmin = { user: admin, guild, permissions: 0xffffffffffffn };
    await bot.ask("config symbol", { symbol: "UNI", coin: "unicorn" }, asAdmin);
    await bot.ask("config set", { amount: "500" }, asAdmin);
    const card = await check("$UNI").answer();
    expect(card.embeds[0]?.author?.name).toBe("Unicorn · UNI · #300");
    expect(card.embeds[0]?.description).toMatch(/\*\*\$500\*\*/);
  });

  it("works where only the member has installed the bot, and knows nothing of the server", async () => {
    const there = bot.discord.addGuild({ joined: false });
    const [channel] = there.channels.values();
    if (channel === undefined) throw new Error("The server has no channel.");
    const message = bot.discord.say(channel, bot.discord.user(), "dogecoin");
    const card = await check("", { guild: there, message, installedBy: "user" }).answer();
    expect(card.embeds[0]?.author?.name).toBe("Dogecoin · DOGE · #9");
  });
});
