import { Keyv, type KeyvStoreAdapter } from "keyv";
import type { LockPatience } from "../sources/lock-patience.ts";

/** Where an answer cache keeps its rows. Every method rejects when the place does not work now. */
export type CacheStore = {
  /** One plain phrase for the start-up output. */
  readonly where: string;
  /** How long a cache goes on in memory after a failure, in milliseconds. */
  readonly restMs: number;
  /** True when calls must follow one another. */
  readonly isOneAtATime: boolean;
  read(key: string): Promise<unknown>;
  /** False when the row was not kept. */
  write(key: string, row: object, ttlMs: number): Promise<boolean>;
  remove(key: string): Promise<void>;
  /** Deletes what expired before an instant (milliseconds since 1970). */
  sweep(nowMs: number): Promise<void>;
  /** {@link FetchCache.runExclusive}; never rejects but for what `work` does. */
  runExclusive<T>(key: string, work: () => Promise<T>, patience: LockPatience): Promise<T>;
  close(): Promise<void>;
};

/** What every row's key begins with. */
export const NAMESPACE = "lambo";

/** Keyv over a store, with rows as JSON, and failures as rejections. */
export function keyvOver(store: KeyvStoreAdapter): Keyv {
  const keyv = new Keyv({
    store,
    namespace: NAMESPACE,
    // Without it a failed read looks like a value that was never kept.
    throwOnErrors: true,
    serialize: (data) => JSON.stringify(data),
    deserialize: (text) => {
      try {
        return JSON.parse(text);
      } catch {
        return { value: undefined };
      }
    },
  });
  keyv.on("error", () => undefined);
  return keyv;
}
