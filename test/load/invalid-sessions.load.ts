import { expect, it, onTestFinished } from "vitest";
import { startGateway } from "../../src/discord/gateway.ts";
import { HOUR_MS, MINUTE_MS } from "../../src/valuation/calendar.ts";
import { startFakeDiscord } from "../support/fake-discord/fake-discord.ts";
import { handClock } from "../support/hand-clock.ts";
import { createLogLines } from "../support/log-lines.ts";

const SECOND_MS = 1_000;
/** Timers of a gateway that is waiting for nothing: its two periodic checks. */
const CHECKS = 2;

it("30 invalid sessions in a row cost 30 IDENTIFYs over more than two hours, and then the bot answers", async () => {
  const fake = await startFakeDiscord();
  onTestFinished(() => fake.close());
  fake.gateway.invalidIdentifies = 30;
  const time = handClock();
  const lines = createLogLines();
  const gateway = startGateway({
    token: fake.token,
    apiUrl: fake.apiUrl,
    commands: [],
    dispatch: { handle: (_call, responder) => responder.reply({ content: "Yes" }, "public") },
    log: lines.log,
    clock: time.clock,
    random: () => 0,
  });
  onTestFinished(() => gateway.stop());
  for (let round = 1; round <= 30; round += 1) {
    await fake.gateway.until("an IDENTIFY", ({ identifies }) => identifies === round);
    await fake.gateway.until("another connection", ({ connections }) => connections === round + 1);
    // It waits until it may log in again.
    await expect.poll(time.pending, { interval: 5 }).toBe(CHECKS + 1);
    const pauseMs = Math.min(5 * SECOND_MS * 2 ** (round - 1), 5 * MINUTE_MS);
    await time.advance(pauseMs - SECOND_MS);
    expect(time.pending()).toBe(CHECKS + 1);
    expect(fake.gateway.identifies).toBe(round);
    await time.advance(SECOND_MS);
  }
  await gateway.started;
  const asked = fake.command({
    name: "lambo",
    user: fake.user(),
    guild: fake.guild,
    unchecked: true,
  });
  expect((await asked.answer()).content).toBe("Yes");
  expect(time.clock.nowMs()).toBeGreaterThan(2 * HOUR_MS);
  expect(lines.matching(/log in to Discord anew/).length).toBeGreaterThan(0);
});
