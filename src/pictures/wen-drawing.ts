import type { WenMood } from "../messages/wen-wording.ts";
import { bodyOf } from "../valuation/lambo-models.ts";
import { MARK_PX, PICTURE_HEIGHT, PICTURE_WIDTH } from "./answer-layout.ts";
import { wallWithCar } from "./art/garage-scenes.ts";
import { PALETTES, type Scene } from "./art/palette.ts";
import { demoTape } from "./art/tape.ts";
import { type Drawing, tile, words } from "./drawing.ts";
import { aroundPlot, diamond, priceLineSvg } from "./line-drawing.ts";
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

/** The picture of a needed price. */
export function wenDrawing({ car }: WenSubject, layout: WenLayout): Drawing {
  const palette = PALETTES[WEN_SCENES[layout.mood]];
  const { plot, price, marks, neededY, latest } = layout;
  const wall = wallWithCar({ body: bodyOf(car), share: layout.share, ...layout.car }, palette);
  const needed = `<path d="M${plot.x} ${neededY.toFixed(1)}H${plot.x + plot.width}" stroke="${palette.ink}" stroke-width="4" stroke-dasharray="16 10"/>`;
  const ring = `<circle cx="${latest.x.toFixed(1)}" cy="${latest.y.toFixed(1)}" r="8" fill="${palette.accent}" stroke="${palette.wallTop}" stroke-width="3"/>`;
  const diamonds =
    marks === null
      ? []
      : [
          ...diamond(marks.onLine, MARK_PX.line, palette),
          ...diamond(marks.beforeWords, MARK_PX.legend, palette),
        ];
  const texts = layout.texts.map(({ line, ink }) =>
    ink === "tape" ? demoTape(line) : words(line, palette[ink]),
  );
  const line = tile(`${priceLineSvg(price, plot, palette)}${needed}${ring}`, aroundPlot(plot));
  return {
    width: PICTURE_WIDTH,
    height: PICTURE_HEIGHT,
    layers: [...wall, line, ...diamonds, ...texts],
  };
}
