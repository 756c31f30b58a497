import { type Client, GatewayDispatchEvents } from "discord.js";
import { z } from "zod";
import { backoffMs } from "../process/backoff.ts";
import { BoundedMap } from "../process/bounded-map.ts";
import { type Clock, systemClock } from "../process/clock.ts";
import { createDeferred } from "../process/deferred.ts";
import type { Log } from "../process/log.ts";
import type { GuildPresence } from "./bot/guild-presence.ts";
import { type PermissionChange, watchPermissions } from "./bot/permission-changes.ts";
import type { Command } from "./command.ts";
import type { Dispatch } from "./dispatch.ts";
import { type GatewaySession, openGatewaySession, type SessionEnd } from "./gateway-session.ts";
import { createIdentifyLimit } from "./identify-limit.ts";
import { guildLocale, readInteraction } from "./interaction.ts";
import { createInteractionRest, restResponder } from "./rest-responder.ts";

/** A bot on the gateway: logged in, or trying to log in until the process ends. */
export type Gateway = {
  /**
   * Resolves with the application's id at the first login. Rejects, already logged, when Discord
   * refuses the token before that.
   */
  readonly started: Promise<string>;
  /** False until the first login, while reconnecting, and after `stop`. */
  isConnected(): boolean;
  /** How long there has been no session, in milliseconds; 0 while there is one. */
  lostForMs(): number;
  /**
   * How many sessions have been started since the process began; Discord allows a bot 1,000 a day.
   */
  identifies(): number;
  /** Closes the connection; replies in flight are still sent, because they go by REST. */
  stop(): Promise<void>;
};

const readyPayload = z.object({
  guilds: z.array(z.object({ id: z.string() })),
  shard: z.tuple([z.number(), z.number()]).default([0, 1]),
});
const guildPayload = z.object({ id: z.string(), preferred_locale: guildLocale });
// Only an outage has the field (discord.com/developers/docs/topics/gateway-events#guild-delete,
// 2026-11).
const guildDeletePayload = z.object({ id: z.string(), unavailable: z.boolean().default(false) });

/**
 * Interactions remembered so that a replay after a resume does not run again; far more than arrive
 * within the 3 s in which Discord accepts a response.
 */
const REMEMBERED_INTERACTIONS = 2_000;

/** The pauses between one client and its successor. */
const REBUILD_PAUSES = { firstMs: 1_000, longestMs: 300_000 };
/** After a session that lasted this long, the pauses start over. */
const GOOD_SESSION_MS = 60_000;
/** How often the log says that there is no connection, in milliseconds. */
const LOGGED_EVERY_MS = 60_000;
const CHECKED_EVERY_MS = 1_000;

/**
 * Keeps the bot logged in to Discord and passes every interaction to `dispatch`. A client that
 * Discord does not respond to, or whose session Discord ended, is always replaced by a new one,
 * with backoff. `apiUrl` is another REST host, without the version; the gateway's address then
 * comes from its `/gateway/bot`.
 */
export function startGateway(options: {
  token: string;
  apiUrl?: string | undefined;
  commands: readonly Command[];
  dispatch: Pick<Dispatch, "handle">;
  /** Records which servers the bot is in. */
  guilds?: Pick<GuildPresence, "shardReady" | "arrived" | "updated" | "removed"> | undefined;
  /** Called when the bot's permissions may have changed. */
  permissionsChanged?: ((change: PermissionChange) => void) | undefined;
  log: Log;
  /** Called once when there has been no session for `afterMs`. */
  onLost?: { readonly afterMs: number; readonly tell: () => void } | undefined;
  clock?: Clock;
  random?: () => number;
}): Gateway {
  const {
    token,
    apiUrl,
    dispatch,
    log,
    onLost,
    clock = systemClock,
    random = Math.random,
  } = options;
  const interactionRest = createInteractionRest({ apiUrl });
  const limit = createIdentifyLimit({ log, clock, random });
  const handle = ({ call, address }: Received) =>
    dispatch.handle(call, restResponder(interactionRest, address));
  const listen = createSubscribe({ ...options, handle });
  const started = createDeferred<string>();
  let session: GatewaySession | undefined;
  let isStarted = false;
  let isStopped = false;
  let stopPausing = () => {};
  let trouble = "";

  const isConnected = () => !isStopped && session?.isConnected() === true;
  const loss = watchLoss({ isConnected, trouble: () => trouble, onLost, log, clock });

  async function keepConnected(): Promise<void> {
    for (let failures = 0; !isStopped; ) {
      session = openGatewaySession({ token, apiUrl, limit, listen, log, clock });
      let startedAtMs: number | undefined;
      void session.started.then((applicationId) => {
        startedAtMs = clock.nowMs();
        isStarted = true;
        started.resolve(applicationId);
      });
      const end = await session.failed;
      await session.end();
      if (isStopped) return;
      if (end.isTokenRefused && !isStarted) {
        log.error({}, end.sentence);
        return started.reject(new Error(end.sentence));
      }
      const wasGood = startedAtMs !== undefined && clock.nowMs() - startedAtMs >= GOOD_SESSION_MS;
      failures = wasGood ? 1 : failures + 1;
      const pauseMs = backoffMs(failures, REBUILD_PAUSES, random);
      logEnd(end, pauseMs);
      await pause(pauseMs);
    }
  }

  /** Logs the same trouble once; after that, `watchLoss` logs a line every minute. */
  function logEnd({ sentence, isTokenRefused }: SessionEnd, pauseMs: number): void {
    const fields = { pauseSeconds: Math.ceil(pauseMs / 1_000) };
    if (sentence === trouble) log.debug(fields, sentence);
    else if (isTokenRefused) log.error(fields, sentence);
    else log.warn(fields, `${sentence}. The bot goes on trying`);
    trouble = sentence;
  }

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const cancel = clock.after(ms, resolve);
      stopPausing = () => {
        cancel();
        resolve();
      };
    });

  async function stop(): Promise<void> {
    isStopped = true;
    loss.stop();
    stopPausing();
    await session?.end();
    interactionRest.clearHandlerSweeper();
    interactionRest.clearHashSweeper();
  }

  void keepConnected();
  let stopped: Promise<void> | undefined;
  return {
    started: started.promise,
    isConnected,
    lostForMs: loss.lostForMs,
    identifies: limit.identifies,
    stop: () => (stopped ??= stop()),
  };
}

/** Measures how long there has been no session, logs it every minute, and calls `onLost` once. */
function watchLoss(options: {
  isConnected: () => boolean;
  /** What went wrong last, as a sentence; empty while nothing has. */
  trouble: () => string;
  onLost: { readonly afterMs: number; readonly tell: () => void } | undefined;
  log: Log;
  clock: Clock;
}): { lostForMs(): number; stop(): void } {
  const { isConnected, trouble, onLost, log, clock } = options;
  let lostAtMs: number | undefined = clock.nowMs();
  let loggedAtMs = clock.nowMs();
  let isLostTold = false;
  let stop = () => {};

  function lostForMs(): number {
    if (isConnected()) lostAtMs = undefined;
    else lostAtMs ??= clock.nowMs();
    return lostAtMs === undefined ? 0 : clock.nowMs() - lostAtMs;
  }

  function check(): void {
    const nowMs = clock.nowMs();
    const lostMs = lostForMs();
    if (lostMs === 0) loggedAtMs = nowMs;
    if (nowMs - loggedAtMs >= LOGGED_EVERY_MS) {
      loggedAtMs = nowMs;
      const because = trouble();
      const sentence = `There has been no connection to Discord for ${Math.floor(lostMs / 60_000)} min: the bot goes on trying`;
      log.warn(because === "" ? {} : { because }, sentence);
    }
    if (onLost !== undefined && lostMs >= onLost.afterMs && !isLostTold) {
      isLostTold = true;
      onLost.tell();
    }
    stop = clock.after(CHECKED_EVERY_MS, check);
  }
  check();
  return { lostForMs, stop: () => stop() };
}

type Received = NonNullable<ReturnType<typeof readInteraction>>;

/**
 * Makes the function that subscribes a client to Discord's raw events, which arrive before
 * discord.js is ready for its own and need none of its caches.
 */
function createSubscribe(options: {
  commands: readonly Command[];
  guilds?: Pick<GuildPresence, "shardReady" | "arrived" | "updated" | "removed"> | undefined;
  permissionsChanged?: ((change: PermissionChange) => void) | undefined;
  log: Log;
  handle: (received: Received) => Promise<void>;
}): (client: Client) => void {
  const { commands, guilds, permissionsChanged, log, handle } = options;
  const seen = new BoundedMap<string, true>({ maxEntries: REMEMBERED_INTERACTIONS });

  function onInteraction(payload: unknown): void {
    const received = readInteraction(payload, commands);
    if (received === undefined) {
      log.warn({}, "Discord sent an interaction that this bot does not know");
      return;
    }
    const { interactionId } = received.address;
    if (seen.has(interactionId)) return;
    seen.set(interactionId, true);
    void handle(received);
  }

  return (client) => {
    client.ws.on(GatewayDispatchEvents.InteractionCreate, onInteraction);
    if (permissionsChanged !== undefined) watchPermissions(client.ws, permissionsChanged);
    client.ws.on(GatewayDispatchEvents.Ready, (payload: unknown) => {
      const { data } = readyPayload.safeParse(payload);
      if (data === undefined) return;
      const [shardId, shardCount] = data.shard;
      guilds?.shardReady({ shardId, shardCount, guildIds: data.guilds.map(({ id }) => id) });
    });
    client.ws.on(GatewayDispatchEvents.GuildCreate, (payload: unknown) => {
      const { data } = guildPayload.safeParse(payload);
      if (data !== undefined) guilds?.arrived(data.id, data.preferred_locale);
    });
    client.ws.on(GatewayDispatchEvents.GuildUpdate, (payload: unknown) => {
      const { data } = guildPayload.safeParse(payload);
      if (data !== undefined) guilds?.updated(data.id, data.preferred_locale);
    });
    client.ws.on(GatewayDispatchEvents.GuildDelete, (payload: unknown) => {
      const { data } = guildDeletePayload.safeParse(payload);
      if (data !== undefined && !data.unavailable) guilds?.removed(data.id);
    });
  };
}
