import type { Transaction } from "kysely";
import type { Engine } from "../engine.ts";

/** One schema step. Once released it never changes: a later step corrects its mistakes. */
export type Migration = {
  /** Says what it adds; its number is its position in the list. */
  readonly name: string;
  /**
   * Applies the step. It uses no table types, because those describe the schema after the newest
   * step.
   */
  up(transaction: Transaction<unknown>, engine: Engine): Promise<void>;
};
