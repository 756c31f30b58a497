import type { Kysely, Selectable, Transaction } from "kysely";
import type { Database } from "./database.ts";
import {
  type ChangeAuthor,
  type GuildSettings,
  type GuildSettingsStore,
  NO_SETTINGS,
} from "./guild-settings.ts";
import { type Follower, type Mirror, takeRevision } from "./revision.ts";
import { type Alteration, changed, choicesAsText } from "./settings-change.ts";
import type { Tables } from "./tables.ts";

/** What servers have chosen, in memory. */
export type SettingsMirror = Mirror & {
  readonly settings: Map<string, GuildSettings>;
};

/** Servers whose coins and symbols one query reads: SQLite takes 32,766 parameters. */
const GUILDS_PER_QUERY = 1_000;

/** Makes the mirror of all settings. */
export function createSettingsMirror(): SettingsMirror {
  const settings = new Map<string, GuildSettings>();
  return {
    settings,
    async load(database, since) {
      const read = await readSettings(database, since);
      return () => {
        if (since === undefined) settings.clear();
        for (const [guildId, guildSettings] of read) settings.set(guildId, guildSettings);
      };
    },
  };
}

/** Makes the settings store; the follower keeps its mirror up to date. */
export function createGuildSettingsStore(options: {
  database: Database;
  mirror: SettingsMirror;
  follower: Follower;
}): GuildSettingsStore {
  const { database, follower } = options;
  const { settings } = options.mirror;

  /**
   * Writes the settings that `work` returns for a server's stored ones, and records who changed
   * what.
   */
  function rewrite(
    guildId: string,
    author: ChangeAuthor,
    work: (stored: GuildSettings) => {
      readonly after: GuildSettings;
      readonly alterations: readonly Alteration[];
    },
  ): Promise<GuildSettings> {
    return follower.runExclusive(async () => {
      const { after, revision } = await database.write(async (transaction) => {
        const revision = await takeRevision(transaction);
        const stored =
          (await readSettings(transaction, undefined, guildId)).get(guildId) ?? NO_SETTINGS;
        const { after, alterations } = work(stored);
        if (alterations.length > 0) {
          await writeSettings(transaction, guildId, after, revision);
          await recordChanges(transaction, guildId, author, alterations);
        }
        return { after, revision };
      });
      if (after !== NO_SETTINGS || settings.has(guildId)) settings.set(guildId, after);
      follower.wrote(revision);
      return after;
    });
  }

  return {
    read: (guildId) => settings.get(guildId) ?? NO_SETTINGS,
    change: (guildId, change, author) =>
      rewrite(guildId, author, (stored) =>
        changed(stored, typeof change === "function" ? change(stored) : change, author.at),
      ),
    async reset(guildId, author) {
      await rewrite(guildId, author, (stored) => {
        const old = choicesAsText(stored);
        return {
          after: NO_SETTINGS,
          alterations: old === null ? [] : [{ what: "reset", old, new: null }],
        };
      });
    },
    async history(guildId, limit) {
      const rows = await database.read((reading) =>
        reading
          .selectFrom("config_changes")
          .selectAll()
          .where("guild_id", "=", guildId)
          .orderBy("id", "desc")
          .limit(limit)
          .execute(),
      );
      return rows.map((row) => ({
        at: new Date(row.changed_at),
        userId: row.user_id,
        what: row.what,
        old: row.old_value,
        new: row.new_value,
      }));
    },
    digestGuildIds: () =>
      [...settings]
        .filter(
          ([, { digestEnabled, digestChannelId }]) =>
            digestEnabled === true && digestChannelId !== null,
        )
        .map(([guildId]) => guildId),
  };
}

/** The settings of one server, or of all those changed after a revision (undefined: of all). */
async function readSettings(
  database: Kysely<Tables>,
  since: number | undefined,
  guildId?: string,
): Promise<ReadonlyMap<string, GuildSettings>> {
  const rows = await database
    .selectFrom("guild_settings")
    .selectAll()
    .$if(since !== undefined, (query) => query.where("revision", ">", since ?? 0))
    .$if(guildId !== undefined, (query) => query.where("guild_id", "=", guildId ?? ""))
    .execute();
  const coins = new Map<string, string[]>();
  const symbols = new Map<string, Record<string, string>>();
  for (let from = 0; from < rows.length; from += GUILDS_PER_QUERY) {
    const guildIds = rows.slice(from, from + GUILDS_PER_QUERY).map(({ guild_id }) => guild_id);
    const coinRows = await database
      .selectFrom("guild_digest_coins")
      .selectAll()
      .where("guild_id", "in", guildIds)
      .orderBy("guild_id")
      .orderBy("position")
      .execute();
    for (const row of coinRows)
      coins.set(row.guild_id, [...(coins.get(row.guild_id) ?? []), row.coin_id]);
    const symbolRows = await database
      .selectFrom("guild_symbols")
      .selectAll()
      .where("guild_id", "in", guildIds)
      .orderBy("symbol")
      .execute();
    for (const row of symbolRows)
      symbols.set(row.guild_id, { ...symbols.get(row.guild_id), [row.symbol]: row.coin_id });
  }
  return new Map(
    rows.map((row) => [
      row.guild_id,
      settingsOf(row, coins.get(row.guild_id), symbols.get(row.guild_id)),
    ]),
  );
}

function settingsOf(
  row: Selectable<Tables["guild_settings"]>,
  coins: readonly string[] | undefined,
  symbols: Readonly<Record<string, string>> | undefined,
): GuildSettings {
  return {
    currency: row.currency,
    stake: row.stake,
    stakeCurrency: row.stake_currency,
    carKey: row.car_key,
    carPrice: row.car_price,
    carPriceCurrency: row.car_price_currency,
    replies: row.replies === "public" || row.replies === "private" ? row.replies : null,
    digestEnabled: row.digest_enabled === null ? null : row.digest_enabled === 1,
    digestChannelId: row.digest_channel_id,
    digestTime: row.digest_time,
    digestZone: row.digest_zone,
    digestRoleId: row.digest_role_id,
    digestCoins: coins ?? null,
    digestSince: row.digest_since,
    symbols: symbols ?? NO_SETTINGS.symbols,
  };
}

async function writeSettings(
  transaction: Transaction<Tables>,
  guildId: string,
  settings: GuildSettings,
  revision: number,
): Promise<void> {
  const columns = {
    currency: settings.currency,
    stake: settings.stake,
    stake_currency: settings.stakeCurrency,
    car_key: settings.carKey,
    car_price: settings.carPrice,
    car_price_currency: settings.carPriceCurrency,
    replies: settings.replies,
    digest_enabled: settings.digestEnabled === null ? null : Number(settings.digestEnabled),
    digest_channel_id: settings.digestChannelId,
    digest_time: settings.digestTime,
    digest_zone: settings.digestZone,
    digest_role_id: settings.digestRoleId,
    digest_since: settings.digestSince,
    revision,
  };
  await transaction
    .insertInto("guild_settings")
    .values({ guild_id: guildId, ...columns })
    .onConflict((conflict) => conflict.column("guild_id").doUpdateSet(columns))
    .execute();
  await transaction.deleteFrom("guild_digest_coins").where("guild_id", "=", guildId).execute();
  const coins = (settings.digestCoins ?? []).map((coin_id, position) => ({
    guild_id: guildId,
    position,
    coin_id,
  }));
  if (coins.length > 0) await transaction.insertInto("guild_digest_coins").values(coins).execute();
  await transaction.deleteFrom("guild_symbols").where("guild_id", "=", guildId).execute();
  const symbols = Object.entries(settings.symbols).map(([symbol, coin_id]) => ({
    guild_id: guildId,
    symbol,
    coin_id,
  }));
  if (symbols.length > 0) await transaction.insertInto("guild_symbols").values(symbols).execute();
}

async function recordChanges(
  transaction: Transaction<Tables>,
  guildId: string,
  { userId, at }: ChangeAuthor,
  alterations: readonly Alteration[],
): Promise<void> {
  await transaction
    .insertInto("config_changes")
    .values(
      alterations.map(({ what, old, new: value }) => ({
        guild_id: guildId,
        user_id: userId,
        changed_at: at.toISOString(),
        what,
        old_value: old,
        new_value: value,
      })),
    )
    .execute();
}
