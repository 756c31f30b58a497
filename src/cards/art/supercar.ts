import type { CarDetail } from "./car.ts";
import type { Paint } from "./paint.ts";
import { farWheel, wheel } from "./wheel.ts";

/** Its height in its own units: nose to the right, tyres standing on y = 0, 1,000 units long. */
export const SUPERCAR_HEIGHT = 240;

/** The outline without wheels: for ghosts and mirror images. */
export const SUPERCAR_OUTLINE =
  "M34 -40L18 -84C12 -108 12 -130 18 -146L6 -160L62 -166C150 -176 232 -192 300 -210C362 -228 424 -238 482 -238C532 -238 566 -232 596 -219" +
  "C650 -195 700 -176 744 -169C826 -162 908 -132 964 -96C981 -84 990 -70 993 -60L986 -38L997 -26L882 -20L866 -30A84 84 0 1 0 718 -30L706 -18L306 -18L296 -30" +
  "A90 90 0 1 0 148 -30L140 -22L70 -22Z";

/** Its rear and front wheels as circles in the same units. */
export const SUPERCAR_WHEELS = [
  { x: 222, y: -75, radius: 75 },
  { x: 792, y: -72, radius: 72 },
] as const;

const RIM = "#c9ced8";
const BLACK = "#0b0c10";

/** A low wedge seen from the side. `id` must be unique in the picture: the gradients are named after it. */
export function supercar(id: string, paint: Paint, detail: CarDetail): string {
  const [rear, front] = SUPERCAR_WHEELS;
  const base = `<linearGradient id="${id}-body" x1="0" y1="-240" x2="0" y2="-16" gradientUnits="userSpaceOnUse">
<stop offset="0" stop-color="${paint.light}"/><stop offset=".42" stop-color="${paint.base}"/><stop offset="1" stop-color="${paint.deep}"/></linearGradient>
<path d="M120 -26V-75A102 92 0 0 1 324 -75V-26ZM700 -26V-72A92 86 0 0 1 884 -72V-26Z" fill="#050506"/>
<path d="${SUPERCAR_OUTLINE}" fill="url(#${id}-body)"/>
<path d="M300 -210C330 -219 360 -226 392 -231L356 -186L250 -172Z" fill="#0d0f14" fill-opacity=".82"/>
<path d="M722 -160C690 -172 644 -190 600 -205C566 -216 530 -222 486 -222C446 -222 414 -217 391 -209L368 -184L380 -163C488 -155 620 -154 722 -160Z" fill="#141923"/>
<path d="M706 -18L306 -18L312 -62L396 -98L560 -84L704 -94C698 -70 698 -44 706 -18Z" fill="${paint.deep}" fill-opacity=".75"/>
<path d="M312 -112L424 -136L402 -98L396 -72L330 -60C326 -82 322 -98 312 -112Z" fill="${BLACK}"/>
<path d="M300 -18L310 -34L560 -30L700 -36L706 -18ZM993 -60L986 -38L900 -34L906 -54L950 -70ZM997 -26L882 -20L872 -28L986 -36ZM18 -146L6 -160L34 -163L58 -150L52 -132L16 -126C15 -134 16 -140 18 -146ZM34 -40L22 -74L112 -66L140 -22L70 -22Z" fill="${BLACK}"/>
<path d="M15 -142L54 -146L50 -138L14 -133Z" fill="#ff3b3b"/><path d="M880 -124L958 -92L924 -94L896 -106Z" fill="${BLACK}"/><path d="M890 -117L946 -94L925 -96L904 -106Z" fill="#f4fbff"/>
<path d="M470 -223L440 -157L458 -156L490 -222Z" fill="${paint.base}"/>`;
  if (detail === "far") return `${base}${farWheel(rear.x, rear.y, rear.radius, RIM)}${farWheel(front.x, front.y, front.radius, RIM)}`;
  return `${base}<path d="M6 -160L62 -166C150 -176 232 -192 300 -210L318 -196C240 -176 150 -160 60 -152L20 -148Z" fill="${paint.light}" fill-opacity=".55"/>
<path d="M296 -184L312 -206M276 -180L292 -203M316 -186L334 -212M336 -187L356 -219" stroke="${paint.base}" stroke-width="4"/>
<path d="M596 -219C650 -195 700 -176 744 -169L722 -160C690 -172 644 -190 600 -205C566 -216 530 -222 486 -222C446 -222 414 -217 391 -209L384 -212C412 -222 444 -228 486 -228C534 -228 568 -224 596 -219Z" fill="${paint.deep}" fill-opacity=".5"/>
<path d="M700 -162C670 -174 636 -188 600 -200C566 -211 540 -215 512 -217L494 -162C560 -158 640 -158 700 -162Z" fill="#283142"/><path d="M648 -182C610 -199 566 -211 522 -214L506 -180Z" fill="#fff" fill-opacity=".16"/><path d="M464 -218L440 -162L384 -165L374 -183L394 -205C414 -213 440 -217 464 -218Z" fill="#222a39"/>
<path d="M690 -164L652 -158C644 -168 648 -181 664 -184L692 -176Z" fill="${paint.deep}"/><path d="M690 -168L656 -164C652 -172 656 -180 668 -182L692 -176Z" fill="${paint.base}"/>
<path d="M700 -112L560 -96L388 -104L300 -134C330 -150 352 -158 380 -158C486 -151 620 -149 722 -154C712 -142 704 -128 700 -112Z" fill="${paint.light}" fill-opacity=".34"/>
<path d="M700 -112L560 -96L388 -104L396 -98L560 -84L704 -94Z" fill="#fff" fill-opacity=".14"/>
<path d="M326 -108L404 -126M334 -92L394 -108M336 -76L390 -90" stroke="#2a2d35" stroke-width="4"/>
<path d="M424 -136L402 -98L396 -72L410 -74L416 -96L440 -138Z" fill="${paint.light}" fill-opacity=".5"/>
<path d="M312 -36L560 -32L698 -38" stroke="${paint.accent}" stroke-width="3" fill="none"/>
<path d="M684 -156C674 -120 660 -84 634 -42L452 -38C436 -62 436 -104 452 -156" stroke="#000" stroke-opacity=".42" stroke-width="3" fill="none"/>
<path d="M470 -126L506 -124L504 -117L474 -119Z" fill="#000" fill-opacity=".45"/>
<path d="M148 -30A90 90 0 1 1 296 -30M718 -30A84 84 0 1 1 866 -30" stroke="#000" stroke-opacity=".35" stroke-width="5" fill="none"/>
<path d="M131 -62A96 96 0 0 1 205 -170M703 -62A92 92 0 0 1 774 -162M60 -146C90 -144 112 -142 132 -138" stroke="${paint.light}" stroke-opacity=".8" stroke-width="4" fill="none"/>
<path d="M880 -110C896 -92 904 -76 906 -54M930 -92C950 -84 972 -72 986 -62" stroke="#000" stroke-opacity=".28" stroke-width="3" fill="none"/>
<path d="M904 -52L948 -66L990 -60L988 -54L950 -60L906 -47Z" fill="${paint.deep}"/>
<path d="M30 -64H70V-52H34Z" fill="#6d7078"/><path d="M33 -61H66V-55H36Z" fill="#1a1b20"/>
<path d="M62 -166C150 -176 232 -192 300 -210M604 -215C650 -195 700 -176 744 -169C826 -162 900 -136 952 -104" stroke="#fff" stroke-opacity=".6" stroke-width="3" fill="none"/>
${wheel(rear.x, rear.y, rear.radius, paint.accent, RIM)}${wheel(front.x, front.y, front.radius, paint.accent, RIM)}`;
}
