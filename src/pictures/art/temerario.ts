import { BLACK, type CarBody, GLASS } from "./car-body.ts";
import { wheel } from "./wheel.ts";

const OUTLINE =
  "M104 -30L74 -36L54 -70L40 -118L0 -166L8 -184L60 -194Q170 -206 262 -234Q380 -266 474 -266Q566 -264 636 -230L708 -192" +
  "Q830 -182 908 -150Q976 -122 992 -84L1000 -50L990 -32L908 -24L893 -38A92 92 0 1 0 721 -38L706 -22L318 -22L303 -38A104 104 0 1 0 109 -38Z";

/** A short, round-backed coupe on large wheels, seen from the side. */
export const TEMERARIO: CarBody = {
  height: 266,
  area: 171_000,
  outline: OUTLINE,
  lines:
    "M694 -192L622 -230Q556 -256 476 -257Q410 -256 344 -232L308 -206L400 -192L694 -192ZM470 -256L430 -192M690 -188Q690 -120 660 -46L478 -40Q446 -80 430 -192M330 -138L404 -164L418 -92L372 -66Z",
  wheels: [
    { x: 206, y: -84, radius: 84 },
    { x: 807, y: -76, radius: 76 },
  ],
  rim: "#c4c9d2",
  wheel,
  base(id, paint) {
    return `<linearGradient id="${id}-body" x1="0" y1="-266" x2="0" y2="-20" gradientUnits="userSpaceOnUse">
<stop offset="0" stop-color="${paint.light}"/><stop offset=".42" stop-color="${paint.base}"/><stop offset="1" stop-color="${paint.deep}"/></linearGradient>
<path d="M96 -26V-84A110 104 0 0 1 316 -84V-26ZM711 -26V-76A96 84 0 0 1 903 -76V-26Z" fill="#050506"/>
<path d="${OUTLINE}" fill="url(#${id}-body)"/>
<path d="M716 -122L560 -98L420 -108L368 -60L318 -22L706 -22L721 -38C706 -62 704 -94 716 -122Z" fill="${paint.deep}"/>
<path d="M702 -188L622 -234Q556 -260 476 -260Q400 -259 336 -234L290 -204L404 -186L702 -186Z" fill="${GLASS}"/>
<path d="M476 -260L428 -186H448L496 -260Z" fill="${paint.base}"/>
<path d="M328 -140L408 -168L422 -92L366 -60Z" fill="${BLACK}"/>
<path d="M312 -22L326 -40L566 -32L700 -42L708 -22ZM1000 -50L990 -32L912 -24L898 -36L916 -58L962 -70L994 -70ZM104 -30L74 -36L54 -70L48 -92L98 -96L112 -44ZM40 -118L6 -160L70 -156L92 -140L84 -122Z" fill="${BLACK}"/>
<path d="M22 -152L72 -150L78 -140L32 -138Z" fill="#ff3434"/><path d="M866 -146L940 -114L952 -98L892 -112Z" fill="${BLACK}"/><path d="M878 -138L930 -116L914 -112L890 -118Z" fill="#f6fbff"/>`;
  },
  details(paint) {
    return `<path d="M8 -184L60 -194Q170 -206 262 -234L336 -234L290 -204L206 -194L110 -180L40 -170L0 -166Z" fill="${paint.light}" fill-opacity=".5"/>
<path d="M262 -234Q380 -266 474 -266Q566 -264 636 -230L708 -192L702 -188L622 -234Q556 -260 476 -260Q400 -259 336 -234Z" fill="${paint.deep}" fill-opacity=".5"/>
<path d="M150 -196L268 -226M168 -188L290 -214" stroke="#000" stroke-opacity=".35" stroke-width="5"/>
<path d="M688 -192L616 -228Q556 -252 510 -254L464 -190Z" fill="#2a3446"/><path d="M636 -212L606 -226Q556 -246 522 -248L504 -218ZM660 -199L498 -206L490 -196L668 -194Z" fill="#fff" fill-opacity=".15"/>
<path d="M462 -254Q400 -252 350 -230L316 -206L408 -192L422 -192Z" fill="#222b3b"/><path d="M446 -248Q404 -246 362 -228L346 -212L420 -202Z" fill="#fff" fill-opacity=".1"/>
<path d="M290 -204L404 -186L702 -186L790 -176C744 -166 722 -146 712 -122L560 -98L422 -108L408 -168L328 -140C306 -172 262 -196 206 -196Z" fill="${paint.light}" fill-opacity=".28"/>
<path d="M722 -138L560 -114L422 -124L422 -108L560 -98L712 -122Z" fill="#fff" fill-opacity=".22"/>
<path d="M344 -130L410 -150M352 -112L414 -132M362 -92L418 -112" stroke="#30343e" stroke-width="5"/>
<path d="M328 -38L566 -31L698 -41" stroke="${paint.accent}" stroke-width="4" fill="none"/>
<path d="M694 -184C694 -126 684 -90 656 -50L478 -42M430 -186C428 -150 432 -120 444 -92" stroke="#000" stroke-opacity=".5" stroke-width="3.5" fill="none"/>
<path d="M470 -152L514 -149L511 -141L474 -144Z" fill="#000" fill-opacity=".5"/>
<path d="M698 -184L658 -180C650 -192 658 -206 674 -208L702 -198Z" fill="${paint.deep}"/><path d="M698 -190L662 -186C658 -196 664 -204 676 -206L702 -197Z" fill="${paint.light}"/>
<path d="M109 -64A106 106 0 0 1 166 -178M713 -66A98 98 0 0 1 762 -164" stroke="${paint.light}" stroke-opacity=".9" stroke-width="5" fill="none"/>
<path d="M708 -192Q830 -182 908 -150Q950 -130 970 -108L884 -144C846 -156 800 -166 750 -172Z" fill="#fff" fill-opacity=".28"/>
<path d="M900 -108C908 -92 912 -76 908 -58M962 -98L984 -78" stroke="#000" stroke-opacity=".35" stroke-width="3.5" fill="none"/>
<path d="M914 -54L956 -68L994 -66L992 -56L958 -58L920 -46Z" fill="${paint.base}"/>
<path d="M56 -112L78 -118L92 -110L86 -98L64 -98Z" fill="#7b7f88"/><path d="M62 -109L77 -113L86 -108L82 -102L67 -102Z" fill="#15161a"/>
<path d="M10 -183L60 -193Q170 -205 262 -233M640 -229L709 -191Q830 -181 908 -149Q950 -130 974 -106" stroke="#fff" stroke-opacity=".7" stroke-width="3.5" fill="none"/>`;
  },
};
