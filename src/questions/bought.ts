import type { DayContext } from "../reading/date-text.ts";
import { readDay } from "../reading/day.ts";
import type { Result } from "../result.ts";
import { addDays } from "../valuation/calendar.ts";
import {
  type BoughtRefusal,
  type CoinRecord,
  MIN_DAYS_ON_RECORD,
  peakOn,
  type ValuationRefusal,
} from "../valuation/coin-record.ts";
import type { PriceHistory } from "../valuation/price-record.ts";
import { knownRecordOf } from "./records.ts";
import { type Refused, refused, type UnreadBought } from "./refusal.ts";

/** A day as it was typed, such as "03/04/20", and the UTC day that it was not taken for. */
export type AmbiguousDay = { readonly typed: string; readonly alternativeOn: string };

/**
 * The day of buying, where it is not the listing: a UTC day that was named, the day on which the
 * asker joined the server, the one on which the asker's Discord account was made, or the day of the
 * coin's highest close on record.
 */
export type Bought =
  | { readonly by: "day"; readonly on: string; readonly ambiguousDay?: AmbiguousDay }
  | { readonly by: "server-joined" | "account-made"; readonly on: string }
  | { readonly by: "peak" };

/** The day on which the asker joined the server, or Discord. */
export type Joined = Extract<Bought, { readonly by: "server-joined" | "account-made" }>;

/** How a typed day of buying is read: without `joined`, nobody has joined anything. */
export type BoughtContext = DayContext & { readonly joined?: Joined };

/**
 * Reads a day of buying as typed; the listing is none. Without `joined`, as outside Discord, the
 * day of joining is refused.
 */
export function readBought(
  typed: string,
  { joined, ...context }: BoughtContext,
): Result<{ readonly bought?: Bought }, Refused> {
  const refuse = (unread: UnreadBought) =>
    refused({
      reason: "invalid-bought",
      typed,
      unread,
      // Today's price is not known yet.
      latestOn: addDays(context.todayOn, -MIN_DAYS_ON_RECORD),
    });
  const read = readDay(typed, context);
  if (!read.ok) return refuse(read);
  const { value } = read;
  switch (value.kind) {
    case "listing":
      return { ok: true };
    case "peak":
      return { ok: true, bought: { by: "peak" } };
    case "joined":
      return joined === undefined
        ? refuse({ problem: "nobody-joined" })
        : { ok: true, bought: joined };
    case "day": {
      const { on, alternativeOn } = value;
      const isClear = alternativeOn === undefined;
      return {
        ok: true,
        bought: { by: "day", on, ...(!isClear && { ambiguousDay: { typed, alternativeOn } }) },
      };
    }
  }
}

/** The day of buying in an answer, and how it was asked for. */
export type AnsweredBought = {
  /** UTC day on which the opening window begins. */
  readonly on: string;
  /** UTC day that was asked for: earlier than `on` when the coin had no price yet. */
  readonly askedOn: string;
  readonly asked: Bought;
};

/** The record of a history as bought on the day asked for; from its listing on without one. */
export function boughtRecordOf(
  history: PriceHistory,
  todayOn: string,
  asked: Bought | undefined,
): Result<
  { readonly record: CoinRecord; readonly bought?: AnsweredBought },
  ValuationRefusal | BoughtRefusal
> {
  if (asked === undefined) return knownRecordOf(history, todayOn);
  const askedOn = asked.by === "peak" ? peakOn(history, todayOn) : asked.on;
  const outcome = knownRecordOf(history, todayOn, askedOn);
  if (!outcome.ok) return outcome;
  const { record } = outcome;
  const on = record.opening.from;
  return { ok: true, record, bought: { on, askedOn: askedOn ?? on, asked } };
}
