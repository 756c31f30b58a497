/** A coin at Coin Metrics. */
export type CoinMetricsAsset = {
  /** Coin Metrics' id: a ticker in lower case, sometimes followed by a full name. */
  readonly assetId: string;
  /**
   * First UTC day with a `ReferenceRateUSD` at Coin Metrics; `PriceUSD` is stamped a day earlier.
   */
  readonly startsOn: string;
  /**
   * First UTC day of the coin at CoinGecko, give or take a few days: where its history begins when
   * all sources work.
   */
  readonly listedOn: string;
};

/**
 * The coins that Coin Metrics may be asked for, by CoinGecko's coin id. Its ids are tickers and
 * collide (`ace` and `ace_fusionist` are two coins), so every id was looked up: in the coverage
 * lists of docs.coinmetrics.io ("Coin Metrics Prices Methodology", change log), and `startsOn` in
 * csv/<id>.csv of github.com/coinmetrics/data where the file has it (both checked 2026-11-26; for
 * ltc, xrp and trx only the month is known, and eth's day was reported by a user of the API; aave,
 * dash and xmr were looked up in csv alone, 2026-11-27).
 * `listedOn` is accurate to a few days, and so is everything that depends on it.
 *
 * The records of ada, doge and xrp begin weeks or months after the coin, so they have no opening.
 */
export const COIN_METRICS_ASSETS: ReadonlyMap<string, CoinMetricsAsset> = new Map([
  ["bitcoin", { assetId: "btc", startsOn: "2010-07-19", listedOn: "2013-04-28" }],
  ["litecoin", { assetId: "ltc", startsOn: "2013-04-30", listedOn: "2013-04-28" }],
  ["ripple", { assetId: "xrp", startsOn: "2014-08-31", listedOn: "2013-08-04" }],
  ["dogecoin", { assetId: "doge", startsOn: "2014-01-24", listedOn: "2013-12-15" }],
  ["dash", { assetId: "dash", startsOn: "2014-02-09", listedOn: "2014-02-14" }],
  ["monero", { assetId: "xmr", startsOn: "2014-05-21", listedOn: "2014-05-21" }],
  ["ethereum", { assetId: "eth", startsOn: "2015-08-09", listedOn: "2015-08-07" }],
  ["ethereum-classic", { assetId: "etc", startsOn: "2016-07-26", listedOn: "2016-07-24" }],
  ["zcash", { assetId: "zec", startsOn: "2016-10-30", listedOn: "2016-10-29" }],
  ["bitcoin-cash", { assetId: "bch", startsOn: "2017-08-02", listedOn: "2017-08-02" }],
  ["binancecoin", { assetId: "bnb", startsOn: "2017-07-16", listedOn: "2017-09-16" }],
  ["chainlink", { assetId: "link", startsOn: "2017-09-30", listedOn: "2017-11-09" }],
  ["tron", { assetId: "trx", startsOn: "2017-10-31", listedOn: "2017-11-09" }],
  ["cardano", { assetId: "ada", startsOn: "2017-12-02", listedOn: "2017-10-18" }],
  ["solana", { assetId: "sol", startsOn: "2020-04-11", listedOn: "2020-04-11" }],
  ["polkadot", { assetId: "dot", startsOn: "2020-08-21", listedOn: "2020-08-19" }],
  ["uniswap", { assetId: "uni", startsOn: "2020-09-19", listedOn: "2020-09-17" }],
  ["avalanche-2", { assetId: "avax", startsOn: "2020-09-24", listedOn: "2020-09-22" }],
  ["aave", { assetId: "aave", startsOn: "2020-10-11", listedOn: "2020-10-03" }],
  ["near", { assetId: "near", startsOn: "2020-10-16", listedOn: "2020-10-14" }],
]);
