/** Rounds a figure to three significant digits, more would mean nothing on a shared machine. */
export function figure(value: number): number {
  return Number(value.toPrecision(3));
}

/** The value below which a fraction of the samples lie. */
export function percentile(samples: readonly number[], fraction: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? Number.NaN;
}

/** Milliseconds that each of `times` runs took, after a tenth as many to warm up. */
export async function timed(times: number, run: (index: number) => unknown): Promise<number[]> {
  for (let index = 0; index < Math.ceil(times / 10); index += 1) await run(-1 - index);
  const samples: number[] = [];
  for (let index = 0; index < times; index += 1) {
    const startedAt = performance.now();
    await run(index);
    samples.push(performance.now() - startedAt);
  }
  return samples;
}

/** The median of ratios measured in turn, with the lowest and the highest, by figure. */
export function spread(name: string, ratios: readonly number[]): Readonly<Record<string, number>> {
  return {
    [name]: figure(percentile(ratios, 0.5)),
    [`${name}Lowest`]: figure(Math.min(...ratios)),
    [`${name}Highest`]: figure(Math.max(...ratios)),
  };
}
