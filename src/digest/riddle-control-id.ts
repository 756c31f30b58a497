import { createHash } from "node:crypto";
import { z } from "zod";
import { coinHash } from "../prices/coins/coin.ts";
import type { RiddleDay } from "./riddle-choice.ts";

/** What somebody guessed by pressing a button of a riddle. */
export type RiddleGuess = {
  /** Of the coin on the button, see {@link coinHash}. */
  readonly coinHash: string;
  readonly isRight: boolean;
};

const COMMAND = "digest";
const CONTROL = "riddle";
// Raised when the parts change meaning; ids of other versions are refused rather than guessed at.
const VERSION = "1";
const HASH = /^[A-Za-z0-9_-]{10}$/;
// Without dashes: a digest is found again by its date with them, and a preview must not be.
const DATE = /^(\d{4})(\d{2})(\d{2})$/;
const LocalDate = z.iso.date();

/**
 * The custom id of a riddle's button, 59 characters: `digest:riddle:<coin hash>:<date>:<hash of the
 * answer>:<hash of all of these>:<version>`. The server is part of both hashes: it is not in the
 * id, and a button means nothing on another server.
 */
export function riddleId({ guildId, dateOn }: RiddleDay, coinId: string, rightId: string): string {
  const hash = coinHash(coinId);
  const answer = answerHash({ guildId, dateOn }, coinHash(rightId));
  const seal = hashOf("seal", guildId, dateOn, hash, answer);
  return [COMMAND, CONTROL, hash, dateOn.replaceAll("-", ""), answer, seal, VERSION].join(":");
}

/**
 * Reads a custom id of a button that was pressed on a server, strictly: undefined for any that
 * {@link riddleId} would not write there.
 */
export function riddleGuess(customId: string, guildId: string): RiddleGuess | undefined {
  const [command, control, hash, date, answer, seal, version, ...rest] = customId.split(":");
  if (command !== COMMAND || control !== CONTROL || version !== VERSION || rest.length > 0)
    return undefined;
  if (hash === undefined || answer === undefined || !HASH.test(hash) || !HASH.test(answer))
    return undefined;
  const [, ...parts] = DATE.exec(date ?? "") ?? [];
  const dateOn = LocalDate.safeParse(parts.join("-")).data;
  if (dateOn === undefined || seal !== hashOf("seal", guildId, dateOn, hash, answer))
    return undefined;
  return { coinHash: hash, isRight: answer === answerHash({ guildId, dateOn }, hash) };
}

function answerHash({ guildId, dateOn }: RiddleDay, rightHash: string): string {
  return hashOf("answer", guildId, dateOn, rightHash);
}

function hashOf(...parts: readonly string[]): string {
  return createHash("sha256").update(parts.join(" ")).digest("base64url").slice(0, 10);
}
