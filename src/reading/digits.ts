// The zeros of the decimal digits in use beyond the Latin ones (Unicode 16, category Nd).
const ZEROS = [
  ...[0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66],
  ...[0xe50, 0xed0, 0xf20, 0x1040, 0x17e0, 0x1810],
];

/** A text with the decimal digits of every script as Latin ones: "१७" becomes "17". */
export function inLatinDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, latinDigit);
}

function latinDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  const zero = ZEROS.find((first) => code >= first && code < first + 10);
  return zero === undefined ? digit : String(code - zero);
}
