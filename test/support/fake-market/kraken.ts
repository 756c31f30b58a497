import type { FakeCoin } from "./fake-coin.ts";
import {
  checkParameters,
  DAY_SECONDS,
  dayMs,
  ok,
  type PricedDay,
  type ProviderRequest,
  type ProviderResponse,
  pricedDays,
  QUOTED_WITHIN_DAYS,
  seriesAt,
  utcDay,
} from "./provider.ts";

/** https://docs.kraken.com/api/docs/rest-api/get-ohlc-data, checked 2026-11. */
const MAX_CANDLES = 720;
const krakenIntervals = ["1", "5", "15", "30", "60", "240", "1440", "10080", "21600"];
/**
 * Assets of Kraken's early days are X…, the dollar beside them Z…: XBTUSD answers as XXBTZUSD,
 * SOLUSD as SOLUSD.
 */
const krakenLegacyAssets = ["ETC", "ETH", "LTC", "MLN", "REP", "XBT", "XLM", "XMR", "XRP", "ZEC"];

/** What Kraken's OHLC endpoint answers; errors too have status 200. */
export function kraken(
  request: ProviderRequest,
  coins: readonly FakeCoin[],
  now: Date,
): ProviderResponse {
  const refuse = (error: string) => ok({ error: [error] });
  if (request.segments.join("/") !== "0/public/OHLC") {
    request.complain(`unknown path ${request.path}`);
    return refuse("EGeneral:Unknown method");
  }
  checkParameters(request, ["pair", "interval", "since"]);
  const { pair = "", interval = "1", since = "0" } = request.query;
  if (pair === "") request.complain("missing parameter pair");
  if (!krakenIntervals.includes(interval)) request.complain(`undocumented interval ${interval}`);
  if (!krakenIntervals.includes(interval) || !/^\d+$/.test(since))
    return refuse("EGeneral:Invalid arguments");
  if (Number(interval) < 1440) {
    request.complain(`the fake market has no candles of ${interval} minutes, only of whole days`);
    return refuse("EGeneral:Invalid arguments");
  }
  const coin = coins.find(
    (candidate) =>
      pair !== "" &&
      (candidate.krakenPair === pair ||
        (candidate.krakenPair !== undefined && resultKeyOf(candidate) === pair)),
  );
  const series = coin && seriesAt(coin, "kraken");
  if (coin === undefined || series === undefined) return refuse("EQuery:Unknown asset pair");

  const periodSeconds = Number(interval) * 60;
  const candles = candlesOf(
    pricedDays(series, now),
    periodSeconds,
    Math.floor(now.getTime() / 1000),
  );
  const recent = candles.slice(-MAX_CANDLES).filter(({ time }) => time > Number(since));
  // `last` is the newest candle that can no longer change.
  const last = candles.at(-2)?.time ?? candles.at(-1)?.time ?? 0;
  return ok({
    error: [],
    result: {
      [resultKeyOf(coin)]: recent.map(({ time, prices: { open, high, low, close } }) => [
        time,
        plain(open),
        plain(high),
        plain(low),
        plain(close),
        plain((high + low) / 2),
        "1234.56780000",
        1234,
      ]),
      last,
    },
  });
}

function resultKeyOf(coin: FakeCoin): string {
  const pair = coin.krakenPair ?? "";
  const [, asset = ""] = /^(.*)USD$/.exec(pair) ?? [];
  return coin.krakenResultKey ?? (krakenLegacyAssets.includes(asset) ? `X${asset}ZUSD` : pair);
}

type Candle = {
  readonly time: number;
  readonly prices: {
    readonly open: number;
    readonly high: number;
    readonly low: number;
    readonly close: number;
  };
};

/**
 * Candles counted from the epoch, a Thursday, so weeks begin on Thursdays at 00:00 UTC. A price
 * belongs to 00:00 of its day, hence the last trade of a candle is the price of the day on which
 * the next one begins. The candle of `nowSeconds` is unfinished.
 */
function candlesOf(
  days: readonly PricedDay[],
  periodSeconds: number,
  nowSeconds: number,
): Candle[] {
  const latest = days.at(-1);
  if (latest === undefined) return [];
  const stillTraded = nowSeconds - dayMs(latest.on) / 1000 <= QUOTED_WITHIN_DAYS * DAY_SECONDS;
  const candles: Candle[] = [];
  let index = 0;
  while (index < days.length) {
    const time = Math.floor(dayMs(days[index]?.on ?? "") / 1000 / periodSeconds) * periodSeconds;
    const endOn = utcDay((time + periodSeconds) * 1000);
    const begin = index;
    while (index < days.length && (days[index]?.on ?? "") < endOn) index += 1;
    const within = days
      .slice(begin, days[index]?.on === endOn ? index + 1 : index)
      .map((day) => day.priceUsd);
    const prices = {
      open: within[0] ?? 0,
      high: Math.max(...within),
      low: Math.min(...within),
      close: within.at(-1) ?? 0,
    };
    candles.push({ time, prices });
  }
  const unfinished = Math.floor(nowSeconds / periodSeconds) * periodSeconds;
  const { priceUsd } = latest;
  if (stillTraded && candles.at(-1)?.time !== unfinished)
    candles.push({
      time: unfinished,
      prices: { open: priceUsd, high: priceUsd, low: priceUsd, close: priceUsd },
    });
  return candles;
}

/** A decimal without exponent, exact: Kraken sends prices as text. */
function plain(price: number): string {
  const [digits = "", exponent] = String(price).split("e");
  if (exponent === undefined) return digits;
  return Number(exponent) > 0
    ? BigInt(price).toString()
    : `0.${"0".repeat(-Number(exponent) - 1)}${digits.replace(".", "")}`;
}
