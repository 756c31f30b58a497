import { describe, expect, it, onTestFinished } from "vitest";
import { say } from "../../src/messages/say.ts";
import type { PictureMaker } from "../../src/pictures/picture-maker.ts";
import { coinHash } from "../../src/prices/coins/coin.ts";
import type { ExchangeRates } from "../../src/prices/exchange-rates.ts";
import { type Log, silentLog } from "../../src/process/log.ts";
import {
  type CommandOptions,
  customIdOn,
  type RunningCommands,
  startCommands,
  textOf,
  useCommands,
} from "../support/command-harness.ts";
import type { InteractionHandle } from "../support/fake-discord/interaction-handle.ts";
import { jsonObjects } from "../support/fake-discord/json.ts";
import type { SeenMessage } from "../support/fake-discord/seen-message.ts";
import type { FakeUser } from "../support/fake-discord/world.ts";
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
  { coinId: "doge-two", symbol: "DOGE", name: "Doge Two", rank: 900, series },
  { coinId: "sly", symbol: "SLY", name: "**@everyone** [x](https://x.example)", rank: 50, series },
  {
    coinId: "tulip",
    symbol: "TULIP",
    name: "Tulip",
    rank: 950,
    // Its peak is on January 31, 2024.
    series: series.map(({ on }, day) => ({
      on,
      priceUsd: 1 + 4 * Math.exp(-Math.abs(day - 244) / 40),
    })),
  },
  {
    coinId: "newborn",
    symbol: "NEW",
    name: "Newborn",
    rank: null,
    series: [{ on: YESTERDAY, priceUsd: 1 }],
  },
];

const bot = useCommands({ coins: COINS });

/** A bot of its own for one test. */
async function startOwn(options: Omit<CommandOptions, "coins">): Promise<RunningCommands> {
  const running = await startCommands({ coins: COINS, ...options });
  onTestFinished(() => running.close());
  return running;
}

/** Asks /lambo about a coin, of another bot than this file's. */
function askOther({ discord }: RunningCommands, coin: string): InteractionHandle {
  return discord.command({
    user: discord.user(),
    guild: discord.guild,
    name: "lambo",
    options: { coin },
  });
}

describe("/lambo", () => {
  it("shows a card with verdict, story, car, picture with alt text, attribution and buttons", async () => {
    const card = await bot.ask("lambo", { coin: "doge", amount: "1500" });
    const [embed] = card.embeds;
    expect(embed?.title).toMatch(/^You did it · [\d.]+ Lambos$/);
    expect(embed?.author?.name).toBe("Dogecoin · DOGE · #9");
    expect(embed?.description).toMatch(/^Had you put \*\*\$1,500\*\* into Dogecoin in its first/);
    expect(embed?.footer?.text).toMatch(/ · Average Lamborghini, \$200,000 · prices to /);
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
      expect(customIdOn(card, `lambo:${control}:`)).toBeTruthy();
  });

  it("links its title to the answer's web page where there are any, with all that was asked", async () => {
    const plain = await bot.ask("lambo", { coin: "doge" });
    expect(plain.embeds[0]?.url).toBeUndefined();
    const { pages } = bot.services;
    bot.replace({ pages: { ...pages, publicUrl: "https://lambo.example/coins" } });
    const linked = await bot.ask("lambo", { coin: "doge", amount: "1.5k", car: "urus-s" });
    expect(linked.embeds[0]?.url).toBe(
      "https://lambo.example/coins/c/dogecoin?stake=1500&car=urus-s",
    );
  });

  it("works in direct messages and where only the member installed it", async () => {
    const user = bot.member;
    const direct = await bot.discord
      .command({ user, name: "lambo", options: { coin: "doge" } })
      .answer();
    const group = await bot.discord
      .command({
        user,
        privateChannel: true,
        installedBy: "user",
        name: "lambo",
        options: { coin: "doge" },
      })
      .answer();
    expect(direct.embeds[0]?.title).toBe(group.embeds[0]?.title);
  });

  it("without a coin, takes one of the largest", async () => {
    const card = await bot.ask("lambo");
    expect(card.embeds[0]?.author?.name).toMatch(/#\d+$/);
  });

  it("a card that chance has picked gives way to another coin, with the same stake and car", async () => {
    const user = bot.member;
    const nameOn = ({ embeds }: SeenMessage) => embeds[0]?.author?.name;
    const card = await bot.ask("lambo", { amount: "1500", car: "revuelto" });
    const press = (by: typeof user, on = card) =>
      bot.discord.press(on, customIdOn(on, "lambo:another:"), by).answer();
    const copy = await press(bot.discord.user());
    expect(copy.id).not.toBe(card.id);
    const picked = nameOn(card);
    const next = await press(user);
    expect(next.id).toBe(card.id);
    expect(nameOn(next)).not.toBe(picked);
    expect(next.embeds[0]?.description).toMatch(/^-# Picked at random\.\n.*\$1,500/s);
    expect(next.embeds[0]?.footer?.text).toContain("Revuelto");
    const staked = await bot.discord
      .choose(next, customIdOn(next, "lambo:stake:"), ["100"], user)
      .answer();
    const pickedAgain = nameOn(staked);
    expect(nameOn(await press(user, staked))).not.toBe(pickedAgain);
    expect(JSON.stringify((await bot.ask("lambo", { coin: "doge" })).components)).not.toContain(
      "lambo:another:",
    );
  });

  it("a card that chance has picked is an ordinary one as soon as a coin is chosen", async () => {
    const id = `lambo:coin:${coinHash("doge-two")}:1000:USD:average:2:c`;
    const any = await bot.ask("lambo", { coin: "doge" });
    const card = await bot.discord.forge(any, id, bot.member, ["id:dogecoin"]).answer();
    expect(card.embeds[0]?.description).not.toContain("Picked at random");
    expect(JSON.stringify(card.components)).not.toContain("lambo:another:");
  });

  it("writes numbers as the member's locale does", async () => {
    const card = await bot.ask("lambo", { coin: "doge" }, { locale: "de" });
    expect(card.embeds[0]?.description).toMatch(/1\.000[\s\u00a0]\$/);
  });

  it("a private answer is seen by the asker alone, until shared", async () => {
    const user = bot.member;
    const asked = bot.send("lambo", { coin: "doge", private: true });
    const card = await asked.answer();
    expect(asked.messages()).toMatchObject({ public: [], private: [expect.anything()] });
    const shared = bot.discord.press(card, customIdOn(card, "lambo:share:"), user);
    const copy = await shared.answer();
    expect(shared.messages().public).toHaveLength(1);
    expect(copy.embeds[0]?.title).toBe(card.embeds[0]?.title);
    expect(JSON.stringify(copy.components)).not.toContain("lambo:share:");
    // It says who shared it, without a ping, and still does when the asker changes the stake.
    const sharedBy = `-# Shared by <@${user.id}>`;
    expect(card.content).toBe("");
    expect(copy).toMatchObject({ content: sharedBy, allowedMentions: { parse: [] } });
    const choice = (by: typeof user) =>
      bot.discord.choose(copy, customIdOn(copy, "lambo:stake:"), ["100"], by).answer();
    expect(await choice(user)).toMatchObject({ id: copy.id, content: sharedBy });
    expect((await choice(bot.discord.user())).content).toBe("");
  });

  it("a misspelt coin is taken for the one that is meant, which the card says until another is chosen", async () => {
    const user = bot.member;
    const card = await bot.ask("lambo", { coin: "dogecion" });
    expect(card.embeds[0]?.author?.name).toBe("Dogecoin · DOGE · #9");
    expect(card.embeds[0]?.description).toMatch(/^-# Taken for Dogecoin\./);
    const changed = await bot.discord
      .choose(card, customIdOn(card, "lambo:coin:"), ["id:doge-two"], user)
      .answer();
    expect(changed.embeds[0]?.author?.name).toBe("Doge Two · DOGE · #900");
    expect(changed.embeds[0]?.description).not.toContain("Taken for");
  });

  it("a short misspelt coin is asked for in a menu that keeps stake and car", async () => {
    const refusal = await bot.ask("lambo", { coin: "dgoe", amount: "2500", car: "urus-s" });
    expect(refusal.embeds[0]?.description).toMatch(/^No coin here is called “dgoe”. Did you mean/);
    expect(customIdOn(refusal, "lambo:coin:")).toBe("lambo:coin:none:2500:USD:urus-s:2");
  });

  it("text that pretends to be markup or a mention stays text", async () => {
    const card = await bot.ask("lambo", { coin: "sly" });
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
      const refused = bot.send("lambo", { coin }, { unchecked: true });
      const refusal = await refused.answer();
      expect(refused.messages().public).toEqual([]);
      expect(refusal.embeds[0]?.description).toMatch(/^No coin here is called|^Name a coin/);
    }
  });

  it.each(["0", "-5", "1e308", 0, -5, 1e308])(
    "amount %j is refused privately, never replaced by the default",
    async (amount) => {
      const asked = bot.send("lambo", { coin: "doge", amount }, { unchecked: true });
      expect((await asked.answer()).embeds[0]?.description).toMatch(/cannot be spent/);
      expect(asked.messages().public).toEqual([]);
    },
  );

  it('a refusal after a public "thinking…" is private, and nothing public stays', async () => {
    const asked = askOther(await startOwn({ deferAfterMs: 0 }), "newborn");
    const seen = await asked.until("the refusal", ({ private: mine }) => mine.length === 1);
    expect(seen.public).toEqual([]);
    expect(seen.thinking).toEqual([]);
    expect(seen.private[0]?.embeds[0]?.description).toMatch(/Ask again on Nov 30, 2026/);
  });

  it("answers without a picture when it cannot be drawn, and logs the error", async () => {
    const errors: string[] = [];
    const log: Log = { ...silentLog, error: (_fields, message) => errors.push(message) };
    const pictures: PictureMaker = {
      ...bot.services.pictures,
      answer: () => Promise.reject(new Error("no ink")),
    };
    const inkless = await startOwn({ log, replace: () => ({ pictures }) });
    const card = await askOther(inkless, "doge").answer();
    expect(card.embeds[0]?.title).toBeTruthy();
    expect(card.embeds[0]?.image).toBeUndefined();
    expect(errors).toEqual([expect.stringContaining("picture")]);
  });
});

describe("the buttons and menus of a card", () => {
  it('"Show the maths" answers anybody privately', async () => {
    const card = await bot.ask("lambo", { coin: "doge" });
    const pressed = bot.discord.press(card, customIdOn(card, "lambo:maths:"), bot.discord.user());
    const maths = await pressed.answer();
    expect(pressed.messages().private).toHaveLength(1);
    expect(JSON.stringify(maths.embeds)).toMatch(/Opening price/i);
  });

  it("the asker's choice edits the card; anybody else gets a private copy", async () => {
    const asker = bot.member;
    const asked = bot.send("lambo", { coin: "doge" });
    const card = await asked.answer();
    const other = bot.discord.choose(
      card,
      customIdOn(card, "lambo:stake:"),
      ["100"],
      bot.discord.user(),
    );
    expect((await other.answer()).embeds[0]?.description).toContain("$100");
    expect(other.messages().private).toHaveLength(1);
    expect(asked.messages().public[0]?.embeds[0]?.description).toContain("$1,000");

    const own = await bot.discord
      .choose(card, customIdOn(card, "lambo:car:"), ["revuelto"], asker)
      .answer();
    expect(own.id).toBe(card.id);
    expect(own.embeds[0]?.footer?.text).toContain("Revuelto");
    expect(own.files).toHaveLength(1);
    const again = await bot.discord
      .choose(own, customIdOn(own, "lambo:stake:"), ["10000"], asker)
      .answer();
    expect(again.id).toBe(card.id);
    expect(again.embeds[0]?.description).toContain("$10,000");
    expect(again.embeds[0]?.footer?.text).toContain("Revuelto");
  });

  it("a coin that shares the symbol can be chosen from the card", async () => {
    const asker = bot.member;
    const card = await bot.ask("lambo", { coin: "doge" });
    const chosen = await bot.discord
      .choose(card, customIdOn(card, "lambo:coin:"), ["id:doge-two"], asker)
      .answer();
    expect(chosen.embeds[0]?.author?.name).toBe("Doge Two · DOGE · #900");
  });

  it("work after a restart of the bot, in any process", async () => {
    const card = await bot.ask("lambo", { coin: "doge" });
    const restarted = await startOwn({});
    const other = await askOther(restarted, "sly").answer();
    const maths = await restarted.discord
      .forge(other, customIdOn(card, "lambo:maths:"), restarted.discord.user())
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
  ])("a button or menu with the id %j gets a plain refusal", async (id) => {
    const card = await bot.ask("lambo", { coin: "doge" });
    const pressed = bot.discord.forge(card, id, bot.discord.user(), ["100"]);
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

  it("keeps the amounts that were asked about, whatever the rate does meanwhile", async () => {
    let perUsd: number | undefined = 0.8;
    bot.replace({ rates: ratesOf(() => perUsd) });
    const asker = bot.member;
    const any = await bot.ask("lambo", { coin: "sly" });
    const card = await bot.discord.forge(any, ID("share", "180000"), asker).answer();
    expect(card.embeds[0]?.description).toContain("**€1,000** into Dogecoin");
    expect(card.embeds[0]?.footer?.text).toContain("Own price, €180,000");
    perUsd = 0.83;
    const kept = await bot.discord
      .choose(card, customIdOn(card, "lambo:car:"), ["180000"], asker)
      .answer();
    expect(kept.embeds[0]?.description).toContain("**€1,000** into Dogecoin");
    expect(kept.embeds[0]?.footer?.text).toContain("Own price, €180,000");
    const later = await bot.discord
      .choose(kept, customIdOn(kept, "lambo:stake:"), ["10000"], asker)
      .answer();
    expect(later.embeds[0]?.description).toContain("**€10,000** into Dogecoin");
    const model = await bot.discord
      .choose(later, customIdOn(later, "lambo:car:"), ["revuelto"], asker)
      .answer();
    expect(model.embeds[0]?.footer?.text).toContain("€504,937");
  });

  it.each(["share", "maths"])(
    "is not read as dollars by its %s button while there is no rate, and works again once there is one",
    async (control) => {
      let perUsd: number | undefined;
      bot.replace({ rates: ratesOf(() => perUsd) });
      const asker = bot.member;
      const any = await bot.ask("lambo", { coin: "sly" });
      const refused = await bot.discord.forge(any, ID(control), asker).answer();
      expect(refused.embeds[0]?.description).toMatch(
        /^No exchange rate for EUR is available right now, so an amount in it cannot be counted/,
      );
      perUsd = 0.8;
      const again = await bot.discord.forge(any, ID(control), asker).answer();
      expect(JSON.stringify(again.embeds)).toContain("€1,000");
    },
  );

  it("refuses choices from its menus while there is no rate", async () => {
    let perUsd: number | undefined = 0.8;
    bot.replace({ rates: ratesOf(() => perUsd) });
    const asker = bot.member;
    const any = await bot.ask("lambo", { coin: "sly" });
    const card = await bot.discord.forge(any, ID("share", "180000"), asker).answer();
    perUsd = undefined;
    for (const [control, value] of [
      ["stake", "100"],
      ["car", "revuelto"],
    ] as const) {
      const pressed = bot.discord.choose(
        card,
        customIdOn(card, `lambo:${control}:`),
        [value],
        asker,
      );
      expect((await pressed.answer()).embeds[0]?.description, control).toContain(
        "No exchange rate for EUR",
      );
      expect(pressed.messages().private).toHaveLength(1);
    }
  });

  it("counts the usual 1,000 dollars and says so while the server's currency has no rate; a typed amount is refused", async () => {
    let perUsd: number | undefined;
    bot.replace({ rates: ratesOf(() => perUsd) });
    const by = { userId: "1", at: bot.market.now() };
    await bot.services.settings.change(
      bot.guild.id,
      { currency: "EUR", stake: 4_000, carPrice: 90_000 },
      by,
    );
    const asker = bot.member;
    const card = await bot.ask("lambo", { coin: "doge" });
    expect(card.embeds[0]?.description).toContain("**$1,000** into Dogecoin");
    expect(card.embeds[0]?.description).toContain(
      "No exchange rate for EUR is available right now: the usual 1,000 USD and the usual car stand in",
    );
    expect(customIdOn(card, "lambo:stake:")).toContain(":1000:USD:average:");
    const typed = await bot.ask("lambo", { coin: "doge", amount: "250" });
    expect(typed.embeds[0]?.description).toMatch(
      /^No exchange rate for EUR is available right now, so an amount in it cannot be counted/,
    );
    perUsd = 0.8;
    const back = await bot.ask("lambo", { coin: "doge" });
    expect(back.embeds[0]?.description).toContain("**€4,000** into Dogecoin");
    expect(back.embeds[0]?.footer?.text).toContain("Own price, €90,000");
    // The earlier card stays in the dollars that it shows.
    const later = await bot.discord
      .choose(card, customIdOn(card, "lambo:stake:"), ["100"], asker)
      .answer();
    expect(later.embeds[0]?.description).toContain("**$100** into Dogecoin");
  });

  it("refuses a stake by what it is worth in US dollars", async () => {
    bot.replace({ rates: ratesOf(() => 1e-6) });
    const any = await bot.ask("lambo", { coin: "sly" });
    const refused = await bot.discord
      .forge(any, ID("share").replace("1000", "2000000"), bot.discord.user())
      .answer();
    expect(refused.embeds[0]?.description).toMatch(
      /cannot be spent: give one from €0\.00000001 to €1 million/,
    );
    const car = await bot.discord.forge(any, ID("share", "20000000"), bot.discord.user()).answer();
    expect(car.embeds[0]?.description).toMatch(/No car costs that/);
  });

  it("takes no custom car price from a menu that never offered it", async () => {
    bot.replace({ rates: ratesOf(() => 0.8) });
    const any = await bot.ask("lambo", { coin: "sly" });
    const forged = await bot.discord
      .forge(any, ID("car", "180000"), bot.discord.user(), ["5"])
      .answer();
    expect(forged.embeds[0]?.description).toMatch(/no longer works/);
    const kept = await bot.discord
      .forge(any, ID("car", "180000"), bot.discord.user(), ["180000"])
      .answer();
    expect(kept.embeds[0]?.footer?.text).toContain("Own price, €180,000");
  });
});

describe("suggestions", () => {
  it("name coin, symbol and rank, and send a value that means that coin", async () => {
    const { market } = bot;
    await bot.ask("lambo", { coin: "doge" });
    market.fake.forget();
    const typed = bot.discord.type({
      user: bot.discord.user(),
      guild: bot.guild,
      name: "lambo",
      focused: "coin",
      options: { coin: "dog" },
    });
    const suggestions = await typed.suggestions();
    expect(suggestions[0]).toMatchObject({ name: "Dogecoin · DOGE · #9", value: "dogecoin" });
    expect(market.fake.count({ path: "/search" })).toBe(0);
  });
});

describe("an amount as people type it", () => {
  const askedFor = async (amount: string | number, locale = "en-US") => {
    const options = { coin: "doge", amount };
    const card = await bot.ask("lambo", options, { locale, unchecked: true });
    const [, , , stake, currency, car] = customIdOn(card, "lambo:stake:").split(":");
    return { card, asked: `${stake} ${currency}`, car, text: textOf(card) };
  };
  const suggested = (amount: string, scene: { locale?: string } = {}) =>
    bot.discord
      .type({
        user: bot.member,
        guild: bot.guild,
        name: "lambo",
        focused: "amount",
        options: { coin: "doge", amount },
        ...scene,
      })
      .suggestions();

  it.each([
    ["$1.5k", "1500 USD"],
    ["1,000", "1000 USD"],
    ["1.000,50", "1000.5 USD"],
    ["10 lakh", "1000000 USD"],
    ["500€", "500 EUR"],
    ["EUR 500", "500 EUR"],
  ])("%s asks about %s", async (typed, expected) => {
    bot.replace({ rates: euros(0.8) });
    expect((await askedFor(typed)).asked).toBe(expected);
  });

  it.each([
    ["de", "1.000", "1000 USD", /„1\.000“ wurde als 1\.000.\$ gelesen, nicht als 1.\$\./],
    ["de", "1,000", "1 USD", /„1,000“ wurde als 1.\$ gelesen, nicht als 1\.000.\$\./],
    ["en-US", "1.000", "1 USD", /“1\.000” was read as \$1, not as \$1,000\./],
  ])("in %s, %s is read as %s, and the card says so", async (locale, typed, asked, note) => {
    const answered = await askedFor(typed, locale);
    expect(answered.asked).toBe(asked);
    expect(answered.text).toMatch(note);
  });

  it("that a client still sends as a number is that number in every locale, without a note", async () => {
    const answered = await askedFor(1.234, "de");
    expect(answered.asked).toBe("1.234 USD");
    expect(answered.text).not.toContain("„1");
  });

  it("in another currency than the server's keeps the worth of the server's own car price", async () => {
    bot.replace({ rates: euros(0.8) });
    const by = { userId: "1", at: bot.market.now() };
    await bot.services.settings.change(bot.guild.id, { currency: "EUR", carPrice: 80_000 }, by);
    expect(await askedFor("$1000")).toMatchObject({ asked: "1000 USD", car: "100000" });
    expect(await askedFor("1000")).toMatchObject({ asked: "1000 EUR", car: "80000" });
  });

  it.each([
    ["free", "“free” is not an amount. Type one such as 1000, 1.5k, $500 or 10 lakh."],
    ["500 or 600", "“500 or 600” is more than one amount. Type one, such as $500."],
    [
      "0.5 btc",
      "“btc” is not a currency that can be used here. Name one by its sign or code, such as 500 USD, €500 or 500 MXN, or none for USD.",
    ],
    ["$500€", "“$500€” names more than one currency. Name one, such as 500 EUR, or none for USD."],
  ])("%s is refused with what would have worked", async (amount, sentence) => {
    const asked = bot.send("lambo", { coin: "doge", amount });
    expect((await asked.answer()).embeds[0]?.description).toBe(sentence);
    expect(asked.messages().public).toEqual([]);
  });

  it("in a currency without a rate is refused, and never read as another", async () => {
    const refused = await bot.ask("lambo", { coin: "doge", amount: "500 ISK" });
    expect(refused.embeds[0]?.description).toMatch(/^No exchange rate for ISK is available/);
  });

  it("shows how it is understood while it is typed; both readings where there are two", async () => {
    expect(await suggested("1.5k")).toEqual([{ name: "$1,500", value: "1500" }]);
    expect(await suggested("500 eur")).toEqual([{ name: "€500", value: "500 EUR" }]);
    expect(await suggested("500 e")).toContainEqual({ name: "€500", value: "500 EUR" });
    const either = await suggested("1.234", { locale: "de" });
    expect(either.map(({ name, value }) => [name.replace(/\s/g, " "), value])).toEqual([
      ["1.234 $", "1234"],
      ["1,234 $", "1.2340"],
    ]);
  });

  it("is suggested around the usual stake while nothing readable has been typed", async () => {
    const stakes = [
      { name: "$1,000", value: "1000" },
      { name: "$100", value: "100" },
      { name: "$10,000", value: "10000" },
    ];
    for (const typed of ["", "free", "$", "0"]) expect(await suggested(typed)).toEqual(stakes);
  });
});

describe("the last option of the stake menu", () => {
  const stakeId = (card: SeenMessage) => customIdOn(card, "lambo:stake:");
  const openBy = (card: SeenMessage, user: FakeUser, locale = "en-US") =>
    bot.discord.choose(card, stakeId(card), ["other"], user, { locale });
  const stakeOptions = (card: SeenMessage) =>
    jsonObjects(card.components)
      .flatMap(({ components }) => jsonObjects(components))
      .find(({ custom_id: id }) => id === stakeId(card))?.["options"];

  it("opens a modal in which the present stake stands, as a text that reads back", async () => {
    const card = await bot.ask("lambo", { coin: "doge", amount: "1234.5" });
    const modal = await openBy(card, bot.member, "de").modal();
    expect(modal).toMatchObject({
      custom_id: stakeId(card),
      title: say("de", "stake-modal.title"),
      components: [
        { type: 18, component: { type: 4, value: expect.stringMatching(/^1\.234,50?.\$$/) } },
      ],
    });
    const opened = openBy(card, bot.member, "de");
    await opened.modal();
    const same = await bot.discord.submit(opened, {}, { locale: "de" }).answer();
    expect(stakeId(same)).toBe(stakeId(card));
  });

  it("changes the asker's card, whose menu then shows the new stake", async () => {
    const card = await bot.ask("lambo", { coin: "doge" });
    const opened = openBy(card, bot.member);
    await opened.modal();
    const edited = await bot.discord.submit(opened, { amount: "$2.5k" }).answer();
    expect(edited.id).toBe(card.id);
    expect(stakeId(edited)).toContain(":2500:USD:");
    expect(stakeOptions(edited)).toMatchObject([
      { value: "100", default: false },
      { value: "1000", default: false },
      { value: "2500", default: true },
      { value: "10000", default: false },
      { value: "other", label: "Other amount…" },
    ]);
  });

  it("gives anybody else a private copy, and leaves the card as it is", async () => {
    const card = await bot.ask("lambo", { coin: "doge" });
    const opened = openBy(card, bot.discord.user());
    await opened.modal();
    const copied = bot.discord.submit(opened, { amount: "750" });
    const copy = await copied.answer();
    expect([copy.ephemeral, stakeId(copy).includes(":750:USD:")]).toEqual([true, true]);
    expect(card.edits).toBe(0);
  });

  it("counts a currency that is named there, and keeps the worth of an own car price", async () => {
    bot.replace({ rates: euros(0.8) });
    const any = await bot.ask("lambo", { coin: "doge" });
    const id = `lambo:share:${coinHash("dogecoin")}:1000:EUR:80000:2`;
    const card = await bot.discord.forge(any, id, bot.member).answer();
    const opened = openBy(card, bot.member);
    await opened.modal();
    const edited = await bot.discord.submit(opened, { amount: "500 dollars" }).answer();
    expect(stakeId(edited)).toContain(":500:USD:100000:");
  });

  it.each([
    ["plenty", "“plenty” is not an amount. Type one such as 1000, 1.5k, $500 or 10 lakh."],
    ["0", "That amount cannot be spent: give one from $0.01 to $1 trillion, such as 1000."],
    ["5 ISK", "No exchange rate for ISK is available right now"],
  ])("refuses %j privately; the card stays", async (amount, sentence) => {
    bot.replace({ rates: euros(0.8) });
    const card = await bot.ask("lambo", { coin: "doge" });
    const opened = openBy(card, bot.member);
    await opened.modal();
    const refused = bot.discord.submit(opened, { amount });
    const refusal = await refused.answer();
    expect(refusal.embeds[0]?.description).toContain(sentence);
    expect(refused.messages().private).toHaveLength(1);
    expect(card.edits).toBe(0);
  });
});

describe("a day of buying", () => {
  const JOINED = { joinedAt: "2024-05-03T18:24:00.000000+00:00" };
  const told = (card: SeenMessage) => card.embeds[0]?.description ?? "";
  const boughtId = (card: SeenMessage) =>
    customIdOn(card, "lambo:stake:").split(":").slice(7).join(":");

  it("is in title, story, alt text and maths, whatever is chosen in the menus", async () => {
    const options = { coin: "doge", bought: "17. Dezember 2024" };
    const card = await bot.ask("lambo", options);
    expect(card.embeds[0]?.title).toMatch(/ · bought Dec 17, 2024$/);
    expect(told(card)).toContain("into Dogecoin over the four weeks from Dec 17, 2024, you would");
    expect(card.embeds[0]?.footer?.text).toMatch(/^Bought Dec 17, 2024 – Jan 13, 2025 at /);
    expect(card.files[0]?.description).toContain("spent over four weeks (Dec 17, 2024 to Jan 13");
    const maths = await bot.discord
      .press(card, customIdOn(card, "lambo:maths:"), bot.member)
      .answer();
    expect(told(maths)).toContain("Bought from Dec 17, 2024 on.");
    expect(told(maths)).toContain("**Peak** since Dec 17, 2024, the day of buying");
    const choose = (on: SeenMessage, menu: string, value: string) =>
      bot.discord.choose(on, customIdOn(on, `lambo:${menu}:`), [value], bot.member).answer();
    const restaked = await choose(card, "stake", "100");
    const recared = await choose(restaked, "car", "revuelto");
    const other = await choose(recared, "coin", "id:doge-two");
    for (const edited of [restaked, recared, other])
      expect(edited.embeds[0]?.title).toMatch(/ · bought Dec 17, 2024$/);
    expect(told(other)).toContain("Doge Two");
  });

  it("that could be another is read in the member's order, and the card says so", async () => {
    const bought = { coin: "doge", bought: "03/04/24" };
    expect(told(await bot.ask("lambo", bought))).toContain(
      "-# “03/04/24” was read as Mar 4, 2024, not as Apr 3, 2024.",
    );
    expect(told(await bot.ask("lambo", bought, { locale: "en-GB" }))).toContain(
      "-# “03/04/24” was read as 3 Apr 2024, not as 4 Mar 2024.",
    );
  });

  it("before the first price counts from the listing, and the card says so", async () => {
    const card = await bot.ask("lambo", { coin: "doge", bought: "2013" });
    expect(card.embeds[0]?.title).not.toContain("bought");
    expect(told(card)).toContain(
      "-# Dogecoin was first priced on Jun 1, 2023, so it counts from there.",
    );
    expect(told(await bot.ask("lambo", { coin: "doge", bought: "2023-06-01" }))).toBe(
      told(await bot.ask("lambo", { coin: "doge" })),
    );
  });

  it("may be the peak, which each coin has its own of", async () => {
    const card = await bot.ask("lambo", { coin: "doge", bought: "ATH" });
    expect(told(card)).toContain(
      "Dogecoin set its highest close as recently as Nov 23, 2026, and an answer needs a week of prices",
    );
    const tulip = await bot.ask("lambo", { coin: "tulip", bought: "ATH" });
    expect(tulip.embeds[0]?.title).toBe("No Lambo · bought at the peak");
    expect(told(tulip)).toContain("at its very top, over the four weeks from Jan 31, 2024, you");
  });

  it("may be the day of joining, which only the asker's own card calls so", async () => {
    const options = { coin: "doge", bought: "joined" };
    const card = await bot.ask("lambo", { ...options, private: true }, JOINED);
    expect(told(card)).toContain(
      "when you joined this server, over the four weeks from May 3, 2024",
    );
    const press = (on: SeenMessage, control: string) =>
      bot.discord.press(on, customIdOn(on, `lambo:${control}:`), bot.member);
    const shared = await press(card, "share").answer();
    expect(told(shared)).not.toContain("you joined");
    const whose = "Bought from the day when the person who asked joined this server.";
    expect(told(shared)).toContain(whose);
    const choice = (by: FakeUser) =>
      bot.discord.choose(shared, customIdOn(shared, "lambo:stake:"), ["100"], by).answer();
    const copy = await choice(bot.discord.user());
    expect(told(copy)).toContain("$100");
    expect(told(copy)).toContain("over the four weeks from May 3, 2024");
    expect(told(copy)).not.toContain("joined");
    expect(told(await choice(bot.member))).toContain(whose);
  });

  it("is, outside servers, the day on which the Discord account was made", async () => {
    const made = Date.parse("2024-03-09") - 1_420_070_400_000;
    const user = { ...bot.discord.user(), id: String(BigInt(made) << 22n) };
    const answered = bot.discord.command({
      user,
      name: "lambo",
      options: { coin: "doge", bought: "when I joined", private: true },
    });
    expect(told(await answered.answer())).toContain(
      "when you made your Discord account, over the four weeks from Mar 9, 2024",
    );
  });

  it.each([
    ["2030-01-01", "Jan 1, 2030 has not come yet, and this time machine only goes back."],
    ["today", "Choose a day up to Nov 17, 2026."],
    ["yesterday", "Ask again on Nov 30, 2026, or choose a day up to Nov 17, 2026."],
    ["2008-12-31", "“2008-12-31” is before Jan 3, 2009"],
    ["31 Feb", "There is no such day as “31 Feb”: that month ends on Feb 28, 2026"],
    ["moonday", "“moonday” cannot be read as a day. Write one such as Dec 17, 2017"],
  ])("refuses %j in private, and says what would do", async (bought, sentence) => {
    const asked = bot.send("lambo", { coin: "doge", bought });
    expect(told(await asked.answer())).toContain(sentence);
    expect(asked.messages()).toMatchObject({ public: [], private: [expect.anything()] });
  });

  it("stays in the menu of a refusal that asks which coin is meant", async () => {
    const refusal = await bot.ask("lambo", { coin: "dgoe", bought: "2024-12-17" });
    const chosen = customIdOn(refusal, "lambo:coin:");
    const card = await bot.discord.choose(refusal, chosen, ["id:dogecoin"], bot.member).answer();
    expect(card.embeds[0]?.title).toMatch(/ · bought Dec 17, 2024$/);
  });

  it("is suggested as it is understood, and whatever is suggested can be typed", async () => {
    const suggested = (bought: string) => bot.suggestions("lambo", "bought", { bought });
    expect(await suggested("17.12.24")).toEqual([{ name: "Dec 17, 2024", value: "2024-12-17" }]);
    expect(await suggested("03/04/24")).toEqual([
      { name: "Mar 4, 2024", value: "2024-03-04" },
      { name: "Apr 3, 2024", value: "2024-04-03" },
    ]);
    const examples = await suggested("");
    expect(examples.map(({ name }) => name)).toEqual([
      "a year ago · Nov 24, 2025",
      "Peak: the worst moment to buy",
      expect.stringMatching(/^Joined: the day you joined this server · /),
    ]);
    for (const { name, value } of [...examples, ...(await suggested("listing"))]) {
      const id = async (bought: string) =>
        boughtId(await bot.ask("lambo", { coin: "tulip", bought }, JOINED));
      expect(await id(String(name))).toBe(await id(String(value)));
    }
  });
});

function euros(perUsd: number): ExchangeRates {
  return {
    currencies: () => [],
    refresh: async () => undefined,
    missedAt: async () => undefined,
    perUsd: async (code) => (code === "EUR" ? perUsd : code === "USD" ? 1 : undefined),
  };
}
