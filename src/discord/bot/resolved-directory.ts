import { PermissionFlagsBits } from "discord-api-types/v10";
import type { ResolvedChannel, ResolvedOptions } from "../call.ts";
import { ALL_PERMISSIONS, has } from "./channel-permissions.ts";
import type { GuildDirectory } from "./guild-directory.ts";
import { channelKind, missingAmong } from "./posting-permissions.ts";

/**
 * Makes a directory that uses what came with an interaction where that is enough, and otherwise
 * asks `directory`. Discord resolves only what belongs to the server in which the command was sent.
 */
export function directoryWithResolved(
  directory: GuildDirectory,
  resolved: ResolvedOptions | undefined,
): GuildDirectory {
  if (resolved === undefined) return directory;

  /** A resolved channel and the bot's permissions in it; undefined when either is missing. */
  function resolvedChannel(
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
      const known = resolvedChannel(guildId, channelId);
      if (known === undefined) return directory.channel(guildId, channelId);
      if (!has(known.granted, PermissionFlagsBits.ViewChannel))
        return { ok: false, reason: "no-access" };
      return {
        ok: true,
        channel: { channelId, name: known.name, kind: channelKind(known.type) },
      };
    },

    async role(guildId, roleId) {
      const known = resolved.roles.get(roleId);
      return known === undefined
        ? directory.role(guildId, roleId)
        : { ok: true, name: known.name, mentionable: known.mentionable };
    },

    async missingPermissions(guildId, channelId, roleId) {
      const known = resolvedChannel(guildId, channelId);
      const role = roleId === null ? undefined : resolved.roles.get(roleId);
      const isRoleKnown = roleId === null || role !== undefined;
      if (known === undefined || !isRoleKnown)
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
