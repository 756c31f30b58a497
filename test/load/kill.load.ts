import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { killAndLook, killWhileOpening } from "../storage/kill.contract.ts";
import { ENGINES, type EngineUnderTest } from "../storage/storage-under-test.ts";

const KILLS = { SQLite: 200, PostgreSQL: 40 };
/**
 * Every moment of the first four changes (12 statements each, a moment before and one after), then
 * again.
 */
const MOMENTS = 96;

for (const { name, missing, start } of ENGINES) {
  describe.skipIf(missing !== undefined)(
    `kill -9 on ${name}${missing === undefined ? "" : ` (skipped: ${missing})`}`,
    () => {
      let engine: EngineUnderTest;
      beforeEach(async () => {
        engine = await start();
      });
      afterEach(() => engine.close());

      it(`${KILLS[name]} times, between any two writes, loses no acknowledged change`, {
        timeout: 600_000,
      }, async () => {
        let acknowledged = 0;
        // A step that has no factor in common with the moments visits all of them.
        for (let kill = 0; kill < KILLS[name]; kill += 1)
          acknowledged += await killAndLook(engine, (kill * 37) % MOMENTS);
        expect(acknowledged).toBeGreaterThan(KILLS[name] / 2);
      });

      it("at any moment of the first start leaves a database that the next start can use", {
        timeout: 600_000,
      }, async () => {
        let step = 0;
        // Each on an empty database, every second moment, until the start is over before it.
        for (; await killWhileOpening(engine, step); step += 2) {
          await engine.close();
          engine = await start();
        }
        expect(step).toBeGreaterThan(20);
      });
    },
  );
}
