import {
  type APIActionRowComponent,
  type APIComponentInMessageActionRow,
  type APIEmbed,
  type APIEmbedAuthor,
  type APISelectMenuOption,
  ButtonStyle,
  ComponentType,
} from "discord-api-types/v10";
import { DISCORD_LIMITS } from "../discord/limits.ts";
import type { Reply } from "../discord/reply.ts";
import { caveatInBrief, caveatsOf } from "../messages/flag-note.ts";
import { formatDay, formatMoney, plainText } from "../messages/format.ts";
import { sentences } from "../messages/lists.ts";
import { say } from "../messages/say.ts";
import {
  attributionLine,
  boughtNotes,
  carName,
  coinLabel,
  coinSymbol,
  currencyNote,
  readAsNote,
  takenForInWords,
} from "../messages/wording.ts";
import { type Coin, coinHash } from "../prices/coins/coin.ts";
import { BoundedMap } from "../process/bounded-map.ts";
import type { LamboAnswer } from "../questions/answer.ts";
import type { ShownCurrency } from "../valuation/currency.ts";
import { carValue, LAMBO_MODELS } from "../valuation/lambo-models.ts";
import { type CardReplyParts, cardReply } from "./card-reply.ts";
import { type Control, coinChoice, controlId } from "./control-id.ts";

/** What a card about one coin says, and what hangs on it. */
export type CoinCardParts = CardReplyParts & {
  readonly title: string;
  /** Discord markdown. */
  readonly description: string;
  /** Of the card's edge, 0xRRGGBB. */
  readonly colour: number;
  readonly footer: string;
  /** Where the title leads; absent on cards that have no web page. */
  readonly pageUrl?: string | undefined;
};

/** Stakes that the menu under a card offers, in the card's currency. */
export const MENU_STAKES = [100, 1000, 10_000] as const;

/** The value of the last option of the stake menu, which opens a modal. */
export const OTHER_STAKE = "other";

const MAX_URL = DISCORD_LIMITS.urlLength;

/** A card about one coin as a reply: its name and logo stand above what the parts say. */
export function coinCard(
  { coin, history }: Pick<LamboAnswer, "coin" | "history">,
  { title, description, colour, footer, pageUrl, ...parts }: CoinCardParts,
  locale: string,
): Reply {
  const hasPage = pageUrl !== undefined && pageUrl.length <= MAX_URL;
  const asOf = Date.parse(history.asOf);
  const embed: APIEmbed = {
    author: coinAuthor(coin, locale),
    title,
    ...(hasPage && { url: pageUrl }),
    description,
    color: colour,
    footer: { text: footer },
    ...(Number.isNaN(asOf) ? {} : { timestamp: new Date(asOf).toISOString() }),
  };
  return cardReply(embed, parts, locale);
}

/** The line above a title: which coin is meant. */
export function coinAuthor(coin: Coin, locale: string): APIEmbedAuthor {
  const logoUrl = webAddress(coin.imageUrl);
  // The logo stands here because a thumbnail would take a third of a phone's width.
  return { name: coinLabel(coin, locale), ...(logoUrl === undefined ? {} : { icon_url: logoUrl }) };
}

/** With so many caveats a card has no joke: it would be in the way. */
const GRAVE_CAVEATS = 3;

/**
 * What stands between a card's title and its picture: the story, the joke, and around them in small
 * print what is to be said of how the question was read, of the prices and of their sources.
 */
export function coinDescription(
  answer: LamboAnswer,
  {
    locale,
    now,
    isPrivate,
    isByChance,
  }: {
    readonly locale: string;
    readonly now: Date;
    /** Whether only the asker sees the card. */
    readonly isPrivate: boolean;
    readonly isByChance: boolean;
  },
  {
    story,
    joke,
    remarks,
  }: {
    readonly story: string;
    readonly joke: string;
    readonly remarks: readonly (string | undefined)[];
  },
): string {
  const readAs = readAsNote(answer, locale, "markdown");
  const notes = [
    ...(isByChance ? [say(locale, "card.by-chance")] : []),
    ...(answer.guess === undefined ? [] : [takenForInWords(answer, locale, "markdown")]),
    ...(readAs === undefined ? [] : [readAs]),
    ...boughtNotes(answer, locale, "markdown", { isAsker: isPrivate }),
  ];
  // One line, because on a phone every new line costs the picture its place.
  const small = [
    ...remarks,
    caveats(answer, locale, now),
    attributionLine(answer.history, locale),
  ].filter((part) => part !== undefined && part !== "");
  const rateNote = currencyNote(answer, locale);
  const isGrave = caveatsOf(answer.valuation).length >= GRAVE_CAVEATS;
  return [
    ...(answer.valuation.flags.includes("demo") ? [`**⚠️ ${say(locale, "demo.notice")}**`] : []),
    ...(notes.length === 0 ? [] : [`-# ${sentences(notes, locale)}`]),
    story,
    ...(isGrave ? [] : [`*${joke}*`]),
    ...(rateNote === undefined ? [] : [`-# ${rateNote}`]),
    ...(small.length === 0 ? [] : [`-# ${small.join(" · ")}`]),
  ].join("\n");
}

function caveats(answer: LamboAnswer, locale: string, now: Date): string | undefined {
  const flags = caveatsOf(answer.valuation);
  return flags.length === 0
    ? undefined
    : say(locale, "card.caveats", {
        caveats: flags.map((flag) => caveatInBrief(flag, answer, locale, now)).join(" · "),
      });
}

/** Below the picture stands what nobody has to read to understand the answer. */
export function cardFooter(answer: LamboAnswer, locale: string, details: string): string {
  const { asked, currency, valuation } = answer;
  const values = {
    car: carName(asked.car, locale, "plain"),
    price: formatMoney(valuation.carPriceUsd, currency, locale),
    day: formatDay(valuation.lastRecordedOn, locale),
  };
  return [
    details,
    valuation.flags.includes("demo")
      ? say(locale, "card.footer.demo", values)
      : say(locale, "card.footer", values),
  ].join(" · ");
}

/** How a card about one coin is shown: the locale, the audience, the time and the picture. */
export type CoinCardOptions = Pick<CardReplyParts, "picture" | "sharedBy"> & {
  /** The reader's Discord locale, for numbers and dates. */
  readonly locale: string;
  /** Whether only the asker sees the card, which then offers to share it. */
  readonly isPrivate: boolean;
  /** The answer's web page, which the title links to; absent when there is none. */
  readonly pageUrl?: string | undefined;
  readonly now: Date;
  /** Whether the coin was chosen by chance; the card then offers another one. */
  readonly isByChance?: boolean;
};

/**
 * The buttons and menus under a card: its own first button, another coin, sharing, and the menus.
 * `command` is the one that they call, `/lambo` when absent.
 */
export function cardControls(
  answer: LamboAnswer,
  { locale, isPrivate, isByChance, sharedBy }: CoinCardOptions,
  {
    command,
    first,
  }: {
    readonly command?: "wen";
    readonly first: { readonly control: Control; readonly label: string };
  },
): readonly APIActionRowComponent<APIComponentInMessageActionRow>[] {
  const { coin, asked, bought } = answer;
  const idOf = (control: Control) =>
    controlId({
      ...(command !== undefined && { command }),
      control,
      coinHash: coinHash(coin.coinId),
      ...asked,
      ...(bought !== undefined && { bought: bought.asked }),
      ...(isByChance && { isByChance }),
      ...(sharedBy !== undefined && { isShared: true }),
    });
  const button = (
    control: Control,
    label: string,
    style: ButtonStyle.Primary | ButtonStyle.Secondary,
  ) => ({
    type: ComponentType.Button as const,
    style,
    label,
    custom_id: idOf(control),
  });
  return [
    {
      type: ComponentType.ActionRow,
      components: [
        button(first.control, first.label, ButtonStyle.Secondary),
        ...(isByChance
          ? [button("another", say(locale, "card.another-coin"), ButtonStyle.Secondary)]
          : []),
        ...(isPrivate ? [button("share", say(locale, "card.share"), ButtonStyle.Primary)] : []),
      ],
    },
    ...purchaseMenus(answer, locale, idOf),
  ];
}

/** The menus under a card: stake, car, and other coins that may have been meant. */
function purchaseMenus(
  answer: LamboAnswer,
  locale: string,
  idOf: (control: Control) => string,
): readonly APIActionRowComponent<APIComponentInMessageActionRow>[] {
  const { coin, asked, currency, valuation } = answer;
  const stakeLabel = (stakeUsd: number) =>
    say(locale, "card.stake", { stake: formatMoney(stakeUsd, currency, locale) });
  // One option is always preselected: otherwise an edited menu would keep showing what somebody
  // last chose in it.
  const stakes = [...new Set([...MENU_STAKES, asked.stake])]
    .sort((one, other) => one - other)
    .map((stake) => ({
      label: stakeLabel(stake / currency.perUsd),
      value: String(stake),
      default: stake === asked.stake,
    }));
  const otherStake = { label: say(locale, "card.other-stake"), value: OTHER_STAKE };
  const others = [...(answer.guess?.others ?? []), ...answer.namesakes].filter(
    ({ coinId }) => coinId !== coin.coinId,
  );
  const otherCoins = coinMenu(
    others,
    answer.guess === undefined
      ? say(locale, "card.not-this-coin", { symbol: coinSymbol(coin, locale, "plain") })
      : say(locale, "card.not-meant"),
    idOf("coin"),
    locale,
  );
  return [
    menu(idOf("stake"), stakeLabel(valuation.stakeUsd), [...stakes, otherStake]),
    menu(idOf("car"), say(locale, "card.car"), carOptions(answer, locale)),
    ...(otherCoins === undefined ? [] : [otherCoins]),
  ];
}

/** A menu of coins, each with its name, symbol and rank; undefined when there are none. */
export function coinMenu(
  coins: readonly Coin[],
  placeholder: string,
  customId: string,
  locale: string,
): APIActionRowComponent<APIComponentInMessageActionRow> | undefined {
  const options = coinOptions(coins, locale);
  return options.length === 0 ? undefined : menu(customId, placeholder, options);
}

/**
 * What a menu of coins offers: each coin once, as many as a menu may have. Namesakes have their ids
 * below their names.
 */
export function coinOptions(coins: readonly Coin[], locale: string): APISelectMenuOption[] {
  const byChoice = new Map(coins.map((coin) => [coinChoice(coin.coinId), coin]));
  const offered = [...byChoice].slice(0, DISCORD_LIMITS.menuOptions);
  const labels = offered.map(([, coin]) => coinLabel(coin, locale));
  return offered.map(([value, { coinId }], index) => {
    const label = labels[index] ?? "";
    const isShared = labels.indexOf(label) !== labels.lastIndexOf(label);
    const description = plainText(coinId, DISCORD_LIMITS.menuOptionLength);
    return { label, value, ...(isShared && { description }) };
  });
}

function carOptions(
  { asked, currency, valuation }: LamboAnswer,
  locale: string,
): readonly APISelectMenuOption[] {
  if (!("ownPrice" in asked.car)) return modelOptions(carValue(asked.car), currency, locale);
  const own = {
    label: carName(asked.car, locale, "plain"),
    value: carValue(asked.car),
    description: formatMoney(valuation.carPriceUsd, currency, locale),
    default: true,
  };
  return [own, ...modelOptions(undefined, currency, locale)];
}

/** Every card has the prices of all models, which only the exchange rate changes. */
const shownModels = new BoundedMap<string, readonly APISelectMenuOption[]>({ maxEntries: 500 });

function modelOptions(
  chosen: string | undefined,
  currency: ShownCurrency,
  locale: string,
): readonly APISelectMenuOption[] {
  const key = `${locale} ${currency.code} ${currency.perUsd} ${chosen}`;
  return shownModels.getOrInsertComputed(key, () =>
    LAMBO_MODELS.map((model) => ({
      label: carName(model, locale, "plain"),
      value: model.key,
      description: formatMoney(model.priceUsd, currency, locale),
      default: carValue(model) === chosen,
    })),
  );
}

/** A menu in a row of its own, in which `least` to `most` options are chosen: one by default. */
export function menu(
  customId: string,
  placeholder: string,
  options: readonly APISelectMenuOption[],
  { least = 1, most = 1 }: { readonly least?: number; readonly most?: number } = {},
): APIActionRowComponent<APIComponentInMessageActionRow> {
  return {
    type: ComponentType.ActionRow,
    components: [
      {
        type: ComponentType.StringSelect,
        custom_id: customId,
        placeholder,
        options: [...options],
        min_values: least,
        max_values: most,
      },
    ],
  };
}

function webAddress(url: string | undefined): string | undefined {
  if (url === undefined || url.length > MAX_URL || !URL.canParse(url)) return undefined;
  const { protocol, href } = new URL(url);
  return protocol === "https:" && href.length <= MAX_URL ? href : undefined;
}
