import { execFile } from "node:child_process";
import { expect } from "vitest";
import type { EngineUnderTest } from "./storage-under-test.ts";

const WRITER = new URL("../support/doomed-writer.mjs", import.meta.url).pathname;
const GUILD = "1";

/**
 * Starts a process that writes, and kills itself at a step of its conversation with the database; then opens what it left, and expects every
 * acknowledged change to be there, and no half of another. Gives how many were acknowledged.
 */
export async function killAndLook(engine: EngineUnderTest, step: number): Promise<number> {
  const { dataDir, databaseUrl = "" } = engine.place;
  const { signal, stdout } = await new Promise<{ signal: unknown; stdout: string }>((resolve) => {
    execFile(process.execPath, [WRITER, dataDir, databaseUrl, String(step)], (error, stdout) => resolve({ signal: error?.signal, stdout }));
  });
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
      : { currency: `C${last}`, digestCoins: [`coin-${last}`, "bitcoin"], symbols: { UNI: `coin-${last}` } },
  );
  // Four fields a change, each with its author, and not one row of a change that was not kept.
  const expected = Array.from({ length: last }, (_, at) => at + 1).flatMap((n) => [
    ["currency", `C${n}`, `${n}`],
    ["digestCoins", `coin-${n}, bitcoin`, `${n}`],
    ["stake", `${n}`, `${n}`],
    ["symbol:UNI", `coin-${n}`, `${n}`],
  ]);
  const recorded = history.map(({ what, new: now, userId }) => [what, now, userId]);
  expect(recorded.toSorted(byAuthorAndField)).toEqual(expected);
  return acknowledged.length;
}

function byAuthorAndField(one: (string | null)[], other: (string | null)[]): number {
  return Number(one[2]) - Number(other[2]) || String(one[0]).localeCompare(String(other[0]));
}
