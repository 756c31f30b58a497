import { defineConfig } from "vitest/config";
import base from "./vitest.config.ts";

const { globalSetup, ...shared } = base.test ?? {};
const files = (...names: readonly string[]) => names.map((name) => `test/load/${name}.load.ts`);

/**
 * Files that wait for rate limits most of the time: their figures do not depend on each other. And
 * the longest of those that only work, so that it does not run on alone at the end.
 */
const WAITING = files("first-wave", "shutdown", "invalid-sessions", "kill");
/** Files whose figures, such as the busiest second, need the machine to themselves. */
const ALONE = files("digest", "scale");

/**
 * Long and heavy tests, in three groups one after the other: those that wait, side by side; those
 * that measure, alone; and the others, which only work and prove what they find, on both cores.
 */
export default defineConfig({
  test: {
    ...(globalSetup !== undefined && { globalSetup }),
    projects: [
      group("waiting", { include: WAITING, maxWorkers: 2, groupOrder: 1 }),
      group("alone", { include: ALONE, maxWorkers: 1, groupOrder: 2 }),
      group("working", {
        include: files("*"),
        exclude: [...WAITING, ...ALONE],
        maxWorkers: 2,
        groupOrder: 3,
      }),
    ],
  },
});

function group(
  name: string,
  options: { include: string[]; exclude?: string[]; maxWorkers: number; groupOrder: number },
) {
  const { include, exclude = [], maxWorkers, groupOrder } = options;
  return {
    test: {
      ...shared,
      ...{ name, include, exclude, maxWorkers },
      sequence: { groupOrder },
      testTimeout: 600_000,
    },
  };
}
