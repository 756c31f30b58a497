import { describe, expect, it } from "vitest";
import { EN } from "../../locales/en.ts";
import { wenCard } from "../../src/cards/wen-card.ts";
import { wenJson } from "../../src/cards/wen-json.ts";
import { wenText } from "../../src/cards/wen-text.ts";
import { linesOf } from "../../src/messages/say.ts";
import {
  moodOf,
  pastInWords,
  type WenMood,
  wenStory,
  wenTitle,
} from "../../src/messages/wen-wording.ts";
import { wenAltText } from "../../src/pictures/wen-alt-text.ts";
import { wenSubject } from "../../src/pictures/wen-subject.ts";
import type { WenAnswer } from "../../src/questions/wen.ts";
import { recordOf } from "../../src/valuation/coin-record.ts";
import { neededPrice } from "../../src/valuation/needed-price.ts";
import { answerOf, NOW, prices, type Sample } from "../cards/sample-answer.ts";

const SHOWN = { locale: "en-US", isPrivate: false, now: NOW };

/** One Lambo takes 0.0804 dollars from 1,000 at 0.0004. */
function wenOf(sample: Sample): WenAnswer {
  const answer = answerOf(sample);
  const recorded = recordOf(answer.history, "2026-11-01");
  if (!recorded.ok) throw new Error(recorded.reason);
  const needed = neededPrice(recorded.record, answer.history.points, answer.valuation);
  return { ...answer, needed };
}

/** Four weeks at 0.0004 dollars, and then these closes. */
const after = (...laterUsd: readonly number[]): readonly number[] => [
  ...Array.from({ length: 28 }, () => 0.0004),
  ...laterUsd,
];
const steadily = (priceUsd: number): readonly number[] => prices(0.0004, priceUsd);

const DEAD = { flags: ["no-longer-priced"] as const };
const SAMPLES: Readonly<Record<string, Sample>> = {
  there: { prices: steadily(0.1608) },
  "there by a hair": { prices: steadily(0.08041) },
  "was there": { prices: [...steadily(0.1), ...steadily(0.05)] },
  near: { prices: steadily(0.06) },
  far: { prices: steadily(0.002) },
  orbit: { prices: steadily(0.0001) },
  "absurdly far": { prices: steadily(1e-9), stake: 0.01, car: { ownPrice: 1e12 } },
  dead: { prices: steadily(0.002), ...DEAD },
  "dead at the price": { prices: steadily(0.1608), ...DEAD },
  young: { prices: Array.from({ length: 20 }, () => 0.0004) },
  "young and enough": {
    prices: [...Array.from({ length: 19 }, () => 0.0004), 0.0008],
    ...{ stake: 1e6, car: { ownPrice: 1 } },
  },
  "from an exchange": {
    prices: steadily(0.002),
    listingCloses: [{ on: "2015-01-05", priceUsd: 0.0004 }],
    flags: ["exchange-listing-only"],
  },
  "with gaps": { prices: steadily(0.002), flags: ["partial-history"] },
  demo: { prices: steadily(0.002), flags: ["demo"] },
};

const storyOf = (name: string) => {
  const answer = wenOf(SAMPLES[name] ?? {});
  return [...wenStory(answer, "en-US", "plain"), pastInWords(answer, "en-US")];
};

/** Every text about a sample that a person or a script reads. */
const textsOf = (sample: Sample): readonly string[] => {
  const answer = wenOf(sample);
  return [
    wenText(answer, SHOWN),
    JSON.stringify(wenCard(answer, SHOWN).embeds),
    wenAltText(wenSubject(answer, "en-US")),
    JSON.stringify(wenJson(answer)),
  ];
};

describe("what is said of a needed price", () => {
  it("names it and what it takes, in a title that fits the coin's mood", () => {
    const titles = ["far", "there", "was there", "dead"].map((name) =>
      wenTitle(wenOf(SAMPLES[name] ?? {}), "en-US"),
    );
    expect(titles).toEqual([
      "Wen Lambo? At $0.0804 per DOGE",
      "Wen Lambo? Already, at $0.0804",
      "Wen Lambo? Once, at $0.0804",
      "Wen Lambo? Too late, at $0.0804",
    ]);
    expect(storyOf("far")[0]).toBe(
      "For $1,000 in its first four weeks to buy a Lambo, one DOGE would have to be worth $0.0804.",
    );
  });

  it("tells the distance from the latest close in times, and below twice in per cent", () => {
    expect(storyOf("far")[1]).toBe("That is 40.2 times its latest close, $0.002 on Oct 31, 2026.");
    expect(storyOf("near")[1]).toBe("That is 34% above its latest close, $0.06 on Oct 31, 2026.");
    expect(storyOf("there")[1]).toBe(
      "It is there: it closed at $0.1608 on Oct 31, 2026, 2 times that.",
    );
    expect(storyOf("there by a hair")[1]).toBe(
      "It is there: it closed at $0.08041 on Oct 31, 2026, less than 0.1% above that.",
    );
  });

  it("says when it last stood there, or never, and when it came closest", () => {
    expect(storyOf("was there")[2]).toBe(
      "It last closed that high on Jul 3, 2026. Its highest close, on Apr 3, 2026, was $0.10.",
    );
    expect(storyOf("near")[2]).toBe(
      "It has never closed that high: it came closest on Aug 1, 2026, at $0.06, 74.6% of that price.",
    );
    expect(storyOf("orbit")[2]).toMatch(/at \$0\.0001, 0\.124% of that price\.$/);
  });

  it("claims no never that the record cannot prove", () => {
    expect(storyOf("from an exchange")[2]).toMatch(
      /^It has not closed that high in its daily record, since Jul 4, 2026: it came closest/,
    );
    expect(storyOf("with gaps")[2]).toMatch(/^It has not closed that high on any day on record/);
    for (const name of ["from an exchange", "with gaps"])
      expect(textsOf(SAMPLES[name] ?? {}).join()).not.toContain("never");
    expect(wenJson(wenOf(SAMPLES["with gaps"] ?? {})).isRecordWhole).toBe(false);
  });

  it("tells of a coin without a price as of the past, even where it ended high enough", () => {
    expect(storyOf("dead").slice(0, 2)).toEqual([
      expect.stringMatching(/one DOGE would have had to be worth \$0\.0804\.$/),
      "That is 40.2 times its last close, $0.002 on Oct 31, 2026.",
    ]);
    expect(storyOf("dead at the price")[1]).toBe(
      "Its last close, $0.1608 on Oct 31, 2026, was enough, but nobody has priced it since.",
    );
  });

  it("counts no day of the first four weeks, however high it closed", () => {
    expect(storyOf("young")[2]).toMatch(
      /^So far every day on record falls within its first four weeks/,
    );
    expect(storyOf("young and enough")[1]).toBe(
      "It closed at $0.0008 on Oct 31, 2026, which is enough.",
    );
    expect(moodOf(wenOf(SAMPLES["young and enough"] ?? {}))).not.toBe("there");
  });

  it("keeps absurd distances readable, without an infinity", () => {
    const texts = textsOf({ ...SAMPLES["absurdly far"], prices: after(1e-9, 1e-9) });
    expect(texts[0]).toContain(
      "one DOGE would have to be worth $40 billion.\nThat is more than 1,000 trillion times",
    );
    for (const text of texts) expect(text).not.toMatch(/Infinity|NaN|\de\+\d|null,"share/);
    const beyond = { stake: 0.01, car: { ownPrice: 1e12 }, prices: steadily(900) };
    expect(wenTitle(wenOf({ ...beyond, prices: prices(900, 900) }), "en-US")).toBe(
      "Wen Lambo? At more than $1,000 trillion per DOGE",
    );
  });

  it("never speaks of the future, and gives no advice", () => {
    const forbidden =
      /\b(will|won't|shall|going to|gonna|could reach|expect\w*|forecast\w*|predict\w*|target\w*|soon|tomorrow|next (week|month|year)|should (you|one) (buy|sell)|buy now|hold|hodl)\b/i;
    const catalogue = Object.entries(EN).filter(([key]) => /^wen[.-]|\.wen\b/.test(key));
    expect(catalogue.length).toBeGreaterThan(60);
    const rendered = Object.values(SAMPLES).flatMap(textsOf);
    for (const text of [...catalogue.map(([, message]) => message), ...rendered])
      expect(text).not.toMatch(forbidden);
  });

  it("has seven short jokes for every mood, all different", () => {
    const moods: WenMood[] = ["there", "dead", "was-there", "near", "far", "orbit"];
    const lines = moods.flatMap((mood) => linesOf("en-US", `wen-line.${mood}`));
    expect(new Set(lines).size).toBe(42);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(62);
    expect(new Set(Object.values(SAMPLES).map((sample) => moodOf(wenOf(sample))))).toEqual(
      new Set(moods),
    );
  });
});
