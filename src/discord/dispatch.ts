import { say } from "../messages/say.ts";
import { type Clock, ELAPSED, systemClock, within } from "../process/clock.ts";
import { randomIncidentId } from "../process/incident.ts";
import type { Log } from "../process/log.ts";
import { type Metrics, uncounted } from "../process/metrics.ts";
import type { Services } from "../services.ts";
import type { AutocompleteCall, Call } from "./call.ts";
import type { CallLimits, TooMany } from "./call-limits.ts";
import type { Command } from "./command.ts";
import { deliver, deliveryFailureOf, type Stage } from "./deliver.ts";
import { createJobFinder, type Job, type JobFinder, type JobNames, UNKNOWN_NAMES } from "./jobs.ts";
import type { CommandResult, Suggestion, Visibility } from "./reply.ts";
import type { DeliveryFailure, Responder } from "./responder.ts";
import { presentable } from "./suggestions.ts";

/** Runs calls, so that each gets one reply, in time. */
export type Dispatch = {
  /** Handles one call; never rejects. Resolves when the last message about it has been sent. */
  handle(call: Call, responder: Responder): Promise<void>;
  /** From now on, new calls are refused with a request to try again in a minute. */
  stopIntake(): void;
  /** How many calls are still being handled. */
  inFlight(): number;
  /** Waits until nothing is in flight, at most `timeoutMs`; resolves to false when it timed out. */
  drained(timeoutMs: number): Promise<boolean>;
};

/** Options of {@link createDispatch}. */
export type DispatchOptions = {
  readonly commands: readonly Command[];
  readonly services: Services;
  readonly log: Log;
  /** How long a command may take before its reply is deferred, in milliseconds; default 1,500. */
  readonly deferAfterMs?: number;
  readonly clock?: Clock;
  readonly newIncidentId?: () => string;
  readonly metrics?: Pick<Metrics, "interactionEnded">;
  /** Unlimited when absent. Suggestions are never limited. */
  readonly limits?: CallLimits;
  /** Suggestions wait for this, for as long as Discord waits for them; it never rejects. */
  readonly suggestsAfter?: Promise<unknown>;
  /**
   * Called with the server of every call from a server that has installed the bot, and the locale
   * that it has chosen in Discord.
   */
  readonly onServerCall?: (guildId: string, preferredLocale: string | undefined) => void;
};

const DEFER_AFTER_MS = 1_500;

/**
 * Discord wants suggestions within 3 s and they cannot be deferred; half a second is left for the
 * network.
 */
const SUGGEST_WITHIN_MS = 2_500;

/**
 * A command that takes longer than this never finishes; the user gets a sentence before Discord's
 * 15 minutes are over.
 */
const GIVE_UP_AFTER_MS = 120_000;

/** How a call ended, for the log. */
type Outcome =
  | "answered"
  | "refused"
  | "failed"
  | "suggested"
  | "modal-opened"
  | "outdated"
  | "limited"
  | "turned-away"
  | "undelivered";

type Ending = {
  readonly outcome: Outcome;
  readonly deferred?: true;
  readonly incident?: string;
  readonly delivery?: DeliveryFailure;
};

type NamedEnding = Ending & { readonly names: JobNames };

/**
 * What running a job led to; a surprise is an exception, which becomes a sentence with an incident
 * id.
 */
type RunResult = CommandResult | { readonly kind: "surprise"; readonly error: unknown };

/**
 * Makes the dispatch, which has the only catch around commands: it runs them, defers slow ones, and
 * turns every failure into a plain sentence.
 */
export function createDispatch(options: DispatchOptions): Dispatch {
  return new CallDispatch(options);
}

class CallDispatch implements Dispatch {
  readonly #jobs: JobFinder;
  readonly #log: Log;
  readonly #deferAfterMs: number;
  readonly #clock: Clock;
  readonly #newIncidentId: () => string;
  readonly #metrics: Pick<Metrics, "interactionEnded">;
  readonly #limits: CallLimits | undefined;
  readonly #suggestsAfter: Promise<unknown>;
  readonly #onServerCall: NonNullable<DispatchOptions["onServerCall"]>;
  readonly #whenEmpty = new Set<() => void>();
  #inFlight = 0;
  #isTaking = true;

  constructor(options: DispatchOptions) {
    this.#jobs = createJobFinder(options.commands, options.services);
    this.#log = options.log;
    this.#deferAfterMs = options.deferAfterMs ?? DEFER_AFTER_MS;
    this.#clock = options.clock ?? systemClock;
    this.#newIncidentId = options.newIncidentId ?? randomIncidentId;
    this.#metrics = options.metrics ?? uncounted;
    this.#limits = options.limits;
    this.#suggestsAfter = options.suggestsAfter ?? Promise.resolve();
    this.#onServerCall = options.onServerCall ?? (() => {});
  }

  async handle(call: Call, responder: Responder): Promise<void> {
    this.#inFlight += 1;
    const startedAtMs = this.#clock.nowMs();
    if (call.guildId !== undefined && call.isServerInstall)
      this.#onServerCall(call.guildId, call.guildLocale);
    try {
      const { names, ...ending } = await this.#run(call, responder);
      const ms = this.#clock.nowMs() - startedAtMs;
      this.#log.info({ kind: call.kind, ...names, ...ending, ms: Math.round(ms) }, "interaction");
      this.#metrics.interactionEnded({
        kind: call.kind,
        command: names.command,
        outcome: ending.outcome,
        ms,
      });
    } catch (error) {
      this.#report(error, UNKNOWN_NAMES);
    } finally {
      this.#inFlight -= 1;
      if (this.#inFlight === 0) for (const resolve of this.#whenEmpty) resolve();
    }
  }

  stopIntake(): void {
    this.#isTaking = false;
  }

  inFlight(): number {
    return this.#inFlight;
  }

  async drained(timeoutMs: number): Promise<boolean> {
    if (this.#inFlight === 0) return true;
    let done = () => {};
    const empty = new Promise<"empty">((resolve) => {
      done = () => resolve("empty");
      this.#whenEmpty.add(done);
    });
    try {
      return (await within(timeoutMs, empty, this.#clock)) === "empty";
    } finally {
      this.#whenEmpty.delete(done);
    }
  }

  async #run(call: Call, responder: Responder): Promise<NamedEnding> {
    if (call.kind === "autocomplete") return this.#suggest(call, responder);
    const job = this.#jobs.jobFor(call);
    if ("sentence" in job)
      return { names: UNKNOWN_NAMES, ...(await tell(job.sentence, responder, "outdated")) };
    const { names } = job;
    if (!this.#isTaking) {
      const sentence = say(call.locale, "call.restarting");
      return { names, ...(await tell(sentence, responder, "turned-away")) };
    }
    const tooMany = await this.#limits?.take(call);
    if (tooMany !== undefined)
      return { names, ...(await tell(slowDown(tooMany, call.locale), responder, "limited")) };
    const { attachmentLimitBytes } = call;
    const opened = await this.#openModal(job, responder, attachmentLimitBytes);
    return { names, ...(opened ?? (await this.#answer(job, responder, attachmentLimitBytes))) };
  }

  /** Opens the job's modal; undefined when it has none. */
  async #openModal(
    job: Job,
    responder: Responder,
    attachmentLimitBytes: number,
  ): Promise<Ending | undefined> {
    try {
      const modal = job.modal?.();
      if (modal === undefined) return undefined;
      await responder.openModal(modal);
      return { outcome: "modal-opened" };
    } catch (error) {
      const delivery = deliveryFailureOf(error);
      if (delivery !== "refused") return { outcome: "undelivered", delivery };
      return this.#apologise(error, job, {
        responder,
        visibility: "private",
        attachmentLimitBytes,
        isDeferred: false,
      });
    }
  }

  async #answer(job: Job, responder: Responder, attachmentLimitBytes: number): Promise<Ending> {
    const { visibility, work } = begin(job);
    const stage = { responder, visibility, attachmentLimitBytes };
    const early = await within(this.#deferAfterMs, work, this.#clock);
    if (early !== ELAPSED) return this.#conclude(early, job, { ...stage, isDeferred: false });

    const lost = await deferralLost(responder, visibility);
    const late = await within(GIVE_UP_AFTER_MS - this.#deferAfterMs, work, this.#clock);
    if (lost !== undefined) {
      if (late !== ELAPSED && late.kind === "surprise") this.#report(late.error, job.names);
      return { outcome: "undelivered", deferred: true, delivery: lost };
    }
    const result = late === ELAPSED ? neverAnswered() : late;
    const ending = await this.#conclude(result, job, { ...stage, isDeferred: true });
    return { ...ending, deferred: true };
  }

  async #conclude(result: RunResult, job: Job, stage: Stage): Promise<Ending> {
    if (result.kind === "surprise") return this.#apologise(result.error, job, stage);
    try {
      await deliver(result, stage, this.#log);
      return { outcome: result.kind === "reply" ? "answered" : "refused" };
    } catch (error) {
      const delivery = deliveryFailureOf(error);
      // Only after these has Discord certainly shown nothing, so that another message makes sense.
      if (delivery === "refused" || delivery === "files-refused")
        return this.#apologise(error, job, stage);
      this.#log.warn({ ...job.names, delivery, err: error }, "An answer did not reach Discord");
      return { outcome: "undelivered", delivery };
    }
  }

  async #apologise(error: unknown, { names, locale }: Job, stage: Stage): Promise<Ending> {
    const incident = this.#report(error, names);
    const content = say(locale, "call.surprise", { incident });
    try {
      await deliver({ kind: "refusal", reply: { content } }, stage, this.#log);
      return { outcome: "failed", incident };
    } catch (undelivered) {
      return { outcome: "undelivered", incident, delivery: deliveryFailureOf(undelivered) };
    }
  }

  async #suggest(call: AutocompleteCall, responder: Responder): Promise<NamedEnding> {
    const { names, suggest } = this.#isTaking
      ? this.#jobs.suggestionJobFor(call)
      : { names: UNKNOWN_NAMES, suggest: () => Promise.resolve([]) };
    let choices: readonly Suggestion[] = [];
    let incident: string | undefined;
    try {
      const finding = this.#suggestsAfter.then(suggest);
      const found = await within(SUGGEST_WITHIN_MS, finding, this.#clock);
      if (found !== ELAPSED) choices = found;
    } catch (error) {
      incident = this.#report(error, names);
    }
    try {
      await responder.suggest(presentable(choices));
      return {
        names,
        ...(incident === undefined ? { outcome: "suggested" } : { outcome: "failed", incident }),
      };
    } catch (error) {
      return { names, outcome: "undelivered", delivery: deliveryFailureOf(error) };
    }
  }

  /** Logs a surprise and returns its incident id. */
  #report(error: unknown, names: JobNames): string {
    const incident = this.#newIncidentId();
    this.#log.error(
      { incident, ...names, err: error },
      "A command failed in a way nobody expected",
    );
    return incident;
  }
}

/** Starts a job. Whatever it throws, synchronously or later, becomes its result. */
function begin(job: Job): { visibility: Visibility; work: Promise<RunResult> } {
  const surprise = (error: unknown): RunResult => ({ kind: "surprise", error });
  let visibility: Visibility = "private";
  try {
    visibility = job.visibility();
    return { visibility, work: job.run().catch(surprise) };
  } catch (error) {
    return { visibility, work: Promise.resolve(surprise(error)) };
  }
}

/** Defers the reply; resolves to the failure when a reply certainly can no longer be shown. */
async function deferralLost(
  responder: Responder,
  visibility: Visibility,
): Promise<DeliveryFailure | undefined> {
  try {
    await responder.defer(visibility);
    return undefined;
  } catch (error) {
    const failure = deliveryFailureOf(error);
    // A deferral that may have arrived shows "thinking…", which is worth replacing.
    return failure === "unavailable" ? undefined : failure;
  }
}

async function tell(sentence: string, responder: Responder, outcome: Outcome): Promise<Ending> {
  try {
    await responder.reply({ content: sentence }, "private");
    return { outcome };
  } catch (error) {
    return { outcome: "undelivered", delivery: deliveryFailureOf(error) };
  }
}

const neverAnswered = (): RunResult => ({
  kind: "surprise",
  error: new Error(`The command did not answer within ${GIVE_UP_AFTER_MS} ms`),
});

function slowDown({ whose, retryAfterSeconds }: TooMany, locale: string): string {
  const key = whose === "user" ? "call.user-limit" : "call.guild-limit";
  return say(locale, key, { seconds: retryAfterSeconds, text: String(retryAfterSeconds) });
}
