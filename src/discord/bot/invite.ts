import {
  ApplicationIntegrationType,
  OAuth2Scopes,
  PermissionFlagsBits,
} from "discord-api-types/v10";

/**
 * The least that a daily digest needs in its channel: to see it, to send a message with an embed
 * and a picture, and to look whether a post arrived before it is repeated. Answers to commands need
 * nothing.
 */
export const INVITE_PERMISSIONS =
  PermissionFlagsBits.ViewChannel |
  PermissionFlagsBits.SendMessages |
  PermissionFlagsBits.EmbedLinks |
  PermissionFlagsBits.AttachFiles |
  PermissionFlagsBits.ReadMessageHistory;

/** Where to put the bot into a server, with {@link INVITE_PERMISSIONS}. */
export function serverInvite(applicationId: string): string {
  return authorize(applicationId, {
    scope: `${OAuth2Scopes.Bot} ${OAuth2Scopes.ApplicationsCommands}`,
    permissions: String(INVITE_PERMISSIONS),
    integration_type: String(ApplicationIntegrationType.GuildInstall),
  });
}

/** Where a person gets the bot for themselves, to use it in any chat. */
export function ownInvite(applicationId: string): string {
  return authorize(applicationId, {
    scope: OAuth2Scopes.ApplicationsCommands,
    integration_type: String(ApplicationIntegrationType.UserInstall),
  });
}

// discord.com/developers/docs/topics/oauth2#bot-authorization-flow, 2026-11.
const authorize = (applicationId: string, query: Readonly<Record<string, string>>) =>
  `https://discord.com/oauth2/authorize?${new URLSearchParams({ client_id: applicationId, ...query })}`;
