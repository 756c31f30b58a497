import { afterEach, describe, expect, it } from "vitest";
import { commands } from "../../commands/index.ts";
import { digestAskId } from "../../src/digest/digest-control-id.ts";
import { registerCommands } from "../../src/discord/command-registration.ts";
import { createDispatch } from "../../src/discord/dispatch.ts";
import { silentLog } from "../../src/process/log.ts";
import type { Services } from "../../src/services.ts";
import { checkMarketRequest } from "../contract/market-spec.ts";
import { UNLIMITED } from "../prices/quick-timing.ts";
import { connectGateway } from "../support/connected-gateway.ts";
import { type FakeDiscord, startFakeDiscord } from "../support/fake-discord/fake-discord.ts";
import { type MarketUnderTest, startMarketUnderTest } from "../support/market-under-test.ts";
import { syntheticSeries } from "../support/price-series.ts";
import { servicesUnderTest } from "../support/services.ts";

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

type Stage = {
  readonly discord: FakeDiscord;
  readonly market: MarketUnderTest;
  readonly services: Services;
};

const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/**
 * The real client on a fake Discord, the real market on a fake one, and nobody who posts: what a
 * bot without a token has.
 */
async function start(): Promise<Stage> {
  const market = await startMarketUnderTest({ coins: COINS, budget: UNLIMITED });
  open.push(() => market.close());
  const discord = await startFakeDiscord();
  open.push(() => discord.close());
  const services = servicesUnderTest(market);
  const dispatch = createDispatch({ commands, services, log: silentLog });
  const gateway = await connectGateway({
    token: discord.token,
    apiUrl: discord.apiUrl,
    commands,
    dispatch,
    log: silentLog,
  });
  open.push(() => gateway.stop());
  await registerCommands({
    rest: gateway.rest,
    applicationId: gateway.applicationId,
    commands,
    log: silentLog,
  });
  return { discord, market, services };
}

function expectLawful({ discord, market }: Stage): void {
  expect(discord.violations).toEqual([]);
  expect(market.fake.violations()).toEqual([]);
  expect(market.fake.requests.flatMap(checkMarketRequest)).toEqual([]);
}

function askIds(message: { components?: unknown }): string[] {
  return [...JSON.stringify(message.components).matchAll(/"custom_id":"(digest:ask:[^"]+)"/g)].map(
    ([, id = ""]) => id,
  );
}

describe("/digest", () => {
  it("shows the server's leaderboard to the asker alone, with picture, alt text and a button for each coin", async () => {
    const stage = await start();
    const { discord } = stage;
    const asked = discord.command({ user: discord.user(), guild: discord.guild, name: "digest" });
    const card = await asked.answer();
    expect(asked.messages()).toMatchObject({ public: [], private: [expect.anything()] });
    expect(card.embeds[0]?.title).toBe("The Lambo leaderboard · Nov 23, 2026");
    expect(card.files[0]?.description).toMatch(/Leaderboard/);
    expect(askIds(card)).toHaveLength(3);
    expectLawful(stage);
  });

  it("speaks the asker's locale and the server's currency", async () => {
    const stage = await start();
    const { discord, services } = stage;
    await services.settings.change(
      discord.guild.id,
      { currency: "EUR", stake: 1_500 },
      { userId: "1", at: new Date() },
    );
    const card = await discord
      .command({ user: discord.user(), guild: discord.guild, locale: "de", name: "digest" })
      .answer();
    expect(card.embeds[0]?.description).toMatch(/1\.500[\s\u00a0]€/);
    expectLawful(stage);
  });

  it("says in a sentence why there is none", async () => {
    const { discord, market } = await start();
    for (const provider of ["coingecko", "defillama", "kraken"] as const)
      market.fake.fail(provider, { kind: "blocked" });
    const asked = discord.command({ user: discord.user(), guild: discord.guild, name: "digest" });
    expect((await asked.answer()).content).toMatch(/right now/);
    expect(asked.messages().public).toEqual([]);
  });
});

describe("the buttons of a digest", () => {
  it("answer /lambo for their coin, privately, with the server's stake and car of that moment", async () => {
    const stage = await start();
    const { discord, services } = stage;
    const user = discord.user();
    const card = await discord.command({ user, guild: discord.guild, name: "digest" }).answer();
    await services.settings.change(
      discord.guild.id,
      { stake: 77, carKey: "revuelto" },
      { userId: "1", at: new Date() },
    );
    const pressed = discord.press(card, askIds(card)[0] ?? "", user);
    const answer = await pressed.answer();
    expect(pressed.messages().public).toEqual([]);
    expect(answer.embeds[0]?.description).toContain("$77");
    expect(answer.embeds[0]?.fields?.[0]?.value).toContain("Revuelto");
    expect(JSON.stringify(answer.components)).toContain("lambo:share:");
    expectLawful(stage);
  });

  it("of a digest posted days ago, before a restart, still work; forged ones are a plain refusal", async () => {
    const { discord } = await start();
    const card = await discord
      .command({ user: discord.user(), guild: discord.guild, name: "digest" })
      .answer();
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
