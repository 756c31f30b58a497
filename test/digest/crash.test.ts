import { describeCrashes } from "./crash.contract.ts";

// Every crash point and everything that may come after it, but not every pair:
// test/load/crash.load.ts sweeps them all.
describeCrashes((point, afterwards) => (point + afterwards) % 3 === 0);
