import { wenJson } from "../cards/wen-json.ts";
import { wenText } from "../cards/wen-text.ts";
import { wenSubject } from "../pictures/wen-subject.ts";
import { answerWen } from "../questions/wen.ts";
import { purchaseSubcommand } from "./purchase-subcommand.ts";

/** `wen COIN [AMOUNT]`: the price that one coin would have to be worth. */
export const wen = purchaseSubcommand(async (question, sources, { ask, locale }) => {
  const outcome = await answerWen(question, sources, ask);
  if (!outcome.ok) return outcome;
  const { answer } = outcome;
  return {
    ok: true,
    shown: {
      text: () => wenText(answer, { locale, now: sources.now() }),
      json: () => wenJson(answer),
      picture: (pictures) => pictures.wen(wenSubject(answer, locale)),
    },
  };
});
