import type { Picture, PictureMaker } from "../pictures/picture-maker.ts";
import type { CoinIndex } from "../prices/coins/coin-index.ts";
import type { Ask } from "../prices/price-source.ts";
import type { AnswerSources } from "../questions/answer.ts";
import type { Refused } from "../questions/refusal.ts";
import type { Result } from "../result.ts";
import type { TerminalArguments } from "./arguments.ts";

/** One kind of question that the terminal answers. */
export type Subcommand = {
  /** The options, each with a value, that other kinds do not have. */
  readonly options: readonly string[];
  /** Makes a question of the arguments; those that make none are bad usage, and refused. */
  questionOf(given: TerminalArguments): Result<{ readonly ask: Question }, BadUsage>;
};

/** Why arguments are no question: a sentence to show above the usage, or a refusal. */
export type BadUsage = { readonly why: string } | Refused;

/** What a question is answered from. */
export type TerminalSources = AnswerSources & { readonly coins: Pick<CoinIndex, "known"> };

/** A question, to be answered from these sources. */
export type Question = (
  sources: TerminalSources,
  ask: Ask,
) => Promise<Result<{ readonly shown: ShownAnswer }, Refused>>;

/** An answer in each form that the terminal has. */
export type ShownAnswer = {
  /** As lines to read. */
  text(): string;
  /** As an object for scripts. */
  json(): object;
  picture(pictures: PictureMaker): Promise<Picture>;
};
