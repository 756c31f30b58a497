import { bodyOf } from "../valuation/lambo-models.ts";
import { PICTURE_HEIGHT, PICTURE_WIDTH } from "./answer-layout.ts";
import { CAR_BODIES, CAR_LENGTH, type CarBody, carDefinitions, carOf } from "./art/car.ts";
import { bicycle } from "./art/garage-props.ts";
import { PALETTES, TAPE } from "./art/palette.ts";
import { hazardTape } from "./art/tape.ts";
import type {
  LeaderboardLayout,
  LeaderboardRow,
  LeaderboardSubject,
} from "./leaderboard-layout.ts";
import { type Box, inkBox, type TextLine } from "./text-fit.ts";

const CARS_IN_A_JAM = 12;
const SMALLEST_PART = 0.02;
const TICK_PX = 7;

const PALETTE = PALETTES.leaderboard;

/**
 * The leaderboard as SVG: shapes and outlines only, so that it looks the same wherever it is
 * rendered.
 */
export function leaderboardSvg({ car }: LeaderboardSubject, layout: LeaderboardLayout): string {
  const body = CAR_BODIES[bodyOf(car)];
  const rows = layout.rows.map((row, index) => rowSvg(row, index, body)).join("");
  const [title, day] = layout.heading;
  const heading = `${title === undefined ? "" : textSvg(title, PALETTE.accent)}${day === undefined ? "" : textSvg(day, PALETTE.soft)}`;
  const demo =
    layout.demo === null
      ? ""
      : `${hazardTape(inkBox([layout.demo]))}${textSvg(layout.demo, TAPE.ink)}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${PICTURE_WIDTH}" height="${PICTURE_HEIGHT}" viewBox="0 0 ${PICTURE_WIDTH} ${PICTURE_HEIGHT}">
<defs><linearGradient id="wall" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${PALETTE.wallTop}"/><stop offset="1" stop-color="${PALETTE.wallLow}"/></linearGradient>${carDefinitions(rows, body, PALETTE.paints)}</defs>
<rect width="${PICTURE_WIDTH}" height="${PICTURE_HEIGHT}" fill="url(#wall)"/><rect y="88" width="${PICTURE_WIDTH}" height="4" fill="${PALETTE.glow}"/>${heading}${rows}${demo}</svg>`;
}

function rowSvg(row: LeaderboardRow, index: number, body: CarBody): string {
  const ground = row.bar.y + row.bar.height - 4;
  const unit = row.bar.width / row.carsInBar;
  const ticks = row.ticksInCars
    .map((length) => `M${(row.bar.x + length * unit).toFixed(1)} ${ground - TICK_PX}V${ground + 3}`)
    .join("");
  const lane = `<path d="M${row.bar.x} ${ground}H${row.bar.x + row.bar.width}${ticks}" stroke="${PALETTE.glow}" stroke-opacity=".35" stroke-width="2"/>`;
  const change =
    row.change === null
      ? ""
      : textSvg(
          row.change,
          row.arrow === null ? PALETTE.soft : CHANGE_COLOURS[row.arrow.direction],
        );
  const arrow = row.arrow === null ? "" : arrowSvg(row.arrow.box, row.arrow.direction);
  const cars =
    row.lambos > 0
      ? carsSvg(row, Math.min(index, PALETTE.paints.length - 1), body)
      : parkedBicycle(row.bar, ground);
  return `${lane}${cars}${textSvg(row.rank, PALETTE.soft)}${textSvg(row.name, PALETTE.ink)}${textSvg(row.count, PALETTE.ink)}${arrow}${change}`;
}

/** Colours of a change, CSS hex; the arrow's shape says the same. */
export const CHANGE_COLOURS = { up: "#b9f26b", down: "#ffab97" } as const;

function carsSvg(row: LeaderboardRow, paintIndex: number, body: CarBody): string {
  const { bar, carsInBar, lambos, lengthInCars } = row;
  const ground = bar.y + bar.height - 4;
  const lengthPx = Math.min(
    bar.width / carsInBar - 4,
    ((bar.height - 6) * CAR_LENGTH) / body.height,
  );
  const scale = lengthPx / CAR_LENGTH;
  const at = (x: number): string =>
    carOf(paintIndex, lengthPx, `translate(${x.toFixed(1)} ${ground}) scale(${scale.toFixed(4)})`);
  const step = bar.width / carsInBar;
  if (lambos > 1 && row.ticksInCars.length > 0) {
    // On a logarithmic bar the cars form a traffic jam, closer together the more there are, up to
    // the bar's end.
    const count = Math.min(
      CARS_IN_A_JAM,
      Math.max(Math.ceil(lengthInCars), 1 + Math.ceil(Math.log2(lambos))),
    );
    const between = ((lengthInCars - 1) * step) / (count - 1);
    return Array.from({ length: count }, (_, car) => at(bar.x + car * between)).join("");
  }
  const whole = Math.floor(lengthInCars);
  const rest = lengthInCars - whole;
  const cars = Array.from({ length: whole }, (_, car) => at(bar.x + car * step)).join("");
  if (whole > 0 && rest < SMALLEST_PART) return cars;
  const x = bar.x + whole * step;
  const clip = `part${Math.round(bar.y)}`;
  const ghost = `<path d="${body.outline}" transform="translate(${x.toFixed(1)} ${ground}) scale(${scale.toFixed(4)})" fill="${PALETTE.ink}" fill-opacity=".08" stroke="${PALETTE.ink}" stroke-opacity=".75" stroke-width="${(1.6 / scale).toFixed(1)}" stroke-dasharray="${(6 / scale).toFixed(0)} ${(4 / scale).toFixed(0)}"/>`;
  return `${cars}${ghost}<clipPath id="${clip}"><rect x="${x - 4}" y="${bar.y - 4}" width="${4 + Math.max(lengthPx * rest, 2)}" height="${bar.height + 8}"/></clipPath><g clip-path="url(#${clip})">${at(x)}</g>`;
}

function parkedBicycle(bar: Box, ground: number): string {
  const scale = Math.min(1, bar.height / 190);
  return `<g transform="translate(${bar.x + 60 * scale} ${ground}) scale(${scale})">${bicycle(0, 0)}</g>`;
}

function arrowSvg({ x, y, width, height }: Box, direction: "up" | "down"): string {
  const [tip, foot] = direction === "up" ? [y, y + height] : [y + height, y];
  return `<path d="M${x} ${foot}H${x + width}L${x + width / 2} ${tip}Z" fill="${CHANGE_COLOURS[direction]}"/>`;
}

function textSvg(line: TextLine, fill: string): string {
  return `<path d="${line.face.outline(line.text, line.x, line.y, line.sizePx)}" fill="${fill}"/>`;
}
