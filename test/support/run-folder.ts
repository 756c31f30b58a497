import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProvidedContext } from "vitest";
import type { TestProject } from "vitest/node";
import { forgetBuild } from "./build.ts";
import { stopSharedPostgres } from "./postgres.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Folder for what the test files of one run share: see `onceARun`. */
    runFolder: string;
  }
}

const KEY: keyof ProvidedContext = "runFolder";

/**
 * Creates the run's folder for what the first test that needs it starts for all: the compiled
 * program (`build.ts`) and one PostgreSQL server (`postgres.ts`), which is stopped afterwards.
 */
export function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), "lambo-run-"));
  // PostgreSQL's own user goes through it.
  chmodSync(folder, 0o711);
  project.provide(KEY, folder);
  // While Vitest watches, sources change.
  project.onTestsRerun(() => forgetBuild(folder));
  return () => {
    stopSharedPostgres(folder);
    rmSync(folder, { recursive: true, force: true });
  };
}
