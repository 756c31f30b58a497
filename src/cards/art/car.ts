import type { LamboModel } from "../../valuation/lambo-models.ts";
import type { Paint } from "./paint.ts";
import { SUPERCAR_HEIGHT, SUPERCAR_OUTLINE, SUPERCAR_WHEELS, supercar } from "./supercar.ts";
import { SUV_HEIGHT, SUV_OUTLINE, SUV_WHEELS, suv } from "./suv.ts";

/** A kind of car as vectors, 1,000 units long, nose to the right, tyres on y = 0. */
export type CarBody = {
  readonly height: number;
  readonly outline: string;
  readonly wheels: readonly { readonly x: number; readonly y: number; readonly radius: number }[];
  draw(id: string, paint: Paint): string;
};

/** Length of every {@link CarBody} in its own units. */
export const CAR_LENGTH = 1000;

/** Each drawing that a car model can name. */
export const CAR_BODIES: Readonly<Record<LamboModel["body"], CarBody>> = {
  supercar: { height: SUPERCAR_HEIGHT, outline: SUPERCAR_OUTLINE, wheels: SUPERCAR_WHEELS, draw: supercar },
  suv: { height: SUV_HEIGHT, outline: SUV_OUTLINE, wheels: SUV_WHEELS, draw: suv },
};

/** One parked car: left end and ground line in pixels, its length in pixels. */
export type Parked = { readonly x: number; readonly y: number; readonly widthPx: number };

/** A car drawn once as `#id`, to be placed many times. */
export function carDefinition(id: string, body: CarBody, paint: Paint): string {
  return `<g id="${id}">${body.draw(id, paint)}</g>`;
}

/** The soft dark patch that makes a car stand on the floor; needs {@link SHADOW_DEFINITION}. */
export function shadow({ x, y, widthPx }: Parked): string {
  return `<ellipse cx="${x + widthPx / 2}" cy="${y - 1}" rx="${widthPx * 0.53}" ry="${widthPx * 0.035}" fill="url(#shadow)"/>`;
}

/** The gradient of {@link shadow}. */
export const SHADOW_DEFINITION =
  '<radialGradient id="shadow"><stop offset="0" stop-color="#000" stop-opacity=".85"/><stop offset=".6" stop-color="#000" stop-opacity=".55"/><stop offset="1" stop-color="#000" stop-opacity="0"/></radialGradient>';

/** A whole car with its shadow. */
export function parkedCar(id: string, parked: Parked): string {
  return `${shadow(parked)}<use href="#${id}" transform="${placement(parked)}"/>`;
}

/** A car's faint mirror image in a polished floor. */
export function reflection(id: string, { x, y, widthPx }: Parked, opacity = 0.16): string {
  const scale = widthPx / CAR_LENGTH;
  return `<use href="#${id}" transform="translate(${x} ${y}) scale(${scale} ${-scale})" opacity="${opacity}"/>`;
}

/** The first `fraction` of a car from its tail, the rest as a chalk outline. */
export function partOfCar(id: string, body: CarBody, fraction: number, parked: Parked, chalk: string): string {
  const scale = parked.widthPx / CAR_LENGTH;
  const edge = CAR_LENGTH * Math.min(1, Math.max(0, fraction));
  const line = (2.6 / scale).toFixed(1);
  const dash = `${(11 / scale).toFixed(1)} ${(7 / scale).toFixed(1)}`;
  const circles = body.wheels.map(
    ({ x, y, radius }) => `<circle cx="${x}" cy="${y}" r="${radius}"/><circle cx="${x}" cy="${y}" r="${radius * 0.6}"/>`,
  );
  const bar = 3 / scale;
  const edgeMark =
    fraction > 0
      ? `<path d="M${edge - bar / 2} 0V${-body.height - 16 / scale}H${edge + bar / 2}V0Z" fill="${chalk}"/><path d="M${edge - 10 / scale} ${-body.height - 26 / scale}h${20 / scale}l${-10 / scale} ${13 / scale}Z" fill="${chalk}"/>`
      : "";
  return `${shadow(parked)}<clipPath id="${id}-part"><rect x="-20" y="-400" width="${edge + 20}" height="440"/></clipPath>
<g transform="${placement(parked)}"><g fill="none" stroke="${chalk}" stroke-width="${line}" stroke-dasharray="${dash}"><path d="${body.outline}" fill="${chalk}" fill-opacity=".07"/>${circles.join("")}</g>
<g clip-path="url(#${id}-part)"><use href="#${id}"/></g>${edgeMark}</g>`;
}

function placement({ x, y, widthPx }: Parked): string {
  return `translate(${x} ${y}) scale(${widthPx / CAR_LENGTH})`;
}
