import { BLACK, type CarBody, GLASS } from "./car-body.ts";
import { dialWheel } from "./wheel.ts";

// The body, then the rear wing on its two struts.
const OUTLINE =
  "M70 -28L48 -76L22 -144L16 -178L44 -184L176 -196L318 -236L408 -252L548 -252L712 -168L856 -134L968 -76L1000 -54L996 -36L976 -24" +
  "L862 -22L846 -34A78 78 0 1 0 704 -34L692 -22L300 -22L284 -40L270 -112L236 -156L132 -152L106 -104L100 -34L94 -28Z" +
  "M0 -268L22 -272L190 -266L196 -256L184 -250L8 -248ZM56 -250L84 -250L98 -188L76 -186ZM136 -252L160 -252L172 -194L152 -192Z";

/** The poster car of the eighties from the side: all straight lines, under a wing on stilts. */
export const WEDGE: CarBody = {
  height: 272,
  area: 161_000,
  outline: OUTLINE,
  lines:
    "M698 -170L544 -244L436 -244L384 -176L698 -170ZM566 -232L520 -172M694 -166L650 -40L474 -34L452 -92L482 -168M300 -118L448 -128L404 -92ZM312 -228L392 -244L364 -200L312 -196Z",
  wheels: [
    { x: 186, y: -72, radius: 72 },
    { x: 775, y: -67, radius: 67 },
  ],
  rim: "#d6dae2",
  wheel: dialWheel,
  base(id, paint) {
    return `<linearGradient id="${id}-body" x1="0" y1="-262" x2="0" y2="-18" gradientUnits="userSpaceOnUse">
<stop offset="0" stop-color="${paint.light}"/><stop offset=".44" stop-color="${paint.base}"/><stop offset="1" stop-color="${paint.deep}"/></linearGradient>
<path d="M100 -26L112 -150L262 -154L292 -26ZM695 -24V-67A80 80 0 0 1 855 -67V-24Z" fill="#050506"/>
<path d="${OUTLINE}" fill="url(#${id}-body)"/>
<path d="M56 -250L84 -250L98 -188L76 -186ZM136 -252L160 -252L172 -194L152 -192Z" fill="${paint.deep}"/>
<path d="M712 -112L300 -98L284 -40L300 -22L692 -22L704 -34C694 -58 696 -92 712 -112Z" fill="${paint.deep}"/>
<path d="M702 -168L546 -246L434 -246L378 -174L474 -166L702 -164Z" fill="${GLASS}"/>
<path d="M572 -233L516 -165H534L588 -225Z" fill="${paint.base}"/>
<path d="M312 -232L396 -248L362 -198L312 -194ZM300 -120L454 -130L406 -92Z" fill="${BLACK}"/>
<path d="M292 -22L306 -40L690 -38L698 -22ZM996 -36L976 -24L862 -22L852 -32L960 -44L1000 -46ZM70 -28L52 -68L104 -58L100 -34L94 -28ZM22 -144L18 -166L66 -160L72 -128L30 -124Z" fill="${BLACK}"/>
<path d="M24 -152L60 -150L62 -138L28 -136Z" fill="#ff3434"/><path d="M922 -76L962 -62L970 -54L930 -62Z" fill="#ffb84d"/><path d="M872 -122L926 -94L918 -90L862 -112Z" fill="#f6fbff"/>`;
  },
  details(paint) {
    return `<path d="M0 -268L22 -272L190 -266L194 -260L14 -261Z" fill="${paint.light}"/><path d="M14 -255L188 -254L184 -250L8 -248Z" fill="#000" fill-opacity=".35"/>
<path d="M44 -184L176 -196L318 -236L312 -194L240 -176L150 -168L30 -164L16 -178Z" fill="${paint.light}" fill-opacity=".45"/>
<path d="M190 -186L300 -216M206 -178L302 -202" stroke="#000" stroke-opacity=".45" stroke-width="6"/>
<path d="M328 -226L318 -200M348 -230L334 -200M368 -236L350 -201" stroke="#30343e" stroke-width="5"/>
<path d="M408 -252L548 -252L712 -168L702 -168L546 -246L434 -246Z" fill="${paint.deep}" fill-opacity=".5"/>
<path d="M684 -168L566 -228L540 -168Z" fill="#2a3446"/><path d="M640 -188L572 -221L560 -196ZM660 -174L556 -182L550 -172Z" fill="#fff" fill-opacity=".16"/>
<path d="M552 -238L440 -238L398 -178L484 -169L508 -168Z" fill="#222b3b"/><path d="M524 -232L444 -232L420 -198L500 -192Z" fill="#fff" fill-opacity=".1"/>
<path d="M312 -194L378 -174L474 -166L702 -164L790 -154C748 -148 724 -134 712 -112L406 -104L454 -130L300 -120L262 -158L240 -176Z" fill="${paint.light}" fill-opacity=".28"/>
<path d="M722 -128L712 -112L408 -98L396 -106Z" fill="#fff" fill-opacity=".24"/>
<path d="M330 -112L418 -118M340 -102L402 -106" stroke="#30343e" stroke-width="4"/>
<path d="M304 -46L694 -44" stroke="${paint.accent}" stroke-width="4.5" fill="none"/>
<path d="M698 -162L654 -46L478 -42L452 -94L480 -166" stroke="#000" stroke-opacity=".5" stroke-width="3.5" fill="none"/>
<path d="M500 -134L542 -132L538 -124L502 -125Z" fill="#000" fill-opacity=".55"/>
<path d="M692 -162L656 -160L652 -182L690 -180Z" fill="${paint.deep}"/><path d="M690 -170L658 -168L655 -182L689 -180Z" fill="${paint.light}"/>
<path d="M712 -168L856 -134L968 -76L850 -116C826 -140 800 -152 764 -152Z" fill="#fff" fill-opacity=".26"/>
<path d="M872 -74L988 -52M874 -56L976 -44" stroke="#000" stroke-opacity=".3" stroke-width="3"/>
<path d="M112 -120L134 -146L234 -150M692 -70A84 84 0 0 1 740 -144" stroke="${paint.light}" stroke-opacity=".9" stroke-width="5" fill="none"/>
<path d="M34 -112L98 -104L102 -92L42 -98Z" fill="#000" fill-opacity=".25"/><path d="M58 -50H88V-40H62Z" fill="#8b8f98"/>
<path d="M18 -177L44 -183L176 -195L318 -235L408 -251M550 -251L713 -167L856 -133L964 -77" stroke="#fff" stroke-opacity=".7" stroke-width="3.5" fill="none"/>`;
  },
};
