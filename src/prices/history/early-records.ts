import { readFileSync } from "node:fs";
import { z } from "zod";
import { errorText } from "../../process/errors.ts";
import type { Log } from "../../process/log.ts";
import type { DailyClose } from "../../valuation/price-record.ts";
import { type JoinedRecord, joinRecords } from "./joining.ts";

/** Daily closes of a coin from before any source's record, and where they come from. */
export type EarlyRecord = {
  /** The name that attribution shows. */
  readonly name: string;
  /** The page that attribution links to: the record itself, or where it is described. */
  readonly url: string;
  /** Ascending, one a UTC day, positive; days without a price are left out. */
  readonly points: readonly DailyClose[];
  /** Roughly what was traded in the first 28 days together, in USD; null where unknown. */
  readonly openingTradedUsd: number | null;
};

/** Options of {@link createEarlyRecords}. */
export type EarlyRecordsOptions = {
  readonly log: Log;
  /** Holds `records.json` and one CSV file a coin; the program's own records when absent. */
  readonly folder?: URL;
};

/** The build copies this folder beside the compiled program. */
const FOLDER = new URL("./early/", import.meta.url);

/** A coin id that is safe as a file name, as CoinGecko's are. */
const FileName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]*$/, "must be a coin's id that can name a file");
const Entry = z.strictObject({
  // Cards show no more of a source's name.
  name: z.string().trim().min(1).max(40),
  url: z.url({ protocol: /^https$/ }),
  citation: z.string().trim().min(1),
  checkedOn: z.iso.date(),
  openingTradedUsd: z.number().positive().nullable(),
});
type Entry = z.infer<typeof Entry>;
const Entries = z.record(FileName, Entry);

const HEADER = "date,price_usd";
const DayOn = z.iso.date();

/**
 * Reads the records of coins that traded before any source's data, each when its coin is first
 * asked for. A file that is not in the form that `early/README.md` describes is one error in the
 * log, and no record.
 */
export function createEarlyRecords({
  log,
  folder = FOLDER,
}: EarlyRecordsOptions): (coinId: string) => EarlyRecord | undefined {
  let entries: ReadonlyMap<string, Entry> | undefined;
  const records = new Map<string, EarlyRecord | undefined>();

  function readOrLog<T>(file: string, read: (text: string) => T): T | undefined {
    try {
      return read(readFileSync(new URL(file, folder), "utf8"));
    } catch (error) {
      log.error(
        { file, error: errorText(error) },
        "An early record cannot be read: answers go without it",
      );
      return undefined;
    }
  }

  return (coinId) => {
    entries ??= readOrLog("records.json", readEntries) ?? new Map();
    const entry = entries.get(coinId);
    if (entry === undefined) return undefined;
    if (!records.has(coinId)) {
      const points = readOrLog(`${coinId}.csv`, readCloses);
      const { name, url, openingTradedUsd } = entry;
      records.set(
        coinId,
        points === undefined ? undefined : { name, url, points, openingTradedUsd },
      );
    }
    return records.get(coinId);
  };
}

function readEntries(text: string): ReadonlyMap<string, Entry> {
  const parsed = Entries.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  return new Map(Object.entries(parsed.data));
}

function readCloses(text: string): readonly DailyClose[] {
  const [header, ...lines] = text.trimEnd().split(/\r?\n/);
  if (header !== HEADER)
    throw new Error(`expected the header "${HEADER}", got "${header?.slice(0, 80)}"`);
  if (lines.length === 0) throw new Error("expected at least one day");
  let previousOn = "";
  return lines.map((line, index) => {
    const [on = "", price = "", ...more] = line.split(",");
    const priceUsd = /^\d/.test(price) ? Number(price) : Number.NaN;
    const isClose =
      more.length === 0 && DayOn.safeParse(on).success && priceUsd > 0 && Number.isFinite(priceUsd);
    if (!isClose)
      throw new Error(`line ${index + 2}: expected "${HEADER}", got "${line.slice(0, 80)}"`);
    if (on <= previousOn)
      throw new Error(`line ${index + 2}: ${on} does not come after ${previousOn}`);
    previousOn = on;
    return { on, priceUsd };
  });
}

/**
 * A record with earlier closes in front of it; undefined where the two do not join, or where the
 * early record is not earlier. Pure.
 */
export function joinEarlyRecord(
  record: JoinedRecord,
  early: EarlyRecord,
): JoinedRecord | undefined {
  const firstOn = record.points[0]?.on ?? "";
  if ((early.points[0]?.on ?? firstOn) >= firstOn) return undefined;
  const outcome = joinRecords(
    { name: "", url: "", stepDays: 1, points: record.points },
    { name: early.name, url: early.url, stepDays: 1, points: early.points },
  );
  if (!outcome.ok) return undefined;
  const [earlySource] = outcome.record.sources;
  return {
    points: outcome.record.points,
    sources: earlySource === undefined ? record.sources : [earlySource, ...record.sources],
  };
}
