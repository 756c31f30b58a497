/**
 * Starts `work`, or joins the run that is in progress under `key`: everybody who asks meanwhile
 * gets the same promise. A key stands for one question, and so for one type of result.
 */
export type SingleFlight = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/** A {@link SingleFlight} with keys of its own. */
export function createSingleFlight(): SingleFlight {
  const running = new Map<string, Promise<unknown>>();
  return <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const started = running.get(key);
    // A key stands for one question, so what runs under it has that question's type.
    if (started !== undefined) return started as Promise<T>;
    const promise = work().finally(() => running.delete(key));
    running.set(key, promise);
    return promise;
  };
}
