/** A variable that is set but not read, and the name that was probably meant. */
export type UnknownVariable = { readonly name: string; readonly meant: string };

/** Prefixes that only this program uses: a variable with such a prefix was meant for it. */
const OUR_PREFIX = /^(?:DISCORD|COINGECKO|DEFILLAMA|COINMETRICS|KRAKEN|FRANKFURTER)_/;

/** Other programs' variables that happen to be similar. */
const OF_OTHERS = new Set(["ALL_PROXY", "FTP_PROXY"]);

/** The proxy variables, which are also read in lower case. */
const IN_BOTH_SPELLINGS = new Set(["HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"]);

/**
 * The set variables that look like one of `known` but are not: misspelt, in lower case, or with our
 * prefix. Looks at names only.
 */
export function unknownVariables(
  names: readonly string[],
  known: readonly string[],
): readonly UnknownVariable[] {
  return names.flatMap((name) => {
    const capitals = name.toUpperCase();
    if (known.includes(name) || OF_OTHERS.has(capitals)) return [];
    if (IN_BOTH_SPELLINGS.has(capitals) && name === name.toLowerCase()) return [];
    const lastWord = capitals.split("_").at(-1) ?? "";
    const [nearest] = known
      .map((meant) => ({
        meant,
        edits: edits(capitals, meant),
        endsAlike: meant.endsWith(lastWord),
      }))
      .sort((a, b) => a.edits - b.edits || Number(b.endsAlike) - Number(a.endsAlike));
    if (nearest === undefined) return [];
    // Two edits make almost any short word out of HOST or PORT.
    const isAlike = nearest.edits <= (nearest.meant.length < 8 ? 1 : 2);
    return isAlike || OUR_PREFIX.test(capitals) ? [{ name, meant: nearest.meant }] : [];
  });
}

/** The number of letters substituted, left out, added, or swapped (optimal string alignment). */
function edits(typed: string, meant: string): number {
  let twoAbove: number[] = [];
  let above = Array.from({ length: meant.length + 1 }, (_, at) => at);
  for (let row = 1; row <= typed.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= meant.length; column += 1) {
      const [here, wanted] = [typed[row - 1], meant[column - 1]];
      const left = current[column - 1] ?? 0;
      const diagonal = above[column - 1] ?? 0;
      let fewest = Math.min(
        (above[column] ?? 0) + 1,
        left + 1,
        diagonal + (here === wanted ? 0 : 1),
      );
      const isSwapped =
        row > 1 && column > 1 && here === meant[column - 2] && typed[row - 2] === wanted;
      if (isSwapped) fewest = Math.min(fewest, (twoAbove[column - 2] ?? 0) + 1);
      current.push(fewest);
    }
    twoAbove = above;
    above = current;
  }
  return above[meant.length] ?? 0;
}
