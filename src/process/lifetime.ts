import type { EventEmitter } from "node:events";
import { type Clock, systemClock } from "./clock.ts";
import type { Log } from "./log.ts";

/** How a running process ends. */
export type Lifetime = {
  /** True from the first signal on. */
  readonly isEnding: boolean;
  /**
   * Registers `close` for when the process is asked to stop; the last registered is closed first.
   * `what` names it in the log if the process has to abandon it: a noun, or a function for a noun
   * known only then.
   */
  atEnd(close: () => Promise<unknown> | unknown, what?: string | (() => string)): void;
  /** Stops the process as a signal would, with this exit code. */
  end(why: string, exitCode: number): void;
};

/** Options of {@link createLifetime}. */
export type LifetimeOptions = {
  /** True under an npm script: npm forwards a Ctrl+C that the terminal also sends to us. */
  readonly isUnderNpm?: boolean;
  readonly process?: Pick<EventEmitter, "on"> & { exit(code: number): void };
  readonly clock?: Clock;
};

/**
 * Container runtimes kill 10 s after asking to stop
 * (docs.docker.com/reference/cli/docker/container/stop, 2026-11).
 */
const END_WITHIN_MS = 9_800;
/** After a second signal: anything not closed by then is abandoned. */
const END_AGAIN_WITHIN_MS = 1_500;
/** A second signal this soon after the first is npm's copy of it. */
const ECHO_MS = 250;

/**
 * Shuts the process down in order on SIGTERM and SIGINT, within ten seconds whatever hangs, and
 * within 1.5 s of a second signal; anything not closed by then is named in the log. An uncaught
 * error is logged and also ends the process. Exit codes: 0 when everything has closed, 1 when
 * something was abandoned, failed to close or was not caught, or the code given to `end`.
 */
export function createLifetime(log: Log, options: LifetimeOptions = {}): Lifetime {
  const { isUnderNpm = false, process: ours = process, clock = systemClock } = options;
  const closers: {
    close: () => Promise<unknown> | unknown;
    what?: string | (() => string) | undefined;
  }[] = [];
  let firstSignalMs: number | undefined;
  let isEnding = false;
  let isHurried = false;
  let closing: (typeof closers)[number] | undefined;

  function leave(): void {
    const left = [closing, ...closers.toReversed()].flatMap((closer) => {
      const what = typeof closer?.what === "function" ? closer.what() : closer?.what;
      return what === undefined ? [] : [what];
    });
    log.error(
      { left },
      `Ending without waiting any longer for ${left.join(", ") || "what is still open"}`,
    );
    ours.exit(1);
  }

  async function stop(exitCode: number): Promise<void> {
    isEnding = true;
    clock.after(END_WITHIN_MS, leave);
    let code = exitCode;
    for (closing = closers.pop(); closing !== undefined; closing = closers.pop()) {
      try {
        await closing.close();
      } catch (error) {
        code = 1;
        log.error({ err: error }, "Something failed to close; the rest is closed all the same");
      }
    }
    ours.exit(code);
  }

  const onSignal = (signal: NodeJS.Signals) => {
    if (!isEnding) {
      firstSignalMs = clock.nowMs();
      log.info({ signal }, "stopping: no new questions, replies in flight go out");
      void stop(0);
      return;
    }
    const isEcho =
      isUnderNpm && firstSignalMs !== undefined && clock.nowMs() - firstSignalMs < ECHO_MS;
    if (isEcho || isHurried) return;
    isHurried = true;
    log.warn(
      { signal },
      `asked again: ending within ${END_AGAIN_WITHIN_MS / 1_000} s, whatever is still open`,
    );
    clock.after(END_AGAIN_WITHIN_MS, leave);
  };
  const onUncaught = (error: unknown) => {
    log.error({ err: error }, "the program came upon an error that nothing caught, and ends");
    ours.exit(1);
  };
  ours.on("SIGTERM", onSignal);
  ours.on("SIGINT", onSignal);
  ours.on("uncaughtException", onUncaught);
  ours.on("unhandledRejection", onUncaught);

  return {
    get isEnding() {
      return isEnding;
    },
    atEnd(close, what) {
      closers.push({ close, what });
    },
    end(why, exitCode) {
      if (isEnding) return;
      log.info({}, `stopping: ${why}`);
      void stop(exitCode);
    },
  };
}
