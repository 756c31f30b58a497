import { readReason, reasonInWords } from "../digest/reason.ts";
import { rhythmOf } from "../digest/rhythm.ts";
import { escapedText, formatDay } from "../messages/format.ts";
import { enumeration } from "../messages/lists.ts";
import { say } from "../messages/say.ts";
import type { DigestEntry, DigestTrouble } from "../storage/digest-ledger.ts";
import type { GuildSettings } from "../storage/guild-settings.ts";
import { messageLink, stamp } from "./settings-text.ts";

/** How a server's digest is doing. */
export type DigestStatus = {
  /** The next instants at which it is due; empty when it is off. */
  readonly nextAt: readonly Date[];
  /** The latest rows of the ledger, newest first; undefined when the ledger cannot be read now. */
  readonly latest: readonly DigestEntry[] | undefined;
  /** Why it is paused; undefined when it is not. */
  readonly trouble: DigestTrouble | undefined;
};

const MAX_REASON = 300;

/**
 * The next posts of a digest as Discord timestamps, one per line, or why there are none. `status`
 * is undefined without a bot token.
 */
export function nextPosts(
  settings: GuildSettings,
  status: DigestStatus | undefined,
  locale: string,
): readonly string[] {
  if (status === undefined) return [say(locale, "config.no-token")];
  if (status.nextAt.length === 0) return [nextLine(settings, status, locale)];
  const isNewsOnly = rhythmOf(settings.digestEvery).isNewsOnly;
  return [
    say(locale, isNewsOnly ? "set-digest.next-looks" : "set-digest.next-posts"),
    ...status.nextAt.map((at) => `- ${stamp(at, "F")} (${stamp(at, "R")})`),
  ];
}

/** When the digest is posted next, or why it is not. */
export function nextLine(
  { digestEnabled, digestChannelId, digestEvery }: GuildSettings,
  { nextAt: [first, ...later] }: DigestStatus,
  locale: string,
): string {
  if (first !== undefined) {
    const values = {
      at: stamp(first, "F"),
      relative: stamp(first, "R"),
      later: enumeration(
        later.map((at) => stamp(at, "F")),
        locale,
      ),
    };
    return say(locale, rhythmOf(digestEvery).isNewsOnly ? "view.next.news" : "view.next", values);
  }
  if (digestChannelId === null) return say(locale, "view.next.no-channel");
  return say(locale, digestEnabled === true ? "view.next.none" : "view.next.off");
}

/** What became of the latest digest. */
export function lastLine(
  guildId: string,
  latest: readonly DigestEntry[] | undefined,
  locale: string,
): string {
  if (latest === undefined) return say(locale, "view.last.unknown");
  const [entry] = latest;
  return entry === undefined
    ? say(locale, "view.last.none")
    : say(locale, "view.last", { entry: entryInWords(guildId, entry, locale) });
}

/** A ledger row in words: its day, and what became of that day's digest. */
export function entryInWords(guildId: string, entry: DigestEntry, locale: string): string {
  const day = formatDay(entry.localOn, locale);
  const why = entry.reason === null ? undefined : whyInWords(entry.reason, locale);
  switch (entry.state) {
    case "sent": {
      const when = stamp(new Date(entry.updatedAt), "R");
      if (entry.messageId === null) return say(locale, "digest-day.sent", { day, when });
      const link = messageLink(guildId, entry.channelId, entry.messageId);
      return say(locale, "digest-day.sent.link", { day, when, link });
    }
    case "quiet":
      return say(locale, "digest-day.quiet", { day });
    case "paused":
    case "missed":
      return why === undefined
        ? say(locale, `digest-day.${entry.state}`, { day })
        : say(locale, `digest-day.${entry.state}.why`, { day, why });
    case "claimed":
    case "sending":
      return say(locale, "digest-day.posting", { day });
  }
}

/** Since when and why the digest is paused. */
export function troubleInWords({ reason, since }: DigestTrouble, locale: string): string {
  const closed = whyInWords(reason, locale).replace(/([^.!?。…])$/, "$1.");
  return say(locale, "digest-day.trouble", { since: stamp(new Date(since), "f"), why: closed });
}

function whyInWords(reason: string, locale: string): string {
  return escapedText(reasonInWords(readReason(reason), locale), MAX_REASON);
}
