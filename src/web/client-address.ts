import { BlockList, isIP, isIPv4, isIPv6 } from "node:net";

/** Tells who sent a request, behind proxies that we trust and none other. */
export type ClientAddress = (request: { readonly peer: string | undefined; readonly forwardedFor: string | undefined }) => string;

/**
 * Who a request comes from. `X-Forwarded-For` is believed as far as trusted proxies wrote it, from its end: the loopback interface, and
 * `trusted` addresses or CIDR ranges. Anybody may write anything before that. IPv6 clients count by their /64, which is what one household has.
 */
export function createClientAddress(trusted: readonly string[]): ClientAddress {
  const proxies = new BlockList();
  proxies.addSubnet("127.0.0.0", 8, "ipv4");
  proxies.addAddress("::1", "ipv6");
  for (const range of trusted) {
    const [address = "", bits] = range.split("/");
    const family = isIPv6(address) ? "ipv6" : "ipv4";
    if (bits === undefined) proxies.addAddress(address, family);
    else proxies.addSubnet(address, Number(bits), family);
  }
  const isProxy = (address: string) => proxies.check(address, isIPv6(address) ? "ipv6" : "ipv4");

  return ({ peer, forwardedFor }) => {
    let client = plain(peer ?? "");
    if (client === "") return "unknown";
    const hops = (forwardedFor ?? "").split(",").map((hop) => plain(hop.trim()));
    while (isProxy(client)) {
      const before = hops.pop();
      if (before === undefined || isIP(before) === 0) break;
      client = before;
    }
    return isIPv6(client) ? `${firstGroups(client)}::/64` : client;
  };
}

/** An address or a CIDR range, such as `10.0.0.0/8`. */
export function isAddressRange(text: string): boolean {
  const [address = "", bits, ...rest] = text.split("/");
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

/** IPv4 within IPv6 as IPv4, and no zone or port. */
function plain(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined && isIPv4(mapped)) return mapped;
  return isIP(address) === 0 ? (/^\[?([0-9a-f.:]+?)\]?(?::\d+)?$/i.exec(address)?.[1] ?? address) : (address.split("%")[0] ?? address);
}

/** The first four of the eight groups, written out. */
function firstGroups(address: string): string {
  const [head = "", tail = ""] = address.toLowerCase().split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === "" ? [] : tail.split(":");
  const zeros = address.includes("::") ? Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => "0") : [];
  return [...before, ...zeros, ...after]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":");
}
