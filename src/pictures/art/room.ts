import type { Palette } from "./palette.ts";

/** Where the wall ends and the floor begins, in pixels from the picture's top. */
const FLOOR_TOP = 470;

const WIDTH = 1200;
const HEIGHT = 630;
const STRIP_Y = 350;
const VANISHING_X = 600;

/**
 * What {@link room} leaves out: the light strip, for a garage that somebody forgot to switch on.
 */
export type RoomLight = "lit" | "dark";

/**
 * The empty garage: panelled wall, light strip, roller door, polished floor. All shades are flat or
 * vertical gradients; soft radial ones would cost more bytes and time than the cars.
 */
export function room(palette: Palette, light: RoomLight = "lit"): string {
  const seams = [300, 600, 900].map((x) => `M${x} 0V${STRIP_Y}`).join("");
  const slats = [368, 386, 404, 422, 440, 458].map((y) => `M196 ${y}H1004`).join("");
  const rays = Array.from({ length: 6 }, (_, ray) => ray - 2.5)
    .map((ray) => `M${VANISHING_X + ray * 240} ${FLOOR_TOP}L${VANISHING_X + ray * 600} ${HEIGHT}`)
    .join("");
  const joints = [486, 512, 552].map((y) => `M0 ${y}H${WIDTH}`).join("");
  const strength = light === "lit" ? 1 : 0.35;
  const strip =
    light === "lit"
      ? `<rect y="${STRIP_Y - 3}" width="${WIDTH}" height="6" fill="${palette.glow}"/><rect y="${STRIP_Y - 1}" width="${WIDTH}" height="2" fill="#fff" fill-opacity=".8"/>`
      : `<rect y="${STRIP_Y - 3}" width="${WIDTH}" height="6" fill="#0b0b0c"/>`;
  const stop = (offset: number, opacity: number): string =>
    `<stop offset="${offset}" stop-color="${palette.glow}" stop-opacity="${opacity * strength}"/>`;
  return `<linearGradient id="wall" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${palette.wallTop}"/><stop offset="1" stop-color="${palette.wallLow}"/></linearGradient>
<linearGradient id="floor" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${palette.floorFar}"/><stop offset="1" stop-color="${palette.floorNear}"/></linearGradient>
<linearGradient id="washed" x1="0" y1="0" x2="0" y2="1">${stop(0, 0.8)}${stop(0.4, 0.4)}${stop(1, 0.14)}</linearGradient>
<rect width="${WIDTH}" height="${STRIP_Y}" fill="url(#wall)"/><path d="${seams}" stroke="#000" stroke-opacity=".18" stroke-width="2"/>
<rect y="${STRIP_Y}" width="${WIDTH}" height="${FLOOR_TOP - STRIP_Y}" fill="${palette.wallTop}"/><rect y="${STRIP_Y}" width="${WIDTH}" height="${FLOOR_TOP - STRIP_Y}" fill="url(#washed)"/>
<path d="M188 ${STRIP_Y}H196V${FLOOR_TOP}H188ZM1004 ${STRIP_Y}H1012V${FLOOR_TOP}H1004Z" fill="#000" fill-opacity=".3"/><path d="${slats}" stroke="#000" stroke-opacity=".22" stroke-width="3"/>
${strip}<rect y="${FLOOR_TOP}" width="${WIDTH}" height="${HEIGHT - FLOOR_TOP}" fill="url(#floor)"/>
<path d="${rays}${joints}" stroke="${palette.glow}" stroke-opacity="${0.16 * strength}" stroke-width="2"/>
<ellipse cx="600" cy="557" rx="580" ry="52" fill="${palette.glow}" fill-opacity="${0.12 * strength}"/><rect y="${FLOOR_TOP - 7}" width="${WIDTH}" height="7" fill="#000" fill-opacity=".4"/>`;
}

/** What stands along the garage's wall: a tool chest on the left, tyres on the right. */
export function furniture(palette: Palette): string {
  const drawers = [0, 1, 2, 3].map(
    (row) =>
      `<rect x="8" y="${-80 + row * 19}" width="108" height="14" rx="2" fill="#000" fill-opacity=".28"/><rect x="42" y="${-76 + row * 19}" width="40" height="3" fill="#fff" fill-opacity=".55"/>`,
  );
  const tyres = [0, 1, 2].map(
    (row) =>
      `<rect x="0" y="${-30 - row * 28}" width="96" height="27" rx="12" fill="#15161a"/><path d="M7 ${-20 - row * 28}H89M7 ${-13 - row * 28}H89" stroke="#3a3c44" stroke-width="2.5"/>`,
  );
  return `<g transform="translate(32 ${FLOOR_TOP + 8})"><rect x="-4" y="-7" width="132" height="10" fill="#000" fill-opacity=".4"/><rect x="0" y="-88" width="124" height="84" rx="4" fill="${palette.wallLow}"/><rect x="-3" y="-94" width="130" height="9" rx="3" fill="${palette.accent}"/>${drawers.join("")}
<path d="M20 -94V-112H44V-94" fill="#c3463a"/><path d="M26 -112C26 -122 38 -122 38 -112" stroke="#c3463a" stroke-width="4" fill="none"/><path d="M84 -94V-118H96V-94Z" fill="#d8dde4"/><path d="M86 -118V-126H94V-118Z" fill="#c3463a"/></g>
<g transform="translate(1070 ${FLOOR_TOP + 8})"><rect x="-6" y="-6" width="108" height="10" fill="#000" fill-opacity=".4"/>${tyres.join("")}</g>`;
}

/** The roller door pulled up: outside, the moon that the fleet could leave for. */
export function openDoor(): string {
  const [left, right, top, foot] = [196, 1004, STRIP_Y + 3, FLOOR_TOP - 7];
  return `<clipPath id="door"><path d="M${left} ${top}H${right}V${foot}H${left}Z"/></clipPath><path d="M${left} ${top}H${right}V${foot}H${left}Z" fill="#0d1233"/>
<g clip-path="url(#door)"><circle cx="836" cy="424" r="62" fill="#f6eecf" fill-opacity=".14"/><circle cx="836" cy="424" r="50" fill="#f6eecf"/><g fill="#d9cda6"><ellipse cx="818" cy="406" rx="12" ry="9"/><ellipse cx="852" cy="418" rx="9" ry="7"/><ellipse cx="842" cy="396" rx="6" ry="4"/></g><path d="M196 452C300 436 420 452 520 440C640 428 760 452 1004 438V464H196Z" fill="#070a1e"/></g>
<path d="M262 384h4v4h-4ZM330 404h3v3h-3ZM404 376h4v4h-4ZM486 398h3v3h-3ZM560 380h4v4h-4ZM640 402h3v3h-3ZM706 376h4v4h-4ZM930 388h4v4h-4ZM966 410h3v3h-3Z" fill="#fff" fill-opacity=".85"/><path d="M${left} ${top}H${right}V${top + 13}H${left}Z" fill="#000" fill-opacity=".45"/>`;
}
