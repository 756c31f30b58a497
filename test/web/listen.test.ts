import { Agent, type IncomingHttpHeaders, request } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { listen, type WebServer } from "../../src/web/listen.ts";

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function start(): Promise<WebServer> {
  const server = await listen({ fetch: () => new Response("here") }, { host: "127.0.0.1", port: 0 });
  open.push(() => server.close());
  return server;
}

/** One request; `isKept` says whether it went down a connection of an earlier one. */
function get({ port }: WebServer, agent: Agent): Promise<{ headers: IncomingHttpHeaders; isKept: boolean }> {
  return new Promise((resolve, reject) => {
    const asking = request({ host: "127.0.0.1", port, agent }, (answer) => {
      answer.resume().once("end", () => resolve({ headers: answer.headers, isKept: asking.reusedSocket }));
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
  it("answers what still comes down a kept connection, and tells its sender to keep it no more", async () => {
    const server = await start();
    const agent = balancer();
    expect(await get(server, agent)).toMatchObject({ isKept: false, headers: { connection: "keep-alive" } });
    const closed = server.close(10_000, 10_000);
    expect(await get(server, agent)).toMatchObject({ isKept: true, headers: { connection: "close" } });
    // It was the only connection: there is nothing to wait for.
    await closed;
    await expect(get(server, balancer())).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  it("waits for no request on a kept connection longer than it is told", async () => {
    const server = await start();
    await get(server, balancer());
    const startedAtMs = performance.now();
    await server.close(10_000, 100);
    expect(performance.now() - startedAtMs).toBeGreaterThan(95);
    expect(performance.now() - startedAtMs).toBeLessThan(5_000);
  });
});
