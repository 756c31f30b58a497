import { PermissionFlagsBits } from "discord-api-types/v10";
import type { CallOrigin } from "../discord/call.ts";
import { type CommandResult, refused } from "../discord/reply.ts";
import { say } from "../messages/say.ts";
import type { Ask } from "../prices/price-source.ts";
import type { Services } from "../services.ts";
import type { GuildSettings } from "../storage/guild-settings.ts";
import { StorageError } from "../storage/storage-error.ts";
import type { PreparedChange } from "./checked-input.ts";

/** How price sources are asked on an admin's behalf: somebody is waiting. */
export const ASK: Ask = { priority: "interactive" };

/** What reading and changing settings needs. */
export type ChangeServices = Pick<Services, "settings" | "now">;

/** A saved change, and the settings after it. */
export type SavedChange = ReturnType<PreparedChange> & {
  readonly saved: GuildSettings;
  /** For undoing it; null when nothing was altered. */
  readonly changeId: number | null;
};

/** Refuses a change, and says that nothing was changed. */
export function refusedChange(why: string, locale: string): CommandResult {
  return refused(say(locale, "config.unchanged", { why }));
}

/**
 * Calls `run` for members who may manage the server, inside a server. Discord hides the command
 * from others, but old clients and forged requests still send it. A storage error becomes a plain
 * refusal.
 */
export async function asAdmin(
  call: CallOrigin,
  { log }: Pick<Services, "log">,
  run: (guildId: string) => Promise<CommandResult>,
): Promise<CommandResult> {
  if (call.guildId === undefined) return refused(say(call.locale, "config.servers-only"));
  if (!isAdmin(call)) return refused(say(call.locale, "config.admins-only"));
  try {
    return await run(call.guildId);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    log.error({ err: error }, "an admin's request met storage that does not work");
    return refused(error.saving);
  }
}

/** True for members with *Manage Server* or *Administrator*. */
export function isAdmin({ memberPermissions = 0n }: CallOrigin): boolean {
  return (
    (memberPermissions & (PermissionFlagsBits.ManageGuild | PermissionFlagsBits.Administrator)) !==
    0n
  );
}

/**
 * Saves a whole change or nothing. Resolves to the settings after it, and notes on its side
 * effects. Rejects (`StorageError`) when nothing could be saved.
 */
export async function saveChange(
  guildId: string,
  prepared: PreparedChange,
  { userId, guildLocale }: Pick<CallOrigin, "userId" | "guildLocale">,
  { settings, now }: ChangeServices,
): Promise<SavedChange> {
  let made: ReturnType<PreparedChange> = { change: {}, notes: [] };
  const rewrite = (stored: GuildSettings) => {
    made = prepared(stored);
    // A server without settings has none of its locales stored yet.
    return guildLocale === undefined
      ? made.change
      : { ...made.change, preferredLocale: guildLocale };
  };
  const { settings: saved, changeId } = await settings.change(guildId, rewrite, {
    userId,
    at: now(),
  });
  return { saved, changeId, ...made };
}
