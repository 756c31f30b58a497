import { afterEach, describe, expect, it } from "vitest";
import { commands } from "../../commands/index.ts";
import type { Log } from "../../src/process/log.ts";
import { startHttpBot } from "../../src/web/http-bot.ts";
import {
  type FakeDiscord,
  type FakeDiscordOptions,
  startFakeDiscord,
} from "../support/fake-discord/fake-discord.ts";
import { handClock } from "../support/hand-clock.ts";

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

type Given = {
  readonly discordToken?: string;
  readonly discordApplicationId?: string;
  readonly publicKey?: string;
};

/** Runs a bot over HTTP until it has registered its commands or failed to; returns its log. */
async function introduced(
  discord: FakeDiscord,
  { discordToken, discordApplicationId, publicKey }: Given,
): Promise<string> {
  const said: string[] = [];
  let failed = () => {};
  const tried = new Promise<void>((resolve) => {
    failed = resolve;
  });
  const say = (_: object, message: string) => {
    said.push(message);
    if (message.includes("could not be registered")) failed();
  };
  const log: Log = { debug: say, info: say, warn: say, error: say };
  const bot = startHttpBot({
    config: { discordApiUrl: discord.apiUrl, discordToken, discordApplicationId },
    publicKey: publicKey ?? discord.httpEnv.DISCORD_PUBLIC_KEY,
    commands,
    dispatch: { handle: async () => {} },
    log,
    clock: handClock().clock,
  });
  open.push(() => bot.stop());
  expect(bot.isReachable()).toBe(true);
  await Promise.race([bot.commands?.done, tried]);
  return said.join("\n");
}

async function startDiscord(options: FakeDiscordOptions = {}): Promise<FakeDiscord> {
  const discord = await startFakeDiscord({ rateLimits: false, ...options });
  open.push(() => discord.close());
  return discord;
}

const registered = (discord: FakeDiscord) =>
  discord.commands.list().map((command) => command["name"]);
const NAMES = commands.map(({ name }) => name);

describe("a bot over HTTP", () => {
  it("asks Discord which application its token belongs to, and registers the commands", async () => {
    const discord = await startDiscord();
    expect(await introduced(discord, { discordToken: discord.token })).not.toMatch(
      /DISCORD_|Endpoint/,
    );
    expect(registered(discord)).toEqual(NAMES);
    expect(discord.violations).toEqual([]);
  });

  it("registers the commands under the configured id when Discord does not tell the id", async () => {
    const discord = await startDiscord();
    discord.fault({
      kind: "error",
      status: 403,
      code: 20_001,
      message: "Bots cannot use this endpoint",
      path: "/applications/@me",
    });
    const said = await introduced(discord, {
      discordToken: discord.token,
      discordApplicationId: discord.applicationId,
    });
    expect(said).toContain("Discord does not say which application");
    expect(registered(discord)).toEqual(NAMES);
  });

  it("asks Discord nothing without a token, and logs what it cannot do", async () => {
    const discord = await startDiscord();
    const said = await introduced(discord, { discordApplicationId: discord.applicationId });
    expect(said).toMatch(
      /DISCORD_TOKEN is not set: the bot answers, but can neither tell Discord its commands nor post digests/,
    );
    expect(discord.requests).toEqual([]);
  });

  it("logs that the public key is another application's, which leaves every interaction unanswered", async () => {
    const discord = await startDiscord();
    const said = await introduced(discord, {
      discordToken: discord.token,
      publicKey: "0a".repeat(32),
    });
    expect(said).toContain(
      "DISCORD_PUBLIC_KEY is not the public key of DISCORD_TOKEN's application",
    );
  });

  it("logs that id and token belong to two applications, and uses the token's", async () => {
    const discord = await startDiscord();
    const said = await introduced(discord, {
      discordToken: discord.token,
      discordApplicationId: "123456789012345678",
    });
    expect(said).toContain("belong to two applications");
    expect(registered(discord)).toEqual(NAMES);
  });

  it("logs that Discord has no endpoint URL to call", async () => {
    const discord = await startDiscord({ interactionsEndpointUrl: null });
    expect(await introduced(discord, { discordToken: discord.token })).toContain(
      'no "Interactions Endpoint URL"',
    );
  });

  it("keeps running when Discord refuses the token", async () => {
    const discord = await startDiscord();
    const said = await introduced(discord, { discordToken: "not.the.token" });
    expect(said).toContain("refuses the token, or cannot be reached");
    expect(said).not.toContain("not.the.token");
    expect(registered(discord)).toEqual([]);
  });
});
