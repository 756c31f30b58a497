import type { CarDetail } from "./car.ts";
import type { Paint } from "./paint.ts";
import { farWheel, wheel } from "./wheel.ts";

/** Its height in its own units: nose to the right, tyres standing on y = 0, 1,000 units long. */
export const SUV_HEIGHT = 336;

/** The outline without wheels: for ghosts and mirror images. */
export const SUV_OUTLINE =
  "M28 -70L14 -118C8 -160 12 -198 26 -226L40 -250L14 -268L50 -282C120 -300 186 -318 262 -327C336 -336 424 -338 500 -332C566 -326 616 -308 664 -280L712 -250" +
  "C800 -248 890 -236 944 -208C968 -194 980 -174 983 -150L988 -96L978 -54L960 -42L888 -38L882 -52A96 96 0 1 0 704 -52L694 -42L310 -42L300 -52" +
  "A98 98 0 1 0 122 -52L112 -42L58 -46Z";

/** Its rear and front wheels as circles in the same units. */
export const SUV_WHEELS = [
  { x: 211, y: -87, radius: 87 },
  { x: 793, y: -86, radius: 86 },
] as const;

const RIM = "#c9ced8";
const BLACK = "#0b0c10";

/** A muscular coupe-roofed SUV seen from the side. `id` must be unique in the picture: the gradients are named after it. */
export function suv(id: string, paint: Paint, detail: CarDetail): string {
  const [rear, front] = SUV_WHEELS;
  const base = `<linearGradient id="${id}-body" x1="0" y1="-336" x2="0" y2="-40" gradientUnits="userSpaceOnUse">
<stop offset="0" stop-color="${paint.light}"/><stop offset=".45" stop-color="${paint.base}"/><stop offset="1" stop-color="${paint.deep}"/></linearGradient>
<path d="M100 -46V-87A111 106 0 0 1 322 -87V-46ZM684 -46V-86A109 104 0 0 1 902 -86V-46Z" fill="#050506"/>
<path d="${SUV_OUTLINE}" fill="url(#${id}-body)"/>
<path d="M14 -268L50 -282C120 -300 186 -318 262 -327L240 -310C174 -300 112 -284 64 -268L40 -250Z" fill="${paint.deep}"/>
<path d="M44 -252L64 -266L150 -292L190 -297L140 -256Z" fill="#12151d"/>
<path d="M680 -253L636 -277C598 -298 556 -309 498 -313C420 -318 336 -314 276 -300L204 -262L216 -250C350 -244 540 -246 680 -253Z" fill="#141923"/>
<path d="M432 -316L420 -246H444L460 -315ZM276 -300L302 -305L268 -248L242 -249Z" fill="${paint.base}"/>
<path d="M316 -42L306 -126L334 -166L520 -142L694 -156L700 -42Z" fill="${paint.deep}" fill-opacity=".6"/>
<path d="M310 -42L300 -52L298 -74L520 -62L700 -76L704 -52L694 -42ZM984 -110L988 -96L978 -54L960 -42L888 -38L898 -66L906 -128L950 -136ZM20 -212L28 -228L104 -224L122 -208L66 -198L18 -196ZM28 -70L16 -116L92 -106L112 -42L58 -46Z" fill="${BLACK}"/>
<path d="M122 -52A98 98 0 1 1 300 -52L314 -44A114 114 0 1 0 108 -44ZM704 -52A96 96 0 1 1 882 -52L896 -42A112 112 0 1 0 690 -42Z" fill="#15171c"/>
<path d="M22 -214L98 -219L108 -210L62 -204L19 -200Z" fill="#ff3b3b"/><path d="M884 -210L950 -192L978 -166L934 -176L898 -190Z" fill="${BLACK}"/><path d="M896 -203L946 -189L968 -171L932 -180Z" fill="#f4fbff"/>`;
  if (detail === "far") return `${base}${farWheel(rear.x, rear.y, rear.radius, RIM)}${farWheel(front.x, front.y, front.radius, RIM)}`;
  return `${base}<path d="M664 -280L712 -250L680 -253L636 -277C598 -298 556 -309 498 -313C420 -318 336 -314 276 -300L204 -262L196 -268L262 -304C330 -320 420 -324 500 -319C560 -314 610 -304 664 -280Z" fill="${paint.deep}" fill-opacity=".5"/>
<path d="M664 -256L628 -276C592 -295 552 -304 496 -308L470 -308L456 -252C530 -251 600 -252 664 -256Z" fill="#283142"/><path d="M620 -278C580 -297 544 -303 494 -305L482 -270Z" fill="#fff" fill-opacity=".16"/><path d="M420 -309L410 -252L284 -254L312 -303C346 -309 380 -310 420 -309Z" fill="#222a39"/>
<path d="M650 -254L610 -248C600 -258 604 -276 622 -278L656 -268Z" fill="${paint.deep}"/><path d="M650 -258L614 -254C608 -262 612 -274 624 -276L656 -268Z" fill="${paint.base}"/>
<path d="M330 -238C460 -232 600 -234 700 -242C690 -220 684 -190 694 -172L520 -156L340 -182C322 -196 318 -222 330 -238Z" fill="${paint.light}" fill-opacity=".36"/>
<path d="M694 -172L520 -156L340 -182L334 -166L520 -142L694 -156Z" fill="#fff" fill-opacity=".14"/>
<path d="M314 -74L520 -63L690 -75" stroke="${paint.accent}" stroke-width="3" fill="none"/>
<path d="M336 -72C326 -140 332 -200 358 -246M432 -244C418 -180 424 -110 440 -66M688 -250C676 -190 670 -130 664 -76" stroke="#000" stroke-opacity=".4" stroke-width="3" fill="none"/>
<path d="M340 -212L380 -210L378 -202L344 -204ZM448 -212L488 -211L486 -203L452 -204Z" fill="#000" fill-opacity=".45"/>
<path d="M684 -216L660 -206L654 -168L678 -190Z" fill="${BLACK}"/>
<path d="M99 -94A114 114 0 0 1 190 -200M683 -96A112 112 0 0 1 774 -196M126 -222C180 -236 240 -238 300 -222M716 -236C790 -236 850 -226 892 -210" stroke="${paint.light}" stroke-opacity=".8" stroke-width="4" fill="none"/>
<path d="M720 -248C764 -236 830 -230 884 -210M896 -182C904 -164 908 -146 906 -128" stroke="#000" stroke-opacity=".28" stroke-width="3" fill="none"/>
<path d="M916 -122L978 -128L980 -116L920 -110ZM908 -94L980 -98L978 -86L906 -82Z" fill="#3a3e47"/>
<path d="M30 -86H84V-68H36Z" fill="#6d7078"/><path d="M34 -82H80V-72H39Z" fill="#1a1b20"/>
<path d="M262 -327C336 -336 424 -338 500 -332C566 -326 616 -308 664 -280M722 -246C800 -244 880 -232 932 -208" stroke="#fff" stroke-opacity=".6" stroke-width="3" fill="none"/>
${wheel(rear.x, rear.y, rear.radius, paint.accent, RIM)}${wheel(front.x, front.y, front.radius, paint.accent, RIM)}`;
}
