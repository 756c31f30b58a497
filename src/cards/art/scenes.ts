import type { LamboModel } from "../../valuation/lambo-models.ts";
import { bicycle, cat, lamp, toyCar } from "./bachelor-garage.ts";
import { CAR_BODIES, type CarBody, carDefinition, type Parked, parkedCar, partOfCar, reflection, SHADOW_DEFINITION } from "./car.ts";
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
  readonly stage: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  /** The words FOR SALE as outlines in a box of 200 × 40 around 0, 0. */
  readonly forSale: string;
};

/** The whole background and the cars, as SVG. */
export function stagedScene(staging: Staging): string {
  const palette = PALETTES[staging.scene];
  const body = CAR_BODIES[staging.body];
  const cars = palette.paints.map((paint, index) => carDefinition(`car${index}`, body, paint)).join("");
  return `<defs>${SHADOW_DEFINITION}${cars}</defs>${BACKDROPS[staging.scene](staging, palette, body)}`;
}

type Backdrop = (staging: Staging, palette: Palette, body: CarBody) => string;

const BACKDROPS: Readonly<Record<Scene, Backdrop>> = {
  part: ({ lambos, stage }, palette, body) => {
    const parked = centred(stage, body);
    return `${room(palette)}${furniture(palette)}${partOfCar("car0", body, lambos, parked, "#eaf4ff")}`;
  },
  garage: ({ lambos, stage }, palette, body) => {
    const whole = Math.floor(lambos);
    const rest = lambos - whole;
    const hasPart = rest >= SMALLEST_PART;
    const places = parkingPlaces(whole + (hasPart ? 1 : 0), stage, body);
    const cars = places.map((parked, index) => {
      const id = `car${index % palette.paints.length}`;
      const isPart = hasPart && index === places.length - 1;
      return isPart ? partOfCar(id, body, rest, parked, "#fff6df") : `${reflection(id, parked)}${parkedCar(id, parked)}`;
    });
    return `${room(palette)}${furniture(palette)}${cars.join("")}`;
  },
  fleet: ({ stage }, palette, body) => {
    const cars = FLEET_ROWS.flatMap((row, rowIndex) => {
      const width = Math.min(row.widthPx, (row.widthPx * 250) / body.height);
      return Array.from({ length: row.count }, (_, index) => {
        const x = 600 + (index - (row.count - 1) / 2) * width * 1.07 - width / 2 + (rowIndex % 2) * width * 0.5 - width * 0.2;
        const id = `car${(index * 2 + rowIndex * 3) % palette.paints.length}`;
        const parked = { x, y: stage.y + stage.height - row.raisedPx, widthPx: width };
        return `${rowIndex === FLEET_ROWS.length - 1 ? reflection(id, parked) : ""}${parkedCar(id, parked)}`;
      });
    });
    return `${room(palette)}${cars.join("")}`;
  },
  moon: (_staging, palette, body) => moonscape(palette, body),
  loss: (_staging, palette) =>
    `${room({ ...palette, glow: "#6b645c" })}${lamp(palette)}${bicycle(744, 566)}${toyCar(516, 570)}${cat(330, 572)}`,
  dead: ({ forSale }, palette, body) => `${roadside(palette)}${towTruck(body, forSale)}`,
};

// A hundredth of a car is less than the width of its own outline.
const SMALLEST_PART = 0.01;

const FLEET_ROWS = [
  { count: 11, widthPx: 150, raisedPx: 92 },
  { count: 8, widthPx: 215, raisedPx: 74 },
  { count: 6, widthPx: 300, raisedPx: 44 },
  { count: 4, widthPx: 410, raisedPx: 0 },
] as const;

function centred(stage: Staging["stage"], body: CarBody): Parked {
  const widthPx = Math.min(830, (stage.height * 0.93 * 1000) / body.height);
  return { x: stage.x + (stage.width - widthPx) / 2, y: stage.y + stage.height, widthPx };
}

/** Places for up to ten cars, back row first, the last one in front on the right. */
function parkingPlaces(count: number, stage: Staging["stage"], body: CarBody): readonly Parked[] {
  if (count <= 1) return [centred(stage, body)];
  const front = count === 2 ? 2 : Math.ceil(count / 2);
  return [...row(count - front, 0.8, 80, stage, body, front), ...row(front, 1, 0, stage, body, front)];
}

function row(count: number, scale: number, raisedPx: number, stage: Staging["stage"], body: CarBody, inFront: number): readonly Parked[] {
  const slot = stage.width / Math.max(inFront, 2);
  const widthPx = Math.min(slot * 0.96, (stage.height * 800) / body.height) * scale;
  const pitch = slot * (scale === 1 ? 1 : 0.92);
  const middle = stage.x + stage.width / 2;
  return Array.from({ length: count }, (_, index) => ({
    x: middle + (index - (count - 1) / 2) * pitch - widthPx / 2,
    y: stage.y + stage.height - raisedPx,
    widthPx,
  }));
}
