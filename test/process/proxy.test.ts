import { describe, expect, it } from "vitest";
import { type ForwardProxies, proxyFor } from "../../src/process/proxy.ts";

const [HTTP, HTTPS] = ["http://plain.proxy:3128", "http://secure.proxy:3128"];

function via(target: string, proxies: Partial<ForwardProxies> = {}): string | undefined {
  return proxyFor({ http: HTTP, https: HTTPS, exempt: "", ...proxies }, new URL(target));
}

describe("the proxy for an address", () => {
  it("depends on the scheme, WebSockets included", () => {
    expect([via("http://a.example"), via("ws://a.example")]).toEqual([HTTP, HTTP]);
    expect([via("https://a.example"), via("wss://a.example")]).toEqual([HTTPS, HTTPS]);
  });

  it("is HTTP_PROXY for everything when it is the only one, and never HTTPS_PROXY for plain HTTP", () => {
    expect(via("wss://a.example", { https: undefined })).toBe(HTTP);
    expect(via("http://a.example", { http: undefined })).toBeUndefined();
  });

  it.each([
    ["discord.com", "https://discord.com/api", true],
    ["discord.com", "https://canary.discord.com/api", true],
    [".discord.com", "https://discord.com/api", true],
    ["*.discord.com", "https://canary.discord.com/api", true],
    ["discord.com", "https://notdiscord.com", false],
    ["DISCORD.com", "https://discord.com./api", true],
    ["discord.com:443", "https://discord.com/api", true],
    ["discord.com:8443", "https://discord.com/api", false],
    ["a.example b.example, c.example", "http://b.example", true],
    ["*", "wss://gateway.discord.gg", true],
    ["127.0.0.1", "http://127.0.0.1:3000", true],
    ["127.0.0.1:3001", "http://127.0.0.1:3000", false],
    ["0.0.1", "http://127.0.0.1", false],
    ["10.0.0.0/8", "http://10.200.3.4", true],
    ["10.0.0.0/8", "http://11.0.0.1", false],
    ["10.0.0.0/99", "http://10.0.0.1", false],
    ["::1", "http://[::1]:3000", true],
    ["[::1]:3000", "http://[::1]:3000", true],
    ["[::1]:3001", "http://[::1]:3000", false],
    ["fd00::/8", "http://[fd12::1]", true],
    ["", "http://a.example", false],
  ])("with NO_PROXY=%s, %s is exempt: %s", (exempt, target, isExempt) => {
    expect(via(target, { exempt }) === undefined).toBe(isExempt);
  });
});
