import { on, once } from "node:events";
import { Agent, type IncomingHttpHeaders, request } from "node:http";
import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { connectionsWithin } from "../../src/web/connections.ts";
import {
  type ListenOptions,
  listen,
  type WebApplication,
  type WebServer,
} from "../../src/web/listen.ts";

const HERE: WebApplication = { fetch: () => new Response("here") };

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function start(
  options: Partial<ListenOptions> = {},
  app: WebApplication = HERE,
): Promise<WebServer> {
  const server = await listen(app, { host: "127.0.0.1", port: 0, ...options });
  open.push(() => server.close());
  return server;
}

/** Sends one request; `isKept` says whether it reused an earlier one's connection. */
function get(
  { port }: WebServer,
  agent: Agent,
): Promise<{ headers: IncomingHttpHeaders; isKept: boolean }> {
  return new Promise((resolve, reject) => {
    const asking = request({ host: "127.0.0.1", port, agent }, (answer) => {
      answer
        .resume()
        .once("end", () => resolve({ headers: answer.headers, isKept: asking.reusedSocket }));
    });
    asking.once("error", reject).end();
  });
}

function balancer(): Agent {
  const agent = new Agent({ keepAlive: true });
  open.push(async () => agent.destroy());
  return agent;
}

describe("a web server that closes", () => {
  it("answers a request that still comes down a kept connection, and asks for it to be closed", async () => {
    const server = await start();
    const agent = balancer();
    expect(await get(server, agent)).toMatchObject({
      isKept: false,
      headers: { connection: "keep-alive" },
    });
    const closed = server.close(10_000, 10_000);
    expect(await get(server, agent)).toMatchObject({
      isKept: true,
      headers: { connection: "close" },
    });
    // It was the only connection: there is nothing to wait for.
    await closed;
    await expect(get(server, balancer())).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  it("waits on a kept connection no longer than it is told to", async () => {
    const server = await start();
    await get(server, balancer());
    const startedAtMs = performance.now();
    await server.close(10_000, 100);
    expect(performance.now() - startedAtMs).toBeGreaterThan(95);
    expect(performance.now() - startedAtMs).toBeLessThan(5_000);
  });
});

/** A visitor's bare connection. */
async function visit({ port }: WebServer, localAddress = "127.0.0.1"): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", localAddress });
  // These tests look at connections that the server cuts.
  socket.on("error", () => undefined);
  open.push(async () => socket.destroy());
  await once(socket, "connect");
  return socket;
}

/** Sends one request down a connection and returns the response up to its end. */
async function ask(
  socket: Socket,
  text = "GET / HTTP/1.1\r\nhost: lambo\r\n\r\n",
): Promise<string> {
  socket.write(text);
  let heard = "";
  for await (const [bytes] of on(socket, "data", { close: ["close"] })) {
    heard += String(bytes);
    if (/here$|\r\n0\r\n\r\n$/.test(heard)) break;
  }
  return heard;
}

/** Resolves when the server has ended a connection. */
async function ended(socket: Socket): Promise<void> {
  if (!socket.closed) await once(socket, "close");
}

describe("a web server with more visitors than it holds", () => {
  it("closes the connection that has been idle for longest, and answers the new one", async () => {
    const server = await start({ maxConnections: 3 });
    const [first, second, third] = [await visit(server), await visit(server), await visit(server)];
    for (const socket of [second, third, first]) expect(await ask(socket)).toContain("200 OK");
    expect(await ask(await visit(server))).toContain("200 OK");
    await ended(second);
    expect([first.closed, third.closed]).toEqual([false, false]);
  });

  it("keeps load balancers' connections as long as a visitor's is idle", async () => {
    const server = await start({
      maxConnections: 2,
      isProxy: (address) => address === "127.0.0.2",
    });
    const balancerSocket = await visit(server, "127.0.0.2");
    expect(await ask(balancerSocket)).toContain("200 OK");
    const visitor = await visit(server);
    expect(await ask(visitor)).toContain("200 OK");
    expect(await ask(await visit(server))).toContain("200 OK");
    await ended(visitor);
    expect(await ask(balancerSocket)).toContain("200 OK");
  });

  it("closes the new connection when every other waits for a response", async () => {
    let answer = () => {};
    const asked = new Promise<void>((resolve) => (answer = resolve));
    let heard = () => {};
    const arrived = new Promise<void>((resolve) => (heard = resolve));
    const slow: WebApplication = {
      async fetch() {
        heard();
        await asked;
        return new Response("here");
      },
    };
    const server = await start({ maxConnections: 1 }, slow);
    const waiting = await visit(server);
    const response = ask(waiting);
    await arrived;
    await ended(await visit(server));
    answer();
    expect(await response).toContain("200 OK");
  });

  it("leaves file descriptors for its own calls", () => {
    expect(connectionsWithin(2_000, 1_024)).toBe(768);
    expect(connectionsWithin(2_000, 65_536)).toBe(2_000);
    expect(connectionsWithin(100, 1_024)).toBe(100);
    expect(connectionsWithin(2_000, 64)).toBe(32);
    expect(connectionsWithin(2_000, Number.POSITIVE_INFINITY)).toBe(2_000);
  });
});

describe("an idle connection", () => {
  it("is closed, and a load balancer's much later", async () => {
    const isProxy = (address: string) => address === "127.0.0.2";
    const server = await start({ idleMs: 50, proxyIdleMs: 60_000, isProxy });
    const [visitor, trusted] = [await visit(server), await visit(server, "127.0.0.2")];
    expect(await ask(trusted)).toContain("200 OK");
    expect(await ask(visitor)).toContain("200 OK");
    await ended(visitor);
    expect(await ask(trusted)).toContain("200 OK");
  });

  it("is closed in the end even if it is a load balancer's", async () => {
    const server = await start({ idleMs: 60_000, proxyIdleMs: 50, isProxy: () => true });
    const trusted = await visit(server);
    expect(await ask(trusted)).toContain("200 OK");
    await ended(trusted);
  });
});

describe("HTTP/1.0", () => {
  it("is answered without a Host header, and its connection is closed", async () => {
    const server = await start();
    const socket = await visit(server);
    const heard = await ask(socket, "GET / HTTP/1.0\r\n\r\n");
    expect(heard).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(heard).not.toMatch(/transfer-encoding/i);
    await ended(socket);
  });
});
