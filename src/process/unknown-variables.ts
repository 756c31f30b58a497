/** A variable that is set but not read, and the one that was probably meant. */
export type UnknownVariable = { readonly name: string; readonly meant: string };

/** The names that only this program has; whatever begins like that was meant for it. */
const OUR_PREFIX = /^(?:DISCORD|COINGECKO|DEFILLAMA|COINMETRICS|KRAKEN|FRANKFURTER)_/;

/** Read by other programs, and alike by accident. */
const OF_OTHERS = new Set(["ALL_PROXY", "FTP_PROXY"]);

/** The proxies' names, which are read in small letters too. */
const IN_BOTH_SPELLINGS = new Set(["HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"]);

/**
 * The set variables that look like one of `known` and are none: misspelt, in small letters, or with
 * our prefix. Only names are looked at.
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
    // HOST or PORT with two changes is any short word.
    const isAlike = nearest.edits <= (nearest.meant.length < 8 ? 1 : 2);
    return isAlike || OUR_PREFIX.test(capitals) ? [{ name, meant: nearest.meant }] : [];
  });
}

/**
 * How many letters were typed wrong, left out, added, or swapped with their neighbour (optimal
 * string alignment).
 */
function edits(typed: string, meant: string): number {
  let before: number[] = [];
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
      if (isSwapped) fewest = Math.min(fewest, (before[column - 2] ?? 0) + 1);
      current.push(fewest);
    }
    before = above;
    above = current;
  }
  return above[meant.length] ?? 0;
}
