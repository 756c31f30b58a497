/** Colours of one car, CSS hex. */
export type Paint = {
  /** Surfaces that face the light. */
  readonly light: string;
  readonly base: string;
  /** Surfaces that face the floor. */
  readonly deep: string;
  /** Brake calipers and thin lines. */
  readonly accent: string;
};

/**
 * The level of detail: far cars lose what would be smaller than a pixel, which makes a fleet quick
 * to draw.
 */
export type CarDetail = "near" | "far";
