import type { Migration } from "./migration.ts";

/** What a change replaced, so that it can be undone. */
export const undo: Migration = {
  name: "undo",
  async up(transaction) {
    // Null for changes of earlier versions, which cannot be undone.
    await transaction.schema.alterTable("config_changes").addColumn("replaced", "text").execute();
  },
};
