import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import { findZone, parseWallTime, suggestZones } from "../../src/digest/zones.ts";

const NOW = new Date("2026-11-24T12:00:00Z");
const suggested = (text: string) => suggestZones(text, NOW, 25).map(({ zone }) => zone);

describe("a time of day", () => {
  it.each([
    ["09:00", "09:00"],
    ["9:00", "09:00"],
    [" 23:59 ", "23:59"],
    ["00:00", "00:00"],
    ["12:00 am", "00:00"],
    ["12:30 PM", "12:30"],
    ["9:05 p.m.", "21:05"],
  ])("%j is %s", (text, time) => expect(parseWallTime(text)).toBe(time));

  it.each([
    "24:30",
    "24:00",
    "12:60",
    "9",
    "noon",
    "",
    "13:00 pm",
    "0:30 am",
    "-1:00",
    "09:00:00",
    "９:00",
    "1e1:00",
  ])("%j is none", (text) => expect(parseWallTime(text)).toBeUndefined());

  it("is what was typed for every minute of the day, and nothing that is not a minute of a day comes out", () => {
    const two = (number: number) => String(number).padStart(2, "0");
    fc.assert(
      fc.property(
        fc.nat(23),
        fc.nat(59),
        (hour, minute) =>
          parseWallTime(`${two(hour)}:${two(minute)}`) === `${two(hour)}:${two(minute)}`,
      ),
    );
    fc.assert(
      fc.property(fc.string(), (text) =>
        /^([01]\d|2[0-3]):[0-5]\d$/.test(parseWallTime(text) ?? "00:00"),
      ),
    );
  });
});

describe("a time zone", () => {
  it.each([
    ["Europe/Berlin", "Europe/Berlin"],
    ["europe/berlin", "Europe/Berlin"],
    [" EUROPE/BERLIN ", "Europe/Berlin"],
    ["utc", "UTC"],
    ["etc/gmt+5", "Etc/GMT+5"],
    ["Etc/UTC", "Etc/UTC"],
    ["america/argentina/buenos_aires", "America/Argentina/Buenos_Aires"],
    ["America/Indiana/Tell City", "America/Indiana/Tell_City"],
    ["US/Eastern", "US/Eastern"],
    ["asia/kolkata", "Asia/Kolkata"],
    ["Asia/Calcutta", "Asia/Calcutta"],
    ["Europe/Kyiv", "Europe/Kyiv"],
    ["gb", "GB"],
    ["new york", "America/New_York"],
    ["Berlin", "Europe/Berlin"],
    ["kyiv", "Europe/Kyiv"],
  ])("%j is %s", (text, zone) => expect(findZone(text)).toBe(zone));

  it.each([
    "Mars/Base",
    "Europe/Berlinn",
    "+02:00",
    "-5",
    "",
    " ",
    "Europe/",
    "/",
    "x".repeat(5_000),
    "Europe/Berlin\u0000",
    "constructor",
    "[UTC]",
  ])("%j is none", (text) => expect(findZone(text)).toBeUndefined());

  it("of every name that the runtime lists is found in any capitals, and understood by whoever computes with it", () => {
    for (const zone of Intl.supportedValuesOf("timeZone")) {
      expect(findZone(zone.toLowerCase())).toBe(zone);
      expect(() =>
        Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone),
      ).not.toThrow();
    }
  });
});

describe("suggested time zones", () => {
  it("begin with the best known, then go by name", () => {
    expect(suggested("").slice(0, 3)).toEqual([
      "America/New_York",
      "Europe/London",
      "Europe/Berlin",
    ]);
    expect(suggested("europe/").slice(0, 2)).toEqual(["Europe/London", "Europe/Berlin"]);
    expect(suggestZones("", NOW, 1_000).at(-1)?.zone).toBe("Pacific/Wallis");
  });

  it("match a city with a space, part of a name, and the names of yesterday and today", () => {
    expect(suggested("new y")).toEqual(["America/New_York"]);
    expect(suggested("calcutta")).toEqual(["Asia/Kolkata"]);
    expect(suggested("kolk")).toEqual(["Asia/Kolkata"]);
    expect(suggested("dakota")).toContain("America/North_Dakota/New_Salem");
    expect(suggested("etc/gmt+5")).toEqual(["Etc/GMT+5"]);
    expect(suggested("zzz")).toEqual([]);
  });

  it("match the offset that the clocks have now, whole and half hours", () => {
    expect(suggested("+1").slice(0, 2)).toEqual(["Europe/Berlin", "Europe/Paris"]);
    expect(suggested("utc+1")).toEqual(suggested("GMT + 01:00"));
    expect(suggested("+5:30")[0]).toBe("Asia/Kolkata");
    expect(suggested("-3:30")).toEqual(["America/St_Johns"]);
    expect(suggested("-0")).toEqual(suggested("+0"));
    expect(
      suggestZones("-5", new Date("2026-07-01T00:00:00Z"), 25).map(({ zone }) => zone),
    ).not.toContain("America/New_York");
  });

  it("say what their clocks show, within what Discord takes", () => {
    expect(suggestZones("kolkata", NOW, 25)).toEqual([
      { zone: "Asia/Kolkata", label: "Asia/Kolkata · 17:30 now, UTC+05:30" },
    ]);
    expect(suggestZones("utc", NOW, 1)).toEqual([{ zone: "UTC", label: "UTC · 12:00 now, UTC" }]);
    for (const { zone, label } of suggestZones("", NOW, 1_000)) {
      expect(findZone(zone)).toBe(zone);
      expect(label.length).toBeLessThanOrEqual(100);
    }
  });
});
