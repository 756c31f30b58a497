import type { WenMood } from "../messages/wen-wording.ts";
import { bodyOf } from "../valuation/lambo-models.ts";
import { MARK_PX, PICTURE_HEIGHT, PICTURE_WIDTH } from "./answer-layout.ts";
import { wallWithCar } from "./art/garage-scenes.ts";
import { PALETTES, type Scene } from "./art/palette.ts";
import { demoTape } from "./art/tape.ts";
import { type Drawing, words } from "./drawing.ts";
import { circle, dashedLine, diamond, edged, inTenths, priceLineLayers } from "./line-drawing.ts";
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

const NEEDED = { widthPx: 4, strokePx: 16, gapPx: 10 } as const;

/** The picture of a needed price. */
export function wenDrawing({ car }: WenSubject, layout: WenLayout): Drawing {
  const palette = PALETTES[WEN_SCENES[layout.mood]];
  const { plot, price, marks, neededY, latest } = layout;
  const wall = wallWithCar({ body: bodyOf(car), share: layout.share, ...layout.car }, palette);
  const y = inTenths(neededY);
  const across = [
    { x: plot.x, y },
    { x: plot.x + plot.width, y },
  ];
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
  return {
    width: PICTURE_WIDTH,
    height: PICTURE_HEIGHT,
    layers: [
      ...wall,
      ...priceLineLayers(price, plot, palette),
      ...dashedLine(across, NEEDED, palette.ink),
      ...edged(circle(8), latest, { fill: palette.accent, edge: palette.wallTop, edgePx: 3 }),
      ...diamonds,
      ...texts,
    ],
  };
}
