import { coinsCard } from "../src/cards/coins-card.ts";
import { refusalCard } from "../src/cards/refusal-card.ts";
import { defineMessageCommand, EVERYWHERE } from "../src/discord/command.ts";
import { refused, replied } from "../src/discord/reply.ts";
import { ENGLISH, say } from "../src/messages/say.ts";
import { answerQuestion } from "../src/questions/answer.ts";
import { settingsFor, usualPurchaseOf } from "../src/settings/effective-settings.ts";
import { MEMBER_ASK } from "../src/settings/member-question.ts";
import { coinsNamedIn } from "../src/settings/named-coins.ts";
import { answer } from "./lambo.ts";

const MAX_COINS = 3;

/**
 * *Lambo check* in the menu of a message: answers privately for the coins that the message names.
 * What the message says is read for that one answer and kept nowhere.
 */
export const lamboCheck = defineMessageCommand({
  target: "message",
  name: say(ENGLISH, "command.lambo-check"),
  nameIn: (locale) => say(locale, "command.lambo-check"),
  ...EVERYWHERE,

  visibility: () => "private",

  async run(call, services) {
    const text = [call.target.content, ...call.target.otherTexts].join("\n\n");
    const named = await coinsNamedIn(text, call, services, MAX_COINS);
    if (named === undefined) {
      const why = { reason: "prices-unavailable", text: "" } as const;
      return { kind: "refusal", reply: refusalCard(why, { locale: call.locale }) };
    }
    const usual = await usualPurchaseOf(settingsFor(call, services), services.rates, MEMBER_ASK);
    const questions = named.map(({ coinId }) => ({
      coin: { by: "text", text: `id:${coinId}` } as const,
      ...usual,
    }));
    const [only, ...others] = questions;
    if (only === undefined) return refused(say(call.locale, "lambo-check.none"));
    if (others.length === 0) return answer(only, services, { ...call, isPrivate: true });
    const outcomes = await Promise.all(
      questions.map((question) => answerQuestion(question, services, MEMBER_ASK)),
    );
    return replied(coinsCard(outcomes, call.locale));
  },
});
