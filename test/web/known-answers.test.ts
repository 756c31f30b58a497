import { Hono } from "hono";
import { expect, it } from "vitest";
import { silentLog } from "../../src/process/log.ts";
import type { AddressLimiter } from "../../src/web/address-limit.ts";
import { createKnownAnswers, createRecall } from "../../src/web/known-answers.ts";
import { startSite } from "../../src/web/site.ts";

const NOW = new Date("2026-11-27T12:00:00Z");

it("is given or refused once the limits have been counted elsewhere, and counted then", async () => {
  const known = createKnownAnswers();
  known.keep("/known", {
    route: "/known",
    untilMs: NOW.getTime() + 1_000,
    bytes: 5,
    respond: () => ({ status: 200, headers: { "x-kind": "known" }, body: [Buffer.from("known")] }),
  });
  let asked = 0;
  // As where processes count on one Redis.
  const limiter: AddressLimiter = async () => {
    asked += 1;
    return asked === 1
      ? { ok: true, headers: { ratelimit: "one left" } }
      : { ok: false, headers: { "retry-after": "7" }, detail: "Ask again in 7 s.", seconds: 7 };
  };
  const counted: unknown[] = [];
  const site = await startSite({
    host: "127.0.0.1",
    port: 0,
    parts: [new Hono()],
    directRoutes: [createRecall({ known, limiter, now: () => NOW })],
    log: silentLog,
    metrics: { webAnswered: ({ route, status }) => counted.push({ route, status }) },
  });
  try {
    const given = await fetch(`${site.url}/known`);
    expect([given.status, given.headers.get("ratelimit"), await given.text()]).toEqual([
      200,
      "one left",
      "known",
    ]);
    const refused = await fetch(`${site.url}/known`);
    expect([refused.status, refused.headers.get("retry-after"), await refused.json()]).toEqual([
      429,
      "7",
      expect.objectContaining({ detail: "Ask again in 7 s." }),
    ]);
    expect((await fetch(`${site.url}/unknown`)).status).toBe(404);
    expect(asked).toBe(2);
    expect(counted).toEqual([
      { route: "/known", status: 200 },
      { route: "/known", status: 429 },
      { route: "other", status: 404 },
    ]);
  } finally {
    await site.close();
  }
});
