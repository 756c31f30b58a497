import { restErrors } from "../rest-error.ts";
import type { World } from "../world.ts";
import { guildJson, memberJson } from "../world-json.ts";
import { guildOf, ok, type Route, route } from "./route.ts";

/** Servers with their channels, roles and members. */
export function guildRoutes({ world }: { world: World }): Route[] {
  return [
    route("GET", "/guilds/:guild_id", (call) => {
      const guild = guildOf(world, call);
      const withCounts = call.query.get("with_counts") === "true";
      return ok({
        ...guildJson(guild),
        ...(withCounts && { approximate_member_count: 2, approximate_presence_count: 1 }),
      });
    }),
    route("GET", "/guilds/:guild_id/channels", (call) =>
      ok(
        [...guildOf(world, call).channels.values()].filter(
          (channel) => channel.thread_metadata === undefined,
        ),
      ),
    ),
    route("GET", "/guilds/:guild_id/roles", (call) => ok([...guildOf(world, call).roles.values()])),
    route("GET", "/guilds/:guild_id/members/:user_id", (call) => {
      const guild = guildOf(world, call);
      const user = world.users.get(call.params["user_id"] ?? "");
      if (!user) throw restErrors.unknownMember();
      return ok(memberJson(world, guild, user));
    }),
  ];
}
