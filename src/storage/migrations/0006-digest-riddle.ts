import type { Migration } from "./migration.ts";

/** Whether a server's digest comes with a riddle. */
export const digestRiddle: Migration = {
  name: "digest riddle",
  async up(transaction) {
    await transaction.schema
      .alterTable("guild_settings")
      .addColumn("digest_riddle", "integer")
      .execute();
  },
};
