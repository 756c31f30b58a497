import { afterEach, describe, expect, it } from "vitest";
import { commands } from "../../commands/index.ts";
import { registerCommands } from "../../src/discord/command-registration.ts";
import { createDispatch } from "../../src/discord/dispatch.ts";
import type { PictureMaker } from "../../src/pictures/picture-maker.ts";
import { coinHash } from "../../src/prices/coins/coin.ts";
import type { ExchangeRates } from "../../src/prices/exchange-rates.ts";
import { type Log, silentLog } from "../../src/process/log.ts";
import { checkMarketRequest } from "../contract/market-spec.ts";
import { connectGateway } from "../support/connected-gateway.ts";
import { type FakeDiscord, startFakeDiscord } from "../support/fake-discord/fake-discord.ts";
import type { FakeCoin } from "../support/fake-market/fake-market.ts";
import { type MarketUnderTest, startMarketUnderTest } from "../support/market-under-test.ts";
import { syntheticSeries } from "../support/price-series.ts";
import { servicesUnderTest } from "../support/services.ts";

const YESTERDAY = "2026-11-23";

const series = syntheticSeries({
  firstOn: "2023-06-01",
  lastOn: YESTERDAY,
  startUsd: 0.001,
  dailyGrowth: 0.005,
});
const COINS: FakeCoin[] = [
  { coinId: "dogecoin", symbol: "DOGE", name: "Dogecoin", rank: 9, series },
  { coinId: "doge-two", symbol: "DOGE", name: "Doge Two", rank: 900, series },
  { coinId: "sly", symbol: "SLY", name: "**@everyone** [x](https://x.example)", rank: 50, series },
  {
    coinId: "newborn",
    symbol: "NEW",
    name: "Newborn",
    rank: null,
    series: [{ on: YESTERDAY, priceUsd: 1 }],
  },
];

type Stage = { readonly discord: FakeDiscord; readonly market: MarketUnderTest };

const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/**
 * The whole program but its entry point: the real discord.js client on a fake Discord, the real
 * market on a fake one.
 */
async function start(
  options: {
    pictures?: PictureMaker;
    rates?: ExchangeRates;
    log?: Log;
    deferAfterMs?: number;
  } = {},
): Promise<Stage> {
  const log = options.log ?? silentLog;
  const market = await startMarketUnderTest({ coins: COINS });
  open.push(() => market.close());
  const discord = await startFakeDiscord();
  open.push(() => discord.close());
  const services = servicesUnderTest(market, {
    log,
    ...(options.pictures !== undefined && { pictures: options.pictures }),
    ...(options.rates !== undefined && { rates: options.rates }),
  });
  const dispatch = createDispatch({
    commands,
    services,
    log,
    ...(options.deferAfterMs !== undefined && { deferAfterMs: options.deferAfterMs }),
  });
  const gateway = await connectGateway({
    token: discord.token,
    apiUrl: discord.apiUrl,
    commands,
    dispatch,
    log,
  });
  open.push(() => gateway.stop());
  await registerCommands({
    rest: gateway.rest,
    applicationId: gateway.applicationId,
    commands,
    log,
  });
  return { discord, market };
}

/** Nothing that went over a wire may break the rules of Discord or of the price providers. */
function expectLawful({ discord, market }: Stage): void {
  expect(discord.violations).toEqual([]);
  expect(market.fake.violations()).toEqual([]);
  expect(market.fake.requests.flatMap(checkMarketRequest)).toEqual([]);
}

function customId(message: { components?: unknown }, control: string): string {
  const found = new RegExp(`"custom_id":"(lambo:${control}:[^"]+)"`).exec(
    JSON.stringify(message.components),
  )?.[1];
  if (found === undefined) throw new Error(`no ${control} on the card`);
  return found;
}

describe("/lambo", () => {
  it("shows the card: verdict, story, three figures, picture with alt text, attribution, buttons", async () => {
    const stage = await start();
    const { discord } = stage;
    const card = await discord
      .command({
        user: discord.user(),
        guild: discord.guild,
        name: "lambo",
        options: { coin: "doge", amount: 1_500 },
      })
      .answer();
    const [embed] = card.embeds;
    expect(embed?.title).toMatch(/^You did it · [\d.]+ Lambos$/);
    expect(embed?.author?.name).toBe("Dogecoin · DOGE · #9");
    expect(embed?.fields?.map(({ name, inline }) => [name, inline])).toEqual([
      ["Lambos", true],
      ["Profit", true],
      ["First Lambo day", true],
    ]);
    expect(embed?.description).toMatch(/\$1,500.*Jun 1, 2023.*each/);
    expect(embed?.description).toMatch(
      /Data provided by \[CoinGecko\]\(https:\/\/www\.coingecko\.com/,
    );
    expect(embed?.image?.url).toMatch(/lambo\.png/);
    expect(card.files).toHaveLength(1);
    expect(card.files[0]?.description).toMatch(/Dogecoin/);
    expect(
      Buffer.from(card.files[0]?.bytes ?? [])
        .subarray(1, 4)
        .toString(),
    ).toBe("PNG");
    for (const control of ["maths", "stake", "car", "coin"])
      expect(customId(card, control)).toBeTruthy();
    expectLawful(stage);
  });

  it("works in direct messages and where only the member installed it", async () => {
    const stage = await start();
    const { discord } = stage;
    const user = discord.user();
    const direct = await discord
      .command({ user, name: "lambo", options: { coin: "doge" } })
      .answer();
    const group = await discord
      .command({
        user,
        privateChannel: true,
        installedBy: "user",
        name: "lambo",
        options: { coin: "doge" },
      })
      .answer();
    expect(direct.embeds[0]?.title).toBe(group.embeds[0]?.title);
    expectLawful(stage);
  });

  it("without a coin it takes one of the largest", async () => {
    const stage = await start();
    const { discord } = stage;
    const card = await discord
      .command({ user: discord.user(), guild: discord.guild, name: "lambo" })
      .answer();
    expect(card.embeds[0]?.author?.name).toMatch(/#\d+$/);
    expectLawful(stage);
  });

  it("speaks the member's locale", async () => {
    const { discord } = await start();
    const card = await discord
      .command({
        user: discord.user(),
        guild: discord.guild,
        locale: "de",
        name: "lambo",
        options: { coin: "doge" },
      })
      .answer();
    expect(card.embeds[0]?.description).toMatch(/1\.000[\s\u00a0]\$/);
  });

  it("a private answer is seen by the asker alone, until shared", async () => {
    const stage = await start();
    const { discord } = stage;
    const user = discord.user();
    const asked = discord.command({
      user,
      guild: discord.guild,
      name: "lambo",
      options: { coin: "doge", private: true },
    });
    const card = await asked.answer();
    expect(asked.messages()).toMatchObject({ public: [], private: [expect.anything()] });
    const shared = discord.press(card, customId(card, "share"), user);
    const copy = await shared.answer();
    expect(shared.messages().public).toHaveLength(1);
    expect(copy.embeds[0]?.title).toBe(card.embeds[0]?.title);
    expect(JSON.stringify(copy.components)).not.toContain("lambo:share:");
    expectLawful(stage);
  });

  it("text that pretends to be markup or a mention stays text", async () => {
    const stage = await start();
    const { discord } = stage;
    const card = await discord
      .command({
        user: discord.user(),
        guild: discord.guild,
        name: "lambo",
        options: { coin: "sly" },
      })
      .answer();
    expect(card.embeds[0]?.description).not.toMatch(/(?<!\\)\*\*@everyone|(?<!\\)\[x\]\(/);
    for (const coin of [
      "@everyone",
      "<@123>",
      "**bold**",
      "x".repeat(200),
      "\u0000",
      "../../x?y=",
      "a&ids=b",
      "%2e%2e",
    ]) {
      const refused = discord.command({
        user: discord.user(),
        guild: discord.guild,
        name: "lambo",
        options: { coin },
        unchecked: true,
      });
      const refusal = await refused.answer();
      expect(refused.messages().public).toEqual([]);
      expect(refusal.embeds[0]?.description).toMatch(/^No coin here is called|^Name a coin/);
    }
    expectLawful(stage);
  });

  it.each([0, -5, 1e308, "1000 USD"])(
    "amount %j is refused privately, never replaced by the default",
    async (amount) => {
      const { discord } = await start();
      const asked = discord.command({
        user: discord.user(),
        guild: discord.guild,
        name: "lambo",
        options: { coin: "doge", amount },
        unchecked: true,
      });
      expect((await asked.answer()).embeds[0]?.description).toMatch(/cannot be spent/);
      expect(asked.messages().public).toEqual([]);
    },
  );

  it('a refusal after a public "thinking…" is private, and nothing public stays', async () => {
    const stage = await start({ deferAfterMs: 0 });
    const { discord } = stage;
    const asked = discord.command({
      user: discord.user(),
      guild: discord.guild,
      name: "lambo",
      options: { coin: "newborn" },
    });
    const seen = await asked.until("the refusal", ({ private: mine }) => mine.length === 1);
    expect(seen.public).toEqual([]);
    expect(seen.thinking).toEqual([]);
    expect(seen.private[0]?.embeds[0]?.description).toMatch(/Ask again on Nov 30, 2026/);
    expectLawful(stage);
  });

  it("goes out without its picture when that cannot be made, and the incident is logged", async () => {
    const errors: string[] = [];
    const log: Log = { ...silentLog, error: (_fields, message) => errors.push(message) };
    const { discord } = await start({
      log,
      pictures: { answer: () => Promise.reject(new Error("no ink")) } as unknown as PictureMaker,
    });
    const card = await discord
      .command({
        user: discord.user(),
        guild: discord.guild,
        name: "lambo",
        options: { coin: "doge" },
      })
      .answer();
    expect(card.embeds[0]?.title).toBeTruthy();
    expect(card.embeds[0]?.image).toBeUndefined();
    expect(errors).toEqual([expect.stringContaining("picture")]);
  });
});

describe("the buttons and menus of a card", () => {
  it("Show the maths answers privately, to anybody", async () => {
    const stage = await start();
    const { discord } = stage;
    const card = await discord
      .command({
        user: discord.user(),
        guild: discord.guild,
        name: "lambo",
        options: { coin: "doge" },
      })
      .answer();
    const pressed = discord.press(card, customId(card, "maths"), discord.user());
    const maths = await pressed.answer();
    expect(pressed.messages().private).toHaveLength(1);
    expect(JSON.stringify(maths.embeds)).toMatch(/Opening price/i);
    expectLawful(stage);
  });

  it("the asker's choice edits the card; anybody else's gets a private copy", async () => {
    const stage = await start();
    const { discord } = stage;
    const asker = discord.user();
    const asked = discord.command({
      user: asker,
      guild: discord.guild,
      name: "lambo",
      options: { coin: "doge" },
    });
    const card = await asked.answer();
    const other = discord.choose(card, customId(card, "stake"), ["100"], discord.user());
    expect((await other.answer()).embeds[0]?.description).toContain("$100");
    expect(other.messages().private).toHaveLength(1);
    expect(asked.messages().public[0]?.embeds[0]?.description).toContain("$1,000");

    const own = await discord.choose(card, customId(card, "car"), ["revuelto"], asker).answer();
    expect(own.id).toBe(card.id);
    expect(own.embeds[0]?.fields?.[0]?.value).toContain("Revuelto");
    expect(own.files).toHaveLength(1);
    const again = await discord.choose(own, customId(own, "stake"), ["10000"], asker).answer();
    expect(again.id).toBe(card.id);
    expect(again.embeds[0]?.description).toContain("$10,000");
    expect(again.embeds[0]?.fields?.[0]?.value).toContain("Revuelto");
    expectLawful(stage);
  });

  it("a coin that shares the symbol can be chosen from the card", async () => {
    const stage = await start();
    const { discord } = stage;
    const asker = discord.user();
    const card = await discord
      .command({ user: asker, guild: discord.guild, name: "lambo", options: { coin: "doge" } })
      .answer();
    const chosen = await discord
      .choose(card, customId(card, "coin"), ["id:doge-two"], asker)
      .answer();
    expect(chosen.embeds[0]?.author?.name).toBe("Doge Two · DOGE · #900");
    expectLawful(stage);
  });

  it("work after a restart of the bot, on whatever process", async () => {
    const first = await start();
    const card = await first.discord
      .command({
        user: first.discord.user(),
        guild: first.discord.guild,
        name: "lambo",
        options: { coin: "doge" },
      })
      .answer();
    const second = await start();
    const other = await second.discord
      .command({
        user: second.discord.user(),
        guild: second.discord.guild,
        name: "lambo",
        options: { coin: "sly" },
      })
      .answer();
    const maths = await second.discord
      .forge(other, customId(card, "maths"), second.discord.user())
      .answer();
    expect(JSON.stringify(maths.embeds)).toContain("Dogecoin");
  });

  it.each([
    "lambo:maths:AAAAAAAAAA:1000:USD:average:2",
    `lambo:maths:${coinHash("dogecoin")}:1000:average:1`,
    "lambo:maths:tampered",
    `lambo:maths:${coinHash("dogecoin")}:1e9:USD:average:2`,
    `lambo:maths:${coinHash("dogecoin")}:1000:euro:average:2`,
    `lambo:maths:${coinHash("dogecoin")}:1000:USD:-5:2`,
    "lambo:stake:AAAAAAAAAA:1000:USD:average:2",
    "lambo:nothing:x",
    "lambo:constructor:x",
    "lambo",
    "",
  ])("a control with the id %j is a plain refusal", async (id) => {
    const { discord } = await start();
    const card = await discord
      .command({
        user: discord.user(),
        guild: discord.guild,
        name: "lambo",
        options: { coin: "doge" },
      })
      .answer();
    const pressed = discord.forge(card, id, discord.user(), ["100"]);
    const refusal = await pressed.answer();
    expect(`${refusal.content}${refusal.embeds[0]?.description ?? ""}`).toMatch(
      /no longer works|older version/,
    );
    expect(pressed.messages().private).toHaveLength(1);
  });
});

describe("a card in another currency", () => {
  const ratesOf = (perUsd: () => number | undefined): ExchangeRates => ({
    currencies: () => [],
    refresh: async () => undefined,
    missedAt: async () => undefined,
    perUsd: async (code) => (code === "EUR" ? perUsd() : undefined),
  });
  const ID = (control: string, car = "average") =>
    `lambo:${control}:${coinHash("dogecoin")}:1000:EUR:${car}:2`;

  it("keeps the amounts that were asked, whatever the rate does meanwhile", async () => {
    let perUsd: number | undefined = 0.8;
    const stage = await start({ rates: ratesOf(() => perUsd) });
    const { discord } = stage;
    const asker = discord.user();
    const any = await discord
      .command({ user: asker, guild: discord.guild, name: "lambo", options: { coin: "sly" } })
      .answer();
    const card = await discord.forge(any, ID("share", "180000"), asker).answer();
    expect(card.embeds[0]?.description).toContain("**€1,000** of Dogecoin");
    expect(card.embeds[0]?.fields?.[0]?.value).toContain("Own price, €180,000");
    perUsd = 0.83;
    const kept = await discord.choose(card, customId(card, "car"), ["180000"], asker).answer();
    expect(kept.embeds[0]?.description).toContain("**€1,000** of Dogecoin");
    expect(kept.embeds[0]?.fields?.[0]?.value).toContain("Own price, €180,000");
    const later = await discord.choose(kept, customId(kept, "stake"), ["10000"], asker).answer();
    expect(later.embeds[0]?.description).toContain("**€10,000** of Dogecoin");
    const model = await discord.choose(later, customId(later, "car"), ["revuelto"], asker).answer();
    expect(model.embeds[0]?.fields?.[0]?.value).toContain("€504,937");
    expectLawful(stage);
  });

  it.each(["share", "maths"])(
    "is not read as dollars by its %s button while there is no rate; and answers again when there is",
    async (control) => {
      let perUsd: number | undefined;
      const { discord } = await start({ rates: ratesOf(() => perUsd) });
      const asker = discord.user();
      const any = await discord
        .command({ user: asker, guild: discord.guild, name: "lambo", options: { coin: "sly" } })
        .answer();
      const refused = await discord.forge(any, ID(control), asker).answer();
      expect(refused.embeds[0]?.description).toMatch(
        /^No exchange rate for EUR can be had right now, so an amount in it cannot be counted/,
      );
      perUsd = 0.8;
      const again = await discord.forge(any, ID(control), asker).answer();
      expect(JSON.stringify(again.embeds)).toContain("€1,000");
    },
  );

  it("refuses what members choose in its menus while there is no rate", async () => {
    let perUsd: number | undefined = 0.8;
    const { discord } = await start({ rates: ratesOf(() => perUsd) });
    const asker = discord.user();
    const any = await discord
      .command({ user: asker, guild: discord.guild, name: "lambo", options: { coin: "sly" } })
      .answer();
    const card = await discord.forge(any, ID("share", "180000"), asker).answer();
    perUsd = undefined;
    for (const [control, value] of [
      ["stake", "100"],
      ["car", "revuelto"],
    ] as const) {
      const pressed = discord.choose(card, customId(card, control), [value], asker);
      expect((await pressed.answer()).embeds[0]?.description, control).toContain(
        "No exchange rate for EUR",
      );
      expect(pressed.messages().private).toHaveLength(1);
    }
  });

  it("on a server without a rate counts the usual 1,000 dollars and says so; an amount that a member types is refused", async () => {
    let perUsd: number | undefined;
    const stage = await start({ rates: ratesOf(() => perUsd) });
    const { discord, market } = stage;
    const by = { userId: "1", at: market.now() };
    await market
      .storage()
      .settings.change(discord.guild.id, { currency: "EUR", stake: 4_000, carPrice: 90_000 }, by);
    const asker = discord.user();
    const ask = (options: Record<string, string | number>) =>
      discord
        .command({
          user: asker,
          guild: discord.guild,
          name: "lambo",
          options: { coin: "doge", ...options },
        })
        .answer();
    const card = await ask({});
    expect(card.embeds[0]?.description).toContain("**$1,000** of Dogecoin");
    expect(card.embeds[0]?.description).toContain(
      "No exchange rate for EUR can be had right now: the usual 1,000 USD and the usual car stand in",
    );
    expect(customId(card, "stake")).toContain(":1000:USD:average:");
    const typed = await ask({ amount: 250 });
    expect(typed.embeds[0]?.description).toMatch(
      /^No exchange rate for EUR can be had right now, so an amount in it cannot be counted/,
    );
    perUsd = 0.8;
    const back = await ask({});
    expect(back.embeds[0]?.description).toContain("**€4,000** of Dogecoin");
    expect(back.embeds[0]?.fields?.[0]?.value).toContain("Own price, €90,000");
    // The card of then stays in the dollars that it shows.
    const later = await discord.choose(card, customId(card, "stake"), ["100"], asker).answer();
    expect(later.embeds[0]?.description).toContain("**$100** of Dogecoin");
    expectLawful(stage);
  });

  it("refuses a stake by what it is worth in US dollars", async () => {
    const { discord } = await start({ rates: ratesOf(() => 1e-6) });
    const any = await discord
      .command({
        user: discord.user(),
        guild: discord.guild,
        name: "lambo",
        options: { coin: "sly" },
      })
      .answer();
    const refused = await discord
      .forge(any, ID("share").replace("1000", "2000000"), discord.user())
      .answer();
    expect(refused.embeds[0]?.description).toMatch(
      /cannot be spent: give a plain number from €0\.00000001 to €1 million/,
    );
    const car = await discord.forge(any, ID("share", "20000000"), discord.user()).answer();
    expect(car.embeds[0]?.description).toMatch(/No car costs that/);
  });

  it("takes no own price from a menu that never offered it", async () => {
    const { discord } = await start({ rates: ratesOf(() => 0.8) });
    const any = await discord
      .command({
        user: discord.user(),
        guild: discord.guild,
        name: "lambo",
        options: { coin: "sly" },
      })
      .answer();
    const forged = await discord.forge(any, ID("car", "180000"), discord.user(), ["5"]).answer();
    expect(forged.embeds[0]?.description).toMatch(/no longer works/);
    const kept = await discord.forge(any, ID("car", "180000"), discord.user(), ["180000"]).answer();
    expect(kept.embeds[0]?.fields?.[0]?.value).toContain("Own price, €180,000");
  });
});

describe("suggestions", () => {
  it("name coin, symbol and rank, and send a value that means that coin", async () => {
    const stage = await start();
    const { discord, market } = stage;
    await discord
      .command({
        user: discord.user(),
        guild: discord.guild,
        name: "lambo",
        options: { coin: "doge" },
      })
      .answer();
    market.fake.forget();
    const typed = discord.type({
      user: discord.user(),
      guild: discord.guild,
      name: "lambo",
      focused: "coin",
      options: { coin: "dog" },
    });
    const suggestions = await typed.suggestions();
    expect(suggestions[0]).toMatchObject({ name: "Dogecoin · DOGE · #9", value: "dogecoin" });
    expect(market.fake.count({ path: "/search" })).toBe(0);
    expectLawful(stage);
  });
});
