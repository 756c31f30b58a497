import { afterEach } from "vitest";
import { closeAll, describeDays } from "../prices/history/day-by-day.contract.ts";

afterEach(closeAll);
describeDays(60);
