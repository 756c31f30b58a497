import type { Suggestion } from "../discord/reply.ts";
import { formatMoneyExact } from "../messages/format.ts";
import { everyCurrency } from "../prices/currencies.ts";
import type { AskedPurchase } from "../questions/purchase.ts";
import { amountText, readAmount, type TypedAmount } from "../reading/amount.ts";
import type { NamingContext } from "../reading/currency-names.ts";

const MAX_COMPLETIONS = 3;

/**
 * How an amount that is being typed is understood; both readings of one that could mean either. For
 * a text that is no amount: amounts around the usual stake, as examples of what works.
 */
export function suggestAmounts(
  typed: string | number,
  context: NamingContext & { readonly usual: Pick<AskedPurchase, "stake" | "currency"> },
): readonly Suggestion[] {
  const understood = readingsOf(typed, context).map((value) => suggestionOf(value, context));
  if (understood.length > 0) return understood;
  const { stake, currency } = context.usual;
  // While the server's own currency has no rate, the usual stake is in US dollars.
  const named = currency === context.currency ? {} : { currency };
  return [stake, stake / 10, stake * 10].map((amount) =>
    suggestionOf({ amount: Number(amount.toPrecision(14)), ...named }, context),
  );
}

/** What a text may mean; empty when it is no amount that anybody could spend. */
function readingsOf(typed: string | number, context: NamingContext): readonly TypedAmount[] {
  const read = readAmount(typed, context);
  if (!read.ok)
    return typeof typed === "string" && read.problem === "unknown-currency"
      ? completionsOf(typed, read.unknown ?? "", context)
      : [];
  const { amount, currency, alternative } = read.value;
  const named = currency === undefined ? {} : { currency };
  return [amount, ...(alternative === undefined ? [] : [alternative])]
    .filter((reading) => reading > 0 && reading <= Number.MAX_SAFE_INTEGER)
    .map((reading) => ({ amount: reading, ...named }));
}

/** "500 e" on its way to "500 eur". */
function completionsOf(
  typed: string,
  begun: string,
  context: NamingContext,
): readonly TypedAmount[] {
  if (!/^[A-Za-z]{1,2}$/.test(begun) || !typed.trimEnd().endsWith(begun)) return [];
  const rest = typed.trimEnd().slice(0, -begun.length);
  return everyCurrency()
    .filter(({ code }) => code.startsWith(begun.toUpperCase()))
    .slice(0, MAX_COMPLETIONS)
    .flatMap(({ code }) => {
      const read = readAmount(`${rest} ${code}`, context);
      return read.ok && read.value.amount > 0 ? [read.value] : [];
    });
}

/**
 * An amount as a suggestion. Some clients send the name back instead of the value, so a name that
 * would be read as anything else is not used.
 */
export function suggestionOf(value: TypedAmount, context: NamingContext): Suggestion {
  const text = amountText(value);
  const code = value.currency ?? context.currency;
  const name = formatMoneyExact(value.amount, code, context.locale);
  return { name: isReadAs(name, { ...value, currency: code }, context) ? name : text, value: text };
}

/** Whether a text is read as exactly this amount in this currency. */
function isReadAs(
  text: string,
  { amount, currency }: TypedAmount,
  context: NamingContext,
): boolean {
  const read = readAmount(text, context);
  return (
    read.ok &&
    read.value.amount === amount &&
    (read.value.currency ?? context.currency) === currency
  );
}
