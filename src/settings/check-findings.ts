import { failureInWords } from "../cards/refusal.ts";
import type { ZoneDataStanding } from "../digest/zone-data.ts";
import type {
  ChannelFacts,
  DirectoryFailure,
  PostingPermission,
} from "../discord/bot/guild-directory.ts";
import type { Reply } from "../discord/reply.ts";
import { escapedText, formatCount } from "../messages/format.ts";
import { didAnswer, isBudgetLow, type SourceHealth } from "../prices/sources/source-health.ts";
import type { GuildSettings } from "../storage/guild-settings.ts";
import { type DigestStanding, entryInWords, troubleInWords } from "./digest-standing.ts";
import {
  CONFIG_COLOURS,
  currencyInWords,
  joinWithin,
  MAX_DESCRIPTION,
  NO_BOT,
  NO_RATE,
  stamp,
} from "./settings-text.ts";

type Failed = { readonly ok: false; readonly reason: DirectoryFailure };

/** Everything that a check of a server looked up. */
export type CheckFacts = {
  readonly guildId: string;
  readonly settings: GuildSettings;
  /**
   * What Discord says about the digest's channel, the permissions that posting there lacks, and the
   * role to mention; undefined without a bot token, or where none was chosen.
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
  /** Ids of chosen coins that are not listed now. */
  readonly lostCoins: readonly string[];
  /** How old the time zone data is by which digests are due. */
  readonly zoneData: ZoneDataStanding;
  readonly standing: DigestStanding | undefined;
  /** True when Discord refuses the digest's message itself, which nobody on the server can fix. */
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
/** Sources that only stand in for others: without the others there are no answers. */
const STAND_INS: readonly string[] = ["Coin Metrics", "Kraken"];
const TAKES_DIGESTS: readonly ChannelFacts["kind"][] = ["text", "announcement"];
const MENTION: PostingPermission = "Mention @everyone, @here, and All Roles";

/** Checks everything that a digest and an answer need, worst first within each part. Pure. */
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
 * Discord takes a post whose mention reaches nobody, so neither a missing mention permission nor a
 * deleted role keeps a digest back.
 */
function canPost({ channel, permissions }: CheckFacts): boolean {
  const takesPosts = channel?.ok === true && TAKES_DIGESTS.includes(channel.channel.kind);
  return (
    takesPosts &&
    permissions?.ok === true &&
    permissions.missing.every((permission) => permission === MENTION)
  );
}

/** `/config check`; `resumed` is true when the check lets a paused digest go on. */
export function checkCard(
  facts: CheckFacts,
  { findings }: CheckOutcome,
  { resumed }: { readonly resumed: boolean },
): Reply {
  const isBad = findings.some(({ kind }) => kind === "bad");
  return {
    embeds: [
      {
        title: isBad ? "Something needs your attention" : "All is well",
        color: isBad ? CONFIG_COLOURS.bad : CONFIG_COLOURS.good,
        description: joinWithin(
          [
            ...findings.map(({ kind, text }) => `${SIGNS[kind]} ${text}`),
            ...standingLines(facts, resumed),
          ],
          "\n",
          MAX_DESCRIPTION,
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
): readonly Finding[] {
  return missing.map((permission) => ({
    kind: "bad",
    text: `**${permission}** is missing in <#${channelId}>. ${howToGrant(permission, channelId, roleId)}`,
  }));
}

function howToGrant(
  permission: PostingPermission,
  channelId: string,
  roleId: string | null,
): string {
  const grant = `Open the settings of <#${channelId}>, *Permissions*, add my role and allow *${permission}*`;
  return permission === MENTION && roleId !== null
    ? `${grant}, or let anyone mention <@&${roleId}> (*Server Settings*, *Roles*).`
    : `${grant}.`;
}

function postingFindings({
  settings,
  channel,
  permissions,
  role,
  standing,
  isOwnFault,
}: CheckFacts): readonly Finding[] {
  if (standing === undefined) return [settings.digestEnabled === true ? bad(NO_BOT) : note(NO_BOT)];
  const { digestChannelId, digestRoleId } = settings;
  if (digestChannelId === null)
    return [note("There is no digest: `/config digest channel:` chooses where it is posted.")];
  const findings: Finding[] = [];
  if (channel?.ok === false) findings.push(channelFailure(channel.reason, digestChannelId));
  else if (channel !== undefined && !TAKES_DIGESTS.includes(channel.channel.kind)) {
    findings.push(
      bad(
        `<#${digestChannelId}> takes no digest: choose a text or announcement channel with \`/config digest channel:\`.`,
      ),
    );
  } else if (permissions?.ok === true) {
    const missing = missingPermissionFindings(permissions.missing, digestChannelId, digestRoleId);
    findings.push(
      ...(missing.length > 0 ? missing : [good(`I can post in <#${digestChannelId}>.`)]),
    );
  } else findings.push(channelFailure(permissions?.reason ?? "unavailable", digestChannelId));
  if (isOwnFault) {
    findings.push(
      bad(
        "Discord refuses what the digest says: a fault of mine, and nothing to change here. `/config test` shows whether it still does.",
      ),
    );
  }
  if (role?.ok === false && role.reason === "unknown") {
    findings.push(
      bad(
        "The role that the digest mentions was deleted: choose another, or `/config reset what:digest mention`.",
      ),
    );
  }
  if (settings.digestEnabled !== true)
    findings.push(note("The digest is off: `/config digest enabled:True` switches it on."));
  return findings;
}

function channelFailure(reason: DirectoryFailure, channelId: string): Finding {
  switch (reason) {
    case "unknown":
      return bad(
        "The digest's channel was deleted: choose another with `/config digest channel:`.",
      );
    case "no-access":
      return bad(
        `I may not see <#${channelId}>: open its settings, *Permissions*, add my role and allow *View Channel*.`,
      );
    case "unavailable":
      return bad(
        "Discord could not be asked about the digest's channel just now: try again in a minute.",
      );
  }
}

function priceFindings({ sources, locale }: CheckFacts): readonly Finding[] {
  if (sources.length === 0) return [note("Prices are the demo market's, which are invented.")];
  const needed = sources.filter(({ name }) => !STAND_INS.includes(name));
  const findings: Finding[] = [];
  const answering = needed.filter((source) => didAnswer(source) !== false);
  if (answering.length > 0)
    findings.push(
      good(
        `Prices can be had: ${answering.map(({ name }) => name).join(" and ")} ${answering.length === 1 ? "answers" : "answer"}.`,
      ),
    );
  for (const source of sources) {
    if (didAnswer(source) !== false || source.lastOutcome === null || source.lastOutcome === "ok")
      continue;
    const why = failureInWords({ name: source.name, reason: source.lastOutcome }, "markdown");
    findings.push(answering.length === 0 ? bad(`${why}.`) : note(`${why}; others stand in.`));
  }
  for (const source of sources) {
    // A budget per second refills before anybody reads this.
    if (source.windowSeconds < 60 || !isBudgetLow(source)) continue;
    const [left, all] = [source.callsLeft, source.callsPerWindow].map((calls) =>
      formatCount(calls, locale),
    );
    findings.push(
      note(
        `The budget of ${source.name} is low: ${left} of ${all} calls are left this minute, so answers may have to wait.`,
      ),
    );
  }
  return findings;
}

function choiceFindings({ settings, hasRate, lostCoins }: CheckFacts): readonly Finding[] {
  const findings: Finding[] = [];
  if (!hasRate && settings.currency !== null) {
    const currency = currencyInWords(settings.currency);
    findings.push(
      bad(`The currency ${currency} has ${NO_RATE}: \`/config set currency:\` chooses another.`),
    );
  }
  if (lostCoins.length > 0) {
    const coins = joinWithin(
      lostCoins.map((coinId) => escapedText(coinId, MAX_NAME)),
      ", ",
      500,
    );
    findings.push(note(`Not listed now: ${coins}. \`/config digest coins:\` chooses others.`));
  }
  return findings;
}

/** A warning only: admins cannot update the bot, but they can tell whoever runs it. */
function zoneFinding({ zoneData: { version, ageDays, isOld }, locale }: CheckFacts): Finding {
  if (!isOld) return good(`Time zones are up to date (IANA ${version}).`);
  const age =
    version === ""
      ? "of unknown age"
      : `${formatCount(ageDays, locale)} days old (IANA ${version})`;
  return {
    kind: "warning",
    text: `The time zones known here are ${age}: where a government has changed the clocks since, the digest comes an hour off until this bot is updated.`,
  };
}

function standingLines(
  { guildId, standing, locale }: CheckFacts,
  resumed: boolean,
): readonly string[] {
  if (standing === undefined) return [];
  const [next] = standing.nextAt;
  return [
    ...(standing.trouble === undefined
      ? []
      : [
          "",
          resumed
            ? "▶️ The digest was paused; it goes on now."
            : `⏸️ ${troubleInWords(standing.trouble)}`,
        ]),
    "",
    `**Next post** ${next === undefined ? "none" : `${stamp(next, "F")} (${stamp(next, "R")})`}`,
    "**The last three**",
    ...lastPosts(standing, guildId, locale),
  ];
}

function lastPosts({ latest }: DigestStanding, guildId: string, locale: string): readonly string[] {
  if (latest === undefined) return ["not known: the record cannot be read now"];
  return latest.length === 0
    ? ["none yet"]
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
