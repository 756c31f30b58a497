import { OverwriteType } from "discord-api-types/v10";
import type { Result } from "../../result.ts";
import type { BotRest } from "./bot-rest.ts";
import { grantedPermissions, type MemberRights, type Overwrite } from "./channel-permissions.ts";
import {
  createGuildReader,
  type DirectoryRefusal,
  type Found,
  type RestChannel,
  type RestGuild,
} from "./guild-reader.ts";
import {
  type ChannelFacts,
  channelKind,
  isThread,
  missingAmong,
  type PostingPermission,
} from "./posting-permissions.ts";
import type { RequestPriority } from "./rate-limiter.ts";

/**
 * A server's channels and roles and the bot's permissions there, according to Discord. Never
 * rejects.
 */
export type GuildDirectory = {
  channel(
    guildId: string,
    channelId: string,
  ): Promise<Result<{ readonly channel: ChannelFacts }, DirectoryRefusal>>;
  /** Looks up a role, and whether anybody may mention it. */
  role(
    guildId: string,
    roleId: string,
  ): Promise<Result<{ readonly name: string; readonly mentionable: boolean }, DirectoryRefusal>>;
  /**
   * The permissions that posting there lacks, in the order of the type; empty when none are.
   * `roleId` is a role to mention. Works even for a channel that the bot cannot see.
   */
  missingPermissions(
    guildId: string,
    channelId: string,
    roleId: string | null,
  ): Promise<Result<{ readonly missing: readonly PostingPermission[] }, DirectoryRefusal>>;
  /** Where admins can be reached: the system channel when the bot may post there, and the owner. */
  adminContacts(
    guildId: string,
  ): Promise<{ readonly systemChannelId: string | null; readonly ownerId: string | null }>;
};

/**
 * Makes a directory that asks Discord by REST, whatever the transport, and keeps responses for
 * `keepMs` (default 5,000; 0: not at all). `priority` defaults to `person`.
 */
export function createGuildDirectory(options: {
  rest: BotRest;
  now: () => Date;
  priority?: RequestPriority;
  keepMs?: number;
}): GuildDirectory {
  const { rest, now, priority = "person", keepMs } = options;
  const reader = createGuildReader({ rest, now, priority, keepMs });

  /**
   * A channel of the server, even one that the bot cannot see: the server's list includes those.
   */
  async function channelOf(
    guildId: string,
    channelId: string,
  ): Promise<Found<{ channel: RestChannel; isVisible: boolean }>> {
    // Anything but digits could address another resource.
    if (!/^\d+$/.test(channelId)) return UNKNOWN;
    const seen = await reader.visibleChannel(channelId);
    if (seen.ok)
      return seen.value.guild_id === guildId
        ? { ok: true, value: { channel: seen.value, isVisible: true } }
        : UNKNOWN;
    if (seen.reason !== "no-access") return seen;
    const list = await reader.channels(guildId);
    if (!list.ok) return list;
    const hidden = list.value.find((channel) => channel.id === channelId);
    // Discord uses the same code for a channel of another server.
    return hidden === undefined
      ? UNKNOWN
      : { ok: true, value: { channel: hidden, isVisible: false } };
  }

  async function ownRights(guild: RestGuild): Promise<Found<MemberRights>> {
    const userId = await rest.ownUserId();
    if (userId === undefined) return { ok: false, reason: "unavailable" };
    const member = await reader.member(guild.id, userId);
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

  async function rulingOverwrites(channel: RestChannel): Promise<Found<readonly Overwrite[]>> {
    if (!isThread(channel.type) || channel.parent_id == null)
      return { ok: true, value: overwritesOf(channel) };
    const parent = await reader.visibleChannel(channel.parent_id);
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
    const guild = await reader.guild(guildId);
    if (!guild.ok) return guild;
    const [rights, overwrites] = await Promise.all([
      ownRights(guild.value),
      rulingOverwrites(channel),
    ]);
    if (!rights.ok) return rights;
    if (!overwrites.ok) return overwrites;
    const granted = grantedPermissions(rights.value, overwrites.value);
    const role = guild.value.roles.find(({ id }) => id === roleId);
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
        channel: { channelId, name: channel.name ?? "", kind: channelKind(channel.type) },
      };
    },

    async role(guildId, roleId) {
      const guild = await reader.guild(guildId);
      if (!guild.ok) return guild;
      const role = guild.value.roles.find(({ id }) => id === roleId);
      return role === undefined
        ? UNKNOWN
        : { ok: true, name: role.name, mentionable: role.mentionable };
    },

    missingPermissions,

    async adminContacts(guildId) {
      const guild = await reader.guild(guildId);
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

const UNKNOWN = { ok: false, reason: "unknown" } as const;

const overwritesOf = ({ permission_overwrites }: RestChannel): readonly Overwrite[] =>
  permission_overwrites.map(({ id, type, allow, deny }) => ({
    id,
    isRole: type === OverwriteType.Role,
    allow,
    deny,
  }));
