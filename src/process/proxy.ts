import { BlockList, isIP } from "node:net";

/**
 * The forward proxies that outgoing requests go through, as set by `HTTPS_PROXY` and its siblings.
 */
export type ForwardProxies = {
  /** For `http:` and `ws:`, and for the other two if `https` is undefined. */
  readonly http: string | undefined;
  /** For `https:` and `wss:`. */
  readonly https: string | undefined;
  /** Hosts that are reached directly, as listed in `NO_PROXY`. */
  readonly exempt: string;
};

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  "http:": 80,
  "ws:": 80,
  "https:": 443,
  "wss:": 443,
};

/** The address of the proxy for `target`; undefined if it is reached directly. */
export function proxyFor({ http, https, exempt }: ForwardProxies, target: URL): string | undefined {
  const isSecure = target.protocol === "https:" || target.protocol === "wss:";
  const proxy = isSecure ? (https ?? http) : http;
  return proxy === undefined || isExempt(target, exempt) ? undefined : proxy;
}

/**
 * `NO_PROXY` as curl and Go read it: hosts with their subdomains (a leading `.` or `*.` changes
 * nothing), addresses, CIDR ranges, each with or without a port, and `*` for everything. Separated
 * by commas or spaces (curl.se/docs/manpage.html#--noproxy,
 * pkg.go.dev/golang.org/x/net/http/httpproxy, 2026-11).
 */
function isExempt(target: URL, list: string): boolean {
  const host = bare(target.hostname);
  const port = target.port === "" ? DEFAULT_PORTS[target.protocol] : Number(target.port);
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      // An IPv6 address without brackets ends like a port.
      const [, named = "", itsPort] = (isIP(entry) === 0 && /^(.+):(\d+)$/.exec(entry)) || [];
      if (itsPort === undefined) return covers(bare(entry), host);
      return Number(itsPort) === port && covers(bare(named), host);
    });
}

function covers(entry: string, host: string): boolean {
  if (entry === "*") return true;
  if (entry.includes("/")) return isWithin(entry, host);
  const name = entry.replace(/^\*?\.+/, "");
  return host === name || (isIP(host) === 0 && host.endsWith(`.${name}`));
}

/** Whether an address is in a CIDR range; false if either is not one. */
function isWithin(range: string, host: string): boolean {
  const [network = "", bits = ""] = range.split("/");
  const version = isIP(network);
  if (version === 0 || isIP(host) !== version) return false;
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > (version === 4 ? 32 : 128)) return false;
  const family = version === 4 ? "ipv4" : "ipv6";
  const block = new BlockList();
  block.addSubnet(network, Number(bits), family);
  return block.check(host, family);
}

const bare = (host: string) =>
  host
    .toLowerCase()
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "");
