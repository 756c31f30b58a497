import { commandName, say } from "../messages/say.ts";
import type { Services } from "../services.ts";
import type {
  AutocompleteCall,
  Call,
  CommandCall,
  ComponentCall,
  MessageCommandCall,
  ModalCall,
  OptionValue,
} from "./call.ts";
import {
  type ChatCommand,
  type Command,
  executableOf,
  isChatCommand,
  type OptionDeclarations,
} from "./command.ts";
import type { CommandResult, Modal, Suggestion, Visibility } from "./reply.ts";

/** What a call runs, named by our own declarations, never by what somebody typed. */
export type JobNames = {
  readonly command: string;
  readonly subcommand?: string;
  readonly component?: string;
};

/** What one call runs. */
export type Job = {
  readonly names: JobNames;
  /** The locale of whoever called. */
  readonly locale: string;
  /** The modal to open instead of running; undefined when there is none. */
  modal?(): Modal | undefined;
  visibility(): Visibility;
  run(): Promise<CommandResult>;
};

/** A call that no declared command accepts any more, and the sentence that its user gets. */
export type OutdatedCall = { readonly sentence: string };

/** How to suggest values for an option that is being typed. */
export type SuggestionJob = {
  readonly names: JobNames;
  suggest(): Promise<readonly Suggestion[]>;
};

/** The names of calls that no declared command accepts. */
export const UNKNOWN_NAMES: JobNames = { command: "unknown" };

/** Finds what a call runs among the declared commands. */
export type JobFinder = {
  jobFor(call: Exclude<Call, AutocompleteCall>): Job | OutdatedCall;
  /** For an unknown command, or one without suggestions, the job suggests nothing. */
  suggestionJobFor(call: AutocompleteCall): SuggestionJob;
};

/** Makes a finder whose jobs run with these services. */
export function createJobFinder(declared: readonly Command[], services: Services): JobFinder {
  const commands = new Map(
    declared.filter(isChatCommand).map((command) => [command.name, command]),
  );
  // Each kind of command has names of its own.
  const onMessages = new Map(
    declared.flatMap((command) => (isChatCommand(command) ? [] : [[command.name, command]])),
  );

  function commandJob(call: CommandCall<Readonly<Record<string, OptionValue>>>) {
    const command = commands.get(call.commandName);
    if (command === undefined) return { sentence: say(call.locale, "call.unknown-command") };
    const executable = executableOf(command, call.subcommandName);
    const names = namesOf(command, executable === undefined ? undefined : call.subcommandName);
    if (executable === undefined || lacksRequired(executable.options, call.options)) {
      return {
        sentence: say(call.locale, "call.older-form", {
          command: Object.values(names)
            .map((name) => commandName(call.locale, name))
            .join(" "),
        }),
      };
    }
    return {
      names,
      locale: call.locale,
      visibility: () => command.visibility(call, services),
      run: () => executable.run(call, services),
    };
  }

  function messageCommandJob(call: MessageCommandCall): Job | OutdatedCall {
    const command = onMessages.get(call.commandName);
    if (command === undefined) return { sentence: say(call.locale, "call.unknown-command") };
    return {
      names: { command: command.name },
      locale: call.locale,
      visibility: () => command.visibility(call, services),
      run: () => command.run(call, services),
    };
  }

  function componentJob(call: ComponentCall): Job | OutdatedCall {
    const [commandName = "", component = ""] = call.customId.split(":");
    const handler = ownValue(commands.get(commandName)?.components, component);
    if (handler === undefined) return { sentence: say(call.locale, "call.older-control") };
    return {
      names: { command: commandName, component },
      locale: call.locale,
      modal: () => handler.modal?.(call, services),
      visibility: () => handler.visibility(call, services),
      run: () => handler.run(call, services),
    };
  }

  function modalJob(call: ModalCall): Job | OutdatedCall {
    const [commandName = "", component = ""] = call.customId.split(":");
    const handler = ownValue(commands.get(commandName)?.modals, component);
    if (handler === undefined) return { sentence: say(call.locale, "call.older-control") };
    return {
      names: { command: commandName, component },
      locale: call.locale,
      visibility: () => handler.visibility(call, services),
      run: () => handler.run(call, services),
    };
  }

  return {
    jobFor(call) {
      switch (call.kind) {
        case "command":
          return commandJob(call);
        case "message-command":
          return messageCommandJob(call);
        case "modal":
          return modalJob(call);
        case "component":
          return componentJob(call);
      }
    },
    suggestionJobFor(call) {
      const command = commands.get(call.commandName);
      // An undeclared subcommand has no options to suggest values for.
      if (command === undefined || executableOf(command, call.subcommandName) === undefined)
        return { names: UNKNOWN_NAMES, suggest: () => Promise.resolve([]) };
      return {
        names: namesOf(command, call.subcommandName),
        suggest: () => Promise.resolve(command.suggest?.(call, services) ?? []),
      };
    },
  };
}

function ownValue<Value>(
  values: Readonly<Record<string, Value>> | undefined,
  name: string,
): Value | undefined {
  return values !== undefined && Object.hasOwn(values, name) ? values[name] : undefined;
}

const namesOf = ({ name }: ChatCommand, subcommand: string | undefined): JobNames => ({
  command: name,
  ...(subcommand === undefined ? {} : { subcommand }),
});

const lacksRequired = (
  declared: OptionDeclarations,
  options: Readonly<Record<string, OptionValue>>,
) =>
  Object.entries(declared).some(([name, { required }]) => required && options[name] === undefined);
