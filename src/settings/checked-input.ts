import { escapedText } from "../messages/format.ts";
import type { Result } from "../result.ts";
import type { GuildSettings, GuildSettingsChange } from "../storage/guild-settings.ts";

/**
 * A checked value, or one plain sentence (Discord markdown) about the first problem with what was
 * typed.
 */
export type Checked<Value> = Result<{ readonly value: Value }, { readonly sentence: string }>;

/** A change that can be stored as it is, and sentences about its side effects. */
export type CheckedChange = {
  readonly change: GuildSettingsChange;
  readonly notes: readonly string[];
};

/**
 * The change to make, given the settings stored at the moment of writing: another admin may have
 * changed them since the check, and must not lose that change. Pure.
 */
export type PreparedChange = (stored: GuildSettings) => CheckedChange;

const MAX_ECHO = 60;

/** Accepts a typed value. */
export function accepted<Value>(value: Value): Extract<Checked<Value>, { ok: true }> {
  return { ok: true, value };
}

/** Rejects a typed value; the sentence says why. */
export function rejected(sentence: string): Extract<Checked<unknown>, { ok: false }> {
  return { ok: false, sentence };
}

/** Whether somebody typed the word that means the default, as `/config digest time:` takes it. */
export function isDefaultWord(typed: string | number | undefined): boolean {
  return typeof typed === "string" && typed.trim().toLowerCase() === "default";
}

/** Typed text, shortened and escaped for a sentence in Discord markdown. */
export function echo(text: string): string {
  return escapedText(text, MAX_ECHO);
}
