import { DEFAULT_DIGEST_TIME, DEFAULT_DIGEST_ZONE } from "../digest/due.ts";
import { rhythmOf } from "../digest/rhythm.ts";
import { rhythmInWords } from "../digest/rhythm-wording.ts";
import { DISCORD_LIMITS } from "../discord/limits.ts";
import type { Reply } from "../discord/reply.ts";
import { languageName, spokenLocale } from "../messages/languages.ts";
import { commaList } from "../messages/lists.ts";
import { say } from "../messages/say.ts";
import { carName } from "../messages/wording.ts";
import { currencyOf, typedCurrencyOf } from "./amount-conversion.ts";
import { lastLine, nextLine, troubleInWords } from "./digest-status.ts";
import { serverLocale, usualPurchaseAt } from "./effective-settings.ts";
import type { ServerView } from "./server-view.ts";
import {
  CONFIG_COLOURS,
  currencyInWords,
  joinWithin,
  MAX_DESCRIPTION,
  moneyIn,
  nameOf,
  shortValue,
} from "./settings-text.ts";

/** Room for the mark behind a list. */
const MARK_LENGTH = 20;

/** `/config view`: every value, marked as set here or as the default. */
export function settingsCard(view: ServerView): Reply {
  const { settings, status, coins, locale } = view;
  const digestCoins = settings.digestCoins?.map((coinId) => nameOf(coinId, coins, locale)) ?? [
    say(locale, "view.coins.default"),
  ];
  const symbols = Object.entries(settings.symbols).map(
    ([symbol, coinId]) => `${shortValue(symbol)} → ${nameOf(coinId, coins, locale)}`,
  );
  return {
    embeds: [
      {
        title: say(locale, "view.title"),
        color: status?.trouble === undefined ? CONFIG_COLOURS.plain : CONFIG_COLOURS.bad,
        ...(status?.trouble !== undefined && {
          description: say(locale, "view.trouble", {
            trouble: troubleInWords(status.trouble, locale),
          }),
        }),
        fields: [
          { name: say(locale, "view.answers"), value: answerSettings(view) },
          { name: say(locale, "view.digest"), value: digestSettings(view) },
          {
            name: say(locale, "view.coins"),
            value: `${joinWithin(digestCoins, commaList(["", ""], locale), DISCORD_LIMITS.embedFieldLength - MARK_LENGTH, locale)} ${mark(settings.digestCoins, locale)}`,
          },
          ...(symbols.length === 0
            ? []
            : [
                {
                  name: say(locale, "view.symbols"),
                  value: joinWithin(symbols, "\n", DISCORD_LIMITS.embedFieldLength, locale),
                },
              ]),
        ],
        footer: {
          text: say(locale, "view.footer"),
        },
      },
    ],
  };
}

/** The settings for answers, one line per value. */
export function answerSettings({ settings, rates, locale }: ServerView): string {
  const { stake, currency, car, rateGap } = usualPurchaseAt(settings, rates);
  const carPrice =
    "ownPrice" in car
      ? moneyIn(currency, car.ownPrice, locale)
      : moneyIn("USD", car.priceUsd, locale);
  // The amount as typed, if another is shown in its place.
  const typedAs = (amount: "stake" | "carPrice", isUsual: boolean | undefined) => {
    const typed = settings[amount];
    const code = typedCurrencyOf(settings, amount);
    return typed === null || (code === currency && isUsual !== true)
      ? undefined
      : moneyIn(code, typed, locale);
  };
  const shownStake = {
    stake: moneyIn(currency, stake, locale),
    mark: mark(settings.stake, locale),
  };
  const typedStake = typedAs("stake", rateGap?.isStakeUsual);
  const shownCar = {
    car: carName(car, locale, "markdown"),
    price: carPrice,
    mark: mark(settings.carPrice ?? settings.carKey, locale),
  };
  const typedCarPrice = typedAs("carPrice", rateGap?.isCarUsual);
  return [
    say(locale, rates.has(currencyOf(settings)) ? "view.currency" : "view.currency.no-rate", {
      currency: currencyInWords(currencyOf(settings), locale),
      mark: mark(settings.currency, locale),
    }),
    typedStake === undefined
      ? say(locale, "view.stake", shownStake)
      : say(locale, "view.stake.typed", { ...shownStake, typed: typedStake }),
    typedCarPrice === undefined
      ? say(locale, "view.car", shownCar)
      : say(locale, "view.car.typed", { ...shownCar, typed: typedCarPrice }),
    say(locale, "view.replies", {
      replies: settings.replies === "private" ? "private" : "other",
      mark: mark(settings.replies, locale),
    }),
    say(locale, "view.language", {
      language: languageName(spokenLocale(serverLocale(settings)), locale),
      mark: mark(settings.language, locale),
    }),
  ].join("\n");
}

function digestSettings({ guildId, settings, status, locale }: ServerView): string {
  const { digestEnabled, digestChannelId, digestRoleId, digestTime, digestZone, digestEvery } =
    settings;
  return [
    say(locale, "view.digest.enabled", {
      state: digestEnabled === true ? "on" : "other",
      mark: mark(digestEnabled, locale),
    }),
    digestChannelId === null
      ? say(locale, "view.channel.none", { mark: mark(null, locale) })
      : say(locale, "view.channel", {
          channel: `<#${digestChannelId}>`,
          mark: mark(digestChannelId, locale),
        }),
    say(locale, "view.every", {
      every: rhythmInWords(rhythmOf(digestEvery), locale),
      mark: mark(digestEvery, locale),
    }),
    say(locale, "view.time", {
      time: digestTime ?? DEFAULT_DIGEST_TIME,
      mark: mark(digestTime, locale),
    }),
    say(locale, "view.zone", {
      zone: shortValue(digestZone ?? DEFAULT_DIGEST_ZONE),
      mark: mark(digestZone, locale),
    }),
    digestRoleId === null
      ? say(locale, "view.mentions.nobody", { mark: mark(null, locale) })
      : say(locale, "view.mentions", {
          role: `<@&${digestRoleId}>`,
          mark: mark(digestRoleId, locale),
        }),
    say(locale, "view.riddle", {
      state: settings.digestRiddle === true ? "on" : "other",
      mark: mark(settings.digestRiddle, locale),
    }),
    ...(status === undefined
      ? [say(locale, "config.no-token")]
      : [nextLine(settings, status, locale), lastLine(guildId, status.latest, locale)]),
  ].join("\n");
}

/** After a change: the current values, one line each, and what else is worth knowing. */
export function savedCard(
  title: string,
  lines: readonly string[],
  locale: string,
  options: { readonly isGood?: boolean } = {},
): Reply {
  const color = options.isGood === false ? CONFIG_COLOURS.bad : CONFIG_COLOURS.good;
  return {
    embeds: [{ title, color, description: joinWithin(lines, "\n", MAX_DESCRIPTION, locale) }],
  };
}

function mark(chosen: unknown, locale: string): string {
  return say(locale, chosen === null ? "view.default" : "view.set-here");
}
