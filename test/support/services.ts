import { createPictureMaker } from "../../src/cards/picture.ts";
import { silentLog } from "../../src/log.ts";
import type { Services } from "../../src/services.ts";
import type { MarketUnderTest } from "./market-under-test.ts";

/** What commands draw on, against a fake market: real services all through, each of which a test may replace. */
export function servicesUnderTest(market: MarketUnderTest, replaced: Partial<Services> = {}): Services {
  const { coins, prices, rates, ...sources } = market.market();
  const { settings, presence, forget } = market.storage();
  return {
    coins,
    prices,
    rates,
    sources,
    pictures: createPictureMaker(),
    directory: undefined,
    digests: undefined,
    settings,
    presence,
    forget,
    log: silentLog,
    now: market.now,
    ...replaced,
  };
}
