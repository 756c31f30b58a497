import { REST } from "@discordjs/rest";
import { Routes } from "discord-api-types/v10";
import type { Hono } from "hono";
import { z } from "zod";
import type { Config } from "../config.ts";
import { stackOf } from "../lifetime.ts";
import type { Log } from "../log.ts";
import type { RedisPart } from "../redis.ts";
import type { Bot } from "./bot.ts";
import type { Command } from "./command.ts";
import type { Dispatch } from "./dispatch.ts";
import { httpInteractions, SIGNATURE_BELIEVED_MS, type WebEnvironment } from "./http.ts";
import { registerCommands } from "./register.ts";
import { createReplayGuard } from "./replay-guard.ts";
import { createInteractionRest } from "./rest-responder.ts";

/** A bot that Discord calls over HTTP. */
export type HttpBot = Bot & {
  /** What Discord calls. */
  readonly routes: Hono<WebEnvironment>;
  /** Resolves when Discord was told the commands, or could not be. */
  readonly registered: Promise<void>;
};

const applicationPayload = z.object({ id: z.string(), verify_key: z.string(), interactions_endpoint_url: z.string().nullish() });

/**
 * The bot over HTTP: answers what Discord posts, at once. With a token it tells Discord the commands meanwhile, and checks what the portal
 * says of the application. Nothing that Discord answers keeps it from serving; each shortcoming is one line in the log.
 */
export function startHttpBot(options: {
  config: Pick<Config, "discordApiUrl" | "discordApplicationId" | "discordToken">;
  publicKey: string;
  commands: readonly Command[];
  dispatch: Pick<Dispatch, "handle">;
  /** Where all processes that serve this bot remember together; in this one's memory when absent. */
  shared?: RedisPart | undefined;
  log: Log;
}): HttpBot {
  const { config, publicKey, commands, dispatch, shared, log } = options;
  const answers = createInteractionRest({ apiUrl: config.discordApiUrl });
  const guard = createReplayGuard({ keepMs: SIGNATURE_BELIEVED_MS, nowMs: Date.now, shared });
  const rest =
    config.discordToken === undefined
      ? undefined
      : new REST({ api: config.discordApiUrl.replace(/\/+$/, "") }).setToken(config.discordToken);
  if (rest === undefined) {
    log.warn(
      {},
      "DISCORD_TOKEN is not set: the bot answers, but can neither tell Discord its commands nor post digests nor check channels",
    );
  }

  async function introduce(): Promise<void> {
    if (rest === undefined) return;
    const configured = config.discordApplicationId;
    const applicationId = (await askApplication(rest, { publicKey, applicationId: configured, log })) ?? configured;
    if (applicationId !== undefined) await register(rest, { applicationId, commands, log });
  }

  return {
    routes: httpInteractions({ publicKey, commands, dispatch, rest: answers, guard, log }),
    registered: introduce(),
    isReachable: () => true,
    async stop() {
      guard.stop();
      for (const one of [answers, rest]) {
        one?.clearHandlerSweeper();
        one?.clearHashSweeper();
      }
    },
  };
}

/** The application's id by Discord's word; says what the portal has wrong. */
async function askApplication(
  rest: REST,
  { publicKey, applicationId, log }: { publicKey: string; applicationId: string | undefined; log: Log },
): Promise<string | undefined> {
  let asked: unknown;
  try {
    asked = await rest.get(Routes.currentApplication());
  } catch (error) {
    log.error(
      { stack: stackOf(error) },
      "Discord does not say which application DISCORD_TOKEN belongs to: it refuses the token, or cannot be reached",
    );
    return undefined;
  }
  const application = applicationPayload.safeParse(asked);
  if (!application.success) return undefined;
  const { id, verify_key, interactions_endpoint_url } = application.data;
  if (applicationId !== undefined && applicationId !== id) {
    log.error({}, "DISCORD_APPLICATION_ID and DISCORD_TOKEN belong to two applications: the token's is used");
  }
  if (verify_key.toLowerCase() !== publicKey) {
    log.error({}, "DISCORD_PUBLIC_KEY is not the public key of DISCORD_TOKEN's application: Discord's interactions will be refused");
  }
  if (interactions_endpoint_url == null) {
    log.warn({}, 'Discord has no "Interactions Endpoint URL" for this application: set it in the portal, ending in /interactions');
  }
  return id;
}

async function register(rest: REST, options: { applicationId: string; commands: readonly Command[]; log: Log }): Promise<void> {
  try {
    await registerCommands({ rest, ...options });
  } catch (error) {
    // Discord still has the commands of the last start, and they can be answered.
    options.log.error({ stack: stackOf(error) }, "the commands could not be registered: starting again tries again");
  }
}
