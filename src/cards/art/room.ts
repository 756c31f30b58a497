import type { Palette } from "./palette.ts";

/** Where the wall ends and the floor begins, in pixels from the picture's top. */
export const FLOOR_TOP = 470;

const WIDTH = 1200;
const HEIGHT = 630;
const STRIP_Y = 350;
const VANISHING_X = 600;

/** The garage without anything in it: panelled wall, light strip, polished floor. */
export function room(palette: Palette): string {
  const seams = [150, 300, 450, 600, 750, 900, 1050].map((x) => `M${x} 0V${STRIP_Y}`).join("");
  const rays = Array.from({ length: 17 }, (_, ray) => ray - 8)
    .map((ray) => `M${VANISHING_X + ray * 92} ${FLOOR_TOP}L${VANISHING_X + ray * 230} ${HEIGHT}`)
    .join("");
  const joints = [488, 514, 552, 604].map((y) => `M0 ${y}H${WIDTH}`).join("");
  return `<defs><linearGradient id="wall" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${palette.wallTop}"/><stop offset="1" stop-color="${palette.wallLow}"/></linearGradient>
<linearGradient id="floor" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${palette.floorFar}"/><stop offset="1" stop-color="${palette.floorNear}"/></linearGradient>
<linearGradient id="washed" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${palette.glow}" stop-opacity=".75"/><stop offset=".35" stop-color="${palette.glow}" stop-opacity=".34"/><stop offset="1" stop-color="${palette.glow}" stop-opacity=".1"/></linearGradient>
<radialGradient id="pool"><stop offset="0" stop-color="${palette.glow}" stop-opacity=".5"/><stop offset="1" stop-color="${palette.glow}" stop-opacity="0"/></radialGradient></defs>
<rect width="${WIDTH}" height="${FLOOR_TOP}" fill="url(#wall)"/><path d="${seams}" stroke="#000" stroke-opacity=".16" stroke-width="2"/>
<rect y="${STRIP_Y}" width="${WIDTH}" height="${FLOOR_TOP - STRIP_Y}" fill="${palette.wallTop}"/><rect y="${STRIP_Y}" width="${WIDTH}" height="${FLOOR_TOP - STRIP_Y}" fill="url(#washed)"/>
<rect y="${STRIP_Y - 3}" width="${WIDTH}" height="5" fill="${palette.glow}"/><rect y="${STRIP_Y - 2}" width="${WIDTH}" height="2" fill="#fff" opacity=".75"/>
<rect y="${FLOOR_TOP}" width="${WIDTH}" height="${HEIGHT - FLOOR_TOP}" fill="url(#floor)"/>
<path d="${rays}${joints}" stroke="${palette.glow}" stroke-opacity=".13" stroke-width="2"/>
<ellipse cx="600" cy="545" rx="640" ry="74" fill="url(#pool)"/><rect y="${FLOOR_TOP - 8}" width="${WIDTH}" height="8" fill="#000" opacity=".35"/>`;
}

/** What stands along the garage's wall: a tool chest on the left, tyres on the right. */
export function furniture(palette: Palette): string {
  const drawers = [0, 1, 2, 3]
    .map(
      (row) =>
        `<rect x="8" y="${-88 + row * 20}" width="104" height="15" rx="2" fill="#000" opacity=".3"/><rect x="40" y="${-84 + row * 20}" width="40" height="3" rx="1.5" fill="#fff" opacity=".5"/>`,
    )
    .join("");
  const tyres = [0, 1, 2]
    .map(
      (row) =>
        `<rect x="0" y="${-30 - row * 29}" width="92" height="27" rx="12" fill="#111216"/><rect x="6" y="${-21 - row * 29}" width="80" height="3" fill="#33353c"/><rect x="6" y="${-14 - row * 29}" width="80" height="2" fill="#2a2c32"/>`,
    )
    .join("");
  return `<g transform="translate(26 ${FLOOR_TOP + 8})"><rect x="-4" y="-6" width="128" height="10" fill="#000" opacity=".4"/><rect x="0" y="-96" width="120" height="92" rx="4" fill="${palette.wallLow}"/><rect x="0" y="-100" width="120" height="8" rx="3" fill="${palette.glow}" opacity=".55"/>${drawers}</g>
<g transform="translate(1084 ${FLOOR_TOP + 8})"><rect x="-6" y="-6" width="104" height="10" fill="#000" opacity=".4"/>${tyres}</g>`;
}
