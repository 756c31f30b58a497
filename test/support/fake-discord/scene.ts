import { defaultAttachmentLimitBytes } from "./attachments.ts";
import { isJsonObject, type JsonObject, jsonObjects } from "./json.ts";
import { storedComponents } from "./message-json.ts";
import { permissionsOf } from "./permissions.ts";
import type { SeenMessage } from "./seen-message.ts";
import {
  type FakeChannel,
  type FakeGuild,
  type FakeUser,
  ordinaryPermissions,
  type World,
} from "./world.ts";
import { memberJson } from "./world-json.ts";

/** Where and by whom: a server's channel, or a direct message when `guild` is left out. */
export type Scene = {
  /** As Discord was until 2026-07-16: channels in options come without `app_permissions`. */
  isBeforeAppPermissions?: boolean;
  user: FakeUser;
  guild?: FakeGuild;
  /** Default: the server's first channel. */
  channel?: FakeChannel;
  /** A group or someone else's direct message, where only a user-installed app can be used. */
  privateChannel?: boolean;
  /**
   * Who installed the app that answers; default the server (or, in a private channel, the user).
   */
  installedBy?: "guild" | "user";
  /** The person's locale; default en-US. */
  locale?: string;
  /** When the member joined the server, ISO 8601; default when the server was added. */
  joinedAt?: string;
  /** Permission bits of the member in the channel; default by roles. */
  permissions?: bigint;
  /** Permission bits of the bot in the channel; default by roles. */
  appPermissions?: bigint;
  /** In bytes; default 10 MiB. */
  attachmentLimitBytes?: number;
};

/** A slash command as typed; `name` may hold the subcommand: `config digest`. */
export type CommandScene = Scene & {
  name: string;
  options?: Readonly<Record<string, string | number | boolean>>;
  /** Sends it although it does not fit what is registered, as an old client or a forger would. */
  unchecked?: boolean;
};

/** A command that somebody chooses in the menu of a message. */
export type MessageCommandScene = Scene & { name: string; message: SeenMessage };

/** An option being typed: `focused` is its name, its text stands in `options`. */
export type TypingScene = CommandScene & { focused: string };

/**
 * What Discord sends when somebody does something: the interaction's JSON, where it happened, and
 * what messages say about it.
 */
export function scenePayload(
  world: World,
  {
    type,
    scene,
    data,
    source,
  }: { type: number; scene: Scene; data: JsonObject; source: JsonObject | undefined },
): { payload: JsonObject; metadata: JsonObject; channelId: string; id: string; token: string } {
  const { guild, user } = scene;
  const alone = () => (scene.privateChannel ? world.groupChannel(user) : world.dmChannel(user));
  const channel = scene.channel ?? (guild ? guild.channels.values().next().value : alone());
  if (!channel) throw new Error("This server has no channel to use a command in.");
  const id = world.snowflakes.next();
  const token = Buffer.from(`interaction:${id}:${"x".repeat(60)}`).toString("base64url");
  const installedBy =
    scene.installedBy ?? (channel.type === 3 || guild?.joined === false ? "user" : "guild");
  const owners = installedBy === "user" ? { "1": user.id } : { "0": guild?.id ?? "0" };
  const isCommand = type === 2;
  const metadata: JsonObject = {
    id,
    type,
    user,
    authorizing_integration_owners: owners,
    ...(isCommand && { name: data["name"], command_type: data["type"] }),
    ...(source && { interacted_message_id: source["id"] }),
  };
  const botPermissions = guild?.joined
    ? permissionsOf(world, guild, world.botUser.id, channel)
    : ordinaryPermissions;
  const payload: JsonObject = {
    id,
    application_id: world.applicationId,
    type,
    token,
    version: 1,
    data,
    ...(guild && {
      guild_id: guild.id,
      guild: { id: guild.id, features: [], locale: guild.preferredLocale },
      guild_locale: guild.preferredLocale,
      member: {
        ...memberJson(world, guild, user),
        ...(scene.joinedAt !== undefined && { joined_at: scene.joinedAt }),
        permissions: String(scene.permissions ?? permissionsOf(world, guild, user.id, channel)),
      },
    }),
    ...(!guild && { user }),
    channel_id: channel.id,
    channel: channelJson(world, scene, channel),
    locale: scene.locale ?? "en-US",
    app_permissions: String(scene.appPermissions ?? botPermissions),
    entitlements: [],
    entitlement_sku_ids: [],
    authorizing_integration_owners: owners,
    context: guild ? 0 : channel.type === 3 ? 2 : 1,
    attachment_size_limit: scene.attachmentLimitBytes ?? defaultAttachmentLimitBytes,
    ...(source && { message: source }),
  };
  return { payload: structuredClone(payload), metadata, channelId: channel.id, id, token };
}

function channelJson(world: World, scene: Scene, channel: FakeChannel): JsonObject {
  const { recipients, ...rest } = channel;
  return {
    ...rest,
    ...(recipients && { recipients }),
    ...(scene.guild && {
      permissions: String(
        scene.permissions ?? permissionsOf(world, scene.guild, scene.user.id, channel),
      ),
    }),
  };
}

/** Where a message hangs, for the person who uses something on it. */
export function sceneOf(
  world: World,
  message: SeenMessage,
  user: FakeUser,
  extra: Partial<Scene>,
): Scene {
  const channel = world.channels.get(message.channelId);
  const guild = channel?.guild_id === undefined ? undefined : world.guilds.get(channel.guild_id);
  return { user, ...(channel && { channel }), ...(guild && { guild }), ...extra };
}

/**
 * A component on a message, as the person who uses it sees it. Throws where nobody could use it.
 */
export function componentOf(message: SeenMessage, customId: string, user: FakeUser): JsonObject {
  if (message.state !== "shown")
    throw new Error(`Message ${message.id} is ${message.state}: nothing on it can be used.`);
  if (message.ephemeral && message.viewerId !== user.id)
    throw new Error(`Only ${message.viewerId} sees message ${message.id}.`);
  const search = (components: readonly unknown[]): JsonObject | undefined => {
    for (const component of components) {
      if (!isJsonObject(component)) continue;
      if (component["custom_id"] === customId) return component;
      const children = [
        ...jsonObjects(component["components"]),
        ...jsonObjects([component["accessory"]]),
      ];
      const found = search(children);
      if (found) return found;
    }
    return undefined;
  };
  const component = search(storedComponents(message.components));
  if (!component) throw new Error(`No component "${customId}" on message ${message.id}.`);
  if (component["disabled"] === true) throw new Error(`Component "${customId}" is disabled.`);
  return component;
}
