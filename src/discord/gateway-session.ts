import {
  type Client,
  DiscordjsError,
  DiscordjsErrorCodes,
  Events,
  GatewayDispatchEvents,
} from "discord.js";
import { GatewayCloseCodes } from "discord-api-types/v10";
import { z } from "zod";
import type { Clock } from "../process/clock.ts";
import { createDeferred } from "../process/deferred.ts";
import { errorText } from "../process/errors.ts";
import type { Log } from "../process/log.ts";
import { createGatewayClient } from "./gateway-client.ts";
import type { IdentifyLimit } from "./identify-limit.ts";

/** Why a client is of no more use, in one sentence. */
export type SessionEnd = {
  readonly sentence: string;
  /** Discord does not take the token. */
  readonly isTokenRefused: boolean;
};

/** One client of discord.js, from its login until it has to be replaced. */
export type GatewaySession = {
  /** Resolves with the application's id once every shard is logged in. */
  readonly started: Promise<string>;
  /** Resolves when the client has failed in a way that it does not heal by itself. */
  readonly failed: Promise<SessionEnd>;
  isConnected(): boolean;
  /** Ends it for good; nothing is dispatched any more. Never rejects. */
  end(): Promise<void>;
};

const TOKEN_REFUSED =
  "DISCORD_TOKEN was refused by Discord: copy the token of your bot from discord.com/developers (Bot, Reset Token) and start again.";

/**
 * How long a client gets for each step without an answer, in milliseconds: a login, a RESUME, an
 * IDENTIFY once it may go out. The library itself waits for the answer to a RESUME for ever, and
 * dials twice a second for as long as nothing answers (discord.js 14.28, measured).
 */
const ANSWERED_WITHIN_MS = 30_000;
const LOOKED_AT_EVERY_MS = 1_000;

const readyPayload = z.object({ application: z.object({ id: z.string() }) });

/**
 * Logs in and stays so as far as the library can. `listen` adds what is to be done with events,
 * before the first comes.
 */
export function openGatewaySession(options: {
  token: string;
  apiUrl: string | undefined;
  limit: IdentifyLimit;
  listen: (client: Client) => void;
  log: Log;
  clock: Clock;
}): GatewaySession {
  const { token, apiUrl, limit, listen, log, clock } = options;
  // Shards without a session, and those that wait until they may log in.
  const remaking = new Set<number>();
  let waiting = 0;
  let progressAtMs = clock.nowMs();
  let phase: "starting" | "running" | "over" = "starting";
  const progressed = () => {
    progressAtMs = clock.nowMs();
  };
  const { client, end: endClient } = createGatewayClient({
    apiUrl,
    limit,
    onIdentify(event) {
      waiting += event === "waits" ? 1 : -1;
      progressed();
    },
  });
  const started = createDeferred<string>();
  const failed = createDeferred<SessionEnd>();
  let stopLooking = () => {};

  function fail(end: SessionEnd): void {
    if (phase === "over") return;
    phase = "over";
    stopLooking();
    failed.resolve(end);
  }

  function look(): void {
    stopLooking = clock.after(LOOKED_AT_EVERY_MS, () => {
      const isWaiting = isConnected() || waiting > 0;
      if (!isWaiting && clock.nowMs() - progressAtMs >= ANSWERED_WITHIN_MS) {
        return fail({
          sentence: `Discord does not answer (for ${ANSWERED_WITHIN_MS / 1_000} s)`,
          isTokenRefused: false,
        });
      }
      look();
    });
  }

  function sessionBegan(shardId: number): void {
    remaking.delete(shardId);
    progressed();
  }

  const isConnected = () => phase === "running" && remaking.size === 0;

  client.on(Events.Error, (error) => log.error({ err: error }, "discord.js reported an error"));
  client.on(Events.Warn, (warning) => log.warn({}, `discord.js warns: ${warning}`));
  client.on(Events.ShardError, (error, shardId) => {
    if (phase === "running")
      log.debug(
        { shardId },
        `The connection to Discord had an error and is remade: ${errorText(error)}`,
      );
  });
  client.on(Events.ShardReconnecting, (shardId) => {
    // Closing it ourselves is announced as a reconnect too; and it is announced anew whenever the
    // remaking fails.
    if (phase !== "running" || remaking.has(shardId)) return;
    remaking.add(shardId);
    progressed();
    log.warn({ shardId }, "The connection to Discord was lost and is remade");
  });
  client.on(Events.ShardResume, (shardId, replayedEvents) => {
    sessionBegan(shardId);
    log.info({ shardId, replayedEvents }, "The connection to Discord was resumed");
  });
  client.on(Events.ShardReady, (shardId) =>
    log.info({ shardId }, "The connection to Discord is ready"),
  );
  client.on(Events.ShardDisconnect, ({ code }) => fail(endOf(code)));
  client.ws.on(GatewayDispatchEvents.Ready, (_: unknown, shardId: number) => sessionBegan(shardId));
  listen(client);

  const ready = new Promise<unknown>((resolve) =>
    client.ws.once(GatewayDispatchEvents.Ready, resolve),
  );
  async function login(): Promise<void> {
    try {
      await client.login(token);
      const { application } = readyPayload.parse(await ready);
      if (phase !== "starting") return;
      phase = "running";
      started.resolve(application.id);
    } catch (error) {
      const isTokenRefused = isTokenRefusal(error);
      fail({
        sentence: isTokenRefused
          ? TOKEN_REFUSED
          : `Discord could not be reached: ${errorText(error)}`,
        isTokenRefused,
      });
    }
  }
  void login();
  look();

  return {
    started: started.promise,
    failed: failed.promise,
    isConnected,
    async end() {
      phase = "over";
      stopLooking();
      await endClient();
    },
  };
}

const isTokenRefusal = (error: unknown) =>
  (error instanceof DiscordjsError && error.code === DiscordjsErrorCodes.TokenInvalid) ||
  // What @discordjs/ws makes of close code 4004; it gives no code along.
  (error instanceof Error && error.message === "Authentication failed");

function endOf(code: number): SessionEnd {
  if (code === GatewayCloseCodes.AuthenticationFailed)
    return { sentence: TOKEN_REFUSED, isTokenRefused: true };
  return {
    sentence: `Discord ended the session (${GatewayCloseCodes[code] ?? `code ${code}`})`,
    isTokenRefused: false,
  };
}
