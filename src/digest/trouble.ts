import { randomBytes } from "node:crypto";
import type { ChannelPosts, PostRefusal } from "../discord/bot/channel-posts.ts";
import type { GuildDirectory } from "../discord/bot/guild-directory.ts";
import { say } from "../messages/say.ts";
import { INCIDENT_ID } from "../process/incident.ts";
import type { DigestTrouble } from "../storage/digest-ledger.ts";
import { MINUTE_MS } from "../valuation/calendar.ts";

/** Where a server's digest goes. */
export type DigestPlace = { readonly guildId: string; readonly channelId: string };

const GONE = say("trouble.unknown-channel");

/**
 * What keeps a digest out of a channel, looked up before posting; undefined when nothing does, or
 * when Discord cannot be asked now.
 */
export async function obstacleIn(
  { guildId, channelId }: DigestPlace,
  directory: Pick<GuildDirectory, "channel" | "missingPermissions">,
): Promise<string | undefined> {
  const known = await directory.channel(guildId, channelId);
  if (!known.ok && known.reason === "unknown") return reasonOf("unknown-channel", channelId);
  if (known.ok && known.channel.kind !== "text" && known.channel.kind !== "announcement")
    return reasonOf("wrong-kind", channelId);
  const rights = await directory.missingPermissions(guildId, channelId, null);
  if (rights.ok && rights.missing.length > 0)
    return say("trouble.permissions", {
      channel: `<#${channelId}>`,
      permissions: rights.missing.join(", "),
    });
  if (!known.ok && known.reason === "no-access") return reasonOf("no-access", channelId);
  return undefined;
}

/**
 * Why Discord refused, as a sentence for the server's admins; names the missing permissions where
 * they can be looked up.
 */
export async function explainRefusal(
  why: PostRefusal,
  place: DigestPlace,
  directory: Pick<GuildDirectory, "channel" | "missingPermissions">,
): Promise<string> {
  const named =
    why === "no-access" || why === "no-permission" ? await obstacleIn(place, directory) : undefined;
  return named ?? reasonOf(why, place.channelId);
}

/** Why a digest is paused whose message Discord refuses, which admins cannot fix. */
export function messageRefused(code: number, incident: string): string {
  return say("trouble.message-refused", { code: String(code), incident });
}

const MESSAGE_REFUSED = new RegExp(
  `^Discord refused the message .* incident (${INCIDENT_ID.source})\\.$`,
);

/** The incident id in the reason of a pause that is the bot's own fault; undefined for others. */
export function incidentOf(reason: string): string | undefined {
  return MESSAGE_REFUSED.exec(reason)?.[1];
}

/**
 * How long after a pause it is checked again whether the digest can be posted; afterwards every
 * {@link LATER_LOOKS_EVERY_MS}.
 */
const LOOKS_AFTER_MS: readonly number[] = [2, 4, 8, 18].map((minutes) => minutes * MINUTE_MS);
const LATER_LOOKS_EVERY_MS = 10 * MINUTE_MS;
/** A message that Discord refuses seldom becomes acceptable: it is tried twice more that day. */
const REFUSED_MESSAGE_AFTER_MS: readonly number[] = [30 * MINUTE_MS, 120 * MINUTE_MS];

/**
 * When to check again whether a digest can be posted that was paused at `pausedMs` and checked last
 * at `lookedMs`; undefined when waiting does not help.
 */
export function nextLookMs(
  { reason }: { readonly reason: string },
  pausedMs: number,
  lookedMs: number,
): number | undefined {
  if (reason === GONE) return undefined;
  const waitedMs = lookedMs - pausedMs;
  if (incidentOf(reason) !== undefined) {
    const afterMs = REFUSED_MESSAGE_AFTER_MS.find((ms) => ms > waitedMs);
    return afterMs === undefined ? undefined : pausedMs + afterMs;
  }
  const soonMs = LOOKS_AFTER_MS.find((ms) => ms > waitedMs);
  if (soonMs !== undefined) return pausedMs + soonMs;
  const [lastMs = 0] = LOOKS_AFTER_MS.slice(-1);
  return (
    pausedMs +
    lastMs +
    (Math.floor((waitedMs - lastMs) / LATER_LOOKS_EVERY_MS) + 1) * LATER_LOOKS_EVERY_MS
  );
}

/**
 * When a digest that was due at an instant was paused: at its own first refusal, not at that of an
 * earlier day. Rounded down to a minute, because a refusal takes a few seconds and the check, which
 * runs every full minute, would come a minute late.
 */
export function pausedSinceMs({ since }: Pick<DigestTrouble, "since">, dueAtMs: number): number {
  return Math.floor(Math.max(Date.parse(since), dueAtMs) / MINUTE_MS) * MINUTE_MS;
}

function reasonOf(why: PostRefusal, channelId: string): string {
  return why === "unknown-channel" ? GONE : say(`trouble.${why}`, { channel: `<#${channelId}>` });
}

/**
 * Tells a server's admins that its digest is paused: in the system channel, else by direct message
 * to the owner, else not at all. Never in the channel that refuses the digest.
 */
export async function tellAdmins(
  { guildId, channelId }: DigestPlace,
  reason: string,
  {
    posts,
    directory,
  }: { readonly posts: ChannelPosts; readonly directory: Pick<GuildDirectory, "whereToTell"> },
): Promise<"system channel" | "owner" | "nobody"> {
  const isOwnFault = incidentOf(reason) !== undefined;
  const content = say(isOwnFault ? "trouble.paused.own-fault" : "trouble.paused", { reason });
  const { systemChannelId, ownerId } = await directory.whereToTell(guildId);
  if (systemChannelId !== null && systemChannelId !== channelId) {
    const { kind } = await posts.post(systemChannelId, { content }, { nonce: randomNonce() });
    if (kind === "sent") return "system channel";
  }
  if (ownerId === null) return "nobody";
  const direct = await posts.directMessage(ownerId);
  if (direct.kind !== "opened") return "nobody";
  const { kind } = await posts.post(direct.channelId, { content }, { nonce: randomNonce() });
  return kind === "sent" ? "owner" : "nobody";
}

/** A nonce that no other message has. */
export function randomNonce(): string {
  return randomBytes(15).toString("base64url");
}
