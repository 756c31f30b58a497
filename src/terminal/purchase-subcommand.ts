import { say } from "../messages/say.ts";
import type { AnswerSources, LamboQuestion } from "../questions/answer.ts";
import { readBought } from "../questions/bought.ts";
import { typedPurchase } from "../questions/purchase.ts";
import { utcDay } from "../valuation/calendar.ts";
import { LOCALE } from "./arguments.ts";
import type { Question, Subcommand } from "./subcommand.ts";

const BOUGHT = "bought";

function boughtIn(
  typed: string | undefined,
  { now }: Pick<AnswerSources, "now">,
): ReturnType<typeof readBought> {
  return typed === undefined
    ? { ok: true }
    : readBought(typed, { locale: LOCALE, todayOn: utcDay(now()) });
}

/** Answers a question about one purchase. */
type AnswerPurchase = (
  question: LamboQuestion,
  sources: AnswerSources,
  ask: Parameters<Question>[1],
) => ReturnType<Question>;

/** A subcommand of `COIN [AMOUNT]`, with `--bought DAY` where that has a meaning. */
export function purchaseSubcommand(
  answer: AnswerPurchase,
  { hasBought = false }: { readonly hasBought?: boolean } = {},
): Subcommand {
  return {
    options: hasBought ? [BOUGHT] : [],

    questionOf({ positionals: [coin, amount, surplus], currency, car, own }) {
      if (coin === undefined) return { ok: false, why: say(LOCALE, "terminal.no-coin") };
      if (surplus !== undefined)
        return { ok: false, why: say(LOCALE, "terminal.extra-argument", { argument: surplus }) };
      const typed = typedPurchase({ amount, currency, carKey: car }, LOCALE);
      if (!typed.ok) return typed;
      return {
        ok: true,
        async ask(sources, ask) {
          const day = boughtIn(own[BOUGHT], sources);
          if (!day.ok) return day;
          const { bought } = day;
          const asked = { ...typed.asked, ...(bought !== undefined && { bought }) };
          return answer({ coin: { by: "text", text: coin }, ...asked }, sources, ask);
        },
      };
    },
  };
}
