import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { createRequire } from "node:module";
import { z } from "zod";
import type { OffsetSpan, ZoneData } from "./zone-spans.ts";

/** The IANA data that `moment-timezone` publishes for each tzdata release, as text. */
const DATA_FILE = "moment-timezone/data/packed/latest.json";
/** The version is the first thing in the file; reading all of it takes 20 ms. */
const HEAD_BYTES = 128;

const fileSchema = z.object({
  version: z.string(),
  /** One packed zone each. */
  zones: z.array(z.string()),
  /** Two names of one zone, `Europe/Berlin|Arctic/Longyearbyen`. */
  links: z.array(z.string()),
  /**
   * Each country with its zones under their current names: `CA|America/Toronto America/Vancouver`.
   */
  countries: z.array(z.string()),
});

type Zone = { readonly name: string; readonly packed: string };

/**
 * Zones by lower-case name, each spelled as IANA does; `current` are the names that are not
 * aliases.
 */
type Zones = { readonly byName: ReadonlyMap<string, Zone>; readonly current: readonly string[] };

/**
 * The zone data of the `moment-timezone` package, which follows IANA within weeks. Only its data
 * file is read, and only when a zone is asked for: the library would cost 11 MB and 100 ms, the
 * file 1.4 MB and 20 ms (measured 2026-11, Node 20.20).
 */
export function createPackagedZones(): ZoneData {
  const file = createRequire(import.meta.url).resolve(DATA_FILE);
  let read: Zones | undefined;
  const zones = () => {
    read ??= readZones(file);
    return read;
  };
  return {
    version: versionOf(file),
    from: "moment-timezone",
    spans(zone, fromMs, toMs) {
      const found = zones().byName.get(zone.toLowerCase());
      return found === undefined ? undefined : spansOf(found.packed, fromMs, toMs);
    },
    nameOf: (text) => zones().byName.get(text.toLowerCase())?.name,
    names: () => zones().current,
  };
}

function versionOf(file: string): string {
  const head = Buffer.alloc(HEAD_BYTES);
  const handle = openSync(file, "r");
  try {
    readSync(handle, head, 0, HEAD_BYTES, 0);
  } finally {
    closeSync(handle);
  }
  return /"version":\s*"(\d{4}[a-z]+)"/.exec(head.toString("latin1"))?.[1] ?? "";
}

function readZones(file: string): Zones {
  const { zones, links, countries } = fileSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  const byName = new Map<string, Zone>();
  for (const packed of zones) {
    const name = packed.slice(0, packed.indexOf("|"));
    byName.set(name.toLowerCase(), { name, packed });
  }
  for (const link of links) {
    const [zone = "", alias = ""] = link.split("|");
    const packed = byName.get(zone.toLowerCase())?.packed;
    if (packed !== undefined) byName.set(alias.toLowerCase(), { name: alias, packed });
  }
  const current = new Set(countries.flatMap((country) => (country.split("|")[1] ?? "").split(" ")));
  return { byName, current: [...current] };
}

/**
 * Unpacks the spans that overlap the given time, from moment-timezone's packed format 0.2
 * (momentjs.com/timezone/docs/#/data-formats/packed-format, checked 2026-11): name, abbreviations,
 * offsets, index of each span's offset, minutes from one change to the next, population.
 */
function spansOf(packed: string, fromMs: number, toMs: number): readonly OffsetSpan[] {
  const [, , offsetList = "", indices = "", changeList = ""] = packed.split("|");
  const offsetsMs = offsetList
    .split(" ")
    .map((minutesWest) => 0 - Math.round(fromBase60(minutesWest) * 60_000));
  const minutes = changeList === "" ? [] : changeList.split(" ");
  const spans: OffsetSpan[] = [];
  let startMs = Number.NEGATIVE_INFINITY;
  let changeMs = 0;
  for (let index = 0; index < indices.length && startMs <= toMs; index += 1) {
    const step = minutes[index];
    if (step !== undefined) changeMs = Math.round(changeMs + fromBase60(step) * 60_000);
    const endMs = step === undefined ? Number.POSITIVE_INFINITY : changeMs;
    const offsetMs = offsetsMs[digitOf(indices.charCodeAt(index))] ?? 0;
    if (endMs > fromMs) spans.push({ startMs, endMs, offsetMs });
    startMs = endMs;
  }
  return spans;
}

function fromBase60(text: string): number {
  const isNegative = text.startsWith("-");
  const [whole = "", fraction = ""] = (isNegative ? text.slice(1) : text).split(".");
  let value = 0;
  for (let index = 0; index < whole.length; index += 1)
    value = value * 60 + digitOf(whole.charCodeAt(index));
  let weight = 1;
  for (let index = 0; index < fraction.length; index += 1) {
    weight /= 60;
    value += digitOf(fraction.charCodeAt(index)) * weight;
  }
  return isNegative ? -value : value;
}

/** 0–9, a–z, A–X. */
function digitOf(code: number): number {
  if (code > 96) return code - 87;
  return code > 64 ? code - 29 : code - 48;
}
