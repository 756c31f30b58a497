import type { APIApplicationCommandOptionChoice } from "discord-api-types/v10";
import type { Changes } from "./changes.ts";
import { type CommandStore, OptionType } from "./commands.ts";
import { isJsonObject, type JsonObject, jsonObjects, numberOf, textOf } from "./json.ts";
import { checkChoices, MessageFlag } from "./message-rules.ts";
import {
  defaultAttachmentLimitBytes,
  type MessageStore,
  type SeenMessage,
  storedComponents,
  type UploadedFile,
} from "./messages.ts";
import { FormFaults, restErrors } from "./rest-error.ts";
import {
  type FakeChannel,
  type FakeGuild,
  type FakeUser,
  ordinaryPermissions,
  type World,
} from "./world.ts";

/**
 * How long the first response may take, and how long a token lives, in ms.
 * https://discord.com/developers/docs/interactions/receiving-and-responding (2026-11)
 */
const firstResponseMs = 3_000;
const tokenLifeMs = 15 * 60_000;

/** The bot's first response: what kind it was, and its body's `data`. */
export type FirstResponse = {
  readonly kind:
    | "pong"
    | "message"
    | "deferred-message"
    | "deferred-update"
    | "update"
    | "suggestions"
    | "modal";
  readonly data: JsonObject;
  readonly atMs: number;
};

/** What came of an interaction, as the person who caused it sees it. */
export type Seen = {
  /**
   * Visible to everybody in the channel, oldest first; a message that a component edits is among
   * them.
   */
  readonly public: readonly SeenMessage[];
  /** Ephemeral, oldest first. */
  readonly private: readonly SeenMessage[];
  readonly deleted: readonly SeenMessage[];
  /** Messages that still say "thinking". */
  readonly thinking: readonly SeenMessage[];
};

/** One thing that a person did, and all that the bot makes of it. */
export type InteractionHandle = {
  readonly id: string;
  readonly token: string;
  /** What Discord sends: over the gateway as INTERACTION_CREATE's `d`, over HTTP as the body. */
  readonly payload: JsonObject;
  /** Resolves with the bot's first response, a deferral included. */
  response(): Promise<FirstResponse>;
  /**
   * Resolves with the first message that has content: an answer, a filled-in deferral, a follow-up
   * or an edit of the component's message.
   */
  answer(): Promise<SeenMessage>;
  /** Resolves with the suggestions under an option. */
  suggestions(): Promise<readonly APIApplicationCommandOptionChoice[]>;
  /**
   * Resolves when `read` answers true about what the person sees; asked again after every change.
   */
  until(what: string, read: (seen: Seen) => boolean): Promise<Seen>;
  messages(): Seen;
  /** What the person reads when nothing came in 3 s, by the fake's clock. */
  readonly didNotRespond: boolean;
  /**
   * For a bot that answers in the body of an HTTP response: takes that response as the interaction
   * callback.
   */
  answeredOverHttp(response: Response): Promise<void>;
};

type Interaction = {
  readonly id: string;
  readonly token: string;
  readonly type: number;
  readonly createdAtMs: number;
  readonly channelId: string;
  readonly user: FakeUser;
  readonly payload: JsonObject;
  readonly metadata: JsonObject;
  readonly attachmentLimitBytes: number;
  /** The message that the pressed component sits on. */
  readonly source: SeenMessage | undefined;
  readonly sourceEdits: number;
  first: FirstResponse | undefined;
  original: SeenMessage | undefined;
  readonly followups: SeenMessage[];
};

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

/** An option being typed: `focused` is its name, its text stands in `options`. */
export type TypingScene = CommandScene & { focused: string };

/** The later requests of one interaction need neither token nor header: they know its token. */
export type Interactions = ReturnType<typeof createInteractions>;

/** A body that the bot sent: its JSON and its files. */
export type SentBody = { readonly json: unknown; readonly uploads: readonly UploadedFile[] };

/**
 * Creates the interactions of a fake Discord: payloads going out, callbacks and webhooks coming
 * back.
 */
export function createInteractions(deps: {
  world: World;
  messages: MessageStore;
  commands: CommandStore;
  changes: Changes;
  /** The clock of the 3-second and 15-minute rules, in ms. */
  now: () => number;
  readHttpBody: (response: Response) => Promise<SentBody>;
}) {
  const { world, messages, commands, changes, now } = deps;
  const byToken = new Map<string, Interaction>();

  // ---- payloads ----

  const channelJson = (scene: Scene, channel: FakeChannel): JsonObject => {
    const { recipients, ...rest } = channel;
    return {
      ...rest,
      ...(recipients && { recipients }),
      ...(scene.guild && {
        permissions: String(
          scene.permissions ?? world.permissionsOf(scene.guild, scene.user.id, channel),
        ),
      }),
    };
  };

  const begin = (
    type: number,
    scene: Scene,
    data: JsonObject,
    source?: SeenMessage,
  ): Interaction => {
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
      ...(isCommand && { name: data["name"], command_type: 1 }),
      ...(source && { interacted_message_id: source.id }),
    };
    const botPermissions = guild?.joined
      ? world.permissionsOf(guild, world.botUser.id, channel)
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
          ...world.memberJson(guild, user),
          permissions: String(scene.permissions ?? world.permissionsOf(guild, user.id, channel)),
        },
      }),
      ...(!guild && { user }),
      channel_id: channel.id,
      channel: channelJson(scene, channel),
      locale: scene.locale ?? "en-US",
      app_permissions: String(scene.appPermissions ?? botPermissions),
      entitlements: [],
      entitlement_sku_ids: [],
      authorizing_integration_owners: owners,
      context: guild ? 0 : channel.type === 3 ? 2 : 1,
      attachment_size_limit: scene.attachmentLimitBytes ?? defaultAttachmentLimitBytes,
      ...(source && { message: messages.toJson(source) }),
    };
    const interaction: Interaction = {
      id,
      token,
      type,
      createdAtMs: now(),
      channelId: channel.id,
      user,
      payload: structuredClone(payload),
      metadata,
      attachmentLimitBytes: scene.attachmentLimitBytes ?? defaultAttachmentLimitBytes,
      source,
      sourceEdits: source?.edits ?? 0,
      first: undefined,
      original: undefined,
      followups: [],
    };
    byToken.set(token, interaction);
    return interaction;
  };

  /** Walks a registered declaration down to the options of the named subcommand. */
  const declarationOf = (scene: CommandScene) => {
    const [root = "", ...path] = scene.name.split(" ");
    const registered = commands.find(root, scene.guild?.id);
    const somethingRegistered =
      commands.list().length + (scene.guild ? commands.list(scene.guild.id).length : 0) > 0;
    if (!registered && somethingRegistered && !scene.unchecked)
      throw new Error(`/${root} is not registered, so nobody can send it.`);
    let options = registered ? jsonObjects(registered["options"]) : undefined;
    const types: number[] = [];
    for (const step of path) {
      const next = options?.find((option) => option["name"] === step);
      if (options && !next && !scene.unchecked)
        throw new Error(`/${scene.name} is not registered: there is no "${step}".`);
      types.push(numberOf(next?.["type"]) ?? OptionType.Subcommand);
      options = next ? jsonObjects(next["options"]) : undefined;
    }
    return { root, path, types, registered, options };
  };

  const checkAgainstDeclaration = (
    scene: CommandScene,
    name: string,
    value: unknown,
    declared: JsonObject,
    focused: boolean,
  ): void => {
    const refuse = (why: string): never => {
      throw new Error(`Discord would not send /${scene.name} ${name}:${String(value)}: ${why}.`);
    };
    if (focused) return;
    const choices = jsonObjects(declared["choices"]);
    if (choices.length > 0 && !choices.some((choice) => choice["value"] === value))
      refuse("not one of the choices");
    const type = declared["type"];
    if ((type === OptionType.Number || type === OptionType.Integer) !== (typeof value === "number"))
      refuse("wrong type");
    if ((type === OptionType.Boolean) !== (typeof value === "boolean")) refuse("wrong type");
    if (type === OptionType.Integer && !Number.isInteger(value)) refuse("not a whole number");
    if (typeof value === "number") {
      if (
        value < (numberOf(declared["min_value"]) ?? -Infinity) ||
        value > (numberOf(declared["max_value"]) ?? Infinity)
      )
        refuse("out of range");
      if (!Number.isFinite(value) || Math.abs(value) > 2 ** 53) refuse("Discord allows ±2^53");
    }
    if (type === OptionType.Channel) {
      const channel = scene.guild?.channels.get(String(value));
      if (channel === undefined) refuse("not a channel of this server");
      const offered = declared["channel_types"];
      if (Array.isArray(offered) && offered.length > 0 && !offered.includes(channel?.type))
        refuse("not one of the channel types");
    }
    if (type === OptionType.Role && !scene.guild?.roles.has(String(value)))
      refuse("not a role of this server");
    if (type === OptionType.String && typeof value === "string") {
      const length = [...value].length;
      if (
        length < (numberOf(declared["min_length"]) ?? 1) ||
        length > (numberOf(declared["max_length"]) ?? 6000)
      )
        refuse("wrong length");
    }
  };

  const resolve = (
    scene: Scene,
    type: number,
    id: string,
    resolved: Record<string, JsonObject>,
  ): void => {
    const into = (kind: string, value: unknown) => {
      resolved[kind] = { ...resolved[kind], [id]: value };
    };
    const channel = world.channels.get(id);
    const role = scene.guild?.roles.get(id);
    const user = world.users.get(id);
    if (type === OptionType.Channel && channel && (!scene.guild || scene.guild.channels.has(id))) {
      into("channels", {
        id,
        type: channel.type,
        name: channel.name,
        permissions: String(
          scene.guild ? world.permissionsOf(scene.guild, scene.user.id, channel) : 0n,
        ),
        // Since 2026-07-16, and only where the bot is a member.
        ...(scene.guild && { guild_id: scene.guild.id }),
        ...(scene.guild?.joined &&
          !scene.isBeforeAppPermissions && {
            app_permissions: String(world.permissionsOf(scene.guild, world.botUser.id, channel)),
          }),
        ...(channel.parent_id && { parent_id: channel.parent_id }),
        ...(channel.thread_metadata && { thread_metadata: channel.thread_metadata }),
      });
    } else if ((type === OptionType.Role || type === OptionType.Mentionable) && role)
      into("roles", role);
    else if ((type === OptionType.User || type === OptionType.Mentionable) && user) {
      into("users", user);
      if (scene.guild) {
        const {
          user: _user,
          deaf: _deaf,
          mute: _mute,
          ...member
        } = world.memberJson(scene.guild, user);
        into("members", {
          ...member,
          permissions: String(world.permissionsOf(scene.guild, user.id)),
        });
      }
    }
  };

  const commandData = (scene: CommandScene, focused: string | undefined): JsonObject => {
    const { root, path, types, registered, options: declared } = declarationOf(scene);
    const resolved: Record<string, JsonObject> = {};
    const leaves: JsonObject[] = [];
    for (const [name, value] of Object.entries(scene.options ?? {})) {
      const option = declared?.find((one) => one["name"] === name);
      if (declared && !option && !scene.unchecked)
        throw new Error(`/${scene.name} has no option "${name}".`);
      if (option && !scene.unchecked)
        checkAgainstDeclaration(scene, name, value, option, name === focused);
      const inferred =
        typeof value === "boolean"
          ? OptionType.Boolean
          : typeof value === "number"
            ? OptionType.Number
            : OptionType.String;
      const type = numberOf(option?.["type"]) ?? inferred;
      if (typeof value === "string") resolve(scene, type, value, resolved);
      // While a number is being typed, Discord sends its text.
      leaves.push({
        name,
        type,
        value: name === focused ? String(value) : value,
        ...(name === focused && { focused: true }),
      });
    }
    if (focused !== undefined && !leaves.some((leaf) => leaf["focused"] === true))
      throw new Error(`options must hold the text of "${focused}".`);
    for (const option of declared ?? []) {
      const missing =
        option["required"] === true && !leaves.some((leaf) => leaf["name"] === option["name"]);
      if (missing && focused === undefined && !scene.unchecked)
        throw new Error(
          `Discord would ask for the required option "${String(option["name"])}" of /${scene.name}.`,
        );
    }
    let options = leaves;
    for (let index = path.length - 1; index >= 0; index -= 1)
      options = [{ name: path[index], type: types[index], options }];
    const guildScoped = registered?.["guild_id"];
    return {
      id: textOf(registered?.["id"]) ?? world.snowflakes.next(),
      name: root,
      type: 1,
      ...(guildScoped !== undefined && { guild_id: guildScoped }),
      ...(options.length > 0 && { options }),
      ...(Object.keys(resolved).length > 0 && { resolved }),
    };
  };

  const componentOf = (message: SeenMessage, customId: string, user: FakeUser): JsonObject => {
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
  };

  /** Where a message hangs, for the person who uses something on it. */
  const sceneOf = (message: SeenMessage, user: FakeUser, extra: Partial<Scene>): Scene => {
    const channel = world.channels.get(message.channelId);
    const guild = channel?.guild_id === undefined ? undefined : world.guilds.get(channel.guild_id);
    return { user, ...(channel && { channel }), ...(guild && { guild }), ...extra };
  };

  // ---- what the bot sends back ----

  const draftOf = (
    interaction: Interaction,
    body: JsonObject,
    uploads: readonly UploadedFile[],
    prefix: string[],
  ) => ({
    body,
    uploads,
    limitBytes: interaction.attachmentLimitBytes,
    prefix,
  });
  const place = (interaction: Interaction, ephemeral: boolean) => ({
    channelId: interaction.channelId,
    ephemeral,
    viewerId: ephemeral ? interaction.user.id : undefined,
    interactionMetadata: interaction.metadata,
  });

  const callback = (interaction: Interaction, sent: SentBody): void => {
    if (interaction.first) throw restErrors.alreadyAcknowledged();
    const faults = new FormFaults();
    const body = isJsonObject(sent.json) ? sent.json : {};
    const type = numberOf(body["type"]);
    const data = isJsonObject(body["data"]) ? body["data"] : {};
    const isEphemeral = ((numberOf(data["flags"]) ?? 0) & MessageFlag.Ephemeral) !== 0;
    const allowed: Record<number, readonly number[]> = {
      1: [1],
      2: [4, 5, 9],
      3: [4, 5, 6, 7, 9],
      4: [8],
    };
    if (type === undefined) faults.required(["type"]);
    else if (!allowed[interaction.type]?.includes(type)) {
      faults.add(
        ["type"],
        "BASE_TYPE_CHOICES",
        `Callback type ${type} does not fit interaction type ${interaction.type}.`,
      );
    }
    if ((type === 4 || type === 7) && !isJsonObject(body["data"])) faults.required(["data"]);
    faults.throwIfAny();
    const respond = (kind: FirstResponse["kind"]): void => {
      interaction.first = { kind, data, atMs: now() };
    };
    switch (type) {
      case 1: {
        respond("pong");
        return;
      }
      case 4:
        interaction.original = messages.create(
          place(interaction, isEphemeral),
          draftOf(interaction, data, sent.uploads, ["data"]),
        );
        {
          respond("message");
          return;
        }
      case 5:
        interaction.original = messages.think(place(interaction, isEphemeral));
        {
          respond("deferred-message");
          return;
        }
      case 6:
        interaction.original = interaction.source;
        {
          respond("deferred-update");
          return;
        }
      case 7:
        if (interaction.source)
          messages.edit(interaction.source, draftOf(interaction, data, sent.uploads, ["data"]));
        interaction.original = interaction.source;
        {
          respond("update");
          return;
        }
      case 8:
        checkChoices(body["data"]);
        {
          respond("suggestions");
          return;
        }
      default: {
        respond("modal");
        return;
      }
    }
  };

  const find = (token: string): Interaction => {
    const interaction = byToken.get(token);
    if (!interaction) throw restErrors.unknownWebhook();
    if (now() - interaction.createdAtMs > tokenLifeMs) throw restErrors.invalidWebhookToken();
    // Until the first response there is no webhook to speak through.
    if (!interaction.first) throw restErrors.unknownWebhook();
    return interaction;
  };
  const messageOf = (interaction: Interaction, messageId: string): SeenMessage => {
    const message =
      messageId === "@original"
        ? interaction.original
        : [interaction.original, ...interaction.followups].find((one) => one?.id === messageId);
    if (!message || message.state === "deleted") throw restErrors.unknownMessage();
    return message;
  };

  /** POST /interactions/:id/:token/callback; answers what `with_response` shows. */
  const respond = (id: string, token: string, sent: SentBody): JsonObject => {
    const interaction = byToken.get(token);
    if (!interaction || interaction.id !== id) throw restErrors.unknownInteraction();
    if (!interaction.first && now() - interaction.createdAtMs > firstResponseMs)
      throw restErrors.unknownInteraction();
    callback(interaction, sent);
    const { original, first } = interaction;
    // A deferral is shown as what it defers.
    const type = first?.kind === "update" || first?.kind === "deferred-update" ? 7 : 4;
    return {
      interaction: {
        id,
        type: interaction.type,
        ...(original && { response_message_id: original.id }),
        response_message_loading: original?.state === "thinking",
        response_message_ephemeral: original?.ephemeral ?? false,
      },
      ...(original && { resource: { type, message: messages.toJson(original) } }),
    };
  };

  const followUp = (token: string, sent: SentBody): SeenMessage => {
    const interaction = find(token);
    const body = isJsonObject(sent.json) ? sent.json : {};
    const draft = draftOf(interaction, body, sent.uploads, []);
    // The first follow-up to a deferred reply fills that reply in and cannot change who sees it.
    // https://discord.com/developers/docs/interactions/receiving-and-responding#create-followup-message
    // (2026-11)
    if (interaction.original?.state === "thinking")
      return messages.edit(interaction.original, draft);
    const isEphemeral = ((numberOf(body["flags"]) ?? 0) & MessageFlag.Ephemeral) !== 0;
    const message = messages.create(place(interaction, isEphemeral), draft);
    interaction.followups.push(message);
    return message;
  };

  const editMessage = (token: string, messageId: string, sent: SentBody): SeenMessage => {
    const interaction = find(token);
    return messages.edit(
      messageOf(interaction, messageId),
      draftOf(interaction, isJsonObject(sent.json) ? sent.json : {}, sent.uploads, []),
    );
  };

  // ---- handles ----

  const seen = (interaction: Interaction): Seen => {
    const all = [
      ...new Set([interaction.original, interaction.source, ...interaction.followups]),
    ].filter((message) => message !== undefined);
    const alive = all.filter((message) => message.state !== "deleted");
    return {
      public: alive.filter((message) => !message.ephemeral),
      private: alive.filter((message) => message.ephemeral),
      deleted: all.filter((message) => message.state === "deleted"),
      thinking: alive.filter((message) => message.state === "thinking"),
    };
  };

  const handleOf = (interaction: Interaction): InteractionHandle => {
    const what = `the bot answered interaction ${interaction.id} (${textOf(interaction.metadata["name"]) ?? "component"})`;
    return {
      id: interaction.id,
      token: interaction.token,
      payload: interaction.payload,
      response: () => changes.until(what, () => interaction.first),
      answer: () =>
        changes.until(what, () => {
          const { source, original, followups, sourceEdits } = interaction;
          if (source && source.edits > sourceEdits && source.state === "shown") return source;
          return [original, ...followups].find(
            (message) => message !== undefined && message !== source && message.state === "shown",
          );
        }),
      suggestions: () =>
        changes.until(what, () => {
          if (!interaction.first) return undefined;
          if (interaction.first.kind !== "suggestions")
            throw new Error(
              `The bot answered with a ${interaction.first.kind}, not with suggestions.`,
            );
          // checkChoices has refused everything that is not a choice.
          return jsonObjects(
            interaction.first.data["choices"],
          ) as unknown as APIApplicationCommandOptionChoice[];
        }),
      until: (hope, read) =>
        changes.until(hope, () => (read(seen(interaction)) ? seen(interaction) : undefined)),
      messages: () => seen(interaction),
      get didNotRespond() {
        return interaction.first === undefined && now() - interaction.createdAtMs > firstResponseMs;
      },
      async answeredOverHttp(response) {
        callback(interaction, await deps.readHttpBody(response));
        changes.tell();
      },
    };
  };

  return {
    respond,
    followUp,
    editMessage,
    getMessage: (token: string, messageId: string): SeenMessage =>
      messageOf(find(token), messageId),
    deleteMessage: (token: string, messageId: string): void =>
      messages.delete(messageOf(find(token), messageId)),

    /** Payloads without a gateway, each with the handle that awaits the bot's later webhooks. */
    payload: {
      ping: (): InteractionHandle => {
        const interaction = begin(1, { user: world.botUser }, {});
        const { id, application_id, type, token, version } = interaction.payload;
        const payload = {
          id,
          application_id,
          type,
          token,
          version,
          user: world.botUser,
          entitlements: [],
          authorizing_integration_owners: {},
          app_permissions: "0",
          attachment_size_limit: defaultAttachmentLimitBytes,
        };
        return handleOf(Object.assign(interaction, { payload }));
      },
      command: (scene: CommandScene): InteractionHandle =>
        handleOf(begin(2, scene, commandData(scene, undefined))),
      type: (scene: TypingScene): InteractionHandle =>
        handleOf(begin(4, scene, commandData(scene, scene.focused))),
      press: (
        message: SeenMessage,
        customId: string,
        user: FakeUser,
        extra: Partial<Scene> = {},
      ): InteractionHandle => {
        const component = componentOf(message, customId, user);
        if (component["type"] !== 2) throw new Error(`"${customId}" is not a button.`);
        const data = { custom_id: customId, component_type: 2, id: numberOf(component["id"]) ?? 1 };
        return handleOf(begin(3, sceneOf(message, user, extra), data, message));
      },
      choose: (
        message: SeenMessage,
        customId: string,
        values: readonly string[],
        user: FakeUser,
        extra: Partial<Scene> = {},
      ): InteractionHandle => {
        const component = componentOf(message, customId, user);
        const [min, max] = [
          numberOf(component["min_values"]) ?? 1,
          numberOf(component["max_values"]) ?? 1,
        ];
        if (values.length < min || values.length > max)
          throw new Error(`"${customId}" takes ${min} to ${max} values, not ${values.length}.`);
        const offered = jsonObjects(component["options"]).map((option) => option["value"]);
        for (const value of values)
          if (component["type"] === 3 && !offered.includes(value))
            throw new Error(`"${customId}" does not offer "${value}".`);
        const data = {
          custom_id: customId,
          component_type: component["type"],
          id: numberOf(component["id"]) ?? 1,
          values: [...values],
        };
        return handleOf(begin(3, sceneOf(message, user, extra), data, message));
      },
      /** A component whose id is not on the message: what a forger would send. */
      forge: (
        message: SeenMessage,
        customId: string,
        user: FakeUser,
        values?: readonly string[],
      ): InteractionHandle =>
        handleOf(
          begin(
            3,
            sceneOf(message, user, {}),
            {
              custom_id: customId,
              component_type: values ? 3 : 2,
              id: 1,
              ...(values && { values: [...values] }),
            },
            message,
          ),
        ),
    },
  };
}
