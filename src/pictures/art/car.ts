import type { LamboModel } from "../../valuation/lambo-models.ts";
import { CAR_LENGTH, type CarBody } from "./car-body.ts";
import type { CarDetail, Paint } from "./paint.ts";
import type { Palette } from "./palette.ts";
import { REVUELTO } from "./revuelto.ts";
import { SUV } from "./suv.ts";
import { TEMERARIO } from "./temerario.ts";
import { WEDGE } from "./wedge.ts";
import { farWheel } from "./wheel.ts";

/** The drawings that a car model can name. */
export const CAR_BODIES: Readonly<Record<LamboModel["body"], CarBody>> = {
  wedge: WEDGE,
  suv: SUV,
  temerario: TEMERARIO,
  revuelto: REVUELTO,
};

/** How long a car is drawn so that it fills as much of the picture as a wedge of that length. */
export function equalWidthPx(body: CarBody, wedgeWidthPx: number): number {
  return wedgeWidthPx * Math.sqrt(WEDGE.area / body.area);
}

/** One parked car: left end and ground line in pixels, its length in pixels. */
export type Parked = { readonly x: number; readonly y: number; readonly widthPx: number };

const NEAR_FROM_PX = 300;

/** The definitions of exactly the cars that `drawing` refers to, paint by paint. */
export function carDefinitions(drawing: string, body: CarBody, paints: readonly Paint[]): string {
  return paints
    .flatMap((paint, index) =>
      (["near", "far"] as const).map((detail) => ({ id: `${detail}${index}`, detail, paint })),
    )
    .filter(({ id }) => drawing.includes(`"#${id}"`))
    .map(({ id, detail, paint }) => `<g id="${id}">${drawnOnce(body, id, paint, detail)}</g>`)
    .join("");
}

// There are only four bodies, ten paints and two levels of detail, but each is some 500 numbers to
// write out.
const drawnBefore = new WeakMap<Paint, Map<string, string>>();

function drawnOnce(body: CarBody, id: string, paint: Paint, detail: CarDetail): string {
  const drawings = drawnBefore.get(paint) ?? new Map<string, string>();
  drawnBefore.set(paint, drawings);
  const key = `${id} ${body.outline}`;
  const drawing = drawings.get(key) ?? drawn(body, id, paint, detail);
  drawings.set(key, drawing);
  return drawing;
}

function drawn(body: CarBody, id: string, paint: Paint, detail: CarDetail): string {
  const wheel = detail === "far" ? farWheel : body.wheel;
  const wheels = body.wheels.map(({ x, y, radius }) => wheel(x, y, radius, body.rim, paint.accent));
  return `${body.base(id, paint)}${detail === "far" ? "" : body.details(paint)}${wheels.join("")}`;
}

/** A reference to the car of this paint in its own coordinates. */
export function carOf(paintIndex: number, widthPx: number, transform: string): string {
  return `<use href="#${widthPx < NEAR_FROM_PX ? "far" : "near"}${paintIndex}" transform="${transform}"/>`;
}

/**
 * The shadow that makes a car stand on the floor, as flat rings: soft ones would double the size of
 * the PNG.
 */
export function shadow({ x, y, widthPx }: Parked): string {
  const ring = (share: number): string =>
    `<ellipse cx="${x + widthPx / 2}" cy="${y - 1}" rx="${widthPx * 0.53 * share}" ry="${widthPx * 0.034 * share}"/>`;
  return `<g fill="#000" fill-opacity=".3">${ring(1)}${ring(0.94)}${ring(0.86)}</g>`;
}

/** A whole car with its shadow. */
export function parkedCar(paintIndex: number, parked: Parked): string {
  return `${shadow(parked)}${carOf(paintIndex, parked.widthPx, placement(parked))}`;
}

/** A car's faint mirror image in a polished floor. */
export function reflection(body: CarBody, paint: Paint, { x, y, widthPx }: Parked): string {
  const scale = widthPx / CAR_LENGTH;
  return `<g transform="translate(${x} ${y}) scale(${scale} ${-scale})" fill-opacity=".2"><path d="${body.outline}" fill="${paint.base}"/><g fill="#000">${wheelDiscs(body)}</g></g>`;
}

/** The wheels as plain discs, in the body's own units. */
export function wheelDiscs({ wheels }: CarBody): string {
  return wheels.map(({ x, y, radius }) => `<circle cx="${x}" cy="${y}" r="${radius}"/>`).join("");
}

/**
 * How much of a car's length is filled for a part of one Lambo: the part itself, measured from tail
 * to nose, except that the least part still shows and nothing short of one looks whole.
 */
export function shownPartOf(fraction: number): number {
  if (!(fraction > 0)) return 0;
  return fraction >= 1 ? 1 : Math.min(MOST_PART, Math.max(LEAST_PART, fraction));
}

const LEAST_PART = 0.02;
const MOST_PART = 0.99;

/** A part of a car's length, from its tail; the rest is a chalk outline. */
export function partOfCar(
  paintIndex: number,
  body: CarBody,
  fraction: number,
  parked: Parked,
  { ink: chalk, wallTop }: Palette,
): string {
  const scale = parked.widthPx / CAR_LENGTH;
  const edge = CAR_LENGTH * shownPartOf(fraction);
  const line = (2.6 / scale).toFixed(1);
  const dash = `${(11 / scale).toFixed(1)} ${(7 / scale).toFixed(1)}`;
  const circles = body.wheels.map(
    ({ x, y, radius }) =>
      `<circle cx="${x}" cy="${y}" r="${radius}"/><circle cx="${x}" cy="${y}" r="${radius * 0.6}"/>`,
  );
  const bar = 3 / scale;
  const edgeMark =
    fraction > 0
      ? `<path d="M${edge - bar / 2} 0V${-body.height - 16 / scale}H${edge + bar / 2}V0Z" fill="${chalk}"/><path d="M${edge - 10 / scale} ${-body.height - 26 / scale}h${20 / scale}l${-10 / scale} ${13 / scale}Z" fill="${chalk}"/>`
      : "";
  return `${shadow(parked)}<clipPath id="part"><rect x="-20" y="-400" width="${edge + 20}" height="440"/></clipPath>
<g transform="${placement(parked)}"><g fill="none" stroke="${chalk}" stroke-width="${line}" stroke-dasharray="${dash}"><path d="${body.outline}" fill="${wallTop}" fill-opacity=".9"/>${circles.join("")}<path d="${body.lines}" stroke-width="${(1.8 / scale).toFixed(1)}" stroke-opacity=".6" stroke-dasharray="none"/></g>
<g clip-path="url(#part)">${carOf(paintIndex, parked.widthPx, "scale(1)")}</g>${edgeMark}</g>`;
}

function placement({ x, y, widthPx }: Parked): string {
  return `translate(${x} ${y}) scale(${widthPx / CAR_LENGTH})`;
}
