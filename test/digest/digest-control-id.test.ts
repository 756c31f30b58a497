import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digestAskId, digestMarker, parseDigestAskId } from "../../src/digest/digest-control-id.ts";
import { coinHash } from "../../src/prices/coins/coin.ts";

const localDates = fc
  .date({ min: new Date("2000-01-01"), max: new Date("2099-12-31"), noInvalidDate: true })
  .map((at) => at.toISOString().slice(0, 10));

describe("the id of a digest's button", () => {
  it("comes back as it was written, within Discord's 100 characters, for any coin id and date", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 200 }),
        fc.option(localDates),
        (coinId, localOn) => {
          const id = digestAskId({ coinId, localOn });
          expect(id.length).toBeLessThanOrEqual(100);
          expect(parseDigestAskId(id)).toEqual({ coinHash: coinHash(coinId), localOn });
        },
      ),
    );
  });

  it.each([
    "",
    "digest:ask",
    "digest:ask:AAAAAAAAAA:2026-11-24",
    "digest:ask:AAAAAAAAAA:2026-11-24:2",
    "digest:ask:AAAAAAAAAA:2026-11-24:1:more",
    "digest:ask:AAAAAAAAAA:2026-02-30:1",
    "digest:ask:AAAAAAAAAA::1",
    "digest:ask:AAAA:2026-11-24:1",
    "digest:tell:AAAAAAAAAA:2026-11-24:1",
    "lambo:ask:AAAAAAAAAA:2026-11-24:1",
  ])("%j is none", (customId) => {
    expect(parseDigestAskId(customId)).toBeUndefined();
  });
});

describe("the marker of a posted digest's date", () => {
  it("is in all of its buttons, and in none of a preview, a test or another date", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 100 }),
        localDates,
        localDates,
        (coinId, localOn, otherOn) => {
          const marker = digestMarker(localOn);
          expect(digestAskId({ coinId, localOn })).toContain(marker);
          expect(digestAskId({ coinId, localOn: null })).not.toContain(marker);
          if (otherOn !== localOn)
            expect(digestAskId({ coinId, localOn: otherOn })).not.toContain(marker);
        },
      ),
    );
  });
});
