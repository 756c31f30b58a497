import type { LamboModel } from "../../valuation/lambo-models.ts";
import { type Layer, localTile, shape, type Tile } from "../drawing.ts";
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

/** A whole car without its shadow as a tile, the same wherever it stands alike within a pixel. */
export function carTile(
  paintIndex: number,
  body: CarBody,
  { x, y, widthPx }: Parked,
  { paints }: Palette,
): Tile {
  const heightPx = (widthPx * body.height) / CAR_LENGTH;
  const reach = {
    left: MARGIN_PX,
    right: widthPx + MARGIN_PX,
    above: heightPx + MARGIN_PX,
    below: MARGIN_PX,
  };
  return localTile({ x, y }, reach, (at) => {
    const car = carOf(paintIndex, widthPx, placement({ ...at, widthPx }));
    return `<defs>${carDefinitions(car, body, paints)}</defs>${car}`;
  });
}

/** What a car's strokes may reach beyond its length and height, in pixels. */
const MARGIN_PX = 4;

/** The outline of a car in chalk, with its shadow. */
export function chalkCar(body: CarBody, parked: Parked, palette: Palette): string {
  const { ink: chalk, wallTop } = palette;
  const scale = parked.widthPx / CAR_LENGTH;
  const line = (2.6 / scale).toFixed(1);
  const dash = `${(11 / scale).toFixed(1)} ${(7 / scale).toFixed(1)}`;
  // What stands behind is dimmed, behind the wheels too.
  const glass = `fill="${wallTop}" fill-opacity=".9"`;
  const circles = body.wheels.map(
    ({ x, y, radius }) =>
      `<circle cx="${x}" cy="${y}" r="${radius}" ${glass}/><circle cx="${x}" cy="${y}" r="${radius * 0.6}"/>`,
  );
  return `${shadow(parked)}<g transform="${placement(parked)}" fill="none" stroke="${chalk}" stroke-width="${line}" stroke-dasharray="${dash}"><path d="${body.outline}" ${glass}/>${circles.join("")}<path d="${body.lines}" stroke-width="${(1.8 / scale).toFixed(1)}" stroke-opacity=".6" stroke-dasharray="none"/></g>`;
}

/** A part of a car's length, from its tail, for which its {@link chalkCar} is the rest. */
export function partOfCar(
  paintIndex: number,
  body: CarBody,
  fraction: number,
  parked: Parked,
  palette: Palette,
): readonly Layer[] {
  const chalk = palette.ink;
  const edge = parked.x + parked.widthPx * shownPartOf(fraction);
  const car: Tile = { ...carTile(paintIndex, body, parked, palette), rightEdge: edge };
  if (!(fraction > 0)) return [car];
  const roof = parked.y - (body.height * parked.widthPx) / CAR_LENGTH;
  const [left, right] = [edge - 1.5, edge + 1.5];
  return [
    car,
    shape(
      [
        [left, parked.y],
        [left, roof - 16],
        [right, roof - 16],
        [right, parked.y],
      ],
      chalk,
    ),
    shape(
      [
        [edge - 10, roof - 26],
        [edge + 10, roof - 26],
        [edge, roof - 13],
      ],
      chalk,
    ),
  ];
}

function placement({ x, y, widthPx }: Parked): string {
  return `translate(${x} ${y}) scale(${widthPx / CAR_LENGTH})`;
}
