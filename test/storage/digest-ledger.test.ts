import { describe } from "vitest";
import { digestLedgerContract } from "./digest-ledger.contract.ts";
import { ENGINES } from "./storage-under-test.ts";

for (const { name, missing, start } of ENGINES) {
  const title =
    missing === undefined
      ? `the digest ledger, on ${name}`
      : `the digest ledger, on ${name} (skipped: ${missing})`;
  describe.skipIf(missing !== undefined)(title, () => digestLedgerContract(start));
}
