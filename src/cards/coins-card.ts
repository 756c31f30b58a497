import { type APIEmbed, ButtonStyle, ComponentType } from "discord-api-types/v10";
import { DISCORD_LIMITS } from "../discord/limits.ts";
import type { Reply } from "../discord/reply.ts";
import { shortened } from "../messages/format.ts";
import { say } from "../messages/say.ts";
import { storySentence } from "../messages/story.ts";
import { attributionLine, shortName, tierOf, verdictTitle } from "../messages/wording.ts";
import { coinHash } from "../prices/coins/coin.ts";
import type { LamboAnswer, LamboOutcome } from "../questions/answer.ts";
import { TIER_COLOURS } from "./answer-card.ts";
import { coinAuthor } from "./coin-card.ts";
import { controlId } from "./control-id.ts";
import { refusalText } from "./refusal.ts";
import { REFUSAL_COLOUR } from "./refusal-card.ts";

/**
 * A few coins in brief: verdict and story of each, why another has none, and a button for each that
 * opens its whole card.
 */
export function coinsCard(outcomes: readonly LamboOutcome[], locale: string): Reply {
  const answers = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.answer] : []));
  return {
    embeds: outcomes.map((outcome) =>
      outcome.ok
        ? briefly(outcome.answer, locale)
        : {
            description: refusalText(outcome.refusal, { locale, markup: "markdown" }),
            color: REFUSAL_COLOUR,
          },
    ),
    ...(answers.length > 0 && {
      components: [
        {
          type: ComponentType.ActionRow,
          components: answers.map((answer) => openButton(answer, locale)),
        },
      ],
    }),
  };
}

function briefly(answer: LamboAnswer, locale: string): APIEmbed {
  const { coin, history, valuation } = answer;
  const attribution = attributionLine(history, locale);
  return {
    author: coinAuthor(coin, locale),
    title: verdictTitle(answer, locale),
    description: [
      ...(valuation.flags.includes("demo") ? [`**⚠️ ${say(locale, "demo.notice")}**`] : []),
      storySentence(answer, locale, "markdown"),
      ...(attribution === "" ? [] : [`-# ${attribution}`]),
    ].join("\n"),
    color: TIER_COLOURS[tierOf(valuation)],
  };
}

function openButton({ coin, asked }: LamboAnswer, locale: string) {
  return {
    type: ComponentType.Button as const,
    style: ButtonStyle.Secondary as const,
    label: shortened(shortName(coin, locale, "plain"), DISCORD_LIMITS.buttonLabelLength),
    custom_id: controlId({ control: "open", coinHash: coinHash(coin.coinId), ...asked }),
  };
}
