import type { Transaction } from "kysely";
import type { Database } from "./database.ts";
import {
  type DigestClaim,
  type DigestEnding,
  type DigestLedger,
  type DigestSlot,
  LEASE_MS,
  SENDING_LEASE_MS,
} from "./digest-ledger.ts";
import { claimOf, inChunks } from "./digest-ledger-rows.ts";
import type { Tables } from "./tables.ts";

/** The part of the ledger with which workers claim rows and end their claims. */
export type DigestClaims = Pick<
  DigestLedger,
  "claim" | "takeOver" | "renew" | "beginSending" | "end"
>;

/** Makes the claims of this database. */
export function createDigestClaims(database: Database): DigestClaims {
  return {
    claim: (slots, now) => inChunks(slots, (chunk) => claimRows(database, chunk, now)),

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
        for (const { claim, channelId, storyCoinId, closesTo } of sendings) {
          const { numUpdatedRows } = await held(transaction, claim)
            .set({
              state: "sending",
              channel_id: channelId,
              story_coin_id: storyCoinId,
              closes_to: closesTo,
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
  };
}

/** Claims rows that no worker holds and that have certainly not been posted. */
function claimRows(
  database: Database,
  slots: readonly DigestSlot[],
  now: Date,
): Promise<readonly DigestClaim[]> {
  const at = now.toISOString();
  const leaseUntil = new Date(now.getTime() + LEASE_MS).toISOString();
  const rows = slots.map((slot) => ({
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
    closes_to: null,
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
}

/** The row of a claim, unless another worker has taken it or its state is final. */
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
    case "quiet":
      return {
        state: "quiet" as const,
        lease_until: null,
        reason: null,
        story_coin_id: null,
        may_be_posted: 0,
        closes_to: ending.closesTo,
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
