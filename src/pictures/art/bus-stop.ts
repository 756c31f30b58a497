import { seededRandom } from "../seeded-random.ts";
import { wheelDiscs } from "./car.ts";
import { CAR_LENGTH, type CarBody } from "./car-body.ts";
import type { Palette } from "./palette.ts";

/** Where the pavement begins, in pixels from the picture's top. */
const PAVEMENT_TOP = 520;
/** Above it the wall belongs to the text, so neither rain nor houses reach it. */
const RAIN_TOP = 352;

/** A bus stop at night in the rain, a pigeon on its bench, and the car only on a poster. */
export function busStop(palette: Palette, body: CarBody): string {
  return `<defs><linearGradient id="night" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${palette.wallTop}"/><stop offset="1" stop-color="${palette.wallLow}"/></linearGradient>
<linearGradient id="street" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${palette.floorFar}"/><stop offset="1" stop-color="${palette.floorNear}"/></linearGradient></defs>
<rect width="1200" height="${PAVEMENT_TOP}" fill="url(#night)"/>${houses()}
<rect y="${PAVEMENT_TOP}" width="1200" height="${630 - PAVEMENT_TOP}" fill="url(#street)"/><path d="M0 580H1200V588H0Z" fill="#5a6a74"/><path d="M0 588H1200V630H0Z" fill="#0c1216"/>
${streetLamp(palette)}${puddles(palette)}${shelter(palette)}${poster(palette, body)}${sign(palette)}${pigeon()}<path d="${rain()}" stroke="#bcd3e0" stroke-opacity=".5" stroke-width="2.5"/>`;
}

function houses(): string {
  const roofs =
    "M0 520V430H70V404H150V452H214V388H290V440H372V414H420V470H500V424H560V396H640V446H720V410H806V460H880V400H956V436H1040V384H1122V448H1200V520Z";
  const windows = [
    ...[30, 236, 262, 584, 612, 906, 1066, 1094].map((x, index) => ({
      x,
      y: 424 + (index % 3) * 22,
    })),
    ...[100, 390, 740, 986].map((x, index) => ({ x, y: 470 + (index % 2) * 18 })),
  ].map(({ x, y }) => `M${x} ${y}h12v14h-12Z`);
  return `<path d="${roofs}" fill="#141f27"/><path d="${windows.join("")}" fill="#ffd88a" fill-opacity=".75"/>`;
}

function streetLamp({ glow }: Palette): string {
  return `<path d="M212 378L84 574H356L244 378Z" fill="${glow}" fill-opacity=".13"/><ellipse cx="220" cy="572" rx="150" ry="16" fill="${glow}" fill-opacity=".16"/>
<path d="M150 576V372C150 360 158 356 170 356H236" stroke="#0a1014" stroke-width="9" fill="none" stroke-linecap="round"/><path d="M206 362H252L244 378H212Z" fill="#0a1014"/><ellipse cx="228" cy="378" rx="17" ry="5" fill="#fff4d6"/>`;
}

function puddles({ glow }: Palette): string {
  return `<g fill="#8fb0c2" fill-opacity=".28"><ellipse cx="420" cy="566" rx="96" ry="8"/><ellipse cx="1060" cy="560" rx="84" ry="7"/><ellipse cx="700" cy="608" rx="190" ry="9"/></g><path d="M180 606h84M196 614h52" stroke="${glow}" stroke-opacity=".5" stroke-width="4" stroke-linecap="round"/>`;
}

function shelter({ glow }: Palette): string {
  return `<ellipse cx="740" cy="574" rx="250" ry="9" fill="#000" fill-opacity=".4"/>
<path d="M524 386H956V572H524Z" fill="#a9cbdc" fill-opacity=".14"/><path d="M500 366H980L968 390H512Z" fill="#0a1014"/><path d="M524 390H956V396H524Z" fill="${glow}" fill-opacity=".85"/><path d="M560 396L536 560H944L920 396Z" fill="${glow}" fill-opacity=".1"/>
<path d="M528 390V574M952 390V574M742 390V560" stroke="#0a1014" stroke-width="8"/><path d="M548 404L600 404L562 470ZM770 404L836 404L770 500Z" fill="#fff" fill-opacity=".09"/>
<path d="M548 530H726V540H548Z" fill="#c98f55"/><path d="M548 512H726V518H548Z" fill="#a87443"/><path d="M566 540V574M708 540V574" stroke="#0a1014" stroke-width="7"/>`;
}

/** The poster shows the car that was not bought. */
function poster({ ink }: Palette, body: CarBody): string {
  const scale = 128 / CAR_LENGTH;
  return `<rect x="776" y="412" width="156" height="128" rx="4" fill="#0a1014"/><rect x="782" y="418" width="144" height="116" fill="#f0e6d2"/><path d="M782 500H926V534H782Z" fill="#b23a2e"/>
<g transform="translate(790 498) scale(${scale})" fill="#1a1c22"><path d="${body.outline}"/>${wheelDiscs(body)}</g><path d="M800 511H886M800 522H864" stroke="${ink}" stroke-width="5"/>`;
}

function sign({ accent }: Palette): string {
  return `<path d="M440 574V376" stroke="#0a1014" stroke-width="9"/><ellipse cx="440" cy="575" rx="26" ry="5" fill="#0a1014"/><circle cx="440" cy="398" r="34" fill="${accent}"/><circle cx="440" cy="398" r="28" fill="#101a22"/>
<path d="M423 384C423 380 427 378 431 378H449C453 378 457 380 457 384V410H423Z" fill="${accent}"/><path d="M427 384H453V396H427Z" fill="#101a22"/><circle cx="430" cy="411" r="4.5" fill="${accent}"/><circle cx="450" cy="411" r="4.5" fill="${accent}"/><path d="M420 446H460V500H420Z" fill="#e6edf1"/><path d="M426 456H454M426 466H454M426 476H446M426 486H450" stroke="#52636e" stroke-width="3"/>`;
}

/** A pigeon on the bench, the only one who waits. */
function pigeon(): string {
  return `<g transform="translate(636 530)"><path d="M-40 -8L-66 -14L-62 -22L-30 -28C-22 -44 -4 -48 8 -46L14 -56C18 -66 34 -66 36 -54L46 -49L36 -47C34 -34 30 -12 6 -6C-10 -2 -28 -4 -40 -8Z" fill="#7f8d9b"/><path d="M-62 -20L-30 -28C-16 -36 2 -34 10 -26C0 -12 -24 -8 -44 -12Z" fill="#5d6a77"/><path d="M-38 -16L6 -24M-30 -10L-2 -17" stroke="#3e4953" stroke-width="3"/><path d="M14 -50C20 -42 30 -42 35 -46C34 -38 30 -32 26 -30C18 -34 12 -42 14 -50Z" fill="#4f9a7c"/><circle cx="28" cy="-56" r="3.4" fill="#ffb84d"/><circle cx="28" cy="-56" r="1.6" fill="#101a22"/><path d="M-4 -5V1M6 -6V1" stroke="#ff9a7a" stroke-width="3.5"/></g>`;
}

// A fixed scatter of slanted strokes, none of them under the shelter's roof.
function rain(): string {
  const next = seededRandom(11);
  return Array.from({ length: 110 }, () => {
    const x = Math.round(8 + 1184 * next());
    const y = Math.round(RAIN_TOP + 4 + 204 * next());
    return x > 506 && x < 978 && y > 346 ? "" : `M${x} ${y}l-5 17`;
  }).join("");
}
