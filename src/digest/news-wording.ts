import { formatDay, formatDayOfWeek, formatLambos, formatPrice } from "../messages/format.ts";
import { say } from "../messages/say.ts";
import type { CoinAndNews, Digest } from "./content.ts";
import { boardName } from "./digest-wording.ts";

/** The head of a digest: its news if there is one piece of it, else what it is. */
export function titleInWords({ news }: Pick<Digest, "news">, locale: string): string {
  const [first, ...others] = news ?? [];
  if (first === undefined) return say(locale, "digest.title");
  return others.length > 0
    ? say(locale, "digest.news.title")
    : say(locale, `digest.news.title.${first.news.kind}`, {
        coin: boardName(first.coin, locale, "plain"),
      });
}

/** One piece of news: "Dogecoin bought its Lambo on Mon, Nov 23: 1.04." */
export function newsInWords(
  { coin, news }: CoinAndNews,
  { purchase }: Pick<Digest, "purchase">,
  locale: string,
): string {
  const values = {
    coin: boardName(coin, locale, "markdown"),
    day: formatDayOfWeek(news.on, locale),
  };
  if (news.kind !== "peak")
    return say(locale, `digest.news.${news.kind}`, {
      ...values,
      lambos: formatLambos(news.lambos, locale),
    });
  const { currency } = purchase;
  return say(locale, "digest.news.peak", {
    ...values,
    price: formatPrice(news.priceUsd, currency, locale),
    previous: formatPrice(news.previous.priceUsd, currency, locale),
    previousDay: formatDay(news.previous.on, locale),
  });
}
