import type { LamboModel } from "../../valuation/lambo-models.ts";
import {
  CAR_BODIES,
  type CarBody,
  carDefinitions,
  type Parked,
  parkedCar,
  partOfCar,
  reflection,
} from "./car.ts";
import { bicycle, cat, lamp, toyCar } from "./garage-props.ts";
import { moonscape } from "./moon.ts";
import { PALETTES, type Palette, type Scene } from "./palette.ts";
import { furniture, room } from "./room.ts";
import { roadside, towTruck } from "./tow-truck.ts";

/** What stands in front of the wall. */
export type Staging = {
  readonly scene: Scene;
  readonly body: LamboModel["body"];
  readonly lambos: number;
  /** The stage in pixels: cars fit between its left and right end and stand on its foot. */
  readonly stage: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  };
  /** The words FOR SALE as outlines, 38 px high around 0, 0. */
  readonly forSale: string;
};

/** The whole background and the cars, as SVG. */
export function stagedScene(staging: Staging): string {
  const palette = PALETTES[staging.scene];
  const body = CAR_BODIES[staging.body];
  const drawing = BACKDROPS[staging.scene](staging, palette, body);
  return `<defs>${carDefinitions(drawing, body, palette.paints)}</defs>${drawing}`;
}

type Backdrop = (staging: Staging, palette: Palette, body: CarBody) => string;

const BACKDROPS: Readonly<Record<Scene, Backdrop>> = {
  part: ({ lambos, stage }, palette, body) =>
    `${room(palette)}${furniture(palette)}${partOfCar(0, body, lambos, centred(stage, body), palette)}`,
  garage: ({ lambos, stage }, palette, body) => {
    const whole = Math.floor(lambos);
    const rest = lambos - whole;
    const hasPart = rest >= SMALLEST_PART;
    const rows = parkingRows(whole + (hasPart ? 1 : 0), stage, body);
    const places = rows.flat();
    const cars = places.map((parked, index) => {
      const paintIndex = (places.length - 1 - index) % palette.paints.length;
      const paint = palette.paints[paintIndex];
      if (hasPart && index === places.length - 1)
        return partOfCar(paintIndex, body, rest, parked, palette);
      const mirrored =
        index >= places.length - (rows.at(-1)?.length ?? 0) && paint !== undefined
          ? reflection(body, paint, parked)
          : "";
      return `${mirrored}${parkedCar(paintIndex, parked)}`;
    });
    return `${room(palette)}${furniture(palette)}${cars.join("")}`;
  },
  fleet: ({ stage }, palette, body) => {
    const cars = FLEET_ROWS.flatMap((fleetRow, rowIndex) => {
      const widthPx = Math.min(fleetRow.widthPx, (fleetRow.widthPx * 250) / body.height);
      return Array.from({ length: fleetRow.count }, (_, index) => {
        const x =
          600 +
          (index - (fleetRow.count - 1) / 2) * widthPx * 1.08 -
          widthPx / 2 +
          (rowIndex % 2) * widthPx * 0.5 -
          widthPx * 0.2;
        const paintIndex = (index * 2 + rowIndex * 3) % palette.paints.length;
        return parkedCar(paintIndex, { x, y: stage.y + stage.height - fleetRow.raisedPx, widthPx });
      });
    });
    return `${room(palette)}${cars.join("")}`;
  },
  moon: (_staging, palette, body) => moonscape(palette, body),
  loss: (_staging, palette) =>
    `${room(palette, "dark")}${lamp(palette)}${bicycle(744, 566)}${toyCar(516, 570)}${cat(330, 572)}`,
  dead: ({ forSale }, palette, body) => `${roadside(palette)}${towTruck(body, forSale)}`,
};

// A hundredth of a car is less than the width of its outline.
const SMALLEST_PART = 0.01;

const FLEET_ROWS = [
  { count: 7, widthPx: 186, raisedPx: 92 },
  { count: 5, widthPx: 258, raisedPx: 66 },
  { count: 4, widthPx: 410, raisedPx: 0 },
] as const;

/**
 * How many cars stand in each row, back row first: at most three in front, so that every car is
 * large enough to look at.
 */
const ROWS: readonly (readonly number[])[] = [
  [1],
  [1],
  [2],
  [1, 2],
  [2, 2],
  [2, 3],
  [3, 3],
  [2, 2, 3],
  [3, 2, 3],
  [3, 3, 3],
  [3, 4, 3],
];

// Room above the roof for the mark that shows how much of the car the money buys.
const EDGE_MARK_PX = 28;

function centred(stage: Staging["stage"], body: CarBody): Parked {
  const widthPx = Math.min(810, ((stage.height - EDGE_MARK_PX) * 1000) / body.height);
  return { x: stage.x + (stage.width - widthPx) / 2, y: stage.y + stage.height, widthPx };
}

/**
 * Rows of parking spaces for up to ten cars, back row first; the last space is in front on the
 * right.
 */
function parkingRows(
  count: number,
  stage: Staging["stage"],
  body: CarBody,
): readonly (readonly Parked[])[] {
  if (count <= 1) return [[centred(stage, body)]];
  const rows = ROWS[Math.min(count, ROWS.length - 1)] ?? [];
  const inFront = rows.at(-1) ?? 1;
  const slot = stage.width / inFront;
  const frontPx = Math.min(
    slot * 0.97,
    ((stage.height - (rows.length - 1) * ROW_DEPTH_PX) * 960) / body.height,
  );
  return rows.map((inRow, index) => {
    const depth = rows.length - 1 - index;
    const shrunk = 0.84 ** depth;
    const middle = stage.x + stage.width / 2;
    return Array.from({ length: inRow }, (_, place) => ({
      x: middle + (place - (inRow - 1) / 2) * slot * shrunk - (frontPx * shrunk) / 2,
      y: stage.y + stage.height - depth * ROW_DEPTH_PX,
      widthPx: frontPx * shrunk,
    }));
  });
}

const ROW_DEPTH_PX = 46;
