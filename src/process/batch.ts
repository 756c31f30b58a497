/**
 * Turns work on many things at once into work on one: what is asked for within `waitMs` is done
 * together, at most `most` at a time, so that thousands of small writes become a few transactions.
 * `work` gives one result for each thing, in order; when it rejects, all reject.
 */
export function gather<Item, Result>(
  work: (items: readonly Item[]) => Promise<readonly Result[]>,
  { waitMs, most }: { readonly waitMs: number; readonly most: number },
): (item: Item) => Promise<Result> {
  type Asked = {
    readonly item: Item;
    readonly done: (result: Result) => void;
    readonly failed: (error: unknown) => void;
  };
  let asked: Asked[] = [];
  let timer: NodeJS.Timeout | undefined;

  async function run(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const together = asked;
    asked = [];
    try {
      const results = await work(together.map(({ item }) => item));
      for (const [at, { done, failed }] of together.entries()) {
        const result = results[at];
        // `work` gives one result for each thing; undefined is one too.
        if (at < results.length) done(result as Result);
        else
          failed(
            new Error(`gathered work gave ${results.length} results for ${together.length} things`),
          );
      }
    } catch (error) {
      for (const { failed } of together) failed(error);
    }
  }

  return (item) =>
    new Promise((done, failed) => {
      asked.push({ item, done, failed });
      if (asked.length >= most) void run();
      else timer ??= setTimeout(() => void run(), waitMs);
    });
}
