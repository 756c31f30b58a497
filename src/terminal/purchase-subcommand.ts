import { say } from "../messages/say.ts";
import type { AnswerSources, LamboQuestion } from "../questions/answer.ts";
import { typedPurchase } from "../questions/purchase.ts";
import { LOCALE } from "./arguments.ts";
import type { Question, Subcommand } from "./subcommand.ts";

/** Answers a question about one purchase. */
type AnswerPurchase = (
  question: LamboQuestion,
  sources: AnswerSources,
  ask: Parameters<Question>[1],
) => ReturnType<Question>;

/** A subcommand whose arguments are `COIN [AMOUNT]`. */
export function purchaseSubcommand(answer: AnswerPurchase): Subcommand {
  return {
    options: [],

    questionOf({ positionals: [coin, amount, surplus], currency, car }) {
      if (coin === undefined) return { ok: false, why: say("terminal.no-coin") };
      if (surplus !== undefined)
        return { ok: false, why: say("terminal.extra-argument", { argument: surplus }) };
      const typed = typedPurchase({ amount, currency, carKey: car }, LOCALE);
      if (!typed.ok) return typed;
      return {
        ok: true,
        ask: (sources, ask) =>
          answer({ coin: { by: "text", text: coin }, ...typed.asked }, sources, ask),
      };
    },
  };
}
