import { REST } from "@discordjs/rest";
import {
  ApplicationCommandOptionType,
  ApplicationIntegrationType,
  InteractionContextType,
} from "discord-api-types/v10";
import {
  type Command,
  defineCommand,
  defineSubcommand,
  type OptionDeclarations,
} from "../../src/discord/command.ts";
import { localizedCommands } from "../../src/discord/command-localizations.ts";
import { registerCommands } from "../../src/discord/command-registration.ts";
import type { CommandResult } from "../../src/discord/reply.ts";
import type { FakeDiscord } from "../support/fake-discord/fake-discord.ts";

const String_ = ApplicationCommandOptionType.String;
const answer: CommandResult = { kind: "reply", reply: { content: "Yes" } };

/** Declares a slash command; `change` says how it differs from `/lambo`. */
export const command = (
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

/** Declares `/config` with these subcommands. */
export const config = (
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

/** Registers commands with a fake Discord; resolves with the log lines of that. */
export async function register(fake: FakeDiscord, commands: readonly Command[]) {
  const lines: { fields: object; message: string }[] = [];
  const write = (fields: object, message: string) => void lines.push({ fields, message });
  await registerCommands({
    rest: new REST({ api: fake.apiUrl, retries: 0 }).setToken(fake.token),
    applicationId: fake.applicationId,
    wanted: localizedCommands(commands).commands,
    log: { debug: write, info: write, warn: write, error: write },
  });
  return lines;
}
