import {
  type APIActionRowComponent,
  type APIComponentInMessageActionRow,
  type APIEmbed,
  type APISelectMenuOption,
  ButtonStyle,
  ComponentType,
} from "discord-api-types/v10";
import { DISCORD_LIMITS } from "../discord/limits.ts";
import type { Reply } from "../discord/reply.ts";
import { caveatInBrief, caveatsOf } from "../messages/flag-note.ts";
import { formatDay, formatMoney, plainText } from "../messages/format.ts";
import { verdictLine } from "../messages/jokes.ts";
import { say } from "../messages/say.ts";
import { stakeForOneInBrief, storyDetails, storySentence } from "../messages/story.ts";
import {
  attributionLine,
  carName,
  coinLabel,
  coinSymbol,
  currencyNote,
  readAsNote,
  type Tier,
  takenForInWords,
  tierOf,
  tradedInWords,
  verdictTitle,
} from "../messages/wording.ts";
import type { Picture } from "../pictures/picture-maker.ts";
import { type Coin, coinHash } from "../prices/coins/coin.ts";
import { BoundedMap } from "../process/bounded-map.ts";
import type { LamboAnswer } from "../questions/answer.ts";
import type { ShownCurrency } from "../valuation/currency.ts";
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
  /** Whether the coin was chosen by chance; the card then offers another one. */
  readonly isByChance?: boolean;
  /** The user who shared the card, by id; absent on other cards. */
  readonly sharedBy?: string | undefined;
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

/** The value of the last option of the stake menu, which opens a modal. */
export const OTHER_STAKE = "other";

/** With so many caveats a card has no joke. */
const GRAVE_CAVEATS = 3;
const MAX_URL = DISCORD_LIMITS.urlLength;

/**
 * An answer as a reply: verdict, story, joke, a few small lines, picture, buttons and menus. It is
 * laid out for a phone: what would push the picture off the screen is in *Show the maths*.
 */
export function answerCard(answer: LamboAnswer, options: AnswerCardOptions): Reply {
  const { locale, picture } = options;
  const { coin, history, valuation } = answer;
  const logoUrl = webAddress(coin.imageUrl);
  const asOf = Date.parse(history.asOf);
  const embed: APIEmbed = {
    // The logo stands here because a thumbnail would take a third of a phone's width.
    author: { name: coinLabel(coin), ...(logoUrl === undefined ? {} : { icon_url: logoUrl }) },
    title: verdictTitle(valuation, locale),
    description: description(answer, options),
    color: TIER_COLOURS[tierOf(valuation)],
    footer: { text: footer(answer, locale) },
    ...(Number.isNaN(asOf) ? {} : { timestamp: new Date(asOf).toISOString() }),
    ...(picture === undefined ? {} : { image: { url: `attachment://${PICTURE_FILE}` } }),
  };
  const { sharedBy } = options;
  return {
    // No reply pings anybody, whatever it mentions.
    ...(sharedBy !== undefined && {
      content: `-# ${say("card.shared-by", { user: `<@${sharedBy}>` })}`,
    }),
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

function description(answer: LamboAnswer, options: AnswerCardOptions): string {
  const { locale, now } = options;
  const readAs = readAsNote(answer, locale, "markdown");
  const notes = [
    ...(options.isByChance ? [say("card.by-chance")] : []),
    ...(answer.guess === undefined ? [] : [takenForInWords(answer, "markdown")]),
    ...(readAs === undefined ? [] : [readAs]),
  ];
  // One line, because on a phone every new line costs the picture its place.
  const small = [
    stakeForOneInBrief(answer, locale),
    tradedInWords(answer, locale, { briefly: true }),
    caveats(answer, locale, now),
    attributionLine(answer.history),
  ].filter((part) => part !== undefined && part !== "");
  const rateNote = currencyNote(answer);
  return [
    ...(answer.valuation.flags.includes("demo") ? [`**⚠️ ${say("demo.notice")}**`] : []),
    ...(notes.length === 0 ? [] : [`-# ${notes.join(" ")}`]),
    storySentence(answer, locale, "markdown"),
    ...(isGrave(answer) ? [] : [`*${verdictLine(answer, now)}*`]),
    ...(rateNote === undefined ? [] : [`-# ${rateNote}`]),
    ...(small.length === 0 ? [] : [`-# ${small.join(" · ")}`]),
  ].join("\n");
}

/** Whether so much is to be said against the figures that a joke would be in the way. */
function isGrave({ valuation }: LamboAnswer): boolean {
  return caveatsOf(valuation).length >= GRAVE_CAVEATS;
}

function caveats(answer: LamboAnswer, locale: string, now: Date): string | undefined {
  const flags = caveatsOf(answer.valuation);
  return flags.length === 0
    ? undefined
    : say("card.caveats", {
        caveats: flags.map((flag) => caveatInBrief(flag, answer, locale, now)).join(" · "),
      });
}

/** Below the picture stands what nobody has to read to understand the answer. */
function footer(answer: LamboAnswer, locale: string): string {
  const { asked, currency, valuation } = answer;
  const values = {
    car: carName(asked.car, "plain"),
    price: formatMoney(valuation.carPriceUsd, currency, locale),
    day: formatDay(valuation.lastRecordedOn, locale),
  };
  return [
    storyDetails(answer, locale),
    valuation.flags.includes("demo") ? say("card.footer.demo", values) : say("card.footer", values),
  ].join(" · ");
}

function controls(
  answer: LamboAnswer,
  { locale, isPrivate, isByChance, sharedBy }: AnswerCardOptions,
): APIActionRowComponent<APIComponentInMessageActionRow>[] {
  const { coin, asked, currency, valuation } = answer;
  const idOf = (control: Control) =>
    controlId({
      control,
      coinHash: coinHash(coin.coinId),
      ...asked,
      ...(isByChance && { isByChance }),
      ...(sharedBy !== undefined && { isShared: true }),
    });
  const buttons: APIComponentInMessageActionRow[] = [
    {
      type: ComponentType.Button,
      style: ButtonStyle.Secondary,
      label: say("card.show-maths"),
      custom_id: idOf("maths"),
    },
  ];
  if (isByChance)
    buttons.push({
      type: ComponentType.Button,
      style: ButtonStyle.Secondary,
      label: say("card.another-coin"),
      custom_id: idOf("another"),
    });
  if (isPrivate)
    buttons.push({
      type: ComponentType.Button,
      style: ButtonStyle.Primary,
      label: say("card.share"),
      custom_id: idOf("share"),
    });

  const stakeLabel = (stakeUsd: number) =>
    say("card.stake", { stake: formatMoney(stakeUsd, currency, locale) });
  // There is always one that is chosen: an edited menu would else go on showing what was chosen
  // in it last.
  const stakes = [...new Set([...MENU_STAKES, asked.stake])]
    .sort((one, other) => one - other)
    .map((stake) => ({
      label: stakeLabel(stake / currency.perUsd),
      value: String(stake),
      default: stake === asked.stake,
    }));
  const otherStake = { label: say("card.other-stake"), value: OTHER_STAKE };
  const others = [...(answer.guess?.others ?? []), ...answer.namesakes].filter(
    ({ coinId }) => coinId !== coin.coinId,
  );
  const otherCoins = coinMenu(
    others,
    answer.guess === undefined
      ? say("card.not-this-coin", { symbol: coinSymbol(coin, "plain") })
      : say("card.not-meant"),
    idOf("coin"),
  );
  return [
    { type: ComponentType.ActionRow, components: buttons },
    menu(idOf("stake"), stakeLabel(valuation.stakeUsd), [...stakes, otherStake]),
    menu(idOf("car"), say("card.car"), carOptions(answer, locale)),
    ...(otherCoins === undefined ? [] : [otherCoins]),
  ];
}

function carOptions(
  { asked, currency, valuation }: LamboAnswer,
  locale: string,
): APISelectMenuOption[] {
  const prices = modelPrices(currency, locale);
  const models = LAMBO_MODELS.map((model, at) => ({
    label: model.name,
    value: model.key,
    description: prices[at] ?? "",
    default: carValue(model) === carValue(asked.car),
  }));
  if (!("ownPrice" in asked.car)) return models;
  const own = {
    label: carName(asked.car, "plain"),
    value: carValue(asked.car),
    description: formatMoney(valuation.carPriceUsd, currency, locale),
    default: true,
  };
  return [own, ...models];
}

/** Every card has the prices of all models, which only the exchange rate changes. */
const shownModelPrices = new BoundedMap<string, readonly string[]>({ maxEntries: 500 });

function modelPrices(currency: ShownCurrency, locale: string): readonly string[] {
  return shownModelPrices.getOrInsertComputed(`${locale} ${currency.code} ${currency.perUsd}`, () =>
    LAMBO_MODELS.map(({ priceUsd }) => formatMoney(priceUsd, currency, locale)),
  );
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
