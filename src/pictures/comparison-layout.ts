import { comparisonTitle } from "../messages/comparison-wording.ts";
import {
  formatDay,
  formatLambos,
  formatLambosBriefly,
  formatMoney,
  LEAST_LAMBOS,
} from "../messages/format.ts";
import { say } from "../messages/say.ts";
import { lambosInWords } from "../messages/wording.ts";
import { DAY_MS, daysBetween, earlier, later } from "../valuation/calendar.ts";
import { lambosAt } from "../valuation/valuation.ts";
import { around, demoLine, PICTURE_WIDTH, shownName, writtenDays } from "./answer-layout.ts";
import { carLabel, lambosInShort } from "./car-label.ts";
import { apart } from "./collisions.ts";
import type { ComparedSubject, ComparisonSubject } from "./comparison-subject.ts";
import { drawnLocale } from "./drawn-locale.ts";
import type { Faces } from "./fonts/faces.ts";
import { type PlacedPrice, stretchesOf } from "./price-line.ts";
import {
  type Box,
  drawable,
  firstFitting,
  fittingSizePx,
  inkBox,
  SMALLEST_TEXT_PX,
  shortened,
  type TextLine,
} from "./text-fit.ts";

/** One coin's line, and the words at its end. */
export type ComparedLine = {
  /** Unbroken stretches, left to right; a single day is a stretch of one point. */
  readonly stretches: readonly (readonly PlacedPrice[])[];
  /** The coin's shape where it was sold, and at a few places on the way. */
  readonly marks: readonly PlacedPrice[];
  /** From where the coin was sold to its words. */
  readonly leader: readonly PlacedPrice[];
  /** The same shape before the coin's name. */
  readonly nameMark: PlacedPrice;
  readonly name: TextLine;
  readonly lambos: TextLine;
  readonly isDead: boolean;
};

/** A line across the plot and how many Lambos it stands for. */
export type Tick = { readonly y: number; readonly text: TextLine | null; readonly isOne: boolean };

/** Where everything on the picture of a comparison goes, in pixels. */
export type ComparisonLayout = {
  /** The verdict, then the purchase. */
  readonly heading: readonly TextLine[];
  readonly plot: Box;
  readonly ticks: readonly Tick[];
  /** The first and the last day, and between them what kind of scale it is. */
  readonly days: readonly TextLine[];
  /** In the order of the subject's coins. */
  readonly lines: readonly ComparedLine[];
  readonly demo: TextLine | null;
  /** Every text, the shapes before names, and the plot with its marks; no two of them touch. */
  readonly boxes: readonly Box[];
};

/** Half the width of the shapes on the lines. */
export const SHAPE_PX = 10;

const LEFT = 40;
const RIGHT = PICTURE_WIDTH - 40;
const PLOT: Box = { x: 182, y: 172, width: 618, height: 344 };
const FOOT = PLOT.y + PLOT.height;
const PLOT_RIGHT = PLOT.x + PLOT.width;
/** Where the words at the ends of the lines begin, and what they have room for. */
const WORDS_X = 850;
const NAME_X = WORDS_X + 2 * SHAPE_PX + 10;
const WORDS: Box = { x: WORDS_X, y: 162, width: RIGHT - WORDS_X, height: 400 };
/** A name and a number below it, with everything that any letter may reach. */
const BLOCK_PX = 88;
const NAME_PX = 34;
const NAME_BASELINE = 38;
const LAMBOS_BASELINE = 76;
const TICK_RIGHT = PLOT.x - 14;
/** How far below the plot's top a number beside it stays. */
const LEAST_TICK_PX = 18;
/** The least distance between two numbers beside the plot. */
const TICK_PITCH_PX = 46;
const DAYS_Y = 562;
const VERDICT = { wantedPx: 60, leastPx: 36, y: 84 } as const;
const PURCHASE_Y = 142;
/** How much of the plot stays free above its highest value. */
const HEADROOM = 0.06;

/** Lays out the picture of a comparison. Pure; works for any names, numbers, spans and locale. */
export function comparisonLayout(asked: ComparisonSubject, faces: Faces): ComparisonLayout {
  const subject = { ...asked, locale: drawnLocale(asked.locale, faces) };
  const { coins, locale } = subject;
  const scale = scaleOf(subject);
  const lines = comparedLines(subject, scale, faces);
  const heading = [verdictLine(subject, faces), purchaseLine(subject, scale, faces)];
  const ticks = ticksOf(scale, locale, faces);
  const days = dayLines(scale, locale, faces);
  const isDemo = coins.some(({ valuation }) => valuation.flags.includes("demo"));
  const demo = isDemo ? demoLine(faces, locale) : null;
  const texts = [
    ...heading,
    ...ticks.flatMap(({ text }) => (text === null ? [] : [text])),
    ...days,
    ...lines.flatMap(({ name, lambos }) => [name, lambos]),
    ...(demo === null ? [] : [demo]),
  ];
  const boxes = [
    ...texts.map((line) => inkBox([line])),
    ...lines.map(({ nameMark }) => around(nameMark, SHAPE_PX)),
    { ...PLOT, y: PLOT.y - SHAPE_PX, width: PLOT.width + SHAPE_PX, height: PLOT.height + SHAPE_PX },
  ];
  return { heading, plot: PLOT, ticks, days, lines, demo, boxes };
}

/** What days and Lambos are in pixels. */
export type ComparisonScale = {
  /** The first and last UTC day of the plot. */
  readonly from: string;
  readonly to: string;
  /** Lines with this many Lambos or fewer rest on the plot's foot: a log scale has no zero. */
  readonly floorLambos: number;
  readonly topLambos: number;
  xOf(dayMs: number): number;
  yOf(lambos: number): number;
};

/** Lines may rest on the foot of the plot below this, unless all are far below one Lambo. */
const USUAL_FLOOR_LAMBOS = 0.001;
const LEAST_FLOOR_LAMBOS = 1e-6;
const MOST_LAMBOS = 1e30;

/** The scale of a comparison: one Lambo is always on it. */
export function scaleOf({ coins }: Pick<ComparisonSubject, "coins">): ComparisonScale {
  const valuations = coins.map(({ valuation }) => valuation);
  const from = valuations.map(({ opening }) => opening.from).reduce(earlier, "9999-12-31");
  const to = valuations.map(({ lastRecordedOn }) => lastRecordedOn).reduce(later, from);
  const peaks = coins.map(peakLambos);
  const best = Math.max(...valuations.map(({ lambos }) => atMost(lambos)), 0);
  const highest = Math.max(1, best, ...peaks);
  // What was worth something once decides where nothing is worth anything now.
  const shown = best > 0 ? best : Math.max(...peaks, 0);
  const floorLambos =
    shown > 0 && shown < 10 * USUAL_FLOOR_LAMBOS
      ? Math.max(LEAST_FLOOR_LAMBOS, 10 ** (Math.floor(Math.log10(shown)) - 2))
      : USUAL_FLOOR_LAMBOS;
  const topLambos = highest * (highest / floorLambos) ** HEADROOM;
  const firstMs = Date.parse(from);
  const spanMs = Math.max(1, daysBetween(from, to)) * DAY_MS;
  return {
    from,
    to,
    floorLambos,
    topLambos,
    xOf: (dayMs) => PLOT.x + PLOT.width * clamp((dayMs - firstMs) / spanMs),
    yOf: (lambos) =>
      lambos <= floorLambos || Number.isNaN(lambos)
        ? FOOT
        : FOOT -
          PLOT.height * clamp(Math.log(lambos / floorLambos) / Math.log(topLambos / floorLambos)),
  };
}

function peakLambos({ valuation }: ComparedSubject): number {
  return atMost(valuation.peak.lambos);
}

function atMost(lambos: number): number {
  return lambos > 0 ? Math.min(lambos, MOST_LAMBOS) : 0;
}

function clamp(fraction: number): number {
  return Number.isFinite(fraction) ? Math.min(1, Math.max(0, fraction)) : fraction > 0 ? 1 : 0;
}

/** Where on a line its shape is repeated, as shares of its days. */
const MARKED_AT = [0.3, 0.55, 0.8];

function comparedLines(
  { coins, locale }: ComparisonSubject,
  scale: ComparisonScale,
  faces: Faces,
): readonly ComparedLine[] {
  const sold = coins.map(({ valuation }) => ({
    x: scale.xOf(Date.parse(valuation.lastRecordedOn)),
    y: scale.yOf(valuation.lambos),
  }));
  const tops = apart(
    sold.map(({ y }) => y - BLOCK_PX / 2),
    { pitch: BLOCK_PX, from: WORDS.y, to: WORDS.y + WORDS.height - BLOCK_PX },
  );
  return coins.map((coin, index) => {
    const { valuation, points } = coin;
    const top = tops[index] ?? WORDS.y;
    const end = sold[index] ?? { x: PLOT_RIGHT, y: FOOT };
    const { opening, stakeUsd, carPriceUsd } = valuation;
    const since = points.filter(
      ({ on, priceUsd }) => on >= opening.from && on <= valuation.lastRecordedOn && priceUsd > 0,
    );
    const stretches = stretchesOf(since, scale.xOf, (priceUsd) =>
      scale.yOf(lambosAt(priceUsd, opening.meanUsd, stakeUsd, carPriceUsd)),
    );
    const places = stretches.flat();
    const marked = MARKED_AT.flatMap((share) => places[Math.floor(share * places.length)] ?? []);
    const name = shownName({ ...coin, coinId: valuation.coinId }, faces.text, locale);
    const isDead = valuation.flags.includes("no-longer-priced");
    const leaderY = top + BLOCK_PX / 2;
    return {
      stretches,
      marks: [...marked, end],
      leader: [end, { x: PLOT_RIGHT + SHAPE_PX, y: end.y }, { x: WORDS_X - 10, y: leaderY }],
      nameMark: { x: WORDS_X + SHAPE_PX, y: top + NAME_BASELINE - 12 },
      name: {
        text: shortened(name, faces.text, NAME_PX, RIGHT - NAME_X),
        face: faces.text,
        sizePx: NAME_PX,
        x: NAME_X,
        y: top + NAME_BASELINE,
      },
      lambos: {
        text: lambosText(valuation.lambos, isDead, locale, faces),
        face: faces.text,
        sizePx: SMALLEST_TEXT_PX,
        x: NAME_X,
        y: top + LAMBOS_BASELINE,
      },
      isDead,
    };
  });
}

function lambosText(
  lambos: number,
  isDead: boolean,
  locale: string,
  { text: face }: Faces,
): string {
  const texts = drawable(locale, face, (code) => {
    const forms = [lambosInWords, lambosInShort, formatLambosBriefly].map((write) =>
      write(lambos, code),
    );
    // That the coin is dead matters more than what is counted, which the other lines say too.
    return isDead
      ? forms.map((text) => say(code, "picture.compare.then", { lambos: text })).concat(forms)
      : forms;
  });
  return firstFitting(texts, face, SMALLEST_TEXT_PX, RIGHT - NAME_X);
}

function verdictLine({ coins, locale }: ComparisonSubject, faces: Faces): TextLine {
  const face = faces.display;
  const valuations = coins.map(({ valuation }) => valuation);
  const named = (nameOf: (coin: ComparedSubject) => string) => (code: string) =>
    comparisonTitle(coins.map(nameOf), valuations, code);
  const full = (coin: ComparedSubject) =>
    shownName({ ...coin, coinId: coin.valuation.coinId }, face, locale);
  const brief = (coin: ComparedSubject) =>
    shownName({ ...coin, coinName: coin.symbol.toUpperCase(), coinId: full(coin) }, face, locale);
  const short = (coin: ComparedSubject) =>
    [full(coin), brief(coin)]
      .map((name) => shortened(name, face, SMALLEST_TEXT_PX, MAX_NAME_PX))
      .reduce((one, other) => (other.length < one.length ? other : one));
  // Two coins may have one symbol, and then it says nothing.
  const areTold = new Set(coins.map(brief)).size === coins.length;
  const texts = drawable(locale, face, (code) =>
    [full, ...(areTold ? [brief] : []), short].map((nameOf) => named(nameOf)(code)),
  );
  const width = RIGHT - LEFT;
  const large = texts.find((candidate) => face.widthPx(candidate, VERDICT.leastPx) <= width);
  const text = large ?? firstFitting(texts, face, SMALLEST_TEXT_PX, width);
  const sizePx = fittingSizePx(text, face, VERDICT.wantedPx, width);
  return { text, face, sizePx, x: LEFT, y: VERDICT.y };
}

/** Two names of this width leave room for the words between them. */
const MAX_NAME_PX = 330;

function purchaseLine(
  { coins, from, car, currency, locale }: ComparisonSubject,
  scale: ComparisonScale,
  { text: face }: Faces,
): TextLine {
  const stakeUsd = coins[0]?.valuation.stakeUsd ?? 0;
  const width = RIGHT - LEFT;
  const shownCar = carLabel(car, currency, locale, face, width / 2);
  const texts = drawable(locale, face, (code) => {
    const stake = formatMoney(stakeUsd, currency, code);
    const day = formatDay(scale.from, code);
    return from === "each"
      ? [
          say(code, "picture.compare.each", { stake, car: shownCar }),
          say(code, "picture.compare.each.short", { stake }),
        ]
      : [
          say(code, "picture.compare.youngest", { stake, car: shownCar, day }),
          say(code, "picture.compare.youngest.short", { stake, day }),
        ];
  });
  const text = firstFitting(texts, face, SMALLEST_TEXT_PX, width);
  return { text, face, sizePx: fittingSizePx(text, face, 34, width), x: LEFT, y: PURCHASE_Y };
}

function ticksOf(scale: ComparisonScale, locale: string, { text: face }: Faces): readonly Tick[] {
  const { floorLambos, topLambos } = scale;
  const powers = [];
  for (let at = Math.ceil(Math.log10(topLambos)) - 1; at > Math.log10(floorLambos) + 0.5; at -= 1)
    powers.push(10 ** at);
  const [highest] = powers;
  const places: { readonly lambos: number; readonly y: number }[] = [];
  // One Lambo and the foot are always named, and of the rest what there is room for.
  for (const lambos of [1, floorLambos, ...(highest === undefined ? [] : [highest]), ...powers]) {
    const y = scale.yOf(lambos);
    if (y < PLOT.y + LEAST_TICK_PX) continue;
    if (places.every((other) => Math.abs(other.y - y) >= TICK_PITCH_PX)) places.push({ lambos, y });
  }
  return places.map(({ lambos, y }) => ({
    y,
    isOne: lambos === 1,
    text: tickText(lambos, lambos === floorLambos, y, locale, face),
  }));
}

function tickText(
  lambos: number,
  isFloor: boolean,
  y: number,
  locale: string,
  face: Faces["text"],
): TextLine | null {
  const texts = drawable(locale, face, (code) =>
    isFloor
      ? [`<${formatLambos(lambos, code)}`, `<${lambos.toExponential()}`]
      : [
          ...(lambos === 1 ? [lambosInWords(1, code)] : []),
          lambos < LEAST_LAMBOS ? formatLambos(lambos, code) : formatLambosBriefly(lambos, code),
        ],
  );
  const fitting = texts.find(
    (text) => face.widthPx(text, SMALLEST_TEXT_PX) <= TICK_RIGHT - LEFT / 2,
  );
  if (fitting === undefined) return null;
  const x = TICK_RIGHT - face.widthPx(fitting, SMALLEST_TEXT_PX);
  return { text: fitting, face, sizePx: SMALLEST_TEXT_PX, x, y: y + 11 };
}

function dayLines(
  { from, to }: ComparisonScale,
  locale: string,
  { text: face }: Faces,
): readonly TextLine[] {
  const width = (text: string): number => face.widthPx(text, SMALLEST_TEXT_PX);
  const line = (text: string, x: number): TextLine => ({
    text,
    face,
    sizePx: SMALLEST_TEXT_PX,
    x,
    y: DAYS_Y,
  });
  const [firsts, lasts] = [writtenDays(from, locale), writtenDays(to, locale)];
  const fitting = firsts.findIndex(
    (first, at) => width(first) + width(lasts[at] ?? "") + 40 <= PLOT.width,
  );
  const [first, last] = [firsts.at(fitting) ?? from, lasts.at(fitting) ?? to];
  const lastX = PLOT_RIGHT - width(last);
  const gap = lastX - PLOT.x - width(first);
  const log = say(locale, "picture.log-scale");
  return [
    line(first, PLOT.x),
    ...(face.covers(log) && width(log) + 40 <= gap
      ? [line(log, PLOT.x + width(first) + (gap - width(log)) / 2)]
      : []),
    line(last, lastX),
  ];
}
