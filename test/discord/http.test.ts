import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { ApplicationCommandOptionType, ApplicationIntegrationType, InteractionContextType } from "discord-api-types/v10";
import type { Hono } from "hono";
import { afterEach, describe, expect, it } from "vitest";
import { defineCommand } from "../../src/discord/command.ts";
import { createDispatch, type Dispatch } from "../../src/discord/dispatch.ts";
import { httpInteractions, type WebEnvironment } from "../../src/discord/http.ts";
import { createInteractionRest } from "../../src/discord/rest-responder.ts";
import { silentLog } from "../../src/log.ts";
import type { Services } from "../../src/services.ts";
import { listen } from "../../src/web/listen.ts";
import { type FakeDiscord, startFakeDiscord } from "../support/fake-discord.ts";

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

type Bot = {
  readonly discord: FakeDiscord;
  readonly app: Hono<WebEnvironment>;
  /** Where it listens, when it does. */
  readonly endpoint: string;
  readonly dispatch: Dispatch;
  /** Questions that reached the command. */
  readonly asked: string[];
  readonly outcomes: unknown[];
};

type BotOptions = {
  readonly nowMs?: () => number;
  /** What `coin:slow` waits for; its answer is deferred at once. */
  readonly release?: Promise<unknown>;
};

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47]);

/** A bot over HTTP with one small command: `slow` waits for `release`, `nonsense` is refused. */
async function startBot(options: BotOptions = {}): Promise<Bot> {
  const discord = await startFakeDiscord();
  open.push(() => discord.close());
  const asked: string[] = [];
  const lambo = defineCommand({
    name: "lambo",
    description: "Would it buy a Lambo?",
    integrationTypes: [ApplicationIntegrationType.GuildInstall],
    contexts: [InteractionContextType.Guild],
    options: { coin: { type: ApplicationCommandOptionType.String, description: "Coin", required: true, autocomplete: true } },
    visibility: () => "public",
    async run({ options: { coin } }) {
      asked.push(coin);
      if (coin.includes("slow")) await options.release;
      if (coin.includes("nonsense")) return { kind: "refusal", reply: { content: "No such coin." } };
      const files = [{ name: "card.png", data: PNG, description: `A picture of ${coin}` }];
      return { kind: "answer", reply: { embeds: [{ title: coin, image: { url: "attachment://card.png" } }], files } };
    },
    suggest: async ({ focused }) => [{ name: `${focused.text}coin`, value: focused.text }],
  });
  const outcomes: unknown[] = [];
  const log = { ...silentLog, info: (fields: object) => void ("outcome" in fields && outcomes.push(fields.outcome)) };
  // The command above draws on no service.
  const services = {} as Services;
  const commands = [lambo];
  const dispatch = createDispatch({ commands, services, log, ...(options.release !== undefined && { deferAfterMs: 1 }) });
  const rest = createInteractionRest({ apiUrl: discord.apiUrl });
  open.push(async () => rest.clearHandlerSweeper());
  const publicKey = discord.httpEnv.DISCORD_PUBLIC_KEY;
  const app = httpInteractions({ publicKey, commands, dispatch, rest, log, ...(options.nowMs && { nowMs: options.nowMs }) });
  const server = await listen(app, { host: "127.0.0.1", port: 0 });
  open.push(() => server.close());
  return { discord, app, endpoint: `${server.url}/interactions`, dispatch, asked, outcomes };
}

const ask = ({ discord }: Bot, coin = "dogecoin") =>
  discord.payload.command({ name: "lambo", user: discord.user(), guild: discord.guild, options: { coin } });

describe("an interaction over HTTP", () => {
  it("is a ping that is answered with a pong", async () => {
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

  it("is answered with suggestions while an option is typed", async () => {
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

  it("that is slow is deferred, and its answer is put there by REST", async () => {
    let release = () => {};
    const bot = await startBot({ release: new Promise<void>((resolve) => (release = resolve)) });
    const asked = ask(bot, "slow");
    await bot.discord.post(asked, bot.endpoint);
    expect((await asked.response()).kind).toBe("deferred-message");
    release();
    expect((await asked.answer()).embeds).toMatchObject([{ title: "slow" }]);
    expect(bot.discord.violations).toEqual([]);
  });

  it("that is slow and refused leaves nothing in the channel and tells the asker alone", async () => {
    let release = () => {};
    const bot = await startBot({ release: new Promise<void>((resolve) => (release = resolve)) });
    const asked = ask(bot, "slow nonsense");
    await bot.discord.post(asked, bot.endpoint);
    release();
    const seen = await asked.until("the refusal came", ({ private: own }) => own.length === 1);
    expect(seen.public).toEqual([]);
    expect(seen.private[0]?.content).toBe("No such coin.");
  });

  it("is still filled in when Discord has not yet read the deferral as the answer is ready", async () => {
    let release = () => {};
    const bot = await startBot({ release: new Promise<void>((resolve) => (release = resolve)) });
    const { discord } = bot;
    discord.fault({ kind: "error", status: 404, code: 10_015, message: "Unknown Webhook", path: /@original$/, times: 2 });
    const asked = ask(bot, "slow");
    await discord.post(asked, bot.endpoint);
    release();
    expect((await asked.answer()).embeds).toMatchObject([{ title: "slow" }]);
  });

  it("whose sender has hung up counts as undelivered", async () => {
    const bot = await startBot();
    const body = JSON.stringify(ask(bot).payload);
    const outgoing = new ServerResponse(new IncomingMessage(new Socket()));
    outgoing.destroy();
    const headers = bot.discord.sign(body, Math.floor(Date.now() / 1_000));
    await bot.app.request("/interactions", { method: "POST", body, headers }, { outgoing });
    await expect.poll(() => bot.outcomes).toEqual(["undelivered"]);
  });

  it("sent twice is answered once", async () => {
    const bot = await startBot();
    const asked = ask(bot);
    await bot.discord.post(asked, bot.endpoint);
    const replayed = await bot.discord.post(asked, bot.endpoint);
    expect(replayed.status).toBe(409);
    expect(bot.asked).toEqual(["dogecoin"]);
  });

  it("of a kind that the bot does not know is refused, however well it is signed", async () => {
    const bot = await startBot();
    for (const body of ["", "{", "null", "[]", "7", '{"type":9}', '{"type":2}', `${"[".repeat(50_000)}${"]".repeat(50_000)}`, "\u0000"]) {
      const headers = bot.discord.sign(body, Math.floor(Date.now() / 1_000));
      const response = await fetch(bot.endpoint, { method: "POST", body, headers });
      expect({ body: body.slice(0, 20), status: response.status }).toEqual({ body: body.slice(0, 20), status: 400 });
    }
    expect(bot.asked).toEqual([]);
  });
});

describe("a request that Discord did not sign", () => {
  const now = () => Math.floor(Date.now() / 1_000);

  it.each([
    ["has no signature", (good: Record<string, string>) => ({ ...good, "x-signature-ed25519": "" })],
    ["has no timestamp", (good: Record<string, string>) => ({ ...good, "x-signature-timestamp": "" })],
    [
      "has a signature cut short",
      (good: Record<string, string>) => ({ ...good, "x-signature-ed25519": good["x-signature-ed25519"]?.slice(0, -2) ?? "" }),
    ],
    ["has a signature that is no hexadecimal", (good: Record<string, string>) => ({ ...good, "x-signature-ed25519": "z".repeat(128) })],
    ["has another timestamp than was signed", (good: Record<string, string>) => ({ ...good, "x-signature-timestamp": String(now() - 1) })],
    ["has a timestamp that is no number", (good: Record<string, string>) => ({ ...good, "x-signature-timestamp": "1e9" })],
  ])("gets 401 and reaches no command when it %s", async (_, spoil) => {
    const bot = await startBot();
    const body = JSON.stringify(ask(bot).payload);
    const good = bot.discord.sign(body, now());
    const response = await fetch(bot.endpoint, { method: "POST", body, headers: spoil(good) });
    expect(response.status).toBe(401);
    expect((await fetch(bot.endpoint, { method: "POST", body, headers: good })).status).toBe(200);
    expect(bot.asked).toHaveLength(1);
  });

  it("gets 401 when its body was changed, or signed with another application's key", async () => {
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

  it("gets 401 when it was signed over five minutes ago, or over five minutes ahead", async () => {
    let nowMs = Date.parse("2026-11-24T12:00:00Z");
    const bot = await startBot({ nowMs: () => nowMs });
    const seconds = nowMs / 1_000;
    const statusAfter = async (passedSeconds: number) => {
      const body = JSON.stringify(ask(bot).payload);
      nowMs = (seconds + passedSeconds) * 1_000;
      return (await fetch(bot.endpoint, { method: "POST", body, headers: bot.discord.sign(body, seconds) })).status;
    };
    expect([await statusAfter(300), await statusAfter(301), await statusAfter(-300), await statusAfter(-301)]).toEqual([
      200, 401, 200, 401,
    ]);
  });

  it("is not read to its end when it is larger than any interaction, whether it says so or not", async () => {
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
    // A server that hangs up while it is still being sent to may be seen as a broken connection.
    const status = await fetch(bot.endpoint, { method: "POST", body: endless, headers, duplex: "half" }).then(
      (response) => response.status,
      () => 413,
    );
    expect(status).toBe(413);
    expect(pulled).toBeLessThan(200);
    const exactly = "x".repeat(256 * 1024);
    expect((await fetch(bot.endpoint, { method: "POST", body: exactly, headers: bot.discord.sign(exactly, now()) })).status).toBe(400);
  });

  it("leaves the bot able to answer the next one", async () => {
    const bot = await startBot();
    await fetch(bot.endpoint, { method: "POST", body: "{}" });
    expect((await fetch(bot.endpoint)).status).toBe(404);
    const asked = ask(bot);
    await bot.discord.post(asked, bot.endpoint);
    expect((await asked.answer()).embeds).toHaveLength(1);
  });
});
