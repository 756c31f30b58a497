import { randomBytes } from "node:crypto";
import type { ChannelPosts, PostRefusal } from "../discord/bot/channel-posts.ts";
import type { GuildDirectory } from "../discord/bot/guild-directory.ts";
import { say } from "../messages/say.ts";
import type { DigestTrouble } from "../storage/digest-ledger.ts";
import { MINUTE_MS } from "../valuation/calendar.ts";
import { type DigestReason, readReason, reasonInWords } from "./reason.ts";

/** Where a server's digest goes. */
export type DigestPlace = { readonly guildId: string; readonly channelId: string };

/**
 * Why a digest cannot be posted in a channel, looked up before posting; undefined when it can, or
 * when Discord cannot be reached.
 */
export async function obstacleIn(
  { guildId, channelId }: DigestPlace,
  directory: Pick<GuildDirectory, "channel" | "missingPermissions">,
): Promise<DigestReason | undefined> {
  const known = await directory.channel(guildId, channelId);
  if (!known.ok && known.reason === "unknown") return reasonOf("unknown-channel", channelId);
  if (known.ok && known.channel.kind !== "text" && known.channel.kind !== "announcement")
    return reasonOf("wrong-kind", channelId);
  const rights = await directory.missingPermissions(guildId, channelId, null);
  if (rights.ok && rights.missing.length > 0)
    return { why: "permissions", channelId, missing: [...rights.missing] };
  if (!known.ok && known.reason === "no-access") return reasonOf("no-access", channelId);
  return undefined;
}

/**
 * Why Discord refused, for the server's admins; names the missing permissions where they can be
 * looked up.
 */
export async function explainRefusal(
  why: PostRefusal,
  place: DigestPlace,
  directory: Pick<GuildDirectory, "channel" | "missingPermissions">,
): Promise<DigestReason> {
  const named =
    why === "no-access" || why === "no-permission" ? await obstacleIn(place, directory) : undefined;
  return named ?? reasonOf(why, place.channelId);
}

/** The incident of a message that Discord refused; undefined for any other stored reason. */
export function incidentOf(stored: string): string | undefined {
  const reason = readReason(stored);
  return reason.why === "message-refused" ? reason.incident : undefined;
}

/**
 * How long after a pause its digest is retried; after the last of these, every {@link
 * LATER_RETRIES_EVERY_MS}.
 */
const RETRIES_AFTER_MS: readonly number[] = [2, 4, 8, 18].map((minutes) => minutes * MINUTE_MS);
const LATER_RETRIES_EVERY_MS = 10 * MINUTE_MS;
/** A refused message seldom becomes acceptable, so it is retried only twice that day. */
const REFUSED_MESSAGE_AFTER_MS: readonly number[] = [30 * MINUTE_MS, 120 * MINUTE_MS];

/**
 * When to retry a digest that was paused at `pausedMs` and last tried at `triedMs`; undefined when
 * waiting does not help.
 */
export function nextRetryMs(
  { reason }: { readonly reason: string },
  pausedMs: number,
  triedMs: number,
): number | undefined {
  if (readReason(reason).why === "unknown-channel") return undefined;
  const waitedMs = triedMs - pausedMs;
  if (incidentOf(reason) !== undefined) {
    const afterMs = REFUSED_MESSAGE_AFTER_MS.find((ms) => ms > waitedMs);
    return afterMs === undefined ? undefined : pausedMs + afterMs;
  }
  const soonMs = RETRIES_AFTER_MS.find((ms) => ms > waitedMs);
  if (soonMs !== undefined) return pausedMs + soonMs;
  const [lastMs = 0] = RETRIES_AFTER_MS.slice(-1);
  return (
    pausedMs +
    lastMs +
    (Math.floor((waitedMs - lastMs) / LATER_RETRIES_EVERY_MS) + 1) * LATER_RETRIES_EVERY_MS
  );
}

/**
 * When a digest that was due at `dueAtMs` was paused: at its own first refusal, not at an earlier
 * day's. Rounded down to a minute: a refusal takes a few seconds, and the retry, which happens on
 * full minutes, would otherwise come a minute late.
 */
export function pausedSinceMs({ since }: Pick<DigestTrouble, "since">, dueAtMs: number): number {
  return Math.floor(Math.max(Date.parse(since), dueAtMs) / MINUTE_MS) * MINUTE_MS;
}

function reasonOf(why: PostRefusal, channelId: string): DigestReason {
  return why === "unknown-channel" ? { why } : { why, channelId };
}

/**
 * Tells a server's admins that its digest is paused: in the system channel, else by direct message
 * to the owner, else not at all. Never in the channel that refused the digest.
 */
export async function tellAdmins(
  { guildId, channelId }: DigestPlace,
  reason: DigestReason,
  {
    posts,
    directory,
  }: { readonly posts: ChannelPosts; readonly directory: Pick<GuildDirectory, "adminContacts"> },
  locale: string,
): Promise<"system channel" | "owner" | "nobody"> {
  const isOwnFault = reason.why === "message-refused";
  const content = say(locale, isOwnFault ? "trouble.paused.own-fault" : "trouble.paused", {
    reason: reasonInWords(reason, locale),
  });
  const { systemChannelId, ownerId } = await directory.adminContacts(guildId);
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

/** A random nonce, unique to one message. */
export function randomNonce(): string {
  return randomBytes(15).toString("base64url");
}
