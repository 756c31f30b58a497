/**
 * A promise that is settled from outside; only the first call counts. A rejection that is never
 * awaited does not count as unhandled.
 */
export type Deferred<T> = {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: Error): void;
};

/**
 * Makes a deferred promise: Node 20 has no `Promise.withResolvers` (nodejs.org/api, checked
 * 2026-11).
 */
export function createDeferred<T>(): Deferred<T> {
  const settle: { resolve?: (value: T) => void; reject?: (error: Error) => void } = {};
  const promise = new Promise<T>((resolve, reject) => Object.assign(settle, { resolve, reject }));
  promise.catch(() => undefined);
  return {
    promise,
    resolve: (value) => settle.resolve?.(value),
    reject: (error) => settle.reject?.(error),
  };
}
