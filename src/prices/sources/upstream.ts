import {
  BrokenCircuitError,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhenResult,
  retry,
  wrap,
} from "cockatiel";
import { errorText } from "../../process/errors.ts";
import type { Log } from "../../process/log.ts";
import { type Ask, type Pace, paceOf, type SourceFailure } from "../price-source.ts";
import type { CallBudget } from "./call-budget.ts";
import { NOT_JSON, type PackedCoins, type ResponseLimits } from "./response-body.ts";
import { parseResponse } from "./response-parser.ts";
import type { CallOutcome, SourceHealth } from "./source-health.ts";

/**
 * What a provider's HTTP answer means: the parsed JSON, or a failure. `coins` is set where the body
 * was read as a `coin-list`.
 */
export type UpstreamResponse =
  | { readonly ok: true; readonly body: unknown; readonly coins?: PackedCoins }
  | SourceFailure;

/** One provider's HTTP host. */
export type Upstream = {
  /**
   * Asks for JSON at `path` (already encoded, with its leading slash); {@link USUAL_LIMITS} unless
   * told. Never rejects and never outlives its deadline. Of several failures in a row the first is
   * told: the others mostly follow from it.
   */
  getJson(path: string, ask: Ask, limits?: ResponseLimits): Promise<UpstreamResponse>;
  /** How the provider did at the latest request, and what is left of the budget. */
  health(): SourceHealth;
};

/** Reads a provider's own error convention; undefined when the body is an answer. */
export type FailureReader = (status: number, body: unknown) => SourceFailure | undefined;

/** Options of {@link createUpstream}. */
export type UpstreamOptions = {
  /** For the log. */
  readonly name: string;
  readonly baseUrl: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly budget: CallBudget;
  readonly readFailure: FailureReader;
  readonly log: Log;
  readonly now: () => Date;
  /** Told of every request's outcome: `ok` or the reason of its failure. */
  readonly onCall?: (outcome: CallOutcome) => void;
  /** {@link UPSTREAM_TIMING} when absent. */
  readonly timing?: UpstreamTiming;
};

/** How patient an upstream is, in milliseconds. */
export type UpstreamTiming = {
  /** The whole time a call may take, waiting and retries included. */
  readonly deadlineMs: Readonly<Record<Pace, number>>;
  /**
   * Pause before the first retry; three times as long before the next, and up to twice as long at
   * random.
   */
  readonly firstBackoffMs: number;
  /**
   * A longer `Retry-After` is asked again after this: a mistaken header must not silence a provider
   * for a day.
   */
  readonly longestQuietMs: number;
  /** How long the breaker stays open. */
  readonly brokenForMs: number;
};

/**
 * The timing of the real program: a person waits for an interactive call, nobody for a background
 * one.
 */
export const UPSTREAM_TIMING: UpstreamTiming = {
  deadlineMs: { interactive: 8_000, background: 60_000 },
  firstBackoffMs: 150,
  longestQuietMs: 600_000,
  brokenForMs: 10_000,
};

const MAX_RETRIES = 2;
const FIRST_BUFFER_BYTES = 64 * 1024;
const BREAK_AFTER_FAILURES = 4;
/** Timers may fire this much before their time. */
const TIMER_SLACK_MS = 5;
/** Larger than any chart: thirteen years of days in CoinGecko's three lists are 500 kB. */
export const USUAL_LIMITS: ResponseLimits = { maxBytes: 2 * 1024 * 1024 };

type Attempt = {
  readonly answer: UpstreamResponse;
  /** What to wait before trying again; undefined when trying again cannot help. */
  readonly pauseMs?: number;
  /** True when the provider is at fault, not the question. */
  readonly breaks?: true;
};

/**
 * Makes the one way to a provider: every call has a total deadline, a bounded retry that honours
 * `Retry-After`, a breaker and a budget.
 */
export function createUpstream(options: UpstreamOptions): Upstream {
  const { name, budget, readFailure, log, now, timing = UPSTREAM_TIMING } = options;
  const baseUrl = options.baseUrl.replace(/\/+$/, "");
  const breaker = circuitBreaker(
    handleWhenResult((result) => isAttempt(result) && result.breaks === true),
    {
      halfOpenAfter: timing.brokenForMs,
      breaker: new ConsecutiveBreaker(BREAK_AFTER_FAILURES),
    },
  );
  breaker.onBreak(() =>
    log.warn(
      { source: name, brokenForMs: timing.brokenForMs },
      "price source fails again and again: not asked for a while",
    ),
  );

  /** Monotonic milliseconds before which the provider asked not to be called again. */
  let quietUntil = 0;
  let last: { readonly outcome: CallOutcome; readonly at: Date } | undefined;
  /**
   * Why the provider could not be asked at the latest request; undefined when it answered in
   * whatever words.
   */
  let outage: SourceFailure | undefined;

  type Asking = {
    readonly path: string;
    readonly ask: Ask;
    readonly limits: ResponseLimits;
    readonly signal: AbortSignal;
  };

  async function attempt(
    { path, ask, limits, signal }: Asking,
    endsAt: number,
    retries: number,
  ): Promise<Attempt> {
    if (performance.now() < quietUntil) {
      return { answer: { ok: false, reason: "rate-limited", detail: `${name}: asked us to wait` } };
    }
    if (!(await budget.take(ask.priority, endsAt - performance.now(), signal))) {
      // Calls that nobody answers use the budget up: then they are what is wrong.
      return {
        answer: outage ?? {
          ok: false,
          reason: "rate-limited",
          detail: `${name}: our own call budget is used up`,
        },
      };
    }
    const { answer, status, retryAfterMs, isHopeless } = await request(path, limits, signal);
    const outcome = answer.ok ? "ok" : answer.reason;
    last = { outcome, at: now() };
    outage = !answer.ok && isOutage(answer) ? answer : undefined;
    options.onCall?.(outcome);
    log.debug({ source: name, path: loggable(path), outcome }, "price source asked");
    if (answer.ok) return { answer };
    if (retryAfterMs !== undefined)
      quietUntil = performance.now() + Math.min(retryAfterMs, timing.longestQuietMs);

    // Other 4xx mean that the question is wrong: it stays wrong, and says nothing about the next
    // one.
    const breaks =
      isOutage(answer) &&
      !(status !== undefined && status >= 400 && status < 500 && answer.reason === "bad-answer");
    if (!breaks && answer.reason !== "rate-limited") return { answer };
    // An answer without bounds is not asked for three times.
    if (isHopeless) return { answer, ...(breaks && { breaks }) };
    const backoffMs = timing.firstBackoffMs * 3 ** retries * (1 + Math.random());
    return {
      answer,
      pauseMs: Math.max(backoffMs, (retryAfterMs ?? 0) + TIMER_SLACK_MS),
      ...(breaks && { breaks }),
    };
  }

  type Reply = {
    answer: UpstreamResponse;
    status?: number;
    retryAfterMs?: number;
    isHopeless?: boolean;
  };

  async function request(
    path: string,
    limits: ResponseLimits,
    signal: AbortSignal,
  ): Promise<Reply> {
    let response: Response;
    let bytes: Uint8Array | undefined;
    try {
      response = await fetch(baseUrl + path, {
        headers: {
          accept: "application/json",
          "user-agent": "dude-wheres-my-lambo",
          ...options.headers,
        },
        // A redirect would carry the key to another host.
        redirect: "error",
        signal,
      });
      bytes = await readBytes(response, limits.maxBytes, signal);
    } catch (error) {
      return {
        answer: {
          ok: false,
          reason: "unreachable",
          detail: `${name}: ${signal.aborted ? TOO_LATE : errorText(error)}`,
        },
      };
    }
    const retryAfterMs = retryAfter(response.headers.get("retry-after"));
    const told = { status: response.status, ...(retryAfterMs !== undefined && { retryAfterMs }) };
    if (bytes === undefined) {
      return {
        ...told,
        answer: badAnswer(name, `the body is over ${limits.maxBytes} bytes`),
        isHopeless: true,
      };
    }
    const outcome = await parseResponse(bytes, limits, signal);
    if (signal.aborted)
      return {
        ...told,
        answer: { ok: false, reason: "unreachable", detail: `${name}: ${TOO_LATE}` },
      };
    const failure =
      readFailure(response.status, outcome.ok ? outcome.body : undefined) ??
      statusFailure(response.status, name);
    if (failure !== undefined) return { ...told, answer: failure };
    return outcome.ok
      ? { ...told, answer: outcome }
      : { ...told, answer: badAnswer(name, outcome.why), isHopeless: outcome.why !== NOT_JSON };
  }

  return {
    async getJson(path, ask, limits = USUAL_LIMITS) {
      const deadlineMs = timing.deadlineMs[paceOf(ask.priority)];
      const endsAt = performance.now() + deadlineMs;
      const deadline = AbortSignal.timeout(deadlineMs);
      const signal = ask.signal === undefined ? deadline : AbortSignal.any([deadline, ask.signal]);
      const retrying = retry(
        handleWhenResult(
          (result) =>
            isAttempt(result) &&
            !signal.aborted &&
            performance.now() + (result.pauseMs ?? Number.POSITIVE_INFINITY) < endsAt,
        ),
        { maxAttempts: MAX_RETRIES, backoff: { next: ({ result }) => pauseOf(result) } },
      );
      let retries = 0;
      let first: SourceFailure | undefined;
      const tryOnce = async () => {
        const result = await attempt({ path, ask, limits, signal }, endsAt, retries++);
        if (!result.answer.ok) first ??= result.answer;
        return result;
      };
      try {
        const { answer: latest } = await wrap(retrying, breaker).execute(tryOnce);
        const answer = latest.ok || first === undefined || isVerdict(latest) ? latest : first;
        if (!answer.ok)
          log.info(
            { source: name, path: loggable(path), reason: answer.reason, detail: answer.detail },
            "price source gave no answer",
          );
        return answer;
      } catch (error) {
        if (!(error instanceof BrokenCircuitError)) throw error;
        return (
          first ??
          outage ?? {
            ok: false,
            reason: "unreachable",
            detail: `${name}: failed again and again just now`,
          }
        );
      }
    },
    health: () => ({
      name,
      lastOutcome: last?.outcome ?? null,
      lastAskedAt: last?.at ?? null,
      ...budget.state(),
    }),
  };
}

const TOO_LATE = "no answer in time";

/** True when the provider could not be asked, or answered what nobody can read. */
function isOutage({ reason }: SourceFailure): boolean {
  return reason === "unreachable" || reason === "bad-answer";
}

/** True for the provider's own word on the question, which no failure before it can change. */
function isVerdict({ reason }: SourceFailure): boolean {
  return reason === "unknown-coin" || reason === "not-allowed" || reason === "credits-spent";
}

/**
 * The path without what a person may have typed: a search text, or an id that is tried because no
 * list has it.
 */
function loggable(path: string): string {
  return (path.split("?")[0] ?? "").replace(
    /(?<=^\/coins\/)[^/]+(?=\/)|(?<=coingecko:)[^/]+/g,
    "…",
  );
}

function isAttempt(result: unknown): result is Attempt {
  return typeof result === "object" && result !== null && "answer" in result;
}

type RetryResult = { readonly value: unknown } | { readonly error: Error };

function pauseOf(result: RetryResult) {
  const duration = "value" in result && isAttempt(result.value) ? (result.value.pauseMs ?? 0) : 0;
  return { duration, next: (context: { readonly result: RetryResult }) => pauseOf(context.result) };
}

/**
 * Seconds or an HTTP date (RFC 9110, 10.2.3) in milliseconds from now; undefined when absent or
 * unreadable.
 */
function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  const ms =
    Number.isFinite(seconds) && header.trim() !== ""
      ? seconds * 1_000
      : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

function statusFailure(status: number, name: string): SourceFailure | undefined {
  if (status === 429) return { ok: false, reason: "rate-limited", detail: `${name}: HTTP 429` };
  if (status === 401 || status === 403)
    return { ok: false, reason: "not-allowed", detail: `${name}: HTTP ${status}` };
  if (status >= 500) return { ok: false, reason: "unreachable", detail: `${name}: HTTP ${status}` };
  return status >= 200 && status < 300 ? undefined : badAnswer(name, `HTTP ${status}`);
}

/** The failure for an answer that is not what the provider documents. */
export function badAnswer(name: string, what: string): SourceFailure {
  return { ok: false, reason: "bad-answer", detail: `${name}: ${what}` };
}

/**
 * The body, decompressed; undefined as soon as it is over `maxBytes`. The deadline ends the reading
 * by itself: `fetch` forgets to pass an abort on to a body whose request was garbage collected
 * (Node 20.20), and then waits for ever.
 */
async function readBytes(
  response: Response,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  if (response.body === null) return new Uint8Array();
  const reader = response.body.getReader();
  const giveUp = () => void reader.cancel(signal.reason).catch(() => undefined);
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    // One buffer that grows: a body that comes byte by byte would take a hundred times its size as
    // a list of chunks.
    let bytes = new Uint8Array(FIRST_BUFFER_BYTES);
    let byteLength = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (signal.aborted) throw signal.reason;
      if (done) return bytes.slice(0, byteLength);
      const neededBytes = byteLength + value.byteLength;
      if (neededBytes > maxBytes) return undefined;
      if (neededBytes > bytes.byteLength) {
        const grown = new Uint8Array(
          Math.max(neededBytes, Math.min(2 * bytes.byteLength, maxBytes)),
        );
        grown.set(bytes.subarray(0, byteLength));
        bytes = grown;
      }
      bytes.set(value, byteLength);
      byteLength = neededBytes;
    }
  } finally {
    signal.removeEventListener("abort", giveUp);
    giveUp();
  }
}
