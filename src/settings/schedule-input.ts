import { type Rhythm, storedRhythm } from "../digest/rhythm.ts";
import { parseRhythm } from "../digest/typed-rhythm.ts";
import { parseWallTime } from "../digest/wall-time.ts";
import { resolveZone, type ZoneResolution } from "../digest/zones.ts";
import { alternatives } from "../messages/lists.ts";
import { say } from "../messages/say.ts";
import { accepted, type Checked, echo, rejected } from "./checked-input.ts";

/** The IANA zone that a typed text means; a refusal names the zones that may be meant. */
export function checkZone(typed: string, now: Date, locale: string): Checked<string> {
  const resolution = resolveZone(typed, now);
  return resolution.ok
    ? accepted(resolution.zone)
    : rejected(zoneRefusal(typed, resolution, locale));
}

/** The days, as they are stored, that a typed text means in a reader's locale. */
export function checkEvery(typed: string, locale: string): Checked<string> {
  const rhythm = parseRhythm(typed, locale);
  if (rhythm !== undefined) return accepted(storedRhythm(rhythm));
  const both = rhythmAndTime(typed, locale);
  if (both === undefined) return rejected(say(locale, "set-digest.every", { typed: echo(typed) }));
  return rejected(
    say(locale, "set-digest.every.with-time", {
      typed: echo(typed),
      every: storedRhythm(both.rhythm),
      time: both.time,
    }),
  );
}

/** The time of day, `HH:MM`, that a typed text means. */
export function checkTime(typed: string, now: Date, locale: string): Checked<string> {
  const time = parseWallTime(typed);
  if (time !== undefined) return accepted(time);
  const both = timeAndZone(typed, now);
  return rejected(
    both === undefined
      ? say(locale, "set-digest.time", { typed: echo(typed) })
      : say(locale, "set-digest.time.with-zone", { typed: echo(typed), ...both }),
  );
}

function zoneRefusal(
  typed: string,
  resolution: Extract<ZoneResolution, { ok: false }>,
  locale: string,
): string {
  const named = {
    typed: echo(typed),
    zones: alternatives(
      resolution.zones.map((zone) => `\`${zone}\``),
      locale,
    ),
  };
  if (resolution.zones.length === 0) return say(locale, "set-digest.zone", { typed: named.typed });
  if (resolution.reason === "several" || resolution.reason === "unknown")
    return say(locale, `set-digest.zone.${resolution.reason}`, named);
  const { fixed } = resolution;
  return fixed === undefined
    ? say(locale, `set-digest.zone.${resolution.reason}`, named)
    : say(locale, `set-digest.zone.${resolution.reason}.fixed`, {
        ...named,
        offset: fixed.offset,
        fixed: fixed.zone,
      });
}

/** Days with a time behind them, such as `every Friday at 9am`. */
function rhythmAndTime(
  typed: string,
  locale: string,
): { readonly rhythm: Rhythm; readonly time: string } | undefined {
  const words = typed.trim().split(/\s+/);
  for (let count = words.length - 1; count > 0; count -= 1) {
    const rhythm = parseRhythm(words.slice(0, count).join(" "), locale);
    const time = parseWallTime(words.slice(count).join(" "));
    if (rhythm !== undefined && time !== undefined) return { rhythm, time };
  }
  return undefined;
}

/** A time with its zone behind it, such as `9am EST`; the zone is the first that may be meant. */
function timeAndZone(
  typed: string,
  now: Date,
): { readonly time: string; readonly zone: string } | undefined {
  const words = typed.trim().split(/\s+/);
  for (let count = words.length - 1; count > 0; count -= 1) {
    const time = parseWallTime(words.slice(0, count).join(" "));
    if (time === undefined) continue;
    const resolution = resolveZone(words.slice(count).join(" "), now);
    const zone = resolution.ok
      ? resolution.zone
      : resolution.reason === "unknown"
        ? undefined
        : resolution.zones[0];
    if (zone !== undefined) return { time, zone };
  }
  return undefined;
}
