import type { SentBody } from "../interaction-handle.ts";
import { isJsonObject, type JsonObject } from "../json.ts";
import { restErrors } from "../rest-error.ts";
import type { FakeGuild, World } from "../world.ts";

/** A request that found its route. */
export type RestCall = {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly sent: SentBody;
};

/** What a route returns when it succeeds; it throws a `RestError` when Discord would refuse. */
export type Handled = { readonly status: number; readonly body?: unknown };

/** An endpoint of Discord's REST API. */
export type Route = {
  readonly method: string;
  readonly template: string;
  readonly segments: readonly string[];
  /** Interaction endpoints: no token needed, outside the global limit. */
  readonly isInteraction: boolean;
  run(call: RestCall): Handled;
};

/** Declares an endpoint by its template, such as `/channels/:channel_id`. */
export function route(method: string, template: string, run: Route["run"]): Route {
  return { method, template, segments: template.split("/"), isInteraction: false, run };
}

/** Declares an endpoint that an interaction's own token opens. */
export function interactionRoute(method: string, template: string, run: Route["run"]): Route {
  return { ...route(method, template, run), isInteraction: true };
}

/** A response of status 200. */
export const ok = (body: unknown): Handled => ({ status: 200, body });

/** A response of status 204. */
export const noContent: Handled = { status: 204 };

/** The JSON body of a request; empty when it is not an object. */
export const bodyOf = (call: RestCall): JsonObject =>
  isJsonObject(call.sent.json) ? call.sent.json : {};

/** The server named in the path. Throws Discord's error when the bot is not in it. */
export function guildOf(world: World, call: RestCall): FakeGuild {
  const guild = world.guilds.get(call.params["guild_id"] ?? "");
  if (!guild?.joined) throw restErrors.unknownGuild();
  return guild;
}

/** The first route that fits; `sameTemplate` says that only the method does not. */
export function matchRoute(routes: readonly Route[], method: string, path: string) {
  const segments = path.split("/");
  let sameTemplate = false;
  for (const candidate of routes) {
    if (candidate.segments.length !== segments.length) continue;
    const params: Record<string, string> = {};
    const fits = candidate.segments.every((segment, index) => {
      const value = segments[index] ?? "";
      if (!segment.startsWith(":")) return segment === value;
      params[segment.slice(1)] = value;
      return value !== "";
    });
    if (!fits) continue;
    sameTemplate = true;
    if (candidate.method === method) return { route: candidate, params };
  }
  return { route: undefined, params: {}, sameTemplate };
}

/** What {@link matchRoute} found. */
export type RouteMatch = ReturnType<typeof matchRoute>;
