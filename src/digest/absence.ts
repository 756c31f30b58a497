import { z } from "zod";
import { formatDay } from "../messages/format.ts";
import { say } from "../messages/say.ts";
import { foreign, type Markup } from "../messages/wording.ts";

const reason = z.literal("history-unavailable");
const day = z.string();

/** {@link Absence} as it is stored. */
export const absenceShape = z.union([
  z.object({ reason: z.literal("too-new"), firstRecordedOn: day, askAgainOn: day }),
  z.object({ reason: z.literal("no-longer-priced"), lastRecordedOn: day }),
  z.object({ reason: z.enum(["unknown-coin", "prices-unavailable"]) }),
  z.object({ reason, lastRecordedOn: day }),
  z.object({ reason, missing: z.enum(["all", "opening", "closing"]) }),
  z.object({ reason, because: z.literal("no-prices") }),
  z.object({
    reason,
    because: z.enum(["sources-differ", "sources-apart"]),
    sources: z.tuple([z.string(), z.string()]).readonly(),
  }),
]);

/** Why a coin is left off the leaderboard: what of an `ExclusionReason` is told. */
export type Absence = z.infer<typeof absenceShape>;

const MAX_SOURCE_NAME = 20;

/** Why a coin is left off the leaderboard, in a few words that follow its name. */
export function absenceInWords(why: Absence, locale: string, markup: Markup): string {
  switch (why.reason) {
    case "too-new":
      return say(locale, "digest.absent.too-new", {
        firstDay: formatDay(why.firstRecordedOn, locale),
        day: formatDay(why.askAgainOn, locale),
      });
    case "no-longer-priced":
      return say(locale, "digest.absent.no-longer-priced", {
        day: formatDay(why.lastRecordedOn, locale),
      });
    case "unknown-coin":
    case "prices-unavailable":
      return say(locale, `digest.absent.${why.reason}`);
    case "history-unavailable": {
      if ("lastRecordedOn" in why)
        return say(locale, "digest.absent.too-short", {
          day: formatDay(why.lastRecordedOn, locale),
        });
      if ("missing" in why) return say(locale, `digest.absent.missing.${why.missing}`);
      if (why.because === "no-prices") return say(locale, "digest.absent.missing.all");
      const [source = "", otherSource = ""] = why.sources.map((name) =>
        foreign(name, MAX_SOURCE_NAME, markup),
      );
      return say(locale, `digest.absent.${why.because}`, { source, otherSource });
    }
  }
}
