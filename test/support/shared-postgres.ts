import { chmodSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProvidedContext } from "vitest";
import type { TestProject } from "vitest/node";
import { stopSharedPostgres } from "./postgres.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Folder of the PostgreSQL server that the test files of one run share. */
    postgresFolder: string;
  }
}

const KEY: keyof ProvidedContext = "postgresFolder";

/**
 * Gives the test run a place for one PostgreSQL server, which the first test that needs it starts,
 * and stops it afterwards.
 */
export function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), "lambo-postgres-"));
  chmodSync(folder, 0o700);
  project.provide(KEY, folder);
  return () => stopSharedPostgres(folder);
}
