import type { DigestPreview } from "./digest/preview.ts";
import type { ServerDigests } from "./digest/server-digest.ts";
import type { GuildDirectory } from "./discord/bot/guild-directory.ts";
import type { PictureMaker } from "./pictures/picture-maker.ts";
import type { CoinIndex } from "./prices/coins/coin-index.ts";
import type { ExchangeRates } from "./prices/exchange-rates.ts";
import type { PriceHistories } from "./prices/history/price-history.ts";
import type { Market } from "./prices/market.ts";
import type { Log } from "./process/log.ts";
import type { ProjectPages } from "./project-pages.ts";
import type { Forgotten, GuildPresenceStore } from "./storage/guild-presence-store.ts";
import type { GuildSettingsStore } from "./storage/guild-settings.ts";

/** Everything that commands may use, built once by the entry point. */
export type Services = {
  readonly prices: PriceHistories;
  readonly coins: CoinIndex;
  readonly rates: ExchangeRates;
  /** The price sources and their health. */
  readonly sources: Pick<Market, "health" | "probe">;
  readonly pictures: PictureMaker;
  /** Servers as Discord describes them; undefined without a bot token. */
  readonly directory: GuildDirectory | undefined;
  /** The daily digests; undefined without a bot token. */
  readonly digests: ServerDigests | undefined;
  /** A server's digest as it would read now; works without a bot token. */
  readonly previewDigest: DigestPreview;
  /** What servers' admins have chosen. */
  readonly settings: GuildSettingsStore;
  /** Which servers the bot has left. */
  readonly presence: GuildPresenceStore;
  /**
   * Deletes everything about a server for good, in one transaction; resolves to what was deleted.
   * When it rejects (`StorageError`), nothing was deleted.
   */
  forget(guildId: string): Promise<Forgotten>;
  /** Privacy policy, terms and support of this installation. */
  readonly pages: ProjectPages;
  readonly log: Log;
  /** The clock. */
  now(): Date;
};
