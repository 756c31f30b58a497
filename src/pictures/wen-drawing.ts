import type { WenMood } from "../messages/wen-wording.ts";
import { bodyOf } from "../valuation/lambo-models.ts";
import { MARK_PX, PICTURE_HEIGHT, PICTURE_WIDTH } from "./answer-layout.ts";
import { wallWithCar } from "./art/garage-scenes.ts";
import { PALETTES, type Scene } from "./art/palette.ts";
import { diamond, priceLineSvg } from "./line-drawing.ts";
import { demoSvg, textSvg } from "./text-drawing.ts";
import type { WenLayout } from "./wen-layout.ts";
import type { WenSubject } from "./wen-subject.ts";

/** The scene whose colours the picture of each mood has. */
const WEN_SCENES: Readonly<Record<WenMood, Scene>> = {
  there: "garage",
  dead: "dead",
  "was-there": "bus-stop",
  near: "part",
  far: "moon",
  orbit: "landing",
};

/**
 * The picture of a needed price as SVG: shapes and outlines only, so that it looks the same
 * wherever it is rendered.
 */
export function wenSvg({ car }: WenSubject, layout: WenLayout): string {
  const palette = PALETTES[WEN_SCENES[layout.mood]];
  const { plot, price, marks, neededY, latest } = layout;
  const wall = wallWithCar({ body: bodyOf(car), share: layout.share, ...layout.car }, palette);
  const needed = `<path d="M${plot.x} ${neededY.toFixed(1)}H${plot.x + plot.width}" stroke="${palette.ink}" stroke-width="4" stroke-dasharray="16 10"/>`;
  const ring = `<circle cx="${latest.x.toFixed(1)}" cy="${latest.y.toFixed(1)}" r="8" fill="${palette.accent}" stroke="${palette.wallTop}" stroke-width="3"/>`;
  const diamonds =
    marks === null
      ? ""
      : `${diamond(marks.onLine, MARK_PX.line, palette)}${diamond(marks.beforeWords, MARK_PX.legend, palette)}`;
  const texts = layout.texts.map(({ line, ink }) =>
    ink === "tape" ? demoSvg(line) : textSvg(line, palette[ink]),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${PICTURE_WIDTH}" height="${PICTURE_HEIGHT}" viewBox="0 0 ${PICTURE_WIDTH} ${PICTURE_HEIGHT}">
${wall}${priceLineSvg(price, plot, palette)}${needed}${ring}${diamonds}${texts.join("")}</svg>`;
}
