import { BrokenCircuitError, ConsecutiveBreaker, circuitBreaker, handleWhenResult, retry, wrap } from "cockatiel";
import type { Log } from "../log.ts";
import type { Turn } from "./answer-store.ts";
import type { CallBudget } from "./call-budget.ts";
import { type Ask, type Pace, type Priority, paceOf, type SourceFailure } from "./price-source.ts";
import type { CallOutcome, SourceHealth } from "./source-health.ts";

/** What a provider's HTTP answer means: the parsed JSON, or a failure. */
export type UpstreamAnswer = { readonly ok: true; readonly body: unknown } | SourceFailure;

/** One provider's HTTP host. */
export type Upstream = {
  /** Asks for JSON at `path` (already encoded, with its leading slash). Never rejects and never outlives its deadline. */
  getJson(path: string, ask: Ask): Promise<UpstreamAnswer>;
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
  /** Longer bodies are not read to their end; {@link MAX_BODY_BYTES} when absent. */
  readonly maxBodyBytes?: number;
};

/** How patient an upstream is, in milliseconds. */
export type UpstreamTiming = {
  /** The whole time a call may take, waiting and retries included. */
  readonly deadlineMs: Readonly<Record<Pace, number>>;
  /** Pause before the first retry; three times as long before the next, and up to twice as long at random. */
  readonly firstBackoffMs: number;
  /** A longer `Retry-After` is asked again after this: a mistaken header must not silence a provider for a day. */
  readonly longestQuietMs: number;
  /** How long the breaker stays open. */
  readonly brokenForMs: number;
};

/** The timing of the real program: a person waits for an interactive call, nobody for a background one. */
export const UPSTREAM_TIMING: UpstreamTiming = {
  deadlineMs: { interactive: 8_000, background: 60_000 },
  firstBackoffMs: 150,
  longestQuietMs: 600_000,
  brokenForMs: 10_000,
};

/** An asking is so many calls in a row at the most: a first price and charts, and both again where what is kept does not fit the answer. */
const CALLS_IN_A_ROW = 4;

/**
 * How long an asking waits for another process that asks the same. Whoever asks beside it takes calls away from it, so nobody does before it must
 * have ended; but a person does not wait for work at background pace, of which each call may be put off for a minute.
 */
export function turnOf({ priority }: Pick<Ask, "priority">): Turn {
  const { interactive, background } = UPSTREAM_TIMING.deadlineMs;
  return {
    priority,
    waitMs: {
      interactive: CALLS_IN_A_ROW * interactive,
      background: paceOf(priority) === "interactive" ? interactive : CALLS_IN_A_ROW * background,
    },
  };
}

const MAX_RETRIES = 2;
const BREAK_AFTER_FAILURES = 4;
/** Timers may fire this much before their time. */
const TIMER_SLACK_MS = 5;
/** Larger than CoinGecko's coin list (about 2 MB) many times over. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;

type Attempt = {
  readonly answer: UpstreamAnswer;
  /** What to wait before trying again; undefined when trying again cannot help. */
  readonly pauseMs?: number;
  /** True when the provider is at fault, not the question. */
  readonly breaks?: true;
};

/** Makes the one way to a provider: every call has a total deadline, a bounded retry that honours `Retry-After`, a breaker and a budget. */
export function createUpstream(options: UpstreamOptions): Upstream {
  const { name, budget, readFailure, log, now, timing = UPSTREAM_TIMING, maxBodyBytes = MAX_BODY_BYTES } = options;
  const baseUrl = options.baseUrl.replace(/\/+$/, "");
  const breaker = circuitBreaker(
    handleWhenResult((result) => isAttempt(result) && result.breaks === true),
    {
      halfOpenAfter: timing.brokenForMs,
      breaker: new ConsecutiveBreaker(BREAK_AFTER_FAILURES),
    },
  );
  breaker.onBreak(() =>
    log.warn({ source: name, brokenForMs: timing.brokenForMs }, "price source fails again and again: not asked for a while"),
  );

  /** Monotonic milliseconds before which the provider asked not to be called again. */
  let quietUntil = 0;
  let last: { readonly outcome: CallOutcome; readonly at: Date } | undefined;

  async function attempt(path: string, priority: Priority, signal: AbortSignal, endsAt: number, retries: number): Promise<Attempt> {
    if (performance.now() < quietUntil) {
      return { answer: { ok: false, reason: "rate-limited", detail: `${name}: asked us to wait` } };
    }
    if (!(await budget.take(priority, endsAt - performance.now(), signal))) {
      return { answer: { ok: false, reason: "rate-limited", detail: `${name}: our own call budget is used up` } };
    }
    const { answer, status, retryAfterMs } = await request(path, signal);
    const outcome = answer.ok ? "ok" : answer.reason;
    last = { outcome, at: now() };
    options.onCall?.(outcome);
    log.debug({ source: name, path: loggable(path), outcome }, "price source asked");
    if (answer.ok) return { answer };
    if (retryAfterMs !== undefined) quietUntil = performance.now() + Math.min(retryAfterMs, timing.longestQuietMs);

    const faulty = answer.reason === "unreachable" || answer.reason === "bad-answer";
    // Other 4xx mean that the question is wrong: it stays wrong, and says nothing about the next one.
    const breaks = faulty && !(status !== undefined && status >= 400 && status < 500 && answer.reason === "bad-answer");
    if (!breaks && answer.reason !== "rate-limited") return { answer };
    const backoffMs = timing.firstBackoffMs * 3 ** retries * (1 + Math.random());
    return { answer, pauseMs: Math.max(backoffMs, (retryAfterMs ?? 0) + TIMER_SLACK_MS), ...(breaks && { breaks }) };
  }

  async function request(path: string, signal: AbortSignal): Promise<{ answer: UpstreamAnswer; status?: number; retryAfterMs?: number }> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(baseUrl + path, {
        headers: { accept: "application/json", "user-agent": "dude-wheres-my-lambo", ...options.headers },
        // A redirect would carry the key to another host.
        redirect: "error",
        signal,
      });
      text = await readText(response, signal, maxBodyBytes);
    } catch (error) {
      return { answer: { ok: false, reason: "unreachable", detail: `${name}: ${signal.aborted ? "no answer in time" : causeOf(error)}` } };
    }
    const retryAfterMs = retryAfter(response.headers.get("retry-after"));
    return { answer: readAnswer(response, text), status: response.status, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }

  function readAnswer(response: Response, text: string): UpstreamAnswer {
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      return readFailure(response.status, undefined) ?? statusFailure(response.status, name) ?? badAnswer(name, "the body is not JSON");
    }
    return readFailure(response.status, body) ?? statusFailure(response.status, name) ?? { ok: true, body };
  }

  return {
    async getJson(path, ask) {
      const deadlineMs = timing.deadlineMs[paceOf(ask.priority)];
      const endsAt = performance.now() + deadlineMs;
      const deadline = AbortSignal.timeout(deadlineMs);
      const signal = ask.signal === undefined ? deadline : AbortSignal.any([deadline, ask.signal]);
      const retrying = retry(
        handleWhenResult(
          (result) => isAttempt(result) && !signal.aborted && performance.now() + (result.pauseMs ?? Number.POSITIVE_INFINITY) < endsAt,
        ),
        { maxAttempts: MAX_RETRIES, backoff: { next: ({ result }) => pauseOf(result) } },
      );
      let retries = 0;
      try {
        const { answer } = await wrap(retrying, breaker).execute(() => attempt(path, ask.priority, signal, endsAt, retries++));
        if (!answer.ok)
          log.info({ source: name, path: loggable(path), reason: answer.reason, detail: answer.detail }, "price source gave no answer");
        return answer;
      } catch (error) {
        if (error instanceof BrokenCircuitError)
          return { ok: false, reason: "unreachable", detail: `${name}: failed again and again just now` };
        throw error;
      }
    },
    health: () => ({ name, lastOutcome: last?.outcome ?? null, lastAskedAt: last?.at ?? null, ...budget.state() }),
  };
}

/** The path without what a person may have typed: a search text, or an id that is tried because no list has it. */
function loggable(path: string): string {
  return (path.split("?")[0] ?? "").replace(/(?<=^\/coins\/)[^/]+(?=\/)|(?<=coingecko:)[^/]+/g, "…");
}

function isAttempt(result: unknown): result is Attempt {
  return typeof result === "object" && result !== null && "answer" in result;
}

type RetryResult = { readonly value: unknown } | { readonly error: Error };

function pauseOf(result: RetryResult) {
  const duration = "value" in result && isAttempt(result.value) ? (result.value.pauseMs ?? 0) : 0;
  return { duration, next: (context: { readonly result: RetryResult }) => pauseOf(context.result) };
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3) in milliseconds from now; undefined when absent or unreadable. */
function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) && header.trim() !== "" ? seconds * 1_000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

function statusFailure(status: number, name: string): SourceFailure | undefined {
  if (status === 429) return { ok: false, reason: "rate-limited", detail: `${name}: HTTP 429` };
  if (status === 401 || status === 403) return { ok: false, reason: "not-allowed", detail: `${name}: HTTP ${status}` };
  if (status >= 500) return { ok: false, reason: "unreachable", detail: `${name}: HTTP ${status}` };
  return status >= 200 && status < 300 ? undefined : badAnswer(name, `HTTP ${status}`);
}

/** The failure for an answer that is not what the provider documents. */
export function badAnswer(name: string, what: string): SourceFailure {
  return { ok: false, reason: "bad-answer", detail: `${name}: ${what}` };
}

/**
 * The body as text. The deadline ends the reading by itself: `fetch` forgets to pass an abort on to a body whose request was garbage
 * collected (Node 20.20), and then waits for ever.
 */
async function readText(response: Response, signal: AbortSignal, maxBytes: number): Promise<string> {
  if (response.body === null) return "";
  const reader = response.body.getReader();
  const giveUp = () => void reader.cancel(signal.reason).catch(() => undefined);
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    const decoder = new TextDecoder();
    let text = "";
    let bytes = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (signal.aborted) throw signal.reason;
      if (done) return text + decoder.decode();
      bytes += value.byteLength;
      if (bytes > maxBytes) throw new Error(`the body is over ${maxBytes} bytes`);
      text += decoder.decode(value, { stream: true });
    }
  } finally {
    signal.removeEventListener("abort", giveUp);
    giveUp();
  }
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message || error.cause.name}` : error.message;
}
