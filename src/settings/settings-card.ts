import { DEFAULT_DIGEST_TIME, DEFAULT_DIGEST_ZONE } from "../digest/due.ts";
import { rhythmOf } from "../digest/rhythm.ts";
import { rhythmInWords } from "../digest/rhythm-wording.ts";
import { DISCORD_LIMITS } from "../discord/limits.ts";
import type { Reply } from "../discord/reply.ts";
import { say } from "../messages/say.ts";
import { carName } from "../messages/wording.ts";
import { currencyOf, typedCurrencyOf } from "./amount-conversion.ts";
import { lastLine, nextLine, troubleInWords } from "./digest-status.ts";
import { usualPurchaseAt } from "./effective-settings.ts";
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
  const { settings, status, coins } = view;
  const digestCoins = settings.digestCoins?.map((coinId) => nameOf(coinId, coins)) ?? [
    say("view.coins.default"),
  ];
  const symbols = Object.entries(settings.symbols).map(
    ([symbol, coinId]) => `${shortValue(symbol)} → ${nameOf(coinId, coins)}`,
  );
  return {
    embeds: [
      {
        title: say("view.title"),
        color: status?.trouble === undefined ? CONFIG_COLOURS.plain : CONFIG_COLOURS.bad,
        ...(status?.trouble !== undefined && {
          description: say("view.trouble", { trouble: troubleInWords(status.trouble) }),
        }),
        fields: [
          { name: say("view.answers"), value: answerSettings(view) },
          { name: say("view.digest"), value: digestSettings(view) },
          {
            name: say("view.coins"),
            value: `${joinWithin(digestCoins, ", ", DISCORD_LIMITS.embedFieldLength - MARK_LENGTH)} ${mark(settings.digestCoins)}`,
          },
          ...(symbols.length === 0
            ? []
            : [
                {
                  name: say("view.symbols"),
                  value: joinWithin(symbols, "\n", DISCORD_LIMITS.embedFieldLength),
                },
              ]),
        ],
        footer: {
          text: say("view.footer"),
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
  const shownStake = { stake: moneyIn(currency, stake, locale), mark: mark(settings.stake) };
  const typedStake = typedAs("stake", rateGap?.isStakeUsual);
  const shownCar = {
    car: carName(car, "markdown"),
    price: carPrice,
    mark: mark(settings.carPrice ?? settings.carKey),
  };
  const typedCarPrice = typedAs("carPrice", rateGap?.isCarUsual);
  return [
    say(rates.has(currencyOf(settings)) ? "view.currency" : "view.currency.no-rate", {
      currency: currencyInWords(currencyOf(settings)),
      mark: mark(settings.currency),
    }),
    typedStake === undefined
      ? say("view.stake", shownStake)
      : say("view.stake.typed", { ...shownStake, typed: typedStake }),
    typedCarPrice === undefined
      ? say("view.car", shownCar)
      : say("view.car.typed", { ...shownCar, typed: typedCarPrice }),
    say("view.replies", {
      replies: settings.replies === "private" ? "private" : "other",
      mark: mark(settings.replies),
    }),
  ].join("\n");
}

function digestSettings({ guildId, settings, status, locale }: ServerView): string {
  const { digestEnabled, digestChannelId, digestRoleId, digestTime, digestZone, digestEvery } =
    settings;
  return [
    say("view.digest.enabled", {
      state: digestEnabled === true ? "on" : "other",
      mark: mark(digestEnabled),
    }),
    digestChannelId === null
      ? say("view.channel.none", { mark: mark(null) })
      : say("view.channel", { channel: `<#${digestChannelId}>`, mark: mark(digestChannelId) }),
    say("view.every", {
      every: rhythmInWords(rhythmOf(digestEvery), locale),
      mark: mark(digestEvery),
    }),
    say("view.time", { time: digestTime ?? DEFAULT_DIGEST_TIME, mark: mark(digestTime) }),
    say("view.zone", {
      zone: shortValue(digestZone ?? DEFAULT_DIGEST_ZONE),
      mark: mark(digestZone),
    }),
    digestRoleId === null
      ? say("view.mentions.nobody", { mark: mark(null) })
      : say("view.mentions", { role: `<@&${digestRoleId}>`, mark: mark(digestRoleId) }),
    say("view.riddle", {
      state: settings.digestRiddle === true ? "on" : "other",
      mark: mark(settings.digestRiddle),
    }),
    ...(status === undefined
      ? [say("config.no-token")]
      : [nextLine(settings, status), lastLine(guildId, status.latest, locale)]),
  ].join("\n");
}

/** After a change: the current values, one line each, and what else is worth knowing. */
export function savedCard(
  title: string,
  lines: readonly string[],
  options: { readonly isGood?: boolean } = {},
): Reply {
  const color = options.isGood === false ? CONFIG_COLOURS.bad : CONFIG_COLOURS.good;
  return { embeds: [{ title, color, description: joinWithin(lines, "\n", MAX_DESCRIPTION) }] };
}

function mark(chosen: unknown): string {
  return say(chosen === null ? "view.default" : "view.set-here");
}
