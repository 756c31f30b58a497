import type { Selectable } from "kysely";
import type { Database } from "./database.ts";
import type { DigestLedger, DigestTrouble } from "./digest-ledger.ts";
import type { Tables } from "./tables.ts";

/** The part of the ledger that says why digests are paused. */
export type DigestTroubles = Pick<
  DigestLedger,
  "troubles" | "setTrouble" | "claimNotification" | "clearTrouble"
>;

/** Makes the troubles of this database. */
export function createDigestTroubles(database: Database): DigestTroubles {
  return {
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

    async claimNotification(guildId, now) {
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
