import { TAPE } from "./art/palette.ts";
import { hazardTape } from "./art/tape.ts";
import { inkBox, type TextLine } from "./text-fit.ts";

/** A line of text as SVG: its outline, filled with a CSS colour. */
export function textSvg({ face, text, x, y, sizePx }: TextLine, fill: string): string {
  return `<path d="${face.outline(text, x, y, sizePx)}" fill="${fill}"/>`;
}

/** The line that says that prices are invented, on its tape, as SVG. */
export function demoSvg(line: TextLine): string {
  return `${hazardTape(inkBox([line]))}${textSvg(line, TAPE.ink)}`;
}
