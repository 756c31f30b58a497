import { Client, Events, GatewayDispatchEvents, GatewayIntentBits } from "discord.js";
import {
  ApplicationCommandOptionType,
  ApplicationIntegrationType,
  ButtonStyle,
  ComponentType,
  InteractionContextType,
} from "discord-api-types/v10";
import { afterEach, describe, expect, it } from "vitest";
import { type Command, defineCommand, defineSubcommand } from "../../src/discord/command.ts";
import { localizedCommands } from "../../src/discord/command-localizations.ts";
import { registerCommands } from "../../src/discord/command-registration.ts";
import { createDispatch, type Dispatch } from "../../src/discord/dispatch.ts";
import { dropUnreadLists } from "../../src/discord/gateway-client.ts";
import type { CommandResult, Reply } from "../../src/discord/reply.ts";
import { DeliveryError } from "../../src/discord/responder.ts";
import { createInteractionRest, restResponder } from "../../src/discord/rest-responder.ts";
import { errorText } from "../../src/process/errors.ts";
import { type Log, silentLog } from "../../src/process/log.ts";
import type { Services } from "../../src/services.ts";
import { type ConnectedGateway, connectGateway } from "../support/connected-gateway.ts";
import {
  type FakeDiscord,
  type FakeDiscordOptions,
  startFakeDiscord,
} from "../support/fake-discord/fake-discord.ts";

const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const PNG = new Uint8Array(
  Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  ),
);

const card = (title: string): Reply => ({
  embeds: [{ title, image: { url: "attachment://card.png" } }],
  files: [{ name: "card.png", data: PNG, description: `A picture of ${title}` }],
  components: [
    {
      type: ComponentType.ActionRow,
      components: [
        {
          type: ComponentType.Button,
          style: ButtonStyle.Secondary,
          custom_id: "lambo:again",
          label: "Again",
        },
      ],
    },
  ],
});

type Bot = {
  readonly gateway: ConnectedGateway;
  readonly dispatch: Dispatch;
  readonly commands: readonly Command[];
  readonly lines: readonly { level: string; fields: Record<string, unknown>; message: string }[];
  outcomes(): unknown[];
  /** Resolves when a line is logged that says so. */
  logged(message: RegExp): Promise<void>;
};

/**
 * A bot with one small command. `coin:slow` waits for `release`; `coin:nonsense` is refused;
 * `coin:broken` throws.
 */
async function startBot(
  fake: FakeDiscord,
  options: { release?: Promise<unknown>; token?: string } = {},
): Promise<Bot> {
  const answerTo = async (coin: string): Promise<CommandResult> => {
    if (coin.startsWith("slow")) await options.release;
    if (coin.includes("nonsense"))
      return { kind: "refusal", reply: { content: "No coin of that name." } };
    if (coin === "broken") throw new Error("broken");
    if (coin === "wordy") return { kind: "reply", reply: { embeds: [{ title: "x".repeat(300) }] } };
    if (coin === "everyone") return { kind: "reply", reply: { content: "@everyone look" } };
    return { kind: "reply", reply: card(coin) };
  };
  const lambo = defineCommand({
    name: "lambo",
    description: "Would it buy a Lambo?",
    integrationTypes: [
      ApplicationIntegrationType.GuildInstall,
      ApplicationIntegrationType.UserInstall,
    ],
    contexts: [InteractionContextType.Guild, InteractionContextType.BotDM],
    options: {
      coin: {
        type: ApplicationCommandOptionType.String,
        description: "Coin",
        required: true,
        autocomplete: true,
      },
      private: {
        type: ApplicationCommandOptionType.Boolean,
        description: "Only you see the answer",
      },
    },
    visibility: (call) => (call.options.private ? "private" : "public"),
    run: (call) => answerTo(call.options.coin),
    suggest: (call) =>
      Promise.resolve([{ name: `${call.focused.text} · DOGE · #8`, value: "id:dogecoin" }]),
    components: {
      again: {
        visibility: (call) => (call.userId === call.askerId ? "edit" : "private"),
        run: (call) =>
          Promise.resolve({ kind: "reply", reply: { content: `Again, ${call.userId}` } }),
      },
    },
  });
  const config = defineCommand({
    name: "config",
    description: "How the bot behaves here",
    integrationTypes: [ApplicationIntegrationType.GuildInstall],
    contexts: [InteractionContextType.Guild],
    subcommands: {
      symbol: defineSubcommand({
        description: "What a symbol means",
        options: {
          symbol: {
            type: ApplicationCommandOptionType.String,
            description: "Symbol",
            required: true,
            autocomplete: true,
          },
        },
        run: ({ subcommandName, options: { symbol } }) =>
          Promise.resolve({ kind: "reply", reply: { content: `${subcommandName} ${symbol}` } }),
      }),
    },
    visibility: () => "private",
    suggest: ({ subcommandName, focused }) =>
      Promise.resolve([{ name: `${subcommandName}: ${focused.text}`, value: "UNI" }]),
  });
  const lines: { level: string; fields: Record<string, unknown>; message: string }[] = [];
  const awaited = new Set<{ message: RegExp; resolve: () => void }>();
  const write = (level: string) => (fields: object, message: string) => {
    lines.push({ level, fields: { ...fields }, message });
    for (const one of awaited) if (one.message.test(message)) one.resolve();
  };
  const log: Log = {
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
  };
  // The command above draws on no service.
  const services = {} as Services;
  const commands = [lambo, config];
  const dispatch = createDispatch({
    commands,
    services,
    log,
    ...(options.release === undefined ? {} : { deferAfterMs: 1 }),
  });
  const gateway = await connectGateway({
    token: options.token ?? fake.token,
    apiUrl: fake.apiUrl,
    commands,
    dispatch,
    log,
  });
  open.push(() => gateway.stop());
  const outcomes = () =>
    lines.filter(({ message }) => message === "interaction").map(({ fields }) => fields["outcome"]);
  const logged = (message: RegExp) =>
    new Promise<void>((resolve) => awaited.add({ message, resolve }));
  return { gateway, dispatch, commands, lines, outcomes, logged };
}

async function startFake(options?: FakeDiscordOptions): Promise<FakeDiscord> {
  const fake = await startFakeDiscord(options);
  open.push(() => fake.close());
  return fake;
}

const ask = (fake: FakeDiscord, coin = "dogecoin", options: { private?: boolean } = {}) =>
  fake.command({
    name: "lambo",
    user: fake.user(),
    guild: fake.guild,
    options: { coin, ...options },
  });

const callbacks = (fake: FakeDiscord) =>
  fake.requests.filter(({ path }) => path.endsWith("/callback"));
const isCallback = /\/callback$/;
const isOriginal = /@original$/;
const isFollowUp = /\/webhooks\/\d+\/[^/]+$/;

describe("a command over the gateway", () => {
  it("is answered with embed, picture, alt text and buttons in one message that mentions nobody", async () => {
    const fake = await startFake();
    await startBot(fake);
    const message = await ask(fake).answer();
    expect(message).toMatchObject({
      ephemeral: false,
      embeds: [{ title: "dogecoin" }],
      files: [{ name: "card.png", description: "A picture of dogecoin" }],
      allowedMentions: { parse: [] },
    });
    const shouted = await ask(fake, "everyone").answer();
    expect(shouted.allowedMentions).toEqual({ parse: [] });
    expect(fake.gateway.identifyPayloads).toMatchObject([{ intents: 1 }]);
    expect(fake.violations).toEqual([]);
  });

  it("is answered in a direct message too, and privately when asked so", async () => {
    const fake = await startFake();
    await startBot(fake);
    const inPrivate = fake.command({
      name: "lambo",
      user: fake.user(),
      options: { coin: "bitcoin" },
    });
    expect((await inPrivate.answer()).embeds).toMatchObject([{ title: "bitcoin" }]);
    expect((await ask(fake, "bitcoin", { private: true }).answer()).ephemeral).toBe(true);
    expect(fake.violations).toEqual([]);
  });

  it("that is slow is deferred and then fills the same message", async () => {
    const fake = await startFake();
    let release = () => {};
    await startBot(fake, { release: new Promise<void>((resolve) => (release = resolve)) });
    const asked = ask(fake, "slow");
    expect((await asked.response()).kind).toBe("deferred-message");
    release();
    const message = await asked.answer();
    expect(message).toMatchObject({
      ephemeral: false,
      embeds: [{ title: "slow" }],
      files: [{ name: "card.png" }],
    });
    expect(asked.messages()).toMatchObject({ public: [{}], private: [], thinking: [] });
    expect(fake.violations).toEqual([]);
  });

  it("that is slow and then refused shows nothing publicly and a sentence privately", async () => {
    const fake = await startFake();
    let release = () => {};
    await startBot(fake, { release: new Promise<void>((resolve) => (release = resolve)) });
    const asked = ask(fake, "slow nonsense");
    expect((await asked.response()).kind).toBe("deferred-message");
    release();
    await asked.answer();
    expect(asked.messages()).toMatchObject({
      public: [],
      private: [{ content: "No coin of that name." }],
      thinking: [],
    });
    expect(fake.violations).toEqual([]);
  });

  it("that fails tells only the asker, with an incident id that is in the log", async () => {
    const fake = await startFake();
    const bot = await startBot(fake);
    const message = await ask(fake, "broken").answer();
    expect(message.ephemeral).toBe(true);
    const incident = bot.lines.find(({ level }) => level === "error")?.fields["incident"];
    expect(incident).toMatch(/^[2-9A-Z]{6}$/);
    expect(message.content).toContain(incident);
  });

  it("whose answer breaks Discord's limits ends in a sentence, not in silence", async () => {
    const fake = await startFake();
    const bot = await startBot(fake);
    const message = await ask(fake, "wordy").answer();
    expect(message).toMatchObject({
      ephemeral: true,
      content: expect.stringContaining("Something went wrong"),
    });
    expect(bot.lines.map(({ fields }) => errorText(fields["err"]))).toContainEqual(
      expect.stringContaining("Must be 256 or fewer in length"),
    );
  });
});

describe("a button", () => {
  it("edits the message for the one who asked, replacing its picture and buttons", async () => {
    const fake = await startFake();
    await startBot(fake);
    const asker = fake.user();
    const asked = fake.command({
      name: "lambo",
      user: asker,
      guild: fake.guild,
      options: { coin: "dogecoin" },
    });
    const message = await asked.answer();
    await fake.press(message, "lambo:again", asker).answer();
    expect(message).toMatchObject({
      content: `Again, ${asker.id}`,
      embeds: [],
      files: [],
      components: [],
    });
    expect(fake.violations).toEqual([]);
  });

  it("gives anybody else a private copy and does not change the message", async () => {
    const fake = await startFake();
    await startBot(fake);
    const message = await ask(fake).answer();
    const other = fake.user();
    const copy = await fake.press(message, "lambo:again", other).answer();
    expect(copy).toMatchObject({
      ephemeral: true,
      viewerId: other.id,
      content: `Again, ${other.id}`,
    });
    expect(message).toMatchObject({ edits: 0, embeds: [{ title: "dogecoin" }] });
    expect(fake.violations).toEqual([]);
  });

  it("of an older version gets a private sentence", async () => {
    const fake = await startFake();
    await startBot(fake);
    const message = await ask(fake).answer();
    const answer = await fake.forge(message, "lambo:gone:1", fake.user()).answer();
    expect(answer).toMatchObject({
      ephemeral: true,
      content: expect.stringContaining("older version"),
    });
  });
});

it("suggests while somebody types", async () => {
  const fake = await startFake();
  await startBot(fake);
  const typing = fake.type({
    name: "lambo",
    user: fake.user(),
    guild: fake.guild,
    options: { coin: "dog" },
    focused: "coin",
  });
  expect(await typing.suggestions()).toEqual([{ name: "dog · DOGE · #8", value: "id:dogecoin" }]);
  expect(fake.violations).toEqual([]);
});

it("answers a subcommand, and suggests inside it", async () => {
  const fake = await startFake();
  const bot = await startBot(fake);
  await registerCommands({
    rest: bot.gateway.rest,
    applicationId: bot.gateway.applicationId,
    wanted: localizedCommands(bot.commands).commands,
    log: silentLog,
  });
  const scene = {
    name: "config symbol",
    user: fake.user(),
    guild: fake.guild,
    options: { symbol: "un" },
  };
  expect(await fake.type({ ...scene, focused: "symbol" }).suggestions()).toEqual([
    { name: "symbol: un", value: "UNI" },
  ]);
  expect(await fake.command(scene).answer()).toMatchObject({
    ephemeral: true,
    content: "symbol un",
  });
  expect(fake.violations).toEqual([]);
});

describe("a broken connection", () => {
  it("is resumed, and what was asked meanwhile is answered exactly once", async () => {
    const fake = await startFake();
    await startBot(fake);
    await ask(fake).answer();
    for (const round of [1, 2, 3]) {
      fake.gateway.drop();
      await fake.gateway.until("the socket is gone", (gateway) => gateway.live === 0);
      const asked = [ask(fake), ask(fake)];
      for (const one of asked) await one.answer();
      expect(fake.gateway.resumes).toBe(round);
    }
    expect(callbacks(fake)).toHaveLength(7);
    expect(fake.gateway.identifies).toBe(1);
  });

  it("means that nobody is answered until it is back", async () => {
    const fake = await startFake();
    const bot = await startBot(fake);
    expect(bot.gateway.isConnected()).toBe(true);
    const lost = bot.logged(/was lost and is remade/);
    const back = bot.logged(/was resumed/);
    fake.gateway.drop();
    await lost;
    expect(bot.gateway.isConnected()).toBe(false);
    await back;
    expect(bot.gateway.isConnected()).toBe(true);
    await bot.gateway.stop();
    expect(bot.gateway.isConnected()).toBe(false);
  });

  it("that cannot be resumed is replaced, and each question still gets one answer", async () => {
    const fake = await startFake();
    await startBot(fake);
    fake.gateway.forgetSessions();
    fake.gateway.askToReconnect();
    await fake.gateway.until(
      "a new session",
      (gateway) => gateway.identifies === 2 && gateway.live === 1,
    );
    await ask(fake).answer();
    await ask(fake).answer();
    expect(callbacks(fake)).toHaveLength(2);
  });

  it("does not repeat a question that was answered before", async () => {
    const fake = await startFake();
    const bot = await startBot(fake);
    const asked = ask(fake);
    await asked.answer();
    fake.gateway.dispatch("INTERACTION_CREATE", asked.payload, fake.guild.id);
    await ask(fake).answer();
    expect(await bot.dispatch.drained(5_000)).toBe(true);
    expect(callbacks(fake)).toHaveLength(2);
    expect(bot.outcomes()).toEqual(["answered", "answered"]);
  });
});

describe("a token that Discord refuses", () => {
  it("ends the start with one sentence about DISCORD_TOKEN", async () => {
    const fake = await startFake();
    await expect(startBot(fake, { token: "not-the-token" })).rejects.toThrow(
      /^DISCORD_TOKEN was refused by Discord: /,
    );
    expect(fake.gateway.live).toBe(0);
  });
});

it("does not keep the channels and roles of its servers, which nothing reads", async () => {
  const fake = await startFake();
  fake.addChannel(fake.guild, { type: 11, parentId: fake.guild.systemChannelId ?? "" });
  const keptWith = async (prepare: (client: Client) => unknown) => {
    const client = new Client({ intents: [GatewayIntentBits.Guilds], rest: { api: fake.apiUrl } });
    open.push(() => client.destroy());
    prepare(client);
    const arrived = new Promise<unknown>((resolve) => client.once(Events.ClientReady, resolve));
    await client.login(fake.token);
    await arrived;
    const guild = client.guilds.cache.get(fake.guild.id);
    return {
      servers: client.guilds.cache.size,
      channels: client.channels.cache.size,
      roles: guild?.roles.cache.size,
    };
  };
  expect(await keptWith(() => {})).toEqual({ servers: 1, channels: 2, roles: 2 });
  expect(
    await keptWith((client) => client.ws.on(GatewayDispatchEvents.GuildCreate, dropUnreadLists)),
  ).toEqual({
    servers: 1,
    channels: 0,
    roles: 0,
  });
});

describe("stopping", () => {
  it("lets a reply in flight arrive, then closes the connection for good", async () => {
    const fake = await startFake();
    const bot = await startBot(fake);
    let letThrough = () => {};
    fake.fault({
      kind: "hold",
      until: new Promise<void>((resolve) => (letThrough = resolve)),
      path: isCallback,
      times: 1,
    });
    const asked = ask(fake);
    await fake.until("the reply is on its way", () => callbacks(fake).length === 1);
    bot.dispatch.stopIntake();
    const drained = bot.dispatch.drained(10_000);
    letThrough();
    expect(await drained).toBe(true);
    await bot.gateway.stop();
    expect(asked.messages().public).toMatchObject([{ embeds: [{ title: "dogecoin" }] }]);
    expect(fake.gateway).toMatchObject({ live: 0, connections: 1 });
  });

  it("in the middle of a reconnect does not leave a connection behind", async () => {
    const fake = await startFake();
    const bot = await startBot(fake);
    const noticed = bot.logged(/was lost and is remade/);
    fake.gateway.drop();
    await noticed;
    await bot.gateway.stop();
    // Another one is cut later than that and comes back: by then the first would have, too.
    const other = await startBot(fake);
    const back = other.logged(/was resumed/);
    fake.gateway.drop();
    await back;
    await other.gateway.stop();
    expect(fake.gateway).toMatchObject({ live: 0, connections: 3 });
  });
});

describe("when Discord fails to take an answer", () => {
  it.each([502, 429])("with a %i, the answer is sent again", async (status) => {
    const fake = await startFake();
    const bot = await startBot(fake);
    fake.fault({ kind: "status", status, path: isCallback, times: 2 });
    const asked = ask(fake);
    await asked.answer();
    expect(callbacks(fake)).toHaveLength(3);
    expect(await bot.dispatch.drained(5_000)).toBe(true);
    expect(bot.outcomes()).toEqual(["answered"]);
    expect(asked.messages().public).toHaveLength(1);
  });

  it("after taking it, nothing is shown twice and nothing counts as lost", async () => {
    const fake = await startFake();
    const bot = await startBot(fake);
    fake.fault({ kind: "reset", path: isCallback, times: 1, afterEffect: true });
    const asked = ask(fake);
    await asked.answer();
    expect(await bot.dispatch.drained(5_000)).toBe(true);
    expect(asked.messages()).toMatchObject({ public: [{}], private: [] });
    expect(bot.outcomes()).toEqual(["answered"]);
  });

  it("because the three seconds are over, the bot gives up and goes on", async () => {
    const fake = await startFake();
    const bot = await startBot(fake);
    fake.fault({
      kind: "error",
      status: 404,
      code: 10062,
      message: "Unknown interaction",
      path: isCallback,
      times: 1,
    });
    ask(fake);
    await fake.until("the first attempt", () => callbacks(fake).length === 1);
    await ask(fake).answer();
    expect(await bot.dispatch.drained(5_000)).toBe(true);
    expect(callbacks(fake)).toHaveLength(2);
    expect(bot.outcomes().sort()).toEqual(["answered", "undelivered"]);
  });

  it("because of the picture, the answer is sent without it", async () => {
    const fake = await startFake();
    await startBot(fake);
    fake.fault({
      kind: "error",
      status: 413,
      code: 40005,
      message: "Request entity too large",
      path: isCallback,
      times: 1,
    });
    const message = await ask(fake).answer();
    expect(message).toMatchObject({ embeds: [{ title: "dogecoin" }], files: [] });
    expect(message.embeds[0]?.image).toBeUndefined();
  });

  it("with a 502 on a deferred answer, it is shown all the same", async () => {
    const fake = await startFake();
    let release = () => {};
    await startBot(fake, { release: new Promise<void>((resolve) => (release = resolve)) });
    fake.fault({ kind: "status", status: 502, path: isOriginal, times: 2 });
    const asked = ask(fake, "slow");
    await asked.response();
    release();
    expect((await asked.answer()).embeds).toMatchObject([{ title: "slow" }]);
  });

  it("by closing the connection on a refusal after a deferral, the asker is told all the same", async () => {
    const fake = await startFake();
    let release = () => {};
    const bot = await startBot(fake, {
      release: new Promise<void>((resolve) => (release = resolve)),
    });
    fake.fault({ kind: "reset", path: isFollowUp, times: 1 });
    const asked = ask(fake, "slow nonsense");
    await asked.response();
    release();
    expect((await asked.answer()).content).toBe("No coin of that name.");
    expect(await bot.dispatch.drained(5_000)).toBe(true);
    expect(asked.messages()).toMatchObject({ public: [], private: [{}], thinking: [] });
    expect(bot.outcomes()).toEqual(["refused"]);
  });

  it.each([
    ["hangs", { kind: "hang" } as const],
    ["keeps failing", { kind: "status", status: 503 } as const],
  ])("and %s, the answer is given up in time", async (_, fault) => {
    const fake = await startFake();
    const rest = createInteractionRest({ apiUrl: fake.apiUrl });
    fake.fault({ ...fault, path: isCallback });
    const { id: interactionId, token } = fake.payload.command({
      name: "lambo",
      user: fake.user(),
      guild: fake.guild,
    });
    const responder = restResponder(
      rest,
      { interactionId, applicationId: fake.applicationId, token },
      { acknowledgeWithinMs: 300 },
    );
    const error = await responder
      .reply({ content: "Late" }, "public")
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(DeliveryError);
    expect(error).toMatchObject({ reason: "unavailable" });
  });
});

it("does not wait for a rate limit that outlasts the interaction", async () => {
  const fake = await startFake();
  const bot = await startBot(fake);
  fake.limits.routes.set("POST /interactions/:interaction_id/:interaction_token/callback", {
    limit: 0,
    windowMs: 60_000,
  });
  ask(fake);
  await fake.until("the first attempt", ({ counts }) => counts.rateLimited === 1);
  expect(await bot.dispatch.drained(5_000)).toBe(true);
  expect(bot.outcomes()).toEqual(["undelivered"]);
  expect(callbacks(fake)).toHaveLength(1);
});

it("does not count answers against the 50 requests a second that posts may use", async () => {
  const fake = await startFake();
  let release = () => {};
  const { gateway } = await startBot(fake, {
    release: new Promise<void>((resolve) => (release = resolve)),
  });
  await gateway.rest.get("/users/@me");
  const leftForPosts = gateway.rest.globalRemaining;
  const asked = ask(fake, "slow");
  await asked.response();
  release();
  await asked.answer();
  expect(gateway.rest.globalRemaining).toBe(leftForPosts);
  expect(fake.requests.some(({ path }) => isOriginal.test(path))).toBe(true);
});
