import {
  ChannelType,
  OverwriteType,
  PermissionFlagsBits,
  RESTJSONErrorCodes,
  Routes,
} from "discord-api-types/v10";
import { z } from "zod";
import type { ResolvedChannel, ResolvedOptions } from "../call.ts";
import type { BotRest } from "./bot-rest.ts";
import {
  ALL_PERMISSIONS,
  grantedPermissions,
  has,
  type MemberRights,
  type Overwrite,
} from "./channel-permissions.ts";
import type { RequestPriority } from "./rate-limiter.ts";

/** A channel of a server, as far as posting into it goes. */
export type ChannelFacts = {
  readonly channelId: string;
  readonly name: string;
  /** What it is: only `text` and `announcement` take a digest. */
  readonly kind: "text" | "announcement" | "voice" | "forum" | "thread" | "category" | "other";
};

/** A permission that posting a digest needs, by the name that Discord's settings show. */
export type PostingPermission =
  | "View Channel"
  | "Send Messages"
  /** In place of `Send Messages` in a thread. */
  | "Send Messages in Threads"
  | "Embed Links"
  | "Attach Files"
  | "Read Message History"
  /** Only when the role to be mentioned is not open to everybody's mentions. */
  | "Mention @everyone, @here, and All Roles";

/**
 * Why a server's channel or role cannot be told: `unknown` (deleted, or of another server),
 * `no-access` (the bot may not see it), `unavailable` (Discord cannot be asked now).
 */
export type DirectoryFailure = "unknown" | "no-access" | "unavailable";

/** What Discord knows of a server's channels, roles and our rights there. Never rejects. */
export type GuildDirectory = {
  channel(
    guildId: string,
    channelId: string,
  ): Promise<
    | { readonly ok: true; readonly channel: ChannelFacts }
    | { readonly ok: false; readonly reason: DirectoryFailure }
  >;
  /** Does the role exist, and can anybody mention it? */
  role(
    guildId: string,
    roleId: string,
  ): Promise<
    | { readonly ok: true; readonly name: string; readonly mentionable: boolean }
    | { readonly ok: false; readonly reason: DirectoryFailure }
  >;
  /**
   * What has to be granted before posting works there, in the order of the type; `roleId` is a role
   * to be mentioned. Empty: nothing. Works for a channel that the bot cannot see, too.
   */
  missingPermissions(
    guildId: string,
    channelId: string,
    roleId: string | null,
  ): Promise<
    | { readonly ok: true; readonly missing: readonly PostingPermission[] }
    | { readonly ok: false; readonly reason: DirectoryFailure }
  >;
  /**
   * Where admins can be told: the system channel when we may post there, else the owner's user id.
   */
  whereToTell(
    guildId: string,
  ): Promise<{ readonly systemChannelId: string | null; readonly ownerId: string | null }>;
};

/**
 * Asking about one server twice in a row is one question; much longer, and an admin who grants a
 * permission would not see it.
 */
const KEEP_MS = 5_000;

/** Servers and channels remembered at once. */
const MOST_KEPT = 1_000;

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

type Channel = z.infer<typeof channelShape>;
type Guild = z.infer<typeof guildShape>;
type Found<Value> = { readonly ok: true; readonly value: Value } | Failed;
type Failed = { readonly ok: false; readonly reason: DirectoryFailure };

/**
 * A directory that asks Discord by REST, whatever the transport, and remembers for `keepMs` (5,000
 * unless told; 0: never). `priority` is `person` unless told.
 */
export function createGuildDirectory(options: {
  rest: BotRest;
  now: () => Date;
  priority?: RequestPriority;
  keepMs?: number;
}): GuildDirectory {
  const { rest, now, priority = "person", keepMs = KEEP_MS } = options;
  const kept = new Map<
    string,
    { readonly atMs: number; readonly found: Promise<Found<unknown>> }
  >();

  async function ask<Value>(
    route: `/${string}`,
    shape: z.ZodType<Value>,
    reasonOf: (code: number) => DirectoryFailure,
  ): Promise<Found<Value>> {
    const answer = await rest.request({ method: "GET", route, priority });
    if (answer.kind === "refused") return { ok: false, reason: reasonOf(answer.code) };
    const parsed = shape.safeParse(answer.kind === "ok" ? answer.body : undefined);
    return parsed.success ? { ok: true, value: parsed.data } : { ok: false, reason: "unavailable" };
  }

  function read<Value>(
    route: `/${string}`,
    shape: z.ZodType<Value>,
    reasonOf: (code: number) => DirectoryFailure,
  ): Promise<Found<Value>> {
    const nowMs = now().getTime();
    const known = kept.get(route);
    // A route is only ever read in one shape.
    if (known !== undefined && Math.abs(nowMs - known.atMs) < keepMs)
      return known.found as Promise<Found<Value>>;
    const found = ask(route, shape, reasonOf);
    const entry = { atMs: nowMs, found };
    kept.delete(route);
    kept.set(route, entry);
    for (const oldest of kept.keys()) {
      if (kept.size <= MOST_KEPT) break;
      kept.delete(oldest);
    }
    void found.then((what) => {
      // A moment's trouble is not remembered.
      if (!what.ok && what.reason === "unavailable" && kept.get(route) === entry)
        kept.delete(route);
    });
    return found;
  }

  // A server that Discord does not show is one that the bot is not in.
  const guildOf = (guildId: string) => read(Routes.guild(guildId), guildShape, () => "no-access");

  const visibleChannel = (channelId: string) =>
    read(Routes.channel(channelId), channelShape, (code) =>
      code === RESTJSONErrorCodes.UnknownChannel ? "unknown" : "no-access",
    );

  /**
   * A channel of the server, even one that the bot cannot see: those are in the server's list all
   * the same.
   */
  async function channelOf(
    guildId: string,
    channelId: string,
  ): Promise<Found<{ channel: Channel; isVisible: boolean }>> {
    // What is no id would become another address.
    if (!/^\d+$/.test(channelId)) return UNKNOWN;
    const seen = await visibleChannel(channelId);
    if (seen.ok)
      return seen.value.guild_id === guildId
        ? { ok: true, value: { channel: seen.value, isVisible: true } }
        : UNKNOWN;
    if (seen.reason !== "no-access") return seen;
    const list = await read(
      Routes.guildChannels(guildId),
      z.array(channelShape),
      () => "no-access",
    );
    if (!list.ok) return list;
    const hidden = list.value.find((channel) => channel.id === channelId);
    // Discord refuses a channel of somebody else's server in the same words.
    return hidden === undefined
      ? UNKNOWN
      : { ok: true, value: { channel: hidden, isVisible: false } };
  }

  async function ownRights(guild: Guild): Promise<Found<MemberRights>> {
    const userId = await rest.ownUserId();
    if (userId === undefined) return { ok: false, reason: "unavailable" };
    const member = await read(Routes.guildMember(guild.id, userId), memberShape, () => "no-access");
    if (!member.ok) return member;
    const timedOutUntil = member.value.communication_disabled_until;
    return {
      ok: true,
      value: {
        guildId: guild.id,
        ownerId: guild.owner_id,
        userId,
        roles: new Map(guild.roles.map((role) => [role.id, role.permissions])),
        roleIds: member.value.roles,
        isTimedOut: timedOutUntil != null && Date.parse(timedOutUntil) > now().getTime(),
      },
    };
  }

  async function rulingOverwrites(channel: Channel): Promise<Found<readonly Overwrite[]>> {
    if (!isThread(channel) || channel.parent_id == null)
      return { ok: true, value: overwritesOf(channel) };
    const parent = await visibleChannel(channel.parent_id);
    return parent.ok ? { ok: true, value: overwritesOf(parent.value) } : parent;
  }

  const missingPermissions: GuildDirectory["missingPermissions"] = async (
    guildId,
    channelId,
    roleId,
  ) => {
    const found = await channelOf(guildId, channelId);
    if (!found.ok) return found;
    const { channel } = found.value;
    const guild = await guildOf(guildId);
    if (!guild.ok) return guild;
    const [rights, overwrites] = await Promise.all([
      ownRights(guild.value),
      rulingOverwrites(channel),
    ]);
    if (!rights.ok) return rights;
    if (!overwrites.ok) return overwrites;
    const granted = grantedPermissions(rights.value, overwrites.value);
    const role = guild.value.roles.find((one) => one.id === roleId);
    return {
      ok: true,
      missing: missingAmong(granted, {
        type: channel.type,
        isMentionOpen: role?.mentionable ?? true,
      }),
    };
  };

  return {
    async channel(guildId, channelId) {
      const found = await channelOf(guildId, channelId);
      if (!found.ok) return found;
      const { channel, isVisible } = found.value;
      if (!isVisible) return { ok: false, reason: "no-access" };
      return {
        ok: true,
        channel: { channelId, name: channel.name ?? "", kind: KINDS.get(channel.type) ?? "other" },
      };
    },

    async role(guildId, roleId) {
      const guild = await guildOf(guildId);
      if (!guild.ok) return guild;
      const role = guild.value.roles.find((one) => one.id === roleId);
      return role === undefined
        ? UNKNOWN
        : { ok: true, name: role.name, mentionable: role.mentionable };
    },

    missingPermissions,

    async whereToTell(guildId) {
      const guild = await guildOf(guildId);
      if (!guild.ok) return { systemChannelId: null, ownerId: null };
      const { owner_id: ownerId, system_channel_id: systemChannelId } = guild.value;
      if (systemChannelId == null) return { systemChannelId: null, ownerId };
      const rights = await missingPermissions(guildId, systemChannelId, null);
      const canTell =
        rights.ok &&
        !rights.missing.some((name) => name === "View Channel" || name === "Send Messages");
      return { systemChannelId: canTell ? systemChannelId : null, ownerId };
    },
  };
}

/**
 * A directory that answers from what came with an interaction where that says enough, and otherwise
 * asks `directory`. Discord resolves only what belongs to the server in which the command was sent.
 */
export function directoryKnowing(
  directory: GuildDirectory,
  resolved: ResolvedOptions | undefined,
): GuildDirectory {
  if (resolved === undefined) return directory;

  /**
   * What is told of a channel, and the bot's permissions in it; undefined when either is missing.
   */
  function told(
    guildId: string,
    channelId: string,
  ): (ResolvedChannel & { readonly granted: bigint }) | undefined {
    const known = resolved?.channels.get(channelId);
    if (known?.appPermissions === undefined || (known.guildId ?? guildId) !== guildId)
      return undefined;
    const { appPermissions: granted } = known;
    return {
      ...known,
      granted: has(granted, PermissionFlagsBits.Administrator) ? ALL_PERMISSIONS : granted,
    };
  }

  return {
    ...directory,
    async channel(guildId, channelId) {
      const known = told(guildId, channelId);
      if (known === undefined) return directory.channel(guildId, channelId);
      if (!has(known.granted, PermissionFlagsBits.ViewChannel))
        return { ok: false, reason: "no-access" };
      return {
        ok: true,
        channel: { channelId, name: known.name, kind: KINDS.get(known.type) ?? "other" },
      };
    },

    async role(guildId, roleId) {
      const known = resolved.roles.get(roleId);
      return known === undefined
        ? directory.role(guildId, roleId)
        : { ok: true, name: known.name, mentionable: known.mentionable };
    },

    async missingPermissions(guildId, channelId, roleId) {
      const known = told(guildId, channelId);
      const role = roleId === null ? undefined : resolved.roles.get(roleId);
      const isToldAll = roleId === null || role !== undefined;
      if (known === undefined || !isToldAll)
        return directory.missingPermissions(guildId, channelId, roleId);
      return {
        ok: true,
        missing: missingAmong(known.granted, {
          type: known.type,
          isMentionOpen: role?.mentionable ?? true,
        }),
      };
    },
  };
}

/**
 * What posting in a channel of this type lacks; `isMentionOpen` says that anybody may mention the
 * role, or that there is none.
 */
function missingAmong(
  granted: bigint,
  { type, isMentionOpen }: { type: number; isMentionOpen: boolean },
): readonly PostingPermission[] {
  const needed = new Set<PostingPermission>([
    "View Channel",
    isThread({ type }) ? "Send Messages in Threads" : "Send Messages",
    "Embed Links",
    "Attach Files",
    "Read Message History",
    ...(isMentionOpen ? [] : [MENTION]),
  ]);
  return POSTING_PERMISSIONS.filter(([name, bit]) => needed.has(name) && !has(granted, bit)).map(
    ([name]) => name,
  );
}

const UNKNOWN: Failed = { ok: false, reason: "unknown" };

const MENTION: PostingPermission = "Mention @everyone, @here, and All Roles";

// In the order of the type, with the names of Discord's English settings.
const POSTING_PERMISSIONS: readonly (readonly [PostingPermission, bigint])[] = [
  ["View Channel", PermissionFlagsBits.ViewChannel],
  ["Send Messages", PermissionFlagsBits.SendMessages],
  ["Send Messages in Threads", PermissionFlagsBits.SendMessagesInThreads],
  ["Embed Links", PermissionFlagsBits.EmbedLinks],
  ["Attach Files", PermissionFlagsBits.AttachFiles],
  ["Read Message History", PermissionFlagsBits.ReadMessageHistory],
  [MENTION, PermissionFlagsBits.MentionEveryone],
];

const KINDS: ReadonlyMap<number, ChannelFacts["kind"]> = new Map([
  [ChannelType.GuildText, "text"],
  [ChannelType.GuildAnnouncement, "announcement"],
  [ChannelType.GuildVoice, "voice"],
  [ChannelType.GuildStageVoice, "voice"],
  [ChannelType.GuildForum, "forum"],
  [ChannelType.GuildMedia, "forum"],
  [ChannelType.AnnouncementThread, "thread"],
  [ChannelType.PublicThread, "thread"],
  [ChannelType.PrivateThread, "thread"],
  [ChannelType.GuildCategory, "category"],
]);

const isThread = ({ type }: Pick<Channel, "type">) => KINDS.get(type) === "thread";

const overwritesOf = ({ permission_overwrites }: Channel): readonly Overwrite[] =>
  permission_overwrites.map(({ id: ofId, type, allow, deny }) => ({
    id: ofId,
    isRole: type === OverwriteType.Role,
    allow,
    deny,
  }));
