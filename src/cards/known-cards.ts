import type { Reply } from "../discord/reply.ts";
import type { Picture } from "../pictures/picture-maker.ts";
import { BoundedMap } from "../process/bounded-map.ts";
import type { LamboAnswer } from "../questions/answer.ts";
import { utcDay } from "../valuation/calendar.ts";
import { carValue } from "../valuation/lambo-models.ts";
import { withPicture } from "./card-reply.ts";
import type { CoinCardOptions } from "./coin-card.ts";

/** About 6 kB each, and 8 kB more once it has been sent over HTTP. */
const MAX_CARDS = 2_000;

/** Cards without their pictures, by everything that they say. */
const cards = new BoundedMap<string, Reply>({ maxEntries: MAX_CARDS });

/**
 * The card of an answer without its picture, which `make` writes only where the same has not been
 * asked lately: most people ask about few coins, with the amounts that menus offer. Making a card
 * takes a third of the time of a request (measured 2026-11).
 */
export function knownCard(
  answer: LamboAnswer,
  options: Omit<CoinCardOptions, "picture">,
  make: () => Reply,
): Reply {
  const key = keyOf(answer, options);
  return key === undefined ? make() : cards.getOrInsertComputed(key, make);
}

/** Cards with their pictures: kept with the picture, which is by far the larger. */
const withPictures = new WeakMap<Picture, WeakMap<Reply, Reply>>();

/**
 * A known card with its picture, the same object for the same picture: its response is written once
 * (a sixth of the time of such a request, measured 2026-11).
 */
export function knownCardWithPicture(card: Reply, picture: Picture): Reply {
  const ofPicture = withPictures.get(picture) ?? new WeakMap<Reply, Reply>();
  withPictures.set(picture, ofPicture);
  const reply = ofPicture.get(card) ?? withPicture(card, picture);
  ofPicture.set(card, reply);
  return reply;
}

/** Undefined for a card that says what hardly anybody else's does, or what changes each minute. */
function keyOf(
  { coin, guess, namesakes, asked, bought, currency, history, valuation }: LamboAnswer,
  { locale, now, isPrivate, isByChance, pageUrl, sharedBy }: Omit<CoinCardOptions, "picture">,
): string | undefined {
  const { stake, car, rateGap, ambiguousStake } = asked;
  const isOwn = guess ?? bought ?? rateGap ?? ambiguousStake ?? sharedBy;
  if (isOwn !== undefined || valuation.flags.includes("stale")) return undefined;
  const objects = [history, coin, ...namesakes].map(numberOf).join();
  const purchase = `${stake} ${currency.code} ${currency.perUsd} ${carValue(car)}`;
  const audience = `${isPrivate} ${isByChance === true} ${locale} ${pageUrl}`;
  return `${objects} ${purchase} ${utcDay(now)} ${audience}`;
}

let objects = 0;
const numbers = new WeakMap<object, number>();

/** A number that no other object has: histories and coins are replaced when they change. */
function numberOf(object: object): number {
  const known = numbers.get(object);
  if (known !== undefined) return known;
  objects += 1;
  numbers.set(object, objects);
  return objects;
}
