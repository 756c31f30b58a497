/** How many letters of a key are looked at first; a slip moves a letter by one place. */
export const HEAD_LETTERS = 8;
/** The most letters that fit into one machine word of the count below. */
const MAX_LETTERS = 31;
const CODES = 256;

/** Which letters a text has, one bit each; digits share the rest, other letters all of them. */
export function lettersIn(text: string): number {
  let letters = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const bit =
      code >= 97 && code <= 122
        ? code - 97
        : code >= 48 && code <= 57
          ? 26 + (code % 6)
          : code % 32;
    letters |= 1 << bit;
  }
  return letters;
}

/** Whether more than `count` bits are set. */
export function isMoreThan(count: number, bits: number): boolean {
  let left = bits;
  for (let removed = 0; removed < count && left !== 0; removed += 1) left &= left - 1;
  return left !== 0;
}

/** A typed text, prepared to be compared with many others. */
export class Spelling {
  /** {@link lettersIn} of the text. */
  readonly letters: number;
  /** Of its beginning: what two slips leave within the first {@link HEAD_LETTERS} of a key. */
  readonly headLetters: number;
  /** How many letters are compared. */
  readonly length: number;
  /** The first two letters, or one that is both. */
  readonly firstLetters: readonly string[];
  /** Where in the text each letter is, as bits, by the low byte of its code. */
  readonly #placesOf = new Int32Array(CODES);

  constructor(text: string) {
    const pattern = text.slice(0, MAX_LETTERS);
    this.letters = lettersIn(pattern);
    this.headLetters = lettersIn(pattern.slice(0, HEAD_LETTERS - 2));
    this.length = pattern.length;
    this.firstLetters = [...new Set(pattern.slice(0, 2))];
    for (let at = 0; at < pattern.length; at += 1) {
      const code = pattern.charCodeAt(at) % CODES;
      this.#placesOf[code] = (this.#placesOf[code] ?? 0) | (1 << at);
    }
  }

  /**
   * The least number of slips (a letter missing, extra, wrong, or two neighbours swapped) between
   * the text and the key or any beginning of it; more than `max` when there are more. Letters
   * beyond the first 31 do not count. Computed for all places of the text at once, as bits
   * (Hyyrö, "A bit-vector algorithm for computing Levenshtein and Damerau edit distances", 2003).
   */
  slipsTo(key: string, max: number): number {
    const length = this.length;
    const placesOf = this.#placesOf;
    const end = Math.min(key.length, length + max);
    const last = 1 << (length - 1);
    let up = -1;
    let down = 0;
    let same = 0;
    let previousPlaces = 0;
    let slips = length;
    let least = length;
    for (let at = 0; at < end; at += 1) {
      const places = placesOf[key.charCodeAt(at) % CODES] ?? 0;
      const swapped = ((~same & places) << 1) & previousPlaces;
      same = (((places & up) + up) ^ up) | places | down | swapped;
      let right = down | ~(same | up);
      const left = same & up;
      if ((right & last) !== 0) slips += 1;
      if ((left & last) !== 0) slips -= 1;
      if (slips < least) least = slips;
      right = (right << 1) | 1;
      up = (left << 1) | ~(same | right);
      down = right & same;
      previousPlaces = places;
    }
    return least;
  }
}

/** How many slips are looked for in a text of so many letters. */
export function slipsAllowed(length: number): number {
  if (length < 3) return 0;
  return length < 6 ? 1 : length < 12 ? 2 : 3;
}

/** What one slip costs: the likelier it is, the less. */
const COST = {
  any: 1,
  farNeighbour: 0.9,
  swapped: 0.8,
  missingVowel: 0.8,
  vowel: 0.7,
  neighbour: 0.7,
  sound: 0.6,
  doubled: 0.6,
} as const;
/** People seldom get the first letter wrong. */
const FIRST_LETTER_COST = { likely: 0.2, any: 0.6 } as const;
/** A digit tells coins apart. */
const DIGIT_COST = 3;

const VOWELS = new Set("aeiouy");
/** Letters that are taken for each other by ear. */
const SOUNDS = pairsOf("ck cs sz fv gj iy dt bp kq uw vw xz");
/** Keys beside each other on most keyboards, and those that change places between countries. */
const NEIGHBOURS = new Set([
  ...neighboursOn("qwertyuiop asdfghjkl zxcvbnm"),
  ...neighboursOn("qwertzuiop asdfghjkl yxcvbnm"),
  ...pairsOf("yz aq wz"),
]);
const FAR_NEIGHBOURS = neighboursOn("azertyuiop qsdfghjklm wxcvbn");
const ASCII = 128;
/** What one letter typed for another costs, for all pairs of ASCII. */
const SUBSTITUTIONS = Float64Array.from({ length: ASCII * ASCII }, (_, pair) =>
  substitution(String.fromCharCode(Math.floor(pair / ASCII)), String.fromCharCode(pair % ASCII)),
);

/** No key is longer, and no text beyond it is compared. */
const MAX_COMPARED = 100;
/** Room for the costs of {@link slipCost}, which is called dozens of times for a keystroke. */
const ROWS = [
  new Float64Array(MAX_COMPARED + 1),
  new Float64Array(MAX_COMPARED + 1),
  new Float64Array(MAX_COMPARED + 1),
] as const;
const MISSING = new Float64Array(MAX_COMPARED + 1);

/**
 * How unlikely it is that somebody who typed one text meant the other; 0 when they are equal. One
 * slip costs 1 or less, slips on digits more than any guess is worth.
 */
export function slipCost(typed: string, meant: string): number {
  const width = Math.min(meant.length, MAX_COMPARED) + 1;
  let [beforeThat, above, current] = ROWS;
  above[0] = 0;
  for (let at = 1; at < width; at += 1) {
    MISSING[at] = costOfMissing(meant, at - 1);
    above[at] = (above[at - 1] ?? 0) + (MISSING[at] ?? 0);
  }
  for (let row = 0; row < Math.min(typed.length, MAX_COMPARED); row += 1) {
    const letter = typed.charCodeAt(row);
    const extra = costOfExtra(typed, row);
    current[0] = (above[0] ?? 0) + extra;
    for (let at = 1; at < width; at += 1) {
      const other = meant.charCodeAt(at - 1);
      let cost = (above[at - 1] ?? 0) + substituted(letter, other, row === 0 && at === 1);
      cost = Math.min(cost, (above[at] ?? 0) + extra);
      cost = Math.min(cost, (current[at - 1] ?? 0) + (MISSING[at] ?? 0));
      const isSwapped =
        row > 0 &&
        at > 1 &&
        letter === meant.charCodeAt(at - 2) &&
        typed.charCodeAt(row - 1) === other;
      if (isSwapped) cost = Math.min(cost, (beforeThat[at - 2] ?? 0) + COST.swapped);
      current[at] = cost;
    }
    [beforeThat, above, current] = [above, current, beforeThat];
  }
  return above[width - 1] ?? 0;
}

function costOfExtra(typed: string, place: number): number {
  const letter = typed[place] ?? "";
  if (isDigit(letter)) return DIGIT_COST;
  return letter === typed[place - 1] || letter === typed[place + 1] ? COST.doubled : COST.any;
}

function costOfMissing(meant: string, place: number): number {
  const letter = meant[place] ?? "";
  if (isDigit(letter)) return DIGIT_COST;
  if (place === 0) return COST.any + FIRST_LETTER_COST.any;
  if (letter === meant[place - 1]) return COST.doubled;
  return VOWELS.has(letter) ? COST.missingVowel : COST.any;
}

function substituted(one: number, other: number, isFirst: boolean): number {
  if (one === other) return 0;
  const cost =
    one < ASCII && other < ASCII ? (SUBSTITUTIONS[one * ASCII + other] ?? COST.any) : COST.any;
  if (!isFirst) return cost;
  return cost + (cost < COST.any ? FIRST_LETTER_COST.likely : FIRST_LETTER_COST.any);
}

function substitution(one: string, other: string): number {
  if (isDigit(one) || isDigit(other)) return DIGIT_COST;
  if (SOUNDS.has(one + other)) return COST.sound;
  if (VOWELS.has(one) && VOWELS.has(other)) return COST.vowel;
  if (NEIGHBOURS.has(one + other)) return COST.neighbour;
  return FAR_NEIGHBOURS.has(one + other) ? COST.farNeighbour : COST.any;
}

function isDigit(letter: string): boolean {
  return letter >= "0" && letter <= "9";
}

function pairsOf(pairs: string): ReadonlySet<string> {
  return new Set(pairs.split(" ").flatMap(([one = "", other = ""]) => [one + other, other + one]));
}

function neighboursOn(keyboard: string): ReadonlySet<string> {
  const rows = keyboard.split(" ");
  const pairs = rows.flatMap((row, at) =>
    [...row].flatMap((key, place) =>
      [row[place + 1], rows[at + 1]?.[place], rows[at + 1]?.[place - 1]].flatMap((other) =>
        other === undefined ? [] : [key + other],
      ),
    ),
  );
  return pairsOf(pairs.join(" "));
}
