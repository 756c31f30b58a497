import { EventEmitter } from "node:events";
import {
  Client,
  GatewayDispatchEvents,
  GatewayIntentBits,
  Options,
  SimpleShardingStrategy,
} from "discord.js";
import { z } from "zod";
import { within } from "../process/clock.ts";
import type { IdentifyLimit, SessionStarts } from "./identify-limit.ts";

/** How long closing waits for Discord, in milliseconds: a dead connection never responds. */
const CLOSED_WITHIN_MS = 2_000;

/** How long asking for the remaining session starts may take, in milliseconds. */
const STARTS_WITHIN_MS = 5_000;

/** A discord.js client that can be ended for good at any moment. */
export type GatewayClient = {
  readonly client: Client;
  /** Closes every connection for good: no more events. Never rejects. */
  end(): Promise<void>;
};

/**
 * Makes a client with the `Guilds` intent only; `apiUrl` is another REST host, without the version.
 * Every IDENTIFY waits for `limit`; `onIdentify` is called when the wait begins and when it ends.
 */
export function createGatewayClient(options: {
  apiUrl: string | undefined;
  limit: IdentifyLimit;
  onIdentify: (event: "waits" | "goes") => void;
}): GatewayClient {
  const { apiUrl, limit, onIdentify } = options;
  let isOver = false;
  let strategy: SimpleShardingStrategy | undefined;
  const client = new Client({
    intents: [GatewayIntentBits.Guilds],
    shards: "auto",
    allowedMentions: { parse: [] },
    ...(apiUrl === undefined ? {} : { rest: { api: apiUrl.replace(/\/+$/, "") } }),
    ws: {
      buildIdentifyThrottler: (manager) => ({
        async waitForIdentify(shardId, signal) {
          // After a rejection the library would IDENTIFY anyway.
          if (isOver) return never();
          onIdentify("waits");
          try {
            await limit.acquire(shardId, { signal, askStarts: () => askStarts(manager) });
          } finally {
            onIdentify("goes");
          }
          if (isOver) return never();
        },
      }),
      buildStrategy(manager) {
        const { retrieveSessionInfo } = manager.options;
        // Called before every new connection. Without it, a client that is ended while it connects
        // would reconnect half a second later (@discordjs/ws 1.2.3, WebSocketShard#waitForEvent).
        manager.options.retrieveSessionInfo = (shardId) =>
          isOver ? never() : retrieveSessionInfo(shardId);
        strategy = new SimpleShardingStrategy(manager);
        return strategy;
      },
    },
    // Threads created later are not in the lists that `dropUnreadLists` empties.
    sweepers: { threads: { interval: 3_600, filter: () => () => true } },
    makeCache: Options.cacheWithLimits(UNCACHED),
  });
  // The raw event is emitted before discord.js reads the same object.
  for (const event of [GatewayDispatchEvents.GuildCreate, GatewayDispatchEvents.GuildUpdate])
    client.ws.on(event, dropUnreadLists);
  return {
    client,
    async end() {
      if (isOver) return;
      isOver = true;
      const connections = connectionsOf(strategy);
      // The library removes its own listener, so a handshake that fails later would end the
      // process.
      for (const connection of connections) connection.on("error", () => {});
      client.ws.removeAllListeners();
      await within(
        CLOSED_WITHIN_MS,
        client.destroy().catch(() => undefined),
      );
      for (const connection of connections) connection.terminate();
    },
  };
}

const never = () => new Promise<never>(() => {});

const gatewayInformation = z.object({
  session_start_limit: z.object({
    total: z.number(),
    remaining: z.number(),
    reset_after: z.number(),
    max_concurrency: z.number().min(1),
  }),
});

async function askStarts(manager: {
  fetchGatewayInformation(force?: boolean): Promise<unknown>;
}): Promise<SessionStarts | undefined> {
  const asked = manager.fetchGatewayInformation(true).catch(() => undefined);
  const { data } = gatewayInformation.safeParse(await within(STARTS_WITHIN_MS, asked));
  if (data === undefined) return undefined;
  const { total, remaining, reset_after, max_concurrency } = data.session_start_limit;
  return { total, remaining, resetAfterMs: reset_after, maxConcurrency: max_concurrency };
}

type Connection = EventEmitter & { terminate(): void };

/** The WebSockets of the shards, which the library does not expose. */
function connectionsOf(strategy: SimpleShardingStrategy | undefined): Connection[] {
  const shards: unknown = strategy && Reflect.get(strategy, "shards");
  if (!(shards instanceof Map)) return [];
  return [...shards.values()]
    .map((shard: object) => Reflect.get(shard, "connection"))
    .filter(isConnection);
}

const isConnection = (value: unknown): value is Connection =>
  value instanceof EventEmitter && "terminate" in value;

// Nothing reads these caches; at ten thousand servers they would take most of the memory.
const UNCACHED: Parameters<typeof Options.cacheWithLimits>[0] = {
  ApplicationCommandManager: 0,
  AutoModerationRuleManager: 0,
  BaseGuildEmojiManager: 0,
  EntitlementManager: 0,
  GuildBanManager: 0,
  GuildEmojiManager: 0,
  GuildForumThreadManager: 0,
  GuildInviteManager: 0,
  GuildMemberManager: {
    maxSize: 0,
    keepOverLimit: (member) => member.id === member.client.user.id,
  },
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
};

// The parts of a server's payload that nothing here reads. discord.js has no option to drop
// channels and roles: a thousand servers of fifty channels and thirty roles took 89 MB of heap with
// them and 9 MB without (measured 2026-11 with discord.js 14.28 on the fake Discord).
const UNREAD_LISTS = [
  "channels",
  "threads",
  "roles",
  "emojis",
  "stickers",
  "members",
  "presences",
  "voice_states",
  "soundboard_sounds",
];

/** Empties, in place, the lists of a server's payload that nothing here reads. */
export function dropUnreadLists(guild: unknown): void {
  if (typeof guild !== "object" || guild === null) return;
  for (const name of UNREAD_LISTS) if (name in guild) Reflect.set(guild, name, []);
}
