import type { Modal } from "../discord/reply.ts";
import { formatMoneyExact } from "../messages/format.ts";
import { say } from "../messages/say.ts";
import { currencyCode } from "../messages/wording.ts";
import { MAX_AMOUNT_LENGTH } from "../reading/amount.ts";
import { suggestionOf } from "./amount-suggestions.ts";
import { type ControlId, controlId } from "./control-id.ts";

/** The name of the modal's field. */
export const STAKE_FIELD = "amount";

/** Asks for another stake than the menu under a card offers; the current one stands in it. */
export function stakeModal(id: ControlId, locale: string): Modal {
  const { stake, currency } = id;
  return {
    customId: controlId(id),
    title: say(locale, "stake-modal.title"),
    field: {
      name: STAKE_FIELD,
      label: say(locale, "stake-modal.label"),
      description: say(locale, "stake-modal.description", {
        currency: currencyCode(currency),
        example: formatMoneyExact(10_000, currency, locale),
      }),
      value: suggestionOf({ amount: stake }, { locale, currency }).name,
      maxLength: MAX_AMOUNT_LENGTH,
    },
  };
}
