import { Hono } from "hono";
import { LOST_AFTER_MS } from "../discord/bot.ts";
import type { Market } from "../prices/market.ts";
import { didAnswer, outcomeInWords } from "../prices/sources/source-health.ts";
import { ELAPSED, systemClock, within } from "../process/clock.ts";
import type { Log } from "../process/log.ts";
import type { WebEnvironment } from "./listen.ts";

/** One thing that the program needs. */
export type Part = {
  /**
   * What is wrong with it, in plain words that anybody may read; undefined when nothing is. Never
   * rejects.
   */
  trouble(): Promise<string | undefined> | string | undefined;
  /**
   * True: while it is in trouble no interaction can be answered. Otherwise answers still come, if
   * poorer ones.
   */
  readonly isVital?: boolean;
};

/** How the program does. */
export type Readiness = {
  /** False when no interaction can be answered. */
  readonly isReady: boolean;
  /** What is wrong although answers come, one text each. */
  readonly degraded: readonly string[];
  /** How each part does: `ok`, or what is wrong. */
  readonly parts: readonly {
    readonly name: string;
    readonly state: string;
    readonly isVital: boolean;
  }[];
};

/** A part that does not say how it is within this time is not well. */
const CHECK_WITHIN_MS = 2_000;

/**
 * An answer serves everybody who asks within this time: whoever floods `/readyz` costs the database
 * nothing.
 */
const KEPT_MS = 1_000;

/**
 * Looks at the parts when it is asked, at most once a second. `nowMs` is a clock that never jumps.
 */
export function createReadiness(
  parts: Readonly<Record<string, Part>>,
  nowMs: () => number = systemClock.nowMs,
): () => Promise<Readiness> {
  let latest: { readonly atMs: number; readonly readiness: Promise<Readiness> } | undefined;
  async function look(): Promise<Readiness> {
    const looked = await Promise.all(
      Object.entries(parts).map(async ([name, part]) => ({
        name,
        state: (await inTime(part)) ?? "ok",
        isVital: part.isVital ?? false,
      })),
    );
    const troubled = looked.filter(({ state }) => state !== "ok");
    return {
      isReady: !troubled.some(({ isVital }) => isVital),
      degraded: troubled
        .filter(({ isVital }) => !isVital)
        .map(({ name, state }) => `${name}: ${state}`),
      parts: looked,
    };
  }
  return () => {
    if (latest === undefined || nowMs() - latest.atMs >= KEPT_MS)
      latest = { atMs: nowMs(), readiness: look() };
    return latest.readiness;
  };
}

/**
 * `GET /livez`: the process answers; what a container is restarted by, because no outage elsewhere
 * makes it fail. `GET /healthz`: the same, and the gateway has not been gone for a quarter of an
 * hour. `GET /readyz`: interactions can be answered; 503 with the reasons when they cannot, and 200
 * with `degraded` when they can, but something else is wrong.
 */
export function healthRoutes(
  readiness: () => Promise<Readiness>,
  lostForMs: () => number = () => 0,
): Hono<WebEnvironment> {
  const app = new Hono<WebEnvironment>();
  app.get("/livez", (context) => context.json({ alive: true }, 200, NO_STORE));
  app.get("/healthz", (context) => {
    const lostMs = lostForMs();
    if (lostMs < LOST_AFTER_MS) return context.json({ alive: true }, 200, NO_STORE);
    const gateway = `no connection to Discord for ${Math.floor(lostMs / 60_000)} min`;
    return context.json({ alive: true, gateway }, 503, NO_STORE);
  });
  app.get("/readyz", async (context) => {
    const { isReady, degraded, parts } = await readiness();
    const states = Object.fromEntries(parts.map(({ name, state }) => [name, state]));
    return context.json({ ready: isReady, degraded, ...states }, isReady ? 200 : 503, NO_STORE);
  });
  return app;
}

const NO_STORE = { "cache-control": "no-store" };

async function inTime(part: Part): Promise<string | undefined> {
  const trouble = await within(CHECK_WITHIN_MS, Promise.resolve(part.trouble()));
  return trouble === ELAPSED ? `no answer within ${CHECK_WITHIN_MS} ms` : trouble;
}

/**
 * Whether storage works, for everybody: what keeps it from working may name hosts and folders, and
 * goes to the log, once as long as it stays the same.
 */
export function storageReadiness(
  trouble: () => Promise<string | undefined>,
  log: Log,
): () => Promise<string | undefined> {
  let told: string | undefined;
  return async () => {
    const why = await trouble();
    if (why !== undefined && why !== told)
      log.error(
        { error: why },
        "What must last cannot be read and written: answers go on with what is in memory",
      );
    told = why;
    return why === undefined ? undefined : "cannot be read and written; the log says why";
  };
}

/**
 * What keeps prices from being told, naming each source's failure: none answers, and nothing is
 * known from before. A source that is down is no trouble as long as the cache has the coins.
 * Whoever asks makes the list of coins be asked for again, because a program that nobody uses gets
 * no other question.
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
