import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  ComponentType,
  InteractionType,
  MessageFlags,
} from "discord-api-types/v10";
import { z } from "zod";
import type { Call, CallOrigin, OptionValue, ResolvedOptions } from "./call.ts";
import {
  type ChatCommand,
  type Command,
  executableOf,
  isChatCommand,
  type OptionDeclaration,
  type OptionDeclarations,
} from "./command.ts";
import { DISCORD_LIMITS } from "./limits.ts";
import type { Address } from "./responder.ts";

/** An interaction as commands see it, and the address for its replies. */
export type ReceivedInteraction = { readonly call: Call; readonly address: Address };

const id = z.string().regex(/^\d{1,20}$/);
const permissionBits = z
  .string()
  .regex(/^\d{1,40}$/)
  .transform((digits) => BigInt(digits));
const user = z.object({ id });

/**
 * The locale that a server has chosen in Discord; undefined where it is none. BCP 47 asks for room
 * for 35 characters (RFC 5646, 4.4.1).
 */
export const guildLocale = z
  .string()
  .max(35)
  .nullish()
  .transform((locale) => locale ?? undefined)
  .catch(undefined);

const origin = {
  id,
  application_id: id,
  token: z.string().min(1),
  user: user.optional(),
  member: z
    .object({
      user,
      permissions: permissionBits.optional(),
      // Null for guests; without it a day of joining is still known of the account.
      joined_at: z.iso.datetime({ offset: true }).optional().catch(undefined),
    })
    .optional(),
  guild_id: id.nullish(),
  channel_id: id.nullish(),
  channel: z.object({ id }).nullish(),
  locale: z.string().default("en-US"),
  guild_locale: guildLocale,
  app_permissions: permissionBits.optional(),
  authorizing_integration_owners: z.record(z.string(), z.string()).default({}),
  attachment_size_limit: z.number().int().positive().optional(),
};

const typedOption = z.object({
  type: z.number().optional(),
  name: z.string(),
  value: z.union([z.string(), z.number(), z.boolean()]).optional(),
  focused: z.boolean().optional(),
});

// What Discord includes about chosen channels and roles, which saves a request; `app_permissions`
// since 2026-07-16, only where the bot is a member.
const resolvedChannel = z.object({
  guild_id: id.nullish(),
  name: z.string().nullish(),
  type: z.number().int(),
  app_permissions: permissionBits.optional(),
});
const resolvedOptions = z.object({
  channels: z.record(id, resolvedChannel).default({}),
  roles: z.record(id, z.object({ name: z.string(), mentionable: z.boolean() })).default({}),
});

const commandData = z.object({
  type: z.literal(ApplicationCommandType.ChatInput),
  name: z.string(),
  // A subcommand is the only option, and contains the options that were typed.
  options: z.array(typedOption.extend({ options: z.array(typedOption).default([]) })).default([]),
  // Optional: everything in it can be requested instead.
  resolved: resolvedOptions.optional().catch(undefined),
});

const texts = z.object({
  content: z.string().catch(""),
  embeds: z
    .array(z.object({ title: z.string().nullish(), description: z.string().nullish() }).catch({}))
    .catch([]),
});
// Discord includes what a message says in a command on it, even without the intent to read
// messages; a forwarded message's text is in its snapshot.
const targetMessage = texts.extend({
  message_snapshots: z.array(z.object({ message: texts })).catch([]),
});

const messageCommandData = z.object({
  type: z.literal(ApplicationCommandType.Message),
  name: z.string(),
  target_id: id,
  resolved: z.object({ messages: z.record(id, targetMessage) }),
});

const message = z
  .object({
    flags: z.number().int().default(0),
    interaction_metadata: z.object({ user }).nullish(),
  })
  .optional();

// A text field of a modal sits in a label; until 2025-08 Discord had it in an action row.
const textField = z.object({
  type: z.literal(ComponentType.TextInput),
  custom_id: z.string(),
  value: z.string(),
});
const modalPart = z.object({
  component: z.unknown().optional(),
  components: z.array(z.unknown()).default([]),
});

// The parts of Discord's interaction object that are read here
// (discord.com/developers/docs/interactions/receiving-and-responding, 2026-11).
const interaction = z.discriminatedUnion("type", [
  z.object({
    ...origin,
    type: z.literal(InteractionType.ApplicationCommand),
    data: z.discriminatedUnion("type", [commandData, messageCommandData]),
  }),
  z.object({
    ...origin,
    type: z.literal(InteractionType.ApplicationCommandAutocomplete),
    data: commandData,
  }),
  z.object({
    ...origin,
    type: z.literal(InteractionType.MessageComponent),
    data: z.object({ custom_id: z.string(), values: z.array(z.string()).catch([]) }),
    message,
  }),
  z.object({
    ...origin,
    type: z.literal(InteractionType.ModalSubmit),
    data: z.object({ custom_id: z.string(), components: z.array(modalPart) }),
    message,
  }),
]);

type Interaction = z.infer<typeof interaction>;

/**
 * Reads Discord's raw interaction, from the gateway or an HTTP body. Options that the command does
 * not declare are dropped, the others converted to their declared type; the command has to check
 * limits and choices itself, because an old client may send anything. Undefined for an interaction
 * that this bot does not support.
 */
export function readInteraction(
  payload: unknown,
  commands: readonly Command[],
): ReceivedInteraction | undefined {
  const parsed = interaction.safeParse(payload);
  if (!parsed.success) return undefined;
  const { data: received } = parsed;
  const from = originOf(received);
  if (from === undefined) return undefined;
  const call = callOf(received, from, commands);
  if (call === undefined) return undefined;
  return {
    call,
    address: {
      interactionId: received.id,
      applicationId: received.application_id,
      token: received.token,
    },
  };
}

function originOf(received: Interaction): CallOrigin | undefined {
  const userId = received.member?.user.id ?? received.user?.id;
  if (userId === undefined) return undefined;
  const installedIn =
    received.authorizing_integration_owners[ApplicationIntegrationType.GuildInstall];
  const channelId = received.channel_id ?? received.channel?.id;
  return {
    interactionId: received.id,
    applicationId: received.application_id,
    userId,
    ...(received.guild_id == null ? {} : { guildId: received.guild_id }),
    ...(received.guild_id != null && received.guild_id === installedIn
      ? { isServerInstall: true }
      : {}),
    ...(channelId === undefined ? {} : { channelId }),
    locale: received.locale,
    ...(received.guild_locale === undefined ? {} : { guildLocale: received.guild_locale }),
    ...(received.member?.joined_at === undefined ? {} : { joinedAt: received.member.joined_at }),
    ...(received.member?.permissions === undefined
      ? {}
      : { memberPermissions: received.member.permissions }),
    ...(received.app_permissions === undefined ? {} : { appPermissions: received.app_permissions }),
    attachmentLimitBytes: received.attachment_size_limit ?? DISCORD_LIMITS.attachmentBytes,
  };
}

function callOf(
  received: Interaction,
  from: CallOrigin,
  commands: readonly Command[],
): Call | undefined {
  if (
    received.type === InteractionType.MessageComponent ||
    received.type === InteractionType.ModalSubmit
  ) {
    const askerId = received.message?.interaction_metadata?.user.id;
    const onMessage = {
      ...from,
      customId: received.data.custom_id,
      isPrivate: ((received.message?.flags ?? 0) & MessageFlags.Ephemeral) !== 0,
      ...(askerId === undefined ? {} : { askerId }),
    };
    return "values" in received.data
      ? { kind: "component", ...onMessage, values: received.data.values }
      : { kind: "modal", ...onMessage, fields: typedIn(received.data.components) };
  }
  if (received.data.type === ApplicationCommandType.Message)
    return messageCommandOf(received.data, from);
  const { name: commandName } = received.data;
  const subcommand = received.data.options.find(
    ({ type }) => type === ApplicationCommandOptionType.Subcommand,
  );
  const typed = subcommand?.options ?? received.data.options;
  const command = commands.find(
    (declared): declared is ChatCommand => isChatCommand(declared) && declared.name === commandName,
  );
  const declared = command === undefined ? undefined : executableOf(command, subcommand?.name);
  const options = declaredOptions(
    typed.filter((option) => !option.focused),
    declared?.options ?? {},
  );
  const asked = {
    ...from,
    commandName,
    ...(subcommand === undefined ? {} : { subcommandName: subcommand.name }),
    options,
  };
  if (received.type === InteractionType.ApplicationCommand) {
    const { resolved } = received.data;
    return {
      kind: "command",
      ...asked,
      ...(resolved !== undefined && { resolved: resolvedIn(resolved) }),
    };
  }
  const focused = typed.find((option) => option.focused);
  if (focused === undefined) return undefined;
  return {
    kind: "autocomplete",
    ...asked,
    focused: {
      name: focused.name,
      text: String(focused.value ?? ""),
      ...(typeof focused.value === "number" && { number: focused.value }),
    },
  };
}

function messageCommandOf(
  { name, target_id: targetId, resolved }: z.infer<typeof messageCommandData>,
  from: CallOrigin,
): Call | undefined {
  const target = resolved.messages[targetId];
  if (target === undefined) return undefined;
  const embedTexts = ({ embeds }: z.infer<typeof texts>) =>
    embeds.flatMap(({ title, description }) => [title ?? "", description ?? ""]);
  const forwarded = target.message_snapshots.flatMap(({ message: snapshot }) => [
    snapshot.content,
    ...embedTexts(snapshot),
  ]);
  return {
    kind: "message-command",
    ...from,
    commandName: name,
    target: {
      content: target.content,
      otherTexts: [...embedTexts(target), ...forwarded].filter((text) => text !== ""),
    },
  };
}

function typedIn(parts: readonly z.infer<typeof modalPart>[]): ReadonlyMap<string, string> {
  const fields = parts
    .flatMap(({ component, components }) => [component, ...components])
    .map((field) => textField.safeParse(field).data)
    .filter((field) => field !== undefined);
  return new Map(fields.map(({ custom_id: name, value }) => [name, value]));
}

function resolvedIn({ channels, roles }: z.infer<typeof resolvedOptions>): ResolvedOptions {
  const known = Object.entries(channels).map(([channelId, told]) => {
    const { guild_id: guildId, name, type, app_permissions: appPermissions } = told;
    const channel = {
      ...(guildId != null && { guildId }),
      name: name ?? "",
      type,
      ...(appPermissions !== undefined && { appPermissions }),
    };
    return [channelId, channel] as const;
  });
  return { channels: new Map(known), roles: new Map(Object.entries(roles)) };
}

function declaredOptions(
  typed: readonly { name: string; value?: OptionValue | undefined }[],
  declared: OptionDeclarations,
): Readonly<Record<string, OptionValue>> {
  const options: Record<string, OptionValue> = {};
  for (const { name, value } of typed) {
    const declaration = Object.hasOwn(declared, name) ? declared[name] : undefined;
    if (declaration !== undefined && value !== undefined)
      options[name] = asDeclared(value, declaration);
  }
  return options;
}

/**
 * A value of the declared type. A typed value is never dropped: a bad amount must be refused, not
 * replaced by the default.
 */
function asDeclared(value: OptionValue, declaration: OptionDeclaration): OptionValue {
  switch (declaration.type) {
    case ApplicationCommandOptionType.String:
      return declaration.orNumber && typeof value === "number" ? value : String(value);
    case ApplicationCommandOptionType.Channel:
    case ApplicationCommandOptionType.Role:
      return String(value);
    case ApplicationCommandOptionType.Number:
      return typeof value === "number" ? value : Number.NaN;
    case ApplicationCommandOptionType.Boolean:
      return String(value).toLowerCase() === "true";
  }
}
