import { createRequire } from "node:module";
import { setDefaultAutoSelectFamilyAttemptTimeout } from "node:net";
import type { ClientOptions } from "ws";
import { type ForwardProxies, proxyFor } from "./proxy.ts";

/**
 * How long connecting to one address of a host may take before the next is tried, in milliseconds.
 * With Node's default of 250 ms every call fails on a network with slow handshakes
 * (nodejs/node#54359, 2026-11); an interactive call has 8 s in all.
 */
const EACH_ADDRESS_MS = 2_000;

/**
 * Sets up outgoing connections for the whole process: patience with slow handshakes and, with
 * `proxies`, the way through a forward proxy for `fetch`, `@discordjs/rest` and the gateway. Call
 * it once, before discord.js is loaded, which picks its WebSocket class while loading.
 */
export async function setUpNetwork(proxies: ForwardProxies | undefined): Promise<void> {
  setDefaultAutoSelectFamilyAttemptTimeout(EACH_ADDRESS_MS);
  if (proxies === undefined) return;
  await routeRequests(proxies);
  await routeWebSockets(proxies);
}

/**
 * Node's `fetch` has a bundled undici without proxy support: it is replaced by the package's
 * `fetch`.
 */
async function routeRequests(proxies: ForwardProxies): Promise<void> {
  const { Agent, fetch, Pool, ProxyAgent, setGlobalDispatcher } = await import("undici");
  const agents = new Map<string, InstanceType<typeof ProxyAgent>>();
  const agentOf = (proxy: string) => {
    const agent = agents.get(proxy) ?? new ProxyAgent(proxy);
    agents.set(proxy, agent);
    return agent;
  };
  // undici's EnvHttpProxyAgent (6.29) does not exempt subdomains, and warns that it is
  // experimental.
  setGlobalDispatcher(
    new Agent({
      factory(origin, options) {
        const proxy = proxyFor(proxies, new URL(origin));
        return proxy === undefined ? new Pool(origin, options) : agentOf(proxy);
      },
    }),
  );
  Reflect.set(globalThis, "fetch", fetch);
}

/**
 * `@discordjs/ws` passes no agent to `ws` (discordjs/discord.js#10716, 2026-11), and picks its
 * class when it is loaded.
 */
async function routeWebSockets(proxies: ForwardProxies): Promise<void> {
  const { HttpsProxyAgent } = await import("https-proxy-agent");
  const ws: typeof import("ws") = createRequire(import.meta.url)("ws");
  class ProxiedWebSocket extends ws.WebSocket {
    constructor(address: string | URL, protocols?: string | string[], options?: ClientOptions) {
      const proxy = proxyFor(proxies, new URL(address));
      super(address, protocols, {
        ...options,
        ...(proxy !== undefined && { agent: new HttpsProxyAgent(proxy) }),
      });
    }
  }
  Reflect.set(ws, "WebSocket", ProxiedWebSocket);
}
