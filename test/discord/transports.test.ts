import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commands } from "../../commands/index.ts";
import { createDueTimes } from "../../src/digest/due.ts";
import { createServerDigests } from "../../src/digest/server-digest.ts";
import { createBotRest } from "../../src/discord/bot/bot-rest.ts";
import { createChannelPosts } from "../../src/discord/bot/channel-posts.ts";
import { createGuildDirectory } from "../../src/discord/bot/guild-directory.ts";
import { isChatCommand, type OptionDeclarations } from "../../src/discord/command.ts";
import { localizedCommands } from "../../src/discord/command-localizations.ts";
import { registerCommands } from "../../src/discord/command-registration.ts";
import { createDispatch } from "../../src/discord/dispatch.ts";
import { silentLog } from "../../src/process/log.ts";
import type { Services } from "../../src/services.ts";
import { startHttpBot } from "../../src/web/http-bot.ts";
import { startSite } from "../../src/web/site.ts";
import { connectGateway } from "../support/connected-gateway.ts";
import { type FakeDiscord, startFakeDiscord } from "../support/fake-discord/fake-discord.ts";
import type { InteractionHandle } from "../support/fake-discord/interaction-handle.ts";
import type { CommandScene, MessageCommandScene } from "../support/fake-discord/scene.ts";
import type { SeenMessage } from "../support/fake-discord/seen-message.ts";
import { type FakeUser, ordinaryPermissions, Permission } from "../support/fake-discord/world.ts";
import { type MarketUnderTest, startMarketUnderTest } from "../support/market-under-test.ts";
import { syntheticSeries } from "../support/price-series.ts";
import { UNLIMITED } from "../support/quick-timing.ts";
import { servicesUnderTest } from "../support/services.ts";

const NOON = "2026-11-24T12:00:00Z";
const series = syntheticSeries({
  firstOn: "2024-06-01",
  lastOn: "2026-11-23",
  startUsd: 0.01,
  dailyGrowth: 0.005,
});
/** Listed 200 days later. */
const younger = series.slice(200);
const COINS = [
  { coinId: "bitcoin", symbol: "BTC", name: "Bitcoin", rank: 1, series, krakenPair: "XBTUSD" },
  { coinId: "dogecoin", symbol: "DOGE", name: "Dogecoin", rank: 9, series },
  { coinId: "uniswap", symbol: "UNI", name: "Uniswap", rank: 30, series },
  { coinId: "unicorn-token", symbol: "UNI", name: "UNICORN Token", rank: 900, series: younger },
];

/** How one person's doing gets to the bot, and back. */
type Transport = {
  command(scene: CommandScene): InteractionHandle;
  type(scene: CommandScene & { focused: string }): InteractionHandle;
  press(message: SeenMessage, customId: string, user: FakeUser): InteractionHandle;
  messageCommand(scene: MessageCommandScene): InteractionHandle;
  choose(
    message: SeenMessage,
    customId: string,
    values: readonly string[],
    user: FakeUser,
  ): InteractionHandle;
  forge(message: SeenMessage, customId: string, user: FakeUser): InteractionHandle;
  submit(opened: InteractionHandle, typed: Readonly<Record<string, string>>): InteractionHandle;
};

type World = {
  readonly discord: FakeDiscord;
  readonly market: MarketUnderTest;
  readonly admin: FakeUser;
  readonly member: FakeUser;
} & Transport;

const closing: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** The whole bot but its entry point, on a Discord and a market of its own, under one transport. */
async function startWorld(transport: "gateway" | "http"): Promise<World> {
  const market = await startMarketUnderTest({
    coins: COINS,
    plan: "analyst",
    budget: UNLIMITED,
    now: NOON,
  });
  closing.push(() => market.close());
  const discord = await startFakeDiscord({ rateLimits: false });
  closing.push(() => discord.close());
  const rest = createBotRest({ token: discord.token, apiUrl: discord.apiUrl });
  const directory = createGuildDirectory({ rest, now: market.now, keepMs: 0 });
  const plain = servicesUnderTest(market);
  const { ledger, settings } = market.storage();
  const digests = createServerDigests({
    settings,
    ledger,
    preview: plain.previewDigest,
    times: createDueTimes(),
    posts: createChannelPosts({ rest, directory }),
    directory,
    log: silentLog,
    now: market.now,
  });
  const services: Services = { ...plain, digests, directory };
  const dispatch = createDispatch({
    commands,
    services,
    log: silentLog,
    newIncidentId: () => "INCIDENT",
  });
  await services.coins.resolve("bitcoin", { priority: "interactive" });
  await services.rates.perUsd("EUR", { priority: "interactive" });

  const admin = discord.user();
  const role = discord.addRole(discord.guild, {
    permissions: ordinaryPermissions | Permission.ManageGuild,
  });
  discord.guild.memberRoleIds.set(admin.id, [role.id]);
  const world = { discord, market, admin, member: discord.user() };

  if (transport === "gateway") {
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
      wanted: localizedCommands(commands).commands,
      log: silentLog,
    });
    const { command, messageCommand, type, press, choose, forge, submit } = discord;
    return { ...world, command, messageCommand, type, press, choose, forge, submit };
  }

  const config = {
    discordApiUrl: discord.apiUrl,
    discordApplicationId: undefined,
    discordToken: discord.token,
  };
  const bot = startHttpBot({
    config,
    publicKey: discord.httpEnv.DISCORD_PUBLIC_KEY,
    commands,
    dispatch,
    log: silentLog,
  });
  closing.push(() => bot.stop());
  await bot.commands?.done;
  const { routes, direct } = bot.interactions;
  const server = await startSite({
    host: "127.0.0.1",
    port: 0,
    parts: [routes],
    directRoutes: [direct],
    log: silentLog,
  });
  closing.push(() => server.close());
  const posted =
    <Given extends unknown[]>(make: (...given: Given) => InteractionHandle) =>
    (...given: Given): InteractionHandle => {
      const handle = make(...given);
      // What goes wrong shows as an answer that never comes.
      void discord.post(handle, `${server.url}/interactions`).catch(() => undefined);
      return handle;
    };
  const { command, messageCommand, type, press, choose, forge, submit } = discord.payload;
  return {
    ...world,
    command: posted(command),
    messageCommand: posted(messageCommand),
    type: posted(type),
    press: posted(press),
    choose: posted(choose),
    forge: posted(forge),
    submit: posted(submit),
  };
}

/** What a person sees, without the numbers that Discord gives to everything. */
type Outcome = unknown;

const withoutIds = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value ?? null).replaceAll(/\d{15,20}/g, "<id>"));

function seenMessage({
  ephemeral,
  state,
  content,
  embeds,
  components,
  files,
  allowedMentions,
  flags,
}: SeenMessage): object {
  const attached = files.map(({ name, description, contentType, bytes }) => ({
    ...{ name, description, contentType },
    sha256: createHash("sha256").update(bytes).digest("hex"),
  }));
  return { ephemeral, state, content, embeds, components, attached, allowedMentions, flags };
}

async function outcomeOf(handle: InteractionHandle): Promise<Outcome> {
  const answer = await handle.answer();
  const seen = handle.messages();
  const { kind } = await handle.response();
  const messages = {
    public: seen.public.map(seenMessage),
    private: seen.private.map(seenMessage),
    deleted: seen.deleted.length,
  };
  return withoutIds({ kind, answer: seenMessage(answer), ...messages });
}

type Options = Readonly<Record<string, string | number | boolean>>;

/** What somebody does, and by which names it counts as covered. */
type Act = {
  readonly covers: readonly string[];
  readonly does: (world: World) => Promise<Outcome>;
};

function command(
  name: string,
  options: Options = {},
  more: { by?: "admin" | "member"; where?: "dm"; locale?: string } = {},
): Act {
  return {
    covers: [`/${name}`],
    does: (world) => {
      const user = more.by === "admin" ? world.admin : world.member;
      const place = more.where === "dm" ? {} : { guild: world.discord.guild };
      return outcomeOf(
        world.command({
          name,
          user,
          options,
          ...place,
          ...(more.locale !== undefined && { locale: more.locale }),
        }),
      );
    },
  };
}

const asAdmin = (name: string, options: Options = {}) => command(name, options, { by: "admin" });

function typing(name: string, focused: string, options: Record<string, string>): Act {
  return {
    covers: [`/${name} ${focused}: …`],
    async does({ admin: user, type, discord: { guild } }) {
      return withoutIds(await type({ name, user, guild, focused, options }).suggestions());
    },
  };
}

/** Sends a command and uses the control on its answer whose id begins so. */
function control(
  name: string,
  options: Options,
  idStart: string,
  values?: readonly string[],
  by: "asker" | "other" = "asker",
): Act {
  return {
    covers: [`/${name}`, idStart.split(":").slice(0, 2).join(":")],
    async does(world) {
      const { admin, member, discord } = world;
      const card = await world
        .command({ name, user: admin, guild: discord.guild, options })
        .answer();
      const user = by === "asker" ? admin : member;
      const id = [...JSON.stringify(card.components).matchAll(/"custom_id":"([^"]+)"/g)]
        .map(([, found = ""]) => found)
        .find((found) => found.startsWith(idStart));
      if (id === undefined) throw new Error(`no control ${idStart} under /${name}`);
      return outcomeOf(
        values === undefined ? world.press(card, id, user) : world.choose(card, id, values, user),
      );
    },
  };
}

/** Opens the modal of another amount under a card, and submits it. */
function otherAmount(
  typed: { amount: string },
  by: "asker" | "other" = "asker",
  name = "lambo",
): Act {
  return {
    covers: [`${name}:stake (modal)`],
    async does(world) {
      const { admin, member, discord } = world;
      const card = await world
        .command({
          name,
          user: admin,
          guild: discord.guild,
          options: { coin: "dogecoin" },
        })
        .answer();
      const [, id = ""] =
        new RegExp(`"custom_id":"(${name}:stake[^"]*)"`).exec(JSON.stringify(card.components)) ??
        [];
      const opened = world.choose(card, id, ["other"], by === "asker" ? admin : member);
      const modal = await opened.modal();
      return [withoutIds(modal), await outcomeOf(world.submit(opened, typed))];
    },
  };
}

/** Somebody presses a button on a card that the card does not have. */
function forged(customId: string): Act {
  return {
    covers: [customId.split(":").slice(0, 2).join(":")],
    async does({ admin: user, member, discord, ...world }) {
      const options = { coin: "btc" };
      const card = await world
        .command({ name: "lambo", user, guild: discord.guild, options })
        .answer();
      return outcomeOf(world.forge(card, customId, member));
    },
  };
}

/** Asks with a command, and takes another coin of the same symbol from the card's menu. */
function otherCoin(name: string): Act {
  return {
    covers: [`${name}:coin`],
    async does(world) {
      const { admin: user, discord } = world;
      const options = { coin: "uni" };
      const card = await world.command({ name, user, guild: discord.guild, options }).answer();
      const text = JSON.stringify(card.components);
      const [, id = ""] = new RegExp(`"custom_id":"(${name}:coin[^"]*)"`).exec(text) ?? [];
      const [, value = ""] =
        /"options":\[\{"label":"UNICORN[^"]*","value":"([^"]+)"/.exec(text) ?? [];
      return outcomeOf(world.choose(card, id, [value], user));
    },
  };
}

/** Asks with a command about any coin, and then about another. */
function byChance(name: string): Act {
  return {
    covers: [`${name}:another`],
    async does(world) {
      const { admin: user, discord } = world;
      const card = await world.command({ name, user, guild: discord.guild, options: {} }).answer();
      const [, id = ""] =
        new RegExp(`"custom_id":"(${name}:another[^"]*)"`).exec(JSON.stringify(card.components)) ??
        [];
      const edited = await world.press(card, id, user).answer();
      // Chance differs from one to the other.
      return edited.id === card.id;
    },
  };
}

/** Somebody writes a message, and the member chooses a command in its menu. */
function sentOn({ discord, ...world }: World, name: string, content: string): InteractionHandle {
  const { guild } = discord;
  const [channel] = guild.channels.values();
  if (channel === undefined) throw new Error("The server has no channel.");
  const message = discord.say(channel, world.admin, content);
  return world.messageCommand({ name, user: world.member, guild, message });
}

function onMessage(name: string, content: string): Act {
  return { covers: [name], does: (world) => outcomeOf(sentOn(world, name, content)) };
}

const ACTS: Readonly<Record<string, Act>> = {
  "a question": command("lambo", { coin: "dogecoin", amount: "500", car: "urus-s" }),
  "a private question in another language": command(
    "lambo",
    { coin: "btc", private: true },
    { locale: "de" },
  ),
  "a question in a direct message": command("lambo", { coin: "bitcoin" }, { where: "dm" }),
  "a question about a coin that nobody knows": command("lambo", { coin: "nosuchcoin <@&1> `x`" }),
  "a needed price": command("wen", { coin: "dogecoin", amount: "500" }),
  "typing a coin of a needed price": typing("wen", "coin", { coin: "do" }),
  "typing an amount of a needed price": typing("wen", "amount", { amount: "1k" }),
  "the answer behind a needed price": control("wen", { coin: "dogecoin" }, "wen:lambo"),
  "a needed price of a coin by chance": byChance("wen"),
  "a shared needed price": control("wen", { coin: "dogecoin", private: true }, "wen:share"),
  "a needed price for another stake": control("wen", { coin: "doge" }, "wen:stake", ["100"]),
  "a needed price of another car": control("wen", { coin: "doge" }, "wen:car", ["revuelto"]),
  "a needed price of another coin of the symbol": otherCoin("wen"),
  "a needed price for an amount of one's own": otherAmount({ amount: "2k" }, "asker", "wen"),
  "typing a day of buying": typing("lambo", "bought", { coin: "doge", bought: "2024" }),
  "coins side by side": command("compare", { coin: "bitcoin", against: "dogecoin" }),
  ...Object.fromEntries(
    ["coin", "against", "third", "fourth"].map((option) => [
      `typing the ${option} of a comparison`,
      typing("compare", option, { coin: "btc", [option]: "do" }),
    ]),
  ),
  "typing an amount to compare": typing("compare", "amount", { coin: "btc", amount: "1k" }),
  "coins from the youngest's listing": control(
    "compare",
    { coin: "bitcoin", against: "unicorn-token" },
    "compare:from",
  ),
  "a shared comparison": control(
    "compare",
    { coin: "bitcoin", against: "dogecoin", private: true },
    "compare:share",
  ),
  "a coin of a comparison": control(
    "compare",
    { coin: "bitcoin", against: "dogecoin" },
    "compare:open",
  ),
  "a misspelt coin of a comparison": control(
    "compare",
    { coin: "bitcoin", against: "dgoe" },
    "compare:coins",
    ["id:dogecoin"],
  ),
  "the coin in a message": onMessage("Lambo check", "all in on $DOGE"),
  "the coins in a message": onMessage("Lambo check", "Bitcoin or $DOGE?"),
  "a coin of those in a message": {
    covers: ["lambo:open"],
    async does(world) {
      const card = await sentOn(world, "Lambo check", "Bitcoin or $DOGE?").answer();
      const [, id = ""] =
        /"custom_id":"(lambo:open[^"]*)"/.exec(JSON.stringify(card.components)) ?? [];
      return outcomeOf(world.press(card, id, world.member));
    },
  },
  "no coin in a message": onMessage("Lambo check", "just one more"),
  "typing a coin": typing("lambo", "coin", { coin: "do" }),
  "typing an amount": typing("lambo", "amount", { coin: "doge", amount: "1.000" }),
  "typing a server's amount": typing("config set", "amount", { amount: "1k" }),
  "typing a server's car price": typing("config set", "car-price", { "car-price": "250k" }),
  "the maths": control("lambo", { coin: "dogecoin" }, "lambo:maths"),
  "sharing a private answer": control("lambo", { coin: "dogecoin", private: true }, "lambo:share"),
  "another stake, by the asker": control("lambo", { coin: "dogecoin" }, "lambo:stake", ["10000"]),
  "another stake, by somebody else": control(
    "lambo",
    { coin: "dogecoin" },
    "lambo:stake",
    ["100"],
    "other",
  ),
  "an amount of one's own, by the asker": otherAmount({ amount: "€2.5k" }),
  "an amount of one's own, by somebody else": otherAmount({ amount: "750" }, "other"),
  "an amount of one's own that is none": otherAmount({ amount: "plenty" }),
  "another car": control("lambo", { coin: "dogecoin" }, "lambo:car", ["revuelto"]),
  "another coin of the symbol": otherCoin("lambo"),
  "another coin by chance": byChance("lambo"),
  "a forged button": forged("lambo:stake:forged"),
  "a forged answer to a riddle": forged("digest:riddle:forged"),
  "about the bot": command("about"),
  "a member at /config": command("config view"),
  "choices of a server": asAdmin("config set", {
    currency: "EUR",
    amount: "250",
    car: "temerario",
  }),
  "a choice that cannot be": asAdmin("config set", { currency: "XXX" }),
  "typing a currency": typing("config set", "currency", { currency: "eu" }),
  "a language": asAdmin("config set", { language: "German" }),
  "a language that is not spoken": asAdmin("config set", { language: "Dutch" }),
  "typing a language": typing("config set", "language", { language: "ger" }),
  "a question where the server chose": command("lambo", { coin: "dogecoin" }),
  "the digest of a server": {
    covers: ["/config digest"],
    does: ({ discord, admin: user, ...world }) => {
      const channel = [...discord.guild.channels.keys()][0] ?? "";
      const options = {
        channel,
        time: "09:00",
        zone: "Europe/Berlin",
        coins: "btc, doge",
        enabled: true,
      };
      return outcomeOf(
        world.command({ name: "config digest", user, guild: discord.guild, options }),
      );
    },
  },
  "typing a zone": typing("config digest", "zone", { zone: "berl" }),
  "typing how often": typing("config digest", "every", { every: "week" }),
  "typing coins": typing("config digest", "coins", { coins: "btc, do" }),
  "a symbol's meaning": asAdmin("config symbol", { symbol: "UNI", coin: "unicorn-token" }),
  "typing a symbol": typing("config symbol", "symbol", { symbol: "u" }),
  "typing a symbol's coin": typing("config symbol", "coin", { symbol: "UNI", coin: "uni" }),
  "what is set": asAdmin("config view"),
  "today's digest": command("digest"),
  "a coin of the digest": control("digest", {}, "digest:ask"),
  "typing a digest's time": typing("config digest", "time", { time: "9" }),
  "typing a coin to add": typing("config digest", "add", { add: "do" }),
  "typing a coin to remove": typing("config digest", "remove", { remove: "do" }),
  "undoing a change": control("config set", { replies: "private" }, "config:undo"),
  "a check": asAdmin("config check"),
  "a test post": asAdmin("config test"),
  "a test for the admin alone": asAdmin("config test", { private: true }),
  "what was changed": asAdmin("config history"),
  "one choice back to its default": asAdmin("config reset", { what: "currency" }),
  "everything back to its default": control("config reset", {}, "config:reset"),
  "deleting everything, or not": control("config forget", {}, "config:keep"),
  "deleting everything": control("config forget", {}, "config:forget"),
};

/** Everything that the commands declare, by the names that acts cover. */
function declared(): string[] {
  return commands.flatMap((one) => {
    if (!isChatCommand(one)) return [one.name];
    const parts: [string, OptionDeclarations][] =
      one.subcommands === undefined
        ? [[one.name, one.options ?? {}]]
        : Object.entries(one.subcommands).map(([name, { options }]) => [
            `${one.name} ${name}`,
            options,
          ]);
    const typed = parts.flatMap(([name, options]) =>
      Object.entries(options).flatMap(([option, declaration]) =>
        "autocomplete" in declaration && declaration.autocomplete ? [`/${name} ${option}: …`] : [],
      ),
    );
    return [
      ...parts.map(([name]) => `/${name}`),
      ...typed,
      ...Object.keys(one.components ?? {}).map((component) => `${one.name}:${component}`),
      ...Object.keys(one.modals ?? {}).map((modal) => `${one.name}:${modal} (modal)`),
    ];
  });
}

describe("every command, button, menu and suggestion", () => {
  let gateway: World;
  let http: World;
  beforeAll(async () => {
    [gateway, http] = await Promise.all([startWorld("gateway"), startWorld("http")]);
  });

  it("is in the table below", () => {
    const covered = new Set(Object.values(ACTS).flatMap(({ covers }) => covers));
    expect(declared().filter((name) => !covered.has(name))).toEqual([]);
  });

  // In order: what an admin chose stays chosen for what follows.
  it.each(Object.entries(ACTS))(
    "shows the same over HTTP as over the gateway: %s",
    async (_, { does }) => {
      const [overGateway, overHttp] = await Promise.all([does(gateway), does(http)]);
      expect(overHttp).toEqual(overGateway);
    },
  );

  it("kept to Discord's rules", () => {
    expect([...gateway.discord.violations, ...http.discord.violations]).toEqual([]);
    expect([...gateway.market.fake.violations(), ...http.market.fake.violations()]).toEqual([]);
  });
});
