import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { nonceOf } from "../../src/digest/delivery.ts";
import { incidentOf } from "../../src/digest/trouble.ts";
import type { DigestOrder, DigestWriter } from "../../src/digest/written-digest.ts";
import type { RateLimiter } from "../../src/discord/bot/rate-limiter.ts";
import { say } from "../../src/messages/say.ts";
import { silentLog } from "../../src/process/log.ts";
import { LEASE_MS } from "../../src/storage/digest-ledger.ts";
import { type FakeChannel, Permission } from "../support/fake-discord/world.ts";
import { handClock } from "../support/hand-clock.ts";
import {
  type DigestsUnderTest,
  DUE,
  HOUR_MS,
  MINUTE_MS,
  newsWriter,
  plainWriter,
  startDigests,
  TODAY,
} from "./digest-under-test.ts";

let digests: DigestsUnderTest;

beforeEach(async () => {
  digests = await startDigests();
});
afterEach(async () => {
  expect(digests.fake.violations).toEqual([]);
  await digests.close();
});

describe("a digest that is due", () => {
  it("is posted at its minute, once, however often the bot looks", async () => {
    const server = await digests.server();
    const bot = await digests.process();
    await bot.tick();
    expect(digests.digestsIn(server.channel)).toEqual([]);
    for (let minute = 0; minute < 3; minute += 1) {
      digests.setNow(DUE);
      digests.pass(minute * MINUTE_MS);
      await bot.tick();
    }
    expect(digests.digestsIn(server.channel)).toEqual([TODAY]);
    const [message] = digests.fake.messagesIn(server.channel);
    expect(await digests.entry(server)).toMatchObject({
      state: "sent",
      messageId: message?.id,
      storyCoinId: "dogecoin",
      reason: null,
    });
    expect(bot.events).toEqual(["due", "sent"]);
  });

  it("is counted as due once, however many processes look and however often it is tried", async () => {
    const server = await digests.server();
    digests.fake.fault({
      kind: "status",
      status: 429,
      body: "{}",
      method: "POST",
      path: "/messages",
      times: 2,
    });
    const bots = [await digests.process(), await digests.process()];
    digests.setNow(DUE);
    for (let minute = 0; minute < 6; minute += 1) {
      await Promise.all(bots.map((bot) => bot.tick()));
      digests.pass(MINUTE_MS);
    }
    expect(digests.digestsIn(server.channel)).toEqual([TODAY]);
    const events = bots.flatMap((bot) => bot.events);
    expect(events.filter((event) => event === "due")).toHaveLength(1);
    expect(events.filter((event) => event === "failed")).toHaveLength(2);
  });

  it("carries a nonce of server and date that Discord takes, and mentions nobody but the chosen role", async () => {
    const server = await digests.server({ roleId: "4400000000000000001" });
    const plain = await digests.server();
    digests.setNow(DUE);
    await (await digests.process()).tick();
    expect(digests.fake.messagesIn(server.channel)).toMatchObject([
      {
        nonce: nonceOf({ guildId: server.guild.id, localOn: TODAY }),
        content: "<@&4400000000000000001>",
        allowedMentions: { parse: [], roles: ["4400000000000000001"] },
      },
    ]);
    expect(digests.fake.messagesIn(plain.channel)).toMatchObject([
      { content: "", allowedMentions: { parse: [], roles: [] } },
    ]);
    expect(nonceOf({ guildId: "18446744073709551615", localOn: TODAY })).toHaveLength(21);
  });

  it("is written for its date, with the coins whose stories the latest digests told", async () => {
    await digests.server();
    const written: DigestOrder[] = [];
    const bot = await digests.process({ writer: plainWriter(written) });
    for (const day of ["24", "25"]) {
      digests.setNow(`2026-11-${day}T09:00:00Z`);
      await bot.tick();
    }
    expect(written).toMatchObject([
      { localOn: "2026-11-24", past: { toldCoinIds: [] }, priority: "background" },
      { localOn: "2026-11-25", past: { toldCoinIds: ["dogecoin"] } },
    ]);
  });

  it("is published in announcement channels, and nowhere else", async () => {
    const announcements = await digests.server({ channelType: 5 });
    const ordinary = await digests.server();
    digests.setNow(DUE);
    await (await digests.process()).tick();
    expect(digests.fake.messagesIn(announcements.channel)).toMatchObject([{ crossposted: true }]);
    expect(digests.fake.messagesIn(ordinary.channel)).toMatchObject([{ crossposted: false }]);
  });

  it("is posted even if it may not be published", async () => {
    const announcements = await digests.server({ channelType: 5 });
    digests.fake.refuse(announcements.channel, "missing-permissions", "publish");
    digests.setNow(DUE);
    await (await digests.process()).tick();
    expect(await digests.entry(announcements)).toMatchObject({ state: "sent" });
  });

  it("goes into the channel that is chosen when it is posted", async () => {
    const server = await digests.server();
    const elsewhere = digests.fake.addChannel(server.guild);
    const bot = await digests.process();
    const author = { userId: server.guild.ownerId, at: new Date(`${TODAY}T08:59:59Z`) };
    await bot.storage.settings.change(server.guild.id, { digestChannelId: elsewhere.id }, author);
    digests.setNow(DUE);
    await bot.tick();
    expect([digests.digestsIn(server.channel), digests.digestsIn(elsewhere)]).toEqual([
      [],
      [TODAY],
    ]);
  });

  it("is not posted for a server that the bot has left", async () => {
    const server = await digests.server();
    const bot = await digests.process();
    await bot.storage.presence.removed(server.guild.id, new Date(`${TODAY}T08:00:00Z`));
    digests.setNow(DUE);
    await bot.tick();
    expect(await digests.entry(server)).toBeUndefined();
  });

  it("is not posted again for a server that forgot everything and was set up anew after it", async () => {
    const server = await digests.server();
    digests.setNow(DUE);
    const bot = await digests.process();
    await bot.tick();
    digests.pass(HOUR_MS);
    await bot.storage.forget(server.guild.id);
    const chosen = {
      digestEnabled: true,
      digestChannelId: server.channel.id,
      digestTime: "09:00",
      digestZone: "UTC",
    };
    await bot.storage.settings.change(server.guild.id, chosen, { userId: "1", at: digests.now() });
    const restarted = await digests.process();
    await restarted.tick();
    expect(digests.digestsIn(server.channel)).toEqual([TODAY]);
    digests.setNow("2026-11-25T09:00:00Z");
    await restarted.tick();
    expect(digests.digestsIn(server.channel)).toEqual([TODAY, "2026-11-25"]);
  });

  it("is not posted again because the clock was years ahead for a minute", async () => {
    const server = await digests.server();
    const bot = await digests.process();
    digests.setNow(DUE);
    await bot.tick();
    const years = 12 * 365 * 24 * HOUR_MS;
    digests.jump(years);
    await bot.tick();
    digests.jump(-years);
    digests.pass(HOUR_MS);
    await (await digests.process()).tick();
    expect(digests.digestsIn(server.channel).filter((localOn) => localOn === TODAY)).toHaveLength(
      1,
    );
    expect(await digests.entry(server)).toMatchObject({ state: "sent" });
  });

  it("is posted within six hours after an outage of the bot, and else recorded as missed, each day once", async () => {
    const early = await digests.server({ since: "2026-11-21T12:00:00Z" });
    const late = await digests.server({ time: "05:00" });
    digests.setNow(`${TODAY}T14:59:00Z`);
    const bot = await digests.process();
    await bot.tick();
    await bot.tick();
    expect(digests.digestsIn(early.channel)).toEqual([TODAY]);
    expect(digests.digestsIn(late.channel)).toEqual([]);
    const rows = await bot.servers.latest(early.guild.id, 9);
    expect(rows.map(({ localOn, state }) => [localOn, state])).toEqual([
      ["2026-11-24", "sent"],
      ["2026-11-23", "missed"],
      ["2026-11-22", "missed"],
    ]);
    expect(await digests.entry(late)).toMatchObject({
      state: "missed",
      reason: expect.stringContaining("not running"),
    });
    expect(bot.events.filter((event) => event === "missed")).toHaveLength(3);
  });
});

describe("a digest that comes only with news", () => {
  it("is posted on days with news and on no others, without asking Discord anything", async () => {
    const server = await digests.server({ every: "news" });
    const written: DigestOrder[] = [];
    const bot = await digests.process({ writer: newsWriter(["2026-11-26"], written) });
    const callsBefore = digests.fake.counts.requests;
    for (const day of ["24", "25"]) {
      digests.setNow(`2026-11-${day}T09:00:00Z`);
      for (let minute = 0; minute < 3; minute += 1) {
        await bot.tick();
        digests.pass(MINUTE_MS);
      }
    }
    expect(digests.fake.counts.requests).toBe(callsBefore);
    expect(bot.events).toEqual(["due", "quiet", "due", "quiet"]);
    expect(written).toHaveLength(2);
    digests.setNow("2026-11-26T09:00:00Z");
    await bot.tick();
    await (await digests.process({ writer: newsWriter(["2026-11-26"]) })).tick();
    expect(digests.digestsIn(server.channel)).toEqual(["2026-11-26"]);
    const entries = await bot.servers.latest(server.guild.id, 9);
    expect(entries.map(({ state, closesTo }) => [state, closesTo])).toEqual([
      ["sent", "2026-11-25"],
      ["quiet", "2026-11-24"],
      ["quiet", "2026-11-23"],
    ]);
    expect(await bot.servers.trouble(server.guild.id)).toBeUndefined();
  });

  it("is written with the close that the last one looked at, also when days were missed", async () => {
    await digests.server({ every: "news" });
    const written: DigestOrder[] = [];
    const bot = await digests.process({ writer: newsWriter([], written) });
    for (const at of ["24T09:00", "25T09:00", "27T18:00", "28T09:00"]) {
      digests.setNow(`2026-11-${at}:00Z`);
      await bot.tick();
    }
    expect(written.map(({ localOn, past }) => [localOn, past.closesTo])).toEqual([
      ["2026-11-24", null],
      ["2026-11-25", "2026-11-23"],
      ["2026-11-28", "2026-11-24"],
    ]);
  });

  it("has looked once on a date, whatever time the admins move it to, and says when it looks next", async () => {
    const server = await digests.server({ every: "news" });
    const written: DigestOrder[] = [];
    const bot = await digests.process({ writer: newsWriter([], written) });
    digests.setNow(DUE);
    await bot.tick();
    await bot.storage.settings.change(
      server.guild.id,
      { digestTime: "10:00" },
      { userId: "1", at: digests.now() },
    );
    expect(await bot.servers.nextDueAt(server.guild.id, 1)).toEqual([
      new Date("2026-11-25T10:00:00Z"),
    ]);
    digests.pass(HOUR_MS);
    await bot.tick();
    expect(written).toHaveLength(1);
  });

  it("asks about a troubled channel only when there is something to post", async () => {
    const server = await digests.server({ every: "news" });
    digests.fake.refuse(server.channel, "missing-permissions");
    const bot = await digests.process({ writer: newsWriter([TODAY, "2026-11-26"]) });
    digests.setNow(DUE);
    await bot.tick();
    expect(await digests.entry(server)).toMatchObject({ state: "paused" });
    const callsBefore = digests.fake.counts.requests;
    digests.setNow("2026-11-25T09:00:00Z");
    await bot.tick();
    expect(digests.fake.counts.requests).toBe(callsBefore);
    expect(await digests.entry(server, "2026-11-25")).toMatchObject({ state: "quiet" });
    digests.setNow("2026-11-26T09:00:00Z");
    await bot.tick();
    expect(await digests.entry(server, "2026-11-26")).toMatchObject({ state: "paused" });
  });
});

describe("the next posts", () => {
  it("leave out dates that were already posted, by whichever process and before whichever start", async () => {
    const server = await digests.server();
    digests.setNow(DUE);
    await (await digests.process()).tick();
    digests.pass(HOUR_MS);
    const web = await digests.process();
    expect(await nextOf()).toEqual(["2026-11-25T09:00:00.000Z", "2026-11-26T09:00:00.000Z"]);
    await web.storage.settings.change(
      server.guild.id,
      { digestTime: "18:00" },
      { userId: "1", at: digests.now() },
    );
    expect(await nextOf()).toEqual(["2026-11-25T18:00:00.000Z", "2026-11-26T18:00:00.000Z"]);

    async function nextOf(): Promise<readonly string[]> {
      return (await web.servers.nextDueAt(server.guild.id, 2)).map((at) => at.toISOString());
    }
  });
});

describe("the language of a digest", () => {
  it("is the server's on the day of the post, in a process that no server talks to", async () => {
    const server = await digests.server();
    const admin = await digests.process();
    const written: DigestOrder[] = [];
    const worker = await digests.process({ writer: plainWriter(written) });
    const { settings } = admin.storage;
    const localeOn = async (day: string) => {
      const stored = settings.read(server.guild.id);
      await expect.poll(() => worker.storage.settings.read(server.guild.id)).toEqual(stored);
      digests.setNow(`2026-11-${day}T09:00:00Z`);
      await worker.tick();
      return written.at(-1)?.locale;
    };
    const choose = (language: string | null) =>
      settings.change(server.guild.id, { language }, { userId: "1", at: digests.now() });

    expect(await localeOn("24")).toBe("en-US");
    await settings.rememberLocales(new Map([[server.guild.id, "ja"]]));
    expect(await localeOn("25")).toBe("ja");
    await choose("es");
    expect(await localeOn("26")).toBe("es");
    // Spanish as in Latin America, where the server is.
    await settings.rememberLocales(new Map([[server.guild.id, "es-419"]]));
    expect(await localeOn("27")).toBe("es-419");
    await choose("de-AT");
    expect(await localeOn("28")).toBe("de-AT");
    await choose(null);
    expect(await localeOn("29")).toBe("es-419");
  });

  it("is that of the notice when it is paused", async () => {
    const server = await digests.server();
    const bot = await digests.process();
    const by = { userId: "1", at: digests.now() };
    await bot.storage.settings.change(server.guild.id, { language: "de" }, by);
    digests.fake.refuse(server.channel, "missing-permissions");
    digests.setNow(DUE);
    await bot.tick();
    const [told] = digests.fake.messagesIn(server.guild.systemChannelId ?? "");
    const channel = `<#${server.channel.id}>`;
    expect(told?.content).toBe(
      say("de", "trouble.paused", { reason: say("de", "trouble.no-permission", { channel }) }),
    );
  });
});

describe("what Discord does not take", () => {
  it.each([
    ["missing-access", 50_001],
    ["missing-permissions", 50_013],
    ["unknown-channel", 10_003],
  ] as const)(
    "pauses the digest with a reason and tells the admins once (%s, %d)",
    async (why, _code) => {
      const server = await digests.server();
      const calm = await digests.server();
      digests.fake.refuse(server.channel, why);
      const bot = await digests.process();
      for (const day of ["24", "25", "26"]) {
        digests.setNow(`2026-11-${day}T09:00:00Z`);
        await bot.tick();
        digests.pass(MINUTE_MS);
        await bot.tick();
      }
      const entries = await bot.servers.latest(server.guild.id, 9);
      expect(entries.map(({ state }) => state)).toEqual(["paused", "paused", "paused"]);
      expect(await bot.servers.trouble(server.guild.id)).toMatchObject({
        since: DUE.replace("Z", ".000Z"),
        triedAt: "2026-11-26T09:00:00.000Z",
      });
      const told = digests.fake.messagesIn(server.guild.systemChannelId ?? "");
      expect(told).toHaveLength(1);
      expect(told[0]?.content).toContain("The daily digest is paused.");
      expect(told[0]?.allowedMentions).toMatchObject({ parse: [] });
      // Settings are never touched, and the neighbours notice nothing.
      expect(bot.storage.settings.read(server.guild.id)).toMatchObject({
        digestEnabled: true,
        digestChannelId: server.channel.id,
      });
      expect(digests.digestsIn(calm.channel)).toEqual(["2026-11-24", "2026-11-25", "2026-11-26"]);
    },
  );

  it("is named by its permission, in a channel that was closed to the bot", async () => {
    const server = await digests.server();
    close(server.channel, Permission.EmbedLinks | Permission.AttachFiles);
    digests.setNow(DUE);
    const bot = await digests.process();
    await bot.tick();
    expect(await digests.entry(server)).toMatchObject({
      state: "paused",
      reason: `In <#${server.channel.id}> the bot lacks: Embed Links, Attach Files.`,
    });
  });

  it("is told to the owner by direct message where the system channel is closed, and else only to those who ask", async () => {
    const owned = await digests.server();
    const shy = await digests.server();
    for (const { guild, channel } of [owned, shy]) {
      close(channel, Permission.SendMessages);
      guild.systemChannelId = null;
    }
    const shyOwner = digests.fake.user({ id: shy.guild.ownerId });
    digests.fake.refuse(digests.fake.directMessage(shyOwner), "cannot-message-user");
    digests.setNow(DUE);
    const bot = await digests.process();
    await bot.tick();
    const owner = digests.fake.user({ id: owned.guild.ownerId });
    expect(digests.fake.messagesIn(digests.fake.directMessage(owner))).toMatchObject([
      { content: expect.stringContaining("paused") },
    ]);
    expect(await bot.servers.trouble(shy.guild.id)).toMatchObject({
      reason: expect.stringContaining("Send Messages"),
    });
  });

  it("is never told in the channel that refuses the digest, even where that takes plain messages", async () => {
    const server = await digests.server();
    server.guild.systemChannelId = server.channel.id;
    close(server.channel, Permission.EmbedLinks | Permission.AttachFiles);
    digests.setNow(DUE);
    await (await digests.process()).tick();
    expect(digests.fake.messagesIn(server.channel)).toEqual([]);
    const owner = digests.fake.user({ id: server.guild.ownerId });
    expect(digests.fake.messagesIn(digests.fake.directMessage(owner))).toMatchObject([
      { content: expect.stringContaining("paused") },
    ]);
  });

  it("is recorded as the server's trouble before its row is paused, so that no look finds a paused row without one", async () => {
    const server = await digests.server();
    digests.fake.refuse(server.channel, "missing-permissions");
    const statesBeforeTrouble: unknown[] = [];
    const bot = await digests.process({
      ledger: (real) => ({
        ...real,
        async setTrouble(trouble, at) {
          statesBeforeTrouble.push((await digests.entry(server))?.state);
          await real.setTrouble(trouble, at);
        },
      }),
    });
    digests.setNow(DUE);
    await bot.tick();
    expect(statesBeforeTrouble).toEqual(["sending"]);
    expect(await digests.entry(server)).toMatchObject({ state: "paused" });
    expect(await bot.servers.trouble(server.guild.id)).toBeDefined();
  });

  it("is over when an admin's check passes: today's digest goes out at the next look", async () => {
    const server = await digests.server();
    const open = close(server.channel, Permission.SendMessages);
    digests.setNow(DUE);
    const bot = await digests.process();
    await bot.tick();
    open();
    digests.pass(MINUTE_MS);
    await bot.tick();
    expect(digests.digestsIn(server.channel)).toEqual([]);
    await bot.servers.resume(server.guild.id);
    await bot.tick();
    expect(digests.digestsIn(server.channel)).toEqual([TODAY]);
  });

  it.each([
    [3, 4],
    [30, 38],
  ])(
    "is noticed by itself when it is put right after %d minutes: the digest comes after %d",
    async (repairedAfter, postedAfter) => {
      const server = await digests.server();
      const open = close(server.channel, Permission.SendMessages);
      const bot = await digests.process();
      digests.setNow(DUE);
      for (let minute = 0; minute <= postedAfter; minute += 1) {
        if (minute === repairedAfter) open();
        await bot.tick();
        expect(digests.digestsIn(server.channel)).toEqual(minute < postedAfter ? [] : [TODAY]);
        digests.pass(MINUTE_MS);
      }
      expect(await bot.servers.trouble(server.guild.id)).toBeUndefined();
      expect(digests.fake.messagesIn(server.guild.systemChannelId ?? "")).toHaveLength(1);
      expect(bot.events).toEqual(["due", "paused", "sent"]);
    },
  );

  it("costs a few requests at each look, and none but looks, until it is too late", async () => {
    const server = await digests.server();
    close(server.channel, Permission.SendMessages);
    const bot = await digests.process();
    digests.setNow(DUE);
    await bot.tick();
    const before = digests.fake.requests.length;
    for (let minute = 1; minute <= 7 * 60; minute += 1) {
      digests.pass(MINUTE_MS);
      await bot.tick();
    }
    const made = digests.fake.requests.slice(before);
    expect(made.every(({ method }) => method === "GET")).toBe(true);
    expect(made.length).toBeLessThanOrEqual(38 * 4);
    expect(bot.events).toEqual(["due", "paused"]);
  }, 30_000);

  it("is looked at at once when the bot sees its permissions change, once for many changes", async () => {
    const time = handClock();
    const server = await digests.server();
    const calm = await digests.server({ time: "18:00" });
    const open = close(server.channel, Permission.SendMessages);
    const bot = await digests.process({ clock: time.clock });
    digests.setNow(DUE);
    await bot.tick();
    const { id: guildId } = server.guild;
    bot.retries.permissionsChanged({ guildId, channelId: "12345678901234567" });
    bot.retries.permissionsChanged({ guildId: "98765432109876543" });
    expect(time.pending()).toBe(0);
    open();
    digests.pass(MINUTE_MS / 2);
    const before = digests.fake.requests.length;
    bot.retries.permissionsChanged({ guildId, channelId: server.channel.id });
    bot.retries.permissionsChanged({ guildId });
    bot.retries.permissionsChanged({ guildId: calm.guild.id });
    expect(time.pending()).toBe(1);
    await time.advance(3_000);
    await expect.poll(() => digests.digestsIn(server.channel)).toEqual([TODAY]);
    await bot.poster.idle();
    expect(
      digests.fake.requests.slice(before).filter(({ method }) => method === "POST"),
    ).toHaveLength(1);
    expect(digests.digestsIn(calm.channel)).toEqual([]);
  });

  it("is tried again every day, and over by itself once the permission is back", async () => {
    const server = await digests.server();
    const open = close(server.channel, Permission.SendMessages);
    digests.setNow(DUE);
    const bot = await digests.process();
    await bot.tick();
    open();
    digests.setNow("2026-11-25T09:00:00Z");
    await bot.tick();
    expect(digests.digestsIn(server.channel)).toEqual(["2026-11-25"]);
    expect(await bot.servers.trouble(server.guild.id)).toBeUndefined();
    expect(await digests.entry(server)).toMatchObject({ state: "paused" });
  });

  it("does not ask Discord to refuse once more while the permission is still missing", async () => {
    const server = await digests.server();
    close(server.channel, Permission.SendMessages);
    const bot = await digests.process();
    for (const day of ["24", "25"]) {
      digests.setNow(`2026-11-${day}T09:00:00Z`);
      await bot.tick();
    }
    const tried = digests.fake.requests.filter(
      ({ method, path }) => method === "POST" && path.includes(server.channel.id),
    );
    expect(tried).toHaveLength(1);
  });

  it("does not hold back a digest whose admins chose another channel", async () => {
    const server = await digests.server();
    close(server.channel, Permission.SendMessages);
    digests.setNow(DUE);
    const bot = await digests.process();
    await bot.tick();
    const open = digests.fake.addChannel(server.guild);
    const author = { userId: server.guild.ownerId, at: digests.now() };
    await bot.storage.settings.change(server.guild.id, { digestChannelId: open.id }, author);
    digests.pass(MINUTE_MS);
    await bot.tick();
    expect(digests.digestsIn(open)).toEqual([TODAY]);
    expect(await bot.servers.trouble(server.guild.id)).toBeUndefined();
  });

  it("pauses a digest whose channel became a forum or an archived thread", async () => {
    const forum = await digests.server();
    forum.channel.type = 15;
    const thread = await digests.server();
    thread.channel.type = 11;
    thread.channel.parent_id = thread.guild.systemChannelId;
    thread.channel.thread_metadata = {
      archived: true,
      locked: true,
      auto_archive_duration: 60,
      archive_timestamp: DUE,
    };
    digests.setNow(DUE);
    await (await digests.process()).tick();
    expect(await digests.entry(forum)).toMatchObject({
      state: "paused",
      reason: expect.stringContaining("text or announcement"),
    });
    expect(await digests.entry(thread)).toMatchObject({
      state: "paused",
      reason: expect.stringContaining("archived"),
    });
  });

  it("is the bot's own fault when it is the message: admins hear it once, the operator every time with one incident", async () => {
    const errors: object[] = [];
    const server = await digests.server();
    const bot = await digests.process({
      log: { ...silentLog, error: (fields) => void errors.push(fields) },
    });
    const path = `/channels/${server.channel.id}/messages`;
    const fault = {
      kind: "error",
      status: 400,
      code: 50_035,
      message: "Invalid Form Body",
      method: "POST",
      path,
    } as const;
    digests.fake.fault({ ...fault, times: 4 });
    for (const day of ["24", "25"]) {
      digests.setNow(`2026-11-${day}T09:00:00Z`);
      for (let minute = 0; minute <= 40; minute += 1) {
        await bot.tick();
        digests.pass(MINUTE_MS);
      }
    }
    const trouble = await bot.servers.trouble(server.guild.id);
    const incident = incidentOf(trouble?.reason ?? "");
    expect(incident).toMatch(/^[2-9A-Z]{6}$/);
    const told = digests.fake.messagesIn(server.guild.systemChannelId ?? "");
    expect(told.map(({ content }) => content)).toEqual([
      expect.stringContaining(`incident ${incident}`),
    ]);
    expect(errors).toHaveLength(4);
    for (const error of errors)
      expect(error).toMatchObject({ guildId: server.guild.id, code: 50_035, incident });
    expect(errors[0]).toMatchObject({ detail: expect.stringContaining("Invalid Form Body") });
    // A bot that was put right posts by itself.
    digests.setNow("2026-11-26T09:00:00Z");
    await bot.tick();
    expect(digests.digestsIn(server.channel)).toEqual(["2026-11-26"]);
    expect(await bot.servers.trouble(server.guild.id)).toBeUndefined();
  });

  it("is the bot's own fault in a test of an admin's too", async () => {
    const errors: object[] = [];
    const server = await digests.server();
    const bot = await digests.process({
      log: { ...silentLog, error: (fields) => void errors.push(fields) },
    });
    digests.fake.fault({
      kind: "error",
      status: 400,
      code: 50_035,
      message: "Invalid Form Body",
      method: "POST",
      path: "/messages",
    });
    const posted = await bot.servers.postTest(server.guild.id, "en-US");
    expect(posted).toMatchObject({
      ok: false,
      sentence: expect.stringContaining("a fault of the bot"),
    });
    expect(errors).toMatchObject([
      { code: 50_035, incident: posted.ok ? "" : incidentOf(posted.sentence) },
    ]);
  });

  /** Takes permissions from the bot in a channel; the answer gives them back. */
  function close(channel: FakeChannel, deny: bigint): () => void {
    const overwrite = {
      id: digests.fake.botUser.id,
      type: 1 as const,
      allow: "0",
      deny: String(deny),
    };
    channel.permission_overwrites = [overwrite];
    return () => {
      channel.permission_overwrites = [];
    };
  }
});

describe("an interruption", () => {
  it("of Discord is waited out with ever longer pauses, and the digest is posted once", async () => {
    const server = await digests.server();
    const calm = await digests.server();
    const mend = digests.fake.fault({
      kind: "status",
      status: 503,
      method: "POST",
      path: `${server.channel.id}/messages`,
    });
    digests.setNow(DUE);
    const bot = await digests.process();
    const tries: number[] = [];
    for (let minute = 0; minute < 120; minute += 1) {
      const before = postsTo(server.channel);
      await bot.tick();
      if (postsTo(server.channel) > before) tries.push(minute);
      digests.pass(MINUTE_MS);
    }
    expect(digests.digestsIn(calm.channel)).toEqual([TODAY]);
    expect(tries.length).toBeGreaterThan(5);
    expect(tries.length).toBeLessThan(30);
    mend();
    digests.pass(HOUR_MS);
    await bot.tick();
    await bot.tick();
    expect(digests.digestsIn(server.channel)).toEqual([TODAY]);
  });

  it("of more than six hours is recorded as a missed day, with that reason", async () => {
    const server = await digests.server();
    digests.fake.fault({ kind: "status", status: 503, path: `${server.channel.id}/messages` });
    digests.setNow(DUE);
    const bot = await digests.process();
    for (let quarter = 0; quarter < 30; quarter += 1) {
      await bot.tick();
      digests.pass(HOUR_MS / 4);
    }
    for (let hour = 0; hour < 24; hour += 1) {
      await bot.tick();
      digests.pass(HOUR_MS);
    }
    expect(await digests.entry(server)).toMatchObject({
      state: "missed",
      reason: expect.stringContaining("could not find out"),
    });
    expect(digests.digestsIn(server.channel)).toEqual([]);
  });

  it("by a rate limit is waited out", async () => {
    const server = await digests.server();
    const body = JSON.stringify({
      message: "You are being rate limited.",
      retry_after: 100,
      global: false,
    });
    digests.fake.fault({ kind: "status", status: 429, body, method: "POST", times: 1 });
    digests.setNow(DUE);
    const bot = await digests.process();
    await bot.tick();
    expect(await digests.entry(server)).toMatchObject({
      state: "claimed",
      reason: expect.stringContaining("slow down"),
    });
    digests.pass(3 * MINUTE_MS);
    await bot.tick();
    expect(digests.digestsIn(server.channel)).toEqual([TODAY]);
  });

  it("by other processes that use up the rate limit is waited out while the claim lasts", async () => {
    const server = await digests.server();
    digests.setNow(DUE);
    let calls = 0;
    const bot = await digests.process({
      posts: (posts) => ({
        ...posts,
        async post(...all) {
          calls += 1;
          return calls < 3 ? { kind: "rate-limited", retryAfterMs: 1 } : posts.post(...all);
        },
      }),
    });
    await bot.tick();
    expect(digests.digestsIn(server.channel)).toEqual([TODAY]);
    expect(bot.events).toEqual(["due", "sent"]);
  });

  it("by a refused token leaves no doubt about what was posted: the digest waits, and says why", async () => {
    const server = await digests.server();
    const body = JSON.stringify({ message: "401: Unauthorized", code: 0 });
    digests.fake.fault({ kind: "status", status: 401, body, method: "POST", path: "/messages" });
    digests.setNow(DUE);
    const bot = await digests.process();
    await bot.tick();
    expect(await digests.entry(server)).toMatchObject({
      state: "claimed",
      mayBePosted: false,
      reason: expect.stringContaining("token"),
    });
  });

  it("that loses Discord's response is looked up in the channel, not repeated", async () => {
    const server = await digests.server();
    digests.fake.fault({
      kind: "reset",
      afterEffect: true,
      method: "POST",
      path: "/messages",
      times: 1,
    });
    digests.setNow(DUE);
    const bot = await digests.process();
    await bot.tick();
    expect(await digests.entry(server)).toMatchObject({ state: "sending" });
    digests.pass(10 * MINUTE_MS);
    await bot.tick();
    expect(digests.digestsIn(server.channel)).toEqual([TODAY]);
    expect(await digests.entry(server)).toMatchObject({
      state: "sent",
      messageId: digests.fake.messagesIn(server.channel)[0]?.id,
    });
  });

  it.each([
    ["arrived", true],
    ["did not arrive", false],
  ])("whose request %s is cleared up in a lively channel too", async (_, afterEffect) => {
    const server = await digests.server();
    digests.setNow(`${TODAY}T08:30:00Z`);
    const user = digests.fake.user();
    for (let index = 0; index < 1_200; index += 1) digests.fake.say(server.channel, user, "gm");
    digests.fake.fault({ kind: "reset", afterEffect, method: "POST", path: "/messages", times: 1 });
    digests.setNow(DUE);
    const bot = await digests.process();
    await bot.tick();
    digests.pass(10 * MINUTE_MS);
    await bot.tick();
    expect(digests.digestsIn(server.channel)).toEqual([TODAY]);
    expect(await digests.entry(server)).toMatchObject({ state: "sent" });
  });

  it("that loses Discord's response ends like any other: the digest is published, and the trouble is cleared", async () => {
    const server = await digests.server({ channelType: 5 });
    const bot = await digests.process();
    const place = { guildId: server.guild.id, channelId: server.channel.id };
    await bot.storage.ledger.setTrouble(
      { ...place, reason: "Not allowed." },
      new Date("2026-11-23T09:00:00Z"),
    );
    digests.fake.fault({
      kind: "reset",
      afterEffect: true,
      method: "POST",
      path: "/messages",
      times: 1,
    });
    digests.setNow(DUE);
    await bot.tick();
    expect(await bot.servers.trouble(server.guild.id)).toBeDefined();
    digests.pass(10 * MINUTE_MS);
    await bot.tick();
    expect(await digests.entry(server)).toMatchObject({ state: "sent" });
    expect(digests.fake.messagesIn(server.channel)).toMatchObject([{ crossposted: true }]);
    expect(await bot.servers.trouble(server.guild.id)).toBeUndefined();
  });

  it("after which the channel cannot be read skips the day rather than repeating the digest", async () => {
    const server = await digests.server();
    digests.fake.fault({ kind: "reset", method: "POST", path: "/messages", times: 1 });
    digests.setNow(DUE);
    const bot = await digests.process();
    await bot.tick();
    server.channel.permission_overwrites = [
      {
        id: digests.fake.botUser.id,
        type: 1,
        allow: "0",
        deny: String(Permission.ReadMessageHistory),
      },
    ];
    digests.pass(10 * MINUTE_MS);
    await bot.tick();
    digests.pass(10 * MINUTE_MS);
    await bot.tick();
    expect(digests.digestsIn(server.channel)).toEqual([]);
    expect(await digests.entry(server)).toMatchObject({
      state: "missed",
      reason: expect.stringContaining("could not find out"),
    });
  });

  it("is not taken for a posted digest because of a test post of the same day", async () => {
    const server = await digests.server();
    digests.setNow(DUE);
    const bot = await digests.process();
    expect(await bot.servers.postTest(server.guild.id, "en-US")).toMatchObject({ ok: true });
    digests.fake.fault({ kind: "reset", method: "POST", path: "/messages", times: 1 });
    await bot.tick();
    digests.pass(10 * MINUTE_MS);
    await bot.tick();
    expect(digests.digestsIn(server.channel)).toEqual([TODAY]);
    expect(digests.fake.messagesIn(server.channel)).toHaveLength(2);
  });

  it("of a bot that is suspended right before it sends ends without a second post: another process has sent it", async () => {
    const server = await digests.server();
    digests.setNow(DUE);
    const other = await digests.process();
    const asleep: RateLimiter = {
      async acquire() {
        digests.pass(10 * MINUTE_MS);
        await other.tick();
        return () => {};
      },
    };
    await (await digests.process({ rateLimiter: asleep })).tick();
    expect(postsTo(server.channel)).toBe(1);
    expect(digests.digestsIn(server.channel)).toEqual([TODAY]);
    expect(await digests.entry(server)).toMatchObject({ state: "sent" });
  });

  it("of a suspended bot whose wall clock stood still does not lead to a late post either", async () => {
    const server = await digests.server();
    digests.setNow(DUE);
    let steadyMs = 0;
    const asleep: RateLimiter = {
      async acquire() {
        steadyMs += 20_000;
        return () => {};
      },
    };
    await (
      await digests.process({ rateLimiter: asleep, steady: { nowMs: () => steadyMs } })
    ).tick();
    expect(postsTo(server.channel)).toBe(0);
    expect(await digests.entry(server)).toMatchObject({ state: "claimed", mayBePosted: false });
  });

  it("during which a server switches its digest off ends without a post", async () => {
    const server = await digests.server();
    digests.fake.fault({ kind: "reset", method: "POST", path: "/messages", times: 1 });
    digests.setNow(DUE);
    const bot = await digests.process();
    await bot.tick();
    await bot.storage.settings.change(
      server.guild.id,
      { digestEnabled: false },
      { userId: "1", at: digests.now() },
    );
    for (let minute = 0; minute < 10; minute += 1) {
      digests.pass(MINUTE_MS);
      await bot.tick();
    }
    expect(digests.digestsIn(server.channel)).toEqual([]);
    digests.pass(96 * HOUR_MS);
    await bot.tick();
    expect(await digests.entry(server)).toMatchObject({ state: "missed" });
  });

  const postsTo = (channel: FakeChannel): number =>
    digests.fake.requests.filter(
      ({ method, path }) => method === "POST" && path === `/channels/${channel.id}/messages`,
    ).length;
});

describe("prices that are missing", () => {
  it("for all coins are waited for, and the reason is recorded", async () => {
    const server = await digests.server();
    let areThere = false;
    const plain = plainWriter();
    const writer: DigestWriter = {
      ...plain,
      write: async (order) =>
        areThere ? plain.write(order) : { ok: false, reason: { why: "no-coin-list" } },
    };
    const bot = await digests.process({ writer });
    digests.setNow(DUE);
    await bot.tick();
    expect(await digests.entry(server)).toMatchObject({
      state: "claimed",
      reason: expect.stringContaining("cannot be reached right now"),
    });
    areThere = true;
    digests.pass(MINUTE_MS);
    await bot.tick();
    expect(digests.digestsIn(server.channel)).toEqual([TODAY]);
  });

  it("for six hours lead to a missed day with that reason", async () => {
    const server = await digests.server();
    const writer: DigestWriter = {
      ...plainWriter(),
      write: async () => ({ ok: false, reason: { why: "no-coin-list" } }),
    };
    const bot = await digests.process({ writer });
    digests.setNow(DUE);
    for (let quarter = 0; quarter < 26; quarter += 1) {
      await bot.tick();
      digests.pass(HOUR_MS / 4);
    }
    expect(await digests.entry(server)).toMatchObject({
      state: "missed",
      reason: expect.stringContaining("cannot be reached right now"),
    });
  });

  it("of some servers keep no other server waiting", async () => {
    const slow = await Promise.all(Array.from({ length: 101 }, () => digests.server()));
    const quick = await digests.server({ zone: "Europe/Berlin", time: "10:00" });
    const plain = plainWriter();
    let come = () => {};
    const prices = new Promise<void>((resolve) => {
      come = resolve;
    });
    const isSlow = new Set(slow.map(({ guild }) => guild.id));
    const writer: DigestWriter = {
      ...plain,
      async write(order) {
        if (isSlow.has(order.guildId)) await prices;
        return plain.write(order);
      },
    };
    const bot = await digests.process({ writer, patience: { batchMs: 1, slowAfterMs: 5 } });
    digests.setNow(DUE);
    await bot.look();
    await digests.fake.until(
      "the quick server has its digest",
      () => digests.digestsIn(quick.channel).length === 1,
    );
    expect(slow.flatMap(({ channel }) => digests.digestsIn(channel))).toEqual([]);
    come();
    await bot.poster.idle();
    expect(slow.flatMap(({ channel }) => digests.digestsIn(channel))).toHaveLength(101);
  });

  it("that come late find the claim still held, however late they are", async () => {
    const server = await digests.server();
    const plain = plainWriter();
    let come = () => {};
    const prices = new Promise<void>((resolve) => {
      come = resolve;
    });
    const writer: DigestWriter = {
      ...plain,
      async write(order) {
        await prices;
        return plain.write(order);
      },
    };
    const bot = await digests.process({
      writer,
      patience: { batchMs: 1, slowAfterMs: 5, renewEveryMs: 5 },
    });
    const other = await digests.process();
    digests.setNow(DUE);
    await bot.look();
    for (let minute = 0; minute < 8; minute += 1) {
      digests.pass(MINUTE_MS);
      const leaseEnd = new Date(digests.now().getTime() + LEASE_MS).toISOString();
      await expect
        .poll(async () => (await digests.entry(server))?.leaseUntil, {
          interval: 5,
          timeout: 10_000,
        })
        .toBe(leaseEnd);
      await other.tick();
    }
    expect(digests.digestsIn(server.channel)).toEqual([]);
    come();
    await bot.poster.idle();
    expect(digests.digestsIn(server.channel)).toEqual([TODAY]);
    expect(await digests.entry(server)).toMatchObject({ state: "sent", token: 1 });
  });

  it("that never come end the attempt, and the next attempt gets them", async () => {
    const server = await digests.server();
    const plain = plainWriter();
    let tries = 0;
    const writer: DigestWriter = {
      ...plain,
      write(order) {
        tries += 1;
        return tries === 1 ? new Promise(() => {}) : plain.write(order);
      },
    };
    const bot = await digests.process({
      writer,
      patience: { batchMs: 1, slowAfterMs: 5, writeWithinMs: 20 },
    });
    digests.setNow(DUE);
    await bot.tick();
    expect(await digests.entry(server)).toMatchObject({
      state: "claimed",
      reason: expect.stringContaining("in time"),
    });
    digests.pass(MINUTE_MS);
    await bot.tick();
    expect(digests.digestsIn(server.channel)).toEqual([TODAY]);
  });
});

describe("stopping", () => {
  it("releases digests that wait for prices, so that the next process posts them at once", async () => {
    const server = await digests.server();
    const writer: DigestWriter = { ...plainWriter(), write: () => new Promise(() => {}) };
    const bot = await digests.process({ writer, patience: { batchMs: 1, slowAfterMs: 5 } });
    digests.setNow(DUE);
    await bot.look();
    await bot.stop();
    expect(await digests.entry(server)).toMatchObject({
      state: "claimed",
      reason: "The bot was restarted.",
    });
    await (await digests.process()).tick();
    expect(digests.digestsIn(server.channel)).toEqual([TODAY]);
  });
});
