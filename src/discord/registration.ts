import { RateLimitError, REST } from "@discordjs/rest";
import { backoffMs } from "../process/backoff.ts";
import { type Clock, systemClock } from "../process/clock.ts";
import { createDeferred } from "../process/deferred.ts";
import type { Log } from "../process/log.ts";
import type { Command } from "./command.ts";
import { commandsJson, registerCommands } from "./register.ts";

/** How far the bot has got in telling Discord its commands. */
export type Registration = {
  /** Resolves once Discord has the commands; never before, and never rejects. */
  readonly done: Promise<void>;
  isDone(): boolean;
  /** Ends the trying. */
  stop(): void;
};

/** Between two tries, in milliseconds. */
const PAUSES = { firstMs: 1_000, longestMs: 300_000 };

/** How long Discord is waited for, in milliseconds. */
const ANSWER_WITHIN_MS = 15_000;

/**
 * Tells Discord the commands, with growing pauses until it has them. `applicationId` is asked at
 * every try; it may reject, and may wait. Throws a plain sentence when a declaration breaks one of
 * Discord's limits, which no second try would heal.
 */
export function keepRegistering(options: {
  token: string;
  apiUrl: string;
  applicationId: (rest: Pick<REST, "get">) => Promise<string>;
  commands: readonly Command[];
  log: Log;
  clock?: Clock;
  random?: () => number;
}): Registration {
  const {
    token,
    apiUrl,
    applicationId,
    commands,
    log,
    clock = systemClock,
    random = Math.random,
  } = options;
  commandsJson(commands);
  // Waiting is ours: the library would sleep through a rate limit of any length, and repeat at once
  // what has just failed.
  const rest = new REST({
    api: apiUrl.replace(/\/+$/, ""),
    retries: 0,
    timeout: ANSWER_WITHIN_MS,
    rejectOnRateLimit: () => true,
  });
  const done = createDeferred<void>();
  let isDone = false;
  let isStopped = false;
  let cancel = () => {};

  async function register(failures: number): Promise<void> {
    try {
      // The library forgets its token at a 401, and would send nothing any more.
      rest.setToken(token);
      await registerCommands({ rest, applicationId: await applicationId(rest), commands, log });
      if (failures > 0) log.info({ tries: failures + 1 }, "Discord has the commands now");
      isDone = true;
      done.resolve();
    } catch (error) {
      if (isStopped) return;
      const grownMs = backoffMs(failures + 1, PAUSES, random);
      const pauseMs =
        error instanceof RateLimitError ? Math.max(grownMs, error.retryAfter) : grownMs;
      // Discord may still have the commands of an earlier start, and they can be answered.
      log.error(
        { err: error, pauseSeconds: Math.ceil(pauseMs / 1_000) },
        "The commands could not be registered with Discord: tried again after a pause",
      );
      cancel = clock.after(pauseMs, () => void register(failures + 1));
    }
  }
  void register(0);

  return {
    done: done.promise,
    isDone: () => isDone,
    stop() {
      isStopped = true;
      cancel();
      rest.clearHandlerSweeper();
      rest.clearHashSweeper();
    },
  };
}
