import { BLACK, type CarBody, GLASS } from "./car-body.ts";
import { wheel } from "./wheel.ts";

const OUTLINE =
  "M62 -22L38 -48L26 -92L20 -134L0 -218L44 -206L98 -180L150 -174L290 -192L322 -216L414 -231Q440 -236 470 -236L508 -235Q536 -234 560 -225L704 -174" +
  "Q764 -170 816 -156Q902 -130 956 -94L990 -62L984 -42L1000 -27L994 -19L884 -19L869 -30A84 84 0 1 0 723 -30L712 -18L306 -18L295 -30A92 92 0 1 0 137 -30L130 -22Z";

/** A long, low hypercar with its tail kicked up, seen from the side. */
export const REVUELTO: CarBody = {
  height: 236,
  area: 153_000,
  outline: OUTLINE,
  lines:
    "M692 -169L560 -216Q536 -224 508 -224L446 -223L398 -206L352 -176L444 -163L692 -169ZM476 -224L446 -163M690 -166Q674 -116 640 -42L462 -36Q442 -62 440 -104L446 -163M320 -118L436 -144L402 -74L340 -56Z",
  wheels: [
    { x: 216, y: -77, radius: 77 },
    { x: 796, y: -72, radius: 72 },
  ],
  rim: "#ccd2dc",
  wheel,
  base(id, paint) {
    return `<linearGradient id="${id}-body" x1="0" y1="-236" x2="0" y2="-16" gradientUnits="userSpaceOnUse">
<stop offset="0" stop-color="${paint.light}"/><stop offset=".4" stop-color="${paint.base}"/><stop offset="1" stop-color="${paint.deep}"/></linearGradient>
<path d="M112 -24V-77A104 96 0 0 1 320 -77V-24ZM702 -24V-72A94 88 0 0 1 890 -72V-24Z" fill="#050506"/>
<path d="${OUTLINE}" fill="url(#${id}-body)"/>
<path d="M716 -112L566 -92L408 -102L352 -58L306 -18L712 -18L723 -30C706 -54 704 -86 716 -112Z" fill="${paint.deep}"/>
<path d="M306 -205L402 -226L360 -186L226 -172Z" fill="${BLACK}"/>
<path d="M704 -168L560 -219Q536 -227 508 -227L440 -226L390 -208L338 -174L446 -158L704 -164Z" fill="${GLASS}"/>
<path d="M476 -227L444 -158H466L494 -227Z" fill="${paint.base}"/>
<path d="M312 -120L444 -148L404 -72L336 -52Z" fill="${BLACK}"/>
<path d="M300 -18L316 -34L566 -27L704 -36L712 -18ZM990 -62L984 -42L892 -34L904 -58L948 -74ZM1000 -27L994 -19L884 -19L872 -28L986 -36ZM20 -134L10 -168L46 -164L66 -148L58 -128L22 -120ZM38 -48L27 -88L112 -78L137 -30L130 -22H62Z" fill="${BLACK}"/>
<path d="M16 -146L60 -148L56 -139L20 -136Z" fill="#ff3434"/><path d="M872 -126L954 -92L920 -94L888 -106Z" fill="${BLACK}"/><path d="M882 -119L942 -94L920 -96L896 -106Z" fill="#f6fbff"/>`;
  },
  details(paint) {
    return `<path d="M0 -218L44 -206L98 -180L150 -174L290 -192L322 -216L306 -205L226 -172L120 -164L60 -168L14 -176Z" fill="${paint.light}" fill-opacity=".6"/>
<path d="M318 -202L296 -179M342 -207L318 -181M366 -213L340 -183" stroke="${paint.base}" stroke-width="7"/>
<path d="M414 -231Q440 -236 470 -236L508 -235Q536 -234 560 -225L704 -174L704 -168L560 -219Q536 -227 508 -227L440 -226L402 -226Z" fill="${paint.deep}" fill-opacity=".5"/>
<path d="M676 -166L556 -210Q536 -217 508 -218L498 -218L472 -160Z" fill="#2a3446"/><path d="M612 -184L548 -208Q532 -214 512 -214L500 -186ZM636 -175L500 -176L496 -168L652 -168Z" fill="#fff" fill-opacity=".15"/>
<path d="M470 -218L444 -218L400 -203L362 -177L446 -166Z" fill="#222b3b"/><path d="M462 -214L446 -214L408 -200L396 -190L452 -184Z" fill="#fff" fill-opacity=".1"/>
<path d="M338 -174L446 -158L704 -164L772 -168C748 -150 730 -134 716 -112L566 -92L408 -102L444 -148L312 -120C300 -146 286 -158 262 -166Z" fill="${paint.light}" fill-opacity=".28"/>
<path d="M727 -128L566 -108L424 -116L408 -102L566 -92L716 -112Z" fill="#fff" fill-opacity=".2"/>
<path d="M704 -36L566 -27L316 -34L352 -58L380 -80L566 -62L706 -72C704 -60 704 -48 704 -36Z" fill="#000" fill-opacity=".22"/>
<path d="M444 -148L404 -72L420 -78L462 -152Z" fill="${paint.light}"/>
<path d="M330 -108L424 -130M338 -90L412 -110M344 -72L400 -90" stroke="#30343e" stroke-width="5"/>
<path d="M318 -32L566 -25L702 -34" stroke="${paint.accent}" stroke-width="4" fill="none"/>
<path d="M694 -162C680 -116 668 -84 642 -42L462 -36M446 -156C436 -124 440 -110 424 -82" stroke="#000" stroke-opacity=".5" stroke-width="3.5" fill="none"/>
<path d="M486 -132L530 -129L527 -121L490 -124Z" fill="#000" fill-opacity=".5"/>
<path d="M700 -164L660 -160C654 -170 660 -184 676 -186L702 -178Z" fill="${paint.deep}"/><path d="M700 -169L664 -166C662 -174 668 -182 678 -184L702 -177Z" fill="${paint.light}"/>
<path d="M125 -52A98 98 0 0 1 170 -162M710 -58A90 90 0 0 1 756 -150" stroke="${paint.light}" stroke-opacity=".9" stroke-width="5" fill="none"/>
<path d="M22 -116L112 -108L120 -96L25 -96Z" fill="#000" fill-opacity=".2"/>
<path d="M772 -168Q800 -165 816 -160Q888 -138 940 -106L872 -126C840 -146 804 -156 756 -158Z" fill="#fff" fill-opacity=".28"/>
<path d="M886 -100C896 -84 900 -70 898 -52M960 -86L986 -62" stroke="#000" stroke-opacity=".35" stroke-width="3.5" fill="none"/>
<path d="M902 -52L948 -68L988 -60L986 -52L950 -60L906 -46Z" fill="${paint.base}"/>
<path d="M36 -66H78V-52H42Z" fill="#7b7f88"/><path d="M41 -62H74V-56H44Z" fill="#15161a"/><path d="M66 -22L76 -42M86 -22L92 -42M106 -22L108 -42" stroke="#3a3d45" stroke-width="4"/>
<path d="M2 -216L44 -205L98 -179L150 -173L290 -191L322 -215L414 -230M566 -222L704 -173Q764 -169 816 -155Q890 -133 940 -102" stroke="#fff" stroke-opacity=".7" stroke-width="3.5" fill="none"/>`;
  },
};
