import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DISCORD_LOCALES } from "../../src/messages/format.ts";
import { PICTURE_HEIGHT, PICTURE_WIDTH } from "../../src/pictures/answer-layout.ts";
import { apart } from "../../src/pictures/collisions.ts";
import { COMPARISON_GROUND, LINE_COLOURS } from "../../src/pictures/comparison-drawing.ts";
import { comparisonLayout } from "../../src/pictures/comparison-layout.ts";
import type { ComparisonSubject } from "../../src/pictures/comparison-subject.ts";
import { loadFaces } from "../../src/pictures/fonts/faces.ts";
import { exampleComparison } from "../../src/pictures/gallery-subjects.ts";
import { type Box, SMALLEST_TEXT_PX } from "../../src/pictures/text-fit.ts";
import { addDays } from "../../src/valuation/calendar.ts";
import { LAMBO_MODELS } from "../../src/valuation/lambo-models.ts";
import { anyText } from "../support/any-text.ts";

// One seed, so that a red run is red again.
fc.configureGlobal({ seed: 20_261_127 });

const faces = loadFaces();

const name = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 90 }),
  anyText(90),
  fc.constantFrom("W".repeat(60), "Ễ Ỗ Ậ Ç Ģ", "モナコイン", "", "🏎️", "ﷺ", "1".repeat(80)),
);
const size = fc
  .record({
    mantissa: fc.double({ min: 1, max: 9.999, noNaN: true }),
    exponent: fc.integer({ min: -15, max: 17 }),
  })
  .map(({ mantissa, exponent }) => mantissa * 10 ** exponent);
const amount = fc.oneof(size, fc.constantFrom(0, 5e-324, 1e308, Number.POSITIVE_INFINITY));
const lambos = fc.oneof(
  size,
  fc.double({ min: 0, max: 12, noNaN: true }),
  fc.constantFrom(0, 0.9999, 1, 1e300),
);

const coin = fc
  .record({
    ...{ coinName: name, symbol: name, coinId: name, lambos, peak: lambos, openingUsd: amount },
    ...{ closingUsd: amount, firstDay: fc.integer({ min: 0, max: 5_600 }), isDead: fc.boolean() },
    ...{ days: fc.integer({ min: 6, max: 900 }), isDemo: fc.boolean() },
    closes: fc.array(size, { minLength: 1, maxLength: 30 }),
  })
  .map((made) => {
    const firstOn = addDays("2011-01-01", made.firstDay);
    const lastOn = addDays(firstOn, made.days);
    const points = made.closes.map((priceUsd, at) => ({
      on: addDays(firstOn, Math.floor((at * made.days) / made.closes.length)),
      priceUsd,
    }));
    const day = { on: firstOn, priceUsd: 1, lambos: made.peak };
    return {
      coinName: made.coinName,
      symbol: made.symbol,
      points,
      valuation: {
        ...{ coinId: made.coinId, firstRecordedOn: firstOn, lastRecordedOn: lastOn },
        ...{ daysOnRecord: made.days + 1, carPriceUsd: 200_000, coins: 1, profitUsd: 0 },
        opening: { from: firstOn, to: addDays(firstOn, 27), days: 28, meanUsd: made.openingUsd },
        closing: { from: addDays(lastOn, -27), to: lastOn, days: 28, meanUsd: made.closingUsd },
        ...{ stakeUsd: 1_000, proceedsUsd: 0, growthFactor: 0, lambos: made.lambos },
        ...{ verdict: "no" as const, bestDay: day, peak: day, firstLamboDay: null },
        stakeForOneLamboUsd: null,
        flags: [
          ...(made.isDead ? (["no-longer-priced"] as const) : []),
          ...(made.isDemo ? (["demo"] as const) : []),
        ],
      },
    };
  });

const subject: fc.Arbitrary<ComparisonSubject> = fc
  .record({
    coins: fc.array(coin, { minLength: 2, maxLength: 4 }),
    // Lines that all end in one place are the hardest to name.
    isOneEnd: fc.boolean(),
    stakeUsd: amount,
    from: fc.constantFrom("each", "youngest"),
    car: fc.oneof(fc.constantFrom(...LAMBO_MODELS), fc.record({ ownPrice: size })),
    currency: fc.record({
      code: fc.constantFrom("USD", "EUR", "JPY", "VND", "KWD", "INR", "XTS"),
      perUsd: fc.constantFrom(0.0003, 0.92, 1, 25_345),
    }),
    locale: fc.constantFrom(...DISCORD_LOCALES),
  })
  .map(({ coins, isOneEnd, stakeUsd, ...rest }) => ({
    ...rest,
    coins: coins.map((made) => ({
      ...made,
      valuation: {
        ...made.valuation,
        stakeUsd,
        ...(isOneEnd && { lambos: coins[0]?.valuation.lambos ?? 0 }),
      },
    })),
  }));

function touching(one: Box, other: Box): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  );
}

describe("the comparison picture's layout", () => {
  it("keeps every text, shape and the plot apart and inside the picture, for any input and locale", () => {
    fc.assert(
      fc.property(subject, (made) => {
        const { boxes, lines, plot } = comparisonLayout(made, faces);
        for (const [index, box] of boxes.entries()) {
          expect(Object.values(box).every(Number.isFinite)).toBe(true);
          expect(Math.min(box.x, box.y)).toBeGreaterThanOrEqual(0);
          expect(box.x + box.width).toBeLessThanOrEqual(PICTURE_WIDTH);
          expect(box.y + box.height).toBeLessThanOrEqual(PICTURE_HEIGHT);
          for (const other of boxes.slice(index + 1))
            if (touching(box, other))
              throw new Error(`${JSON.stringify(box)} overlaps ${JSON.stringify(other)}`);
        }
        for (const { x, y } of lines.flatMap(({ stretches, marks }) => [
          ...stretches.flat(),
          ...marks,
        ])) {
          expect(x).toBeGreaterThanOrEqual(plot.x);
          expect(x).toBeLessThanOrEqual(plot.x + plot.width);
          expect(y).toBeGreaterThanOrEqual(plot.y);
          expect(y).toBeLessThanOrEqual(plot.y + plot.height);
        }
      }),
      { numRuns: 120 },
    );
  });

  it("sets every text at 32 px or more, in glyphs that the font has, and names each line", () => {
    fc.assert(
      fc.property(subject, (made) => {
        const { heading, ticks, days, lines, demo } = comparisonLayout(made, faces);
        expect(lines).toHaveLength(made.coins.length);
        const texts = [
          ...heading,
          ...ticks.flatMap(({ text }) => text ?? []),
          ...days,
          ...lines.flatMap(({ name: called, lambos: count }) => [called, count]),
          ...(demo === null ? [] : [demo]),
        ];
        for (const { text, face, sizePx } of texts) {
          expect(sizePx).toBeGreaterThanOrEqual(SMALLEST_TEXT_PX);
          expect(text.trim()).not.toBe("");
          expect(face.covers(text)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("always has the line at one Lambo, and rests lines without a Lambo on the foot", () => {
    const { ticks, lines, plot } = comparisonLayout(
      exampleComparison([{ multiple: 400 }, { multiple: 0.3, peak: 1 }]),
      faces,
    );
    const [one] = ticks.filter(({ isOne }) => isOne);
    expect(one?.text?.text).toBe("1 Lambo");
    expect(ticks.map(({ text }) => text?.text)).toContain("<0.001");
    const [winner, loser] = lines;
    expect(winner?.marks.at(-1)?.y).toBeLessThan(one?.y ?? 0);
    expect(loser?.marks.at(-1)?.y).toBe(plot.y + plot.height);
    expect(loser?.lambos.text).toBe("0 Lambos");
  });

  it("ends the line of a dead coin where it was last priced, and says so", () => {
    const { lines, plot } = comparisonLayout(
      exampleComparison([{ multiple: 400 }, { multiple: 250, days: 900, endedDaysAgo: 1_500 }]),
      faces,
    );
    const dead = lines.find(({ isDead }) => isDead);
    expect(dead?.marks.at(-1)?.x).toBeLessThan(plot.x + plot.width * 0.6);
    expect(dead?.lambos.text).toMatch(/^0\.\d+ Lambos then$/);
  });

  it("moves words apart in the order of the lines' ends, and no farther than it must", () => {
    const room = { pitch: 10, from: 0, to: 100 };
    expect(apart([50, 20, 80], room)).toEqual([50, 20, 80]);
    expect(apart([50, 50, 50], room)).toEqual([40, 50, 60]);
    expect(apart([0, 0], room)).toEqual([0, 10]);
    expect(apart([100, 99, 98], room)).toEqual([100, 90, 80]);
    expect(apart([52, 48], room)).toEqual([55, 45]);
  });
});

type Rgb = readonly [number, number, number];

/** Linear light of an sRGB colour. */
function linear(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  const part = (channel: number) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return [part(value >> 16), part((value >> 8) & 255), part(value & 255)];
}

/** Machado, Oliveira and Fernandes 2009, severity 1. */
const EYES: Readonly<Record<string, readonly Rgb[]>> = {
  full: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function seenBy(eye: readonly Rgb[], colour: Rgb): Rgb {
  const row = ([r, g, b]: Rgb) =>
    Math.min(1, Math.max(0, r * colour[0] + g * colour[1] + b * colour[2]));
  const [red = [0, 0, 0], green = [0, 0, 0], blue = [0, 0, 0]] = eye;
  return [row(red), row(green), row(blue)];
}

/** CIELAB under D65. */
function lab([r, g, b]: Rgb): Rgb {
  const f = (t: number) => (t > 216 / 24_389 ? Math.cbrt(t) : ((24_389 / 27) * t + 16) / 116);
  const x = f((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
  const y = f(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
  const z = f((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function difference(one: Rgb, other: Rgb): number {
  return Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
}

describe("the colours of the lines", () => {
  it.each(Object.entries(EYES))("are far apart for eyes of the kind %s", (_kind, eye) => {
    const seen = LINE_COLOURS.map((hex) => lab(seenBy(eye, linear(hex))));
    for (const [index, one] of seen.entries())
      for (const other of seen.slice(index + 1)) expect(difference(one, other)).toBeGreaterThan(25);
  });

  it("stand out from the ground at the contrast that text needs", () => {
    const luminance = ([r, g, b]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
    for (const hex of LINE_COLOURS)
      for (const ground of COMPARISON_GROUND) {
        const contrast = (luminance(linear(hex)) + 0.05) / (luminance(linear(ground)) + 0.05);
        expect(contrast, `${hex} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
  });
});
