import moment from "moment-timezone";
import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import { actionFor, createDueTimes, openSlots } from "../../src/digest/due.ts";
import { EVERY_DAY, rhythmOn, WORKING_DAYS, weekdayOf } from "../../src/digest/rhythm.ts";
import { zoneData } from "../../src/digest/zone-data.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const at = (iso: string): number => Date.parse(iso);
/** Rhythms that leave out some of the dates. */
const RHYTHMS = [WORKING_DAYS, rhythmOn([1]), rhythmOn([6, 7])];
const iso = (ms: number): string => new Date(ms).toISOString().replace(":00.000Z", "Z");

/**
 * Sweeps every known zone: whether each of its local dates in these years gets one
 * digest, at the right instant.
 */
export function describeEveryZone(firstYear: number, lastYear: number): void {
  describe(`every known zone, ${firstYear} to ${lastYear}`, () => {
    const FROM_MS = at(`${firstYear - 1}-12-29T00:00Z`);
    const TO_MS = at(`${lastYear + 1}-01-03T00:00Z`);
    const names = new Set([...Intl.supportedValuesOf("timeZone"), ...moment.tz.names()]);
    const groups = groupedByClocks([...names]);
    const everyDate = datesBetween(`${firstYear}-01-01`, `${lastYear}-12-31`);

    it("is covered", () => {
      const covered = [...groups.values()].reduce((sum, { zones }) => sum + zones.length, 0);
      expect(covered).toBeGreaterThan(590);
      expect(covered).toBe(names.size);
      expect(groups.size).toBeGreaterThan(50);
    });

    // Half a million moments each: on a busy machine that takes a while.
    const timeout = 120_000;
    const wallTimes = ["00:00", "00:30", "02:30", "09:00", "23:59"];
    it.each(wallTimes)(
      "gets each local date exactly once, when its clocks first show %s",
      { timeout },
      (time) => {
        for (const { zones, transitions } of groups.values()) {
          const zone = zones[0] ?? "UTC";
          const [posts = new Map<string, number>(), ...postsByRhythm] = postsOf(
            zone,
            time,
            transitions,
          );
          expect(
            [...posts.keys()].filter((on) => everyDate.first <= on && on <= everyDate.last),
            zone,
          ).toEqual(everyDate.dates);
          expect(wrongInstants(zone, time, transitions, posts), zone).toEqual([]);
          for (const [at, rhythm] of RHYTHMS.entries())
            expect([...(postsByRhythm[at] ?? [])], zone).toEqual(
              [...posts].filter(([on]) => rhythm.weekdays.includes(weekdayOf(on))),
            );
        }
      },
    );

    type Transition = { readonly atMs: number; readonly shiftMs: number };

    /**
     * Runs a bot past every due instant and every clock change, and the minutes around them: a
     * server whose digest comes every day, and one of each rhythm.
     */
    function postsOf(
      zone: string,
      time: string,
      transitions: readonly Transition[],
    ): readonly Map<string, number>[] {
      const times = createDueTimes();
      const servers = [EVERY_DAY, ...RHYTHMS].map((rhythm) => ({
        plan: { guildId: "1", channelId: "2", zone, time, rhythm, sinceMs: FROM_MS },
        posts: new Map<string, number>(),
      }));
      const changes = transitions
        .flatMap(({ atMs }) => [atMs - MINUTE_MS, atMs, atMs + MINUTE_MS])
        .reverse();
      let dueMs = FROM_MS;
      const probe = (nowMs: number): void => {
        const current = { nowMs, channelId: "2", trouble: undefined };
        for (const { plan, posts } of servers)
          for (const slot of openSlots(times, plan, nowMs)) {
            if (posts.has(slot.localOn) || slot.dueAtMs < FROM_MS + HOUR_MS) continue;
            if (actionFor(slot, undefined, current) !== "post")
              throw new Error(`${slot.localOn} was missed`);
            posts.set(slot.localOn, nowMs);
          }
      };
      while (dueMs < TO_MS) {
        dueMs = times.next(zone, time, dueMs)?.dueAtMs ?? TO_MS;
        const moments = [dueMs - MINUTE_MS, dueMs, dueMs + MINUTE_MS];
        for (let change = changes.pop(); change !== undefined; change = changes.pop()) {
          if (change > dueMs + MINUTE_MS) {
            changes.push(change);
            break;
          }
          moments.push(change);
        }
        for (const moment of moments.sort((a, b) => a - b)) probe(moment);
      }
      return servers.map(({ posts }) => posts);
    }

    /**
     * Posts at which the zone's clocks do not show the wall time for the first time; or, where they
     * skip it, do not skip it just then.
     */
    function wrongInstants(
      zone: string,
      time: string,
      transitions: readonly Transition[],
      posts: ReadonlyMap<string, number>,
    ): string[] {
      const clock = clockOf(zone);
      return [...posts].flatMap(([localOn, postedMs]) => {
        const wanted = `${localOn} ${time}`;
        const shown = clock(postedMs);
        const change = transitions.find(
          ({ atMs }) => atMs <= postedMs && postedMs < atMs + 25 * HOUR_MS,
        );
        const skipped =
          change?.atMs === postedMs && clock(postedMs - MINUTE_MS) < wanted && wanted < shown;
        const wasShownBefore =
          change !== undefined && change.shiftMs < 0 && clock(postedMs + change.shiftMs) === wanted;
        return (shown === wanted && !wasShownBefore) || skipped
          ? []
          : [`${wanted} at ${iso(postedMs)}, when the clocks show ${shown}`];
      });
    }

    // Who says what the clocks show is not the code under test: the library whose data file it
    // reads, or `Intl` where Node's data is newer.
    function libraryZone(zone: string): ReturnType<typeof moment.tz.zone> {
      return zoneData().from === "moment-timezone" ? moment.tz.zone(zone) : null;
    }

    /** Such as `2026-11-24 09:00`. */
    function clockOf(zone: string): (atMs: number) => string {
      const found = libraryZone(zone);
      if (found !== null) {
        return (atMs) =>
          new Date(atMs - found.utcOffset(atMs) * MINUTE_MS)
            .toISOString()
            .slice(0, 16)
            .replace("T", " ");
      }
      const clock = new Intl.DateTimeFormat("sv-SE", {
        timeZone: zone,
        dateStyle: "short",
        timeStyle: "short",
      });
      return (atMs) => clock.format(atMs);
    }

    function transitionsOf(zone: string): {
      readonly startOffsetMs: number;
      readonly transitions: readonly Transition[];
    } {
      const found = libraryZone(zone);
      const transitions: Transition[] = [];
      if (found !== null) {
        found.untils.forEach((atMs, index) => {
          const shiftMs =
            ((found.offsets[index] ?? 0) - (found.offsets[index + 1] ?? 0)) * MINUTE_MS;
          if (FROM_MS < atMs && atMs < TO_MS && shiftMs !== 0) transitions.push({ atMs, shiftMs });
        });
        return { startOffsetMs: -found.utcOffset(FROM_MS) * MINUTE_MS, transitions };
      }
      let here = Temporal.Instant.fromEpochMilliseconds(FROM_MS).toZonedDateTimeISO(zone);
      const startOffsetMs = here.offsetNanoseconds / 1e6;
      for (
        let next = here.getTimeZoneTransition("next");
        next !== null && next.epochMilliseconds < TO_MS;
        next = here.getTimeZoneTransition("next")
      ) {
        transitions.push({
          atMs: next.epochMilliseconds,
          shiftMs: (next.offsetNanoseconds - here.offsetNanoseconds) / 1e6,
        });
        here = next;
      }
      return { startOffsetMs, transitions };
    }

    /** Zones whose clocks are the same all the time are one. */
    function groupedByClocks(
      zones: readonly string[],
    ): Map<string, { readonly zones: string[]; readonly transitions: readonly Transition[] }> {
      const found = new Map<string, { zones: string[]; transitions: readonly Transition[] }>();
      for (const zone of zones) {
        const { startOffsetMs, transitions } = transitionsOf(zone);
        const key = JSON.stringify([startOffsetMs, transitions]);
        const group = found.get(key) ?? { zones: [], transitions };
        group.zones.push(zone);
        found.set(key, group);
      }
      return found;
    }

    function datesBetween(
      first: string,
      last: string,
    ): { first: string; last: string; dates: string[] } {
      const dates: string[] = [];
      for (let ms = at(`${first}T00:00Z`); ms <= at(`${last}T00:00Z`); ms += 24 * HOUR_MS)
        dates.push(new Date(ms).toISOString().slice(0, 10));
      return { first, last, dates };
    }
  });
}
