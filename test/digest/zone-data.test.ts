import { isDeepStrictEqual } from "node:util";
import moment from "moment-timezone";
import { describe, expect, it } from "vitest";
import { createDueTimes, nextSlots } from "../../src/digest/due.ts";
import { createPackagedZones } from "../../src/digest/packaged-zones.ts";
import { EVERY_DAY } from "../../src/digest/rhythm.ts";
import {
  createNodeZones,
  newestOf,
  offsetMsAt,
  zoneData,
  zoneDataAgeDays,
  zoneDataStatus,
} from "../../src/digest/zone-data.ts";
import type { OffsetSpan, ZoneData } from "../../src/digest/zone-spans.ts";
import { resolveZone, suggestZones } from "../../src/digest/zones.ts";

const HOUR_MS = 3_600_000;
const at = (iso: string): number => Date.parse(iso);

/** Zone data in which every zone's clocks have one offset for ever. */
function fixedZones(version: string, zones: Readonly<Record<string, number>>): ZoneData {
  return {
    version,
    from: version,
    spans(zone) {
      const hours = zones[zone];
      const always = { startMs: Number.NEGATIVE_INFINITY, endMs: Number.POSITIVE_INFINITY };
      return hours === undefined ? undefined : [{ ...always, offsetMs: hours * HOUR_MS }];
    },
    nameOf: (text) => Object.keys(zones).find((zone) => zone.toLowerCase() === text.toLowerCase()),
    names: () => Object.keys(zones),
  };
}

/**
 * Changes of the clocks between two instants; where only the abbreviation changes, nothing does.
 */
function changes(spans: readonly OffsetSpan[] | undefined, fromMs: number, toMs: number) {
  const offsets: { fromMs: number; offsetMs: number }[] = [];
  for (const { startMs, endMs, offsetMs } of spans ?? []) {
    if (endMs <= fromMs || startMs > toMs || offsets.at(-1)?.offsetMs === offsetMs) continue;
    offsets.push({ fromMs: Math.max(startMs, fromMs), offsetMs });
  }
  return offsets;
}

describe("the zone data in use", () => {
  it("is the newest of Node's and the package's", () => {
    const [node, packaged] = [createNodeZones(), createPackagedZones()];
    expect(packaged.version).toBe(moment.tz.dataVersion);
    expect(node.version).toBe(process.versions["tz"]);
    expect(zoneData().version).toBe([node.version, packaged.version].sort().at(-1));
  });

  it.each([
    ["2025c", "2026a"],
    ["2026a", "2026f"],
    ["", "2024a"],
    ["2026z", "2026za"],
  ])(
    "of %j and %j is the latter's, and what only the former knows is known too",
    (older, newer) => {
      const former = fixedZones(older, { "Here/Both": 1, "Here/Abolished": 2 });
      const latter = fixedZones(newer, { "Here/Both": 5, "Here/New": 6 });
      for (const data of [newestOf(former, latter), newestOf(latter, former)]) {
        expect(data.version).toBe(newer);
        const hours = (zone: string) => (offsetMsAt(data, zone, 0) ?? Number.NaN) / HOUR_MS;
        expect(["Here/Both", "Here/Abolished", "Here/New"].map(hours)).toEqual([5, 2, 6]);
        expect(offsetMsAt(data, "Here/Neither", 0)).toBeUndefined();
        expect(createDueTimes(data).knowsZone("Here/New")).toBe(true);
        expect(resolveZone("here/new", new Date(0), data)).toEqual({ ok: true, zone: "Here/New" });
        expect(resolveZone("abolished", new Date(0), data)).toEqual({
          ok: true,
          zone: "Here/Abolished",
        });
        const label = "Here/New · 06:00 now, UTC+06:00";
        expect(suggestZones("+6", new Date(0), 25, "en-US", data)).toEqual([
          { zone: "Here/New", label },
        ]);
      }
    },
  );

  it("has what governments decided on after Node's data was made", () => {
    const due = (zone: string, data = zoneData()) => {
      const [slot] = nextSlots(
        createDueTimes(data),
        { zone, time: "09:00", rhythm: EVERY_DAY },
        at("2026-11-26T20:00Z"),
        1,
      );
      return slot === undefined ? undefined : new Date(slot.dueAtMs).toISOString();
    };
    // British Columbia (2026b) stays on -07, Alberta (2026c) on -06, Morocco (2026c) returned to
    // UTC.
    expect(due("America/Vancouver")).toBe("2026-11-27T16:00:00.000Z");
    expect(due("America/Edmonton")).toBe("2026-11-27T15:00:00.000Z");
    expect(due("Africa/Casablanca")).toBe("2026-11-27T09:00:00.000Z");
    const [suggestion] = suggestZones("vancouver", new Date("2026-11-27T16:00Z"), 1, "en-US");
    expect(suggestion?.label).toBe("America/Vancouver · 09:00 now, UTC-07:00");
  });
});

describe("the package's data", () => {
  const packaged = createPackagedZones();
  const [fromMs, toMs] = [at("2010-01-01T00:00Z"), at("2040-01-01T00:00Z")];

  it("is unpacked as the package's own library does, for every name that it knows", () => {
    const names = moment.tz.names();
    expect(names.length).toBeGreaterThan(590);
    for (const name of names) {
      const zone = moment.tz.zone(name);
      const expected = (zone?.untils ?? []).map((endMs, index) => ({
        startMs: zone?.untils[index - 1] ?? Number.NEGATIVE_INFINITY,
        endMs,
        offsetMs: 0 - (zone?.offsets[index] ?? 0) * 60_000,
      }));
      expect(changes(packaged.spans(name, fromMs, toMs), fromMs, toMs), name).toEqual(
        changes(expected, fromMs, toMs),
      );
      expect(packaged.nameOf(name.toUpperCase())).toBe(name);
    }
  });

  it("has whole spans without gaps around the time asked about", () => {
    for (const name of packaged.names()) {
      const spans = packaged.spans(name, fromMs, toMs) ?? [];
      expect(spans[0]?.startMs).toBeLessThanOrEqual(fromMs);
      expect(spans.at(-1)?.endMs).toBeGreaterThan(toMs);
      const ends = spans.slice(0, -1).map(({ endMs }) => endMs);
      expect(spans.slice(1).map(({ startMs }) => startMs)).toEqual(ends);
    }
  });

  it("agrees with Node's about the past, but for a handful of corrections", {
    timeout: 60_000,
  }, () => {
    const node = createNodeZones();
    const past = [at("2023-01-01T00:00Z"), at("2025-01-01T00:00Z")] as const;
    const corrected = node
      .names()
      .filter(
        (name) =>
          !isDeepStrictEqual(
            changes(packaged.spans(name, ...past), ...past),
            changes(node.spans(name, ...past), ...past),
          ),
      );
    expect(node.names().length).toBeGreaterThan(400);
    // Moldova's clocks change an hour earlier since 2022, as tzdata knows since 2026a.
    expect(corrected.length).toBeLessThan(5);
  });

  it("knows no zone that there is none of", () => {
    for (const name of ["constructor", "__proto__", "Mars/Base", "", "+02:00"]) {
      expect(packaged.spans(name, fromMs, toMs)).toBeUndefined();
      expect(packaged.nameOf(name)).toBeUndefined();
    }
  });
});

describe("the age of zone data", () => {
  it("counts from the day of the release, and is never negative", () => {
    expect(zoneDataAgeDays("2025c", new Date("2026-11-27T12:00Z"))).toBe(352);
    expect(zoneDataAgeDays("2026f", new Date("2026-10-30T00:00Z"))).toBe(1);
    expect(zoneDataAgeDays("2026f", new Date("2020-01-01T00:00Z"))).toBe(0);
  });

  it("counts from the end of its year for a release that came after this program", () => {
    expect(zoneDataAgeDays("2031b", new Date("2032-01-10T00:00Z"))).toBe(10);
    expect(zoneDataAgeDays("", new Date("2026-11-27T00:00Z"))).toBe(Number.POSITIVE_INFINITY);
  });

  it("is too much after 400 days", () => {
    const data = fixedZones("2025c", {});
    const from = "2025c";
    expect(zoneDataStatus(new Date("2027-01-14T23:00Z"), data)).toEqual({
      version: "2025c",
      from,
      ageDays: 400,
      isOld: false,
    });
    expect(zoneDataStatus(new Date("2027-01-15T00:00Z"), data)).toEqual({
      version: "2025c",
      from,
      ageDays: 401,
      isOld: true,
    });
  });
});
