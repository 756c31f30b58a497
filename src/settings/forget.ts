import type { CallOrigin } from "../discord/call.ts";
import { type Answer, answered } from "../discord/reply.ts";
import { formatCount } from "../messages/format.ts";
import type { Services } from "../services.ts";
import type { Forgotten } from "../storage/guild-presence-store.ts";
import { confirmCard } from "./confirmation.ts";
import { savedCard } from "./settings-card.ts";

/** `/config forget`: asks before everything about the server is deleted. */
export function askToForget(
  guildId: string,
  { userId }: Pick<CallOrigin, "userId">,
  { now }: Pick<Services, "now">,
): Answer {
  return answered(
    confirmCard(
      {
        title: "Delete everything about this server?",
        text: [
          "All that is stored about this server goes: what was set here, the meanings of symbols, the list of changes and the record of digests.",
          "It goes at once and for good. The digest stops; `/lambo` goes on with the defaults.",
          "That today's digest was posted is forgotten too: set up again today for a later time, it comes once more.",
        ].join("\n"),
        confirm: { label: "Delete everything", does: "forget" },
      },
      { guildId, userId, now: now() },
    ),
  );
}

/** What the confirm button of a deletion does. */
export async function forgetEverything(
  guildId: string,
  { locale }: Pick<CallOrigin, "locale">,
  { forget }: Pick<Services, "forget">,
): Promise<Answer> {
  return answered(savedCard("Deleted", [forgottenInWords(await forget(guildId), locale)]));
}

function forgottenInWords(forgotten: Forgotten, locale: string): string {
  const parts = [
    counted(forgotten.settings, "row of settings", "rows of settings", locale),
    counted(forgotten.symbols, "symbol", "symbols", locale),
    counted(forgotten.changes, "recorded change", "recorded changes", locale),
    counted(forgotten.digests, "digest record", "digest records", locale),
  ].filter((part) => part !== undefined);
  if (parts.length === 0)
    return "Nothing was stored about this server, so there was nothing to delete.";
  const all =
    parts.length === 1 ? parts[0] : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
  return `Deleted at once and for good: ${all}. Nothing about this server is stored any more.`;
}

function counted(count: number, one: string, many: string, locale: string): string | undefined {
  return count === 0 ? undefined : `${formatCount(count, locale)} ${count === 1 ? one : many}`;
}
