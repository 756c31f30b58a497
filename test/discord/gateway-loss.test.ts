import { ApplicationIntegrationType, InteractionContextType } from "discord-api-types/v10";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineCommand } from "../../src/discord/command.ts";
import { createDispatch } from "../../src/discord/dispatch.ts";
import { type Gateway, startGateway } from "../../src/discord/gateway.ts";
import type { Services } from "../../src/services.ts";
import { type FakeDiscord, startFakeDiscord } from "../support/fake-discord/fake-discord.ts";
import { handClock } from "../support/hand-clock.ts";
import { createLogLines } from "../support/log-lines.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * Timers of a gateway that waits for nothing in particular: one looks at the client, one at how
 * long there has been no session.
 */
const LOOKING = 2;

const open: (() => Promise<unknown>)[] = [];
let fake: FakeDiscord;
beforeEach(async () => {
  fake = await startFakeDiscord();
  open.push(() => fake.close());
});
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const lambo = defineCommand({
  name: "lambo",
  description: "Would it buy a Lambo?",
  integrationTypes: [ApplicationIntegrationType.GuildInstall],
  contexts: [InteractionContextType.Guild],
  options: {},
  visibility: () => "public",
  run: () => Promise.resolve({ kind: "reply", reply: { content: "Yes" } }),
});

/**
 * The real gateway with the real discord.js, which may be connected or not; time passes only by
 * hand.
 */
function start(more: Partial<Parameters<typeof startGateway>[0]> = {}) {
  const time = handClock();
  const lines = createLogLines();
  // The command above draws on no service.
  const dispatch = createDispatch({ commands: [lambo], services: {} as Services, log: lines.log });
  const gateway: Gateway = startGateway({
    token: fake.token,
    apiUrl: fake.apiUrl,
    commands: [lambo],
    dispatch,
    log: lines.log,
    clock: time.clock,
    random: () => 0,
    ...more,
  });
  open.push(() => gateway.stop());
  return { gateway, time, ...lines };
}

const ask = () =>
  fake.command({ name: "lambo", user: fake.user(), guild: fake.guild, unchecked: true });
const callbacks = () => fake.requests.filter(({ path }) => path.endsWith("/callback"));

/** Somebody asks, and one answer comes. */
async function expectOneAnswer(): Promise<void> {
  const before = callbacks().length;
  expect((await ask().answer()).content).toBe("Yes");
  expect(callbacks()).toHaveLength(before + 1);
}

describe("a session that Discord does not answer", () => {
  it("is abandoned 30 s after an unanswered RESUME, and a new client answers", async () => {
    const bot = start();
    await bot.gateway.started;
    fake.gateway.answerResumes = false;
    fake.gateway.drop();
    await fake.gateway.until("a RESUME", ({ ignoredResumes }) => ignoredResumes === 1);
    await bot.time.advance(29 * SECOND_MS);
    expect(bot.matching(/does not answer/)).toEqual([]);
    expect(bot.gateway.isConnected()).toBe(false);
    await bot.time.advance(SECOND_MS);
    await bot.said(/Discord does not answer \(for 30 s\)/);
    await bot.time.advance(SECOND_MS);
    await fake.gateway.until(
      "a new session",
      ({ identifies, live }) => identifies === 2 && live === 1,
    );
    await expect.poll(bot.gateway.isConnected).toBe(true);
    expect(bot.gateway.lostForMs()).toBe(0);
    await expectOneAnswer();
    expect(fake.gateway.connections).toBe(3);
  });

  it("is started again, after growing pauses, when IDENTIFY is not answered", async () => {
    fake.gateway.answerIdentifies = false;
    const bot = start();
    for (const round of [1, 2, 3]) {
      await fake.gateway.until("an IDENTIFY", ({ identifies }) => identifies === round);
      await bot.time.advance(30 * SECOND_MS);
      await bot.said(/Discord does not answer/, round);
      if (round === 3) fake.gateway.answerIdentifies = true;
      const pauseMs = 2 ** (round - 1) * SECOND_MS;
      await bot.time.advance(pauseMs - 1);
      expect(fake.gateway.connections).toBe(round);
      await bot.time.advance(1);
    }
    await bot.gateway.started;
    await expectOneAnswer();
    expect(bot.gateway.identifies()).toBe(4);
  });
});

/** Enough for the longest pause and for the line in the log; test/load/ has thirty. */
const INVALID_SESSIONS = 10;

it("invalid sessions in a row cost one IDENTIFY each, with pauses that grow to five minutes, and then it answers", async () => {
  fake.gateway.invalidIdentifies = INVALID_SESSIONS;
  const bot = start();
  for (let round = 1; round <= INVALID_SESSIONS; round += 1) {
    await fake.gateway.until("an IDENTIFY", ({ identifies }) => identifies === round);
    await fake.gateway.until("another connection", ({ connections }) => connections === round + 1);
    // It waits until it may log in again.
    await expect.poll(bot.time.pending, { interval: 5 }).toBe(LOOKING + 1);
    const startedAtMs = bot.time.clock.nowMs();
    const pauseMs = Math.min(5 * SECOND_MS * 2 ** (round - 1), 5 * MINUTE_MS);
    await bot.time.advance(pauseMs - SECOND_MS);
    expect(bot.time.pending()).toBe(LOOKING + 1);
    expect(fake.gateway.identifies).toBe(round);
    await bot.time.advance(SECOND_MS);
    expect(bot.time.clock.nowMs() - startedAtMs).toBe(pauseMs);
  }
  await bot.gateway.started;
  expect(bot.time.clock.nowMs()).toBeGreaterThan(25 * MINUTE_MS);
  expect(bot.matching(/log in to Discord anew/).length).toBeGreaterThan(0);
  await expectOneAnswer();
}, 60_000);

describe("when Discord's limit of session starts is nearly used up", () => {
  it("the bot waits an hour with one of the last five, then logs in", async () => {
    fake.gateway.sessionStartsUsed = 996;
    const bot = start();
    await bot.said(/Nearly all of Discord's session starts/);
    await bot.time.advance(59 * MINUTE_MS);
    expect(fake.gateway.identifies).toBe(0);
    await bot.time.advance(MINUTE_MS);
    await bot.gateway.started;
    expect(fake.gateway.identifies).toBe(1);
  });

  it("the bot starts no session when none is left, and retries until there are more", async () => {
    fake.gateway.sessionStartsUsed = 1_000;
    const bot = start();
    await bot.said(/Not enough sessions remaining/);
    fake.gateway.sessionStartsUsed = 0;
    expect(fake.gateway.connections).toBe(0);
    await bot.time.advance(SECOND_MS);
    await bot.gateway.started;
  });
});

describe("Discord that cannot be reached", () => {
  it("at the start is retried until it answers, and the log says so every minute", async () => {
    const healed = fake.fault({ kind: "status", status: 503, path: "/gateway/bot" });
    const bot = start();
    await bot.said(/Discord could not be reached: /);
    for (const minute of [1, 2, 3]) {
      await bot.time.advance(MINUTE_MS);
      await bot.said(new RegExp(`no connection to Discord for ${minute} min`));
      // The first try and one a minute; the pauses between them are shorter than that.
      await bot.said(/Discord could not be reached/, minute + 1);
    }
    expect(bot.gateway.lostForMs()).toBe(3 * MINUTE_MS);
    expect(
      bot.matching(/Discord could not be reached/).filter(({ level }) => level !== "debug"),
    ).toHaveLength(1);
    healed();
    await bot.time.advance(8 * SECOND_MS);
    await bot.gateway.started;
    await expectOneAnswer();
  });

  it("because nothing listens there, delays neither start nor shutdown", async () => {
    await fake.close();
    const bot = start();
    await bot.said(/^Discord could not be reached: .*ECONNREFUSED/);
    await bot.gateway.stop();
    expect(bot.time.pending()).toBe(0);
  });

  it("counts as lost once, after the given time", async () => {
    fake.gateway.answerIdentifies = false;
    let lost = 0;
    const bot = start({ onLost: { afterMs: 15 * MINUTE_MS, tell: () => (lost += 1) } });
    await fake.gateway.until("an IDENTIFY", ({ identifies }) => identifies === 1);
    await bot.time.advance(15 * MINUTE_MS - 1);
    expect(lost).toBe(0);
    for (let left = 60; left > 0; left -= 1) await bot.time.advance(SECOND_MS);
    expect(lost).toBe(1);
  });
});

describe("a token that Discord refuses", () => {
  it("at the start is reported in one sentence, and not retried", async () => {
    const bot = start({ token: "not-the-token" });
    await expect(bot.gateway.started).rejects.toThrow(/^DISCORD_TOKEN was refused by Discord: /);
    await bot.time.advance(HOUR_MS);
    expect(bot.matching(/DISCORD_TOKEN/)).toHaveLength(1);
    expect(fake.gateway.connections).toBe(0);
  });

  it("later is reported once and retried: Discord has refused valid tokens", async () => {
    const bot = start();
    await bot.gateway.started;
    fake.gateway.close(4004);
    await bot.said(/^DISCORD_TOKEN was refused/);
    expect(bot.gateway.isConnected()).toBe(false);
    await bot.time.advance(5 * SECOND_MS);
    await fake.gateway.until(
      "a new session",
      ({ identifies, live }) => identifies === 2 && live === 1,
    );
    expect(bot.matching(/DISCORD_TOKEN/)).toHaveLength(1);
  });
});
