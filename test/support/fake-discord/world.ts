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
function createSnowflakes(now: () => number): Snowflakes {
  let counter = 0n;
  return {
    next() {
      counter += 1n;
      const elapsedMs = BigInt(Math.floor(now())) - discordEpochMs;
      return String(((elapsedMs > 0n ? elapsedMs : 0n) << 22n) | (counter & 0x3fffffn));
    },
  };
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

/**
 * The servers, channels and people of one fake Discord, with one application and its bot user.
 */
export class World {
  /** The clock of ids and dates, in ms since 1970. */
  readonly now: () => number;
  readonly publicKey: string;
  readonly endpointUrl: string | null;
  readonly snowflakes: Snowflakes;
  readonly guilds = new Map<string, FakeGuild>();
  readonly channels = new Map<string, FakeChannel>();
  readonly users = new Map<string, FakeUser>();
  readonly applicationId: string;
  readonly botUser: FakeUser;

  constructor(options: { now: () => number; publicKey: string; endpointUrl: string | null }) {
    this.now = options.now;
    this.publicKey = options.publicKey;
    this.endpointUrl = options.endpointUrl;
    this.snowflakes = createSnowflakes(options.now);
    this.applicationId = this.snowflakes.next();
    // Since 2016 an application and its bot user share one id.
    this.botUser = this.addUser({ id: this.applicationId, username: "lambo", bot: true });
  }

  addUser(options: { id?: string; username?: string; bot?: boolean } = {}): FakeUser {
    const id = options.id ?? this.snowflakes.next();
    const username = options.username ?? `member${this.users.size}`;
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
    this.users.set(id, user);
    return user;
  }

  addRole(
    guild: FakeGuild,
    options: { id?: string; name?: string; permissions?: bigint; managed?: boolean } = {},
  ): FakeRole {
    const role: FakeRole = {
      id: options.id ?? this.snowflakes.next(),
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
  }

  addChannel(guild: FakeGuild, options: ChannelOptions = {}): FakeChannel {
    const type = options.type ?? 0;
    const isThread = type >= 10 && type <= 12;
    const channel: FakeChannel = {
      id: options.id ?? this.snowflakes.next(),
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
          archive_timestamp: new Date(this.now()).toISOString(),
        },
      }),
    };
    guild.channels.set(channel.id, channel);
    this.channels.set(channel.id, channel);
    return channel;
  }

  addGuild(options: GuildOptions = {}): FakeGuild {
    const owner = options.ownerId ?? this.addUser({ username: "owner" }).id;
    const guild: FakeGuild = {
      id: options.id ?? this.snowflakes.next(),
      name: options.name ?? `Server ${this.guilds.size + 1}`,
      ownerId: owner,
      preferredLocale: options.preferredLocale ?? "en-US",
      systemChannelId: null,
      joined: options.joined ?? true,
      unavailable: options.unavailable ?? false,
      botRoleIds: [],
      roles: new Map(),
      channels: new Map(),
      memberRoleIds: new Map(),
      joinedAtIso: new Date(this.now()).toISOString(),
    };
    this.guilds.set(guild.id, guild);
    // The @everyone role has the id of its server.
    this.addRole(guild, { id: guild.id, name: "@everyone", permissions: ordinaryPermissions });
    guild.botRoleIds.push(
      this.addRole(guild, {
        name: "lambo",
        permissions: options.botPermissions ?? ordinaryPermissions,
        managed: true,
      }).id,
    );
    guild.systemChannelId = this.addChannel(guild, { name: "general" }).id;
    return guild;
  }

  dmChannel(user: FakeUser): FakeChannel {
    for (const channel of this.channels.values())
      if (channel.type === 1 && channel.recipients?.[0]?.id === user.id) return channel;
    const channel: FakeChannel = {
      id: this.snowflakes.next(),
      type: 1,
      recipients: [user],
      last_message_id: null,
      flags: 0,
    };
    this.channels.set(channel.id, channel);
    return channel;
  }

  /**
   * A group that has the person in it but not the bot: only a user-installed app can be used there.
   */
  groupChannel(user: FakeUser): FakeChannel {
    const channel: FakeChannel = {
      id: this.snowflakes.next(),
      type: 3,
      recipients: [user],
      last_message_id: null,
      flags: 0,
    };
    this.channels.set(channel.id, channel);
    return channel;
  }

  rolesOf(guild: FakeGuild, userId: string): string[] {
    return userId === this.botUser.id ? guild.botRoleIds : (guild.memberRoleIds.get(userId) ?? []);
  }
}
