import { createLog } from "./log.ts";

/** What the program tells the person who starts it, before there is a log. */
export type StartNotice = {
  /** Why it cannot start, in plain sentences; several are listed under `heading`. */
  refuse(sentences: readonly string[], heading?: string): void;
  /** Something that does not keep it from starting. */
  warn(sentence: string, fields?: object): void;
};

/** Options of {@link createStartNotice}. */
export type StartNoticeOptions = {
  /** Whether a person reads standard error. */
  readonly isTerminal: boolean;
  /** `LOG_LEVEL` as set; setting it requests the log's format. */
  readonly logLevel: string | undefined;
  readonly write: (text: string) => void;
};

/**
 * Writes plain lines on a terminal; otherwise, or if `LOG_LEVEL` is set, one JSON object per line
 * like the log.
 */
export function createStartNotice({
  isTerminal,
  logLevel,
  write,
}: StartNoticeOptions): StartNotice {
  if (isTerminal && !logLevel) {
    return {
      refuse(sentences, heading) {
        if (heading === undefined) for (const sentence of sentences) write(`${sentence}\n`);
        else
          write([`${heading}:`, ...sentences.map((sentence) => `  - ${sentence}`), ""].join("\n"));
      },
      warn: (sentence) => write(`${sentence}\n`),
    };
  }
  const log = createLog({ level: "warn", secrets: [], write });
  return {
    refuse(sentences, heading) {
      if (heading === undefined) for (const sentence of sentences) log.error({}, sentence);
      else log.error({ problems: sentences }, `${heading}: ${sentences.join("; ")}`);
    },
    warn: (sentence, fields = {}) => log.warn(fields, sentence),
  };
}

/** The error on loading a module that was compiled for another Node, or never compiled. */
const MADE_FOR_ANOTHER_NODE =
  /NODE_MODULE_VERSION|did not self-register|Could not locate the bindings file/;

/**
 * Why native code cannot be loaded and what to do about it, in two sentences; undefined for any
 * other error.
 */
export function nativeModuleTrouble(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const isLoading = "code" in cause && String(cause.code).startsWith("ERR_DLOPEN_");
    if (!isLoading && !MADE_FOR_ANOTHER_NODE.test(cause.message)) continue;
    return MADE_FOR_ANOTHER_NODE.test(cause.message)
      ? `The program cannot start: its compiled modules were not made for this Node (${process.version}). Run npm ci with it, then start again.`
      : `The program cannot start: a compiled module cannot be loaded (${cause.message.split("\n")[0]}). Run npm ci on this machine, then start again.`;
  }
  return undefined;
}
