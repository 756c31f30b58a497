import { RateLimitError, REST } from "@discordjs/rest";
import { Routes } from "discord-api-types/v10";
import { backoffMs } from "../process/backoff.ts";
import { type Clock, systemClock } from "../process/clock.ts";
import { createDeferred } from "../process/deferred.ts";
import type { Log } from "../process/log.ts";
import type { Command } from "./command.ts";
import { differenceOf } from "./command-difference.ts";
import type { CommandJson } from "./command-json.ts";
import { localizedCommands } from "./command-localizations.ts";

/** Whether Discord has the bot's commands yet. */
export type Registration = {
  /** Resolves once Discord has the commands; never rejects. */
  readonly done: Promise<void>;
  isDone(): boolean;
  /** Stops trying. */
  stop(): void;
};

/** Without it Discord leaves out what commands are called in other languages. */
const WITH_LOCALIZATIONS = new URLSearchParams({ with_localizations: "true" });

/** Pauses between two tries, in milliseconds. */
const PAUSES = { firstMs: 1_000, longestMs: 300_000 };

/** How long one request to Discord may take, in milliseconds. */
const RESPONSE_WITHIN_MS = 15_000;

/**
 * Registers the commands with Discord, trying again with growing pauses until it has them.
 * `applicationId` is called at every try; it may reject, and may wait. Throws a plain sentence when
 * a declaration breaks one of Discord's limits, which no retry would fix.
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
  const { commands: wanted, leftOut } = localizedCommands(commands);
  for (const language of leftOut)
    log.warn(
      language,
      "A command keeps its English texts in a language that breaks Discord's rules",
    );
  // We do the waiting ourselves: the library would sleep through a rate limit of any length, and
  // repeat a failed request at once.
  const rest = new REST({
    api: apiUrl.replace(/\/+$/, ""),
    retries: 0,
    timeout: RESPONSE_WITHIN_MS,
    rejectOnRateLimit: () => true,
  });
  const done = createDeferred<void>();
  let isDone = false;
  let isStopped = false;
  let cancel = () => {};

  async function register(failures: number): Promise<void> {
    try {
      // The library drops its token after a 401, and would send nothing from then on.
      rest.setToken(token);
      await registerCommands({ rest, applicationId: await applicationId(rest), wanted, log });
      if (failures > 0) log.info({ tries: failures + 1 }, "Discord has the commands now");
      isDone = true;
      done.resolve();
    } catch (error) {
      if (isStopped) return;
      const grownMs = backoffMs(failures + 1, PAUSES, random);
      const pauseMs =
        error instanceof RateLimitError ? Math.max(grownMs, error.retryAfter) : grownMs;
      // Discord may still have the commands of an earlier start, which keep working meanwhile.
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

/** Registers the commands, as JSON, with Discord once, if they differ from what it has. */
export async function registerCommands(options: {
  rest: Pick<REST, "get" | "put">;
  applicationId: string;
  wanted: readonly CommandJson[];
  log: Log;
}): Promise<void> {
  const { rest, applicationId, wanted, log } = options;
  const route = Routes.applicationCommands(applicationId);
  const difference = differenceOf(wanted, await rest.get(route, { query: WITH_LOCALIZATIONS }));
  const names = wanted.map(({ name }) => name);
  if (difference === undefined) {
    log.info({ commands: names }, "Discord already has these commands");
    return;
  }
  await rest.put(route, { body: wanted });
  log.info({ commands: names, ...difference }, "Told Discord the changed commands");
}
