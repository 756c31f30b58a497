import { ButtonStyle, ComponentType } from "discord-api-types/v10";
import { refusalCard } from "../cards/refusal-card.ts";
import type { ComponentCall } from "../discord/call.ts";
import { type CommandResult, replied } from "../discord/reply.ts";
import { say } from "../messages/say.ts";
import { storySentence } from "../messages/story.ts";
import { coinName } from "../messages/wording.ts";
import { type AnswerSources, answerQuestion } from "../questions/answer.ts";
import { chooseCoin } from "../questions/coin-choice.ts";
import type { Refusal } from "../questions/refusal.ts";
import type { Services } from "../services.ts";
import { settingsFor, usualPurchaseOf } from "../settings/effective-settings.ts";
import { digestAskId } from "./digest-control-id.ts";
import { RIDDLE_COLOUR } from "./riddle-card.ts";
import { riddleGuess } from "./riddle-control-id.ts";

const ASK = { priority: "interactive" } as const;

/**
 * Tells whoever pressed a riddle's button whether it was right, and then what the server's usual
 * purchase of that coin has become. The answer is in the button alone: nothing is looked up, kept
 * or counted, and it can be pressed again.
 */
export async function replyToGuess(
  call: Pick<ComponentCall, "customId" | "guildId" | "locale">,
  services: AnswerSources & Pick<Services, "coins" | "settings" | "rates">,
): Promise<CommandResult> {
  const { guildId, locale } = call;
  const refused = (refusal: Refusal): CommandResult => ({
    kind: "refusal",
    reply: refusalCard(refusal, { locale }),
  });
  const guess = guildId === undefined ? undefined : riddleGuess(call.customId, guildId);
  if (guess === undefined) return refused({ reason: "outdated-control" });
  const choice = { by: "hash", hash: guess.coinHash } as const;
  const chosen = await chooseCoin(choice, services.coins, ASK);
  if (!chosen.ok) return refused(chosen.refusal);
  const { coin } = chosen;
  if (!guess.isRight)
    return replied({
      content: say(locale, "riddle.wrong", { coin: coinName(coin, locale, "markdown") }),
    });
  const usual = await usualPurchaseOf(settingsFor(call, services), services.rates, ASK);
  const outcome = await answerQuestion({ coin: choice, ...usual }, services, ASK);
  return replied({
    embeds: [
      {
        title: say(locale, "riddle.right", { coin: coinName(coin, locale, "markdown") }),
        color: RIDDLE_COLOUR,
        ...(outcome.ok && { description: storySentence(outcome.answer, locale, "markdown") }),
      },
    ],
    components: [
      {
        type: ComponentType.ActionRow,
        components: [
          {
            type: ComponentType.Button,
            style: ButtonStyle.Secondary,
            label: say(locale, "riddle.open"),
            custom_id: digestAskId({ coinId: coin.coinId, localOn: null }),
          },
        ],
      },
    ],
  });
}
