import { DEMO_NOTICE } from "../prices/demo-market.ts";
import type { ShownCurrency } from "../valuation/currency.ts";
import type { Car } from "../valuation/lambo-models.ts";
import type { Faces } from "./fonts/faces.ts";
import { formatDay, formatLambos, formatMoney, formatPercent } from "./format.ts";
import { PICTURE_HEIGHT, PICTURE_WIDTH, shownName } from "./picture-layout.ts";
import { type Box, firstFitting, inkBox, SMALLEST_TEXT_PX, shortened, type TextLine } from "./text-fit.ts";
import { lambosInWords } from "./wording.ts";

/** One coin of a leaderboard. */
export type LeaderboardEntry = {
  /** CoinGecko's coin id: the last resort when neither name nor symbol can be drawn. */
  readonly coinId: string;
  readonly coinName: string;
  readonly symbol: string;
  /** At the closing price; never negative. */
  readonly lambos: number;
  /** The same a day before; null when it is not known. */
  readonly lambosYesterday: number | null;
};

/** What a leaderboard shows. */
export type LeaderboardSubject = {
  /** Best first; the first ten are drawn. */
  readonly entries: readonly LeaderboardEntry[];
  readonly stakeUsd: number;
  readonly car: Car;
  /** What the stake is shown in. */
  readonly currency: ShownCurrency;
  /** UTC day of the newest prices. */
  readonly on: string;
  /** The readers' locale for numbers and dates. */
  readonly locale: string;
  /** True when the prices are invented. */
  readonly isDemo: boolean;
};

/** One row: rank and name, a bar made of cars, the number, and what changed since yesterday. */
export type LeaderboardRow = {
  readonly name: TextLine;
  readonly bar: Box;
  readonly lambos: number;
  readonly count: TextLine;
  readonly change: TextLine | null;
  /** An arrow in front of the change, pointing up or down; null when nothing changed or nothing is known. */
  readonly arrow: { readonly box: Box; readonly direction: "up" | "down" } | null;
};

/** Where everything on a leaderboard goes, in pixels. */
export type LeaderboardLayout = {
  readonly heading: readonly TextLine[];
  readonly rows: readonly LeaderboardRow[];
  readonly demo: TextLine | null;
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
const MAX_ROW_PX = 96;
const NAME_WIDTH = 316;
const BAR = { x: 384, width: 440 };
const COUNT_RIGHT = 994;
const COUNT_WIDTH = 156;
const ARROW_PX = 20;
const CHANGE_WIDTH = 116;
// Below a thousandth the rounded figure would read 0 %.
const SMALLEST_CHANGE = 0.0005;

/** Places everything on the leaderboard. Pure; holds for any names, numbers and locale. */
export function leaderboardLayout(subject: LeaderboardSubject, faces: Faces): LeaderboardLayout {
  const entries = subject.entries.slice(0, MAX_LEADERBOARD_ROWS);
  const pitch = Math.min(MAX_ROW_PX, (ROWS_BOTTOM - ROWS_TOP) / Math.max(1, entries.length));
  const rows = entries.map((entry, index) => row(entry, index, ROWS_TOP + pitch * index, pitch, subject.locale, faces));
  const heading = headingLines(subject, faces);
  const demo = subject.isDemo ? demoLine(faces) : null;
  const boxes = [
    ...heading.map((line) => inkBox([line])),
    ...rows.flatMap(({ name, bar, count, change, arrow }) => [
      inkBox([name]),
      bar,
      inkBox([count]),
      ...(change === null ? [] : [inkBox([change])]),
      ...(arrow === null ? [] : [arrow.box]),
    ]),
    ...(demo === null ? [] : [inkBox([demo])]),
  ];
  return { heading, rows, demo, boxes };
}

/** What the leaderboard says, in one sentence, for those who do not see it. */
export function leaderboardAltText(subject: LeaderboardSubject): string {
  const { locale } = subject;
  const demo = subject.isDemo ? `${DEMO_NOTICE}. ` : "";
  const coins = subject.entries.slice(0, MAX_LEADERBOARD_ROWS).map((entry, index) => {
    const change = changeOf(entry);
    const words = change === null ? "" : ` (${change < 0 ? "down" : "up"} ${formatPercent(Math.abs(change), locale)} since yesterday)`;
    return `${index + 1}. ${entry.coinName || entry.symbol || entry.coinId}: ${lambosInWords(entry.lambos, locale)}${words}`;
  });
  const stake = formatMoney(subject.stakeUsd, subject.currency, locale);
  return `${demo}Leaderboard of ${formatDay(subject.on, locale)}, Lambos for ${stake} at listing: ${coins.join("; ") || "no coins"}.`;
}

function headingLines({ stakeUsd, currency, on, locale }: LeaderboardSubject, faces: Faces): readonly TextLine[] {
  const day = [formatDay(on, locale), formatDay(on, "en-US"), on].find((text) => faces.text.covers(text)) ?? on;
  const dayX = RIGHT - faces.text.widthPx(day, SMALLEST_TEXT_PX);
  const stakes = [locale, "en-US"].map((code) => formatMoney(stakeUsd, currency, code)).filter((text) => faces.display.covers(text));
  const titles = [...stakes.map((stake) => `${stake} AT LISTING`), "LAMBO LEADERBOARD"];
  const text = firstFitting(titles, faces.display, HEADING_PX, dayX - MARGIN - 32);
  return [
    { text, face: faces.display, sizePx: HEADING_PX, x: MARGIN, y: 70 },
    { text: day, face: faces.text, sizePx: SMALLEST_TEXT_PX, x: dayX, y: 68 },
  ];
}

const HEADING_PX = 46;

function row(entry: LeaderboardEntry, index: number, top: number, pitch: number, locale: string, faces: Faces): LeaderboardRow {
  const face = faces.text;
  const sizePx = SMALLEST_TEXT_PX;
  const baseline = top + pitch / 2 + sizePx * 0.36;
  const rank = `${index + 1}  `;
  const nameWidth = NAME_WIDTH - face.widthPx(rank, sizePx);
  const name = shortened(firstOf(entry, faces, nameWidth), face, sizePx, nameWidth);
  const counts = [locale, "en-US"].map((code) => formatLambos(entry.lambos, code)).filter((text) => face.covers(text));
  const count = firstFitting([...counts, entry.lambos.toExponential(1).replace("e+", "e")], face, sizePx, COUNT_WIDTH);
  const right = (text: string, x: number): TextLine => ({ text, face, sizePx, x: x - face.widthPx(text, sizePx), y: baseline });
  const change = changeOf(entry);
  const changeLine = change === null ? null : right(changeText(change, locale, faces), RIGHT);
  const barHeight = Math.min(pitch - 8, 60);
  return {
    name: { text: `${rank}${name}`, face, sizePx, x: MARGIN, y: baseline },
    bar: { x: BAR.x, y: top + (pitch - barHeight) / 2, width: BAR.width, height: barHeight },
    lambos: entry.lambos,
    count: right(count, COUNT_RIGHT),
    change: changeLine,
    arrow:
      change === null || changeLine === null || change === 0
        ? null
        : {
            box: { x: changeLine.x - ARROW_PX - 6, y: top + pitch / 2 - ARROW_PX / 2, width: ARROW_PX, height: ARROW_PX },
            direction: change > 0 ? "up" : "down",
          },
  };
}

function firstOf(entry: LeaderboardEntry, faces: Faces, width: number): string {
  const name = shownName(entry, faces.text);
  const symbol = entry.symbol.toUpperCase();
  const fits = faces.text.widthPx(name, SMALLEST_TEXT_PX) <= width;
  return fits || symbol === "" || !faces.text.covers(symbol) ? name : symbol;
}

/** Change of the Lambos since yesterday as a fraction; 0 when it would read so, null when it is not known. */
function changeOf({ lambos, lambosYesterday }: LeaderboardEntry): number | null {
  if (lambosYesterday === null || !(lambosYesterday > 0)) return null;
  const change = lambos / lambosYesterday - 1;
  return Math.abs(change) < SMALLEST_CHANGE ? 0 : change;
}

function changeText(change: number, locale: string, faces: Faces): string {
  if (change === 0) return "=";
  const size = Math.abs(change);
  const rounded = size >= 0.1 ? Math.round(size * 100) / 100 : Math.round(size * 1000) / 1000;
  const texts = [formatPercent(rounded, locale), formatPercent(rounded, "en-US")].filter((text) => faces.text.covers(text));
  return firstFitting([...texts, "> 999%"], faces.text, SMALLEST_TEXT_PX, CHANGE_WIDTH - ARROW_PX + 14);
}

function demoLine(faces: Faces): TextLine {
  const x = (PICTURE_WIDTH - faces.text.widthPx(DEMO_NOTICE, SMALLEST_TEXT_PX)) / 2;
  return { text: DEMO_NOTICE, face: faces.text, sizePx: SMALLEST_TEXT_PX, x, y: 617 };
}
