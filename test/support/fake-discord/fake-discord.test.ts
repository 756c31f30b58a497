import { DiscordAPIError, REST } from "@discordjs/rest";
import {
  Client,
  type ClientEvents,
  Events,
  GatewayIntentBits,
  type Interaction,
  MessageFlags,
  ModalBuilder,
  TextInputStyle,
} from "discord.js";
import { Routes } from "discord-api-types/v10";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { loadDiscordSpec } from "../../contract/discord-spec.ts";
import { type FakeDiscord, type FakeDiscordOptions, startFakeDiscord } from "./fake-discord.ts";
import { jsonObjects } from "./json.ts";
import { busiestSecond } from "./rest.ts";
import { Permission } from "./world.ts";

const open: { close(): Promise<unknown> | unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function startFake(options?: FakeDiscordOptions): Promise<FakeDiscord> {
  const fake = await startFakeDiscord(options);
  open.push(fake);
  return fake;
}

function createClient(fake: FakeDiscord): Client {
  const client = new Client({
    intents: [GatewayIntentBits.Guilds],
    rest: { api: fake.apiUrl },
    shards: "auto",
    // discord.js spaces identifies five seconds apart; the fake allows them at once.
    ws: { buildIdentifyThrottler: async () => ({ waitForIdentify: async () => undefined }) },
  });
  open.push({ close: () => client.destroy() });
  return client;
}

async function logIn(
  fake: FakeDiscord,
  onInteraction: (interaction: Interaction) => Promise<unknown> = async () => undefined,
): Promise<Client<true>> {
  const client = createClient(fake);
  client.on(Events.InteractionCreate, (interaction) => void onInteraction(interaction));
  const ready = new Promise<Client<true>>((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(fake.token);
  return ready;
}

const next = <Name extends keyof ClientEvents>(
  client: Client<true>,
  event: Name,
): Promise<ClientEvents[Name]> =>
  new Promise((resolve) => client.once(event, (...args) => resolve(args)));

const restOf = (fake: FakeDiscord, token = fake.token): REST =>
  new REST({ api: fake.apiUrl, retries: 0 }).setToken(token);

/**
 * The code and nested errors that Discord's client library reports for a request that must fail.
 */
async function refusal(
  request: Promise<unknown>,
): Promise<{ status: number; code: number | string; raw: unknown }> {
  const error = await request.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof DiscordAPIError))
    throw new Error(`expected a DiscordAPIError, received ${String(error)}`);
  return { status: error.status, code: error.code, raw: error.rawError };
}

const coinCommand = {
  name: "lambo",
  description: "Would it buy a Lambo?",
  options: [
    { type: 3, name: "coin", description: "Coin", required: true, autocomplete: true },
    { type: 10, name: "amount", description: "Money", min_value: 1, required: false },
    { type: 5, name: "private", description: "Only you" },
  ],
};
const configCommand = {
  name: "config",
  description: "Settings",
  default_member_permissions: "32",
  options: [
    {
      type: 1,
      name: "digest",
      description: "The daily post",
      options: [
        { type: 7, name: "channel", description: "Where", channel_types: [0, 5] },
        { type: 8, name: "role", description: "Whom" },
      ],
    },
  ],
};

describe("logging in", () => {
  it("brings the real client to ready with its servers", async () => {
    const fake = await startFake({ guilds: 2 });
    const client = await logIn(fake);
    expect(client.user.id).toBe(fake.botUser.id);
    expect(client.guilds.cache.map((guild) => guild.name)).toEqual(["Server 1", "Server 2"]);
    expect(fake.gateway.identifies).toBe(1);
    expect(fake.gateway.identifyPayloads[0]).toMatchObject({ intents: 1, shard: [0, 1] });
    expect(fake.violations).toEqual([]);
  });

  it("spreads servers over shards", async () => {
    const fake = await startFake({ guilds: 8, shards: 2 });
    const client = await logIn(fake);
    expect(client.guilds.cache.size).toBe(8);
    expect(fake.gateway.identifies).toBe(2);
    expect(fake.gateway.live).toBe(2);
  });

  it("refuses a wrong token over REST with 401 and over the gateway with 4004", async () => {
    const fake = await startFake();
    await expect(createClient(fake).login("d3Jvbmc.wrong.token")).rejects.toThrow("invalid token");
    const socket = new WebSocket(`${fake.gateway.url}?v=10&encoding=json`);
    const closed = new Promise<number>((resolve) => socket.once("close", resolve));
    socket.once("message", () =>
      socket.send(
        JSON.stringify({ op: 2, d: { token: "wrong", intents: 1, properties: {}, shard: [0, 1] } }),
      ),
    );
    expect(await closed).toBe(4004);
    expect(fake.gateway.identifies).toBe(0);
  });

  it("is ready although a server is unavailable, and sees it come back", async () => {
    const fake = await startFake({ guilds: 0 });
    const guild = fake.addGuild({ unavailable: true });
    const client = await logIn(fake);
    expect(client.guilds.cache.get(guild.id)?.available).toBe(false);
    const back = next(client, Events.GuildAvailable);
    fake.outage(guild, false);
    expect((await back)[0].id).toBe(guild.id);
  });

  it("distinguishes an outage from a removal, and a new server from a start and from a changed one", async () => {
    const fake = await startFake();
    const client = await logIn(fake);
    const outage = next(client, Events.GuildUnavailable);
    fake.outage(fake.guild, true);
    expect((await outage)[0].id).toBe(fake.guild.id);
    const arrival = next(client, Events.GuildCreate);
    const second = fake.addGuild();
    expect((await arrival)[0].id).toBe(second.id);
    const update = next(client, Events.GuildUpdate);
    fake.chooseLocale(second, "ja");
    expect((await update)[1].preferredLocale).toBe("ja");
    const removal = next(client, Events.GuildDelete);
    fake.removeGuild(second);
    expect((await removal)[0].id).toBe(second.id);
  });
});

describe("staying connected", () => {
  it("acknowledges heartbeats, and one that it asks for", async () => {
    const fake = await startFake({ heartbeatIntervalMs: 15 });
    const client = await logIn(fake);
    await fake.gateway.until("three heartbeats came", (gateway) => gateway.heartbeats >= 3);
    expect(client.ws.ping).toBeGreaterThanOrEqual(0);
    const before = fake.gateway.heartbeats;
    fake.gateway.askForHeartbeat();
    await fake.gateway.until("one more heartbeat came", (gateway) => gateway.heartbeats > before);
    expect(fake.gateway.identifies).toBe(1);
  });

  it("makes a client whose heartbeats are ignored reconnect and resume", async () => {
    const fake = await startFake({ heartbeatIntervalMs: 15 });
    await logIn(fake);
    fake.gateway.acknowledge = false;
    await fake.gateway.until("the client resumed", (gateway) => gateway.resumes === 1);
    expect(fake.gateway.identifies).toBe(1);
  });

  it("replays what a client missed while its socket was cut", async () => {
    const fake = await startFake();
    const client = await logIn(
      fake,
      async (interaction) => interaction.isChatInputCommand() && interaction.reply("here"),
    );
    const resumed = next(client, Events.ShardResume);
    fake.gateway.drop();
    await fake.gateway.until("the socket was gone", (gateway) => gateway.live === 0);
    const asked = fake.command({ user: fake.user(), guild: fake.guild, name: "lambo" });
    expect((await asked.answer()).content).toBe("here");
    expect((await resumed)[1]).toBeGreaterThanOrEqual(1);
    expect(fake.gateway).toMatchObject({ identifies: 1, resumes: 1, connections: 2, live: 1 });
  });

  it.each([
    ["op 7", (fake: FakeDiscord) => fake.gateway.askToReconnect()],
    [
      "a resumable op 9",
      (fake: FakeDiscord) => fake.gateway.invalidateSessions({ resumable: true }),
    ],
    ["close code 4000", (fake: FakeDiscord) => fake.gateway.close(4000)],
  ])("lets the client resume after %s", async (_name, happen) => {
    const fake = await startFake();
    await logIn(fake);
    happen(fake);
    await fake.gateway.until("the client resumed", (gateway) => gateway.resumes === 1);
    expect(fake.gateway.identifies).toBe(1);
  });

  it("makes the client identify again after an op 9 that cannot be resumed", async () => {
    const fake = await startFake();
    const client = await logIn(fake);
    const ready = next(client, Events.ShardReady);
    fake.gateway.invalidateSessions({ resumable: false });
    await fake.gateway.until("the client identified again", (gateway) => gateway.identifies === 2);
    await ready;
    expect(fake.gateway.resumes).toBe(0);
  });

  it("refuses the resume of a forgotten session, so that the client identifies again", async () => {
    const fake = await startFake();
    const client = await logIn(fake);
    const ready = next(client, Events.ShardReady);
    fake.gateway.forgetSessions();
    fake.gateway.drop();
    await fake.gateway.until("the client identified again", (gateway) => gateway.identifies === 2);
    await ready;
    expect(fake.gateway.refusedResumes).toBe(1);
  });
});

describe("a slash command", () => {
  it("is deferred, then filled in with a picture that only the caller sees", async () => {
    const fake = await startFake();
    await logIn(fake, async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      await interaction.deferReply({ flags: MessageFlags.Ephemeral });
      await interaction.editReply({
        embeds: [
          {
            title: interaction.options.getString("coin", true),
            image: { url: "attachment://card.png" },
          },
        ],
        files: [{ attachment: Buffer.from("png"), name: "card.png", description: "a card" }],
        allowedMentions: { parse: [] },
      });
    });
    const asked = fake.command({
      user: fake.user(),
      guild: fake.guild,
      name: "lambo",
      options: { coin: "dogecoin" },
    });
    expect((await asked.response()).kind).toBe("deferred-message");
    const answer = await asked.answer();
    expect(answer.embeds[0]?.title).toBe("dogecoin");
    expect(answer.files[0]).toMatchObject({
      name: "card.png",
      description: "a card",
      sizeBytes: 3,
    });
    expect(Buffer.from(answer.files[0]?.bytes ?? []).toString()).toBe("png");
    expect(answer.allowedMentions).toEqual({ parse: [] });
    expect(asked.messages()).toMatchObject({ public: [], private: [answer], thinking: [] });
    expect(fake.violations).toEqual([]);
  });

  it("can replace a public deferral with a private follow-up", async () => {
    const fake = await startFake();
    await logIn(fake, async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      await interaction.deferReply();
      await interaction.deleteReply();
      await interaction.followUp({ content: "no such coin", flags: MessageFlags.Ephemeral });
    });
    const asked = fake.command({ user: fake.user(), guild: fake.guild, name: "lambo" });
    const seen = await asked.until(
      "a private message came",
      ({ private: own }) => own.length === 1,
    );
    expect(seen.public).toEqual([]);
    expect(seen.deleted).toHaveLength(1);
    expect(seen.private[0]?.content).toBe("no such coin");
    expect(fake.messagesIn(fake.guild.channels.values().next().value?.id ?? "")).toEqual([]);
  });

  it("fills in a deferral with the first follow-up, which cannot change its visibility", async () => {
    const fake = await startFake();
    await logIn(fake, async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      await interaction.deferReply();
      await interaction.followUp({ content: "meant to be private", flags: MessageFlags.Ephemeral });
    });
    const asked = fake.command({ user: fake.user(), guild: fake.guild, name: "lambo" });
    await asked.answer();
    expect(asked.messages()).toMatchObject({
      public: [{ content: "meant to be private" }],
      private: [],
    });
  });

  it("carries a payload with the channel, the member and the registered command", async () => {
    const fake = await startFake();
    await restOf(fake).put(Routes.applicationCommands(fake.applicationId), {
      body: [coinCommand, configCommand],
    });
    const user = fake.user();
    const { payload } = fake.payload.command({
      user,
      guild: fake.guild,
      name: "lambo",
      options: { coin: "doge", amount: 5, private: true },
      locale: "de",
      permissions: Permission.ManageGuild,
    });
    expect(payload).toMatchObject({
      application_id: fake.applicationId,
      type: 2,
      version: 1,
      guild_id: fake.guild.id,
      guild_locale: "en-US",
      locale: "de",
      context: 0,
      authorizing_integration_owners: { "0": fake.guild.id },
      entitlements: [],
      attachment_size_limit: 10 * 1024 * 1024,
      member: { permissions: "32", user: { id: user.id } },
      channel: { type: 0, guild_id: fake.guild.id },
      data: {
        name: "lambo",
        id: fake.commands.find("lambo")?.["id"],
        options: [
          { name: "coin", type: 3, value: "doge" },
          { name: "amount", type: 10, value: 5 },
          { name: "private", type: 5, value: true },
        ],
      },
    });
    expect(payload).not.toHaveProperty("user");
    const direct = fake.payload.command({ user, name: "lambo", options: { coin: "doge" } }).payload;
    expect(direct).toMatchObject({
      context: 1,
      user: { id: user.id },
      channel: { type: 1 },
      authorizing_integration_owners: { "0": "0" },
    });
    expect(direct).not.toHaveProperty("member");
    const group = fake.payload.command({
      user,
      privateChannel: true,
      name: "lambo",
      options: { coin: "doge" },
    }).payload;
    expect(group).toMatchObject({ context: 2, authorizing_integration_owners: { "1": user.id } });
    const elsewhere = fake.addGuild({ joined: false });
    const installed = fake.payload.command({
      user,
      guild: elsewhere,
      name: "lambo",
      options: { coin: "doge" },
    }).payload;
    expect(installed).toMatchObject({
      context: 0,
      authorizing_integration_owners: { "1": user.id },
    });
  });

  it("resolves channels and roles of a subcommand", async () => {
    const fake = await startFake();
    await restOf(fake).put(Routes.applicationCommands(fake.applicationId), {
      body: [configCommand],
    });
    const channel = fake.addChannel(fake.guild, { name: "news", type: 5 });
    const role = fake.addRole(fake.guild, { name: "fans" });
    const options = { channel: channel.id, role: role.id };
    const { payload } = fake.payload.command({
      user: fake.user(),
      guild: fake.guild,
      name: "config digest",
      options,
    });
    expect(payload["data"]).toMatchObject({
      name: "config",
      options: [
        {
          name: "digest",
          type: 1,
          options: [
            { name: "channel", type: 7, value: channel.id },
            { name: "role", type: 8, value: role.id },
          ],
        },
      ],
      resolved: {
        channels: { [channel.id]: { name: "news", type: 5 } },
        roles: { [role.id]: { name: "fans" } },
      },
    });
  });

  it("is not sent when Discord would not send it, unless a test insists", async () => {
    const fake = await startFake();
    await restOf(fake).put(Routes.applicationCommands(fake.applicationId), { body: [coinCommand] });
    const user = fake.user();
    const send = (
      name: string,
      options: Record<string, string | number | boolean>,
      unchecked = false,
    ) => fake.payload.command({ user, guild: fake.guild, name, options, unchecked });
    expect(() => send("other", {})).toThrow("not registered");
    expect(() => send("lambo", {})).toThrow('required option "coin"');
    expect(() => send("lambo", { coin: "doge", amount: 0 })).toThrow("out of range");
    expect(() => send("lambo", { coin: "doge", amount: "5" })).toThrow("wrong type");
    expect(() => send("lambo", { coin: "doge", colour: "red" })).toThrow('no option "colour"');
    await restOf(fake).put(Routes.applicationCommands(fake.applicationId), {
      body: [coinCommand, configCommand],
    });
    const [voice, elsewhere] = [
      fake.addChannel(fake.guild, { type: 2 }),
      fake.addChannel(fake.addGuild()),
    ];
    expect(() => send("config digest", { channel: voice.id })).toThrow(
      "not one of the channel types",
    );
    expect(() => send("config digest", { channel: elsewhere.id })).toThrow(
      "not a channel of this server",
    );
    expect(() => send("config digest", { role: "1" })).toThrow("not a role of this server");
    expect(send("config digest", { channel: elsewhere.id }, true).payload["data"]).toMatchObject({
      name: "config",
    });
    expect(send("lambo", { amount: -1 }, true).payload["data"]).toMatchObject({
      options: [{ name: "amount", value: -1 }],
    });
  });

  it("offers suggestions while an option is typed", async () => {
    const fake = await startFake();
    await restOf(fake).put(Routes.applicationCommands(fake.applicationId), { body: [coinCommand] });
    await logIn(
      fake,
      async (interaction) =>
        interaction.isAutocomplete() &&
        interaction.respond([
          { name: `${interaction.options.getFocused()}coin`, value: "dogecoin" },
        ]),
    );
    const typed = fake.type({
      user: fake.user(),
      guild: fake.guild,
      name: "lambo",
      focused: "coin",
      options: { coin: "doge" },
    });
    expect(await typed.suggestions()).toEqual([{ name: "dogecoin", value: "dogecoin" }]);
    expect(fake.violations).toEqual([]);
  });
});

describe("components", () => {
  const row = (...components: object[]) => ({ type: 1, components });
  const button = { type: 2, style: 1, label: "Show the maths", custom_id: "lambo:maths" };
  const menu = {
    type: 3,
    custom_id: "lambo:stake",
    options: [100, 1000].map((stake) => ({ label: `${stake}`, value: `${stake}` })),
  };

  async function cardFrom(fake: FakeDiscord, user = fake.user(), flags = 0) {
    const asked = fake.payload.command({ user, guild: fake.guild, name: "lambo" });
    await restOf(fake).post(Routes.interactionCallback(asked.id, asked.token), {
      body: { type: 4, data: { content: "card", components: [row(button), row(menu)], flags } },
      auth: false,
    });
    return { user, card: await asked.answer() };
  }

  it("sends a pressed button with the message and its original caller, and edits that message", async () => {
    const fake = await startFake();
    const { user, card } = await cardFrom(fake);
    await logIn(fake, async (interaction) => {
      if (interaction.isButton())
        await interaction.update({
          content: `${interaction.message.interactionMetadata?.user.id}`,
          components: [],
        });
    });
    const pressed = fake.press(card, "lambo:maths", fake.user());
    const answer = await pressed.answer();
    expect(answer.id).toBe(card.id);
    expect(answer.content).toBe(user.id);
    expect(answer.edits).toBe(1);
    expect(() => fake.press(card, "lambo:maths", user)).toThrow("No component");
    expect(fake.violations).toEqual([]);
  });

  it("sends what was chosen in a menu, and lets the bot reply privately after deferring the edit", async () => {
    const fake = await startFake();
    const { card } = await cardFrom(fake);
    await logIn(fake, async (interaction) => {
      if (!interaction.isStringSelectMenu()) return;
      await interaction.deferUpdate();
      await interaction.editReply({ content: interaction.values.join() });
      await interaction.followUp({ content: "a copy", flags: MessageFlags.Ephemeral });
    });
    const chosen = fake.choose(card, "lambo:stake", ["1000"], fake.user());
    const seen = await chosen.until("a private copy came", ({ private: own }) => own.length === 1);
    expect(seen.public).toMatchObject([{ id: card.id, content: "1000" }]);
    expect(seen.private).toMatchObject([{ content: "a copy" }]);
    expect(() => fake.choose(card, "lambo:stake", ["5"], fake.user())).toThrow("does not offer");
  });

  it("opens the bot's modal, and sends what is typed in it with the message", async () => {
    const fake = await startFake();
    const { user, card } = await cardFrom(fake);
    await logIn(fake, async (interaction) => {
      if (interaction.isStringSelectMenu())
        await interaction.showModal(
          new ModalBuilder()
            .setCustomId("lambo:stake:x")
            .setTitle("Other amount")
            .addLabelComponents((label) =>
              label
                .setLabel("Amount")
                .setTextInputComponent((input) =>
                  input.setCustomId("amount").setStyle(TextInputStyle.Short).setMaxLength(5),
                ),
            ),
        );
      if (interaction.isModalSubmit() && interaction.isFromMessage())
        await interaction.update({ content: interaction.fields.getTextInputValue("amount") });
    });
    const opened = fake.choose(card, "lambo:stake", ["1000"], user);
    expect(await opened.modal()).toMatchObject({ title: "Other amount" });
    expect(() => fake.submit(opened, { amount: "" })).toThrow("would not send");
    expect(() => fake.submit(opened, { amount: "123456" })).toThrow("would not send");
    expect(() => fake.submit(opened, { colour: "red" })).toThrow("no field");
    const edited = await fake.submit(opened, { amount: "1.5k" }).answer();
    expect([edited.id, edited.content]).toEqual([card.id, "1.5k"]);
    expect(fake.violations).toEqual([]);
  });

  it.each([
    ["no title", { title: undefined }],
    ["a title of 46 characters", { title: "x".repeat(46) }],
    ["no field", { components: [] }],
    ["a bare text input", { components: [{ type: 4, custom_id: "a", style: 1, label: "A" }] }],
    [
      "a label without a text",
      { components: [{ type: 18, component: { type: 4, custom_id: "a", style: 1 } }] },
    ],
    [
      "a field with a label of its own in a label",
      {
        components: [
          { type: 18, label: "A", component: { type: 4, custom_id: "a", style: 1, label: "B" } },
        ],
      },
    ],
    [
      "two fields of one name",
      {
        components: ["A", "B"].map((label) => ({
          type: 18,
          label,
          component: { type: 4, custom_id: "a", style: 1 },
        })),
      },
    ],
    [
      "a text longer than its field",
      {
        components: [
          {
            type: 18,
            label: "A",
            component: { type: 4, custom_id: "a", style: 1, max_length: 2, value: "abc" },
          },
        ],
      },
    ],
  ])("refuses a modal with %s", async (_, change) => {
    const fake = await startFake();
    const { user, card } = await cardFrom(fake);
    const pressed = fake.payload.press(card, "lambo:maths", user);
    const input = { type: 4, custom_id: "amount", style: 1 };
    const data = {
      custom_id: "x",
      title: "T",
      components: [{ type: 18, label: "A", component: input }],
    };
    const refused = restOf(fake).post(Routes.interactionCallback(pressed.id, pressed.token), {
      body: { type: 9, data: { ...data, ...change } },
      auth: false,
    });
    expect(await refusal(refused)).toMatchObject({ code: 50035 });
  });

  it("lets only its viewer press a private message, and anybody forge an id", async () => {
    const fake = await startFake();
    const { user, card } = await cardFrom(fake, fake.user(), MessageFlags.Ephemeral);
    expect(() => fake.payload.press(card, "lambo:maths", fake.user())).toThrow("Only");
    expect(fake.payload.press(card, "lambo:maths", user).payload).toMatchObject({
      type: 3,
      message: { id: card.id, flags: 64 },
    });
    expect(fake.payload.forge(card, "lambo:rm -rf", user).payload["data"]).toMatchObject({
      custom_id: "lambo:rm -rf",
    });
  });
});

describe("the life of an interaction", () => {
  const callback = (
    fake: FakeDiscord,
    asked: { id: string; token: string },
    body: unknown,
    query = "",
  ) =>
    restOf(fake).post(Routes.interactionCallback(asked.id, asked.token), {
      body,
      auth: false,
      query: new URLSearchParams(query),
    });
  const edit = (fake: FakeDiscord, token: string, body: unknown) =>
    restOf(fake).patch(Routes.webhookMessage(fake.applicationId, token), { body, auth: false });

  it("accepts one first response, within three seconds", async () => {
    let nowMs = Date.parse("2026-11-24T12:00:00Z");
    const fake = await startFake({ now: () => nowMs });
    const ask = () => fake.payload.command({ user: fake.user(), guild: fake.guild, name: "lambo" });
    const first = ask();
    nowMs += 3_000;
    expect(first.didNotRespond).toBe(false);
    await callback(fake, first, { type: 5 });
    expect(
      await refusal(callback(fake, first, { type: 4, data: { content: "again" } })),
    ).toMatchObject({ status: 400, code: 40060 });
    const late = ask();
    nowMs += 3_001;
    expect(late.didNotRespond).toBe(true);
    expect(await refusal(callback(fake, late, { type: 5 }))).toMatchObject({
      status: 404,
      code: 10062,
    });
    expect(
      await refusal(callback(fake, { id: late.id, token: "unknown" }, { type: 5 })),
    ).toMatchObject({ status: 404, code: 10062 });
  });

  it("has no webhook before the first response, and none after fifteen minutes", async () => {
    let nowMs = Date.parse("2026-11-24T12:00:00Z");
    const fake = await startFake({ now: () => nowMs });
    const asked = fake.payload.command({ user: fake.user(), guild: fake.guild, name: "lambo" });
    expect(await refusal(edit(fake, asked.token, { content: "early" }))).toMatchObject({
      status: 404,
      code: 10015,
    });
    await callback(fake, asked, { type: 5 });
    nowMs += 15 * 60_000;
    await edit(fake, asked.token, { content: "just in time" });
    nowMs += 1;
    expect(await refusal(edit(fake, asked.token, { content: "late" }))).toMatchObject({
      status: 401,
      code: 50027,
    });
    expect((await asked.answer()).content).toBe("just in time");
  });

  it("returns the outcome with with_response", async () => {
    const fake = await startFake();
    const asked = fake.payload.command({ user: fake.user(), guild: fake.guild, name: "lambo" });
    expect(
      await callback(fake, asked, { type: 5, data: { flags: 64 } }, "with_response=true"),
    ).toMatchObject({
      interaction: {
        id: asked.id,
        type: 2,
        response_message_loading: true,
        response_message_ephemeral: true,
      },
      resource: { type: 4, message: { flags: 64 | 128 } },
    });
  });

  it("refuses a type-4 callback without data, an empty one, and one that does not fit", async () => {
    const fake = await startFake();
    const asked = fake.payload.command({ user: fake.user(), guild: fake.guild, name: "lambo" });
    expect(await refusal(callback(fake, asked, { type: 4 }))).toMatchObject({
      code: 50035,
      raw: { errors: { data: { _errors: [{ code: "BASE_TYPE_REQUIRED" }] } } },
    });
    expect(await refusal(callback(fake, asked, { type: 4, data: {} }))).toMatchObject({
      code: 50006,
    });
    expect(await refusal(callback(fake, asked, { type: 8, data: { choices: [] } }))).toMatchObject({
      code: 50035,
    });
    expect(await refusal(callback(fake, asked, { type: 7, data: { content: "x" } }))).toMatchObject(
      { code: 50035 },
    );
    await callback(fake, asked, { type: 1 }).catch(() => undefined);
    expect(asked.messages()).toMatchObject({ public: [], private: [] });
  });

  it("edits, reads and deletes the original and follow-ups by their ids", async () => {
    const fake = await startFake();
    const rest = restOf(fake);
    const asked = fake.payload.command({ user: fake.user(), guild: fake.guild, name: "lambo" });
    await callback(fake, asked, { type: 4, data: { content: "one" } });
    await rest.post(Routes.webhook(fake.applicationId, asked.token), {
      body: { content: "two", flags: 64 },
      auth: false,
    });
    const own = asked.messages().private[0];
    const at = Routes.webhookMessage(fake.applicationId, asked.token, own?.id);
    await rest.patch(at, { body: { content: "two, better" }, auth: false });
    expect(await rest.get(at, { auth: false })).toMatchObject({
      content: "two, better",
      flags: 64,
    });
    await rest.delete(at, { auth: false });
    expect(await refusal(rest.get(at, { auth: false }))).toMatchObject({
      status: 404,
      code: 10008,
    });
    const original = Routes.webhookMessage(fake.applicationId, asked.token);
    expect(await rest.get(original, { auth: false })).toMatchObject({
      content: "one",
      interaction_metadata: { name: "lambo" },
    });
    await rest.delete(original, { auth: false });
    expect(await refusal(edit(fake, asked.token, { content: "back" }))).toMatchObject({
      code: 10008,
    });
    expect(fake.violations).toEqual([]);
  });

  it("takes the first response from an HTTP body and the rest from webhooks", async () => {
    const fake = await startFake();
    const deferred = fake.payload.command({ user: fake.user(), guild: fake.guild, name: "lambo" });
    await deferred.answeredOverHttp(Response.json({ type: 5, data: { flags: 64 } }));
    await edit(fake, deferred.token, { content: "slow" });
    expect(await deferred.answer()).toMatchObject({ content: "slow", ephemeral: true });

    const form = new FormData();
    form.set(
      "payload_json",
      JSON.stringify({
        type: 4,
        data: { content: "quick", attachments: [{ id: "0", description: "alt" }] },
      }),
    );
    form.set("files[0]", new Blob(["bytes"], { type: "image/png" }), "card.png");
    const immediate = fake.payload.command({ user: fake.user(), guild: fake.guild, name: "lambo" });
    await immediate.answeredOverHttp(new Response(form));
    expect((await immediate.answer()).files).toMatchObject([
      { name: "card.png", description: "alt", sizeBytes: 5 },
    ]);
    const ping = fake.payload.ping();
    await ping.answeredOverHttp(Response.json({ type: 1 }));
    expect((await ping.response()).kind).toBe("pong");
  });

  it("leaves no listener, request or socket open", async () => {
    const fake = await startFakeDiscord();
    const client = await logIn(fake);
    fake.fault({ kind: "slow", delayMs: 3_600_000 });
    const cut = next(client, Events.ShardReconnecting);
    const slow = expect(restOf(fake).get(Routes.user())).rejects.toThrow();
    await fake.until("the request came", ({ counts }) => counts.byRoute.has("GET /users/@me"));
    await fake.close();
    await slow;
    await cut;
    await expect(fetch(fake.apiUrl)).rejects.toThrow();
  });

  it("rejects what is still awaited when it is closed, saying what it was", async () => {
    const fake = await startFakeDiscord();
    const waiting = expect(
      fake.payload.command({ user: fake.user(), guild: fake.guild, name: "lambo" }).answer(),
    ).rejects.toThrow("lambo");
    await fake.close();
    await waiting;
  });
});

describe("Discord's limits", () => {
  const long = (length: number) => "x".repeat(length);
  const post = (fake: FakeDiscord, body: unknown, files: { name: string; data: Buffer }[] = []) =>
    restOf(fake).post(Routes.channelMessages(fake.guild.systemChannelId ?? ""), { body, files });
  const field = { name: "n", value: "v" };
  const button = (over: object) => ({ type: 2, style: 1, label: "b", custom_id: "a", ...over });
  const row = (...components: object[]) => ({ type: 1, components });
  const menu = (count: number, over: object = {}) => ({
    type: 3,
    custom_id: "m",
    options: Array.from({ length: count }, (_, index) => ({ label: "l", value: `${index}` })),
    ...over,
  });

  it.each<[string, object, string]>([
    ["content of 2,001", { content: long(2001) }, "content._errors"],
    ["eleven embeds", { embeds: Array(11).fill({ title: "t" }) }, "embeds._errors"],
    ["a title of 257", { embeds: [{ title: long(257) }] }, "embeds.0.title"],
    ["a description of 4,097", { embeds: [{ description: long(4097) }] }, "embeds.0.description"],
    ["26 fields", { embeds: [{ fields: Array(26).fill(field) }] }, "embeds.0.fields._errors"],
    [
      "a field name of 257",
      { embeds: [{ fields: [{ ...field, name: long(257) }] }] },
      "embeds.0.fields.0.name",
    ],
    [
      "a field value of 1,025",
      { embeds: [{ fields: [{ ...field, value: long(1025) }] }] },
      "embeds.0.fields.0.value",
    ],
    [
      "an empty field value",
      { embeds: [{ fields: [{ ...field, value: "" }] }] },
      "embeds.0.fields.0.value",
    ],
    ["a footer of 2,049", { embeds: [{ footer: { text: long(2049) } }] }, "embeds.0.footer.text"],
    ["an author of 257", { embeds: [{ author: { name: long(257) } }] }, "embeds.0.author.name"],
    [
      "6,001 in all embeds",
      { embeds: [{ description: long(3001) }, { description: long(3000) }] },
      "embeds._errors",
    ],
    ["an empty embed", { embeds: [{}] }, "embeds.0.description"],
    [
      "a file that is not attached",
      { embeds: [{ image: { url: "attachment://x.png" } }] },
      "embeds.0.image.url",
    ],
    [
      "a link of another scheme",
      { embeds: [{ title: "t", url: "javascript:alert(1)" }] },
      "embeds.0.url",
    ],
    [
      "a custom id of 101",
      { content: "c", components: [row(button({ custom_id: long(101) }))] },
      "components.0.components.0.custom_id",
    ],
    [
      "a custom id twice",
      { content: "c", components: [row(button({}), button({}))] },
      "components.0.components.1.custom_id",
    ],
    [
      "a button without custom id",
      { content: "c", components: [row({ type: 2, style: 1, label: "b" })] },
      "components.0.components.0.custom_id",
    ],
    [
      "a link button without link",
      { content: "c", components: [row({ type: 2, style: 5, label: "b" })] },
      "components.0.components.0.url",
    ],
    [
      "six rows",
      {
        content: "c",
        components: Array.from({ length: 6 }, (_, index) => row(button({ custom_id: `${index}` }))),
      },
      "components._errors",
    ],
    [
      "six buttons in a row",
      {
        content: "c",
        components: [
          row(...Array.from({ length: 6 }, (_, index) => button({ custom_id: `${index}` }))),
        ],
      },
      "components.0.components._errors",
    ],
    [
      "a menu beside a button",
      { content: "c", components: [row(menu(1), button({}))] },
      "components.0.components._errors",
    ],
    [
      "26 menu options",
      { content: "c", components: [row(menu(26))] },
      "components.0.components.0.options._errors",
    ],
    ["a row in no row", { content: "c", components: [button({})] }, "components.0.type"],
    [
      "more values than options",
      { content: "c", components: [row(menu(1, { max_values: 2 }))] },
      "components.0.components.0.max_values",
    ],
    [
      "content beside components v2",
      { content: "c", flags: 1 << 15, components: [{ type: 10, content: "t" }] },
      "content._errors",
    ],
    ["a nonce of 26", { content: "c", nonce: long(26) }, "nonce._errors"],
    [
      "unknown mentions",
      { content: "c", allowed_mentions: { parse: ["here"] } },
      "allowed_mentions.parse.0",
    ],
  ])("refuse %s", async (_name, body, path) => {
    const fake = await startFake({ checkSpec: false });
    const refused = await refusal(post(fake, body));
    expect(refused).toMatchObject({ status: 400, code: 50035 });
    expect(refused.raw).toHaveProperty(`errors.${path}`);
    expect(fake.messagesIn(fake.guild.systemChannelId ?? "")).toEqual([]);
  });

  it("allow everything up to the limit", async () => {
    const fake = await startFake();
    await post(fake, {
      content: "é".repeat(2000),
      embeds: [
        {
          title: long(256),
          description: long(4096),
          fields: [{ name: long(256), value: long(1024) }],
          footer: { text: long(368) },
        },
      ],
      components: [
        row(...[1, 2, 3, 4, 5].map((index) => button({ custom_id: `${index}${long(99)}` }))),
        row(menu(25, { max_values: 25 })),
      ],
    });
    await post(fake, {
      flags: 1 << 15,
      components: [{ type: 17, components: [{ type: 10, content: long(4000) }] }],
    });
    expect(fake.messagesIn(fake.guild.systemChannelId ?? "")).toHaveLength(2);
    expect(fake.violations).toEqual([]);
  });

  it("refuse a file over 10 MiB and a message with nothing in it", async () => {
    const fake = await startFake();
    const data = Buffer.alloc(10 * 1024 * 1024 + 1);
    expect(await refusal(post(fake, { content: "c" }, [{ name: "big.png", data }]))).toMatchObject({
      status: 413,
      code: 40005,
    });
    await post(fake, { content: "c" }, [{ name: "big.png", data: data.subarray(1) }]);
    expect(await refusal(post(fake, { content: " " }))).toMatchObject({ code: 50006 });
  });

  it("refuse 26 suggestions, an empty name and a value of 101", async () => {
    const fake = await startFake({ checkSpec: false });
    const typed = fake.payload.type({
      user: fake.user(),
      guild: fake.guild,
      name: "lambo",
      focused: "coin",
      options: { coin: "d" },
    });
    const respond = (choices: object[]) =>
      restOf(fake).post(Routes.interactionCallback(typed.id, typed.token), {
        body: { type: 8, data: { choices } },
        auth: false,
      });
    expect(await refusal(respond(Array(26).fill({ name: "n", value: "v" })))).toMatchObject({
      code: 50035,
    });
    expect(await refusal(respond([{ name: "", value: "v" }]))).toMatchObject({ code: 50035 });
    expect(await refusal(respond([{ name: "n", value: long(101) }]))).toMatchObject({
      code: 50035,
    });
    await respond(Array.from({ length: 25 }, () => ({ name: long(100), value: long(100) })));
    expect(await typed.suggestions()).toHaveLength(25);
  });
});

describe("registering commands", () => {
  it("responds as Discord does: fills in ids, versions and defaults, and keeps an id with its name", async () => {
    const fake = await startFake();
    const rest = restOf(fake);
    const route = Routes.applicationCommands(fake.applicationId);
    const put = async (body: object[]) => jsonObjects(await rest.put(route, { body }));
    const [first, config] = await put([coinCommand, configCommand]);
    expect(first).toMatchObject({
      application_id: fake.applicationId,
      type: 1,
      default_member_permissions: null,
      name_localizations: null,
      dm_permission: true,
      contexts: null,
      integration_types: [0],
      nsfw: false,
      options: [{ required: true, autocomplete: true }, { min_value: 1 }, { name: "private" }],
    });
    expect(config).toMatchObject({ default_member_permissions: "32" });
    const listed = jsonObjects(await rest.get(route));
    expect(listed[0]).not.toHaveProperty("name_localizations");
    expect(jsonObjects(listed[0]?.["options"])[1]).not.toHaveProperty("required");
    const [second] = await put([coinCommand]);
    expect(second).toEqual(first);
    const [third] = await put([{ ...coinCommand, description: "Changed" }]);
    expect(third?.["id"]).toBe(first?.["id"]);
    expect(third?.["version"]).not.toBe(first?.["version"]);
    expect(
      await rest.get(Routes.applicationGuildCommands(fake.applicationId, fake.guild.id)),
    ).toEqual([]);
    expect(fake.violations).toEqual([]);
  });

  it.each<[string, object[]]>([
    ["a capital in a name", [{ ...coinCommand, name: "Lambo" }]],
    [
      "a space in an option",
      [{ ...coinCommand, options: [{ type: 3, name: "a b", description: "d" }] }],
    ],
    ["no description", [{ name: "lambo" }]],
    ["a name twice", [coinCommand, coinCommand]],
    [
      "a required option after an optional one",
      [{ ...coinCommand, options: [...coinCommand.options].reverse() }],
    ],
    [
      "26 choices",
      [
        {
          ...coinCommand,
          options: [
            {
              type: 3,
              name: "o",
              description: "d",
              choices: Array.from({ length: 26 }, (_, i) => ({ name: `${i}`, value: `${i}` })),
            },
          ],
        },
      ],
    ],
    [
      "26 options",
      [
        {
          ...coinCommand,
          options: Array.from({ length: 26 }, (_, i) => ({
            type: 3,
            name: `o${i}`,
            description: "d",
          })),
        },
      ],
    ],
  ])("refuses %s", async (_name, body) => {
    const fake = await startFake({ checkSpec: false });
    const refused = await refusal(
      restOf(fake).put(Routes.applicationCommands(fake.applicationId), { body }),
    );
    expect(refused).toMatchObject({ status: 400, code: 50035 });
    expect(fake.commands.list()).toEqual([]);
  });
});

describe("channels", () => {
  it("post, list and publish, and repeat nothing under an enforced nonce", async () => {
    const fake = await startFake();
    const rest = restOf(fake);
    const news = fake.addChannel(fake.guild, { type: 5 });
    const body = { content: "digest", nonce: "abc20261124", enforce_nonce: true };
    const first = await rest.post(Routes.channelMessages(news.id), { body });
    expect(await rest.post(Routes.channelMessages(news.id), { body })).toEqual(first);
    const digestId = fake.messagesIn(news)[0]?.id ?? "";
    fake.say(news, fake.user({ username: "ann" }), "nice");
    expect(
      await rest.get(Routes.channelMessages(news.id), {
        query: new URLSearchParams({ limit: "5" }),
      }),
    ).toMatchObject([
      { content: "nice", author: { username: "ann" } },
      { content: "digest", nonce: "abc20261124" },
    ]);
    await rest.post(Routes.channelMessageCrosspost(news.id, digestId));
    expect(fake.messagesIn(news)[0]?.crossposted).toBe(true);
    expect(
      await refusal(rest.post(Routes.channelMessageCrosspost(news.id, digestId))),
    ).toMatchObject({ code: 40033 });
    expect(fake.violations).toEqual([]);
  });

  it("refuse by switch, permission, type and absence", async () => {
    const fake = await startFake();
    const rest = restOf(fake);
    const post = (id: string) => rest.post(Routes.channelMessages(id), { body: { content: "c" } });
    const channel = fake.addChannel(fake.guild);
    for (const [why, code] of [
      ["missing-access", 50001],
      ["missing-permissions", 50013],
      ["unknown-channel", 10003],
    ] as const) {
      const allow = fake.refuse(channel, why, "post");
      expect(await refusal(post(channel.id))).toMatchObject({ code });
      await rest.get(Routes.channelMessages(channel.id));
      allow();
    }
    await post(channel.id);
    const overwrite = (deny: bigint) => [
      { id: fake.guild.id, type: 0 as const, allow: "0", deny: String(deny) },
    ];
    const muted = fake.addChannel(fake.guild, { overwrites: overwrite(Permission.SendMessages) });
    expect(await refusal(post(muted.id))).toMatchObject({ status: 403, code: 50013 });
    const hidden = fake.addChannel(fake.guild, { overwrites: overwrite(Permission.ViewChannel) });
    expect(await refusal(post(hidden.id))).toMatchObject({ status: 403, code: 50001 });
    const archived = fake.addChannel(fake.guild, {
      type: 11,
      parentId: channel.id,
      archived: true,
    });
    expect(await refusal(post(archived.id))).toMatchObject({ code: 50083 });
    expect(await refusal(post(fake.addChannel(fake.guild, { type: 15 }).id))).toMatchObject({
      code: 50008,
    });
    fake.removeChannel(channel);
    expect(await refusal(post(channel.id))).toMatchObject({ status: 404, code: 10003 });
  });

  it("return what the bot may read about servers and people", async () => {
    const fake = await startFake({ guilds: 3 });
    const rest = restOf(fake);
    const { guild } = fake;
    const answers: [string, unknown][] = [];
    for (const path of [
      Routes.gatewayBot(),
      Routes.user(),
      "/applications/@me",
      Routes.oauth2CurrentApplication(),
      Routes.userGuilds(),
      Routes.guild(guild.id),
      Routes.guildChannels(guild.id),
      Routes.guildRoles(guild.id),
      Routes.guildMember(guild.id, fake.botUser.id),
      Routes.channel(guild.systemChannelId ?? ""),
    ] as const) {
      answers.push([path, await rest.get(path)]);
    }
    const opened = await rest.post(Routes.userChannels(), {
      body: { recipient_id: guild.ownerId },
    });
    expect(opened).toMatchObject({ type: 1, recipients: [{ id: guild.ownerId }] });
    expect(answers[4]?.[1]).toHaveLength(3);
    fake.removeGuild(guild);
    expect(await refusal(rest.get(Routes.guild(guild.id)))).toMatchObject({
      status: 404,
      code: 10004,
    });
    expect(await rest.get(Routes.userGuilds())).toHaveLength(2);
    expect(fake.violations).toEqual([]);
    const spec = loadDiscordSpec();
    if ("missing" in spec) return;
    expect(
      answers.flatMap(([path, body]) => spec.answerViolations("GET", path, 200, body)),
    ).toEqual([]);
  });
});

describe("rate limits", () => {
  const call = (fake: FakeDiscord, method: string, path: string, body?: unknown) =>
    fetch(`${fake.apiUrl}/v10${path}`, {
      method,
      headers: {
        authorization: `Bot ${fake.token}`,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });

  it("refuse the sixth message in five seconds with a 429 that names its bucket, for that channel only", async () => {
    let limitMs = 1_000_000;
    const fake = await startFake({ limitNow: () => limitMs });
    const [a, b] = [fake.addChannel(fake.guild), fake.addChannel(fake.guild)];
    const post = (channel: { id: string }) =>
      call(fake, "POST", `/channels/${channel.id}/messages`, { content: "c" });
    for (const remaining of ["4", "3", "2", "1", "0"])
      expect((await post(a)).headers.get("x-ratelimit-remaining")).toBe(remaining);
    limitMs += 750;
    const limited = await post(a);
    expect(limited.status).toBe(429);
    expect(await limited.json()).toEqual({
      message: "You are being rate limited.",
      retry_after: 4.25,
      global: false,
      code: 0,
    });
    expect(limited.headers.get("retry-after")).toBe("5");
    expect(limited.headers.get("x-ratelimit-scope")).toBe("user");
    expect(limited.headers.get("x-ratelimit-reset-after")).toBe("4.250");
    expect((await post(b)).status).toBe(200);
    limitMs += 4_250;
    expect((await post(a)).status).toBe(200);
    expect(fake.counts).toMatchObject({
      rateLimited: 1,
      globallyRateLimited: 0,
      invalid: 1,
      requests: 8,
    });
    expect(fake.messagesIn(a)).toHaveLength(6);
  });

  it("refuse the 51st request of a second with a global 429, except for interactions", async () => {
    let limitMs = 1_000_250;
    const fake = await startFake({ limitNow: () => limitMs });
    for (let sent = 0; sent < 50; sent += 1)
      expect((await call(fake, "GET", "/users/@me")).status).toBe(200);
    const limited = await call(fake, "GET", "/users/@me");
    expect(await limited.json()).toEqual({
      message: "You are being rate limited.",
      retry_after: 0.75,
      global: true,
      code: 0,
    });
    expect(limited.headers.get("x-ratelimit-global")).toBe("true");
    const asked = fake.payload.command({ user: fake.user(), guild: fake.guild, name: "lambo" });
    const answered = await call(fake, "POST", `/interactions/${asked.id}/${asked.token}/callback`, {
      type: 5,
    });
    expect(answered.status).toBe(204);
    expect(busiestSecond(fake.counts)).toBe(51);
    limitMs += 750;
    expect((await call(fake, "GET", "/users/@me")).status).toBe(200);
    expect(fake.counts.byRoute.get("GET /users/@me")).toBe(52);
  });

  it("are respected by the real client, which reads them from the headers", async () => {
    const fake = await startFake();
    fake.limits.routes.set("POST /channels/:channel_id/messages", { limit: 2, windowMs: 40 });
    const rest = restOf(fake);
    const channel = fake.addChannel(fake.guild);
    await Promise.all(
      [1, 2, 3, 4, 5].map((content) =>
        rest.post(Routes.channelMessages(channel.id), { body: { content: `${content}` } }),
      ),
    );
    expect(fake.counts.rateLimited).toBe(0);
    expect(fake.messagesIn(channel).map((message) => message.content)).toEqual([
      "1",
      "2",
      "3",
      "4",
      "5",
    ]);
  });
});

describe("faults", () => {
  const me = (fake: FakeDiscord, options: { signal?: AbortSignal } = {}) =>
    restOf(fake).get(Routes.user(), options);

  it("affect the given number of the given requests", async () => {
    const fake = await startFake();
    fake.fault({ kind: "status", status: 503, method: "GET", path: "/users/@me", times: 1 });
    await expect(me(fake)).rejects.toMatchObject({ status: 503 });
    await me(fake);
    const end = fake.fault({
      kind: "error",
      status: 403,
      code: 50013,
      message: "Missing Permissions",
      path: /@me$/,
    });
    expect(await refusal(me(fake))).toMatchObject({ status: 403, code: 50013 });
    end();
    await me(fake);
    expect(fake.requests.map((request) => request.status)).toEqual([503, 200, 403, 200]);
  });

  it("can lose a response after its effect, which an enforced nonce makes harmless", async () => {
    const fake = await startFake();
    const channel = fake.addChannel(fake.guild);
    const body = { content: "once", nonce: "n1", enforce_nonce: true };
    const post = () => restOf(fake).post(Routes.channelMessages(channel.id), { body });
    fake.fault({ kind: "reset", afterEffect: true, times: 1 });
    await expect(post()).rejects.toThrow();
    fake.fault({ kind: "reset", times: 1 });
    await expect(post()).rejects.toThrow();
    await post();
    expect(fake.messagesIn(channel)).toHaveLength(1);
  });

  it("can hang forever or hold a request until a test releases it", async () => {
    const fake = await startFake();
    fake.fault({ kind: "hang", times: 1 });
    const aborted = new AbortController();
    const hanging = me(fake, { signal: aborted.signal });
    await fake.until("the request came", ({ counts }) => counts.requests === 1);
    aborted.abort();
    await expect(hanging).rejects.toThrow();

    let release = (_value: unknown) => {};
    fake.fault({ kind: "hold", until: new Promise((resolve) => (release = resolve)), times: 1 });
    const held = me(fake);
    await fake.until("the next request came", ({ counts }) => counts.requests === 2);
    expect(fake.requests[1]?.status).toBe(0);
    release(undefined);
    await held;
  });
});

describe("the OpenAPI check", () => {
  const spec = loadDiscordSpec();
  // The reason stands in the name, so that the report of a machine without the file shows it.
  const unless = "missing" in spec ? ` (skipped: ${spec.missing})` : "";
  it.skipIf("missing" in spec)(
    `notes what Discord's file does not allow, and unknown routes${unless}`,
    async () => {
      const fake = await startFake();
      const channel = fake.addChannel(fake.guild);
      await restOf(fake).post(Routes.channelMessages(channel.id), {
        body: { content: "c", embedz: [] },
      });
      await restOf(fake)
        .get("/lambos/1")
        .catch(() => undefined);
      expect(fake.violations).toHaveLength(2);
      expect(fake.violations[0]).toContain('must NOT have additional properties ("embedz")');
      expect(fake.violations[1]).toContain("GET /lambos/1");
    },
  );
});
