import { type Coin, coinHash } from "../prices/coins/coin.ts";
import type { Services } from "../services.ts";
import type { GuildSettings } from "../storage/guild-settings.ts";
import { StorageError } from "../storage/storage-error.ts";
import { ASK } from "./admin.ts";
import { currenciesIn, type KnownRates, ratesOf } from "./amount-conversion.ts";
import type { DigestStatus } from "./digest-status.ts";

/** A server as its admins see it. */
export type ServerView = {
  readonly guildId: string;
  readonly settings: GuildSettings;
  /** Undefined when the bot cannot post, because it has no token. */
  readonly status: DigestStatus | undefined;
  /** The rates of the currencies in the settings; unavailable rates are absent. */
  readonly rates: KnownRates;
  /** The coins in the settings, by id; coins that are no longer listed are absent. */
  readonly coins: ReadonlyMap<string, Coin>;
  readonly locale: string;
};

/** What reading a server's view needs. */
export type ViewServices = StatusServices & Pick<Services, "settings" | "coins" | "rates">;

/** What reading the status of a server's digest needs. */
export type StatusServices = Pick<Services, "digests" | "directory" | "log">;

const NEXT_POSTS = 3;
const LATEST_POSTS = 3;

/** Reads everything that `/config view` shows about a server. */
export async function readServerView(
  guildId: string,
  services: ViewServices,
  locale: string,
): Promise<ServerView> {
  const settings = services.settings.read(guildId);
  const coinIds = [...(settings.digestCoins ?? []), ...Object.values(settings.symbols)];
  const [status, coins, rates] = await Promise.all([
    readStatus(guildId, services),
    listedCoins(coinIds, services),
    ratesOf(currenciesIn(settings), services.rates, ASK),
  ]);
  return { guildId, settings, status, coins, rates, locale };
}

/** Reads how a server's digest is doing; undefined when the bot cannot post. */
export async function readStatus(
  guildId: string,
  { digests, directory, log }: StatusServices,
): Promise<DigestStatus | undefined> {
  if (digests === undefined || directory === undefined) return undefined;
  const nextAt = await digests.nextDueAt(guildId, NEXT_POSTS);
  try {
    const [latest, trouble] = await Promise.all([
      digests.latest(guildId, LATEST_POSTS),
      digests.trouble(guildId),
    ]);
    return { nextAt, latest, trouble };
  } catch (error) {
    // Settings are in memory, and a change just made is saved: an unreadable ledger must not make
    // either look lost.
    if (!(error instanceof StorageError)) throw error;
    log.error({ err: error }, "the record of digests cannot be read");
    return { nextAt, latest: undefined, trouble: undefined };
  }
}

/** The coins with these ids, by id; coins that are not listed are absent. */
export async function listedCoins(
  coinIds: readonly string[],
  { coins }: Pick<Services, "coins">,
): Promise<ReadonlyMap<string, Coin>> {
  const found = await Promise.all(
    [...new Set(coinIds)].map((coinId) => coins.byHash(coinHash(coinId), ASK)),
  );
  return new Map(
    found.flatMap((coin) => (coin === undefined ? [] : [[coin.coinId, coin] as const])),
  );
}
