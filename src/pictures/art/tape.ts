import { type Tile, textSvg, tile } from "../drawing.ts";
import { type Box, inkBox, type TextLine } from "../text-fit.ts";
import { TAPE } from "./palette.ts";

/**
 * The line that says that prices are invented, on hazard tape along the picture's foot, with `room`
 * between its stripes.
 */
export function demoTape(line: TextLine, room: Box = inkBox([line])): Tile {
  return tile(`${hazardTape(room)}${textSvg(line, TAPE.ink)}`, FOOT, { isOpaque: true });
}

const FOOT = { x: 0, y: 582, width: 1200, height: 48 } as const;

/** The tape's stripes leave room for the words in `text`. */
function hazardTape(text: { readonly x: number; readonly width: number }): string {
  const stripes = Array.from({ length: 34 }, (_, stripe) => stripe * 40 - 60)
    .filter((x) => x + 40 < text.x - 20 || x > text.x + text.width + 20)
    .map((x) => `M${x} 630L${x + 20} 582H${x + 40}L${x + 20} 630Z`)
    .join("");
  return `<rect y="582" width="1200" height="48" fill="${TAPE.ground}"/><path d="${stripes}" fill="${TAPE.ink}"/>`;
}
