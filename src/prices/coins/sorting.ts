/** Items are sorted in runs that take a few milliseconds each. */
const RUN_LENGTH = 4_096;

/**
 * The items in order, sorted in runs that are merged two by two; `pause` lets other work run in
 * between.
 */
export async function sorted<Item>(
  items: readonly Item[],
  compare: (a: Item, b: Item) => number,
  pause: () => Promise<void>,
): Promise<Item[]> {
  let runs: Item[][] = [];
  for (let from = 0; from < items.length; from += RUN_LENGTH) {
    runs.push(items.slice(from, from + RUN_LENGTH).sort(compare));
    await pause();
  }
  while (runs.length > 1) {
    const longer: Item[][] = [];
    for (let at = 0; at < runs.length; at += 2) {
      longer.push(await merged(runs[at] ?? [], runs[at + 1] ?? [], compare, pause));
    }
    runs = longer;
  }
  return runs[0] ?? [];
}

/** Two lists in order as one. */
async function merged<Item>(
  one: readonly Item[],
  other: readonly Item[],
  compare: (a: Item, b: Item) => number,
  pause: () => Promise<void>,
): Promise<Item[]> {
  const both: Item[] = [];
  let at = 0;
  for (const item of other) {
    for (let next = one[at]; next !== undefined && compare(next, item) <= 0; next = one[at]) {
      both.push(next);
      at += 1;
    }
    both.push(item);
    if (both.length % RUN_LENGTH < 8) await pause();
  }
  return both.concat(one.slice(at));
}

/** A list with each of `added` before the item that is at its place now; places ascend. */
export function withInserted<Item>(
  list: readonly Item[],
  places: readonly number[],
  added: readonly Item[],
): Item[] {
  const parts: (readonly Item[])[] = [];
  let from = 0;
  for (const [at, item] of added.entries()) {
    const place = places[at] ?? from;
    parts.push(list.slice(from, place), [item]);
    from = place;
  }
  parts.push(list.slice(from));
  return ([] as Item[]).concat(...parts);
}

/** The same for numbers: `into` is as long as the list and what is added together. */
export function insertInto<Numbers extends Uint8Array | Int32Array>(
  into: Numbers,
  list: Numbers,
  places: readonly number[],
  added: (at: number) => number,
): Numbers {
  let from = 0;
  for (const [at, place] of places.entries()) {
    into.set(list.subarray(from, place), from + at);
    into[place + at] = added(at);
    from = place;
  }
  into.set(list.subarray(from), from + places.length);
  return into;
}

/** Puts a number into an ascending list without repeats that keeps its `maxLength` smallest. */
export function insertSmallest(list: number[], value: number, maxLength: number): void {
  if (list.length === maxLength && value >= (list.at(-1) ?? 0)) return;
  let at = list.length;
  while (at > 0 && value <= (list[at - 1] ?? 0)) at -= 1;
  if (list[at] === value) return;
  list.splice(at, 0, value);
  if (list.length > maxLength) list.pop();
}
