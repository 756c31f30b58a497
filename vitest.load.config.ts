import { mergeConfig } from "vitest/config";
import base from "./vitest.config.ts";

/** Long and heavy tests: one file at a time, so that their figures are their own. */
export default mergeConfig(
  { ...base, test: { ...base.test, include: [] } },
  { test: { include: ["test/load/**/*.load.ts"], fileParallelism: false, testTimeout: 600_000 } },
);
