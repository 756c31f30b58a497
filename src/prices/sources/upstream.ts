import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhenResult,
  retry,
  wrap,
} from "cockatiel";
import type { Log } from "../../process/log.ts";
import { type Ask, type Pace, paceOf, type SourceFailure } from "../price-source.ts";
import type { CallBudget } from "./call-budget.ts";
import type { ResponseLimits } from "./response-body.ts";
import type { CallOutcome, SourceHealth } from "./source-health.ts";
import {
  type FailureReader,
  sendRequest,
  type UpstreamReply,
  type UpstreamResponse,
} from "./upstream-request.ts";

/** One source's HTTP host. */
export type Upstream = {
  /**
   * Fetches JSON from `path` (already encoded, with its leading slash) within `limits`, or else
   * {@link USUAL_LIMITS}. Never rejects and never outlives its deadline. Of several failures in a
   * row it gives the first, from which the others mostly follow.
   */
  getJson(path: string, ask: Ask, limits?: ResponseLimits): Promise<UpstreamResponse>;
  /** How the source did at the latest request, and what is left of the budget. */
  health(): SourceHealth;
};

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
  /** Called with every request's outcome: `ok` or the reason of its failure. */
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
   * A longer `Retry-After` counts as this: a mistaken header must not silence a source for a day.
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
const BREAK_AFTER_FAILURES = 4;
/** Timers may fire this much before their time. */
const TIMER_SLACK_MS = 5;
/** Larger than any chart: thirteen years of days in CoinGecko's three lists are 500 kB. */
export const USUAL_LIMITS: ResponseLimits = { maxBytes: 2 * 1024 * 1024 };

/** One of the tries that a call is made of. */
type Attempt = {
  readonly response: UpstreamResponse;
  /** Pause before the next try, in milliseconds; undefined when trying again cannot help. */
  readonly pauseMs?: number;
  /** True when the source is at fault, not the request. */
  readonly breaks?: true;
};

/** One call, with everything that its tries share. */
type Call = {
  readonly path: string;
  readonly ask: Ask;
  readonly limits: ResponseLimits;
  readonly signal: AbortSignal;
  /** Monotonic milliseconds of the deadline. */
  readonly endsAt: number;
};

/**
 * Makes the one way to a source's host: every call has a total deadline, a bounded retry that
 * honours `Retry-After`, a breaker and a budget.
 */
export function createUpstream(options: UpstreamOptions): Upstream {
  const upstream = new GuardedUpstream(options);
  return {
    getJson: (path, ask, limits) => upstream.getJson(path, ask, limits),
    health: () => upstream.health(),
  };
}

class GuardedUpstream {
  readonly #options: UpstreamOptions;
  readonly #baseUrl: string;
  readonly #timing: UpstreamTiming;
  readonly #breaker: CircuitBreakerPolicy;
  /** Monotonic milliseconds before which the source asked not to be called again. */
  #quietUntil = 0;
  #latest: { readonly outcome: CallOutcome; readonly at: Date } | undefined;
  /** Why the source could not be asked at the latest request; undefined when it could. */
  #outage: SourceFailure | undefined;

  constructor(options: UpstreamOptions) {
    this.#options = options;
    this.#baseUrl = options.baseUrl.replace(/\/+$/, "");
    this.#timing = options.timing ?? UPSTREAM_TIMING;
    const { brokenForMs } = this.#timing;
    this.#breaker = circuitBreaker(
      handleWhenResult((result) => isAttempt(result) && result.breaks === true),
      { halfOpenAfter: brokenForMs, breaker: new ConsecutiveBreaker(BREAK_AFTER_FAILURES) },
    );
    this.#breaker.onBreak(() =>
      options.log.warn(
        { source: options.name, brokenForMs },
        "price source fails again and again: not asked for a while",
      ),
    );
  }

  async getJson(
    path: string,
    ask: Ask,
    limits: ResponseLimits = USUAL_LIMITS,
  ): Promise<UpstreamResponse> {
    const { name } = this.#options;
    const deadlineMs = this.#timing.deadlineMs[paceOf(ask.priority)];
    const endsAt = performance.now() + deadlineMs;
    const deadline = AbortSignal.timeout(deadlineMs);
    const signal = ask.signal === undefined ? deadline : AbortSignal.any([deadline, ask.signal]);
    const call: Call = { path, ask, limits, signal, endsAt };
    let retries = 0;
    let first: SourceFailure | undefined;
    const tryOnce = async () => {
      const attempt = await this.#attempt(call, retries++);
      if (!attempt.response.ok) first ??= attempt.response;
      return attempt;
    };
    try {
      const { response: latest } = await wrap(retryUntil(call), this.#breaker).execute(tryOnce);
      const response = latest.ok || first === undefined || isVerdict(latest) ? latest : first;
      if (!response.ok) this.#logFailure(path, response);
      return response;
    } catch (error) {
      if (!(error instanceof BrokenCircuitError)) throw error;
      // Calls at the same time may have failed often enough before this one was tried again.
      if (first !== undefined) this.#logFailure(path, first);
      const detail = `${name}: failed again and again just now`;
      return first ?? this.#outage ?? { ok: false, reason: "unreachable", detail };
    }
  }

  health(): SourceHealth {
    return {
      name: this.#options.name,
      lastOutcome: this.#latest?.outcome ?? null,
      lastAskedAt: this.#latest?.at ?? null,
      ...this.#options.budget.state(),
    };
  }

  #logFailure(path: string, { reason, detail }: SourceFailure): void {
    const { name, log } = this.#options;
    log.info({ source: name, path: loggable(path), reason, detail }, "price source gave no answer");
  }

  async #attempt({ path, ask, limits, signal, endsAt }: Call, retries: number): Promise<Attempt> {
    const { name, budget, headers = {}, readFailure } = this.#options;
    if (performance.now() < this.#quietUntil)
      return { response: rateLimited(`${name}: asked us to wait`) };
    if (!(await budget.acquire(ask.priority, endsAt - performance.now(), signal))) {
      // Calls that fail use the budget up: then the outage is what is wrong.
      const response = this.#outage ?? rateLimited(`${name}: our own call budget is used up`);
      return { response };
    }
    const url = this.#baseUrl + path;
    const reply = await sendRequest({ name, url, headers, limits, readFailure, signal });
    this.#note(path, reply);
    return this.#attemptOf(reply, retries);
  }

  /** Notes a reply for the metrics, the health and the calls to come. */
  #note(path: string, reply: UpstreamReply): void {
    const { response, retryAfterMs } = reply;
    const { name, log, now, onCall } = this.#options;
    const outcome = response.ok ? "ok" : response.reason;
    this.#latest = { outcome, at: now() };
    this.#outage = !response.ok && isOutage(response) ? response : undefined;
    onCall?.(outcome);
    log.debug({ source: name, path: loggable(path), outcome }, "price source asked");
    if (!response.ok && retryAfterMs !== undefined && !isRequestAtFault(reply))
      this.#quietUntil = performance.now() + Math.min(retryAfterMs, this.#timing.longestQuietMs);
  }

  /** Whether and when a request is worth trying again after this reply. */
  #attemptOf(reply: UpstreamReply, retries: number): Attempt {
    const { response, retryAfterMs, isHopeless } = reply;
    if (response.ok) return { response };
    const breaks = isOutage(response) && !isRequestAtFault(reply);
    if (!breaks && response.reason !== "rate-limited") return { response };
    // A body without bounds is not fetched three times.
    if (isHopeless) return { response, ...(breaks && { breaks }) };
    const backoffMs = this.#timing.firstBackoffMs * 3 ** retries * (1 + Math.random());
    return {
      response,
      pauseMs: Math.max(backoffMs, (retryAfterMs ?? 0) + TIMER_SLACK_MS),
      ...(breaks && { breaks }),
    };
  }
}

/** Tries again while that can help and the deadline leaves time for the pause. */
function retryUntil({ signal, endsAt }: Call) {
  const isWorthIt = (result: unknown) =>
    isAttempt(result) &&
    !signal.aborted &&
    performance.now() + (result.pauseMs ?? Number.POSITIVE_INFINITY) < endsAt;
  return retry(handleWhenResult(isWorthIt), {
    maxAttempts: MAX_RETRIES,
    backoff: { next: ({ result }) => pauseOf(result) },
  });
}

function rateLimited(detail: string): SourceFailure {
  return { ok: false, reason: "rate-limited", detail };
}

/** True when the source could not be asked, or its response could not be read. */
function isOutage({ reason }: SourceFailure): boolean {
  return reason === "unreachable" || reason === "bad-answer";
}

/** True where the request is wrong: it stays wrong, and says nothing about the next one. */
function isRequestAtFault({ response, status = 0 }: UpstreamReply): boolean {
  if (response.ok) return false;
  const isOther4xx = response.reason === "bad-answer" && status >= 400 && status < 500;
  return isOther4xx || response.reason === "unknown-coin";
}

/** True for the source's own word on the request, which no earlier failure can change. */
function isVerdict({ reason }: SourceFailure): boolean {
  return reason === "unknown-coin" || reason === "not-allowed" || reason === "credits-spent";
}

/**
 * The path without what a person may have typed: a search text, or an id that no list of coins has.
 */
function loggable(path: string): string {
  return (path.split("?")[0] ?? "").replace(
    /(?<=^\/coins\/)[^/]+(?=\/)|(?<=coingecko:)[^/]+/g,
    "…",
  );
}

function isAttempt(result: unknown): result is Attempt {
  return typeof result === "object" && result !== null && "response" in result;
}

type RetryResult = { readonly value: unknown } | { readonly error: Error };

function pauseOf(result: RetryResult) {
  const duration = "value" in result && isAttempt(result.value) ? (result.value.pauseMs ?? 0) : 0;
  return { duration, next: (context: { readonly result: RetryResult }) => pauseOf(context.result) };
}
