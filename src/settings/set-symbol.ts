import type { CallOrigin } from "../discord/call.ts";
import { type CommandResult, replied } from "../discord/reply.ts";
import { say } from "../messages/say.ts";
import { coinName } from "../messages/wording.ts";
import type { Services } from "../services.ts";
import { ASK, type ChangeServices, refusedChange, saveChange } from "./admin.ts";
import { savedCard } from "./settings-card.ts";
import { shortValue } from "./settings-text.ts";
import { checkSymbolInput, type SymbolInput } from "./symbol-input.ts";
import { undoRow } from "./undo.ts";

/** `/config symbol`: gives a symbol another meaning on this server, or restores its usual one. */
export async function setSymbol(
  guildId: string,
  input: SymbolInput,
  call: Pick<CallOrigin, "userId">,
  services: ChangeServices & Pick<Services, "coins">,
  locale: string,
): Promise<CommandResult> {
  const checked = await checkSymbolInput(
    input,
    services.settings.read(guildId),
    {
      coins: services.coins,
      ask: ASK,
    },
    locale,
  );
  if (!checked.ok) return refusedChange(checked.sentence, locale);
  const { symbol, coin, note } = checked.value;
  const change = { symbols: { [symbol]: coin?.coinId ?? null } };
  const { changeId } = await saveChange(guildId, () => ({ change, notes: [] }), call, services);
  return replied({
    ...savedCard(
      say(locale, "config.saved"),
      [
        coin === null
          ? say(locale, "set-symbol.given-back", { symbol: shortValue(symbol) })
          : say(locale, "set-symbol.saved", {
              symbol: shortValue(symbol),
              coin: coinName(coin, locale, "markdown"),
              coinId: shortValue(coin.coinId),
            }),
        ...(note === undefined ? [] : [say(locale, "config.note", { note })]),
      ],
      locale,
    ),
    components: undoRow(guildId, changeId, locale),
  });
}
