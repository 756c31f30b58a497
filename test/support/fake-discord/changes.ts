type Waiter = { readonly what: string; check(): boolean; fail(error: Error): void };

/** Lets tests wait for something to become true; nothing is polled, every change asks again. */
export type Changes = {
  /** Says that something changed. */
  tell(): void;
  /**
   * Resolves with the first value that is not undefined; rejects on `end`, naming `what` was waited
   * for.
   */
  until<Value>(what: string, read: () => Value | undefined): Promise<Value>;
  /** Ends all waiting. */
  end(): void;
};

/** Creates the one place where a fake says that something changed. */
export function createChanges(): Changes {
  const waiters = new Set<Waiter>();
  let ended = false;
  return {
    tell() {
      for (const waiter of [...waiters]) if (waiter.check()) waiters.delete(waiter);
    },
    until<Value>(what: string, read: () => Value | undefined): Promise<Value> {
      return new Promise((resolve, reject) => {
        const waiter: Waiter = {
          what,
          check() {
            try {
              const value = read();
              if (value === undefined) return false;
              resolve(value);
            } catch (error) {
              reject(error);
            }
            return true;
          },
          fail: reject,
        };
        if (waiter.check()) return;
        if (ended) reject(new Error(`The fake Discord was closed before ${what}.`));
        else waiters.add(waiter);
      });
    },
    end() {
      ended = true;
      for (const waiter of waiters)
        waiter.fail(new Error(`The fake Discord was closed before ${waiter.what}.`));
      waiters.clear();
    },
  };
}
