import { say } from "../messages/say.ts";
import { bodyOf } from "../valuation/lambo-models.ts";
import {
  type AnswerLayout,
  type Badge,
  type Label,
  MARK_PX,
  PICTURE_HEIGHT,
  PICTURE_WIDTH,
  WINDOW_FOOT_PX,
} from "./answer-layout.ts";
import type { PictureSubject } from "./answer-subject.ts";
import { shownPartOf } from "./art/car.ts";
import { stagedScene } from "./art/garage-scenes.ts";
import { PALETTES, type Palette, TAPE } from "./art/palette.ts";
import { demoTape } from "./art/tape.ts";
import { lambosAsRead } from "./car-label.ts";
import { type Drawing, type Layer, rectangle, tile, words } from "./drawing.ts";
import { drawnLocale } from "./drawn-locale.ts";
import type { Faces } from "./fonts/faces.ts";
import { diamond, inTenths, priceLineLayers } from "./line-drawing.ts";

/** The answer picture. */
export function answerDrawing(
  subject: PictureSubject,
  layout: AnswerLayout,
  faces: Faces,
): Drawing {
  const palette = PALETTES[layout.scene];
  const lambos = lambosAsRead(subject.valuation.lambos);
  const scene = stagedScene({
    scene: layout.scene,
    body: bodyOf(subject.car),
    lambos,
    stage: layout.stage,
    forSale: signOutline(say(drawnLocale(subject.locale, faces), "picture.for-sale"), faces),
  });
  return {
    width: PICTURE_WIDTH,
    height: PICTURE_HEIGHT,
    layers: [
      ...scene,
      ...plotLayers(layout, palette),
      badgeTile(layout, palette, lambos),
      ...layout.labels.flatMap((label) => labelLayers(label, palette)),
    ],
  };
}

/** The lettering of the for-sale sign, centred at 0, 0. */
function signOutline(text: string, { display }: Faces): string {
  const sizePx = Math.min(SIGN.letterPx, SIGN.roomPx / display.widthPx(text, 1));
  return `<path d="${display.outline(text, -display.widthPx(text, sizePx) / 2, sizePx * 0.36, sizePx)}"/>`;
}

// The frame of the sign has 220 px.
const SIGN = { letterPx: 38, roomPx: 204 } as const;

function plotLayers(layout: AnswerLayout, palette: Palette): readonly Layer[] {
  const { plot, price, marker, legendMark } = layout;
  const windows = [layout.openingWindow, layout.closingWindow].map(({ box, averageY }) => ({
    days: { ...box, x: inTenths(box.x), width: inTenths(box.width) },
    averageY: inTenths(averageY),
  }));
  const footY = plot.y + plot.height;
  // A young coin was bought and sold over the same days.
  const isOneWindow = windows[0]?.days.x === windows[1]?.days.x;
  const averages = isOneWindow ? windows.slice(1) : windows;
  const averageLines = (height: number, fill: string): readonly Layer[] =>
    averages.map(({ days: { x, width }, averageY }) =>
      rectangle({ x, y: averageY - height / 2, width, height }, fill),
    );
  return [
    ...windows.flatMap(({ days }) => [
      rectangle({ ...days, height: days.height + WINDOW_FOOT_PX }, palette.ink, 0.2),
      rectangle({ ...days, y: footY, height: WINDOW_FOOT_PX }, palette.ink, 0.85),
    ]),
    ...priceLineLayers(price, plot, palette),
    ...averageLines(8, palette.wallTop),
    ...averageLines(4, palette.ink),
    ...diamond(marker, MARK_PX.line, palette),
    ...diamond(legendMark, MARK_PX.legend, palette),
  ];
}

function badgeTile({ badge, badgeShape }: AnswerLayout, palette: Palette, lambos: number): Layer {
  const radius = badge.width / 2;
  const ground = badgeShape === "part" ? 0.28 : 1;
  const shape =
    badgeShape === "part"
      ? pieSvg(shownPartOf(lambos), radius, palette)
      : `<g fill="none" stroke="${palette.wallTop}" stroke-width="10" stroke-linecap="round" stroke-linejoin="round"><path d="${BADGE_PATHS[badgeShape]}"/></g>`;
  const svg = `<g transform="translate(${badge.x + radius} ${badge.y + radius})"><circle r="${radius}" fill="${palette.accent}" fill-opacity="${ground}"/>${shape}</g>`;
  return tile(svg, badge);
}

const BADGE_PATHS: Readonly<Record<Exclude<Badge, "part">, string>> = {
  check: "M-19 1L-6 15L19 -14",
  cross: "M-16 -16L16 16M16 -16L-16 16",
  clock: "M0 -22V2L16 14",
  level: "M-18 0H18",
};

/** A slice of a pie, from twelve o'clock: as much of it as of a car. */
function pieSvg(part: number, radius: number, { accent }: Palette): string {
  const angle = 2 * Math.PI * part;
  const x = (radius * Math.sin(angle)).toFixed(1);
  const y = (-radius * Math.cos(angle)).toFixed(1);
  return `<path d="M0 0V${-radius}A${radius} ${radius} 0 ${part > 0.5 ? 1 : 0} 1 ${x} ${y}Z" fill="${accent}"/><circle r="${radius - 2}" fill="none" stroke="${accent}" stroke-width="4"/>`;
}

function labelLayers(label: Label, palette: Palette): readonly Layer[] {
  if (label.role === "demo") return label.lines.map((line) => demoTape(line, label.box));
  const colours = labelColours(label, palette);
  return label.lines.map((line, row) => words(line, colours[row] ?? palette.ink));
}

/** Colour of each line of a label, CSS hex. */
export function labelColours({ role }: Pick<Label, "role">, palette: Palette): readonly string[] {
  return COLOURS[role](palette);
}

const COLOURS: Readonly<Record<Label["role"], (palette: Palette) => readonly string[]>> = {
  title: ({ ink, soft }) => [ink, soft],
  verdict: ({ accent, ink, soft }) => [accent, ink, soft],
  opening: ({ ink, soft }) => [ink, soft, soft],
  closing: ({ ink, soft }) => [ink, soft, soft],
  legend: ({ soft }) => [soft],
  demo: () => [TAPE.ink],
};
