import { spokenLanguages } from "../messages/say.ts";
import { Spelling, slipCost, slipsAllowed } from "../prices/coins/slips.ts";
import { PLACES } from "./places.ts";
import type { ZoneData } from "./zone-spans.ts";

/** A zone and every text that it is found by. */
export type ZoneName = {
  readonly zone: string;
  /** Its IANA name and an old one, comparable. */
  readonly names: readonly string[];
  readonly places: readonly { readonly name: string; readonly text: string }[];
};

/** Every zone under its current name, best known first, and the zones of each exact text. */
export type ZoneNames = {
  readonly all: readonly ZoneName[];
  zonesOf(text: string): readonly string[];
  /** Zones whose names or places differ from a text by a slip or two, nearest first. */
  similarTo(text: string): readonly string[];
};

/** Roughly by how many Discord users live there. */
const POPULAR =
  `America/New_York Europe/London Europe/Berlin America/Los_Angeles America/Chicago Europe/Paris
  Asia/Kolkata America/Sao_Paulo Asia/Tokyo Australia/Sydney UTC Asia/Singapore Europe/Madrid
  Europe/Amsterdam America/Toronto America/Denver Asia/Manila Asia/Jakarta Europe/Warsaw
  Europe/Istanbul Europe/Rome America/Mexico_City Asia/Seoul Asia/Shanghai Asia/Hong_Kong Asia/Dubai
  Europe/Stockholm America/Argentina/Buenos_Aires Asia/Bangkok Africa/Johannesburg Africa/Lagos
  Europe/Kyiv Asia/Ho_Chi_Minh America/Bogota America/Phoenix Pacific/Auckland
  Europe/Moscow Africa/Cairo Europe/Athens Asia/Karachi Asia/Dhaka Asia/Riyadh America/Lima
  America/Santiago America/Halifax Australia/Brisbane Australia/Perth Australia/Adelaide
  Africa/Nairobi Europe/Lisbon Asia/Makassar Pacific/Honolulu America/Anchorage`.split(/\s+/);

/**
 * Current names of zones that Node lists under an old one (IANA tz database, file `backward`,
 * checked 2026-11-24).
 */
const RENAMED: Readonly<Record<string, string>> = {
  "Africa/Asmera": "Africa/Asmara",
  "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
  "America/Catamarca": "America/Argentina/Catamarca",
  "America/Coral_Harbour": "America/Atikokan",
  "America/Cordoba": "America/Argentina/Cordoba",
  "America/Godthab": "America/Nuuk",
  "America/Indianapolis": "America/Indiana/Indianapolis",
  "America/Jujuy": "America/Argentina/Jujuy",
  "America/Louisville": "America/Kentucky/Louisville",
  "America/Mendoza": "America/Argentina/Mendoza",
  "Asia/Calcutta": "Asia/Kolkata",
  "Asia/Katmandu": "Asia/Kathmandu",
  "Asia/Rangoon": "Asia/Yangon",
  "Asia/Saigon": "Asia/Ho_Chi_Minh",
  "Atlantic/Faeroe": "Atlantic/Faroe",
  "Europe/Kiev": "Europe/Kyiv",
  "Pacific/Enderbury": "Pacific/Kanton",
  "Pacific/Ponape": "Pacific/Pohnpei",
  "Pacific/Truk": "Pacific/Chuuk",
};

/**
 * Countries whose people live by different clocks: the zones to choose from, largest first. A
 * country that differs only on far islands or in one corner is a name of its main zone in
 * {@link PLACES} (IANA tz database, file `zone.tab`, checked 2026-11-27).
 */
const SEVERAL: readonly (readonly [names: string, zones: string])[] = [
  [
    "USA, US, U.S.A., United States, United States of America, America, Estados Unidos, 美国",
    `America/New_York America/Chicago America/Denver America/Los_Angeles America/Phoenix
    America/Anchorage Pacific/Honolulu`,
  ],
  [
    "Canada",
    `America/Toronto America/Vancouver America/Edmonton America/Winnipeg America/Halifax
    America/Regina America/St_Johns`,
  ],
  [
    "Australia",
    `Australia/Sydney Australia/Melbourne Australia/Brisbane Australia/Perth Australia/Adelaide
    Australia/Hobart Australia/Darwin`,
  ],
  [
    "Brazil, Brasil",
    "America/Sao_Paulo America/Bahia America/Fortaleza America/Manaus America/Cuiaba",
  ],
  [
    "Mexico, México",
    `America/Mexico_City America/Monterrey America/Cancun America/Tijuana America/Hermosillo
    America/Mazatlan`,
  ],
  [
    "Russia, Россия, Russian Federation",
    `Europe/Moscow Asia/Yekaterinburg Asia/Novosibirsk Europe/Samara Asia/Krasnoyarsk
    Asia/Vladivostok Europe/Kaliningrad`,
  ],
  ["Indonesia", "Asia/Jakarta Asia/Makassar Asia/Jayapura"],
  ["Congo, DR Congo", "Africa/Kinshasa Africa/Lubumbashi Africa/Brazzaville"],
  ["Mongolia", "Asia/Ulaanbaatar Asia/Hovd"],
  ["Papua New Guinea", "Pacific/Port_Moresby Pacific/Bougainville"],
  ["Micronesia", "Pacific/Pohnpei Pacific/Chuuk Pacific/Kosrae"],
  ["Kiribati", "Pacific/Tarawa Pacific/Kiritimati Pacific/Kanton"],
];

/** What a name costs whose end has not been typed yet, in slips. */
const UNTYPED_COST = 0.5;

/** Letters that are no base letter with a mark. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ı: "i",
};

/** A name as zones are compared by: plain small letters and digits, single spaces between words. */
export function comparableName(name: string): string {
  return name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[ßæœøłđðþı]/g, (letter) => LETTERS[letter] ?? letter)
    .replace(/['’ʼ.]/g, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .replace(/\b(?:and|the)\b/g, " ")
    .trim()
    .replace(/ +/g, " ");
}

const namesOf = new WeakMap<ZoneData, ZoneNames>();

/** The names of a set of zone data; computed once, on first use. */
export function zoneNames(data: ZoneData): ZoneNames {
  const names = namesOf.get(data) ?? listZones(data);
  namesOf.set(data, names);
  return names;
}

/** The last part of an IANA name, mostly a city. */
function cityOf(zone: string): string {
  return zone.slice(zone.lastIndexOf("/") + 1);
}

/** What a country that English calls so is called in the languages that are spoken. */
function countryInLanguages(name: string): readonly string[] {
  const code = countryCodes().get(name);
  if (code === undefined) return [];
  return spokenLanguages().map((language) =>
    comparableName(countryNames(language).of(code) ?? name),
  );
}

const displays = new Map<string, Intl.DisplayNames>();
let codes: ReadonlyMap<string, string> | undefined;

function countryNames(language: string): Intl.DisplayNames {
  const known =
    displays.get(language) ??
    new Intl.DisplayNames([language, "en"], { type: "region", fallback: "none" });
  displays.set(language, known);
  return known;
}

/** The codes of countries (ISO 3166-1) by their English name. */
function countryCodes(): ReadonlyMap<string, string> {
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  codes ??= new Map(
    letters
      .flatMap((first) => letters.map((second) => first + second))
      .flatMap((code) => {
        const name = countryNames("en").of(code);
        return name === undefined ? [] : [[name, code] as const];
      }),
  );
  return codes;
}

function listZones(data: ZoneData): ZoneNames {
  const oldNames = new Map(Object.entries(RENAMED).map(([old, current]) => [current, old]));
  const known = data.names().map((zone) => RENAMED[zone] ?? zone);
  const ofSeveral = SEVERAL.flatMap(([, zones]) => zones.split(/\s+/));
  const all = [...new Set([...POPULAR, "UTC", ...ofSeveral, ...known.sort()])]
    .filter((zone) => data.nameOf(zone) !== undefined)
    .map((zone): ZoneName => {
      const old = oldNames.get(zone);
      return {
        zone,
        names: [zone, ...(old === undefined ? [] : [old])].map(comparableName),
        places: (PLACES[zone] ?? "")
          .split(/,\s*/)
          .filter((name) => name !== "")
          .map((name) => ({ name, text: comparableName(name) })),
      };
    });
  const zonesOf = new Map<string, Set<string>>();
  const joined = new Map<string, Set<string>>();
  const add = (text: string, zone: string) => {
    zonesOf.set(text, (zonesOf.get(text) ?? new Set()).add(zone));
    const key = text.replaceAll(" ", "");
    joined.set(key, (joined.get(key) ?? new Set()).add(zone));
  };
  for (const { zone, names, places } of all) {
    for (const name of names) add(name, zone);
    for (const name of [zone, oldNames.get(zone) ?? zone]) add(comparableName(cityOf(name)), zone);
    for (const { name, text } of places) {
      add(text, zone);
      for (const country of countryInLanguages(name)) add(country, zone);
      const written = name.replace(/[äöüÄÖÜ]/g, (letter) => `${letter}e`);
      if (written !== name) add(comparableName(written), zone);
    }
  }
  const listed = new Set(all.map(({ zone }) => zone));
  for (const [names, zones] of SEVERAL) {
    for (const zone of zones.split(/\s+/).filter((name) => listed.has(name)))
      for (const name of names.split(/,\s*/))
        for (const known of [comparableName(name), ...countryInLanguages(name)]) add(known, zone);
  }
  const order = new Map(all.map(({ zone }, index) => [zone, index]));
  const byFame = (zones: Iterable<string>) =>
    [...zones].sort((one, other) => (order.get(one) ?? 0) - (order.get(other) ?? 0));
  return {
    all,
    zonesOf(text) {
      const name = comparableName(text);
      // `newyork`
      return byFame(zonesOf.get(name) ?? joined.get(name) ?? []);
    },
    similarTo: (text) => similar(text, zonesOf, byFame),
  };
}

function similar(
  text: string,
  zonesOf: ReadonlyMap<string, ReadonlySet<string>>,
  byFame: (zones: Iterable<string>) => readonly string[],
): readonly string[] {
  const wanted = comparableName(text);
  const most = slipsAllowed(wanted.length);
  const spelling = new Spelling(wanted);
  const found = new Map<string, number>();
  for (const [name, zones] of zonesOf) {
    if (spelling.slipsTo(name, most) > most) continue;
    // A little more for a name whose end has not been typed yet.
    const start = name.slice(0, wanted.length);
    const cost = Math.min(
      name.length - wanted.length > most ? Number.POSITIVE_INFINITY : slipCost(wanted, name),
      start === name ? Number.POSITIVE_INFINITY : slipCost(wanted, start) + UNTYPED_COST,
    );
    if (cost > most) continue;
    for (const zone of zones) found.set(zone, Math.min(cost, found.get(zone) ?? cost));
  }
  const nearest = Math.min(...found.values());
  const costOf = (zone: string) => found.get(zone) ?? Number.POSITIVE_INFINITY;
  return byFame(found.keys())
    .filter((zone) => costOf(zone) <= nearest + 1)
    .toSorted((one, other) => costOf(one) - costOf(other));
}
