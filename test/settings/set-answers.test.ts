import { describe, expect, it } from "vitest";
import type { Services } from "../../src/services.ts";
import { NO_SETTINGS } from "../../src/storage/guild-settings.ts";
import { type TypedOptions, textOf } from "../support/command-harness.ts";
import type { SeenMessage } from "../support/fake-discord/seen-message.ts";
import { ConfigUnderTest } from "./config-under-test.ts";

const server = new ConfigUnderTest();

describe("/config set", () => {
  it("stores several choices at once, and shows what holds then", async () => {
    const answer = await server.config("set", {
      currency: "EUR",
      amount: "250",
      car: "revuelto",
      replies: "private",
    });
    expect(server.stored()).toEqual({
      ...NO_SETTINGS,
      currency: "EUR",
      stake: 250,
      carKey: "revuelto",
      replies: "private",
    });
    expect(answer).toContain("**Currency** EUR, Euro · *set here*");
    expect(answer).toContain("**Stake** €250 · *set here*");
    expect(answer).toContain("Revuelto");
    expect(answer).toContain("**Replies** private · *set here*");
  });

  it.each([
    ["eur", "EUR"],
    ["Euro", "EUR"],
    [" japanese yen ", "JPY"],
    ["usd", "USD"],
  ])("takes %j for %s", async (typed, code) => {
    await server.config("set", { currency: typed, amount: "5000" });
    expect(server.stored().currency).toBe(code);
  });

  it.each([
    [
      { currency: "ABC" },
      "“ABC” is not a currency known here: name one by its code, sign or name, such as `EUR`, `€` or `Swiss franc`.",
    ],
    [
      { currency: "peso" },
      "“peso” is the name of several currencies: choose MXN (Mexican Peso), CLP (Chilean Peso), PHP (Philippine Peso) or COP (Colombian Peso).",
    ],
    [{ currency: "eruo" }, "“eruo” is not a currency known here. Did you mean EUR (Euro)?"],
    [
      { currency: "BTC" },
      "“BTC” is not a currency known here: name one by its code, sign or name, such as `EUR`, `€` or `Swiss franc`.",
    ],
    [
      { currency: "**x** <@1>" },
      "“\\*\\*x\\*\\* \\<@\u200b1\\>” is not a currency known here: name one by its code, sign or name, such as `EUR`, `€` or `Swiss franc`.",
    ],
    [{ amount: "0" }, "That amount cannot be a stake: give one from $0.01 to $1 trillion."],
    [{ amount: "-5" }, "That amount cannot be a stake: give one from $0.01 to $1 trillion."],
    [{ amount: "1e15" }, "That amount cannot be a stake: give one from $0.01 to $1 trillion."],
    [
      { amount: "a lot" },
      "“a lot” is not an amount. Type one such as 1000, 1.5k, $500 or 10 lakh.",
    ],
    [
      { amount: "500€" },
      "“500€” is in EUR, and this server counts in USD. Add `currency:EUR` to count in EUR from now on, or give the amount in USD.",
    ],
    [
      { amount: "$500", currency: "EUR" },
      "“$500” is in USD, but `currency` says EUR. Name the same currency in both.",
    ],
    [{ "car-price": "0.5" }, "No car costs that: give a price from $1 to $1 trillion."],
    [
      { car: "countach" },
      /^That car is not in the showroom\. Choose one of these: Average Lamborghini, .*Revuelto \(2026\)\.$/,
    ],
    [{ car: "revuelto", "car-price": "5000" }, "Give a car or a car price, not both."],
    [
      { "car-price": "Default" },
      "`/config reset what:car` puts the car back to its default; `/config set` takes a value.",
    ],
    [
      { currency: " default" },
      "`/config reset what:currency` puts the currency back to its default; `/config set` takes a value.",
    ],
    [{ replies: "loud" }, "Replies are either public or private."],
    [{}, "Name at least one thing to set, such as `/config set currency:EUR`."],
  ])(
    "%j is refused in one sentence, and the good choices beside it are not stored",
    async (bad, sentence) => {
      const beside: TypedOptions = Object.keys(bad).length === 0 ? {} : { replies: "private" };
      const answer = await server.config("set", { ...beside, ...bad } as TypedOptions, {
        unchecked: true,
      });
      const [told] = answer.split(" Nothing was changed.");
      if (typeof sentence === "string") expect(told).toBe(sentence);
      else expect(told).toMatch(sentence);
      expect(answer.endsWith(" Nothing was changed.")).toBe(true);
      expect(server.stored()).toEqual(NO_SETTINGS);
    },
  );

  it("says how it read an amount that may mean another one, and takes the label of a choice", async () => {
    const typed = { amount: "1.000", replies: "Private: only the member who asked" };
    const answer = await server.config("set", typed, { locale: "de", unchecked: true });
    expect(answer).toMatch(/„1\.000“ wurde als 1\.000\s\$ gelesen, nicht als 1\s\$\./);
    expect(server.stored()).toMatchObject({ stake: 1_000, replies: "private" });
  });

  it("limits amounts by the currency that is being set", async () => {
    expect(
      await server.config("set", { currency: "JPY", amount: "1" }, { unchecked: true }),
    ).toMatch(/from ¥2 to ¥159 trillion/);
    expect(
      await server.config("set", { currency: "IDR", amount: "5000000000000" }, { unchecked: true }),
    ).toContain("Saved");
  });

  it("a custom car price wins over the model until a model is chosen again", async () => {
    await server.config("set", { car: "revuelto", currency: "EUR" });
    expect(await server.config("set", { "car-price": "90000" })).toContain(
      "**Car** Own price, €90,000 · *set here*",
    );
    const answer = await server.config("set", { car: "urus-s" });
    expect(answer).toContain("The car price of €90,000 set here no longer applies.");
    expect(server.stored()).toMatchObject({ carKey: "urus-s", carPrice: null });
  });

  it("keeps the worth of amounts, rounded, when the currency changes, and says so", async () => {
    await server.config("set", { currency: "EUR", amount: "1000", "car-price": "180000" });
    const answer = await server.config("set", { currency: "JPY" });
    expect(server.stored()).toMatchObject({
      currency: "JPY",
      stake: 1_000,
      stakeCurrency: "EUR",
      carPrice: 180_000,
    });
    expect(answer).toContain("**Stake** ¥180,000 · *set here* as €1,000");
    expect(answer).toContain("**Car** Own price, ¥33.3 million · *set here* as €180,000");
    expect(answer).toContain("The default stake of €1,000 is now ¥180,000, worth about the same.");
    expect(answer).toContain(
      "The car price of €180,000 is now ¥33.3 million, worth about the same.",
    );
  });

  it("takes amounts typed together with a new currency as they are", async () => {
    await server.config("set", { currency: "EUR", amount: "1000", "car-price": "180000" });
    await server.config("set", { currency: "JPY", amount: "5000", car: "average" });
    expect(server.stored()).toMatchObject({ currency: "JPY", stake: 5_000, carPrice: null });
  });

  it("returns to the exact amounts when the first currency is chosen again", async () => {
    await server.config("set", { currency: "EUR", amount: "1234", "car-price": "181818" });
    for (const currency of ["JPY", "IDR", "CHF"]) await server.config("set", { currency });
    const answer = await server.config("set", { currency: "EUR" });
    expect(answer).toContain("The default stake is €1,234 again, as it was set.");
    expect(answer).toContain("**Stake** €1,234 · *set here*");
    expect(answer).toContain("**Car** Own price, €181,818 · *set here*");
    expect(server.stored()).toEqual({
      ...NO_SETTINGS,
      currency: "EUR",
      stake: 1_234,
      carPrice: 181_818,
    });
  });

  it("shows what counts while a currency has no rate, next to what was set", async () => {
    await server.config("set", { currency: "EUR", amount: "4000", "car-price": "90000" });
    await server.withService(
      "rates",
      { ...server.bot.services.rates, perUsd: async (code) => (code === "USD" ? 1 : undefined) },
      async () => {
        const view = await server.config("view");
        expect(view).toContain(
          "no exchange rate right now, so the usual 1,000 USD and the usual car apply until there is one",
        );
        expect(view).toContain("**Stake** $1,000 · *set here* as €4,000");
        expect(view).toMatch(/\*\*Car\*\* Average Lamborghini, \$[\d,]+ · \*set here\* as €90,000/);
        expect(await server.config("set", { amount: "500" })).toMatch(
          /^No exchange rate for EUR is available right now.* Nothing was changed\.$/,
        );
      },
    );
    expect(await server.config("view")).toContain("**Stake** €4,000 · *set here*");
  });

  it("a currency in which 1,000 is next to nothing brings a round usual stake, and says so", async () => {
    const answer = await server.config("set", { currency: "IDR" });
    expect(server.stored().stake).toBeNull();
    expect(answer).toMatch(/\*\*Stake\*\* IDR.10 million · default/);
    expect(answer).toMatch(
      /IDR.1,000 would be worth \$0\.06, so the default stake is now IDR.10 million\./,
    );
    await server.config("set", { currency: "EUR", amount: "1000" });
    const kept = await server.config("set", { currency: "CHF" });
    expect(kept).toContain("is now CHF\u00a0930");
  });

  it("refuses a currency while no rates can be had", async () => {
    const rates: Services["rates"] = {
      perUsd: async () => undefined,
      missedAt: async () => undefined,
      currencies: () => [{ code: "USD", name: "US Dollar" }],
      refresh: async () => {},
    };
    await server.withService("rates", rates, async () => {
      expect(await server.config("set", { currency: "EUR" })).toMatch(
        /^There are no exchange rates right now.* Nothing was changed\.$/,
      );
    });
  });

  it("suggests currencies by code and by name, best known first", async () => {
    const named = async (text: string) =>
      (await server.suggestions("set", "currency", { currency: text })).map(({ name }) => name);
    expect((await named("")).slice(0, 3)).toEqual([
      "USD · US Dollar",
      "EUR · Euro",
      "JPY · Japanese Yen",
    ]);
    expect(await named("pound")).toEqual(["GBP · British Pound"]);
    expect(await named("kr")).toEqual(["SEK · Swedish Krona", "KRW · South Korean Won"]);
    expect(await named("zzz")).toEqual([]);
  });

  it("two admins at once: neither change is lost, and the later one wins in a field", async () => {
    const other = server.manager();
    const [first, second] = [
      server.send("set", { amount: "111", replies: "private" }),
      server.send("set", { amount: "222", car: "urus-s" }, { user: other }),
    ];
    await Promise.all([first.answer(), second.answer()]);
    expect(server.stored()).toMatchObject({ replies: "private", carKey: "urus-s" });
    const history = await server.bot.services.settings.history(server.bot.guild.id, 10);
    expect(history).toHaveLength(4);
    expect(String(server.stored().stake)).toBe(history.find(({ what }) => what === "stake")?.new);
  });
});

describe("/lambo on a server that has chosen", () => {
  const lambo = (options: TypedOptions = {}, more: { locale?: string; elsewhere?: true } = {}) => {
    const { elsewhere, ...rest } = more;
    return server.bot.discord.command({
      user: server.admin,
      ...(elsewhere ? {} : { guild: server.bot.guild }),
      name: "lambo",
      options: { coin: "doge", ...options },
      ...rest,
    });
  };
  const story = (message: SeenMessage) => message.embeds[0]?.description ?? "";

  it("uses its currency, stake and car unless the member says otherwise; direct messages use the defaults", async () => {
    await server.config("set", { currency: "EUR", amount: "250", "car-price": "90000" });
    const card = await lambo().answer();
    expect(story(card)).toContain("€250");
    expect(textOf(card)).toContain("€90,000");
    const own = await lambo({ amount: "40", car: "revuelto" }).answer();
    expect(story(own)).toContain("€40");
    expect(textOf(own)).toContain("Revuelto");
    const direct = await lambo({}, { elsewhere: true }).answer();
    expect(story(direct)).toContain("$1,000");
    expect(textOf(direct)).toMatch(/Average Lamborghini.*\$200,000/);
  });

  it("writes amounts in the member's locale", async () => {
    await server.config("set", { currency: "EUR", amount: "1250" });
    expect(story(await lambo({}, { locale: "de" }).answer())).toMatch(/1\.250\s€/);
  });

  it("answers privately by default where the server says so; private:False wins", async () => {
    await server.config("set", { replies: "private" });
    const quiet = lambo();
    await quiet.answer();
    expect(quiet.messages()).toMatchObject({ public: [], private: [expect.anything()] });
    const loud = lambo({ private: false });
    await loud.answer();
    expect(loud.messages().public).toHaveLength(1);
    await server.config("set", { replies: "public" });
    const own = lambo({ private: true });
    await own.answer();
    expect(own.messages().public).toEqual([]);
  });

  it("takes a symbol for the coin that the server chose, and suggests it first", async () => {
    await server.config("symbol", { symbol: "uni", coin: "unicorn-token" });
    const askedCoin = async (coin: string) =>
      (await lambo({ coin }).answer()).embeds[0]?.author?.name;
    expect(await askedCoin("UNI")).toContain("UNICORN Token");
    expect(await askedCoin("uniswap")).toContain("Uniswap");
    const typed = server.bot.discord.type({
      user: server.admin,
      guild: server.bot.guild,
      name: "lambo",
      focused: "coin",
      options: { coin: "uni" },
    });
    const [first, second] = await typed.suggestions();
    expect([first?.value, second?.value]).toEqual(["id:unicorn-token", "uniswap"]);
    const elsewhere = await lambo({ coin: "UNI" }, { elsewhere: true }).answer();
    expect(elsewhere.embeds[0]?.author?.name).toContain("Uniswap");
  });

  it("a suggestion whose text means another coin here still brings the coin that it shows", async () => {
    await server.config("symbol", { symbol: "dogecoin", coin: "bitcoin" });
    const typed = server.bot.discord.type({
      user: server.admin,
      guild: server.bot.guild,
      name: "lambo",
      focused: "coin",
      options: { coin: "dogec" },
    });
    const [first] = await typed.suggestions();
    const card = await lambo({ coin: String(first?.value) }).answer();
    expect(card.embeds[0]?.author?.name).toContain("Dogecoin");
  });
});
