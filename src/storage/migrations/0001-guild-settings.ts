import { sql } from "kysely";
import type { Migration } from "./migration.ts";

/** What servers choose, who changed it, and which servers were left. */
export const guildSettings: Migration = {
  name: "guild settings",
  async up(transaction, engine) {
    const { schema } = transaction;
    await schema
      .createTable("storage_revision")
      .addColumn("id", "integer", (column) => column.primaryKey().check(sql`id = 1`))
      .addColumn("revision", "integer", (column) => column.notNull())
      .addColumn("reload_revision", "integer", (column) => column.notNull())
      .execute();
    await sql`insert into storage_revision (id, revision, reload_revision) values (1, 0, 0)`.execute(
      transaction,
    );

    await schema
      .createTable("guild_settings")
      .addColumn("guild_id", "text", (column) => column.primaryKey())
      .addColumn("currency", "text")
      .addColumn("stake", "double precision")
      .addColumn("car_key", "text")
      .addColumn("car_price", "double precision")
      .addColumn("replies", "text", (column) => column.check(sql`replies in ('public', 'private')`))
      .addColumn("digest_enabled", "integer", (column) =>
        column.check(sql`digest_enabled in (0, 1)`),
      )
      .addColumn("digest_channel_id", "text")
      .addColumn("digest_time", "text")
      .addColumn("digest_zone", "text")
      .addColumn("digest_role_id", "text")
      .addColumn("digest_since", "text")
      .addColumn("revision", "integer", (column) => column.notNull())
      .execute();
    await schema
      .createIndex("guild_settings_revision")
      .on("guild_settings")
      .column("revision")
      .execute();

    await schema
      .createTable("guild_digest_coins")
      .addColumn("guild_id", "text", (column) =>
        column.notNull().references("guild_settings.guild_id").onDelete("cascade"),
      )
      .addColumn("position", "integer", (column) => column.notNull())
      .addColumn("coin_id", "text", (column) => column.notNull())
      .addPrimaryKeyConstraint("guild_digest_coins_key", ["guild_id", "position"])
      .execute();
    await schema
      .createTable("guild_symbols")
      .addColumn("guild_id", "text", (column) =>
        column.notNull().references("guild_settings.guild_id").onDelete("cascade"),
      )
      .addColumn("symbol", "text", (column) => column.notNull())
      .addColumn("coin_id", "text", (column) => column.notNull())
      .addPrimaryKeyConstraint("guild_symbols_key", ["guild_id", "symbol"])
      .execute();

    await schema
      .createTable("config_changes")
      .addColumn("id", "integer", (column) =>
        engine === "sqlite"
          ? column.primaryKey().autoIncrement()
          : column.primaryKey().generatedAlwaysAsIdentity(),
      )
      .addColumn("guild_id", "text", (column) => column.notNull())
      .addColumn("user_id", "text", (column) => column.notNull())
      .addColumn("changed_at", "text", (column) => column.notNull())
      .addColumn("what", "text", (column) => column.notNull())
      .addColumn("old_value", "text")
      .addColumn("new_value", "text")
      .execute();
    await schema
      .createIndex("config_changes_guild")
      .on("config_changes")
      .columns(["guild_id", "id"])
      .execute();

    await schema
      .createTable("guild_absences")
      .addColumn("guild_id", "text", (column) => column.primaryKey())
      .addColumn("absent_since", "text", (column) => column.notNull())
      .addColumn("left_at", "text")
      .execute();

    if (engine === "postgres") {
      await sql`create function tell_storage_revision() returns trigger language plpgsql as
        'begin perform pg_notify(''storage_revision'', ''''); return null; end'`.execute(
        transaction,
      );
      await sql`create trigger tell_storage_revision after update on storage_revision
        for each row execute function tell_storage_revision()`.execute(transaction);
    }
  },
};
