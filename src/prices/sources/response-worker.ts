import { parentPort } from "node:worker_threads";
import { type ReadingTask, readBody } from "./response-body.ts";

// The worker thread of `response-parser.ts`: one body in, one outcome out, no state.
parentPort?.on("message", ({ bytes, limits }: ReadingTask) =>
  parentPort?.postMessage(readBody(bytes, limits)),
);
