import { randomBytes } from "node:crypto";
import type { ChannelPosts, PostRefusal } from "../discord/channel-posts.ts";
import type { GuildDirectory } from "../discord/guild-directory.ts";

/** Where a server's digest goes, as far as troubles there go. */
export type DigestPlace = { readonly guildId: string; readonly channelId: string };

/** What keeps a digest out of a channel, looked up beforehand; undefined when nothing does, or when Discord cannot be asked now. */
export async function obstacleIn(
  { guildId, channelId }: DigestPlace,
  directory: Pick<GuildDirectory, "channel" | "missingPermissions">,
): Promise<string | undefined> {
  const known = await directory.channel(guildId, channelId);
  if (!known.ok && known.reason === "unknown") return reasonOf("unknown-channel", channelId);
  if (known.ok && known.channel.kind !== "text" && known.channel.kind !== "announcement") return reasonOf("wrong-kind", channelId);
  const rights = await directory.missingPermissions(guildId, channelId, null);
  if (rights.ok && rights.missing.length > 0) return `In <#${channelId}> the bot lacks: ${rights.missing.join(", ")}.`;
  if (!known.ok && known.reason === "no-access") return reasonOf("no-access", channelId);
  return undefined;
}

/** Why Discord refused, as a sentence for the server's admins; names what is to be granted where that can be found out. */
export async function explainRefusal(
  why: PostRefusal,
  place: DigestPlace,
  directory: Pick<GuildDirectory, "channel" | "missingPermissions">,
): Promise<string> {
  const named = why === "no-access" || why === "no-permission" ? await obstacleIn(place, directory) : undefined;
  return named ?? reasonOf(why, place.channelId);
}

/** True for what only the server's admins can put right; of anything else they are not told. */
export function isForAdmins(why: PostRefusal): boolean {
  return why !== "other";
}

function reasonOf(why: PostRefusal, channelId: string): string {
  switch (why) {
    case "no-access":
      return `The bot cannot see <#${channelId}>: it needs View Channel there.`;
    case "no-permission":
      return `The bot may not post in <#${channelId}>: it needs Send Messages, Embed Links and Attach Files there.`;
    case "unknown-channel":
      return "The channel of the digest does not exist any more.";
    case "archived-thread":
      return `<#${channelId}> is an archived thread.`;
    case "wrong-kind":
      return `<#${channelId}> is no text or announcement channel.`;
    case "other":
      return `Discord did not take the message for <#${channelId}>.`;
  }
}

/** Tells a server's admins that its digest is paused: in the system channel, else by direct message to the owner, else not at all. */
export async function tellAdmins(
  { guildId, channelId }: DigestPlace,
  reason: string,
  { posts, directory }: { readonly posts: ChannelPosts; readonly directory: Pick<GuildDirectory, "whereToTell"> },
): Promise<"system channel" | "owner" | "nobody"> {
  const content =
    `The daily digest is paused. ${reason} It goes on by itself once that is put right: ` +
    "`/config check` says what is missing, and `/config digest` chooses another channel.";
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
