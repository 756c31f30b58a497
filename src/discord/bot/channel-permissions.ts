import { PermissionFlagsBits } from "discord-api-types/v10";

/** A channel's permission overwrite for one role or one member. */
export type Overwrite = {
  readonly id: string;
  readonly isRole: boolean;
  readonly allow: bigint;
  readonly deny: bigint;
};

/** The input from which a member's permissions in a server are computed. */
export type MemberRights = {
  readonly guildId: string;
  readonly ownerId: string;
  readonly userId: string;
  /** Permission bits of every role of the server by role id; @everyone has the server's id. */
  readonly roles: ReadonlyMap<string, bigint>;
  /** The member's roles, without @everyone. */
  readonly roleIds: readonly string[];
  /** True while the member is timed out. */
  readonly isTimedOut: boolean;
};

/** Every permission bit: what owners and administrators have. */
export const ALL_PERMISSIONS = Object.values(PermissionFlagsBits).reduce(
  (all, bit) => all | bit,
  0n,
);

/**
 * The only permissions of a member who is timed out
 * (discord.com/developers/docs/topics/permissions#permissions-for-timed-out-members, 2026-11).
 */
const WHILE_TIMED_OUT = PermissionFlagsBits.ViewChannel | PermissionFlagsBits.ReadMessageHistory;

/**
 * The permission bits that a member has been granted in a channel, as Discord computes them
 * (discord.com/developers/docs/topics/permissions#permission-overwrites, 2026-11); a thread has its
 * parent's overwrites. Permissions that Discord withholds implicitly (all without View Channel,
 * embeds and files without Send Messages) are included: granting what is missing restores them.
 */
export function grantedPermissions(member: MemberRights, overwrites: readonly Overwrite[]): bigint {
  if (member.userId === member.ownerId) return ALL_PERMISSIONS;
  const roleIds = [member.guildId, ...member.roleIds];
  const ofRoles = roleIds.reduce((bits, roleId) => bits | (member.roles.get(roleId) ?? 0n), 0n);
  if (has(ofRoles, PermissionFlagsBits.Administrator)) return ALL_PERMISSIONS;
  const isEveryone = ({ id, isRole }: Overwrite) => isRole && id === member.guildId;
  const steps = [
    overwrites.filter(isEveryone),
    overwrites.filter(
      (overwrite) =>
        overwrite.isRole && !isEveryone(overwrite) && member.roleIds.includes(overwrite.id),
    ),
    overwrites.filter(({ id, isRole }) => !isRole && id === member.userId),
  ];
  const inChannel = steps.reduce((bits, step) => {
    const deny = step.reduce((all, overwrite) => all | overwrite.deny, 0n);
    const allow = step.reduce((all, overwrite) => all | overwrite.allow, 0n);
    return (bits & ~deny) | allow;
  }, ofRoles);
  return member.isTimedOut ? inChannel & WHILE_TIMED_OUT : inChannel;
}

/** Whether a bit is set. */
export const has = (bits: bigint, bit: bigint): boolean => (bits & bit) === bit;
