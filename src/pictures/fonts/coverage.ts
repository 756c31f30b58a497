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

/** A straight edge by the lines that it crosses, which are counted from the picture's top. */
type Edge = {
  readonly firstLine: number;
  readonly afterLine: number;
  /** Where it crosses its first line, and how much farther right each of the next, in pixels. */
  readonly x: number;
  readonly step: number;
  /** 1 if it was drawn downwards. */
  readonly winding: 1 | -1;
};

/** What the contours enclose; parts that lie over one another, as in many fonts, count once. */
export function coverageOf(draw: (pen: Pen) => void): PlacedCoverage {
  const edges: Edge[] = [];
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
    const edge = penY < y ? edgeBetween(penX, penY, x, y, 1) : edgeBetween(x, y, penX, penY, -1);
    if (edge.firstLine < edge.afterLine) edges.push(edge);
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
  edges.sort((one, other) => one.firstLine - other.firstLine);
  const top = Math.floor((edges[0]?.firstLine ?? 0) / LINES_PER_PIXEL);
  const bottom = edges.reduce((lowest, { afterLine }) => Math.max(lowest, afterLine), 0);
  const height = Math.ceil(bottom / LINES_PER_PIXEL) - top;
  const x = edges.length === 0 ? 0 : Math.floor(left);
  const width = edges.length === 0 ? 0 : Math.ceil(right) - x;
  const shares = sharesOf(edges, { left: x, top, width, height });
  return { x, y: top, coverage: { width, height, shares } };
}

/** An edge from its upper to its lower end. */
function edgeBetween(
  topX: number,
  topY: number,
  bottomX: number,
  bottomY: number,
  winding: 1 | -1,
): Edge {
  const firstLine = lineBelow(topY);
  const slope = topY === bottomY ? 0 : (bottomX - topX) / (bottomY - topY);
  return {
    firstLine,
    afterLine: lineBelow(bottomY),
    x: topX + slope * ((firstLine + 0.5) / LINES_PER_PIXEL - topY),
    step: slope / LINES_PER_PIXEL,
    winding,
  };
}

/** The first line that lies at `y`, in pixels, or below it. */
function lineBelow(y: number): number {
  return Math.ceil(y * LINES_PER_PIXEL - 0.5);
}

type Area = {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
};

/** Goes down line by line, with the edges that cross each. */
function sharesOf(edges: readonly Edge[], { left, top, width, height }: Area): Uint8Array {
  const shares = new Uint8Array(width * height);
  const row = new Float64Array(width + 1);
  const crossings = new Int32Array(edges.length);
  // The indexes of the edges that reach the line.
  const active = new Int32Array(edges.length);
  let count = 0;
  let next = 0;
  for (let y = 0; y < height; y++) {
    row.fill(0);
    const firstLine = (top + y) * LINES_PER_PIXEL;
    for (let line = firstLine; line < firstLine + LINES_PER_PIXEL; line++) {
      while (edges[next]?.firstLine === line) active[count++] = next++;
      let kept = 0;
      for (let at = 0; at < count; at++) {
        const index = active[at] ?? 0;
        const edge = edges[index];
        if (edge === undefined) continue;
        const x = edge.x + edge.step * (line - edge.firstLine) - left;
        insert(crossings, at, crossingAt(x, edge.winding));
        if (edge.afterLine > line + 1) active[kept++] = index;
      }
      addSpans(row, crossings, count);
      count = kept;
    }
    for (let x = 0; x < width; x++)
      shares[y * width + x] = ((row[x] ?? 0) / LINES_PER_PIXEL) * 255 + 0.5;
  }
  return shares;
}

/**
 * Where an edge crosses a line and how the winding number changes there, as one whole number, so
 * that they are sorted as numbers: 1/256 of a pixel times 4, and the winding plus 1.
 */
type Crossing = number;

const crossingAt = (x: number, winding: 1 | -1): Crossing => 4 * Math.round(256 * x) + winding + 1;
const xOf = (crossing: Crossing): number => (crossing >> 2) / 256;
const windingOf = (crossing: Crossing): number => (crossing & 3) - 1;

/** Inserts into a sorted list of so many; a line has few crossings. */
function insert(sorted: Int32Array, count: number, crossing: Crossing): void {
  let at = count;
  for (; at > 0 && (sorted[at - 1] ?? 0) > crossing; at--) sorted[at] = sorted[at - 1] ?? 0;
  sorted[at] = crossing;
}

/** Adds what one line covers of each pixel of its row. */
function addSpans(row: Float64Array, crossings: Int32Array, count: number): void {
  let winding = 0;
  let from = 0;
  for (let at = 0; at < count; at++) {
    const crossing = crossings[at] ?? 0;
    if (winding === 0) from = xOf(crossing);
    winding += windingOf(crossing);
    if (winding === 0) addSpan(row, from, xOf(crossing));
  }
}

function addSpan(row: Float64Array, from: number, to: number): void {
  const first = Math.floor(from);
  const last = Math.floor(to);
  if (first === last) {
    row[first] = (row[first] ?? 0) + to - from;
    return;
  }
  row[first] = (row[first] ?? 0) + first + 1 - from;
  for (let x = first + 1; x < last; x++) row[x] = (row[x] ?? 0) + 1;
  row[last] = (row[last] ?? 0) + to - last;
}
