import { createHmac, timingSafeEqual } from "node:crypto";
import { ENGLISH } from "../../messages/say.ts";
import type { CoinIndex } from "../../prices/coins/coin-index.ts";
import type { LamboAnswer } from "../../questions/answer.ts";
import {
  type PageParameters,
  pageCoin,
  pageParameters,
  pathSegment,
} from "../../questions/page-address.ts";
import type { SiteKey } from "./site-key.ts";

/** Everything that a picture's address says, each as text. */
export type PictureQuestion = PageParameters & {
  /** As in the page's address: an id, or `id:` and one. */
  readonly coin: string;
  /** UTC day of the newest close. */
  readonly on: string;
  /** The locale of the picture's words and numbers; absent for American English. */
  readonly lang?: string;
};

/** Raised when the pictures change, so that nobody shows an old one from a cache. */
const PICTURE_VERSION = "1";

const NAMES = ["stake", "currency", "car", "bought", "on"] as const;

/** The longest of these that an address may have: longer ones are not ours. */
const MAX_VALUE = 300;

/**
 * The path of an answer's picture, below the pages' own address. It is signed, so pictures are
 * drawn only for answers that a page has shown; a new close makes a new address, and so does
 * another language.
 */
export function picturePath(
  answer: Pick<LamboAnswer, "coin" | "asked" | "bought" | "valuation">,
  coins: Pick<CoinIndex, "known">,
  key: SiteKey,
  locale: string,
): string {
  const question: PictureQuestion = {
    ...pageParameters(answer),
    coin: pageCoin(answer.coin, coins),
    on: answer.valuation.lastRecordedOn,
    ...(locale !== ENGLISH && { lang: locale }),
  };
  const query = new URLSearchParams();
  for (const name of NAMES) {
    const value = question[name];
    if (value !== undefined) query.set(name, value);
  }
  if (question.lang !== undefined) query.set("lang", question.lang);
  query.set("v", PICTURE_VERSION);
  query.set("s", signed(question, key));
  return `/c/${pathSegment(question.coin)}/picture.png?${query}`;
}

/** What a picture's address asks for; undefined when we have not signed exactly that. */
export function readPictureAddress(
  coin: string,
  query: Readonly<Record<string, string>>,
  key: SiteKey,
): PictureQuestion | undefined {
  const { stake, currency, car, bought, on, lang, v, s } = query;
  if (stake === undefined || currency === undefined || car === undefined || on === undefined)
    return undefined;
  const question = {
    ...{ coin, stake, currency, car, on },
    ...(bought !== undefined && { bought }),
    ...(lang !== undefined && { lang }),
  };
  if (v !== PICTURE_VERSION || s === undefined) return undefined;
  if (Object.values(question).some((value) => value.length > MAX_VALUE)) return undefined;
  const [given, own] = [Buffer.from(s), Buffer.from(signed(question, key))];
  return given.length === own.length && timingSafeEqual(given, own) ? question : undefined;
}

/** HMAC-SHA256 over everything that the address says, in one order. */
function signed(question: PictureQuestion, key: SiteKey): string {
  const { coin, lang, ...rest } = question;
  const told = [PICTURE_VERSION, coin, ...NAMES.map((name) => rest[name] ?? null)];
  // Addresses from before there were languages have none, and are still good.
  if (lang !== undefined) told.push(lang);
  return createHmac("sha256", key).update(JSON.stringify(told)).digest("base64url");
}
