/** Why nothing can be stored: one problem for each remedy. */
export type StorageProblem =
  | "disk-full"
  | "read-only"
  | "unwritable-folder"
  | "locked"
  | "gone"
  | "damaged"
  | "emptied"
  | "moved"
  | "arriving"
  | "newer"
  | "unreachable"
  | "refused"
  | "failing";

/**
 * What is wrong, as a clause without paths, hosts or secrets, and what the operator can do about
 * it.
 */
const PROBLEMS: Readonly<
  Record<StorageProblem, { readonly clause: string; readonly advice: string }>
> = {
  "disk-full": { clause: "the disk that holds the bot's data is full", advice: "Make room on it." },
  "read-only": {
    clause: "the bot's data can only be read, not written",
    advice: "Let the bot's user write it.",
  },
  "unwritable-folder": {
    clause: "the bot's data folder cannot be made or written",
    advice: "Set DATA_DIR to a folder that the bot's user may write.",
  },
  locked: {
    clause: "another program keeps the bot's data locked",
    advice: "End that program, or try again in a minute.",
  },
  gone: {
    clause: "the bot's data file was deleted or replaced while it was in use",
    advice: "Restart the bot.",
  },
  damaged: {
    clause: "the bot's data is damaged",
    advice: "It is left as it is: restore a backup in its place (README, Data).",
  },
  emptied: {
    clause: "the bot's data file is missing or empty where there was one",
    advice:
      "Nothing was touched: put the backup that npm run backup made in its place (README, Data). To begin anew without any settings, delete what is left of it.",
  },
  moved: {
    clause: "the bot's data was moved to another database",
    advice: "Set or unset DATABASE_URL so that the bot finds it there (README, Data).",
  },
  arriving: {
    clause: "the bot's data was being moved here, and that was not finished",
    advice: "Run the same npm run move again.",
  },
  newer: {
    clause: "the bot's data was written by a newer version of this program",
    advice: "Start that version, or restore a backup from before it.",
  },
  unreachable: {
    clause: "the bot's database cannot be reached",
    advice: "Check DATABASE_URL, and that PostgreSQL runs.",
  },
  refused: {
    clause: "the bot's database refused the bot",
    advice: "Check the user, the password and the name in DATABASE_URL.",
  },
  failing: {
    clause: "the disk that holds the bot's data does not work",
    advice: "Look into the system's log.",
  },
};

/**
 * The database could not be written or opened. `message` is the problem as a clause; `saving` is
 * the sentence for the person whose change it was, and `starting` the one for the person who starts
 * the program.
 */
export class StorageError extends Error {
  override readonly name = "StorageError";
  readonly problem: StorageProblem;
  /** A sentence for the person whose change it was. */
  readonly saving: string;
  /** A sentence for the person who starts the program. */
  readonly starting: string;
  /** What is wrong, where, and what to do about it, as a clause and a sentence. */
  readonly advice: string;

  /**
   * `where` names the file or server without secrets. `isOutcomeUnknown`: the connection broke
   * during the commit, so the change may have been saved.
   */
  constructor(
    problem: StorageProblem,
    options: { where: string; cause?: unknown; isOutcomeUnknown?: boolean },
  ) {
    const { clause, advice } = PROBLEMS[problem];
    super(clause, { cause: options.cause });
    this.problem = problem;
    this.saving = options.isOutcomeUnknown
      ? `Perhaps this was saved, perhaps not: ${clause}. Look again in a minute.`
      : `Nothing was saved: ${clause}. Please try again later.`;
    this.advice = `${clause} (${options.where}). ${advice}`;
    this.starting = `The bot cannot start: ${this.advice}`;
  }
}
