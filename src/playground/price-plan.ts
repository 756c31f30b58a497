import type { Config } from "../config.ts";
import { say } from "../messages/say.ts";

/** Where prices come from, in the language of a locale: "CoinGecko without a key, DefiLlama". */
export function planInWords(config: Config, locale: string): string {
  const { demo, coingeckoPlan, coingeckoBaseUrl, coinmetricsBaseUrl } = config;
  if (demo) return say(locale, "playground.plan.demo");
  const plan =
    coingeckoPlan === "keyless"
      ? say(locale, "playground.plan.keyless")
      : say(locale, "playground.plan.key", { plan: coingeckoPlan });
  const coingecko =
    coingeckoBaseUrl === undefined
      ? plan
      : say(locale, "playground.plan.by-way", {
          coingecko: plan,
          host: new URL(coingeckoBaseUrl).host,
        });
  return [
    coingecko,
    "DefiLlama",
    ...(coinmetricsBaseUrl === undefined ? [] : ["Coin Metrics"]),
    "Kraken",
  ].join(", ");
}
