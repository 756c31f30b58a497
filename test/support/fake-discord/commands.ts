import { isJsonObject, type JsonObject, jsonObjects, numberOf, textOf } from "./json.ts";
import { FormFaults, restErrors } from "./rest-error.ts";
import type { World } from "./world.ts";

/**
 * Names of chat commands and options.
 * https://discord.com/developers/docs/interactions/application-commands#application-command-object
 * (2026-11)
 */
export const commandNamePattern = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;

/**
 * Option types of
 * https://discord.com/developers/docs/interactions/application-commands#application-command-object-application-command-option-type
 */
export const OptionType = {
  Subcommand: 1,
  SubcommandGroup: 2,
  String: 3,
  Integer: 4,
  Boolean: 5,
  User: 6,
  Channel: 7,
  Role: 8,
  Mentionable: 9,
  Number: 10,
} as const;

const isEmpty = (value: unknown): boolean => value === undefined || value === null;

function checkName(faults: FormFaults, path: (string | number)[], name: unknown): void {
  const text = textOf(name);
  if (!text) {
    faults.required(path);
    return;
  }
  if (!commandNamePattern.test(text) || text !== text.toLowerCase()) {
    faults.add(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
  }
}

/**
 * https://discord.com/developers/docs/reference#locales (2026-11)
 */
const LOCALES: ReadonlySet<string> = new Set(
  "id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko".split(
    " ",
  ),
);

/** The texts of a field in other languages, by locale. */
function localizationsOf(node: JsonObject, field: string): readonly (readonly [string, unknown])[] {
  const localizations = node[`${field}_localizations`];
  return isJsonObject(localizations) ? Object.entries(localizations) : [];
}

/**
 * Checks a field in every language, by the rule of the field itself.
 * https://discord.com/developers/docs/interactions/application-commands#localization (2026-11)
 */
function checkLocalizations(
  faults: FormFaults,
  path: (string | number)[],
  node: JsonObject,
  field: string,
  check: (at: (string | number)[], text: unknown) => void,
): void {
  for (const [locale, text] of localizationsOf(node, field)) {
    const at = [...path, `${field}_localizations`, locale];
    if (!LOCALES.has(locale))
      faults.add(at, "APPLICATION_COMMAND_INVALID_LOCALE", `Locale "${locale}" is invalid`);
    if (text !== null) check(at, text);
  }
}

/** In each language names of options differ from each other and from all other default names. */
function checkNamesOfOptions(
  faults: FormFaults,
  path: (string | number)[],
  options: readonly JsonObject[],
): void {
  for (const [index, option] of options.entries()) {
    for (const [locale, name] of localizationsOf(option, "name")) {
      const isTaken = options.some(
        (other, place) =>
          place !== index &&
          (other["name"] === name ||
            localizationsOf(other, "name").some(
              ([code, text]) => code === locale && text === name,
            )),
      );
      if (isTaken)
        faults.add(
          [...path, index, "name_localizations", locale],
          "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATED",
          "The names of options must be unique",
        );
    }
  }
}

/**
 * Counts what Discord counts toward 8,000: names, descriptions and string values of a command, its
 * options and choices; of a text in several languages the longest.
 */
function textSize(node: JsonObject): number {
  const own = ["name", "description", "value"].reduce((sum, field) => {
    const texts = [node[field], ...localizationsOf(node, field).map(([, text]) => text)];
    const sizes = texts.map((text) => (typeof text === "string" ? [...text].length : 0));
    return sum + Math.max(...sizes);
  }, 0);
  return [...jsonObjects(node["options"]), ...jsonObjects(node["choices"])].reduce(
    (sum, child) => sum + textSize(child),
    own,
  );
}

/** Checks name and description of a command or option, in every language. */
function checkNamed(faults: FormFaults, path: (string | number)[], node: JsonObject): void {
  const checkDescription = (at: (string | number)[], text: unknown) =>
    faults.length(at, text ?? "", { min: 1, max: 100 });
  checkName(faults, [...path, "name"], node["name"]);
  checkDescription([...path, "description"], node["description"]);
  checkLocalizations(faults, path, node, "name", (at, text) => checkName(faults, at, text));
  checkLocalizations(faults, path, node, "description", checkDescription);
}

function checkOptions(
  faults: FormFaults,
  path: (string | number)[],
  options: readonly JsonObject[],
  depth: number,
): void {
  if (options.length > 25)
    faults.add(path, "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.");
  checkNamesOfOptions(faults, path, options);
  let optionalSeen = false;
  const names = new Set<string>();
  for (const [index, option] of options.entries()) {
    const at = [...path, index];
    const type = numberOf(option["type"]);
    checkNamed(faults, at, option);
    if (type === undefined || type < 1 || type > 11) {
      faults.add(
        [...at, "type"],
        "UNION_TYPE_CHOICES",
        'Value of field "type" must be one of (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11).',
      );
      continue;
    }
    const name = String(option["name"]);
    if (names.has(name))
      faults.add(
        path,
        "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATED",
        "The names of options must be unique",
      );
    names.add(name);
    if (type === OptionType.Subcommand || type === OptionType.SubcommandGroup) {
      if (depth > (type === OptionType.Subcommand ? 1 : 0))
        faults.add(
          [...at, "type"],
          "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
          "Sub-command option types nest too deep",
        );
      checkOptions(
        faults,
        [...at, "options"],
        jsonObjects(option["options"]),
        type === OptionType.Subcommand ? 2 : 1,
      );
      continue;
    }
    if (option["required"] === true && optionalSeen) {
      faults.add(
        [...at],
        "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
        "Required options must be placed before non-required options",
      );
    }
    if (option["required"] !== true) optionalSeen = true;
    const choices = jsonObjects(option["choices"]);
    if (choices.length > 25)
      faults.add([...at, "choices"], "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.");
    if (choices.length > 0 && option["autocomplete"] === true) {
      faults.add(
        [...at, "autocomplete"],
        "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE",
        "Choices and autocomplete are mutually exclusive",
      );
    }
    if (
      option["autocomplete"] === true &&
      ![OptionType.String, OptionType.Integer, OptionType.Number].some(
        (allowed) => allowed === type,
      )
    ) {
      faults.add(
        [...at, "autocomplete"],
        "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_TYPE",
        "This type has no autocomplete",
      );
    }
    const values = new Set<unknown>();
    choices.forEach((choice, choiceIndex) => {
      faults.length([...at, "choices", choiceIndex, "name"], choice["name"] ?? "", {
        min: 1,
        max: 100,
      });
      checkLocalizations(faults, [...at, "choices", choiceIndex], choice, "name", (here, text) =>
        faults.length(here, text, { min: 1, max: 100 }),
      );
      const value = choice["value"];
      if (type === OptionType.String)
        faults.length([...at, "choices", choiceIndex, "value"], value ?? "", { min: 1, max: 100 });
      else if (typeof value !== "number")
        faults.add(
          [...at, "choices", choiceIndex, "value"],
          "NUMBER_TYPE_COERCE",
          `Value "${String(value)}" is not a number.`,
        );
      if (values.has(value))
        faults.add(
          [...at, "choices"],
          "APPLICATION_COMMAND_OPTIONS_CHOICE_VALUE_DUPLICATED",
          "Choice values must be unique",
        );
      values.add(value);
    });
    const [min, max] = [numberOf(option["min_value"]), numberOf(option["max_value"])];
    if (min !== undefined && max !== undefined && min > max)
      faults.add([...at, "max_value"], "NUMBER_TYPE_MIN", "max_value is below min_value");
  }
}

/**
 * Checks one command as Discord does. `path` is empty for a single command, its index for a list.
 */
function checkCommand(faults: FormFaults, path: (string | number)[], command: JsonObject): void {
  const type = numberOf(command["type"]) ?? 1;
  if (type === 1) {
    checkNamed(faults, path, command);
    checkOptions(faults, [...path, "options"], jsonObjects(command["options"]), 0);
    if (textSize(command) > 8000)
      faults.add(path, "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)");
  } else {
    if (jsonObjects(command["options"]).length > 0)
      faults.add(
        [...path, "options"],
        "APPLICATION_COMMAND_INVALID_OPTIONS",
        "Context menu commands cannot have options",
      );
    faults.length([...path, "name"], command["name"] ?? "", { min: 1, max: 32 });
    checkLocalizations(faults, path, command, "name", (at, text) =>
      faults.length(at, text, { min: 1, max: 32 }),
    );
    if (textOf(command["description"]))
      faults.add(
        [...path, "description"],
        "APPLICATION_COMMAND_INVALID_DESCRIPTION",
        "Context menu commands cannot have description",
      );
  }
  for (const key of ["contexts", "integration_types"]) {
    const list = command[key];
    if (Array.isArray(list) && list.length === 0)
      faults.add([...path, key], "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 3 in length.");
  }
  const permissions = command["default_member_permissions"];
  if (!isEmpty(permissions) && !/^\d+$/.test(String(permissions))) {
    faults.add(
      [...path, "default_member_permissions"],
      "BITFIELD_TYPE_CONVERT",
      "Not a permission bit set.",
    );
  }
}

/**
 * Options as Discord stores them: falsy flags dropped, localizations null, its own order of
 * members.
 */
function storedOption(option: JsonObject): JsonObject {
  const keep = (key: string) => (isEmpty(option[key]) ? {} : { [key]: option[key] });
  const flag = (key: string) => (option[key] === true ? { [key]: true } : {});
  const isGroup =
    option["type"] === OptionType.Subcommand || option["type"] === OptionType.SubcommandGroup;
  const choices = jsonObjects(option["choices"]);
  const options = jsonObjects(option["options"]);
  return {
    type: option["type"],
    name: option["name"],
    name_localizations: option["name_localizations"] ?? null,
    description: option["description"],
    description_localizations: option["description_localizations"] ?? null,
    ...flag("required"),
    ...(choices.length > 0 && {
      choices: choices.map((choice) => ({
        name: choice["name"],
        name_localizations: choice["name_localizations"] ?? null,
        value: choice["value"],
      })),
    }),
    ...flag("autocomplete"),
    ...keep("min_value"),
    ...keep("max_value"),
    ...keep("min_length"),
    ...keep("max_length"),
    ...(Array.isArray(option["channel_types"]) &&
      option["channel_types"].length > 0 && { channel_types: option["channel_types"] }),
    ...(isGroup && options.length > 0 && { options: options.map(storedOption) }),
  };
}

function withoutLocalizations(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutLocalizations);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "name_localizations" && key !== "description_localizations")
      .map(([key, member]) => [key, withoutLocalizations(member)]),
  );
}

/** The registered commands of the application, global and by server. */
export type CommandStore = ReturnType<typeof createCommandStore>;

/**
 * Creates an empty registry that answers as Discord does: ids kept by name, `version` new only when
 * something changed.
 */
export function createCommandStore(world: World) {
  const scopes = new Map<string, JsonObject[]>();
  const list = (guildId?: string): JsonObject[] => scopes.get(guildId ?? "global") ?? [];

  const stored = (
    command: JsonObject,
    guildId: string | undefined,
    old: JsonObject | undefined,
  ): JsonObject => {
    const permissions = command["default_member_permissions"];
    const contexts = Array.isArray(command["contexts"]) ? command["contexts"] : null;
    const type = numberOf(command["type"]) ?? 1;
    const options = jsonObjects(command["options"]).map(storedOption);
    const next: JsonObject = {
      id: old?.["id"] ?? world.snowflakes.next(),
      application_id: world.applicationId,
      version: old?.["version"] ?? "",
      default_member_permissions: isEmpty(permissions) ? null : String(permissions),
      type,
      name: command["name"],
      name_localizations: command["name_localizations"] ?? null,
      description: type === 1 ? command["description"] : "",
      description_localizations: command["description_localizations"] ?? null,
      ...(guildId === undefined
        ? {
            dm_permission:
              contexts === null ? command["dm_permission"] !== false : contexts.includes(1),
            contexts,
            // Discord sorts these two lists and falls back to what the application allows.
            integration_types: Array.isArray(command["integration_types"])
              ? [...command["integration_types"]].sort()
              : [0],
          }
        : { guild_id: guildId }),
      ...(options.length > 0 && { options }),
      nsfw: command["nsfw"] === true,
    };
    if (JSON.stringify(next) !== JSON.stringify(old)) next["version"] = world.snowflakes.next();
    return next;
  };

  const same = (a: JsonObject, b: JsonObject): boolean =>
    a["name"] === b["name"] && (numberOf(a["type"]) ?? 1) === (numberOf(b["type"]) ?? 1);

  return {
    list,
    /** As GET answers: localizations only on request. */
    shown: (guildId: string | undefined, withLocalizations: boolean): unknown =>
      withLocalizations ? list(guildId) : withoutLocalizations(list(guildId)),
    /** A command by its name and type; each type has names of its own. */
    find(name: string, guildId?: string, type = 1): JsonObject | undefined {
      const isIt = (command: JsonObject) => same(command, { name, type });
      return (guildId === undefined ? undefined : list(guildId).find(isIt)) ?? list().find(isIt);
    },
    /** PUT: the whole list is replaced, or Discord's error is thrown and nothing changes. */
    replaceAll(body: unknown, guildId?: string): JsonObject[] {
      const faults = new FormFaults();
      const commands = jsonObjects(body);
      if (!Array.isArray(body))
        faults.add([], "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
      commands.forEach((command, index) => {
        checkCommand(faults, [index], command);
        if (commands.findIndex((other) => same(other, command)) < index) {
          faults.add(
            [index],
            "APPLICATION_COMMANDS_DUPLICATE_NAME",
            "Application command names must be unique",
          );
        }
      });
      faults.throwIfAny();
      const ofType = (type: number) =>
        commands.filter((command) => (numberOf(command["type"]) ?? 1) === type).length;
      // Of users and of messages 15 each.
      if (ofType(1) > 100 || ofType(2) > 15 || ofType(3) > 15) throw restErrors.tooManyCommands();
      const before = list(guildId);
      const after = commands.map((command) =>
        stored(
          command,
          guildId,
          before.find((old) => same(old, command)),
        ),
      );
      scopes.set(guildId ?? "global", after);
      return after;
    },
    /** POST: adds a command or replaces the one of that name. */
    upsert(body: unknown, guildId?: string): { command: JsonObject; created: boolean } {
      const faults = new FormFaults();
      const command = isJsonObject(body) ? body : {};
      checkCommand(faults, [], command);
      faults.throwIfAny();
      const before = list(guildId);
      const old = before.find((one) => same(one, command));
      if (!old && before.length >= 100) throw restErrors.tooManyCommands();
      const next = stored(command, guildId, old);
      scopes.set(guildId ?? "global", [...before.filter((one) => one !== old), next]);
      return { command: next, created: old === undefined };
    },
    /** PATCH: changes some members of one command. */
    patch(commandId: string, body: unknown, guildId?: string): JsonObject {
      const before = list(guildId);
      const old = before.find((one) => one["id"] === commandId);
      if (!old) throw restErrors.unknownCommand();
      const merged = { ...old, ...(isJsonObject(body) ? body : {}) };
      const faults = new FormFaults();
      checkCommand(faults, [], merged);
      faults.throwIfAny();
      const next = stored(merged, guildId, old);
      scopes.set(
        guildId ?? "global",
        before.map((one) => (one === old ? next : one)),
      );
      return next;
    },
    delete(commandId: string, guildId?: string): void {
      const before = list(guildId);
      if (!before.some((one) => one["id"] === commandId)) throw restErrors.unknownCommand();
      scopes.set(
        guildId ?? "global",
        before.filter((one) => one["id"] !== commandId),
      );
    },
  };
}
