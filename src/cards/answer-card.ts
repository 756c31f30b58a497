import {
  type APIActionRowComponent,
  type APIComponentInMessageActionRow,
  type APIEmbed,
  type APISelectMenuOption,
  ButtonStyle,
  ComponentType,
} from "discord-api-types/v10";
import type { LamboAnswer } from "../answer.ts";
import { DISCORD_LIMITS } from "../discord/limits.ts";
import type { Reply } from "../discord/reply.ts";
import { flagNote } from "../messages/flag-note.ts";
import {
  formatDay,
  formatMoney,
  formatMultiple,
  formatPrice,
  formatSignedMoney,
  plainText,
} from "../messages/format.ts";
import { say } from "../messages/say.ts";
import {
  attributionLine,
  carName,
  coinLabel,
  coinSymbol,
  currencyNote,
  distinctSources,
  firstLamboInWords,
  foreign,
  lambosInWords,
  storySentence,
  type Tier,
  tierOf,
  tradedInWords,
  verdictLine,
  verdictWords,
} from "../messages/wording.ts";
import type { Picture } from "../pictures/picture-maker.ts";
import { type Coin, coinHash } from "../prices/coins/coin.ts";
import { carValue, LAMBO_MODELS } from "../valuation/lambo-models.ts";
import { type Control, coinChoice, controlId } from "./control-id.ts";

/** How a card is shown: the locale, the audience, the time and the picture. */
export type AnswerCardOptions = {
  /** The reader's Discord locale, for numbers and dates. */
  readonly locale: string;
  /** Whether only the asker sees the card, which then offers to share it. */
  readonly isPrivate: boolean;
  /** Absent when it could not be drawn; the card is then sent without a picture. */
  readonly picture?: Picture | undefined;
  readonly now: Date;
};

/** File name of the attached picture, by which the embed refers to it. */
const PICTURE_FILE = "lambo.png";

/** Colour of the card's edge for each tier, 0xRRGGBB. */
export const TIER_COLOURS: Readonly<Record<Tier, number>> = {
  "moon-100": 0xf5b301,
  "moon-10": 0xf5b301,
  yes: 0x2e9e5b,
  nearly: 0x4c8dd6,
  "part-way": 0x4c8dd6,
  "spare-parts": 0x7d8794,
  steady: 0x7d8794,
  loss: 0xc0563b,
  dead: 0x4a4f57,
};

/** Stakes that the menu under a card offers, in the card's currency. */
export const MENU_STAKES = [100, 1000, 10_000] as const;

const MAX_URL = DISCORD_LIMITS.urlLength;

/**
 * An answer as a reply: verdict, story, three figures, notes, sources, picture, buttons and menus.
 */
export function answerCard(answer: LamboAnswer, options: AnswerCardOptions): Reply {
  const { locale, picture } = options;
  const { coin, history, valuation } = answer;
  const logoUrl = webAddress(coin.imageUrl);
  const asOf = Date.parse(history.asOf);
  const embed: APIEmbed = {
    author: { name: coinLabel(coin) },
    title: title(answer, locale),
    description: description(answer, options),
    color: TIER_COLOURS[tierOf(valuation)],
    fields: [
      {
        name: say("card.lambos"),
        value: `${lambosInWords(valuation.lambos, locale)}\n${carInWords(answer, locale)}`,
        inline: true,
      },
      {
        name: say("card.profit"),
        value: `${formatSignedMoney(valuation.profitUsd, answer.currency, locale)}\n${timesTheStake(answer, locale)}`,
        inline: true,
      },
      { name: say("card.first-lambo-day"), value: firstLambo(answer, locale), inline: true },
    ],
    footer: { text: footer(answer, locale) },
    ...(logoUrl === undefined ? {} : { thumbnail: { url: logoUrl } }),
    ...(Number.isNaN(asOf) ? {} : { timestamp: new Date(asOf).toISOString() }),
    ...(picture === undefined ? {} : { image: { url: `attachment://${PICTURE_FILE}` } }),
  };
  return {
    embeds: [embed],
    components: controls(answer, options),
    ...(picture === undefined
      ? {}
      : {
          files: [
            {
              name: PICTURE_FILE,
              data: picture.png,
              description: plainText(picture.altText, DISCORD_LIMITS.altTextLength),
            },
          ],
        }),
  };
}

/** A menu of coins, each with its name, symbol and rank; undefined when there are none. */
export function coinMenu(
  coins: readonly Coin[],
  placeholder: string,
  customId: string,
): APIActionRowComponent<APIComponentInMessageActionRow> | undefined {
  const byChoice = new Map(coins.map((coin) => [coinChoice(coin.coinId), coinLabel(coin)]));
  const menuOptions = [...byChoice]
    .slice(0, DISCORD_LIMITS.menuOptions)
    .map(([choice, label]) => ({ label, value: choice }));
  return menuOptions.length === 0 ? undefined : menu(customId, placeholder, menuOptions);
}

function carInWords({ asked, currency, valuation }: LamboAnswer, locale: string): string {
  return `${carName(asked.car, "markdown")}, ${formatMoney(valuation.carPriceUsd, currency, locale)}`;
}

function title({ valuation }: LamboAnswer, locale: string): string {
  const lambos = lambosInWords(valuation.lambos, locale);
  const values = { verdict: verdictWords(valuation, locale), lambos };
  return tierOf(valuation) === "dead" ? say("card.title.dead", values) : say("card.title", values);
}

function description(answer: LamboAnswer, { locale, now }: AnswerCardOptions): string {
  const { flags } = answer.valuation;
  const notes = flags
    .filter((flag) => flag !== "demo")
    .map((flag) => `-# ${flagNote(flag, answer, locale, now)}`);
  const rateNote = currencyNote(answer);
  const paragraphs = [
    flags.includes("demo") ? `**⚠️ ${say("demo.notice")}**` : undefined,
    storySentence(answer, locale, "markdown"),
    `*${verdictLine(answer)}*`,
    tradedInWords(answer, locale),
    [
      ...(rateNote === undefined ? [] : [`-# ${rateNote}`]),
      ...notes,
      attributionLine(answer.history),
    ]
      .filter((line) => line !== "")
      .join("\n"),
  ];
  return paragraphs.filter((paragraph) => paragraph !== undefined && paragraph !== "").join("\n\n");
}

function timesTheStake({ valuation }: LamboAnswer, locale: string): string {
  const times = formatMultiple(valuation.proceedsUsd / valuation.stakeUsd, locale);
  return say("card.times-the-stake", { times });
}

function firstLambo({ currency, valuation }: LamboAnswer, locale: string): string {
  const day = firstLamboInWords(valuation, locale);
  if (valuation.firstLamboDay === null) return day;
  const price = formatPrice(valuation.firstLamboDay.priceUsd, currency, locale);
  return `${day}\n${say("card.at-price", { price })}`;
}

function footer({ history, valuation }: LamboAnswer, locale: string): string {
  const names = distinctSources(history).map((source) => foreign(source.name, 40, "plain"));
  const demo =
    valuation.flags.includes("demo") && !names.some((name) => name.startsWith("Demo"))
      ? [say("demo.market")]
      : [];
  return [
    ...demo,
    names.join(", "),
    say("prices-to", { day: formatDay(valuation.lastRecordedOn, locale) }),
    say("not-advice"),
  ]
    .filter((part) => part !== "")
    .join(" · ");
}

function controls(
  answer: LamboAnswer,
  { locale, isPrivate }: AnswerCardOptions,
): APIActionRowComponent<APIComponentInMessageActionRow>[] {
  const { coin, asked, currency, valuation } = answer;
  const idOf = (control: Control) =>
    controlId({ control, coinHash: coinHash(coin.coinId), ...asked });
  const buttons: APIComponentInMessageActionRow[] = [
    {
      type: ComponentType.Button,
      style: ButtonStyle.Secondary,
      label: say("card.show-maths"),
      custom_id: idOf("maths"),
    },
  ];
  if (isPrivate)
    buttons.push({
      type: ComponentType.Button,
      style: ButtonStyle.Primary,
      label: say("card.share"),
      custom_id: idOf("share"),
    });

  const stakeLabel = (stakeUsd: number) =>
    say("card.stake", { stake: formatMoney(stakeUsd, currency, locale) });
  const stakes = MENU_STAKES.map((stake) => ({
    label: stakeLabel(stake / currency.perUsd),
    value: String(stake),
    default: stake === asked.stake,
  }));
  const others = answer.namesakes.filter((namesake) => namesake.coinId !== coin.coinId);
  const namesakes = coinMenu(
    others,
    say("card.not-this-coin", { symbol: coinSymbol(coin, "plain") }),
    idOf("coin"),
  );
  return [
    { type: ComponentType.ActionRow, components: buttons },
    menu(idOf("stake"), stakeLabel(valuation.stakeUsd), stakes),
    menu(idOf("car"), say("card.car"), carOptions(answer, locale)),
    ...(namesakes === undefined ? [] : [namesakes]),
  ];
}

function carOptions(
  { asked, currency, valuation }: LamboAnswer,
  locale: string,
): APISelectMenuOption[] {
  const price = (priceUsd: number) => formatMoney(priceUsd, currency, locale);
  const models = LAMBO_MODELS.map((model) => ({
    label: model.name,
    value: model.key,
    description: price(model.priceUsd),
    default: carValue(model) === carValue(asked.car),
  }));
  if (!("ownPrice" in asked.car)) return models;
  const own = {
    label: carName(asked.car, "plain"),
    value: carValue(asked.car),
    description: price(valuation.carPriceUsd),
    default: true,
  };
  return [own, ...models];
}

function menu(
  customId: string,
  placeholder: string,
  options: APISelectMenuOption[],
): APIActionRowComponent<APIComponentInMessageActionRow> {
  return {
    type: ComponentType.ActionRow,
    components: [
      {
        type: ComponentType.StringSelect,
        custom_id: customId,
        placeholder,
        options,
        min_values: 1,
        max_values: 1,
      },
    ],
  };
}

function webAddress(url: string | undefined): string | undefined {
  if (url === undefined || url.length > MAX_URL || !URL.canParse(url)) return undefined;
  const { protocol, href } = new URL(url);
  return protocol === "https:" && href.length <= MAX_URL ? href : undefined;
}
