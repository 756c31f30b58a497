import { carOf, equalWidthPx } from "./car.ts";
import { CAR_LENGTH, type CarBody } from "./car-body.ts";
import { stars } from "./moon.ts";
import type { Palette } from "./palette.ts";

// The nearest last, so that it stands in front of the others.
const CONVOY = [
  { x: 1132, y: 503, wedgePx: 24, paint: 1 },
  { x: 1095, y: 506, wedgePx: 35, paint: 4 },
  { x: 1043, y: 510, wedgePx: 50, paint: 2 },
  { x: 969, y: 515, wedgePx: 70, paint: 3 },
  { x: 869, y: 522, wedgePx: 95, paint: 0 },
  { x: 737, y: 531, wedgePx: 126, paint: 4 },
  { x: 564, y: 542, wedgePx: 165, paint: 1 },
  { x: 338, y: 556, wedgePx: 215, paint: 2 },
  { x: 44, y: 574, wedgePx: 280, paint: 0 },
] as const;

const EARTH = { x: 1016, y: 424, radius: 60 } as const;

/** The surface of the moon with a convoy of cars on it, the earth above the horizon. */
export function landing(palette: Palette, body: CarBody): string {
  const tracks = CONVOY.map(({ x, y, wedgePx }) => `M${x - 30} ${y}H${x + wedgePx * 0.8}`).join("");
  const cars = CONVOY.map(({ x, y, wedgePx, paint }) => {
    const lengthPx = equalWidthPx(body, wedgePx);
    const shade = `<ellipse cx="${x + lengthPx / 2}" cy="${y}" rx="${(lengthPx * 0.52).toFixed(1)}" ry="${(lengthPx * 0.03).toFixed(1)}" fill="#000" fill-opacity=".55"/>`;
    return `${shade}${carOf(paint, lengthPx, `translate(${x} ${y}) scale(${(lengthPx / CAR_LENGTH).toFixed(4)})`)}`;
  }).join("");
  return `<defs><linearGradient id="space" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${palette.wallTop}"/><stop offset="1" stop-color="${palette.wallLow}"/></linearGradient>
<linearGradient id="dust" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${palette.floorFar}"/><stop offset="1" stop-color="${palette.floorNear}"/></linearGradient></defs>
<rect width="1200" height="630" fill="url(#space)"/><path d="${stars()}" fill="#fff" fill-opacity=".85"/>${earth()}
<path d="M0 486C60 470 90 478 150 474C210 462 250 480 320 482C420 490 520 470 600 480C700 492 800 480 900 488C1000 482 1110 492 1200 484V540H0Z" fill="#5d586a"/><path d="M0 506C200 488 460 494 640 496C860 492 1040 496 1200 498V630H0Z" fill="url(#dust)"/>
<g fill="#3c3849" fill-opacity=".55">${CRATERS.map(({ x, y, rx, ry }) => `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}"/>`).join("")}</g><g fill="#a7a1b3" fill-opacity=".8">${CRATERS.map(({ x, y, rx, ry }) => `<ellipse cx="${x}" cy="${y + ry * 0.35}" rx="${rx * 0.8}" ry="${ry * 0.55}"/>`).join("")}</g>
<path d="${tracks}" stroke="#2c2937" stroke-opacity=".35" stroke-width="4" stroke-dasharray="9 5"/>${flag()}${cars}`;
}

const CRATERS = [
  { x: 470, y: 598, rx: 74, ry: 13 },
  { x: 860, y: 578, rx: 96, ry: 15 },
  { x: 1110, y: 552, rx: 56, ry: 9 },
  { x: 250, y: 520, rx: 46, ry: 6 },
  { x: 690, y: 610, rx: 40, ry: 8 },
] as const;

function earth(): string {
  const { x, y, radius } = EARTH;
  return `<g fill="#8fc7ff" fill-opacity=".14"><circle cx="${x}" cy="${y}" r="${radius + 9}"/><circle cx="${x}" cy="${y}" r="${radius + 5}"/></g><clipPath id="globe"><circle cx="${x}" cy="${y}" r="${radius}"/></clipPath>
<g clip-path="url(#globe)"><g transform="translate(${x} ${y})"><circle r="${radius}" fill="#2f74d0"/><path d="M-52 -30C-30 -52 -6 -44 -8 -28C-16 -20 -22 -22 -20 -10C-30 -2 -44 -10 -52 -30ZM-22 2C-6 -4 10 6 8 18C2 38 -10 52 -18 40C-22 26 -30 16 -22 2ZM18 -40C32 -46 52 -30 54 -16C44 -8 26 -12 20 -22Z" fill="#58b368"/><path d="M-58 -8C-34 -14 -14 -2 14 -6M-30 26C-8 20 22 32 46 20M2 -48C20 -52 34 -44 44 -38" stroke="#fff" stroke-width="6" stroke-opacity=".85" fill="none" stroke-linecap="round"/><circle cx="-26" cy="-20" r="${radius * 1.25}" fill="none" stroke="#06122b" stroke-opacity=".5" stroke-width="44"/></g></g>`;
}

function flag(): string {
  return `<path d="M474 500V414" stroke="#e9e7f0" stroke-width="4"/><path d="M476 416H526L514 431L526 446H476Z" fill="#ff6b3d"/>`;
}
