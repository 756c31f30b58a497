import { describe, expect, it } from "vitest";
import { permissionInWords } from "../../src/digest/permission-wording.ts";
import {
  type DigestReason,
  readReason,
  reasonInWords,
  storedReason,
} from "../../src/digest/reason.ts";

const CHANNEL = "1100000000000000001";

const REASONS: readonly DigestReason[] = [
  { why: "too-late" },
  { why: "switched-off" },
  { why: "restarted" },
  { why: "no-prices" },
  { why: "unknowable" },
  { why: "token-refused" },
  { why: "rate-limited" },
  { why: "unreachable" },
  { why: "was-down" },
  { why: "no-coin-list" },
  { why: "out-of-bounds" },
  { why: "no-news", closesTo: "2026-11-23" },
  {
    why: "no-answers",
    coins: [
      { name: "Sly", absence: { reason: "no-longer-priced", lastRecordedOn: "2026-10-01" } },
      { name: "Young", absence: { reason: "prices-unavailable" } },
    ],
    count: 4,
  },
  { why: "no-rate", code: "EUR" },
  { why: "unknown-zone", zone: "Europe/Atlantis" },
  { why: "unknown-channel" },
  { why: "no-access", channelId: CHANNEL },
  { why: "no-permission", channelId: CHANNEL },
  { why: "archived-thread", channelId: CHANNEL },
  { why: "wrong-kind", channelId: CHANNEL },
  { why: "other", channelId: CHANNEL },
  { why: "permissions", channelId: CHANNEL, missing: ["View Channel", "Embed Links"] },
  { why: "message-refused", code: "50035", incident: "BCDFGH" },
];

describe("why a digest did not come", () => {
  it("is kept as facts, and is a whole sentence for every reader", () => {
    for (const reason of REASONS) {
      const read = readReason(storedReason(reason));
      expect(read).toEqual(reason);
      for (const locale of ["en-US", "de", "ja", "xx", ""])
        expect(reasonInWords(read, locale)).toMatch(/^.{10,}[.。]$/u);
    }
  });

  it("is told as it was stored where an earlier version stored a sentence", () => {
    for (const stored of ["It was cloudy.", "null", "7", '{"why":"comet"}', ""])
      expect(reasonInWords(readReason(stored), "de")).toBe(stored);
    expect(readReason("The digest's channel no longer exists.")).toEqual({
      why: "unknown-channel",
    });
  });
});

it("a permission is called as in the reader's Discord, one of an earlier version as it was", () => {
  expect(permissionInWords("Send Messages", "en-US")).toBe("Send Messages");
  expect(permissionInWords("Send Messages", "de")).toBe("Nachrichten senden");
  expect(permissionInWords("Fly", "de")).toBe("Fly");
});
