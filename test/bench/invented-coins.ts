import type { Coin } from "../../src/prices/coins/coin.ts";

/**
 * Coins with names made of 200 syllable pairs, so that prefixes collide as often as real
 * ones; the first 1,000 are ranked.
 */
export function inventedCoins(count: number): Coin[] {
  const heads = [
    "bit",
    "doge",
    "meta",
    "shib",
    "pepe",
    "sol",
    "ether",
    "moon",
    "chain",
    "link",
    "safe",
    "baby",
    "elon",
    "wrapped",
    "cat",
    "ai",
    "x",
    "uni",
    "dao",
    "usd",
  ];
  const tails = [
    "coin",
    "token",
    "swap",
    "inu",
    "fi",
    "verse",
    "cash",
    "gold",
    "protocol",
    "network",
  ];
  return Array.from({ length: count }, (_, at) => {
    const head = heads[at % heads.length] ?? "";
    const tail = tails[Math.floor(at / heads.length) % tails.length] ?? "";
    const number = Math.floor(at / (heads.length * tails.length));
    return {
      coinId: `${head}-${tail}-${number}`,
      symbol: `${head.slice(0, 3)}${tail.slice(0, 1)}${number % 7}`.toUpperCase(),
      name: `${head}${tail} ${number}`,
      rank: at < 1_000 ? at + 1 : null,
    };
  });
}
