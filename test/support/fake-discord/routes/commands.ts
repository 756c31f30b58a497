import type { CommandStore } from "../commands.ts";
import { restErrors } from "../rest-error.ts";
import type { World } from "../world.ts";
import { guildOf, noContent, ok, type RestCall, type Route, route } from "./route.ts";

/** The application's commands, global ones and those of one server. */
export function commandRoutes(deps: { world: World; commands: CommandStore }): Route[] {
  const { world } = deps;
  return [
    ...routesBelow("/applications/:application_id/commands", deps, () => undefined),
    ...routesBelow(
      "/applications/:application_id/guilds/:guild_id/commands",
      deps,
      (call) => guildOf(world, call).id,
    ),
  ];
}

function routesBelow(
  prefix: string,
  { world, commands }: { world: World; commands: CommandStore },
  guildIdOf: (call: RestCall) => string | undefined,
): Route[] {
  const checkApplication = (call: RestCall): void => {
    if (call.params["application_id"] !== world.applicationId)
      throw restErrors.unknownApplication();
  };
  return [
    route("GET", prefix, (call) => {
      checkApplication(call);
      return ok(commands.shown(guildIdOf(call), call.query.get("with_localizations") === "true"));
    }),
    route("PUT", prefix, (call) => {
      checkApplication(call);
      return ok(commands.replaceAll(call.sent.json, guildIdOf(call)));
    }),
    route("POST", prefix, (call) => {
      checkApplication(call);
      const { command, created } = commands.upsert(call.sent.json, guildIdOf(call));
      return { status: created ? 201 : 200, body: command };
    }),
    route("GET", `${prefix}/:command_id`, (call) => {
      checkApplication(call);
      const found = commands
        .list(guildIdOf(call))
        .find((command) => command["id"] === call.params["command_id"]);
      if (!found) throw restErrors.unknownCommand();
      return ok(found);
    }),
    route("PATCH", `${prefix}/:command_id`, (call) => {
      checkApplication(call);
      const id = call.params["command_id"] ?? "";
      return ok(commands.patch(id, call.sent.json, guildIdOf(call)));
    }),
    route("DELETE", `${prefix}/:command_id`, (call) => {
      checkApplication(call);
      commands.delete(call.params["command_id"] ?? "", guildIdOf(call));
      return noContent;
    }),
  ];
}
