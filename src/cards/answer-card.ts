import type { Reply } from "../discord/reply.ts";
import { verdictLine } from "../messages/jokes.ts";
import { say } from "../messages/say.ts";
import { stakeForOneInBrief, storyDetails, storySentence } from "../messages/story.ts";
import { type Tier, tierOf, tradedInWords, verdictTitle } from "../messages/wording.ts";
import type { LamboAnswer } from "../questions/answer.ts";
import {
  type CoinCardOptions,
  cardControls,
  cardFooter,
  coinCard,
  coinDescription,
} from "./coin-card.ts";
import { knownCard, knownCardWithPicture } from "./known-cards.ts";

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
export function answerCard(answer: LamboAnswer, options: CoinCardOptions): Reply {
  const { picture } = options;
  const card = knownCard(answer, options, () => writtenCard(answer, options));
  return picture === undefined ? card : knownCardWithPicture(card, picture);
}

function writtenCard(answer: LamboAnswer, options: CoinCardOptions): Reply {
  const { locale, pageUrl, sharedBy } = options;
  const { valuation } = answer;
  return coinCard(
    answer,
    {
      title: verdictTitle(answer, locale),
      description: description(answer, options),
      colour: TIER_COLOURS[tierOf(valuation)],
      footer: cardFooter(answer, locale, storyDetails(answer, locale)),
      pageUrl,
      sharedBy,
      components: cardControls(answer, options, {
        first: { control: "maths", label: say(locale, "card.show-maths") },
      }),
    },
    locale,
  );
}

function description(answer: LamboAnswer, options: CoinCardOptions): string {
  const { locale, now, isPrivate, isByChance = false } = options;
  return coinDescription(
    answer,
    { locale, now, isPrivate, isByChance },
    {
      story: storySentence(answer, locale, "markdown", { isAsker: isPrivate }),
      joke: verdictLine(answer, now, locale),
      remarks: [
        stakeForOneInBrief(answer, locale),
        tradedInWords(answer, locale, { briefly: true }),
      ],
    },
  );
}
