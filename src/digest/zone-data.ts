import { Temporal } from "temporal-polyfill";
import { DAY_MS } from "../valuation/calendar.ts";
import { createPackagedZones } from "./packaged-zones.ts";
import type { OffsetSpan, ZoneData } from "./zone-spans.ts";

/** Zone data older than this, in days, is likely to lack later time zone changes. */
const OLD_ZONE_DATA_DAYS = 400;

/**
 * The zone data built into Node: as new as the binary, or older where the binary uses the system's.
 */
export function createNodeZones(): ZoneData {
  return {
    version: process.versions["tz"] ?? "",
    from: "Node",
    spans(zone, fromMs, toMs) {
      let at: Temporal.ZonedDateTime;
      try {
        at = Temporal.Instant.fromEpochMilliseconds(fromMs).toZonedDateTimeISO(zone);
      } catch {
        return undefined;
      }
      const spans: OffsetSpan[] = [];
      let startMs = Number.NEGATIVE_INFINITY;
      for (;;) {
        const change = at.getTimeZoneTransition("next");
        const offsetMs = at.offsetNanoseconds / 1e6;
        if (change === null || change.epochMilliseconds > toMs) {
          spans.push({ startMs, endMs: Number.POSITIVE_INFINITY, offsetMs });
          return spans;
        }
        spans.push({ startMs, endMs: change.epochMilliseconds, offsetMs });
        startMs = change.epochMilliseconds;
        at = change;
      }
    },
    nameOf(text) {
      try {
        new Intl.DateTimeFormat("en", { timeZone: text });
        return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text).timeZoneId;
      } catch {
        return undefined;
      }
    },
    names: () => Intl.supportedValuesOf("timeZone"),
  };
}

/** Combines two sets: the newer one, and the older one for zones that the newer does not know. */
export function newestOf(one: ZoneData, other: ZoneData): ZoneData {
  // `2025c` < `2026a` < `2026f`, and the empty version comes first.
  const [newer, older] = one.version >= other.version ? [one, other] : [other, one];
  return {
    version: newer.version,
    from: newer.from,
    spans: (zone, fromMs, toMs) =>
      newer.spans(zone, fromMs, toMs) ?? older.spans(zone, fromMs, toMs),
    nameOf: (text) => newer.nameOf(text) ?? older.nameOf(text),
    names: () => [...new Set([...newer.names(), ...older.names()])],
  };
}

let newest: ZoneData | undefined;

/**
 * The newest zone data that this process has: the package's or Node's. It never changes while the
 * process runs, and the package's is read when a zone other than UTC is asked for.
 */
export function zoneData(): ZoneData {
  newest ??= withoutReadingForUtc(newestOf(createPackagedZones(), createNodeZones()));
  return newest;
}

/** Most servers keep the default zone, which needs no data. */
function withoutReadingForUtc(data: ZoneData): ZoneData {
  const always = [
    { startMs: Number.NEGATIVE_INFINITY, endMs: Number.POSITIVE_INFINITY, offsetMs: 0 },
  ];
  return {
    ...data,
    spans: (zone, fromMs, toMs) => (zone === "UTC" ? always : data.spans(zone, fromMs, toMs)),
  };
}

/** A zone's offset from UTC at an instant, in milliseconds; undefined for an unknown zone. */
export function offsetMsAt(data: ZoneData, zone: string, atMs: number): number | undefined {
  return data.spans(zone, atMs, atMs)?.find(({ endMs }) => atMs < endMs)?.offsetMs;
}

/**
 * When tzdata versions were released (file NEWS of github.com/eggert/tz; since 2026d, the day on
 * which moment-timezone had it; checked 2026-11-26). The version alone does not tell.
 */
const RELEASED_ON: Readonly<Record<string, string>> = {
  "2024a": "2024-02-01",
  "2024b": "2024-09-04",
  "2025a": "2025-01-15",
  "2025b": "2025-03-22",
  "2025c": "2025-12-10",
  "2026a": "2026-03-01",
  "2026b": "2026-04-22",
  "2026c": "2026-07-08",
  "2026d": "2026-09-15",
  "2026e": "2026-10-02",
  "2026f": "2026-10-29",
};

/**
 * The least age of a tzdata version, in whole days: counted from its release, or from the end of
 * its year when the release day is unknown. Infinite for no version.
 */
export function zoneDataAgeDays(version: string, now: Date): number {
  const year = /^\d{4}/.exec(version)?.[0];
  if (year === undefined) return Number.POSITIVE_INFINITY;
  const releasedMs = Date.parse(RELEASED_ON[version] ?? `${year}-12-31`);
  return Math.max(0, Math.floor((now.getTime() - releasedMs) / DAY_MS));
}

/** Which zone data is in use, and how old it is. */
export type ZoneDataStatus = Pick<ZoneData, "version" | "from"> & {
  readonly ageDays: number;
  /** So old that digests may come at the wrong hour. */
  readonly isOld: boolean;
};

/** The version, source and age of the zone data in use. */
export function zoneDataStatus(
  now: Date,
  { version, from }: ZoneData = zoneData(),
): ZoneDataStatus {
  const ageDays = zoneDataAgeDays(version, now);
  return { version, from, ageDays, isOld: ageDays > OLD_ZONE_DATA_DAYS };
}
