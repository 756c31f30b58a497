import { type ResourceLimits, Worker } from "node:worker_threads";
import { errorText } from "../../process/errors.ts";
import {
  type BodyOutcome,
  type ReadingTask,
  type ResponseLimits,
  readBody,
} from "./response-body.ts";

/** Reads the body of a response. Never rejects. */
export type ResponseParser = (
  bytes: Uint8Array,
  limits: ResponseLimits,
  signal: AbortSignal,
) => Promise<BodyOutcome>;

/** A larger body is read in a worker thread; a smaller one takes 10 ms at worst. */
const OFF_THREAD_OVER_BYTES = 512 * 1024;
/**
 * The largest body that passes the scan takes about 150 MB; a thread that needs more is ended, and
 * the program goes on.
 */
const THREAD_LIMITS = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32 };
/**
 * The coin list, the only large response of an ordinary day, comes once: the thread need not wait
 * for another.
 */
const IDLE_MS = 2_000;
/** 17,000 coins take 60 ms; a body that takes this long was built to. */
const READ_WITHIN_MS = 5_000;

/**
 * Node does not run TypeScript: when this file runs from source, the thread runs the code that
 * `npm run build` made.
 */
const THREAD_URL = import.meta.url.endsWith(".ts")
  ? new URL("../../../dist/src/prices/sources/response-worker.js", import.meta.url)
  : new URL("./response-worker.js", import.meta.url);

/**
 * Makes a parser. Large bodies are read one after the other in a thread that starts on demand and
 * ends when it is idle.
 */
export function createResponseParser(
  resourceLimits: ResourceLimits = THREAD_LIMITS,
): ResponseParser {
  let worker: Worker | undefined;
  let ending: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();

  function end(): void {
    clearTimeout(ending);
    void worker?.terminate();
    worker = undefined;
  }

  function start(): Worker {
    const started = new Worker(THREAD_URL, { resourceLimits });
    // A thread may die after its request was given up; without a listener that ends the process.
    started.on("error", () => undefined);
    started.on("exit", () => {
      if (worker === started) worker = undefined;
    });
    return started;
  }

  function readInThread(task: ReadingTask, signal: AbortSignal): Promise<BodyOutcome> {
    if (signal.aborted)
      return Promise.resolve({ ok: false, why: "nobody waits for the body any more" });
    clearTimeout(ending);
    worker ??= start();
    const reading = worker;
    return new Promise((resolve) => {
      const conclude = (outcome: BodyOutcome, isThreadFit: boolean) => {
        clearTimeout(tooLong);
        signal.removeEventListener("abort", onAbort);
        reading.off("message", onRead).off("error", onError).off("exit", onExit);
        if (isThreadFit) {
          reading.unref();
          ending = setTimeout(end, IDLE_MS).unref();
        } else end();
        resolve(outcome);
      };
      const giveUp = (why: string) => conclude({ ok: false, why }, false);
      const onRead = (outcome: BodyOutcome) => conclude(outcome, true);
      const onError = () => giveUp("the body takes too much memory to read");
      const onExit = () => giveUp("the thread that read the body has ended");
      const onAbort = () => giveUp("nobody waits for the body any more");
      const tooLong = setTimeout(() => giveUp("the body takes too long to read"), READ_WITHIN_MS);
      signal.addEventListener("abort", onAbort, { once: true });
      reading.on("message", onRead).on("error", onError).on("exit", onExit);
      reading.ref();
      // The buffer is moved, not copied; this thread does not need it any more.
      reading.postMessage(task, [task.bytes.buffer as ArrayBuffer]);
    });
  }

  return (bytes, limits, signal) => {
    if (bytes.byteLength <= OFF_THREAD_OVER_BYTES) return Promise.resolve(readBody(bytes, limits));
    const outcome = last.then(() => readInThread({ bytes, limits }, signal)).catch(failedToStart);
    last = outcome;
    return outcome;
  };
}

function failedToStart(error: unknown): BodyOutcome {
  return {
    ok: false,
    why: `no thread can be started: ${errorText(error)}`,
  };
}

/**
 * The parser of this process: one thread for all providers bounds the memory of bad responses.
 */
export const parseResponse: ResponseParser = createResponseParser();
