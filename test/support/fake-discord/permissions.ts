import { type FakeChannel, type FakeGuild, Permission, type World } from "./world.ts";

/**
 * What a member may do, as permission bits, by Discord's algorithm: the owner and administrators
 * may do everything; for others roles count first, then the channel's overwrites.
 * https://discord.com/developers/docs/topics/permissions#permission-overwrites
 */
export function permissionsOf(
  world: World,
  guild: FakeGuild,
  userId: string,
  channel?: FakeChannel,
): bigint {
  const all = (1n << 53n) - 1n;
  if (guild.ownerId === userId) return all;
  const roleIds = [guild.id, ...world.rolesOf(guild, userId)];
  let bits = 0n;
  for (const roleId of roleIds) bits |= BigInt(guild.roles.get(roleId)?.permissions ?? "0");
  if ((bits & Permission.Administrator) !== 0n) return all;
  // A thread has the overwrites of its parent channel.
  const source =
    channel?.thread_metadata && channel.parent_id
      ? (guild.channels.get(channel.parent_id) ?? channel)
      : channel;
  const overwrites = source?.permission_overwrites ?? [];
  for (const overwrite of overwrites)
    if (overwrite.id === guild.id)
      bits = (bits & ~BigInt(overwrite.deny)) | BigInt(overwrite.allow);
  let allow = 0n;
  let deny = 0n;
  for (const overwrite of overwrites) {
    if (overwrite.type === 0 && overwrite.id !== guild.id && roleIds.includes(overwrite.id)) {
      allow |= BigInt(overwrite.allow);
      deny |= BigInt(overwrite.deny);
    }
  }
  bits = (bits & ~deny) | allow;
  for (const overwrite of overwrites)
    if (overwrite.type === 1 && overwrite.id === userId)
      bits = (bits & ~BigInt(overwrite.deny)) | BigInt(overwrite.allow);
  return bits;
}
