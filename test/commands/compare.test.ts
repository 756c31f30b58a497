import { describe, expect, it } from "vitest";
import {
  openCoinId,
  parseComparisonControlId,
  parseOpenCoinId,
} from "../../src/cards/comparison-control-id.ts";
import { coinHash } from "../../src/prices/coins/coin.ts";
import { AVERAGE_LAMBO } from "../../src/valuation/lambo-models.ts";
import { customIdOn, customIdsOn, textOf, useCommands } from "../support/command-harness.ts";
import type { FakeCoin } from "../support/fake-market/fake-coin.ts";
import { syntheticSeries } from "../support/price-series.ts";

const YESTERDAY = "2026-11-23";

const seriesFrom = (firstOn: string, dailyGrowth: number, lastOn = YESTERDAY) =>
  syntheticSeries({ firstOn, lastOn, startUsd: 0.001, dailyGrowth });
const COINS: FakeCoin[] = [
  {
    ...{ coinId: "bitcoin", symbol: "BTC", name: "Bitcoin", rank: 1 },
    series: seriesFrom("2022-06-01", 0.005),
  },
  {
    ...{ coinId: "dogecoin", symbol: "DOGE", name: "Dogecoin", rank: 8 },
    series: seriesFrom("2023-06-01", 0.004),
  },
  {
    ...{ coinId: "twin-one", symbol: "TWIN", name: "Twin", rank: null },
    series: seriesFrom("2023-01-01", 0.003),
  },
  {
    ...{ coinId: "twin-two", symbol: "TWIN", name: "Twin", rank: null },
    series: seriesFrom("2023-01-01", 0.002),
  },
  {
    ...{ coinId: "fallen", symbol: "FALL", name: "Fallen", rank: 700 },
    series: seriesFrom("2022-06-01", 0.002, "2023-03-01"),
  },
  {
    ...{ coinId: "sly", symbol: "SLY", name: "**@everyone** [x](https://x.example)", rank: 50 },
    series: seriesFrom("2023-06-01", -0.001),
  },
];

const bot = useCommands({ coins: COINS });

describe("/compare", () => {
  it("names the winner, ranks the coins, and shows a picture with alt text", async () => {
    const card = await bot.ask("compare", { coin: "doge", against: "btc", amount: "1500" });
    const [embed] = card.embeds;
    expect(embed?.title).toMatch(/^Bitcoin beat Dogecoin [\d,.]+ to 1$/);
    expect(embed?.description).toMatch(
      /^Had you put \*\*\$1,500\*\* into each coin in its first four weeks, it would have become:\n\*\*Bitcoin\*\* · [\d.,]+ Lambos · \$.*\n\*\*Dogecoin\*\* · .*\n-# .*Data provided by \[CoinGecko\]/,
    );
    expect(embed?.footer?.text).toMatch(/^Average Lamborghini, \$200,000 · prices to /);
    expect(card.files[0]?.description).toMatch(/^Bitcoin beat Dogecoin .* Dogecoin [\d.]+ Lambos/);
  });

  it("takes several coins in one option, and gives each option the suggestions of /lambo", async () => {
    const card = await bot.ask("compare", { coin: "btc vs doge", against: "fall" });
    expect(card.embeds[0]?.title).toMatch(/^Bitcoin won, .* over Dogecoin$/);
    expect(textOf(card)).toMatch(
      /\*\*Fallen\*\* · [\d.]+ Lambos then · .*, last priced Mar 1, 2023/,
    );
    for (const option of ["coin", "against", "third", "fourth"]) {
      const typed = { coin: "b", against: "b", [option]: "doge" };
      const [first] = await bot.suggestions("compare", option, typed);
      expect(first?.name, option).toBe("Dogecoin · DOGE · #8");
    }
    const listed = async (against: string) =>
      (await bot.suggestions("compare", "against", { coin: "btc", against }))[0];
    expect(await listed("doge, btc and fall")).toEqual({
      name: "Dogecoin, Bitcoin, Fallen",
      value: "doge, btc and fall",
    });
    expect(await listed("doge, bitc")).toEqual({
      name: "doge, Bitcoin · BTC · #1",
      value: "doge, btc",
    });
  });

  it("counts with what the server has chosen: its symbols, its stake and who sees replies", async () => {
    const by = { userId: bot.member.id, at: bot.market.now() };
    const chosen = { symbols: { BTC: "twin-two" }, stake: 250, replies: "private" as const };
    await bot.services.settings.change(bot.guild.id, chosen, by);
    const card = await bot.ask("compare", { coin: "btc doge", against: "sly" });
    expect(card.ephemeral).toBe(true);
    expect(card.embeds[0]?.title).toMatch(/^Dogecoin won, .* over Twin$/);
    expect(card.embeds[0]?.description).toContain("**$250** into each");
  });

  it("switches to the youngest's listing and back: the asker's press edits, others get a copy", async () => {
    const card = await bot.ask("compare", { coin: "btc", against: "doge" });
    const title = card.embeds[0]?.title;
    const press = (on: typeof card, by = bot.member) =>
      bot.discord.press(on, customIdOn(on, "compare:from:"), by).answer();
    const copy = await press(card, bot.discord.user());
    expect(copy.id).not.toBe(card.id);
    const youngest = await press(card);
    expect(youngest.id).toBe(card.id);
    expect(youngest.embeds[0]?.description).toContain(
      "over the four weeks from Jun 1, 2023, when Dogecoin was listed",
    );
    expect(youngest.embeds[0]?.title).not.toBe(title);
    const [open = ""] = customIdsOn(youngest, "compare:open:");
    expect(parseOpenCoinId(open)?.boughtOn).toBe("2023-06-01");
    expect((await press(youngest)).embeds[0]?.title).toBe(title);
  });

  it("opens each coin as a private card of /lambo with the same figures", async () => {
    const card = await bot.ask("compare", { coin: "btc", against: "doge", amount: "750" });
    const ids = customIdsOn(card, "compare:open:");
    expect(ids).toHaveLength(2);
    const opened = await bot.discord.press(card, ids[1] ?? "", bot.member).answer();
    expect(opened.ephemeral).toBe(true);
    expect(opened.embeds[0]?.author?.name).toBe("Dogecoin · DOGE · #8");
    const [, lambos = ""] = /\*\*Dogecoin\*\* · ([\d.]+ Lambos)/.exec(textOf(card)) ?? [];
    expect(opened.embeds[0]?.title).toContain(lambos);
  });

  it("a private comparison can be shared, and says who did", async () => {
    const card = await bot.ask("compare", { coin: "btc", against: "doge", private: true });
    expect(card.ephemeral).toBe(true);
    const shared = await bot.discord
      .press(card, customIdOn(card, "compare:share:"), bot.member)
      .answer();
    expect(shared.ephemeral).toBe(false);
    expect(shared.content).toBe(`-# Shared by <@${bot.member.id}>`);
  });

  it("works in direct messages and where only the member installed it", async () => {
    const options = { coin: "btc", against: "doge" };
    const direct = await bot.discord
      .command({ user: bot.member, name: "compare", options })
      .answer();
    expect(direct.embeds[0]?.title).toMatch(/^Bitcoin beat Dogecoin/);
  });
});

describe("a coin that cannot be compared", () => {
  it("is left out with the reason while the others are shown, and a menu adds what was meant", async () => {
    const card = await bot.ask("compare", { coin: "btc", against: "doge", third: "twin" });
    expect(textOf(card)).toMatch(/-# Left out: .*twin/);
    const menu = customIdOn(card, "compare:coins:");
    const three = await bot.discord.choose(card, menu, ["id:twin-one"], bot.member).answer();
    expect(three.id).toBe(card.id);
    expect(textOf(three)).toMatch(/\*\*Bitcoin\*\*.*\*\*Dogecoin\*\*.*\*\*Twin\*\*/s);
    expect(textOf(three)).not.toContain("Left out");
  });

  it("comes back when the coins are bought at their own listings again", async () => {
    const card = await bot.ask("compare", { coin: "btc", against: "doge", third: "fall" });
    const press = () =>
      bot.discord.press(card, customIdOn(card, "compare:from:"), bot.member).answer();
    expect(textOf(await press())).toContain(
      "Left out: Fallen has too few prices from Jun 1, 2023 on.",
    );
    expect(textOf(await press())).toMatch(/\*\*Fallen\*\* · .* then/);
  });

  it("names a coin that has been delisted since the card as no longer listed", async () => {
    const card = await bot.ask("compare", { coin: "btc", against: "doge", third: "twin-one" });
    const switched = customIdOn(card, "compare:from:");
    const gone = switched.replace(coinHash("twin-one"), coinHash("a-coin-of-yesterday"));
    const answer = await bot.discord.forge(card, gone, bot.member).answer();
    expect(textOf(answer)).toContain("Left out: One coin is no longer listed.");
    expect(textOf(answer)).toMatch(/Bitcoin beat Dogecoin|Dogecoin beat Bitcoin/);
  });

  it("leaves a private refusal when fewer than two are left, whose menu keeps the rest", async () => {
    const card = await bot.ask("compare", { coin: "twin", against: "btc", amount: "750" });
    expect(card.ephemeral).toBe(true);
    expect(textOf(card)).toMatch(/^That leaves only Bitcoin, with nothing to compare it with\./);
    const menu = customIdOn(card, "compare:coins:");
    expect(parseComparisonControlId(menu)).toMatchObject({
      coinHashes: [coinHash("bitcoin")],
      stake: 750,
    });
    const both = await bot.discord.choose(card, menu, ["id:twin-two"], bot.member).answer();
    expect(both.embeds[0]?.title).toMatch(/^Bitcoin beat Twin /);
    expect(textOf(both)).toContain("$750");
  });

  it.each([
    [{ coin: "btc", against: "bitcoin" }, "You have named only Bitcoin"],
    [{ coin: "btc, doge, sly", against: "fall, twin-one" }, "That is 5 coins"],
    [{ coin: "nosuchcoin", against: "neither" }, "None of these coins can be compared."],
    [{ coin: "btc", against: "doge", amount: "much" }, "“much”"],
  ])("is refused in a sentence: %j", async (options, sentence) => {
    const card = await bot.ask("compare", options);
    expect(card.ephemeral).toBe(true);
    expect(textOf(card)).toContain(sentence);
  });

  it("never forms a mention or a link of a coin's name", async () => {
    const text = textOf(await bot.ask("compare", { coin: "sly", against: "btc" }));
    expect(text).not.toMatch(/@everyone|\]\(https:\/\/x/);
  });

  it("is refused by forged buttons", async () => {
    const card = await bot.ask("compare", { coin: "btc", against: "doge" });
    const genuine = openCoinId({
      ...{ coinHash: coinHash("bitcoin"), stake: 1_000, currency: "USD", car: AVERAGE_LAMBO },
      boughtOn: null,
    });
    const forged = [
      "compare:from:x:1000:USD:average:e:1",
      customIdOn(card, "compare:from:").replace("from", "coin"),
      genuine.replace("listing", "2013-02-31"),
    ];
    for (const id of forged) {
      const refused = await bot.discord.forge(card, id, bot.member).answer();
      expect(textOf(refused), id).toMatch(/no longer works|older version/);
      expect(textOf(refused), id).not.toContain("/lambo");
    }
  });
});
