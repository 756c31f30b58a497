import {
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandSubcommandOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
  type RESTPostAPIContextMenuApplicationCommandsJSONBody,
} from "discord-api-types/v10";
import { commandName, ENGLISH } from "../messages/say.ts";
import {
  type ChatCommand,
  type Command,
  isChatCommand,
  type LocalizedText,
  type MessageCommand,
  type OptionDeclaration,
  type OptionDeclarations,
  type Subcommand,
} from "./command.ts";
import { DISCORD_LIMITS } from "./limits.ts";

/** Discord's rule for names (interactions/application-commands#naming, 2026-11). */
const NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;

/** A command as Discord's JSON: a slash command, or one in the menu of messages. */
export type CommandJson =
  | RESTPostAPIChatInputApplicationCommandsJSONBody
  | RESTPostAPIContextMenuApplicationCommandsJSONBody;

/**
 * The declared commands in English as Discord's JSON. Throws a plain sentence when a declaration
 * breaks one of Discord's limits.
 */
export function commandsJson(commands: readonly Command[]): CommandJson[] {
  const chatCommands = commands.filter(isChatCommand);
  const onMessages = commands.filter((command) => !isChatCommand(command));
  expectAtMost(DISCORD_LIMITS.commands, chatCommands, "commands");
  expectAtMost(DISCORD_LIMITS.messageCommands, onMessages, "commands on messages");
  return commands.map((command) => commandJson(command, ENGLISH));
}

/**
 * One declared command as Discord's JSON, with everything that it says in the language of a locale.
 * Throws like {@link commandsJson}.
 */
export function commandJson(command: Command, locale: string): CommandJson {
  return isChatCommand(command)
    ? chatCommandJson(command, locale)
    : messageCommandJson(command, locale);
}

function nameIn(locale: string, name: string): string {
  return locale === ENGLISH ? name : commandName(locale, name);
}

function textIn(locale: string, text: LocalizedText): string {
  return typeof text === "string" ? text : text(locale);
}

function expectAtMost(most: number, commands: readonly Command[], what: string): void {
  expect(commands.length <= most, `Discord takes ${most} ${what}, ${commands.length} are declared`);
  expectDistinct(
    commands.map((command) => command.name),
    "Command",
  );
}

function messageCommandJson(
  command: MessageCommand,
  locale: string,
): RESTPostAPIContextMenuApplicationCommandsJSONBody {
  const name = locale === ENGLISH ? command.name : (command.nameIn?.(locale) ?? command.name);
  expect(
    name.trim() === name && name.length >= 1 && name.length <= DISCORD_LIMITS.commandNameLength,
    `"${name}": the name of a command on messages has 1 to ${DISCORD_LIMITS.commandNameLength} characters`,
  );
  return { type: ApplicationCommandType.Message, name, ...placesJson(command, `"${name}"`) };
}

/** Where a command can be used, as Discord's JSON. */
function placesJson(command: Command, where: string) {
  expect(command.contexts.length > 0, `${where} must be usable in at least one context`);
  expect(command.integrationTypes.length > 0, `${where} must have at least one integration type`);
  return {
    integration_types: [...command.integrationTypes],
    contexts: [...command.contexts],
    default_member_permissions: command.defaultMemberPermissions?.toString() ?? null,
  };
}

function chatCommandJson(
  command: ChatCommand,
  locale: string,
): RESTPostAPIChatInputApplicationCommandsJSONBody {
  const where = `/${command.name}`;
  const json: RESTPostAPIChatInputApplicationCommandsJSONBody = {
    type: ApplicationCommandType.ChatInput,
    ...namedIn(locale, command.name, command.description, where),
    ...placesJson(command, where),
    options:
      command.subcommands === undefined
        ? optionsJson(command.options, where, locale)
        : subcommandsJson(command.subcommands, where, locale),
  };
  expectLength(json);
  return json;
}

/** Throws a plain sentence when a command with everything in it is longer than Discord takes. */
export function expectLength(json: CommandJson): void {
  const characters = charactersOf(json);
  expect(
    characters <= DISCORD_LIMITS.commandLength,
    `/${json.name} has ${characters} characters in all, Discord takes ${DISCORD_LIMITS.commandLength}`,
  );
}

/** What a command, subcommand or option is called, and what is said of it. */
function namedIn(locale: string, name: string, description: LocalizedText, where: string) {
  const named = { name: nameIn(locale, name), description: textIn(locale, description) };
  expectName(named.name, where);
  expectDescription(named.description, where);
  return named;
}

function subcommandsJson(
  subcommands: Readonly<Record<string, Subcommand>>,
  where: string,
  locale: string,
): APIApplicationCommandSubcommandOption[] {
  const declared = Object.entries(subcommands);
  expect(
    declared.length >= 1 && declared.length <= DISCORD_LIMITS.options,
    `${where} has ${declared.length} subcommands, Discord takes 1 to ${DISCORD_LIMITS.options}`,
  );
  return declared.map(([name, { description, options }]) => {
    const here = `${where} ${name}`;
    return {
      type: ApplicationCommandOptionType.Subcommand,
      ...namedIn(locale, name, description, here),
      options: optionsJson(options, here, locale),
    };
  });
}

function optionsJson(
  options: OptionDeclarations,
  where: string,
  locale: string,
): APIApplicationCommandBasicOption[] {
  const declared = Object.entries(options);
  expect(
    declared.length <= DISCORD_LIMITS.options,
    `${where} has ${declared.length} options, Discord takes ${DISCORD_LIMITS.options}`,
  );
  const firstOptional = declared.findIndex(([, option]) => !option.required);
  const requiredAfterOptional = declared.find(
    ([, option], index) => option.required && firstOptional !== -1 && index > firstOptional,
  );
  expect(
    requiredAfterOptional === undefined,
    `${where} ${requiredAfterOptional?.[0]}: required options must come before the others`,
  );
  return declared.map(([name, option]) => optionJson(name, option, `${where} ${name}`, locale));
}

function optionJson(
  name: string,
  option: OptionDeclaration,
  where: string,
  locale: string,
): APIApplicationCommandBasicOption {
  const common = {
    ...namedIn(locale, name, option.description, where),
    required: option.required ?? false,
  };
  switch (option.type) {
    case ApplicationCommandOptionType.String:
      return stringOptionJson(option, common, where, locale);
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
  locale: string,
): APIApplicationCommandBasicOption {
  const { maxLength, autocomplete } = option;
  const choices = option.choices?.map(({ name, value }) => ({ name: textIn(locale, name), value }));
  const length = maxLength === undefined ? {} : { max_length: maxLength };
  expect(
    maxLength === undefined || (maxLength >= 1 && maxLength <= DISCORD_LIMITS.stringOptionLength),
    `${where}: maxLength must be 1 to ${DISCORD_LIMITS.stringOptionLength}, not ${maxLength}`,
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
    choices.length >= 1 && choices.length <= DISCORD_LIMITS.choices,
    `${where} must have 1 to ${DISCORD_LIMITS.choices} choices, not ${choices.length}`,
  );
  for (const choice of choices) {
    for (const text of [choice.name, choice.value]) {
      expect(
        text.length >= 1 && text.length <= DISCORD_LIMITS.choiceLength,
        `${where}: choice "${text}" must have 1 to ${DISCORD_LIMITS.choiceLength} characters`,
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
    choices,
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
    length >= 1 && length <= DISCORD_LIMITS.commandDescriptionLength,
    `${where}: a description has 1 to ${DISCORD_LIMITS.commandDescriptionLength} characters, not ${length}`,
  );
}

function expectDistinct(names: readonly string[], what: string): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  expect(twice === undefined, `${what} "${twice}" is declared twice`);
}

type Localizations = Partial<Record<string, string | null>> | null;

type Counted = {
  readonly name: string;
  readonly name_localizations?: Localizations | undefined;
  readonly description?: string | undefined;
  readonly description_localizations?: Localizations | undefined;
  readonly value?: string | number;
  readonly options?: readonly Counted[] | undefined;
  readonly choices?: readonly Counted[] | undefined;
};

// Discord counts names, descriptions and choice values of the command and all its options, those of
// subcommands included; of a text in several languages the longest
// (interactions/application-commands#slash-commands, 2026-11).
function charactersOf(counted: Counted): number {
  const { name, name_localizations, description = "", description_localizations, value } = counted;
  const parts = [...(counted.options ?? []), ...(counted.choices ?? [])];
  return parts.reduce(
    (sum, part) => sum + charactersOf(part),
    longest(name, name_localizations) +
      longest(description, description_localizations) +
      (typeof value === "string" ? value.length : 0),
  );
}

function longest(text: string, localizations: Localizations | undefined): number {
  const others = Object.values(localizations ?? {}).map((localized) => localized?.length ?? 0);
  return Math.max(text.length, ...others);
}
