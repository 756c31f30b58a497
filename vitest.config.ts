import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/run-folder.ts"],
    maxWorkers: 2,
    testTimeout: 20_000,
    // Every worker counts as "a machine with no clock of its own": what passes here passes in any
    // zone.
    env: { TZ: "Pacific/Apia" },
  },
});
