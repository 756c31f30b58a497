import type { Valuation } from "./valuation.ts";

/** How the best of several purchases stands against the others. */
export type Standing = {
  /** `lost-least` when every purchase lost money. */
  readonly kind: "won" | "lost-least" | "tied";
  /** How many purchases share the first place: one, unless it is a tie. */
  readonly first: number;
  /** What the best purchase came to, divided by what the second best came to: 1 or more. */
  readonly factor: number;
};

/** Purchases that come to the same within half a percent have tied; so little is no loss either. */
const SAME_WITHIN = 0.005;

/**
 * How purchases of equal stakes stand, best first. They are compared by what they came to, which is
 * more than nothing even where no Lambo was in sight.
 */
export function standingOf(valuations: readonly Pick<Valuation, "growthFactor">[]): Standing {
  const [best = 1, second = 1, ...rest] = valuations.map(({ growthFactor }) => 1 + growthFactor);
  const isSame = (multiple: number) => best / multiple - 1 < SAME_WITHIN;
  const first = 1 + [second, ...rest].filter(isSame).length;
  const kind = first > 1 ? "tied" : best < 1 - SAME_WITHIN ? "lost-least" : "won";
  return { kind, first, factor: best / second };
}
