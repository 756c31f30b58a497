import { TAPE } from "./palette.ts";

/** Hazard tape along the picture's foot, its stripes leaving room for the words in `text`. */
export function hazardTape(text: { readonly x: number; readonly width: number }): string {
  const stripes = Array.from({ length: 34 }, (_, stripe) => stripe * 40 - 60)
    .filter((x) => x + 40 < text.x - 20 || x > text.x + text.width + 20)
    .map((x) => `M${x} 630L${x + 20} 582H${x + 40}L${x + 20} 630Z`)
    .join("");
  return `<rect y="582" width="1200" height="48" fill="${TAPE.ground}"/><path d="${stripes}" fill="${TAPE.ink}"/>`;
}
