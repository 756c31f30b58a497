import { ChannelType, PermissionFlagsBits } from "discord-api-types/v10";
import { has } from "./channel-permissions.ts";

/** What posting needs to know about a server's channel. */
export type ChannelFacts = {
  readonly channelId: string;
  readonly name: string;
  /** Only `text` and `announcement` channels take a digest. */
  readonly kind: "text" | "announcement" | "voice" | "forum" | "thread" | "category" | "other";
};

/** A permission that posting a digest needs, by its name in Discord's settings. */
export type PostingPermission =
  | "View Channel"
  | "Send Messages"
  /** Replaces `Send Messages` in a thread. */
  | "Send Messages in Threads"
  | "Embed Links"
  | "Attach Files"
  | "Read Message History"
  /** Needed only when not everybody may mention the role. */
  | "Mention @everyone, @here, and All Roles";

/** The message that names each permission as the settings of the reader's Discord do. */
export const PERMISSION_NAMES = {
  "View Channel": "permission.view-channel",
  "Send Messages": "permission.send-messages",
  "Send Messages in Threads": "permission.send-messages-in-threads",
  "Embed Links": "permission.embed-links",
  "Attach Files": "permission.attach-files",
  "Read Message History": "permission.read-message-history",
  "Mention @everyone, @here, and All Roles": "permission.mention-everyone",
} as const satisfies Readonly<Record<PostingPermission, string>>;

/**
 * The permissions that are missing for posting in a channel of this Discord type, in the order of
 * {@link PostingPermission}; `isMentionOpen`: anybody may mention the role, or no role is
 * mentioned.
 */
export function missingAmong(
  granted: bigint,
  { type, isMentionOpen }: { type: number; isMentionOpen: boolean },
): readonly PostingPermission[] {
  const needed = new Set<PostingPermission>([
    "View Channel",
    isThread(type) ? "Send Messages in Threads" : "Send Messages",
    "Embed Links",
    "Attach Files",
    "Read Message History",
    ...(isMentionOpen ? [] : [MENTION]),
  ]);
  return POSTING_PERMISSIONS.filter(([name, bit]) => needed.has(name) && !has(granted, bit)).map(
    ([name]) => name,
  );
}

const MENTION: PostingPermission = "Mention @everyone, @here, and All Roles";

// In the order of the type, with the names of Discord's English settings.
const POSTING_PERMISSIONS: readonly (readonly [PostingPermission, bigint])[] = [
  ["View Channel", PermissionFlagsBits.ViewChannel],
  ["Send Messages", PermissionFlagsBits.SendMessages],
  ["Send Messages in Threads", PermissionFlagsBits.SendMessagesInThreads],
  ["Embed Links", PermissionFlagsBits.EmbedLinks],
  ["Attach Files", PermissionFlagsBits.AttachFiles],
  ["Read Message History", PermissionFlagsBits.ReadMessageHistory],
  [MENTION, PermissionFlagsBits.MentionEveryone],
];

const KINDS: ReadonlyMap<number, ChannelFacts["kind"]> = new Map([
  [ChannelType.GuildText, "text"],
  [ChannelType.GuildAnnouncement, "announcement"],
  [ChannelType.GuildVoice, "voice"],
  [ChannelType.GuildStageVoice, "voice"],
  [ChannelType.GuildForum, "forum"],
  [ChannelType.GuildMedia, "forum"],
  [ChannelType.AnnouncementThread, "thread"],
  [ChannelType.PublicThread, "thread"],
  [ChannelType.PrivateThread, "thread"],
  [ChannelType.GuildCategory, "category"],
]);

/** The kind of a channel of this Discord type. */
export function channelKind(type: number): ChannelFacts["kind"] {
  return KINDS.get(type) ?? "other";
}

/** Whether a channel of this Discord type is a thread. */
export function isThread(type: number): boolean {
  return channelKind(type) === "thread";
}
