/** The made-up server and application, by whose ids made-up links are recognized. */
export type MadeUpIds = { readonly guildId: string; readonly applicationId: string };

/** Where a link in a message leads. */
export type LinkTarget =
  | { readonly kind: "real" }
  /** A channel of the made-up server, or a message in it. */
  | { readonly kind: "here"; readonly channelId: string; readonly messageId?: string }
  /** What the link names does not exist; `sentence` says what it would do in Discord. */
  | { readonly kind: "made-up"; readonly sentence: string };

const INVITE =
  "This link is made up, as the bot here has no application of its own: in Discord, it would add the bot to a server or an account.";
const OTHER = "This link is made up: what it leads to is not in Discord.";

/** Where a link leads: nowhere if it names the made-up server or application. */
export function linkTarget(url: string, { guildId, applicationId }: MadeUpIds): LinkTarget {
  if (!url.includes(guildId) && !url.includes(applicationId)) return { kind: "real" };
  if (!URL.canParse(url)) return { kind: "made-up", sentence: OTHER };
  const { pathname } = new URL(url);
  const [, where, guild, channelId = "", messageId] = pathname.split("/");
  if (where === "channels" && guild === guildId && channelId !== "")
    return { kind: "here", channelId, ...(messageId !== undefined && { messageId }) };
  return { kind: "made-up", sentence: where === "oauth2" ? INVITE : OTHER };
}
