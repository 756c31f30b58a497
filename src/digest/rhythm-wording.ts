import { formatWeekday } from "../messages/format.ts";
import { enumeration } from "../messages/lists.ts";
import { say } from "../messages/say.ts";
import { EVERY_DAY, type Rhythm, storedRhythm, WORKING_DAYS } from "./rhythm.ts";

/** When a digest comes: "every day", "Monday to Friday", "every week on Friday". */
export function rhythmInWords(rhythm: Rhythm, locale: string): string {
  const [first = 1, ...others] = rhythm.weekdays;
  const stored = storedRhythm(rhythm);
  if (rhythm.isNewsOnly) return say(locale, "rhythm.news");
  if (stored === storedRhythm(EVERY_DAY)) return say(locale, "rhythm.day");
  const day = formatWeekday(first, locale);
  if (stored === storedRhythm(WORKING_DAYS))
    return say(locale, "rhythm.weekdays", {
      first: day,
      last: formatWeekday(others.at(-1) ?? first, locale),
    });
  return others.length === 0
    ? say(locale, "rhythm.week", { day })
    : say(locale, "rhythm.days", {
        days: enumeration(
          rhythm.weekdays.map((weekday) => formatWeekday(weekday, locale)),
          locale,
        ),
      });
}
