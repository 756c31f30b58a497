import { describe } from "vitest";
import { storageContract } from "./storage.contract.ts";
import { ENGINES } from "./storage-under-test.ts";

for (const { name, missing, start } of ENGINES) {
  const title =
    missing === undefined
      ? `the database on ${name}`
      : `the database on ${name} (skipped: ${missing})`;
  describe.skipIf(missing !== undefined)(title, () => storageContract(start));
}
