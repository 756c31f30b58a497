import { Routes } from "discord-api-types/v10";
import { z } from "zod";
import { type Clock, systemClock } from "../../process/clock.ts";
import type { Log } from "../../process/log.ts";
import type { GuildPresenceStore } from "../../storage/guild-presence-store.ts";
import type { GuildSettingsStore } from "../../storage/guild-settings.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../valuation/calendar.ts";
import { DISCORD_LIMITS } from "../limits.ts";
import type { BotRest } from "./bot-rest.ts";

/**
 * Records which servers the bot is in, and which locale each has chosen in Discord. Nothing here
 * rejects: the next complete list, and the next word about a server, make up for whatever could not
 * be recorded.
 */
export type GuildPresence = {
  /**
   * A shard is ready and names all its servers, including unavailable ones. Once all shards are
   * ready, the list is complete.
   */
  shardReady(shard: {
    readonly shardId: number;
    readonly shardCount: number;
    readonly guildIds: readonly string[];
  }): void;
  /** The bot joined a server, or the server is available again. */
  arrived(guildId: string, preferredLocale: string | undefined): void;
  /** A server's own settings in Discord have changed. */
  updated(guildId: string, preferredLocale: string | undefined): void;
  /** The bot was removed from a server; never an outage. */
  removed(guildId: string): void;
  /** Somebody used the bot in a server that has installed it. */
  asked(guildId: string, preferredLocale: string | undefined): void;
  /**
   * Starts asking Discord for the complete list once a day, and in a minute unless the shards have
   * named all servers by then.
   */
  start(): void;
  /** Stops asking, and waits until everything known is recorded. */
  stop(): Promise<void>;
};

/** How often a page is requested again after a rate limit, and the longest single wait. */
const WAITS_PER_PAGE = 5;
const LONGEST_WAIT_MS = MINUTE_MS;

const guildPage = z.array(z.object({ id: z.string().regex(/^\d+$/) }));

/**
 * Records in `store` which servers the bot is in, and their locales in `settings`. Without a token
 * `rest` is undefined, and only interactions tell. `forgetLeft` runs after every complete list and
 * only then, so that a server's data is deleted only when Discord has just said that the bot is not
 * in it.
 */
export function createGuildPresence(options: {
  store: Pick<GuildPresenceStore, "seen" | "removed" | "reconciled">;
  settings: Pick<GuildSettingsStore, "rememberLocales">;
  forgetLeft: () => Promise<unknown>;
  rest: Pick<BotRest, "request"> | undefined;
  log: Log;
  now: () => Date;
  clock?: Clock;
}): GuildPresence {
  const { store, settings, forgetLeft, rest, log, now, clock = systemClock } = options;
  // The servers that the gateway has named so far; a server joined after READY is added to its
  // shard's.
  const guildIdsByShard = new Map<number, Set<string>>();
  // Told and not yet recorded: at the start all servers tell at once, and one write takes them all.
  const localesTold = new Map<string, string>();
  let shards = 1;
  let recording: Promise<void> = Promise.resolve();
  let listedAt: Date | undefined;
  let isStopped = false;
  let stopWaiting = () => {};

  /**
   * One at a time, so that a removal and a return are recorded in the order in which they happened.
   */
  function record(work: () => Promise<unknown>): Promise<void> {
    if (isStopped) return recording;
    recording = recording.then(work).then(
      () => {},
      (error: unknown) =>
        log.warn(
          { error: String(error) },
          "what Discord said about the bot's servers could not be recorded: the next time makes up for it",
        ),
    );
    return recording;
  }

  function recordLocale(guildId: string, preferredLocale: string | undefined): void {
    if (preferredLocale === undefined) return;
    localesTold.set(guildId, preferredLocale);
    void record(async () => {
      const told = new Map(localesTold);
      localesTold.clear();
      if (told.size > 0) await settings.rememberLocales(told);
    });
  }

  /** Records a complete list of servers as of an instant. */
  function recordList(guildIds: ReadonlySet<string>, at: Date): Promise<void> {
    listedAt = at;
    return record(async () => {
      await store.reconciled([...guildIds], at);
      await forgetLeft();
    });
  }

  const knownFromGateway = () => [...guildIdsByShard.values()].flatMap((guildIds) => [...guildIds]);

  function waited(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = clock.after(delayMs, resolve);
      stopWaiting = () => {
        cancel();
        resolve();
      };
    });
  }

  /** All servers by REST; undefined when Discord did not list all of them. */
  async function askForAll(
    botRest: Pick<BotRest, "request">,
  ): Promise<ReadonlySet<string> | undefined> {
    const guildIds = new Set<string>();
    let after = "0";
    for (let waits = 0; !isStopped; ) {
      const response = await botRest.request({
        method: "GET",
        route: Routes.userGuilds(),
        query: { limit: String(DISCORD_LIMITS.guildPageGuilds), after },
        priority: "bulk",
      });
      if (response.kind === "rate-limited" && waits < WAITS_PER_PAGE) {
        waits += 1;
        await waited(Math.min(Math.max(1, response.retryAfterMs), LONGEST_WAIT_MS));
        continue;
      }
      const { data: page } = guildPage.safeParse(
        response.kind === "ok" ? response.body : undefined,
      );
      if (page === undefined) return undefined;
      // Only an empty page is certain to be the end: Discord may send short pages before it.
      if (page.length === 0) return guildIds;
      waits = 0;
      for (const { id } of page) guildIds.add(id);
      after = page.reduce((last, { id }) => (BigInt(id) > BigInt(last) ? id : last), after);
    }
    return undefined;
  }

  async function listDaily(botRest: Pick<BotRest, "request">): Promise<void> {
    await waited(MINUTE_MS);
    while (!isStopped) {
      const startedAt = now();
      if (listedAt === undefined || startedAt.getTime() - listedAt.getTime() >= DAY_MS) {
        const guildIds = await askForAll(botRest);
        // The bot is still in every server that the gateway names, whatever the list says.
        if (guildIds !== undefined)
          await recordList(new Set([...guildIds, ...knownFromGateway()]), startedAt);
        else if (!isStopped)
          log.warn({}, "Discord did not tell which servers the bot is in: asked again in an hour");
      }
      if (!isStopped) await waited(HOUR_MS);
    }
  }

  return {
    shardReady({ shardId, shardCount, guildIds }) {
      shards = shardCount;
      guildIdsByShard.set(shardId, new Set(guildIds));
      if (guildIdsByShard.size === shardCount) void recordList(new Set(knownFromGateway()), now());
    },
    arrived(guildId, preferredLocale) {
      guildIdsByShard.get(shardOf(guildId, shards))?.add(guildId);
      const at = now();
      void record(() => store.seen(guildId, at));
      recordLocale(guildId, preferredLocale);
    },
    updated: recordLocale,
    removed(guildId) {
      for (const guildIds of guildIdsByShard.values()) guildIds.delete(guildId);
      const at = now();
      void record(() => store.removed(guildId, at));
    },
    asked(guildId, preferredLocale) {
      const at = now();
      void record(() => store.seen(guildId, at));
      recordLocale(guildId, preferredLocale);
    },
    start() {
      if (rest !== undefined) void listDaily(rest);
    },
    async stop() {
      isStopped = true;
      stopWaiting();
      await recording;
    },
  };
}

/** discord.com/developers/docs/topics/gateway#sharding-sharding-formula, 2026-11. */
const shardOf = (guildId: string, shards: number) =>
  Number((BigInt(guildId) >> 22n) % BigInt(shards));
