import type { Result } from "../../result.ts";
import { addDays, utcDay } from "../../valuation/calendar.ts";
import type { DailyClose } from "../../valuation/price-record.ts";
import { FAR_TIMES, isApart, priceAt } from "../close-levels.ts";
import type { Ask, Closes, ClosesResult, CoinRef, PriceSource } from "../price-source.ts";
import {
  type FetchedRecords,
  firstDayOf,
  type JoinedSources,
  recordOf,
  refusalOf,
} from "./fetched-records.ts";
import type { HistoryRefusal } from "./history-outcome.ts";
import { agrees, type JoinedRecord, joinRecords, singleRecord, sourceOf } from "./joining.ts";

/** The sources that can say what a coin cost when it was listed, in the order of asking. */
export type OpeningSources = JoinedSources & {
  /**
   * Asked where the archive cannot tell a coin's first days; believed only where it agrees with the
   * main source.
   */
  readonly secondArchive?: PriceSource | undefined;
  /** Its first weekly closes stand in for the opening when no other source has it. */
  readonly exchange?: PriceSource | undefined;
  /** Exchanges know symbols only: true when the symbol means this coin and no better-ranked one. */
  readonly isTopOfItsSymbol: (coin: CoinRef) => boolean;
  readonly now: () => Date;
};

/** The main source's record with an opening in front of it, or why there is none. */
export type OpeningOutcome = Result<
  {
    readonly record: JoinedRecord;
    /** The exchange's first weekly closes, where they are the opening. */
    readonly listingCloses?: readonly DailyClose[];
  },
  HistoryRefusal
>;

type Tried = readonly [PriceSource, ClosesResult];

const NO_OPENING: HistoryRefusal = { reason: "history-unavailable", missing: "opening" };

/** The original's "first four weekly closes". */
const OPENING_WEEKS = 4;

/**
 * Fetches a coin's opening for a main source's record that begins later, when the archive does not
 * have it: from the second archive, or else from the exchange.
 */
export async function fetchOpening(
  sources: OpeningSources,
  coin: CoinRef,
  { recent, fetched }: { readonly recent: Closes; readonly fetched: FetchedRecords },
  ask: Ask,
): Promise<OpeningOutcome> {
  const { main, archive, secondArchive, now } = sources;
  const tried: Tried[] = [];
  if (archive !== undefined && fetched.old !== undefined) tried.push([archive, fetched.old]);
  if (secondArchive !== undefined) {
    const whole = await secondArchive.closes(coin, wholeLifeAt(now()), ask);
    if (whole.ok) {
      const joined = joinRecords(recordOf(main, recent), recordOf(secondArchive, whole));
      if (joined.ok) return joined;
    } else tried.push([secondArchive, whole]);
  }
  return fetchFromExchange(sources, coin, { recent, tried }, ask);
}

/** Daily closes of the main source with the exchange's first four weekly closes as the opening. */
async function fetchFromExchange(
  { main, exchange, isTopOfItsSymbol, now }: OpeningSources,
  coin: CoinRef,
  { recent, tried }: { readonly recent: Closes; readonly tried: readonly Tried[] },
  ask: Ask,
): Promise<OpeningOutcome> {
  const refused = (more: readonly Tried[] = []): OpeningOutcome => {
    const refusal = refusalOf([...tried, ...more]);
    return { ok: false, ...(refusal.reason === "prices-unavailable" ? refusal : NO_OPENING) };
  };
  if (exchange === undefined || !isTopOfItsSymbol(coin)) return refused();
  const weekly = await exchange.closes(coin, wholeLifeAt(now()), ask);
  if (!weekly.ok) return refused([[exchange, weekly]]);
  const listingCloses = weekly.points.slice(0, OPENING_WEEKS);
  const isOpening =
    listingCloses.length === OPENING_WEEKS &&
    weekly.firstOn !== null &&
    weekly.firstOn < firstDayOf(recent) &&
    !listingCloses.some((_, at) => isSpike(weekly.points, at));
  if (!isOpening || !(await quotesAgree(coin, { main, exchange, recent }, ask))) return refused();
  const daily = singleRecord(recordOf(main, recent));
  const opening = sourceOf({ ...recordOf(exchange, weekly), points: listingCloses });
  return {
    ok: true,
    record: { ...daily, sources: [...opening, ...daily.sources] },
    listingCloses,
  };
}

/** True for a close that is too far above those of the weeks before and after to be true. */
function isSpike(closes: readonly DailyClose[], at: number): boolean {
  return [at - 1, at + 1].every((beside) => {
    const times = priceAt(closes, at) / priceAt(closes, beside);
    return times > 1 && isApart(times, FAR_TIMES);
  });
}

/** Whether the exchange means the same coin by the symbol, which its current price shows. */
async function quotesAgree(
  coin: CoinRef,
  {
    main,
    exchange,
    recent,
  }: { readonly main: PriceSource; readonly exchange: PriceSource; readonly recent: Closes },
  ask: Ask,
): Promise<boolean> {
  const [here, there] = await Promise.all([main.quote(coin, ask), exchange.quote(coin, ask)]);
  const hereUsd = here.ok ? here.priceUsd : recent.points.at(-1)?.priceUsd;
  return there.ok && hereUsd !== undefined && agrees(there.priceUsd / hereUsd);
}

function wholeLifeAt(at: Date) {
  return { from: "listing", to: addDays(utcDay(at), -1) } as const;
}
