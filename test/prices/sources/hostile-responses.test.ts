import {
  describeLargeBodies,
  describeNoNetwork,
  describeRubbish,
  useHostileMarket,
} from "./hostile-responses.contract.ts";

// One of each kind; test/load/hostile-responses.load.ts has them all.
useHostileMarket();
describeRubbish([
  "one stamp in the next larger unit",
  "one price of 1e300",
  "one null in place of a row",
  "a page of HTML",
]);
describeLargeBodies(["100,000 coins"]);
describeNoNetwork();
