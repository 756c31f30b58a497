import { answerJson } from "../cards/answer-json.ts";
import { textAnswer } from "../cards/text-answer.ts";
import { pictureSubject } from "../pictures/answer-subject.ts";
import { answerQuestion } from "../questions/answer.ts";
import { purchaseSubcommand } from "./purchase-subcommand.ts";

/** `lambo COIN [AMOUNT] [--bought DAY]`: values one purchase. */
export const lambo = purchaseSubcommand(
  async (question, sources, { ask, locale }) => {
    const outcome = await answerQuestion(question, sources, ask);
    if (!outcome.ok) return outcome;
    const { answer } = outcome;
    return {
      ok: true,
      shown: {
        text: () => textAnswer(answer, { locale, now: sources.now() }),
        json: () => answerJson(answer),
        picture: (pictures) => pictures.answer(pictureSubject(answer, locale)),
      },
    };
  },
  { hasBought: true },
);
