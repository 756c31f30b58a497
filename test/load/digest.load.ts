import { afterEach, describe, expect, inject, it } from "vitest";
import { runWave, type Wave } from "../support/digest-wave.ts";
import { createTestDatabase, postgresMissing } from "../support/postgres.ts";
import { compiledFile } from "../support/program.ts";
import { redisMissing, startRedis } from "../support/redis.ts";

const MAIN = compiledFile("main");
const SERVERS = 10_000;
const SERVERS_FOR_WORKERS = 900;
const LEADERBOARDS = 300;
const LAMBO_EVERY_MS = 500;
const LAMBO_P99_MS = 1_500;

const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

function expectOneEach(wave: Wave): void {
  expect({
    withoutOne: wave.withoutOne,
    duplicates: wave.duplicates,
    refused: wave.refused,
  }).toEqual({
    withoutOne: 0,
    duplicates: 0,
    refused: 0,
  });
  expect(wave.busiestSecond).toBeLessThanOrEqual(50);
}

it(`${SERVERS} servers that are due in the same minute each get one digest without a 429, while members are still answered`, async () => {
  const wave = await runWave({
    servers: SERVERS,
    leaderboards: LEADERBOARDS,
    main: MAIN,
    lamboEveryMs: LAMBO_EVERY_MS,
  });
  expectOneEach(wave);
  const answers = [...wave.lamboMs].sort((a, b) => a - b);
  expect(answers.length).toBeGreaterThan(300);
  expect(answers[Math.floor(answers.length * 0.99)]).toBeLessThan(LAMBO_P99_MS);
});

const missing = postgresMissing() ?? redisMissing();

describe.skipIf(missing !== undefined)(
  missing === undefined ? "workers" : `workers (skipped: ${missing})`,
  () => {
    it.each([1, 2, 4])(
      "%d on one Redis and one PostgreSQL post each digest once, at the pace of one",
      async (processes) => {
        const database = await createTestDatabase(inject("runFolder"));
        open.push(() => database.drop());
        const redis = await startRedis();
        open.push(() => redis.remove());
        const wave = await runWave({
          servers: SERVERS_FOR_WORKERS,
          leaderboards: LEADERBOARDS,
          main: MAIN,
          processes,
          environment: { ROLE: "worker", DATABASE_URL: database.url, REDIS_URL: redis.url },
        });
        expectOneEach(wave);
        expect(wave.digestsPerSecond).toBeLessThan(46);
      },
    );
  },
);
