import type { Selectable, Transaction } from "kysely";
import { z } from "zod";
import type { GuildSettingsChange, RecordedChange, UndoRefusal } from "./guild-settings.ts";
import { RECORDED_FIELDS, SYMBOL_PREFIX } from "./settings-change.ts";
import type { Tables } from "./tables.ts";

const text = z.string().nullable();
/** {@link GuildSettingsChange} as this program writes it; a field that is not altered is absent. */
const replacedSchema = z
  .object({
    currency: text,
    stake: z.number().nullable(),
    stakeCurrency: text,
    carKey: text,
    carPrice: z.number().nullable(),
    carPriceCurrency: text,
    replies: z.enum(["public", "private"]).nullable(),
    language: text,
    digestEnabled: z.boolean().nullable(),
    digestChannelId: text,
    digestTime: text,
    digestZone: text,
    digestEvery: text,
    digestRiddle: z.boolean().nullable(),
    digestRoleId: text,
    digestCoins: z.array(z.string()).nullable(),
    symbols: z.record(z.string(), text),
  })
  .partial();

/** Reads what undoing a server's change means now, within the transaction that does it. */
export async function readUndoable(
  transaction: Transaction<Tables>,
  guildId: string,
  changeId: number,
): Promise<{ readonly ok: true; readonly change: GuildSettingsChange } | UndoRefusal> {
  const rows = await transaction
    .selectFrom("config_changes")
    .selectAll()
    .where("guild_id", "=", guildId)
    .where("id", ">=", changeId)
    .orderBy("id", "desc")
    .execute();
  const row = rows.at(-1);
  if (row === undefined || row.id !== changeId) return { ok: false, reason: "unknown" };
  if (row.replaced === null) return { ok: false, reason: "undone" };
  // Only the type allows undefined: JSON has none.
  const change = replacedSchema.parse(JSON.parse(row.replaced)) as GuildSettingsChange;
  const touched = new Set<string>([
    ...RECORDED_FIELDS.filter((field) => change[field] !== undefined),
    ...Object.keys(change.symbols ?? {}).map((symbol) => `${SYMBOL_PREFIX}${symbol}`),
  ]);
  const later = rows
    .slice(0, -1)
    .find(({ what }) => row.what === "reset" || what === "reset" || touched.has(what));
  return later === undefined
    ? { ok: true, change }
    : { ok: false, reason: "superseded", later: toRecordedChange(later) };
}

/** A row of the list of changes. */
export function toRecordedChange(row: Selectable<Tables["config_changes"]>): RecordedChange {
  return {
    at: new Date(row.changed_at),
    userId: row.user_id,
    what: row.what,
    old: row.old_value,
    new: row.new_value,
  };
}
