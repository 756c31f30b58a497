import { RESTJSONErrorCodes, Routes } from "discord-api-types/v10";
import { z } from "zod";
import { BoundedMap } from "../../process/bounded-map.ts";
import type { Result } from "../../result.ts";
import type { BotRest } from "./bot-rest.ts";
import type { RequestPriority } from "./rate-limiter.ts";

/**
 * Why a server's channel or role could not be looked up: `unknown` (deleted, or another server's),
 * `no-access` (the bot may not see it), `unavailable` (Discord cannot be reached now).
 */
export type DirectoryFailure = "unknown" | "no-access" | "unavailable";

/** {@link DirectoryFailure} as a result. */
export type DirectoryRefusal = { readonly reason: DirectoryFailure };

/** What Discord returned, or why nothing was found. */
export type Found<Value> = Result<{ readonly value: Value }, DirectoryRefusal>;

/**
 * Long enough that one command reads a server once; if it were much longer, an admin who grants a
 * permission would not see the effect.
 */
const KEEP_MS = 5_000;

/** Servers, channels and members kept at once. */
const MAX_KEPT = 1_000;

const id = z.string();
const bits = z.string().transform((digits) => BigInt(digits));
const channelShape = z.object({
  id,
  type: z.number(),
  guild_id: id.nullish(),
  name: z.string().nullish(),
  parent_id: id.nullish(),
  permission_overwrites: z
    .array(z.object({ id, type: z.number(), allow: bits, deny: bits }))
    .nullish()
    .transform((overwrites) => overwrites ?? []),
});
const guildShape = z.object({
  id,
  owner_id: id,
  system_channel_id: id.nullish(),
  roles: z.array(z.object({ id, name: z.string(), permissions: bits, mentionable: z.boolean() })),
});
const memberShape = z.object({
  roles: z.array(id),
  communication_disabled_until: z.string().nullish(),
});

/** The fields read here of a channel in Discord's REST API. */
export type RestChannel = z.infer<typeof channelShape>;

/** The fields read here of a server in Discord's REST API. */
export type RestGuild = z.infer<typeof guildShape>;

/** The fields read here of a member in Discord's REST API. */
export type RestMember = z.infer<typeof memberShape>;

/** Reads servers from Discord. Never rejects. */
export type GuildReader = {
  guild(guildId: string): Promise<Found<RestGuild>>;
  /** A channel that the bot can see, in any server. */
  visibleChannel(channelId: string): Promise<Found<RestChannel>>;
  /** All channels of a server except threads, including those that the bot cannot see. */
  channels(guildId: string): Promise<Found<readonly RestChannel[]>>;
  member(guildId: string, userId: string): Promise<Found<RestMember>>;
};

/**
 * Makes a reader that uses REST and keeps responses for `keepMs` (default 5,000; 0: not at all).
 */
export function createGuildReader(options: {
  rest: Pick<BotRest, "request">;
  now: () => Date;
  priority: RequestPriority;
  keepMs?: number | undefined;
}): GuildReader {
  const { rest, now, priority, keepMs = KEEP_MS } = options;
  const kept = new BoundedMap<
    string,
    { readonly atMs: number; readonly found: Promise<Found<unknown>> }
  >({ maxEntries: MAX_KEPT });

  async function ask<Value>(
    route: `/${string}`,
    shape: z.ZodType<Value>,
    reasonOf: (code: number) => DirectoryFailure,
  ): Promise<Found<Value>> {
    const response = await rest.request({ method: "GET", route, priority });
    if (response.kind === "refused") return { ok: false, reason: reasonOf(response.code) };
    const parsed = shape.safeParse(response.kind === "ok" ? response.body : undefined);
    return parsed.success ? { ok: true, value: parsed.data } : { ok: false, reason: "unavailable" };
  }

  function read<Value>(
    route: `/${string}`,
    shape: z.ZodType<Value>,
    reasonOf: (code: number) => DirectoryFailure = () => "no-access",
  ): Promise<Found<Value>> {
    const nowMs = now().getTime();
    const known = kept.get(route);
    // A route is only ever read in one shape.
    if (known !== undefined && Math.abs(nowMs - known.atMs) < keepMs)
      return known.found as Promise<Found<Value>>;
    const found = ask(route, shape, reasonOf);
    const entry = { atMs: nowMs, found };
    kept.set(route, entry);
    void found.then((result) => {
      // A temporary failure is not kept.
      if (!result.ok && result.reason === "unavailable" && kept.get(route) === entry)
        kept.delete(route);
    });
    return found;
  }

  return {
    // Discord does not show a server that the bot is not in.
    guild: (guildId) => read(Routes.guild(guildId), guildShape),
    visibleChannel: (channelId) =>
      read(Routes.channel(channelId), channelShape, (code) =>
        code === RESTJSONErrorCodes.UnknownChannel ? "unknown" : "no-access",
      ),
    channels: (guildId) => read(Routes.guildChannels(guildId), z.array(channelShape)),
    member: (guildId, userId) => read(Routes.guildMember(guildId, userId), memberShape),
  };
}
