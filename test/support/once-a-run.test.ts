import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { onceARun } from "./once-a-run.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lambo-once-"));
});
afterEach(() => rm(folder, { recursive: true }));

const ask = (work: () => Promise<string>, withinMs = 10_000) =>
  onceARun(folder, "work", { work, withinMs });

it("work that several ask for at once is done once, and all get its result", async () => {
  let times = 0;
  const work = async () => {
    times += 1;
    return `done ${times}`;
  };
  expect(await Promise.all([ask(work), ask(work), ask(work)])).toEqual([
    "done 1",
    "done 1",
    "done 1",
  ]);
  expect(await ask(work)).toBe("done 1");
});

it("when the work fails, all who wait are rejected", async () => {
  const work = () => Promise.reject(new Error("no compiler"));
  const outcomes = await Promise.allSettled([ask(work), ask(work)]);
  expect(outcomes).toEqual(
    outcomes.map(() => ({
      status: "rejected",
      reason: expect.objectContaining({ message: expect.stringContaining("no compiler") }),
    })),
  );
});

it("work that never ends is given up", async () => {
  void ask(() => new Promise<string>(() => {}));
  await expect(ask(async () => "", 60)).rejects.toThrow("did not finish within 60 ms");
});
