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

/** Why a client can no longer be used, in one sentence. */
export type SessionEnd = {
  readonly sentence: string;
  /** Whether Discord refused the token. */
  readonly isTokenRefused: boolean;
};

/** One discord.js client, from its login until it has to be replaced. */
export type GatewaySession = {
  /** Resolves with the application's id once every shard is logged in. */
  readonly started: Promise<string>;
  /** Resolves when the client has failed and will not recover. */
  readonly failed: Promise<SessionEnd>;
  isConnected(): boolean;
  /** Ends it for good: no more events. Never rejects. */
  end(): Promise<void>;
};

const TOKEN_REFUSED =
  "DISCORD_TOKEN was refused by Discord: copy the token of your bot from discord.com/developers (Bot, Reset Token) and start again.";

/**
 * How long a client waits for Discord at each step, in milliseconds: a login, a RESUME, an IDENTIFY
 * once it may be sent. The library itself waits forever for the response to a RESUME, and connects
 * twice a second while there is no response (discord.js 14.28, measured).
 */
const RESPONDS_WITHIN_MS = 30_000;
const CHECKED_EVERY_MS = 1_000;

const readyPayload = z.object({ application: z.object({ id: z.string() }) });

/**
 * Logs in, and stays logged in as long as the library manages to. `listen` subscribes to events
 * before the first arrives.
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
  // Shards without a session, and how many of them are waiting for permission to log in.
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
  let stopChecking = () => {};

  function fail(end: SessionEnd): void {
    if (phase === "over") return;
    phase = "over";
    stopChecking();
    failed.resolve(end);
  }

  function check(): void {
    stopChecking = clock.after(CHECKED_EVERY_MS, () => {
      const isWaiting = isConnected() || waiting > 0;
      if (!isWaiting && clock.nowMs() - progressAtMs >= RESPONDS_WITHIN_MS) {
        return fail({
          sentence: `Discord does not answer (for ${RESPONDS_WITHIN_MS / 1_000} s)`,
          isTokenRefused: false,
        });
      }
      check();
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
    // A connection that we close is also announced as a reconnect, and so is every failed attempt.
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
  check();

  return {
    started: started.promise,
    failed: failed.promise,
    isConnected,
    async end() {
      phase = "over";
      stopChecking();
      await endClient();
    },
  };
}

const isTokenRefusal = (error: unknown) =>
  (error instanceof DiscordjsError && error.code === DiscordjsErrorCodes.TokenInvalid) ||
  // @discordjs/ws throws this for close code 4004, without an error code.
  (error instanceof Error && error.message === "Authentication failed");

function endOf(code: number): SessionEnd {
  if (code === GatewayCloseCodes.AuthenticationFailed)
    return { sentence: TOKEN_REFUSED, isTokenRefused: true };
  return {
    sentence: `Discord ended the session (${GatewayCloseCodes[code] ?? `code ${code}`})`,
    isTokenRefused: false,
  };
}
