import type { Migration } from "./migration.ts";

/**
 * The currency that a server's amounts were typed in, if the server's currency has changed since.
 */
export const typedCurrencies: Migration = {
  name: "typed currencies",
  async up(transaction) {
    // Null is the server's own currency, which all amounts of earlier versions are in.
    for (const column of ["stake_currency", "car_price_currency"]) {
      await transaction.schema.alterTable("guild_settings").addColumn(column, "text").execute();
    }
  },
};
