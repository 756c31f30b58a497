import { Hono } from "hono";
import type { WebEnvironment } from "../discord/http.ts";
import type { Market } from "../prices/market.ts";
import { didAnswer } from "../prices/source-health.ts";

/** What the program needs to answer, each with what keeps it from it in plain words; undefined when nothing does. Never rejects. */
export type Readiness = Readonly<Record<string, () => Promise<string | undefined> | string | undefined>>;

/** A part that does not say how it is within this time is not well. */
const CHECK_WITHIN_MS = 2_000;

/** `GET /healthz`: the process is alive. `GET /readyz`: it can answer; 503 with the reasons when it cannot. */
export function healthRoutes(readiness: Readiness): Hono<WebEnvironment> {
  const app = new Hono<WebEnvironment>();
  app.get("/healthz", (context) => context.json({ alive: true }, 200, NO_STORE));
  app.get("/readyz", async (context) => {
    const parts = await Promise.all(Object.entries(readiness).map(async ([name, check]) => [name, (await inTime(check)) ?? "ok"] as const));
    const ready = parts.every(([, state]) => state === "ok");
    return context.json({ ready, ...Object.fromEntries(parts) }, ready ? 200 : 503, NO_STORE);
  });
  return app;
}

const NO_STORE = { "cache-control": "no-store" };

async function inTime(check: Readiness[string]): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${CHECK_WITHIN_MS} ms`), CHECK_WITHIN_MS);
  });
  try {
    return await Promise.race([check(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * What keeps prices from being told: no source answers, and nothing is known from before. A source that is down is no trouble as long as
 * the cache has the coins.
 */
export function pricesTrouble({ coins, health }: { coins: Pick<Market["coins"], "size">; health: Market["health"] }): string | undefined {
  if (coins.size() > 0) return undefined;
  const sources = health();
  if (sources.length === 0 || sources.some((source) => didAnswer(source) !== false)) return undefined;
  return "no price source answers, and the cache is empty";
}
