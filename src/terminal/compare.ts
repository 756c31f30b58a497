import { comparisonJson } from "../cards/comparison-json.ts";
import { comparisonText } from "../cards/comparison-text.ts";
import { say } from "../messages/say.ts";
import { comparisonSubject } from "../pictures/comparison-subject.ts";
import { COMPARISON_STARTS, compareCoins } from "../questions/comparison.ts";
import { typedPurchase } from "../questions/purchase.ts";
import { coinChoicesOf } from "../questions/typed-coins.ts";
import type { Subcommand } from "./subcommand.ts";

/** `compare COIN COIN…`: the same purchase of two to four coins. */
export const compare: Subcommand = {
  options: ["amount", "from"],

  questionOf({ positionals, own, currency, car, locale }) {
    const typedFrom = own["from"] ?? "each";
    const from = COMPARISON_STARTS.find((start) => start === typedFrom);
    if (from === undefined)
      return { ok: false, why: say(locale, "terminal.compare.from", { typed: typedFrom }) };
    const typed = typedPurchase({ amount: own["amount"], currency, carKey: car }, locale);
    if (!typed.ok) return typed;
    return {
      ok: true,
      async ask(sources, ask) {
        const coins = await coinChoicesOf(positionals, sources.coins, ask);
        const outcome = await compareCoins({ coins, from, ...typed.asked }, sources, ask);
        if (!outcome.ok) return outcome;
        const { comparison } = outcome;
        return {
          ok: true,
          shown: {
            text: () => comparisonText(comparison, { locale, now: sources.now() }),
            json: () => comparisonJson(comparison),
            picture: (pictures) => pictures.comparison(comparisonSubject(comparison, locale)),
          },
        };
      },
    };
  },
};
