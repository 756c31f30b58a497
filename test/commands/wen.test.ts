import { describe, expect, it } from "vitest";
import { customIdOn, useCommands } from "../support/command-harness.ts";
import type { FakeCoin } from "../support/fake-market/fake-coin.ts";
import { syntheticSeries } from "../support/price-series.ts";

const YESTERDAY = "2026-11-23";

const growing = (dailyGrowth: number, firstOn = "2023-06-01") =>
  syntheticSeries({ firstOn, lastOn: YESTERDAY, startUsd: 0.001, dailyGrowth });
const COINS: FakeCoin[] = [
  { coinId: "dogecoin", symbol: "DOGE", name: "Dogecoin", rank: 9, series: growing(0.005) },
  { coinId: "doge-two", symbol: "DOGE", name: "Doge Two", rank: 900, series: growing(0.001) },
  {
    coinId: "newborn",
    symbol: "NEW",
    name: "Newborn",
    rank: null,
    series: [{ on: YESTERDAY, priceUsd: 1 }],
  },
];

const bot = useCommands({ coins: COINS });

describe("/wen", () => {
  it("shows the needed price, its distance from the latest close, the past, and a picture of them", async () => {
    const card = await bot.ask("wen", { coin: "doge two", amount: "1500" });
    const [embed] = card.embeds;
    expect(embed?.author?.name).toBe("Doge Two · DOGE · #900");
    expect(embed?.title).toMatch(/^Wen Lambo\? At \$0\.\d+ per DOGE$/);
    expect(embed?.description).toMatch(
      /^For \*\*\$1,500\*\* in its first four weeks to buy a Lambo, one DOGE would have to be worth \*\*\$0\.\d+\*\*\. That is [\d.]+ times its latest close, \$0\.\d+ on Nov 23, 2026\.\n/,
    );
    expect(embed?.description).toContain("Data provided by [CoinGecko]");
    expect(embed?.footer?.text).toMatch(
      /^It has never closed that high: it came closest on Nov 23, 2026, at \$0\.\d+, \d+(\.\d+)?% of that price\. Bought Jun 1 – 28, 2023 at \$0\.\d+ on average · Average/,
    );
    expect(card.files[0]?.description).toMatch(/^Doge Two: for \$1,500 spent over its first four/);
    for (const control of ["lambo", "stake", "car", "coin"])
      expect(customIdOn(card, `wen:${control}:`)).toBeTruthy();
  });

  it("opens the card of /lambo about the same purchase: in its place for the asker, privately for others", async () => {
    const user = bot.member;
    const asked = bot.send("wen", { coin: "doge", amount: "1500", car: "revuelto" });
    const card = await asked.answer();
    const id = customIdOn(card, "wen:lambo:");
    const copy = await bot.discord.press(card, id, bot.discord.user()).answer();
    expect([copy.id === card.id, copy.ephemeral]).toEqual([false, true]);
    const opened = await bot.discord.press(card, id, user).answer();
    expect(opened.id).toBe(card.id);
    expect(opened.embeds[0]?.description).toMatch(/^Had you put \*\*\$1,500\*\* into Dogecoin/);
    expect(opened.embeds[0]?.footer?.text).toContain("Revuelto");
    expect(customIdOn(opened, "lambo:stake:")).toContain(":1500:USD:revuelto:");
  });

  it("keeps asking when stake, car or coin are changed, also by a typed amount", async () => {
    const user = bot.member;
    const card = await bot.ask("wen", { coin: "doge" });
    const choose = (control: string, value: string) =>
      bot.discord.choose(card, customIdOn(card, `wen:${control}:`), [value], user).answer();
    expect((await choose("stake", "100")).embeds[0]?.description).toMatch(/^For \*\*\$100\*\*/);
    expect((await choose("car", "revuelto")).embeds[0]?.footer?.text).toContain("Revuelto");
    expect((await choose("coin", "id:doge-two")).embeds[0]?.title).toMatch(/^Wen Lambo\? At/);
    const other = bot.discord.choose(card, customIdOn(card, "wen:stake:"), ["other"], user);
    await other.modal();
    const typed = await bot.discord.submit(other, { amount: "2.5k" }).answer();
    expect(typed.embeds[0]?.description).toMatch(/^For \*\*\$2,500\*\*/);
  });

  it("without a coin takes one of the largest, and offers another", async () => {
    const card = await bot.ask("wen");
    expect(card.embeds[0]?.description).toMatch(/^-# Picked at random\./);
    const picked = card.embeds[0]?.author?.name;
    const next = await bot.discord
      .press(card, customIdOn(card, "wen:another:"), bot.member)
      .answer();
    expect(next.embeds[0]?.title).toMatch(/^Wen Lambo\?/);
    expect(next.embeds[0]?.author?.name).not.toBe(picked);
  });

  it("a private answer is seen by the asker alone, until shared", async () => {
    const asked = bot.send("wen", { coin: "doge", private: true });
    const card = await asked.answer();
    expect(asked.messages().public).toEqual([]);
    const shared = bot.discord.press(card, customIdOn(card, "wen:share:"), bot.member);
    expect((await shared.answer()).content).toBe(`-# Shared by <@${bot.member.id}>`);
  });

  it("is refused as /lambo is, privately, and a coin chosen instead is answered by /wen", async () => {
    const early = bot.send("wen", { coin: "newborn" });
    expect((await early.answer()).embeds[0]?.description).toMatch(/Ask again on Nov 30, 2026/);
    expect(early.messages().public).toEqual([]);
    const unknown = await bot.ask("wen", { coin: "dgoe", amount: "2500" });
    const id = customIdOn(unknown, "wen:coin:none:2500:USD:");
    const card = await bot.discord.choose(unknown, id, ["id:dogecoin"], bot.member).answer();
    expect(card.embeds[0]?.title).toMatch(/^Wen Lambo\?/);
  });

  it("takes no id that it would not write", async () => {
    const card = await bot.ask("wen", { coin: "doge" });
    const id = customIdOn(card, "wen:lambo:");
    const forgeries = [id.replace("wen:lambo", "wen:maths"), `${id}:x`, `${id}:d20240101`];
    for (const forged of forgeries)
      expect(JSON.stringify(await bot.discord.forge(card, forged, bot.member).answer())).toMatch(
        /no longer works|older version/,
      );
  });

  it("is there to be used in direct messages, and where only the member installed it", async () => {
    const card = await bot.discord
      .command({
        ...{ user: bot.member, privateChannel: true, installedBy: "user" as const },
        ...{ name: "wen", options: { coin: "doge" } },
      })
      .answer();
    expect(card.embeds[0]?.title).toMatch(/^Wen Lambo\?/);
  });
});
