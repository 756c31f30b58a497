import { setTimeout as delay } from "node:timers/promises";
import {
  Client,
  DiscordjsError,
  DiscordjsErrorCodes,
  Events,
  GatewayDispatchEvents,
  GatewayIntentBits,
  Options,
  type REST,
} from "discord.js";
import { GatewayCloseCodes } from "discord-api-types/v10";
import { z } from "zod";
import type { Log } from "../log.ts";
import type { Command } from "./command.ts";
import type { Dispatch } from "./dispatch.ts";
import type { GuildPresence } from "./guild-presence.ts";
import { readInteraction } from "./interaction.ts";
import { type PermissionChange, watchPermissions } from "./permission-changes.ts";
import { createInteractionRest, restResponder } from "./rest-responder.ts";

/** A bot that is logged in and answers what the gateway brings. */
export type Gateway = {
  readonly applicationId: string;
  /** REST with the bot's own token, within Discord's 50 requests a second: for registration and posts, not for answers. */
  readonly rest: REST;
  /** False while the connection is being remade, and after its end. */
  isConnected(): boolean;
  /** Closes the connection; answers still in flight go out, since they need no connection. The process should end after it. */
  stop(): Promise<void>;
};

const readyPayload = z.object({
  application: z.object({ id: z.string() }),
  guilds: z.array(z.object({ id: z.string() })),
  shard: z.tuple([z.number(), z.number()]).default([0, 1]),
});
const guildPayload = z.object({ id: z.string() });
// Only an outage has the field (discord.com/developers/docs/topics/gateway-events#guild-delete, 2026-11).
const guildDeletePayload = z.object({ id: z.string(), unavailable: z.boolean().default(false) });

/** How long `stop` waits for a connection that is just being remade: discord.js cannot cancel it and would come back after the end. */
const RECONNECTED_WITHIN_MS = 2_000;

/** How long `stop` waits for Discord to agree to the end; a dead connection never does. */
const CLOSED_WITHIN_MS = 2_000;

/** Interactions remembered so that a replay after a resume is not answered again; far more than arrive in the 3 s that one may live. */
const REMEMBERED_INTERACTIONS = 2_000;

const TOKEN_REFUSED =
  "DISCORD_TOKEN was refused by Discord: copy the token of your bot from discord.com/developers (Bot, Reset Token) and start again.";

/**
 * Logs in to Discord with the `Guilds` intent only and hands every interaction to `dispatch`. `apiUrl` is another REST host, without the
 * version; the gateway's address then comes from its `/gateway/bot`. Rejects with one plain sentence, already logged, when the login
 * fails; `onLost` gets one when Discord ends the session for good later on.
 */
export async function startGateway(options: {
  token: string;
  apiUrl?: string | undefined;
  commands: readonly Command[];
  dispatch: Pick<Dispatch, "handle">;
  /** Told of the servers that the bot is in. */
  guilds?: Pick<GuildPresence, "shardReady" | "arrived" | "removed"> | undefined;
  /** Told when the bot may have other permissions. */
  permissionsChanged?: ((change: PermissionChange) => void) | undefined;
  log: Log;
  onLost?: (sentence: string) => void;
}): Promise<Gateway> {
  const { token, apiUrl, commands, dispatch, guilds, log } = options;
  const answers = createInteractionRest({ apiUrl });
  const client = createClient(apiUrl);
  const seen = new Set<string>();
  const remaking = new Set<number>();
  let phase: "starting" | "running" | "over" = "starting";

  client.on(Events.Error, (error) => log.error({ causes: sentenceOf(error) }, "discord.js reported an error"));
  client.on(Events.Warn, (warning) => log.warn({}, `discord.js warns: ${warning}`));
  client.on(Events.ShardError, (error, shardId) => {
    if (phase === "running") log.warn({ shardId }, `The connection to Discord had an error and is remade: ${sentenceOf(error)}`);
  });
  client.on(Events.ShardReconnecting, (shardId) => {
    // Closing it ourselves is announced as a reconnect too.
    if (phase === "over") return;
    remaking.add(shardId);
    log.warn({ shardId }, "The connection to Discord was lost and is remade");
  });
  client.on(Events.ShardResume, (shardId, replayedEvents) => {
    remaking.delete(shardId);
    log.info({ shardId, replayedEvents }, "The connection to Discord was resumed");
  });
  client.on(Events.ShardReady, (shardId) => {
    remaking.delete(shardId);
    log.info({ shardId }, "The connection to Discord is ready");
  });
  client.on(Events.ShardDisconnect, ({ code }, shardId) => {
    if (phase !== "running") return;
    phase = "over";
    const sentence = closeSentence(code);
    log.error({ shardId, code }, sentence);
    options.onLost?.(sentence);
  });

  // The raw event, because it comes before discord.js is ready for its own and works without its caches.
  client.ws.on(GatewayDispatchEvents.InteractionCreate, (payload: unknown) => {
    const received = readInteraction(payload, commands);
    if (received === undefined) {
      log.warn({}, "Discord sent an interaction that this bot does not know");
      return;
    }
    const { interactionId } = received.address;
    if (seen.has(interactionId)) return;
    seen.add(interactionId);
    for (const oldest of seen) {
      if (seen.size <= REMEMBERED_INTERACTIONS) break;
      seen.delete(oldest);
    }
    void dispatch.handle(received.call, restResponder(answers, received.address));
  });

  if (options.permissionsChanged !== undefined) watchPermissions(client.ws, options.permissionsChanged);

  client.ws.on(GatewayDispatchEvents.Ready, (payload: unknown) => {
    const { data } = readyPayload.safeParse(payload);
    if (data === undefined) return;
    const [shardId, shardCount] = data.shard;
    guilds?.shardReady({ shardId, shardCount, guildIds: data.guilds.map(({ id }) => id) });
  });
  client.ws.on(GatewayDispatchEvents.GuildCreate, (payload: unknown) => {
    const { data } = guildPayload.safeParse(payload);
    if (data !== undefined) guilds?.arrived(data.id);
  });
  client.ws.on(GatewayDispatchEvents.GuildDelete, (payload: unknown) => {
    const { data } = guildDeletePayload.safeParse(payload);
    if (data !== undefined && !data.unavailable) guilds?.removed(data.id);
  });

  const ready = new Promise<unknown>((resolve) => client.ws.once(GatewayDispatchEvents.Ready, resolve));
  try {
    await client.login(token);
    const { application } = readyPayload.parse(await ready);
    phase = "running";
    let stopped: Promise<void> | undefined;
    return {
      applicationId: application.id,
      rest: client.rest,
      isConnected: () => phase === "running" && remaking.size === 0,
      stop: () => (stopped ??= stop()),
    };
  } catch (error) {
    phase = "over";
    answers.clearHandlerSweeper();
    answers.clearHashSweeper();
    await client.destroy();
    const sentence = isTokenRefusal(error) ? TOKEN_REFUSED : `Discord could not be reached: ${sentenceOf(error)}`;
    log.error({}, sentence);
    throw new Error(sentence, { cause: error });
  }

  async function stop(): Promise<void> {
    phase = "over";
    await remade();
    client.ws.removeAllListeners(GatewayDispatchEvents.InteractionCreate);
    await Promise.race([client.destroy(), delay(CLOSED_WITHIN_MS, undefined, { ref: false })]);
    answers.clearHandlerSweeper();
    answers.clearHashSweeper();
  }

  async function remade(): Promise<void> {
    if (remaking.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, RECONNECTED_WITHIN_MS);
      const check = () => {
        if (remaking.size > 0) return;
        clearTimeout(timer);
        resolve();
      };
      client.on(Events.ShardResume, check);
      client.on(Events.ShardReady, check);
    });
  }
}

function createClient(apiUrl: string | undefined): Client {
  const client = new Client({
    intents: [GatewayIntentBits.Guilds],
    shards: "auto",
    allowedMentions: { parse: [] },
    ...(apiUrl === undefined ? {} : { rest: { api: apiUrl.replace(/\/+$/, "") } }),
    // Threads that come to be later are not in the lists that are shed below.
    sweepers: { threads: { interval: 3_600, filter: () => () => true } },
    // Nothing is read from these caches; at ten thousand servers they would be most of the memory.
    makeCache: Options.cacheWithLimits({
      ApplicationCommandManager: 0,
      AutoModerationRuleManager: 0,
      BaseGuildEmojiManager: 0,
      EntitlementManager: 0,
      GuildBanManager: 0,
      GuildEmojiManager: 0,
      GuildForumThreadManager: 0,
      GuildInviteManager: 0,
      GuildMemberManager: { maxSize: 0, keepOverLimit: (member) => member.id === member.client.user.id },
      GuildMessageManager: 0,
      GuildScheduledEventManager: 0,
      GuildStickerManager: 0,
      GuildTextThreadManager: 0,
      MessageManager: 0,
      PresenceManager: 0,
      ReactionManager: 0,
      ReactionUserManager: 0,
      StageInstanceManager: 0,
      ThreadManager: 0,
      ThreadMemberManager: 0,
      UserManager: 0,
      VoiceStateManager: 0,
    }),
  });
  // The raw event comes before discord.js reads the same object.
  for (const event of [GatewayDispatchEvents.GuildCreate, GatewayDispatchEvents.GuildUpdate]) client.ws.on(event, shedUnread);
  return client;
}

// What a server brings along that nothing here reads. discord.js cannot be told not to keep channels and roles: a thousand servers of fifty
// channels and thirty roles took 89 MB of heap with them and 9 without (measured 2026-11 with discord.js 14.28 on the fake Discord).
const UNREAD_LISTS = ["channels", "threads", "roles", "emojis", "stickers", "members", "presences", "voice_states", "soundboard_sounds"];

/** Empties the lists of a server's payload that nothing here reads, in place. */
export function shedUnread(guild: unknown): void {
  if (typeof guild !== "object" || guild === null) return;
  for (const name of UNREAD_LISTS) if (name in guild) Reflect.set(guild, name, []);
}

const isTokenRefusal = (error: unknown) =>
  (error instanceof DiscordjsError && error.code === DiscordjsErrorCodes.TokenInvalid) ||
  // What @discordjs/ws makes of close code 4004; it gives no code along.
  (error instanceof Error && error.message === "Authentication failed");

const closeSentence = (code: number) =>
  code === GatewayCloseCodes.AuthenticationFailed
    ? TOKEN_REFUSED
    : `Discord ended the session for good (${GatewayCloseCodes[code] ?? `code ${code}`}): restart the bot.`;

/** The messages of an error and its causes in one line, without stacks. */
function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message} (${sentenceOf(error.cause)})`;
}
