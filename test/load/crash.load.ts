import { describeCrashes } from "../digest/crash.contract.ts";

describeCrashes(() => true);
