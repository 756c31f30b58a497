import { z } from "zod";
import type { Log } from "../log.ts";
import type { AnswerCache } from "./answer-cache.ts";
import type { Ask, SourceFailure } from "./price-source.ts";
import { turnOf } from "./upstream.ts";

/** What one US dollar is worth in other currencies, today. */
export type ExchangeRates = {
  /** How much of a currency (ISO 4217, capitals) one US dollar is worth; undefined when it is not known or the rates cannot be had. Never rejects. */
  perUsd(code: string, ask: Ask): Promise<number | undefined>;
  /** The fiat currencies that can be chosen, best known first; from memory, USD alone before the rates were first had. */
  currencies(): readonly Currency[];
  /** Loads the kept rates, and asks for new ones in the background when they are old. To be called at start and now and then. */
  refresh(): Promise<void>;
};

/** A fiat currency: its ISO 4217 code in capitals and its English name, such as `EUR` and `Euro`. */
export type Currency = { readonly code: string; readonly name: string };

/** What one US dollar is worth by currency code (capitals), USD included, or why that cannot be said. */
export type RatesAnswer = { readonly ok: true; readonly perUsd: Readonly<Record<string, number>> } | SourceFailure;

/** Options of {@link createExchangeRates}. */
export type ExchangeRatesOptions = {
  readonly ask: (ask: Ask) => Promise<RatesAnswer>;
  readonly cache: Pick<AnswerCache, "alone" | "get" | "set">;
  readonly log: Log;
  readonly now: () => Date;
};

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Currencies move little within hours, and each asking is one of the month's calls. */
const REFRESH_AFTER_MS = 6 * HOUR_MS;
/** Older rates are not today's: they are asked for before they are used, if that works. */
const TOO_OLD_MS = DAY_MS;
/** Rates this old are not used at all, whoever is down: amounts are then shown in US dollars. */
const UNUSABLE_MS = 7 * DAY_MS;
/** After a failure the rates are asked for again when this is over. */
const RETRY_AFTER_MS = 60_000;

const KEY = "exchange-rates";
const Kept = z.object({ askedAtMs: z.number(), perUsd: z.record(z.string(), z.number().positive()) });
type Kept = z.infer<typeof Kept>;

const USD: Currency = { code: "USD", name: "US Dollar" };

/** By share of the world's currency trade (BIS Triennial Survey of April 2022, https://www.bis.org/statistics/rpfx22_fx.htm). */
const BEST_KNOWN = [
  ...["USD", "EUR", "JPY", "GBP", "CNY", "AUD", "CAD", "CHF", "HKD", "SGD", "SEK", "KRW", "NOK", "NZD", "INR", "MXN", "TWD", "ZAR", "BRL"],
  ...["DKK", "PLN", "THB", "ILS", "IDR", "CZK", "AED", "TRY", "HUF", "CLP", "SAR", "PHP", "MYR", "COP", "RUB", "RON", "PEN", "ARS"],
];

/** CoinGecko still lists it, at the rate of 2018, when Venezuela replaced it with VES. */
const WITHDRAWN = new Set(["VEF"]);

/** Rates that are kept for hours, asked for once at a time, and outlive their source's bad days for a week at the most. */
export function createExchangeRates({ ask: askSource, cache, log, now }: ExchangeRatesOptions): ExchangeRates {
  let rates: Kept | undefined;
  let listed: readonly Currency[] = [USD];
  let keptRead: Promise<void> | undefined;
  let failedAtMs = Number.NEGATIVE_INFINITY;
  const running = new Map<Ask["priority"], Promise<void>>();

  /** Whether it is less than `ms` since an instant; an instant to come was noted by a clock that was wrong. */
  function isWithin(ms: number, atMs: number): boolean {
    const ageMs = now().getTime() - atMs;
    return ageMs >= 0 && ageMs < ms;
  }

  function take(taken: Kept): void {
    rates = taken;
    listed = currenciesOf(Object.keys(taken.perUsd));
  }

  function readKept(): Promise<void> {
    keptRead ??= cache.get(KEY, Kept).then((kept) => {
      if (kept !== undefined && rates === undefined) take(kept);
    });
    return keptRead;
  }

  async function askAgain(ask: Ask): Promise<void> {
    if (isWithin(RETRY_AFTER_MS, failedAtMs)) return;
    const asker = async () => {
      // Another process may have asked meanwhile.
      const kept = await cache.get(KEY, Kept);
      if (kept !== undefined && kept.askedAtMs > (rates?.askedAtMs ?? 0) && isWithin(REFRESH_AFTER_MS, kept.askedAtMs)) take(kept);
      else await askNow(ask);
    };
    await cache.alone(KEY, asker, turnOf(ask));
  }

  async function askNow(ask: Ask): Promise<void> {
    const answer = await askSource(ask);
    if (!answer.ok) {
      failedAtMs = now().getTime();
      log.warn({ reason: answer.reason }, "the exchange rates cannot be had now");
      return;
    }
    const perUsd = Object.fromEntries(Object.entries(answer.perUsd).filter(([code]) => !WITHDRAWN.has(code)));
    take({ askedAtMs: now().getTime(), perUsd: { ...perUsd, USD: 1 } });
    await cache.set(KEY, rates, UNUSABLE_MS);
  }

  /** One asking at a time for each priority: a person does not wait for a background call. */
  function once(ask: Ask): Promise<void> {
    const started = running.get(ask.priority) ?? askAgain(ask).finally(() => running.delete(ask.priority));
    running.set(ask.priority, started);
    return started;
  }

  function refreshInBackground(): void {
    if (rates !== undefined && isWithin(REFRESH_AFTER_MS, rates.askedAtMs)) return;
    void once({ priority: "background" }).catch((error: unknown) => log.error({ err: error }, "refreshing the exchange rates failed"));
  }

  return {
    async perUsd(code, ask) {
      if (code === USD.code) return 1;
      await readKept();
      if (rates === undefined || !isWithin(TOO_OLD_MS, rates.askedAtMs)) await once(ask);
      else refreshInBackground();
      if (rates === undefined || !isWithin(UNUSABLE_MS, rates.askedAtMs) || !Object.hasOwn(rates.perUsd, code)) return undefined;
      return rates.perUsd[code];
    },
    currencies: () => listed,
    async refresh() {
      await readKept();
      refreshInBackground();
    },
  };
}

/** Codes with their English names, best known first, then by name; codes that no longer mean money are left out. */
export function currenciesOf(codes: readonly string[]): readonly Currency[] {
  const names = new Intl.DisplayNames(["en"], { type: "currency", fallback: "code" });
  const place = ({ code }: Currency) => {
    const at = BEST_KNOWN.indexOf(code);
    return at === -1 ? BEST_KNOWN.length : at;
  };
  return [...new Set([USD.code, ...codes])]
    .filter((code) => /^[A-Z]{3}$/.test(code) && !WITHDRAWN.has(code))
    .map((code) => ({ code, name: names.of(code) ?? code }))
    .sort((a, b) => place(a) - place(b) || (a.name < b.name ? -1 : 1));
}
