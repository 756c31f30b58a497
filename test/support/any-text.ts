import fc from "fast-check";

// Half is what people type, half any code point, control characters and unassigned ones
// included.
const codePoint = fc.oneof(
  fc.integer({ min: 0x20, max: 0x7e }),
  fc.integer({ min: 0, max: 0x24ff }),
  fc.integer({ min: 0, max: 0x10ffff }).filter((code) => code < 0xd800 || code > 0xdfff),
);

/**
 * Any well-formed text of at most so many code points; starts a second faster than fast-check's
 * `binary` strings.
 */
export function anyText(maxLength = 20): fc.Arbitrary<string> {
  return fc.array(codePoint, { maxLength }).map((codes) => String.fromCodePoint(...codes));
}
