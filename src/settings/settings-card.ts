import { DEFAULT_DIGEST_TIME, DEFAULT_DIGEST_ZONE } from "../digest/due.ts";
import type { Reply } from "../discord/reply.ts";
import { carName } from "../messages/wording.ts";
import { lastInWords, nextInWords, troubleInWords } from "./digest-standing.ts";
import { currencyOf, typedCurrencyOf, usualPurchaseAt } from "./effective-settings.ts";
import type { ServerView } from "./server-view.ts";
import {
  CONFIG_COLOURS,
  currencyInWords,
  joinWithin,
  MAX_DESCRIPTION,
  moneyIn,
  NO_BOT,
  NO_RATE,
  nameOf,
  shortValue,
} from "./settings-text.ts";

const MAX_FIELD = 1_024;
/** Room for the mark behind a list. */
const MARK_LENGTH = 20;

/** `/config view`: every value, marked as set here or as the default. */
export function settingsCard(view: ServerView): Reply {
  const { settings, standing, coins } = view;
  const digestCoins = settings.digestCoins?.map((coinId) => nameOf(coinId, coins)) ?? [
    "the ten largest, without stablecoins",
  ];
  const symbols = Object.entries(settings.symbols).map(
    ([symbol, coinId]) => `${shortValue(symbol)} → ${nameOf(coinId, coins)}`,
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
          { name: "Answers", value: answerSettings(view) },
          { name: "Digest", value: digestSettings(view) },
          {
            name: "Digest coins",
            value: `${joinWithin(digestCoins, ", ", MAX_FIELD - MARK_LENGTH)} ${mark(settings.digestCoins)}`,
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

/** What is set about answers, one line per value. */
export function answerSettings({ settings, rates, locale }: ServerView): string {
  const { stake, currency, car, rateGap } = usualPurchaseAt(settings, rates);
  const carPrice =
    "ownPrice" in car
      ? moneyIn(currency, car.ownPrice, locale)
      : moneyIn("USD", car.priceUsd, locale);
  // The amount as it was typed, where another one is shown in its place.
  const typedAs = (amount: "stake" | "carPrice", isUsual: boolean | undefined) => {
    const typed = settings[amount];
    const code = typedCurrencyOf(settings, amount);
    return typed === null || (code === currency && isUsual !== true)
      ? ""
      : ` as ${moneyIn(code, typed, locale)}`;
  };
  const rateNote = rates.has(currencyOf(settings)) ? "" : `: ${NO_RATE}`;
  return [
    `${line("Currency", currencyInWords(currencyOf(settings)), settings.currency)}${rateNote}`,
    `${line("Stake", moneyIn(currency, stake, locale), settings.stake)}${typedAs("stake", rateGap?.isStakeUsual)}`,
    `${line("Car", `${carName(car, "markdown")}, ${carPrice}`, settings.carPrice ?? settings.carKey)}${typedAs("carPrice", rateGap?.isCarUsual)}`,
    line("Replies", settings.replies ?? "public", settings.replies),
  ].join("\n");
}

function digestSettings({ guildId, settings, standing, locale }: ServerView): string {
  const { digestEnabled, digestChannelId, digestRoleId } = settings;
  return [
    line("Digest", digestEnabled === true ? "on" : "off", digestEnabled),
    line("Channel", digestChannelId === null ? "none" : `<#${digestChannelId}>`, digestChannelId),
    line("Time", settings.digestTime ?? DEFAULT_DIGEST_TIME, settings.digestTime),
    line("Zone", shortValue(settings.digestZone ?? DEFAULT_DIGEST_ZONE), settings.digestZone),
    line("Mentions", digestRoleId === null ? "nobody" : `<@&${digestRoleId}>`, digestRoleId),
    ...(standing === undefined
      ? [NO_BOT]
      : [
          `**Next** ${nextInWords(settings, standing)}`,
          `**Last** ${lastInWords(guildId, standing.latest, locale)}`,
        ]),
  ].join("\n");
}

/** After a change: what holds now, one line each, and what else is worth knowing. */
export function savedCard(
  title: string,
  lines: readonly string[],
  options: { readonly isGood?: boolean } = {},
): Reply {
  const color = options.isGood === false ? CONFIG_COLOURS.bad : CONFIG_COLOURS.good;
  return { embeds: [{ title, color, description: joinWithin(lines, "\n", MAX_DESCRIPTION) }] };
}

function line(name: string, text: string, chosen: unknown): string {
  return `**${name}** ${text} ${mark(chosen)}`;
}

function mark(chosen: unknown): string {
  return chosen === null ? "· default" : "· *set here*";
}
