import { ApplicationCommandOptionType } from "discord-api-types/v10";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  defineMessageCommand,
  EVERYWHERE,
  type OptionDeclarations,
} from "../../src/discord/command.ts";
import { type FakeDiscord, startFakeDiscord } from "../support/fake-discord/fake-discord.ts";
import { command, config, register } from "./declared-commands.ts";

let fake: FakeDiscord;
beforeEach(async () => {
  fake = await startFakeDiscord();
});
afterEach(() => fake.close());

const String_ = ApplicationCommandOptionType.String;

const onMessages = (name: string) =>
  defineMessageCommand({
    target: "message",
    name,
    ...EVERYWHERE,
    visibility: () => "private",
    run: () => Promise.resolve({ kind: "reply", reply: {} }),
  });
const many16 = Array.from({ length: 16 }, (_, index) => onMessages(`Check ${index}`));

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
    ["33 characters on messages", [onMessages("x".repeat(33))], /has 1 to 32 characters/],
    ["16 commands on messages", many16, /15 commands on messages, 16 are/],
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
    "with %s is refused with a sentence before anything is sent",
    async (_, commands, sentence) => {
      await expect(register(fake, commands)).rejects.toThrow(sentence);
      expect(fake.requests).toEqual([]);
    },
  );
});
