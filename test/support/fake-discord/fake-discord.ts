import { createServer } from "node:http";
import { type DiscordSpec, loadDiscordSpec } from "../../contract/discord-spec.ts";
import { createChanges } from "./changes.ts";
import { type CommandStore, createCommandStore } from "./commands.ts";
import { createGateway, type FakeGateway } from "./gateway.ts";
import type { InteractionHandle } from "./interaction-handle.ts";
import { createInteractions, type Interactions } from "./interactions.ts";
import { createMessageStore, type SeenMessage } from "./messages.ts";
import { defaultRateLimits, type RateLimits } from "./rate-limits.ts";
import {
  createRest,
  type Fault,
  type Refusal,
  type RestCounts,
  readBody,
  type SeenRequest,
} from "./rest.ts";
import type { CommandScene, Scene, TypingScene } from "./scene.ts";
import { createSigning, type Signing } from "./signing.ts";
import {
  type ChannelOptions,
  createWorld,
  type FakeChannel,
  type FakeGuild,
  type FakeRole,
  type FakeUser,
  type GuildOptions,
} from "./world.ts";

/** What to change about a new fake Discord. */
export type FakeDiscordOptions = {
  /** The only token that is let in. */
  token?: string;
  /** What the portal has as Interactions Endpoint URL; null is none. */
  interactionsEndpointUrl?: string | null;
  /** How many servers the bot is in at first; default 1. */
  guilds?: number;
  /**
   * The clock of ids, of the 3-second and 15-minute rules and of nonces, in ms; default the real
   * one.
   */
  now?: () => number;
  /**
   * The clock of rate limits, in ms; default the real one, because the client waits in real time.
   */
  limitNow?: () => number;
  /** What `/gateway/bot` recommends; default 1. */
  shards?: number;
  /** Default 41,250, as Discord's. */
  heartbeatIntervalMs?: number;
  /**
   * True: an unavailable server stays silent after READY, which makes discord.js wait its
   * `waitGuildTimeout`.
   */
  silentOutages?: boolean;
  allowPrivilegedIntents?: boolean;
  /** False: no route limits and no global limit. */
  rateLimits?: boolean;
  /** False: requests are counted but not kept, nor are the bytes of files (for load). */
  keepRequests?: boolean;
  /**
   * False: requests are not checked against Discord's OpenAPI file (for load: a check takes ms).
   */
  checkSpec?: boolean;
};

/** A local Discord: REST and gateway for one bot, and the hands of the people who use it. */
export type FakeDiscord = {
  readonly token: string;
  /** For `DISCORD_API_URL`, such as `http://127.0.0.1:4711/api`. */
  readonly apiUrl: string;
  /** What to put into a bot's environment. */
  readonly env: { readonly DISCORD_TOKEN: string; readonly DISCORD_API_URL: string };
  /** The same for a bot that is called over HTTP, without a token. */
  readonly httpEnv: {
    readonly DISCORD_PUBLIC_KEY: string;
    readonly DISCORD_APPLICATION_ID: string;
    readonly DISCORD_API_URL: string;
  };
  readonly applicationId: string;
  readonly botUser: FakeUser;
  readonly gateway: FakeGateway;
  readonly commands: CommandStore;
  /** The first server, which exists unless `guilds` is 0. */
  readonly guild: FakeGuild;
  readonly guilds: ReadonlyMap<string, FakeGuild>;
  readonly limits: RateLimits;
  readonly counts: RestCounts;
  readonly requests: readonly SeenRequest[];
  /**
   * Breaches of Discord's OpenAPI file and of its rules beyond it; a test ends with
   * `expect(fake.violations).toEqual([])`.
   */
  readonly violations: readonly string[];
  /** Why requests are not checked against the OpenAPI file; undefined when they are. */
  readonly specMissing: string | undefined;

  user(options?: { id?: string; username?: string }): FakeUser;
  /** Adds a server and tells the clients that are logged in. */
  addGuild(options?: GuildOptions): FakeGuild;
  /** The bot is removed from a server. */
  removeGuild(guild: FakeGuild): void;
  /** The bot comes back into a server that it left. */
  restoreGuild(guild: FakeGuild): void;
  /** An outage of one server begins or ends. */
  outage(guild: FakeGuild, unavailable: boolean): void;
  addChannel(guild: FakeGuild, options?: ChannelOptions): FakeChannel;
  addRole(guild: FakeGuild, options?: { name?: string; permissions?: bigint }): FakeRole;
  removeChannel(channel: FakeChannel): void;
  /** The bot's direct message with somebody. */
  directMessage(user: FakeUser): FakeChannel;
  /** What everybody in a channel sees, oldest first. */
  messagesIn(channel: FakeChannel | string): readonly SeenMessage[];

  /** Somebody writes in a channel. */
  say(channel: FakeChannel, user: FakeUser, content: string): SeenMessage;
  /** Somebody sends a slash command. */
  command(scene: CommandScene): InteractionHandle;
  /** Somebody types an option that has autocomplete. */
  type(scene: TypingScene): InteractionHandle;
  /** Somebody presses a button. */
  press(
    message: SeenMessage,
    customId: string,
    user: FakeUser,
    extra?: Partial<Scene>,
  ): InteractionHandle;
  /** Somebody chooses from a menu. */
  choose(
    message: SeenMessage,
    customId: string,
    values: readonly string[],
    user: FakeUser,
    extra?: Partial<Scene>,
  ): InteractionHandle;
  /** Sends a component whose id the message does not have. */
  forge(
    message: SeenMessage,
    customId: string,
    user: FakeUser,
    values?: readonly string[],
  ): InteractionHandle;
  /**
   * The same without a gateway: `.payload` is the JSON to send, the handle awaits what comes back.
   */
  readonly payload: Interactions["payload"];
  /** The headers with which Discord signs a body for this application. */
  readonly sign: Signing["headers"];
  /** The key that signs, for a load generator. */
  readonly signingKeyPem: string;
  /**
   * Posts an interaction, signed, to the bot's endpoint (an address, or what takes the request) and
   * takes its response for the answer.
   */
  post(
    handle: InteractionHandle,
    endpoint: string | ((request: Request) => Response | Promise<Response>),
  ): Promise<Response>;

  /** Makes requests fail; the answer ends it. */
  fault(fault: Fault): () => void;
  /** Makes a channel refuse the bot; the answer ends it. */
  refuse(
    channel: FakeChannel | string,
    why: Refusal,
    action?: "post" | "read" | "publish" | "all",
  ): () => void;
  /** Resolves when `read` answers true; asked again after every request and gateway event. */
  until(what: string, read: (fake: FakeDiscord) => boolean): Promise<void>;
  /** Closes every socket; what is still awaited rejects and says what it was. */
  close(): Promise<void>;
};

/** Starts a fake Discord on a free port of 127.0.0.1. */
export async function startFakeDiscord(options: FakeDiscordOptions = {}): Promise<FakeDiscord> {
  const token = options.token ?? "ZmFrZQ.fake-discord.token-of-the-fake-discord";
  const now = options.now ?? (() => Date.now());
  const limitNow = options.limitNow ?? (() => Date.now());
  const keepRequests = options.keepRequests ?? true;
  const spec: DiscordSpec | { missing: string } =
    options.checkSpec === false ? { missing: "checkSpec is false" } : loadDiscordSpec();
  // Compiled now: within the three seconds that an answer may take, a busy machine would need most
  // of them for it.
  if (!("missing" in spec)) {
    spec.violations({
      method: "POST",
      path: "/interactions/1/token/callback",
      query: new URLSearchParams(),
      json: { type: 4, data: {} },
    });
  }
  const limits = defaultRateLimits();
  if (options.rateLimits === false) {
    limits.globalPerSecond = undefined;
    limits.routes.clear();
  }
  const changes = createChanges();
  const signing = createSigning();
  const { interactionsEndpointUrl: endpointUrl = "https://bot.example/interactions" } = options;
  const world = createWorld({ now, publicKey: signing.publicKey, endpointUrl });
  const messages = createMessageStore({ world, keepFiles: keepRequests });
  const commands = createCommandStore(world);
  let port = 0;
  const gateway = createGateway({
    world,
    changes,
    token,
    heartbeatIntervalMs: options.heartbeatIntervalMs ?? 41_250,
    silentOutages: options.silentOutages ?? false,
    allowPrivilegedIntents: options.allowPrivilegedIntents ?? false,
    sessionStartLimit: 1000,
    url: () => `ws://127.0.0.1:${port}`,
  });
  const interactions = createInteractions({
    world,
    messages,
    commands,
    changes,
    now,
    readHttpBody: async (response) =>
      readBody(await response.arrayBuffer(), response.headers.get("content-type") ?? ""),
  });
  const rest = createRest({
    world,
    messages,
    commands,
    interactions,
    gateway,
    changes,
    spec: "missing" in spec ? undefined : spec,
    token,
    shards: options.shards ?? 1,
    limits,
    limitNow,
    keepRequests,
  });
  for (let index = 0; index < (options.guilds ?? 1); index += 1) world.addGuild();

  const server = createServer(rest.serve);
  server.on("upgrade", gateway.accept);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string")
    throw new Error("A TCP server has a numbered port.");
  port = address.port;
  const apiUrl = `http://127.0.0.1:${port}/api`;

  const idOf = (channel: FakeChannel | string): string =>
    typeof channel === "string" ? channel : channel.id;
  const send = (handle: InteractionHandle): InteractionHandle => {
    const guildId = handle.payload["guild_id"];
    gateway.dispatch(
      "INTERACTION_CREATE",
      handle.payload,
      typeof guildId === "string" ? guildId : undefined,
    );
    return handle;
  };

  const fake: FakeDiscord = {
    token,
    apiUrl,
    env: { DISCORD_TOKEN: token, DISCORD_API_URL: apiUrl },
    httpEnv: {
      DISCORD_PUBLIC_KEY: signing.publicKey,
      DISCORD_APPLICATION_ID: world.applicationId,
      DISCORD_API_URL: apiUrl,
    },
    applicationId: world.applicationId,
    botUser: world.botUser,
    gateway,
    commands,
    get guild() {
      const first = world.guilds.values().next().value;
      if (!first) throw new Error("This fake Discord was started with guilds: 0.");
      return first;
    },
    guilds: world.guilds,
    limits,
    counts: rest.counts,
    requests: rest.requests,
    violations: rest.violations,
    specMissing: "missing" in spec ? spec.missing : undefined,

    user: world.addUser,
    addGuild(guildOptions) {
      const guild = world.addGuild(guildOptions);
      if (guild.joined) gateway.guildArrived(guild);
      return guild;
    },
    removeGuild(guild) {
      guild.joined = false;
      gateway.guildLeft(guild, { unavailable: false });
    },
    restoreGuild(guild) {
      guild.joined = true;
      gateway.guildArrived(guild);
    },
    outage(guild, unavailable) {
      guild.unavailable = unavailable;
      if (unavailable) gateway.guildLeft(guild, { unavailable: true });
      else gateway.guildArrived(guild);
    },
    addChannel: world.addChannel,
    addRole: world.addRole,
    removeChannel(channel) {
      world.channels.delete(channel.id);
      if (channel.guild_id !== undefined)
        world.guilds.get(channel.guild_id)?.channels.delete(channel.id);
    },
    directMessage: world.dmChannel,
    messagesIn: (channel) => messages.inChannel(idOf(channel)),

    say: (channel, user, content) => messages.say(channel.id, user.id, content),
    command: (scene) => send(interactions.payload.command(scene)),
    type: (scene) => send(interactions.payload.type(scene)),
    press: (message, customId, user, extra) =>
      send(interactions.payload.press(message, customId, user, extra)),
    choose: (message, customId, values, user, extra) =>
      send(interactions.payload.choose(message, customId, values, user, extra)),
    forge: (message, customId, user, values) =>
      send(interactions.payload.forge(message, customId, user, values)),
    payload: interactions.payload,
    sign: signing.headers,
    signingKeyPem: signing.privateKeyPem,
    async post(handle, endpoint) {
      const body = JSON.stringify(handle.payload);
      const init = {
        method: "POST",
        body,
        headers: signing.headers(body, Math.floor(now() / 1_000)),
      };
      const response = await (typeof endpoint === "string"
        ? fetch(endpoint, init)
        : endpoint(new Request("http://bot.example/interactions", init)));
      const copy = response.clone();
      if (response.ok) await handle.answeredOverHttp(response);
      return copy;
    },

    fault: rest.addFault,
    refuse: (channel, why, action) => rest.refuse(idOf(channel), why, action),
    until: (what, read) =>
      changes.until(what, () => (read(fake) ? true : undefined)).then(() => undefined),
    async close() {
      changes.end();
      rest.end();
      await gateway.end();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return fake;
}
