import type { CallOrigin } from "../discord/call.ts";
import { type CommandResult, replied } from "../discord/reply.ts";
import { formatCount } from "../messages/format.ts";
import { enumeration } from "../messages/lists.ts";
import { say } from "../messages/say.ts";
import type { Services } from "../services.ts";
import type { Forgotten } from "../storage/guild-presence-store.ts";
import { askToConfirm } from "./confirmation.ts";
import { savedCard } from "./settings-card.ts";

/** `/config forget`: asks before everything about the server is deleted. */
export function askToForget(
  guildId: string,
  call: Pick<CallOrigin, "userId" | "locale">,
  services: Pick<Services, "now">,
): CommandResult {
  const { locale } = call;
  const question = {
    title: say(locale, "forget.confirm"),
    text: say(locale, "forget.confirm.text"),
    confirm: { label: say(locale, "forget.confirm.button"), does: "forget" },
  } as const;
  return askToConfirm(question, guildId, call, services);
}

/** What the confirm button of a deletion does. */
export async function forgetEverything(
  guildId: string,
  { locale }: Pick<CallOrigin, "locale">,
  { forget }: Pick<Services, "forget">,
): Promise<CommandResult> {
  return replied(
    savedCard(
      say(locale, "forget.done"),
      [forgottenInWords(await forget(guildId), locale)],
      locale,
    ),
  );
}

function forgottenInWords(forgotten: Forgotten, locale: string): string {
  const parts = (["settings", "symbols", "changes", "digests"] as const)
    .filter((what) => forgotten[what] > 0)
    .map((what) => {
      const count = forgotten[what];
      return say(locale, `forget.${what}`, { count, rows: formatCount(count, locale) });
    });
  return parts.length === 0
    ? say(locale, "forget.done.nothing")
    : say(locale, "forget.done.text", { parts: enumeration(parts, locale) });
}
