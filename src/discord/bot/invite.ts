import {
  ApplicationIntegrationType,
  OAuth2Scopes,
  PermissionFlagsBits,
} from "discord-api-types/v10";

/**
 * The permissions that a daily digest needs: to see its channel, to send a message with an embed
 * and a picture, and to read the history, to check whether a post arrived before repeating it.
 * Replies to commands need no permission.
 */
export const INVITE_PERMISSIONS =
  PermissionFlagsBits.ViewChannel |
  PermissionFlagsBits.SendMessages |
  PermissionFlagsBits.EmbedLinks |
  PermissionFlagsBits.AttachFiles |
  PermissionFlagsBits.ReadMessageHistory;

/** The link that adds the bot to a server, with {@link INVITE_PERMISSIONS}. */
export function serverInvite(applicationId: string): string {
  return authorize(applicationId, {
    scope: `${OAuth2Scopes.Bot} ${OAuth2Scopes.ApplicationsCommands}`,
    permissions: String(INVITE_PERMISSIONS),
    integration_type: String(ApplicationIntegrationType.GuildInstall),
  });
}

/** The link that adds the bot to a user's own account, for use in any chat. */
export function ownInvite(applicationId: string): string {
  return authorize(applicationId, {
    scope: OAuth2Scopes.ApplicationsCommands,
    integration_type: String(ApplicationIntegrationType.UserInstall),
  });
}

// discord.com/developers/docs/topics/oauth2#bot-authorization-flow, 2026-11.
const authorize = (applicationId: string, query: Readonly<Record<string, string>>) =>
  `https://discord.com/oauth2/authorize?${new URLSearchParams({ client_id: applicationId, ...query })}`;
