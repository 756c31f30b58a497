import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digestMarker } from "../../src/digest/digest-control-id.ts";
import { createRiddles } from "../../src/digest/riddle.ts";
import {
  coinsOfDay,
  RIDDLE_COINS,
  type RiddleCoin,
  riddleCoins,
  riddleOptions,
  unnamedCoins,
} from "../../src/digest/riddle-choice.ts";
import { riddleGuess, riddleId } from "../../src/digest/riddle-control-id.ts";
import { createDigestWriter } from "../../src/digest/writer.ts";
import type { Coin } from "../../src/prices/coins/coin.ts";
import { coinHash } from "../../src/prices/coins/coin.ts";
import { addDays } from "../../src/valuation/calendar.ts";
import type { Flag } from "../../src/valuation/price-record.ts";
import { customIdsOn, textOf, useCommands } from "../support/command-harness.ts";
import type { FakeCoin } from "../support/fake-market/fake-coin.ts";
import { syntheticSeries } from "../support/price-series.ts";

const TODAY = "2026-11-24";
const FIRST_ON = "2026-01-01";

const coinOf = (number: number): Coin => ({
  coinId: `coin-${number}`,
  symbol: `C${number}`,
  name: `Coin ${number}`,
  rank: number,
});
const LARGEST = Array.from({ length: RIDDLE_COINS }, (_, index) => coinOf(index + 1));
const COINS = riddleCoins(LARGEST);
const guilds = fc.bigInt({ min: 10n ** 17n, max: 10n ** 19n }).map(String);
const dates = fc.integer({ min: 0, max: 3_000 }).map((days) => addDays(FIRST_ON, days));

describe("the coin of a riddle", () => {
  it("does not come twice within 60 days, whatever enters or leaves the list meanwhile", () => {
    fc.assert(
      fc.property(guilds, fc.infiniteStream(fc.nat()), (guildId, numbers) => {
        const next = () => Number(numbers.next().value ?? 0);
        const lastDay = new Map<string, number>();
        let soonest = Number.POSITIVE_INFINITY;
        for (let day = 0; day < 400; day += 1) {
          const listed = COINS.filter((_, index) => (index * 7 + next()) % 4 > 0);
          const choice = coinsOfDay({ guildId, dateOn: addDays(FIRST_ON, day) }, listed);
          // The first one may have no prices: any of them can be the answer.
          const right = choice[next() % Math.max(1, choice.length)];
          if (right === undefined) continue;
          soonest = Math.min(soonest, day - (lastDay.get(right.coinId) ?? -61));
          lastDay.set(right.coinId, day);
        }
        expect(soonest).toBeGreaterThan(60);
      }),
      { numRuns: 4 },
    );
  });

  it("is there on nearly every day, even if only half of the coins make a riddle", () => {
    const usable = COINS.filter((_, index) => index % 2 === 0);
    const days = Array.from({ length: 400 }, (_, day) => addDays(FIRST_ON, day));
    const without = days.filter(
      (dateOn) => coinsOfDay({ guildId: "1", dateOn }, usable).length < 1,
    );
    expect(without.length).toBeLessThan(20);
  });

  it("is another one on another server, and the same one whenever it is asked for", () => {
    const choices = Array.from({ length: 50 }, (_, index) => {
      const day = { guildId: `11000000000000000${index + 10}`, dateOn: TODAY };
      expect(coinsOfDay(day, COINS)).toEqual(coinsOfDay(day, [...COINS].reverse()));
      return coinsOfDay(day, COINS)[0]?.coinId;
    });
    expect(new Set(choices).size).toBeGreaterThan(25);
  });

  it("is none that the digest names, and neither derived from another nor a namesake", () => {
    const odd = [
      { ...coinOf(1), name: "Wrapped Something" },
      { ...coinOf(2), symbol: "XUSD" },
      { ...coinOf(3), name: "Coin 4" },
      ...LARGEST.slice(3, 12),
    ];
    const ids = (coins: readonly RiddleCoin[]) => coins.map(({ coinId }) => coinId);
    expect(ids(riddleCoins(odd))).toEqual([
      "coin-3",
      ...LARGEST.slice(4, 12).map(({ coinId }) => coinId),
    ]);
    expect(ids(unnamedCoins(riddleCoins(odd), ["coin-5", "coin-6"]))).not.toContain("coin-5");
    // Only so many coins are known: better a named one than none.
    expect(unnamedCoins(COINS.slice(0, 6), ["coin-1", "coin-2"])).toHaveLength(6);
  });

  it("is among five different names, which are of about its size", () => {
    fc.assert(
      fc.property(guilds, dates, fc.nat(RIDDLE_COINS - 1), (guildId, dateOn, index) => {
        const right = LARGEST[index] ?? coinOf(1);
        const options = riddleOptions({ guildId, dateOn }, right, COINS);
        expect(new Set(options.map(({ name }) => name)).size).toBe(5);
        expect(options.map(({ coinId }) => coinId)).toContain(right.coinId);
        for (const { rank } of options)
          expect(Math.abs((rank ?? 0) - (right.rank ?? 0))).toBeLessThanOrEqual(16);
      }),
      { numRuns: 25 },
    );
  });
});

describe("the id of a riddle's button", () => {
  it("says on its server whether it is right, and is no button of a digest's date", () => {
    fc.assert(
      fc.property(guilds, dates, fc.string(), fc.string(), (guildId, dateOn, coinId, rightId) => {
        const id = riddleId({ guildId, dateOn }, coinId, rightId);
        expect(id.length).toBeLessThanOrEqual(100);
        const isRight = coinId === rightId;
        expect(riddleGuess(id, guildId)).toEqual({ coinHash: coinHash(coinId), isRight });
        expect(id).not.toContain(digestMarker(dateOn));
        if (!isRight) expect(id).not.toContain(coinHash(rightId));
      }),
    );
  });

  it("means nothing on another server, or once a part of it is changed", () => {
    const id = riddleId({ guildId: "1", dateOn: TODAY }, "alpha", "alpha");
    const [command, control, hash, date, answer, seal, version] = id.split(":");
    const forged = [
      [command, control, coinHash("beta"), date, answer, seal, version],
      [command, control, hash, "20261125", answer, seal, version],
      [command, control, hash, "20260230", answer, seal, version],
      [command, control, hash, date, "AAAAAAAAAA", seal, version],
      [command, control, hash, date, answer, seal, "2"],
      [command, control, hash, date, answer, seal, version, "more"],
      [command, "ask", hash, date, answer, seal, version],
      [command, control],
    ].map((parts) => parts.join(":"));
    for (const changed of forged) expect(riddleGuess(changed, "1")).toBeUndefined();
    expect(riddleGuess(id, "1")?.isRight).toBe(true);
    expect(riddleGuess(id, "2")).toBeUndefined();
  });
});

const series = (firstOn: string, seed: number, dailyGrowth = 0.003) =>
  syntheticSeries({
    ...{ firstOn, lastOn: "2026-11-23", startUsd: 1, wobble: 0.05 },
    ...{ dailyGrowth, seed },
  });
const MARKET: FakeCoin[] = [
  { coinId: "listed", symbol: "LST", name: "Listed", rank: 1, series: series("2024-01-01", 1) },
  ...["alpha", "beta", "gamma", "delta", "epsilon", "zeta"].map((coinId, index) => ({
    ...{ coinId, symbol: coinId.slice(0, 3), name: `The ${coinId}`, rank: index + 2 },
    series: series("2023-10-01", index + 2),
  })),
  // Too young, and too steady, to be recognized.
  { coinId: "young", symbol: "YNG", name: "Young", rank: 8, series: series("2026-01-01", 9) },
  { coinId: "flat", symbol: "FLT", name: "Flat", rank: 9, series: series("2023-10-01", 9, 0) },
];

const bot = useCommands({ coins: MARKET, now: `${TODAY}T12:00:00Z` });

const riddleIds = (message: Parameters<typeof customIdsOn>[0]) =>
  customIdsOn(message, "digest:riddle:");
const by = { userId: "1", at: new Date(0) };

describe("a history", () => {
  /** A price that falls to a tenth, and then moves by `swing` up and down until `lastOn`. */
  const riddleOf = async ({
    lastOn = "2026-11-23",
    swing = 0.05,
    flags = [],
  }: {
    lastOn?: string;
    swing?: number;
    flags?: readonly Flag[];
  }) => {
    const points = Array.from({ length: 900 }, (_, day) => ({
      on: addDays(lastOn, day - 899),
      priceUsd: day < 600 ? 10 : 1 + (day % 2) * swing,
    }));
    const history = {
      ...{ coinId: "any", points, flags, sources: [], asOf: `${TODAY}T06:00:00.000Z` },
      firstRecordedOn: points[0]?.on ?? "",
    };
    const { services } = bot;
    const riddles = createRiddles({
      ...services,
      prices: { ...services.prices, frugalHistory: async () => ({ ok: true, history }) },
      defaultCoins: async () => [],
    });
    const order = { guildId: "1", dateOn: TODAY, isPreview: true, coinIds: null };
    return riddles.of(order, "en-US", { priority: "interactive" });
  };

  it("makes a riddle while the coin is traded, and is known since its listing", async () => {
    expect(await riddleOf({})).toBeDefined();
    expect(await riddleOf({ lastOn: "2026-11-10", flags: ["odd-price"] })).toBeDefined();
  });

  it.each([
    ["is not traded any more", { lastOn: "2026-11-09" }],
    ["has come to be worth one dollar", { swing: 0.001 }],
    ["is known only in part", { flags: ["partial-history"] }],
    ["is known only since its listing on an exchange", { flags: ["exchange-listing-only"] }],
    ["moves as no coin does", { flags: ["erratic"] }],
  ] as const)("makes none of a coin that %s", async (_, history) => {
    expect(await riddleOf(history)).toBeUndefined();
  });
});

describe("a digest's riddle", () => {
  it("is a chart that gives nothing away, with five names: the right one is told to whoever finds it", async () => {
    const { discord, services, guild, member } = bot;
    await services.settings.change(guild.id, { digestCoins: ["listed"], stake: 77 }, by);
    expect(riddleIds(await bot.ask("digest"))).toEqual([]);
    await services.settings.change(guild.id, { digestRiddle: true }, by);
    const card = await bot.ask("digest");
    const [board, riddle] = card.embeds;
    expect(board?.title).toBe("The Lambo leaderboard");
    expect(riddle?.title).toBe("Which coin is this?");
    expect(riddle?.image?.url).toContain("riddle.png");
    const alt = card.files.find(({ name }) => name === "riddle.png")?.description;
    expect(alt).toMatch(
      /^The price of a coin without its name, .* from October 2023 to November 2026\. It was highest in /,
    );
    expect(`${alt}${JSON.stringify(riddle)}`).not.toMatch(/alpha|beta|gamma|delta|epsilon|zeta/);
    expect(riddleIds(card)).toHaveLength(5);

    const replies = [];
    for (const id of riddleIds(card)) {
      const pressed = discord.press(card, id, member);
      const reply = await pressed.answer();
      expect(pressed.messages().public).toEqual([]);
      replies.push(textOf(reply));
    }
    const right = replies.filter((reply) => reply.includes("Right: it is The "));
    expect(right).toHaveLength(1);
    expect(right[0]).toContain("Had you put **$77** into The ");
    expect(replies.filter((reply) => /Not (The )?\w+\. Try again\?/.test(reply))).toHaveLength(4);
  });

  it("answers below old digests too, and when riddles have been switched off since", async () => {
    const { discord, services, guild, member } = bot;
    await services.settings.change(guild.id, { digestRiddle: true }, by);
    const card = await bot.ask("digest");
    await services.settings.change(guild.id, { digestRiddle: false }, by);
    const old = { guildId: guild.id, dateOn: "2020-02-29" };
    for (const [coinId, reply] of [
      ["alpha", /^Right: it is The alpha\./],
      ["beta", /^Not The beta\. Try again\?$/],
      ["delisted", /no longer works/],
    ] as const) {
      const pressed = discord.forge(card, riddleId(old, coinId, "alpha"), member);
      expect(textOf(await pressed.answer())).toMatch(reply);
      expect(pressed.messages().public).toEqual([]);
    }
  });

  it("that is forged, or comes from another server, says that it no longer works", async () => {
    const { discord, guild } = bot;
    await bot.services.settings.change(guild.id, { digestRiddle: true }, by);
    const card = await bot.ask("digest");
    const elsewhere = riddleId({ guildId: "123", dateOn: TODAY }, "alpha", "alpha");
    for (const id of [elsewhere, "digest:riddle:", "digest:riddle:alpha:20261124:x:y:1"]) {
      const pressed = discord.forge(card, id, discord.user());
      expect(textOf(await pressed.answer())).toMatch(/no longer works|older version/);
      expect(pressed.messages().public).toEqual([]);
    }
  });

  it("is posted on the coin's day, and left out when there is none or it cannot be drawn", async () => {
    const { services } = bot;
    const pool = unnamedCoins(riddleCoins(MARKET.map((coin) => ({ ...coin, rank: 1 }))), [
      "listed",
    ]);
    const usable = ({ coinId }: Coin) => !["young", "flat", "listed"].includes(coinId);
    const guildOf = (isWanted: (coins: readonly Coin[]) => boolean) =>
      String(
        Array.from({ length: 500 }, (_, index) => index + 1).find((guildId) =>
          isWanted(coinsOfDay({ guildId: String(guildId), dateOn: TODAY }, pool)),
        ),
      );
    const guilds = {
      usable: guildOf((coins) => coins.some(usable)),
      unusable: guildOf((coins) => coins.length > 0 && !coins.some(usable)),
    };
    const digestOf = async (guildId: string, writer = createDigestWriter(services)) => {
      await services.settings.change(guildId, { digestCoins: ["listed"], digestRiddle: true }, by);
      await writer.prepare([guildId]);
      const past = { toldCoinIds: [], closesTo: null };
      const order = { guildId, past, locale: "en-US", priority: "background" } as const;
      const outcome = await writer.write({ ...order, localOn: TODAY });
      return outcome.ok ? outcome.digest.reply : undefined;
    };
    const posted = await digestOf(guilds.usable);
    expect(posted?.embeds?.[1]?.title).toBe("Which coin is this?");
    expect(posted?.files?.map(({ name }) => name)).toEqual(["leaderboard.png", "riddle.png"]);
    // By which it is found again after a crash.
    expect(JSON.stringify(posted?.components)).toContain(digestMarker(TODAY));
    expect((await digestOf(guilds.unusable))?.embeds).toHaveLength(1);

    const listed = createDigestWriter({
      ...services,
      pictures: { ...services.pictures, riddle: () => Promise.reject(new Error("no room")) },
    });
    const without = await digestOf(guilds.usable, listed);
    expect(without?.embeds?.map(({ title }) => title)).toEqual(["The Lambo leaderboard"]);
    expect(without?.components).toHaveLength(1);
  });
});
