import type { CallOrigin } from "../discord/call.ts";
import { type Answer, answered, type Reply, refused } from "../discord/reply.ts";
import { escapedText, formatCount } from "../messages/format.ts";
import type { Services } from "../services.ts";
import type { RecordedChange } from "../storage/guild-settings.ts";
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

/** A list, or everything that a reset took back, is as long as several values. */
const MAX_LONG_VALUE = 200;

/** What admins call the fields whose changes are recorded. */
const FIELD_NAMES: Readonly<Record<string, string>> = {
  currency: "currency",
  stake: "default stake",
  carKey: "car",
  carPrice: "own car price",
  replies: "replies",
  digestEnabled: "digest",
  digestChannelId: "digest channel",
  digestTime: "digest time",
  digestZone: "digest zone",
  digestRoleId: "digest mention",
  digestCoins: "digest coins",
};

/** `/config history`: shows the latest changes. */
export async function showHistory(
  guildId: string,
  { locale }: Pick<CallOrigin, "locale">,
  { settings, log }: Pick<Services, "settings" | "log">,
): Promise<Answer> {
  try {
    return answered(historyCard(await settings.history(guildId, CHANGES_SHOWN), locale));
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    log.error({ err: error }, "the list of changes cannot be read");
    return refused(
      `The list of changes cannot be read now: ${error.message}. Please try again later.`,
    );
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
        title: "The latest changes",
        color: CONFIG_COLOURS.plain,
        description:
          lines.length === 0
            ? "Nothing was ever changed on this server."
            : joinWithin(lines, "\n", MAX_DESCRIPTION),
      },
    ],
  };
}

function changeInWords(change: RecordedChange, locale: string): string {
  const { what, old: previous, new: current } = change;
  if (what === "reset") {
    const was = previous === null ? "default" : escapedText(previous, MAX_LONG_VALUE);
    return `everything back to the defaults (was ${was})`;
  }
  const [kind, symbol] = what.startsWith("symbol:")
    ? ["symbol", what.slice("symbol:".length)]
    : [what, undefined];
  const name =
    symbol === undefined ? (FIELD_NAMES[kind] ?? shortValue(kind)) : `symbol ${shortValue(symbol)}`;
  return `${name}: ${valueInWords(kind, previous, locale)} → ${valueInWords(kind, current, locale)}`;
}

function valueInWords(kind: string, value: string | null, locale: string): string {
  if (value === null) return "default";
  switch (kind) {
    case "digestChannelId":
      return `<#${digits(value)}>`;
    case "digestRoleId":
      return `<@&${digits(value)}>`;
    case "digestEnabled":
      return value === "true" ? "on" : "off";
    case "carKey":
      return shortValue(LAMBO_MODELS.find(({ key }) => key === value)?.name ?? value);
    case "stake":
    case "carPrice": {
      // An amount typed in a currency other than the server's has its code behind it.
      const [amount, ...code] = value.split(" ");
      return Number.isInteger(Number(amount)) && formatCount(Number(amount), locale) !== "–"
        ? shortValue([formatCount(Number(amount), locale), ...code].join(" "))
        : shortValue(value);
    }
    default:
      return escapedText(value, MAX_LONG_VALUE);
  }
}
