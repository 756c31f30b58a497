import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { readTypeface, type Typeface } from "./typeface.ts";

/** The two faces that pictures are set in. */
export type Faces = {
  /** The verdict: heavy and slanted. */
  readonly display: Typeface;
  /** Everything else. */
  readonly text: Typeface;
};

/**
 * Reads Inter (SIL Open Font License 1.1, The Inter Project Authors) from the package that ships
 * it. Pictures contain outlines, never font names, so that no system font is needed or used.
 */
export function loadFaces(): Faces {
  const { resolve } = createRequire(import.meta.url);
  const read = (file: string): Typeface =>
    readTypeface(readFileSync(resolve(`@expo-google-fonts/inter/${file}`)));
  return {
    display: read("900Black_Italic/Inter_900Black_Italic.ttf"),
    text: read("600SemiBold/Inter_600SemiBold.ttf"),
  };
}
