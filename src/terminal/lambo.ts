import { answerJson } from "../cards/answer-json.ts";
import { textAnswer } from "../cards/text-answer.ts";
import { say } from "../messages/say.ts";
import { pictureSubject } from "../pictures/answer-subject.ts";
import { answerQuestion } from "../questions/answer.ts";
import { typedPurchase } from "../questions/purchase.ts";
import { LOCALE } from "./arguments.ts";
import type { Subcommand } from "./subcommand.ts";

/** `lambo COIN [AMOUNT]`: values one purchase. */
export const lambo: Subcommand = {
  options: [],

  questionOf({ positionals: [coin, amount, surplus], currency, car }) {
    if (coin === undefined) return { ok: false, why: say("terminal.no-coin") };
    if (surplus !== undefined)
      return { ok: false, why: say("terminal.extra-argument", { argument: surplus }) };
    const typed = typedPurchase({ amount, currency, carKey: car }, LOCALE);
    if (!typed.ok) return typed;
    return {
      ok: true,
      async ask(sources, ask) {
        const question = { coin: { by: "text", text: coin }, ...typed.asked } as const;
        const outcome = await answerQuestion(question, sources, ask);
        if (!outcome.ok) return outcome;
        const { answer } = outcome;
        return {
          ok: true,
          shown: {
            text: () => textAnswer(answer, { locale: LOCALE, now: sources.now() }),
            json: () => answerJson(answer),
            picture: (pictures) => pictures.answer(pictureSubject(answer, LOCALE)),
          },
        };
      },
    };
  },
};
