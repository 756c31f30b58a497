/** The made-up server and application, by whose ids made-up links are recognized. */
export type MadeUpIds = { readonly guildId: string; readonly applicationId: string };

/** Where a link in a message leads. */
export type LinkTarget =
  | { readonly kind: "real" }
  /** A channel of the made-up server, or a message in it. */
  | { readonly kind: "here"; readonly channelId: string; readonly messageId?: string }
  /** What the link names does not exist: an invite would add the bot to a server or an account. */
  | { readonly kind: "made-up"; readonly isInvite: boolean };

/** Where a link leads: nowhere if it names the made-up server or application. */
export function linkTarget(url: string, { guildId, applicationId }: MadeUpIds): LinkTarget {
  if (!url.includes(guildId) && !url.includes(applicationId)) return { kind: "real" };
  if (!URL.canParse(url)) return { kind: "made-up", isInvite: false };
  const { pathname } = new URL(url);
  const [, where, guild, channelId = "", messageId] = pathname.split("/");
  if (where === "channels" && guild === guildId && channelId !== "")
    return { kind: "here", channelId, ...(messageId !== undefined && { messageId }) };
  return { kind: "made-up", isInvite: where === "oauth2" };
}
