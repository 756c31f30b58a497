import { type Clock, ELAPSED, systemClock, within } from "../process/clock.ts";
import { randomIncidentId } from "../process/incident.ts";
import type { Log } from "../process/log.ts";
import { type Metrics, uncounted } from "../process/metrics.ts";
import type { Services } from "../services.ts";
import type { CallLimits, TooMany } from "./call-limits.ts";
import {
  type AutocompleteCall,
  type Call,
  type Command,
  executableOf,
  type OptionDeclarations,
  type OptionValue,
} from "./command.ts";
import type { Answer, Reply, Suggestion, Visibility } from "./reply.ts";
import { DeliveryError, type DeliveryFailure, type Responder } from "./responder.ts";

/** Runs what people ask and sees to it that each question is answered once, in time. */
export type Dispatch = {
  /** Answers one call; never rejects. Resolves when the last message about it is out. */
  handle(call: Call, responder: Responder): Promise<void>;
  /** From now on, new calls are told to come back in a minute. */
  stopIntake(): void;
  /** How many calls have not had their last message yet. */
  inFlight(): number;
  /** Waits until nothing is in flight, at most `timeoutMs`; says whether that was reached. */
  drained(timeoutMs: number): Promise<boolean>;
};

/**
 * Discord wants autocomplete within 3 s and has no deferral for it; half a second is left for the
 * way there.
 */
const SUGGEST_WITHIN_MS = 2_500;

/** discord.com/developers/docs/interactions/application-commands, 2026-11. */
const MOST_SUGGESTIONS = 25;
const SUGGESTION_CHARACTERS = 100;

/**
 * A command that has not answered by then never will; its asker deserves a sentence before
 * Discord's 15 minutes are over.
 */
const GIVE_UP_AFTER_MS = 120_000;

/** How a call ended, for the log. */
type Outcome =
  | "answered"
  | "refused"
  | "failed"
  | "suggested"
  | "outdated"
  | "limited"
  | "turned-away"
  | "undelivered";

/** What a command made of a call; a surprise is an exception on its way to becoming a sentence. */
type Result = Answer | { readonly kind: "surprise"; readonly error: unknown };

type Names = {
  readonly command: string;
  readonly subcommand?: string;
  readonly component?: string;
};

type Job = {
  readonly names: Names;
  visibility(): Visibility;
  run(): Promise<Answer>;
};

type Ending = {
  readonly outcome: Outcome;
  readonly deferred?: true;
  readonly incident?: string;
  readonly delivery?: DeliveryFailure;
};

/**
 * Makes the only catch around commands: it runs them, defers when they are slow, and turns every
 * failure into a plain sentence.
 */
export function createDispatch(options: {
  commands: readonly Command[];
  services: Services;
  log: Log;
  /**
   * How long a command may take before its answer is deferred, in milliseconds; 1,500 unless told.
   */
  deferAfterMs?: number;
  clock?: Clock;
  newIncidentId?: () => string;
  metrics?: Pick<Metrics, "interactionEnded">;
  /** Nobody is limited when absent. Suggestions while typing never are. */
  limits?: CallLimits;
  /** Told of every server that has installed the bot and asks something. */
  askedIn?: (guildId: string) => void;
}): Dispatch {
  const {
    services,
    log,
    deferAfterMs = 1_500,
    clock = systemClock,
    newIncidentId = randomIncidentId,
    metrics = uncounted,
  } = options;
  const { askedIn = () => {} } = options;
  const commands = new Map(options.commands.map((command) => [command.name, command]));
  let inFlight = 0;
  const emptied = new Set<() => void>();
  let taking = true;

  const report = (error: unknown, names: Names): string => {
    const incident = newIncidentId();
    log.error({ incident, ...names, err: error }, "A command failed in a way nobody expected");
    return incident;
  };

  function jobFor(call: Exclude<Call, AutocompleteCall>): Job | { readonly sentence: string } {
    if (call.kind === "command") {
      const command = commands.get(call.commandName);
      if (command === undefined)
        return {
          sentence: "This command is no longer here. Reload Discord to see today's commands.",
        };
      const executable = executableOf(command, call.subcommandName);
      const names = namesOf(command, executable === undefined ? undefined : call.subcommandName);
      if (executable === undefined || lacksRequired(executable.options, call.options)) {
        return {
          sentence: `Discord sent \`/${Object.values(names).join(" ")}\` in an older form. Reload Discord and type it again.`,
        };
      }
      return {
        names,
        visibility: () => command.visibility(call, services),
        run: () => executable.run(call, services),
      };
    }
    const [commandName = "", component = ""] = call.customId.split(":");
    const components = commands.get(commandName)?.components ?? {};
    const handler = Object.hasOwn(components, component) ? components[component] : undefined;
    if (handler === undefined) {
      return {
        sentence:
          "This button or menu is from an older version of the bot. Ask again to get a fresh one.",
      };
    }
    return {
      names: { command: commandName, component },
      visibility: () => handler.visibility(call, services),
      run: () => handler.run(call, services),
    };
  }

  async function answer(
    job: Job,
    responder: Responder,
    attachmentLimitBytes: number,
  ): Promise<Ending> {
    let visibility: Visibility = "private";
    let work: Promise<Result>;
    try {
      visibility = job.visibility();
      work = job.run().catch((error: unknown) => ({ kind: "surprise", error }));
    } catch (error) {
      work = Promise.resolve({ kind: "surprise", error });
    }

    const early = await within(deferAfterMs, work, clock);
    if (early !== ELAPSED)
      return conclude(early, { job, responder, visibility, attachmentLimitBytes, deferred: false });

    let lost: DeliveryFailure | undefined;
    try {
      await responder.defer(visibility);
    } catch (error) {
      const failure = failureOf(error);
      // An acknowledgement that may have arrived leaves "thinking…" on the screen: go on and try to
      // replace it.
      if (failure !== "unavailable") lost = failure;
    }
    const late = await within(GIVE_UP_AFTER_MS - deferAfterMs, work, clock);
    if (lost !== undefined) {
      if (late !== ELAPSED && late.kind === "surprise") report(late.error, job.names);
      return { outcome: "undelivered", deferred: true, delivery: lost };
    }
    const result: Result =
      late === ELAPSED
        ? {
            kind: "surprise",
            error: new Error(`The command did not answer within ${GIVE_UP_AFTER_MS} ms`),
          }
        : late;
    return {
      ...(await conclude(result, {
        job,
        responder,
        visibility,
        attachmentLimitBytes,
        deferred: true,
      })),
      deferred: true,
    };
  }

  type Stage = {
    readonly job: Job;
    readonly responder: Responder;
    readonly visibility: Visibility;
    readonly attachmentLimitBytes: number;
    readonly deferred: boolean;
  };

  async function conclude(result: Result, stage: Stage): Promise<Ending> {
    if (result.kind === "surprise") return apologise(result.error, stage);
    try {
      await send(withoutLargeFiles(result.reply, stage.attachmentLimitBytes), result.kind, stage);
      return { outcome: result.kind === "answer" ? "answered" : "refused" };
    } catch (error) {
      const delivery = failureOf(error);
      // Discord has certainly shown nothing yet only when it refused the message; then there is
      // something left to say.
      if (delivery === "refused" || delivery === "files-refused") return apologise(error, stage);
      log.warn({ ...stage.job.names, delivery, err: error }, "An answer did not reach Discord");
      return { outcome: "undelivered", delivery };
    }
  }

  async function apologise(error: unknown, stage: Stage): Promise<Ending> {
    const incident = report(error, stage.job.names);
    try {
      await send(
        {
          content: `Something went wrong here, and it is not your fault. Try again; if it persists, report \`${incident}\`.`,
        },
        "refusal",
        stage,
      );
      return { outcome: "failed", incident };
    } catch (undelivered) {
      return { outcome: "undelivered", incident, delivery: failureOf(undelivered) };
    }
  }

  async function send(
    reply: Reply,
    kind: Answer["kind"],
    { responder, visibility, deferred }: Stage,
  ): Promise<void> {
    if (!deferred)
      return withPictureIfTaken(reply, (taken) =>
        responder.reply(taken, kind === "refusal" ? "private" : visibility),
      );
    if (kind === "answer" || visibility === "private")
      return withPictureIfTaken(reply, (taken) => responder.editReply(taken));
    // The first follow-up to a deferred answer would fill its public place, so that place goes
    // first.
    if (visibility === "public") await responder.deleteReply();
    return withPictureIfTaken(reply, (taken) => responder.followUpPrivately(taken));
  }

  async function withPictureIfTaken(
    reply: Reply,
    deliver: (reply: Reply) => Promise<void>,
  ): Promise<void> {
    try {
      await deliver(reply);
    } catch (error) {
      if (!(reply.files?.length && failureOf(error) === "files-refused")) throw error;
      log.warn({ err: error }, "Discord refused a picture; the answer goes out without it");
      await deliver(withoutFiles(reply, new Set(reply.files.map((file) => file.name))));
    }
  }

  async function suggest(
    call: AutocompleteCall,
    responder: Responder,
  ): Promise<Ending & { names: Names }> {
    const called = commands.get(call.commandName);
    // An undeclared subcommand has no options to suggest anything for.
    const command =
      taking && called !== undefined && executableOf(called, call.subcommandName) !== undefined
        ? called
        : undefined;
    const names =
      command === undefined ? { command: "unknown" } : namesOf(command, call.subcommandName);
    let choices: readonly Suggestion[] = [];
    let incident: string | undefined;
    try {
      const found = await within(
        SUGGEST_WITHIN_MS,
        Promise.resolve(command?.suggest?.(call, services) ?? []),
        clock,
      );
      if (found !== ELAPSED) choices = found;
    } catch (error) {
      incident = report(error, names);
    }
    try {
      await responder.suggest(
        choices.filter(isPresentable).slice(0, MOST_SUGGESTIONS).map(shortened),
      );
      return {
        names,
        ...(incident === undefined ? { outcome: "suggested" } : { outcome: "failed", incident }),
      };
    } catch (error) {
      return { names, outcome: "undelivered", delivery: failureOf(error) };
    }
  }

  async function say(sentence: string, responder: Responder, outcome: Outcome): Promise<Ending> {
    try {
      await responder.reply({ content: sentence }, "private");
      return { outcome };
    } catch (error) {
      return { outcome: "undelivered", delivery: failureOf(error) };
    }
  }

  async function conductedTo(call: Call, responder: Responder): Promise<Ending & { names: Names }> {
    if (call.kind === "autocomplete") return suggest(call, responder);
    const job = jobFor(call);
    if ("sentence" in job)
      return { names: { command: "unknown" }, ...(await say(job.sentence, responder, "outdated")) };
    if (!taking)
      return {
        names: job.names,
        ...(await say("The bot is restarting. Ask again in a minute.", responder, "turned-away")),
      };
    const tooMany = await options.limits?.take(call);
    if (tooMany !== undefined)
      return { names: job.names, ...(await say(slowDown(tooMany), responder, "limited")) };
    return { names: job.names, ...(await answer(job, responder, call.attachmentLimitBytes)) };
  }

  return {
    async handle(call, responder) {
      inFlight += 1;
      const startedAtMs = clock.nowMs();
      if (call.guildId !== undefined && call.isServerInstall) askedIn(call.guildId);
      try {
        const { names, ...ending } = await conductedTo(call, responder);
        // Never what the user typed: names come from our own declarations.
        const ms = clock.nowMs() - startedAtMs;
        log.info({ kind: call.kind, ...names, ...ending, ms: Math.round(ms) }, "interaction");
        metrics.interactionEnded({
          kind: call.kind,
          command: names.command,
          outcome: ending.outcome,
          ms,
        });
      } catch (error) {
        report(error, { command: "unknown" });
      } finally {
        inFlight -= 1;
        if (inFlight === 0) for (const resolve of emptied) resolve();
      }
    },

    stopIntake() {
      taking = false;
    },

    inFlight: () => inFlight,

    async drained(timeoutMs) {
      if (inFlight === 0) return true;
      let done = () => {};
      const empty = new Promise<"empty">((resolve) => {
        done = () => resolve("empty");
        emptied.add(done);
      });
      try {
        return (await within(timeoutMs, empty, clock)) === "empty";
      } finally {
        emptied.delete(done);
      }
    },
  };
}

const slowDown = ({ whose, retryAfterSeconds }: TooMany) => {
  const when = retryAfterSeconds === 1 ? "in a second" : `in ${retryAfterSeconds} seconds`;
  return whose === "user"
    ? `Easy on the throttle: that is a lot of questions at once. Ask again ${when}.`
    : `Rush hour: this server asks more than can be answered at once. Ask again ${when}.`;
};

const namesOf = ({ name }: Command, subcommand: string | undefined): Names => ({
  command: name,
  ...(subcommand === undefined ? {} : { subcommand }),
});

const lacksRequired = (
  declared: OptionDeclarations,
  options: Readonly<Record<string, OptionValue>>,
) =>
  Object.entries(declared).some(([name, { required }]) => required && options[name] === undefined);

// A responder throws nothing but DeliveryErrors; anything else is a defect in it and worth an
// incident.
const failureOf = (error: unknown): DeliveryFailure =>
  error instanceof DeliveryError ? error.reason : "refused";

function withoutLargeFiles(reply: Reply, limitBytes: number): Reply {
  const tooLarge = (reply.files ?? []).filter((file) => file.data.byteLength > limitBytes);
  return tooLarge.length === 0
    ? reply
    : withoutFiles(reply, new Set(tooLarge.map((file) => file.name)));
}

// An embed that still points at a file which is not sent would show a broken picture.
function withoutFiles(reply: Reply, names: ReadonlySet<string>): Reply {
  const isLeftOut = (url: string | undefined) =>
    url?.startsWith("attachment://") && names.has(url.slice("attachment://".length));
  return {
    ...reply,
    files: (reply.files ?? []).filter((file) => !names.has(file.name)),
    ...(reply.embeds === undefined
      ? {}
      : {
          embeds: reply.embeds.map(({ image, thumbnail, ...embed }) => ({
            ...embed,
            ...(image === undefined || isLeftOut(image.url) ? {} : { image }),
            ...(thumbnail === undefined || isLeftOut(thumbnail.url) ? {} : { thumbnail }),
          })),
        }),
  };
}

// A shortened value would mean something else, so such a suggestion is not made.
const isPresentable = ({ name, value }: Suggestion) =>
  name.length > 0 && value.length > 0 && value.length <= SUGGESTION_CHARACTERS;

const shortened = ({ name, value }: Suggestion): Suggestion => ({
  // A cut through a surrogate pair leaves half a character, which Discord refuses.
  name:
    name.length <= SUGGESTION_CHARACTERS
      ? name
      : `${name.slice(0, SUGGESTION_CHARACTERS - 1).replace(/[\uD800-\uDBFF]$/, "")}…`,
  value,
});
