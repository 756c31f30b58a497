import type { Kysely, Selectable, Transaction } from "kysely";
import type { Database } from "./database.ts";
import {
  type ChangeAuthor,
  type ChangedSettings,
  type GuildSettings,
  type GuildSettingsChange,
  type GuildSettingsStore,
  NO_SETTINGS,
  type UndoRefusal,
} from "./guild-settings.ts";
import { type Follower, type Mirror, takeRevision } from "./revision.ts";
import { type Alteration, changed, choicesIn, replacedBy } from "./settings-change.ts";
import { readUndoable, toRecordedChange } from "./settings-undo.ts";
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
   * what, and what puts it back.
   */
  function rewrite<Outcome extends Rewritten>(
    guildId: string,
    author: ChangeAuthor,
    work: (stored: GuildSettings, transaction: Transaction<Tables>) => Outcome | Promise<Outcome>,
  ): Promise<ChangedSettings & { readonly outcome: Outcome }> {
    return follower.runExclusive(async () => {
      const { outcome, after, changeId, revision } = await database.write(async (transaction) => {
        const revision = await takeRevision(transaction);
        const stored =
          (await readSettings(transaction, undefined, guildId)).get(guildId) ?? NO_SETTINGS;
        const outcome = await work(stored, transaction);
        if (outcome.alterations.length === 0)
          return { outcome, after: stored, changeId: null, revision };
        const { after } = outcome;
        await writeSettings(transaction, guildId, after, revision);
        const changeId = await recordChanges(transaction, guildId, author, outcome);
        return { outcome, after, changeId, revision };
      });
      if (after !== NO_SETTINGS || settings.has(guildId)) settings.set(guildId, after);
      follower.wrote(revision);
      return { settings: after, changeId, outcome };
    });
  }

  return {
    read: (guildId) => settings.get(guildId) ?? NO_SETTINGS,
    change: (guildId, change, author) =>
      rewrite(guildId, author, (stored) =>
        rewritten(stored, typeof change === "function" ? change(stored) : change, author),
      ),
    reset: (guildId, author) =>
      rewrite(guildId, author, (stored) => {
        const choices = choicesIn(stored);
        const old = choices.map(({ what, new: value }) => `${what} ${value}`).join("; ");
        return {
          after: { ...NO_SETTINGS, preferredLocale: stored.preferredLocale },
          alterations: choices.length === 0 ? [] : [{ what: "reset", old, new: null }],
          replaced: replacedBy(stored, choices),
        };
      }),
    async undo(guildId, changeId, author) {
      const {
        settings,
        changeId: ownId,
        outcome,
      } = await rewrite(
        guildId,
        author,
        async (stored, transaction): Promise<Rewritten & { refusal?: UndoRefusal }> => {
          const found = await readUndoable(transaction, guildId, changeId);
          if (!found.ok) return { after: stored, alterations: [], replaced: {}, refusal: found };
          await transaction
            .updateTable("config_changes")
            .set({ replaced: null })
            .where("id", "=", changeId)
            .execute();
          return rewritten(stored, found.change, author);
        },
      );
      return (
        outcome.refusal ?? {
          ok: true,
          settings,
          changeId: ownId,
          alterations: outcome.alterations.map((alteration) => ({ ...author, ...alteration })),
        }
      );
    },
    async rememberLocales(preferred) {
      const newAmong = () =>
        [...preferred].filter(([guildId, locale]) => {
          const known = settings.get(guildId);
          return known !== undefined && known.preferredLocale !== locale;
        });
      if (newAmong().length === 0) return;
      await follower.runExclusive(async () => {
        const told = newAmong();
        const revision = await database.write(async (transaction) => {
          const revision = await takeRevision(transaction);
          for (const locale of new Set(told.map(([, locale]) => locale))) {
            const guildIds = told.flatMap(([guildId, its]) => (its === locale ? [guildId] : []));
            for (let from = 0; from < guildIds.length; from += GUILDS_PER_QUERY)
              await transaction
                .updateTable("guild_settings")
                .set({ preferred_locale: locale, revision })
                .where("guild_id", "in", guildIds.slice(from, from + GUILDS_PER_QUERY))
                .execute();
          }
          return revision;
        });
        for (const [guildId, preferredLocale] of told) {
          const known = settings.get(guildId);
          if (known !== undefined) settings.set(guildId, { ...known, preferredLocale });
        }
        follower.wrote(revision);
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
      return rows.map(toRecordedChange);
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

/** Settings to write, what they alter, and the change that puts that back. */
type Rewritten = {
  readonly after: GuildSettings;
  readonly alterations: readonly Alteration[];
  readonly replaced: GuildSettingsChange;
};

function rewritten(
  stored: GuildSettings,
  change: GuildSettingsChange,
  { at }: ChangeAuthor,
): Rewritten {
  const { after, alterations } = changed(stored, change, at);
  return { after, alterations, replaced: replacedBy(stored, alterations) };
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
    language: row.language,
    preferredLocale: row.preferred_locale,
    digestEnabled: row.digest_enabled === null ? null : row.digest_enabled === 1,
    digestChannelId: row.digest_channel_id,
    digestTime: row.digest_time,
    digestZone: row.digest_zone,
    digestEvery: row.digest_every,
    digestRiddle: row.digest_riddle === null ? null : row.digest_riddle === 1,
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
    language: settings.language,
    preferred_locale: settings.preferredLocale,
    digest_enabled: settings.digestEnabled === null ? null : Number(settings.digestEnabled),
    digest_channel_id: settings.digestChannelId,
    digest_time: settings.digestTime,
    digest_zone: settings.digestZone,
    digest_every: settings.digestEvery,
    digest_riddle: settings.digestRiddle === null ? null : Number(settings.digestRiddle),
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

/** Resolves to the id of the last row, which has what puts the whole change back. */
async function recordChanges(
  transaction: Transaction<Tables>,
  guildId: string,
  { userId, at }: ChangeAuthor,
  { alterations, replaced }: Rewritten,
): Promise<number> {
  const rows = await transaction
    .insertInto("config_changes")
    .values(
      alterations.map(({ what, old, new: value }, index) => ({
        guild_id: guildId,
        user_id: userId,
        changed_at: at.toISOString(),
        what,
        old_value: old,
        new_value: value,
        replaced: index === alterations.length - 1 ? JSON.stringify(replaced) : null,
      })),
    )
    .returning("id")
    .execute();
  return Math.max(...rows.map(({ id }) => id));
}
