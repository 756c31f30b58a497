import { setTimeout as wait } from "node:timers/promises";

/**
 * How long SQLite itself waits for the lock of a file, in milliseconds: the whole process stands
 * still meanwhile, so it waits briefly and {@link whenUnlocked} goes on.
 */
export const SQLITE_STANDSTILL_MS = 50;
const PAUSE_MS = 50;

/**
 * Does `work` again and again while it fails because others hold a lock, for `patienceMs`
 * milliseconds at the most, and rejects with its last error.
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
