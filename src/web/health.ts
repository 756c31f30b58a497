import { Hono } from "hono";
import { ELAPSED, systemClock, within } from "../clock.ts";
import type { WebEnvironment } from "../discord/http.ts";
import type { Log } from "../log.ts";
import type { Market } from "../prices/market.ts";
import { didAnswer, outcomeInWords } from "../prices/source-health.ts";

/** What the program needs to answer, each with what keeps it from it in plain words; undefined when nothing does. Never rejects. */
export type Readiness = Readonly<Record<string, () => Promise<string | undefined> | string | undefined>>;

/** A part that does not say how it is within this time is not well. */
const CHECK_WITHIN_MS = 2_000;

/** An answer serves everybody who asks within this time: whoever floods `/readyz` costs the database nothing. */
const KEPT_MS = 1_000;

/**
 * `GET /healthz`: the process is alive. `GET /readyz`: it can answer; 503 with the reasons when it cannot, which anybody may read. `nowMs` is a clock
 * that never jumps.
 */
export function healthRoutes(readiness: Readiness, nowMs: () => number = systemClock.nowMs): Hono<WebEnvironment> {
  const app = new Hono<WebEnvironment>();
  let latest: { readonly atMs: number; readonly parts: Promise<readonly (readonly [string, string])[]> } | undefined;
  app.get("/healthz", (context) => context.json({ alive: true }, 200, NO_STORE));
  app.get("/readyz", async (context) => {
    if (latest === undefined || nowMs() - latest.atMs >= KEPT_MS) {
      latest = {
        atMs: nowMs(),
        parts: Promise.all(Object.entries(readiness).map(async ([name, check]) => [name, (await inTime(check)) ?? "ok"] as const)),
      };
    }
    const parts = await latest.parts;
    const ready = parts.every(([, state]) => state === "ok");
    return context.json({ ready, ...Object.fromEntries(parts) }, ready ? 200 : 503, NO_STORE);
  });
  return app;
}

const NO_STORE = { "cache-control": "no-store" };

async function inTime(check: Readiness[string]): Promise<string | undefined> {
  const trouble = await within(CHECK_WITHIN_MS, Promise.resolve(check()));
  return trouble === ELAPSED ? `no answer within ${CHECK_WITHIN_MS} ms` : trouble;
}

/** Whether storage works, for everybody: what keeps it from working may name hosts and folders, and goes to the log, once as long as it stays the same. */
export function storageReadiness(trouble: () => Promise<string | undefined>, log: Log): () => Promise<string | undefined> {
  let told: string | undefined;
  return async () => {
    const why = await trouble();
    if (why !== undefined && why !== told) log.error({ error: why }, "not ready: what must last cannot be read and written");
    told = why;
    return why === undefined ? undefined : "cannot be read and written; the log says why";
  };
}

/**
 * What keeps prices from being told, naming each source's failure: none answers, and nothing is known from before. A source that is
 * down is no trouble as long as the cache has the coins. Whoever asks makes the list of coins be asked for again, because a program
 * that is not ready may get no other question.
 */
export function pricesTrouble({
  coins,
  health,
}: {
  coins: Pick<Market["coins"], "size" | "refresh">;
  health: Market["health"];
}): string | undefined {
  if (coins.size() > 0) return undefined;
  const asked = health().filter(({ lastOutcome }) => lastOutcome !== null);
  if (asked.length === 0 || asked.some((source) => didAnswer(source) === true)) return undefined;
  void coins.refresh();
  return `no price source answers (${asked.map(outcomeInWords).join(", ")})`;
}
