import { isDeepStrictEqual } from "node:util";
import { ApplicationCommandType } from "discord-api-types/v10";
import { z } from "zod";

/** The names of the commands that differ, by how. */
export type CommandDifference = {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
};

const sortedNumbers = z
  .array(z.number())
  .nullish()
  .transform((numbers) => [...(numbers ?? [])].sort((a, b) => a - b));
const localizations = z
  .record(z.string(), z.string().nullable())
  .nullish()
  .transform((texts) => Object.entries(texts ?? {}).filter(([, text]) => text !== null))
  .transform((texts) => Object.fromEntries(texts));
const bound = z.number().nullish().default(null);

const comparableOption = z.object({
  type: z.number(),
  name: z.string(),
  name_localizations: localizations,
  description: z.string(),
  description_localizations: localizations,
  required: z.boolean().default(false),
  autocomplete: z.boolean().default(false),
  choices: z
    .array(
      z.object({
        name: z.string(),
        name_localizations: localizations,
        value: z.union([z.string(), z.number()]),
      }),
    )
    .default([]),
  channel_types: sortedNumbers,
  min_value: bound,
  max_value: bound,
  min_length: bound,
  max_length: bound,
});

// Discord adds ids and versions, fills in defaults, leaves out what is false or empty, and may
// order lists its own way: both sides are brought into this form.
const comparableCommand = z.object({
  type: z.number().default(ApplicationCommandType.ChatInput),
  name: z.string(),
  name_localizations: localizations,
  // Commands on messages have none, which Discord stores as an empty one.
  description: z.string().default(""),
  description_localizations: localizations,
  default_member_permissions: z.string().nullish().default(null),
  nsfw: z.boolean().default(false),
  integration_types: sortedNumbers,
  contexts: sortedNumbers,
  // A subcommand's options lie one level deeper; nothing declared here lies deeper still.
  options: z
    .array(comparableOption.extend({ options: z.array(comparableOption).default([]) }))
    .default([]),
});

/**
 * How the wanted commands, as JSON, differ from what Discord has (its own JSON); undefined when
 * they do not.
 */
export function differenceOf(
  wanted: readonly unknown[],
  existing: unknown,
): CommandDifference | undefined {
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

function labelOf({ type, name }: z.infer<typeof comparableCommand>): string {
  return type === ApplicationCommandType.ChatInput ? name : `${name} (type ${type})`;
}

// A command that cannot be parsed has no name here: it counts as removed, so all are registered
// again.
function byName(
  commands: readonly unknown[],
): ReadonlyMap<string, z.infer<typeof comparableCommand> | undefined> {
  return new Map(
    commands.map((command) => {
      const { data } = comparableCommand.safeParse(command);
      // Each type of command has names of its own.
      return [data === undefined ? "(unreadable)" : labelOf(data), data];
    }),
  );
}
