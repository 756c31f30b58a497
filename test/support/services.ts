import { createDueTimes } from "../../src/digest/due.ts";
import { createDigestPreview } from "../../src/digest/preview.ts";
import { createDigestWriter } from "../../src/digest/writer.ts";
import { createPictureMaker } from "../../src/pictures/picture-maker.ts";
import { silentLog } from "../../src/process/log.ts";
import type { Services } from "../../src/services.ts";
import type { MarketUnderTest } from "./market-under-test.ts";

/**
 * The services of commands, against a fake market: all of them real, and each replaceable by a
 * test.
 */
export function servicesUnderTest(
  market: MarketUnderTest,
  replaced: Partial<Services> = {},
): Services {
  const { coins, prices, rates, ...sources } = market.market();
  const { settings, presence, forget, ledger } = market.storage();
  const plain = {
    coins,
    prices,
    rates,
    sources,
    pictures: createPictureMaker(),
    directory: undefined,
    settings,
    presence,
    forget,
    pages: {
      publicUrl: undefined,
      privacyUrl: undefined,
      termsUrl: undefined,
      supportUrl: undefined,
    },
    log: silentLog,
    now: market.now,
  };
  const writer = createDigestWriter({ ...plain, ...replaced });
  const previewDigest = createDigestPreview({
    settings,
    ledger,
    writer,
    times: createDueTimes(),
    now: market.now,
  });
  return { ...plain, digests: undefined, previewDigest, ...replaced };
}
