import { describeEveryZone } from "../digest/every-zone.contract.ts";

describeEveryZone(2024, 2030);
