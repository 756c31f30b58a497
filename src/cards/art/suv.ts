import type { Paint } from "./paint.ts";
import { wheel } from "./wheel.ts";

/** The SUV's own coordinates: nose to the right, tyres standing on y = 0, 1,000 units long. */
export const SUV_LENGTH = 1000;

/** Its height in the same units. */
export const SUV_HEIGHT = 322;

/** The outline without wheels: for ghosts, clips and chalk. */
export const SUV_OUTLINE =
  "M30 -64L16 -110C10 -150 14 -186 28 -212L44 -236L22 -250L52 -262C120 -282 180 -302 256 -312C330 -322 420 -324 494 -318C560 -312 612 -292 664 -262L716 -226" +
  "C800 -222 880 -206 938 -178C962 -166 976 -150 980 -130L986 -84L978 -46L962 -34L882 -30L874 -44A92 92 0 1 0 712 -44L702 -34L302 -34L294 -44" +
  "A94 94 0 1 0 128 -44L118 -34L60 -38Z";

/** Its rear and front wheels as circles in the same units. */
export const SUV_WHEELS = [
  { x: 211, y: -84, radius: 84 },
  { x: 793, y: -83, radius: 83 },
] as const;

/** A muscular coupe-roofed SUV seen from the side. `id` must be unique in the picture: the gradients are named after it. */
export function suv(id: string, paint: Paint): string {
  const [rear, front] = SUV_WHEELS;
  return `<linearGradient id="${id}-body" x1="0" y1="-322" x2="0" y2="-30" gradientUnits="userSpaceOnUse">
<stop offset="0" stop-color="${paint.light}"/><stop offset=".45" stop-color="${paint.base}"/><stop offset="1" stop-color="${paint.deep}"/></linearGradient>
<linearGradient id="${id}-glass" x1="240" y1="-310" x2="560" y2="-200" gradientUnits="userSpaceOnUse">
<stop offset="0" stop-color="#10141c"/><stop offset=".55" stop-color="#2b3444"/><stop offset=".6" stop-color="#161b25"/><stop offset="1" stop-color="#0c0f16"/></linearGradient>
<path d="M106 -40V-84A105 104 0 0 1 316 -84V-40ZM690 -40V-83A103 102 0 0 1 896 -83V-40Z" fill="#050506"/>
<path d="${SUV_OUTLINE}" fill="url(#${id}-body)"/>
<path d="M22 -250L52 -262C120 -282 180 -302 256 -312L236 -294C170 -284 110 -264 62 -250L44 -236Z" fill="${paint.deep}"/>
<path d="M44 -236L62 -250L150 -278L176 -282L120 -232Z" fill="#12151d"/>
<path d="M664 -262L716 -226L690 -224L640 -254C600 -278 560 -292 500 -296C410 -302 330 -298 262 -284L176 -240L196 -222C340 -212 540 -214 690 -224L716 -226Z" fill="${paint.deep}" opacity=".5"/>
<path d="M684 -226L640 -252C600 -276 560 -290 500 -294C420 -299 330 -296 266 -282L192 -240L206 -226C350 -217 540 -218 684 -226Z" fill="url(#${id}-glass)"/>
<path d="M430 -298L416 -219H440L458 -297ZM262 -284L290 -288L258 -222L234 -224Z" fill="${paint.base}"/>
<path d="M616 -262C576 -280 540 -288 480 -290L466 -250Z" fill="#fff" opacity=".13"/>
<path d="M650 -226L612 -222C602 -232 606 -248 624 -250L656 -242Z" fill="${paint.deep}"/><path d="M650 -230L616 -228C610 -236 614 -246 626 -248L656 -242Z" fill="${paint.base}"/>
<path d="M128 -206C300 -196 540 -200 700 -212L716 -226C800 -222 880 -206 938 -178C860 -196 780 -200 720 -190L300 -160L120 -178Z" fill="${paint.light}" opacity=".32"/>
<path d="M308 -34L302 -112L330 -150L520 -122L690 -134L700 -34Z" fill="${paint.deep}" opacity=".62"/>
<path d="M302 -34L294 -44L292 -62L520 -52L704 -64L712 -44L702 -34Z" fill="#0d0e12"/><path d="M312 -62L520 -53L690 -63" stroke="${paint.accent}" stroke-width="3" fill="none"/>
<path d="M330 -60C322 -120 330 -180 356 -220M428 -218C416 -160 424 -100 440 -56M684 -224C672 -160 668 -110 662 -62" stroke="#000" stroke-opacity=".4" stroke-width="3" fill="none"/>
<path d="M330 -186L368 -184L366 -176L334 -178ZM444 -188L484 -187L482 -179L448 -180Z" fill="#000" opacity=".45"/>
<path d="M698 -168L676 -160L672 -128L694 -146Z" fill="#0a0b0f"/>
<path d="M128 -44A94 94 0 1 1 294 -44L306 -38A108 108 0 1 0 116 -38ZM712 -44A92 92 0 1 1 874 -44L886 -36A106 106 0 1 0 700 -36Z" fill="#101116"/>
<path d="M104 -84A108 108 0 0 1 190 -192M688 -90A106 106 0 0 1 772 -189" stroke="${paint.light}" stroke-opacity=".8" stroke-width="4" fill="none"/>
<path d="M880 -178L944 -160L972 -138L930 -146L896 -158Z" fill="#0c0e13"/><path d="M892 -172L940 -158L962 -143L928 -150Z" fill="#f4fbff"/>
<path d="M984 -98L986 -84L978 -46L962 -34L882 -30L900 -60L910 -104L950 -112Z" fill="#0b0c10"/><path d="M918 -98L976 -104L978 -94L922 -88ZM912 -74L978 -78L976 -68L908 -64Z" fill="#33363e"/>
<path d="M22 -198L30 -212L96 -210L108 -198L60 -190L20 -186Z" fill="#0b0c10"/><path d="M22 -200L92 -205L98 -199L58 -194L20 -190Z" fill="#ff3b3b"/>
<path d="M30 -64L18 -104L96 -96L118 -34L60 -38Z" fill="#0d0e12"/><path d="M30 -74H84V-58H36Z" fill="#6d7078"/><path d="M34 -70H80V-62H38Z" fill="#1a1b20"/>
<path d="M256 -312C330 -322 420 -324 494 -318C560 -312 612 -292 664 -262M722 -222C800 -219 872 -204 926 -180" stroke="#fff" stroke-opacity=".6" stroke-width="3" fill="none"/>
${wheel(rear.x, rear.y, rear.radius, paint.accent, "#c9ced8")}${wheel(front.x, front.y, front.radius, paint.accent, "#c9ced8")}`;
}
