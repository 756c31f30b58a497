import { ChannelType, PermissionFlagsBits } from "discord-api-types/v10";
import type { GuildDirectory } from "../discord/bot/guild-directory.ts";
import type { ChannelFacts, PostingPermission } from "../discord/bot/posting-permissions.ts";
import { say } from "../messages/say.ts";
import type { PageChannel, PageMember, PageRole, PageTextKey, PageUser } from "./page/protocol.ts";

/** Ids in the made-up server: as long as Discord's, but too small to be real. */
export const GUILD_ID = "100000000000000001";
export const APPLICATION_ID = "100000000000000002";

/** The made-up server's name. */
export const GUILD_NAME = "The Parking Lot";

type Permission = keyof typeof PermissionFlagsBits;

/** The bot as an author. */
export const BOT: PageUser = { id: APPLICATION_ID, name: "Dude, Where's My Lambo", bot: true };

/** The server's owner, and a member who may only write; when they joined is invented too. */
export const MEMBERS = [
  {
    id: "100000000000000011",
    name: "Alex",
    joinedAt: "2021-05-03T18:24:00+00:00",
    title: "playground.member.owner",
    permissions: String(bitsOf(Object.keys(PermissionFlagsBits))),
  },
  {
    id: "100000000000000012",
    name: "Robin",
    joinedAt: "2024-03-09T09:41:00+00:00",
    title: "playground.member.robin",
    permissions: String(
      bitsOf([
        "ViewChannel",
        "SendMessages",
        "ReadMessageHistory",
        "UseApplicationCommands",
        "EmbedLinks",
        "AttachFiles",
      ]),
    ),
  },
] as const satisfies readonly (PageMember & { joinedAt: string; title: PageTextKey })[];

/** The members, with their titles in the language of a locale. */
export function pageMembers(locale: string): readonly PageMember[] {
  return MEMBERS.map(({ joinedAt: _, ...member }) => ({
    ...member,
    title: say(locale, member.title),
  }));
}

type MadeUpChannel = PageChannel & {
  readonly topic: Extract<PageTextKey, `playground.topic.${string}`>;
  readonly kind: ChannelFacts["kind"];
  readonly missing: readonly PostingPermission[];
};

const CHANNELS: readonly MadeUpChannel[] = [
  {
    id: "100000000000000021",
    name: "lambos",
    type: ChannelType.GuildText,
    topic: "playground.topic.lambos",
    kind: "text",
    missing: [],
  },
  {
    id: "100000000000000022",
    name: "daily-digest",
    type: ChannelType.GuildAnnouncement,
    topic: "playground.topic.daily-digest",
    kind: "announcement",
    missing: [],
  },
  {
    id: "100000000000000023",
    name: "locked",
    type: ChannelType.GuildText,
    topic: "playground.topic.locked",
    kind: "text",
    missing: ["Send Messages", "Attach Files"],
  },
  {
    id: "100000000000000024",
    name: "Garage talk",
    type: ChannelType.GuildVoice,
    topic: "playground.topic.voice",
    kind: "voice",
    missing: [],
  },
];

/** The server's channels; the visitor starts in the first. */
export const PAGE_CHANNELS: readonly Omit<PageChannel, "topic">[] = CHANNELS.map(
  ({ id, name, type }) => ({ id, name, type }),
);

/** The channels, with their topics in the language of a locale. */
export function pageChannels(locale: string): readonly PageChannel[] {
  return CHANNELS.map(({ id, name, type, topic }) => ({
    ...{ id, name, type },
    topic: say(locale, topic),
  }));
}

const MADE_UP_ROLES = [
  { id: "100000000000000031", name: "Moon Club", mentionable: true },
  { id: "100000000000000032", name: "Mechanics", mentionable: false },
] as const;

/** The server's roles, without @everyone. */
export const PAGE_ROLES: readonly PageRole[] = MADE_UP_ROLES.map(({ id, name }) => ({ id, name }));

const FLAG_NAMES: Readonly<Record<PostingPermission, Permission>> = {
  "View Channel": "ViewChannel",
  "Send Messages": "SendMessages",
  "Send Messages in Threads": "SendMessagesInThreads",
  "Embed Links": "EmbedLinks",
  "Attach Files": "AttachFiles",
  "Read Message History": "ReadMessageHistory",
  "Mention @everyone, @here, and All Roles": "MentionEveryone",
};

/** The invite link does not request this permission, and the server has not granted it. */
const NOT_INVITED_WITH: PostingPermission = "Mention @everyone, @here, and All Roles";

/** The bot's permission bits in a channel, as Discord sends them with an interaction. */
export function botPermissions(channelId: string): bigint {
  const missing = [
    ...(CHANNELS.find(({ id }) => id === channelId)?.missing ?? []),
    NOT_INVITED_WITH,
  ];
  return bitsOf(
    Object.values(FLAG_NAMES).filter(
      (name) => !missing.some((permission) => FLAG_NAMES[permission] === name),
    ),
  );
}

/** Whether Discord would accept a post by the bot in a channel. */
export function botMayPost(channelId: string): "yes" | "no-permission" | "wrong-kind" {
  const channel = CHANNELS.find(({ id }) => id === channelId);
  if (channel?.kind !== "text" && channel?.kind !== "announcement") return "wrong-kind";
  return channel.missing.length === 0 ? "yes" : "no-permission";
}

/** The made-up server as the bot's directory sees it. */
export const madeUpDirectory: GuildDirectory = {
  async channel(guildId, channelId) {
    const channel = CHANNELS.find(({ id }) => guildId === GUILD_ID && id === channelId);
    if (channel === undefined) return { ok: false, reason: "unknown" };
    return { ok: true, channel: { channelId, name: channel.name, kind: channel.kind } };
  },
  async role(guildId, roleId) {
    const role = MADE_UP_ROLES.find(({ id }) => guildId === GUILD_ID && id === roleId);
    return role === undefined
      ? { ok: false, reason: "unknown" }
      : { ok: true, name: role.name, mentionable: role.mentionable };
  },
  async missingPermissions(guildId, channelId, roleId) {
    const channel = CHANNELS.find(({ id }) => guildId === GUILD_ID && id === channelId);
    if (channel === undefined) return { ok: false, reason: "unknown" };
    const mustNotMention = MADE_UP_ROLES.some(
      ({ id, mentionable }) => id === roleId && !mentionable,
    );
    return {
      ok: true,
      missing: [...channel.missing, ...(mustNotMention ? [NOT_INVITED_WITH] : [])],
    };
  },
  async adminContacts() {
    return { systemChannelId: CHANNELS[0]?.id ?? null, ownerId: MEMBERS[0]?.id ?? null };
  },
};

function bitsOf(names: readonly string[]): bigint {
  return Object.entries(PermissionFlagsBits).reduce(
    (bits, [name, bit]) => (names.includes(name) ? bits | bit : bits),
    0n,
  );
}
