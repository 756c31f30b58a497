import { say } from "../messages/say.ts";
import { findAbbreviation } from "./zone-abbreviations.ts";
import { offsetMsAt, zoneData } from "./zone-data.ts";
import { comparableName, type ZoneName, zoneNames } from "./zone-names.ts";
import type { ZoneData } from "./zone-spans.ts";

/**
 * A time zone worth suggesting: its IANA name, and a label with the time that its clocks show now.
 */
export type ZoneSuggestion = { readonly zone: string; readonly label: string };

/**
 * The IANA zone that a text means, or why none can be taken, with the zones that may be meant, best
 * first: an offset or abbreviation stands still when clocks change, several zones bear the name, or
 * none does.
 */
export type ZoneResolution =
  | { readonly ok: true; readonly zone: string }
  | {
      readonly ok: false;
      readonly reason: "offset" | "abbreviation" | "several" | "unknown";
      readonly zones: readonly string[];
      /** The zone that keeps an offset or abbreviation all year, where there is one. */
      readonly fixed?: { readonly zone: string; readonly offset: string };
    };

/** The longest label is as long as Discord lets a suggestion be. */
const MAX_TEXT = 100;
const MAX_NAME = 64;
/** Zones named in a refusal. */
const MAX_NAMED = 4;

const UTC_NAMES = new Set(["utc", "z", "zulu", "utc time"]);

/**
 * Finds the zone that a typed text means: an IANA name or alias in any capitals, a city, state or
 * country, or a label of {@link suggestZones}. Offsets such as `+02:00` and abbreviations such as
 * `EST` are answered with the zones that may be meant, because they have no summer time.
 */
export function resolveZone(text: string, now: Date, data: ZoneData = zoneData()): ZoneResolution {
  const typed = withoutLabel(text);
  if (typed === "" || typed.length > MAX_NAME) return { ok: false, reason: "unknown", zones: [] };
  if (UTC_NAMES.has(typed.toLowerCase())) return { ok: true, zone: "UTC" };
  const minutes = parseOffset(typed);
  if (minutes === 0) return { ok: true, zone: "UTC" };
  if (minutes !== undefined) {
    const zones = zonesOfOffset(minutes, now, data).slice(0, MAX_NAMED);
    return { ok: false, reason: "offset", zones, ...fixedAt(minutes, data) };
  }
  const meant = zonesNamed(typed, data);
  const [zone] = meant;
  if (meant.length > 1) return { ok: false, reason: "several", zones: meant };
  if (zone !== undefined) return { ok: true, zone };
  // `EST/EDT` too.
  const abbreviation = findAbbreviation(typed.split("/")[0] ?? "");
  if (abbreviation !== undefined) {
    const { zones, offsetMinutes } = abbreviation;
    const fixed = offsetMinutes === undefined ? {} : fixedAt(offsetMinutes, data);
    return { ok: false, reason: "abbreviation", zones, ...fixed };
  }
  const named = /^[a-z]/i.test(typed) ? data.nameOf(typed.replace(/\s+/g, "_")) : undefined;
  if (named !== undefined) return { ok: true, zone: named };
  return {
    ok: false,
    reason: "unknown",
    zones: zoneNames(data).similarTo(typed).slice(0, MAX_NAMED),
  };
}

/**
 * Zones that a text being typed may become, best known first: what it means as it stands, then
 * names and places that begin with it or contain it, or else what it resembles. An offset (`+2`,
 * `utc-5`, `gmt+5:30`) finds the zones whose clocks have it now.
 */
export function suggestZones(
  text: string,
  now: Date,
  limit: number,
  locale: string,
  data: ZoneData = zoneData(),
): readonly ZoneSuggestion[] {
  const typed = withoutLabel(text);
  const offset = parseOffset(typed);
  const found =
    offset === undefined
      ? matching(typed, now, data)
      : zonesOfOffset(offset, now, data).map((zone) => ({ zone }));
  return found.slice(0, limit).map((match) => ({
    zone: match.zone,
    label: labelOf(match, now, data, locale),
  }));
}

/** A zone, and the place by which it was found if its own name does not show why. */
type Match = { readonly zone: string; readonly place?: string };

function matching(typed: string, now: Date, data: ZoneData): readonly Match[] {
  const { all, similarTo } = zoneNames(data);
  const wanted = comparableName(typed);
  if (wanted === "") return all;
  const meant = resolveZone(typed, now, data);
  const exact = meant.ok ? [meant.zone] : meant.reason === "unknown" ? [] : meant.zones;
  const begins = (text: string) => ` ${text}`.includes(` ${wanted}`);
  const found = new Map<string, Match>();
  const entryOf = (zone: string): ZoneName =>
    all.find((entry) => entry.zone === zone) ?? { zone, names: [], places: [] };
  const add = ({ zone, names, places }: ZoneName) => {
    if (found.has(zone)) return;
    const place =
      places.find(({ text }) => text === wanted) ?? places.find(({ text }) => begins(text));
    found.set(zone, {
      zone,
      ...(place !== undefined && !names.some((name) => name.includes(wanted))
        ? { place: place.name }
        : {}),
    });
  };
  exact.map(entryOf).forEach(add);
  all.filter(({ names }) => names.some(begins)).forEach(add);
  all.filter(({ places }) => places.some(({ text }) => begins(text))).forEach(add);
  all.filter(({ names }) => names.some((name) => name.includes(wanted))).forEach(add);
  if (found.size === 0) similarTo(typed).map(entryOf).forEach(add);
  return [...found.values()];
}

/** The zones that a text names exactly: by a place, by name, or by a place within another. */
function zonesNamed(typed: string, data: ZoneData): readonly string[] {
  const { zonesOf } = zoneNames(data);
  // A full name means its own zone, even where it is the old name of another.
  const named = typed.includes("/") ? data.nameOf(typed.replace(/\s+/g, "_")) : undefined;
  if (named !== undefined) return [named];
  const texts = [
    typed,
    typed.replace(/\s+(?:(?:standard |daylight |summer )?time(?:\s?zone)?|zone|tz)$/i, ""),
    typed.replace(/\s*(?:標準時|時間|시간)$/, ""),
  ];
  for (const text of texts) {
    const zones = zonesOf(text);
    if (zones.length > 0) return zones;
  }
  return placeAmongWords(typed, zonesOf);
}

/** How the names of the zones of a continent begin. */
const CONTINENTS: Readonly<Record<string, string>> = {
  africa: "Africa/",
  america: "America/",
  asia: "Asia/",
  eu: "Europe/",
  europe: "Europe/",
};

/** The zones of a place with what it is in: `London, UK`, `Phoenix AZ`, `Berlin/Europe`. */
function placeAmongWords(
  typed: string,
  zonesOf: (text: string) => readonly string[],
): readonly string[] {
  const words = typed.split(/\s*[,/]\s*|\s+/).filter((word) => word !== "");
  for (let cut = words.length - 1; cut > 0; cut -= 1) {
    const parts = [words.slice(0, cut).join(" "), words.slice(cut).join(" ")] as const;
    for (const [place, around] of [parts, parts.toReversed()]) {
      const zones = zonesOf(place ?? "");
      const outer = around?.toLowerCase() ?? "";
      const continent = Object.hasOwn(CONTINENTS, outer) ? CONTINENTS[outer] : undefined;
      const outerZones = new Set(zonesOf(outer));
      const inside = zones.filter((zone) =>
        continent === undefined ? outerZones.has(zone) : zone.startsWith(continent),
      );
      if (inside.length > 0) return inside;
      if (continent !== undefined || zones.length === 0) continue;
      if (findAbbreviation(outer) !== undefined) return zones;
      if (place !== parts[0]) continue;
      // `AZ`, `NZ`
      if (/^[a-z]{2,3}$/.test(outer)) return zones;
      if (typed.includes(",")) return [...zones, ...outerZones];
    }
  }
  return [];
}

/** A typed text in one form of each character; of a suggestion's label only the zone is left. */
function withoutLabel(text: string): string {
  const [zone = ""] = text.slice(0, MAX_TEXT).normalize("NFKC").split(" · ");
  return zone
    .replace(/\s*\(.*\)\s*$/, "")
    .replace(/^\s*zone:/i, "")
    .replace(/^["'`“”\s]+|["'`“”\s]+$/g, "")
    .replace(/\s+/g, " ");
}

/** Minutes east of UTC; undefined when the text is not an offset. */
function parseOffset(text: string): number | undefined {
  const [, prefix, sign, hours = "", minutes = "0", part = ""] =
    /^(utc|gmt)?\s*([+\-−–])?\s*(\d{1,2})(?:[:.]?([0-5]\d)|[.,](5|75|25))?(?:\s*h)?$/i.exec(text) ??
    [];
  if (hours === "" || (prefix === undefined && sign === undefined) || Number(hours) > 14)
    return undefined;
  const east = Number(`${hours}.${part}`) * 60 + (part === "" ? Number(minutes) : 0);
  return east === 0 || sign === undefined || sign === "+" ? east : -east;
}

/** Zones whose clocks have an offset now; where nobody lives by it, the one that always has it. */
function zonesOfOffset(minutes: number, now: Date, data: ZoneData): readonly string[] {
  const zones = zoneNames(data)
    .all.filter(({ zone }) => offsetMinutes(zone, now, data) === minutes)
    .map(({ zone }) => zone);
  const { fixed } = fixedAt(minutes, data);
  return zones.length > 0 || fixed === undefined ? zones : [fixed.zone];
}

/** The zone of a whole hour that never changes its clocks; its sign counts west (POSIX). */
function fixedAt(
  minutes: number,
  data: ZoneData,
): { readonly fixed?: { readonly zone: string; readonly offset: string } } {
  const hours = minutes / 60;
  const zone = hours === 0 ? "UTC" : `Etc/GMT${hours > 0 ? "-" : "+"}${Math.abs(hours)}`;
  return data.nameOf(zone) === undefined
    ? {}
    : { fixed: { zone, offset: `UTC${offsetText(minutes)}` } };
}

function offsetMinutes(zone: string, now: Date, data: ZoneData): number {
  return Math.round((offsetMsAt(data, zone, now.getTime()) ?? 0) / 60_000);
}

/** Such as `Asia/Kolkata · 17:34 now, UTC+05:30`, or `Asia/Kolkata (Mumbai) · 17:34 now, …`. */
function labelOf({ zone, place }: Match, now: Date, data: ZoneData, locale: string): string {
  const minutes = offsetMinutes(zone, now, data);
  const time = hoursAndMinutes(new Date(now.getTime() + minutes * 60_000));
  const offset = offsetText(minutes);
  return place === undefined
    ? say(locale, "zone-suggestion", { zone, time, offset })
    : say(locale, "zone-suggestion.place", { zone, place, time, offset });
}

/** `+05:30`; empty for UTC itself. */
function offsetText(minutes: number): string {
  return minutes === 0
    ? ""
    : (minutes < 0 ? "-" : "+") + hoursAndMinutes(new Date(Math.abs(minutes) * 60_000));
}

/** `HH:MM` of a date in UTC. */
function hoursAndMinutes(at: Date): string {
  return at.toISOString().slice(11, 16);
}
