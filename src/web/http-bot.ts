import type { REST } from "@discordjs/rest";
import { Routes } from "discord-api-types/v10";
import { z } from "zod";
import type { Config } from "../config.ts";
import type { Command } from "../discord/command.ts";
import { keepRegistering } from "../discord/command-registration.ts";
import type { Dispatch } from "../discord/dispatch.ts";
import { createReplayGuard } from "../discord/replay-guard.ts";
import { createInteractionRest } from "../discord/rest-responder.ts";
import type { RunningBot } from "../discord/running-bot.ts";
import type { Clock } from "../process/clock.ts";
import type { Log } from "../process/log.ts";
import type { RedisPart } from "../process/redis.ts";
import {
  type HttpInteractions,
  httpInteractions,
  SIGNATURE_BELIEVED_MS,
} from "./interactions-route.ts";

/** A bot that Discord reaches over HTTP. */
export type HttpBot = RunningBot & {
  /** The route that Discord calls. */
  readonly interactions: HttpInteractions;
};

const applicationPayload = z.object({
  id: z.string(),
  verify_key: z.string(),
  interactions_endpoint_url: z.string().nullish(),
});

/**
 * Starts the bot over HTTP, which serves interactions at once. With a token it also registers the
 * commands, however long that takes, and checks the application's settings in the developer portal.
 * No response from Discord stops it from serving; each wrong setting is one line in the log.
 */
export function startHttpBot(options: {
  config: Pick<Config, "discordApiUrl" | "discordApplicationId" | "discordToken">;
  publicKey: string;
  commands: readonly Command[];
  dispatch: Pick<Dispatch, "handle">;
  /** Where all processes that serve this bot remember interactions; when absent, in memory. */
  shared?: RedisPart | undefined;
  log: Log;
  clock?: Clock;
}): HttpBot {
  const { config, publicKey, commands, dispatch, shared, log, clock } = options;
  const rest = createInteractionRest({ apiUrl: config.discordApiUrl });
  const guard = createReplayGuard({ keepMs: SIGNATURE_BELIEVED_MS, nowMs: Date.now, shared });
  if (config.discordToken === undefined) {
    log.warn(
      {},
      "DISCORD_TOKEN is not set: the bot answers, but can neither tell Discord its commands nor post digests nor check channels",
    );
  }
  let applicationId = config.discordApplicationId;
  const lookUp = createApplicationIdLookup({ publicKey, applicationId, log });
  const registration =
    config.discordToken === undefined
      ? undefined
      : keepRegistering({
          token: config.discordToken,
          apiUrl: config.discordApiUrl,
          async applicationId(asker) {
            applicationId = await lookUp(asker);
            return applicationId;
          },
          commands,
          log,
          ...(clock && { clock }),
        });
  return {
    interactions: httpInteractions({ publicKey, commands, dispatch, rest, guard, log }),
    started: Promise.resolve(),
    isReachable: () => true,
    commands: registration,
    applicationId: () => applicationId,
    gateway: undefined,
    async stop() {
      guard.stop();
      registration?.stop();
      rest.clearHandlerSweeper();
      rest.clearHashSweeper();
    },
  };
}

/**
 * Makes the lookup of the application's id: Discord's, else the configured one. It logs once what
 * is wrong in the developer portal, and rejects when there is neither id.
 */
function createApplicationIdLookup(options: {
  publicKey: string;
  applicationId: string | undefined;
  log: Log;
}): (rest: Pick<REST, "get">) => Promise<string> {
  const { publicKey, applicationId, log } = options;
  let known: string | undefined;
  let isFailureLogged = false;
  return async (rest) => {
    if (known !== undefined) return known;
    try {
      const application = applicationPayload.parse(await rest.get(Routes.currentApplication()));
      logWrongSettings(application, { publicKey, applicationId, log });
      known = application.id;
      return known;
    } catch (error) {
      if (!isFailureLogged) {
        log.error(
          { err: error },
          "Discord does not say which application DISCORD_TOKEN belongs to: it refuses the token, or cannot be reached",
        );
      }
      isFailureLogged = true;
      if (applicationId === undefined) throw error;
      return applicationId;
    }
  };
}

function logWrongSettings(
  { id, verify_key, interactions_endpoint_url }: z.infer<typeof applicationPayload>,
  {
    publicKey,
    applicationId,
    log,
  }: { publicKey: string; applicationId: string | undefined; log: Log },
): void {
  if (applicationId !== undefined && applicationId !== id) {
    log.error(
      {},
      "DISCORD_APPLICATION_ID and DISCORD_TOKEN belong to two applications: the token's is used",
    );
  }
  if (verify_key.toLowerCase() !== publicKey) {
    log.error(
      {},
      "DISCORD_PUBLIC_KEY is not the public key of DISCORD_TOKEN's application: Discord's interactions will be refused",
    );
  }
  if (interactions_endpoint_url == null) {
    log.warn(
      {},
      'Discord has no "Interactions Endpoint URL" for this application: set it in the portal, ending in /interactions',
    );
  }
}
