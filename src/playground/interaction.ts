import { InteractionContextType, InteractionType } from "discord-api-types/v10";
import { z } from "zod";
import { DISCORD_LOCALES } from "../messages/format.ts";
import { closestLocale } from "../messages/locale-match.ts";
import { ENGLISH } from "../messages/say.ts";
import { APPLICATION_ID, botPermissions, GUILD_ID, MEMBERS, PAGE_CHANNELS } from "./guild.ts";
import type { PageMessage } from "./page/protocol.ts";

// Discord's client runs in one of Discord's languages, whatever the browser's is.
const discordLocale = z
  .string()
  .max(35)
  .transform((locale) => closestLocale(locale, DISCORD_LOCALES) ?? ENGLISH);

const asked = {
  channel_id: z.string().refine((id) => PAGE_CHANNELS.some((channel) => channel.id === id)),
  user_id: z.string().refine((id) => MEMBERS.some((member) => member.id === id)),
  /** The visitor's language. */
  locale: discordLocale,
  /** The server's preferred language. */
  guild_locale: discordLocale.default(ENGLISH),
  /** Made by the page for each command, button and menu, so that it recognizes the reply. */
  nonce: z.string().min(1).max(25).optional(),
};

/**
 * The parts of an interaction that the page sends: those that its visitor determines.
 * `readInteraction` checks `data`.
 */
export const SentInteraction = z.discriminatedUnion("type", [
  z.object({
    type: z.literal(InteractionType.ApplicationCommand),
    ...asked,
    data: z.unknown(),
    /** The message in whose menu the command was chosen, if it was. */
    target_id: z.string().optional(),
  }),
  z.object({
    type: z.literal(InteractionType.ApplicationCommandAutocomplete),
    ...asked,
    data: z.unknown(),
  }),
  z.object({
    type: z.literal(InteractionType.MessageComponent),
    ...asked,
    data: z.unknown(),
    message_id: z.string(),
  }),
  z.object({
    type: z.literal(InteractionType.ModalSubmit),
    ...asked,
    data: z.unknown(),
    /** Only if a message's button or menu opened the modal. */
    message_id: z.string().optional(),
  }),
]);

/** An interaction as the page sent it. */
export type SentInteraction = z.infer<typeof SentInteraction>;

/** What a visitor writes in a channel, as the page sends it. */
export const SentText = z.object({
  channel_id: asked.channel_id,
  user_id: asked.user_id,
  content: z.string().trim().min(1).max(2_000),
});

/** The messages that an interaction is about. */
export type AboutMessages = {
  /** Whose component was used, or opened the modal. */
  readonly message: PageMessage | undefined;
  /** In whose menu a command was chosen. */
  readonly target: PageMessage | undefined;
};

/**
 * Completes what the page sent into the interaction that Discord would send.
 */
export function discordInteraction(
  sent: SentInteraction,
  id: string,
  { message, target }: AboutMessages,
): object {
  const member = MEMBERS.find((known) => known.id === sent.user_id);
  return {
    id,
    application_id: APPLICATION_ID,
    // Discord needs a token to deliver a reply; here the responder knows where it goes.
    token: "playground",
    version: 1,
    type: sent.type,
    data: target === undefined ? sent.data : onTarget(sent.data, target),
    guild_id: GUILD_ID,
    channel_id: sent.channel_id,
    context: InteractionContextType.Guild,
    member: {
      user: { id: sent.user_id, username: member?.name },
      permissions: member?.permissions,
      joined_at: member?.joinedAt,
    },
    app_permissions: String(botPermissions(sent.channel_id)),
    locale: sent.locale,
    guild_locale: sent.guild_locale,
    // The bot is installed in the server: 0 is ApplicationIntegrationType.GuildInstall.
    authorizing_integration_owners: { 0: GUILD_ID },
    ...(message === undefined ? {} : { message }),
  };
}

/** A command's data with what Discord includes about the message that it was chosen on. */
function onTarget(data: unknown, target: PageMessage): object {
  const { interaction_metadata: _, ...told } = target;
  return {
    ...(typeof data === "object" && data !== null ? data : {}),
    target_id: target.id,
    resolved: { messages: { [target.id]: told } },
  };
}
