import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { commands } from "../../commands/index.ts";
import { createDueTimes } from "../../src/digest/due.ts";
import { createServerDigests } from "../../src/digest/server-digest.ts";
import { messageRefused } from "../../src/digest/trouble.ts";
import { zoneDataStanding } from "../../src/digest/zone-data.ts";
import { createBotRest } from "../../src/discord/bot/bot-rest.ts";
import { createChannelPosts } from "../../src/discord/bot/channel-posts.ts";
import { createGuildDirectory } from "../../src/discord/bot/guild-directory.ts";
import { registerCommands } from "../../src/discord/command-registration.ts";
import { createDispatch } from "../../src/discord/dispatch.ts";
import { silentLog } from "../../src/process/log.ts";
import type { Services } from "../../src/services.ts";
import type { DigestEnding, DigestLedger } from "../../src/storage/digest-ledger.ts";
import { NO_SETTINGS } from "../../src/storage/guild-settings.ts";
import { StorageError } from "../../src/storage/storage-error.ts";
import { UNLIMITED } from "../prices/quick-timing.ts";
import { connectGateway } from "../support/connected-gateway.ts";
import { type FakeDiscord, startFakeDiscord } from "../support/fake-discord/fake-discord.ts";
import type { InteractionHandle } from "../support/fake-discord/interaction-handle.ts";
import type { SeenMessage } from "../support/fake-discord/messages.ts";
import {
  type FakeChannel,
  type FakeGuild,
  type FakeUser,
  ordinaryPermissions,
  Permission,
} from "../support/fake-discord/world.ts";
import type { FakeCoin } from "../support/fake-market/fake-market.ts";
import { type MarketUnderTest, startMarketUnderTest } from "../support/market-under-test.ts";
import { syntheticSeries } from "../support/price-series.ts";
import { servicesUnderTest } from "../support/services.ts";

const NOON = "2026-11-24T12:00:00Z";

const series = syntheticSeries({
  firstOn: "2023-06-01",
  lastOn: "2026-11-23",
  startUsd: 0.001,
  dailyGrowth: 0.005,
});
const COINS: FakeCoin[] = [
  { coinId: "bitcoin", symbol: "BTC", name: "Bitcoin", rank: 1, series, krakenPair: "XBTUSD" },
  { coinId: "dogecoin", symbol: "DOGE", name: "Dogecoin", rank: 9, series },
  { coinId: "uniswap", symbol: "UNI", name: "Uniswap", rank: 30, series },
  { coinId: "unicorn-token", symbol: "UNI", name: "UNICORN Token", rank: 900, series },
  { coinId: "sly", symbol: "SLY", name: "**@everyone** [x](https://x.example)", rank: 50, series },
  ...Array.from({ length: 12 }, (_, index) => ({
    coinId: `coin-${index}`,
    symbol: `C${index}`,
    name: `Coin ${index}`,
    rank: 100 + index,
    series,
  })),
];

let discord: FakeDiscord;
let market: MarketUnderTest;
let services: Services;
/** True while the record of digests cannot be read. */
let isRecordGone: boolean;
/** Each test has a server and an admin of its own. */
let guild: FakeGuild;
let admin: FakeUser;
let general: FakeChannel;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  market = await startMarketUnderTest({
    coins: COINS,
    plan: "analyst",
    budget: UNLIMITED,
    now: NOON,
  });
  closing.push(() => market.close());
  discord = await startFakeDiscord({ rateLimits: false });
  closing.push(() => discord.close());
  const real = servicesUnderTest(market);
  const rest = createBotRest({ token: discord.token, apiUrl: discord.apiUrl });
  const directory = createGuildDirectory({ rest, now: market.now, keepMs: 0 });
  const { ledger, settings } = market.storage();
  const digests = createServerDigests({
    settings,
    ledger: {
      ...ledger,
      latest: (...asked) => (isRecordGone ? Promise.reject(gone()) : ledger.latest(...asked)),
      entries: (...asked) => (isRecordGone ? Promise.reject(gone()) : ledger.entries(...asked)),
    },
    preview: real.previewDigest,
    times: createDueTimes(),
    posts: createChannelPosts({ rest, directory }),
    directory,
    log: real.log,
    now: market.now,
  });
  // One object for the whole program, in which a test may replace a part for its while.
  services = { ...real, digests, directory };
  const dispatch = createDispatch({ commands, services, log: silentLog });
  const gateway = await connectGateway({
    token: discord.token,
    apiUrl: discord.apiUrl,
    commands,
    dispatch,
    log: silentLog,
  });
  closing.push(() => gateway.stop());
  await registerCommands({
    rest: gateway.rest,
    applicationId: gateway.applicationId,
    commands,
    log: silentLog,
  });
  await services.coins.resolve("bitcoin", { priority: "interactive" });
  await services.rates.perUsd("EUR", { priority: "interactive" });
});

afterAll(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

beforeEach(() => {
  isRecordGone = false;
  market.setNow(NOON);
  guild = discord.addGuild();
  admin = manager();
  general = channelOf(guild);
  const lawfulSoFar = discord.violations.length;
  market.fake.forget();
  return () => {
    expect(discord.violations.slice(lawfulSoFar)).toEqual([]);
    expect(market.fake.violations()).toEqual([]);
  };
});

function manager(): FakeUser {
  const user = discord.user();
  guild.memberRoleIds.set(user.id, [
    discord.addRole(guild, { permissions: ordinaryPermissions | Permission.ManageGuild }).id,
  ]);
  return user;
}

function channelOf(of: FakeGuild): FakeChannel {
  const [channel] = of.channels.values();
  if (channel === undefined) throw new Error("a server begins with a channel");
  return channel;
}

type Options = Readonly<Record<string, string | number | boolean>>;

function send(
  subcommand: string,
  options: Options = {},
  more: {
    user?: FakeUser;
    unchecked?: boolean;
    locale?: string;
    isBeforeAppPermissions?: boolean;
  } = {},
): InteractionHandle {
  return discord.command({ user: admin, guild, name: `config ${subcommand}`, options, ...more });
}

/** Everything that a message says, its buttons excepted. */
function textOf(message: SeenMessage): string {
  const embeds = message.embeds.flatMap(({ title, description, fields = [], footer }) => [
    title,
    description,
    ...fields.flatMap(({ name, value }) => [name, value]),
    footer?.text,
  ]);
  return [message.content, ...embeds]
    .filter((text) => text !== undefined && text !== "")
    .join("\n");
}

/** What the admin reads, which nobody else does. */
async function config(
  subcommand: string,
  options: Options = {},
  more: Parameters<typeof send>[2] = {},
): Promise<string> {
  const asked = send(subcommand, options, more);
  const answer = await asked.answer();
  expect(asked.messages().public).toEqual([]);
  return textOf(answer);
}

const stored = () => services.settings.read(guild.id);

async function suggestions(
  subcommand: string,
  focused: string,
  options: Options,
): Promise<readonly { name: string; value: unknown }[]> {
  return discord
    .type({ user: admin, guild, name: `config ${subcommand}`, focused, options })
    .suggestions();
}

/** Runs a while with a part of the program replaced. */
async function withService<Name extends keyof Services>(
  name: Name,
  value: Services[Name],
  work: () => Promise<void>,
): Promise<void> {
  const before = services[name];
  // The one place where a service changes under the running program, to see what it then says.
  (services as Record<Name, Services[Name]>)[name] = value;
  try {
    await work();
  } finally {
    (services as Record<Name, Services[Name]>)[name] = before;
  }
}

describe("who may use /config", () => {
  it("is declared to Discord: servers only, for Manage Server", () => {
    expect(discord.commands.find("config")).toMatchObject({
      contexts: [0],
      integration_types: [0],
      default_member_permissions: String(Permission.ManageGuild),
    });
  });

  it.each(["view", "set", "digest", "symbol", "check", "test", "history", "reset", "forget"])(
    "is checked again by us for %s: an old client without the permission changes and reads nothing",
    async (subcommand) => {
      const options: Record<string, Options> = {
        set: { amount: 5 },
        digest: { time: "10:00" },
        symbol: { symbol: "UNI", coin: "uniswap" },
      };
      const answer = await config(subcommand, options[subcommand], {
        user: discord.user(),
        unchecked: true,
      });
      expect(answer).toBe("Only members with *Manage Server* can use `/config`.");
      expect(stored()).toEqual(NO_SETTINGS);
    },
  );

  it("administrators may, whatever else is missing", async () => {
    const user = discord.user();
    guild.memberRoleIds.set(user.id, [
      discord.addRole(guild, { permissions: Permission.Administrator }).id,
    ]);
    expect(await config("set", { amount: 5 }, { user })).toContain("Saved");
  });

  it("is nobody in direct messages", async () => {
    const asked = discord.command({ user: admin, name: "config view", unchecked: true });
    expect(textOf(await asked.answer())).toBe(
      "`/config` works on servers only: use it in a channel of yours.",
    );
  });

  it("without the permission nothing is suggested either", async () => {
    await config("symbol", { symbol: "UNI", coin: "unicorn-token" });
    const typed = { guild, name: "config symbol", focused: "symbol", options: { symbol: "u" } };
    expect(await discord.type({ ...typed, user: admin }).suggestions()).not.toEqual([]);
    expect(await discord.type({ ...typed, user: discord.user() }).suggestions()).toEqual([]);
  });
});

describe("/config set", () => {
  it("stores several choices at once, and shows what holds then", async () => {
    const answer = await config("set", {
      currency: "EUR",
      amount: 250,
      car: "revuelto",
      replies: "private",
    });
    expect(stored()).toEqual({
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
    await config("set", { currency: typed, amount: 5_000 });
    expect(stored().currency).toBe(code);
  });

  it.each([
    [
      { currency: "ABC" },
      "“ABC” is no currency that there is an exchange rate for: choose one of the suggestions, such as EUR.",
    ],
    [
      { currency: "BTC" },
      "“BTC” is no currency that there is an exchange rate for: choose one of the suggestions, such as EUR.",
    ],
    [
      { currency: "**x** <@1>" },
      "“\\*\\*x\\*\\* \\<@\u200b1\\>” is no currency that there is an exchange rate for: choose one of the suggestions, such as EUR.",
    ],
    [
      { amount: 0 },
      "That amount cannot be a stake: give a plain number from $0.01 to $1 trillion.",
    ],
    [
      { amount: -5 },
      "That amount cannot be a stake: give a plain number from $0.01 to $1 trillion.",
    ],
    [
      { amount: 1e15 },
      "That amount cannot be a stake: give a plain number from $0.01 to $1 trillion.",
    ],
    [
      { amount: "a lot" },
      "That amount cannot be a stake: give a plain number from $0.01 to $1 trillion.",
    ],
    [{ "car-price": 0.5 }, "No car costs that: give a plain number from $1 to $1 trillion."],
    [
      { car: "countach" },
      /^That car is not in the showroom\. Choose one of these: Average Lamborghini, .*Revuelto \(2026\)\.$/,
    ],
    [{ car: "revuelto", "car-price": 5_000 }, "Give a car or a car price, not both."],
    [{ replies: "loud" }, "Replies are either public or private."],
    [{}, "Name at least one thing to set, such as a currency."],
  ])(
    "%j is refused in one sentence, and the good choices beside it are not stored",
    async (bad, sentence) => {
      const beside: Options = Object.keys(bad).length === 0 ? {} : { replies: "private" };
      const answer = await config("set", { ...beside, ...bad } as Options, { unchecked: true });
      const [told] = answer.split(" Nothing was changed.");
      if (typeof sentence === "string") expect(told).toBe(sentence);
      else expect(told).toMatch(sentence);
      expect(answer.endsWith(" Nothing was changed.")).toBe(true);
      expect(stored()).toEqual(NO_SETTINGS);
    },
  );

  it("limits are those of the currency that is being set", async () => {
    expect(await config("set", { currency: "JPY", amount: 1 }, { unchecked: true })).toMatch(
      /from ¥1\.59 to ¥159 trillion/,
    );
    expect(
      await config("set", { currency: "IDR", amount: 5_000_000_000_000 }, { unchecked: true }),
    ).toContain("Saved");
  });

  it("an own car price wins over the model until a model is chosen again", async () => {
    await config("set", { car: "revuelto", currency: "EUR" });
    expect(await config("set", { "car-price": 90_000 })).toContain(
      "**Car** Own price, €90,000 · *set here*",
    );
    const answer = await config("set", { car: "urus-s" });
    expect(answer).toContain("The own car price of €90,000 no longer counts.");
    expect(stored()).toMatchObject({ carKey: "urus-s", carPrice: null });
  });

  it("another currency keeps what the amounts are worth, rounded, and says so", async () => {
    await config("set", { currency: "EUR", amount: 1_000, "car-price": 180_000 });
    const answer = await config("set", { currency: "JPY" });
    expect(stored()).toMatchObject({
      currency: "JPY",
      stake: 1_000,
      stakeCurrency: "EUR",
      carPrice: 180_000,
    });
    expect(answer).toContain("**Stake** ¥180,000 · *set here* as €1,000");
    expect(answer).toContain("**Car** Own price, ¥33.3 million · *set here* as €180,000");
    expect(answer).toContain("The default stake of €1,000 is now ¥180,000, about the same worth.");
    expect(answer).toContain(
      "The own car price of €180,000 is now ¥33.3 million, about the same worth.",
    );
  });

  it("amounts given with the new currency are taken as they are", async () => {
    await config("set", { currency: "EUR", amount: 1_000, "car-price": 180_000 });
    await config("set", { currency: "JPY", amount: 5_000, car: "average" });
    expect(stored()).toMatchObject({ currency: "JPY", stake: 5_000, carPrice: null });
  });

  it("the first currency again has the amounts exactly as they were set", async () => {
    await config("set", { currency: "EUR", amount: 1_234, "car-price": 181_818 });
    for (const currency of ["JPY", "IDR", "CHF"]) await config("set", { currency });
    const answer = await config("set", { currency: "EUR" });
    expect(answer).toContain("The default stake is €1,234 again, as it was set.");
    expect(answer).toContain("**Stake** €1,234 · *set here*");
    expect(answer).toContain("**Car** Own price, €181,818 · *set here*");
    expect(stored()).toEqual({ ...NO_SETTINGS, currency: "EUR", stake: 1_234, carPrice: 181_818 });
  });

  it("shows what counts while a currency has no rate, and what was set", async () => {
    await config("set", { currency: "EUR", amount: 4_000, "car-price": 90_000 });
    await withService(
      "rates",
      { ...services.rates, perUsd: async (code) => (code === "USD" ? 1 : undefined) },
      async () => {
        const view = await config("view");
        expect(view).toContain(
          "no exchange rate now, so the usual 1,000 USD and the usual car count until there is one",
        );
        expect(view).toContain("**Stake** $1,000 · *set here* as €4,000");
        expect(view).toMatch(/\*\*Car\*\* Average Lamborghini, \$[\d,]+ · \*set here\* as €90,000/);
        expect(await config("set", { amount: 500 })).toMatch(
          /^No exchange rate for EUR can be had right now.* Nothing was changed\.$/,
        );
      },
    );
    expect(await config("view")).toContain("**Stake** €4,000 · *set here*");
  });

  it("where 1,000 are next to nothing, a round usual stake comes with the currency, and is told", async () => {
    const answer = await config("set", { currency: "IDR" });
    expect(stored().stake).toBeNull();
    expect(answer).toMatch(/\*\*Stake\*\* IDR.10 million · default/);
    expect(answer).toMatch(
      /IDR.1,000 would be worth \$0\.05618, so the default stake is now IDR.10 million\./,
    );
    await config("set", { currency: "EUR", amount: 1_000 });
    const kept = await config("set", { currency: "CHF" });
    expect(kept).toContain("is now CHF\u00a0930");
  });

  it("says that rates cannot be had, rather than take a currency unseen", async () => {
    const rates: Services["rates"] = {
      perUsd: async () => undefined,
      missedAt: async () => undefined,
      currencies: () => [{ code: "USD", name: "US Dollar" }],
      refresh: async () => {},
    };
    await withService("rates", rates, async () => {
      expect(await config("set", { currency: "EUR" })).toMatch(
        /^Exchange rates cannot be had right now.* Nothing was changed\.$/,
      );
    });
  });

  it("suggests currencies by code and by name, best known first", async () => {
    const named = async (text: string) =>
      (await suggestions("set", "currency", { currency: text })).map(({ name }) => name);
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
    const other = manager();
    const [first, second] = [
      send("set", { amount: 111, replies: "private" }),
      send("set", { amount: 222, car: "urus-s" }, { user: other }),
    ];
    await Promise.all([first.answer(), second.answer()]);
    expect(stored()).toMatchObject({ replies: "private", carKey: "urus-s" });
    const history = await services.settings.history(guild.id, 10);
    expect(history).toHaveLength(4);
    expect(String(stored().stake)).toBe(history.find(({ what }) => what === "stake")?.new);
  });
});

describe("/config digest", () => {
  it("starts with a channel alone, and answers with the next three posts", async () => {
    const answer = await config("digest", { channel: general.id });
    expect(stored()).toMatchObject({ digestEnabled: true, digestChannelId: general.id });
    expect(answer).toContain(`The digest is **on**, at 09:00 (UTC), in <#${general.id}>.`);
    const days = ["2026-11-25T09:00:00Z", "2026-11-26T09:00:00Z", "2026-11-27T09:00:00Z"];
    for (const day of days)
      expect(answer).toContain(
        `- <t:${Date.parse(day) / 1_000}:F> (<t:${Date.parse(day) / 1_000}:R>)`,
      );
  });

  it("takes everything at once; the next posts follow the zone", async () => {
    const role = discord.addRole(guild, { name: "lambo watchers" });
    role.mentionable = true;
    const news = discord.addChannel(guild, { type: 5, name: "news" });
    const answer = await config("digest", {
      channel: news.id,
      time: "9:30 pm",
      zone: "new york",
      coins: "btc, Dogecoin, id:unicorn-token, BTC",
      role: role.id,
      enabled: true,
    });
    expect(stored()).toMatchObject({
      digestChannelId: news.id,
      digestTime: "21:30",
      digestZone: "America/New_York",
      digestCoins: ["bitcoin", "dogecoin", "unicorn-token"],
      digestRoleId: role.id,
      digestEnabled: true,
    });
    expect(answer).toContain(`<t:${Date.parse("2026-11-25T02:30:00Z") / 1_000}:F>`);
    expect(answer).toContain("**Coins** Bitcoin, Dogecoin, UNICORN Token");
    expect(answer).toContain(`**Mentions** <@&${role.id}>`);
  });

  it("the server's own symbols count in its list of coins", async () => {
    await config("symbol", { symbol: "uni", coin: "unicorn-token" });
    await config("digest", { coins: "UNI" });
    expect(stored().digestCoins).toEqual(["unicorn-token"]);
  });

  it("that was switched off stays off until it is switched on", async () => {
    await config("digest", { channel: general.id });
    await config("digest", { enabled: false });
    const other = discord.addChannel(guild);
    expect(await config("digest", { channel: other.id })).toMatch(
      /The digest is \*\*off\*\*.*\n.*none: the digest is off/,
    );
    expect(await config("digest", { enabled: true })).toContain(
      `The digest is **on**, at 09:00 (UTC), in <#${other.id}>.`,
    );
  });

  it.each([
    [
      { zone: "Europe/Berlinn" },
      "“Europe/Berlinn” is no time zone: choose one of the suggestions, such as Europe/Berlin.",
    ],
    [
      { zone: "+02:00" },
      "“+02:00” is no time zone: choose one of the suggestions, such as Europe/Berlin.",
    ],
    [
      { time: "24:30" },
      "“24:30” is no time of day: write it as HH:MM from 00:00 to 23:59, such as 09:00.",
    ],
    [
      { time: "noon" },
      "“noon” is no time of day: write it as HH:MM from 00:00 to 23:59, such as 09:00.",
    ],
    [
      { coins: "btc, dogecorn, doge" },
      "No coin here is called “dogecorn”: check the spelling, or choose one of the suggestions.",
    ],
    [
      { coins: "btc, @here" },
      "No coin here is called “@\u200bhere”: check the spelling, or choose one of the suggestions.",
    ],
    [{ coins: " , ," }, "Name at least one coin, such as bitcoin, or several with commas."],
    [
      { coins: Array.from({ length: 11 }, (_, at) => `c${at}`).join(",") },
      "A digest has up to 10 coins, and that is 11.",
    ],
    [{ enabled: true }, "The digest needs a channel before it can be switched on: choose one too."],
    [
      { channel: "123456789012345678" },
      "That channel is not one of this server's: it may have been deleted.",
    ],
    [
      { channel: "../users" },
      "That channel is not one of this server's: it may have been deleted.",
    ],
    [{ role: "@everyone" }, "That role is not one of this server's: it may have been deleted."],
    [
      { role: "123456789012345678" },
      "That role is not one of this server's: it may have been deleted.",
    ],
    [{}, "Name at least one thing to set, such as a channel. `/config view` shows the digest."],
  ])(
    "%j is refused in one sentence, and the good choices beside it are not stored",
    async (bad, sentence) => {
      const beside: Options =
        Object.keys(bad).length === 0 || "channel" in bad
          ? {}
          : "time" in bad
            ? { zone: "UTC" }
            : { time: "10:00" };
      const answer = await config("digest", { ...beside, ...bad } as Options, { unchecked: true });
      const [told] = answer.split(" Nothing was changed.");
      if (typeof sentence === "string") expect(told).toBe(sentence);
      else expect(told).toMatch(sentence);
      expect(answer.endsWith(" Nothing was changed.")).toBe(true);
      expect(stored()).toEqual(NO_SETTINGS);
    },
  );

  it.each([
    [2, "\\#lounge is a voice channel"],
    [15, "\\#lounge is a forum"],
    [4, "\\#lounge is a category"],
  ])("a channel of Discord's type %i is refused by its name and kind", async (type, named) => {
    const channel = discord.addChannel(guild, { type, name: "lounge" });
    const answer = await config("digest", { channel: channel.id }, { unchecked: true });
    expect(answer).toBe(
      `${named}: the digest needs a text or announcement channel. Nothing was changed.`,
    );
    expect(stored()).toEqual(NO_SETTINGS);
  });

  it("a channel of another server, and one deleted a moment ago, are not this server's", async () => {
    const foreign = channelOf(discord.addGuild());
    const gone = discord.addChannel(guild);
    discord.removeChannel(gone);
    for (const channel of [foreign, gone]) {
      expect(await config("digest", { channel: channel.id }, { unchecked: true })).toMatch(
        /^That channel is not one of this server's/,
      );
    }
    expect(stored()).toEqual(NO_SETTINGS);
  });

  it("does not mention everyone", async () => {
    expect(await config("digest", { role: guild.id }, { unchecked: true })).toMatch(
      /^The digest does not mention everyone/,
    );
  });

  it("warns at once about each missing permission, and how to grant it, and is stored all the same", async () => {
    const role = discord.addRole(guild, { name: "quiet" });
    const closed = discord.addChannel(guild, {
      overwrites: [
        {
          id: guild.id,
          type: 0,
          allow: "0",
          deny: String(Permission.EmbedLinks | Permission.AttachFiles),
        },
      ],
    });
    guild.botRoleIds.length = 0;
    const answer = await config("digest", { channel: closed.id, role: role.id });
    expect(answer).toMatch(/^Saved, but it cannot be posted yet/);
    expect(answer).toContain(
      `**Embed Links** is missing in <#${closed.id}>. Open the settings of <#${closed.id}>, *Permissions*, add my role and allow *Embed Links*.`,
    );
    expect(answer).toContain(`**Attach Files** is missing`);
    expect(answer).toContain(`or let anyone mention <@&${role.id}> (*Server Settings*, *Roles*).`);
    expect(answer).not.toContain("**Send Messages** is missing");
    expect(stored().digestChannelId).toBe(closed.id);
  });

  it("asks Discord nothing about a channel and a role that it tells along with the command", async () => {
    const closed = discord.addChannel(guild);
    closed.permission_overwrites = [
      { id: guild.id, type: 0, allow: "0", deny: String(Permission.SendMessages) },
    ];
    guild.botRoleIds.length = 0;
    const role = discord.addRole(guild);
    const before = discord.requests.length;
    const answer = await config("digest", { channel: closed.id, role: role.id });
    expect(answer).toContain("❌ **Send Messages** is missing");
    expect(answer).toContain("❌ **Mention @everyone, @here, and All Roles** is missing");
    const forum = discord.addChannel(guild, { name: "ideas", type: 15 });
    expect(await config("digest", { channel: forum.id }, { unchecked: true })).toMatch(
      /is a forum: the digest needs a text/,
    );
    const answering = /\/(interactions|webhooks)\//;
    expect(discord.requests.slice(before).filter(({ path }) => !answering.test(path))).toEqual([]);
    // A channel chosen before is not told along.
    expect(await config("digest", { time: "10:00" })).toContain("❌ **Send Messages** is missing");
    expect(
      discord.requests.slice(before).some(({ path }) => path.endsWith(`/channels/${closed.id}`)),
    ).toBe(true);
  });

  it("Discord being out of reach is said, and nothing stored", async () => {
    const end = discord.fault({ kind: "status", status: 500, method: "GET", path: /\/channels\// });
    try {
      // Told along, the channel need not be asked for.
      expect(
        await config("digest", { channel: general.id }, { isBeforeAppPermissions: true }),
      ).toMatch(/^Discord cannot be asked about that channel right now.* Nothing was changed\.$/);
    } finally {
      end();
    }
    expect(stored()).toEqual(NO_SETTINGS);
  });

  it("suggests zones by the newest data, not Node's", async () => {
    expect(await suggestions("digest", "zone", { zone: "vancouver" })).toEqual([
      { name: "America/Vancouver · 05:00 now, UTC-07:00", value: "America/Vancouver" },
    ]);
  });

  it("suggests zones with the time that their clocks show", async () => {
    expect(await suggestions("digest", "zone", { zone: "berl" })).toEqual([
      { name: "Europe/Berlin · 13:00 now, UTC+01:00", value: "Europe/Berlin" },
    ]);
  });

  it("suggests the list so far with one more coin, in a form that comes out as those coins", async () => {
    const offered = await suggestions("digest", "coins", { coins: "btc, doge, un" });
    expect(offered.map(({ name }) => name)).toEqual([
      "btc, doge, Uniswap · UNI · #30",
      "btc, doge, UNICORN Token · UNI · #900",
    ]);
    const first = await suggestions("digest", "coins", { coins: "btc, " });
    expect(first.map(({ name }) => name)).not.toContain("btc, Bitcoin · BTC · #1");
    await config("digest", { coins: String(offered[1]?.value) });
    expect(stored().digestCoins).toEqual(["bitcoin", "dogecoin", "unicorn-token"]);
  });

  it("ten coins fit into what Discord takes, typed by suggestions alone; an eleventh is not offered", async () => {
    let list = "";
    for (let count = 0; count < 10; count += 1) {
      const [next] = await suggestions("digest", "coins", {
        coins: list === "" ? "coin" : `${list}, coin`,
      });
      list = String(next?.value);
    }
    await config("digest", { coins: list });
    expect(stored().digestCoins).toHaveLength(10);
    expect(await suggestions("digest", "coins", { coins: `${list}, b` })).toEqual([
      { name: "That is 10 coins, the most there can be", value: list },
    ]);
  });

  it("a suggested symbol that means another coin here gives way to the id", async () => {
    await config("symbol", { symbol: "doge", coin: "bitcoin" });
    const [first] = await suggestions("digest", "coins", { coins: "dogec" });
    await config("digest", { coins: String(first?.value) });
    expect(stored().digestCoins).toEqual(["dogecoin"]);
  });
});

describe("/config symbol", () => {
  it("gives a symbol another meaning, and gives it back", async () => {
    expect(await config("symbol", { symbol: "$uni", coin: "unicorn-token" })).toContain(
      "On this server **UNI** now means **UNICORN Token** (id:unicorn-token).",
    );
    expect(stored().symbols).toEqual({ UNI: "unicorn-token" });
    expect(await config("symbol", { symbol: "uni" })).toContain(
      "**UNI** means again what it means everywhere.",
    );
    expect(stored().symbols).toEqual({});
  });

  it.each([
    [{ symbol: "two words", coin: "bitcoin" }, /^“two words” is no symbol/],
    [{ symbol: "id:x", coin: "bitcoin" }, /^“id:x” is no symbol/],
    [{ symbol: "uni", coin: "nothing" }, /^No coin here is called “nothing”/],
    [{ symbol: "uni" }, /^UNI has no meaning of its own on this server/],
  ])("%j is refused, and nothing is stored", async (options, sentence) => {
    expect(await config("symbol", options as Options)).toMatch(sentence);
    expect(stored()).toEqual(NO_SETTINGS);
  });

  it("suggests what has a meaning here, and the coins that share the symbol", async () => {
    await config("symbol", { symbol: "uni", coin: "unicorn-token" });
    expect(await suggestions("symbol", "symbol", { symbol: "u" })).toEqual([
      { name: "U", value: "U" },
      { name: "UNI · means UNICORN Token here", value: "UNI" },
    ]);
    expect(
      (await suggestions("symbol", "coin", { symbol: "uni", coin: "" })).map(({ value }) => value),
    ).toEqual(["uniswap", "unicorn-token"]);
  });
});

describe("/config view", () => {
  it("marks every value as a default where nothing was chosen", async () => {
    const view = await config("view");
    for (const line of [
      "**Currency** USD, US Dollar · default",
      "**Stake** $1,000 · default",
      "**Car** Average Lamborghini, $200,000 · default",
      "**Replies** public · default",
      "**Digest** off · default",
      "**Channel** none · default",
      "**Time** 09:00 · default",
      "**Zone** UTC · default",
      "**Mentions** nobody · default",
      "**Next** none: no channel is chosen, `/config digest channel:` does that",
      "**Last** none yet",
      "the ten largest, without stablecoins · default",
    ]) {
      expect(view).toContain(line);
    }
    expect(view).not.toContain("set here");
  });

  it("marks what was set here, with the next digest and the last one's outcome", async () => {
    await config("set", { currency: "EUR", amount: 250.5 });
    await config("digest", {
      channel: general.id,
      time: "08:00",
      zone: "Europe/Berlin",
      coins: "doge, sly",
    });
    await config("symbol", { symbol: "uni", coin: "unicorn-token" });
    await past("2026-11-24", { kind: "sent", messageId: "777" }, "2026-11-24T07:00:02Z");
    const view = await config("view", {}, { locale: "de" });
    expect(view).toMatch(/\*\*Stake\*\* 250,50\s€ · \*set here\*/);
    expect(view).toContain(`**Channel** <#${general.id}> · *set here*`);
    expect(view).toContain("**Zone** Europe/Berlin · *set here*");
    expect(view).toContain("**Mentions** nobody · default");
    expect(view).toContain(`**Next** <t:${Date.parse("2026-11-25T07:00:00Z") / 1_000}:F>`);
    expect(view).toContain(
      `**Last** 24. Nov. 2026: posted <t:${Date.parse("2026-11-24T07:00:02Z") / 1_000}:R> in https://discord.com/channels/${guild.id}/${general.id}/777`,
    );
    expect(view).toContain("UNI → UNICORN Token");
    expect(view).not.toMatch(/(?<!\\)\*\*@everyone|(?<!\\)\[x\]\(/);
  });

  it("says what keeps the digest from being posted", async () => {
    await config("digest", { channel: general.id });
    await pausedBecause("Discord does not let me post in #general");
    expect(await config("view")).toContain(
      `⚠️ The digest is paused since <t:${Date.parse("2026-11-23T09:00:00Z") / 1_000}:f>: Discord does not let me post in \\#general. \`/config check\` shows what to do.`,
    );
  });

  it("fits into Discord's limits with as much as a server can choose", async () => {
    const symbols = Object.fromEntries(
      Array.from({ length: 100 }, (_, at) => [`LONGSYMBOLNUMBER${at}`, `coin-${at % 12}`]),
    );
    await services.settings.change(
      guild.id,
      { symbols, digestCoins: Array.from({ length: 10 }, (_, at) => "x".repeat(90) + at) },
      author(),
    );
    expect(await config("view")).toMatch(/and \d+ more/);
    expect(await config("symbol", { symbol: "ONEMORE", coin: "bitcoin" })).toMatch(
      /^A server can choose 100 symbols at the most/,
    );
  });

  it("shows what is set when the record of digests cannot be read", async () => {
    await config("digest", { channel: general.id });
    isRecordGone = true;
    expect(await config("view")).toContain("**Last** not known: the record cannot be read now");
    expect(await config("digest", { time: "10:00" })).toMatch(/^Saved/);
    expect(await config("check")).toContain("not known: the record cannot be read now");
  });
});

describe("/config check", () => {
  it("finds all well, tells next and last posts, and lets a paused digest go on", async () => {
    await config("digest", { channel: general.id });
    await pausedBecause("the channel was gone");
    await past("2026-11-21", { kind: "sent", messageId: "6" });
    await past("2026-11-22", { kind: "sent", messageId: "5" });
    await past("2026-11-23", { kind: "missed", reason: "the bot was down", mayBePosted: false });
    await past("2026-11-24", { kind: "paused", reason: "the channel was gone" });
    const answer = await config("check");
    expect(answer).toMatch(/^All is well/);
    expect(answer).toContain(`✅ I can post in <#${general.id}>.`);
    expect(answer).toContain("✅ Prices can be had: CoinGecko and DefiLlama answer.");
    expect(answer).toContain("▶️ The digest was paused; it goes on now.");
    expect(answer).toContain(`**Next post** <t:${Date.parse("2026-11-25T09:00:00Z") / 1_000}:F>`);
    expect(answer).toContain("- Nov 24, 2026: paused: the channel was gone");
    expect(answer).toContain("- Nov 23, 2026: missed: the bot was down");
    expect(answer).toContain("- Nov 22, 2026: posted");
    expect(answer).not.toContain("Nov 21");
    expect(await troubles()).toEqual([]);
  });

  it("names each permission that is missing in the channel, and does not let the digest go on", async () => {
    await config("digest", { channel: general.id });
    await pausedBecause("no permission");
    general.permission_overwrites = [
      {
        id: guild.id,
        type: 0,
        allow: "0",
        deny: String(Permission.ReadMessageHistory | Permission.SendMessages),
      },
    ];
    guild.botRoleIds.length = 0;
    const answer = await config("check");
    expect(answer).toMatch(/^Something needs your attention/);
    expect(answer).toContain("❌ **Send Messages** is missing");
    expect(answer).toContain("❌ **Read Message History** is missing");
    expect(answer).toContain("⏸️ The digest is paused");
    expect(await troubles()).toHaveLength(1);
  });

  it("does not find all well while Discord refuses the digest's message, and admins are not told anew for the look", async () => {
    await config("digest", { channel: general.id });
    await pausedBecause(messageRefused(50_035, "BCDFGH"));
    const answer = await config("check");
    expect(answer).toMatch(/^Something needs your attention/);
    expect(answer).toContain(`✅ I can post in <#${general.id}>.`);
    expect(answer).toContain("❌ Discord refuses what the digest says: a fault of mine");
    expect(answer).toContain("incident BCDFGH");
    expect(answer).not.toContain("it goes on now");
    expect(await troubles()).toHaveLength(1);
  });

  it("lets a digest go on that can be posted although its mention would reach nobody", async () => {
    await config("digest", { channel: general.id, role: discord.addRole(guild).id });
    await pausedBecause("the channel was gone");
    const answer = await config("check");
    expect(answer).toContain("❌ **Mention @everyone, @here, and All Roles** is missing");
    expect(answer).toContain("▶️ The digest was paused; it goes on now.");
    expect(await troubles()).toEqual([]);
  });

  it("says that channel and role were deleted since", async () => {
    const [channel, role] = [discord.addChannel(guild), discord.addRole(guild)];
    await config("digest", { channel: channel.id, role: role.id });
    await pausedBecause("the channel is gone");
    discord.removeChannel(channel);
    guild.roles.delete(role.id);
    const answer = await config("check");
    expect(answer).toContain(
      "❌ The digest's channel was deleted: choose another with `/config digest channel:`.",
    );
    expect(answer).toContain("❌ The role that the digest mentions was deleted");
    expect(await troubles()).toHaveLength(1);
  });

  it("says that prices cannot be had, who does not answer, and that a budget is low", async () => {
    const low = {
      name: "CoinGecko",
      lastOutcome: "ok",
      lastAskedAt: market.now(),
      callsLeft: 3,
      callsPerWindow: 30,
      windowSeconds: 60,
    } as const;
    const down = { ...low, callsLeft: 30, lastOutcome: "unreachable" } as const;
    const sources = (...health: ReturnType<Services["sources"]["health"]>) => ({
      health: () => health,
      probe: async () => health,
    });
    await withService("sources", sources(low, { ...down, name: "DefiLlama" }), async () => {
      const answer = await config("check");
      expect(answer).toMatch(/^All is well/);
      expect(answer).toContain("✅ Prices can be had: CoinGecko answers.");
      expect(answer).toContain("ℹ️ DefiLlama does not answer; others stand in.");
      expect(answer).toContain(
        "ℹ️ The budget of CoinGecko is low: 3 of 30 calls are left this minute",
      );
    });
    await withService(
      "sources",
      sources({ ...down, lastOutcome: "credits-spent" }, { ...down, name: "DefiLlama" }),
      async () => {
        const answer = await config("check");
        expect(answer).toMatch(/^Something needs your attention/);
        expect(answer).toContain("❌ CoinGecko's allowance for this month is used up.");
        expect(answer).toContain("❌ DefiLlama does not answer.");
      },
    );
  });

  it("names the time zones it goes by, and warns when they are old", async () => {
    const { version } = zoneDataStanding(market.now());
    expect(await config("check")).toContain(`✅ Time zones are up to date (IANA ${version}).`);
    await withService(
      "now",
      () => new Date("2030-06-01T12:00:00Z"),
      async () => {
        const answer = await config("check");
        expect(answer).toMatch(
          /⚠️ The time zones known here are 1,\d{3} days old \(IANA 20\d\d[a-z]\): .* an hour off/,
        );
        expect(answer).toMatch(/^All is well/);
      },
    );
  });

  it("tells a currency that CoinGecko has dropped since, and coins that are no longer listed", async () => {
    await services.settings.change(
      guild.id,
      { currency: "HRK", digestCoins: ["bitcoin", "gone-coin"] },
      author(),
    );
    const answer = await config("check");
    expect(answer).toContain(
      "❌ The currency HRK, Croatian Kuna has no exchange rate now, so the usual 1,000 USD and the usual car count",
    );
    expect(answer).toContain("ℹ️ Not listed now: gone-coin.");
    const view = await config("view");
    expect(view).toContain("gone-coin (not listed now)");
    expect(view).toContain(
      "**Currency** HRK, Croatian Kuna · *set here*: no exchange rate now, so the usual 1,000 USD and the usual car count",
    );
    const card = await discord
      .command({ user: admin, guild, name: "lambo", options: { coin: "doge" } })
      .answer();
    expect(card.embeds[0]?.description).toContain("$1,000");
  });
});

describe("/config test", () => {
  const digestsIn = (channel: FakeChannel) =>
    discord.messagesIn(channel).filter(({ ephemeral }) => !ephemeral);

  it("posts into the channel, links what it posted, and leaves today's digest to come", async () => {
    const role = discord.addRole(guild);
    role.mentionable = true;
    await config("digest", { channel: general.id, coins: "doge", time: "13:00", role: role.id });
    const answer = await config("test");
    const [post] = digestsIn(general);
    expect(answer).toContain(`https://discord.com/channels/${guild.id}/${general.id}/${post?.id}`);
    expect(JSON.stringify(post?.embeds)).toContain("Dogecoin");
    expect(post?.allowedMentions).toMatchObject({ roles: [role.id] });
    expect(await config("view")).toContain(
      `**Next** <t:${Date.parse("2026-11-24T13:00:00Z") / 1_000}:F>`,
    );
    expect(await ledger().latest(guild.id, 3)).toEqual([]);
  });

  it("shows it to the admin alone when asked to, without a channel too", async () => {
    await config("digest", { coins: "doge" });
    expect(await config("test", { private: true })).toContain("Dogecoin");
    expect(digestsIn(general)).toEqual([]);
  });

  it("says what to do without a channel, and where Discord does not take it", async () => {
    expect(await config("test")).toMatch(/^There is no channel to post into yet/);
    await config("digest", { channel: general.id });
    discord.refuse(general, "missing-permissions", "post");
    expect(await config("test")).toContain(`The bot may not post in <#${general.id}>`);
    expect(digestsIn(general)).toEqual([]);
  });
});

describe("without a bot token", () => {
  it("what needs one says so plainly, and the rest works", async () => {
    await withService("digests", undefined, async () => {
      await withService("directory", undefined, async () => {
        expect(await config("digest", { time: "10:00" })).toMatch(
          /^This bot answers commands only: it runs without a bot token.* Nothing was changed\.$/,
        );
        expect(await config("test")).toMatch(/^This bot answers commands only/);
        expect(await config("check")).toContain("ℹ️ This bot answers commands only");
        expect(await config("view")).toContain("This bot answers commands only");
        await services.settings.change(
          guild.id,
          { digestEnabled: true, digestChannelId: general.id },
          author(),
        );
        expect(await config("check")).toMatch(
          /^Something needs your attention\n❌ This bot answers commands only/,
        );
        await services.settings.reset(guild.id, author());
        expect(await config("set", { amount: 5 })).toContain("**Stake** $5 · *set here*");
      });
    });
    expect(stored()).toEqual({ ...NO_SETTINGS, stake: 5 });
  });
});

describe("/config history", () => {
  it("shows the last ten changes, newest first, with when and who, and pings nobody", async () => {
    for (let amount = 1; amount <= 11; amount += 1)
      await services.settings.change(guild.id, { stake: amount }, author(amount));
    const asked = send("history");
    const answer = await asked.answer();
    const lines = textOf(answer).split("\n").slice(1);
    expect(lines).toHaveLength(10);
    expect(lines[0]).toBe(
      `- <t:${Date.parse(NOON) / 1_000 + 11}:f> <@${admin.id}> · default stake: 10 → 11`,
    );
    expect(answer.allowedMentions).toEqual({ parse: [] });
  });

  it("says each kind of change in words", async () => {
    const role = discord.addRole(guild);
    await config("set", { currency: "EUR", amount: 12.5, car: "revuelto", replies: "private" });
    await config("digest", { channel: general.id, role: role.id, coins: "sly, btc" });
    await config("symbol", { symbol: "uni", coin: "uniswap" });
    const history = await config("history");
    for (const change of [
      "currency: default → EUR",
      "default stake: default → 12.5",
      "car: default → Revuelto (2026)",
      "replies: default → private",
      "digest: default → on",
      `digest channel: default → <#${general.id}>`,
      `digest mention: default → <@&${role.id}>`,
      "digest coins: default → sly, bitcoin",
      "symbol UNI: default → uniswap",
    ]) {
      expect(history.replaceAll("\\", "")).toContain(change);
    }
  });

  it("of a server that never changed anything says so", async () => {
    expect(await config("history")).toContain("Nothing was ever changed on this server.");
  });
});

describe("/config reset and forget", () => {
  const idOf = (message: SeenMessage, what: string) => {
    const found = new RegExp(`"custom_id":"(config:${what}:[^"]+)"`).exec(
      JSON.stringify(message.components),
    )?.[1];
    if (found === undefined) throw new Error(`no ${what} button`);
    return found;
  };
  const chooseSomething = () => config("set", { currency: "EUR", amount: 77 });

  it("one choice goes back at once", async () => {
    await chooseSomething();
    await config("set", { "car-price": 5_000 });
    expect(await config("reset", { what: "amount" })).toContain(
      "The amount is back to its default.",
    );
    await config("reset", { what: "car" });
    expect(stored()).toEqual({ ...NO_SETTINGS, currency: "EUR" });
    await config("set", { amount: 860 });
    expect(await config("reset", { what: "currency" })).toContain(
      "The default stake of €860 is now $1,000, about the same worth.",
    );
    expect(stored()).toEqual({ ...NO_SETTINGS, stake: 860, stakeCurrency: "EUR" });
    expect(await config("view")).toContain("**Stake** $1,000 · *set here* as €860");
    expect(await config("reset", { what: "symbols" }, { unchecked: true })).toMatch(
      /^There is no such choice/,
    );
  });

  it("everything goes back after a press, and the list of changes stays", async () => {
    await chooseSomething();
    const question = await send("reset").answer();
    expect(stored().stake).toBe(77);
    const pressed = discord.press(question, idOf(question, "reset"), admin);
    const done = await pressed.answer();
    expect(done.id).toBe(question.id);
    expect(textOf(done)).toContain("Everything is back to its default");
    expect(done.components).toEqual([]);
    expect(stored()).toEqual(NO_SETTINGS);
    expect(await config("history")).toMatch(/everything back to the defaults \(was .*EUR.*77/);
  });

  it("deletes everything after a press, at once and for good, and says what that was", async () => {
    await chooseSomething();
    await config("symbol", { symbol: "uni", coin: "uniswap" });
    await past("2026-11-23", { kind: "missed", reason: "the bot was down", mayBePosted: false });
    const question = await send("forget").answer();
    const done = await discord.press(question, idOf(question, "forget"), admin).answer();
    expect(textOf(done)).toContain(
      "Deleted at once and for good: 1 row of settings, 1 symbol, 3 recorded changes and 1 digest record.",
    );
    expect(stored()).toEqual(NO_SETTINGS);
    expect(await config("history")).toContain("Nothing was ever changed on this server.");
    const again = await send("forget").answer();
    expect(textOf(await discord.press(again, idOf(again, "forget"), admin).answer())).toContain(
      "Nothing was stored about this server",
    );
  });

  it.each(["reset", "forget"])("%s is called off with the other button", async (what) => {
    await chooseSomething();
    const question = await send(what).answer();
    const done = await discord.press(question, idOf(question, "keep"), admin).answer();
    expect(textOf(done)).toBe("Kept\nNothing was changed.");
    expect(done.components).toEqual([]);
    expect(stored().stake).toBe(77);
  });

  it("a press after ten minutes does nothing", async () => {
    await chooseSomething();
    const question = await send("forget").answer();
    market.setNow("2026-11-24T12:10:01Z");
    expect(
      textOf(await refusalOf(discord.press(question, idOf(question, "forget"), admin))),
    ).toMatch(/^This button worked for ten minutes.* Nothing was changed\.$/);
    expect(stored().stake).toBe(77);
  });

  it("a press by somebody who lost the permission meanwhile does nothing", async () => {
    await chooseSomething();
    const question = await send("forget").answer();
    guild.memberRoleIds.set(admin.id, []);
    expect(textOf(await refusalOf(discord.press(question, idOf(question, "forget"), admin)))).toBe(
      "Only members with *Manage Server* can use `/config`.",
    );
    expect(stored().stake).toBe(77);
  });

  it("a button of another server, another admin, or with a changed end does nothing", async () => {
    await chooseSomething();
    const question = await send("forget").answer();
    const id = idOf(question, "forget");
    const other = manager();
    const card = await discord
      .command({ user: other, guild, name: "lambo", options: { coin: "doge" } })
      .answer();
    const ends = id.split(":").at(-1) ?? "";
    for (const forged of [
      id,
      id.replace(admin.id, other.id).replace(guild.id, discord.guild.id),
      id.replace(admin.id, other.id).replace(ends, "zzzzzzzz"),
      id.replace(admin.id, other.id).replace(ends, "-1"),
      `config:forget:${guild.id}:${other.id}`,
      `${id.replace(admin.id, other.id)}:more`,
    ]) {
      const pressed = discord.forge(card, forged, other);
      expect(textOf(await pressed.answer())).toMatch(
        /^This button (is not yours to press|worked for ten minutes)/,
      );
      expect(pressed.messages().private).toHaveLength(1);
    }
    expect(stored().stake).toBe(77);
  });
});

describe("storage that does not work", () => {
  const fails = async () => {
    throw new StorageError("disk-full", { where: "here" });
  };

  it("is one plain sentence, and nothing is half-saved", async () => {
    const settings: Services["settings"] = {
      ...services.settings,
      change: fails,
      reset: fails,
      history: fails,
    };
    await withService("settings", settings, async () => {
      const saying =
        "Nothing was saved: the disk that holds the bot's data is full. Please try again later.";
      expect(await config("set", { amount: 5, currency: "EUR" })).toBe(saying);
      expect(await config("digest", { channel: general.id })).toBe(saying);
      expect(await config("symbol", { symbol: "uni", coin: "uniswap" })).toBe(saying);
      expect(await config("reset", { what: "amount" })).toBe(saying);
      expect(await config("history")).toBe(
        "The list of changes cannot be read now: the disk that holds the bot's data is full. Please try again later.",
      );
      expect(await config("view")).toContain("**Stake** $1,000 · default");
    });
    expect(stored()).toEqual(NO_SETTINGS);
  });
});

describe("/lambo on a server that has chosen", () => {
  const lambo = (options: Options = {}, more: { locale?: string; elsewhere?: true } = {}) => {
    const { elsewhere, ...rest } = more;
    return discord.command({
      user: admin,
      ...(elsewhere ? {} : { guild }),
      name: "lambo",
      options: { coin: "doge", ...options },
      ...rest,
    });
  };
  const story = (message: SeenMessage) => message.embeds[0]?.description ?? "";

  it("uses its currency, stake and car; the member's own options win; direct messages have the defaults", async () => {
    await config("set", { currency: "EUR", amount: 250, "car-price": 90_000 });
    const card = await lambo().answer();
    expect(story(card)).toContain("€250");
    expect(card.embeds[0]?.fields?.[0]?.value).toMatch(/Own price, €90,000/);
    const own = await lambo({ amount: 40, car: "revuelto" }).answer();
    expect(story(own)).toContain("€40");
    expect(own.embeds[0]?.fields?.[0]?.value).toContain("Revuelto");
    const direct = await lambo({}, { elsewhere: true }).answer();
    expect(story(direct)).toContain("$1,000");
    expect(direct.embeds[0]?.fields?.[0]?.value).toContain("Average Lamborghini, $200,000");
  });

  it("writes amounts as the member's locale does", async () => {
    await config("set", { currency: "EUR", amount: 1_250 });
    expect(story(await lambo({}, { locale: "de" }).answer())).toMatch(/1\.250\s€/);
  });

  it("answers privately by default where the server says so; private:False wins", async () => {
    await config("set", { replies: "private" });
    const quiet = lambo();
    await quiet.answer();
    expect(quiet.messages()).toMatchObject({ public: [], private: [expect.anything()] });
    const loud = lambo({ private: false });
    await loud.answer();
    expect(loud.messages().public).toHaveLength(1);
    await config("set", { replies: "public" });
    const own = lambo({ private: true });
    await own.answer();
    expect(own.messages().public).toEqual([]);
  });

  it("takes a symbol for the coin that the server chose, and suggests it first", async () => {
    await config("symbol", { symbol: "uni", coin: "unicorn-token" });
    const author = async (coin: string) => (await lambo({ coin }).answer()).embeds[0]?.author?.name;
    expect(await author("UNI")).toContain("UNICORN Token");
    expect(await author("uniswap")).toContain("Uniswap");
    const typed = discord.type({
      user: admin,
      guild,
      name: "lambo",
      focused: "coin",
      options: { coin: "uni" },
    });
    const [first, second] = await typed.suggestions();
    expect([first?.value, second?.value]).toEqual(["id:unicorn-token", "uniswap"]);
    const elsewhere = await lambo({ coin: "UNI" }, { elsewhere: true }).answer();
    expect(elsewhere.embeds[0]?.author?.name).toContain("Uniswap");
  });

  it("a suggestion whose text is a symbol with another meaning here still brings the coin that it shows", async () => {
    await config("symbol", { symbol: "dogecoin", coin: "bitcoin" });
    const typed = discord.type({
      user: admin,
      guild,
      name: "lambo",
      focused: "coin",
      options: { coin: "dogec" },
    });
    const [first] = await typed.suggestions();
    const card = await lambo({ coin: String(first?.value) }).answer();
    expect(card.embeds[0]?.author?.name).toContain("Dogecoin");
  });
});

/** The plain sentence that answers a press, beside the message with the button. */
async function refusalOf(pressed: InteractionHandle): Promise<SeenMessage> {
  const isRefusal = ({ content }: SeenMessage) => content !== "";
  const refusal = (
    await pressed.until("the refusal", (seen) => seen.private.some(isRefusal))
  ).private.find(isRefusal);
  if (refusal === undefined) throw new Error("nothing was refused");
  return refusal;
}

function author(seconds = 0) {
  return { userId: admin.id, at: new Date(market.now().getTime() + seconds * 1_000) };
}

const gone = () => new StorageError("gone", { where: "here" });

const ledger = (): DigestLedger => market.storage().ledger;

/** What became of the digest of an earlier day, as the program records it. */
async function past(
  localOn: string,
  ending: Extract<DigestEnding, { kind: "sent" | "paused" | "missed" }>,
  atIso = `${localOn}T09:00:05Z`,
) {
  const at = new Date(atIso);
  const slot = {
    guildId: guild.id,
    localOn,
    channelId: general.id,
    dueAt: `${localOn}T09:00:00.000Z`,
  };
  const claims = await ledger().claim([slot], at);
  const sending =
    ending.kind === "sent"
      ? await ledger().beginSending(
          claims.map((claim) => ({ claim, channelId: general.id, storyCoinId: null })),
          at,
        )
      : claims;
  await ledger().end(
    sending.map((claim) => ({ claim, ending })),
    at,
  );
}

/** The digest is paused since yesterday. */
async function pausedBecause(reason: string): Promise<void> {
  await ledger().setTrouble(
    { guildId: guild.id, channelId: stored().digestChannelId ?? "", reason },
    new Date("2026-11-23T09:00:00Z"),
  );
}

const troubles = () => ledger().troubles([guild.id]);
