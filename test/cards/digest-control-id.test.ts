import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digestAskId, digestDateOf, parseDigestAskId } from "../../src/cards/digest-control-id.ts";
import { coinHash } from "../../src/prices/coin.ts";

const localDates = fc
  .date({ min: new Date("2000-01-01"), max: new Date("2099-12-31"), noInvalidDate: true })
  .map((at) => at.toISOString().slice(0, 10));

function row(...customIds: string[]) {
  return { type: 1, components: customIds.map((custom_id) => ({ type: 2, style: 2, label: "x", custom_id })) };
}

describe("the id of a digest's button", () => {
  it("comes back as it was written, within Discord's 100 characters, for any coin id and date", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 200 }), fc.option(localDates), (coinId, localOn) => {
        const id = digestAskId({ coinId, localOn });
        expect(id.length).toBeLessThanOrEqual(100);
        expect(parseDigestAskId(id)).toEqual({ coinHash: coinHash(coinId), localOn });
      }),
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

describe("the date marker of a posted digest", () => {
  it("is read from any of its buttons, whatever else stands there", () => {
    const ids = ["lambo:maths:AAAAAAAAAA:1000:average:1", digestAskId({ coinId: "bitcoin", localOn: "2026-11-24" })];
    expect(
      digestDateOf([row("other"), { type: 17, content: "x" }, { type: 1, components: [{ type: 2, url: "https://x" }] }, row(...ids)]),
    ).toBe("2026-11-24");
  });

  it("is absent from previews, tests, other messages and nonsense", () => {
    expect(digestDateOf([row(digestAskId({ coinId: "bitcoin", localOn: null }))])).toBeUndefined();
    for (const components of [undefined, null, "x", {}, [], [null], [row("lambo:maths:x")], [{ components: "x" }]]) {
      expect(digestDateOf(components)).toBeUndefined();
    }
  });
});
