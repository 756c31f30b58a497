import type { Reply } from "../discord/reply.ts";
import { say } from "../messages/say.ts";
import type { Bought } from "../questions/bought.ts";
import { type AskedPurchase, USUAL_PURCHASE } from "../questions/purchase.ts";
import type { Refusal } from "../questions/refusal.ts";
import { coinMenu } from "./coin-card.ts";
import { controlId } from "./control-id.ts";
import { offeredCoins, refusalText } from "./refusal.ts";

/** Colour of a refusal's edge, 0xRRGGBB. */
export const REFUSAL_COLOUR = 0x7d8794;

/** What a refusal's menu keeps of a question. */
type AskedQuestion = AskedPurchase & { readonly bought?: Bought };

/**
 * A refusal as a private reply. If there are coins to choose from, a menu offers them and keeps the
 * stake, car and day asked for.
 */
export function refusalCard(
  refusal: Refusal,
  options: {
    readonly locale: string;
    readonly asked?: AskedQuestion | undefined;
    /** The command that the menu's choice is answered by: `/lambo` when absent. */
    readonly command?: "wen" | undefined;
  },
): Reply {
  const { locale } = options;
  const { stake, currency, car, bought }: AskedQuestion = options.asked ?? USUAL_PURCHASE;
  const menu = coinMenu(
    offeredCoins(refusal),
    say(locale, "refusal.choose-coin"),
    controlId({
      ...(options.command !== undefined && { command: options.command }),
      ...{ control: "coin", coinHash: null, stake, currency, car },
      ...(bought !== undefined && { bought }),
    }),
    locale,
  );
  return {
    embeds: [
      {
        description: refusalText(refusal, { locale, markup: "markdown" }),
        color: REFUSAL_COLOUR,
      },
    ],
    ...(menu === undefined ? {} : { components: [menu] }),
  };
}
