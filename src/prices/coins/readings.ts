import { comparable, squeezed } from "./coin.ts";

/**
 * What a typed text may say besides its letters: an id, a text with a role, a name with a symbol
 * beside it, several coins, or several if all are large.
 */
export type Reading =
  | { readonly as: "id" | "text"; readonly text: string }
  | { readonly as: "symbol"; readonly texts: readonly string[] }
  | { readonly as: "label" | "both"; readonly name: string; readonly symbol: string | undefined }
  | { readonly as: "several" | "large"; readonly texts: readonly string[] };

/** The readings of a text, the likeliest first, and whether it is the address of a page. */
export type Readings = { readonly readings: readonly Reading[]; readonly isPage: boolean };

/** What separates the parts of the labels that suggestions and menus show. */
const LABEL_SEPARATOR = /\s+·\s+/;

/** What coins are priced in on exchanges, and kinds of contracts on them. */
const QUOTES =
  "usd|usdt|usdc|fdusd|tusd|busd|eur|gbp|jpy|krw|cny|inr|brl|aud|cad|chf|rub|btc|eth|bnb".split(
    "|",
  );
/** The last two are days on which contracts end: 27DEC24, 241227. */
const CONTRACTS = "perpetual|perp|swap|spot|futures|p|\\d{1,2}[a-z]{3}\\d{2}|\\d{6}";
const PAIR = new RegExp(
  `^(.+?)(?:\\s*(?:[/\\\\_:.|·-]|→|->|=>)\\s*|\\s+(?:to|in|vs\\.?|against)\\s+)(?:${QUOTES.join("|")}|${CONTRACTS})(?:[\\s/_:.-].*)?$`,
);
const MIN_GLUED_LENGTH = 6;
const MIN_GLUED_BASE = 2;
const EXCHANGE_IN_FRONT = /^[a-z]{3,12}:(?=[a-z0-9])/;

/** Words around a coin's name that say nothing about which coin is meant. */
const NOISE = new Set(
  (
    "a an the my of in to for is what whats what's how much about and price prices chart value worth " +
    "coin coins token tokens crypto cryptocurrency currency please pls plz buy sell buying today now " +
    "usd usdt eur dollar dollars euro market cap live news lambo"
  ).split(" "),
);

const MAX_READINGS = 24;

/**
 * Everything that a comparable text may mean beyond being an id, symbol or name as it stands. Takes
 * well under a millisecond for any text of a hundred characters.
 */
export function readingsOf(text: string): Readings {
  const page = pageReadings(text);
  if (page !== undefined && !LABEL_SEPARATOR.test(text)) return { readings: page, isPage: true };
  const found: Reading[] = [...labelReadings(text), ...idReadings(text)];
  const texts = [text];
  for (let at = 0; at < texts.length && found.length < MAX_READINGS; at += 1) {
    const current = texts[at] ?? "";
    found.push({ as: "text", text: current });
    found.push(...jointReadings(current));
    for (const next of plainerTexts(current)) if (!texts.includes(next)) texts.push(next);
    found.push(...gluedPairReadings(current));
  }
  return {
    readings: [
      ...found,
      ...severalReadings(text),
      ...wordReadings(text),
      ...coinlessReadings(text),
    ],
    isPage: false,
  };
}

/** A text without marks around it: `#doge`, `"doge"`, `:doge:`; the text itself if that is all. */
export function bareText(text: string): string {
  const emoji = /^<a?:(\w+):\d+>$/.exec(text)?.[1];
  const bare = (emoji ?? text).replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}\p{M}]+$/gu, "");
  return bare === "" ? text : bare;
}

/** The coin of a pair of an exchange: `doge` of `doge/usdt`; the text itself if it is none. */
export function pairBase(text: string): string {
  return PAIR.exec(text.replace(EXCHANGE_IN_FRONT, ""))?.[1]?.trim() ?? text;
}

/** "dogeusdt", "kraken:xbtusd", "btcusdt.p": the symbols that may be in front of a quote. */
function gluedPairReadings(text: string): readonly Reading[] {
  const pair = text.replace(EXCHANGE_IN_FRONT, "").replace(/(?:\.p|perp)$/, "");
  if (pair.length < MIN_GLUED_LENGTH || !/^[a-z0-9]{6,14}$/.test(pair)) return [];
  const texts = QUOTES.filter((quote) => pair.endsWith(quote))
    .map((quote) => pair.slice(0, -quote.length))
    .filter((base) => base.length >= MIN_GLUED_BASE);
  return texts.length === 0 ? [] : [{ as: "symbol", texts }];
}

/** The texts that are left when what says nothing is taken away in one way each. */
function plainerTexts(text: string): readonly string[] {
  const inFrontOfRank = /^(.+?)\s+#\d+$/.exec(text)?.[1];
  const inFrontOfBracket = /^([^([{]+?)\s*[([{].*$/.exec(text)?.[1];
  const arrow = /^.*(?:→|->|=>)\s*(.+)$/.exec(text)?.[1];
  const words = text.split(/[\s,;]+/);
  const telling = words.filter((word) => !NOISE.has(bareText(word)));
  const [first = "", ...others] = telling;
  const withoutCount = /^[\d.,]+$/.test(first) && others.length > 0 ? others : telling;
  const singular = /^(.*[a-z]{5})s$/.exec(text)?.[1];
  // Exchanges trade cheap coins by the thousand.
  const inThousands = /^10{3,6}([a-z]{3}.*)$/.exec(text)?.[1];
  const base = pairBase(text);
  return [
    bareText(text),
    base === text ? arrow : base,
    inFrontOfRank,
    inFrontOfBracket,
    withoutCount.join(" "),
    singular,
    inThousands,
  ].flatMap((plainer) =>
    plainer === undefined || plainer === "" || plainer === text ? [] : [plainer],
  );
}

/** "Dogecoin · DOGE · #8", in whatever language the last part is. */
function labelReadings(text: string): readonly Reading[] {
  const [name, symbol, ...rest] = text.split(LABEL_SEPARATOR);
  if (name === undefined || name === "" || symbol === undefined) return [];
  // A coin without a symbol of its own has a label of two parts.
  const labels: Reading[] = [{ as: "label", name, symbol: rest.length === 0 ? undefined : symbol }];
  if (rest.length === 0) labels.unshift({ as: "label", name, symbol });
  return labels;
}

/** "id: dogecoin", "id:dogecoin (Dogecoin, DOGE)", "Dogecoin (DOGE, id:dogecoin)". */
function idReadings(text: string): readonly Reading[] {
  const id = /(?:^|[\s(,])id\s*:\s*([^\s,()]+)/.exec(text)?.[1];
  const spaced = /^id\s*:\s*([^,():]+)$/.exec(text)?.[1];
  return [spaced?.trim().replace(/\s+/g, "-"), id].flatMap((coinId): Reading[] =>
    coinId === undefined || coinId === "" ? [] : [{ as: "id", text: coinId }],
  );
}

/** "dogecoin (doge)", "doge - dogecoin", "dogecoin doge": a name and a symbol, either way round. */
function jointReadings(text: string): readonly Reading[] {
  const split =
    /^(.+?)\s*[([{]\s*(.+?)\s*[)\]}]*$/.exec(text) ??
    /^(.+?)(?:\s*[|,=–—]\s*|\s+-\s+)(.+)$/.exec(text);
  const [, one, other] = split ?? [];
  const words = text.split(" ");
  const pairs = [
    [one, other],
    [words.slice(0, -1).join(" "), words.at(-1)],
    [words.slice(1).join(" "), words[0]],
  ];
  return pairs.flatMap(([name = "", symbol = ""]): Reading[] =>
    name === "" || symbol === ""
      ? []
      : [{ as: "both", name: bareText(name), symbol: bareText(symbol) }],
  );
}

/** "btc, eth", "doge or shib". */
function severalReadings(text: string): readonly Reading[] {
  const texts = text
    .split(/\s*[,;&+]\s*|\s+(?:and|or|vs\.?|und|oder)\s+/)
    .map(bareText)
    .filter((part) => part !== "");
  return texts.length < 2 || texts.length > 10 ? [] : [{ as: "several", texts }];
}

/** "trumpcoin": only of large coins, because other names do end like that. */
function coinlessReadings(text: string): readonly Reading[] {
  const name = /^(.{4,}?)(?:coin|token)s?$/.exec(bareText(text))?.[1];
  return name === undefined ? [] : [{ as: "large", texts: [name] }];
}

/** "btc eth": without anything between them, words may as well be a name with a slip in it. */
function wordReadings(text: string): readonly Reading[] {
  const texts = text.split(" ").map(bareText);
  return texts.length < 2 || texts.length > 10 ? [] : [{ as: "large", texts }];
}

const KNOWN_SITE = /(?:^|[\s(<[])(?:[a-z0-9-]+\.)*(coingecko|coinmarketcap)\.com(\/[^\s>)\]]*|$)/;
const ANY_PAGE = /https?:\/\/([a-z0-9.-]+)(\/[^\s>)\]]*|$)/;
/** Parts of addresses that name no coin. */
const NOT_A_COIN = new Set(
  (
    "api coins coin currencies currency token tokens asset assets price prices market markets " +
    "market_chart trade trading spot futures symbols chart charts historical_data historical-data " +
    "exchange exchanges crypto cryptocurrency project protocol address usd usdt eur en-us"
  ).split(" "),
);
/** Ends of page names that are no part of the coin's name. */
const SAYS_NO_COIN = new Set("new coin token protocol network ethereum".split(" "));

/** What a page's address says: what comes after "coins" on CoinGecko, the last part elsewhere. */
function pageReadings(text: string): readonly Reading[] | undefined {
  const [, site = "", address = ""] = KNOWN_SITE.exec(text) ??
    ANY_PAGE.exec(text) ?? [undefined, undefined];
  if (site === "") return undefined;
  const [path = "", query = ""] = address.replace(/#.*$/, "").split("?");
  const asked = /(?:^|&)(?:ids?|symbols?)=([^&,]+)/.exec(query)?.[1];
  if (asked !== undefined) return readingsOfSlug(comparable(decoded(asked)));
  const parts = path
    .split("/")
    .map((part) => comparable(decoded(part)))
    .filter((part) => part !== "");
  const isLocale = /^[a-z]{2}(?:-[a-z]{2,4})?$/.test(parts[0] ?? "");
  const own = isLocale ? parts.slice(1) : parts;
  // CoinGecko writes "coins" in each language.
  const isTranslated = site === "coingecko" && own.length > 1 && own[0] !== "api";
  const slugs = (isTranslated ? own.slice(1) : own).filter(
    (part) => !NOT_A_COIN.has(part) && !/^v\d$/.test(part),
  );
  const [first] = slugs;
  const last = slugs.at(-1);
  if (first === undefined || last === undefined) return [];
  if (site === "coingecko") return [{ as: "id", text: first }, ...readingsOfSlug(first)];
  if (site === "coinmarketcap") return readingsOfSlug(first);
  return [
    ...readingsOfSlug(last),
    { as: "text", text: pairBase(last) },
    ...gluedPairReadings(last),
  ];
}

/** "polkadot-new", "multiversx-egld": a page's name of its coin, which may carry more than that. */
function readingsOfSlug(slug: string): readonly Reading[] {
  const words = slug.split("-");
  const last = words.at(-1) ?? "";
  const shorter = words.slice(0, -1).join("-");
  const texts = [slug, ...(shorter !== "" && SAYS_NO_COIN.has(last) ? [shorter] : [])];
  return [
    ...texts.map((text) => ({ as: "text", text }) as const),
    ...(shorter === "" ? [] : [{ as: "both", name: shorter, symbol: last } as const]),
    ...(shorter === ""
      ? []
      : [{ as: "both", name: words.slice(1).join("-"), symbol: words[0] } as const]),
  ];
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The spellings in which slips are looked for, the whole text first; squeezed, at most four. */
export function spellingsOf(text: string, { readings, isPage }: Readings): readonly string[] {
  const texts = readings.flatMap((reading) => (reading.as === "text" ? [reading.text] : []));
  const spellings = (isPage ? texts : [text, ...texts]).map(squeezed);
  return [...new Set(spellings)].filter((spelling) => spelling !== "").slice(0, 4);
}
