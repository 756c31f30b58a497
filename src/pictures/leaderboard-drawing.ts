import { bodyOf } from "../valuation/lambo-models.ts";
import { PICTURE_HEIGHT, PICTURE_WIDTH } from "./answer-layout.ts";
import { CAR_BODIES, carTile, type Parked, shownPartOf } from "./art/car.ts";
import { CAR_LENGTH, type CarBody } from "./art/car-body.ts";
import { bicycle } from "./art/garage-props.ts";
import { stagedScene, wallTile } from "./art/garage-scenes.ts";
import { PALETTES } from "./art/palette.ts";
import { furniture, room } from "./art/room.ts";
import { demoTape } from "./art/tape.ts";
import { type Drawing, type Layer, localTile, shape, type Tile, tile, words } from "./drawing.ts";
import type { LeaderboardLayout, LeaderboardRow } from "./leaderboard-layout.ts";
import type { LeaderboardSubject } from "./leaderboard-subject.ts";
import type { Box } from "./text-fit.ts";

const PALETTE = PALETTES.leaderboard;
/** The cars stand this far above the foot of their lane. */
const GROUND_PX = 4;
/** Space between two cars. */
const GAP_PX = 4;

/** The picture of a leaderboard. */
export function leaderboardDrawing(
  subject: LeaderboardSubject,
  layout: LeaderboardLayout,
): Drawing {
  const { heading, isSolo, rows, demo } = layout;
  const body = CAR_BODIES[bodyOf(subject.car)];
  const rule = { x: 0, y: 88, width: PICTURE_WIDTH, height: 4 };
  return {
    width: PICTURE_WIDTH,
    height: PICTURE_HEIGHT,
    layers: [
      ...(isSolo
        ? soloGarage(subject, layout)
        : [
            wallTile(PALETTE),
            ...rows.flatMap((row, index) => laneLayers(row, index, layout, body)),
          ]),
      tile(`<rect y="88" width="${PICTURE_WIDTH}" height="4" fill="${PALETTE.glow}"/>`, rule, {
        isOpaque: true,
      }),
      ...heading.map((line, index) =>
        words(line, [PALETTE.accent, PALETTE.ink, PALETTE.soft][index] ?? PALETTE.soft),
      ),
      ...rows.flatMap(rowWords),
      ...(demo === null ? [] : [demoTape(demo)]),
    ],
  };
}

/** The garage of a lone coin, with its cars in it. */
function soloGarage({ car }: LeaderboardSubject, { rows }: LeaderboardLayout): readonly Layer[] {
  const [row] = rows;
  const lambos = row?.lengthInCars ?? 0;
  if (row === undefined || lambos === 0) {
    const drawing = `${room(PALETTE)}${furniture(PALETTE)}${bicycle(517, 574)}`;
    const whole = { x: 0, y: 0, width: PICTURE_WIDTH, height: PICTURE_HEIGHT };
    return [tile(drawing, whole, { isOpaque: true })];
  }
  const scene = lambos < 1 ? "part" : lambos < 10 ? "garage" : "fleet";
  return stagedScene({ scene, body: bodyOf(car), lambos, stage: row.lane, forSale: "" }, PALETTE);
}

function rowWords({ rank, name, count, change, arrow, caption }: LeaderboardRow): readonly Layer[] {
  const changeColour = arrow === null ? PALETTE.soft : CHANGE_COLOURS[arrow.direction];
  return [
    ...(rank === null ? [] : [words(rank, PALETTE.soft)]),
    words(name, PALETTE.ink),
    words(count, PALETTE.ink),
    ...(arrow === null ? [] : [arrowShape(arrow.box, arrow.direction)]),
    ...(change === null ? [] : [words(change, changeColour)]),
    ...(caption === null ? [] : [words(caption, PALETTE.soft)]),
  ];
}

/** Colours of a change, CSS hex; the arrow's shape says the same. */
export const CHANGE_COLOURS = { up: "#b9f26b", down: "#ffab97" } as const;

function laneLayers(
  row: LeaderboardRow,
  index: number,
  { carPx, carsInLane }: LeaderboardLayout,
  body: CarBody,
): readonly Layer[] {
  const { lane, lengthInCars, isCut } = row;
  const ground = lane.y + lane.height - GROUND_PX;
  const road = roadTile(lane, ground);
  if (!(row.lambos > 0)) return [road, parkedBicycle(lane, ground)];
  const paintIndex = Math.min(index, PALETTE.paints.length - 1);
  const widthPx = carPx - GAP_PX;
  const parked = (car: number): Parked => ({
    x: Math.round(10 * (lane.x + car * carPx)) / 10,
    y: ground,
    widthPx,
  });
  const carAt = (place: number): Tile => carTile(paintIndex, body, parked(place), PALETTE);
  const whole = isCut ? carsInLane : Math.floor(lengthInCars);
  const cars = Array.from({ length: whole }, (_, car) => carAt(car));
  if (isCut) return [road, ...cars, cutMark(lane, carPx, body)];
  const rest = lengthInCars - whole;
  if (rest <= 0) return [road, ...cars];
  const rightEdge = lane.x + whole * carPx + Math.max(widthPx * shownPartOf(rest), LEAST_PART_PX);
  return [road, ...cars, ghostTile(body, parked(whole)), { ...carAt(whole), rightEdge }];
}

/** So that the least part of a small car still shows on a phone. */
const LEAST_PART_PX = 5;

/** The line on which the cars of a lane stand. */
function roadTile({ x, width }: Box, ground: number): Tile {
  return localTile({ x, y: ground }, { left: 0, right: width, above: 2, below: 2 }, (at) => {
    return `<path d="M${at.x} ${at.y}H${at.x + width}" stroke="${PALETTE.glow}" stroke-opacity=".35" stroke-width="2"/>`;
  });
}

/** The car of which a lane has only a part, as a dashed outline. */
function ghostTile(body: CarBody, { x, y, widthPx }: Parked): Tile {
  const scale = widthPx / CAR_LENGTH;
  const reach = { left: 2, right: widthPx + 2, above: body.height * scale + 2, below: 2 };
  return localTile({ x, y }, reach, (at) => {
    return `<path d="${body.outline}" transform="translate(${at.x} ${at.y}) scale(${scale.toFixed(4)})" fill="${PALETTE.ink}" fill-opacity=".08" stroke="${PALETTE.ink}" stroke-opacity=".75" stroke-width="${(1.6 / scale).toFixed(1)}" stroke-dasharray="${(6 / scale).toFixed(0)} ${(4 / scale).toFixed(0)}"/>`;
  });
}

/** Two slanted lines across the last car, as on the axis of a chart that is cut off. */
function cutMark({ x, y, width, height }: Box, carPx: number, body: CarBody): Tile {
  const foot = 5;
  const top = foot - Math.min(height, (carPx * body.height) / CAR_LENGTH + 12);
  const slant = (foot - top) * 0.3;
  const place = { x: x + width - carPx * 0.5, y: y + height - GROUND_PX };
  const reach = { left: slant + 16, right: slant + 16, above: 8 - top, below: foot + 8 };
  return localTile(place, reach, (at) => {
    const line = (offset: number): string =>
      `M${(at.x + offset - slant / 2).toFixed(1)} ${at.y + foot}L${(at.x + offset + slant / 2).toFixed(1)} ${(at.y + top).toFixed(1)}`;
    return `<path d="${line(0)}" stroke="${PALETTE.wallTop}" stroke-width="15"/><path d="${line(-6)}${line(6)}" stroke="${PALETTE.ink}" stroke-width="3"/>`;
  });
}

function parkedBicycle(lane: Box, ground: number): Tile {
  const scale = Math.min(1, lane.height / 190);
  const reach = { left: 80 * scale, right: 250 * scale, above: 180 * scale, below: 12 * scale };
  return localTile({ x: lane.x + 60 * scale, y: ground }, reach, (at) => {
    return `<g transform="translate(${at.x} ${at.y}) scale(${scale})">${bicycle(0, 0)}</g>`;
  });
}

function arrowShape({ x, y, width, height }: Box, direction: "up" | "down"): Layer {
  const [tip, foot] = direction === "up" ? [y, y + height] : [y + height, y];
  return shape(
    [
      [x, foot],
      [x + width, foot],
      [x + width / 2, tip],
    ],
    CHANGE_COLOURS[direction],
  );
}
