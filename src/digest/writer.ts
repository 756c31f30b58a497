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
import { boardName } from "./digest-wording.ts";
import { createDueTimes, DEFAULT_DIGEST_ZONE } from "./due.ts";
import { createLeaderboardSummaries } from "./leaderboard-summaries.ts";
import { newsLook, quietTo } from "./news-look.ts";
import type { DigestReason } from "./reason.ts";
import { daysSincePrevious, isDayOf, rhythmOf } from "./rhythm.ts";
import { createRiddles, type RiddleOrder } from "./riddle.ts";
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
/** Coins that are named where a digest waits for their prices. */
const COINS_IN_A_REASON = 3;

/** A coin of the coming digests: of how many servers, and with which days these compare it. */
type WantedCoin = { readonly coinId: string; servers: number; readonly sinceDays: Set<number> };

/**
 * Makes the writer. It spends as few calls as possible: what many servers want is fetched,
 * summarized and drawn once.
 */
export function createDigestWriter(
  services: DigestWriterServices,
  patienceMs = DIGEST_PATIENCE_MS,
): DigestWriter {
  const { coins, rates, settings, log, now } = services;
  const times = createDueTimes();
  const summaries = createCoinSummaries(services);
  const defaultCoins = createDefaultCoins({ coins, rates, summaries, now });
  const riddles = createRiddles({ ...services, defaultCoins });
  const leaderboardSummaries = createLeaderboardSummaries({
    coins,
    summaries,
    defaultCoins,
    patienceMs,
    log,
  });

  /**
   * Whether a rate that the server's amounts need was missing at any time since the previous
   * digest's local date: that digest may then have been in US dollars, which makes it incomparable.
   */
  async function missedRateSince(previousOn: string, chosen: GuildSettings): Promise<boolean> {
    const missedAt = await Promise.all(currenciesIn(chosen).map((code) => rates.missedAt(code)));
    return missedAt.some((at) => at !== undefined && dateIn(chosen, at) >= previousOn);
  }

  /** The local date of an instant in a server's zone. */
  function dateIn({ digestZone }: Pick<GuildSettings, "digestZone">, at: Date): string {
    return times.localOn(digestZone ?? DEFAULT_DIGEST_ZONE, at.getTime()) ?? utcDay(at);
  }

  /** Fetches the prices of some coins together, and summarizes them a few at a time. */
  async function prepareCoins(wanted: readonly WantedCoin[], ask: Ask): Promise<void> {
    const resolved = await Promise.all(
      wanted.map(async ({ coinId, sinceDays }) => ({
        resolution: await coins.resolve(`id:${coinId}`, ask),
        sinceDays,
      })),
    );
    const found = resolved.flatMap(({ resolution, sinceDays }) =>
      resolution.ok ? [{ coin: resolution.coin, sinceDays }] : [],
    );
    await summaries.prepare(
      found.map(({ coin }) => coin),
      ask,
    );
    const queue = found.values();
    const sumUp = async () => {
      for (const { coin, sinceDays } of queue)
        for (const days of sinceDays) await summaries.of(coin, ask, days);
    };
    await Promise.all(Array.from({ length: SUMMED_UP_AT_ONCE }, sumUp));
  }

  return {
    async write(order: DigestOrder): Promise<DigestOutcome> {
      const { guildId, locale, localOn, past, priority } = order;
      const ask: Ask = { priority };
      const chosen = settings.read(guildId);
      const dateOn = localOn ?? dateIn(chosen, now());
      const publishedOn = publishedThrough(now());
      const rhythm = rhythmOf(chosen.digestEvery);
      const look = rhythm.isNewsOnly ? newsLook(past.closesTo, publishedOn) : undefined;
      const sinceDays = look?.days ?? daysSincePrevious(rhythm, dateOn);
      const previousOn = addDays(dateOn, -sinceDays);
      const priced = await pricedPurchase(await usualPurchaseOf(chosen, rates, ask), rates, ask);
      if (!priced.ok) return { ok: false, reason: noPurchaseReason(priced.refusal) };
      const { purchase } = priced;
      const summaries = await leaderboardSummaries(chosen.digestCoins, ask, sinceDays);
      const isComparable =
        purchase.asked.rateGap === undefined && !(await missedRateSince(previousOn, chosen));
      const digest = composeDigest({
        summaries,
        purchase,
        toldCoinIds: past.toldCoinIds,
        publishedOn,
        isComparable,
        previousOn: sinceDays === 1 ? null : previousOn,
        isNewsOnly: rhythm.isNewsOnly,
      });
      if (digest.lines.length === 0)
        return { ok: false, reason: noDigestReason(digest.missing, locale) };
      if (look !== undefined && localOn !== null && digest.news?.length === 0) {
        const closesTo = isComparable ? quietTo(summaries, look, publishedOn) : look.fromOn;
        return { ok: false, reason: { why: "no-news", closesTo } };
      }
      const [picture, riddle] = await Promise.all([
        draw(digest, locale, services),
        chosen.digestRiddle === true
          ? riddles.of(
              { guildId, dateOn, isPreview: localOn === null, coinIds: chosen.digestCoins },
              locale,
              ask,
            )
          : undefined,
      ]);
      return {
        ok: true,
        digest: {
          reply: digestCard(digest, { locale, localOn, picture, riddle, now: now() }),
          storyCoinId: digest.story?.coin.coinId ?? null,
          closesTo: digest.on,
        },
      };
    },

    async prepare(guildIds) {
      const ask: Ask = { priority: "background" };
      const coinsWanted = new Map<string, WantedCoin>();
      const riddled: RiddleOrder[] = [];
      let isDefaultWanted = false;
      for (const guildId of guildIds) {
        const chosen = settings.read(guildId);
        const rhythm = rhythmOf(chosen.digestEvery);
        const todayOn = dateIn(chosen, now());
        const dueOn = [todayOn, addDays(todayOn, 1)].find((on) => isDayOf(rhythm, on));
        if (dueOn === undefined) continue;
        isDefaultWanted ||= chosen.digestCoins === null;
        if (chosen.digestRiddle === true)
          riddled.push({ guildId, dateOn: dueOn, isPreview: false, coinIds: chosen.digestCoins });
        for (const coinId of chosen.digestCoins ?? []) {
          const coin = coinsWanted.get(coinId) ?? { coinId, servers: 0, sinceDays: new Set() };
          coin.servers += 1;
          coin.sinceDays.add(daysSincePrevious(rhythm, dueOn));
          coinsWanted.set(coinId, coin);
        }
      }
      if (isDefaultWanted) await defaultCoins(ask);
      // The coins that most servers want come first.
      const wanted = [...coinsWanted.values()].sort((a, b) => b.servers - a.servers);
      for (let from = 0; from < wanted.length; from += PREPARED_AT_ONCE)
        await prepareCoins(wanted.slice(from, from + PREPARED_AT_ONCE), ask);
      await riddles.prepare(riddled, ask);
    },
  };
}

/** The leaderboard's picture; undefined when there is nothing to draw or drawing fails. */
async function draw(
  digest: Digest,
  locale: string,
  { pictures, log }: Pick<DigestWriterServices, "pictures" | "log">,
): Promise<Picture | undefined> {
  const subject = leaderboardSubject(digest, locale);
  if (subject === undefined) return undefined;
  try {
    return await pictures.leaderboard(subject);
  } catch (error) {
    log.error({ err: error }, "the leaderboard could not be drawn: the digest goes out without it");
    return undefined;
  }
}

function noPurchaseReason(refusal: Refusal): DigestReason {
  // A currency may lose its rate between two lookups.
  return refusal.reason === "no-rate"
    ? { why: "no-rate", code: refusal.code }
    : { why: "out-of-bounds" };
}

function noDigestReason(missing: Digest["missing"], locale: string): DigestReason {
  if (missing.length === 0) return { why: "no-coin-list" };
  const coins = missing.slice(0, COINS_IN_A_REASON);
  return {
    why: "no-answers",
    coins: coins.map(({ coin, why }) => ({
      name: boardName(coin, locale, "plain"),
      absence: why,
    })),
    count: missing.length,
  };
}
