import { sql } from "kysely";
import type { Migration } from "./migration.ts";

/** Which digests were posted, and why servers' digests are paused. */
export const digestLedger: Migration = {
  name: "digest ledger",
  async up(transaction) {
    const { schema } = transaction;
    await schema
      .createTable("digest_ledger")
      .addColumn("guild_id", "text", (column) => column.notNull())
      .addColumn("local_on", "text", (column) => column.notNull())
      .addColumn("state", "text", (column) =>
        column.notNull().check(sql`state in ('claimed', 'sending', 'sent', 'paused', 'missed')`),
      )
      .addColumn("channel_id", "text", (column) => column.notNull())
      .addColumn("token", "integer", (column) => column.notNull())
      .addColumn("lease_until", "text")
      .addColumn("due_at", "text", (column) => column.notNull())
      .addColumn("message_id", "text")
      .addColumn("story_coin_id", "text")
      .addColumn("may_be_posted", "integer", (column) =>
        column.notNull().check(sql`may_be_posted in (0, 1)`),
      )
      .addColumn("reason", "text")
      .addColumn("updated_at", "text", (column) => column.notNull())
      .addPrimaryKeyConstraint("digest_ledger_key", ["guild_id", "local_on"])
      .addCheckConstraint(
        "digest_ledger_lease",
        sql`(lease_until is not null) = (state in ('claimed', 'sending'))`,
      )
      .execute();
    await schema
      .createIndex("digest_ledger_open")
      .on("digest_ledger")
      .columns(["state", "lease_until"])
      .where(sql.ref("lease_until"), "is not", null)
      .execute();
    await schema.createIndex("digest_ledger_date").on("digest_ledger").column("local_on").execute();
    await schema
      .createTable("digest_troubles")
      .addColumn("guild_id", "text", (column) => column.primaryKey())
      .addColumn("channel_id", "text", (column) => column.notNull())
      .addColumn("reason", "text", (column) => column.notNull())
      .addColumn("since", "text", (column) => column.notNull())
      .addColumn("told_at", "text")
      .addColumn("tried_at", "text", (column) => column.notNull())
      .execute();
  },
};
