import { CAR_LENGTH, type CarBody } from "./car.ts";
import type { Palette } from "./palette.ts";

const FLIGHT = [
  { x: 640, y: 402, lengthPx: 84, degrees: -4, paint: 4 },
  { x: 500, y: 436, lengthPx: 130, degrees: -9, paint: 3 },
  { x: 330, y: 486, lengthPx: 190, degrees: -15, paint: 1 },
  { x: 40, y: 596, lengthPx: 330, degrees: -22, paint: 0 },
] as const;

/** Night sky, a large moon, and cars on their way to it. Needs `car0` to `car4`. */
export function moonscape(palette: Palette, body: CarBody): string {
  const flight = FLIGHT.map(({ x, y, lengthPx, degrees, paint }) => {
    const scale = lengthPx / CAR_LENGTH;
    return `<g transform="translate(${x} ${y}) rotate(${degrees}) scale(${scale})"><path d="M20 -${body.height * 0.28}C-180 -${body.height * 0.34} -300 -${body.height * 0.2} -560 20C-330 -20 -170 -14 24 -${body.height * 0.1}Z" fill="#ff8a3d" opacity=".75"/><path d="M20 -${body.height * 0.25}C-120 -${body.height * 0.28} -200 -${body.height * 0.2} -340 -4C-210 -26 -110 -24 24 -${body.height * 0.13}Z" fill="#ffe9a8"/><use href="#car${paint}"/></g>`;
  }).join("");
  return `<defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${palette.wallTop}"/><stop offset=".6" stop-color="${palette.wallLow}"/><stop offset="1" stop-color="#24418c"/></linearGradient>
<radialGradient id="moonlight" cx=".38" cy=".3" r=".8"><stop offset="0" stop-color="#fffbe8"/><stop offset=".55" stop-color="#eadfb8"/><stop offset="1" stop-color="#a99c7c"/></radialGradient>
<radialGradient id="halo"><stop offset=".55" stop-color="#fff3c4" stop-opacity=".32"/><stop offset="1" stop-color="#fff3c4" stop-opacity="0"/></radialGradient></defs>
<rect width="1200" height="630" fill="url(#sky)"/><path d="${stars()}" fill="#fff" opacity=".8"/>
<circle cx="948" cy="640" r="390" fill="url(#halo)"/><circle cx="948" cy="640" r="270" fill="url(#moonlight)"/>
<g fill="#b9ac88" opacity=".6"><ellipse cx="856" cy="470" rx="46" ry="24" transform="rotate(-24 856 470)"/><ellipse cx="1010" cy="540" rx="64" ry="40"/><ellipse cx="830" cy="572" rx="34" ry="24"/><ellipse cx="1104" cy="480" rx="24" ry="16" transform="rotate(36 1104 480)"/><ellipse cx="936" cy="604" rx="22" ry="14"/></g>
<g fill="#fffdf2" opacity=".5"><path d="M812 480C826 500 880 494 900 462C890 486 850 506 812 480Z"/><path d="M950 556C970 588 1050 590 1072 552C1064 596 968 604 950 556Z"/></g>
<g transform="translate(950 372)"><rect x="-2" y="-8" width="104" height="10" fill="none"/><use href="#car2" transform="translate(-40 2) rotate(1) scale(.086)"/><path d="M66 6V-40" stroke="#e9e3cf" stroke-width="3"/><path d="M67 -40H98L90 -30L98 -20H67Z" fill="#ff6b3d"/></g>${flight}`;
}

// A fixed scatter over the sky's lower half: the upper one belongs to the text.
function stars(): string {
  let seed = 7;
  const next = (): number => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  return Array.from({ length: 70 }, () => {
    const x = 1200 * next();
    const y = 345 + 280 * next();
    const r = 0.8 + 1.5 * next();
    return `M${(x - r).toFixed(1)} ${y.toFixed(1)}l${r.toFixed(1)} ${(-r).toFixed(1)}l${r.toFixed(1)} ${r.toFixed(1)}l${(-r).toFixed(1)} ${r.toFixed(1)}Z`;
  }).join("");
}
