import { plainText } from "../messages/format.ts";
import { say } from "../messages/say.ts";
import type { PictureSubject } from "./answer-subject.ts";

const MAX_NAME = 60;

/** A coin's name in alt text: the first of name, symbol and coin id that says anything. */
export function nameInAltText({
  coinName,
  symbol,
  valuation,
}: Pick<PictureSubject, "coinName" | "symbol" | "valuation">): string {
  return plainText(coinName, MAX_NAME) || plainText(symbol, MAX_NAME) || valuation.coinId;
}

/** Alt text, with a notice in front of it where the prices are invented. */
export function withDemoNotice(altText: string, isDemo: boolean, locale: string): string {
  return isDemo ? `${say(locale, "demo.notice")}. ${altText}` : altText;
}
