import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import { PLACES } from "../../src/digest/places.ts";
import { resolveZone, suggestZones } from "../../src/digest/zones.ts";

const NOW = new Date("2026-11-24T12:00:00Z");
const suggested = (text: string) => suggestZones(text, NOW, 25, "en-US").map(({ zone }) => zone);

/** What admins type for one zone, by its IANA name. */
const UNDERSTOOD: Readonly<Record<string, readonly string[]>> = {
  "Europe/Berlin": [
    ...[
      "Europe/Berlin",
      "europe/berlin",
      " EUROPE/BERLIN ",
      "Berlin",
      "berlin, Germany",
      "Germany",
    ],
    ...[
      "Munich",
      "München",
      "Muenchen",
      "munchen",
      "Hamburg",
      "Cologne",
      "Köln",
      "koeln",
      "Frankfurt",
    ],
    ...[
      "Düsseldorf",
      "Stuttgart",
      "Europe/Berlin · 13:00 now, UTC+01:00",
      "Berlin time",
      "`Berlin`",
    ],
    "Europe/Berlin (Munich) · 13:00 now, UTC+01:00",
    ...["zone:Berlin", "Berlin CEST"],
  ],
  "Europe/Kyiv": ["kyiv", "Kyiv, Ukraine", "Kiev", "kiev", "Київ", "Ukraine", "Odessa", "Lviv"],
  "Europe/Zurich": ["Zürich", "zurich", "ZUERICH", "Geneva", "Genève", "Basel", "Switzerland"],
  "America/Sao_Paulo": [
    "São Paulo",
    "sao paulo",
    "Rio",
    "Rio de Janeiro",
    "Brasilia",
    "america/sao paulo",
  ],
  "America/New_York": [
    ...[
      "new york",
      "New York City",
      "NYC",
      "NY",
      "America/New_York",
      "america/new york",
      "Boston",
      "Miami",
    ],
    ...["Washington", "Washington, D.C.", "Washington DC", "Eastern Time", "ET", "Philadelphia"],
    ...["Florida", "Atlanta", "New York, USA", "new_york", "Eastern"],
  ],
  "America/Los_Angeles": [
    ...[
      "LA",
      "Los Angeles",
      "losangeles",
      "San Francisco",
      "SF",
      "Seattle",
      "Pacific Time",
      "California",
    ],
    ...["Portland, Oregon", "las vegas", "PT", "San Diego"],
  ],
  "America/Chicago": [
    "Houston",
    "Dallas",
    "Texas",
    "Central Time",
    "Austin",
    "St. Louis",
    "st louis",
  ],
  "America/Denver": ["Colorado", "Salt Lake City", "Mountain Time"],
  "America/Toronto": ["Montreal", "Montréal", "Ottawa", "Toronto"],
  "Europe/London": [
    "London",
    "London, UK",
    "England",
    "Manchester",
    "Birmingham",
    "UK",
    "Scotland",
  ],
  "Europe/Dublin": ["Ireland", "Cork"],
  "Europe/Madrid": ["Barcelona", "Spain", "Sevilla"],
  "Europe/Lisbon": ["Portugal", "Porto", "Lisboa"],
  "Europe/Rome": ["Milan", "Milano", "Italy", "Roma", "Napoli"],
  "Europe/Vienna": ["Wien", "Austria"],
  "Europe/Amsterdam": ["Holland", "Netherlands", "the Netherlands", "The Hague", "Rotterdam"],
  "Europe/Istanbul": ["Turkey", "Türkiye", "Ankara"],
  "Europe/Moscow": ["Москва", "St. Petersburg", "Moscow"],
  "Europe/Prague": ["Praha", "Czech Republic", "Czechia"],
  "Asia/Kolkata": [
    "asia/kolkata",
    "Mumbai",
    "Bombay",
    "Hyderabad",
    "Bangalore",
    "Bengaluru",
    "India",
    "calcutta",
  ],
  "Asia/Tokyo": ["Osaka", "Japan", "日本", "Tokyo Asia", "東京", "Tokyo"],
  "Asia/Shanghai": ["Beijing", "Peking", "Shenzhen", "China", "北京"],
  "Asia/Seoul": ["South Korea", "Korea", "Busan"],
  "Asia/Ho_Chi_Minh": ["Saigon", "Hanoi", "Vietnam"],
  "Asia/Dubai": ["Abu Dhabi", "UAE", "United Arab Emirates"],
  "Asia/Singapore": ["singapore"],
  "Asia/Hong_Kong": ["Hongkong", "hong kong"],
  "Australia/Sydney": ["Canberra", "NSW"],
  "Pacific/Auckland": ["New Zealand", "Wellington", "Auckland NZ"],
  "Africa/Johannesburg": ["Cape Town", "South Africa"],
  UTC: ["utc", "UTC", "Z", "utc+0", "GMT+0", "+00:00", "UTC · 12:00 now, UTC", "[UTC]"],
  GMT: ["gmt"],
  "Etc/GMT+5": ["etc/gmt+5"],
  "Etc/UTC": ["Etc/UTC"],
  "America/Argentina/Buenos_Aires": ["america/argentina/buenos_aires", "Buenos Aires", "Argentina"],
  "America/Indiana/Tell_City": ["America/Indiana/Tell City"],
  "US/Eastern": ["US/Eastern"],
  "Asia/Calcutta": ["Asia/Calcutta"],
  GB: ["gb"],
};

/** Places as people call them in other languages, by their zone. */
const IN_OTHER_LANGUAGES: Readonly<Record<string, readonly string[]>> = {
  "Europe/Berlin": ["Alemania", "Allemagne", "Niemcy", "Almanya", "Германия", "ドイツ", "독일"],
  "Asia/Tokyo": ["Япония", "Giappone", "日本時間", "도쿄", "일본"],
  "Europe/London": ["Londra", "Londyn", "Лондон", "ロンドン", "런던"],
  "America/New_York": ["Nueva York", "Nowy Jork", "Нью-Йорк", "ニューヨーク", "뉴욕"],
  "Europe/Moscow": ["Moskau", "Moskwa", "МСК", "모스크바"],
  "Asia/Novosibirsk": ["Новосибирск"],
};

it.each(Object.entries(IN_OTHER_LANGUAGES))(
  "%s is found by what others call it",
  (zone, places) => {
    expect(places.map((place) => resolveZone(place, NOW))).toEqual(
      places.map(() => ({ ok: true, zone })),
    );
  },
);

describe("a time zone", () => {
  const table = Object.entries(UNDERSTOOD).flatMap(([zone, texts]) =>
    texts.map((text) => [text, zone] as const),
  );

  it.each(table)("typed as %j is %s", (text, zone) =>
    expect(resolveZone(text, NOW)).toEqual({ ok: true, zone }),
  );

  it.each([
    ["+02:00", "Europe/Kyiv", "Etc/GMT-2"],
    ["UTC+2", "Europe/Kyiv", "Etc/GMT-2"],
    ["GMT +2", "Europe/Kyiv", "Etc/GMT-2"],
    ["utc-5", "America/New_York", "Etc/GMT+5"],
    ["−5", "America/New_York", "Etc/GMT+5"],
    ["UTC+05:30", "Asia/Kolkata", undefined],
    ["UTC+5.5", "Asia/Kolkata", undefined],
    ["UTC-12", "Etc/GMT+12", "Etc/GMT+12"],
    ["+5:30", "Asia/Kolkata", undefined],
  ])("the offset %s is not taken: %s has it now, and %s keeps it", (text, first, fixed) => {
    const resolution = resolveZone(text, NOW);
    expect(resolution).toMatchObject({ ok: false, reason: "offset" });
    if (resolution.ok) return;
    expect(resolution.zones).toContain(first);
    expect(resolution.fixed?.zone).toBe(fixed);
  });

  it.each([
    ["EST", "America/New_York", "Etc/GMT+5"],
    ["est", "America/New_York", "Etc/GMT+5"],
    ["EDT", "America/New_York", "Etc/GMT+4"],
    ["PST", "America/Los_Angeles", undefined],
    ["CET", "Europe/Berlin", "Etc/GMT-1"],
    ["Central European Time", "Europe/Berlin", "Etc/GMT-1"],
    ["CEST", "Europe/Berlin", "Etc/GMT-2"],
    ["BST", "Europe/London", undefined],
    ["IST", "Asia/Kolkata", undefined],
    ["JST", "Asia/Tokyo", "Etc/GMT-9"],
    ["AEST", "Australia/Sydney", "Etc/GMT-10"],
    ["WET", "Europe/Lisbon", "UTC"],
  ])("the abbreviation %s offers %s first, and %s for whoever insists", (text, first, fixed) => {
    const resolution = resolveZone(text, NOW);
    expect(resolution).toMatchObject({ ok: false, reason: "abbreviation" });
    if (resolution.ok) return;
    expect(resolution.zones[0]).toBe(first);
    expect(resolution.fixed?.zone).toBe(fixed);
    // Whoever insists is understood.
    if (fixed !== undefined) expect(resolveZone(fixed, NOW)).toEqual({ ok: true, zone: fixed });
  });

  it.each([
    ["USA", ["America/New_York", "America/Los_Angeles", "America/Chicago"]],
    ["Australia", ["Australia/Sydney", "Australia/Perth"]],
    ["Canada", ["America/Toronto", "America/Vancouver"]],
    ["Brazil", ["America/Sao_Paulo"]],
    ["Russia", ["Europe/Moscow"]],
    ["Valencia", ["Europe/Madrid", "America/Caracas"]],
    ["Georgia", ["America/New_York", "Asia/Tbilisi"]],
    ["Paris, Texas", ["Europe/Paris", "America/Chicago"]],
  ])("%s may be any of several", (text, zones) => {
    const resolution = resolveZone(text, NOW);
    expect(resolution).toMatchObject({ ok: false, reason: "several" });
    if (!resolution.ok) expect(resolution.zones).toEqual(expect.arrayContaining(zones));
  });

  it.each([
    ["Berln", "Europe/Berlin"],
    ["Eurpoe/Berlin", "Europe/Berlin"],
    ["Europe/Berlinn", "Europe/Berlin"],
    ["Nwe York", "America/New_York"],
    ["los angelos", "America/Los_Angeles"],
    ["Sidney", "Australia/Sydney"],
    ["Tokyp", "Asia/Tokyo"],
    ["Munic", "Europe/Berlin"],
    ["Dubl", "Europe/Dublin"],
  ])("the slip %s is asked about with %s first", (text, zone) => {
    const resolution = resolveZone(text, NOW);
    expect(resolution).toMatchObject({ ok: false, reason: "unknown" });
    if (!resolution.ok) expect(resolution.zones[0]).toBe(zone);
    expect(suggested(text)[0]).toBe(zone);
  });

  it.each([
    "Mars/Base",
    "",
    " ",
    "Europe/",
    "/",
    "x".repeat(5_000),
    "constructor",
    "__proto__",
    "+99",
    "soon",
    "Central Europe",
    "Eastern Europe",
    "Eastern EU",
    "West Africa",
    "W. Europe Standard Time",
  ])("%j is none", (text) =>
    expect(resolveZone(text, NOW)).toMatchObject({ ok: false, reason: "unknown" }),
  );

  it("of every name that the runtime lists is found in any capitals, and understood by whoever computes with it", () => {
    for (const zone of Intl.supportedValuesOf("timeZone")) {
      expect(resolveZone(zone.toLowerCase(), NOW)).toEqual({ ok: true, zone });
      expect(() =>
        Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone),
      ).not.toThrow();
    }
  });

  it("of every place is a zone that there is, and every place is found or asked about", () => {
    for (const [zone, places] of Object.entries(PLACES)) {
      expect(resolveZone(zone, NOW)).toEqual({ ok: true, zone });
      for (const place of places.split(/,\s*/)) {
        const resolution = resolveZone(place, NOW);
        if (resolution.ok) expect([place, resolution.zone]).toEqual([place, zone]);
        else {
          expect([place, resolution.reason]).toEqual([place, "several"]);
          expect(resolution.zones).toContain(zone);
        }
      }
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
    expect(suggestZones("", NOW, 1_000, "en-US").at(-1)?.zone).toBe("Pacific/Wallis");
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
      suggestZones("-5", new Date("2026-07-01T00:00:00Z"), 25, "en-US").map(({ zone }) => zone),
    ).not.toContain("America/New_York");
  });

  it("name the place that was typed where the zone's own name does not", () => {
    expect(suggestZones("munich", NOW, 25, "en-US")[0]).toEqual({
      zone: "Europe/Berlin",
      label: "Europe/Berlin (Munich) · 13:00 now, UTC+01:00",
    });
    expect(suggested("san fr")[0]).toBe("America/Los_Angeles");
    expect(suggested("usa").slice(0, 3)).toEqual([
      "America/New_York",
      "America/Los_Angeles",
      "America/Chicago",
    ]);
    expect(suggested("EST")[0]).toBe("America/New_York");
    expect(suggested("san fransis")).toContain("America/Los_Angeles");
    expect(suggested("enos")).toEqual(["America/Argentina/Buenos_Aires"]);
  });

  it("say what their clocks show, within what Discord takes", () => {
    expect(suggestZones("kolkata", NOW, 25, "en-US")).toEqual([
      { zone: "Asia/Kolkata", label: "Asia/Kolkata · 17:30 now, UTC+05:30" },
    ]);
    expect(suggestZones("utc", NOW, 1, "en-US")).toEqual([
      { zone: "UTC", label: "UTC · 12:00 now, UTC" },
    ]);
    for (const { zone, label } of suggestZones("", NOW, 1_000, "en-US")) {
      expect(resolveZone(label, NOW)).toEqual({ ok: true, zone });
      expect(label.length).toBeLessThanOrEqual(100);
    }
  });
});
