import { rhythmOf } from "../digest/rhythm.ts";
import { rhythmInWords } from "../digest/rhythm-wording.ts";
import type { CallOrigin } from "../discord/call.ts";
import { type CommandResult, type Reply, refused, replied } from "../discord/reply.ts";
import { escapedText, formatCount } from "../messages/format.ts";
import { languageName } from "../messages/languages.ts";
import { say } from "../messages/say.ts";
import type { Services } from "../services.ts";
import type { RecordedChange } from "../storage/guild-settings.ts";
import { RECORDED_FIELDS, SYMBOL_PREFIX } from "../storage/settings-change.ts";
import { StorageError } from "../storage/storage-error.ts";
import { LAMBO_MODELS } from "../valuation/lambo-models.ts";
import {
  CONFIG_COLOURS,
  digits,
  joinWithin,
  MAX_DESCRIPTION,
  shortValue,
  stamp,
} from "./settings-text.ts";

/** How many changes `/config history` shows. */
export const CHANGES_SHOWN = 10;

/** A list, or everything that a reset removed, is as long as several values. */
const MAX_LONG_VALUE = 200;

/** `/config history`: shows the latest changes. */
export async function showHistory(
  guildId: string,
  { locale }: Pick<CallOrigin, "locale">,
  { settings, log }: Pick<Services, "settings" | "log">,
): Promise<CommandResult> {
  try {
    return replied(historyCard(await settings.history(guildId, CHANGES_SHOWN), locale));
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    log.error({ err: error }, "the list of changes cannot be read");
    return refused(say(locale, "history.unreadable", { why: error.message }));
  }
}

function historyCard(changes: readonly RecordedChange[], locale: string): Reply {
  const lines = changes.map(
    (change) =>
      `- ${stamp(change.at, "f")} <@${digits(change.userId)}> · ${changeInWords(change, locale)}`,
  );
  return {
    embeds: [
      {
        title: say(locale, "history.title"),
        color: CONFIG_COLOURS.plain,
        description:
          lines.length === 0
            ? say(locale, "history.none")
            : joinWithin(lines, "\n", MAX_DESCRIPTION, locale),
      },
    ],
  };
}

/** One recorded change: "digest time: 09:00 → 10:00". */
export function changeInWords(change: RecordedChange, locale: string): string {
  const { what, old: previous, new: current } = change;
  if (what === "reset") {
    return say(locale, "history.reset", {
      previous:
        previous === null ? say(locale, "history.default") : escapedText(previous, MAX_LONG_VALUE),
    });
  }
  const kind = what.startsWith(SYMBOL_PREFIX) ? "symbol" : what;
  return `${settingInWords(what, locale)}: ${valueInWords(kind, previous, locale)} → ${valueInWords(kind, current, locale)}`;
}

/** The name that admins see for a setting whose changes are recorded. */
export function settingInWords(what: string, locale: string): string {
  if (what.startsWith(SYMBOL_PREFIX))
    return say(locale, "history.symbol", { symbol: shortValue(what.slice(SYMBOL_PREFIX.length)) });
  const named = RECORDED_FIELDS.find((name) => name === what);
  return named === undefined ? shortValue(what) : say(locale, `history.${named}`);
}

function valueInWords(kind: string, value: string | null, locale: string): string {
  if (value === null) return say(locale, "history.default");
  switch (kind) {
    case "digestChannelId":
      return `<#${digits(value)}>`;
    case "digestRoleId":
      return `<@&${digits(value)}>`;
    case "language":
      return escapedText(languageName(value, locale), MAX_LONG_VALUE);
    case "digestEvery":
      return rhythmInWords(rhythmOf(value), locale);
    case "digestEnabled":
    case "digestRiddle":
      return say(locale, "history.enabled", { state: value === "true" ? "on" : "other" });
    case "carKey":
      return shortValue(LAMBO_MODELS.find(({ key }) => key === value)?.name ?? value);
    case "stake":
    case "carPrice": {
      // An amount typed in a currency other than the server's is followed by its code.
      const [amount, ...code] = value.split(" ");
      return Number.isInteger(Number(amount)) && formatCount(Number(amount), locale) !== "–"
        ? shortValue([formatCount(Number(amount), locale), ...code].join(" "))
        : shortValue(value);
    }
    default:
      return escapedText(value, MAX_LONG_VALUE);
  }
}
