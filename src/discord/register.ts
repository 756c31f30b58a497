import { isDeepStrictEqual } from "node:util";
import type { REST } from "@discordjs/rest";
import {
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandOption,
  type APIApplicationCommandSubcommandOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
  Routes,
} from "discord-api-types/v10";
import { z } from "zod";
import type { Log } from "../process/log.ts";
import type { Command, OptionDeclaration, OptionDeclarations, Subcommand } from "./command.ts";

// discord.com/developers/docs/interactions/application-commands, 2026-11.
const NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;
const MOST_COMMANDS = 100;
const MOST_OPTIONS = 25;
const MOST_CHOICES = 25;
const DESCRIPTION_CHARACTERS = 100;
const CHOICE_CHARACTERS = 100;
const STRING_OPTION_CHARACTERS = 6_000;
const COMMAND_CHARACTERS = 8_000;

/**
 * Tells Discord the commands, only when they differ from what it has. Throws a plain sentence,
 * before asking Discord anything, when a declaration breaks one of Discord's limits.
 */
export async function registerCommands(options: {
  rest: Pick<REST, "get" | "put">;
  applicationId: string;
  commands: readonly Command[];
  log: Log;
}): Promise<void> {
  const { rest, applicationId, log } = options;
  const wanted = commandsJson(options.commands);
  const route = Routes.applicationCommands(applicationId);
  const difference = differenceOf(wanted, await rest.get(route));
  const names = wanted.map(({ name }) => name);
  if (difference === undefined) {
    log.info({ commands: names }, "Discord already has these commands");
    return;
  }
  await rest.put(route, { body: wanted });
  log.info({ commands: names, ...difference }, "Told Discord the changed commands");
}

/**
 * The declarations as Discord's JSON; throws a plain sentence when one breaks a limit of Discord's.
 */
export function commandsJson(
  commands: readonly Command[],
): RESTPostAPIChatInputApplicationCommandsJSONBody[] {
  expect(
    commands.length <= MOST_COMMANDS,
    `Discord takes ${MOST_COMMANDS} commands, ${commands.length} are declared`,
  );
  expectDistinct(
    commands.map((command) => command.name),
    "Command",
  );
  return commands.map(commandJson);
}

function commandJson(command: Command): RESTPostAPIChatInputApplicationCommandsJSONBody {
  const where = `/${command.name}`;
  expectName(command.name, where);
  expectDescription(command.description, where);
  expect(command.contexts.length > 0, `${where} must be usable in at least one context`);
  expect(command.integrationTypes.length > 0, `${where} must have at least one integration type`);
  const json: RESTPostAPIChatInputApplicationCommandsJSONBody = {
    type: ApplicationCommandType.ChatInput,
    name: command.name,
    description: command.description,
    integration_types: [...command.integrationTypes],
    contexts: [...command.contexts],
    default_member_permissions: command.defaultMemberPermissions?.toString() ?? null,
    options:
      command.subcommands === undefined
        ? optionsJson(command.options, where)
        : subcommandsJson(command.subcommands, where),
  };
  const characters = charactersOf(json);
  expect(
    characters <= COMMAND_CHARACTERS,
    `${where} has ${characters} characters in all, Discord takes ${COMMAND_CHARACTERS}`,
  );
  return json;
}

function subcommandsJson(
  subcommands: Readonly<Record<string, Subcommand>>,
  where: string,
): APIApplicationCommandSubcommandOption[] {
  const declared = Object.entries(subcommands);
  expect(
    declared.length >= 1 && declared.length <= MOST_OPTIONS,
    `${where} has ${declared.length} subcommands, Discord takes 1 to ${MOST_OPTIONS}`,
  );
  return declared.map(([name, { description, options }]) => {
    const here = `${where} ${name}`;
    expectName(name, here);
    expectDescription(description, here);
    return {
      type: ApplicationCommandOptionType.Subcommand,
      name,
      description,
      options: optionsJson(options, here),
    };
  });
}

function optionsJson(
  options: OptionDeclarations,
  where: string,
): APIApplicationCommandBasicOption[] {
  const declared = Object.entries(options);
  expect(
    declared.length <= MOST_OPTIONS,
    `${where} has ${declared.length} options, Discord takes ${MOST_OPTIONS}`,
  );
  const firstOptional = declared.findIndex(([, option]) => !option.required);
  const requiredAfterOptional = declared.find(
    ([, option], index) => option.required && firstOptional !== -1 && index > firstOptional,
  );
  expect(
    requiredAfterOptional === undefined,
    `${where} ${requiredAfterOptional?.[0]}: required options must come before the others`,
  );
  return declared.map(([name, option]) => optionJson(name, option, `${where} ${name}`));
}

function optionJson(
  name: string,
  option: OptionDeclaration,
  where: string,
): APIApplicationCommandBasicOption {
  expectName(name, where);
  expectDescription(option.description, where);
  const common = { name, description: option.description, required: option.required ?? false };
  switch (option.type) {
    case ApplicationCommandOptionType.String:
      return stringOptionJson(option, common, where);
    case ApplicationCommandOptionType.Number:
      expect(
        (option.minValue ?? -Infinity) <= (option.maxValue ?? Infinity),
        `${where}: minValue is above maxValue`,
      );
      return {
        type: option.type,
        ...common,
        ...(option.minValue === undefined ? {} : { min_value: option.minValue }),
        ...(option.maxValue === undefined ? {} : { max_value: option.maxValue }),
      };
    case ApplicationCommandOptionType.Channel:
      return {
        type: option.type,
        ...common,
        ...(option.channelTypes === undefined ? {} : { channel_types: [...option.channelTypes] }),
      };
    case ApplicationCommandOptionType.Boolean:
    case ApplicationCommandOptionType.Role:
      return { type: option.type, ...common };
  }
}

function stringOptionJson(
  option: OptionDeclaration & { type: ApplicationCommandOptionType.String },
  common: { name: string; description: string; required: boolean },
  where: string,
): APIApplicationCommandBasicOption {
  const { choices, maxLength, autocomplete } = option;
  const length = maxLength === undefined ? {} : { max_length: maxLength };
  expect(
    maxLength === undefined || (maxLength >= 1 && maxLength <= STRING_OPTION_CHARACTERS),
    `${where}: maxLength must be 1 to ${STRING_OPTION_CHARACTERS}, not ${maxLength}`,
  );
  if (autocomplete) {
    expect(
      choices === undefined,
      `${where} has both choices and autocomplete; Discord takes one of them`,
    );
    return { type: option.type, ...common, ...length, autocomplete };
  }
  if (choices === undefined) return { type: option.type, ...common, ...length };
  expect(
    choices.length >= 1 && choices.length <= MOST_CHOICES,
    `${where} must have 1 to ${MOST_CHOICES} choices, not ${choices.length}`,
  );
  for (const choice of choices) {
    for (const text of [choice.name, choice.value]) {
      expect(
        text.length >= 1 && text.length <= CHOICE_CHARACTERS,
        `${where}: choice "${text}" must have 1 to ${CHOICE_CHARACTERS} characters`,
      );
    }
  }
  expectDistinct(
    choices.map((choice) => choice.name),
    `${where}: choice`,
  );
  return {
    type: option.type,
    ...common,
    ...length,
    choices: choices.map(({ name, value }) => ({ name, value })),
  };
}

function expect(holds: boolean, sentence: string): void {
  if (!holds) throw new Error(sentence);
}

function expectName(name: string, where: string): void {
  expect(
    NAME.test(name) && name === name.toLowerCase(),
    `${where}: a name is 1 to 32 lower-case letters, digits, "-", "_" or "'"`,
  );
}

function expectDescription(description: string, where: string): void {
  const { length } = description;
  expect(
    length >= 1 && length <= DESCRIPTION_CHARACTERS,
    `${where}: a description has 1 to ${DESCRIPTION_CHARACTERS} characters, not ${length}`,
  );
}

function expectDistinct(names: readonly string[], what: string): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  expect(twice === undefined, `${what} "${twice}" is declared twice`);
}

type Counted = {
  readonly name: string;
  readonly description: string;
  readonly options?: readonly APIApplicationCommandOption[] | undefined;
};

// Discord counts names, descriptions and choice values of the command and all its options, those of
// subcommands included.
function charactersOf({ name, description, options = [] }: Counted): number {
  return options.reduce((sum, option) => {
    const choices = "choices" in option ? (option.choices ?? []) : [];
    return (
      sum +
      choices.map((choice) => `${choice.name}${choice.value}`).join("").length +
      charactersOf(countedOf(option))
    );
  }, name.length + description.length);
}

const countedOf = (option: APIApplicationCommandOption): Counted => ({
  name: option.name,
  description: option.description,
  options: "options" in option ? option.options : [],
});

type Difference = {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
};

const sortedNumbers = z
  .array(z.number())
  .nullish()
  .transform((numbers) => [...(numbers ?? [])].sort((a, b) => a - b));
const bound = z.number().nullish().default(null);

const comparableOption = z.object({
  type: z.number(),
  name: z.string(),
  description: z.string(),
  required: z.boolean().default(false),
  autocomplete: z.boolean().default(false),
  choices: z
    .array(z.object({ name: z.string(), value: z.union([z.string(), z.number()]) }))
    .default([]),
  channel_types: sortedNumbers,
  min_value: bound,
  max_value: bound,
  min_length: bound,
  max_length: bound,
});

// Discord adds ids and versions, fills in defaults, leaves out what is false or empty and may order
// lists its own way; this evens that out.
const comparableCommand = z.object({
  type: z.number().default(ApplicationCommandType.ChatInput),
  name: z.string(),
  description: z.string(),
  default_member_permissions: z.string().nullish().default(null),
  nsfw: z.boolean().default(false),
  integration_types: sortedNumbers,
  contexts: sortedNumbers,
  // A subcommand's options lie one level deeper; nothing declared here lies deeper still.
  options: z
    .array(comparableOption.extend({ options: z.array(comparableOption).default([]) }))
    .default([]),
});

function differenceOf(wanted: readonly unknown[], existing: unknown): Difference | undefined {
  const want = byName(wanted);
  const had = byName(z.array(z.unknown()).catch([]).parse(existing));
  const added = [...want.keys()].filter((name) => !had.has(name));
  const removed = [...had.keys()].filter((name) => !want.has(name));
  const changed = [...want]
    .filter(([name, command]) => had.has(name) && !isDeepStrictEqual(command, had.get(name)))
    .map(([name]) => name);
  return added.length + removed.length + changed.length === 0
    ? undefined
    : { added, changed, removed };
}

// A command that cannot be read is nameless here: it counts as one to remove, and all are told
// again.
function byName(
  commands: readonly unknown[],
): ReadonlyMap<string, z.infer<typeof comparableCommand> | undefined> {
  return new Map(
    commands.map((command) => {
      const { data } = comparableCommand.safeParse(command);
      return [data?.name ?? "(unreadable)", data];
    }),
  );
}
