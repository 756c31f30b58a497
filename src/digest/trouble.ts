import { randomBytes } from "node:crypto";
import type { ChannelPosts, PostRefusal } from "../discord/bot/channel-posts.ts";
import type { GuildDirectory } from "../discord/bot/guild-directory.ts";
import { say } from "../messages/say.ts";
import { INCIDENT_ID } from "../process/incident.ts";
import type { DigestTrouble } from "../storage/digest-ledger.ts";
import { MINUTE_MS } from "../valuation/calendar.ts";

/** Where a server's digest goes, as far as troubles there go. */
export type DigestPlace = { readonly guildId: string; readonly channelId: string };

const GONE = say("trouble.unknown-channel");

/**
 * What keeps a digest out of a channel, looked up beforehand; undefined when nothing does, or when
 * Discord cannot be asked now.
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
 * Why Discord refused, as a sentence for the server's admins; names what is to be granted where
 * that can be found out.
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

/** Why a digest is paused whose message Discord refuses: nothing that admins can put right. */
export function messageRefused(code: number, incident: string): string {
  return say("trouble.message-refused", { code: String(code), incident });
}

const MESSAGE_REFUSED = new RegExp(
  `^Discord refused the message .* incident (${INCIDENT_ID.source})\\.$`,
);

/** The incident of a pause that is the bot's own fault; undefined for every other reason. */
export function incidentOf(reason: string): string | undefined {
  return MESSAGE_REFUSED.exec(reason)?.[1];
}

/**
 * When it is looked again whether a digest can be posted, after it was paused; then at the last
 * distance again and again.
 */
const LOOKS_AFTER_MS: readonly number[] = [2, 4, 8, 18].map((minutes) => minutes * MINUTE_MS);
const LATER_LOOKS_EVERY_MS = 10 * MINUTE_MS;
/**
 * A message that Discord refuses is seldom better a while later: it is tried twice more that day.
 */
const REFUSED_MESSAGE_AFTER_MS: readonly number[] = [30 * MINUTE_MS, 120 * MINUTE_MS];

/**
 * When it is to be looked again whether a digest that was paused at `pausedMs`, and looked at last
 * at `lookedMs`, can be posted; undefined when time alone does not help.
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
 * When a digest that was due at an instant was paused: at the first refusal of its own, not of an
 * earlier day's. In full minutes, as the bot looks every minute: a refusal takes a few seconds, and
 * the look at the same second would be a minute late.
 */
export function pausedSinceMs({ since }: Pick<DigestTrouble, "since">, dueAtMs: number): number {
  return Math.floor(Math.max(Date.parse(since), dueAtMs) / MINUTE_MS) * MINUTE_MS;
}

function reasonOf(why: PostRefusal, channelId: string): string {
  return why === "unknown-channel" ? GONE : say(`trouble.${why}`, { channel: `<#${channelId}>` });
}

/**
 * Tells a server's admins that its digest is paused: in the system channel, else by direct message
 * to the owner, else not at all.
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
