import { answerCard } from "../../src/cards/answer-card.ts";
import { comparisonCard } from "../../src/cards/comparison-card.ts";
import { wenCard } from "../../src/cards/wen-card.ts";
import { pictureSubject } from "../../src/pictures/answer-subject.ts";
import { createPictureMaker } from "../../src/pictures/picture-maker.ts";
import type { LamboAnswer, LamboQuestion } from "../../src/questions/answer.ts";
import { compareCoins } from "../../src/questions/comparison.ts";
import { USUAL_PURCHASE } from "../../src/questions/purchase.ts";
import { answerWen } from "../../src/questions/wen.ts";
import { openMemoryCoinIndex } from "../support/memory-coin-index.ts";
import type { Figures } from "./bench.ts";
import { startBenchMarket } from "./bench-market.ts";
import { inventedCoins } from "./invented-coins.ts";
import { figure, percentile, timed } from "./measure.ts";

const COINS = 20_000;

/** Answers from a warm cache, and suggestions among 20,000 coins. */
export async function benchAnswers(): Promise<Figures> {
  const market = await startBenchMarket("demo");
  const pictures = createPictureMaker();
  const ask = async (question: Partial<LamboQuestion>): Promise<LamboAnswer> => {
    const outcome = await market.ask("benchcoin", question);
    if (!outcome.ok) throw new Error(`refused: ${outcome.refusal.reason}`);
    return outcome.answer;
  };
  const shown = { locale: "en-US", isPrivate: false, now: market.now() };
  await ask({});

  const plain = await timed(300, async (index) =>
    answerCard(await ask({ stake: 2_000 + index }), shown),
  );
  // Another stake each time, so that no picture is made twice.
  const pictured = await timed(60, async (index) => {
    const answer = await ask({ stake: 20_000 + index });
    const picture = await pictures.answer(pictureSubject(answer, "en-US"));
    answerCard(answer, { ...shown, picture });
  });
  const sources = { ...market.market(), now: market.now };
  const needed = await timed(300, async (index) => {
    const coin = { by: "text", text: "benchcoin" } as const;
    const question = { ...USUAL_PURCHASE, stake: 2_000 + index, coin };
    const outcome = await answerWen(question, sources, { priority: "interactive" });
    if (!outcome.ok) throw new Error(`refused: ${outcome.refusal.reason}`);
    wenCard(outcome.answer, shown);
  });
  const compared = await timed(200, async (index) => {
    const coins = ["benchcoin", "benchmate"].map((text) => ({ by: "text", text }) as const);
    const question = { ...USUAL_PURCHASE, stake: 2_000 + index, coins, from: "each" } as const;
    const outcome = await compareCoins(question, sources, { priority: "interactive" });
    if (!outcome.ok) throw new Error(`refused: ${outcome.refusal.reason}`);
    comparisonCard(outcome.comparison, shown);
  });
  await market.close();

  return {
    // For each of its coins.
    compareMs: figure(percentile(compared, 0.5) / 2),
    answerCachedMs: figure(percentile(plain, 0.5)),
    wenMs: figure(percentile(needed, 0.5)),
    answerCachedWithPictureMs: figure(percentile(pictured, 0.5)),
    ...(await benchAutocomplete()),
  };
}

async function benchAutocomplete(): Promise<Figures> {
  const coins = inventedCoins(COINS);
  const { index } = await openMemoryCoinIndex(coins);
  // As people type: every prefix of what they look for, from one letter on.
  const typed = coins
    .filter((_, at) => at % 40 === 0)
    .flatMap(({ name }) => [1, 2, 3, 5, 8].map((length) => name.slice(0, length)));
  const samples = await timed(typed.length, (at) =>
    index.suggest(typed[Math.abs(at) % typed.length] ?? "", 25),
  );
  // A name with a slip in it, keystroke by keystroke, a different kind of slip each time.
  const misspelt = coins
    .filter((_, at) => at % 80 === 0)
    .flatMap(({ name }, at) => keystrokes(withSlip(name.toLowerCase(), at)));
  const slips = await timed(misspelt.length, (at) =>
    index.suggest(misspelt[Math.abs(at) % misspelt.length] ?? "", 25),
  );
  return {
    autocompleteP99Ms: figure(percentile(samples, 0.99)),
    autocompleteMedianMs: figure(percentile(samples, 0.5)),
    suggestTypoP99Ms: figure(percentile(slips, 0.99)),
    suggestTypoMedianMs: figure(percentile(slips, 0.5)),
  };
}

/** A letter left out, doubled, swapped with the next, or wrong. */
function withSlip(name: string, at: number): string {
  const place = 1 + (at % 4);
  const [before, letter = "", after] = [name.slice(0, place), name[place], name.slice(place + 1)];
  const slips = [
    before + after,
    before + letter + letter + after,
    `${before}${after.slice(0, 1)}${letter}${after.slice(1)}`,
    `${before}e${after}`,
  ];
  return slips[Math.floor(at / 4) % slips.length] ?? name;
}

function keystrokes(text: string): readonly string[] {
  return Array.from({ length: text.length }, (_, at) => text.slice(0, at + 1));
}
