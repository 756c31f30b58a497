import { expect, it } from "vitest";
import { isAddressRange } from "../../src/process/address-range.ts";

it.each(["10.1.2.3", "10.0.0.0/8", "0.0.0.0/0", "2001:db8::/48", "::1/128"])(
  "accepts %s as an address or range",
  (text) => {
    expect(isAddressRange(text)).toBe(true);
  },
);

it.each([
  "",
  "10.1.2",
  "10.0.0.0/33",
  "10.0.0.0/",
  "10.0.0.0/8/8",
  "10.0.0.0/-1",
  "::/129",
  "proxy.example",
])("refuses %j", (text) => {
  expect(isAddressRange(text)).toBe(false);
});
