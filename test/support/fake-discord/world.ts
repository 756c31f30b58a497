/**
 * The epoch of Discord's ids: 2015-01-01T00:00:00Z in ms.
 * https://discord.com/developers/docs/reference#snowflakes
 */
const discordEpochMs = 1_420_070_400_000n;

/** Permission bits that tests name. https://discord.com/developers/docs/topics/permissions */
export const Permission = {
  Administrator: 1n << 3n,
  ManageGuild: 1n << 5n,
  ViewChannel: 1n << 10n,
  SendMessages: 1n << 11n,
  ManageMessages: 1n << 13n,
  EmbedLinks: 1n << 14n,
  AttachFiles: 1n << 15n,
  ReadMessageHistory: 1n << 16n,
  MentionEveryone: 1n << 17n,
  UseApplicationCommands: 1n << 31n,
  SendMessagesInThreads: 1n << 38n,
} as const;

/**
 * What an ordinary member and an ordinary bot may do: view, send, embed, attach, read history, use
 * commands.
 */
export const ordinaryPermissions =
  Permission.ViewChannel |
  Permission.SendMessages |
  Permission.EmbedLinks |
  Permission.AttachFiles |
  Permission.ReadMessageHistory |
  Permission.UseApplicationCommands;

/** Hands out Discord ids: 19 digits, ascending, the instant in the upper bits. */
export type Snowflakes = { next(): string };

/** Starts a sequence of Discord ids; `now` is in ms since 1970. */
export function createSnowflakes(now: () => number): Snowflakes {
  let counter = 0n;
  return {
    next() {
      counter += 1n;
      const elapsedMs = BigInt(Math.floor(now())) - discordEpochMs;
      return String(((elapsedMs > 0n ? elapsedMs : 0n) << 22n) | (counter & 0x3fffffn));
    },
  };
}

/** The instant inside a Discord id, in ms since 1970. */
export function snowflakeTimeMs(id: string): number {
  return Number((BigInt(id) >> 22n) + discordEpochMs);
}

/** A person or bot, as Discord's user object. */
export type FakeUser = {
  id: string;
  username: string;
  global_name: string | null;
  discriminator: string;
  avatar: string | null;
  bot: boolean;
  public_flags: number;
  flags: number;
  avatar_decoration_data: null;
  collectibles: null;
  clan: null;
  primary_guild: null;
};

/** One exception to a channel's permissions; type 0 names a role, 1 a member. */
export type FakeOverwrite = { id: string; type: 0 | 1; allow: string; deny: string };

/** A channel, as Discord's channel object; tests may change it in place. */
export type FakeChannel = {
  id: string;
  type: number;
  guild_id?: string;
  name?: string;
  position?: number;
  topic?: string | null;
  nsfw?: boolean;
  parent_id?: string | null;
  rate_limit_per_user?: number;
  permission_overwrites?: FakeOverwrite[];
  recipients?: FakeUser[];
  thread_metadata?: {
    archived: boolean;
    locked: boolean;
    auto_archive_duration: number;
    archive_timestamp: string;
  };
  last_message_id: string | null;
  flags: number;
};

/** A role, as Discord's role object. */
export type FakeRole = {
  id: string;
  name: string;
  permissions: string;
  position: number;
  color: number;
  colors: { primary_color: number; secondary_color: null; tertiary_color: null };
  hoist: boolean;
  managed: boolean;
  mentionable: boolean;
  icon: null;
  unicode_emoji: null;
  description: null;
  flags: number;
};

/**
 * A server. `unavailable` is an outage: READY and GUILD_CREATE then carry only its id; `joined`
 * says whether the bot is in it.
 */
export type FakeGuild = {
  readonly id: string;
  name: string;
  ownerId: string;
  preferredLocale: string;
  systemChannelId: string | null;
  joined: boolean;
  unavailable: boolean;
  /** Roles that the bot has besides @everyone. */
  botRoleIds: string[];
  readonly roles: Map<string, FakeRole>;
  readonly channels: Map<string, FakeChannel>;
  readonly memberRoleIds: Map<string, string[]>;
  readonly joinedAtIso: string;
};

/** What to change about a new server. */
export type GuildOptions = {
  id?: string;
  name?: string;
  ownerId?: string;
  preferredLocale?: string;
  unavailable?: boolean;
  /** False: a server where only members installed the app for themselves. */
  joined?: boolean;
  /** Permission bits of the bot's own role. */
  botPermissions?: bigint;
};

/** What to change about a new channel; `type` is Discord's channel type, 0 (text) by default. */
export type ChannelOptions = {
  id?: string;
  name?: string;
  type?: number;
  parentId?: string;
  overwrites?: FakeOverwrite[];
  archived?: boolean;
};

/** The servers, channels and people of one fake Discord. */
export type World = ReturnType<typeof createWorld>;

/** Creates an empty world with one application and its bot user; `now` is in ms since 1970. */
export function createWorld({
  now,
  publicKey,
  endpointUrl,
}: {
  now: () => number;
  publicKey: string;
  endpointUrl: string | null;
}) {
  const snowflakes = createSnowflakes(now);
  const guilds = new Map<string, FakeGuild>();
  const channels = new Map<string, FakeChannel>();
  const users = new Map<string, FakeUser>();
  const applicationId = snowflakes.next();

  const addUser = (options: { id?: string; username?: string; bot?: boolean } = {}): FakeUser => {
    const id = options.id ?? snowflakes.next();
    const username = options.username ?? `member${users.size}`;
    const user: FakeUser = {
      id,
      username,
      global_name: options.bot ? null : username,
      discriminator: options.bot ? "0420" : "0",
      avatar: null,
      bot: options.bot ?? false,
      public_flags: 0,
      flags: 0,
      avatar_decoration_data: null,
      collectibles: null,
      clan: null,
      primary_guild: null,
    };
    users.set(id, user);
    return user;
  };
  // Since 2016 an application and its bot user share one id.
  const botUser = addUser({ id: applicationId, username: "lambo", bot: true });

  const addRole = (
    guild: FakeGuild,
    options: { id?: string; name?: string; permissions?: bigint; managed?: boolean } = {},
  ): FakeRole => {
    const role: FakeRole = {
      id: options.id ?? snowflakes.next(),
      name: options.name ?? "role",
      permissions: String(options.permissions ?? 0n),
      position: guild.roles.size,
      color: 0,
      colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
      hoist: false,
      managed: options.managed ?? false,
      mentionable: false,
      icon: null,
      unicode_emoji: null,
      description: null,
      flags: 0,
    };
    guild.roles.set(role.id, role);
    return role;
  };

  const addChannel = (guild: FakeGuild, options: ChannelOptions = {}): FakeChannel => {
    const type = options.type ?? 0;
    const isThread = type >= 10 && type <= 12;
    const channel: FakeChannel = {
      id: options.id ?? snowflakes.next(),
      type,
      guild_id: guild.id,
      name: options.name ?? `channel-${guild.channels.size}`,
      position: guild.channels.size,
      topic: null,
      nsfw: false,
      parent_id: options.parentId ?? null,
      rate_limit_per_user: 0,
      permission_overwrites: options.overwrites ?? [],
      last_message_id: null,
      flags: 0,
      ...(isThread && {
        thread_metadata: {
          archived: options.archived ?? false,
          locked: false,
          auto_archive_duration: 1440,
          archive_timestamp: new Date(now()).toISOString(),
        },
      }),
    };
    guild.channels.set(channel.id, channel);
    channels.set(channel.id, channel);
    return channel;
  };

  const addGuild = (options: GuildOptions = {}): FakeGuild => {
    const owner = options.ownerId ?? addUser({ username: "owner" }).id;
    const guild: FakeGuild = {
      id: options.id ?? snowflakes.next(),
      name: options.name ?? `Server ${guilds.size + 1}`,
      ownerId: owner,
      preferredLocale: options.preferredLocale ?? "en-US",
      systemChannelId: null,
      joined: options.joined ?? true,
      unavailable: options.unavailable ?? false,
      botRoleIds: [],
      roles: new Map(),
      channels: new Map(),
      memberRoleIds: new Map(),
      joinedAtIso: new Date(now()).toISOString(),
    };
    guilds.set(guild.id, guild);
    // The @everyone role has the id of its server.
    addRole(guild, { id: guild.id, name: "@everyone", permissions: ordinaryPermissions });
    guild.botRoleIds.push(
      addRole(guild, {
        name: "lambo",
        permissions: options.botPermissions ?? ordinaryPermissions,
        managed: true,
      }).id,
    );
    guild.systemChannelId = addChannel(guild, { name: "general" }).id;
    return guild;
  };

  const dmChannel = (user: FakeUser): FakeChannel => {
    for (const channel of channels.values())
      if (channel.type === 1 && channel.recipients?.[0]?.id === user.id) return channel;
    const channel: FakeChannel = {
      id: snowflakes.next(),
      type: 1,
      recipients: [user],
      last_message_id: null,
      flags: 0,
    };
    channels.set(channel.id, channel);
    return channel;
  };

  /**
   * A group that has the person in it but not the bot: only a user-installed app can be used there.
   */
  const groupChannel = (user: FakeUser): FakeChannel => {
    const channel: FakeChannel = {
      id: snowflakes.next(),
      type: 3,
      recipients: [user],
      last_message_id: null,
      flags: 0,
    };
    channels.set(channel.id, channel);
    return channel;
  };

  const rolesOf = (guild: FakeGuild, userId: string): string[] =>
    userId === botUser.id ? guild.botRoleIds : (guild.memberRoleIds.get(userId) ?? []);

  /**
   * Discord's algorithm: owner and administrators may all; then roles, then the channel's
   * exceptions.
   */
  const permissionsOf = (guild: FakeGuild, userId: string, channel?: FakeChannel): bigint => {
    const all = (1n << 53n) - 1n;
    if (guild.ownerId === userId) return all;
    const roleIds = [guild.id, ...rolesOf(guild, userId)];
    let bits = 0n;
    for (const roleId of roleIds) bits |= BigInt(guild.roles.get(roleId)?.permissions ?? "0");
    if ((bits & Permission.Administrator) !== 0n) return all;
    // A thread has the exceptions of the channel that it hangs in.
    const ruling =
      channel?.thread_metadata && channel.parent_id
        ? (guild.channels.get(channel.parent_id) ?? channel)
        : channel;
    const overwrites = ruling?.permission_overwrites ?? [];
    for (const one of overwrites)
      if (one.id === guild.id) bits = (bits & ~BigInt(one.deny)) | BigInt(one.allow);
    let allow = 0n;
    let deny = 0n;
    for (const one of overwrites) {
      if (one.type === 0 && one.id !== guild.id && roleIds.includes(one.id)) {
        allow |= BigInt(one.allow);
        deny |= BigInt(one.deny);
      }
    }
    bits = (bits & ~deny) | allow;
    for (const one of overwrites)
      if (one.type === 1 && one.id === userId)
        bits = (bits & ~BigInt(one.deny)) | BigInt(one.allow);
    return bits;
  };

  const memberJson = (guild: FakeGuild, user: FakeUser) => ({
    user,
    nick: null,
    avatar: null,
    banner: null,
    roles: rolesOf(guild, user.id),
    joined_at: guild.joinedAtIso,
    premium_since: null,
    deaf: false,
    mute: false,
    flags: 0,
    pending: false,
    communication_disabled_until: null,
    unusual_dm_activity_until: null,
  });

  /** The server as `GET /guilds/{id}` answers it. */
  const guildJson = (guild: FakeGuild) => ({
    id: guild.id,
    name: guild.name,
    icon: null,
    splash: null,
    discovery_splash: null,
    home_header: null,
    owner_id: guild.ownerId,
    region: "deprecated",
    afk_channel_id: null,
    afk_timeout: 300,
    widget_enabled: false,
    widget_channel_id: null,
    verification_level: 0,
    default_message_notifications: 0,
    explicit_content_filter: 0,
    roles: [...guild.roles.values()],
    emojis: [],
    stickers: [],
    features: [],
    mfa_level: 0,
    application_id: null,
    system_channel_id: guild.systemChannelId,
    system_channel_flags: 0,
    rules_channel_id: null,
    max_presences: null,
    max_members: 500_000,
    max_stage_video_channel_users: 50,
    max_video_channel_users: 25,
    vanity_url_code: null,
    description: null,
    banner: null,
    premium_tier: 0,
    premium_subscription_count: 0,
    preferred_locale: guild.preferredLocale,
    public_updates_channel_id: null,
    safety_alerts_channel_id: null,
    premium_progress_bar_enabled: false,
    nsfw: false,
    nsfw_level: 0,
    incidents_data: null,
  });

  /** The server as GUILD_CREATE brings it; during an outage only its id. */
  const guildCreateJson = (guild: FakeGuild) =>
    guild.unavailable
      ? { id: guild.id, unavailable: true }
      : {
          ...guildJson(guild),
          joined_at: guild.joinedAtIso,
          large: false,
          unavailable: false,
          member_count: 2,
          members: [memberJson(guild, botUser)],
          channels: [...guild.channels.values()].filter(
            (channel) => channel.thread_metadata === undefined,
          ),
          threads: [...guild.channels.values()].filter(
            (channel) => channel.thread_metadata !== undefined,
          ),
          presences: [],
          voice_states: [],
          stage_instances: [],
          guild_scheduled_events: [],
          soundboard_sounds: [],
        };

  const applicationJson = () => ({
    id: applicationId,
    name: "lambo",
    icon: null,
    description: "",
    type: null,
    bot: botUser,
    summary: "",
    bot_public: true,
    bot_require_code_grant: false,
    is_monetized: false,
    hook: true,
    verify_key: publicKey,
    flags: 0,
    owner: botUser,
    team: null,
    redirect_uris: [],
    interactions_endpoint_url: endpointUrl,
    role_connections_verification_url: null,
    integration_types_config: { "0": {}, "1": {} },
    approximate_guild_count: [...guilds.values()].filter((guild) => guild.joined).length,
    approximate_user_install_count: 0,
    approximate_user_authorization_count: 0,
    flags_new: "0",
    explicit_content_filter: 0,
    eligible_oauth2_scopes: [],
  });

  return {
    now,
    snowflakes,
    applicationId,
    botUser,
    guilds,
    channels,
    users,
    addUser,
    addRole,
    addChannel,
    addGuild,
    dmChannel,
    groupChannel,
    rolesOf,
    permissionsOf,
    memberJson,
    guildJson,
    guildCreateJson,
    applicationJson,
  };
}
