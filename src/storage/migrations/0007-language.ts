import type { Migration } from "./migration.ts";

/** The language of a server's digests and notices, and the one that it has chosen in Discord. */
export const language: Migration = {
  name: "language",
  async up(transaction) {
    const { schema } = transaction;
    // SQLite adds one column at a time.
    for (const column of ["language", "preferred_locale"])
      await schema.alterTable("guild_settings").addColumn(column, "text").execute();
  },
};
