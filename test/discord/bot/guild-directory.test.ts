import { Client, Events, GatewayIntentBits } from "discord.js";
import { OverwriteType, PermissionFlagsBits } from "discord-api-types/v10";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { createBotRest } from "../../../src/discord/bot/bot-rest.ts";
import {
  grantedPermissions,
  type MemberRights,
} from "../../../src/discord/bot/channel-permissions.ts";
import {
  createGuildDirectory,
  type GuildDirectory,
} from "../../../src/discord/bot/guild-directory.ts";
import { createRateLimiter } from "../../../src/discord/bot/rate-limiter.ts";
import {
  type FakeDiscord,
  type FakeDiscordOptions,
  startFakeDiscord,
} from "../../support/fake-discord/fake-discord.ts";
import { ordinaryPermissions } from "../../support/fake-discord/world.ts";

const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function startDirectory(
  options: FakeDiscordOptions = {},
): Promise<{ fake: FakeDiscord; directory: GuildDirectory; nowMs: number }> {
  const fake = await startFakeDiscord({ rateLimits: false, ...options });
  open.push(() => fake.close());
  const scene = { fake, nowMs: Date.UTC(2026, 10, 24) };
  // Unlimited: these tests are not about the pace.
  const rateLimiter = createRateLimiter({ requestsPerSecond: Number.POSITIVE_INFINITY });
  const rest = createBotRest({
    token: fake.token,
    apiUrl: fake.apiUrl,
    rateLimiter,
    responseWithinMs: 1_000,
  });
  return Object.assign(scene, {
    directory: createGuildDirectory({ rest, now: () => new Date(scene.nowMs) }),
  });
}

const everyone = (fake: FakeDiscord, change: { allow?: bigint; deny?: bigint }) => ({
  id: fake.guild.id,
  type: OverwriteType.Role as 0,
  allow: String(change.allow ?? 0n),
  deny: String(change.deny ?? 0n),
});

const {
  ViewChannel,
  SendMessages,
  EmbedLinks,
  AttachFiles,
  ReadMessageHistory,
  SendMessagesInThreads,
  MentionEveryone,
  Administrator,
} = PermissionFlagsBits;

describe("a channel", () => {
  it.each([
    [0, "text"],
    [5, "announcement"],
    [2, "voice"],
    [13, "voice"],
    [15, "forum"],
    [16, "forum"],
    [11, "thread"],
    [4, "category"],
    [14, "other"],
  ] as const)("of Discord's type %i is told as %s, with its name", async (type, kind) => {
    const { fake, directory } = await startDirectory();
    const channel = fake.addChannel(fake.guild, {
      type,
      name: "news",
      parentId: fake.guild.systemChannelId ?? "",
    });
    expect(await directory.channel(fake.guild.id, channel.id)).toEqual({
      ok: true,
      channel: { channelId: channel.id, name: "news", kind },
    });
    expect(fake.violations).toEqual([]);
  });

  it("of another server is unknown, whether the bot sees it there or not", async () => {
    const { fake, directory } = await startDirectory();
    const elsewhere = fake.addChannel(fake.addGuild());
    const notJoined = fake.addChannel(fake.addGuild({ joined: false }));
    for (const channel of [elsewhere, notJoined]) {
      expect(await directory.channel(fake.guild.id, channel.id)).toEqual({
        ok: false,
        reason: "unknown",
      });
      expect(await directory.missingPermissions(fake.guild.id, channel.id, null)).toEqual({
        ok: false,
        reason: "unknown",
      });
    }
  });

  it("whose id is not one is unknown, and Discord is not asked", async () => {
    const { fake, directory } = await startDirectory();
    for (const forged of ["", "../users/@me", "1?x=", "１２"]) {
      expect(await directory.channel(fake.guild.id, forged)).toEqual({
        ok: false,
        reason: "unknown",
      });
      expect(await directory.missingPermissions(fake.guild.id, forged, null)).toEqual({
        ok: false,
        reason: "unknown",
      });
    }
    expect(fake.requests).toEqual([]);
  });

  it("that was deleted is unknown; one that the bot may not see is no access", async () => {
    const { fake, directory } = await startDirectory();
    const gone = fake.addChannel(fake.guild);
    fake.removeChannel(gone);
    const hidden = fake.addChannel(fake.guild, {
      overwrites: [everyone(fake, { deny: ViewChannel })],
    });
    expect(await directory.channel(fake.guild.id, gone.id)).toEqual({
      ok: false,
      reason: "unknown",
    });
    expect(await directory.channel(fake.guild.id, hidden.id)).toEqual({
      ok: false,
      reason: "no-access",
    });
  });
});

describe("what is missing for posting", () => {
  const lacking = async (deny: bigint, allow = 0n, type = 0) => {
    const { fake, directory } = await startDirectory({ guilds: 1 });
    const channel = fake.addChannel(fake.guild, {
      overwrites: [everyone(fake, { deny, allow })],
      type,
    });
    return directory.missingPermissions(fake.guild.id, channel.id, null);
  };

  it("is nothing where the bot may view, send, embed, attach and read", async () => {
    expect(await lacking(0n)).toEqual({ ok: true, missing: [] });
  });

  it.each([
    [SendMessages, ["Send Messages"]],
    [EmbedLinks, ["Embed Links"]],
    [AttachFiles | ReadMessageHistory, ["Attach Files", "Read Message History"]],
    [ViewChannel, ["View Channel"]],
    [ViewChannel | SendMessages, ["View Channel", "Send Messages"]],
  ] as const)("is named as Discord's settings name it (%i)", async (deny, missing) => {
    expect(await lacking(deny)).toEqual({ ok: true, missing });
  });

  it("is sending in threads for a thread, which has its channel's overwrites", async () => {
    const { fake, directory } = await startDirectory();
    const parent = fake.addChannel(fake.guild, {
      overwrites: [everyone(fake, { deny: SendMessages | EmbedLinks })],
    });
    const thread = fake.addChannel(fake.guild, { type: 11, parentId: parent.id });
    expect(await directory.missingPermissions(fake.guild.id, thread.id, null)).toEqual({
      ok: true,
      missing: ["Send Messages in Threads", "Embed Links"],
    });
    const open_ = fake.addChannel(fake.guild, {
      overwrites: [everyone(fake, { allow: SendMessagesInThreads, deny: SendMessages })],
    });
    const openThread = fake.addChannel(fake.guild, { type: 11, parentId: open_.id });
    expect(await directory.missingPermissions(fake.guild.id, openThread.id, null)).toEqual({
      ok: true,
      missing: [],
    });
  });

  it("is mentioning only when not everybody may mention the role", async () => {
    const { fake, directory } = await startDirectory();
    const [closed, openRole] = [
      fake.addRole(fake.guild, { name: "closed" }),
      fake.addRole(fake.guild, { name: "open" }),
    ];
    openRole.mentionable = true;
    const channel = fake.addChannel(fake.guild);
    const missing = async (roleId: string) =>
      directory.missingPermissions(fake.guild.id, channel.id, roleId);
    expect(await missing(closed.id)).toEqual({
      ok: true,
      missing: ["Mention @everyone, @here, and All Roles"],
    });
    expect(await missing(openRole.id)).toEqual({ ok: true, missing: [] });
    expect(await missing("12345678901234567")).toEqual({ ok: true, missing: [] });
    const allowed = fake.addChannel(fake.guild, {
      overwrites: [everyone(fake, { allow: MentionEveryone })],
    });
    expect(await directory.missingPermissions(fake.guild.id, allowed.id, closed.id)).toEqual({
      ok: true,
      missing: [],
    });
  });

  it("is what discord.js computes, whatever roles and overwrites a server has", async () => {
    const { fake, directory } = await startDirectory({ checkSpec: false });
    const client = new Client({ intents: [GatewayIntentBits.Guilds], rest: { api: fake.apiUrl } });
    open.push(() => client.destroy());
    const ready = new Promise((resolve) => client.once(Events.ClientReady, resolve));
    await client.login(fake.token);
    await ready;
    const flags = [
      ViewChannel,
      SendMessages,
      EmbedLinks,
      AttachFiles,
      ReadMessageHistory,
      MentionEveryone,
      SendMessagesInThreads,
    ];
    const bits = fc.subarray(flags).map((chosen) => chosen.reduce((all, bit) => all | bit, 0n));
    const overwrite = fc.record({
      of: fc.constantFrom("everyone", "own", "first", "second", "other", "member"),
      allow: bits,
      deny: bits,
    });
    const world = fc.record({
      everyone: bits,
      own: bits,
      roles: fc.array(
        fc.record({ bits, isAdmin: fc.boolean().map((yes) => yes && true), isBots: fc.boolean() }),
        {
          minLength: 3,
          maxLength: 3,
        },
      ),
      isOwner: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
      adminDice: fc.integer({ min: 0, max: 4 }),
      overwrites: fc.uniqueArray(overwrite, { selector: ({ of }) => of, maxLength: 6 }),
      inThread: fc.boolean(),
    });
    const names: readonly (readonly [string, bigint])[] = [
      ["View Channel", ViewChannel],
      ["Send Messages", SendMessages],
      ["Send Messages in Threads", SendMessagesInThreads],
      ["Embed Links", EmbedLinks],
      ["Attach Files", AttachFiles],
      ["Read Message History", ReadMessageHistory],
      ["Mention @everyone, @here, and All Roles", MentionEveryone],
    ];
    await fc.assert(
      fc.asyncProperty(world, async (made) => {
        const guild = fake.addGuild({
          joined: false,
          botPermissions: made.own,
          ...(made.isOwner ? { ownerId: fake.botUser.id } : {}),
        });
        const everyoneRole = guild.roles.get(guild.id);
        if (everyoneRole) everyoneRole.permissions = String(made.everyone);
        const roles = made.roles.map(({ bits: ofRole, isAdmin }, index) =>
          fake.addRole(guild, {
            permissions: ofRole | (isAdmin && made.adminDice === index ? Administrator : 0n),
          }),
        );
        const [ownRoleId = ""] = guild.botRoleIds;
        guild.botRoleIds.push(
          ...roles.filter((_, index) => made.roles[index]?.isBots).map(({ id }) => id),
        );
        const ids = {
          everyone: guild.id,
          own: ownRoleId,
          first: roles[0]?.id ?? "",
          second: roles[1]?.id ?? "",
          other: roles[2]?.id ?? "",
          member: fake.botUser.id,
        };
        const channel = fake.addChannel(guild, {
          overwrites: made.overwrites.map(({ of, allow, deny }) => ({
            id: ids[of],
            type: of === "member" ? 1 : 0,
            allow: String(allow),
            deny: String(deny & ~allow),
          })),
        });
        const thread = made.inThread
          ? fake.addChannel(guild, { type: 11, parentId: channel.id })
          : undefined;
        const arrived = new Promise<unknown>((resolve) => client.once(Events.GuildCreate, resolve));
        fake.restoreGuild(guild);
        await arrived;
        const known = client.guilds.cache.get(guild.id);
        const me = known?.members.me;
        const cached = known?.channels.cache.get(channel.id);
        if (me == null || cached === undefined)
          throw new Error("discord.js does not know the new server's channel");
        const theirs = cached.permissionsFor(me);
        const isNeeded = (name: string) =>
          name !== (thread === undefined ? "Send Messages in Threads" : "Send Messages");
        const lacking = names
          .filter(([name, bit]) => isNeeded(name) && !theirs.has(bit))
          .map(([name]) => name);
        // A thread below a channel that the bot cannot see cannot be found at all.
        if (thread !== undefined && lacking.includes("View Channel")) return;
        const ours = await directory.missingPermissions(
          guild.id,
          (thread ?? channel).id,
          guild.botRoleIds[0] ?? null,
        );
        expect(ours).toEqual({ ok: true, missing: lacking });
      }),
      { numRuns: 150 },
    );
  });

  it("is almost all while the bot is timed out, unless it is an administrator", () => {
    const rights: MemberRights = {
      guildId: "1",
      ownerId: "2",
      userId: "3",
      roles: new Map([["1", ordinaryPermissions]]),
      roleIds: [],
      isTimedOut: true,
    };
    expect(grantedPermissions(rights, [])).toBe(ViewChannel | ReadMessageHistory);
    const admin = { ...rights, roles: new Map([["1", Administrator]]) };
    expect(grantedPermissions(admin, []) & SendMessages).toBe(SendMessages);
  });
});

describe("a role", () => {
  it("comes with its name, and whether anybody may mention it; one of another server is unknown", async () => {
    const { fake, directory } = await startDirectory();
    const role = fake.addRole(fake.guild, { name: "fans" });
    const elsewhere = fake.addRole(fake.addGuild(), { name: "others" });
    expect(await directory.role(fake.guild.id, role.id)).toEqual({
      ok: true,
      name: "fans",
      mentionable: false,
    });
    expect(await directory.role(fake.guild.id, elsewhere.id)).toEqual({
      ok: false,
      reason: "unknown",
    });
  });
});

describe("where admins are told", () => {
  it("is the system channel, or the owner alone when the bot may not write there", async () => {
    const { fake, directory } = await startDirectory();
    const { ownerId, systemChannelId } = fake.guild;
    expect(await directory.adminContacts(fake.guild.id)).toEqual({ systemChannelId, ownerId });
    const silent = fake.addGuild();
    silent.systemChannelId = fake.addChannel(silent, {
      overwrites: [{ id: silent.id, type: 0, allow: "0", deny: String(SendMessages) }],
    }).id;
    expect(await directory.adminContacts(silent.id)).toEqual({
      systemChannelId: null,
      ownerId: silent.ownerId,
    });
    const without = fake.addGuild();
    without.systemChannelId = null;
    expect(await directory.adminContacts(without.id)).toEqual({
      systemChannelId: null,
      ownerId: without.ownerId,
    });
  });
});

describe("when Discord cannot be asked", () => {
  it.each([
    ["answers 500", { kind: "status", status: 500 }],
    ["hangs up", { kind: "reset" }],
    ["wants us to wait", { kind: "status", status: 429 }],
    ["answers with a page of its network", { kind: "status", status: 403 }],
    ["answers nonsense", { kind: "status", status: 200, body: "<html>" }],
  ] as const)(
    "because it %s, that is said, and forgotten at the next question",
    async (_, fault) => {
      const { fake, directory } = await startDirectory();
      const channel = fake.addChannel(fake.guild);
      const end = fake.fault({ ...fault, path: "/channels/" });
      expect(await directory.channel(fake.guild.id, channel.id)).toEqual({
        ok: false,
        reason: "unavailable",
      });
      end();
      expect(await directory.channel(fake.guild.id, channel.id)).toMatchObject({ ok: true });
    },
  );

  it("because it is down while the server is looked up, nothing is reported missing", async () => {
    const { fake, directory } = await startDirectory();
    const channel = fake.addChannel(fake.guild);
    fake.fault({ kind: "status", status: 503, path: /^\/guilds\// });
    expect(await directory.missingPermissions(fake.guild.id, channel.id, null)).toEqual({
      ok: false,
      reason: "unavailable",
    });
    expect(await directory.role(fake.guild.id, fake.guild.id)).toEqual({
      ok: false,
      reason: "unavailable",
    });
    expect(await directory.adminContacts(fake.guild.id)).toEqual({
      systemChannelId: null,
      ownerId: null,
    });
  });

  it("because the bot is not in the server, the result is no access", async () => {
    const { fake, directory } = await startDirectory();
    const other = fake.addGuild();
    const channel = fake.addChannel(other);
    fake.removeGuild(other);
    expect(await directory.role(other.id, other.id)).toEqual({ ok: false, reason: "no-access" });
    expect(await directory.missingPermissions(other.id, channel.id, null)).toEqual({
      ok: false,
      reason: "no-access",
    });
  });
});

describe("asking", () => {
  it("happens once for simultaneous questions, and again five seconds later, so that a granted permission is seen", async () => {
    const scene = await startDirectory();
    const { fake, directory } = scene;
    const channel = fake.addChannel(fake.guild, {
      overwrites: [everyone(fake, { deny: EmbedLinks })],
    });
    const ask = () => directory.missingPermissions(fake.guild.id, channel.id, null);
    const asked = () =>
      fake.requests.filter(({ path }) => path === `/channels/${channel.id}`).length;
    const [first, second] = await Promise.all([ask(), ask()]);
    expect([first, second]).toEqual([
      { ok: true, missing: ["Embed Links"] },
      { ok: true, missing: ["Embed Links"] },
    ]);
    expect(asked()).toBe(1);
    channel.permission_overwrites = [];
    scene.nowMs += 5_000;
    expect(await ask()).toEqual({ ok: true, missing: [] });
    expect(asked()).toBe(2);
    expect(fake.requests.filter(({ path }) => path === "/users/@me")).toHaveLength(1);
  });
});
