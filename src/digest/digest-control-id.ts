import { z } from "zod";
import { coinHash } from "../prices/coins/coin.ts";

/** A button under a digest that asks `/lambo` for a coin. */
export type DigestAskId = {
  /** A hash of the coin's id, see {@link coinHash}. */
  readonly coinHash: string;
  /**
   * Local date of the digest that the button was posted with, YYYY-MM-DD; null under a preview or a
   * test.
   */
  readonly localOn: string | null;
};

const COMMAND = "digest";
const CONTROL = "ask";
// Raised when the parts change meaning; ids of other versions are refused rather than guessed at.
const VERSION = "1";
const NO_DATE = "none";
const HASH = /^[A-Za-z0-9_-]{10}$/;
const LocalDate = z.iso.date();

/**
 * The custom id of a digest's button, 40 characters at most: `digest:ask:<coin hash>:<local date or
 * none>:<version>`.
 */
export function digestAskId({
  coinId,
  localOn,
}: {
  readonly coinId: string;
  readonly localOn: string | null;
}): string {
  return [COMMAND, CONTROL, coinHash(coinId), localOn ?? NO_DATE, VERSION].join(":");
}

/** Reads a custom id strictly: undefined for any that {@link digestAskId} would not write. */
export function parseDigestAskId(customId: string): DigestAskId | undefined {
  const [command, control, hash, on, version, ...rest] = customId.split(":");
  if (command !== COMMAND || control !== CONTROL || version !== VERSION || rest.length > 0)
    return undefined;
  if (hash === undefined || !HASH.test(hash) || on === undefined) return undefined;
  if (on === NO_DATE) return { coinHash: hash, localOn: null };
  return LocalDate.safeParse(on).success ? { coinHash: hash, localOn: on } : undefined;
}

/**
 * A text that the custom ids of a local date's posted digest contain, and those of previews, tests
 * and other dates do not.
 */
export function digestMarker(localOn: string): string {
  return `:${localOn}:`;
}
