import { ApplicationCommandOptionType, ChannelType } from "discord-api-types/v10";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { commands } from "../../commands/index.ts";
import { keepRegistering } from "../../src/discord/command-registration.ts";
import { type FakeDiscord, startFakeDiscord } from "../support/fake-discord/fake-discord.ts";
import { handClock } from "../support/hand-clock.ts";
import { createLogLines } from "../support/log-lines.ts";
import { command, config, register } from "./declared-commands.ts";

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

const puts = (fake: FakeDiscord) => fake.requests.filter(({ method }) => method === "PUT").length;

const String_ = ApplicationCommandOptionType.String;

describe("registering commands at a start", () => {
  it("sends Discord new commands once, and nothing at the next start", async () => {
    const commands = [command("lambo"), command("config", { permissions: 32n, options: {} })];
    expect(await register(fake, commands)).toMatchObject([
      { fields: { added: ["lambo", "config"], changed: [], removed: [] } },
    ]);
    expect(await register(fake, [...commands].reverse())).toMatchObject([
      { message: "Discord already has these commands" },
    ]);
    expect(puts(fake)).toBe(1);
    expect(fake.commands.list()).toMatchObject([
      { name: "lambo" },
      { name: "config", default_member_permissions: "32" },
    ]);
    expect(fake.violations).toEqual([]);
  });

  const a = { type: String_, description: "A" } as const;
  const b = { type: String_, description: "B" } as const;
  const amount = {
    type: ApplicationCommandOptionType.Number,
    description: "Money spent",
    minValue: 1,
  } as const;
  const car = {
    type: String_,
    description: "Car",
    choices: [{ name: "Urus", value: "urus" }],
  } as const;

  it.each([
    ["a description", {}, { description: "Could you buy a Lambo?" }],
    ["a permission", {}, { permissions: 32n }],
    [
      "an option's limit",
      { options: { amount } },
      { options: { amount: { ...amount, minValue: 2 } } },
    ],
    ["the order of options", { options: { a, b } }, { options: { b, a } }],
    [
      "a choice",
      { options: { car } },
      { options: { car: { ...car, choices: [{ name: "Urus SE", value: "urus" }] } } },
    ],
    [
      "whether an option is required",
      { options: { a } },
      { options: { a: { ...a, required: true } } },
    ],
    [
      "whether an option is suggested",
      { options: { a } },
      { options: { a: { ...a, autocomplete: true } } },
    ],
  ] as const)("tells Discord when %s changed", async (_, before, after) => {
    await register(fake, [command("lambo", before)]);
    expect(await register(fake, [command("lambo", after)])).toMatchObject([
      { fields: { added: [], changed: ["lambo"], removed: [] } },
    ]);
    expect(puts(fake)).toBe(2);
    expect(fake.violations).toEqual([]);
  });

  const channel = {
    type: ApplicationCommandOptionType.Channel,
    description: "Where",
    channelTypes: [ChannelType.GuildText, ChannelType.GuildAnnouncement],
  } as const;
  const role = { type: ApplicationCommandOptionType.Role, description: "Whom to mention" } as const;

  it("sends Discord subcommands with their options once, and nothing at the next start", async () => {
    const commands = [
      config({
        view: {},
        digest: { options: { a: { ...a, required: true }, channel, role, car } },
        reset: {},
      }),
    ];
    expect(await register(fake, commands)).toMatchObject([
      { fields: { added: ["config"], changed: [], removed: [] } },
    ]);
    expect(await register(fake, commands)).toMatchObject([
      { message: "Discord already has these commands" },
    ]);
    expect(fake.commands.list()).toMatchObject([
      {
        name: "config",
        options: [
          { type: 1, name: "view" },
          {
            type: 1,
            name: "digest",
            options: [
              { name: "a" },
              { name: "channel", channel_types: [0, 5] },
              { type: 8 },
              { name: "car" },
            ],
          },
          { type: 1, name: "reset" },
        ],
      },
    ]);
    expect(fake.violations).toEqual([]);
  });

  it.each([
    ["a subcommand's description", { view: {} }, { view: { description: "All of it" } }],
    ["a subcommand's name", { view: {} }, { show: {} }],
    [
      "an option inside a subcommand",
      { set: { options: { amount } } },
      { set: { options: { amount: { ...amount, minValue: 2 } } } },
    ],
    [
      "which channels are offered",
      { digest: { options: { channel } } },
      { digest: { options: { channel: { ...channel, channelTypes: [0] } } } },
    ],
    [
      "a new option inside a subcommand",
      { digest: { options: { channel } } },
      { digest: { options: { channel, role } } },
    ],
  ] as const)("tells Discord when %s changed", async (_, before, after) => {
    await register(fake, [config(before)]);
    expect(await register(fake, [config(after)])).toMatchObject([
      { fields: { added: [], changed: ["config"], removed: [] } },
    ]);
    expect(fake.violations).toEqual([]);
  });

  it("removes a command that is no longer declared", async () => {
    await register(fake, [command("lambo"), command("coin")]);
    expect(await register(fake, [command("lambo")])).toMatchObject([
      { fields: { removed: ["coin"] } },
    ]);
    expect(fake.commands.list()).toMatchObject([{ name: "lambo" }]);
  });
});
