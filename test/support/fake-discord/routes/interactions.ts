import type { Interactions } from "../interactions.ts";
import type { MessageStore } from "../messages.ts";
import { restErrors } from "../rest-error.ts";
import type { World } from "../world.ts";
import { interactionRoute, noContent, ok, type RestCall, type Route } from "./route.ts";

/** The callback of an interaction, and the webhook for what follows it. */
export function interactionRoutes(deps: {
  world: World;
  messages: MessageStore;
  interactions: Interactions;
}): Route[] {
  const { world, messages, interactions } = deps;
  const tokenOf = (call: RestCall): string => {
    if (call.params["webhook_id"] !== world.applicationId) throw restErrors.unknownWebhook();
    return call.params["webhook_token"] ?? "";
  };
  const messageIdOf = (call: RestCall): string => call.params["message_id"] ?? "@original";
  const webhook = "/webhooks/:webhook_id/:webhook_token";
  return [
    interactionRoute(
      "POST",
      "/interactions/:interaction_id/:interaction_token/callback",
      (call) => {
        const shown = interactions.respond(
          call.params["interaction_id"] ?? "",
          call.params["interaction_token"] ?? "",
          call.sent,
        );
        return call.query.get("with_response") === "true" ? ok(shown) : noContent;
      },
    ),
    interactionRoute("POST", webhook, (call) =>
      ok(messages.toJson(interactions.followUp(tokenOf(call), call.sent))),
    ),
    // "@original" stands before the template that would also match it.
    ...["@original", ":message_id"].flatMap((last) => [
      interactionRoute("GET", `${webhook}/messages/${last}`, (call) =>
        ok(messages.toJson(interactions.getMessage(tokenOf(call), messageIdOf(call)))),
      ),
      interactionRoute("PATCH", `${webhook}/messages/${last}`, (call) =>
        ok(messages.toJson(interactions.editMessage(tokenOf(call), messageIdOf(call), call.sent))),
      ),
      interactionRoute("DELETE", `${webhook}/messages/${last}`, (call) => {
        interactions.deleteMessage(tokenOf(call), messageIdOf(call));
        return noContent;
      }),
    ]),
  ];
}
