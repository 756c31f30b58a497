import { createServer, type ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import type { Ask } from "../../../src/prices/price-source.ts";
import { type CallBudget, createCallBudget } from "../../../src/prices/sources/call-budget.ts";
import {
  createUpstream,
  UPSTREAM_TIMING,
  type Upstream,
  type UpstreamTiming,
} from "../../../src/prices/sources/upstream.ts";
import { silentLog } from "../../../src/process/log.ts";
import { QUICK, UNLIMITED } from "../../support/quick-timing.ts";

const ASK: Ask = { priority: "interactive" };
const PATIENT: UpstreamTiming = {
  ...QUICK,
  deadlineMs: { interactive: 10_000, background: 10_000 },
};

/** What the server does with its nth request, from 0. */
type Script = (nth: number, response: ServerResponse) => void;

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function start(
  script: Script,
  options: { timing?: UpstreamTiming; budget?: CallBudget } = {},
) {
  const arrivals: number[] = [];
  const server = createServer((_request, response) => {
    arrivals.push(performance.now());
    script(arrivals.length - 1, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const upstream: Upstream = createUpstream({
    name: "Server",
    baseUrl: `http://127.0.0.1:${port}/`,
    budget: options.budget ?? UNLIMITED,
    now: () => new Date(),
    readFailure: () => undefined,
    log: silentLog,
    timing: options.timing ?? QUICK,
  });
  return { upstream, arrivals };
}

const status = (code: number, headers: Record<string, string> = {}) => {
  return (_nth: number, response: ServerResponse) => response.writeHead(code, headers).end("{}");
};

const gapsOf = (arrivals: readonly number[]) =>
  arrivals.slice(1).map((at, index) => at - (arrivals[index] ?? 0));

describe("deadlines", () => {
  it("of the real program are 8 s for a person and a minute for background work", () => {
    expect(UPSTREAM_TIMING.deadlineMs).toEqual({ interactive: 8_000, background: 60_000 });
  });

  it("hold for the whole call: bytes that keep coming do not extend them", async () => {
    const { upstream, arrivals } = await start((_nth, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write(" "), 10);
      response.once("close", () => clearInterval(timer));
    });
    const began = performance.now();
    const answer = await upstream.getJson("/", ASK);
    expect(answer).toMatchObject({
      ok: false,
      reason: "unreachable",
      detail: "Server: no answer in time",
    });
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(arrivals).toHaveLength(1);
  });

  it("depend on the caller's priority", async () => {
    const timing = { ...QUICK, deadlineMs: { interactive: 60_000, background: 50 } };
    const { upstream } = await start(() => undefined, { timing });
    expect(await upstream.getJson("/", { priority: "background" })).toMatchObject({
      ok: false,
      detail: "Server: no answer in time",
    });
  });

  it("prevent a retry that could not end in time", async () => {
    const { upstream, arrivals } = await start(status(503), {
      timing: { ...QUICK, firstBackoffMs: 60_000 },
    });
    const began = performance.now();
    expect(await upstream.getJson("/", ASK)).toMatchObject({ reason: "unreachable" });
    expect(arrivals).toHaveLength(1);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

describe("retries", () => {
  it("are at most two", async () => {
    const { upstream, arrivals } = await start(status(500));
    await upstream.getJson("/", ASK);
    expect(arrivals).toHaveLength(3);
  });

  it("end with the first success", async () => {
    const { upstream, arrivals } = await start((nth, response) =>
      status(nth === 1 ? 200 : 502)(nth, response),
    );
    expect(await upstream.getJson("/", ASK)).toEqual({ ok: true, body: {} });
    expect(arrivals).toHaveLength(2);
  });

  it.each([400, 404, 410, 422])(
    "are not made for a question that is wrong (HTTP %d), and it does not speak against the provider",
    async (code) => {
      const { upstream, arrivals } = await start((nth, response) =>
        status(nth < 5 ? code : 200)(nth, response),
      );
      for (let question = 0; question < 5; question += 1)
        expect(await upstream.getJson("/", ASK)).toMatchObject({ reason: "bad-answer" });
      expect(arrivals).toHaveLength(5);
      expect(await upstream.getJson("/", ASK)).toMatchObject({ ok: true });
    },
  );

  it("wait longer each time", async () => {
    const { upstream, arrivals } = await start(status(500), {
      timing: { ...PATIENT, firstBackoffMs: 20 },
    });
    await upstream.getJson("/", ASK);
    const [first = 0, second = 0] = gapsOf(arrivals);
    expect(first).toBeGreaterThan(18);
    expect(second).toBeGreaterThan(58);
  });
});

describe("Retry-After", () => {
  it("is waited for, and the call then succeeds", async () => {
    const { upstream, arrivals } = await start(
      (nth, response) =>
        nth === 0
          ? status(429, { "retry-after": "0.2" })(nth, response)
          : status(200)(nth, response),
      { timing: PATIENT },
    );
    expect(await upstream.getJson("/", ASK)).toMatchObject({ ok: true });
    expect(gapsOf(arrivals)[0]).toBeGreaterThanOrEqual(200);
  });

  it.each([429, 503])(
    "beyond the deadline (HTTP %d) is answered at once, and nobody else asks before it is over",
    async (code) => {
      const { upstream, arrivals } = await start(status(code, { "retry-after": "3600" }));
      expect(await upstream.getJson("/", ASK)).toMatchObject({ ok: false });
      expect(await upstream.getJson("/", ASK)).toMatchObject({
        ok: false,
        reason: "rate-limited",
        detail: "Server: asked us to wait",
      });
      expect(await upstream.getJson("/", { priority: "background" })).toMatchObject({
        ok: false,
        reason: "rate-limited",
      });
      expect(arrivals).toHaveLength(1);
    },
  );

  it("can be a date", async () => {
    const { upstream, arrivals } = await start(
      status(429, { "retry-after": new Date(Date.now() + 3_600_000).toUTCString() }),
    );
    await upstream.getJson("/", ASK);
    await upstream.getJson("/", ASK);
    expect(arrivals).toHaveLength(1);
  });

  it("of a year counts as the longest quiet", async () => {
    const { upstream, arrivals } = await start(
      (nth, response) =>
        nth === 0
          ? status(429, { "retry-after": "31536000" })(nth, response)
          : status(200)(nth, response),
      { timing: { ...PATIENT, longestQuietMs: 0 } },
    );
    expect(await upstream.getJson("/", ASK)).toMatchObject({ reason: "rate-limited" });
    expect(await upstream.getJson("/", ASK)).toMatchObject({ ok: true });
    expect(arrivals).toHaveLength(2);
  });

  it("of a request that is wrong does not silence the source for others", async () => {
    const { upstream, arrivals } = await start(status(404, { "retry-after": "3600" }));
    for (const path of ["/gone", "/other"])
      expect(await upstream.getJson(path, ASK)).toMatchObject({ reason: "bad-answer" });
    expect(arrivals).toHaveLength(2);
  });

  it("does not delay calls to other sources", async () => {
    const limited = await start(status(429, { "retry-after": "3600" }));
    const other = await start(status(200));
    await limited.upstream.getJson("/", ASK);
    expect(await other.upstream.getJson("/", ASK)).toMatchObject({ ok: true });
  });
});

describe("the breaker", () => {
  it("opens after four failures in a row: further calls fail without a request", async () => {
    const { upstream, arrivals } = await start(status(500), {
      timing: { ...QUICK, brokenForMs: 60_000 },
    });
    await upstream.getJson("/", ASK);
    await upstream.getJson("/", ASK);
    expect(arrivals).toHaveLength(4);
    for (let question = 0; question < 10; question += 1) {
      expect(await upstream.getJson("/", ASK)).toMatchObject({ ok: false, reason: "unreachable" });
    }
    expect(arrivals).toHaveLength(4);
  });

  it("closes again when the source responds", async () => {
    const { upstream, arrivals } = await start(
      (nth, response) => status(nth < 4 ? 500 : 200)(nth, response),
      {
        timing: { ...QUICK, brokenForMs: 0 },
      },
    );
    await upstream.getJson("/", ASK);
    await upstream.getJson("/", ASK);
    expect(await upstream.getJson("/", ASK)).toMatchObject({ ok: true });
    for (let question = 0; question < 3; question += 1)
      expect(await upstream.getJson("/", ASK)).toMatchObject({ ok: true });
    expect(arrivals.length).toBeLessThanOrEqual(9);
  });

  it("does not open for rate limits", async () => {
    const { upstream, arrivals } = await start(status(429));
    for (let question = 0; question < 3; question += 1) await upstream.getJson("/", ASK);
    expect(arrivals).toHaveLength(9);
  });
});

describe("a budget that is used up", () => {
  it("is a failure without a request, at once when the wait would be too long", async () => {
    const budget = createCallBudget({ calls: 2, windowSeconds: 3_600 });
    const { upstream, arrivals } = await start(status(200), { budget });
    await upstream.getJson("/", ASK);
    await upstream.getJson("/", ASK);
    expect(await upstream.getJson("/", ASK)).toMatchObject({
      ok: false,
      reason: "rate-limited",
      detail: expect.stringContaining("budget"),
    });
    expect(arrivals).toHaveLength(2);
  });

  it("counts retries too", async () => {
    const { upstream, arrivals } = await start(status(500), {
      budget: createCallBudget({ calls: 2, windowSeconds: 3_600 }),
    });
    expect(await upstream.getJson("/", ASK)).toMatchObject({ ok: false });
    expect(arrivals).toHaveLength(2);
  });
});

describe("of several failures", () => {
  it("the first is reported, not that it used up the budget", async () => {
    const { upstream, arrivals } = await start(status(500), {
      budget: createCallBudget({ calls: 1, windowSeconds: 3_600 }),
    });
    expect(await upstream.getJson("/", ASK)).toMatchObject({
      reason: "unreachable",
      detail: "Server: HTTP 500",
    });
    expect(arrivals).toHaveLength(1);
  });

  it("the outage is reported to calls that find the budget used up by it", async () => {
    const { upstream } = await start(status(500), {
      budget: createCallBudget({ calls: 2, windowSeconds: 3_600 }),
    });
    await upstream.getJson("/", ASK);
    expect(await upstream.getJson("/", ASK)).toMatchObject({
      reason: "unreachable",
      detail: "Server: HTTP 500",
    });
  });

  it("the first is reported where the others differ", async () => {
    const { upstream } = await start((nth, response) =>
      nth === 0 ? response.end("<html>") : status(502)(nth, response),
    );
    expect(await upstream.getJson("/", ASK)).toMatchObject({
      reason: "bad-answer",
      detail: "Server: the body is not JSON",
    });
  });

  it("the source's own word on the request wins over an earlier outage", async () => {
    const { upstream } = await start((nth, response) =>
      status(nth === 0 ? 503 : 401)(nth, response),
    );
    expect(await upstream.getJson("/", ASK)).toMatchObject({ reason: "not-allowed" });
  });
});

describe("a body beyond its limit", () => {
  const padded = (bytes: number) => `"${"x".repeat(bytes - 2)}"`;

  it("is refused by the limit of its own request, without a retry", async () => {
    const { upstream, arrivals } = await start((_nth, response) => response.end(padded(1_001)));
    expect(await upstream.getJson("/", ASK, { maxBytes: 1_000 })).toMatchObject({
      reason: "bad-answer",
      detail: "Server: the body is over 1000 bytes",
    });
    expect(arrivals).toHaveLength(1);
    expect(await upstream.getJson("/", ASK, { maxBytes: 1_001 })).toMatchObject({ ok: true });
  });

  it("is measured after decompression", async () => {
    const bomb = gzipSync(padded(64 * 1024 * 1024));
    const { upstream } = await start((_nth, response) =>
      response.writeHead(200, { "content-encoding": "gzip" }).end(bomb),
    );
    expect(bomb.byteLength).toBeLessThan(100_000);
    expect(await upstream.getJson("/", ASK)).toMatchObject({
      reason: "bad-answer",
      detail: expect.stringContaining("bytes"),
    });
  });

  it("in many pieces takes no more memory than in one", async () => {
    const { upstream } = await start((_nth, response) => {
      response.write('"');
      for (let piece = 0; piece < 2_000; piece += 1) response.write("xy");
      response.end('"');
    });
    expect(await upstream.getJson("/", ASK)).toEqual({ ok: true, body: "xy".repeat(2_000) });
  });

  it.each([
    ["nested too deep", "[".repeat(20)],
    ["of too many brackets", `[${"[],".repeat(30_000)}[]]`],
  ])("%s is not fetched again, and counts against the source", async (_title, body) => {
    const { upstream, arrivals } = await start((_nth, response) => response.end(body), {
      timing: { ...QUICK, brokenForMs: 60_000 },
    });
    for (let question = 0; question < 6; question += 1) {
      expect(await upstream.getJson("/", ASK, { maxBytes: 1_000_000 })).toMatchObject({
        ok: false,
        reason: "bad-answer",
      });
    }
    expect(arrivals).toHaveLength(4);
  });
});

describe("a body without end", () => {
  it("is abandoned before it fills the memory", async () => {
    const megabyte = Buffer.alloc(1024 * 1024, 32);
    const { upstream, arrivals } = await start(
      (_nth, response) => {
        response.writeHead(200);
        const pour = () => {
          while (!response.destroyed && response.write(megabyte));
        };
        response.on("drain", pour);
        pour();
      },
      { timing: { ...PATIENT, firstBackoffMs: 60_000 } },
    );
    expect(await upstream.getJson("/", ASK)).toMatchObject({
      ok: false,
      reason: "bad-answer",
      detail: expect.stringContaining("bytes"),
    });
    expect(arrivals).toHaveLength(1);
  });
});
