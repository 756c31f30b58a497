import {
  checkParameters,
  type Json,
  ok,
  type ProviderRequest,
  type ProviderResponse,
  utcDay,
} from "./provider.ts";

/**
 * Frankfurter's answers (https://api.frankfurter.dev/v2/openapi.json, checked 2026-11): v2 as a
 * flat
 * list with the base's own row in it, v1 as an object. Both date the rates of a weekend on its
 * Friday.
 */
export function frankfurter(
  request: ProviderRequest,
  perUsd: Readonly<Record<string, number>>,
  now: Date,
): ProviderResponse {
  const date = lastWorkingDay(now);
  switch (request.path) {
    case "/v2/rates":
      checkParameters(request, ["base", "quotes", "date", "from", "to", "providers", "group"]);
      return request.query["base"] === "USD"
        ? ok(rowsOf(perUsd, wantedIn(request, "quotes"), date))
        : refuse(request, "base");
    case "/v1/latest": {
      checkParameters(request, ["base", "symbols"]);
      if (request.query["base"] !== "USD") return refuse(request, "base");
      const rates = chosen(perUsd, wantedIn(request, "symbols")).filter(([code]) => code !== "USD");
      return ok({ amount: 1.0, base: "USD", date, rates: Object.fromEntries(rates) });
    }
    default:
      request.complain(`undocumented path ${request.path}`);
      return { status: 404, body: { status: 404, message: "not found" } };
  }
}

function rowsOf(
  perUsd: Readonly<Record<string, number>>,
  wanted: readonly string[] | undefined,
  date: string,
): Json {
  return chosen({ USD: 1, ...perUsd }, wanted).map(([quote, rate]) => ({
    date,
    base: "USD",
    quote,
    rate,
  }));
}

function chosen(perUsd: Readonly<Record<string, number>>, wanted: readonly string[] | undefined) {
  return Object.entries(perUsd).filter(([code]) => wanted === undefined || wanted.includes(code));
}

function wantedIn({ query }: ProviderRequest, parameter: string): readonly string[] | undefined {
  return query[parameter]?.split(",");
}

function refuse(request: ProviderRequest, parameter: string): ProviderResponse {
  request.complain(`the bot only ever wants ${parameter}=USD`);
  return { status: 422, body: { status: 422, message: `invalid ${parameter}` } };
}

function lastWorkingDay(now: Date): string {
  const daysBack = [2, 0, 0, 0, 0, 0, 1][now.getUTCDay()] ?? 0;
  return utcDay(now.getTime() - daysBack * 86_400_000);
}
