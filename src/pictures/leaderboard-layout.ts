import {
  formatChange,
  formatDay,
  formatLambos,
  formatLambosBriefly,
  formatMoney,
  percentInWords,
} from "../messages/format.ts";
import { say } from "../messages/say.ts";
import { lambosInWords } from "../messages/wording.ts";
import type { ShownCurrency } from "../valuation/currency.ts";
import type { Car } from "../valuation/lambo-models.ts";
import { demoLine, PICTURE_HEIGHT, PICTURE_WIDTH, shownName } from "./answer-layout.ts";
import type { Faces } from "./fonts/faces.ts";
import type { Typeface } from "./fonts/typeface.ts";
import {
  type Box,
  firstFitting,
  inkBox,
  isCovered,
  SMALLEST_TEXT_PX,
  shortened,
  type TextLine,
} from "./text-fit.ts";

/** One coin of a leaderboard. */
export type LeaderboardEntry = {
  /** CoinGecko's coin id: the last resort when neither name nor symbol can be drawn. */
  readonly coinId: string;
  readonly coinName: string;
  readonly symbol: string;
  /** At the closing price; never negative. */
  readonly lambos: number;
  /**
   * How the purchase's worth changed since the previous day, as a fraction; 0 reads "=", null shows
   * nothing.
   */
  readonly change: number | null;
};

/** What a leaderboard shows. */
export type LeaderboardSubject = {
  /** Best first; the first ten are drawn. */
  readonly entries: readonly LeaderboardEntry[];
  readonly stakeUsd: number;
  readonly car: Car;
  /** The currency that the stake is shown in. */
  readonly currency: ShownCurrency;
  /** UTC day of the newest prices. */
  readonly on: string;
  /** The readers' locale for numbers and dates. */
  readonly locale: string;
  /** True when the prices are invented. */
  readonly isDemo: boolean;
};

/** One row: rank, name, a bar made of cars, the number, and what changed since yesterday. */
export type LeaderboardRow = {
  readonly rank: TextLine;
  readonly name: TextLine;
  readonly bar: Box;
  /** How many whole cars fill the bar. */
  readonly carsInBar: number;
  readonly lambos: number;
  /** How much of the bar is filled, in car lengths: from 0 to `carsInBar`. */
  readonly lengthInCars: number;
  /** Where 1, 10, 100 … Lambos end on a logarithmic bar, in car lengths; empty on a linear bar. */
  readonly ticksInCars: readonly number[];
  readonly count: TextLine;
  readonly change: TextLine | null;
  /**
   * An arrow in front of the change, pointing up or down; null when nothing changed or nothing is
   * known.
   */
  readonly arrow: { readonly box: Box; readonly direction: "up" | "down" } | null;
};

/** Where everything on a leaderboard goes, in pixels. */
export type LeaderboardLayout = {
  readonly heading: readonly TextLine[];
  readonly rows: readonly LeaderboardRow[];
  readonly demo: TextLine | null;
  /** Whether bars beyond one Lambo grow with the number's logarithm; the heading then says so. */
  readonly isLogarithmic: boolean;
  /** Every text, bar and arrow as a rectangle; no two of them touch. */
  readonly boxes: readonly Box[];
};

/** Coins that fit on one picture. */
export const MAX_LEADERBOARD_ROWS = 10;

const MARGIN = 48;
const RIGHT = PICTURE_WIDTH - MARGIN;
const ROWS_TOP = 96;
// The demo tape takes what is below.
const ROWS_BOTTOM = PICTURE_HEIGHT - 50;

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
  readonly carsInBar: number;
  /** Middle of the text line below the row's top. */
  middle(pitch: number): number;
  bar(top: number, pitch: number): Box;
};

/** Many coins: everything on one line. */
const COMPACT: RowStyle = {
  sizePx: SMALLEST_TEXT_PX,
  maxPitch: 96,
  rankRight: 88,
  nameX: 104,
  nameWidth: 264,
  countRight: 994,
  countWidth: 154,
  changeWidth: 118,
  arrowPx: 20,
  carsInBar: 5,
  middle: (pitch) => pitch / 2,
  bar(top, pitch) {
    const height = Math.min(pitch - 8, 60);
    return { x: 384, y: top + (pitch - height) / 2, width: 440, height };
  },
};

/** Half as many coins: larger letters, larger cars. */
const MEDIUM: RowStyle = {
  ...COMPACT,
  sizePx: 36,
  rankRight: 74,
  nameX: 92,
  nameWidth: 282,
  countRight: 986,
  countWidth: 150,
  changeWidth: 132,
  arrowPx: 22,
  carsInBar: 3,
};

/** Few coins: a line of text over a lane as wide as the picture. */
const TALL: RowStyle = {
  sizePx: 40,
  maxPitch: 150,
  rankRight: 76,
  nameX: 96,
  nameWidth: 560,
  countRight: 966,
  countWidth: 290,
  changeWidth: 146,
  arrowPx: 24,
  carsInBar: 5,
  middle: () => 30,
  bar: (top, pitch) => ({ x: MARGIN, y: top + 56, width: RIGHT - MARGIN, height: pitch - 66 }),
};

/** A coin or two: cars worth looking at. */
const HUGE: RowStyle = {
  sizePx: 56,
  maxPitch: 230,
  rankRight: 88,
  nameX: 112,
  nameWidth: 470,
  countRight: 894,
  countWidth: 300,
  changeWidth: 204,
  arrowPx: 34,
  carsInBar: 3,
  middle: () => 42,
  bar: (top, pitch) => ({ x: MARGIN, y: top + 82, width: RIGHT - MARGIN, height: pitch - 94 }),
};

function styleFor(coins: number): RowStyle {
  if (coins <= 2) return HUGE;
  if (coins <= 4) return TALL;
  return coins <= 7 ? MEDIUM : COMPACT;
}

/** Places everything on the leaderboard. Pure; holds for any names, numbers and locale. */
export function leaderboardLayout(subject: LeaderboardSubject, faces: Faces): LeaderboardLayout {
  const entries = subject.entries.slice(0, MAX_LEADERBOARD_ROWS);
  const style = styleFor(entries.length);
  const room = ROWS_BOTTOM - ROWS_TOP;
  const pitch = Math.min(style.maxPitch, room / Math.max(1, entries.length));
  const top = ROWS_TOP + (room - pitch * entries.length) / 2;
  const scale = barScale(entries, style);
  const { isLogarithmic } = scale;
  const rows = entries.map((entry, index) =>
    row(entry, index, {
      style,
      scale,
      top: top + pitch * index,
      pitch,
      locale: subject.locale,
      faces,
    }),
  );
  // A lone bar has nothing to be compared with.
  const heading = headingLines(subject, isLogarithmic && entries.length > 1, faces);
  const demo = subject.isDemo ? demoLine(faces) : null;
  const boxes = [
    ...heading.map((line) => inkBox([line])),
    ...rows.flatMap(({ rank, name, bar, count, change, arrow }) => [
      inkBox([rank]),
      inkBox([name]),
      bar,
      inkBox([count]),
      ...(change === null ? [] : [inkBox([change])]),
      ...(arrow === null ? [] : [arrow.box]),
    ]),
    ...(demo === null ? [] : [inkBox([demo])]),
  ];
  return { heading, rows, demo, isLogarithmic, boxes };
}

/** How long the bars of a leaderboard are. */
type BarScale = {
  readonly isLogarithmic: boolean;
  readonly ticksInCars: readonly number[];
  /** Length of the bar for a number of Lambos, in car lengths. */
  lengthInCars(lambos: number): number;
};

/**
 * Linear while the first coin's cars fit into its bar nose to tail: then cars can be counted.
 * Beyond that, as with bitcoin's thousands next to ethereum's seven, no linear bar would show both.
 * The first Lambo then still fills one car length, part by part, and the rest grows with the
 * logarithm, up to the first coin's full bar; numbers read "× 3,593", so that nobody counts cars.
 */
function barScale(entries: readonly LeaderboardEntry[], { carsInBar }: RowStyle): BarScale {
  const most = Math.min(Math.max(0, ...entries.map(({ lambos }) => lambos)), Number.MAX_VALUE);
  if (most <= carsInBar)
    return { isLogarithmic: false, ticksInCars: [], lengthInCars: (lambos) => lambos };
  const lengthInCars = (lambos: number): number =>
    lambos <= 1
      ? lambos
      : 1 + ((carsInBar - 1) * Math.log(Math.min(lambos, most))) / Math.log(most);
  const powers = Array.from(
    { length: Math.min(MAX_TICKS, 1 + Math.floor(Math.log10(most))) },
    (_, power) => 10 ** power,
  );
  return { isLogarithmic: true, ticksInCars: powers.map(lengthInCars), lengthInCars };
}

/** More powers of ten would only blacken the lane. */
const MAX_TICKS = 10;

/** The leaderboard's alt text, in one sentence. */
export function leaderboardAltText(subject: LeaderboardSubject): string {
  const { locale } = subject;
  const coins = subject.entries.slice(0, MAX_LEADERBOARD_ROWS).map((entry, index) => {
    const values = {
      rank: String(index + 1),
      coin: entry.coinName || entry.symbol || entry.coinId,
      lambos: lambosInWords(entry.lambos, locale),
    };
    return entry.change === null
      ? say("leaderboard.alt.coin", values)
      : say("leaderboard.alt.coin.change", {
          ...values,
          change: percentInWords(entry.change, locale),
        });
  });
  const sentence = say("leaderboard.alt", {
    day: formatDay(subject.on, locale),
    stake: formatMoney(subject.stakeUsd, subject.currency, locale),
    coins: coins.length === 0 ? say("leaderboard.alt.empty") : coins.join("; "),
  });
  return subject.isDemo ? `${say("demo.notice")}. ${sentence}` : sentence;
}

function headingLines(
  { stakeUsd, currency, on, locale }: LeaderboardSubject,
  saysLogScale: boolean,
  faces: Faces,
): readonly TextLine[] {
  const dayAlone =
    [formatDay(on, locale), formatDay(on, "en-US"), on].find((text) => faces.text.covers(text)) ??
    on;
  const day = saysLogScale ? `${dayAlone} · ${say("picture.log-scale")}` : dayAlone;
  const dayX = RIGHT - faces.text.widthPx(day, SMALLEST_TEXT_PX);
  const stakes = [locale, "en-US"]
    .map((code) => formatMoney(stakeUsd, currency, code))
    .filter((text) => faces.display.covers(text));
  const titles = [
    ...stakes.map((stake) => say("leaderboard.stake", { stake })),
    ...stakes.map((stake) => say("leaderboard.stake.short", { stake })),
    say("leaderboard.title"),
    say("leaderboard.title.short"),
  ];
  const text = firstFitting(titles, faces.display, HEADING_PX, dayX - MARGIN - 32);
  return [
    { text, face: faces.display, sizePx: HEADING_PX, x: MARGIN, y: 70 },
    { text: day, face: faces.text, sizePx: SMALLEST_TEXT_PX, x: dayX, y: 68 },
  ];
}

const HEADING_PX = 46;

type RowPlace = {
  readonly style: RowStyle;
  readonly scale: BarScale;
  readonly top: number;
  readonly pitch: number;
  readonly locale: string;
  readonly faces: Faces;
};

function row(
  entry: LeaderboardEntry,
  index: number,
  { style, scale, top, pitch, locale, faces }: RowPlace,
): LeaderboardRow {
  const face = faces.text;
  const { sizePx, arrowPx } = style;
  const middle = top + style.middle(pitch);
  const y = middle + sizePx * 0.36;
  const endingAt = (right: number, text: string): TextLine => ({
    text,
    face,
    sizePx,
    x: right - face.widthPx(text, sizePx),
    y,
  });
  const times = scale.isLogarithmic && entry.lambos > 1 ? "× " : "";
  const counts = [formatLambos, formatLambosBriefly].flatMap((format) =>
    [locale, "en-US"].map((code) => `${times}${format(entry.lambos, code)}`),
  );
  const count = firstFitting(
    counts.filter((text) => face.covers(text)),
    face,
    sizePx,
    style.countWidth,
  );
  const { change } = entry;
  const changeLine =
    change === null ? null : endingAt(RIGHT, changeText(change, locale, style, faces));
  return {
    rank: endingAt(style.rankRight, String(index + 1)),
    name: { text: nameThatFits(entry, style, face), face, sizePx, x: style.nameX, y },
    bar: style.bar(top, pitch),
    carsInBar: style.carsInBar,
    lambos: entry.lambos,
    lengthInCars: scale.lengthInCars(entry.lambos),
    ticksInCars: scale.ticksInCars,
    count: endingAt(style.countRight, count),
    change: changeLine,
    arrow:
      change === null || changeLine === null || change === 0
        ? null
        : {
            box: {
              x: changeLine.x - arrowPx - 6,
              y: middle - arrowPx / 2,
              width: arrowPx,
              height: arrowPx,
            },
            direction: change > 0 ? "up" : "down",
          },
  };
}

function nameThatFits(
  entry: LeaderboardEntry,
  { sizePx, nameWidth }: RowStyle,
  face: Typeface,
): string {
  const name = shownName(entry, face);
  const symbol = entry.symbol.toUpperCase();
  const isBetterShort =
    face.widthPx(name, sizePx) > nameWidth && symbol.trim() !== "" && isCovered(symbol, face);
  return shortened(isBetterShort ? symbol : name, face, sizePx, nameWidth);
}

function changeText(
  change: number,
  locale: string,
  { sizePx, changeWidth }: RowStyle,
  faces: Faces,
): string {
  if (change === 0) return "=";
  const texts = [locale, "en-US"]
    .map((code) => formatChange(change, code))
    .filter((text) => faces.text.covers(text));
  return firstFitting([...texts, ">999%"], faces.text, sizePx, changeWidth);
}
