import type { PictureMaker } from "./cards/picture.ts";
import type { Log } from "./log.ts";
import type { CoinIndex } from "./prices/coin-index.ts";
import type { PriceHistories } from "./prices/price-history.ts";

/** Everything that commands may draw on, built once by the entry point. */
export type Services = {
  readonly prices: PriceHistories;
  readonly coins: CoinIndex;
  readonly pictures: PictureMaker;
  readonly log: Log;
  /** The clock. */
  now(): Date;
};
