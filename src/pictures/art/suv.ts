import { BLACK, type CarBody, GLASS } from "./car-body.ts";
import { wheel } from "./wheel.ts";

const CLADDING = "#16181d";

const OUTLINE =
  "M58 -44L26 -72L14 -122L16 -176L34 -222L44 -246L0 -268L34 -278L226 -306Q330 -322 456 -319Q540 -317 592 -296L714 -240" +
  "L850 -230Q926 -220 956 -196L984 -150L1000 -108L992 -62L970 -44L890 -38L886 -50A98 98 0 1 0 704 -50L694 -42L310 -42L296 -50A98 98 0 1 0 114 -50L106 -42Z";

/** A muscular coupe-roofed SUV seen from the side. */
export const SUV: CarBody = {
  height: 322,
  area: 227_000,
  outline: OUTLINE,
  lines:
    "M696 -238L580 -290Q536 -306 456 -308Q352 -310 270 -290L196 -252L236 -238L696 -238ZM440 -308L424 -238L432 -62M690 -236Q676 -150 668 -66M346 -238Q316 -180 332 -62M884 -204L956 -188L968 -166L914 -182Z",
  wheels: [
    { x: 205, y: -87, radius: 87 },
    { x: 795, y: -87, radius: 87 },
  ],
  rim: "#ccd2dc",
  wheel,
  base(id, paint) {
    return `<linearGradient id="${id}-body" x1="0" y1="-322" x2="0" y2="-40" gradientUnits="userSpaceOnUse">
<stop offset="0" stop-color="${paint.light}"/><stop offset=".42" stop-color="${paint.base}"/><stop offset="1" stop-color="${paint.deep}"/></linearGradient>
<path d="M94 -46V-87A111 106 0 0 1 316 -87V-46ZM684 -46V-87A111 106 0 0 1 906 -87V-46Z" fill="#050506"/>
<path d="${OUTLINE}" fill="url(#${id}-body)"/>
<path d="M0 -268L34 -278L226 -306L262 -311L236 -292L120 -268L60 -252Z" fill="${BLACK}"/>
<path d="M714 -234L586 -292Q540 -310 456 -312Q350 -314 264 -294L150 -250L232 -234Z" fill="${GLASS}"/>
<path d="M448 -312L430 -234H456L474 -312ZM258 -290L288 -296L236 -234L206 -239Z" fill="${paint.base}"/>
<path d="M316 -46L318 -118L346 -154L520 -128L687 -149L678 -116L680 -46Z" fill="${paint.deep}"/>
<path d="M106 -42L114 -50A98 98 0 1 1 296 -50L310 -42L316 -46A118 118 0 1 0 94 -46ZM694 -42L704 -50A98 98 0 1 1 886 -50L890 -38L906 -46A118 118 0 1 0 684 -46Z" fill="${CLADDING}"/>
<path d="M310 -42L298 -72L520 -60L700 -74L694 -42ZM58 -44L26 -72L20 -104L84 -98L106 -42ZM1000 -108L992 -62L970 -44L890 -38L902 -62L908 -132L962 -142L990 -132ZM34 -222L26 -200L112 -194L132 -208L104 -222Z" fill="${BLACK}"/>
<path d="M32 -217L104 -217L116 -209L30 -209Z" fill="#ff3434"/><path d="M876 -212L956 -194L974 -160L916 -182L888 -196Z" fill="${BLACK}"/><path d="M888 -206L952 -190L966 -168L920 -184Z" fill="#f6fbff"/>`;
  },
  details(paint) {
    return `<path d="M66 -252L120 -268L236 -292L206 -272L150 -250L128 -244L44 -242Z" fill="${paint.light}" fill-opacity=".5"/>
<path d="M262 -311Q340 -322 456 -319Q540 -317 592 -296L714 -240L714 -234L586 -292Q540 -310 456 -312Q350 -314 264 -294L236 -292Z" fill="${paint.deep}" fill-opacity=".55"/>
<path d="M688 -237L576 -286Q536 -302 478 -304L462 -238Z" fill="#2a3446"/><path d="M620 -262L572 -282Q534 -296 488 -298L480 -264ZM648 -250L478 -254L475 -245L662 -242Z" fill="#fff" fill-opacity=".15"/>
<path d="M440 -306L424 -238L252 -238L298 -294Q360 -306 440 -306Z" fill="#222b3b"/><path d="M430 -300L420 -262L282 -258L306 -288Q360 -300 430 -300Z" fill="#fff" fill-opacity=".1"/>
<path d="M236 -284L214 -262L196 -246L166 -252L214 -276Z" fill="#222b3b"/>
<path d="M42 -242L150 -246L232 -234L714 -232L850 -222L876 -212L800 -212C752 -210 712 -192 688 -154L520 -128L346 -154C314 -200 262 -220 205 -220L140 -216L104 -226L38 -226Z" fill="${paint.light}" fill-opacity=".3"/>
<path d="M686 -149L520 -128L346 -154L332 -170L520 -142L696 -166Z" fill="#fff" fill-opacity=".22"/>
<path d="M318 -118L330 -134L520 -106L682 -124L680 -72L520 -60L298 -72Z" fill="#000" fill-opacity=".14"/>
<path d="M304 -70L520 -58L698 -72" stroke="${paint.accent}" stroke-width="4" fill="none"/>
<path d="M340 -66C318 -150 330 -196 350 -234M432 -62L424 -234M694 -234C680 -180 674 -130 668 -66" stroke="#000" stroke-opacity=".5" stroke-width="3.5" fill="none"/>
<path d="M368 -200L412 -197L410 -188L372 -190ZM474 -197L520 -196L517 -187L478 -188Z" fill="#000" fill-opacity=".5"/>
<path d="M714 -200L684 -210L672 -150L698 -180Z" fill="${BLACK}"/><path d="M706 -198L687 -204L680 -168L694 -184Z" fill="#30343e"/>
<path d="M690 -240L646 -234C636 -246 642 -264 660 -266L694 -254Z" fill="${paint.deep}"/><path d="M690 -245L650 -241C646 -252 652 -262 662 -264L694 -253Z" fill="${paint.light}"/>
<path d="M83 -78A122 122 0 0 1 166 -203M673 -78A122 122 0 0 1 756 -203" stroke="${paint.light}" stroke-opacity=".9" stroke-width="5" fill="none"/>
<path d="M714 -240L850 -230Q910 -222 940 -206L876 -212C830 -222 780 -224 726 -218Z" fill="#fff" fill-opacity=".25"/>
<path d="M884 -192C900 -176 908 -158 910 -136M726 -222C790 -226 850 -216 884 -202" stroke="#000" stroke-opacity=".35" stroke-width="3.5" fill="none"/>
<path d="M920 -124L976 -132L982 -118L924 -110ZM912 -92L986 -100L985 -84L910 -78Z" fill="#3a3f49"/><path d="M918 -104L988 -112L987 -104L916 -96Z" fill="${paint.base}"/>
<path d="M32 -92H80V-74H40Z" fill="#7b7f88"/><path d="M38 -87H76V-78H43Z" fill="#15161a"/><path d="M26 -150L70 -146L78 -132L22 -136Z" fill="#000" fill-opacity=".22"/>
<path d="M226 -305Q330 -321 456 -318Q540 -316 592 -295L700 -246M716 -239L850 -229Q910 -221 944 -202" stroke="#fff" stroke-opacity=".7" stroke-width="3.5" fill="none"/>`;
  },
};
