import { carOf } from "./car.ts";
import { CAR_LENGTH, type CarBody } from "./car-body.ts";
import type { Palette } from "./palette.ts";
import { wheel } from "./wheel.ts";

/** A quiet road at dusk. */
export function roadside(palette: Palette): string {
  return `<defs><linearGradient id="dusk" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${palette.wallTop}"/><stop offset=".62" stop-color="${palette.wallLow}"/><stop offset=".86" stop-color="#8a5a55"/><stop offset="1" stop-color="${palette.glow}"/></linearGradient>
<linearGradient id="road" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${palette.floorFar}"/><stop offset="1" stop-color="${palette.floorNear}"/></linearGradient></defs>
<rect width="1200" height="500" fill="url(#dusk)"/><path d="M0 470C160 430 250 452 400 446C560 438 640 470 800 456C960 442 1060 424 1200 452V510H0Z" fill="#2b2d38"/>
<rect y="496" width="1200" height="134" fill="url(#road)"/><path d="M0 610H90M180 610H330M420 610H570M660 610H810M900 610H1050M1140 610H1200" stroke="#f3e4bd" stroke-opacity=".5" stroke-width="6"/>`;
}

/** Colours of the for-sale sign, CSS hex. */
export const FOR_SALE = { ground: "#f4ead2", ink: "#b23a2e" } as const;

/**
 * A tow truck that takes a car away, past a sign; `forSale` is the sign's lettering around 0, 0.
 */
export function towTruck(body: CarBody, forSale: string): string {
  const scale = 430 / CAR_LENGTH;
  const rear = body.wheels[0];
  const ground = 574;
  return `<g transform="translate(150 ${ground})"><path d="M-6 0V-150H6V0Z" fill="#6b5238"/><rect x="-118" y="-196" width="236" height="78" rx="6" fill="${FOR_SALE.ground}"/><rect x="-110" y="-188" width="220" height="62" rx="3" fill="none" stroke="${FOR_SALE.ink}" stroke-width="4"/><g transform="translate(0 -157)" fill="${FOR_SALE.ink}">${forSale}</g><path d="M-40 0C-36 -16 -30 -20 -26 0C-20 -22 -10 -24 -8 0ZM10 0C14 -14 20 -18 24 0C30 -20 36 -16 40 0Z" fill="#3d4436"/></g>
<g fill="#000" fill-opacity=".3"><ellipse cx="690" cy="${ground}" rx="452" ry="12"/><ellipse cx="690" cy="${ground}" rx="436" ry="8"/></g>
<g transform="translate(262 ${ground}) rotate(-9 ${(rear?.x ?? 0) * scale} 0)">${carOf(0, 430, `scale(${scale})`)}</g>
<g transform="translate(716 ${ground})">
<path d="M14 -84L-30 -148L-18 -154L40 -84Z" fill="#c9922a"/><path d="M-25 -150L-58 -72" stroke="#d9dde3" stroke-width="4"/><path d="M-70 -66H-2L6 -52H-70Z" fill="#2a2d33"/><path d="M-70 -78V-52" stroke="#2a2d33" stroke-width="9" stroke-linecap="round"/>
<path d="M0 -92H210V-40H0Z" fill="#e0a32e"/><path d="M0 -92H210V-80H0Z" fill="#f6c95b"/><path d="M0 -52H210V-36H0Z" fill="#7a4d10"/><path d="M24 -76H96V-58H24ZM110 -76H186V-58H110Z" fill="#8a5a14" fill-opacity=".6"/>
<path d="M196 -36V-150C196 -160 202 -166 212 -166H282C294 -166 300 -162 306 -152L334 -100L392 -88C404 -85 408 -76 408 -66V-36Z" fill="#e0a32e"/><path d="M196 -150C196 -160 202 -166 212 -166H282C294 -166 300 -162 306 -152L312 -142H196Z" fill="#f6c95b"/><path d="M222 -150H282L310 -100H222Z" fill="#18202b"/><path d="M240 -150H258L240 -100H226Z" fill="#fff" fill-opacity=".14"/><path d="M214 -92V-40M322 -92L324 -40" stroke="#7a4d10" stroke-width="3"/><path d="M228 -86H248V-80H228Z" fill="#7a4d10"/>
<path d="M398 -78C406 -76 408 -70 408 -60H394V-76Z" fill="#fff6d8"/><path d="M384 -46H414V-28H384Z" fill="#2a2d33"/><path d="M196 -40H408V-32H196Z" fill="#7a4d10"/>
<g fill="#ffc04d" fill-opacity=".18"><circle cx="252" cy="-176" r="52"/><circle cx="252" cy="-176" r="40"/><circle cx="252" cy="-176" r="28"/></g><path d="M234 -166C234 -186 270 -186 270 -166Z" fill="#ffb02e"/><path d="M240 -168C242 -178 250 -180 254 -180" stroke="#fff3c9" stroke-width="3" fill="none"/><rect x="228" y="-168" width="48" height="6" rx="2" fill="#2a2d33"/>
${wheel(84, -38, 38, "#cfd3da", "#7a4d10")}${wheel(340, -38, 38, "#cfd3da", "#7a4d10")}</g>`;
}
