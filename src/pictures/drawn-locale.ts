import { formatDay } from "../messages/format.ts";
import { ENGLISH, say } from "../messages/say.ts";
import type { Faces } from "./fonts/faces.ts";

/**
 * The locale in which a picture for this reader speaks: English where the faces cannot draw the
 * language, and then all of it, days and numbers included.
 */
export function drawnLocale(locale: string, { display, text }: Faces): string {
  const isDrawable =
    MONTHS.every((on) => text.covers(formatDay(on, locale))) &&
    text.covers(say(locale, "picture.unnamed")) &&
    display.covers(say(locale, "picture.verdict.yes"));
  return isDrawable ? locale : ENGLISH;
}

const MONTHS = Array.from(
  { length: 12 },
  (_, month) => `2026-${String(month + 1).padStart(2, "0")}-28`,
);
