import type { Suggestion } from "../discord/reply.ts";
import { formatDay } from "../messages/format.ts";
import { say } from "../messages/say.ts";
import { type BoughtContext, readBought } from "../questions/bought.ts";
import { readDay, type TypedDay } from "../reading/day.ts";

/**
 * How a day of buying that is being typed is understood; both readings of one that could mean
 * either. For a text that is no day: examples of what works. Whatever is shown can be typed, too.
 */
export function suggestBought(typed: string, context: BoughtContext): readonly Suggestion[] {
  const read = readDay(typed, context);
  if (read.ok) return suggestionsFor(read.value, context);
  if (read.problem === "no-such-day" && read.monthEndsOn !== undefined)
    return daysSuggested([read.monthEndsOn], context);
  return [yearAgo(context), ...suggestionsFor({ kind: "peak" }, context), ...joining(context)];
}

function suggestionsFor(value: TypedDay, context: BoughtContext): readonly Suggestion[] {
  switch (value.kind) {
    case "day": {
      const { on, alternativeOn } = value;
      return daysSuggested([on, ...(alternativeOn === undefined ? [] : [alternativeOn])], context);
    }
    case "peak":
      return [{ name: say(context.locale, "bought.suggest.peak"), value: "peak" }];
    case "joined":
      return joining(context);
    case "listing":
      return [{ name: say(context.locale, "bought.suggest.listing"), value: "listing" }];
  }
}

function yearAgo(context: BoughtContext): Suggestion {
  const read = readBought("a year ago", context);
  const on = read.ok && read.bought !== undefined && "on" in read.bought ? read.bought.on : "";
  return {
    name: say(context.locale, "bought.suggest.year-ago", { day: formatDay(on, context.locale) }),
    value: "a year ago",
  };
}

function joining({ joined, locale }: BoughtContext): readonly Suggestion[] {
  if (joined === undefined) return [];
  const day = formatDay(joined.on, locale);
  return [{ name: say(locale, `bought.suggest.${joined.by}`, { day }), value: "joined" }];
}

/** Some clients send the name back instead of the value, so it must be read as the same day. */
function daysSuggested(days: readonly string[], context: BoughtContext): readonly Suggestion[] {
  return days.map((on) => {
    const name = formatDay(on, context.locale);
    const read = readDay(name, context);
    const isSame = read.ok && read.value.kind === "day" && read.value.on === on;
    return { name: isSame ? name : on, value: on };
  });
}
