import {
  type APIActionRowComponent,
  type APIComponentInMessageActionRow,
  ButtonStyle,
  ComponentType,
} from "discord-api-types/v10";
import type { Reply } from "../discord/reply.ts";
import { formatDay, formatMoney } from "../messages/format.ts";
import { verdictLine } from "../messages/jokes.ts";
import { say } from "../messages/say.ts";
import { stakeForOneInBrief, storyDetails, storySentence } from "../messages/story.ts";
import { carName, type Tier, tierOf, tradedInWords, verdictTitle } from "../messages/wording.ts";
import type { Picture } from "../pictures/picture-maker.ts";
import { coinHash } from "../prices/coins/coin.ts";
import type { LamboAnswer } from "../questions/answer.ts";
import { coinCard, coinDescription, purchaseMenus } from "./coin-card.ts";
import { type Control, controlId } from "./control-id.ts";

/** How a card is shown: the locale, the audience, the time and the picture. */
export type AnswerCardOptions = {
  /** The reader's Discord locale, for numbers and dates. */
  readonly locale: string;
  /** Whether only the asker sees the card, which then offers to share it. */
  readonly isPrivate: boolean;
  /** Absent when it could not be drawn; the card is then sent without a picture. */
  readonly picture?: Picture | undefined;
  /** The answer's web page, which the title links to; absent when there is none. */
  readonly pageUrl?: string | undefined;
  readonly now: Date;
  /** Whether the coin was chosen by chance; the card then offers another one. */
  readonly isByChance?: boolean;
  /** The user who shared the card, by id; absent on other cards. */
  readonly sharedBy?: string | undefined;
};

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

/**
 * An answer as a reply: verdict, story, joke, a few small lines, picture, buttons and menus. It is
 * laid out for a phone: what would push the picture off the screen is in *Show the maths*.
 */
export function answerCard(answer: LamboAnswer, options: AnswerCardOptions): Reply {
  const { locale, picture, pageUrl, sharedBy } = options;
  const { valuation } = answer;
  return coinCard(answer, {
    title: verdictTitle(valuation, locale),
    description: description(answer, options),
    colour: TIER_COLOURS[tierOf(valuation)],
    footer: footer(answer, locale),
    picture,
    pageUrl,
    sharedBy,
    components: controls(answer, options),
  });
}

function description(answer: LamboAnswer, options: AnswerCardOptions): string {
  const { locale, now, isByChance = false } = options;
  return coinDescription(
    answer,
    { locale, now, isByChance },
    {
      story: storySentence(answer, locale, "markdown"),
      joke: verdictLine(answer, now),
      remarks: [
        stakeForOneInBrief(answer, locale),
        tradedInWords(answer, locale, { briefly: true }),
      ],
    },
  );
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
  const { coin, asked } = answer;
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

  return [
    { type: ComponentType.ActionRow, components: buttons },
    ...purchaseMenus(answer, locale, idOf),
  ];
}
