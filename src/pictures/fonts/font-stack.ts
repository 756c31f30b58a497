import type { Typeface } from "./typeface.ts";

/** The faces that draw the letters of one kind of writing, best first. */
export type Fallback = {
  /** Matches a single character of that writing. */
  readonly letters: RegExp;
  /** Each is read when it is first needed. */
  readonly faces: readonly (() => Typeface)[];
};

// Marks go above, below or between letters, by rules that outlines alone do not tell.
const MARK = /\p{M}/u;

/**
 * One typeface made of several: `main`, and others for the letters that it lacks. Letters of one
 * kind that stand together come from one face where one has them all, so that a name looks of a
 * piece. A text with combining marks is not covered.
 */
export function fontStack(main: Typeface, fallbacks: readonly Fallback[]): Typeface {
  const runsOf = (text: string): readonly Run[] =>
    stretchesOf(text, fallbacks).flatMap(({ kind, text: stretch }) =>
      kind === undefined ? [{ face: main, text: stretch }] : runsIn(stretch, kind.faces, main),
    );
  const isPlain = (text: string): boolean => !fallbacks.some(({ letters }) => letters.test(text));
  return {
    covers: (text) =>
      !MARK.test(text) &&
      (isPlain(text) ? main.covers(text) : runsOf(text).every((run) => run.face.covers(run.text))),
    widthPx: (text, sizePx) =>
      isPlain(text)
        ? main.widthPx(text, sizePx)
        : runsOf(text).reduce((sum, run) => sum + run.face.widthPx(run.text, sizePx), 0),
    outline(text, x, y, sizePx) {
      if (isPlain(text)) return main.outline(text, x, y, sizePx);
      let path = "";
      let penX = x;
      for (const run of runsOf(text)) {
        path += run.face.outline(run.text, penX, y, sizePx);
        penX += run.face.widthPx(run.text, sizePx);
      }
      return path;
    },
    pixels(text, x, y, sizePx) {
      if (isPlain(text)) return main.pixels(text, x, y, sizePx);
      let penX = x;
      return runsOf(text).flatMap((run) => {
        const placed = run.face.pixels(run.text, penX, y, sizePx);
        penX += run.face.widthPx(run.text, sizePx);
        return placed;
      });
    },
    inkPx(text, sizePx) {
      if (isPlain(text)) return main.inkPx(text, sizePx);
      const inks = runsOf(text).map((run) => run.face.inkPx(run.text, sizePx));
      return {
        above: Math.max(0, ...inks.map(({ above }) => above)),
        below: Math.max(0, ...inks.map(({ below }) => below)),
      };
    },
  };
}

type Run = { readonly face: Typeface; readonly text: string };

/** A text cut where the kind of its letters changes. */
function stretchesOf(
  text: string,
  fallbacks: readonly Fallback[],
): readonly { readonly kind: Fallback | undefined; readonly text: string }[] {
  const stretches: { kind: Fallback | undefined; text: string }[] = [];
  for (const character of text) {
    const kind = fallbacks.find(({ letters }) => letters.test(character));
    const last = stretches.at(-1);
    if (last !== undefined && last.kind === kind) last.text += character;
    else stretches.push({ kind, text: character });
  }
  return stretches;
}

/** A stretch in the first face that has all of it, else each letter in the first that has it. */
function runsIn(stretch: string, faces: Fallback["faces"], main: Typeface): readonly Run[] {
  const firstCovering = (text: string): Typeface | undefined => {
    for (const read of faces) {
      const face = read();
      if (face.covers(text)) return face;
    }
    return undefined;
  };
  const face = firstCovering(stretch);
  return face === undefined
    ? [...stretch].map((text) => ({ face: firstCovering(text) ?? main, text }))
    : [{ face, text: stretch }];
}
