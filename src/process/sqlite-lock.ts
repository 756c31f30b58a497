import { setTimeout as wait } from "node:timers/promises";

/**
 * How long SQLite itself waits for a file's lock, in milliseconds: it blocks the whole process, so
 * it waits briefly, and {@link whenUnlocked} tries again.
 */
export const SQLITE_STANDSTILL_MS = 50;
const PAUSE_MS = 50;

/**
 * Repeats `work` while it fails because others hold a lock, for at most `patienceMs` milliseconds;
 * then it rejects with the last error.
 */
export async function whenUnlocked<T>(
  work: () => T | Promise<T>,
  options: { isLocked(error: unknown): boolean; patienceMs: number },
): Promise<T> {
  const { isLocked, patienceMs } = options;
  const patienceEndsAt = performance.now() + patienceMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isLocked(error) || performance.now() > patienceEndsAt) throw error;
    }
    await wait(PAUSE_MS);
  }
}
