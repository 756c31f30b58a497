import { describe, expect, it } from "vitest";
import { createClientAddress, createProxyCheck, siteOf } from "../../src/web/client-address.ts";

describe("the address that a request counts for", () => {
  const of = (peer: string, forwardedFor?: string, trusted: readonly string[] = []) =>
    createClientAddress(trusted)({ peer, forwardedFor });

  it("is the peer's, whatever its header says, unless the peer is a trusted proxy", () => {
    expect(of("198.51.100.7", "203.0.113.9")).toBe("198.51.100.7");
    expect(of("10.1.2.3", "203.0.113.9", ["10.0.0.0/8"])).toBe("203.0.113.9");
    expect(of("127.0.0.1", "203.0.113.9")).toBe("203.0.113.9");
    expect(of("::ffff:127.0.0.1", "203.0.113.9")).toBe("203.0.113.9");
    expect(of("127.0.0.1")).toBe("127.0.0.1");
  });

  it("is the last one that is no trusted proxy's: anything before it may be invented", () => {
    expect(of("10.1.2.3", "1.1.1.1, 203.0.113.9, 10.9.9.9", ["10.0.0.0/8"])).toBe("203.0.113.9");
    expect(of("10.1.2.3", "1.1.1.1, nonsense", ["10.0.0.0/8"])).toBe("10.1.2.3");
  });

  it("is the client's behind a chain of proxies, as far as trusted ones wrote it", () => {
    const trusted = ["10.0.0.0/8", "2001:db8:ffff::/48"];
    expect(of("10.0.0.1", "198.51.100.7, 2001:db8:ffff::9, 10.0.0.2", trusted)).toBe(
      "198.51.100.7",
    );
    // The proxy at 192.0.2.1 is not trusted: it counts as the client, whatever it passed on.
    expect(of("10.0.0.1", "198.51.100.7, 192.0.2.1, 10.0.0.2", trusted)).toBe("192.0.2.1");
    expect(of("192.0.2.1", "198.51.100.7, 10.0.0.2", trusted)).toBe("192.0.2.1");
    // Trusted proxies wrote everything.
    expect(of("10.0.0.1", "10.0.0.3, 10.0.0.2", trusted)).toBe("10.0.0.3");
    expect(of("10.0.0.1", "198.51.100.7:4711, [2001:db8:ffff::9]:443", trusted)).toBe(
      "198.51.100.7",
    );
  });

  it("is the same however IPv4 is spelled within IPv6", () => {
    for (const peer of ["::ffff:10.1.2.3", "::ffff:a01:203", "0:0:0:0:0:ffff:a01:203"]) {
      expect(of(peer, "203.0.113.9", ["10.0.0.0/8"])).toBe("203.0.113.9");
      expect(of(peer)).toBe("10.1.2.3");
    }
  });

  it("is the /64 of an IPv6 household, so that its many addresses count as one client", () => {
    expect(of("2001:db8:0:1:aaaa::1")).toBe(of("2001:db8:0:1:bbbb::2"));
    expect(of("2001:db8::1")).toBe("2001:db8:0:0::/64");
    expect(of("2001:db8:0:1::1")).not.toBe(of("2001:db8:0:2::1"));
  });
});

describe("a trusted proxy", () => {
  it("is on the loopback interface, or in a configured range", () => {
    const isProxy = createProxyCheck(["10.0.0.0/8", "192.0.2.1", "2001:db8:ffff::/48"]);
    const addresses = ["127.0.0.1", "::1", "10.9.9.9", "192.0.2.1", "2001:db8:ffff:1::9"];
    expect(addresses.filter((address) => !isProxy(address))).toEqual([]);
    const others = ["11.0.0.1", "192.0.2.2", "2001:db8:fffe::9", "", "localhost"];
    expect(others.filter(isProxy)).toEqual([]);
  });
});

describe("an IPv6 site", () => {
  it("is the /48 around a client's /64; IPv4 has none", () => {
    const client = createClientAddress([])({ peer: "2001:db8:1:2::9", forwardedFor: undefined });
    expect(siteOf(client)).toBe("2001:db8:1::/48");
    expect(siteOf("203.0.113.9")).toBeUndefined();
  });
});
