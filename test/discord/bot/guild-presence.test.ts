import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApplicationIntegrationType, InteractionContextType } from "discord-api-types/v10";
import { afterEach, describe, expect, it } from "vitest";
import { createBotRest } from "../../../src/discord/bot/bot-rest.ts";
import { createGuildPresence } from "../../../src/discord/bot/guild-presence.ts";
import { defineCommand } from "../../../src/discord/command.ts";
import { createDispatch } from "../../../src/discord/dispatch.ts";
import { type Log, silentLog } from "../../../src/process/log.ts";
import type { Services } from "../../../src/services.ts";
import { openStorage } from "../../../src/storage/storage.ts";
import { DAY_MS } from "../../../src/valuation/calendar.ts";
import { type ConnectedGateway, connectGateway } from "../../support/connected-gateway.ts";
import {
  type FakeDiscord,
  type FakeDiscordOptions,
  startFakeDiscord,
} from "../../support/fake-discord/fake-discord.ts";
import type { FakeGuild } from "../../support/fake-discord/world.ts";
import { handClock } from "../../support/hand-clock.ts";

const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

type Time = { nowMs: number };

const command = defineCommand({
  name: "lambo",
  description: "Would it buy a Lambo?",
  integrationTypes: [
    ApplicationIntegrationType.GuildInstall,
    ApplicationIntegrationType.UserInstall,
  ],
  contexts: [InteractionContextType.Guild],
  options: {},
  visibility: () => "public",
  run: () => Promise.resolve({ kind: "reply", reply: { content: "Yes" } }),
});

/** One life of the bot: its storage and its presence, on the gateway when asked. */
async function live(
  fake: FakeDiscord,
  dataDir: string,
  time: Time,
  { onGateway }: { onGateway: boolean },
) {
  const now = () => new Date(time.nowMs);
  const lines: string[] = [];
  const write = (_: object, message: string) => void lines.push(message);
  const log: Log = { debug: write, info: write, warn: write, error: write };
  const storage = await openStorage({ dataDir, databaseUrl: undefined, log, now });
  const clock = handClock();
  let lists = 0;
  const awaited = new Set<() => void>();
  const guilds = createGuildPresence({
    store: storage.presence,
    settings: storage.settings,
    // The last thing that is done about a list.
    forgetLeft: async () => {
      await storage.forgetLeft();
      lists += 1;
      for (const check of awaited) check();
    },
    rest: createBotRest({ token: fake.token, apiUrl: fake.apiUrl }),
    log,
    now,
    clock: clock.clock,
  });
  const listed = (count: number) =>
    new Promise<void>((resolve) => {
      const check = () => lists >= count && resolve();
      awaited.add(check);
      check();
    });
  let gateway: ConnectedGateway | undefined;
  if (onGateway) {
    const dispatch = createDispatch({
      commands: [command],
      services: {} as Services,
      log,
      onServerCall: guilds.asked,
    });
    gateway = await connectGateway({
      token: fake.token,
      apiUrl: fake.apiUrl,
      commands: [command],
      dispatch,
      guilds,
      log,
    });
    await listed(1);
  }
  let isOver = false;
  const end = async () => {
    if (isOver) return;
    isOver = true;
    await gateway?.stop();
    await guilds.stop();
    await storage.close();
  };
  open.push(end);
  /** What was learnt so far is on disk. */
  const settled = async () => {
    await guilds.stop();
    return storage;
  };
  return { storage, guilds, clock, listed, lines, end, settled };
}

async function scene(options?: FakeDiscordOptions) {
  const fake = await startFakeDiscord(options);
  open.push(() => fake.close());
  const dataDir = await mkdtemp(join(tmpdir(), "lambo-presence-"));
  open.push(() => rm(dataDir, { recursive: true, force: true }));
  const time: Time = { nowMs: Date.UTC(2026, 10, 24, 12) };
  return {
    fake,
    dataDir,
    time,
    live: (onGateway: boolean) => live(fake, dataDir, time, { onGateway }),
  };
}

type Life = Awaited<ReturnType<typeof live>>;

const choose = ({ storage }: Life, guild: FakeGuild) =>
  storage.settings.change(guild.id, { currency: "EUR" }, { userId: "7", at: new Date(0) });
const localeOf = ({ storage }: Life, guild: FakeGuild) =>
  storage.settings.read(guild.id).preferredLocale;
const currencyOf = ({ storage }: Life, guild: FakeGuild) =>
  storage.settings.read(guild.id).currency;

/**
 * A presence whose lists are remembered, over a Discord that says by REST that the bot is nowhere.
 */
function listing() {
  const lists: (readonly string[])[] = [];
  const { clock, advance, settle } = handClock();
  const guilds = createGuildPresence({
    store: {
      seen: async () => {},
      removed: async () => {},
      reconciled: async (guildIds) => void lists.push(guildIds),
    },
    settings: { rememberLocales: async () => {} },
    forgetLeft: async () => [],
    rest: { request: async () => ({ kind: "ok", body: [] }) },
    log: silentLog,
    // A day goes by in a minute.
    now: () => new Date(clock.nowMs() * 24 * 60),
    clock,
  });
  return { guilds, lists, advance, settle };
}

describe("on the gateway", () => {
  it("the settings of a server that removes the bot are kept for 30 days, and apply when it adds the bot again", async () => {
    const { fake, time, live: start } = await scene({ guilds: 2 });
    const [guild] = fake.guilds.values();
    if (guild === undefined) throw new Error("two servers were made");
    const first = await start(true);
    await choose(first, guild);
    fake.removeGuild(guild);
    await expect.poll(() => first.storage.presence.hasLeft(guild.id)).toBe(true);
    await first.end();

    time.nowMs += 29 * DAY_MS;
    const second = await start(true);
    expect(currencyOf(second, guild)).toBe("EUR");
    fake.restoreGuild(guild);
    await expect.poll(() => second.storage.presence.hasLeft(guild.id)).toBe(false);
    await second.end();

    time.nowMs += 29 * DAY_MS;
    expect(currencyOf(await start(true), guild)).toBe("EUR");
  });

  it("a server that removed the bot 30 days ago is forgotten, and no other", async () => {
    const { fake, time, live: start } = await scene({ guilds: 2 });
    const [guild, other] = [...fake.guilds.values()];
    if (guild === undefined || other === undefined) throw new Error("two servers were made");
    const first = await start(true);
    await choose(first, guild);
    await choose(first, other);
    fake.removeGuild(guild);
    await expect.poll(() => first.storage.presence.hasLeft(guild.id)).toBe(true);
    await first.end();
    time.nowMs += 30 * DAY_MS;
    const second = await start(true);
    expect(currencyOf(second, guild)).toBeNull();
    expect(currencyOf(second, other)).toBe("EUR");
  });

  it("an outage is not a removal, not even one that outlasts restarts and 31 days", async () => {
    const { fake, time, live: start } = await scene();
    const first = await start(true);
    await choose(first, fake.guild);
    fake.outage(fake.guild, true);
    // An event that comes later was handled later.
    const marker = fake.addGuild();
    await choose(first, marker);
    fake.removeGuild(marker);
    await expect.poll(() => first.storage.presence.hasLeft(marker.id)).toBe(true);
    expect(first.storage.presence.hasLeft(fake.guild.id)).toBe(false);
    await first.end();
    for (const days of [2, 29]) {
      time.nowMs += days * DAY_MS;
      const again = await start(true);
      expect(again.storage.presence.hasLeft(fake.guild.id)).toBe(false);
      expect(currencyOf(again, fake.guild)).toBe("EUR");
      await again.end();
    }
  });

  it("a removal while the bot was down counts after two lists a day apart", async () => {
    const { fake, time, live: start } = await scene({ guilds: 2 });
    const [guild] = fake.guilds.values();
    if (guild === undefined) throw new Error("two servers were made");
    const first = await start(true);
    await choose(first, guild);
    await first.end();
    fake.removeGuild(guild);
    const hasLeftAtNextStart = async (laterMs: number) => {
      time.nowMs += laterMs;
      const life = await start(true);
      const hasLeft = life.storage.presence.hasLeft(guild.id);
      await life.end();
      return hasLeft;
    };
    expect(await hasLeftAtNextStart(0)).toBe(false);
    expect(await hasLeftAtNextStart(DAY_MS - 1)).toBe(false);
    expect(await hasLeftAtNextStart(1)).toBe(true);
  });

  it("a list counts only once every shard is ready, and includes who joined since", async () => {
    const { guilds, lists, settle } = listing();
    // (id >> 22) mod 2 is the shard.
    const [even, odd, laterEven, laterOdd] = [2n, 3n, 4n, 5n].map((serial) =>
      String(serial << 22n),
    );
    if (
      even === undefined ||
      odd === undefined ||
      laterEven === undefined ||
      laterOdd === undefined
    )
      throw new Error("four ids were made");
    guilds.shardReady({ shardId: 0, shardCount: 2, guildIds: [even] });
    guilds.shardReady({ shardId: 0, shardCount: 2, guildIds: [even] });
    await settle();
    expect(lists).toEqual([]);
    guilds.shardReady({ shardId: 1, shardCount: 2, guildIds: [odd] });
    guilds.arrived(laterEven, undefined);
    guilds.arrived(laterOdd, undefined);
    guilds.shardReady({ shardId: 1, shardCount: 2, guildIds: [odd] });
    await settle();
    expect(lists).toEqual([
      [even, odd],
      [even, laterEven, odd],
    ]);
  });
});

describe("the locale of a server", () => {
  it("is known when the bot starts, and when an admin chooses another", async () => {
    const { fake, live: start } = await scene();
    fake.guild.preferredLocale = "de";
    const first = await start(true);
    await choose(first, fake.guild);
    await first.end();
    const second = await start(true);
    await expect.poll(() => localeOf(second, fake.guild)).toBe("de");
    fake.chooseLocale(fake.guild, "ja");
    await expect.poll(() => localeOf(second, fake.guild)).toBe("ja");
  });

  it("is told by every question too", async () => {
    const { fake, live: start } = await scene({ checkSpec: false });
    const life = await start(true);
    await choose(life, fake.guild);
    fake.guild.preferredLocale = "es-419";
    await fake.command({ name: "lambo", user: fake.user(), guild: fake.guild }).answer();
    await expect.poll(() => localeOf(life, fake.guild)).toBe("es-419");
  });
});

describe("a question in a server that seemed to have been left", () => {
  it("proves that it was not, when the server has installed the bot and not only its member", async () => {
    // Discord's 3 seconds pass in real time: compiling its OpenAPI file may take most of them on a
    // busy machine.
    const { fake, live: start } = await scene({ guilds: 2, checkSpec: false });
    const [guild] = fake.guilds.values();
    if (guild === undefined) throw new Error("two servers were made");
    const life = await start(true);
    await choose(life, guild);
    await life.storage.presence.removed(guild.id, new Date(0));
    await fake.command({ name: "lambo", user: fake.user(), guild, installedBy: "user" }).answer();
    expect(life.storage.presence.hasLeft(guild.id)).toBe(true);
    await fake.command({ name: "lambo", user: fake.user(), guild }).answer();
    await expect.poll(() => life.storage.presence.hasLeft(guild.id)).toBe(false);
  });
});

describe("the daily list", () => {
  it("comes a minute after a start without gateway, then once a day, and finds removals without an event", async () => {
    const { fake, time, live: start } = await scene({ guilds: 3 });
    const [guild, other] = [...fake.guilds.values()];
    if (guild === undefined || other === undefined) throw new Error("three servers were made");
    const life = await start(false);
    await choose(life, guild);
    await choose(life, other);
    fake.removeGuild(guild);
    life.guilds.start();
    await life.clock.advance(MINUTE_MS);
    await life.listed(1);
    for (let hour = 1; hour <= 24; hour += 1) {
      time.nowMs += HOUR_MS;
      await life.clock.settle();
      await life.clock.advance(HOUR_MS);
    }
    await life.listed(2);
    const lists = fake.requests.filter(
      ({ path, query }) => path === "/users/@me/guilds" && query.get("after") === "0",
    );
    expect(lists).toHaveLength(2);
    const { presence } = await life.settled();
    expect([guild, other].map(({ id }) => presence.hasLeft(id))).toEqual([true, false]);
    expect(fake.violations).toEqual([]);
  });

  it("is read to the last page, despite rate limits", async () => {
    const { fake, live: start } = await scene({ guilds: 401, checkSpec: false });
    fake.limits.routes.set("GET /users/@me/guilds", { limit: 2, windowMs: 50 });
    const life = await start(false);
    const last = [...fake.guilds.values()].at(-1);
    if (last === undefined) throw new Error("401 servers were made");
    await choose(life, last);
    await life.storage.presence.removed(last.id, new Date(0));
    life.guilds.start();
    await life.clock.advance(MINUTE_MS);
    // The third page waits for the second window; the client's clock is the real one.
    await fake.until(
      "three pages",
      ({ counts }) => (counts.byRoute.get("GET /users/@me/guilds") ?? 0) >= 2,
    );
    const done = life.listed(1);
    let isDone = false;
    void done.then(() => (isDone = true));
    while (!isDone) await life.clock.advance(1_000);
    expect(life.storage.presence.hasLeft(last.id)).toBe(false);
  });

  it("does not outweigh the gateway: a server named there has not been left", async () => {
    const { guilds, lists, advance } = listing();
    guilds.shardReady({ shardId: 0, shardCount: 1, guildIds: ["11", "12"] });
    guilds.removed("12");
    guilds.start();
    await advance(MINUTE_MS);
    expect(lists).toEqual([["11", "12"], ["11"]]);
  });

  it("that Discord cuts short is ignored, and asked for again in an hour", async () => {
    const { fake, time, live: start } = await scene({ guilds: 201, checkSpec: false });
    const last = [...fake.guilds.values()].at(-1);
    if (last === undefined) throw new Error("201 servers were made");
    const life = await start(false);
    await choose(life, last);
    fake.fault({ kind: "status", status: 503, path: /^\/users\/@me\/guilds/, times: 1 });
    life.guilds.start();
    await life.clock.advance(MINUTE_MS);
    await expect
      .poll(() => life.lines)
      .toContain("Discord did not tell which servers the bot is in: asked again in an hour");
    time.nowMs += HOUR_MS;
    await life.clock.advance(HOUR_MS);
    await life.listed(1);
    const { presence } = await life.settled();
    expect(presence.hasLeft(last.id)).toBe(false);
  });

  it("deletes nothing while Discord cannot be asked, however long ago a server left", async () => {
    const { fake, time, live: start } = await scene();
    const first = await start(false);
    await choose(first, fake.guild);
    await first.storage.presence.removed(fake.guild.id, new Date(time.nowMs));
    await first.end();
    // The bot was down, was taken back meanwhile, and comes up while Discord is down.
    time.nowMs += 40 * DAY_MS;
    const end = fake.fault({ kind: "status", status: 503 });
    const life = await start(false);
    life.guilds.start();
    await life.clock.advance(MINUTE_MS);
    await expect
      .poll(() => life.lines)
      .toContain("Discord did not tell which servers the bot is in: asked again in an hour");
    expect(currencyOf(life, fake.guild)).toBe("EUR");
    end();
    time.nowMs += HOUR_MS;
    await life.clock.advance(HOUR_MS);
    await life.listed(1);
    expect(currencyOf(life, fake.guild)).toBe("EUR");
    expect(life.storage.presence.hasLeft(fake.guild.id)).toBe(false);
  });
});
