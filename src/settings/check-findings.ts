import { failureInWords } from "../cards/refusal.ts";
import { permissionInWords } from "../digest/permission-wording.ts";
import { rhythmOf } from "../digest/rhythm.ts";
import type { ZoneDataStatus } from "../digest/zone-data.ts";
import type { DirectoryFailure } from "../discord/bot/guild-reader.ts";
import type { ChannelFacts, PostingPermission } from "../discord/bot/posting-permissions.ts";
import type { Reply } from "../discord/reply.ts";
import { escapedText, formatCount } from "../messages/format.ts";
import { commaList, enumeration } from "../messages/lists.ts";
import { say } from "../messages/say.ts";
import { didAnswer, isBudgetLow, type SourceHealth } from "../prices/sources/source-health.ts";
import type { GuildSettings } from "../storage/guild-settings.ts";
import { type DigestStatus, entryInWords, troubleInWords } from "./digest-status.ts";
import {
  CONFIG_COLOURS,
  currencyInWords,
  joinWithin,
  MAX_DESCRIPTION,
  stamp,
} from "./settings-text.ts";

type Failed = { readonly ok: false; readonly reason: DirectoryFailure };

/** Everything that a check of a server looked up. */
export type CheckFacts = {
  readonly guildId: string;
  readonly settings: GuildSettings;
  /**
   * What Discord says about the digest's channel, the permissions that posting there lacks, and the
   * role to mention; undefined without a bot token, or if none was chosen.
   */
  readonly channel: { readonly ok: true; readonly channel: ChannelFacts } | Failed | undefined;
  readonly permissions:
    | { readonly ok: true; readonly missing: readonly PostingPermission[] }
    | Failed
    | undefined;
  readonly role:
    | { readonly ok: true; readonly name: string; readonly mentionable: boolean }
    | Failed
    | undefined;
  /** How the price sources are doing; empty for the demo market. */
  readonly sources: readonly SourceHealth[];
  /** False while the server's currency has no exchange rate. */
  readonly hasRate: boolean;
  /** Ids of chosen coins that are no longer listed. */
  readonly lostCoins: readonly string[];
  /** The version and age of the time zone data that decides when digests are due. */
  readonly zoneData: ZoneDataStatus;
  readonly status: DigestStatus | undefined;
  /** True when Discord refuses the digest's message itself, which admins cannot fix. */
  readonly isOwnFault: boolean;
  readonly locale: string;
};

/** One thing that was checked; `text` is a sentence in Discord markdown. */
export type Finding = { readonly kind: "good" | "bad" | "warning" | "note"; readonly text: string };

/** What was found, and whether Discord would take a digest now. */
export type CheckOutcome = { readonly findings: readonly Finding[]; readonly canPost: boolean };

const SIGNS: Readonly<Record<Finding["kind"], string>> = {
  good: "✅",
  bad: "❌",
  warning: "⚠️",
  note: "ℹ️",
};
const MAX_NAME = 60;
/** Sources that only stand in for others: by themselves they are not enough for answers. */
const STAND_INS: readonly string[] = ["Coin Metrics", "Kraken"];
const TAKES_DIGESTS: readonly ChannelFacts["kind"][] = ["text", "announcement"];
const MENTION: PostingPermission = "Mention @everyone, @here, and All Roles";

/** Checks everything that digests and answers need, worst findings first within each part. Pure. */
export function checkServer(facts: CheckFacts): CheckOutcome {
  return {
    canPost: canPost(facts),
    findings: [
      ...postingFindings(facts),
      ...priceFindings(facts),
      ...choiceFindings(facts),
      zoneFinding(facts),
    ],
  };
}

/**
 * Discord accepts a post whose mention does not work, so neither a missing mention permission nor a
 * deleted role stops a digest.
 */
function canPost({ channel, permissions }: CheckFacts): boolean {
  const takesPosts = channel?.ok === true && TAKES_DIGESTS.includes(channel.channel.kind);
  return (
    takesPosts &&
    permissions?.ok === true &&
    permissions.missing.every((permission) => permission === MENTION)
  );
}

/** `/config check`; `resumed` is true when the check resumes a paused digest. */
export function checkCard(
  facts: CheckFacts,
  { findings }: CheckOutcome,
  { resumed }: { readonly resumed: boolean },
): Reply {
  const { locale } = facts;
  const isBad = findings.some(({ kind }) => kind === "bad");
  return {
    embeds: [
      {
        title: say(locale, isBad ? "check.title.bad" : "check.title.good"),
        color: isBad ? CONFIG_COLOURS.bad : CONFIG_COLOURS.good,
        description: joinWithin(
          [
            ...findings.map(({ kind, text }) => `${SIGNS[kind]} ${text}`),
            ...statusLines(facts, resumed),
          ],
          "\n",
          MAX_DESCRIPTION,
          locale,
        ),
      },
    ],
  };
}

/** One finding per missing permission: its name, and how to grant it. */
export function missingPermissionFindings(
  missing: readonly PostingPermission[],
  channelId: string,
  roleId: string | null,
  locale: string,
): readonly Finding[] {
  return missing.map((permission) => ({
    kind: "bad",
    text: missingPermission(permission, `<#${channelId}>`, roleId, locale),
  }));
}

function missingPermission(
  permission: PostingPermission,
  channel: string,
  roleId: string | null,
  locale: string,
): string {
  const name = permissionInWords(permission, locale);
  return permission === MENTION && roleId !== null
    ? say(locale, "check.permission.mention", { permission: name, channel, role: `<@&${roleId}>` })
    : say(locale, "check.permission", { permission: name, channel });
}

function postingFindings({
  settings,
  channel,
  permissions,
  role,
  status,
  isOwnFault,
  locale,
}: CheckFacts): readonly Finding[] {
  if (status === undefined) {
    const text = say(locale, "config.no-token");
    return [settings.digestEnabled === true ? bad(text) : note(text)];
  }
  const { digestChannelId, digestRoleId } = settings;
  if (digestChannelId === null) return [note(say(locale, "check.no-digest"))];
  const findings: Finding[] = [];
  if (channel?.ok === false) findings.push(channelFailure(channel.reason, digestChannelId, locale));
  else if (channel !== undefined && !TAKES_DIGESTS.includes(channel.channel.kind)) {
    findings.push(bad(say(locale, "check.channel-kind", { channel: `<#${digestChannelId}>` })));
  } else if (permissions?.ok === true) {
    const missing = missingPermissionFindings(
      permissions.missing,
      digestChannelId,
      digestRoleId,
      locale,
    );
    findings.push(
      ...(missing.length > 0
        ? missing
        : [good(say(locale, "check.can-post", { channel: `<#${digestChannelId}>` }))]),
    );
  } else
    findings.push(channelFailure(permissions?.reason ?? "unavailable", digestChannelId, locale));
  if (isOwnFault) {
    findings.push(bad(say(locale, "check.own-fault")));
  }
  if (role?.ok === false && role.reason === "unknown") {
    findings.push(bad(say(locale, "check.role-deleted")));
  }
  if (settings.digestEnabled !== true) findings.push(note(say(locale, "check.off")));
  return findings;
}

function channelFailure(reason: DirectoryFailure, channelId: string, locale: string): Finding {
  return bad(
    reason === "no-access"
      ? say(locale, "check.channel.no-access", { channel: `<#${channelId}>` })
      : say(locale, `check.channel.${reason}`),
  );
}

function priceFindings({ sources, locale }: CheckFacts): readonly Finding[] {
  if (sources.length === 0) return [note(say(locale, "check.demo-prices"))];
  const needed = sources.filter(({ name }) => !STAND_INS.includes(name));
  const findings: Finding[] = [];
  const answering = needed.filter((source) => didAnswer(source) !== false);
  if (answering.length > 0)
    findings.push(
      good(
        say(locale, "check.prices", {
          sources: enumeration(
            answering.map(({ name }) => name),
            locale,
          ),
          count: answering.length,
        }),
      ),
    );
  for (const source of sources) {
    if (didAnswer(source) !== false || source.lastOutcome === null || source.lastOutcome === "ok")
      continue;
    const failure = failureInWords(
      { name: source.name, reason: source.lastOutcome },
      locale,
      "markdown",
    );
    findings.push(
      answering.length === 0
        ? bad(say(locale, "check.source-failed", { failure }))
        : note(say(locale, "check.source-failed.others", { failure })),
    );
  }
  for (const source of sources) {
    // A per-second budget refills before anybody reads this.
    if (source.windowSeconds < 60 || !isBudgetLow(source)) continue;
    findings.push(
      note(
        say(locale, "check.budget-low", {
          source: source.name,
          left: formatCount(source.callsLeft, locale),
          all: formatCount(source.callsPerWindow, locale),
        }),
      ),
    );
  }
  return findings;
}

function choiceFindings({ settings, hasRate, lostCoins, locale }: CheckFacts): readonly Finding[] {
  const findings: Finding[] = [];
  if (!hasRate && settings.currency !== null) {
    const currency = currencyInWords(settings.currency, locale);
    findings.push(bad(say(locale, "check.no-rate", { currency })));
  }
  if (lostCoins.length > 0) {
    const coins = joinWithin(
      lostCoins.map((coinId) => escapedText(coinId, MAX_NAME)),
      commaList(["", ""], locale),
      500,
      locale,
    );
    findings.push(note(say(locale, "check.unlisted-coins", { coins })));
  }
  return findings;
}

/** Only a warning: admins cannot update the bot, but they can tell its operator. */
function zoneFinding({ zoneData: { version, ageDays, isOld }, locale }: CheckFacts): Finding {
  if (!isOld) return good(say(locale, "check.zones", { version }));
  return {
    kind: "warning",
    text:
      version === ""
        ? say(locale, "check.zones.unknown-age")
        : say(locale, "check.zones.old", {
            days: formatCount(ageDays, locale),
            count: ageDays,
            version,
          }),
  };
}

function statusLines(
  { guildId, settings, status, locale }: CheckFacts,
  resumed: boolean,
): readonly string[] {
  if (status === undefined) return [];
  const [next] = status.nextAt;
  return [
    ...(status.trouble === undefined
      ? []
      : [
          "",
          resumed
            ? say(locale, "check.resumed")
            : say(locale, "check.paused", { trouble: troubleInWords(status.trouble, locale) }),
        ]),
    "",
    next === undefined
      ? say(locale, "check.next.none")
      : say(locale, rhythmOf(settings.digestEvery).isNewsOnly ? "check.next.look" : "check.next", {
          at: stamp(next, "F"),
          relative: stamp(next, "R"),
        }),
    say(locale, "check.latest"),
    ...lastPosts(status, guildId, locale),
  ];
}

function lastPosts({ latest }: DigestStatus, guildId: string, locale: string): readonly string[] {
  if (latest === undefined) return [say(locale, "check.latest.unknown")];
  return latest.length === 0
    ? [say(locale, "check.latest.none")]
    : latest.slice(0, 3).map((entry) => `- ${entryInWords(guildId, entry, locale)}`);
}

function good(text: string): Finding {
  return { kind: "good", text };
}

function bad(text: string): Finding {
  return { kind: "bad", text };
}

function note(text: string): Finding {
  return { kind: "note", text };
}
