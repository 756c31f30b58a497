import type { Change } from "../messages/change.ts";
import { addDays } from "../valuation/calendar.ts";
import { recordOf } from "../valuation/coin-record.ts";
import { type ShownCurrency, US_DOLLARS } from "../valuation/currency.ts";
import {
  AVERAGE_LAMBO,
  type Car,
  LAMBO_MODELS,
  type LamboModel,
} from "../valuation/lambo-models.ts";
import { neededPrice } from "../valuation/needed-price.ts";
import type { DailyClose, Flag, PriceHistory } from "../valuation/price-record.ts";
import { value } from "../valuation/valuation.ts";
import type { PictureSubject } from "./answer-subject.ts";
import type { ComparisonSubject } from "./comparison-subject.ts";
import type { LeaderboardEntry, LeaderboardSubject } from "./leaderboard-subject.ts";
import type { Picture, PictureMaker } from "./picture-maker.ts";
import { seededRandom } from "./seeded-random.ts";
import type { WenSubject } from "./wen-subject.ts";

/** One picture of the gallery: its file name without extension, and how to draw it. */
export type GalleryPicture = {
  readonly name: string;
  draw(pictures: PictureMaker): Promise<Picture>;
};

type Example = {
  readonly coinName?: string;
  readonly symbol?: string;
  readonly coinId?: string;
  readonly days?: number;
  readonly openingUsd?: number;
  /** Closing price / opening price. */
  readonly multiple: number;
  /** Highest price on the way / the larger of opening and closing price. */
  readonly peak?: number;
  /** In the currency shown. */
  readonly stake?: number;
  readonly currency?: ShownCurrency;
  readonly car?: Car;
  readonly locale?: string;
  readonly flags?: readonly Flag[];
  /** Days without a price, counted from the first. */
  readonly gap?: readonly [from: number, to: number];
  /** Days between the last price and today. */
  readonly endedDaysAgo?: number;
  readonly isSteady?: boolean;
};

const TODAY_ON = "2026-11-24";
const EUROS: ShownCurrency = { code: "EUR", perUsd: 0.9217 };
const YEN: ShownCurrency = { code: "JPY", perUsd: 149.37 };
const WON: ShownCurrency = { code: "KRW", perUsd: 1389.5 };
const LIRAS: ShownCurrency = { code: "TRY", perUsd: 34.12 };
const ZLOTYS: ShownCurrency = { code: "PLN", perUsd: 3.94 };
const modelWith = (body: LamboModel["body"]): LamboModel =>
  LAMBO_MODELS.find((model) => model.body === body) ?? AVERAGE_LAMBO;
const URUS = modelWith("suv");
const TEMERARIO = modelWith("temerario");
const REVUELTO = modelWith("revuelto");

/** An invented coin, valued like a real one; the same example always gives the same picture. */
export function exampleSubject(example: Example): PictureSubject {
  return exampleAnswer(example).subject;
}

/** {@link exampleSubject} with the price that one of its coins would have to be worth. */
export function exampleWenSubject(example: Example): WenSubject {
  const { subject, history } = exampleAnswer(example);
  const outcome = recordOf(history, TODAY_ON);
  if (!outcome.ok) throw new Error(`Expected a record, received ${outcome.reason}`);
  return { ...subject, needed: neededPrice(outcome.record, history.points, subject.valuation) };
}

function exampleAnswer(example: Example) {
  const {
    days = 3000,
    openingUsd = 0.0042,
    multiple,
    peak = 2,
    stake = 1000,
    car = AVERAGE_LAMBO,
    endedDaysAgo = 1,
  } = example;
  const currency = example.currency ?? US_DOLLARS;
  const carPriceUsd = "ownPrice" in car ? car.ownPrice / currency.perUsd : car.priceUsd;
  const firstOn = addDays(TODAY_ON, -endedDaysAgo - days + 1);
  const random = randomWalk(days + Math.round(multiple * 1000) + 17);
  const top = Math.log(Math.max(1, multiple) * peak);
  const points: DailyClose[] = [];
  for (let day = 0; day < days; day++) {
    const along = days === 1 ? 1 : day / (days - 1);
    const inWindow = day < 28 || day >= days - 28;
    const noise = random();
    if (example.gap !== undefined && day >= example.gap[0] && day < example.gap[1]) continue;
    const hump =
      Math.exp(-(((along - 0.62) / 0.1) ** 2)) + 0.55 * Math.exp(-(((along - 0.3) / 0.06) ** 2));
    const trend = Math.log(multiple) * along;
    const lift =
      Math.max(0, top - Math.log(multiple) * 0.62) * hump * Math.min(1, 12 * along * (1 - along));
    const wobble = example.isSteady ? noise * 0.002 : noise * (inWindow ? 0.05 : 0.16);
    points.push({
      on: addDays(firstOn, day),
      priceUsd: openingUsd * Math.exp(trend + (example.isSteady ? 0 : lift) + wobble),
    });
  }
  const coinId = example.coinId ?? "example-coin";
  const history: PriceHistory = {
    coinId,
    points,
    firstRecordedOn: firstOn,
    sources: [],
    asOf: `${TODAY_ON}T00:00:00.000Z`,
    flags: example.flags ?? [],
  };
  const outcome = value(history, {
    stakeUsd: stake / currency.perUsd,
    carPriceUsd,
    todayOn: TODAY_ON,
  });
  if (!outcome.ok)
    throw new Error(
      `Expected an example that can be valued, received one refused as ${outcome.reason}`,
    );
  const subject: PictureSubject = {
    coinName: example.coinName ?? "Examplecoin",
    symbol: example.symbol ?? "EXM",
    valuation: outcome.valuation,
    points,
    car,
    currency,
    locale: example.locale ?? "en-US",
  };
  return { subject, history };
}

// Random steps smoothed into a walk: it looks like a price.
function randomWalk(seed: number): () => number {
  const next = seededRandom((seed % 2_147_483_646) + 1);
  let level = 0;
  return () => {
    level = level * 0.97 + (next() - 0.5) * 0.8;
    return level;
  };
}

const EXAMPLES: Readonly<Record<string, Example>> = {
  "spare-parts": { multiple: 1.4 },
  "part-way-0.34": { multiple: 75, coinName: "Solana", symbol: "SOL", openingUsd: 1.2 },
  "nearly-0.86-suv": {
    multiple: 222,
    car: URUS,
    coinName: "Chainlink",
    symbol: "LINK",
    openingUsd: 0.19,
  },
  "part-way-0.48-temerario": { multiple: 191, car: TEMERARIO, coinName: "Avalanche" },
  "part-way-0.66-revuelto": {
    multiple: 383,
    car: REVUELTO,
    coinName: "Dogecoin",
    symbol: "DOGE",
    openingUsd: 0.000417,
  },
  "nearly-0.97": { multiple: 203, coinName: "Litecoin", openingUsd: 0.9 },
  "garage-1": { multiple: 212, coinName: "Litecoin", openingUsd: 0.9 },
  "garage-2": { multiple: 383, coinName: "Dogecoin", symbol: "DOGE", openingUsd: 0.000417 },
  "garage-1.7-suv": {
    multiple: 383,
    car: URUS,
    coinName: "Dogecoin",
    symbol: "DOGE",
    openingUsd: 0.000417,
  },
  "garage-2.2-temerario": { multiple: 881, car: TEMERARIO, coinName: "Ethereum", openingUsd: 1.2 },
  "garage-1.4-revuelto": { multiple: 881, car: REVUELTO, coinName: "Ethereum", openingUsd: 1.2 },
  "garage-2.2": { multiple: 501, coinName: "XRP" },
  "garage-4.2": { multiple: 881, coinName: "Ethereum", openingUsd: 1.2 },
  "garage-6.7-suv": { multiple: 1720, car: URUS, coinName: "Ethereum", openingUsd: 1.2 },
  "garage-9.9": { multiple: 2090, coinName: "Bitcoin", openingUsd: 54 },
  "fleet-34": { multiple: 7401, coinName: "Bitcoin", symbol: "BTC", openingUsd: 12 },
  "fleet-61-suv": {
    multiple: 13_900,
    car: URUS,
    coinName: "Bitcoin",
    symbol: "BTC",
    openingUsd: 12,
  },
  "moon-2245": {
    multiple: 520_000,
    coinName: "Shiba Inu",
    symbol: "SHIB",
    coinId: "shiba-inu",
    openingUsd: 0.0000000000421,
  },
  "moon-landing": { multiple: 1_900_000, coinName: "Bitcoin", coinId: "bitcoin" },
  "moon-landing-revuelto": {
    multiple: 520_000,
    car: REVUELTO,
    coinName: "Bitcoin",
    coinId: "bitcoin",
  },
  "moon-suv": {
    multiple: 120_000,
    car: URUS,
    coinName: "Solana",
    coinId: "solana",
    openingUsd: 0.5,
  },
  loss: {
    multiple: 0.13,
    coinName: "Pepe",
    symbol: "PEPE",
    coinId: "pepe",
    openingUsd: 320,
    peak: 1.1,
    days: 1800,
  },
  "loss-bus-stop": {
    multiple: 0.13,
    coinName: "Internet Computer",
    symbol: "ICP",
    coinId: "internet-computer",
    openingUsd: 320,
    peak: 1.1,
    days: 1800,
  },
  "dead-coin": {
    multiple: 0.0004,
    coinName: "BitConnect",
    symbol: "BCC",
    openingUsd: 0.17,
    peak: 2400,
    days: 900,
    endedDaysAgo: 2200,
  },
  "dead-coin-suv-demo": {
    multiple: 3,
    peak: 90,
    days: 700,
    endedDaysAgo: 900,
    car: URUS,
    flags: ["demo"],
  },
  stablecoin: {
    multiple: 1.0002,
    openingUsd: 1,
    isSteady: true,
    coinName: "USD Coin",
    symbol: "USDC",
  },
  demo: {
    multiple: 383,
    coinName: "Dogecoin",
    symbol: "DOGE",
    openingUsd: 0.000417,
    flags: ["demo"],
  },
  "demo-fleet": { multiple: 7401, coinName: "Bitcoin", openingUsd: 12, flags: ["demo"] },
  "every-flag": {
    multiple: 0.8,
    flags: [
      ...([
        "launch-spike",
        "partial-history",
        "exchange-listing-only",
        "odd-price",
        "erratic",
      ] as const),
      ...(["sources-disagree", "unchecked", "stale", "demo"] as const),
    ],
    gap: [900, 1500],
  },
  gap: { multiple: 240, gap: [1200, 1650], coinName: "Nano", symbol: "XNO" },
  "young-12-days": { multiple: 1.8, days: 12, coinName: "Fresh Mint", peak: 1.2 },
  "launch-run": {
    multiple: 90,
    coinName: "BNB",
    symbol: "BNB",
    openingUsd: 0.11,
    flags: ["launch-run"],
  },
  "15-years": { multiple: 1_900, days: 5480, coinName: "Bitcoin", openingUsd: 54 },
  "tiny-prices": { multiple: 240, openingUsd: 0.000000000001234, coinName: "Dust" },
  "huge-proceeds": { multiple: 1e12, openingUsd: 0.000000000001 },
  "name-60-characters": {
    multiple: 300,
    coinName: "The Extraordinarily Long Name Of A Coin That Nobody Asked For",
  },
  "name-in-japanese": { multiple: 300, coinName: "モナコイン", symbol: "MONA", coinId: "monacoin" },
  "name-all-japanese": {
    multiple: 0.4,
    coinName: "柴犬",
    symbol: "柴",
    coinId: "shiba-dog-of-the-north",
    locale: "ja",
  },
  german: { multiple: 2.1e9, coinName: "Ethereum", openingUsd: 0.000001, locale: "de" },
  "euros-own-car-price": {
    multiple: 641,
    coinName: "Cardano",
    symbol: "ADA",
    openingUsd: 0.0021,
    currency: EUROS,
    car: { ownPrice: 180_000 },
    locale: "fr",
  },
  "yen-suv": {
    multiple: 30,
    coinName: "Astar",
    symbol: "ASTR",
    stake: 500_000,
    currency: YEN,
    car: URUS,
    locale: "ja",
  },
  "rupees-hindi": {
    multiple: 0.6,
    coinName: "Polygon",
    symbol: "POL",
    stake: 100_000,
    currency: { code: "INR", perUsd: 83.12 },
    locale: "hi",
  },
  russian: { multiple: 900, coinName: "Toncoin", openingUsd: 0.21, locale: "ru" },
  "name-in-korean": { multiple: 60, coinName: "도지코인 DOGE", openingUsd: 0.002 },
  "name-in-chinese": { multiple: 130, coinName: "币安人生", symbol: "币安人生" },
  "name-in-arabic": { multiple: 3, coinName: "بيتكوين العرب", symbol: "BTCA" },
  korean: {
    ...{ multiple: 383, coinName: "도지코인", symbol: "DOGE", openingUsd: 0.000417 },
    ...{ stake: 1_000_000, currency: WON, locale: "ko" },
  },
  turkish: {
    ...{ multiple: 881, coinName: "Ethereum", openingUsd: 1.2 },
    ...{ stake: 30_000, currency: LIRAS, locale: "tr" },
  },
  "polish-dead": {
    ...{ multiple: 0.0004, coinName: "BitConnect", openingUsd: 0.17, peak: 2400 },
    ...{ days: 900, endedDaysAgo: 2200, currency: ZLOTYS, locale: "pl" },
  },
  "spanish-moon": { multiple: 1_900_000, coinName: "Bitcoin", coinId: "bitcoin", locale: "es-419" },
  "italian-part": { multiple: 75, coinName: "Solana", openingUsd: 1.2, locale: "it" },
};

const leader = (
  coinId: string,
  coinName: string,
  symbol: string,
  lambos: number,
  change: Change | null,
): LeaderboardEntry => ({ coinId, coinName, symbol, lambos, change });
const inLambos = (lambos: number): Change => ({ unit: "lambos", lambos });

const LEADERS: LeaderboardSubject["entries"] = [
  leader("bitcoin", "Bitcoin", "btc", 3593.37, inLambos(-103.5127)),
  leader("shiba-inu", "Shiba Inu", "shib", 37.2, inLambos(0.8008)),
  leader("ethereum", "Ethereum", "eth", 7.62, { unit: "none" }),
  leader("binancecoin", "BNB", "bnb", 4.31, inLambos(0.4271)),
  leader("dogecoin", "Dogecoin", "doge", 1.91, inLambos(-0.2854)),
  leader("monacoin", "モナコイン", "mona", 1.04, inLambos(0.0495)),
  leader("solana", "Solana", "sol", 0.61, inLambos(0.0102)),
  leader("long", "The Extraordinarily Long Name Of A Coin", "long", 0.22, {
    unit: "money",
    usd: -311,
  }),
  leader("usd-coin", "USD Coin", "usdc", 0.0000024, { unit: "none" }),
  leader("internet-computer", "Internet Computer", "icp", 0, null),
];

const LEADERBOARD: LeaderboardSubject = {
  entries: LEADERS,
  stakeUsd: 1000,
  car: AVERAGE_LAMBO,
  currency: US_DOLLARS,
  on: addDays(TODAY_ON, -1),
  previousOn: null,
  locale: "en-US",
  isDemo: false,
};

const LEADERBOARDS: Readonly<Record<string, LeaderboardSubject>> = {
  "leaderboard-10": LEADERBOARD,
  "leaderboard-10-suv-demo": { ...LEADERBOARD, car: URUS, isDemo: true, locale: "de" },
  "leaderboard-7": { ...LEADERBOARD, entries: LEADERS.slice(0, 7) },
  "leaderboard-6-uncut": { ...LEADERBOARD, entries: LEADERS.slice(3, 9) },
  "leaderboard-4": { ...LEADERBOARD, entries: [...LEADERS.slice(0, 1), ...LEADERS.slice(2, 5)] },
  "leaderboard-2-euros": {
    ...LEADERBOARD,
    entries: LEADERS.slice(0, 2),
    stakeUsd: 1000 / EUROS.perUsd,
    currency: EUROS,
    locale: "fr",
  },
  "leaderboard-1": { ...LEADERBOARD, entries: LEADERS.slice(0, 1) },
  "leaderboard-1-weekly": {
    ...LEADERBOARD,
    entries: LEADERS.slice(0, 1),
    previousOn: addDays(TODAY_ON, -7),
  },
  "leaderboard-1-nearly-urus": {
    ...LEADERBOARD,
    car: URUS,
    entries: [leader("litecoin", "Litecoin", "ltc", 0.82, inLambos(0.03))],
  },
  "leaderboard-1-none": { ...LEADERBOARD, entries: LEADERS.slice(9) },
  "leaderboard-10-japanese": {
    ...LEADERBOARD,
    entries: [
      ...LEADERS.slice(0, 6),
      leader("binance-life", "币安人生", "币安人生", 0.9, { unit: "money", usd: 45_000 }),
      leader("doge-korea", "도지코인", "dk", 0.4, inLambos(0.0102)),
      ...LEADERS.slice(8),
    ],
    stakeUsd: 150_000 / YEN.perUsd,
    currency: YEN,
    locale: "ja",
  },
  "leaderboard-1-portuguese": {
    ...LEADERBOARD,
    entries: LEADERS.slice(4, 5),
    previousOn: addDays(TODAY_ON, -7),
    locale: "pt-BR",
  },
  "leaderboard-1-two-cars": { ...LEADERBOARD, entries: LEADERS.slice(4, 5) },
};

const WEN_EXAMPLES: Readonly<Record<string, Example>> = {
  "wen-there": { multiple: 383, coinName: "Dogecoin", symbol: "DOGE", openingUsd: 0.000417 },
  "wen-there-just": { multiple: 212, coinName: "Litecoin", openingUsd: 0.9 },
  "wen-was-there": { multiple: 75, coinName: "Solana", openingUsd: 1.2, peak: 6 },
  "wen-near-suv": { multiple: 160, car: URUS, coinName: "Chainlink", openingUsd: 0.19, peak: 1.2 },
  "wen-far": { multiple: 12, coinName: "Cardano", symbol: "ADA", openingUsd: 0.021, peak: 1.4 },
  "wen-orbit": { multiple: 0.13, coinName: "Pepe", symbol: "PEPE", openingUsd: 320, peak: 1.1 },
  "wen-orbit-cheap": { multiple: 0.02, stake: 0.01, openingUsd: 1.2e-9, coinName: "Dust" },
  "wen-dead": {
    multiple: 0.0004,
    coinName: "BitConnect",
    openingUsd: 0.17,
    peak: 2400,
    days: 900,
    endedDaysAgo: 2200,
  },
  "wen-young": { multiple: 1.8, days: 12, coinName: "Fresh Mint", peak: 1.2 },
  "wen-korean": { multiple: 75, coinName: "솔라나", openingUsd: 1.2, peak: 6, locale: "ko" },
  "wen-russian-dead": {
    ...{ multiple: 0.0004, coinName: "BitConnect", openingUsd: 0.17, peak: 2400 },
    ...{ days: 900, endedDaysAgo: 2200, locale: "ru" },
  },
  "wen-demo-german": {
    multiple: 9,
    openingUsd: 41_000,
    currency: EUROS,
    locale: "de",
    flags: ["demo"],
  },
};

/** Invented coins compared: the best first, as everywhere. */
export function exampleComparison(
  examples: readonly Example[],
  from: ComparisonSubject["from"] = "each",
): ComparisonSubject {
  const coins = examples
    .map(exampleSubject)
    .sort((one, other) => other.valuation.growthFactor - one.valuation.growthFactor);
  const { car = AVERAGE_LAMBO, currency = US_DOLLARS, locale = "en-US" } = coins[0] ?? {};
  return { coins, from, car, currency, locale };
}

const BITCOIN: Example = {
  multiple: 720_000,
  days: 5900,
  coinName: "Bitcoin",
  symbol: "BTC",
  coinId: "bitcoin",
  openingUsd: 0.07,
};
const ETHEREUM: Example = { multiple: 1800, days: 4100, coinName: "Ethereum", symbol: "ETH" };
const DOGE: Example = { multiple: 383, days: 4700, coinName: "Dogecoin", symbol: "DOGE" };
const DOLLARS: Example = {
  multiple: 1.0002,
  openingUsd: 1,
  isSteady: true,
  days: 2900,
  coinName: "USD Coin",
  symbol: "USDC",
};
const FALLEN: Example = { multiple: 0.1, peak: 900, coinName: "Internet Computer", days: 1900 };
const DEAD: Example = {
  multiple: 250,
  coinName: "BitConnect",
  openingUsd: 0.17,
  peak: 20,
  days: 1100,
  endedDaysAgo: 2200,
};
const NEWCOMER: Example = { multiple: 3, days: 90, coinName: "Fresh Mint", symbol: "MINT" };

const COMPARISONS: Readonly<Record<string, ComparisonSubject>> = {
  "compare-2": exampleComparison([BITCOIN, DOGE]),
  "compare-3": exampleComparison([BITCOIN, ETHEREUM, DOGE]),
  "compare-4": exampleComparison([BITCOIN, ETHEREUM, DOGE, FALLEN]),
  "compare-near-equal": exampleComparison([
    { ...DOGE, multiple: 383 },
    { ...ETHEREUM, multiple: 384 },
    { ...FALLEN, multiple: 385, coinName: "Litecoin", peak: 2 },
    { ...DEAD, multiple: 386, endedDaysAgo: 1, coinName: "XRP" },
  ]),
  "compare-dead": exampleComparison([DEAD, DOGE, BITCOIN]),
  "compare-new": exampleComparison([ETHEREUM, NEWCOMER]),
  "compare-bitcoin-dollar": exampleComparison([BITCOIN, DOLLARS]),
  "compare-lost-least": exampleComparison([FALLEN, { ...FALLEN, multiple: 0.4, coinName: "Pepe" }]),
  "compare-dollars": exampleComparison([DOLLARS, { ...DOLLARS, days: 2500, coinName: "Tether" }]),
  "compare-youngest-euros": exampleComparison(
    [
      { ...ETHEREUM, days: 2000, multiple: 20, currency: EUROS, locale: "de" },
      { ...DOGE, days: 2000, multiple: 90, currency: EUROS, locale: "de" },
    ],
    "youngest",
  ),
  "compare-small-stake": exampleComparison([
    { ...BITCOIN, stake: 0.01 },
    { ...DOGE, stake: 0.01 },
  ]),
  "compare-huge-stake-demo": exampleComparison([
    { ...BITCOIN, stake: 1e12, flags: ["demo"] },
    { ...FALLEN, stake: 1e12, flags: ["demo"] },
  ]),
  "compare-french-dead": exampleComparison([
    { ...DEAD, locale: "fr" },
    { ...DOGE, coinName: "도지코인", locale: "fr" },
  ]),
  "compare-japanese": exampleComparison([
    { ...BITCOIN, stake: 150_000, currency: YEN, locale: "ja" },
    { ...DOGE, coinName: "柴犬コイン INU", stake: 150_000, currency: YEN, locale: "ja" },
  ]),
  "compare-names": exampleComparison([
    {
      ...ETHEREUM,
      coinName: "The Extraordinarily Long Name Of A Coin That Nobody Asked For",
      symbol: "LONGSYMBOL",
    },
    { ...DOGE, coinName: "モナコイン", symbol: "MONA" },
    { ...FALLEN, coinName: "柴犬", symbol: "柴", coinId: "shiba-dog-of-the-north" },
  ]),
};

/**
 * Every tier, flag and extreme that a picture must survive, each in a language of its own, or all
 * of them in one.
 */
export function galleryIn(locale?: string): readonly GalleryPicture[] {
  const asked = <Subject extends { readonly locale: string }>(subject: Subject): Subject =>
    locale === undefined ? subject : { ...subject, locale };
  return [
    ...Object.entries(EXAMPLES).map(([name, example]) => ({
      name,
      draw: (pictures: PictureMaker) => pictures.answer(asked(exampleSubject(example))),
    })),
    ...Object.entries(WEN_EXAMPLES).map(([name, example]) => ({
      name,
      draw: (pictures: PictureMaker) => pictures.wen(asked(exampleWenSubject(example))),
    })),
    ...Object.entries(COMPARISONS).map(([name, subject]) => ({
      name,
      draw: (pictures: PictureMaker) => pictures.comparison(asked(subject)),
    })),
    ...Object.entries(LEADERBOARDS).map(([name, subject]) => ({
      name,
      draw: (pictures: PictureMaker) => pictures.leaderboard(asked(subject)),
    })),
  ];
}

/** {@link galleryIn} with a language for each picture. */
export const GALLERY: readonly GalleryPicture[] = galleryIn();
