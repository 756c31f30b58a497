import type { Kysely } from "kysely";
import { StorageError, type StorageProblem } from "./storage-error.ts";
import type { Tables } from "./tables.ts";

/** The database engines that the bot runs on; the queries are the same on both. */
export type Engine = "sqlite" | "postgres";

/** An open connection to one engine; `openDatabase` makes a `Database` of it. */
export type EngineConnection = {
  readonly engine: Engine;
  /** Which file or which server, as a plain phrase without secrets. */
  readonly where: string;
  readonly database: Kysely<Tables>;
  /** The problem that a driver's error stands for; undefined when the error is a bug of ours. */
  problemOf(error: unknown): StorageProblem | undefined;
  /**
   * True when a transaction that failed with this error before its commit may be retried at once.
   */
  isRetryable(error: unknown): boolean;
  /** True when a commit that failed with this error may have taken effect anyway. */
  mayHaveCommitted(error: unknown): boolean;
  /** Throws the error that a write would fail with, as far as that can be known without writing. */
  probe(): void;
  /** Calls `wake` soon after another process has written. */
  watch(wake: () => void): void;
  /**
   * For a move: keeps every other process of the bot out until this connection closes; false when
   * one is already connected. Call it outside transactions.
   */
  lockExclusively(): Promise<boolean>;
  /** Erases deleted rows from the files too, as far as the engine allows. */
  scrub(): Promise<void>;
  close(): Promise<void>;
};

/** Wraps a driver's error in a {@link StorageError} when the outside world is to blame for it. */
export function asStorageError(
  { where, problemOf }: Pick<EngineConnection, "where" | "problemOf">,
  error: unknown,
  isOutcomeUnknown = false,
): unknown {
  if (error instanceof StorageError) return error;
  const problem = problemOf(error);
  return problem === undefined
    ? error
    : new StorageError(problem, { where, cause: error, isOutcomeUnknown });
}
