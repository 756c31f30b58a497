import type { Palette } from "./palette.ts";

/** A lamp on a cord between the two columns of text, its light on an empty parking bay. */
export function lamp(palette: Palette): string {
  return `<defs><linearGradient id="cone" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${palette.glow}" stop-opacity=".55"/><stop offset="1" stop-color="${palette.glow}" stop-opacity=".06"/></linearGradient></defs>
<path d="M544 0V372" stroke="#0d0c0d" stroke-width="4"/><path d="M508 398L154 582H934L580 398Z" fill="url(#cone)"/><g fill="${palette.glow}" fill-opacity=".16"><ellipse cx="544" cy="582" rx="392" ry="46"/><ellipse cx="544" cy="582" rx="350" ry="38"/><ellipse cx="544" cy="580" rx="260" ry="26"/></g>
<g fill="none" stroke="#f4e7c8" stroke-opacity=".75" stroke-width="7" stroke-linejoin="round"><path d="M292 486L178 618M820 486L934 618" stroke-dasharray="40 16"/></g>
<path d="M530 366H558L592 398H496Z" fill="#2b2a2d"/><path d="M530 366H558L565 372H523Z" fill="#47454a"/><ellipse cx="544" cy="399" rx="30" ry="9" fill="#fff4d6"/>`;
}

/** A bicycle on its stand, rear wheel at the left; `x` is its rear hub, `y` the ground. */
export function bicycle(x: number, y: number): string {
  const wheel = (cx: number): string =>
    `<circle cx="${cx}" cy="-52" r="52" fill="none" stroke="#121214" stroke-width="7"/><circle cx="${cx}" cy="-52" r="46" fill="none" stroke="#d8d4cd" stroke-width="2"/><path d="${Array.from(
      { length: 7 },
      (_, i) => {
        const a = (i * Math.PI) / 7;
        return `M${(cx - 46 * Math.cos(a)).toFixed(1)} ${(-52 - 46 * Math.sin(a)).toFixed(1)}L${(cx + 46 * Math.cos(a)).toFixed(1)} ${(-52 + 46 * Math.sin(a)).toFixed(1)}`;
      },
    ).join(
      "",
    )}" stroke="#d8d4cd" stroke-opacity=".7" stroke-width="1.4"/><circle cx="${cx}" cy="-52" r="5" fill="#d8d4cd"/>`;
  return `<g transform="translate(${x} ${y})"><ellipse cx="80" cy="1" rx="150" ry="8" fill="#000" fill-opacity=".45"/>${wheel(0)}${wheel(166)}
<g fill="none" stroke="#ff7d5c" stroke-width="8" stroke-linecap="round" stroke-linejoin="round"><path d="M0 -52L58 -48L42 -124L0 -52M42 -112L134 -118L58 -48M128 -138L166 -52"/></g>
<path d="M24 -134C36 -130 52 -130 64 -134C62 -142 32 -144 24 -134Z" fill="#17171a"/><path d="M42 -130V-118" stroke="#c9c4bc" stroke-width="5"/><path d="M124 -142C118 -160 128 -166 152 -160" stroke="#c9c4bc" stroke-width="6" fill="none" stroke-linecap="round"/><path d="M146 -162L160 -157" stroke="#17171a" stroke-width="9" stroke-linecap="round"/>
<circle cx="58" cy="-48" r="13" fill="#2b2a2d"/><path d="M58 -48L70 -22M60 -20H82" stroke="#c9c4bc" stroke-width="5" stroke-linecap="round"/>
<path d="M140 -122H190L182 -92H148Z" fill="#9c7444"/><path d="M144 -112H187M146 -102H185M156 -122L158 -92M172 -122L170 -92" stroke="#6e4e2a" stroke-width="2.5"/></g>`;
}

/** A tiny wind-up car with a key in its roof, alone in the middle of the garage. */
export function toyCar(x: number, y: number): string {
  return `<g transform="translate(${x} ${y})"><ellipse cx="40" cy="1" rx="48" ry="5" fill="#000" fill-opacity=".5"/><path d="M2 -10C0 -22 4 -26 14 -27L26 -38C36 -42 46 -40 54 -34L62 -27C74 -25 80 -20 80 -10Z" fill="#f0600f"/><path d="M20 -27L29 -35C36 -38 44 -36 50 -31L54 -27Z" fill="#1a1c22"/><path d="M4 -22C20 -26 60 -26 74 -20" stroke="#ffb27a" stroke-width="2.5" fill="none"/><circle cx="20" cy="-8" r="9" fill="#131315"/><circle cx="62" cy="-8" r="9" fill="#131315"/><circle cx="20" cy="-8" r="3.6" fill="#d8d4cd"/><circle cx="62" cy="-8" r="3.6" fill="#d8d4cd"/><path d="M38 -40V-52M30 -58C30 -66 38 -64 38 -56C38 -64 46 -66 46 -58C46 -52 38 -52 38 -52C38 -52 30 -52 30 -58Z" stroke="#d8d4cd" stroke-width="3.4" fill="none"/></g>`;
}

/** A sitting cat that looks to the right and has seen worse. */
export function cat(x: number, y: number): string {
  return `<g transform="translate(${x} ${y})"><ellipse cx="4" cy="1" rx="52" ry="6" fill="#000" fill-opacity=".45"/><path d="M-34 -4C-62 -8 -66 -40 -50 -46C-44 -46 -44 -40 -48 -36C-54 -22 -40 -14 -26 -16Z" fill="#1d1b1e"/><path d="M-32 0C-40 -40 -16 -70 6 -78L34 -70C38 -46 40 -20 38 0Z" fill="#1d1b1e"/><path d="M-2 -76C-8 -100 -4 -112 -4 -122L10 -110C18 -112 26 -112 32 -109L46 -120C46 -108 50 -98 46 -86C40 -72 8 -68 -2 -76Z" fill="#1d1b1e"/><path d="M14 -96A6 6 0 0 1 26 -95M34 -95A5 6 0 0 1 44 -95" stroke="#ffd36b" stroke-width="3.6" fill="none"/><path d="M30 -86L34 -86L32 -83Z" fill="#ff9f86"/><path d="M28 0C24 -16 26 -34 30 -50M14 0C14 -8 16 -14 18 -18" stroke="#3b383d" stroke-width="3" fill="none"/><path d="M40 -84L58 -88M40 -81L58 -80M24 -82L8 -84" stroke="#8d878f" stroke-width="1.6"/><path d="M12 0C12 -8 38 -8 40 0Z" fill="#2b282c"/></g>`;
}
