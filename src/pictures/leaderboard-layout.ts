import { type Change, changeFigure, directionOf } from "../messages/change.ts";
import {
  formatDayOfWeek,
  formatDayOfYear,
  formatDayOfYearInDigits,
  formatLambos,
  formatLambosBriefly,
  formatMoney,
  formatMoneyBriefly,
} from "../messages/format.ts";
import { say } from "../messages/say.ts";
import { lambosInWords } from "../messages/wording.ts";
import { fromUsd, type ShownCurrency } from "../valuation/currency.ts";
import { bodyOf } from "../valuation/lambo-models.ts";
import {
  demoLine,
  PICTURE_HEIGHT,
  PICTURE_WIDTH,
  shownName,
  writtenDays,
} from "./answer-layout.ts";
import { CAR_BODIES } from "./art/car.ts";
import { CAR_LENGTH } from "./art/car-body.ts";
import { carLabel, lambosAsRead, lambosInShort } from "./car-label.ts";
import { drawnLocale } from "./drawn-locale.ts";
import type { Faces } from "./fonts/faces.ts";
import type { Typeface } from "./fonts/typeface.ts";
import {
  type LeaderboardEntry,
  type LeaderboardSubject,
  MAX_LEADERBOARD_ROWS,
} from "./leaderboard-subject.ts";
import {
  type Box,
  drawable,
  firstFitting,
  fittingSizePx,
  inkBox,
  isCovered,
  SMALLEST_TEXT_PX,
  shortened,
  type TextLine,
} from "./text-fit.ts";

/** One row: rank, name, a lane of cars, the number, and what changed. */
export type LeaderboardRow = {
  /** Null for a lone coin. */
  readonly rank: TextLine | null;
  readonly name: TextLine;
  readonly lane: Box;
  readonly lambos: number;
  /**
   * How much of the lane is filled, in car lengths: as many as there are Lambos, or the whole lane
   * where they do not fit.
   */
  readonly lengthInCars: number;
  /** Whether there are more Lambos than the lane holds; the number then reads "× 2,245". */
  readonly isCut: boolean;
  readonly count: TextLine;
  readonly change: TextLine | null;
  /**
   * An arrow in front of the change, pointing up or down; null when nothing changed or nothing is
   * known.
   */
  readonly arrow: { readonly box: Box; readonly direction: "up" | "down" } | null;
  /** What the change refers to, where there is room to say so. */
  readonly caption: TextLine | null;
};

/** Where everything on a leaderboard goes, in pixels. */
export type LeaderboardLayout = {
  /** The title, then the car and the day. */
  readonly heading: readonly TextLine[];
  readonly rows: readonly LeaderboardRow[];
  readonly demo: TextLine | null;
  /** The length of one car and of the space that it takes, the same in all rows. */
  readonly carPx: number;
  /** How many cars fill a lane. */
  readonly carsInLane: number;
  /** Whether a lone coin has the whole picture: its lane then is a garage. */
  readonly isSolo: boolean;
  /** Every text, lane and arrow as a rectangle; no two of them touch. */
  readonly boxes: readonly Box[];
};

const MARGIN = 48;
const RIGHT = PICTURE_WIDTH - MARGIN;
const ROWS_TOP = 96;
// The demo tape takes what is below.
const ROWS_BOTTOM = PICTURE_HEIGHT - 50;
/** Room above the cars of a lane. */
const HEADROOM_PX = 6;
/** A bicycle is taller than a small car. */
const LEAST_LANE_PX = 38;

/** How a row is set: where its columns lie and how large its text is, in pixels. */
type RowStyle = {
  readonly sizePx: number;
  readonly maxPitch: number;
  readonly rankRight: number;
  readonly nameX: number;
  readonly nameWidth: number;
  readonly countRight: number;
  readonly countWidth: number;
  readonly changeWidth: number;
  readonly arrowPx: number;
  /** The most cars that a lane is divided into: with more they would be too small to make out. */
  readonly mostCars: number;
  /** Whether the lane stands beside the words, and not below them. */
  readonly isInline: boolean;
  /** Middle of the text line below the row's top. */
  middle(pitch: number): number;
  lane(top: number, pitch: number): Box;
};

/** Many coins: everything on one line. */
const COMPACT: RowStyle = {
  sizePx: SMALLEST_TEXT_PX,
  maxPitch: 96,
  rankRight: 88,
  nameX: 104,
  nameWidth: 254,
  countRight: 936,
  countWidth: 150,
  changeWidth: 174,
  arrowPx: 20,
  mostCars: 5,
  isInline: true,
  middle: (pitch) => pitch / 2,
  lane(top, pitch) {
    const height = Math.min(pitch - 8, 60);
    return { x: 374, y: top + (pitch - height) / 2, width: 398, height };
  },
};

/** Half as many coins: larger letters, larger cars. */
const MEDIUM: RowStyle = {
  ...COMPACT,
  sizePx: 34,
  rankRight: 74,
  nameX: 92,
  nameWidth: 268,
  countRight: 928,
  changeWidth: 182,
  arrowPx: 21,
};

/** Few coins: a line of text over a lane as wide as the picture. */
const TALL: RowStyle = {
  sizePx: 40,
  maxPitch: 150,
  rankRight: 76,
  nameX: 96,
  nameWidth: 540,
  countRight: 936,
  countWidth: 270,
  changeWidth: 168,
  arrowPx: 24,
  mostCars: 8,
  isInline: false,
  middle: () => 30,
  lane: (top, pitch) => ({ x: MARGIN, y: top + 56, width: RIGHT - MARGIN, height: pitch - 66 }),
};

/** Two coins: cars worth looking at. */
const HUGE: RowStyle = {
  sizePx: 56,
  maxPitch: 240,
  rankRight: 88,
  nameX: 112,
  nameWidth: 440,
  countRight: 866,
  countWidth: 300,
  changeWidth: 222,
  arrowPx: 34,
  mostCars: 5,
  isInline: false,
  middle: () => 42,
  lane: (top, pitch) => ({ x: MARGIN, y: top + 82, width: RIGHT - MARGIN, height: pitch - 94 }),
};

function styleFor(coins: number): RowStyle {
  if (coins <= 2) return HUGE;
  if (coins <= 4) return TALL;
  return coins <= 7 ? MEDIUM : COMPACT;
}

/** Places everything on the leaderboard. Pure; holds for any names, numbers and locale. */
export function leaderboardLayout(asked: LeaderboardSubject, faces: Faces): LeaderboardLayout {
  const subject = { ...asked, locale: drawnLocale(asked.locale, faces) };
  const entries = subject.entries.slice(0, MAX_LEADERBOARD_ROWS);
  const [lone] = entries;
  const placed =
    entries.length === 1 && lone !== undefined
      ? soloRow(lone, subject, faces)
      : manyRows(entries, subject, faces);
  const heading = headingLines(subject, faces);
  const demo = subject.isDemo ? demoLine(faces, subject.locale) : null;
  const boxes = [
    ...heading.map((line) => inkBox([line])),
    ...placed.rows.flatMap(({ rank, name, lane, count, change, arrow, caption }) => [
      lane,
      ...[rank, name, count, change, caption].flatMap((line) =>
        line === null ? [] : [inkBox([line])],
      ),
      ...(arrow === null ? [] : [arrow.box]),
    ]),
    ...(demo === null ? [] : [inkBox([demo])]),
  ];
  return { heading, demo, boxes, ...placed };
}

type PlacedRows = Pick<LeaderboardLayout, "rows" | "carPx" | "carsInLane" | "isSolo">;

function manyRows(
  entries: readonly LeaderboardEntry[],
  subject: LeaderboardSubject,
  faces: Faces,
): PlacedRows {
  const style = styleFor(entries.length);
  const room = ROWS_BOTTOM - ROWS_TOP;
  const pitch = Math.min(style.maxPitch, room / Math.max(1, entries.length));
  const top = ROWS_TOP + (room - pitch * entries.length) / 2;
  const scale = laneScale(entries, style.lane(0, pitch), style.mostCars, subject);
  const changeRoom = { widthPx: style.changeWidth, sizePx: style.sizePx };
  const writing = changeWriting(entries, subject, faces.text, changeRoom);
  const rows = entries.map((entry, index) =>
    row(entry, index, {
      style,
      ...scale,
      top: top + pitch * index,
      pitch,
      writing,
      subject,
      faces,
    }),
  );
  return { rows, ...scale, isSolo: false };
}

/**
 * The scale of the lanes: one for all of them, and linear, so that lengths compare. As few cars
 * fill a lane as the numbers need, and no more than `mostCars`: bitcoin's thousands next to
 * ethereum's seven fit no lane, and are cut off and named instead.
 */
function laneScale(
  entries: readonly LeaderboardEntry[],
  lane: Box,
  mostCars: number,
  { car }: LeaderboardSubject,
): { readonly carPx: number; readonly carsInLane: number } {
  const highestPx = ((lane.height - HEADROOM_PX) * CAR_LENGTH) / CAR_BODIES[bodyOf(car)].height;
  const counts = entries.map(({ lambos }) => lambosAsRead(lambos));
  const longest = Math.max(1, ...counts.filter((count) => count <= mostCars));
  const least = counts.some((count) => count > mostCars) ? LEAST_CARS_IN_CUT_LANE : 1;
  const carsInLane = Math.max(
    Math.ceil(longest),
    least,
    Math.min(mostCars, Math.floor(lane.width / highestPx)),
  );
  return { carPx: Math.min(lane.width / carsInLane, highestPx), carsInLane };
}

/** So that a lane which is cut off looks like many cars. */
const LEAST_CARS_IN_CUT_LANE = 3;

function headingLines(
  { stakeUsd, currency, car, on, locale }: LeaderboardSubject,
  faces: Faces,
): readonly TextLine[] {
  const face = faces.text;
  const day = firstFitting(writtenDays(on, locale), face, SMALLEST_TEXT_PX, HEADING_RIGHT_PX);
  const model = carLabel(car, currency, locale, face, HEADING_RIGHT_PX);
  const sizePx = SMALLEST_TEXT_PX;
  const right = [
    lineEndingAt(RIGHT, model, { face, sizePx, y: 38 }),
    lineEndingAt(RIGHT, day, { face, sizePx, y: 76 }),
  ];
  const room = Math.min(...right.map(({ x }) => x)) - MARGIN - 32;
  const titles = drawable(locale, faces.display, (code) => {
    const stake = formatMoney(stakeUsd, currency, code);
    return [
      say(code, "leaderboard.stake", { stake }),
      say(code, "leaderboard.stake.short", { stake }),
      say(code, "leaderboard.title"),
      say(code, "leaderboard.title.short"),
    ];
  });
  const text = firstFitting(titles, faces.display, HEADING_PX, room);
  return [{ text, face: faces.display, sizePx: HEADING_PX, x: MARGIN, y: 66 }, ...right];
}

const HEADING_PX = 46;
const HEADING_RIGHT_PX = 420;

/** A line of text that ends `right` pixels from the picture's left edge. */
function lineEndingAt(
  right: number,
  text: string,
  type: Pick<TextLine, "face" | "sizePx" | "y">,
): TextLine {
  return { ...type, text, x: right - type.face.widthPx(text, type.sizePx) };
}

type RowPlace = {
  readonly style: RowStyle;
  readonly carsInLane: number;
  readonly carPx: number;
  readonly top: number;
  readonly pitch: number;
  readonly writing: ChangeWriting;
  readonly subject: LeaderboardSubject;
  readonly faces: Faces;
};

function row(
  entry: LeaderboardEntry,
  index: number,
  { style, carsInLane, carPx, top, pitch, writing, subject, faces }: RowPlace,
): LeaderboardRow {
  const { locale } = subject;
  const face = faces.text;
  const { sizePx, arrowPx } = style;
  const middle = top + style.middle(pitch);
  const y = middle + sizePx * 0.36;
  const endingAt = (right: number, text: string): TextLine =>
    lineEndingAt(right, text, { face, sizePx, y });
  const lambos = lambosAsRead(entry.lambos);
  const isCut = lambos > carsInLane;
  const counts = drawable(locale, face, (code) =>
    [formatLambos, formatLambosBriefly].map(
      (format) => `${isCut ? "× " : ""}${format(entry.lambos, code)}`,
    ),
  );
  const count = firstFitting(counts, face, sizePx, style.countWidth);
  const changes = entry.change && changeTexts(entry.change, subject, face, writing);
  const change = changes && endingAt(RIGHT, firstFitting(changes, face, sizePx, style.changeWidth));
  const lane = style.lane(top, pitch);
  const carHeight = (carPx * CAR_BODIES[bodyOf(subject.car)].height) / CAR_LENGTH;
  const laneHeight = style.isInline
    ? Math.min(lane.height, Math.max(LEAST_LANE_PX, carHeight + 2 * HEADROOM_PX))
    : lane.height;
  return {
    rank: endingAt(style.rankRight, String(index + 1)),
    name: { text: nameThatFits(entry, style, face, locale), face, sizePx, x: style.nameX, y },
    // Small cars beside the words stand on their line, not at the foot of the row.
    lane: {
      x: lane.x,
      y: lane.y + (lane.height - laneHeight) / 2,
      width: carsInLane * carPx,
      height: laneHeight,
    },
    lambos: entry.lambos,
    lengthInCars: isCut ? carsInLane : lambos,
    isCut,
    count: endingAt(style.countRight, count),
    change,
    arrow: arrowBefore(change, entry, arrowPx, middle),
    caption: null,
  };
}

/** Room for a change, and the size that it is written in at least. */
type ChangeRoom = { readonly widthPx: number; readonly sizePx: number };

/**
 * How the changes of a picture are written: money with the bare sign, on all rows, where one of
 * them has no room otherwise.
 */
function changeWriting(
  entries: readonly LeaderboardEntry[],
  subject: LeaderboardSubject,
  face: Typeface,
  { widthPx, sizePx }: ChangeRoom,
): ChangeWriting {
  const hasRoom = (texts: readonly string[]): boolean =>
    texts.some((text) => face.widthPx(text, sizePx) <= widthPx);
  return {
    isNarrow: !entries.every(
      ({ change }) =>
        change === null || hasRoom(changeTexts(change, subject, face, { isNarrow: false })),
    ),
  };
}

type ChangeWriting = { readonly isNarrow: boolean };

/** The figure of a change, from the most to the least telling. */
function changeTexts(
  change: Change,
  { currency, locale }: LeaderboardSubject,
  face: Typeface,
  writing: ChangeWriting,
): readonly string[] {
  return drawable(locale, face, (code) => {
    const figure = changeFigure(change, currency, code);
    switch (change.unit) {
      case "none":
        return [figure];
      case "lambos":
        return [figure, formatLambosBriefly(Math.abs(change.lambos), code)];
      case "money":
        return moneyTexts(Math.abs(change.usd), currency, code, writing);
    }
  });
}

/** An amount in full, without cents, and with three digits; never rounded to nothing. */
function moneyTexts(
  usd: number,
  currency: ShownCurrency,
  locale: string,
  writing: ChangeWriting,
): readonly string[] {
  const whole = Math.round(fromUsd(usd, currency)) / currency.perUsd;
  const amounts = whole === 0 ? [usd] : [usd, whole];
  const briefly = amounts.map((amount) => formatMoneyBriefly(amount, currency, locale, writing));
  return writing.isNarrow
    ? briefly
    : [...amounts.map((amount) => formatMoney(amount, currency, locale)), ...briefly];
}

function arrowBefore(
  change: TextLine | null,
  entry: LeaderboardEntry,
  arrowPx: number,
  middle: number,
): LeaderboardRow["arrow"] {
  const direction = entry.change === null ? undefined : directionOf(entry.change);
  if (change === null || direction === undefined) return null;
  return {
    box: {
      x: change.x - arrowPx * 1.3,
      y: middle - arrowPx / 2,
      width: arrowPx,
      height: arrowPx,
    },
    direction,
  };
}

function nameThatFits(
  entry: LeaderboardEntry,
  { sizePx, nameWidth }: Pick<RowStyle, "sizePx" | "nameWidth">,
  face: Typeface,
  locale: string,
): string {
  const name = shownName(entry, face, locale);
  const symbol = entry.symbol.toUpperCase();
  const isBetterShort =
    face.widthPx(name, sizePx) > nameWidth && symbol.trim() !== "" && isCovered(symbol, face);
  return shortened(isBetterShort ? symbol : name, face, sizePx, nameWidth);
}

/** Since when a lone coin's change is, as exactly as there is room for. */
function sinceText(
  { previousOn, locale }: LeaderboardSubject,
  face: Typeface,
  widthPx: number,
): string {
  if (previousOn === null)
    return shortened(say(locale, "picture.since-yesterday"), face, SMALLEST_TEXT_PX, widthPx);
  const days = [
    formatDayOfWeek(previousOn, locale),
    formatDayOfYear(previousOn, locale),
    formatDayOfYearInDigits(previousOn, locale),
  ];
  const texts = days.map((day) => say(locale, "picture.since", { day }));
  return firstFitting(texts, face, SMALLEST_TEXT_PX, widthPx);
}

/** The lone coin's columns: name and number at the left, the change at the right. */
const SOLO = {
  left: { width: 690, nameY: 166, namePx: 60, countY: 296, countPx: 108 },
  right: { width: 330, changeY: 252, changePx: 72, captionY: 304, arrowPx: 44 },
  garage: { x: MARGIN, y: 352, width: RIGHT - MARGIN, height: 222 },
} as const;

/** One coin has the whole picture: large words over a garage with its cars. */
function soloRow(entry: LeaderboardEntry, subject: LeaderboardSubject, faces: Faces): PlacedRows {
  const { locale } = subject;
  const face = faces.text;
  const { left, right, garage } = SOLO;
  const name = shownName(entry, face, locale);
  const namePx = fittingSizePx(name, face, left.namePx, left.width);
  const counts = drawable(locale, face, (code) => [
    lambosInWords(entry.lambos, code),
    lambosInShort(entry.lambos, code),
  ]);
  const count = firstFitting(counts, face, SMALLEST_TEXT_PX, left.width);
  const endingAt = (text: string, sizePx: number, y: number): TextLine =>
    lineEndingAt(RIGHT, text, { face, sizePx, y });
  const room = { widthPx: right.width, sizePx: SMALLEST_TEXT_PX };
  const writing = changeWriting([entry], subject, face, room);
  const changes = entry.change && changeTexts(entry.change, subject, face, writing);
  const changeText = changes && firstFitting(changes, face, SMALLEST_TEXT_PX, right.width);
  const changePx = fittingSizePx(changeText ?? "", face, right.changePx, right.width);
  const change = changeText === null ? null : endingAt(changeText, changePx, right.changeY);
  return {
    rows: [
      {
        rank: null,
        name: {
          text: shortened(name, face, namePx, left.width),
          face,
          sizePx: namePx,
          x: MARGIN,
          y: left.nameY,
        },
        lane: garage,
        lambos: entry.lambos,
        lengthInCars: lambosAsRead(entry.lambos),
        isCut: false,
        count: {
          text: count,
          face,
          sizePx: fittingSizePx(count, face, left.countPx, left.width),
          x: MARGIN,
          y: left.countY,
        },
        change,
        arrow: arrowBefore(change, entry, right.arrowPx, right.changeY - changePx * 0.36),
        caption:
          change === null
            ? null
            : endingAt(sinceText(subject, face, right.width), SMALLEST_TEXT_PX, right.captionY),
      },
    ],
    carPx: garage.width,
    carsInLane: 1,
    isSolo: true,
  };
}
