import { el } from "./dom.ts";
import { facts, say } from "./say.ts";

const FORMATS: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
};

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 31_557_600_000],
  ["month", 2_629_800_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
];

/** The latest instant that a `Date` can hold, in milliseconds (ECMAScript's time range). */
const LAST_MS = 8_640_000_000_000_000;

/** A Discord timestamp in the reader's zone and language; its title is the full date. */
export function timeElement(atMs: number, style: string): HTMLElement {
  if (Math.abs(atMs) > LAST_MS) return el("span", {}, say("playground.invalid-date"));
  const at = new Date(atMs);
  const whole = at.toLocaleString(facts().locale, FORMATS["F"]);
  const attributes = { class: "timestamp", datetime: at.toISOString(), title: whole };
  if (style === "R") return el("time", { ...attributes, "data-relative": atMs }, relative(atMs));
  return el("time", attributes, at.toLocaleString(facts().locale, FORMATS[style] ?? FORMATS["f"]));
}

/** When a message was written: the time, and the day unless it was today. */
export function messageTime(iso: string): HTMLElement {
  const at = new Date(iso);
  const isToday = at.toDateString() === new Date().toDateString();
  const text = at.toLocaleString(
    facts().locale,
    isToday ? FORMATS["t"] : { dateStyle: "short", timeStyle: "short" },
  );
  return el(
    "time",
    { datetime: iso, title: at.toLocaleString(facts().locale, FORMATS["F"]) },
    text,
  );
}

/** Keeps relative times such as "3 minutes ago" up to date. */
export function keepTimesTrue(): void {
  setInterval(() => {
    for (const time of document.querySelectorAll<HTMLElement>("time[data-relative]")) {
      const text = relative(Number(time.dataset["relative"]));
      if (time.textContent !== text) time.textContent = text;
    }
  }, 10_000);
}

function relative(atMs: number): string {
  const distanceMs = atMs - Date.now();
  const [unit, lengthMs] =
    STEPS.find(([, length]) => Math.abs(distanceMs) >= length) ?? (["second", 1_000] as const);
  return new Intl.RelativeTimeFormat(facts().locale, { numeric: "auto" }).format(
    Math.round(distanceMs / lengthMs),
    unit,
  );
}
