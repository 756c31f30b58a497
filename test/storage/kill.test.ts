import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { killAndLook, killWhileOpening } from "./kill.contract.ts";
import { ENGINES, type EngineUnderTest } from "./storage-under-test.ts";

/**
 * Steps of the writer's conversation with the database: 12 statements a change, with a moment
 * before and one after each. test/load/kill.load.ts goes through all of them.
 */
const STEPS = {
  SQLite: [0, 7, 12, 19, 23, 24, 33, 47],
  PostgreSQL: [7, 23, 24, 47],
};

for (const { name, missing, start } of ENGINES) {
  describe.skipIf(missing !== undefined)(
    `kill -9 on ${name}${missing === undefined ? "" : ` (skipped: ${missing})`}`,
    () => {
      let engine: EngineUnderTest;
      beforeEach(async () => {
        engine = await start();
      });
      afterEach(() => engine.close());

      it("between any two writes loses no acknowledged change and leaves no half-written one", {
        timeout: 60_000,
      }, async () => {
        let acknowledged = 0;
        // One after another on the same database: what a kill left is what the next start finds.
        for (const step of STEPS[name]) acknowledged += await killAndLook(engine, step);
        expect(acknowledged).toBeGreaterThan(0);
      });

      it("in the middle of the first start's migrations leaves a database that the next start can use", async () => {
        expect(await killWhileOpening(engine, 25)).toBe(true);
      });
    },
  );
}
