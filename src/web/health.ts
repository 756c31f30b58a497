import { Hono } from "hono";
import { LOST_AFTER_MS } from "../discord/running-bot.ts";
import type { Market } from "../prices/market.ts";
import { didAnswer, outcomeInWords } from "../prices/sources/source-health.ts";
import { ELAPSED, systemClock, within } from "../process/clock.ts";
import type { Log } from "../process/log.ts";
import type { WebEnvironment } from "./listen.ts";

/** Something that the program depends on. */
export type Part = {
  /** What is wrong, in plain words for anybody; undefined when nothing is. Never rejects. */
  trouble(): Promise<string | undefined> | string | undefined;
  /** Whether interactions cannot be handled while it is in trouble. */
  readonly isVital?: boolean;
};

/** How well the program works. */
export type Readiness = {
  /** False when interactions cannot be handled. */
  readonly isReady: boolean;
  /** Troubles in spite of which interactions are handled, one text each. */
  readonly degraded: readonly string[];
  /** The state of each part: `ok`, or what is wrong. */
  readonly parts: readonly {
    readonly name: string;
    readonly state: string;
    readonly isVital: boolean;
  }[];
};

/** A part that takes longer than this to report counts as in trouble. */
const CHECK_WITHIN_MS = 2_000;

/** How long a result is reused, so that a flood of `/readyz` costs the database nothing. */
const REUSED_FOR_MS = 1_000;

/** Checks the parts on request, at most once a second. `nowMs` is a clock that never jumps. */
export function createReadiness(
  parts: Readonly<Record<string, Part>>,
  nowMs: () => number = systemClock.nowMs,
): () => Promise<Readiness> {
  let latest: { readonly atMs: number; readonly readiness: Promise<Readiness> } | undefined;
  async function check(): Promise<Readiness> {
    const checked = await Promise.all(
      Object.entries(parts).map(async ([name, part]) => ({
        name,
        state: (await inTime(part)) ?? "ok",
        isVital: part.isVital ?? false,
      })),
    );
    const troubled = checked.filter(({ state }) => state !== "ok");
    return {
      isReady: !troubled.some(({ isVital }) => isVital),
      degraded: troubled
        .filter(({ isVital }) => !isVital)
        .map(({ name, state }) => `${name}: ${state}`),
      parts: checked,
    };
  }
  return () => {
    if (latest === undefined || nowMs() - latest.atMs >= REUSED_FOR_MS)
      latest = { atMs: nowMs(), readiness: check() };
    return latest.readiness;
  };
}

/**
 * `GET /livez`: the process responds; suitable for restarting a container, because no outage
 * elsewhere makes it fail. `GET /healthz`: the same, and the gateway has not been lost for a
 * quarter of an hour. `GET /readyz`: 200 when interactions can be handled, with `degraded` when
 * something else is wrong; 503 with the reasons when they cannot.
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
 * Reports trouble with the database in words for anybody. The reason may name hosts and folders, so
 * it goes only to the log, once until it changes.
 */
export function storageReadiness(
  trouble: () => Promise<string | undefined>,
  log: Log,
): () => Promise<string | undefined> {
  let logged: string | undefined;
  return async () => {
    const why = await trouble();
    if (why !== undefined && why !== logged)
      log.error(
        { error: why },
        "What must last cannot be read and written: answers go on with what is in memory",
      );
    logged = why;
    return why === undefined ? undefined : "cannot be read and written; the log says why";
  };
}

/**
 * Why no prices are available, naming each source's failure: no source responds, and the cache has
 * no coins. A source that is down is no trouble while the cache has the coins. Fetches the coin
 * list again on every call, because nothing else would in an idle program.
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
