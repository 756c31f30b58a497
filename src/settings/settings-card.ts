import {
  type APIActionRowComponent,
  type APIComponentInMessageActionRow,
  ButtonStyle,
  ComponentType,
} from "discord-api-types/v10";
import { DEFAULT_DIGEST_TIME, DEFAULT_DIGEST_ZONE } from "../digest/due.ts";
import type { Reply } from "../discord/reply.ts";
import { escapedText, formatCount, formatDay, formatMoney } from "../messages/format.ts";
import { carName, coinName } from "../messages/wording.ts";
import type { Coin } from "../prices/coins/coin.ts";
import { currenciesOf } from "../prices/currencies.ts";
import type { DigestEntry, DigestTrouble } from "../storage/digest-ledger.ts";
import type { Forgotten } from "../storage/guild-presence-store.ts";
import type { GuildSettings, RecordedChange } from "../storage/guild-settings.ts";
import { LAMBO_MODELS } from "../valuation/lambo-models.ts";
import {
  currencyOf,
  type KnownRates,
  typedCurrencyOf,
  usualPurchaseAt,
} from "./effective-settings.ts";

/**
 * How a server's digest does; undefined where the bot cannot post by itself, because it has no
 * token.
 */
export type DigestStanding = {
  /** The next instants at which it is due; empty when it is off. */
  readonly nextAt: readonly Date[];
  /** The latest rows of the ledger, newest first; undefined when they cannot be read now. */
  readonly latest: readonly DigestEntry[] | undefined;
  /** What keeps it from being posted. */
  readonly trouble: DigestTrouble | undefined;
};

/** A server as its admins see it. */
export type ServerView = {
  readonly guildId: string;
  readonly settings: GuildSettings;
  readonly standing: DigestStanding | undefined;
  /** The rates of the currencies that the settings name; one that cannot be had is absent. */
  readonly rates: KnownRates;
  /** The coins that the settings name, by id; one that is no longer listed is absent. */
  readonly coins: ReadonlyMap<string, Coin>;
  readonly locale: string;
};

/** What is said wherever the bot cannot post by itself. */
export const NO_BOT =
  "This bot answers commands only: it runs without a bot token, so it cannot post a digest. Whoever runs it can set DISCORD_TOKEN.";

/** Colours of the edges of admins' cards. */
export const CONFIG_COLOURS = { plain: 0x5b7a99, good: 0x3f9d5a, bad: 0xd0453c } as const;

/** What is said of a server's currency without an exchange rate, wherever admins look. */
export const NO_RATE =
  "no exchange rate now, so the usual 1,000 USD and the usual car count until there is one";

const MAX_FIELD = 1_024;
const MAX_DESCRIPTION = 4_096;
const MAX_VALUE = 100;
const MAX_REASON = 300;

/** `/config view`: every value, marked as set here or default. */
export function configView(view: ServerView): Reply {
  const { settings, standing, coins, locale } = view;
  const { stake, currency, car, rateGap } = usualPurchaseAt(settings, view.rates);
  const money = (amount: number, code: string) => formatMoney(amount, { code, perUsd: 1 }, locale);
  const carPrice = "ownPrice" in car ? money(car.ownPrice, currency) : money(car.priceUsd, "USD");
  const hasRate = view.rates.has(currencyOf(settings));
  const typedAs = (amount: "stake" | "carPrice", isUsual: boolean | undefined) => {
    const typed = settings[amount];
    const code = typedCurrencyOf(settings, amount);
    return typed === null || (code === currency && isUsual !== true)
      ? ""
      : ` as ${money(typed, code)}`;
  };
  const answers = [
    `${line("Currency", currencyInWords(currencyOf(settings)), settings.currency)}${hasRate ? "" : `: ${NO_RATE}`}`,
    `${line("Stake", money(stake, currency), settings.stake)}${typedAs("stake", rateGap?.isStakeUsual)}`,
    `${line("Car", `${carName(car, "markdown")}, ${carPrice}`, settings.carPrice ?? settings.carKey)}${typedAs("carPrice", rateGap?.isCarUsual)}`,
    line("Replies", settings.replies ?? "public", settings.replies),
  ];
  const digest = [
    line("Digest", settings.digestEnabled === true ? "on" : "off", settings.digestEnabled),
    line(
      "Channel",
      settings.digestChannelId === null ? "none" : `<#${settings.digestChannelId}>`,
      settings.digestChannelId,
    ),
    line("Time", settings.digestTime ?? DEFAULT_DIGEST_TIME, settings.digestTime),
    line(
      "Zone",
      escapedText(settings.digestZone ?? DEFAULT_DIGEST_ZONE, MAX_VALUE),
      settings.digestZone,
    ),
    line(
      "Mentions",
      settings.digestRoleId === null ? "nobody" : `<@&${settings.digestRoleId}>`,
      settings.digestRoleId,
    ),
    ...(standing === undefined
      ? [NO_BOT]
      : [
          `**Next** ${nextInWords(settings, standing)}`,
          `**Last** ${lastInWords(view.guildId, standing.latest, locale)}`,
        ]),
  ];
  const digestCoins = settings.digestCoins?.map((coinId) => nameOf(coinId, coins)) ?? [
    "the ten largest, without stablecoins",
  ];
  const symbols = Object.entries(settings.symbols).map(
    ([symbol, coinId]) => `${escapedText(symbol, MAX_VALUE)} → ${nameOf(coinId, coins)}`,
  );
  return {
    embeds: [
      {
        title: "What is set on this server",
        color: standing?.trouble === undefined ? CONFIG_COLOURS.plain : CONFIG_COLOURS.bad,
        ...(standing?.trouble !== undefined && {
          description: `⚠️ ${troubleInWords(standing.trouble)} \`/config check\` shows what to do.`,
        }),
        fields: [
          { name: "Answers", value: answers.join("\n") },
          { name: "Digest", value: digest.join("\n") },
          {
            name: "Digest coins",
            value: `${joinWithin(digestCoins, ", ", MAX_FIELD - 20)} ${mark(settings.digestCoins)}`,
          },
          ...(symbols.length === 0
            ? []
            : [
                {
                  name: "Symbols with a meaning of their own",
                  value: joinWithin(symbols, "\n", MAX_FIELD),
                },
              ]),
        ],
        footer: {
          text: "Amounts are in the server's currency; models cost what their catalogue says, in US dollars.",
        },
      },
    ],
  };
}

/**
 * `/config set`, `digest`, `symbol` and single resets: what holds now, in one line each, and what
 * else is worth knowing.
 */
export function savedCard(
  title: string,
  lines: readonly string[],
  options: { readonly isGood?: boolean } = {},
): Reply {
  const color = options.isGood === false ? CONFIG_COLOURS.bad : CONFIG_COLOURS.good;
  return { embeds: [{ title, color, description: joinWithin(lines, "\n", MAX_DESCRIPTION) }] };
}

/** The next posts of a digest as Discord timestamps, one a line; says why when there is none. */
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

/** `/config history`: the latest changes, newest first. */
export function historyCard(changes: readonly RecordedChange[], locale: string): Reply {
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

/** A question with two buttons; the first does what cannot be taken back. */
export function confirmCard(question: {
  readonly title: string;
  readonly text: string;
  readonly confirm: { readonly label: string; readonly customId: string };
  readonly cancel: { readonly label: string; readonly customId: string };
}): Reply {
  const button = (
    style: ButtonStyle.Danger | ButtonStyle.Secondary,
    { label, customId }: { label: string; customId: string },
  ) => ({ type: ComponentType.Button, style, label, custom_id: customId }) as const;
  const row: APIActionRowComponent<APIComponentInMessageActionRow> = {
    type: ComponentType.ActionRow,
    components: [
      button(ButtonStyle.Danger, question.confirm),
      button(ButtonStyle.Secondary, question.cancel),
    ],
  };
  return {
    embeds: [{ title: question.title, color: CONFIG_COLOURS.bad, description: question.text }],
    components: [row],
  };
}

/** What was deleted about a server. */
export function forgottenInWords(forgotten: Forgotten, locale: string): string {
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

/** A row of the ledger in words: its day, and what became of it. */
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

/** What keeps a digest from being posted, and since when. */
export function troubleInWords({ reason, since }: DigestTrouble): string {
  const closed = escapedText(reason, MAX_REASON).replace(/([^.!?])$/, "$1.");
  return `The digest is paused since ${stamp(new Date(since), "f")}: ${closed}`;
}

/** An address that Discord clients show as a link to the message. */
export function messageLink(guildId: string, channelId: string, messageId: string): string {
  return `https://discord.com/channels/${digits(guildId)}/${digits(channelId)}/${digits(messageId)}`;
}

/**
 * An instant that every reader sees in their own zone and language: `F` in full, `f` shorter, `R`
 * relative.
 */
export function stamp(at: Date, style: "F" | "f" | "R"): string {
  return `<t:${Math.floor(at.getTime() / 1_000)}:${style}>`;
}

/** A coin that the settings name, also when it is no longer listed. */
export function nameOf(coinId: string, coins: ReadonlyMap<string, Coin>): string {
  const coin = coins.get(coinId);
  return coin === undefined
    ? `${escapedText(coinId, MAX_VALUE)} (not listed now)`
    : coinName(coin, "markdown");
}

/** The code and the English name of a currency: "EUR, Euro". */
export function currencyInWords(code: string): string {
  const name = currenciesOf([code]).find((currency) => currency.code === code)?.name ?? code;
  return name === code ? code : `${code}, ${name}`;
}

function nextInWords(
  { digestEnabled, digestChannelId }: GuildSettings,
  { nextAt }: DigestStanding,
): string {
  const [first] = nextAt;
  if (first !== undefined) return `${stamp(first, "F")} (${stamp(first, "R")})`;
  if (digestChannelId === null)
    return "none: no channel is chosen, `/config digest channel:` does that";
  return digestEnabled === true
    ? "none"
    : "none: the digest is off, `/config digest enabled:True` switches it on";
}

function lastInWords(
  guildId: string,
  latest: readonly DigestEntry[] | undefined,
  locale: string,
): string {
  if (latest === undefined) return "not known: the record cannot be read now";
  const [entry] = latest;
  return entry === undefined ? "none yet" : entryInWords(guildId, entry, locale);
}

function line(name: string, text: string, chosen: unknown): string {
  return `**${name}** ${text} ${mark(chosen)}`;
}

function mark(chosen: unknown): string {
  return chosen === null ? "· default" : "· *set here*";
}

/** What admins call the fields that changes are recorded of. */
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

function changeInWords({ what, old, new: now }: RecordedChange, locale: string): string {
  if (what === "reset")
    return `everything back to the defaults (was ${old === null ? "default" : escapedText(old, 2 * MAX_VALUE)})`;
  const [kind, symbol] = what.startsWith("symbol:")
    ? ["symbol", what.slice("symbol:".length)]
    : [what, undefined];
  const name =
    symbol === undefined
      ? (FIELD_NAMES[kind] ?? escapedText(kind, MAX_VALUE))
      : `symbol ${escapedText(symbol, MAX_VALUE)}`;
  return `${name}: ${recorded(kind, old, locale)} → ${recorded(kind, now, locale)}`;
}

function recorded(kind: string, value: string | null, locale: string): string {
  if (value === null) return "default";
  switch (kind) {
    case "digestChannelId":
      return `<#${digits(value)}>`;
    case "digestRoleId":
      return `<@&${digits(value)}>`;
    case "digestEnabled":
      return value === "true" ? "on" : "off";
    case "carKey":
      return escapedText(LAMBO_MODELS.find(({ key }) => key === value)?.name ?? value, MAX_VALUE);
    case "stake":
    case "carPrice": {
      // An amount that was typed in another currency than the other value has its code behind it.
      const [amount, ...code] = value.split(" ");
      return Number.isInteger(Number(amount)) && formatCount(Number(amount), locale) !== "–"
        ? escapedText([formatCount(Number(amount), locale), ...code].join(" "), MAX_VALUE)
        : escapedText(value, MAX_VALUE);
    }
    default:
      return escapedText(value, 2 * MAX_VALUE);
  }
}

/** A Discord id as it is: whatever else was stored must not become markup. */
function digits(id: string): string {
  return id.replace(/\D/g, "");
}

function counted(count: number, one: string, many: string, locale: string): string | undefined {
  return count === 0 ? undefined : `${formatCount(count, locale)} ${count === 1 ? one : many}`;
}

/** Parts joined as long as they fit; says how many did not. */
export function joinWithin(parts: readonly string[], separator: string, maxLength: number): string {
  const all = parts.join(separator);
  if (all.length <= maxLength) return all;
  const room = maxLength - `${separator}and 9999 more`.length;
  let shown = "";
  let count = 0;
  for (const part of parts) {
    const longer = count === 0 ? part : shown + separator + part;
    if (longer.length > room) break;
    shown = longer;
    count += 1;
  }
  return `${shown}${separator}and ${parts.length - count} more`;
}
