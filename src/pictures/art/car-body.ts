import type { Paint } from "./paint.ts";

/** A kind of car as vectors, 1,000 units long, nose to the right, tyres standing on y = 0. */
export type CarBody = {
  readonly height: number;
  /** What its silhouette covers, wheels included, in square units. */
  readonly area: number;
  /** The outline without wheels: for ghosts and mirror images. */
  readonly outline: string;
  /** The edges inside the outline that make a ghost recognizable as this car. */
  readonly lines: string;
  /** The rear and the front wheel. */
  readonly wheels: readonly { readonly x: number; readonly y: number; readonly radius: number }[];
  /** Colour of the rims, CSS hex. */
  readonly rim: string;
  /** Draws a wheel that is near enough for its spokes to be seen. */
  wheel(x: number, y: number, radius: number, rim: string, caliper: string): string;
  /**
   * Everything but the wheels that shows from afar. `id` must be unique in the picture: the
   * gradients are named after it.
   */
  base(id: string, paint: Paint): string;
  /** What is only drawn when the car is near. */
  details(paint: Paint): string;
};

/** Length of every {@link CarBody} in its own units. */
export const CAR_LENGTH = 1000;

/** What no paint changes. */
export const BLACK = "#0a0b0f";
/** The windows, seen from outside. */
export const GLASS = "#10151f";
