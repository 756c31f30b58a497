import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { bytesIn, bytesOf } from "./font-file.ts";
import { type Fallback, fontStack } from "./font-stack.ts";
import { readTypeface, type Typeface, type TypefaceOptions } from "./typeface.ts";

/** The two faces that pictures are set in. */
export type Faces = {
  /** The verdict: heavy and slanted. */
  readonly display: Typeface;
  /** Everything else. */
  readonly text: Typeface;
};

// What an image needs: deploy/slim-image.sh keeps the files named here and deletes the other cuts.
const FILES = {
  display: "@expo-google-fonts/inter/900Black_Italic/Inter_900Black_Italic.ttf",
  text: "@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf",
  japaneseDisplay: "@expo-google-fonts/m-plus-1p/900Black/MPLUS1p_900Black.ttf",
  japaneseText: "@expo-google-fonts/m-plus-1p/700Bold/MPLUS1p_700Bold.ttf",
  koreanDisplay: "@expo-google-fonts/gothic-a1/900Black/GothicA1_900Black.ttf",
  koreanText: "@expo-google-fonts/gothic-a1/600SemiBold/GothicA1_600SemiBold.ttf",
  chinese: "@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf",
} as const;

// Syllables and the letters of which they are made, each of which stands alone.
const HANGUL = /[\u3131-\u3163\uac00-\ud7a3]/u;
const HAN = /\p{Script=Han}/u;
// With their punctuation and full-width forms.
const KANA = /[\u3000-\u30ff\u31f0-\u33ff\uff01-\uff9f\uffe0-\uffe6]/u;

// The tangent of Inter's italic angle, 9.4 degrees: the other faces have no italic of their own.
const ITALIC_SLANT = 0.1655;

/**
 * Reads the faces from the packages that ship them, all under the SIL Open Font License 1.1: Inter
 * (The Inter Project Authors) for Latin, Greek and Cyrillic at once; and when a text first needs
 * them M PLUS 1p (The M+ Project Authors) for Japanese, Gothic A1 (HanYang I&C) for Korean and Noto
 * Sans SC (Adobe) for what is Chinese alone. Pictures contain outlines, never font names, so that
 * no system font is needed or used.
 */
export function loadFaces(): Faces {
  const { resolve } = createRequire(import.meta.url);
  const now = (file: string): Typeface => readTypeface(bytesOf(readFileSync(resolve(file))));
  const whenNeeded = (file: string, options?: TypefaceOptions): (() => Typeface) => {
    let face: Typeface | undefined;
    return () => {
      face ??= readTypeface(bytesIn(resolve(file)), options);
      return face;
    };
  };
  // The Japanese face comes first: where the two languages write a character differently, Chinese
  // readers know both.
  const eastAsian = (
    [japanese, korean]: readonly [japanese: string, korean: string],
    options?: TypefaceOptions,
  ): readonly Fallback[] => {
    const faces = [whenNeeded(japanese, options), whenNeeded(FILES.chinese, options)];
    return [
      { letters: HANGUL, faces: [whenNeeded(korean, options)] },
      { letters: HAN, faces },
      { letters: KANA, faces },
    ];
  };
  return {
    display: fontStack(
      now(FILES.display),
      eastAsian([FILES.japaneseDisplay, FILES.koreanDisplay], { slant: ITALIC_SLANT }),
    ),
    text: fontStack(now(FILES.text), eastAsian([FILES.japaneseText, FILES.koreanText])),
  };
}
