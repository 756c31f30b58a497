import type { Kysely, Transaction } from "kysely";
import type { Log } from "../process/log.ts";
import type { Database } from "./database.ts";
import type { Tables } from "./tables.ts";

/**
 * Takes the next revision: the first statement of every transaction that changes mirrored rows. It
 * also serializes these transactions, so that each sees everything that earlier ones wrote.
 */
export async function takeRevision(transaction: Transaction<Tables>): Promise<number> {
  const { revision } = await transaction
    .updateTable("storage_revision")
    .set(({ eb }) => ({ revision: eb("revision", "+", 1) }))
    .returning("revision")
    .executeTakeFirstOrThrow();
  return revision;
}

/**
 * Makes every process reload its mirrors. Call it in the transaction that took `revision` and
 * deleted rows that they may hold.
 */
export async function askForReload(
  transaction: Transaction<Tables>,
  revision: number,
): Promise<void> {
  await transaction.updateTable("storage_revision").set({ reload_revision: revision }).execute();
}

/** A part of the database that this process keeps in memory. */
export type Mirror = {
  /**
   * Reads the rows of revisions after `since` (all rows when undefined); resolves to a function
   * that puts them into memory.
   */
  load(database: Kysely<Tables>, since: number | undefined): Promise<() => void>;
};

/** Keeps mirrors up to date with what this and other processes write. */
export type Follower = {
  /** A mutex: one job at a time, so that memory changes in the same order as the database. */
  runExclusive<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Call it inside `runExclusive` once this process has written `revision` and put it into memory.
   */
  wrote(revision: number): void;
};

/** Fills the mirrors and keeps them up to date from then on. */
export async function follow(options: {
  database: Database;
  mirrors: readonly Mirror[];
  log: Log;
}): Promise<Follower> {
  const { database, mirrors, log } = options;
  let knownRevision: number | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let isReloadQueued = false;

  function runExclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  }

  async function reload(): Promise<void> {
    isReloadQueued = false;
    await database.read(async (reading) => {
      const current = await reading
        .selectFrom("storage_revision")
        .select(["revision", "reload_revision"])
        .executeTakeFirstOrThrow();
      if (current.revision === knownRevision) return;
      const since =
        knownRevision === undefined ||
        current.reload_revision > knownRevision ||
        current.revision < knownRevision
          ? undefined
          : knownRevision;
      for (const mirror of mirrors) (await mirror.load(reading, since))();
      // Rows of later revisions may have been read too; reading them again does no harm.
      knownRevision = current.revision;
    });
  }

  await runExclusive(reload);
  database.watch(() => {
    // One queued reload covers every wake-up before it.
    if (isReloadQueued) return;
    isReloadQueued = true;
    runExclusive(reload).catch((error: unknown) =>
      log.debug({ err: error }, "what was written elsewhere could not be read yet"),
    );
  });

  return {
    runExclusive,
    wrote(revision) {
      if (knownRevision !== undefined && revision === knownRevision + 1) knownRevision = revision;
    },
  };
}
