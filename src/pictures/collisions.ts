/**
 * Moves places apart so that each is at least `pitch` from the next, as little as it takes, within
 * `from` to `to`; their order stays. Places that are equal keep the order in which they are given.
 * There must be room for all.
 */
export function apart(
  wanted: readonly number[],
  { pitch, from, to }: { readonly pitch: number; readonly from: number; readonly to: number },
): readonly number[] {
  const order = wanted.map((_, index) => index).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  // Neighbours that are too close share a group, around the middle of what they want.
  const groups: { sum: number; count: number; start: number }[] = [];
  const startOf = ({ sum, count }: { sum: number; count: number }) =>
    Math.min(Math.max(sum / count, from), to - (count - 1) * pitch);
  for (const index of order) {
    let group = { sum: wanted[index] ?? from, count: 1, start: 0 };
    group.start = startOf(group);
    for (let last = groups.at(-1); last !== undefined; last = groups.at(-1)) {
      if (last.start + last.count * pitch <= group.start) break;
      groups.pop();
      const sum = last.sum + group.sum - group.count * last.count * pitch;
      group = { sum, count: last.count + group.count, start: 0 };
      group.start = startOf(group);
    }
    groups.push(group);
  }
  const places = groups.flatMap(({ start, count }) =>
    Array.from({ length: count }, (_, at) => start + at * pitch),
  );
  const placed = new Array<number>(wanted.length).fill(from);
  for (const [rank, index] of order.entries()) placed[index] = places[rank] ?? from;
  return placed;
}
