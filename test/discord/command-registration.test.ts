import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { commands } from "../../commands/index.ts";
import { keepRegistering } from "../../src/discord/command-registration.ts";
import { type FakeDiscord, startFakeDiscord } from "../support/fake-discord/fake-discord.ts";
import { handClock } from "../support/hand-clock.ts";
import { createLogLines } from "../support/log-lines.ts";

let fake: FakeDiscord;
const open: (() => unknown)[] = [];
beforeEach(async () => {
  fake = await startFakeDiscord();
});
afterEach(async () => {
  for (const close of open.splice(0).reverse()) close();
  await fake.close();
});

function start(random = () => 0) {
  const time = handClock();
  const lines = createLogLines();
  const registration = keepRegistering({
    token: fake.token,
    apiUrl: fake.apiUrl,
    applicationId: async () => fake.applicationId,
    commands,
    log: lines.log,
    clock: time.clock,
    random,
  });
  open.push(registration.stop);
  return { registration, time, ...lines };
}

const FAILED = /The commands could not be registered/;
const registered = () => fake.commands.list().map((command) => command["name"]);

describe("registering the commands", () => {
  it("is retried after 1, 2, 4 s and so on up to 5 min, until it works", async () => {
    const healed = fake.fault({ kind: "status", status: 503, path: /\/commands$/ });
    const { registration, time, said, matching } = start();
    const pausesSeconds = [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300];
    for (const [index, seconds] of pausesSeconds.entries()) {
      await said(FAILED, index + 1);
      expect(registration.isDone()).toBe(false);
      await time.advance(seconds * 1_000 - 1);
      expect(matching(FAILED)).toHaveLength(index + 1);
      if (index === pausesSeconds.length - 1) healed();
      await time.advance(1);
    }
    await registration.done;
    expect(matching(FAILED).map(({ fields }) => fields["pauseSeconds"])).toEqual(pausesSeconds);
    expect(registration.isDone()).toBe(true);
    expect(registered()).toEqual(commands.map(({ name }) => name));
    expect(time.pending()).toBe(0);
    expect(fake.violations).toEqual([]);
  });

  it("waits for Discord's rate limit when that is longer", async () => {
    fake.limits.routes.set("PUT /applications/:application_id/commands", {
      limit: 0,
      windowMs: 40_000,
    });
    const { said, matching } = start();
    await said(FAILED);
    expect(matching(FAILED)[0]?.fields["pauseSeconds"]).toBeGreaterThan(30);
  });

  it("keeps using the token after Discord refused it once", async () => {
    fake.fault({
      kind: "error",
      status: 401,
      code: 0,
      message: "401: Unauthorized",
      path: /\/commands$/,
      times: 1,
    });
    const { registration, time, said } = start();
    await said(FAILED);
    await time.advance(1_000);
    await registration.done;
  });

  it("varies the pauses, so that bots that failed together do not retry together", async () => {
    fake.fault({ kind: "status", status: 503, path: /\/commands$/ });
    const { time, said, matching } = start(() => 0.75);
    await said(FAILED);
    await time.advance(749);
    expect(matching(FAILED)).toHaveLength(1);
    await time.advance(1);
    await said(FAILED, 2);
  });
});
