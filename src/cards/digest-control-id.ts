import { z } from "zod";
import { coinHash } from "../prices/coin.ts";

/** A button under a digest that asks `/lambo` for a coin. */
export type DigestAskId = {
  /** Stands for the coin's id, see {@link coinHash}. */
  readonly coinHash: string;
  /** Local date of the digest that the button was posted with, YYYY-MM-DD; null under a preview or a test. */
  readonly localOn: string | null;
};

const COMMAND = "digest";
const CONTROL = "ask";
// Raised when the parts change their meaning; ids of other versions are refused, not guessed at.
const VERSION = "1";
const NO_DATE = "none";
const HASH = /^[A-Za-z0-9_-]{10}$/;
const LocalDate = z.iso.date();
/** Rows and controls of other kinds are read over. */
const Control = z.object({ custom_id: z.string() }).catch({ custom_id: "" });
const Rows = z.array(z.object({ components: z.array(Control) }).catch({ components: [] })).catch([]);

/** The custom id of a digest's button, 40 characters at most: `digest:ask:<coin hash>:<local date or none>:<version>`. */
export function digestAskId({ coinId, localOn }: { readonly coinId: string; readonly localOn: string | null }): string {
  return [COMMAND, CONTROL, coinHash(coinId), localOn ?? NO_DATE, VERSION].join(":");
}

/** Reads a custom id strictly: undefined for any that {@link digestAskId} would not write. */
export function parseDigestAskId(customId: string): DigestAskId | undefined {
  const [command, control, hash, on, version, ...rest] = customId.split(":");
  if (command !== COMMAND || control !== CONTROL || version !== VERSION || rest.length > 0) return undefined;
  if (hash === undefined || !HASH.test(hash) || on === undefined) return undefined;
  if (on === NO_DATE) return { coinHash: hash, localOn: null };
  return LocalDate.safeParse(on).success ? { coinHash: hash, localOn: on } : undefined;
}

/**
 * The date marker: of which local date (YYYY-MM-DD) a message is the posted digest, read from its components as Discord returns them.
 * Undefined for every other message, previews and tests included.
 */
export function digestDateOf(components: unknown): string | undefined {
  for (const { components: controls } of Rows.parse(components)) {
    for (const { custom_id: customId } of controls) {
      const on = parseDigestAskId(customId)?.localOn;
      if (on != null) return on;
    }
  }
  return undefined;
}
