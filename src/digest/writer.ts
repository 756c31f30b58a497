import { refusalText } from "../cards/refusal.ts";
import { say } from "../messages/say.ts";
import type { Picture } from "../pictures/picture-maker.ts";
import type { Ask, Pace } from "../prices/price-source.ts";
import { publishedThrough } from "../prices/publication-schedule.ts";
import { pricedPurchase } from "../questions/purchase.ts";
import type { Refusal } from "../questions/refusal.ts";
import type { Services } from "../services.ts";
import { currenciesIn } from "../settings/amount-conversion.ts";
import { usualPurchaseOf } from "../settings/effective-settings.ts";
import type { GuildSettings } from "../storage/guild-settings.ts";
import { addDays, utcDay } from "../valuation/calendar.ts";
import { createCoinSummaries } from "./coin-summaries.ts";
import { composeDigest, type Digest } from "./content.ts";
import { createDefaultCoins } from "./default-coins.ts";
import { digestCard, leaderboardSubject } from "./digest-card.ts";
import { noDigestSentence } from "./digest-wording.ts";
import { createDueTimes, DEFAULT_DIGEST_ZONE } from "./due.ts";
import { createLeaderboardSummaries } from "./leaderboard-summaries.ts";
import type { DigestOrder, DigestOutcome, DigestWriter } from "./written-digest.ts";

/** The services that the writer uses. */
export type DigestWriterServices = Pick<
  Services,
  "coins" | "prices" | "rates" | "pictures" | "settings" | "log" | "now"
>;

/**
 * How long a digest waits for its coins' prices, in milliseconds; coins whose prices are still
 * missing are then listed without them.
 */
const DIGEST_PATIENCE_MS: Readonly<Record<Pace, number>> = {
  interactive: 60_000,
  background: 300_000,
};

/**
 * Coins prepared together: a multiple of the 33 coins of one call, and few enough that the first
 * are ready before the last are fetched.
 */
const PREPARED_AT_ONCE = 330;
const SUMMED_UP_AT_ONCE = 4;

/**
 * Makes the writer. It spends as few calls as possible: what many servers want is fetched,
 * summarized and drawn once.
 */
export function createDigestWriter(
  services: DigestWriterServices,
  patienceMs = DIGEST_PATIENCE_MS,
): DigestWriter {
  const { coins, rates, pictures, settings, log, now } = services;
  const times = createDueTimes();
  const summaries = createCoinSummaries(services);
  const defaultCoins = createDefaultCoins({ coins, rates, summaries, now });
  const leaderboardSummaries = createLeaderboardSummaries({
    coins,
    summaries,
    defaultCoins,
    patienceMs,
    log,
  });

  /**
   * Whether a rate that the server's amounts need was missing at any time today or yesterday, by
   * the server's calendar: yesterday's digest may then have been in US dollars, which makes it
   * incomparable.
   */
  async function missedRateLately(chosen: GuildSettings): Promise<boolean> {
    const zone = chosen.digestZone ?? DEFAULT_DIGEST_ZONE;
    const dateOf = (at: Date) => times.localOn(zone, at.getTime()) ?? utcDay(at);
    const missedAt = await Promise.all(currenciesIn(chosen).map((code) => rates.missedAt(code)));
    const yesterdayOn = addDays(dateOf(now()), -1);
    return missedAt.some((at) => at !== undefined && dateOf(at) >= yesterdayOn);
  }

  async function draw(digest: Digest, locale: string): Promise<Picture | undefined> {
    const subject = leaderboardSubject(digest, locale);
    if (subject === undefined) return undefined;
    try {
      return await pictures.leaderboard(subject);
    } catch (error) {
      log.error(
        { err: error },
        "the leaderboard could not be drawn: the digest goes out without it",
      );
      return undefined;
    }
  }

  /** Fetches the prices of some coins together, and summarizes them a few at a time. */
  async function prepareCoins(coinIds: readonly string[], ask: Ask): Promise<void> {
    const resolved = await Promise.all(coinIds.map((coinId) => coins.resolve(`id:${coinId}`, ask)));
    const found = resolved.flatMap((resolution) => (resolution.ok ? [resolution.coin] : []));
    await summaries.prepare(found, ask);
    const queue = found.values();
    const sumUp = async () => {
      for (const coin of queue) await summaries.of(coin, ask);
    };
    await Promise.all(Array.from({ length: SUMMED_UP_AT_ONCE }, sumUp));
  }

  return {
    async write(order: DigestOrder): Promise<DigestOutcome> {
      const { guildId, locale, localOn, toldCoinIds, priority } = order;
      const ask: Ask = { priority };
      const chosen = settings.read(guildId);
      const priced = await pricedPurchase(await usualPurchaseOf(chosen, rates, ask), rates, ask);
      if (!priced.ok) return { ok: false, sentence: noPurchaseSentence(priced.refusal, locale) };
      const { purchase } = priced;
      const digest = composeDigest({
        summaries: await leaderboardSummaries(chosen.digestCoins, ask),
        purchase,
        toldCoinIds,
        publishedOn: publishedThrough(now()),
        isComparable: purchase.asked.rateGap === undefined && !(await missedRateLately(chosen)),
      });
      if (digest.lines.length === 0)
        return { ok: false, sentence: noDigestSentence(digest.missing, locale) };
      const picture = await draw(digest, locale);
      return {
        ok: true,
        digest: {
          reply: digestCard(digest, { locale, localOn, picture, now: now() }),
          storyCoinId: digest.story?.coin.coinId ?? null,
        },
      };
    },

    async prepare(guildIds) {
      const ask: Ask = { priority: "background" };
      const servers = new Map<string, number>();
      let isDefaultWanted = false;
      for (const guildId of guildIds) {
        const { digestCoins } = settings.read(guildId);
        isDefaultWanted ||= digestCoins === null;
        for (const coinId of digestCoins ?? []) servers.set(coinId, (servers.get(coinId) ?? 0) + 1);
      }
      if (isDefaultWanted) await defaultCoins(ask);
      // The coins that most servers want come first.
      const wanted = [...servers].sort(([, a], [, b]) => b - a).map(([coinId]) => coinId);
      for (let from = 0; from < wanted.length; from += PREPARED_AT_ONCE)
        await prepareCoins(wanted.slice(from, from + PREPARED_AT_ONCE), ask);
    },
  };
}

function noPurchaseSentence(refusal: Refusal, locale: string): string {
  // A currency may lose its rate between two lookups.
  if (refusal.reason === "no-rate") return refusalText(refusal, { locale });
  return say("digest.none.out-of-bounds");
}
