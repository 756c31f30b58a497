import type { Selectable } from "kysely";
import type { DigestClaim, DigestEntry, DigestState } from "./digest-ledger.ts";
import type { Tables } from "./tables.ts";

/**
 * Rows per statement: far below either engine's limit of parameters and SQLite's limit of nested
 * conditions.
 */
const ROWS_PER_STATEMENT = 100;

/** Works on many rows with few statements; resolves to all results in order. */
export async function inChunks<Item, Result>(
  items: readonly Item[],
  work: (chunk: readonly Item[]) => Promise<readonly Result[]>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += ROWS_PER_STATEMENT)
    results.push(...(await work(items.slice(from, from + ROWS_PER_STATEMENT))));
  return results;
}

type LedgerRow = Selectable<Tables["digest_ledger"]>;

/** The claim that a row stands for. */
export function claimOf(row: LedgerRow): DigestClaim {
  return {
    guildId: row.guild_id,
    localOn: row.local_on,
    channelId: row.channel_id,
    dueAt: row.due_at,
    token: row.token,
    leaseUntil: row.lease_until ?? "",
  };
}

/** A row as the ledger returns it. */
export function entryOf(row: LedgerRow): DigestEntry {
  return {
    guildId: row.guild_id,
    localOn: row.local_on,
    // The table's check allows nothing else.
    state: row.state as DigestState,
    channelId: row.channel_id,
    token: row.token,
    leaseUntil: row.lease_until,
    dueAt: row.due_at,
    messageId: row.message_id,
    storyCoinId: row.story_coin_id,
    mayBePosted: row.may_be_posted === 1,
    reason: row.reason,
    updatedAt: row.updated_at,
    closesTo: row.closes_to,
  };
}
