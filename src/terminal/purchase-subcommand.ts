import { say } from "../messages/say.ts";
import type { AnswerSources, LamboQuestion } from "../questions/answer.ts";
import { readBought } from "../questions/bought.ts";
import { typedPurchase } from "../questions/purchase.ts";
import { utcDay } from "../valuation/calendar.ts";
import type { Question, Subcommand } from "./subcommand.ts";

const BOUGHT = "bought";

function boughtIn(
  typed: string | undefined,
  { now }: Pick<AnswerSources, "now">,
  locale: string,
): ReturnType<typeof readBought> {
  return typed === undefined ? { ok: true } : readBought(typed, { locale, todayOn: utcDay(now()) });
}

/** Answers a question about one purchase. */
type AnswerPurchase = (
  question: LamboQuestion,
  sources: AnswerSources,
  reader: { readonly ask: Parameters<Question>[1]; readonly locale: string },
) => ReturnType<Question>;

/** A subcommand of `COIN [AMOUNT]`, with `--bought DAY` where that has a meaning. */
export function purchaseSubcommand(
  answer: AnswerPurchase,
  { hasBought = false }: { readonly hasBought?: boolean } = {},
): Subcommand {
  return {
    options: hasBought ? [BOUGHT] : [],

    questionOf({ positionals: [coin, amount, surplus], currency, car, own, locale }) {
      if (coin === undefined) return { ok: false, why: say(locale, "terminal.no-coin") };
      if (surplus !== undefined)
        return { ok: false, why: say(locale, "terminal.extra-argument", { argument: surplus }) };
      const typed = typedPurchase({ amount, currency, carKey: car }, locale);
      if (!typed.ok) return typed;
      return {
        ok: true,
        async ask(sources, ask) {
          const day = boughtIn(own[BOUGHT], sources, locale);
          if (!day.ok) return day;
          const { bought } = day;
          const asked = { ...typed.asked, ...(bought !== undefined && { bought }) };
          return answer({ coin: { by: "text", text: coin }, ...asked }, sources, { ask, locale });
        },
      };
    },
  };
}
