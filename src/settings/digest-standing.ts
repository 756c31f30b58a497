import { escapedText, formatDay } from "../messages/format.ts";
import type { DigestEntry, DigestTrouble } from "../storage/digest-ledger.ts";
import type { GuildSettings } from "../storage/guild-settings.ts";
import { messageLink, NO_BOT, stamp } from "./settings-text.ts";

/** How a server's digest is doing. */
export type DigestStanding = {
  /** The next instants at which it is due; empty when it is off. */
  readonly nextAt: readonly Date[];
  /** The latest rows of the ledger, newest first; undefined when the ledger cannot be read now. */
  readonly latest: readonly DigestEntry[] | undefined;
  /** Why it is paused; undefined when it is not. */
  readonly trouble: DigestTrouble | undefined;
};

const MAX_REASON = 300;

/**
 * The next posts of a digest as Discord timestamps, one per line, or why there are none. Without a
 * bot token there is no standing.
 */
export function nextPosts(
  settings: GuildSettings,
  standing: DigestStanding | undefined,
): readonly string[] {
  if (standing === undefined) return [NO_BOT];
  if (standing.nextAt.length === 0) return [`**Next** ${nextInWords(settings, standing)}`];
  return [
    "**Next posts**",
    ...standing.nextAt.map((at) => `- ${stamp(at, "F")} (${stamp(at, "R")})`),
  ];
}

/** When the digest is posted next, or why it is not. */
export function nextInWords(
  { digestEnabled, digestChannelId }: GuildSettings,
  { nextAt: [first] }: DigestStanding,
): string {
  if (first !== undefined) return `${stamp(first, "F")} (${stamp(first, "R")})`;
  if (digestChannelId === null)
    return "none: no channel is chosen, `/config digest channel:` does that";
  return digestEnabled === true
    ? "none"
    : "none: the digest is off, `/config digest enabled:True` switches it on";
}

/** What became of the latest digest. */
export function lastInWords(
  guildId: string,
  latest: readonly DigestEntry[] | undefined,
  locale: string,
): string {
  if (latest === undefined) return "not known: the record cannot be read now";
  const [entry] = latest;
  return entry === undefined ? "none yet" : entryInWords(guildId, entry, locale);
}

/** A row of the ledger: its day, and what became of that day's digest. */
export function entryInWords(guildId: string, entry: DigestEntry, locale: string): string {
  const day = formatDay(entry.localOn, locale);
  const why = entry.reason === null ? "" : `: ${escapedText(entry.reason, MAX_REASON)}`;
  switch (entry.state) {
    case "sent": {
      const where =
        entry.messageId === null
          ? ""
          : ` in ${messageLink(guildId, entry.channelId, entry.messageId)}`;
      return `${day}: posted ${stamp(new Date(entry.updatedAt), "R")}${where}`;
    }
    case "paused":
      return `${day}: paused${why}`;
    case "missed":
      return `${day}: missed${why}`;
    case "claimed":
    case "sending":
      return `${day}: being posted now`;
  }
}

/** Since when and why the digest is paused. */
export function troubleInWords({ reason, since }: DigestTrouble): string {
  const closed = escapedText(reason, MAX_REASON).replace(/([^.!?])$/, "$1.");
  return `The digest is paused since ${stamp(new Date(since), "f")}: ${closed}`;
}
