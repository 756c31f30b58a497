import { hash } from "node:crypto";

/** The first 32 bits of a text's SHA-256, as an unsigned number. */
function hash32(text: string): number {
  return hash("sha256", text, "buffer").readUInt32BE(0);
}

/**
 * A number in [0, 1) that is always the same for the same text, and evenly distributed over texts.
 */
export function hashFraction(text: string): number {
  return hash32(text) / 2 ** 32;
}

/** One of the items, always the same for the same text; undefined when there are none. */
export function pickByHash<Item>(text: string, items: readonly Item[]): Item | undefined {
  return items[hash32(text) % items.length];
}
