import { IncomingMessage, request, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { text } from "node:stream/consumers";
import {
  ApplicationCommandOptionType,
  ApplicationIntegrationType,
  InteractionContextType,
} from "discord-api-types/v10";
import type { Hono } from "hono";
import { afterEach, describe, expect, it } from "vitest";
import { defineCommand } from "../../src/discord/command.ts";
import { createDispatch, type Dispatch } from "../../src/discord/dispatch.ts";
import { createReplayGuard } from "../../src/discord/replay-guard.ts";
import type { DeliveryError } from "../../src/discord/responder.ts";
import {
  createInteractionRest,
  createLongWaits,
  laterReplies,
} from "../../src/discord/rest-responder.ts";
import type { Clock } from "../../src/process/clock.ts";
import { silentLog } from "../../src/process/log.ts";
import { connectRedis, type RedisPart } from "../../src/process/redis.ts";
import type { Services } from "../../src/services.ts";
import { httpInteractions, SIGNATURE_BELIEVED_MS } from "../../src/web/interactions-route.ts";
import type { WebEnvironment } from "../../src/web/listen.ts";
import { startSite } from "../../src/web/site.ts";
import { type FakeDiscord, startFakeDiscord } from "../support/fake-discord/fake-discord.ts";
import { handClock } from "../support/hand-clock.ts";
import { redisMissing, startRedis } from "../support/redis.ts";

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

type Bot = {
  readonly discord: FakeDiscord;
  readonly routes: Hono<WebEnvironment>;
  /** The address of its interactions route. */
  readonly endpoint: string;
  readonly dispatch: Dispatch;
  /** Questions that reached the command. */
  readonly asked: string[];
  readonly outcomes: unknown[];
};

type BotOptions = {
  /** The Discord of another process of the same bot. */
  readonly discord?: FakeDiscord;
  readonly shared?: RedisPart;
  readonly clock?: Clock;
  readonly nowMs?: () => number;
  /** What `coin:slow` waits for; its answer is deferred at once. */
  readonly release?: Promise<unknown>;
  /** Whether interactions come to the bot before they come to the application; true by default. */
  readonly isDirect?: boolean;
  /** Is given what is counted of each request. */
  readonly counted?: unknown[];
};

const missingRedis = redisMissing() !== undefined;

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47]);

/** A bot over HTTP with one small command: `slow` waits for `release`, `nonsense` is refused. */
async function startBot(options: BotOptions = {}): Promise<Bot> {
  const discord = options.discord ?? (await startFakeDiscord());
  if (options.discord === undefined) open.push(() => discord.close());
  const asked: string[] = [];
  const lambo = defineCommand({
    name: "lambo",
    description: "Would it buy a Lambo?",
    integrationTypes: [ApplicationIntegrationType.GuildInstall],
    contexts: [InteractionContextType.Guild],
    options: {
      coin: {
        type: ApplicationCommandOptionType.String,
        description: "Coin",
        required: true,
        autocomplete: true,
      },
    },
    visibility: () => "public",
    async run({ options: { coin } }) {
      asked.push(coin);
      if (coin.includes("slow")) await options.release;
      if (coin.includes("nonsense"))
        return { kind: "refusal", reply: { content: "No such coin." } };
      const files = [{ name: "card.png", data: PNG, description: `A picture of ${coin}` }];
      return {
        kind: "reply",
        reply: { embeds: [{ title: coin, image: { url: "attachment://card.png" } }], files },
      };
    },
    suggest: async ({ focused }) => [{ name: `${focused.text}coin`, value: focused.text }],
  });
  const outcomes: unknown[] = [];
  const log = {
    ...silentLog,
    info: (fields: object) => void ("outcome" in fields && outcomes.push(fields.outcome)),
  };
  // The command above uses no service.
  const services = {} as Services;
  const commands = [lambo];
  const dispatch = createDispatch({
    commands,
    services,
    log,
    ...(options.release !== undefined && { deferAfterMs: 1 }),
  });
  const rest = createInteractionRest({ apiUrl: discord.apiUrl });
  open.push(async () => rest.clearHandlerSweeper());
  const publicKey = discord.httpEnv.DISCORD_PUBLIC_KEY;
  const { nowMs = Date.now, shared, clock } = options;
  const guard = createReplayGuard({ keepMs: SIGNATURE_BELIEVED_MS, nowMs, shared });
  open.push(async () => guard.stop());
  const { routes, direct } = httpInteractions({
    publicKey,
    commands,
    dispatch,
    rest,
    guard,
    log,
    nowMs,
    ...(clock !== undefined && { clock }),
  });
  const server = await startSite({
    host: "127.0.0.1",
    port: 0,
    parts: [routes],
    directRoutes: (options.isDirect ?? true) ? [direct] : [],
    log,
    metrics: { webAnswered: ({ route, status }) => options.counted?.push({ route, status }) },
  });
  open.push(() => server.close());
  return { discord, routes, endpoint: `${server.url}/interactions`, dispatch, asked, outcomes };
}

const ask = ({ discord }: Bot, coin = "dogecoin") =>
  discord.payload.command({
    name: "lambo",
    user: discord.user(),
    guild: discord.guild,
    options: { coin },
  });

/** Delivers a body once, signed now by default, and returns the response. */
async function deliver(
  bot: Bot,
  body: string,
  atMs = Date.now(),
): Promise<{ status: number; type: string | null; bytes: Buffer }> {
  const headers = bot.discord.sign(body, Math.floor(atMs / 1_000));
  const response = await fetch(bot.endpoint, { method: "POST", body, headers });
  const { status } = response;
  return {
    status,
    type: response.headers.get("content-type"),
    bytes: Buffer.from(await response.arrayBuffer()),
  };
}

/** An application whose dispatch leaves every interaction unanswered. */
async function unansweringApp({ discord }: Bot): Promise<Hono<WebEnvironment>> {
  const rest = createInteractionRest({ apiUrl: discord.apiUrl });
  open.push(async () => rest.clearHandlerSweeper());
  const guard = createReplayGuard({ keepMs: SIGNATURE_BELIEVED_MS, nowMs: Date.now });
  const dispatch = { async handle() {} };
  const publicKey = discord.httpEnv.DISCORD_PUBLIC_KEY;
  return httpInteractions({ publicKey, commands: [], dispatch, rest, guard, log: silentLog })
    .routes;
}

describe("an interaction over HTTP", () => {
  it("is answered with a pong when it is a ping", async () => {
    const bot = await startBot();
    const ping = bot.discord.payload.ping();
    const response = await bot.discord.post(ping, bot.endpoint);
    expect(await response.json()).toEqual({ type: 1 });
    expect((await ping.response()).kind).toBe("pong");
  });

  it("is answered in the response itself, picture and alt text included", async () => {
    const bot = await startBot();
    const asked = ask(bot);
    await bot.discord.post(asked, bot.endpoint);
    expect(await asked.answer()).toMatchObject({
      embeds: [{ title: "dogecoin" }],
      files: [{ name: "card.png", description: "A picture of dogecoin", sizeBytes: 4 }],
      allowedMentions: { parse: [] },
    });
    expect(bot.discord.requests).toEqual([]);
    await expect.poll(() => bot.outcomes).toEqual(["answered"]);
  });

  it("is answered with suggestions while an option is being typed", async () => {
    const bot = await startBot();
    const { discord } = bot;
    const typing = discord.payload.type({
      name: "lambo",
      user: discord.user(),
      guild: discord.guild,
      focused: "coin",
      options: { coin: "do" },
    });
    await discord.post(typing, bot.endpoint);
    expect(await typing.suggestions()).toEqual([{ name: "docoin", value: "do" }]);
  });

  it("is deferred when it is slow, and its answer is filled in by REST", async () => {
    let release = () => {};
    const bot = await startBot({ release: new Promise<void>((resolve) => (release = resolve)) });
    const asked = ask(bot, "slow");
    await bot.discord.post(asked, bot.endpoint);
    expect((await asked.response()).kind).toBe("deferred-message");
    release();
    expect((await asked.answer()).embeds).toMatchObject([{ title: "slow" }]);
    expect(bot.discord.violations).toEqual([]);
  });

  it("leaves nothing in the channel when it is slow and refused: only the asker is told", async () => {
    let release = () => {};
    const bot = await startBot({ release: new Promise<void>((resolve) => (release = resolve)) });
    const asked = ask(bot, "slow nonsense");
    await bot.discord.post(asked, bot.endpoint);
    release();
    const seen = await asked.until("the refusal came", ({ private: own }) => own.length === 1);
    expect(seen.public).toEqual([]);
    expect(seen.private[0]?.content).toBe("No such coin.");
  });

  it("is still filled in when the answer is ready before Discord has read the deferral", async () => {
    let release = () => {};
    const bot = await startBot({ release: new Promise<void>((resolve) => (release = resolve)) });
    const { discord } = bot;
    discord.fault({
      kind: "error",
      status: 404,
      code: 10_015,
      message: "Unknown Webhook",
      path: /@original$/,
      times: 2,
    });
    const asked = ask(bot, "slow");
    await discord.post(asked, bot.endpoint);
    release();
    expect((await asked.answer()).embeds).toMatchObject([{ title: "slow" }]);
  });

  it("counts as undelivered when its sender has hung up", async () => {
    const bot = await startBot();
    const body = JSON.stringify(ask(bot).payload);
    const outgoing = new ServerResponse(new IncomingMessage(new Socket()));
    outgoing.destroy();
    const headers = bot.discord.sign(body, Math.floor(Date.now() / 1_000));
    await bot.routes.request("/interactions", { method: "POST", body, headers }, { outgoing });
    await expect.poll(() => bot.outcomes).toEqual(["undelivered"]);
  });

  it("runs once when it is sent twice at once, and both deliveries get the same bytes", async () => {
    const bot = await startBot();
    const body = JSON.stringify(ask(bot).payload);
    const [first, second] = await Promise.all([deliver(bot, body), deliver(bot, body)]);
    expect(first.status).toBe(200);
    expect(second).toEqual(first);
    expect(bot.asked).toEqual(["dogecoin"]);
  });

  it("gets the same answer when it is sent again within 2 s, and 409 after half a minute", async () => {
    let nowMs = Date.now();
    const bot = await startBot({ nowMs: () => nowMs });
    const body = JSON.stringify(ask(bot).payload);
    const first = await deliver(bot, body);
    nowMs += 2_000;
    expect(await deliver(bot, body)).toEqual(first);
    nowMs += 30_000;
    expect((await deliver(bot, body)).status).toBe(409);
    expect(bot.asked).toEqual(["dogecoin"]);
  });

  it("is deferred again when it is sent again after a deferral, and answered once", async () => {
    let release = () => {};
    const bot = await startBot({ release: new Promise<void>((resolve) => (release = resolve)) });
    const asked = ask(bot, "slow");
    const first = await bot.discord.post(asked, bot.endpoint);
    const again = await deliver(bot, JSON.stringify(asked.payload));
    expect(again.bytes.toString()).toBe(await first.text());
    release();
    expect((await asked.answer()).embeds).toMatchObject([{ title: "slow" }]);
    expect(bot.asked).toEqual(["slow"]);
    expect(bot.discord.requests.filter(({ method }) => method === "PATCH")).toHaveLength(1);
  });

  it("is an error for both deliveries when nothing answers it", async () => {
    const bot = await startBot();
    const unanswering = await unansweringApp(bot);
    const body = JSON.stringify(ask(bot).payload);
    const headers = bot.discord.sign(body, Math.floor(Date.now() / 1_000));
    const statuses = [1, 2].map(
      async () =>
        (await unanswering.request("/interactions", { method: "POST", body, headers })).status,
    );
    expect(await Promise.all(statuses)).toEqual([500, 500]);
  });

  it("is refused when the bot does not know its kind, even if it is signed", async () => {
    const bot = await startBot();
    for (const body of [
      "",
      "{",
      "null",
      "[]",
      "7",
      '{"type":9}',
      '{"type":2}',
      `${"[".repeat(50_000)}${"]".repeat(50_000)}`,
      "\u0000",
    ]) {
      const headers = bot.discord.sign(body, Math.floor(Date.now() / 1_000));
      const response = await fetch(bot.endpoint, { method: "POST", body, headers });
      expect({ body: body.slice(0, 20), status: response.status }).toEqual({
        body: body.slice(0, 20),
        status: 400,
      });
    }
    expect(bot.asked).toEqual([]);
  });
});

describe("a deferred answer", () => {
  const MINUTE_MS = 60_000;
  /** The test moves the clock in small steps: polling every 50 ms would take most of its time. */
  const OFTEN = { interval: 1 };

  /**
   * A bot whose deferred answer is ready, on a Discord that answers its webhook with an error
   * `times` times. The test moves the clock.
   */
  async function deferred(fault: { status: number; code: number; times?: number }) {
    const time = handClock();
    let release = () => {};
    const bot = await startBot({
      clock: time.clock,
      release: new Promise<void>((resolve) => (release = resolve)),
    });
    const { times = Number.MAX_SAFE_INTEGER, ...error } = fault;
    bot.discord.fault({
      kind: "error",
      ...error,
      message: "as the test says",
      path: /@original$/,
      times,
    });
    const asked = ask(bot, "slow");
    await bot.discord.post(asked, bot.endpoint);
    release();
    const tries = () =>
      bot.discord.requests.filter(({ path }) => path.endsWith("@original")).length;
    return {
      ...{ bot, asked, tries },
      /** Moves the clock until the bot waits for nothing any more. */
      async passAll(untilMs: number): Promise<void> {
        for (;;) {
          await expect.poll(() => time.pending() + bot.outcomes.length, OFTEN).toBeGreaterThan(0);
          if (time.pending() === 0 || time.clock.nowMs() >= untilMs) return;
          const triesBefore = tries();
          await time.advance(500);
          if (time.pending() === 0)
            await expect
              .poll(() => tries() > triesBefore || bot.outcomes.length > 0, OFTEN)
              .toBe(true);
        }
      },
      nowMs: time.clock.nowMs,
    };
  }

  /**
   * How often an answer is tried until its webhook exists, `ms` after the deferral, with the pauses
   * that the bot must make: 0.5 s more each time up to 5 s, and 30 s after the first minute.
   */
  function triesWithin(ms: number): number {
    let [atMs, tries] = [0, 1];
    while (atMs < ms) {
      atMs += atMs < MINUTE_MS ? Math.min(500 * tries, 5_000) : 30_000;
      tries += 1;
    }
    return tries;
  }

  it.each([
    ["12 s", 12_000],
    ["13 minutes", 13 * MINUTE_MS],
  ])("arrives although its webhook is missing for %s", async (_, ms) => {
    const times = triesWithin(ms) - 1;
    const answer = await deferred({ status: 404, code: 10_015, times });
    await answer.passAll(14 * MINUTE_MS);
    expect((await answer.asked.answer()).embeds).toMatchObject([{ title: "slow" }]);
    await expect.poll(() => answer.bot.outcomes).toEqual(["answered"]);
    expect(answer.nowMs()).toBeGreaterThanOrEqual(ms);
    expect(answer.nowMs()).toBeLessThanOrEqual(ms + 30_000);
    expect(answer.tries()).toBe(times + 1);
  });

  it("is given up when its token is about to expire, after fewer than fifty tries", async () => {
    const answer = await deferred({ status: 404, code: 10_015 });
    await answer.passAll(20 * MINUTE_MS);
    await expect.poll(() => answer.bot.outcomes).toEqual(["undelivered"]);
    expect(answer.nowMs()).toBeGreaterThan(13 * MINUTE_MS);
    expect(answer.nowMs()).toBeLessThan(14 * MINUTE_MS);
    expect(answer.tries()).toBeLessThan(50);
  });

  it.each([
    ["its token has ended", { status: 401, code: 50_027 }],
    ["its placeholder was deleted", { status: 404, code: 10_008 }],
    ["Discord does not know the interaction", { status: 404, code: 10_062 }],
    ["somebody else answered", { status: 400, code: 40_060 }],
  ])("is given up at once when %s, and the next question is answered", async (_, fault) => {
    const answer = await deferred(fault);
    await expect.poll(() => answer.bot.outcomes).toEqual(["undelivered"]);
    expect(answer.tries()).toBe(1);
    const next = ask(answer.bot);
    await answer.bot.discord.post(next, answer.bot.endpoint);
    expect((await next.answer()).embeds).toMatchObject([{ title: "dogecoin" }]);
  });

  it("waits out Discord's own failures", async () => {
    const answer = await deferred({ status: 503, code: 0, times: 12 });
    await answer.passAll(14 * MINUTE_MS);
    expect((await answer.asked.answer()).embeds).toMatchObject([{ title: "slow" }]);
  });

  it("waits for longer than a minute only while few others are waiting", async () => {
    const [time, discord] = [handClock(), await startFakeDiscord()];
    open.push(() => discord.close());
    const rest = createInteractionRest({ apiUrl: discord.apiUrl });
    open.push(async () => rest.clearHandlerSweeper());
    const longWaits = createLongWaits({ most: 1 });
    const results: string[] = [];
    for (const token of ["one", "two"]) {
      const later = laterReplies(
        rest,
        { applicationId: discord.applicationId, token },
        { longWaits, clock: time.clock },
      );
      void later
        .editReply({ content: token })
        .catch(({ reason }: DeliveryError) => results.push(`${token} ${reason}`));
    }
    while (results.length === 0) {
      await expect.poll(() => time.pending() + results.length, OFTEN).toBeGreaterThan(1);
      if (results.length === 0) await time.advance(5_000);
    }
    expect(results).toHaveLength(1);
    expect(time.clock.nowMs()).toBeLessThanOrEqual(80_000);
    expect(time.pending()).toBe(1);
  });
});

describe("a request from before the process began", () => {
  const START_MS = Date.parse("2026-11-24T12:00:00Z");
  const at = async (signedAtMs: number, options: BotOptions = {}) => {
    const bot = await startBot({ nowMs: () => START_MS, ...options });
    const status = (await deliver(bot, JSON.stringify(ask(bot).payload), signedAtMs)).status;
    return { status, asked: bot.asked.length };
  };

  it("is refused, because it may have been answered then", async () => {
    expect(await at(START_MS - 3_000)).toEqual({ status: 401, asked: 0 });
    expect(await at(START_MS - 200_000)).toEqual({ status: 401, asked: 0 });
  });

  it("is accepted within the 2 s by which clocks may differ, either way", async () => {
    expect(await at(START_MS - 2_000)).toEqual({ status: 200, asked: 1 });
    expect(await at(START_MS + 2_000)).toEqual({ status: 200, asked: 1 });
    // Signed 2 s before a start at the end of a second, and stamped with the second's beginning.
    expect(await at(START_MS - 2_000, { nowMs: () => START_MS + 900 })).toEqual({
      status: 200,
      asked: 1,
    });
  });

  it.skipIf(missingRedis)(
    "is accepted where Redis knows that it was not answered, and only while Redis can be reached",
    async () => {
      const { part, server } = await redis();
      const shared = await part();
      expect(await at(START_MS - 200_000, { shared })).toEqual({ status: 200, asked: 1 });
      server.freeze();
      expect(await at(START_MS - 200_000, { shared })).toEqual({ status: 401, asked: 0 });
    },
  );
});

async function redis() {
  const server = await startRedis();
  open.push(() => server.remove());
  const part = async (): Promise<RedisPart> => {
    const connection = await connectRedis({ url: server.url, log: silentLog });
    open.push(() => connection.close());
    return { redis: connection, name: "bot" };
  };
  return { server, part };
}

describe.skipIf(missingRedis)("an interaction that is delivered again to another process", () => {
  it("gets the answer of the first, 0 ms and 2 s apart, and runs once", async () => {
    const { part } = await redis();
    let nowMs = Date.now();
    const firstBot = await startBot({ shared: await part(), nowMs: () => nowMs });
    const otherBot = await startBot({
      shared: await part(),
      nowMs: () => nowMs,
      discord: firstBot.discord,
    });
    await expect
      .poll(
        async () =>
          (await (await part()).redis.client.pubSubNumSub("lambo:wanted:bot"))["lambo:wanted:bot"],
      )
      .toBe(2);
    const body = JSON.stringify(ask(firstBot).payload);
    const [first, second] = await Promise.all([deliver(firstBot, body), deliver(otherBot, body)]);
    expect(first.status).toBe(200);
    expect(second).toEqual(first);
    nowMs += 2_000;
    expect(await deliver(otherBot, body)).toEqual(first);
    expect([...firstBot.asked, ...otherBot.asked]).toEqual(["dogecoin"]);
  });

  it("gets 409 from the other process when the first one is gone", async () => {
    const { part } = await redis();
    const shared = await part();
    const other = await startBot({ shared });
    const asked = ask(other);
    await shared.redis.client.set(`lambo:seen:bot:${String(asked.payload["id"])}`, "1");
    expect((await deliver(other, JSON.stringify(asked.payload))).status).toBe(409);
    expect(other.asked).toEqual([]);
  });
});

describe("a request that Discord did not sign", () => {
  const now = () => Math.floor(Date.now() / 1_000);

  it.each([
    [
      "has no signature",
      (good: Record<string, string>) => ({ ...good, "x-signature-ed25519": "" }),
    ],
    [
      "has no timestamp",
      (good: Record<string, string>) => ({ ...good, "x-signature-timestamp": "" }),
    ],
    [
      "has a signature cut short",
      (good: Record<string, string>) => ({
        ...good,
        "x-signature-ed25519": good["x-signature-ed25519"]?.slice(0, -2) ?? "",
      }),
    ],
    [
      "has a signature that is no hexadecimal",
      (good: Record<string, string>) => ({ ...good, "x-signature-ed25519": "z".repeat(128) }),
    ],
    [
      "has another timestamp than was signed",
      (good: Record<string, string>) => ({ ...good, "x-signature-timestamp": String(now() - 1) }),
    ],
    [
      "has a timestamp that is no number",
      (good: Record<string, string>) => ({ ...good, "x-signature-timestamp": "1e9" }),
    ],
  ])("gets 401 and reaches no command when it %s", async (_, spoil) => {
    const bot = await startBot();
    const body = JSON.stringify(ask(bot).payload);
    const good = bot.discord.sign(body, now());
    const response = await fetch(bot.endpoint, { method: "POST", body, headers: spoil(good) });
    expect(response.status).toBe(401);
    expect((await fetch(bot.endpoint, { method: "POST", body, headers: good })).status).toBe(200);
    expect(bot.asked).toHaveLength(1);
  });

  it("gets 401 when its body was changed or signed with another application's key", async () => {
    const bot = await startBot();
    const stranger = await startFakeDiscord();
    open.push(() => stranger.close());
    const body = JSON.stringify(ask(bot).payload);
    const changed = body.replace("dogecoin", "bitcoin");
    for (const [sent, headers] of [
      [changed, bot.discord.sign(body, now())],
      [body, stranger.sign(body, now())],
    ] as const) {
      expect((await fetch(bot.endpoint, { method: "POST", body: sent, headers })).status).toBe(401);
    }
    expect(bot.asked).toEqual([]);
  });

  it("gets 401 when it was signed more than five minutes ago or ahead", async () => {
    let nowMs = Date.parse("2026-11-24T12:00:00Z");
    const bot = await startBot({ nowMs: () => nowMs });
    const seconds = nowMs / 1_000;
    const statusAfter = async (passedSeconds: number) => {
      const body = JSON.stringify(ask(bot).payload);
      nowMs = (seconds + passedSeconds) * 1_000;
      return (
        await fetch(bot.endpoint, {
          method: "POST",
          body,
          headers: bot.discord.sign(body, seconds),
        })
      ).status;
    };
    expect([
      await statusAfter(300),
      await statusAfter(301),
      await statusAfter(-300),
      await statusAfter(-301),
    ]).toEqual([200, 401, 200, 401]);
  });

  it("is not read to its end when it is larger than any interaction, declared or not", async () => {
    const bot = await startBot();
    const large = "x".repeat(256 * 1024 + 1);
    const headers = bot.discord.sign(large, now());
    expect((await fetch(bot.endpoint, { method: "POST", body: large, headers })).status).toBe(413);
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(64 * 1024));
      },
    });
    // A server that hangs up while the body is still being sent may look like a broken connection.
    const status = await fetch(bot.endpoint, {
      method: "POST",
      body: endless,
      headers,
      duplex: "half",
    }).then(
      (response) => response.status,
      () => 413,
    );
    expect(status).toBe(413);
    expect(pulled).toBeLessThan(200);
    const exactly = "x".repeat(256 * 1024);
    expect(
      (
        await fetch(bot.endpoint, {
          method: "POST",
          body: exactly,
          headers: bot.discord.sign(exactly, now()),
        })
      ).status,
    ).toBe(400);
  });

  it("leaves the bot able to answer the next one", async () => {
    const bot = await startBot();
    await fetch(bot.endpoint, { method: "POST", body: "{}" });
    expect((await fetch(bot.endpoint)).status).toBe(405);
    const asked = ask(bot);
    await bot.discord.post(asked, bot.endpoint);
    expect((await asked.answer()).embeds).toHaveLength(1);
  });
});

describe("a request that reaches the bot before the application", () => {
  /** One request, with everything of its response that does not depend on when it was sent. */
  async function exchange(url: string, method: string, headers: object, body: string) {
    const response = await new Promise<IncomingMessage>((resolve, reject) =>
      request(url, { method, headers: { ...headers, "content-length": Buffer.byteLength(body) } })
        .on("response", resolve)
        .on("error", reject)
        .end(body),
    );
    const { statusCode, rawHeaders } = response;
    const told = rawHeaders
      .flatMap((name, at) => (at % 2 === 0 ? [`${name.toLowerCase()}: ${rawHeaders[at + 1]}`] : []))
      .map((line) => line.replace(/(?<=^date: ).*|lambo-[-0-9a-f]{36}/, ""))
      .sort();
    return { statusCode, told, body: (await text(response)).replace(/lambo-[-0-9a-f]{36}/g, "") };
  }

  it("gets the response that it would get from the application, and is counted alike", async () => {
    const discord = await startFakeDiscord();
    open.push(() => discord.close());
    const roads = await Promise.all(
      [true, false].map(async (isDirect) => {
        const counted: unknown[] = [];
        const bot = await startBot({ discord, isDirect, counted });
        return { bot, counted, seen: [] as unknown[] };
      }),
    );
    const now = Math.floor(Date.now() / 1_000);
    const command = (coin: string) =>
      JSON.stringify(
        discord.payload.command({
          name: "lambo",
          user: discord.user(),
          guild: discord.guild,
          options: { coin },
        }).payload,
      );
    const question = command("dogecoin");
    const refused = command("nonsense");
    const ping = JSON.stringify(discord.payload.ping().payload);
    const large = "x".repeat(256 * 1024 + 1);
    const requests: readonly (readonly [
      method: string,
      path: string,
      headers: object,
      body: string,
    ])[] = [
      ["POST", "", discord.sign(question, now), question],
      // Once more, which is not run again.
      ["POST", "", discord.sign(question, now), question],
      ["POST", "", discord.sign(refused, now), refused],
      ["POST", "", discord.sign(ping, now), ping],
      ["POST", "/", discord.sign(ping, now), ping],
      ["POST", "?wait=true", discord.sign(ping, now), ping],
      ["POST", "", discord.sign("{}", now), "{}"],
      ["POST", "", discord.sign("", now), ""],
      ["POST", "", {}, question],
      ["POST", "", discord.sign(ping, now), question],
      ["POST", "", discord.sign(question, now - 301), question],
      ["POST", "", discord.sign(large, now), large],
      ["PUT", "", discord.sign(ping, now), ping],
    ];
    for (const { bot, seen } of roads) {
      for (const [method, path, headers, body] of requests)
        seen.push(await exchange(`${bot.endpoint}${path}`, method, headers, body));
    }
    const [direct, throughApplication] = roads;
    expect(direct?.seen).toEqual(throughApplication?.seen);
    expect(direct?.counted).toEqual(throughApplication?.counted);
    expect(direct?.counted).toHaveLength(requests.length);
  });

  it("gets an incident id when something fails in a way nobody expected, and is counted", async () => {
    const counted: unknown[] = [];
    const site = await startSite({
      host: "127.0.0.1",
      port: 0,
      parts: [],
      directRoutes: [() => Promise.reject(new Error("a fault of ours"))],
      log: silentLog,
      metrics: { webAnswered: ({ route, status }) => counted.push({ route, status }) },
    });
    open.push(() => site.close());
    const response = await fetch(site.url);
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({
      incident: expect.stringMatching(/^[-0-9a-f]{36}$/),
    });
    expect(counted).toEqual([{ route: "other", status: 500 }]);
  });
});
