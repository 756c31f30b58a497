import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Change } from "../../src/messages/change.ts";
import { DISCORD_LOCALES } from "../../src/messages/format.ts";
import { say } from "../../src/messages/say.ts";
import {
  answerLayout,
  PICTURE_HEIGHT,
  PICTURE_WIDTH,
  sceneOf,
} from "../../src/pictures/answer-layout.ts";
import type { PictureSubject } from "../../src/pictures/answer-subject.ts";
import { lambosAsRead } from "../../src/pictures/car-label.ts";
import { loadFaces } from "../../src/pictures/fonts/faces.ts";
import { exampleSubject, exampleWenSubject } from "../../src/pictures/gallery-subjects.ts";
import { leaderboardLayout } from "../../src/pictures/leaderboard-layout.ts";
import {
  type LeaderboardSubject,
  MAX_LEADERBOARD_ROWS,
} from "../../src/pictures/leaderboard-subject.ts";
import { type Box, SMALLEST_TEXT_PX, type TextLine } from "../../src/pictures/text-fit.ts";
import { wenLayout } from "../../src/pictures/wen-layout.ts";
import type { WenSubject } from "../../src/pictures/wen-subject.ts";
import { addDays } from "../../src/valuation/calendar.ts";
import { US_DOLLARS } from "../../src/valuation/currency.ts";
import { AVERAGE_LAMBO, type Car, LAMBO_MODELS } from "../../src/valuation/lambo-models.ts";
import { FLAGS } from "../../src/valuation/price-record.ts";
import type { LamboDay, Valuation } from "../../src/valuation/valuation.ts";
import { anyText } from "../support/any-text.ts";

// One seed, so that a red run is red again.
fc.configureGlobal({ seed: 20_261_101 });

const faces = loadFaces();

const locale = fc.constantFrom(...DISCORD_LOCALES);
const currency = fc.record({
  code: fc.constantFrom("USD", "EUR", "JPY", "IDR", "VND", "CHF", "KWD", "AED", "INR", "XTS"),
  perUsd: fc.constantFrom(0.0003, 0.31, 0.92, 1, 149.4, 16_350, 25_345),
});
const name = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 90 }),
  anyText(90),
  fc.constantFrom(
    "W".repeat(60),
    "iiii",
    "Ễ Ỗ Ậ Ç Ģ Ķ Ţ",
    "モナコイン",
    "gjpqy",
    "",
    "🏎️🏎️",
    "ﷺ",
    "Ǻ̃̂".repeat(20),
    "1".repeat(80),
    "①Ⓦ",
  ),
);
const size = fc
  .record({
    mantissa: fc.double({ min: 1, max: 9.999, noNaN: true }),
    exponent: fc.integer({ min: -15, max: 17 }),
  })
  .map(({ mantissa, exponent }) => mantissa * 10 ** exponent);
const amount = fc.oneof(
  size,
  fc.constantFrom(0, 5e-324, 1e308, Number.POSITIVE_INFINITY, Number.NaN),
);
const lambos = fc.oneof(
  size,
  fc.double({ min: 0, max: 12, noNaN: true }),
  fc.constantFrom(0, 0.9999, 1, 9.999, 10, 99.99, 1e9, 1e300),
);
const car: fc.Arbitrary<Car> = fc.oneof(
  fc.constantFrom(...LAMBO_MODELS),
  fc.record({ ownPrice: fc.oneof(size, fc.constantFrom(1e-18, 1e20)) }),
);
const day = fc.integer({ min: 0, max: 5_700 }).map((days) => addDays("2011-01-01", days));

const subject: fc.Arbitrary<PictureSubject> = fc
  .record({
    ...{
      coinName: name,
      symbol: name,
      coinId: name,
      locale,
      currency,
      lambos,
      car,
      spanDays: fc.integer({ min: 6, max: 5_700 }),
      firstOn: day,
    },
    ...{
      openingUsd: amount,
      closingUsd: amount,
      stakeUsd: amount,
      proceedsUsd: amount,
      growthFactor: fc.double({ min: -1, max: 1e9 }),
    },
    ...{
      flags: fc.subarray([...FLAGS]),
      closes: fc.array(size, { minLength: 1, maxLength: 40 }),
      hasFirstLambo: fc.boolean(),
      // How far into the record the coin was bought, and the listing in half of the cases.
      boughtAt: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true })),
    },
    marked: fc.nat({ max: 39 }),
  })
  .map((made) => {
    const lastOn = addDays(made.firstOn, made.spanDays);
    const boughtOn = addDays(made.firstOn, Math.floor((made.spanDays - 6) * made.boughtAt));
    const step = Math.max(1, Math.floor(made.spanDays / made.closes.length));
    const points = made.closes.map((priceUsd, index) => ({
      on: addDays(made.firstOn, Math.min(made.spanDays, index * step)),
      priceUsd,
    }));
    const marked: LamboDay = {
      ...(points[made.marked % points.length] ?? { on: lastOn, priceUsd: 1 }),
      lambos: made.lambos,
    };
    const window = (from: string, to: string, meanUsd: number) => ({ from, to, days: 28, meanUsd });
    const valuation: Valuation = {
      coinId: made.coinId,
      firstRecordedOn: made.firstOn,
      lastRecordedOn: lastOn,
      daysOnRecord: made.spanDays + 1,
      opening: window(boughtOn, addDays(boughtOn, 27), made.openingUsd),
      closing: window(addDays(lastOn, -27), lastOn, made.closingUsd),
      carPriceUsd: 200_000,
      coins: 1,
      profitUsd: made.proceedsUsd - made.stakeUsd,
      ...{
        stakeUsd: made.stakeUsd,
        proceedsUsd: made.proceedsUsd,
        growthFactor: made.growthFactor,
        lambos: made.lambos,
      },
      verdict: made.lambos >= 1 ? "yes" : "no",
      bestDay: marked,
      peak: marked,
      firstLamboDay: made.hasFirstLambo ? marked : null,
      stakeForOneLamboUsd: null,
      flags: made.flags,
    };
    const { coinName, symbol, currency: shown, locale: code } = made;
    return {
      coinName,
      symbol,
      valuation,
      points,
      car: made.car,
      currency: shown,
      locale: code,
    };
  });

const signed = fc.tuple(amount, fc.constantFrom(1, -1)).map(([quantity, sign]) => quantity * sign);
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.constant({ unit: "none" as const }),
  signed.map((usd) => ({ unit: "money" as const, usd })),
  signed.map((count) => ({ unit: "lambos" as const, lambos: count })),
);

const leaderboard: fc.Arbitrary<LeaderboardSubject> = fc.record({
  entries: fc.array(
    fc.record({
      coinId: name,
      coinName: name,
      symbol: name,
      lambos,
      change: fc.option(change),
    }),
    { maxLength: 14 },
  ),
  stakeUsd: amount,
  car,
  currency,
  on: day,
  previousOn: fc.option(day),
  locale,
  isDemo: fc.boolean(),
});

/** The needed price far above the line, below all of it, or next to the latest close. */
const wenSubject: fc.Arbitrary<WenSubject> = fc
  .record({
    made: subject,
    times: fc.oneof(
      size,
      fc.double({ min: 0.001, max: 0.999, noNaN: true }),
      fc.double({ min: 0.99, max: 1.01, noNaN: true }),
    ),
    there: fc.constantFrom("now", "once", "never"),
    hasClosest: fc.boolean(),
  })
  .map(({ made, times, there, hasClosest }) => {
    const latest = made.points.at(-1) ?? { on: made.valuation.lastRecordedOn, priceUsd: 1 };
    const priceUsd = latest.priceUsd * times;
    const closest = made.valuation.peak;
    return {
      ...made,
      needed: {
        priceUsd,
        latest,
        timesLatest: times,
        isThere: there === "now",
        lastThereOn: there === "never" ? null : there === "now" ? latest.on : closest.on,
        closest:
          hasClosest || there !== "never"
            ? { ...closest, share: closest.priceUsd / priceUsd }
            : null,
      },
    };
  });

function touching(one: Box, other: Box): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  );
}

function expectApart(boxes: readonly Box[]): void {
  for (const [index, box] of boxes.entries()) {
    for (const value of [box.x, box.y, box.width, box.height])
      expect(Number.isFinite(value)).toBe(true);
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.y).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(PICTURE_WIDTH);
    expect(box.y + box.height).toBeLessThanOrEqual(PICTURE_HEIGHT);
    for (const other of boxes.slice(index + 1)) {
      if (touching(box, other))
        throw new Error(`${JSON.stringify(box)} overlaps ${JSON.stringify(other)}`);
    }
  }
}

function expectReadable(lines: readonly TextLine[]): void {
  for (const { text, face, sizePx } of lines) {
    expect(sizePx).toBeGreaterThanOrEqual(SMALLEST_TEXT_PX);
    expect(text.trim()).not.toBe("");
    expect(face.covers(text)).toBe(true);
  }
}

describe("the answer picture's layout", () => {
  it("keeps every text, mark and drawing apart and inside the picture, for any input and locale", () => {
    fc.assert(
      fc.property(subject, (made) => {
        expectApart(answerLayout(made, faces).boxes);
      }),
      { numRuns: 250 },
    );
  });

  it("sets every text at 32 px or more, in glyphs that the font has, in at most six labels", () => {
    fc.assert(
      fc.property(subject, (made) => {
        const { labels } = answerLayout(made, faces);
        expect(labels.length).toBeLessThanOrEqual(6);
        expectReadable(labels.flatMap(({ lines }) => lines));
      }),
      { numRuns: 250 },
    );
  });

  it("keeps line, windows and marker inside the plot, whatever the prices", () => {
    fc.assert(
      fc.property(subject, (made) => {
        const { plot, price, openingWindow, closingWindow, marker } = answerLayout(made, faces);
        const places = [...price.stretches.flat(), marker];
        for (const { x, y } of places) {
          expect(x).toBeGreaterThanOrEqual(plot.x);
          expect(x).toBeLessThanOrEqual(plot.x + plot.width);
          expect(y).toBeGreaterThanOrEqual(plot.y);
          expect(y).toBeLessThanOrEqual(plot.y + plot.height);
        }
        for (const { box, averageY } of [openingWindow, closingWindow]) {
          expect(box.width).toBeGreaterThan(0);
          expect(box.x).toBeGreaterThanOrEqual(plot.x);
          expect(box.x + box.width).toBeLessThanOrEqual(plot.x + plot.width + 1e-9);
          expect(averageY).toBeGreaterThanOrEqual(plot.y);
          expect(averageY).toBeLessThanOrEqual(plot.y + plot.height);
        }
      }),
    );
  });
});

describe("the leaderboard's layout", () => {
  it("keeps every text, bar and arrow apart and inside the picture, for any names and numbers", () => {
    fc.assert(
      fc.property(leaderboard, (made) => {
        expectApart(leaderboardLayout(made, faces).boxes);
      }),
      { numRuns: 250 },
    );
  });

  it("sets every text at 32 px or more, in glyphs that the font has, for at most ten coins", () => {
    fc.assert(
      fc.property(leaderboard, (made) => {
        const { heading, rows, demo } = leaderboardLayout(made, faces);
        expect(rows.length).toBe(Math.min(MAX_LEADERBOARD_ROWS, made.entries.length));
        const texts = rows.flatMap(({ rank, name: called, count, change: changed, caption }) =>
          [rank, called, count, changed, caption].flatMap((line) => (line === null ? [] : [line])),
        );
        expectReadable([...heading, ...texts, ...(demo === null ? [] : [demo])]);
      }),
      { numRuns: 250 },
    );
  });
});

describe("the layout of a needed price", () => {
  it("keeps every text, the car and the plot apart and inside the picture, in readable glyphs", () => {
    fc.assert(
      fc.property(wenSubject, (made) => {
        const { boxes, texts } = wenLayout(made, faces);
        expectApart(boxes);
        expectReadable(texts.map(({ line }) => line));
      }),
      { numRuns: 250 },
    );
  });

  it("keeps the price line, the needed price and both marks inside the plot", () => {
    fc.assert(
      fc.property(wenSubject, (made) => {
        const { plot, price, neededY, latest, marks } = wenLayout(made, faces);
        const places = [...price.stretches.flat(), latest, { x: plot.x, y: neededY }];
        for (const { x, y } of [...places, ...(marks === null ? [] : [marks.onLine])]) {
          expect(x).toBeGreaterThanOrEqual(plot.x);
          expect(x).toBeLessThanOrEqual(plot.x + plot.width);
          expect(y).toBeGreaterThanOrEqual(plot.y);
          expect(y).toBeLessThanOrEqual(plot.y + plot.height);
        }
      }),
    );
  });

  it("draws the needed price above the line of a coin that never stood there, and below a higher close", () => {
    const far = wenLayout(exampleWenSubject({ multiple: 12, peak: 1.4 }), faces);
    expect(Math.min(...far.price.stretches.flat().map(({ y }) => y))).toBeGreaterThan(far.neededY);
    expect(far.neededY).toBeCloseTo(far.plot.y, 6);
    const there = wenLayout(exampleWenSubject({ multiple: 383 }), faces);
    expect(there.latest.y).toBeLessThan(there.neededY);
  });

  it("says distance, marked day, both prices and both ends of the record", () => {
    const wordsOf = (made: WenSubject) => wenLayout(made, faces).texts.map(({ line }) => line.text);
    expect(wordsOf(exampleWenSubject({ multiple: 12, peak: 1.4 }))).toEqual([
      ...["Examplecoin", "WEN LAMBO?"],
      ...[expect.stringMatching(/^At 1\d(\.\d)?× its latest close$/), "Average Lamborghini"],
      expect.stringMatching(/^Closest \w+ \d+, 202\d, at \d+(\.\d+)?% · log scale$/),
      ...["One Lambo", expect.stringMatching(/^\$0\.\d+$/)],
      ...["Latest", expect.stringMatching(/^\$0\.0\d+$/)],
      ...["Sep 7, 2018", "Nov 23, 2026"],
    ]);
    const legendOf = (made: WenSubject) => wordsOf(made)[4];
    expect(legendOf(exampleWenSubject({ multiple: 75, peak: 6 }))).toMatch(/^Last there /);
    expect(legendOf(exampleWenSubject({ multiple: 383 }))).toMatch(/^Highest /);
    expect(legendOf(exampleWenSubject({ multiple: 1.8, days: 12 }))).toMatch(
      /^Only its first weeks/,
    );
    expect(wordsOf(exampleWenSubject({ multiple: 3, endedDaysAgo: 900 }))[2]).toBe(
      "Too late, last priced Jun 7, 2024",
    );
  });
});

describe("the words on the picture", () => {
  const textsOf = (made: PictureSubject): string[] =>
    answerLayout(made, faces).labels.flatMap(({ lines }) => lines.map(({ text }) => text));
  const example = exampleSubject({ multiple: 400 });

  it("say coin, money, verdict, Lambos, both average prices with all their days, and the marked day", () => {
    expect(
      textsOf(
        exampleSubject({
          multiple: 500,
          coinName: "Dogecoin",
          isSteady: true,
          days: 400,
          openingUsd: 0.0004,
        }),
      ),
    ).toEqual([
      ...[
        "Dogecoin",
        expect.stringMatching(/^\$1,000 → \$\d+,\d+$/),
        "YES",
        expect.stringMatching(/^1\.\d+ Lambos$/),
        "Average Lamborghini",
      ],
      ...[expect.stringMatching(/^Bought \$0\.000\d+$/), "Oct 20 –", "Nov 16, 2025"],
      ...[expect.stringMatching(/^Sold \$0\.1\d+$/), "Oct 27 –", "Nov 23, 2026"],
      expect.stringMatching(/^(First|1st) Lambo .*2026 · log scale$/),
    ]);
  });

  it("name only days on record for a young coin", () => {
    const days = ["Nov 12 –", "Nov 23, 2026"];
    const texts = textsOf(exampleSubject({ multiple: 1.8, days: 12 }));
    expect([texts.slice(6, 8), texts.slice(9, 11)]).toEqual([days, days]);
  });

  it("name the year of a span with its first day where the year is read first", () => {
    const subject = { ...exampleSubject({ multiple: 1.8, days: 12 }), locale: "ja" };
    expect(textsOf(subject).slice(6, 8)).toEqual(["2026年11月12日～", "11月23日"]);
    const winter = exampleSubject({ multiple: 2, endedDaysAgo: 326, days: 400 });
    expect(textsOf({ ...winter, locale: "ja" }).slice(9, 11)).toEqual([
      "2025年12月6日～",
      "2026年1月2日",
    ]);
  });

  it("name both years of a span across New Year", () => {
    const texts = textsOf(exampleSubject({ multiple: 2, endedDaysAgo: 326, days: 400 }));
    expect(texts.slice(9, 11)).toEqual(["Dec 6, 2025 –", "Jan 2, 2026"]);
  });

  it("say log scale only where the prices span more than fifty-fold, and peak where there was no Lambo", () => {
    expect(textsOf(exampleSubject({ multiple: 1.4 })).at(-1)).toMatch(/^Peak [^·]*$/);
    expect(textsOf(exampleSubject({ multiple: 75 })).at(-1)).toMatch(/^Peak .* · log scale$/);
  });

  it("name a coin in Japanese, Korean or Chinese letters, alone and beside Latin ones", () => {
    for (const coinName of ["モナコイン", "柴犬コイン INU", "도지코인", "币安人生", "發財 Token"])
      expect(textsOf({ ...example, coinName })[0]).toBe(coinName);
  });

  it("fall back from a name that the fonts cannot draw to the symbol, then to the coin's id", () => {
    const named = (coinName: string, symbol: string): string | undefined =>
      textsOf({ ...example, coinName, symbol })[0];
    expect(named("Dogecoin", "doge")).toBe("Dogecoin");
    expect(named("بيتكوين", "btc")).toBe("BTC");
    expect(named("ไทยคอยน์", "thc")).toBe("THC");
    expect(named("🐶🚀", "dog")).toBe("DOG");
    expect(named("רוגל", "रु")).toBe("example-coin");
    expect(named("\u200b", "")).toBe("example-coin");
  });

  it("shorten a long name with an ellipsis", () => {
    const [shown] = textsOf({
      ...example,
      coinName: "The Extraordinarily Long Name Of A Coin That Nobody Asked For",
    });
    expect(shown).toMatch(/^The Extraordinarily Long.*…$/);
  });

  const pricesOf = (openingUsd: number, multiple: number): string[] =>
    textsOf(exampleSubject({ multiple, openingUsd, isSteady: true })).filter(
      (text) => /\$|Bought|Sold/.test(text) && !text.includes("→"),
    );

  it("give a price with too many zeros per million, billion or trillion coins", () => {
    expect(pricesOf(1.234e-12, 1e12)).toEqual([
      expect.stringMatching(/^Bought \$1\.\d\d a trillion$/),
      expect.stringMatching(/^Sold \$1\.\d+$/),
    ]);
    expect(pricesOf(1.234e-16, 2)[0]).toMatch(/^\$12\d a quintillion$/);
    // Two of them are too wide, and half a word could be another number.
    expect(pricesOf(1.234e-16, 240)[0]).toBe("$1.26E-16");
  });

  it("say which price bought and which sold, beside the days where the prices are too wide", () => {
    expect(pricesOf(1.234e-12, 240)).toEqual([
      "$1.26 a trillion",
      "Bought Sep 7 –",
      expect.stringMatching(/^\$2\d\d a trillion$/),
      "Sold Oct 27 –",
    ]);
    fc.assert(
      fc.property(subject, (made) => {
        const { labels } = answerLayout(made, faces);
        for (const [role, word] of [["opening", "bought"] as const, ["closing", "sold"] as const]) {
          const lines = labels.find((found) => found.role === role)?.lines ?? [];
          const frames = [
            say(made.locale, `picture.${word}`, { price: "#" }),
            say(made.locale, `picture.${word}-from`, { day: "#" }),
          ].map((text) => text.split("#"));
          const told = lines.filter(({ text }) =>
            frames.some(([start = "", end = ""]) => text.startsWith(start) && text.endsWith(end)),
          );
          expect(told).toHaveLength(1);
          const { opening, closing } = made.valuation;
          // Sources' prices are below 1e15 dollars.
          if (Math.max(opening.meanUsd, closing.meanUsd) < 1e12)
            expect(lines[0]?.text).not.toContain("…");
        }
      }),
      { numRuns: 150 },
    );
  });

  it("write a price out in full beside one with too many zeros", () => {
    const subject = exampleSubject({ multiple: 716_764_000_000, openingUsd: 1.167e-12 });
    const texts = textsOf({ ...subject, locale: "es-419" });
    expect(texts[5]).toMatch(/^USD\s1\.\d+ el billón$/);
    expect(texts[8]).toMatch(/^USD\s0\.\d+$/);
  });

  it("name the car that the Lambos are counted in, or its price", () => {
    const carOf = (chosen: Car): string | undefined => textsOf({ ...example, car: chosen })[4];
    expect(LAMBO_MODELS.map(carOf)).toEqual(LAMBO_MODELS.map((model) => model.name));
    expect(carOf({ ownPrice: 90_000 })).toBe("Car at $90,000");
  });

  it("give each tier a verdict that fits its number, and a badge of its shape", () => {
    const verdictOf = (made: PictureSubject) => {
      const { labels, badgeShape } = answerLayout(made, faces);
      return [labels.find(({ role }) => role === "verdict")?.lines[0]?.text, badgeShape];
    };
    const verdicts = [0.2, 1.4, 75, 203, 212, 7_401, 520_000].map((multiple) =>
      verdictOf(exampleSubject({ multiple })),
    );
    expect(verdicts).toEqual([
      ["NO", "cross"],
      ["SPARE PARTS", "part"],
      ["PART WAY", "part"],
      ["NEARLY", "part"],
      ["YES", "check"],
      ["YES", "check"],
      ["YES", "check"],
    ]);
    expect(verdictOf(exampleSubject({ multiple: 1.0002, isSteady: true }))).toEqual([
      "STEADY",
      "level",
    ]);
    expect(verdictOf(exampleSubject({ multiple: 3, endedDaysAgo: 900 }))).toEqual([
      "TOO LATE",
      "clock",
    ]);
  });

  it("call ten or more Lambos a fleet, a loss one bicycle, and a dead coin too late", () => {
    expect(textsOf(exampleSubject({ multiple: 7_400 }))[3]).toMatch(/^× 3\d\.\d Lambos$/);
    expect(textsOf(exampleSubject({ multiple: 0.2 }))[3]).toMatch(
      /^0 Lambos, one (bicycle|bus ticket)$/,
    );
    expect(textsOf(exampleSubject({ multiple: 3, endedDaysAgo: 900 })).slice(2, 4)).toEqual([
      "TOO LATE",
      "Last priced Jun 7, 2024",
    ]);
  });
});

describe("the days of buying and selling", () => {
  it("are spans wide enough to see even among many years, each with its average price", () => {
    for (const days of [57, 274, 275, 3_000, 5_480]) {
      const made = exampleSubject({ multiple: 40, days });
      const { openingWindow, closingWindow, price, plot } = answerLayout(made, faces);
      const { opening, closing } = made.valuation;
      expect(openingWindow.box.x).toBeCloseTo(plot.x, 6);
      expect(closingWindow.box.x + closingWindow.box.width).toBeCloseTo(plot.x + plot.width, 6);
      for (const { box } of [openingWindow, closingWindow])
        expect(box.width).toBeGreaterThanOrEqual(60 - 1e-6);
      expect(openingWindow.averageY).toBe(price.yOf(opening.meanUsd));
      expect(closingWindow.averageY).toBe(price.yOf(closing.meanUsd));
    }
  });

  it("follow a quarter of the plot from before the purchase, where the coin was bought later", () => {
    const made = exampleSubject({ multiple: 40, days: 3_000 });
    const { firstRecordedOn, opening } = made.valuation;
    const from = addDays(firstRecordedOn, 1_000);
    const valuation = {
      ...made.valuation,
      opening: { ...opening, from, to: addDays(from, 27) },
    };
    const { openingWindow, price, plot, labels } = answerLayout({ ...made, valuation }, faces);
    expect(openingWindow.box.x).toBeCloseTo(plot.x + plot.width / 4, 0);
    expect(price.startX).toBeCloseTo(openingWindow.box.x, 6);
    const text = labels.find(({ role }) => role === "opening")?.lines[0];
    expect(text?.x).toBeGreaterThan(plot.x);
    // What came long before the purchase is not shown.
    expect(price.xOf(firstRecordedOn)).toBe(price.xOf(addDays(firstRecordedOn, 300)));
  });

  it("leave time running from left to right without a jump", () => {
    for (const days of [20, 57, 275, 3_000]) {
      const made = exampleSubject({ multiple: 40, days });
      const { price, plot } = answerLayout(made, faces);
      const places = made.points.map(({ on }) => price.xOf(on));
      expect(places[0]).toBeCloseTo(plot.x, 6);
      expect(places.at(-1)).toBeCloseTo(plot.x + plot.width, 6);
      // A day is at most as wide as one of buying, unless the whole record is short.
      const widestDay = Math.max(60 / 27, plot.width / (days - 1)) + 1e-6;
      for (const [index, x] of places.slice(1).entries()) {
        expect(x).toBeGreaterThan(places[index] ?? 0);
        expect(x).toBeLessThanOrEqual((places[index] ?? 0) + widestDay);
      }
    }
  });
});

describe("the lanes of the leaderboard", () => {
  const boardOf = (counts: readonly number[], chosen: Car = AVERAGE_LAMBO) => {
    const entries = counts.map((count, index) => ({
      coinId: `c${index}`,
      coinName: "X",
      symbol: "x",
      lambos: count,
      change: null,
    }));
    const board = {
      entries,
      stakeUsd: 1000,
      car: chosen,
      currency: US_DOLLARS,
      on: "2026-11-23",
      locale: "en-US",
      previousOn: null,
      isDemo: false,
    };
    return leaderboardLayout(board, faces);
  };
  const lengthsOf = (...counts: number[]) =>
    boardOf(counts).rows.map(({ lengthInCars }) => lengthInCars);

  it("are as many cars long as there are Lambos, and full where these do not fit", () => {
    expect(lengthsOf(5, 2.5, 0.61, 0)).toEqual([5, 2.5, 0.61, 0]);
    expect(lengthsOf(3_593.37, 37.2, 7.62, 4.31, 1.04, 0.61, 0)).toEqual([
      ...[5, 5, 5],
      ...[4.31, 1.04, 0.61, 0],
    ]);
  });

  it('say "×" and the number exactly where they are cut off', () => {
    const countsOf = (...counts: number[]) => boardOf(counts).rows.map(({ count }) => count.text);
    expect(countsOf(2_245, 37.2, 4.9, 1.04, 0.61, 0)).toEqual([
      "× 2,245",
      "× 37.2",
      "4.9",
      "1.04",
      "0.61",
      "0",
    ]);
    expect(countsOf(2.5, 1.04)).toEqual(["2.5", "1.04"]);
  });

  it("have larger cars where fewer are needed", () => {
    expect(boardOf([0.8, 0.4, 0.2, 0.1, 0.05]).carPx).toBeGreaterThan(
      1.5 * boardOf([4.9, 0.4, 0.2, 0.1, 0.05]).carPx,
    );
  });

  it("compare truly: as long as the number up to their end, and never shorter for more", () => {
    fc.assert(
      fc.property(fc.array(lambos, { minLength: 2, maxLength: 10 }), car, (counts, chosen) => {
        const { rows, carsInLane, carPx } = boardOf(
          [...counts].sort((a, b) => b - a),
          chosen,
        );
        for (const [index, { lengthInCars, isCut, lambos: count, lane }] of rows.entries()) {
          expect(lane.width).toBeCloseTo(carsInLane * carPx, 6);
          expect(isCut).toBe(lengthInCars < lambosAsRead(count));
          expect(lengthInCars).toBe(Math.min(lambosAsRead(count), carsInLane));
          expect(lengthInCars).toBeLessThanOrEqual(rows[index - 1]?.lengthInCars ?? carsInLane);
        }
      }),
    );
  });

  it("are a garage for a lone coin, whose words are as large as they fit", () => {
    const { rows, isSolo } = boardOf([1.91]);
    expect(isSolo).toBe(true);
    expect(rows[0]?.rank).toBeNull();
    expect(rows[0]?.count.text).toBe("1.91 Lambos");
    expect(rows[0]?.count.sizePx).toBeGreaterThan(100);
    expect(boardOf([1.91, 1]).isSolo).toBe(false);
  });

  it("stand under the name of the car", () => {
    const headingOf = (chosen: Car) => boardOf([3, 2], chosen).heading.map(({ text }) => text);
    expect(headingOf(AVERAGE_LAMBO)).toEqual([
      "$1,000 IN THE FIRST WEEKS",
      "Average Lamborghini",
      "Nov 23, 2026",
    ]);
    expect(headingOf({ ownPrice: 1e6 })[1]).toBe("Car at $1 million");
  });
});

describe("the words on the leaderboard", () => {
  const board = {
    stakeUsd: 1000,
    car: AVERAGE_LAMBO,
    currency: US_DOLLARS,
    on: "2026-11-23",
    locale: "en-US",
    previousOn: null,
    isDemo: false,
  };
  const coin = { coinId: "x", coinName: "X", symbol: "x" };
  const rowsOf = (lambos: number, change: Change | null) => {
    const entries = Array.from({ length: 6 }, () => ({ ...coin, lambos, change }));
    const [row] = leaderboardLayout({ ...board, entries }, faces).rows;
    return [row?.count.text, row?.change?.text, row?.arrow?.direction];
  };

  it("write money with one sign, and never a loss as none, however narrow the column", () => {
    const changes = [-0.05, 10.62, -123.45, 9_876.54, 1_234_567];
    const entries = changes.map((usd) => ({
      ...coin,
      lambos: 0.01,
      change: { unit: "money" as const, usd },
    }));
    for (const locale of ["en-US", "pl", "es-419", "ru", "ko"])
      for (const code of ["USD", "CAD"]) {
        const asked = { ...board, entries, locale, currency: { code, perUsd: 1.4 } };
        const { rows } = leaderboardLayout(asked, faces);
        const texts = rows.map(({ change }) => change?.text ?? "");
        const signs = texts.map((text) => /[A-Z]*\$|[A-Z]{3}|달러/u.exec(text)?.[0]);
        expect(new Set(signs.filter((sign) => sign !== "달러")).size, texts.join(" | ")).toBe(1);
        for (const text of texts) expect(text).toMatch(/[1-9][^…]*$/u);
        for (const { count, arrow } of rows) {
          const countRight = count.x + count.face.widthPx(count.text, count.sizePx);
          expect((arrow?.box.x ?? 0) - countRight, texts.join(" | ")).toBeGreaterThan(12);
        }
      }
  });

  it("say how many, and what changed since yesterday in Lambos or money behind an arrow", () => {
    expect(rowsOf(1.91, { unit: "lambos", lambos: -0.29 })).toEqual(["1.91", "0.29", "down"]);
    expect(rowsOf(2.2, { unit: "lambos", lambos: 0.312 })).toEqual(["2.2", "0.31", "up"]);
    expect(rowsOf(0.01, { unit: "money", usd: -240 })).toEqual(["0.01", "$240", "down"]);
    expect(rowsOf(2.2, { unit: "none" })).toEqual(["2.2", "=", undefined]);
    expect(rowsOf(2.2, null)).toEqual(["2.2", undefined, undefined]);
    expect(rowsOf(2e6, { unit: "lambos", lambos: 1.234e6 })).toEqual(["× 2M", "1.23M", "up"]);
  });

  it("keep tiny and huge numbers short without an exponent", () => {
    expect(rowsOf(0.0000024, null)[0]).toBe("<0.001");
    expect(rowsOf(3_580_000_000, null)[0]).toBe("× 3.58B");
    expect(rowsOf(0, null)[0]).toBe("0");
  });
});

describe("the two scenes of a loss and of a moon", () => {
  it("take turns from day to day, and are the same for the same coin and day", () => {
    const { valuation } = exampleSubject({ multiple: 0.2 });
    const { valuation: moon } = exampleSubject({ multiple: 520_000 });
    const scenesOf = (made: Valuation) =>
      [0, 1, 2, 3].map((days) =>
        sceneOf({ ...made, lastRecordedOn: addDays(made.lastRecordedOn, days) }),
      );
    const pairs = [scenesOf(valuation), scenesOf(moon)];
    expect(pairs.map((scenes) => [...new Set(scenes)].sort())).toEqual([
      ["bus-stop", "loss"],
      ["landing", "moon"],
    ]);
    for (const scenes of pairs) {
      expect(scenes[0]).toBe(scenes[2]);
      expect(scenes[1]).toBe(scenes[3]);
    }
    const ofCoins = ["bitcoin", "ethereum", "tether", "solana", "dogecoin", "cardano"].map(
      (coinId) => sceneOf({ ...valuation, coinId }),
    );
    expect(new Set(ofCoins).size).toBe(2);
  });
});
