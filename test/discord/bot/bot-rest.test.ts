import { getGlobalDispatcher, ProxyAgent, setGlobalDispatcher } from "undici";
import { afterEach, describe, expect, it } from "vitest";
import { type BotRequest, type BotRest, createBotRest } from "../../../src/discord/bot/bot-rest.ts";
import { type Log, silentLog } from "../../../src/process/log.ts";
import { type FakeDiscord, startFakeDiscord } from "../../support/fake-discord/fake-discord.ts";
import { startFakeProxy } from "../../support/fake-proxy.ts";
import { handClock } from "../../support/hand-clock.ts";

const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const UNAUTHORIZED = JSON.stringify({ message: "401: Unauthorized", code: 0 });
const WHO_AM_I: BotRequest = { method: "GET", route: "/users/@me", priority: "person" };

async function start(): Promise<{
  fake: FakeDiscord;
  rest: BotRest;
  errors: string[];
  time: ReturnType<typeof handClock>;
}> {
  const fake = await startFakeDiscord({ checkSpec: false });
  open.push(() => fake.close());
  const errors: string[] = [];
  const log: Log = { ...silentLog, error: (_, message) => errors.push(message) };
  const time = handClock();
  return {
    fake,
    errors,
    time,
    rest: createBotRest({ token: fake.token, apiUrl: fake.apiUrl, log, clock: time.clock }),
  };
}

describe("a token that Discord refuses", () => {
  it("once, without a reason, is used again ten seconds later", async () => {
    const { fake, rest, time } = await start();
    fake.fault({ kind: "status", status: 401, body: UNAUTHORIZED, times: 1 });
    expect(await rest.request(WHO_AM_I)).toEqual({ kind: "token-refused" });
    expect(rest.trouble()).toContain("DISCORD_TOKEN");
    await time.advance(10_000);
    expect(await rest.request(WHO_AM_I)).toMatchObject({
      kind: "ok",
      body: { id: fake.botUser.id },
    });
    expect(rest.trouble()).toBeUndefined();
    expect(await rest.request(WHO_AM_I)).toMatchObject({ kind: "ok" });
  });

  it("for good is logged once, and tried so rarely that Discord's network does not ban us", async () => {
    const { fake, rest, errors, time } = await start();
    fake.fault({ kind: "status", status: 401, body: UNAUTHORIZED });
    for (let second = 0; second < 60; second += 1) {
      for (let index = 0; index < 3; index += 1)
        expect(await rest.request(WHO_AM_I)).toEqual({ kind: "token-refused" });
      await time.advance(1_000);
    }
    expect(errors).toEqual([expect.stringContaining("Discord refuses DISCORD_TOKEN")]);
    expect(fake.requests).toHaveLength(6);
  });
});

describe("a request that never reached Discord", () => {
  it("is known not to have arrived, whichever address or proxy failed", async () => {
    const { fake, rest } = await start();
    await fake.close();
    expect(await rest.request(WHO_AM_I)).toEqual({ kind: "unavailable", mayHaveArrived: false });

    const proxy = await startFakeProxy({ user: "lambo", password: "sesame" });
    open.push(() => proxy.close());
    const before = getGlobalDispatcher();
    open.push(async () => setGlobalDispatcher(before));
    setGlobalDispatcher(new ProxyAgent(`http://127.0.0.1:${proxy.port}`));
    expect(await rest.request(WHO_AM_I)).toEqual({ kind: "unavailable", mayHaveArrived: false });
    expect(proxy.refused).toBe(1);
  });
});
