import type { CallOrigin } from "../discord/call.ts";
import { type Answer, answered, refused } from "../discord/reply.ts";
import { coinName } from "../messages/wording.ts";
import type { Services } from "../services.ts";
import { ASK, type ChangeServices, NOTHING_CHANGED, saveChange } from "./admin.ts";
import { savedCard } from "./settings-card.ts";
import { shortValue } from "./settings-text.ts";
import { checkSymbolInput, type SymbolInput } from "./symbol-input.ts";

/** `/config symbol`: gives a symbol another meaning on this server, or its usual one back. */
export async function setSymbol(
  guildId: string,
  input: SymbolInput,
  call: Pick<CallOrigin, "userId">,
  services: ChangeServices & Pick<Services, "coins">,
): Promise<Answer> {
  const checked = await checkSymbolInput(input, services.settings.read(guildId), {
    coins: services.coins,
    ask: ASK,
  });
  if (!checked.ok) return refused(`${checked.sentence} ${NOTHING_CHANGED}`);
  const { symbol, coin } = checked.value;
  const change = { symbols: { [symbol]: coin?.coinId ?? null } };
  await saveChange(guildId, () => ({ change, notes: [] }), call, services);
  const name = `**${shortValue(symbol)}**`;
  return answered(
    savedCard("Saved", [
      coin === null
        ? `${name} means again what it means everywhere.`
        : `On this server ${name} now means **${coinName(coin, "markdown")}** (id:${shortValue(coin.coinId)}).`,
    ]),
  );
}
