import type { LamboModel } from "../../valuation/lambo-models.ts";
import { type Layer, type Tile, tile } from "../drawing.ts";
import type { Box } from "../text-fit.ts";
import { busStop } from "./bus-stop.ts";
import {
  CAR_BODIES,
  carDefinitions,
  chalkCar,
  equalWidthPx,
  type Parked,
  parkedCar,
  partOfCar,
  reflection,
} from "./car.ts";
import type { CarBody } from "./car-body.ts";
import { bicycle, cat, lamp, toyCar } from "./garage-props.ts";
import { landing } from "./landing.ts";
import { moonscape } from "./moon.ts";
import { PALETTES, type Palette, type Scene } from "./palette.ts";
import { furniture, openDoor, room } from "./room.ts";
import { roadside, towTruck } from "./tow-truck.ts";

/** What stands in front of the wall. */
export type Staging = {
  readonly scene: Scene;
  readonly body: LamboModel["body"];
  /** As it reads, see `lambosAsRead`: as many cars are drawn. */
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

/** The whole background and the cars, in the scene's own colours or in those given. */
export function stagedScene(staging: Staging, palette = PALETTES[staging.scene]): readonly Layer[] {
  const body = CAR_BODIES[staging.body];
  const { backdrop, stage = "", part = [] } = BACKDROPS[staging.scene](staging, palette, body);
  const drawing = `${backdrop}${stage}`;
  const whole = `<defs>${carDefinitions(drawing, body, palette.paints)}</defs>${drawing}`;
  return [
    tile(stage === "" ? whole : backdrop, ABOVE_STAGE, { isOpaque: true }),
    tile(whole, STAGE, { isOpaque: true }),
    ...part,
  ];
}

// Apart, because the rows with words are composed for every picture, and the others are not.
const ABOVE_STAGE = { x: 0, y: 0, width: 1200, height: 352 } as const;
const STAGE = { x: 0, y: 352, width: 1200, height: 278 } as const;

/**
 * A wall from top to foot, and in front of it one car on `foot`, filled as far as `share` says; a
 * wedge is `widthPx` wide.
 */
export function wallWithCar(
  car: {
    readonly body: LamboModel["body"];
    readonly share: number;
    readonly right: number;
    readonly foot: number;
    readonly widthPx: number;
  },
  palette: Palette,
): readonly Layer[] {
  const body = CAR_BODIES[car.body];
  const widthPx = equalWidthPx(body, car.widthPx);
  const parked = { x: car.right - widthPx, y: car.foot, widthPx };
  const isWhole = car.share >= 1;
  const drawing = isWhole ? parkedCar(0, parked) : chalkCar(body, parked, palette);
  const standing = tile(
    `<defs>${carDefinitions(drawing, body, palette.paints)}</defs>${drawing}`,
    boxOf(body, parked),
  );
  const part = isWhole ? [] : partOfCar(0, body, car.share, parked, palette);
  return [wallTile(palette), standing, ...part];
}

/** What a car with its shadow covers, in whole pixels. */
function boxOf({ height }: CarBody, { x, y, widthPx }: Parked): Box {
  const [left, top] = [
    Math.floor(x - 0.05 * widthPx),
    Math.floor(y - (widthPx * height) / 1000 - 4),
  ];
  return {
    x: left,
    y: top,
    width: Math.ceil(x + 1.05 * widthPx) - left,
    height: Math.ceil(y + 0.05 * widthPx) - top,
  };
}

/** A wall from the picture's top to its foot. */
export function wallTile({ wallTop, wallLow }: Palette, height = 630): Tile {
  const svg = `<linearGradient id="wall" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${wallTop}"/><stop offset="1" stop-color="${wallLow}"/></linearGradient><rect width="1200" height="${height}" fill="url(#wall)"/>`;
  return tile(svg, { x: 0, y: 0, width: 1200, height }, { isOpaque: true, isUniform: true });
}

/** What many pictures have alike, and the part of a car that only this one has. */
type Staged = {
  readonly backdrop: string;
  /** What stands on the stage, if nothing of it reaches above; else it is in the backdrop. */
  readonly stage?: string;
  readonly part?: readonly Layer[];
};

type Backdrop = (staging: Staging, palette: Palette, body: CarBody) => Staged;

const BACKDROPS: Readonly<Record<Scene, Backdrop>> = {
  part: ({ lambos, stage }, palette, body) => {
    const parked = centred(stage, body);
    return {
      backdrop: room(palette),
      stage: `${furniture(palette)}${chalkCar(body, parked, palette)}`,
      part: partOfCar(0, body, lambos, parked, palette),
    };
  },
  garage: ({ lambos, stage }, palette, body) => {
    const whole = Math.floor(lambos);
    const rest = lambos - whole;
    const hasPart = rest > 0;
    const rows = parkingRows(whole + (hasPart ? 1 : 0), stage, body);
    const places = rows.flat();
    const cars = places.map((parked, index) => {
      const paintIndex = (places.length - 1 - index) % palette.paints.length;
      const paint = palette.paints[paintIndex];
      if (hasPart && index === places.length - 1) return chalkCar(body, parked, palette);
      const mirrored =
        index >= places.length - (rows.at(-1)?.length ?? 0) && paint !== undefined
          ? reflection(body, paint, parked)
          : "";
      return `${mirrored}${parkedCar(paintIndex, parked)}`;
    });
    const last = places.at(-1);
    return {
      backdrop: room(palette),
      stage: `${furniture(palette)}${cars.join("")}`,
      part: hasPart && last !== undefined ? partOfCar(0, body, rest, last, palette) : [],
    };
  },
  fleet: ({ stage }, palette, body) => {
    const cars = FLEET_ROWS.flatMap(({ count, widthPx: wedgePx, raisedPx, shiftPx }, rowIndex) => {
      const widthPx = equalWidthPx(body, wedgePx);
      const step = (stage.width - widthPx - Math.abs(shiftPx)) / (count - 1);
      return Array.from({ length: count }, (_, index) => {
        const x = stage.x + Math.max(0, shiftPx) + index * step;
        const paintIndex = (index * 2 + rowIndex * 3) % palette.paints.length;
        return parkedCar(paintIndex, { x, y: stage.y + stage.height - raisedPx, widthPx });
      });
    });
    return { backdrop: room(palette), stage: `${openDoor()}${cars.join("")}` };
  },
  moon: (_staging, palette, body) => ({ backdrop: moonscape(palette, body) }),
  landing: (_staging, palette, body) => ({ backdrop: landing(palette, body) }),
  loss: (_staging, palette) => ({
    backdrop: `${room(palette, "dark")}${lamp(palette)}${bicycle(744, 566)}${toyCar(516, 570)}${cat(330, 572)}`,
  }),
  "bus-stop": (_staging, palette, body) => ({ backdrop: busStop(palette, body) }),
  dead: ({ forSale }, palette, body) => ({
    backdrop: `${roadside(palette)}${towTruck(body, forSale)}`,
  }),
};

// The farthest first. Every car is whole: the number beside them says how many more there are.
const FLEET_ROWS = [
  { count: 7, widthPx: 150, raisedPx: 98, shiftPx: 0 },
  { count: 5, widthPx: 224, raisedPx: 62, shiftPx: 50 },
  { count: 3, widthPx: 366, raisedPx: 0, shiftPx: -30 },
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

// With the mark above the roof that shows how much of it the money buys, the tallest of the bodies
// just fits the stage.
const LONE_WEDGE_PX = 712;

function centred(stage: Staging["stage"], body: CarBody): Parked {
  const widthPx = equalWidthPx(body, LONE_WEDGE_PX);
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
    equalWidthPx(body, slot),
    ((stage.height - (rows.length - 1) * ROW_DEPTH_PX) * 960) / body.height,
  );
  return rows.map((inRow, index) => {
    const depth = rows.length - 1 - index;
    const shrunk = 0.84 ** depth;
    const middle = stage.x + stage.width / 2;
    // A row of more cars than the front one stands closer, so that all of them are in the picture.
    const step = Math.min(slot, (stage.width / shrunk - frontPx) / Math.max(1, inRow - 1)) * shrunk;
    return Array.from({ length: inRow }, (_, place) => ({
      x: middle + (place - (inRow - 1) / 2) * step - (frontPx * shrunk) / 2,
      y: stage.y + stage.height - depth * ROW_DEPTH_PX,
      widthPx: frontPx * shrunk,
    }));
  });
}

const ROW_DEPTH_PX = 46;
