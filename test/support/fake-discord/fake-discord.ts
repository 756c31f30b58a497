import { createServer } from "node:http";
import { type DiscordSpec, loadDiscordSpec } from "../../contract/discord-spec.ts";
import { createChanges } from "./changes.ts";
import { type CommandStore, createCommandStore } from "./commands.ts";
import { type FakeGateway, Gateway } from "./gateway.ts";
import type { InteractionHandle } from "./interaction-handle.ts";
import { createInteractions, type Interactions } from "./interactions.ts";
import { MessageStore } from "./messages.ts";
import { defaultRateLimits, type RateLimits } from "./rate-limits.ts";
import { Rest, type RestCounts, type SeenRequest } from "./rest.ts";
import { readBody } from "./rest-body.ts";
import type { Fault, Refusal, RefusedAction } from "./rest-faults.ts";
import type { CommandScene, MessageCommandScene, Scene, TypingScene } from "./scene.ts";
import type { SeenMessage } from "./seen-message.ts";
import { createSigning, type Signing } from "./signing.ts";
import {
  type ChannelOptions,
  type FakeChannel,
  type FakeGuild,
  type FakeRole,
  type FakeUser,
  type GuildOptions,
  World,
} from "./world.ts";
import { guildJson } from "./world-json.ts";

/** How a new fake Discord differs from the default. */
export type FakeDiscordOptions = {
  /** The only token that is accepted. */
  token?: string;
  /** The Interactions Endpoint URL of the developer portal; null: none. */
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

/** A local Discord: REST and gateway for one bot, and what the people who use it do. */
export type FakeDiscord = {
  readonly token: string;
  /** For `DISCORD_API_URL`, such as `http://127.0.0.1:4711/api`. */
  readonly apiUrl: string;
  /** The environment of a bot that connects to this fake. */
  readonly env: { readonly DISCORD_TOKEN: string; readonly DISCORD_API_URL: string };
  /** The same for a bot that Discord calls over HTTP, without a token. */
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
  /** An admin chooses another locale for a server. */
  chooseLocale(guild: FakeGuild, preferredLocale: string): void;
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
  /** Somebody chooses a command in the menu of a message. */
  messageCommand(scene: MessageCommandScene): InteractionHandle;
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
  /** Somebody sends the modal that an interaction of theirs opened. */
  submit(
    opened: Pick<InteractionHandle, "token">,
    typed: Readonly<Record<string, string>>,
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
   * The same without a gateway: the handle's `payload` is the JSON to send, and the handle awaits
   * what comes back.
   */
  readonly payload: Interactions["payload"];
  /** The headers with which Discord signs a body for this application. */
  readonly sign: Signing["headers"];
  /** The key that signs, for a load generator. */
  readonly signingKeyPem: string;
  /**
   * Posts a signed interaction to the bot's endpoint (an address or a request handler) and takes
   * the response as the interaction callback.
   */
  post(
    handle: InteractionHandle,
    endpoint: string | ((request: Request) => Response | Promise<Response>),
  ): Promise<Response>;

  /** Makes requests fail; the returned function ends that. */
  fault(fault: Fault): () => void;
  /** Makes a channel refuse the bot; the returned function ends that. */
  refuse(channel: FakeChannel | string, why: Refusal, action?: RefusedAction): () => void;
  /** Resolves when `read` returns true; asked again after every request and gateway event. */
  until(what: string, read: (fake: FakeDiscord) => boolean): Promise<void>;
  /** Closes every socket; whatever is still awaited rejects with its description. */
  close(): Promise<void>;
};

/** Starts a fake Discord on a free port of 127.0.0.1. */
export async function startFakeDiscord(options: FakeDiscordOptions = {}): Promise<FakeDiscord> {
  const parts = createParts(options);
  const { world, changes, gateway, interactions, messages, rest, signing, spec } = parts;
  for (let index = 0; index < (options.guilds ?? 1); index += 1) world.addGuild();
  const server = await parts.listen();
  const apiUrl = `http://127.0.0.1:${server.port}/api`;

  const fake: FakeDiscord = {
    token: parts.token,
    apiUrl,
    env: { DISCORD_TOKEN: parts.token, DISCORD_API_URL: apiUrl },
    httpEnv: {
      DISCORD_PUBLIC_KEY: signing.publicKey,
      DISCORD_APPLICATION_ID: world.applicationId,
      DISCORD_API_URL: apiUrl,
    },
    applicationId: world.applicationId,
    botUser: world.botUser,
    gateway,
    commands: parts.commands,
    get guild() {
      const first = world.guilds.values().next().value;
      if (!first) throw new Error("This fake Discord was started with guilds: 0.");
      return first;
    },
    guilds: world.guilds,
    limits: parts.limits,
    counts: rest.counts,
    requests: rest.requests,
    violations: rest.violations,
    specMissing: "missing" in spec ? spec.missing : undefined,

    ...serverChanges(world, gateway),
    messagesIn: (channel) => messages.inChannel(idOf(channel)),

    say: (channel, user, content) => messages.say(channel.id, user.id, content),
    ...peoplesActions(interactions, gateway),
    payload: interactions.payload,
    sign: signing.headers,
    signingKeyPem: signing.privateKeyPem,
    post: (handle, endpoint) => post(handle, endpoint, { signing, now: world.now }),

    fault: (fault) => rest.faults.add(fault),
    refuse: (channel, why, action) => rest.refusals.add(idOf(channel), why, action),
    until: (what, read) =>
      changes.until(what, () => (read(fake) ? true : undefined)).then(() => undefined),
    async close() {
      changes.end();
      rest.end();
      await gateway.end();
      await server.close();
    },
  };
  return fake;
}

/** The halves of a fake Discord, wired together but not listening yet. */
function createParts(options: FakeDiscordOptions) {
  const token = options.token ?? "ZmFrZQ.fake-discord.token-of-the-fake-discord";
  const now = options.now ?? (() => Date.now());
  const keepRequests = options.keepRequests ?? true;
  const spec = compiledSpec(options.checkSpec ?? true);
  const limits = defaultRateLimits();
  if (options.rateLimits === false) {
    limits.globalPerSecond = undefined;
    limits.routes.clear();
  }
  const changes = createChanges();
  const signing = createSigning();
  const { interactionsEndpointUrl: endpointUrl = "https://bot.example/interactions" } = options;
  const world = new World({ now, publicKey: signing.publicKey, endpointUrl });
  const messages = new MessageStore({ world, keepFiles: keepRequests });
  const commands = createCommandStore(world);
  let port = 0;
  const gateway = new Gateway({
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
  const rest = new Rest({
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
    limitNow: options.limitNow ?? (() => Date.now()),
    keepRequests,
  });
  const listen = async () => {
    const server = await startServer(rest, gateway);
    port = server.port;
    return server;
  };
  return {
    token,
    spec,
    limits,
    changes,
    signing,
    world,
    messages,
    commands,
    gateway,
    interactions,
    rest,
    listen,
  };
}

function compiledSpec(isWanted: boolean): DiscordSpec | { missing: string } {
  const spec = isWanted ? loadDiscordSpec() : { missing: "checkSpec is false" };
  // Compiled now: on a busy machine that takes most of the three seconds that a bot has to respond.
  if (!("missing" in spec)) {
    spec.violations({
      method: "POST",
      path: "/interactions/1/token/callback",
      query: new URLSearchParams(),
      json: { type: 4, data: {} },
    });
  }
  return spec;
}

async function startServer(rest: Rest, gateway: Gateway) {
  const server = createServer((request, response) => rest.serve(request, response));
  server.on("upgrade", (request, socket, head) => gateway.accept(request, socket, head));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string")
    throw new Error("A TCP server has a numbered port.");
  return {
    port: address.port,
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

const idOf = (channel: FakeChannel | string): string =>
  typeof channel === "string" ? channel : channel.id;

/** What happens to servers, channels and people; the gateway tells the bot. */
function serverChanges(world: World, gateway: Gateway) {
  return {
    user: (options) => world.addUser(options),
    addGuild(options) {
      const guild = world.addGuild(options);
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
    chooseLocale(guild, preferredLocale) {
      guild.preferredLocale = preferredLocale;
      gateway.dispatch("GUILD_UPDATE", guildJson(guild), guild.id);
    },
    outage(guild, unavailable) {
      guild.unavailable = unavailable;
      if (unavailable) gateway.guildLeft(guild, { unavailable: true });
      else gateway.guildArrived(guild);
    },
    addChannel: (guild, options) => world.addChannel(guild, options),
    addRole: (guild, options) => world.addRole(guild, options),
    removeChannel(channel) {
      world.channels.delete(channel.id);
      if (channel.guild_id !== undefined)
        world.guilds.get(channel.guild_id)?.channels.delete(channel.id);
    },
    directMessage: (user) => world.dmChannel(user),
  } satisfies Partial<FakeDiscord>;
}

/** What people do, sent to the bot over the gateway. */
function peoplesActions({ payload }: Interactions, gateway: Gateway) {
  const send = (handle: InteractionHandle): InteractionHandle => {
    const guildId = handle.payload["guild_id"];
    gateway.dispatch(
      "INTERACTION_CREATE",
      handle.payload,
      typeof guildId === "string" ? guildId : undefined,
    );
    return handle;
  };
  return {
    command: (scene) => send(payload.command(scene)),
    messageCommand: (scene) => send(payload.messageCommand(scene)),
    type: (scene) => send(payload.type(scene)),
    press: (message, customId, user, extra) => send(payload.press(message, customId, user, extra)),
    choose: (message, customId, values, user, extra) =>
      send(payload.choose(message, customId, values, user, extra)),
    submit: (opened, typed, extra) => send(payload.submit(opened, typed, extra)),
    forge: (message, customId, user, values) =>
      send(payload.forge(message, customId, user, values)),
  } satisfies Partial<FakeDiscord>;
}

async function post(
  handle: InteractionHandle,
  endpoint: string | ((request: Request) => Response | Promise<Response>),
  { signing, now }: { signing: Signing; now: () => number },
): Promise<Response> {
  const body = JSON.stringify(handle.payload);
  const headers = signing.headers(body, Math.floor(now() / 1_000));
  const init = { method: "POST", body, headers };
  const response = await (typeof endpoint === "string"
    ? fetch(endpoint, init)
    : endpoint(new Request("http://bot.example/interactions", init)));
  const copy = response.clone();
  if (response.ok) await handle.answeredOverHttp(response);
  return copy;
}
