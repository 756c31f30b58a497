import type { Transaction } from "kysely";
import type { Engine } from "../engine.ts";

/**
 * One step of the schema. Once released it never changes: what it got wrong, a later one puts
 * right.
 */
export type Migration = {
  /** Says what it adds; its number is its place in the list. */
  readonly name: string;
  /**
   * Brings the schema one step on. Knows no table type: those describe the schema after the newest
   * step.
   */
  up(transaction: Transaction<unknown>, engine: Engine): Promise<void>;
};
