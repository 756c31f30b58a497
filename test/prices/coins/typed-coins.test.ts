import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { coinLabel } from "../../../src/messages/wording.ts";
import type { CoinIndex } from "../../../src/prices/coins/coin-index.ts";
import { anyText } from "../../support/any-text.ts";
import { openMemoryCoinIndex } from "../../support/memory-coin-index.ts";
import { typedCoinsList } from "./typed-coins-list.ts";

const COINS = typedCoinsList();
const ASK = { priority: "interactive" } as const;

let index: CoinIndex;
let searches: () => number;

beforeAll(async () => {
  ({ index, searches } = await openMemoryCoinIndex(COINS));
});

/**
 * What a text comes to: a coin's id; `~id` where it is a guess, which the answer says; `? id, id`
 * for a menu that begins with these; "unknown".
 */
async function meant(text: string): Promise<string> {
  const resolution = await index.resolve(text, ASK);
  if (resolution.ok) return `${resolution.guess === undefined ? "" : "~"}${resolution.coin.coinId}`;
  if (resolution.reason === "prices-unavailable") return resolution.reason;
  const offered =
    resolution.reason === "ambiguous-coin" ? resolution.candidates : resolution.suggestions;
  return offered.length === 0 ? "unknown" : `? ${offered.map(({ coinId }) => coinId).join(", ")}`;
}

/** Lines of `typed → expected`; a menu need only begin as expected. */
async function expectAll(table: string): Promise<void> {
  const rows = table
    .split("\n")
    .filter((line) => line.includes(" → "))
    .map((line): [string, string] => {
      const at = line.lastIndexOf(" → ");
      return [line.slice(0, at).trim(), line.slice(at + 3).trim()];
    });
  const wrong: string[] = [];
  for (const [typed, expected] of rows) {
    const found = await meant(typed);
    const isRight = expected.startsWith("?") ? found.startsWith(expected) : found === expected;
    if (!isRight) wrong.push(`${typed} → ${found}, not ${expected}`);
  }
  expect(wrong).toEqual([]);
}

describe("a coin as people type it", () => {
  it("is found by its exact id, symbol or name, as ever", () =>
    expectAll(`
      bitcoin → bitcoin
      BTC → bitcoin
      doge → dogecoin
      Shiba Inu → shiba-inu
      shiba-inu → shiba-inu
      uni → uniswap
      link → chainlink
      id:link → link
      sand → the-sandbox
      near → near
      one → harmony
      gas → gas
      dot → polkadot
      sun → sun-token
      op → optimism
      ton → the-open-network
      matic → matic-network
      polygon → matic-network
      ripple → ripple
      luna → terra-luna-2
      s → sonic-3
      100 → hundred
      b@ → bankcoin
      defi++ → piedao-defi
      moon stop → moon-stop
      doge2.0 → doge-2-0
      🔥 → fire-2
      $a/b → a/b
      币安人生 → bianrensheng
      שקל → rtl-coin
      Τbtc → tau-bitcoin
      ( ͡° ͜ʖ ͡°) → lenny-face
      twin → ? twin-a, twin-b
      lunaswap mars 0 → lunaswap-mars-0
    `));

  it("is found in spite of a slip, and the guess is said", () =>
    expectAll(`
      dogecion → ~dogecoin
      litcoin → ~litecoin
      cardno → ~cardano
      pokadot → ~polkadot
      avalance → ~avalanche-2
      chainlnk → ~chainlink
      rippel → ~ripple
      bitcon → ~bitcoin
      bticoin → ~bitcoin
      bitcion → ~bitcoin
      bitcoinn → ~bitcoin
      bitkoin → ~bitcoin
      butcoin → ~bitcoin
      bitvoin → ~bitcoin
      botcoin → ~bitcoin
      vitcoin → ~bitcoin
      BITCOIM → ~bitcoin
      etheruem → ~ethereum
      ethreum → ~ethereum
      ethereuum → ~ethereum
      ehtereum → ~ethereum
      ethirium → ~ethereum
      ethereun → ~ethereum
      dodgecoin → ~dogecoin
      dogecoinn → ~dogecoin
      dogecooin → ~dogecoin
      dohecoin → ~dogecoin
      dogecojn → ~dogecoin
      litecion → ~litecoin
      cardanno → ~cardano
      kardano → ~cardano
      polcadot → ~polkadot
      polkadott → ~polkadot
      avelanche → ~avalanche-2
      avalanch → ~avalanche-2
      chanlink → ~chainlink
      chainlinc → ~chainlink
      unisawp → ~uniswap
      monerro → ~monero
      moneor → ~monero
      shiba innu → ~shiba-inu
      sheba inu → ~shiba-inu
      shibba inu → ~shiba-inu
      stelllar → ~stellar
      steller → ~stellar
      tehter → ~tether
      teather → ~tether
      hyperliqiud → ~hyperliquid
      algorend → ~algorand
      filecion → ~filecoin
      arbitrium → ~arbitrum
      optimisim → ~optimism
      ethereum clasic → ~ethereum-classic
      etherium classic → ~ethereum-classic
      bitcoin csh → ~bitcoin-cash
      wraped bitcoin → ~wrapped-bitcoin
      internet computr → ~internet-computer
      pancakswap → ~pancakeswap-token
      pancake sawp → ~pancakeswap-token
      decentralend → ~decentraland
      axie infinty → ~axie-infinity
      baby dogecoin → baby-doge-coin
      ravencion → ~ravencoin
      safemon → ~safemoon-2
      squid gmae → ~squid-game
      dogcoin price → ~dogecoin
      #dogecion → ~dogecoin
      etheruem/usd → ~ethereum
      polkado → ~polkadot
      chainl → ~chainlink
      avalan → ~avalanche-2
      slana → ~solana
      riple → ~ripple
      mnero → ~monero
      tethr → ~tether
      teter → ~tether
      solan → ~solana
      solna → ~solana
    `));

  it("is found behind marks, spaces and the words around it", () =>
    expectAll(`
      #doge → dogecoin
      $DOGE → dogecoin
      ₿ → bitcoin
      DOGE·USDT → dogecoin
      dogecoin #10 → dogecoin
      solanacoin → solana
      trumpcoin → official-trump
      Bitcoin™ → bitcoin
      $BTC$ → bitcoin
      @doge → dogecoin
      bitcoin! → bitcoin
      bitcoin? → bitcoin
      bitcoin. → bitcoin
      bitcoin, → bitcoin
      ...doge... → dogecoin
      "bitcoin" → bitcoin
      “bitcoin” → bitcoin
      'doge' → dogecoin
      **doge** → dogecoin
      \`doge\` → dogecoin
      [doge] → dogecoin
      (doge) → dogecoin
      <doge> → dogecoin
      :doge: → dogecoin
      <:doge:1234567890123456> → dogecoin
      🚀 doge 🚀 → dogecoin
      🐕doge → dogecoin
      doge-coin → dogecoin
      doge coin → dogecoin
      Doge_Coin → dogecoin
      DOGE COIN → dogecoin
      bit coin → bitcoin
      chain link → chainlink
      shibainu → shiba-inu
      shiba_inu → shiba-inu
      binance coin → binancecoin
      avalanche 2 → avalanche-2
      usd coin → usd-coin
      leo token → leo-token
      pancake swap → pancakeswap-token
      ethereumclassic → ethereum-classic
      yearn finance → yearn-finance
      the bitcoin → bitcoin
      bitcoin price → bitcoin
      price of bitcoin → bitcoin
      bitcoin price in usd → bitcoin
      doge token → dogecoin
      xrp coin → ripple
      solana crypto → solana
      bitcoin please → bitcoin
      my doge → dogecoin
      buy doge → dogecoin
      bitcoins → bitcoin
      2 dogecoins → dogecoin
      sandbox → the-sandbox
      graph → the-graph
      pepe 2.0 → pepe-2-0
      id: dogecoin → dogecoin
      ID:DOGECOIN → dogecoin
      id:shiba inu → shiba-inu
    `));

  it("is found in a pair of an exchange", () =>
    expectAll(`
      DOGE/USD → dogecoin
      DOGE/USDT → dogecoin
      DOGE-USD → dogecoin
      DOGEUSDT → dogecoin
      dogeusd → dogecoin
      DOGE-PERP → dogecoin
      DOGEUSDT.P → dogecoin
      BTC_EUR → bitcoin
      BTCUSDT → bitcoin
      BTC-USDT-SWAP → bitcoin
      ETHBTC → ethereum
      XRP/BTC → ripple
      BINANCE:DOGEUSDT → dogecoin
      BTC/USDT:USDT → bitcoin
      btc to usd → bitcoin
      btc in eur → bitcoin
      btc vs usd → bitcoin
      XBT/USD → ? xbit, bitcoin
      USDT/USD → tether
      USDCUSDT → usd-coin
      Bitcoin/USD → bitcoin
      KRAKEN:XBTUSD → bitcoin
      binance:doge/usdt → dogecoin
      kraken:doge/eur → dogecoin
      XDGUSD → dogecoin
      doge->usd → dogecoin
      UNI → Uniswap → uniswap
      1000PEPEUSDT → pepe
      1000SHIB → shiba-inu
      BTC-27DEC24 → bitcoin
      btc=bitcoin → bitcoin
    `));

  it("is found by a name with a symbol beside it", () =>
    expectAll(`
      dogecoin (DOGE) → dogecoin
      DOGE (Dogecoin) → dogecoin
      Dogecoin [DOGE] → dogecoin
      Dogecoin - DOGE → dogecoin
      Dogecoin, DOGE → dogecoin
      Dogecoin | DOGE → dogecoin
      Dogecoin DOGE → dogecoin
      BTC Bitcoin → bitcoin
      Bitcoin (BTC) price → bitcoin
      uni (unicorn) → unicorn-token
      Uni (UNI) → uni
      doge (Department of Government Efficiency) → department-of-government-efficiency
      POL (ex-MATIC) → polygon-ecosystem-token
      Pudgy Penguins (PENGU) → pudgy-penguins
      bitcoin (the first one) → bitcoin
      doge (the dog) → dogecoin
      id:dogecoin (Dogecoin, DOGE) → dogecoin
      Dogecoin (DOGE, id:dogecoin) → dogecoin
    `));

  it("is found by a pasted page", () =>
    expectAll(`
      https://www.coingecko.com/en/coins/dogecoin → dogecoin
      https://www.coingecko.com/en/coins/dogecoin?utm_source=x&y=1#panel → dogecoin
      https://www.coingecko.com/de/munze/dogecoin → dogecoin
      https://www.coingecko.com/ja/%E3%82%B3%E3%82%A4%E3%83%B3/dogecoin → dogecoin
      https://www.coingecko.com/es/monedas/shiba-inu/historical_data → shiba-inu
      https://www.coingecko.com/coins/avalanche-2 → avalanche-2
      coingecko.com/en/coins/bitcoin/usd → bitcoin
      www.coingecko.com/en/coins/link → link
      https://api.coingecko.com/api/v3/coins/dogecoin/market_chart?vs_currency=usd&days=max → dogecoin
      https://api.coingecko.com/api/v3/simple/price?ids=dogecoin&vs_currencies=usd → dogecoin
      <https://www.coingecko.com/en/coins/dogecoin> → dogecoin
      https://www.coingecko.com/de/munze/dogecoin → dogecoin
      https://www.coingecko.com/pt/moedas/chainlink → chainlink
      [Dogecoin](https://www.coingecko.com/en/coins/dogecoin) → dogecoin
      https://coinmarketcap.com/currencies/dogecoin/ → dogecoin
      https://coinmarketcap.com/currencies/bnb/ → binancecoin
      https://coinmarketcap.com/currencies/xrp/ → ripple
      https://coinmarketcap.com/currencies/polkadot-new/ → polkadot
      https://coinmarketcap.com/currencies/avalanche/ → avalanche-2
      https://coinmarketcap.com/currencies/toncoin/ → the-open-network
      https://coinmarketcap.com/currencies/hedera/ → hedera-hashgraph
      https://coinmarketcap.com/currencies/multiversx-egld/ → elrond-erd-2
      https://coinmarketcap.com/currencies/multi-collateral-dai/ → dai
      https://coinmarketcap.com/currencies/unus-sed-leo/ → leo-token
      https://coinmarketcap.com/currencies/near-protocol/ → near
      https://coinmarketcap.com/currencies/shiba-inu/markets/ → shiba-inu
      https://coinmarketcap.com/de/currencies/cardano/historical-data/ → cardano
      coinmarketcap.com/currencies/usd-coin → usd-coin
      https://www.binance.com/en/trade/DOGE_USDT?type=spot → dogecoin
      https://www.tradingview.com/symbols/BTCUSD/ → bitcoin
      https://www.coinbase.com/price/litecoin → litecoin
      https://example.com/nothing → unknown
      https://dexscreener.com/solana/7qbrf6ysyguluvs6y1q64bdvrfe4zccuufskbg9xkc → unknown
      https://coinmarketcap.com/currencies/terra-luna-v2/ → terra-luna-2
      https://coinmarketcap.com/currencies/link/ → chainlink
      https://coinmarketcap.com/currencies/optimism-ethereum/ → optimism
      https://coinmarketcap.com/currencies/solana-something-else/ → unknown
      https://coinpaprika.com/coin/doge-dogecoin/ → dogecoin
      https://defillama.com/protocol/aave → aave
      https://www.coingecko.com/ → unknown
    `));

  it("is found in other letters and scripts", () =>
    expectAll(`
      Ｂｉｔｃｏｉｎ → bitcoin
      ｄｏｇｅ → dogecoin
      bítcoin → bitcoin
      dögecoin → dogecoin
      cafe noir → cafe-noir
      𝐃𝐨𝐠𝐞𝐜𝐨𝐢𝐧 → dogecoin
      ビットコイン → bitcoin
      イーサリアム → ethereum
      リップル → ripple
      ドージコイン → dogecoin
      ソラナ → solana
      비트코인 → bitcoin
      이더리움 → ethereum
      리플 → ripple
      도지코인 → dogecoin
      биткоин → bitcoin
      Биткойн → bitcoin
      эфириум → ethereum
      эфир → ethereum
      догикоин → dogecoin
      比特币 → bitcoin
      比特幣 → bitcoin
      以太坊 → ethereum
      狗狗币 → dogecoin
      瑞波币 → ripple
      莱特币 → litecoin
      بيتكوين → bitcoin
      بتكوين → bitcoin
      إيثريوم → ethereum
      دوجكوين → dogecoin
      ביטקוין → bitcoin
      אתריום → ethereum
      बिटकॉइन → bitcoin
      इथेरियम → ethereum
      บิตคอยน์ → bitcoin
      บิทคอยน์ → bitcoin
      อีเธอเรียม → ethereum
      βιτcoin → unknown
      Μπιτκόιν → bitcoin
      биткоен → ~bitcoin
      ドージコイソ → ~dogecoin
    `));

  it("is found by a ticker of old or a name of old", () =>
    expectAll(`
      XDG → dogecoin
      ether → ethereum
      stellar lumens → ~stellar
      lumens → ~stellar
      binance → ~binancecoin
      elrond → ~elrond-erd-2
      klaytn → ~kaia
      klay → ~kaia
      rndr → ~render-token
      crypto.com → ~crypto-com-chain
      antshares → ~neo
      darkcoin → ~dash
      terra luna → terra-luna
      usd tether → tether
    `));

  it("is asked for where a large coin is one slip from a small one of that name", () =>
    expectAll(`
      etherium → ? etherium-2, ethereum
      solona → ? solona, solana
      shiba → ? shiba, shiba-inu
      xbt → ? xbit, bitcoin
      id:solona → solona
    `));

  it("is offered in a menu, never guessed, when it is short or two are as close", () =>
    expectAll(`
      dgoe → ? dogecoin
      bct → ? bitcoin
      xrpp → ? ripple
      bitc → ? bitcoin
      peppe → ? pepe
      safeinuu mars → ? safeinu-mars-
      ethereal → ? ethereum
      steler → ? stellar
      floki inu → ? floki
      dogecoin killer → ? dogecoin
      dogecoin to the moon → ? dogecoin
      hello world → ? worldcoin-wld
      dogecoin2 → ? dogecoin
      polkadot1 → ? polkadot
      mogecoin → ? mog-coin, dogecoin
      batcet → ? batcat
      bitshba → ? bitshiba
      interet → ? internet-computer
      btc, eth → ? bitcoin, ethereum
      uni,cake → ? uniswap, pancakeswap-token
      eth btc → ? ethereum, bitcoin
      doge shib sol → ? dogecoin, shiba-inu, solana
      doge or shib → ? dogecoin, shiba-inu
    `));

  it("is unknown when it resembles nothing", () =>
    expectAll(`
      qzxjkvw → unknown
      nothing like it → unknown
      hello there → unknown
      lorem ipsum dolor → unknown
      12345678 → unknown
      %2e%2e → unknown
      ../../x?y= → unknown
      <@123> **x** → unknown
      !!! → unknown
      🦄🦄 → unknown
      $ → unknown
      id: → unknown
      id:dogecion → unknown
      the price → unknown
    `));
});

describe("a text that is shown", () => {
  const shown = COINS.filter((_, at) => at < 200 || at % 500 === 0);

  it("means its coin when a client sends it back: labels of suggestions and menus", async () => {
    const wrong: string[] = [];
    for (const coin of shown) {
      const found = await index.resolve(coinLabel(coin, "en-US"), ASK);
      const isRight = found.ok
        ? found.coin.coinId === coin.coinId && found.guess === undefined
        : found.reason === "ambiguous-coin" && found.candidates.includes(coin);
      if (!isRight) wrong.push(coinLabel(coin, "en-US"));
    }
    expect(wrong).toEqual([]);
  });

  it("means its coin with a rank of another day", () =>
    expectAll(`
      Dogecoin · DOGE · #9 → dogecoin
      Twin · TWB · unranked → twin-b
      One · ONE · nicht platziert → one
      Dogecoin · DOGE → dogecoin
    `));
});

describe("caution", () => {
  it("500 random short texts never turn into another coin", async () => {
    const letters = fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz0123456789");
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: letters, minLength: 2, maxLength: 5 }), async (text) => {
        const resolution = await index.resolve(text, ASK);
        if (!resolution.ok) return;
        const { coinId, symbol, name } = resolution.coin;
        expect(resolution.guess).toBeUndefined();
        expect([coinId, symbol.toLowerCase(), name.toLowerCase()]).toContain(text);
      }),
      { numRuns: 500 },
    );
  });

  it("no text throws, and none takes long", async () => {
    const marks = [..."()[]{}·|/-.:#%?&=+*^$\\ ", "https://", "www.", "bitcoin", "id:", "\u202e"];
    const texts = fc.sample(
      fc.oneof(
        anyText(),
        fc.array(fc.constantFrom(...marks), { maxLength: 30 }).map((parts) => parts.join("")),
        fc.constantFrom("Z̸̡̛͚͉̲a̶l̵g̷o̴".repeat(5), "((((((((((", "a ".repeat(50), "-".repeat(100)),
      ),
      { numRuns: 200, seed: 14 },
    );
    const beganAtMs = performance.now();
    for (const text of texts) {
      await index.resolve(text, ASK);
      index.suggest(text, 25);
    }
    // Milliseconds each on average, with room for a busy machine: an endless expression takes more.
    expect((performance.now() - beganAtMs) / texts.length).toBeLessThan(20);
  });

  it("a text costs one search at the most, and none when it is understood or nobody known asks", async () => {
    const before = searches();
    for (const text of ["dogecion", "#doge", "https://www.coingecko.com/en/coins/dogecoin"])
      await index.resolve(text, ASK);
    await index.resolve("resembles nought at all", { priority: "anonymous" });
    expect(searches() - before).toBe(0);
    await index.resolve("resembles nought at all", ASK);
    expect(searches() - before).toBe(1);
  });
});

describe("suggestions", () => {
  const suggested = (text: string) => index.suggest(text, 25).map(({ coin: { coinId } }) => coinId);

  it.each([
    ["dogecion", "dogecoin"],
    ["etherei", "ethereum"],
    ["bitcio", "bitcoin"],
    ["crdano", "cardano"],
    ["pokad", "polkadot"],
    ["#doge", "dogecoin"],
    ["doge coin", "dogecoin"],
    ["dogecoin (DOGE)", "dogecoin"],
    ["DOGE/USDT", "dogecoin"],
    ["Dogecoin · DOGE · #8", "dogecoin"],
    ["https://www.coingecko.com/en/coins/dogecoin", "dogecoin"],
    ["ビットコイン", "bitcoin"],
    ["ビットコ", "bitcoin"],
    ["dgoe", "dogecoin"],
    ["bct", "bitcoin"],
    ["the bitcoin", "bitcoin"],
    ["bitcoin price", "bitcoin"],
    ["lumens", "stellar"],
    ["doge killer", "dogecoin"],
    ["xxqq moonst", "moon-stop"],
  ])("%j suggests %s first", (text, coinId) => {
    expect(suggested(text)[0]).toBe(coinId);
  });

  it("keep what begins with the text first, and what is only similar last", () => {
    expect(suggested("bitcoin").slice(0, 4)).toEqual([
      "bitcoin",
      "wrapped-bitcoin",
      "bitcoin-cash",
      "bitcoin-cash-sv",
    ]);
    expect(suggested("solona").slice(0, 2)).toEqual(["solona", "solana"]);
  });

  it("are there at every keystroke of a name with a slip", () => {
    const slips = ["dogecion", "etherium", "cardnao", "polakdot", "avalnche", "chianlink"];
    for (const slip of slips) {
      for (let length = 1; length <= slip.length; length += 1)
        expect(suggested(slip.slice(0, length)), slip.slice(0, length)).not.toEqual([]);
    }
  });

  it("mean exactly their coin by value and short value, for slips too", async () => {
    for (const text of ["solona", "dogecion", "shiba", "xbt", "uni", "twin"]) {
      for (const { coin, value, shortValue } of index.suggest(text, 25)) {
        expect(await meant(value)).toBe(coin.coinId);
        expect(await meant(shortValue)).toBe(coin.coinId);
      }
    }
  });
});
