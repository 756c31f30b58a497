import type { Log } from "./log.ts";

/** How a running process comes to its end. */
export type Lifetime = {
  /** True from the first signal on. */
  readonly isEnding: boolean;
  /** Has `close` run when the process is asked to stop; what was registered last is closed first. */
  atEnd(close: () => Promise<unknown> | unknown): void;
  /** Stops the process as a signal would, with this exit code. */
  end(why: string, exitCode: number): void;
};

/** Container runtimes kill 10 s after they asked (docs.docker.com/reference/cli/docker/container/stop, 2026-11). */
const END_WITHIN_MS = 9_800;

/**
 * Ends the process in order on SIGTERM and SIGINT, at once on a second signal, and within ten seconds whatever hangs. An error that nothing
 * caught is logged and ends it with exit code 1.
 */
export function createLifetime(log: Log): Lifetime {
  const closers: (() => Promise<unknown> | unknown)[] = [];
  let isEnding = false;

  async function stop(exitCode: number): Promise<void> {
    isEnding = true;
    setTimeout(() => {
      log.error({}, "something would not close in time: the process ends without it");
      process.exit(1);
    }, END_WITHIN_MS).unref();
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
    process.exit(exitCode);
  }

  const onSignal = (signal: NodeJS.Signals) => {
    if (isEnding) process.exit(1);
    log.info({ signal }, "stopping: no new questions, replies in flight go out");
    void stop(0);
  };
  const onSurprise = (error: unknown) => {
    log.error({ stack: stackOf(error) }, "the program came upon an error that nothing caught, and ends");
    process.exit(1);
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
  process.on("uncaughtException", onSurprise);
  process.on("unhandledRejection", onSurprise);

  return {
    get isEnding() {
      return isEnding;
    },
    atEnd(close) {
      closers.push(close);
    },
    end(why, exitCode) {
      if (isEnding) return;
      log.info({}, `stopping: ${why}`);
      void stop(exitCode);
    },
  };
}

/** An error without its fields, for the log: those of a REST error hold the whole request. */
export function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
