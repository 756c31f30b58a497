import {
  type APIActionRowComponent,
  type APIButtonComponent,
  type APIComponentInMessageActionRow,
  type APIEmbed,
  ButtonStyle,
  ComponentType,
} from "discord-api-types/v10";
import { DISCORD_LIMITS } from "../discord/limits.ts";
import type { Reply } from "../discord/reply.ts";
import {
  comparedCoin,
  comparisonCaveats,
  comparisonReadings,
  comparisonStory,
  comparisonTitle,
} from "../messages/comparison-wording.ts";
import { formatDay, formatMoney, shortened } from "../messages/format.ts";
import { sentences } from "../messages/lists.ts";
import { say } from "../messages/say.ts";
import {
  attributionLine,
  carName,
  coinName,
  currencyNote,
  readAsNote,
  tierOf,
} from "../messages/wording.ts";
import { type Coin, coinHash } from "../prices/coins/coin.ts";
import {
  type Comparison,
  type ComparisonQuestion,
  type ComparisonStart,
  MAX_COMPARED,
} from "../questions/comparison.ts";
import type { Refusal } from "../questions/refusal.ts";
import { later } from "../valuation/calendar.ts";
import { TIER_COLOURS } from "./answer-card.ts";
import { cardReply } from "./card-reply.ts";
import { type CoinCardOptions, coinOptions, menu } from "./coin-card.ts";
import { comparisonControlId, openCoinId } from "./comparison-control-id.ts";
import { leftOutText, offeredCoins } from "./refusal.ts";
import { refusalCard } from "./refusal-card.ts";

/** How a comparison is shown: the locale, the audience, the time and the picture. */
export type ComparisonCardOptions = Pick<
  CoinCardOptions,
  "locale" | "isPrivate" | "picture" | "now" | "sharedBy"
>;

/**
 * A comparison as a reply: the verdict, what each coin became, best first, a few small lines, the
 * picture, and buttons that change from when the coins are bought and that open each coin.
 */
export function comparisonCard(comparison: Comparison, options: ComparisonCardOptions): Reply {
  const { locale } = options;
  const { answers } = comparison;
  const names = answers.map(({ coin }) => coinName(coin, locale, "markdown"));
  const valuations = answers.map(({ valuation }) => valuation);
  const [best] = valuations;
  const embed: APIEmbed = {
    title: comparisonTitle(names, valuations, locale),
    description: description(comparison, options),
    ...(best !== undefined && { color: TIER_COLOURS[tierOf(best)] }),
    footer: { text: footer(comparison, locale) },
  };
  return cardReply(
    embed,
    {
      picture: options.picture,
      sharedBy: options.sharedBy,
      components: controls(comparison, options),
    },
    locale,
  );
}

/**
 * A refused comparison as a private reply. If there are coins to choose from, a menu offers them,
 * and keeps the coins that were found, the stake, the car and from when they are bought.
 */
export function comparisonRefusalCard(
  refusal: Refusal,
  {
    locale,
    asked,
  }: { readonly locale: string; readonly asked?: Omit<ComparisonQuestion, "coins"> | undefined },
): Reply {
  const plain = refusalCard(refusal, { locale });
  if (refusal.reason !== "too-few-coins" || asked === undefined) return plain;
  const { coin, refusals } = refusal;
  const found = coin === undefined ? [] : [coin];
  const menu = coinsMenu(found, refusals, asked, locale);
  return { ...plain, ...(menu !== undefined && { components: [menu] }) };
}

function description(comparison: Comparison, { locale, now }: ComparisonCardOptions): string {
  const { answers, refusals } = comparison;
  const readAs = readAsNote(comparison, locale, "markdown");
  const readings = [
    ...comparisonReadings(comparison, locale, "markdown"),
    ...(readAs === undefined ? [] : [readAs]),
  ];
  const caveats = comparisonCaveats(comparison, locale, now);
  const histories = answers.map(({ history }) => history);
  const flags = histories.flatMap((history) => history.flags);
  // One line, because on a phone every new line costs the picture its place.
  const small = [
    ...(caveats.length === 0
      ? []
      : [say(locale, "card.caveats", { caveats: caveats.join(" · ") })]),
    attributionLine({ sources: histories.flatMap(({ sources }) => sources), flags }, locale),
  ].filter((part) => part !== "");
  const rateNote = currencyNote(comparison, locale);
  return [
    ...(flags.includes("demo") ? [`**⚠️ ${say(locale, "demo.notice")}**`] : []),
    ...(readings.length === 0 ? [] : [`-# ${sentences(readings, locale)}`]),
    comparisonStory(comparison, locale, "markdown"),
    ...answers.map((answer) => comparedCoin(answer, locale, "markdown")),
    ...refusals.map(
      (refusal) =>
        `-# ${say(locale, "compare.left-out", { why: leftOutText(refusal, locale, "markdown") })}`,
    ),
    ...(rateNote === undefined ? [] : [`-# ${rateNote}`]),
    ...(small.length === 0 ? [] : [`-# ${small.join(" · ")}`]),
  ].join("\n");
}

function footer({ asked, currency, answers }: Comparison, locale: string): string {
  const valuations = answers.map(({ valuation }) => valuation);
  const values = {
    car: carName(asked.car, locale, "plain"),
    price: formatMoney(valuations[0]?.carPriceUsd ?? 0, currency, locale),
    day: formatDay(
      valuations.map(({ lastRecordedOn }) => lastRecordedOn).reduce(later, ""),
      locale,
    ),
  };
  return valuations.some(({ flags }) => flags.includes("demo"))
    ? say(locale, "card.footer.demo", values)
    : say(locale, "card.footer", values);
}

type Row = APIActionRowComponent<APIComponentInMessageActionRow>;

function controls(
  { answers, asked, from, refusals, youngest }: Comparison,
  { isPrivate, locale, sharedBy }: ComparisonCardOptions,
): Row[] {
  const coins = answers.map(({ coin }) => coin);
  // A coin that was left out may be back in the next comparison.
  const found = [
    ...coins,
    ...refusals.flatMap((refusal) =>
      "coin" in refusal && refusal.coin !== undefined ? [refusal.coin] : [],
    ),
  ];
  const idOf = (control: "from" | "share", start: ComparisonStart) =>
    comparisonControlId({
      control,
      coinHashes: found.map(({ coinId }) => coinHash(coinId)),
      ...asked,
      from: start,
      ...(sharedBy !== undefined && { isShared: true }),
    });
  const boughtOn = from === "youngest" && youngest !== undefined ? youngest.listedOn : null;
  const open = coins.map((coin) =>
    button(
      coinName(coin, locale, "plain"),
      openCoinId({ coinHash: coinHash(coin.coinId), ...asked, boughtOn }),
    ),
  );
  const about = [
    ...(youngest === undefined
      ? []
      : from === "each"
        ? [
            button(
              shortened(
                say(locale, "compare.from.youngest", {
                  coin: coinName(youngest.coin, locale, "plain"),
                }),
                DISCORD_LIMITS.buttonLabelLength,
              ),
              idOf("from", "youngest"),
            ),
          ]
        : [button(say(locale, "compare.from.each"), idOf("from", "each"))]),
    ...(isPrivate
      ? [button(say(locale, "card.share"), idOf("share", from), ButtonStyle.Primary)]
      : []),
  ];
  const menu = coinsMenu(found, refusals, { ...asked, from }, locale, sharedBy !== undefined);
  return [
    { type: ComponentType.ActionRow, components: open },
    ...(about.length === 0 ? [] : [{ type: ComponentType.ActionRow as const, components: about }]),
    ...(menu === undefined ? [] : [menu]),
  ];
}

function button(
  label: string,
  customId: string,
  style: ButtonStyle.Primary | ButtonStyle.Secondary = ButtonStyle.Secondary,
): APIButtonComponent {
  return { type: ComponentType.Button, style, label, custom_id: customId };
}

/**
 * A menu of the coins that the refused texts may mean, to be added to those that were found;
 * undefined where there is nothing to choose from, or not enough for a comparison.
 */
function coinsMenu(
  found: readonly Coin[],
  refusals: readonly Refusal[],
  asked: Omit<ComparisonQuestion, "coins">,
  locale: string,
  isShared = false,
): Row | undefined {
  const known = new Set(found.map(({ coinId }) => coinId));
  const offered = refusals.flatMap(offeredCoins).filter(({ coinId }) => !known.has(coinId));
  const options = coinOptions(offered, locale);
  const least = Math.max(1, 2 - found.length);
  const most = Math.min(MAX_COMPARED - found.length, options.length);
  if (most < least) return undefined;
  const customId = comparisonControlId({
    control: "coins",
    coinHashes: found.map(({ coinId }) => coinHash(coinId)),
    ...asked,
    ...(isShared && { isShared: true }),
  });
  return menu(customId, say(locale, "compare.which"), options, { least, most });
}
