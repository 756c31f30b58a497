import { sql, type Transaction } from "kysely";
import type { Migration } from "./migration.ts";

const STATES = sql`state in ('claimed', 'sending', 'sent', 'paused', 'missed', 'quiet')`;

/**
 * On which days a server's digest comes; dates on which there was no news to post, and up to which
 * day's closes each digest looked.
 */
export const digestRhythm: Migration = {
  name: "digest rhythm",
  async up(transaction, engine) {
    const { schema } = transaction;
    await schema.alterTable("guild_settings").addColumn("digest_every", "text").execute();
    // Null for digests of earlier versions.
    await schema.alterTable("digest_ledger").addColumn("closes_to", "text").execute();
    if (engine === "sqlite") return rebuildLedger(transaction);
    await schema.alterTable("digest_ledger").dropConstraint("digest_ledger_state_check").execute();
    await schema
      .alterTable("digest_ledger")
      .addCheckConstraint("digest_ledger_state_check", STATES)
      .execute();
  },
};

/** SQLite cannot change a check: the rows go into a new table of the same name. */
async function rebuildLedger(transaction: Transaction<unknown>): Promise<void> {
  const { schema } = transaction;
  await schema
    .createTable("digest_ledger_rebuilt")
    .addColumn("guild_id", "text", (column) => column.notNull())
    .addColumn("local_on", "text", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull().check(STATES))
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
    .addColumn("closes_to", "text")
    .addPrimaryKeyConstraint("digest_ledger_key", ["guild_id", "local_on"])
    .addCheckConstraint(
      "digest_ledger_lease",
      sql`(lease_until is not null) = (state in ('claimed', 'sending'))`,
    )
    .execute();
  await sql`insert into digest_ledger_rebuilt select * from digest_ledger`.execute(transaction);
  await schema.dropTable("digest_ledger").execute();
  await schema.alterTable("digest_ledger_rebuilt").renameTo("digest_ledger").execute();
  await schema
    .createIndex("digest_ledger_open")
    .on("digest_ledger")
    .columns(["state", "lease_until"])
    .where(sql.ref("lease_until"), "is not", null)
    .execute();
  await schema.createIndex("digest_ledger_date").on("digest_ledger").column("local_on").execute();
}
