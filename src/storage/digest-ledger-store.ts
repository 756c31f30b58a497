import type { Selectable, Transaction } from "kysely";
import type { Database } from "./database.ts";
import {
  type DigestClaim,
  type DigestEnding,
  type DigestEntry,
  type DigestLedger,
  type DigestState,
  type DigestTrouble,
  LEASE_MS,
  NEWEST_KEPT,
  SENDING_LEASE_MS,
} from "./digest-ledger.ts";
import type { Tables } from "./tables.ts";

/**
 * Rows of one statement: far below the parameters that either engine takes, and the nesting of
 * conditions that SQLite does.
 */
const ROWS_PER_STATEMENT = 100;

/** Makes the ledger over a database. */
export function createDigestLedger(database: Database): DigestLedger {
  return {
    claim: (slots, now) =>
      inChunks(slots, (chunk) => {
        const at = now.toISOString();
        const leaseUntil = new Date(now.getTime() + LEASE_MS).toISOString();
        const rows = chunk.map((slot) => ({
          guild_id: slot.guildId,
          local_on: slot.localOn,
          state: "claimed" as const,
          channel_id: slot.channelId,
          token: 1,
          lease_until: leaseUntil,
          due_at: slot.dueAt,
          message_id: null,
          story_coin_id: null,
          may_be_posted: 0,
          reason: null,
          updated_at: at,
        }));
        return database.write(async (transaction) => {
          const taken = await transaction
            .insertInto("digest_ledger")
            .values(rows)
            .onConflict((conflict) =>
              conflict
                .columns(["guild_id", "local_on"])
                .doUpdateSet(({ ref, eb }) => ({
                  state: "claimed",
                  channel_id: ref("excluded.channel_id"),
                  token: eb("digest_ledger.token", "+", 1),
                  lease_until: leaseUntil,
                  due_at: ref("excluded.due_at"),
                  reason: null,
                  updated_at: at,
                }))
                .where(({ or, and, eb }) =>
                  or([
                    eb("digest_ledger.state", "=", "paused"),
                    and([
                      eb("digest_ledger.state", "=", "missed"),
                      eb("digest_ledger.may_be_posted", "=", 0),
                    ]),
                    and([
                      eb("digest_ledger.state", "=", "claimed"),
                      eb("digest_ledger.lease_until", "<=", at),
                    ]),
                  ]),
                ),
            )
            .returningAll()
            .execute();
          return taken.map(claimOf);
        });
      }),

    takeOver: (limit, now) =>
      database.write(async (transaction) => {
        const at = now.toISOString();
        const taken = await transaction
          .updateTable("digest_ledger")
          .set(({ eb }) => ({
            token: eb("token", "+", 1),
            lease_until: new Date(now.getTime() + LEASE_MS).toISOString(),
            updated_at: at,
          }))
          .where("state", "=", "sending")
          .where("lease_until", "<=", at)
          .where(({ eb, refTuple, selectFrom }) =>
            eb(
              refTuple("guild_id", "local_on"),
              "in",
              selectFrom("digest_ledger as oldest")
                .select(["oldest.guild_id", "oldest.local_on"])
                .where("oldest.state", "=", "sending")
                .where("oldest.lease_until", "<=", at)
                .orderBy("oldest.lease_until")
                .limit(limit)
                .$asTuple("guild_id", "local_on"),
            ),
          )
          .returningAll()
          .execute();
        return taken.map(claimOf);
      }),

    renew: (claims, now) =>
      database.write(async (transaction) => {
        const renewed: DigestClaim[] = [];
        const leaseUntil = new Date(now.getTime() + LEASE_MS).toISOString();
        for (const claim of claims) {
          const { numUpdatedRows } = await held(transaction, claim)
            .set({ lease_until: leaseUntil, updated_at: now.toISOString() })
            .executeTakeFirstOrThrow();
          if (numUpdatedRows > 0n) renewed.push({ ...claim, leaseUntil });
        }
        return renewed;
      }),

    beginSending: (sendings, now) =>
      database.write(async (transaction) => {
        const began: DigestClaim[] = [];
        for (const { claim, channelId, storyCoinId } of sendings) {
          const { numUpdatedRows } = await held(transaction, claim)
            .set({
              state: "sending",
              channel_id: channelId,
              story_coin_id: storyCoinId,
              may_be_posted: 1,
              reason: null,
              updated_at: now.toISOString(),
            })
            .where("lease_until", ">=", new Date(now.getTime() + SENDING_LEASE_MS).toISOString())
            .executeTakeFirstOrThrow();
          if (numUpdatedRows > 0n) began.push(claim);
        }
        return began;
      }),

    end: (ended, now) =>
      database.write(async (transaction) => {
        const recorded: DigestClaim[] = [];
        for (const { claim, ending } of ended) {
          const { numUpdatedRows } = await held(transaction, claim)
            .set({ ...columnsOf(ending), updated_at: now.toISOString() })
            .executeTakeFirstOrThrow();
          if (numUpdatedRows > 0n) recorded.push(claim);
        }
        return recorded;
      }),

    async miss(slots, reason, now) {
      const at = now.toISOString();
      const missed = { state: "missed" as const, lease_until: null, reason, updated_at: at };
      await inChunks(slots, (chunk) =>
        database.write(async (transaction) => {
          await transaction
            .insertInto("digest_ledger")
            .values(
              chunk.map((slot) => ({
                ...missed,
                guild_id: slot.guildId,
                local_on: slot.localOn,
                channel_id: slot.channelId,
                token: 1,
                due_at: slot.dueAt,
                message_id: null,
                story_coin_id: null,
                may_be_posted: 0,
              })),
            )
            .onConflict((conflict) =>
              conflict
                .columns(["guild_id", "local_on"])
                // A wait's own reason says more than ours.
                .doUpdateSet(({ ref, eb, fn }) => ({
                  ...missed,
                  reason: fn.coalesce(ref("digest_ledger.reason"), ref("excluded.reason")),
                  token: eb("digest_ledger.token", "+", 1),
                }))
                .where("digest_ledger.state", "=", "claimed")
                .where("digest_ledger.lease_until", "<=", at),
            )
            .execute();
          return [];
        }),
      );
    },

    async missAbandoned(dueBefore, reason, now) {
      await database.write((transaction) =>
        transaction
          .updateTable("digest_ledger")
          .set(({ fn, ref, val, eb }) => ({
            state: "missed",
            lease_until: null,
            reason: fn.coalesce(ref("reason"), val(reason)),
            token: eb("token", "+", 1),
            updated_at: now.toISOString(),
          }))
          .where("state", "=", "claimed")
          .where("lease_until", "<=", now.toISOString())
          .where("due_at", "<", dueBefore.toISOString())
          .execute(),
      );
    },

    async entries(guildIds, fromOn) {
      if (guildIds.length === 0) return [];
      const rows = await database.read((reading) =>
        reading
          .selectFrom("digest_ledger")
          .selectAll()
          .where("guild_id", "in", guildIds)
          .where("local_on", ">=", fromOn)
          .execute(),
      );
      return rows.map(entryOf);
    },

    async latest(guildId, limit) {
      const rows = await database.read((reading) =>
        reading
          .selectFrom("digest_ledger")
          .selectAll()
          .where("guild_id", "=", guildId)
          .orderBy("local_on", "desc")
          .limit(limit)
          .execute(),
      );
      return rows.map(entryOf);
    },

    async toldCoinIds(guildIds, fromOn) {
      const told = new Map<string, string[]>();
      if (guildIds.length === 0) return told;
      const rows = await database.read((reading) =>
        reading
          .selectFrom("digest_ledger")
          .select(["guild_id", "story_coin_id"])
          .where("guild_id", "in", guildIds)
          .where("local_on", ">=", fromOn)
          .where("state", "=", "sent")
          .orderBy("local_on", "desc")
          .execute(),
      );
      for (const { guild_id: guildId, story_coin_id: coinId } of rows) {
        if (coinId !== null) told.set(guildId, [...(told.get(guildId) ?? []), coinId]);
      }
      return told;
    },

    async forgetBefore(localOn) {
      await database.write((transaction) =>
        transaction
          .deleteFrom("digest_ledger")
          .where("local_on", "<", localOn)
          .where(({ eb, selectFrom }) =>
            eb(
              "local_on",
              "<",
              selectFrom("digest_ledger as newest")
                .select("newest.local_on")
                .whereRef("newest.guild_id", "=", "digest_ledger.guild_id")
                .orderBy("newest.local_on", "desc")
                .limit(1)
                .offset(NEWEST_KEPT - 1),
            ),
          )
          .execute(),
      );
    },

    async troubles(guildIds) {
      if (guildIds.length === 0) return [];
      const rows = await database.read((reading) =>
        reading
          .selectFrom("digest_troubles")
          .selectAll()
          .where("guild_id", "in", guildIds)
          .execute(),
      );
      return rows.map(troubleOf);
    },

    async setTrouble({ guildId, channelId, reason }, now) {
      const at = now.toISOString();
      await database.write((transaction) =>
        transaction
          .insertInto("digest_troubles")
          .values({
            guild_id: guildId,
            channel_id: channelId,
            reason,
            since: at,
            told_at: null,
            tried_at: at,
          })
          .onConflict((conflict) =>
            conflict.column("guild_id").doUpdateSet(({ eb, ref }) => {
              const isSame = eb("digest_troubles.channel_id", "=", ref("excluded.channel_id"));
              return {
                channel_id: channelId,
                reason,
                since: eb
                  .case()
                  .when(isSame)
                  .then(ref("digest_troubles.since"))
                  .else(ref("excluded.since"))
                  .end(),
                told_at: eb
                  .case()
                  .when(isSame)
                  .then(ref("digest_troubles.told_at"))
                  .else(null)
                  .end(),
                tried_at: at,
              };
            }),
          )
          .execute(),
      );
    },

    async takeTelling(guildId, now) {
      const { numUpdatedRows } = await database.write((transaction) =>
        transaction
          .updateTable("digest_troubles")
          .set({ told_at: now.toISOString() })
          .where("guild_id", "=", guildId)
          .where("told_at", "is", null)
          .executeTakeFirstOrThrow(),
      );
      return numUpdatedRows > 0n;
    },

    async clearTrouble(guildId) {
      await database.write((transaction) =>
        transaction.deleteFrom("digest_troubles").where("guild_id", "=", guildId).execute(),
      );
    },
  };
}

/** The row of a claim, as long as nobody else has taken it and nothing final was written. */
function held(transaction: Transaction<Tables>, { guildId, localOn, token }: DigestClaim) {
  return transaction
    .updateTable("digest_ledger")
    .where("guild_id", "=", guildId)
    .where("local_on", "=", localOn)
    .where("token", "=", token)
    .where("state", "in", ["claimed", "sending"]);
}

function columnsOf(ending: DigestEnding) {
  switch (ending.kind) {
    case "sent":
      return {
        state: "sent" as const,
        message_id: ending.messageId,
        lease_until: null,
        reason: null,
      };
    case "paused":
      return {
        state: "paused" as const,
        lease_until: null,
        reason: ending.reason,
        may_be_posted: 0,
      };
    case "missed":
      return {
        state: "missed" as const,
        lease_until: null,
        reason: ending.reason,
        may_be_posted: Number(ending.mayBePosted),
      };
    case "waiting":
      return {
        state: "claimed" as const,
        lease_until: ending.until.toISOString(),
        reason: ending.reason,
        may_be_posted: 0,
      };
    case "unknown":
      return { state: "sending" as const, lease_until: ending.until.toISOString() };
  }
}

async function inChunks<Item, Result>(
  items: readonly Item[],
  work: (chunk: readonly Item[]) => Promise<readonly Result[]>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += ROWS_PER_STATEMENT)
    results.push(...(await work(items.slice(from, from + ROWS_PER_STATEMENT))));
  return results;
}

type LedgerRow = Selectable<Tables["digest_ledger"]>;

function claimOf(row: LedgerRow): DigestClaim {
  return {
    guildId: row.guild_id,
    localOn: row.local_on,
    channelId: row.channel_id,
    dueAt: row.due_at,
    token: row.token,
    leaseUntil: row.lease_until ?? "",
  };
}

function entryOf(row: LedgerRow): DigestEntry {
  return {
    guildId: row.guild_id,
    localOn: row.local_on,
    // The table's check allows nothing else.
    state: row.state as DigestState,
    channelId: row.channel_id,
    token: row.token,
    leaseUntil: row.lease_until,
    dueAt: row.due_at,
    messageId: row.message_id,
    storyCoinId: row.story_coin_id,
    mayBePosted: row.may_be_posted === 1,
    reason: row.reason,
    updatedAt: row.updated_at,
  };
}

function troubleOf(row: Selectable<Tables["digest_troubles"]>): DigestTrouble {
  return {
    guildId: row.guild_id,
    channelId: row.channel_id,
    reason: row.reason,
    since: row.since,
    toldAt: row.told_at,
    triedAt: row.tried_at,
  };
}
