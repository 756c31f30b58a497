import type { Reply } from "../discord/reply.ts";
import { wenLine } from "../messages/jokes.ts";
import { sentences } from "../messages/lists.ts";
import { say } from "../messages/say.ts";
import {
  moodOf,
  pastInWords,
  type WenMood,
  wenDetails,
  wenStory,
  wenTitle,
} from "../messages/wen-wording.ts";
import type { Tier } from "../messages/wording.ts";
import type { WenAnswer } from "../questions/wen.ts";
import { TIER_COLOURS } from "./answer-card.ts";
import {
  type CoinCardOptions,
  cardControls,
  cardFooter,
  coinCard,
  coinDescription,
} from "./coin-card.ts";

/** The verdict whose colour the card of each mood has. */
const TIERS: Readonly<Record<WenMood, Tier>> = {
  there: "yes",
  dead: "dead",
  "was-there": "nearly",
  near: "nearly",
  far: "part-way",
  orbit: "spare-parts",
};

/**
 * The price that one coin would have to be worth as a reply, laid out like the card of `/lambo`,
 * with a button that opens that card.
 */
export function wenCard(answer: WenAnswer, options: CoinCardOptions): Reply {
  const { locale, now, isPrivate, isByChance = false, picture, sharedBy } = options;
  return coinCard(
    answer,
    {
      title: wenTitle(answer, locale),
      description: coinDescription(
        answer,
        { locale, now, isPrivate, isByChance },
        {
          story: sentences(wenStory(answer, locale, "markdown"), locale),
          joke: wenLine(answer, now, locale),
          remarks: [],
        },
      ),
      colour: TIER_COLOURS[TIERS[moodOf(answer)]],
      // The past is marked in the picture as well, which it would push off a phone's screen.
      footer: cardFooter(
        answer,
        locale,
        sentences([pastInWords(answer, locale), wenDetails(answer, locale)], locale),
      ),
      picture,
      sharedBy,
      components: cardControls(answer, options, {
        command: "wen",
        first: { control: "lambo", label: say(locale, "wen.show-lambos") },
      }),
    },
    locale,
  );
}
