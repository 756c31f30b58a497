import { type APIComponentInMessageActionRow, ComponentType } from "discord-api-types/v10";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerCard, TIER_COLOURS } from "../../src/cards/answer-card.ts";
import { answerJson } from "../../src/cards/answer-json.ts";
import type { CoinCardOptions } from "../../src/cards/coin-card.ts";
import { parseCoinChoice, parseControlId } from "../../src/cards/control-id.ts";
import { mathsCard } from "../../src/cards/maths-card.ts";
import { textAnswer } from "../../src/cards/text-answer.ts";
import type { Reply } from "../../src/discord/reply.ts";
import { DISCORD_LOCALES } from "../../src/messages/format.ts";
import { verdictLine } from "../../src/messages/jokes.ts";
import { type Coin, coinHash } from "../../src/prices/coins/coin.ts";
import type { LamboAnswer } from "../../src/questions/answer.ts";
import { AVERAGE_LAMBO, LAMBO_MODELS } from "../../src/valuation/lambo-models.ts";
import { FLAGS } from "../../src/valuation/price-record.ts";
import { anyText } from "../support/any-text.ts";
import { answerOf, DOGECOIN, NOW, prices, WITHOUT_EUROS } from "./sample-answer.ts";

// One seed, so that a red run is red again.
fc.configureGlobal({ seed: 20_261_101 });

const picture = { png: new Uint8Array([137, 80, 78, 71]), altText: "Two Lambos in a garage." };

function card(answer: LamboAnswer, options: Partial<CoinCardOptions> = {}): Reply {
  return answerCard(answer, { locale: "en-US", isPrivate: false, now: NOW, ...options });
}

function embedOf(reply: Reply) {
  const embed = reply.embeds?.[0];
  if (embed === undefined) throw new Error("the card has no embed");
  return embed;
}

function controlsOf(reply: Reply): APIComponentInMessageActionRow[] {
  return (reply.components ?? []).flatMap((row) => row.components);
}

function customIdOf(control: APIComponentInMessageActionRow): string {
  return "custom_id" in control ? control.custom_id : "";
}

function menuOf(reply: Reply, name: string) {
  const menu = controlsOf(reply).find(
    (control) => parseControlId(customIdOf(control))?.control === name,
  );
  return menu?.type === ComponentType.StringSelect ? menu : undefined;
}

const namesake = (rank: number | null, coinId = `dogecoin-${rank}`): Coin => ({
  coinId,
  name: "Other Doge",
  symbol: "DOGE",
  rank,
});

describe("the answer card", () => {
  it("says the verdict first, then the story, the joke and a few small lines", () => {
    const embed = embedOf(card(answerOf()));
    expect(embed.title).toBe("You did it · 2 Lambos");
    expect(embed.author).toEqual({ name: "Dogecoin · DOGE · #9", icon_url: DOGECOIN.imageUrl });
    expect(embed.color).toBe(TIER_COLOURS.yes);
    expect(embed.description?.split("\n")).toEqual([
      "Had you put **$1,000** into Dogecoin in its first four weeks (July 2026), you would have **$401,000** today: two Lambos.",
      `*${verdictLine(answerOf(), NOW, "en-US")}*`,
      expect.stringMatching(/^-# Data provided by \[CoinGecko\]/),
    ]);
    expect(embed.fields).toBeUndefined();
  });

  it("says each number once", () => {
    const cases = [0.001, 0.25, 1.5, 42.5, 151, 195, 402, 3_001, 260_001].map((closingUsd) =>
      answerOf({ prices: prices(1.5, closingUsd * 1.5), stake: 1_234 }),
    );
    for (const answer of cases) {
      const { title = "", description = "", footer } = embedOf(card(answer));
      const text = `${title} ${description.replace(/\(https[^)]*\)/g, "")} ${footer?.text}`;
      const numbers = [...text.matchAll(/[$€]?\d[\d,.]*\d/g)].map(([number]) => number);
      const repeated = numbers.filter((number, index) => numbers.indexOf(number) !== index);
      expect(
        repeated.filter((number) => !/^(2026|31)$/.test(number)),
        text,
      ).toEqual([]);
    }
  });

  it("names the stake that one Lambo would have taken on every card below one", () => {
    const lineFor = (closingUsd: number) =>
      embedOf(card(answerOf({ prices: prices(1, closingUsd) }))).description ?? "";
    expect(lineFor(58)).toContain("-# One Lambo would have taken $3,508.78 · ");
    expect(lineFor(200.5)).toContain("-# One Lambo would have taken $1,002.51 · ");
    // No stake would have.
    expect(lineFor(0.5)).not.toContain("One Lambo would");
    expect(lineFor(201)).not.toContain("One Lambo would");
  });

  it("says that its coin was picked at random, and offers another one, even after a menu was used", () => {
    const shown = card(answerOf(), { isByChance: true });
    expect(embedOf(shown).description).toMatch(/^-# Picked at random\.\nHad you put/);
    const ids = controlsOf(shown).map((control) => parseControlId(customIdOf(control)));
    expect(ids.map((id) => id?.control)).toEqual(["maths", "another", "stake", "car"]);
    expect(ids.every((id) => id?.isByChance)).toBe(true);
    const chosen = controlsOf(card(answerOf())).map(customIdOf);
    expect(chosen.some((id) => id.startsWith("lambo:another:"))).toBe(false);
  });

  it("says above a shared card who shared it, and remembers that it is a shared one", () => {
    const shown = card(answerOf(), { sharedBy: "4400000000000000001" });
    expect(shown.content).toBe("-# Shared by <@4400000000000000001>");
    const ids = controlsOf(shown).map((control) => parseControlId(customIdOf(control)));
    expect(ids.every((id) => id?.isShared)).toBe(true);
    expect(card(answerOf()).content).toBeUndefined();
  });

  it("writes numbers and months in the member's locale", () => {
    const { description, footer } = embedOf(card(answerOf(), { locale: "de" }));
    expect(description).toContain("**401.000\u00a0$**");
    expect(description).toContain("(Juli 2026)");
    expect(footer?.text).toContain("4.–31. Juli");
  });

  it("shows every amount in the server's currency, coin prices and the catalogue's cars included", () => {
    const euro = { code: "EUR", perUsd: 0.8 };
    const shown = card(answerOf({ currency: euro, stake: 1000 }));
    const { title, footer, description } = embedOf(shown);
    expect(title).toBe("You did it · 2.5 Lambos");
    expect(description).toContain("**€1,000** into Dogecoin");
    expect(footer?.text).toContain("sold Oct 4 – 31, 2026 at €0.1283");
    expect(footer?.text).toContain("Average Lamborghini, €160,000");
    expect(menuOf(shown, "stake")?.options.map(({ label }) => label)).toEqual([
      "Stake: €100",
      "Stake: €1,000",
      "Stake: €10,000",
      "Other amount…",
    ]);
    expect(menuOf(shown, "car")?.options[0]?.description).toBe("€160,000");
    expect(JSON.stringify(shown)).not.toMatch(/\$\d/);
  });

  it("calls a car price of one's own just that, and offers it in the menu beside the models", () => {
    const shown = card(
      answerOf({ currency: { code: "EUR", perUsd: 0.8 }, car: { ownPrice: 180_000 } }),
    );
    expect(embedOf(shown).title).toBe("You did it · 2.22 Lambos");
    expect(embedOf(shown).footer?.text).toContain("Own price, €180,000");
    const options = menuOf(shown, "car")?.options ?? [];
    expect(options[0]).toEqual({
      label: "Own price",
      value: "180000",
      description: "€180,000",
      default: true,
    });
    expect(options.filter((option) => option.default)).toHaveLength(1);
    expect(options).toHaveLength(LAMBO_MODELS.length + 1);
  });

  it("notes once that there is no exchange rate, and its buttons carry the dollars shown", () => {
    const shown = card(answerOf({ rateGap: WITHOUT_EUROS }));
    expect(
      embedOf(shown).description?.match(/No exchange rate for EUR is available right now/g),
    ).toHaveLength(1);
    expect(embedOf(shown).description).toContain("**$1,000** into Dogecoin");
    const asked = controlsOf(shown).map((control) => parseControlId(customIdOf(control))?.currency);
    expect(new Set(asked)).toEqual(new Set(["USD"]));
  });

  it("links its sources, names car, last day and time of asking below the picture, and says 'not advice' once", () => {
    const embed = embedOf(card(answerOf()));
    expect(embed.footer?.text).toBe(
      "Bought Jul 4 – 31, 2026 at $0.0004, sold Oct 4 – 31, 2026 at $0.1604, on average · first Lambo Aug 1, 2026 · Average Lamborghini, $200,000 · prices to Oct 31, 2026 · for fun, not advice",
    );
    expect(embed.timestamp).toBe("2026-11-01T11:58:00.000Z");
    expect(JSON.stringify(embed).match(/not advice/g)).toHaveLength(1);
    expect(embed.description).toContain(
      "Data provided by [CoinGecko](https://www.coingecko.com?utm_source",
    );
  });

  it("attaches the picture with its alt text, and shows none when there is none", () => {
    const withPicture = card(answerOf(), { picture });
    expect(embedOf(withPicture).image?.url).toBe("attachment://lambo.png");
    expect(withPicture.files).toEqual([
      { name: "lambo.png", data: picture.png, description: picture.altText },
    ]);
    const without = card(answerOf());
    expect(embedOf(without).image).toBeUndefined();
    expect(without.files).toBeUndefined();
  });

  it("cannot be mistaken for real prices in the demo market", () => {
    const embed = embedOf(card(answerOf({ flags: ["demo"], sources: [] })));
    expect(embed.description).toMatch(/^\*\*⚠️ Demo market, invented prices\*\*/);
    expect(embed.footer?.text).toContain("Demo market");
    expect(embed.description).not.toContain("CoinGecko");
  });

  it("calls a dead coin's figures history", () => {
    const embed = embedOf(card(answerOf({ lastOn: "2022-06-01" })));
    expect(embed.title).toBe("Too late · 2 Lambos then");
    expect(embed.description).toContain("-# ⚠️ no price since Jun 1, 2022 · Data");
    expect(embed.color).toBe(TIER_COLOURS.dead);
  });

  it("says how old stale prices are", () => {
    const answer = answerOf({ flags: ["stale"], asOf: "2026-10-30T12:00:00.000Z" });
    expect(embedOf(card(answer)).description).toContain("2 days ago");
  });

  it("keeps several caveats on one small line, each in a few words", () => {
    const flags = ["odd-price", "erratic", "unchecked"] as const;
    expect(embedOf(card(answerOf({ flags }))).description).toContain(
      "-# ⚠️ odd closes left out · thin market, rough figures · not yet checked with CoinGecko · Data",
    );
  });

  it("makes no joke where there are three caveats or more", () => {
    const linesWith = (...flags: LamboAnswer["valuation"]["flags"]) =>
      embedOf(card(answerOf({ flags }))).description?.split("\n");
    const joke = `*${verdictLine(answerOf(), NOW, "en-US")}*`;
    expect(linesWith("odd-price", "erratic")).toContain(joke);
    expect(linesWith("odd-price", "erratic", "demo")).toContain(joke);
    expect(linesWith("odd-price", "erratic", "unchecked")).not.toContain(joke);
  });

  it("mentions an exchange's weeks only where the listing price is an exchange's", () => {
    const listingCloses = [{ on: "2015-01-04", priceUsd: 0.0002 }];
    expect(
      embedOf(card(answerOf({ flags: ["exchange-listing-only"], listingCloses }))).description,
    ).toContain("opening price from an exchange");
    expect(embedOf(card(answerOf({ flags: ["partial-history"] }))).description).not.toContain(
      "exchange",
    );
  });

  it("shows a coin's name as text: no mention, no link, no style", () => {
    const coin = { ...DOGECOIN, name: "**@everyone** [free](https://scam.example) <@&1>" };
    const { description = "" } = embedOf(card(answerOf({ coin })));
    expect(description).not.toMatch(/(?<!\\)\[free/);
    expect(description).not.toContain("@everyone");
    expect(description).not.toContain("https://scam");
    expect(description).not.toMatch(/(?<!\\)<@/);
  });

  it("leaves out a logo that is not a web address", () => {
    for (const imageUrl of [
      "javascript:alert(1)",
      "http://plain.example/x.png",
      "nonsense",
      `https://x.example/${"a".repeat(3000)}`,
    ]) {
      expect(
        embedOf(card(answerOf({ coin: { ...DOGECOIN, imageUrl } }))).author?.icon_url,
      ).toBeUndefined();
    }
  });
});

describe("a guessed coin", () => {
  const answer = { ...answerOf({ namesakes: [namesake(50)] }) };
  const dogelon: Coin = { coinId: "dogelon-mars", name: "Dogelon Mars", symbol: "ELON", rank: 400 };
  const guessed = { ...answer, guess: { typed: "dogecion", others: [dogelon] } };

  it("is said at the top of the card", () => {
    expect(embedOf(card(guessed)).description).toMatch(/^-# Taken for Dogecoin\.\nHad you put/);
    expect(embedOf(card(answer)).description).not.toContain("Taken for");
  });

  it("can be changed in the menu: other guesses first, then coins of the same symbol", () => {
    const menu = menuOf(card(guessed), "coin");
    expect(menu?.placeholder).toBe("Not what you meant? Choose another");
    expect(menu?.options.map(({ value }) => value)).toEqual(["id:dogelon-mars", "id:dogecoin-50"]);
  });

  it("is said in the terminal and in JSON too", () => {
    expect(textAnswer(guessed, { locale: "en-US", now: NOW }).split("\n")[1]).toBe(
      "Taken for Dogecoin.",
    );
    expect(answerJson(guessed).takenFor).toEqual({
      typed: "dogecion",
      otherCoinIds: ["dogelon-mars"],
    });
    expect(answerJson(answer).takenFor).toBeNull();
  });
});

describe("under the card", () => {
  it("every button and menu carries the coin, the stake and the car", () => {
    const answer = answerOf({
      namesakes: [namesake(300)],
      stake: 2500.5,
      car: LAMBO_MODELS[5] ?? AVERAGE_LAMBO,
    });
    const ids = controlsOf(card(answer, { isPrivate: true })).map((control) =>
      parseControlId(customIdOf(control)),
    );
    expect(ids.map((id) => id?.control)).toEqual(["maths", "share", "stake", "car", "coin"]);
    for (const id of ids)
      expect(id).toMatchObject({
        coinHash: coinHash("dogecoin"),
        stake: 2500.5,
        currency: "USD",
        car: { key: "revuelto" },
      });
  });

  it("offers to share only a private answer", () => {
    const labels = (isPrivate: boolean) =>
      controlsOf(card(answerOf(), { isPrivate })).flatMap((control) =>
        "label" in control ? [control.label] : [],
      );
    expect(labels(false)).toEqual(["Show the maths"]);
    expect(labels(true)).toEqual(["Show the maths", "Share"]);
  });

  it("marks the stake and the car in use, whatever the stake, and offers to type another", () => {
    const usual = card(answerOf());
    const stakesOf = (shown: typeof usual) =>
      menuOf(shown, "stake")?.options.map((option) => [option.label, option.default ?? false]);
    expect(stakesOf(usual)).toEqual([
      ["Stake: $100", false],
      ["Stake: $1,000", true],
      ["Stake: $10,000", false],
      ["Other amount…", false],
    ]);
    expect(stakesOf(card(answerOf({ stake: 2500 })))).toContainEqual(["Stake: $2,500", true]);
    expect(menuOf(usual, "car")?.options.find((option) => option.default)?.value).toBe("average");
    expect(menuOf(usual, "car")?.options).toHaveLength(LAMBO_MODELS.length);
  });

  it("offers other coins of the same symbol, at most 25, each once, never the coin itself", () => {
    expect(menuOf(card(answerOf()), "coin")).toBeUndefined();
    const many = Array.from({ length: 40 }, (_, index) => namesake(index + 100));
    const menu = menuOf(
      card(answerOf({ namesakes: [DOGECOIN, namesake(50), namesake(50), ...many] })),
      "coin",
    );
    expect(menu?.options).toHaveLength(25);
    expect(menu?.options[0]).toEqual({ label: "Other Doge · DOGE · #50", value: "id:dogecoin-50" });
    expect(new Set(menu?.options.map((option) => option.value)).size).toBe(25);
    const long = menuOf(card(answerOf({ namesakes: [namesake(null, "x".repeat(150))] })), "coin");
    expect(parseCoinChoice(long?.options[0]?.value ?? "")).toEqual({
      coinHash: coinHash("x".repeat(150)),
    });
  });
});

describe("Discord's limits", () => {
  const text = fc.oneof(
    anyText(300),
    fc.constantFrom(
      "",
      "*".repeat(500),
      "@everyone ".repeat(50),
      "🏎️".repeat(200),
      "Ü\u0301\u0302".repeat(300),
      "](http://x)".repeat(40),
    ),
  );
  const coin = fc.record({
    coinId: text,
    name: text,
    symbol: text,
    rank: fc.option(fc.nat()),
    imageUrl: text,
  });
  const source = fc.record({ name: text, url: fc.oneof(text, fc.webUrl()), from: text, to: text });
  const number = fc.oneof(
    fc.double(),
    fc.constantFrom(0, 1e-300, 1e300, Number.NaN, Number.POSITIVE_INFINITY),
  );

  const ERRATIC = { farCloses: 1_000, from: "2013-09-30", to: "2026-09-30" };
  /** An old and a new odd close, of which one has any size. */
  const odd = (timesLevel: number) =>
    [timesLevel, 1e-12].map((times, index) => ({
      on: `2026-09-0${index + 1}`,
      priceUsd: 1,
      timesLevel: times,
      isNewest: index === 1,
    }));

  it("hold for any names, sources and numbers, on the card and in the maths", () => {
    const base = answerOf();
    fc.assert(
      fc.property(
        fc.record({
          coin,
          namesakes: fc.array(coin, { maxLength: 30 }),
          sources: fc.array(source, { maxLength: 12 }),
          numbers: fc.array(number, { minLength: 9, maxLength: 9 }),
          closing: number,
          flags: fc.subarray([...FLAGS]),
          asOf: text,
          altText: text,
          locale: fc.constantFrom(...DISCORD_LOCALES),
          car: fc.oneof(
            text.map((name) => ({ ...AVERAGE_LAMBO, name })),
            number.map((ownPrice) => ({ ownPrice })),
          ),
        }),
        ({ coin, namesakes, sources, numbers, closing, flags, asOf, altText, locale, car }) => {
          const [
            coins = 0,
            proceedsUsd = 0,
            profitUsd = 0,
            growthFactor = 0,
            lambos = 0,
            stakeForOneLamboUsd = 0,
            stakeUsd = 0,
            priceUsd = 0,
            carPriceUsd = 0,
          ] = numbers;
          const day = { on: base.valuation.peak.on, priceUsd, lambos };
          const answer: LamboAnswer = {
            coin,
            namesakes,
            asked: { stake: stakeUsd, currency: "EUR", car },
            currency: { code: "IDR", perUsd: 16_345.67 },
            history: {
              ...base.history,
              coinId: coin.coinId,
              sources,
              flags,
              asOf,
              oddCloses: odd(closing),
              erratic: ERRATIC,
            },
            valuation: {
              ...base.valuation,
              coinId: coin.coinId,
              opening: { ...base.valuation.opening, meanUsd: priceUsd },
              closing: { ...base.valuation.closing, meanUsd: closing },
              ...{
                coins,
                proceedsUsd,
                profitUsd,
                growthFactor,
                lambos,
                stakeForOneLamboUsd,
                stakeUsd,
                carPriceUsd,
                flags,
              },
              openingTradedUsd: closing,
              ...{ bestDay: day, peak: day, firstLamboDay: day },
            },
          };
          const shown = card(answer, { locale, isPrivate: true, picture: { ...picture, altText } });
          for (const reply of [shown, mathsCard(answer, { locale, now: NOW })])
            expectWithinLimits(reply);
          expect(shown.files?.[0]?.description.length).toBeLessThanOrEqual(1024);
        },
      ),
    );
  });

  function expectWithinLimits(reply: Reply) {
    const { author, title = "", description = "", fields = [], footer } = embedOf(reply);
    const texts = [
      author?.name ?? "",
      title,
      description,
      footer?.text ?? "",
      ...fields.flatMap(({ name, value }) => [name, value]),
    ];
    expect((author?.name ?? "").length).toBeLessThanOrEqual(256);
    expect(title.length).toBeLessThanOrEqual(256);
    expect(description.length).toBeLessThanOrEqual(4096);
    for (const { name, value } of fields) {
      expect(name.length).toBeLessThanOrEqual(256);
      expect(value.length).toBeGreaterThan(0);
      expect(value.length).toBeLessThanOrEqual(1024);
    }
    expect(texts.join("").length).toBeLessThanOrEqual(6000);
    for (const control of controlsOf(reply)) {
      expect(customIdOf(control).length).toBeLessThanOrEqual(100);
      if (control.type !== ComponentType.StringSelect) continue;
      expect((control.placeholder ?? "").length).toBeLessThanOrEqual(150);
      expect(control.options.length).toBeLessThanOrEqual(25);
      for (const { label, value, description = "-" } of control.options) {
        for (const part of [label, value, description]) {
          expect(part.length).toBeGreaterThan(0);
          expect(part.length).toBeLessThanOrEqual(100);
        }
      }
    }
  }
});

describe("colours", () => {
  it("are red for a loss and gold for a fleet", () => {
    expect(embedOf(card(answerOf({ prices: prices(1, 0.2) }))).color).toBe(TIER_COLOURS.loss);
    expect(embedOf(card(answerOf({ prices: prices(1, 5000) }))).color).toBe(
      TIER_COLOURS["moon-10"],
    );
  });
});
