import type { FakeCoin } from "./fake-coin.ts";
import {
  checkParameters,
  DAY_SECONDS,
  dayMs,
  type Json,
  ok,
  type PricedDay,
  type ProviderRequest,
  type ProviderResponse,
  pricedDays,
  quoteUsd,
  seriesAt,
} from "./provider.ts";

/**
 * coins × span of one chart. The published server refuses from 501 on; the fake is a little
 * stricter, to leave no room.
 */
const MAX_CHART_POINTS = 499;

/** What servers and proxies between take without question; the documentation gives no limit. */
const MAX_PATH_LENGTH = 6_000;

type LlamaRecord = { readonly timestamp: number; readonly price: number };

/** What the price API of DefiLlama answers. */
export function defillama(
  request: ProviderRequest,
  coins: readonly FakeCoin[],
  now: Date,
): ProviderResponse {
  const [first, second, third, fourth, ...rest] = request.segments;
  const keysIn = (segment: string | undefined): string[] => {
    const keys = (segment ?? "").split(",");
    for (const key of keys)
      if (!/^[a-z]+:[^:]+$/.test(key)) request.complain(`"${key}" is not {chain}:{address}`);
    if (new Set(keys).size < keys.length) request.complain("a coin is asked for twice");
    return [...new Set(keys)];
  };
  const records = (keys: string | undefined) =>
    keysIn(keys).flatMap((key) => {
      const coin = coins.find((candidate) => `coingecko:${candidate.coinId}` === key);
      const series = coin && seriesAt(coin, "defillama");
      return coin === undefined || series === undefined
        ? []
        : [{ key, coin, days: pricedDays(series, now) }];
    });
  const nowSeconds = Math.floor(now.getTime() / 1000);

  if (first === "prices" && second === "first" && third !== undefined && fourth === undefined) {
    checkParameters(request, []);
    return llamaCoins(
      records(third).flatMap(({ key, coin, days: [day] }) =>
        day === undefined
          ? []
          : [
              [
                key,
                {
                  symbol: coin.symbol.toUpperCase(),
                  price: day.priceUsd,
                  timestamp: dayMs(day.on) / 1000 + (coin.firstRecordSeconds ?? 0),
                },
              ],
            ],
      ),
    );
  }
  if (first === "prices" && second === "current" && third !== undefined && fourth === undefined) {
    checkParameters(request, []);
    return llamaCoins(
      records(third).flatMap(({ key, coin, days }) => {
        const quote = quoteUsd(days, now);
        return quote === undefined
          ? []
          : [[key, { ...llamaHead(coin), price: quote, timestamp: nowSeconds }]];
      }),
    );
  }
  if (
    first === "prices" &&
    second === "historical" &&
    third !== undefined &&
    fourth !== undefined &&
    rest.length === 0
  ) {
    checkParameters(request, []);
    const at = Number(third);
    if (!/^\d+$/.test(third)) request.complain(`timestamp ${third} is not in whole seconds`);
    return llamaCoins(
      records(fourth).flatMap(({ key, coin, days }) => {
        // Six hours is the published server's search width.
        const record = nearest(llamaRecords(coin, days), at, 21_600);
        return record === undefined ? [] : [[key, { ...llamaHead(coin), ...record }]];
      }),
    );
  }
  if (first === "chart" && second !== undefined && third === undefined) {
    checkParameters(request, ["start", "end", "span", "period"]);
    const instants = chartInstants(request, second.split(",").length, nowSeconds);
    if (request.path.length > MAX_PATH_LENGTH)
      request.complain(`an address of ${request.path.length} characters`);
    if (!("at" in instants)) return instants;
    return llamaCoins(
      records(second).flatMap(({ key, coin, days }) => {
        const all = llamaRecords(coin, days);
        const prices = [
          ...new Set(
            instants.at.flatMap((at) => nearest(all, at, instants.periodSeconds / 10) ?? []),
          ),
        ];
        prices.sort((a, b) => a.timestamp - b.timestamp);
        return prices.length === 0 ? [] : [[key, { ...llamaHead(coin), prices }]];
      }),
    );
  }
  request.complain(`unknown path ${request.path}`);
  return { status: 404, body: { message: "Not Found" } };
}

function llamaCoins(entries: readonly (readonly [string, Json])[]): ProviderResponse {
  return ok({ coins: Object.fromEntries(entries) });
}

function llamaHead(coin: FakeCoin): { readonly symbol: string; readonly confidence: number } {
  return { symbol: coin.symbol.toUpperCase(), confidence: coin.confidence ?? 0.99 };
}

function llamaRecords(coin: FakeCoin, days: readonly PricedDay[]): LlamaRecord[] {
  return days.map(({ on, priceUsd }, index) => {
    const offset =
      index === 0 && coin.firstDayInCharts === false
        ? coin.firstRecordSeconds
        : coin.recordOffsetSeconds;
    return { timestamp: dayMs(on) / 1000 + (offset ?? 0), price: priceUsd };
  });
}

/** The record nearest to an instant (seconds), no further than `width` away. `records` ascend. */
function nearest(
  records: readonly LlamaRecord[],
  at: number,
  width: number,
): LlamaRecord | undefined {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((records[middle]?.timestamp ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  const distance = (record: LlamaRecord | undefined) =>
    record === undefined ? Number.POSITIVE_INFINITY : Math.abs(record.timestamp - at);
  const best =
    distance(records[low - 1]) < distance(records[low]) ? records[low - 1] : records[low];
  return distance(best) <= width ? best : undefined;
}

function chartInstants(
  request: ProviderRequest,
  coinCount: number,
  nowSeconds: number,
): ProviderResponse | { readonly at: readonly number[]; readonly periodSeconds: number } {
  const refuse = (message: string): ProviderResponse => {
    request.complain(message);
    return { status: 400, body: { message } };
  };
  const { start, end, span = "0", period = "24h" } = request.query;
  if (start !== undefined && end !== undefined)
    return refuse("use either start or end parameter, not both");
  for (const [name, text] of Object.entries({ start, end, span }))
    if (text !== undefined && !/^\d+$/.test(text)) return refuse(`${name} is not an uint`);
  const [, size, unit] = /^(\d*)([wdhm])$/i.exec(period) ?? [];
  const unitSeconds = { w: 7 * DAY_SECONDS, d: DAY_SECONDS, h: 3600, m: 60 }[
    unit?.toLowerCase() ?? ""
  ];
  if (unitSeconds === undefined) return refuse(`period ${period} is invalid`);
  const periodSeconds = unitSeconds * Number(size === "" ? 1 : size);
  const total = coinCount * Number(span);
  if (total > MAX_CHART_POINTS)
    return refuse(`Requested ${total} data points exceeds the maximum of ${MAX_CHART_POINTS}.`);
  const steps = Array.from(
    { length: Math.max(1, Number(span)) },
    (_, index) => index * periodSeconds,
  );
  const at =
    start === undefined
      ? steps.map((step) => Number(end ?? nowSeconds) - step)
      : steps.map((step) => Number(start) + step);
  return { at, periodSeconds };
}
