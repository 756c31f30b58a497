/** How much of each pixel a shape covers, 0 to 255, row by row. */
export type Coverage = {
  readonly width: number;
  readonly height: number;
  readonly shares: Uint8Array;
};

/** {@link Coverage} with the pixel at which its upper left corner lies. */
export type PlacedCoverage = {
  readonly x: number;
  readonly y: number;
  readonly coverage: Coverage;
};

/** Draws closed contours: each begins with `moveTo` and ends where it began. */
export type Pen = {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  curveTo(controlX: number, controlY: number, x: number, y: number): void;
};

// As librsvg does it, so that letters look the same: 15 lines per pixel, exact shares on each.
const LINES_PER_PIXEL = 15;

/** How far the chords of a curve may lie from it, in pixels. */
const MOST_DEVIATION_PX = 0.05;

/** What the contours enclose; parts that lie over one another, as in many fonts, count once. */
export function coverageOf(draw: (pen: Pen) => void): PlacedCoverage {
  // Four numbers for each straight edge: x and y of its start and of its end, in pixels.
  const edges: number[] = [];
  let penX = 0;
  let penY = 0;
  let left = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  const moveTo = (x: number, y: number): void => {
    penX = x;
    penY = y;
    if (x < left) left = x;
    if (x > right) right = x;
  };
  const lineTo = (x: number, y: number): void => {
    edges.push(penX, penY, x, y);
    moveTo(x, y);
  };
  draw({
    moveTo,
    lineTo,
    curveTo(controlX, controlY, x, y) {
      const fromX = penX;
      const fromY = penY;
      const bend = Math.abs(fromX - 2 * controlX + x) + Math.abs(fromY - 2 * controlY + y);
      const steps = Math.max(1, Math.ceil(Math.sqrt(bend / (4 * MOST_DEVIATION_PX))));
      for (let step = 1; step <= steps; step++) {
        const t = step / steps;
        const rest = 1 - t;
        lineTo(
          rest * rest * fromX + 2 * t * rest * controlX + t * t * x,
          rest * rest * fromY + 2 * t * rest * controlY + t * t * y,
        );
      }
    },
  });
  let firstLine = Number.POSITIVE_INFINITY;
  let afterLine = Number.NEGATIVE_INFINITY;
  for (let at = 1; at < edges.length; at += 2) {
    const line = lineBelow(edges[at] ?? 0);
    if (line < firstLine) firstLine = line;
    if (line > afterLine) afterLine = line;
  }
  if (firstLine >= afterLine) return NOTHING;
  const [x, y] = [Math.floor(left), Math.floor(firstLine / LINES_PER_PIXEL)];
  const width = Math.ceil(right) - x;
  const height = Math.ceil(afterLine / LINES_PER_PIXEL) - y;
  const shares = sharesOf(linesOf(edges, x, y, height), width, height);
  return { x, y, coverage: { width, height, shares } };
}

const NOTHING: PlacedCoverage = {
  ...{ x: 0, y: 0 },
  coverage: { width: 0, height: 0, shares: new Uint8Array(0) },
};

/** The first line that lies at `y`, in pixels, or below it. */
function lineBelow(y: number): number {
  return Math.ceil(y * LINES_PER_PIXEL - 0.5) | 0;
}

/** The crossings of each line, left to right: those of line n end where `starts[n + 1]` begins. */
type Lines = { readonly starts: Int32Array; readonly crossings: Int32Array };

/** The lines of a number of rows, from `top` on; crossings are counted from `left`, in pixels. */
function linesOf(edges: readonly number[], left: number, top: number, height: number): Lines {
  const firstLine = top * LINES_PER_PIXEL;
  const starts = new Int32Array(height * LINES_PER_PIXEL + 2);
  const ends = new Int32Array(height * LINES_PER_PIXEL);
  // By how much each line is crossed more often than the one above it.
  for (let at = 0; at < edges.length; at += 4) {
    const from = lineBelow(edges[at + 1] ?? 0) - firstLine;
    const to = lineBelow(edges[at + 3] ?? 0) - firstLine;
    add(starts, Math.min(from, to), 1);
    add(starts, Math.max(from, to), -1);
  }
  let count = 0;
  let total = 0;
  for (let line = 0; line < ends.length; line++) {
    count += starts[line] ?? 0;
    starts[line] = total;
    ends[line] = total;
    total += count;
  }
  starts[ends.length] = total;
  const crossings = new Int32Array(total);
  for (let at = 0; at < edges.length; at += 4)
    cross(
      { starts, crossings },
      ends,
      firstLine,
      (edges[at] ?? 0) - left,
      edges[at + 1] ?? 0,
      (edges[at + 2] ?? 0) - left,
      edges[at + 3] ?? 0,
    );
  return { starts, crossings };
}

function add(counts: Int32Array, at: number, count: 1 | -1): void {
  counts[at] = (counts[at] ?? 0) + count;
}

/** Adds an edge to every line that it crosses; `ends` is where each line's crossings end so far. */
function cross(
  { starts, crossings }: Lines,
  ends: Int32Array,
  firstLine: number,
  fromX: number,
  fromY: number,
  toX: number,
  toY: number,
): void {
  const isDown = fromY < toY;
  const first = lineBelow(isDown ? fromY : toY) - firstLine;
  const after = lineBelow(isDown ? toY : fromY) - firstLine;
  const slope = (toX - fromX) / (toY - fromY);
  const winding = isDown ? 2 : 0;
  for (let line = first; line < after; line++) {
    const x = fromX + slope * ((firstLine + line + 0.5) / LINES_PER_PIXEL - fromY);
    const crossing: Crossing = 4 * ((UNITS_PER_PIXEL * x + 0.5) | 0) + winding;
    const start = starts[line] ?? 0;
    let at = ends[line] ?? 0;
    ends[line] = at + 1;
    for (; at > start && (crossings[at - 1] ?? 0) > crossing; at--)
      crossings[at] = crossings[at - 1] ?? 0;
    crossings[at] = crossing;
  }
}

/**
 * Where an edge crosses a line and how the winding number changes there, as one whole number, so
 * that they are sorted as numbers: units from the left times 4, and the winding plus 1.
 */
type Crossing = number;

const UNITS_PER_PIXEL = 256;

/** Goes down row by row and adds up what is between the crossings of their lines. */
function sharesOf({ starts, crossings }: Lines, width: number, height: number): Uint8Array {
  const shares = new Uint8Array(width * height);
  // By how much more of each pixel is covered than of the one before it, in units.
  const steps = new Int32Array(width + 2);
  for (let y = 0; y < height; y++) {
    steps.fill(0);
    addSpans(
      steps,
      crossings,
      starts[y * LINES_PER_PIXEL] ?? 0,
      starts[(y + 1) * LINES_PER_PIXEL] ?? 0,
    );
    let covered = 0;
    for (let x = 0; x < width; x++) {
      covered += steps[x] ?? 0;
      shares[y * width + x] = (covered / (LINES_PER_PIXEL * UNITS_PER_PIXEL)) * 255 + 0.5;
    }
  }
  return shares;
}

/**
 * Adds what the lines of one row cover; at the end of each the winding number is 0 again. It calls
 * nothing: in the first picture of a process calls are not compiled yet, and expensive.
 */
function addSpans(steps: Int32Array, crossings: Int32Array, start: number, end: number): void {
  let winding = 0;
  for (let at = start; at < end; at++) {
    const crossing = crossings[at] ?? 0;
    const before = winding;
    winding += (crossing & 3) - 1;
    if (before !== 0 && winding !== 0) continue;
    const units = crossing >> 2;
    const pixel = (units / UNITS_PER_PIXEL) | 0;
    const part = (pixel + 1) * UNITS_PER_PIXEL - units;
    const sign = before === 0 ? 1 : -1;
    steps[pixel] = (steps[pixel] ?? 0) + sign * part;
    steps[pixel + 1] = (steps[pixel + 1] ?? 0) + sign * (UNITS_PER_PIXEL - part);
  }
}
