import type { SourceFailure } from "../price-source.ts";
import type { BudgetState } from "./call-budget.ts";

/** How a call to a price source ended. */
export type CallOutcome = "ok" | SourceFailure["reason"];

/** The state of one price source, from memory. */
export type SourceHealth = BudgetState & {
  readonly name: string;
  /** Outcome of the latest call; null before the first. */
  readonly lastOutcome: CallOutcome | null;
  readonly lastAskedAt: Date | null;
};

/**
 * Whether the source responded to the latest call, if only that it does not know a coin; null
 * before the first call.
 */
export function didAnswer({ lastOutcome }: Pick<SourceHealth, "lastOutcome">): boolean | null {
  return lastOutcome === null ? null : lastOutcome === "ok" || lastOutcome === "unknown-coin";
}

const OUTCOME_WORDS: Readonly<Record<CallOutcome, string>> = {
  ok: "answers",
  "unknown-coin": "answers",
  "not-allowed": "refuses our key or plan",
  "rate-limited": "asked too much",
  "credits-spent": "this month's credits are spent",
  unreachable: "unreachable",
  "bad-answer": "answers something unreadable",
  distrusted: "doubts its own prices",
};

/**
 * How the latest call to a source ended, in plain words for operators: "CoinGecko: unreachable".
 * Undefined before the first call.
 */
export function outcomeInWords({
  name,
  lastOutcome,
}: Pick<SourceHealth, "name" | "lastOutcome">): string | undefined {
  return lastOutcome === null ? undefined : `${name}: ${OUTCOME_WORDS[lastOutcome]}`;
}

/**
 * True when less than a quarter of the window's calls is left, or none: calls may soon have to
 * wait.
 */
export function isBudgetLow({ callsLeft, callsPerWindow }: BudgetState): boolean {
  return callsLeft < callsPerWindow / 4 || callsLeft === 0;
}
