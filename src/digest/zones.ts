import { say } from "../messages/say.ts";
import { offsetMsAt, zoneData } from "./zone-data.ts";
import type { ZoneData } from "./zone-spans.ts";

/**
 * A time zone worth suggesting: its IANA name, and a label with the time that its clocks show now.
 */
export type ZoneSuggestion = { readonly zone: string; readonly label: string };

/** Roughly by how many Discord users live there. */
const POPULAR = [
  ...[
    "America/New_York",
    "Europe/London",
    "Europe/Berlin",
    "America/Los_Angeles",
    "America/Chicago",
    "Europe/Paris",
    "Asia/Kolkata",
  ],
  ...[
    "America/Sao_Paulo",
    "Asia/Tokyo",
    "Australia/Sydney",
    "UTC",
    "Asia/Singapore",
    "Europe/Madrid",
    "Europe/Amsterdam",
    "America/Toronto",
  ],
  ...[
    "America/Denver",
    "Asia/Manila",
    "Asia/Jakarta",
    "Europe/Warsaw",
    "Europe/Istanbul",
    "Europe/Rome",
    "America/Mexico_City",
  ],
  ...[
    "Asia/Seoul",
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Dubai",
    "Europe/Stockholm",
    "America/Argentina/Buenos_Aires",
    "Asia/Bangkok",
  ],
  ...[
    "Africa/Johannesburg",
    "Africa/Lagos",
    "Europe/Kyiv",
    "Asia/Ho_Chi_Minh",
    "America/Bogota",
    "America/Phoenix",
    "Pacific/Auckland",
  ],
];

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

const MAX_NAME = 64;
const WALL_TIME = /^(\d{1,2}):(\d{2})(?:\s*([ap])\.?m\.?)?$/i;

/**
 * `HH:MM` for a time of day as people type it (`9:00`, `09:00`, `9:00 pm`); undefined for any other
 * text, `24:30` and `13:00 pm` included.
 */
export function parseWallTime(text: string): string | undefined {
  const [, hourText = "", minuteText = "", half] = WALL_TIME.exec(text.trim()) ?? [];
  if (hourText === "" || Number(minuteText) > 59) return undefined;
  const hour = Number(hourText);
  if (half === undefined)
    return hour > 23 ? undefined : `${hourText.padStart(2, "0")}:${minuteText}`;
  if (hour < 1 || hour > 12) return undefined;
  return `${String((hour % 12) + (half.toLowerCase() === "p" ? 12 : 0)).padStart(2, "0")}:${minuteText}`;
}

/**
 * The IANA zone that a typed text names, capitalized as IANA does: any known name or alias, `UTC`,
 * `Etc/…` and three-part names included, or a city alone when only one zone has it. Undefined for
 * anything else, including offsets such as `+02:00`, which have no daylight saving time.
 */
export function findZone(text: string, data: ZoneData = zoneData()): string | undefined {
  const typed = text.trim().replace(/\s+/g, "_");
  if (typed === "" || typed.length > MAX_NAME || !/^[a-z]/i.test(typed)) return undefined;
  const named = data.nameOf(typed);
  if (named !== undefined) return named;
  const cities = zoneNames(data).filter(
    ({ zone }) => comparable(cityOf(zone)) === comparable(typed),
  );
  return cities.length === 1 ? cities[0]?.zone : undefined;
}

/**
 * Zones that a text being typed may become, best known first, then by name: matched by name, city
 * (spaces allowed), old name, or by the offset that their clocks have now (`+2`, `utc-5`,
 * `gmt+5:30`).
 */
export function suggestZones(
  text: string,
  now: Date,
  limit: number,
  data: ZoneData = zoneData(),
): readonly ZoneSuggestion[] {
  const offset = parseOffset(text);
  const found =
    offset === undefined
      ? byName(text, data)
      : zoneNames(data).filter(({ zone }) => offsetMinutes(zone, now, data) === offset);
  return found.slice(0, limit).map(({ zone }) => ({ zone, label: labelOf(zone, now, data) }));
}

type ZoneName = { readonly zone: string; readonly texts: readonly string[] };

const namesOf = new WeakMap<ZoneData, readonly ZoneName[]>();

/** Every zone under its current name, best known first; computed once, on first use. */
function zoneNames(data: ZoneData): readonly ZoneName[] {
  const names = namesOf.get(data) ?? listZones(data);
  namesOf.set(data, names);
  return names;
}

function listZones(data: ZoneData): readonly ZoneName[] {
  const oldNames = new Map(Object.entries(RENAMED).map(([old, current]) => [current, old]));
  const known = data.names().map((zone) => RENAMED[zone] ?? zone);
  const zones = [...new Set([...POPULAR, "UTC", ...known.sort()])].filter(
    (zone) => data.nameOf(zone) !== undefined,
  );
  return zones.map((zone) => ({
    zone,
    texts: [zone, oldNames.get(zone) ?? ""].filter((name) => name !== "").map(comparable),
  }));
}

function byName(text: string, data: ZoneData): readonly ZoneName[] {
  const wanted = comparable(text);
  const all = zoneNames(data);
  if (wanted === "") return all;
  const starts = (name: string) =>
    name.startsWith(wanted) || name.split("/").some((part) => part.startsWith(wanted));
  const first = all.filter(({ texts }) => texts.some(starts));
  const others = all.filter(
    (entry) => !first.includes(entry) && entry.texts.some((name) => name.includes(wanted)),
  );
  const found = [...first, ...others];
  // A name that is not listed (an alias, `Etc/GMT+5`) is offered once it is typed in full.
  const exact = findZone(text, data);
  return exact === undefined || found.some(({ zone }) => zone === exact)
    ? found
    : [{ zone: exact, texts: [] }, ...found];
}

function comparable(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, " ");
}

function cityOf(zone: string): string {
  return zone.slice(zone.lastIndexOf("/") + 1);
}

/** Minutes east of UTC; undefined when the text is not an offset. */
function parseOffset(text: string): number | undefined {
  const [, sign, hours = "", minutes = "0"] =
    /^\s*(?:utc|gmt)?\s*([+-])\s*(\d{1,2})(?::?([0-5]\d))?\s*$/i.exec(text) ?? [];
  if (sign === undefined || Number(hours) > 14) return undefined;
  return (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -1 : 1);
}

function offsetMinutes(zone: string, now: Date, data: ZoneData): number {
  return Math.round((offsetMsAt(data, zone, now.getTime()) ?? 0) / 60_000);
}

/** Such as `Asia/Kolkata · 17:34 now, UTC+05:30`. */
function labelOf(zone: string, now: Date, data: ZoneData): string {
  const minutes = offsetMinutes(zone, now, data);
  const clock = hoursAndMinutes(new Date(now.getTime() + minutes * 60_000));
  const offset =
    minutes === 0
      ? ""
      : (minutes < 0 ? "-" : "+") + hoursAndMinutes(new Date(Math.abs(minutes) * 60_000));
  return say("zone-suggestion", { zone, time: clock, offset });
}

/** `HH:MM` of a date in UTC. */
function hoursAndMinutes(at: Date): string {
  return at.toISOString().slice(11, 16);
}
