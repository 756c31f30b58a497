import type { GatewayServer } from "../gateway.ts";
import { permissionsOf } from "../permissions.ts";
import { restErrors } from "../rest-error.ts";
import type { World } from "../world.ts";
import { applicationJson } from "../world-json.ts";
import {
  bodyOf,
  guildOf,
  type Handled,
  noContent,
  ok,
  type RestCall,
  type Route,
  route,
} from "./route.ts";

/** The gateway's address, the bot's own account, its servers and its direct messages. */
export function accountRoutes(deps: {
  world: World;
  gateway: GatewayServer;
  /** What `/gateway/bot` recommends. */
  shards: number;
}): Route[] {
  const { world, gateway } = deps;
  const userOf = (id: string) => {
    const user = world.users.get(id);
    if (!user) throw restErrors.unknownUser();
    return user;
  };
  // "@me" stands before the templates that would also match it.
  return [
    route("GET", "/gateway", () => ok({ url: gateway.url })),
    route("GET", "/gateway/bot", () =>
      ok({
        url: gateway.url,
        shards: deps.shards,
        session_start_limit: {
          total: 1000,
          remaining: gateway.sessionStartsLeft,
          reset_after: 14_400_000,
          max_concurrency: 16,
        },
      }),
    ),
    route("GET", "/users/@me", () =>
      ok({
        ...world.botUser,
        verified: true,
        mfa_enabled: false,
        email: null,
        locale: "en-US",
        flags: 0,
      }),
    ),
    route("GET", "/users/@me/guilds", (call) => listGuilds(world, call)),
    route("DELETE", "/users/@me/guilds/:guild_id", (call) => {
      const guild = guildOf(world, call);
      guild.joined = false;
      gateway.guildLeft(guild, { unavailable: false });
      return noContent;
    }),
    route("POST", "/users/@me/channels", (call) =>
      ok(world.dmChannel(userOf(String(bodyOf(call)["recipient_id"])))),
    ),
    route("GET", "/users/:user_id", (call) => ok(userOf(call.params["user_id"] ?? ""))),
    route("GET", "/applications/@me", () => ok(applicationJson(world))),
    route("GET", "/oauth2/applications/@me", () => ok(applicationJson(world))),
  ];
}

function listGuilds(world: World, call: RestCall): Handled {
  const limit = Number(call.query.get("limit") ?? 200);
  const [before, after] = [call.query.get("before"), call.query.get("after")];
  const mine = [...world.guilds.values()]
    .filter((guild) => guild.joined)
    .sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
  const wanted = mine.filter(
    (guild) =>
      (before === null || BigInt(guild.id) < BigInt(before)) &&
      (after === null || BigInt(guild.id) > BigInt(after)),
  );
  const page = before === null ? wanted.slice(0, limit) : wanted.slice(-limit);
  return ok(
    page.map((guild) => ({
      id: guild.id,
      name: guild.name,
      icon: null,
      banner: null,
      owner: false,
      permissions: String(permissionsOf(world, guild, world.botUser.id)),
      features: [],
    })),
  );
}
