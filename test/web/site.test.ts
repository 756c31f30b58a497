import { describe, expect, it } from "vitest";
import { silentLog } from "../../src/process/log.ts";
import { createReadiness, healthRoutes } from "../../src/web/health.ts";
import { createSite } from "../../src/web/site.ts";

describe("a request with another method", () => {
  it("gets 405 with the allowed methods where the path exists, and 404 elsewhere", async () => {
    const app = createSite({ parts: [healthRoutes(createReadiness({}))], log: silentLog });
    const posted = await app.request("/healthz", { method: "POST" });
    expect({ status: posted.status, allow: posted.headers.get("allow") }).toEqual({
      status: 405,
      allow: "GET, HEAD",
    });
    expect((await app.request("/elsewhere", { method: "POST" })).status).toBe(404);
    expect((await app.request("/healthz", { method: "HEAD" })).status).toBe(200);
    expect((await app.request("/healthz/")).status).toBe(200);
  });
});
