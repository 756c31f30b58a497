import type { ChannelPosts, PostRefused } from "../discord/bot/channel-posts.ts";
import { BoundedMap } from "../process/bounded-map.ts";
import { BOT, botMayPost, MEMBERS, PAGE_CHANNELS, PAGE_ROLES } from "./guild.ts";
import { KEPT_MESSAGES, type PlaygroundMessages } from "./messages.ts";

// discord.com/developers/docs/topics/opcodes-and-status-codes#json, 2026-11.
const UNKNOWN_CHANNEL: PostRefused = { kind: "refused", code: 10_003, why: "unknown-channel" };
const MISSING_PERMISSIONS: PostRefused = { kind: "refused", code: 50_013, why: "no-permission" };
const WRONG_KIND: PostRefused = { kind: "refused", code: 50_008, why: "wrong-kind" };
const UNKNOWN_MESSAGE: PostRefused = { kind: "refused", code: 10_008, why: "other" };

/** Posts into the made-up server's channels. */
export function playgroundPosts(messages: PlaygroundMessages): ChannelPosts {
  /** Ids of posted messages by nonce, for as many messages as are kept. */
  const byNonce = new BoundedMap<string, string>({ maxEntries: KEPT_MESSAGES });
  return {
    async post(channelId, reply, { nonce, mentionRoleId }) {
      const earlier = byNonce.get(nonce);
      if (earlier !== undefined && messages.find(earlier) !== undefined)
        return { kind: "sent", messageId: earlier };
      if (!PAGE_CHANNELS.some(({ id }) => id === channelId)) return UNKNOWN_CHANNEL;
      const may = botMayPost(channelId);
      if (may !== "yes") return may === "wrong-kind" ? WRONG_KIND : MISSING_PERMISSIONS;
      const mention = PAGE_ROLES.some(({ id }) => id === mentionRoleId)
        ? [`<@&${mentionRoleId}>`]
        : [];
      const { id } = messages.add(
        { channel_id: channelId, author: BOT, flags: 0 },
        {
          content: [...mention, ...(reply.content === undefined ? [] : [reply.content])].join(" "),
          embeds: reply.embeds ?? [],
          components: reply.components ?? [],
          files: reply.files ?? [],
        },
      );
      byNonce.set(nonce, id);
      return { kind: "sent", messageId: id };
    },
    async find({ channelId }, marker, since) {
      const found = messages
        .all()
        .find(
          (message) =>
            message.channel_id === channelId &&
            Date.parse(message.timestamp) >= since.getTime() &&
            message.components.some((row) =>
              row.components.some((part) => "custom_id" in part && part.custom_id.includes(marker)),
            ),
        );
      return found === undefined ? { kind: "absent" } : { kind: "found", messageId: found.id };
    },
    async publish(_channelId, messageId) {
      return messages.find(messageId) === undefined ? UNKNOWN_MESSAGE : { kind: "published" };
    },
    async directMessage(userId) {
      if (!MEMBERS.some(({ id }) => id === userId))
        return { kind: "refused", code: 50_007, why: "other" };
      return { kind: "opened", channelId: PAGE_CHANNELS[0]?.id ?? "" };
    },
  };
}
