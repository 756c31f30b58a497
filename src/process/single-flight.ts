/**
 * Starts `work`, or joins the run in progress under `key`: callers get the same promise until it
 * settles. Each key must always stand for the same type of result.
 */
export type SingleFlight = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/** Makes a {@link SingleFlight} with its own keys. */
export function createSingleFlight(): SingleFlight {
  const running = new Map<string, Promise<unknown>>();
  return <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const started = running.get(key);
    // A key always stands for the same type of result, so the run under it has type T.
    if (started !== undefined) return started as Promise<T>;
    const promise = work().finally(() => running.delete(key));
    running.set(key, promise);
    return promise;
  };
}
