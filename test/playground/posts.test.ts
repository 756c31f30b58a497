import { ButtonStyle, ComponentType, PermissionFlagsBits } from "discord-api-types/v10";
import { describe, expect, it } from "vitest";
import {
  botPermissions,
  GUILD_ID,
  MEMBERS,
  madeUpDirectory,
  PAGE_CHANNELS,
  PAGE_ROLES,
} from "../../src/playground/guild.ts";
import { createIds, createPlaygroundMessages } from "../../src/playground/messages.ts";
import { playgroundPosts } from "../../src/playground/posts.ts";

const NOW = new Date("2026-11-24T12:00:00Z");

const channelId = (name: string) =>
  PAGE_CHANNELS.find((channel) => channel.name === name)?.id ?? "";

function stage() {
  const now = () => NOW;
  const messages = createPlaygroundMessages({ now, nextId: createIds(now) });
  return { messages, posts: playgroundPosts(messages) };
}

const digest = {
  content: "Today",
  components: [
    {
      type: ComponentType.ActionRow as const,
      components: [
        {
          type: ComponentType.Button as const,
          style: ButtonStyle.Secondary as const,
          label: "DOGE",
          custom_id: "digest:coin:20261124:x",
        },
      ],
    },
  ],
};

describe("a post into the made-up server", () => {
  it("appears in its channel, and mentions the given role and nobody else", async () => {
    const { messages, posts } = stage();
    const role = PAGE_ROLES[0]?.id;
    const outcome = await posts.post(channelId("daily-digest"), digest, {
      nonce: "a",
      mentionRoleId: role,
    });
    const [message] = messages.all();
    expect(outcome).toEqual({ kind: "sent", messageId: message?.id });
    expect(message).toMatchObject({
      channel_id: channelId("daily-digest"),
      content: `<@&${role}> Today`,
      flags: 0,
    });
  });

  it("is not made twice with the same nonce", async () => {
    const { messages, posts } = stage();
    const first = await posts.post(channelId("lambos"), digest, { nonce: "a" });
    expect(await posts.post(channelId("lambos"), digest, { nonce: "a" })).toEqual(first);
    expect(messages.all()).toHaveLength(1);
  });

  it.each([
    ["locked", "no-permission", 50_013],
    ["Garage talk", "wrong-kind", 50_008],
    ["a channel that is not there", "unknown-channel", 10_003],
  ])("is refused in %s, as by Discord", async (name, why, code) => {
    const { messages, posts } = stage();
    expect(await posts.post(channelId(name) || "1", digest, { nonce: "a" })).toEqual({
      kind: "refused",
      code,
      why,
    });
    expect(messages.all()).toEqual([]);
  });

  it("is found by the marker in its buttons, only in its channel and only since its time", async () => {
    const { posts } = stage();
    const sent = await posts.post(channelId("lambos"), digest, { nonce: "a" });
    const where = { guildId: GUILD_ID, channelId: channelId("lambos") };
    const messageId = sent.kind === "sent" ? sent.messageId : "";
    expect(await posts.find(where, "20261124", NOW)).toEqual({ kind: "found", messageId });
    expect(await posts.find(where, "20261125", NOW)).toEqual({ kind: "absent" });
    expect(
      await posts.find({ ...where, channelId: channelId("daily-digest") }, "20261124", NOW),
    ).toEqual({ kind: "absent" });
    expect(await posts.find(where, "20261124", new Date(NOW.getTime() + 1))).toEqual({
      kind: "absent",
    });
  });
});

describe("the made-up server", () => {
  it("knows its own channels and roles, and no other server's", async () => {
    const lambos = channelId("lambos");
    expect(await madeUpDirectory.channel(GUILD_ID, lambos)).toMatchObject({
      ok: true,
      channel: { name: "lambos", kind: "text" },
    });
    expect(await madeUpDirectory.channel("1", lambos)).toEqual({ ok: false, reason: "unknown" });
    expect(await madeUpDirectory.role(GUILD_ID, PAGE_ROLES[0]?.id ?? "")).toMatchObject({
      ok: true,
      mentionable: true,
    });
    expect(await madeUpDirectory.role(GUILD_ID, "1")).toEqual({ ok: false, reason: "unknown" });
  });

  it("reports the same missing permissions for the locked channel everywhere", async () => {
    const lacks = await madeUpDirectory.missingPermissions(GUILD_ID, channelId("locked"), null);
    expect(lacks).toEqual({ ok: true, missing: ["Send Messages", "Attach Files"] });
    expect(botPermissions(channelId("locked")) & PermissionFlagsBits.SendMessages).toBe(0n);
    expect(botPermissions(channelId("locked")) & PermissionFlagsBits.ViewChannel).not.toBe(0n);
    expect(await madeUpDirectory.missingPermissions(GUILD_ID, channelId("lambos"), null)).toEqual({
      ok: true,
      missing: [],
    });
  });

  it("lets the bot mention a role only if everybody may", async () => {
    const missing = async (name: string) => {
      const role = PAGE_ROLES.find((each) => each.name === name)?.id ?? "";
      return madeUpDirectory.missingPermissions(GUILD_ID, channelId("lambos"), role);
    };
    expect(await missing("Moon Club")).toEqual({ ok: true, missing: [] });
    expect(await missing("Mechanics")).toEqual({
      ok: true,
      missing: ["Mention @everyone, @here, and All Roles"],
    });
  });

  it("has an owner who may do everything, and a member who may not manage it", () => {
    const may = MEMBERS.map(
      ({ permissions }) => (BigInt(permissions) & PermissionFlagsBits.ManageGuild) !== 0n,
    );
    expect(may).toEqual([true, false]);
  });
});
