import { type CommandStore, OptionType } from "./commands.ts";
import { type JsonObject, jsonObjects, numberOf, textOf } from "./json.ts";
import { permissionsOf } from "./permissions.ts";
import type { CommandScene, MessageCommandScene, Scene } from "./scene.ts";
import type { World } from "./world.ts";
import { memberJson } from "./world-json.ts";

/**
 * The `data` of a slash command that somebody sends, or types the option `focused` of. Throws where
 * Discord would not let anybody send it.
 */
export function commandData(
  { world, commands }: { world: World; commands: CommandStore },
  scene: CommandScene,
  focused: string | undefined,
): JsonObject {
  const { root, path, types, registered, options: declared } = declarationOf(commands, scene);
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
    if (typeof value === "string") resolve(world, scene, type, value, resolved);
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
}

/**
 * The `data` of a command that somebody chooses in the menu of a message: the message as others see
 * it, without its author's membership. Throws where Discord would not offer it.
 */
export function messageCommandData(
  commands: CommandStore,
  { name, guild, message }: MessageCommandScene,
  target: JsonObject,
): JsonObject {
  const registered = commands.find(name, guild?.id, 3);
  if (registered === undefined)
    throw new Error(`"${name}" is not registered for messages, so nobody can choose it.`);
  if (message.state !== "shown") throw new Error(`Message ${message.id} is ${message.state}.`);
  return {
    id: registered["id"],
    name,
    type: 3,
    target_id: message.id,
    resolved: { messages: { [message.id]: target } },
    ...(registered["guild_id"] !== undefined && { guild_id: registered["guild_id"] }),
  };
}

/** Walks a registered declaration down to the options of the named subcommand. */
function declarationOf(commands: CommandStore, scene: CommandScene) {
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
}

function checkAgainstDeclaration(
  scene: CommandScene,
  name: string,
  value: unknown,
  declared: JsonObject,
  focused: boolean,
): void {
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
}

function resolve(
  world: World,
  scene: Scene,
  type: number,
  id: string,
  resolved: Record<string, JsonObject>,
): void {
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
        scene.guild ? permissionsOf(world, scene.guild, scene.user.id, channel) : 0n,
      ),
      // Since 2026-07-16, and only where the bot is a member.
      ...(scene.guild && { guild_id: scene.guild.id }),
      ...(scene.guild?.joined &&
        !scene.isBeforeAppPermissions && {
          app_permissions: String(permissionsOf(world, scene.guild, world.botUser.id, channel)),
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
      } = memberJson(world, scene.guild, user);
      into("members", {
        ...member,
        permissions: String(permissionsOf(world, scene.guild, user.id)),
      });
    }
  }
}
