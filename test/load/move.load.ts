import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import {
  DIRECTIONS,
  killMoves,
  type MoveUnderTest,
  moveWhileDue,
  startMoveUnderTest,
} from "../move.contract.ts";
import { createTestDatabase, postgresMissing, type TestDatabase } from "../support/postgres.ts";

const missing = postgresMissing();

describe.skipIf(missing !== undefined)(
  `npm run move${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  () => {
    let postgres: TestDatabase;
    let test: MoveUnderTest;

    beforeAll(async () => {
      postgres = await createTestDatabase(inject("runFolder"));
    }, 60_000);
    beforeEach(async () => {
      test = await startMoveUnderTest(postgres);
    });
    afterEach(() => test.remove());
    afterAll(() => postgres.drop());

    it.each(DIRECTIONS)(
      "after kill -9 (%s), a bot never starts on both databases with data, and running it again finishes the move",
      async (direction) => {
        const stepsOf = (statements: number) => [
          ...[0, 0.2, 0.4, 0.6, 0.8].map((part) => Math.floor(part * statements)),
          ...[8, 7, 6, 5, 4, 3, 2, 1].map((left) => statements - left),
        ];
        // Not begun; unfinished, which is reported; finished but for the last message, which is
        // reported.
        expect([...new Set(await killMoves(test, direction, stepsOf))]).toEqual([
          "whole, empty",
          "whole, arriving",
          "moved, arriving",
        ]);
      },
    );

    it("moves 10,000 servers within the minute in which digests are due: each is posted once", async () => {
      await moveWhileDue(test, { servers: 10_000, due: 60 });
    });
  },
);
