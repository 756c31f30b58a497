import { REST } from "@discordjs/rest";
import {
  ApplicationCommandOptionType,
  ApplicationIntegrationType,
  ChannelType,
  InteractionContextType,
} from "discord-api-types/v10";
import { afterEach, describe, expect, it } from "vitest";
import {
  type Command,
  defineCommand,
  defineSubcommand,
  type OptionDeclarations,
} from "../../src/discord/command.ts";
import { registerCommands } from "../../src/discord/command-registration.ts";
import type { CommandResult } from "../../src/discord/reply.ts";
import { type FakeDiscord, startFakeDiscord } from "../support/fake-discord/fake-discord.ts";

const open: FakeDiscord[] = [];

afterEach(async () => {
  for (const fake of open.splice(0)) await fake.close();
});

async function startFake(): Promise<FakeDiscord> {
  const fake = await startFakeDiscord();
  open.push(fake);
  return fake;
}

const String_ = ApplicationCommandOptionType.String;
const answer: CommandResult = { kind: "reply", reply: { content: "Yes" } };

const command = (
  name: string,
  change: { description?: string; options?: OptionDeclarations; permissions?: bigint } = {},
): Command =>
  defineCommand({
    name,
    description: change.description ?? "Would it buy a Lambo?",
    // Discord answers these two lists sorted.
    integrationTypes: [
      ApplicationIntegrationType.UserInstall,
      ApplicationIntegrationType.GuildInstall,
    ],
    contexts: [
      InteractionContextType.PrivateChannel,
      InteractionContextType.Guild,
      InteractionContextType.BotDM,
    ],
    ...(change.permissions === undefined ? {} : { defaultMemberPermissions: change.permissions }),
    options: change.options ?? {
      coin: {
        type: String_,
        description: "Coin name or symbol",
        required: true,
        autocomplete: true,
        maxLength: 100,
      },
      amount: {
        type: ApplicationCommandOptionType.Number,
        description: "Money spent",
        minValue: 0.01,
        maxValue: 1e15,
      },
      car: { type: String_, description: "Car", choices: [{ name: "Urus", value: "urus" }] },
      private: {
        type: ApplicationCommandOptionType.Boolean,
        description: "Only you see the answer",
      },
    },
    visibility: () => "public",
    run: () => Promise.resolve(answer),
  });

const config = (
  subcommands: Readonly<Record<string, { description?: string; options?: OptionDeclarations }>>,
): Command =>
  defineCommand({
    name: "config",
    description: "How the bot behaves here",
    integrationTypes: [ApplicationIntegrationType.GuildInstall],
    contexts: [InteractionContextType.Guild],
    defaultMemberPermissions: 32n,
    subcommands: Object.fromEntries(
      Object.entries(subcommands).map(([name, { description = "Some of it", options = {} }]) => [
        name,
        defineSubcommand({ description, options, run: () => Promise.resolve(answer) }),
      ]),
    ),
    visibility: () => "private",
  });

async function register(fake: FakeDiscord, commands: readonly Command[]) {
  const lines: { fields: object; message: string }[] = [];
  const write = (fields: object, message: string) => void lines.push({ fields, message });
  await registerCommands({
    rest: new REST({ api: fake.apiUrl, retries: 0 }).setToken(fake.token),
    applicationId: fake.applicationId,
    commands,
    log: { debug: write, info: write, warn: write, error: write },
  });
  return lines;
}

const puts = (fake: FakeDiscord) => fake.requests.filter(({ method }) => method === "PUT").length;

describe("registration", () => {
  it("sends Discord new commands once, and nothing at the next start", async () => {
    const fake = await startFake();
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
      "an option's bound",
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
    const fake = await startFake();
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
    const fake = await startFake();
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
    ["what a subcommand is said to do", { view: {} }, { view: { description: "All of it" } }],
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
    const fake = await startFake();
    await register(fake, [config(before)]);
    expect(await register(fake, [config(after)])).toMatchObject([
      { fields: { added: [], changed: ["config"], removed: [] } },
    ]);
    expect(fake.violations).toEqual([]);
  });

  it("removes a command that is no longer declared", async () => {
    const fake = await startFake();
    await register(fake, [command("lambo"), command("coin")]);
    expect(await register(fake, [command("lambo")])).toMatchObject([
      { fields: { removed: ["coin"] } },
    ]);
    expect(fake.commands.list()).toMatchObject([{ name: "lambo" }]);
  });
});

describe("a declaration that Discord would refuse", () => {
  const many = (count: number): OptionDeclarations =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `o${index}`,
        { type: String_, description: "x".repeat(100) } as const,
      ]),
    );
  const choices = (count: number, name: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => ({ name: name(index), value: `v${index}` }));

  it.each([
    ["a name with capitals", [command("Lambo")], /\/Lambo: a name is/],
    ["a name with a space", [command("lam bo")], /a name is/],
    ["a name twice", [command("lambo"), command("lambo")], /"lambo" is declared twice/],
    ["no description", [command("lambo", { description: "" })], /1 to 100 characters, not 0/],
    [
      "101 characters of description",
      [command("lambo", { description: "x".repeat(101) })],
      /not 101/,
    ],
    ["26 options", [command("lambo", { options: many(26) })], /26 options/],
    [
      "a required option after another",
      [
        command("lambo", {
          options: {
            a: { type: String_, description: "A" },
            b: { type: String_, description: "B", required: true },
          },
        }),
      ],
      /\/lambo b: required options must come before/,
    ],
    [
      "26 choices",
      [
        command("lambo", {
          options: {
            car: {
              type: String_,
              description: "Car",
              choices: choices(26, (index) => `Car ${index}`),
            },
          },
        }),
      ],
      /not 26/,
    ],
    [
      "a choice twice",
      [
        command("lambo", {
          options: {
            car: { type: String_, description: "Car", choices: choices(2, () => "Urus") },
          },
        }),
      ],
      /choice "Urus" is declared twice/,
    ],
    [
      "choices and autocomplete",
      [
        command("lambo", {
          options: {
            car: {
              type: String_,
              description: "Car",
              autocomplete: true,
              choices: choices(1, () => "Urus"),
            },
          },
        }),
      ],
      /both choices and autocomplete/,
    ],
    [
      "8,001 characters in all",
      [
        command("lambo", {
          options: Object.fromEntries(
            Array.from({ length: 4 }, (_, index) => [
              `o${index}`,
              {
                type: String_,
                description: "x",
                choices: choices(25, (choice) => `${choice}`.padEnd(90, "x")),
              } as const,
            ]),
          ),
        }),
      ],
      /characters in all/,
    ],
    ["no subcommands although it is to have some", [config({})], /0 subcommands/],
    [
      "26 subcommands",
      [config(Object.fromEntries(Array.from({ length: 26 }, (_, index) => [`s${index}`, {}])))],
      /26 subcommands/,
    ],
    ["a subcommand's name with capitals", [config({ View: {} })], /\/config View: a name is/],
    [
      "a subcommand that is not described",
      [config({ view: { description: "" } })],
      /\/config view: a description has/,
    ],
    [
      "a required option after another inside a subcommand",
      [
        config({
          set: {
            options: {
              a: { type: String_, description: "A" },
              b: { type: String_, description: "B", required: true },
            },
          },
        }),
      ],
      /\/config set b: required options must come before/,
    ],
    [
      "8,001 characters over its subcommands",
      [
        config(
          Object.fromEntries(
            Array.from({ length: 4 }, (_, index) => [`s${index}`, { options: many(20) }]),
          ),
        ),
      ],
      /\/config has 8\d{3} characters in all/,
    ],
  ])(
    "with %s is refused here, in words, before anything is sent",
    async (_, commands, sentence) => {
      const fake = await startFake();
      await expect(register(fake, commands)).rejects.toThrow(sentence);
      expect(fake.requests).toEqual([]);
    },
  );
});
