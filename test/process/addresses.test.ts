import { describe, expect, it } from "vitest";
import { isAddressRange, withoutCredentials } from "../../src/process/addresses.ts";

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

describe("an address for the log", () => {
  it("has no user and password", () => {
    expect(withoutCredentials("http://lambo:hush@proxy.example:3128")).toBe(
      "http://proxy.example:3128",
    );
    expect(withoutCredentials("redis://:hush@cache:6379/2?x=1")).toBe("redis://cache:6379/2");
    expect(withoutCredentials("redis://cache:6379/")).toBe("redis://cache:6379");
  });
});
