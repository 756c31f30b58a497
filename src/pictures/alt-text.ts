import { sentences } from "../messages/lists.ts";
import { say } from "../messages/say.ts";
import { foreign } from "../messages/wording.ts";
import type { PictureSubject } from "./answer-subject.ts";

const MAX_NAME = 60;

/** A coin's name in alt text: the first of name, symbol and coin id that says anything. */
export function nameInAltText({
  coinName,
  symbol,
  valuation,
}: Pick<PictureSubject, "coinName" | "symbol" | "valuation">): string {
  return (
    foreign(coinName, MAX_NAME, "plain") || foreign(symbol, MAX_NAME, "plain") || valuation.coinId
  );
}

/** Alt text, with a notice in front of it where the prices are invented. */
export function withDemoNotice(altText: string, isDemo: boolean, locale: string): string {
  return isDemo ? sentences([say(locale, "flag.demo"), altText], locale) : altText;
}
