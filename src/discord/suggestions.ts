import { DISCORD_LIMITS } from "./limits.ts";
import type { Suggestion } from "./reply.ts";

/** As many suggestions as Discord shows, with names that fit. */
export function presentable(suggestions: readonly Suggestion[]): readonly Suggestion[] {
  return suggestions.filter(isPresentable).slice(0, DISCORD_LIMITS.choices).map(shortened);
}

/** A shortened value would mean something else, so a suggestion with a longer one is dropped. */
function isPresentable({ name, value }: Suggestion): boolean {
  return name.length > 0 && value.length > 0 && value.length <= DISCORD_LIMITS.choiceLength;
}

function shortened({ name, value }: Suggestion): Suggestion {
  if (name.length <= DISCORD_LIMITS.choiceLength) return { name, value };
  // Discord refuses half a character, which cutting through a surrogate pair leaves.
  const cut = name.slice(0, DISCORD_LIMITS.choiceLength - 1).replace(/[\uD800-\uDBFF]$/, "");
  return { name: `${cut}…`, value };
}
