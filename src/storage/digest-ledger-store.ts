import type { Database } from "./database.ts";
import { createDigestClaims } from "./digest-claims-store.ts";
import { type DigestLedger, NEWEST_KEPT, type PastDigest } from "./digest-ledger.ts";
import { entryOf, inChunks } from "./digest-ledger-rows.ts";
import { createDigestTroubles } from "./digest-troubles-store.ts";

/** Makes the ledger of this database. */
export function createDigestLedger(database: Database): DigestLedger {
  return {
    ...createDigestClaims(database),
    ...createLedgerReads(database),
    ...createLedgerUpkeep(database),
    ...createDigestTroubles(database),
  };
}

function createLedgerReads(
  database: Database,
): Pick<DigestLedger, "entries" | "latest" | "pastDigests"> {
  return {
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

    async pastDigests(guildIds, fromOn) {
      const past = new Map<string, PastDigest[]>();
      if (guildIds.length === 0) return past;
      const rows = await database.read((reading) =>
        reading
          .selectFrom("digest_ledger")
          .select(["guild_id", "local_on", "story_coin_id", "closes_to"])
          .where("guild_id", "in", guildIds)
          .where("local_on", ">=", fromOn)
          .where("state", "in", ["sent", "quiet"])
          .orderBy("local_on", "desc")
          .execute(),
      );
      for (const row of rows) {
        const ofGuild = past.get(row.guild_id) ?? [];
        ofGuild.push({
          localOn: row.local_on,
          storyCoinId: row.story_coin_id,
          closesTo: row.closes_to,
        });
        past.set(row.guild_id, ofGuild);
      }
      return past;
    },
  };
}

function createLedgerUpkeep(
  database: Database,
): Pick<DigestLedger, "miss" | "missAbandoned" | "forgetBefore"> {
  return {
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
                closes_to: null,
              })),
            )
            .onConflict((conflict) =>
              conflict
                .columns(["guild_id", "local_on"])
                // The reason for waiting says more than ours.
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
  };
}
