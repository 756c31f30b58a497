import { ENGLISH } from "../messages/say.ts";
import type { Typeface } from "./fonts/typeface.ts";

/** The smallest text on any picture; a phone shows it at a third of this size. */
export const SMALLEST_TEXT_PX = 32;

/** A line of text with its position on the picture, in pixels; y is the baseline. */
export type TextLine = {
  readonly text: string;
  readonly face: Typeface;
  readonly sizePx: number;
  readonly x: number;
  readonly y: number;
};

/** A rectangle on the picture, in pixels. */
export type Box = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

const ELLIPSIS = "…";

// Every letter with its accents stays within these bounds; some symbols and stacked marks would
// reach into the neighbouring lines.
const MAX_ABOVE_EM = 1.15;
const MAX_BELOW_EM = 0.28;

/**
 * The first text that the typeface can draw completely within its line; undefined when there is
 * none.
 */
export function firstCovered(texts: readonly string[], face: Typeface): string | undefined {
  return texts.find((text) => text.trim() !== "" && isCovered(text, face));
}

/**
 * The texts in a locale that the typeface has all glyphs for, best first; where it has none of
 * them, as with the signs of some currencies, those in English.
 */
export function drawable(
  locale: string,
  face: Typeface,
  textsIn: (locale: string) => readonly string[],
): readonly string[] {
  const texts = textsIn(locale).filter((text) => face.covers(text));
  return texts.length > 0 ? texts : textsIn(ENGLISH).filter((text) => face.covers(text));
}

/** Whether the typeface can draw every character within its line. */
export function isCovered(text: string, face: Typeface): boolean {
  if (!face.covers(text)) return false;
  const { above, below } = face.inkPx(text, 1);
  return above <= MAX_ABOVE_EM && below <= MAX_BELOW_EM;
}

/**
 * The first text that is at most `maxWidthPx` wide at this size, else the last text, shortened with
 * an ellipsis.
 */
export function firstFitting(
  texts: readonly string[],
  face: Typeface,
  sizePx: number,
  maxWidthPx: number,
): string {
  const fitting = texts.find((text) => face.widthPx(text, sizePx) <= maxWidthPx);
  return fitting ?? shortened(texts.at(-1) ?? "", face, sizePx, maxWidthPx);
}

/**
 * The text cut so that it and its ellipsis are at most `maxWidthPx` wide; unchanged when it fits as
 * it is.
 */
export function shortened(
  text: string,
  face: Typeface,
  sizePx: number,
  maxWidthPx: number,
): string {
  if (face.widthPx(text, sizePx) <= maxWidthPx) return text;
  const characters = [...text];
  while (
    characters.length > 0 &&
    face.widthPx(`${characters.join("").trimEnd()}${ELLIPSIS}`, sizePx) > maxWidthPx
  )
    characters.pop();
  return `${characters.join("").trimEnd()}${ELLIPSIS}`;
}

/**
 * The largest size up to `wantedPx` at which the text is at most `maxWidthPx` wide, never below the
 * smallest.
 */
export function fittingSizePx(
  text: string,
  face: Typeface,
  wantedPx: number,
  maxWidthPx: number,
): number {
  const widthAtOnePx = face.widthPx(text, 1);
  return Math.max(
    SMALLEST_TEXT_PX,
    Math.min(wantedPx, Math.floor(maxWidthPx / Math.max(widthAtOnePx, Number.EPSILON))),
  );
}

/** The bounding box of the drawn glyphs of all lines. */
export function inkBox(lines: readonly TextLine[]): Box {
  const left = Math.min(...lines.map((line) => line.x));
  const right = Math.max(
    ...lines.map((line) => line.x + line.face.widthPx(line.text, line.sizePx)),
  );
  const top = Math.min(
    ...lines.map((line) => line.y - line.face.inkPx(line.text, line.sizePx).above),
  );
  const bottom = Math.max(
    ...lines.map((line) => line.y + line.face.inkPx(line.text, line.sizePx).below),
  );
  return { x: left, y: top, width: right - left, height: bottom - top };
}
