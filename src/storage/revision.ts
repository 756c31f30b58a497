import type { Kysely, Transaction } from "kysely";
import type { Log } from "../process/log.ts";
import type { Database } from "./database.ts";
import type { Tables } from "./tables.ts";

/**
 * Takes the next revision: to be the first statement of every transaction that changes what
 * processes keep in memory. It also puts these transactions into one order, so each sees all that
 * went before.
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
 * Makes every process read everything again, in a transaction that took `revision`: it deleted rows
 * that they may have.
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
   * Reads the rows of revisions after `since` (all, when it is undefined), and gives what puts them
   * into memory.
   */
  load(database: Kysely<Tables>, since: number | undefined): Promise<() => void>;
};

/** Keeps mirrors up to date with what this and other processes write. */
export type Follower = {
  /** Runs one thing at a time, so that memory changes in the order of the database. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /** To be called in turn when this process has written `revision` and put it into memory. */
  wrote(revision: number): void;
  /** Puts into memory what was written elsewhere. */
  catchUp(): Promise<void>;
};

/** Fills the mirrors for the first time and follows the database from then on. */
export async function follow(options: {
  database: Database;
  mirrors: readonly Mirror[];
  log: Log;
}): Promise<Follower> {
  const { database, mirrors, log } = options;
  let known: number | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let isWaiting = false;

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  }

  async function load(): Promise<void> {
    isWaiting = false;
    await database.read(async (reading) => {
      const now = await reading
        .selectFrom("storage_revision")
        .select(["revision", "reload_revision"])
        .executeTakeFirstOrThrow();
      if (now.revision === known) return;
      const since =
        known === undefined || now.reload_revision > known || now.revision < known
          ? undefined
          : known;
      for (const mirror of mirrors) (await mirror.load(reading, since))();
      // Rows of later revisions may have been read too; reading them once more does no harm.
      known = now.revision;
    });
  }

  await inTurn(load);
  database.watch(() => {
    // One waiting turn sees everything that the wake-ups before it were about.
    if (isWaiting) return;
    isWaiting = true;
    inTurn(load).catch((error: unknown) =>
      log.debug({ error: String(error) }, "what was written elsewhere could not be read yet"),
    );
  });

  return {
    inTurn,
    wrote(revision) {
      if (known !== undefined && revision === known + 1) known = revision;
    },
    catchUp: () => inTurn(load),
  };
}
