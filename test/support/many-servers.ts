import type { Database } from "../../src/storage/database.ts";
import { addDays } from "../../src/valuation/calendar.ts";

const SERVERS_PER_STATEMENT = 500;
const COINS_PER_SERVER = 5;
const USER = "2200000000000000001";

/** Options of {@link fillServers}. */
export type ManyServers = {
  readonly servers: number;
  /** Digests that each server has had, the newest on `lastOn`. */
  readonly digests?: { readonly days: number; readonly lastOn: string };
  /** From when on digests are due; never when absent. */
  readonly since?: string;
};

/** The id of the server at a place in the list. */
export function serverId(index: number): string {
  return `11${String(index).padStart(17, "0")}`;
}

/** Fills the tables as if every server had set up everything, in one transaction. */
export async function fillServers(database: Database, options: ManyServers): Promise<void> {
  const {
    servers,
    digests = { days: 0, lastOn: "2026-11-23" },
    since = "2999-01-01T00:00:00.000Z",
  } = options;
  await database.write(async (transaction) => {
    await transaction.updateTable("storage_revision").set({ revision: 1 }).execute();
    for (let from = 0; from < servers; from += SERVERS_PER_STATEMENT) {
      const count = Math.min(SERVERS_PER_STATEMENT, servers - from);
      const guildIds = Array.from({ length: count }, (_, at) => serverId(from + at));
      await transaction
        .insertInto("guild_settings")
        .values(
          guildIds.map((guild_id) => ({
            guild_id,
            currency: "EUR",
            stake: 500.1,
            stake_currency: "CHF",
            car_key: "urus-se",
            replies: "public",
            digest_enabled: 1,
            digest_channel_id: guild_id,
            digest_time: "09:00",
            digest_zone: "Europe/Berlin",
            digest_since: since,
            revision: 1,
          })),
        )
        .execute();
      const coins = guildIds.flatMap((guild_id) =>
        Array.from({ length: COINS_PER_SERVER }, (_, position) => ({
          guild_id,
          position,
          coin_id: `coin-${position}`,
        })),
      );
      await transaction.insertInto("guild_digest_coins").values(coins).execute();
      await transaction
        .insertInto("guild_symbols")
        .values(guildIds.map((guild_id) => ({ guild_id, symbol: "UNI", coin_id: "uniswap" })))
        .execute();
      const changes = guildIds.flatMap((guild_id) =>
        ["currency", "stake", "digestTime"].map((what) => ({
          guild_id,
          user_id: USER,
          changed_at: "2026-11-20T12:00:00.000Z",
          what,
          old_value: null,
          new_value: "Łambo 🏎️",
        })),
      );
      await transaction.insertInto("config_changes").values(changes).execute();
      for (let day = 0; day < digests.days; day += 1) {
        const localOn = addDays(digests.lastOn, -day);
        const sent = guildIds.map((guild_id) => ({
          guild_id,
          local_on: localOn,
          state: "sent",
          channel_id: guild_id,
          token: 1,
          lease_until: null,
          due_at: `${localOn}T08:00:00.000Z`,
          message_id: `9${guild_id}`,
          story_coin_id: "dogecoin",
          may_be_posted: 1,
          reason: null,
          updated_at: `${localOn}T08:00:01.000Z`,
        }));
        await transaction.insertInto("digest_ledger").values(sent).execute();
      }
    }
  });
}
