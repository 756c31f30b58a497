import { GatewayDispatchEvents } from "discord-api-types/v10";
import { z } from "zod";

/**
 * Where the bot's permissions may have changed: in one channel, or in the whole server when no
 * channel is named.
 */
export type PermissionChange = { readonly guildId: string; readonly channelId?: string };

type Events = { on(event: GatewayDispatchEvents, listener: (payload: unknown) => void): unknown };

const guild = z.object({ id: z.string() }).transform(({ id: guildId }) => ({ guildId }));
const partOfGuild = z
  .object({ guild_id: z.string() })
  .transform(({ guild_id: guildId }) => ({ guildId }));
const channel = z
  .object({ id: z.string(), guild_id: z.string() })
  .transform(({ id: channelId, guild_id: guildId }) => ({ guildId, channelId }));

// Changes to the bot's own member arrive without a privileged intent
// (discord.com/developers/docs/events/gateway#gateway-intents, 2026-11).
const CHANGES: readonly (readonly [GatewayDispatchEvents, z.ZodType<PermissionChange>])[] = [
  [GatewayDispatchEvents.GuildCreate, guild],
  [GatewayDispatchEvents.GuildUpdate, guild],
  [GatewayDispatchEvents.GuildRoleUpdate, partOfGuild],
  [GatewayDispatchEvents.GuildMemberUpdate, partOfGuild],
  [GatewayDispatchEvents.ChannelUpdate, channel],
];

/** Reports every gateway event after which the bot's permissions may have changed. */
export function watchPermissions(
  events: Events,
  changed: (change: PermissionChange) => void,
): void {
  for (const [event, shape] of CHANGES) {
    events.on(event, (payload) => {
      const { data } = shape.safeParse(payload);
      if (data !== undefined) changed(data);
    });
  }
}
