import { execFile } from "node:child_process";
import { expect } from "vitest";
import { doomedScript } from "../support/program.ts";
import type { EngineUnderTest } from "./storage-under-test.ts";

const WRITER = doomedScript("writer");
const GUILD = "1";

/** Runs the writer until it kills itself; resolves to its output and how it ended. */
function runWriter(
  engine: EngineUnderTest,
  phase: "opening" | "changing",
  step: number,
): Promise<{ signal: unknown; stdout: string }> {
  const { dataDir, databaseUrl = "" } = engine.place;
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [WRITER, dataDir, databaseUrl, phase, String(step)],
      (error, stdout) => resolve({ signal: error?.signal, stdout }),
    );
  });
}

/**
 * Starts a process that is killed at a step of its very first start, on an empty database; then
 * starts again, and expects to be able to store something. Resolves to false when the
 * start was over before that step.
 */
export async function killWhileOpening(engine: EngineUnderTest, step: number): Promise<boolean> {
  const { signal } = await runWriter(engine, "opening", step);
  const storage = await engine.open();
  await storage.settings.change(GUILD, { currency: "EUR" }, { userId: "2", at: new Date() });
  expect(storage.settings.read(GUILD).currency).toBe("EUR");
  await storage.close();
  return signal === "SIGKILL";
}

/**
 * Starts a process that writes, and kills itself at a step of its conversation with the database;
 * then opens what it left, and expects every acknowledged change to be there, and no half of
 * another. Resolves to how many were acknowledged.
 */
export async function killAndLook(engine: EngineUnderTest, step: number): Promise<number> {
  const { signal, stdout } = await runWriter(engine, "changing", step);
  expect(signal).toBe("SIGKILL");
  const acknowledged = stdout.split("\n").filter(Boolean).map(Number);

  const storage = await engine.open();
  const settings = storage.settings.read(GUILD);
  const history = await storage.settings.history(GUILD, 1_000_000);
  await storage.close();
  const last = settings.stake ?? 0;
  // The last one may have been kept although its acknowledgement was killed.
  expect([0, 1]).toContain(last - (acknowledged.at(-1) ?? last));
  expect(acknowledged).toEqual(Array.from(acknowledged, (_, at) => (acknowledged[0] ?? 0) + at));
  expect(settings).toMatchObject(
    last === 0
      ? { currency: null, digestCoins: null, symbols: {} }
      : {
          currency: `C${last}`,
          digestCoins: [`coin-${last}`, "bitcoin"],
          symbols: { UNI: `coin-${last}` },
        },
  );
  // Four fields a change, each with its author, and not one row of a change that was not kept.
  const expected = Array.from({ length: last }, (_, at) => at + 1).flatMap((n) => [
    ["currency", `C${n}`, `${n}`],
    ["digestCoins", `coin-${n}, bitcoin`, `${n}`],
    // The first one replaces no amount; each other one is in another currency than the one before.
    ["stake", n === 1 ? "1" : `${n} C${n}`, `${n}`],
    ["symbol:UNI", `coin-${n}`, `${n}`],
  ]);
  const recorded = history.map(({ what, new: now, userId }) => [what, now, userId]);
  expect(recorded.toSorted(byAuthorAndField)).toEqual(expected);
  return acknowledged.length;
}

function byAuthorAndField(one: (string | null)[], other: (string | null)[]): number {
  return Number(one[2]) - Number(other[2]) || String(one[0]).localeCompare(String(other[0]));
}
