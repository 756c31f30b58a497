import {
  describeLargeBodies,
  describeRubbish,
  EVERY_HOSTILE,
  EVERY_SHAPE,
  useHostileMarket,
} from "../prices/sources/hostile-responses.contract.ts";

useHostileMarket();
describeRubbish(EVERY_HOSTILE);
describeLargeBodies(EVERY_SHAPE);
