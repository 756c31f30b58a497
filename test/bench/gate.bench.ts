import { readBody, unpackCoins } from "../../src/prices/sources/response-body.ts";
import type { Figures } from "./bench.ts";
import { figure, percentile, timed } from "./measure.ts";

/** As many coins as CoinGecko lists (2026-11). */
const LISTED_COINS = 17_000;
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * How fast a list of coins passes: the scan of its bytes, the parsing, the gate for every row, and
 * the coins at the other end.
 */
export async function benchGate(): Promise<Figures> {
  const rows = Array.from({ length: LISTED_COINS }, (_, at) => ({
    id: `some-coin-of-many-${at}`,
    symbol: `sc${at}`,
    name: `Some Coin ${at}`,
  }));
  const bytes = new TextEncoder().encode(JSON.stringify(rows));
  const samples = await timed(30, () => {
    const outcome = readBody(bytes, { maxBytes: MAX_BYTES, read: "coin-list" });
    const coins = outcome.ok ? (outcome.coins?.parts.flatMap(unpackCoins) ?? []) : [];
    if (coins.length !== LISTED_COINS) throw new Error(`${coins.length} coins passed`);
  });
  return { gateRowsPerSecond: figure((LISTED_COINS / percentile(samples, 0.5)) * 1_000) };
}
