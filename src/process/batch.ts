/**
 * Batches single calls: items that arrive within `waitMs` of the first are handed to `work`
 * together, at most `maxItems` at a time, so that thousands of small writes become a few
 * transactions. `work` returns one result per item, in order; when it rejects, every item of the
 * batch rejects.
 */
export function createBatcher<Item, Result>(
  work: (items: readonly Item[]) => Promise<readonly Result[]>,
  { waitMs, maxItems }: { readonly waitMs: number; readonly maxItems: number },
): (item: Item) => Promise<Result> {
  type Pending = {
    readonly item: Item;
    readonly resolve: (result: Result) => void;
    readonly reject: (error: unknown) => void;
  };
  let pending: Pending[] = [];
  let timer: NodeJS.Timeout | undefined;

  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const batch = pending;
    pending = [];
    try {
      const results = await work(batch.map(({ item }) => item));
      for (const [index, { resolve, reject }] of batch.entries()) {
        const result = results[index];
        // `work` returns one result per item, and undefined may be one of them.
        if (index < results.length) resolve(result as Result);
        else reject(new Error(`a batch of ${batch.length} items got ${results.length} results`));
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      pending.push({ item, resolve, reject });
      if (pending.length >= maxItems) void flush();
      else timer ??= setTimeout(() => void flush(), waitMs);
    });
}
