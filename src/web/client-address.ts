import { BlockList, isIP, isIPv6 } from "node:net";

/** Tells who sent a request, behind proxies that we trust and none other. */
export type ClientAddress = (request: {
  readonly peer: string | undefined;
  readonly forwardedFor: string | undefined;
}) => string;

/**
 * Tells the proxies that we trust from other peers: the loopback interface, and `trusted` addresses
 * or CIDR ranges.
 */
export function createProxyCheck(trusted: readonly string[]): (address: string) => boolean {
  const proxies = new BlockList();
  proxies.addSubnet("127.0.0.0", 8, "ipv4");
  proxies.addAddress("::1", "ipv6");
  for (const range of trusted) {
    const [address = "", bits] = range.split("/");
    const family = isIPv6(address) ? "ipv6" : "ipv4";
    if (bits === undefined) proxies.addAddress(address, family);
    else proxies.addSubnet(address, Number(bits), family);
  }
  return (peer) => {
    const address = plain(peer);
    return isIP(address) !== 0 && proxies.check(address, isIPv6(address) ? "ipv6" : "ipv4");
  };
}

/**
 * Who a request comes from. Every trusted proxy ({@link createProxyCheck}) appends its peer to
 * `X-Forwarded-For`, so the header is read from its end for as long as trusted ones wrote it;
 * anybody may write anything before that. IPv6 clients count by their /64, which is what one
 * household has.
 */
export function createClientAddress(trusted: readonly string[]): ClientAddress {
  const isProxy = createProxyCheck(trusted);
  return ({ peer, forwardedFor }) => {
    let client = plain(peer ?? "");
    if (client === "") return "unknown";
    const hops = (forwardedFor ?? "").split(",").map((hop) => plain(hop.trim()));
    while (isProxy(client)) {
      const before = hops.pop();
      if (before === undefined || isIP(before) === 0) break;
      client = before;
    }
    return isIPv6(client) ? `${firstGroups(client, 4)}::/64` : client;
  };
}

/**
 * The /48 of a client as {@link ClientAddress} names it, which is what one site gets; undefined for
 * IPv4.
 */
export function siteOf(client: string): string | undefined {
  return client.endsWith("::/64") ? `${client.split(":").slice(0, 3).join(":")}::/48` : undefined;
}

/** IPv4 within IPv6 as IPv4, and no zone or port. */
function plain(address: string): string {
  const bare =
    isIP(address) === 0
      ? (/^\[?([0-9a-f.:]+?)\]?(?::\d+)?$/i.exec(address)?.[1] ?? address)
      : (address.split("%")[0] ?? address);
  if (!isIPv6(bare)) return bare;
  // URLs write the same address in one way, IPv4 in hexadecimal digits.
  const [, high, low] =
    /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(new URL(`http://[${bare}]`).hostname) ?? [];
  if (high === undefined || low === undefined) return bare;
  const bits = Number.parseInt(high, 16) * 0x1_0000 + Number.parseInt(low, 16);
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 0xff).join(".");
}

/** The first of the eight groups, written out. */
function firstGroups(address: string, count: number): string {
  const [head = "", tail = ""] = address.toLowerCase().split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === "" ? [] : tail.split(":");
  const zeros = address.includes("::")
    ? Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => "0")
    : [];
  return [...before, ...zeros, ...after]
    .slice(0, count)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":");
}
