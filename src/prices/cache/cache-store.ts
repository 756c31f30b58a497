import { Keyv, type KeyvStoreAdapter } from "keyv";
import { z } from "zod";
import type { LockPatience } from "../sources/lock-patience.ts";

/**
 * A value with the time at which it was cached, by our clock: a clock that was wrong must not keep
 * a value for years.
 */
export const CacheRow = z.object({
  value: z.unknown(),
  keptAtMs: z.number(),
  ttlMs: z.number().positive(),
});
export type CacheRow = z.infer<typeof CacheRow>;

/** Where a cache keeps its rows. Every method rejects when the place does not work now. */
export type CacheStore = {
  /** One plain phrase for the start-up output. */
  readonly where: string;
  /** How long the store is left alone after a failure, in milliseconds. */
  readonly restMs: number;
  /** True when calls must follow one another. */
  readonly isSerial: boolean;
  read(key: string): Promise<unknown>;
  /** Resolves false when the row was not kept. */
  write(key: string, row: CacheRow, ttlMs: number): Promise<boolean>;
  remove(key: string): Promise<void>;
  /** Deletes what expired before an instant (milliseconds since 1970). */
  sweep(nowMs: number): Promise<void>;
  /** As `FetchCache.runExclusive`; rejects only as `work` does. */
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
    // Without it a failed read looks like a missing row.
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
