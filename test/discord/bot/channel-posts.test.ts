import { ButtonStyle, ComponentType } from "discord-api-types/v10";
import { afterEach, describe, expect, it } from "vitest";
import { createBotRest } from "../../../src/discord/bot/bot-rest.ts";
import { type ChannelPosts, createChannelPosts } from "../../../src/discord/bot/channel-posts.ts";
import { createGuildDirectory } from "../../../src/discord/bot/guild-directory.ts";
import type { Reply } from "../../../src/discord/reply.ts";
import {
  type FakeDiscord,
  type FakeDiscordOptions,
  startFakeDiscord,
} from "../../support/fake-discord/fake-discord.ts";
import { busiestSecond } from "../../support/fake-discord/rest.ts";

const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function start({
  responseWithinMs = 10_000,
  ...options
}: FakeDiscordOptions & { responseWithinMs?: number } = {}): Promise<{
  fake: FakeDiscord;
  posts: ChannelPosts;
  channelId: string;
}> {
  const fake = await startFakeDiscord(options);
  open.push(() => fake.close());
  const rest = createBotRest({ token: fake.token, apiUrl: fake.apiUrl, responseWithinMs });
  const posts = createChannelPosts({
    rest,
    directory: createGuildDirectory({ rest, now: () => new Date(), keepMs: 0 }),
  });
  return { fake, posts, channelId: fake.guild.systemChannelId ?? "" };
}

const PNG = new Uint8Array(
  Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  ),
);

const digest = (day = "20261124"): Reply => ({
  embeds: [{ title: "Lambos today", image: { url: "attachment://digest.png" } }],
  files: [{ name: "digest.png", data: PNG, description: "A leaderboard" }],
  components: [
    {
      type: ComponentType.ActionRow,
      components: [
        {
          type: ComponentType.Button,
          style: ButtonStyle.Secondary,
          custom_id: `digest:ask:bitcoin:${day}`,
          label: "Bitcoin",
        },
      ],
    },
  ],
});

const longAgo = new Date(Date.now() - 3_600_000);

describe("a post", () => {
  it("arrives with embed, picture, alt text and buttons, and mentions nobody", async () => {
    const { fake, posts, channelId } = await start();
    const outcome = await posts.post(channelId, digest(), { nonce: "abc20261124" });
    const [message] = fake.messagesIn(channelId);
    expect(outcome).toEqual({ kind: "sent", messageId: message?.id });
    expect(message).toMatchObject({
      authorId: fake.botUser.id,
      content: "",
      embeds: [{ title: "Lambos today" }],
      files: [{ name: "digest.png", description: "A leaderboard" }],
      allowedMentions: { parse: [], roles: [] },
      nonce: "abc20261124",
    });
    expect(fake.violations).toEqual([]);
  });

  it("mentions one role when asked to, before its text, and nobody whom its text names", async () => {
    const { fake, posts, channelId } = await start();
    const role = fake.addRole(fake.guild, { name: "fans" });
    await posts.post(
      channelId,
      { content: "@everyone look" },
      { nonce: "1", mentionRoleId: role.id },
    );
    await posts.post(
      channelId,
      { embeds: [{ title: "Lambos" }] },
      { nonce: "2", mentionRoleId: role.id },
    );
    expect(fake.messagesIn(channelId)).toMatchObject([
      {
        content: `<@&${role.id}> @everyone look`,
        allowedMentions: { parse: [], roles: [role.id] },
      },
      { content: `<@&${role.id}>`, allowedMentions: { parse: [], roles: [role.id] } },
    ]);
    expect(fake.violations).toEqual([]);
  });

  it("that is sent again with its nonce is there once, and both attempts get the same message", async () => {
    const { fake, posts, channelId } = await start();
    const first = await posts.post(channelId, digest(), { nonce: "abc20261124" });
    const second = await posts.post(channelId, digest(), { nonce: "abc20261124" });
    expect(second).toEqual(first);
    expect(fake.messagesIn(channelId)).toHaveLength(1);
  });
});

describe("a post that Discord refuses", () => {
  it.each([
    ["missing-access", 50001, "no-access"],
    ["missing-permissions", 50013, "no-permission"],
    ["unknown-channel", 10003, "unknown-channel"],
    ["cannot-message-user", 50007, "no-permission"],
  ] as const)("for %s says so", async (refusal, code, why) => {
    const { fake, posts, channelId } = await start();
    fake.refuse(channelId, refusal);
    expect(await posts.post(channelId, digest(), { nonce: "1" })).toEqual({
      kind: "refused",
      code,
      why,
    });
  });

  it.each([
    ["an archived thread", { type: 11, archived: true }, 50083, "archived-thread"],
    ["a forum", { type: 15 }, 50008, "wrong-kind"],
  ] as const)("because the channel is %s says so", async (_, channelOptions, code, why) => {
    const { fake, posts, channelId } = await start();
    const channel = fake.addChannel(fake.guild, { parentId: channelId, ...channelOptions });
    expect(await posts.post(channel.id, digest(), { nonce: "1" })).toEqual({
      kind: "refused",
      code,
      why,
    });
  });

  it("because of its content is reported apart from the channel", async () => {
    const { posts, channelId } = await start();
    const outcome = await posts.post(
      channelId,
      { embeds: [{ title: "x".repeat(300) }] },
      { nonce: "1" },
    );
    const detail = expect.stringMatching(/^Invalid Form Body\nembeds\[0\]\.title.*256/);
    expect(outcome).toEqual({ kind: "refused", code: 50035, why: "other", detail });
  });
});

describe("a post whose outcome is not known", () => {
  it.each([
    ["a 502 after it was taken", { kind: "status", status: 502, afterEffect: true }, 1],
    ["a 502", { kind: "status", status: 502 }, 0],
    ["a cut connection after it was taken", { kind: "reset", afterEffect: true }, 1],
    ["no answer", { kind: "hang" }, 0],
    ["a success that says nothing", { kind: "status", status: 200, body: "ok" }, 0],
  ] as const)(
    "because of %s may have arrived, and is not repeated by itself",
    async (_, fault, there) => {
      const { fake, posts, channelId } = await start({ responseWithinMs: 300, checkSpec: false });
      fake.fault({ ...fault, method: "POST" });
      expect(await posts.post(channelId, digest(), { nonce: "1" })).toEqual({
        kind: "unavailable",
        mayHaveArrived: true,
      });
      expect(fake.messagesIn(channelId)).toHaveLength(there);
      expect(fake.requests).toHaveLength(1);
    },
  );

  it("has certainly not arrived when nothing listens, or when its network bans us", async () => {
    const { fake, posts, channelId } = await start();
    fake.fault({ kind: "status", status: 403, body: "<html>error 1015</html>", times: 1 });
    expect(await posts.post(channelId, digest(), { nonce: "1" })).toEqual({
      kind: "unavailable",
      mayHaveArrived: false,
    });
    await fake.close();
    expect(await posts.post(channelId, digest(), { nonce: "1" })).toEqual({
      kind: "unavailable",
      mayHaveArrived: false,
    });
  });
});

describe("rate limits", () => {
  it("of a channel are learnt from responses: the sixth post in five seconds is not even sent", async () => {
    const { fake, posts, channelId } = await start();
    for (let index = 0; index < 5; index += 1)
      await posts.post(channelId, { content: "hi" }, { nonce: String(index) });
    const sixth = await posts.post(channelId, { content: "hi" }, { nonce: "6" });
    expect(sixth).toEqual({ kind: "rate-limited", retryAfterMs: expect.any(Number) });
    expect(fake.counts).toMatchObject({ requests: 5, rateLimited: 0 });
    const elsewhere = fake.addChannel(fake.guild);
    expect(await posts.post(elsewhere.id, { content: "hi" }, { nonce: "7" })).toMatchObject({
      kind: "sent",
    });
  });

  it("that Discord imposes are reported with the time to wait", async () => {
    const { fake, posts, channelId } = await start({ limitNow: () => 1_000 });
    fake.limits.routes.set("POST /channels/:channel_id/messages", { limit: 0, windowMs: 3_000 });
    const outcome = await posts.post(channelId, { content: "hi" }, { nonce: "1" });
    expect(outcome).toMatchObject({ kind: "rate-limited" });
    // Discord's header is whole seconds; the library adds 50 ms.
    expect(outcome.kind === "rate-limited" ? outcome.retryAfterMs : 0).toBeGreaterThanOrEqual(
      3_000,
    );
  });

  it("of the bot are never exceeded by 130 posts at once to as many channels", async () => {
    const { fake, posts } = await start({ checkSpec: false });
    const channels = Array.from({ length: 130 }, () => fake.addChannel(fake.guild));
    const startedAtMs = performance.now();
    const outcomes = await Promise.all(
      channels.map(({ id }) => posts.post(id, digest(), { nonce: id })),
    );
    const seconds = (performance.now() - startedAtMs) / 1_000;
    expect(outcomes.every(({ kind }) => kind === "sent")).toBe(true);
    expect(fake.counts.rateLimited).toBe(0);
    expect(busiestSecond(fake.counts)).toBeLessThanOrEqual(50);
    expect(seconds).toBeGreaterThan(2.5);
  });
});

describe("looking for an earlier post", () => {
  it("finds it by the marker in a button among others' messages, and nobody else's with the same marker", async () => {
    const { fake, posts, channelId } = await start();
    const channel = fake.guild.channels.get(channelId);
    if (channel === undefined) throw new Error("the server has a system channel");
    const where = { guildId: fake.guild.id, channelId };
    for (let index = 0; index < 3; index += 1)
      fake.say(channel, fake.user(), "digest:ask:bitcoin:20261124");
    // Another bot of this program on the same server, as an app that may read messages sees it.
    fake.say(channel, fake.user(), "Lambos today").components = digest().components ?? [];
    expect(await posts.find(where, "20261124", longAgo)).toEqual({ kind: "absent" });
    const sent = await posts.post(channelId, digest(), { nonce: "1" });
    fake.say(channel, fake.user(), "nice");
    expect(await posts.find(where, "20261124", longAgo)).toEqual({
      kind: "found",
      messageId: sent.kind === "sent" ? sent.messageId : "",
    });
    expect(await posts.find(where, "20261125", longAgo)).toEqual({ kind: "absent" });
    expect(fake.violations).toEqual([]);
  });

  it("reads beyond the first hundred messages, and gives up after three thousand", async () => {
    const { fake, posts, channelId } = await start({ checkSpec: false });
    const channel = fake.guild.channels.get(channelId);
    if (channel === undefined) throw new Error("the server has a system channel");
    const [where, user] = [{ guildId: fake.guild.id, channelId }, fake.user()];
    for (let index = 0; index < 250; index += 1) fake.say(channel, user, "chat");
    await posts.post(channelId, digest(), { nonce: "1" });
    expect(await posts.find(where, "20261124", longAgo)).toMatchObject({ kind: "found" });
    expect(await posts.find(where, "20261125", longAgo)).toEqual({ kind: "absent" });
    for (let index = 0; index < 2_750; index += 1) fake.say(channel, user, "chat");
    expect(await posts.find(where, "20261125", longAgo)).toEqual({ kind: "unreadable" });
  });

  it("begins where it most likely is, however much was written before, and then goes back from there", async () => {
    let nowMs = Date.parse("2026-11-24T00:00:00Z");
    const { fake, posts, channelId } = await start({ checkSpec: false, now: () => nowMs });
    const channel = fake.guild.channels.get(channelId);
    if (channel === undefined) throw new Error("the server has a system channel");
    const [where, user] = [{ guildId: fake.guild.id, channelId }, fake.user()];
    const chat = (messages: number) => {
      for (let index = 0; index < messages; index += 1) fake.say(channel, user, "chat");
      nowMs += 3_600_000;
    };
    chat(3_100);
    await posts.post(channelId, digest("20261123"), { nonce: "1" });
    chat(150);
    const due = new Date(nowMs);
    nowMs += 1_000;
    await posts.post(channelId, digest("20261124"), { nonce: "2" });
    chat(150);
    const find = (day: string, from: string) => posts.find(where, day, new Date(from), due);
    expect(await find("20261124", "2026-11-23T00:00:00Z")).toMatchObject({ kind: "found" });
    expect(fake.counts.byRoute.get("GET /channels/:channel_id/messages")).toBe(1);
    expect(await find("20261123", "2026-11-24T00:30:00Z")).toMatchObject({ kind: "found" });
    expect(await find("20261125", "2026-11-24T00:30:00Z")).toEqual({ kind: "absent" });
    expect(await find("20261125", "2026-11-23T00:00:00Z")).toEqual({ kind: "unreadable" });
  });

  it("waits for the channel's limit between its pages", async () => {
    const { fake, posts, channelId } = await start({ checkSpec: false });
    const channel = fake.guild.channels.get(channelId);
    if (channel === undefined) throw new Error("the server has a system channel");
    const user = fake.user();
    for (let index = 0; index < 350; index += 1) fake.say(channel, user, "chat");
    fake.limits.routes.set("GET /channels/:channel_id/messages", { limit: 2, windowMs: 100 });
    expect(await posts.find({ guildId: fake.guild.id, channelId }, "20261124", longAgo)).toEqual({
      kind: "absent",
    });
    expect(fake.counts.rateLimited).toBe(0);
  });

  it("does not mistake an empty list for an empty channel when the bot may not read the history", async () => {
    const { fake, posts } = await start();
    const look = async (deny: bigint) => {
      const channel = fake.addChannel(fake.guild, {
        overwrites: [{ id: fake.guild.id, type: 0, allow: "0", deny: String(deny) }],
      });
      return posts.find({ guildId: fake.guild.id, channelId: channel.id }, "20261124", longAgo);
    };
    expect(await look(0n)).toEqual({ kind: "absent" });
    expect(await look(1n << 16n)).toEqual({ kind: "unreadable" });
    expect(await look(1n << 10n)).toEqual({ kind: "unreadable" });
  });

  it("finds nothing in a deleted channel, and cannot say while Discord is down", async () => {
    const { fake, posts, channelId } = await start();
    const where = { guildId: fake.guild.id, channelId };
    const end = fake.fault({ kind: "status", status: 503, path: "/messages" });
    expect(await posts.find(where, "20261124", longAgo)).toEqual({ kind: "unavailable" });
    end();
    fake.fault({ kind: "status", status: 503, path: /^\/guilds\// });
    expect(await posts.find(where, "20261124", longAgo)).toEqual({ kind: "unavailable" });
    fake.refuse(channelId, "unknown-channel");
    expect(await posts.find(where, "20261124", longAgo)).toEqual({ kind: "absent" });
  });
});

describe("publishing", () => {
  it("is done once in an announcement channel, and refused elsewhere", async () => {
    const { fake, posts, channelId } = await start();
    const news = fake.addChannel(fake.guild, { type: 5 });
    const sent = await posts.post(news.id, digest(), { nonce: "1" });
    if (sent.kind !== "sent") throw new Error("the post must go out");
    expect(await posts.publish(news.id, sent.messageId)).toEqual({ kind: "published" });
    expect(await posts.publish(news.id, sent.messageId)).toEqual({ kind: "published" });
    expect(fake.messagesIn(news)).toMatchObject([{ crossposted: true }]);
    const plain = await posts.post(channelId, digest(), { nonce: "2" });
    expect(await posts.publish(channelId, plain.kind === "sent" ? plain.messageId : "")).toEqual({
      kind: "refused",
      code: 50024,
      why: "wrong-kind",
    });
    expect(fake.violations).toEqual([]);
  });
});

describe("a direct message", () => {
  it("is opened and written, unless its recipient takes none", async () => {
    const { fake, posts } = await start();
    const [owner, shy] = [fake.user(), fake.user()];
    const opened = await posts.directMessage(owner.id);
    expect(opened).toEqual({ kind: "opened", channelId: fake.directMessage(owner).id });
    expect(
      await posts.post(
        opened.kind === "opened" ? opened.channelId : "",
        { content: "Hello" },
        { nonce: "1" },
      ),
    ).toMatchObject({
      kind: "sent",
    });
    fake.refuse(fake.directMessage(shy), "cannot-message-user");
    expect(
      await posts.post(fake.directMessage(shy).id, { content: "Hello" }, { nonce: "2" }),
    ).toMatchObject({ why: "no-permission" });
    expect(await posts.directMessage("12345678901234567")).toMatchObject({
      kind: "refused",
      code: 10013,
      why: "other",
    });
    expect(fake.violations).toEqual([]);
  });
});
