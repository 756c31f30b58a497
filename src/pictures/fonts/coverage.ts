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

/** A straight edge from its upper to its lower end; `winding` is 1 if it was drawn downwards. */
type Edge = {
  readonly topX: number;
  readonly topY: number;
  readonly bottomY: number;
  readonly slope: number;
  readonly winding: 1 | -1;
};

/** Where an edge crosses a line, and how the winding number changes there. */
type Crossing = { readonly x: number; readonly winding: 1 | -1 };

// As librsvg does it, so that letters look the same: 15 lines per pixel, exact shares on each.
const LINES_PER_PIXEL = 15;

/** How far the chords of a curve may lie from it, in pixels. */
const MOST_DEVIATION_PX = 0.03;

/** What the contours enclose; parts that lie over one another, as in many fonts, count once. */
export function coverageOf(draw: (pen: Pen) => void): PlacedCoverage {
  const edges: Edge[] = [];
  const bounds = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  let [penX, penY] = [0, 0];
  const lineTo = (x: number, y: number): void => {
    if (penY < y) edges.push(edgeBetween(penX, penY, x, y, 1));
    else if (penY > y) edges.push(edgeBetween(x, y, penX, penY, -1));
    moveTo(x, y);
  };
  const moveTo = (x: number, y: number): void => {
    [penX, penY] = [x, y];
    bounds.left = Math.min(bounds.left, x);
    bounds.right = Math.max(bounds.right, x);
    bounds.top = Math.min(bounds.top, y);
    bounds.bottom = Math.max(bounds.bottom, y);
  };
  draw({
    moveTo,
    lineTo,
    curveTo(controlX, controlY, x, y) {
      const [fromX, fromY] = [penX, penY];
      const bend = Math.hypot(fromX - 2 * controlX + x, fromY - 2 * controlY + y);
      const steps = Math.max(1, Math.ceil(Math.sqrt(bend / (4 * MOST_DEVIATION_PX))));
      for (let step = 1; step <= steps; step++) {
        const t = step / steps;
        const [a, b, c] = [(1 - t) * (1 - t), 2 * t * (1 - t), t * t];
        lineTo(a * fromX + b * controlX + c * x, a * fromY + b * controlY + c * y);
      }
    },
  });
  if (edges.length === 0) return { x: 0, y: 0, coverage: { width: 0, height: 0, shares: NONE } };
  const [left, top] = [Math.floor(bounds.left), Math.floor(bounds.top)];
  const [width, height] = [Math.ceil(bounds.right) - left, Math.ceil(bounds.bottom) - top];
  const shares = sharesOf(crossingsOf(edges, left, top, height), width, height);
  return { x: left, y: top, coverage: { width, height, shares } };
}

const NONE = new Uint8Array(0);

function edgeBetween(
  topX: number,
  topY: number,
  bottomX: number,
  bottomY: number,
  winding: 1 | -1,
): Edge {
  return { topX, topY, bottomY, slope: (bottomX - topX) / (bottomY - topY), winding };
}

/** The crossings of every line, from left to right. */
function crossingsOf(
  edges: readonly Edge[],
  left: number,
  top: number,
  height: number,
): readonly (readonly Crossing[])[] {
  const lines = Array.from({ length: height * LINES_PER_PIXEL }, (): Crossing[] => []);
  const lineAt = (y: number): number => Math.ceil((y - top) * LINES_PER_PIXEL - 0.5);
  for (const { topX, topY, bottomY, slope, winding } of edges) {
    const after = lineAt(bottomY);
    for (let line = lineAt(topY); line < after; line++) {
      const y = top + (line + 0.5) / LINES_PER_PIXEL;
      lines[line]?.push({ x: topX + slope * (y - topY) - left, winding });
    }
  }
  for (const crossings of lines) crossings.sort((one, other) => one.x - other.x);
  return lines;
}

function sharesOf(
  lines: readonly (readonly Crossing[])[],
  width: number,
  height: number,
): Uint8Array {
  const shares = new Uint8Array(width * height);
  const row = new Float64Array(width + 1);
  for (let y = 0; y < height; y++) {
    row.fill(0);
    for (let line = y * LINES_PER_PIXEL; line < (y + 1) * LINES_PER_PIXEL; line++)
      addSpans(row, lines[line] ?? []);
    for (let x = 0; x < width; x++)
      shares[y * width + x] = ((row[x] ?? 0) / LINES_PER_PIXEL) * 255 + 0.5;
  }
  return shares;
}

/** Adds what one line covers of each pixel of its row. */
function addSpans(row: Float64Array, crossings: readonly Crossing[]): void {
  let winding = 0;
  let from = 0;
  for (const crossing of crossings) {
    if (winding === 0) from = crossing.x;
    winding += crossing.winding;
    if (winding === 0) addSpan(row, from, crossing.x);
  }
}

function addSpan(row: Float64Array, from: number, to: number): void {
  const [first, last] = [Math.floor(from), Math.floor(to)];
  if (first === last) {
    row[first] = (row[first] ?? 0) + to - from;
    return;
  }
  row[first] = (row[first] ?? 0) + first + 1 - from;
  for (let x = first + 1; x < last; x++) row[x] = (row[x] ?? 0) + 1;
  row[last] = (row[last] ?? 0) + to - last;
}
