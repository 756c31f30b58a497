import { DAY_MS, daysBetween } from "../valuation/calendar.ts";
import type { DailyClose } from "../valuation/price-record.ts";
import type { Box } from "./text-fit.ts";

/** The price over time as positions on the picture, in pixels. */
export type PriceLine = {
  /** Unbroken stretches, left to right; a single day is a stretch of one point. */
  readonly stretches: readonly (readonly PlacedPrice[])[];
  /** Whether equal vertical distances mean equal factors instead of equal amounts. */
  readonly isLogarithmic: boolean;
  /** Where the first day counts: the line to the left of it is from before the purchase. */
  readonly startX: number;
  /** Where a UTC day lies, clamped to the plot. */
  xOf(on: string): number;
  /** Where a price in USD lies, clamped to the plot. */
  yOf(priceUsd: number): number;
};

/** The position of one price, in pixels. */
export type PlacedPrice = { readonly x: number; readonly y: number };

/**
 * Above this ratio of highest to lowest price, a linear scale would flatten most of the history.
 */
const LOGARITHMIC_OVER_RANGE = 50;

/** Whether a line between these prices is drawn on a logarithmic scale. */
export function needsLogarithms(lowestUsd: number, highestUsd: number): boolean {
  return highestUsd / lowestUsd > LOGARITHMIC_OVER_RANGE;
}

/** Days without a price after which the line is broken. */
const BROKEN_OVER_DAYS = 30;

// Two points every few pixels (lowest and highest price) show every spike; more would only make
// drawing slower.
const PX_PER_COLUMN = 3;

/** The UTC days of a price line: its first and last, the last of buying, the first of selling. */
export type LineDays = {
  /** Where the line begins, if the coin was bought later: at `from`. */
  readonly leadFrom?: string;
  readonly from: string;
  readonly to: string;
  readonly openingTo: string;
  readonly closingFrom: string;
};

/**
 * Four weeks of many years would be a hair's breadth: the days of buying and of selling are drawn
 * at least this wide, and the days between them share the rest.
 */
const LEAST_WINDOW_PX = 60;

/**
 * Places daily closes (ascending) in a plot that spans `from` to `to`; the highest price touches
 * the plot's top. With `besideUsd`, a price that the plot shows too, the scale is logarithmic.
 */
export function priceLine(
  points: readonly DailyClose[],
  plot: Box,
  lineDays: LineDays,
  besideUsd?: number,
): PriceLine {
  const frame = JSON.stringify([lineDays, plot, besideUsd]);
  const known = lastLines.get(points);
  if (known?.frame === frame) return known.line;
  const line = placedLine(points, plot, lineDays, besideUsd);
  lastLines.set(points, { frame, line });
  return line;
}

// One history serves questions with many stakes, and the stake does not change its line.
const lastLines = new WeakMap<
  readonly DailyClose[],
  { readonly frame: string; readonly line: PriceLine }
>();

function placedLine(
  points: readonly DailyClose[],
  plot: Box,
  lineDays: LineDays,
  besideUsd: number | undefined,
): PriceLine {
  const { from, to, leadFrom = from } = lineDays;
  const usable = points.filter(
    (point) =>
      point.on >= leadFrom &&
      point.on <= to &&
      point.priceUsd > 0 &&
      Number.isFinite(point.priceUsd),
  );
  let lowest = besideUsd ?? Number.POSITIVE_INFINITY;
  let highest = besideUsd ?? 0;
  for (const { priceUsd } of usable) {
    lowest = Math.min(lowest, priceUsd);
    highest = Math.max(highest, priceUsd);
  }
  const isLogarithmic =
    usable.length > 0 && (besideUsd !== undefined || needsLogarithms(lowest, highest));
  const xAt = timeScaleWithLead(plot, lineDays);
  // A logarithmic scale has no zero for the filled area to stand on, so the lowest price is raised
  // a little.
  const foot = isLogarithmic ? plot.height * 0.08 : 0;
  const yOf = (priceUsd: number): number => {
    const height = isLogarithmic
      ? Math.log(priceUsd / lowest) / Math.log(highest / lowest)
      : priceUsd / highest;
    return plot.y + plot.height - foot - (plot.height - foot) * clamp(height);
  };
  return {
    stretches: stretchesOf(usable, xAt, yOf),
    isLogarithmic,
    startX: xAt(Date.parse(from)),
    xOf: (on) => xAt(Date.parse(on)),
    yOf,
  };
}

/** {@link timeScale}, to the right of the days before the purchase, which get their even share. */
function timeScaleWithLead(plot: Box, lineDays: LineDays): (dayMs: number) => number {
  const { from, to, leadFrom = from } = lineDays;
  const lead = daysBetween(leadFrom, from);
  const leadPx = lead <= 0 ? 0 : (plot.width * lead) / (lead + Math.max(1, daysBetween(from, to)));
  const held = timeScale({ ...plot, x: plot.x + leadPx, width: plot.width - leadPx }, lineDays);
  if (leadPx === 0) return held;
  const [leadMs, heldMs] = [Date.parse(leadFrom), Date.parse(from)];
  return (dayMs) =>
    dayMs < heldMs ? plot.x + leadPx * clamp((dayMs - leadMs) / (heldMs - leadMs)) : held(dayMs);
}

/** Where an instant lies, in pixels: three even scales side by side, or one where they agree. */
function timeScale(
  plot: Box,
  { from, to, openingTo, closingFrom }: LineDays,
): (dayMs: number) => number {
  const firstMs = Date.parse(from);
  const days = Math.max(1, daysBetween(from, to));
  const dayAt = (dayMs: number): number => clamp((dayMs - firstMs) / (days * DAY_MS)) * days;
  const opening = daysBetween(from, openingTo);
  const closing = daysBetween(closingFrom, to);
  const between = days - opening - closing;
  const even = plot.width / days;
  const left = Math.max(LEAST_WINDOW_PX, opening * even);
  const right = Math.max(LEAST_WINDOW_PX, closing * even);
  const middle = plot.width - left - right;
  // A short record has no room to give to its windows, and they may overlap.
  const isEven = !(between > 0 && opening > 0 && closing > 0 && middle / between < even);
  return (dayMs) => {
    const day = dayAt(dayMs);
    if (isEven) return plot.x + day * even;
    if (day <= opening) return plot.x + (day * left) / opening;
    if (day <= opening + between) return plot.x + left + ((day - opening) * middle) / between;
    return plot.x + plot.width - ((days - day) * right) / closing;
  };
}

/**
 * Places daily closes (ascending) as unbroken stretches, each with as many points as can be told
 * apart; `xAt` takes an instant in milliseconds, `yOf` a price in USD.
 */
export function stretchesOf(
  points: readonly DailyClose[],
  xAt: (dayMs: number) => number,
  yOf: (priceUsd: number) => number,
): readonly (readonly PlacedPrice[])[] {
  const stretches: PlacedPrice[][] = [];
  let stretch: PlacedPrice[] = [];
  let column: PlacedPrice[] = [];
  let previousMs = Number.NaN;
  const closeColumn = (): void => {
    stretch.push(...columnShape(column));
    column = [];
  };
  for (const { on, priceUsd } of points) {
    const dayMs = Date.parse(on);
    const placed = { x: xAt(dayMs), y: yOf(priceUsd) };
    const columnX = column[0]?.x;
    if (dayMs - previousMs > BROKEN_OVER_DAYS * DAY_MS) {
      closeColumn();
      stretches.push(stretch);
      stretch = [];
    } else if (columnX !== undefined && placed.x - columnX >= PX_PER_COLUMN) closeColumn();
    column.push(placed);
    previousMs = dayMs;
  }
  closeColumn();
  stretches.push(stretch);
  return stretches.filter((placed) => placed.length > 0);
}

function columnShape(column: readonly PlacedPrice[]): readonly PlacedPrice[] {
  if (column.length <= 2) return column;
  const highest = column.reduce((best, placed) => (placed.y < best.y ? placed : best));
  const lowest = column.reduce((best, placed) => (placed.y > best.y ? placed : best));
  return highest === lowest ? [highest] : [highest, lowest].sort((a, b) => a.x - b.x);
}

function clamp(fraction: number): number {
  return Number.isFinite(fraction) ? Math.min(1, Math.max(0, fraction)) : 0;
}
