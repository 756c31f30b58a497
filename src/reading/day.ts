import type { Result } from "../result.ts";
import { utcDay } from "../valuation/calendar.ts";
import { type DateReading, dateReadings, monthEndOf } from "./date.ts";
import { type DayContext, plainWords } from "./date-text.ts";
import { type NamedDay, namedDay } from "./day-names.ts";
import { relativeDay } from "./relative-day.ts";

/** A day that somebody typed, in UTC, or one that depends on the coin or on the asker. */
export type TypedDay =
  | { readonly kind: NamedDay }
  | {
      readonly kind: "day";
      readonly on: string;
      /** The other day that the text could have meant; absent when it is clear. */
      readonly alternativeOn?: string;
    };

/** Why a text is no day of buying; a closed union, one sentence each in `cards/refusal.ts`. */
export type UnreadDay =
  | { readonly problem: "not-a-day" | "today" | "too-early" }
  | { readonly problem: "future"; readonly on: string }
  /** As 31 February; the last day of that month, where there is such a month. */
  | { readonly problem: "no-such-day"; readonly monthEndsOn?: string };

/** The longest text that is read as a day, in UTF-16 units. */
const MAX_DAY_LENGTH = 100;

/** The day of bitcoin's first block: nothing could be bought before it. */
export const EARLIEST_DAY_ON = "2009-01-03";

/**
 * Reads a day in the past as people write it, in the reader's language or any other of Discord's:
 * "2017-12-17", "17. Dez. 2017", "Dec 2017", "2017年12月17日", "a year ago", "peak". Where 03/04/20
 * may be either of two days, the locale's order decides, and `alternativeOn` is the other. Of a
 * month or a year it is the first day; without a year, the latest such day. Pure, never throws, and
 * takes time linear in the text.
 */
export function readDay(
  typed: string,
  context: DayContext,
): Result<{ readonly value: TypedDay }, UnreadDay> {
  if (typed.length > MAX_DAY_LENGTH) return { ok: false, problem: "not-a-day" };
  const text = plainWords(typed)
    .replace(/[\u2010-\u2015\u2212]/g, "-")
    .replace(/\p{Extended_Pictographic}/gu, "")
    .replace(/^[\s"“”„«»*_]+/, "")
    .replace(/[\s"“”„«»*_!?;:]+$/, "")
    .replace(OPTION_NAME, "")
    .replace(/^heute (?=vor )/, "")
    .replace(/^おととい$/, "一昨日")
    .replace(/^(?:おととし|一昨年)$/, "2年前")
    .replace(/^재작년$/, "2년 전");
  // A suggestion is shown as "a year ago · 27 November 2025".
  const [first = "", ...others] = text.split(/ ?· ?/);
  const read = readText(first, context);
  if (!read.ok || read.value.kind !== "day") return others.length > 1 ? UNREAD : read;
  const { on } = read.value;
  const isSame = others.every((other) => {
    const same = readText(other, context);
    return same.ok && same.value.kind === "day" && same.value.on === on;
  });
  return isSame ? read : UNREAD;
}

/** What the text is for, written before it: "bought: 2017-12-17", "gekauft am 17.12.2017". */
const OPTION_NAME =
  /^(?:--?|\/)?(?:(?:bought|buy|purchased?|day|date|datum|tag|gekauft|kauf|achat|achete|compra|comprado|fecha|data|dia|comprato|acquisto|gekocht|koop|kupiono|zakup|kopt|купил|куплено|дата|購入日?|购买|購買|日期|구매일?)(?: (?:on|day|date))? ?[:=] ?|(?:i |we |ich )?(?:bought|purchased|gekauft|achete|comprado|compre|comprei|comprato|gekocht|kupiono|kopt|купил)(?: it)? )(?=.)/u;

const UNREAD = { ok: false, problem: "not-a-day" } as const;

function readText(
  text: string,
  context: DayContext,
): Result<{ readonly value: TypedDay }, UnreadDay> {
  if (text === "") return UNREAD;
  const named = namedDay(text);
  if (named !== undefined) return { ok: true, value: { kind: named } };
  const on = instantDay(text) ?? relativeDay(text, context.todayOn, context.locale);
  return chosen(on === undefined ? dateReadings(text, context) : [{ on }], context.todayOn);
}

/** The UTC day of an instant: Discord's `<t:1513468800:D>`, Unix time, ISO 8601 with a zone. */
function instantDay(text: string): string | undefined {
  const [, stamp] =
    /^<t:(\d{1,12})(?::[a-z])?>$/.exec(text) ?? /^(1\d{9})(?:\d{3})?$/.exec(text) ?? [];
  const ms =
    stamp !== undefined
      ? Number(stamp) * 1_000
      : /^\d{4}-\d\d-\d\d[t ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:z|[+-]\d\d:?\d\d)$/.test(text)
        ? Date.parse(text.toUpperCase().replace(" ", "T"))
        : Number.NaN;
  return ms >= 0 && ms <= MAX_INSTANT_MS ? utcDay(ms) : undefined;
}

/** The end of the year 9999, the last with four digits. */
const MAX_INSTANT_MS = 253_402_300_799_000;

/** The likeliest of several readings, or why none of them is a day of buying. */
function chosen(
  readings: readonly DateReading[],
  todayOn: string,
): Result<{ readonly value: TypedDay }, UnreadDay> {
  const days = readings.flatMap((reading) => ("on" in reading ? [reading.on] : []));
  const possible = days.filter((on) => on >= EARLIEST_DAY_ON && on < todayOn);
  const on = possible[0] ?? days[0];
  if (on === undefined) return noSuchDay(readings);
  if (on === todayOn) return { ok: false, problem: "today" };
  if (on > todayOn) return { ok: false, problem: "future", on };
  if (on < EARLIEST_DAY_ON) return { ok: false, problem: "too-early" };
  // What the locale reads first is worth a word even if it has not come yet.
  const others = [...possible, ...days.slice(0, 1).filter((day) => day >= todayOn)];
  const alternativeOn = others.find((other) => other !== on);
  return {
    ok: true,
    value: { kind: "day", on, ...(alternativeOn !== undefined && { alternativeOn }) },
  };
}

function noSuchDay(readings: readonly DateReading[]): { readonly ok: false } & UnreadDay {
  if (readings.length === 0) return UNREAD;
  const monthEndsOn = readings.map(monthEndOf).find((end) => end !== undefined);
  return {
    ok: false,
    problem: "no-such-day",
    ...(monthEndsOn !== undefined && { monthEndsOn }),
  };
}
