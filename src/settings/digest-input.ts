import { findZone, parseWallTime } from "../digest/zones.ts";
import type { DirectoryFailure, GuildDirectory } from "../discord/bot/guild-directory.ts";
import type { Ask } from "../prices/price-source.ts";
import type { Services } from "../services.ts";
import type { GuildSettings } from "../storage/guild-settings.ts";
import { accepted, type Checked, echo, type PreparedChange, rejected } from "./checked-input.ts";
import { checkCoins } from "./coin-input.ts";

/** Options of `/config digest`; an option that was left out is undefined. */
export type DigestInput = {
  readonly channelId: string | undefined;
  readonly time: string | undefined;
  readonly zone: string | undefined;
  readonly coins: string | undefined;
  readonly roleId: string | undefined;
  readonly enabled: boolean | undefined;
};

/** What checking `/config digest` needs besides what was typed. */
export type DigestInputContext = Pick<Services, "coins"> & {
  readonly guildId: string;
  readonly directory: Pick<GuildDirectory, "channel" | "role">;
  readonly ask: Ask;
};

/** Checks the options of `/config digest` against a server's current settings. */
export async function checkDigestInput(
  input: DigestInput,
  current: GuildSettings,
  context: DigestInputContext,
): Promise<Checked<PreparedChange>> {
  const time = checkTime(input.time);
  if (!time.ok) return time;
  const zone = checkZone(input.zone);
  if (!zone.ok) return zone;
  const channelId = await checkChannel(input.channelId, context);
  if (!channelId.ok) return channelId;
  const roleId = await checkRole(input.roleId, context);
  if (!roleId.ok) return roleId;
  const coins =
    input.coins === undefined ? undefined : await checkCoins(input.coins, current, context);
  if (coins?.ok === false) return coins;

  const hasChannel = input.channelId !== undefined || current.digestChannelId !== null;
  if (input.enabled === true && !hasChannel)
    return rejected("The digest needs a channel before it can be switched on: choose one too.");
  // Choosing a first channel switches the digest on; one that was switched off stays off.
  const startsNow = (stored: GuildSettings) =>
    input.enabled === undefined && input.channelId !== undefined && stored.digestEnabled === null;
  return accepted((stored) => ({
    change: {
      ...(startsNow(stored)
        ? { digestEnabled: true }
        : input.enabled !== undefined && { digestEnabled: input.enabled }),
      ...(channelId.value !== undefined && { digestChannelId: channelId.value }),
      ...(time.value !== undefined && { digestTime: time.value }),
      ...(zone.value !== undefined && { digestZone: zone.value }),
      ...(roleId.value !== undefined && { digestRoleId: roleId.value }),
      ...(coins !== undefined && { digestCoins: coins.value.map(({ coinId }) => coinId) }),
    },
    notes: [],
  }));
}

function checkTime(typed: string | undefined): Checked<string | undefined> {
  if (typed === undefined) return accepted(undefined);
  const time = parseWallTime(typed);
  return time === undefined
    ? rejected(
        `“${echo(typed)}” is no time of day: write it as HH:MM from 00:00 to 23:59, such as 09:00.`,
      )
    : accepted(time);
}

function checkZone(typed: string | undefined): Checked<string | undefined> {
  if (typed === undefined) return accepted(undefined);
  const zone = findZone(typed);
  return zone === undefined
    ? rejected(
        `“${echo(typed)}” is no time zone: choose one of the suggestions, such as Europe/Berlin.`,
      )
    : accepted(zone);
}

async function checkChannel(
  channelId: string | undefined,
  { guildId, directory }: DigestInputContext,
): Promise<Checked<string | undefined>> {
  if (channelId === undefined) return accepted(undefined);
  const found = isId(channelId) ? await directory.channel(guildId, channelId) : UNKNOWN;
  if (!found.ok) return rejected(unreachable("channel", found.reason));
  const { kind, name } = found.channel;
  return kind === "text" || kind === "announcement"
    ? accepted(channelId)
    : rejected(
        `${echo(`#${name}`)} is ${KINDS[kind]}: the digest needs a text or announcement channel.`,
      );
}

async function checkRole(
  roleId: string | undefined,
  { guildId, directory }: DigestInputContext,
): Promise<Checked<string | undefined>> {
  if (roleId === undefined) return accepted(undefined);
  // The role that every member has goes by the server's id.
  if (roleId === guildId)
    return rejected(
      "The digest does not mention everyone: choose a role that members can take or leave.",
    );
  const found = isId(roleId) ? await directory.role(guildId, roleId) : UNKNOWN;
  return found.ok ? accepted(roleId) : rejected(unreachable("role", found.reason));
}

const KINDS = {
  voice: "a voice channel",
  forum: "a forum",
  thread: "a thread",
  category: "a category",
  other: "no channel for messages",
} as const;

function unreachable(what: "channel" | "role", reason: DirectoryFailure): string {
  switch (reason) {
    case "unknown":
      return `That ${what} is not one of this server's: it may have been deleted.`;
    case "no-access":
      return `I may not see that ${what}: give my role *View Channel* there, then try again.`;
    case "unavailable":
      return `Discord cannot be asked about that ${what} right now: try again in a minute.`;
  }
}

const UNKNOWN = { ok: false, reason: "unknown" } as const;

/** Clients send only ids. A hand-written request may send anything, which would end up in a URL. */
function isId(text: string): boolean {
  return /^\d{15,20}$/.test(text);
}
