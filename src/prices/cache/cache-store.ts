import { Keyv, type KeyvStoreAdapter } from "keyv";
import type { Pace, Priority } from "../price-source.ts";

/** Where an answer cache keeps its rows. Every method rejects when the place does not work now. */
export type AnswerStore = {
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
  /** {@link AnswerCache.alone}; never rejects but for what `work` does. */
  alone<T>(key: string, work: () => Promise<T>, turn: Turn): Promise<T>;
  close(): Promise<void>;
};

/**
 * Whose work it is, and how long it waits for another process' work of either pace, in
 * milliseconds.
 */
export type Turn = { readonly priority: Priority; readonly waitMs: Readonly<Record<Pace, number>> };

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
