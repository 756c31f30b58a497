import type { Migration } from "./migration.ts";

/** In which currency a server's amounts were typed, where it has changed its currency since. */
export const typedCurrencies: Migration = {
  name: "typed currencies",
  async up(transaction) {
    // Null is the server's own currency, in which all amounts of earlier versions are.
    for (const column of ["stake_currency", "car_price_currency"]) {
      await transaction.schema.alterTable("guild_settings").addColumn(column, "text").execute();
    }
  },
};
