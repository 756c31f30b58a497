/** A channel of a server, as far as posting into it goes. */
export type ChannelFacts = {
  readonly channelId: string;
  readonly name: string;
  /** What it is: only `text` and `announcement` take a digest. */
  readonly kind: "text" | "announcement" | "voice" | "forum" | "thread" | "category" | "other";
};

/** A permission that posting a digest needs, by the name that Discord's settings show. */
export type PostingPermission =
  | "View Channel"
  | "Send Messages"
  /** In place of `Send Messages` in a thread. */
  | "Send Messages in Threads"
  | "Embed Links"
  | "Attach Files"
  | "Read Message History"
  /** Only when the role to be mentioned is not open to everybody's mentions. */
  | "Mention @everyone, @here, and All Roles";

/**
 * Why a server's channel or role cannot be told: `unknown` (deleted, or of another server), `no-access` (the bot may not see it),
 * `unavailable` (Discord cannot be asked now).
 */
export type DirectoryFailure = "unknown" | "no-access" | "unavailable";

/** What Discord knows of a server's channels, roles and our rights there: from the gateway's memory, else by REST. Never rejects. */
export type GuildDirectory = {
  channel(
    guildId: string,
    channelId: string,
  ): Promise<{ readonly ok: true; readonly channel: ChannelFacts } | { readonly ok: false; readonly reason: DirectoryFailure }>;
  /** Does the role exist, and can anybody mention it? */
  role(
    guildId: string,
    roleId: string,
  ): Promise<
    { readonly ok: true; readonly name: string; readonly mentionable: boolean } | { readonly ok: false; readonly reason: DirectoryFailure }
  >;
  /**
   * What has to be granted before posting works there, in the order of the type; `roleId` is a role to be mentioned. Empty: nothing. Works
   * for a channel that the bot cannot see, too.
   */
  missingPermissions(
    guildId: string,
    channelId: string,
    roleId: string | null,
  ): Promise<
    { readonly ok: true; readonly missing: readonly PostingPermission[] } | { readonly ok: false; readonly reason: DirectoryFailure }
  >;
  /** Where admins can be told: the system channel when we may post there, else the owner's user id. */
  whereToTell(guildId: string): Promise<{ readonly systemChannelId: string | null; readonly ownerId: string | null }>;
};
