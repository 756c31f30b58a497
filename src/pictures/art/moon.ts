import { seededRandom } from "../seeded-random.ts";
import { carOf, equalWidthPx } from "./car.ts";
import { CAR_LENGTH, type CarBody } from "./car-body.ts";
import type { Palette } from "./palette.ts";

// The farthest first, so that nearer cars fly in front of it.
const FLIGHT = [
  { x: 812, y: 372, wedgePx: 20, degrees: 16, paint: 3 },
  { x: 778, y: 366, wedgePx: 26, degrees: 10, paint: 0 },
  { x: 736, y: 362, wedgePx: 34, degrees: 5, paint: 1 },
  { x: 684, y: 386, wedgePx: 40, degrees: 0, paint: 2 },
  { x: 650, y: 366, wedgePx: 52, degrees: -2, paint: 4 },
  { x: 566, y: 408, wedgePx: 68, degrees: -7, paint: 0 },
  { x: 516, y: 380, wedgePx: 84, degrees: -8, paint: 3 },
  { x: 408, y: 456, wedgePx: 118, degrees: -13, paint: 2 },
  { x: 318, y: 416, wedgePx: 148, degrees: -14, paint: 1 },
  { x: 122, y: 606, wedgePx: 310, degrees: -21, paint: 0 },
  { x: 24, y: 478, wedgePx: 190, degrees: -18, paint: 4 },
] as const;

const LANDED = [
  { degrees: -24, wedgePx: 62, paint: 4 },
  { degrees: -10, wedgePx: 74, paint: 2 },
  { degrees: 21, wedgePx: 66, paint: 1 },
] as const;

const MOON = { x: 956, y: 660, radius: 270 } as const;

/** Night sky, a large moon, and cars on their way to it. */
export function moonscape(palette: Palette, body: CarBody): string {
  const flight = FLIGHT.map(({ x, y, wedgePx, degrees, paint }) => {
    const lengthPx = equalWidthPx(body, wedgePx);
    const tail = -body.height * 0.3;
    return `<g transform="translate(${x} ${y}) rotate(${degrees}) scale(${lengthPx / CAR_LENGTH})"><path d="M30 ${tail - 34}C-130 ${tail - 50} -320 ${tail - 10} -620 ${tail + 70}C-320 ${tail + 60} -130 ${tail + 56} 30 ${tail + 34}Z" fill="#ff7a3d"/><path d="M30 ${tail - 20}C-90 ${tail - 28} -190 ${tail - 6} -360 ${tail + 30}C-190 ${tail + 34} -90 ${tail + 34} 30 ${tail + 20}Z" fill="#ffe08a"/>${carOf(paint, lengthPx, "scale(1)")}</g>`;
  }).join("");
  const { x, y, radius } = MOON;
  const landed = LANDED.map(({ degrees, wedgePx, paint }) => {
    const lengthPx = equalWidthPx(body, wedgePx);
    return carOf(
      paint,
      lengthPx,
      `translate(${x} ${y}) rotate(${degrees}) translate(${-lengthPx / 2} ${3 - radius}) scale(${lengthPx / CAR_LENGTH})`,
    );
  }).join("");
  const halo = [42, 22]
    .map((more) => `<circle cx="${x}" cy="${y}" r="${radius + more}"/>`)
    .join("");
  return `<linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${palette.wallTop}"/><stop offset=".56" stop-color="${palette.wallLow}"/><stop offset="1" stop-color="#2b4da3"/></linearGradient>
<clipPath id="disc"><circle cx="${x}" cy="${y}" r="${radius}"/></clipPath>
<rect width="1200" height="630" fill="url(#sky)"/><path d="${stars()}" fill="#fff" fill-opacity=".85"/><g fill="#fff3c4" fill-opacity=".12">${halo}</g>
<circle cx="${x}" cy="${y}" r="${radius}" fill="#cbbf98"/><g clip-path="url(#disc)"><circle cx="${x - 26}" cy="${y - 22}" r="${radius}" fill="#e4d9b3"/><circle cx="${x - 62}" cy="${y - 50}" r="${radius}" fill="#f6eecf"/></g>
${CRATERS.map(crater).join("")}${landed}<g transform="translate(${x} ${y - radius})"><path d="M52 8V-30" stroke="#f6eecf" stroke-width="3"/><path d="M53 -30H82L74 -21L82 -12H53Z" fill="#ff6b3d"/></g>${flight}`;
}

const CRATERS = [
  { x: 858, y: 486, rx: 42, ry: 22, degrees: -26 },
  { x: 1012, y: 556, rx: 60, ry: 36, degrees: 4 },
  { x: 836, y: 590, rx: 32, ry: 24, degrees: -8 },
  { x: 1106, y: 504, rx: 26, ry: 15, degrees: 34 },
  { x: 962, y: 448, rx: 20, ry: 9, degrees: 0 },
] as const;

function crater({ x, y, rx, ry, degrees }: (typeof CRATERS)[number]): string {
  return `<g transform="translate(${x} ${y}) rotate(${degrees})"><ellipse cx="2" cy="3" rx="${rx}" ry="${ry}" fill="#fffbe8"/><ellipse rx="${rx}" ry="${ry}" fill="#b8ab85"/><ellipse cx="3" cy="4" rx="${rx * 0.9}" ry="${ry * 0.86}" fill="#cabd97"/></g>`;
}

/** A fixed scatter over the sky's lower half: the upper one belongs to the text. */
export function stars(): string {
  const next = seededRandom(7);
  return Array.from({ length: 60 }, () => {
    const x = 1200 * next();
    const y = 348 + 280 * next();
    const r = 1.4 + 2 * next();
    return `M${(x - r).toFixed(1)} ${y.toFixed(1)}l${r.toFixed(1)} ${(-r).toFixed(1)}l${r.toFixed(1)} ${r.toFixed(1)}l${(-r).toFixed(1)} ${r.toFixed(1)}Z`;
  }).join("");
}
