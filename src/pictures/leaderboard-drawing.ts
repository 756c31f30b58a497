import { bodyOf } from "../valuation/lambo-models.ts";
import { PICTURE_HEIGHT, PICTURE_WIDTH } from "./answer-layout.ts";
import { CAR_BODIES, carDefinitions, carOf, shownPartOf } from "./art/car.ts";
import { CAR_LENGTH, type CarBody } from "./art/car-body.ts";
import { bicycle } from "./art/garage-props.ts";
import { stagedScene } from "./art/garage-scenes.ts";
import { PALETTES } from "./art/palette.ts";
import { furniture, room } from "./art/room.ts";
import type { LeaderboardLayout, LeaderboardRow } from "./leaderboard-layout.ts";
import type { LeaderboardSubject } from "./leaderboard-subject.ts";
import { demoSvg, textSvg } from "./text-drawing.ts";
import type { Box } from "./text-fit.ts";

const PALETTE = PALETTES.leaderboard;
/** The cars stand this far above the foot of their lane. */
const GROUND_PX = 4;
/** Space between two cars. */
const GAP_PX = 4;

/**
 * The leaderboard as SVG: shapes and outlines only, so that it looks the same wherever it is
 * rendered.
 */
export function leaderboardSvg(subject: LeaderboardSubject, layout: LeaderboardLayout): string {
  const body = CAR_BODIES[bodyOf(subject.car)];
  const { isSolo, heading, demo } = layout;
  const backdrop = isSolo ? soloGarage(subject, layout) : lanes(layout, body);
  const [title, model, day] = heading.map((line, index) =>
    textSvg(line, [PALETTE.accent, PALETTE.ink, PALETTE.soft][index] ?? PALETTE.soft),
  );
  const words = layout.rows.map(rowWords).join("");
  const tape = demo === null ? "" : demoSvg(demo);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${PICTURE_WIDTH}" height="${PICTURE_HEIGHT}" viewBox="0 0 ${PICTURE_WIDTH} ${PICTURE_HEIGHT}">
${backdrop}<rect y="88" width="${PICTURE_WIDTH}" height="4" fill="${PALETTE.glow}"/>${title}${model}${day}${words}${tape}</svg>`;
}

/** The garage of a lone coin, with its cars in it. */
function soloGarage({ car }: LeaderboardSubject, { rows }: LeaderboardLayout): string {
  const [row] = rows;
  const lambos = row?.lengthInCars ?? 0;
  if (row === undefined || lambos === 0)
    return `${room(PALETTE)}${furniture(PALETTE)}${bicycle(517, 574)}`;
  const scene = lambos < 1 ? "part" : lambos < 10 ? "garage" : "fleet";
  return stagedScene({ scene, body: bodyOf(car), lambos, stage: row.lane, forSale: "" }, PALETTE);
}

function lanes(layout: LeaderboardLayout, body: CarBody): string {
  const cars = layout.rows.map((row, index) => laneSvg(row, index, layout, body)).join("");
  return `<defs><linearGradient id="wall" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${PALETTE.wallTop}"/><stop offset="1" stop-color="${PALETTE.wallLow}"/></linearGradient>${carDefinitions(cars, body, PALETTE.paints)}</defs>
<rect width="${PICTURE_WIDTH}" height="${PICTURE_HEIGHT}" fill="url(#wall)"/>${cars}`;
}

function rowWords({ rank, name, count, change, arrow, caption }: LeaderboardRow): string {
  const changeColour = arrow === null ? PALETTE.soft : CHANGE_COLOURS[arrow.direction];
  return [
    rank === null ? "" : textSvg(rank, PALETTE.soft),
    textSvg(name, PALETTE.ink),
    textSvg(count, PALETTE.ink),
    arrow === null ? "" : arrowSvg(arrow.box, arrow.direction),
    change === null ? "" : textSvg(change, changeColour),
    caption === null ? "" : textSvg(caption, PALETTE.soft),
  ].join("");
}

/** Colours of a change, CSS hex; the arrow's shape says the same. */
export const CHANGE_COLOURS = { up: "#b9f26b", down: "#ffab97" } as const;

function laneSvg(
  row: LeaderboardRow,
  index: number,
  { carPx, carsInLane }: LeaderboardLayout,
  body: CarBody,
): string {
  const { lane, lengthInCars, isCut } = row;
  const ground = lane.y + lane.height - GROUND_PX;
  const road = `<path d="M${lane.x} ${ground}H${lane.x + lane.width}" stroke="${PALETTE.glow}" stroke-opacity=".35" stroke-width="2"/>`;
  if (!(row.lambos > 0)) return `${road}${parkedBicycle(lane, ground)}`;
  const paintIndex = Math.min(index, PALETTE.paints.length - 1);
  const lengthPx = carPx - GAP_PX;
  const scale = lengthPx / CAR_LENGTH;
  const placed = (x: number): string =>
    `translate(${x.toFixed(1)} ${ground}) scale(${scale.toFixed(4)})`;
  const at = (x: number): string => carOf(paintIndex, lengthPx, placed(x));
  const whole = isCut ? carsInLane : Math.floor(lengthInCars);
  const cars = Array.from({ length: whole }, (_, car) => at(lane.x + car * carPx)).join("");
  if (isCut) return `${road}${cars}${cutMark(lane, carPx, body)}`;
  const rest = lengthInCars - whole;
  if (rest <= 0) return `${road}${cars}`;
  const x = lane.x + whole * carPx;
  const clip = `part${index}`;
  const ghost = `<path d="${body.outline}" transform="${placed(x)}" fill="${PALETTE.ink}" fill-opacity=".08" stroke="${PALETTE.ink}" stroke-opacity=".75" stroke-width="${(1.6 / scale).toFixed(1)}" stroke-dasharray="${(6 / scale).toFixed(0)} ${(4 / scale).toFixed(0)}"/>`;
  return `${road}${cars}${ghost}<clipPath id="${clip}"><rect x="${x - 4}" y="${lane.y - 4}" width="${(4 + Math.max(lengthPx * shownPartOf(rest), LEAST_PART_PX)).toFixed(1)}" height="${lane.height + 8}"/></clipPath><g clip-path="url(#${clip})">${at(x)}</g>`;
}

/** So that the least part of a small car still shows on a phone. */
const LEAST_PART_PX = 5;

/** Two slanted lines across the last car, as on the axis of a chart that is cut off. */
function cutMark({ x, y, width, height }: Box, carPx: number, body: CarBody): string {
  const middle = x + width - carPx * 0.5;
  const foot = y + height - GROUND_PX + 5;
  const top = foot - Math.min(height, (carPx * body.height) / CAR_LENGTH + 12);
  const slant = (foot - top) * 0.3;
  const line = (offset: number): string =>
    `M${(middle + offset - slant / 2).toFixed(1)} ${foot}L${(middle + offset + slant / 2).toFixed(1)} ${top.toFixed(1)}`;
  return `<path d="${line(0)}" stroke="${PALETTE.wallTop}" stroke-width="15"/><path d="${line(-6)}${line(6)}" stroke="${PALETTE.ink}" stroke-width="3"/>`;
}

function parkedBicycle(lane: Box, ground: number): string {
  const scale = Math.min(1, lane.height / 190);
  return `<g transform="translate(${lane.x + 60 * scale} ${ground}) scale(${scale})">${bicycle(0, 0)}</g>`;
}

function arrowSvg({ x, y, width, height }: Box, direction: "up" | "down"): string {
  const [tip, foot] = direction === "up" ? [y, y + height] : [y + height, y];
  return `<path d="M${x} ${foot}H${x + width}L${x + width / 2} ${tip}Z" fill="${CHANGE_COLOURS[direction]}"/>`;
}
