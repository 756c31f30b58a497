import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ButtonStyle, ComponentType } from "discord-api-types/v10";
import { digestAskId, parseDigestAskId } from "../../src/digest/digest-control-id.ts";
import { createDueTimes } from "../../src/digest/due.ts";
import { createEmbeddedQueue } from "../../src/digest/embedded-queue.ts";
import { createFinishedDates } from "../../src/digest/finished-dates.ts";
import { createPausedRetries, type PausedRetries } from "../../src/digest/paused-retries.ts";
import {
  createDigestPoster,
  type DigestPatience,
  type DigestPoster,
} from "../../src/digest/poster.ts";
import { createDigestPreview } from "../../src/digest/preview.ts";
import type { DigestQueue } from "../../src/digest/queue.ts";
import { readReason, reasonInWords } from "../../src/digest/reason.ts";
import { createDigestScheduler } from "../../src/digest/scheduler.ts";
import { createServerDigests, type ServerDigests } from "../../src/digest/server-digest.ts";
import type { DigestOrder, DigestWriter } from "../../src/digest/written-digest.ts";
import { createBotRest } from "../../src/discord/bot/bot-rest.ts";
import { type ChannelPosts, createChannelPosts } from "../../src/discord/bot/channel-posts.ts";
import { createGuildDirectory } from "../../src/discord/bot/guild-directory.ts";
import type { RateLimiter } from "../../src/discord/bot/rate-limiter.ts";
import type { Clock } from "../../src/process/clock.ts";
import { type Log, silentLog } from "../../src/process/log.ts";
import type { DigestEvent } from "../../src/process/metrics.ts";
import type { DigestEntry, DigestLedger } from "../../src/storage/digest-ledger.ts";
import { openStorage, type Storage } from "../../src/storage/storage.ts";
import { addDays } from "../../src/valuation/calendar.ts";
import {
  type FakeDiscord,
  type FakeDiscordOptions,
  startFakeDiscord,
} from "../support/fake-discord/fake-discord.ts";
import type { FakeChannel, FakeGuild } from "../support/fake-discord/world.ts";

/** A server with a digest. */
export type Server = { readonly guild: FakeGuild; readonly channel: FakeChannel };

/** The parts of a process that tests replace or wrap. */
export type ReplacedParts = {
  readonly ledger?: (ledger: DigestLedger) => DigestLedger;
  readonly posts?: (posts: ChannelPosts) => ChannelPosts;
  readonly writer?: DigestWriter;
  readonly patience?: DigestPatience;
  readonly log?: Log;
  readonly responseWithinMs?: number;
  readonly clock?: Pick<Clock, "after">;
  readonly rateLimiter?: RateLimiter;
  /** The clock that never jumps. */
  readonly steady?: Pick<Clock, "nowMs">;
  readonly queue?: (poster: DigestPoster, embedded: DigestQueue) => Promise<DigestQueue>;
};

/** One process of the bot, as far as digests go. */
export type Process = {
  readonly storage: Storage;
  readonly poster: DigestPoster;
  readonly servers: ServerDigests;
  readonly retries: PausedRetries;
  readonly events: readonly DigestEvent[];
  /** Looks which digests are due, and waits until all that came of it is over. */
  tick(): Promise<void>;
  /** The same without waiting. */
  look(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
};

/**
 * Digests on a fake Discord and one database, with a true time and a clock of the bot's that may be
 * wrong.
 */
export type DigestsUnderTest = {
  readonly fake: FakeDiscord;
  readonly dataDir: string;
  /** What the bot takes for the time. */
  now(): Date;
  /** Sets the true time and the bot's clock. */
  setNow(iso: string): void;
  /** Lets time pass. */
  pass(ms: number): void;
  /** Makes the bot's clock jump; the true time goes on. */
  jump(ms: number): void;
  process(parts?: ReplacedParts): Promise<Process>;
  /** A server with a digest at 09:00 UTC, enabled the day before by default. */
  server(options?: {
    time?: string;
    zone?: string;
    channelType?: number;
    since?: string;
    roleId?: string;
    every?: string;
  }): Promise<Server>;
  /** The digests in a channel, by the local date in their buttons. */
  digestsIn(channel: FakeChannel): readonly string[];
  entry(server: Server, localOn?: string): Promise<DigestEntry | undefined>;
  close(): Promise<void>;
};

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

/** The day of the tests, and the instant at which its digest is due. */
export const TODAY = "2026-11-24";
export const DUE = `${TODAY}T09:00:00Z`;

/** Writes a digest of one coin without asking for prices. */
export function plainWriter(written: DigestOrder[] = []): DigestWriter {
  return {
    async write(order) {
      written.push(order);
      const button = {
        type: ComponentType.Button,
        style: ButtonStyle.Secondary,
        label: "Dogecoin",
        custom_id: digestAskId({ coinId: "dogecoin", localOn: order.localOn }),
      } as const;
      return {
        ok: true,
        digest: {
          storyCoinId: "dogecoin",
          closesTo: null,
          reply: {
            embeds: [{ title: "Lambos today" }],
            components: [{ type: ComponentType.ActionRow, components: [button] }],
          },
        },
      };
    },
    async prepare() {},
  };
}

/** Writes no digest but on these local dates: there is no news on the others. */
export function newsWriter(newsOn: readonly string[], written: DigestOrder[] = []): DigestWriter {
  const plain = plainWriter();
  return {
    ...plain,
    async write(order) {
      written.push(order);
      const closesTo = addDays(order.localOn ?? TODAY, -1);
      if (!newsOn.includes(order.localOn ?? ""))
        return { ok: false, reason: { why: "no-news", closesTo } };
      const outcome = await plain.write(order);
      return outcome.ok ? { ok: true, digest: { ...outcome.digest, closesTo } } : outcome;
    },
  };
}

/** Starts a fake Discord without servers, and an empty database. */
export async function startDigests(
  options: Omit<FakeDiscordOptions, "now"> & { now?: string; databaseUrl?: string } = {},
): Promise<DigestsUnderTest> {
  let trueMs = Date.parse(options.now ?? `${TODAY}T08:59:59Z`);
  let skewMs = 0;
  const now = () => new Date(trueMs + skewMs);
  const fake = await startFakeDiscord({ guilds: 0, ...options, now: () => trueMs });
  const dataDir = await mkdtemp(join(tmpdir(), "lambo-digests-"));
  const opened: Storage[] = [];
  const open = async (): Promise<Storage> => {
    const storage = await openStorage({
      dataDir,
      databaseUrl: options.databaseUrl,
      log: silentLog,
      now,
    });
    opened.push(storage);
    return storage;
  };
  const admins = await open();

  return {
    fake,
    dataDir,
    now,
    setNow(iso) {
      trueMs = Date.parse(iso);
      skewMs = 0;
    },
    pass(ms) {
      trueMs += ms;
    },
    jump(ms) {
      skewMs += ms;
    },

    async process(parts = {}) {
      const storage = await open();
      const log = parts.log ?? silentLog;
      const events: DigestEvent[] = [];
      const metrics = { digestCame: (event: DigestEvent) => events.push(event) };
      const rest = createBotRest({
        token: fake.token,
        apiUrl: fake.apiUrl,
        ...(parts.responseWithinMs !== undefined && { responseWithinMs: parts.responseWithinMs }),
        ...(parts.rateLimiter !== undefined && { rateLimiter: parts.rateLimiter }),
      });
      const directory = createGuildDirectory({ rest, now, keepMs: 0 });
      const realPosts = createChannelPosts({ rest, directory });
      const posts = parts.posts?.(realPosts) ?? realPosts;
      const ledger = parts.ledger?.(storage.ledger) ?? storage.ledger;
      const writer = parts.writer ?? plainWriter();
      const { settings, presence } = storage;
      const [times, finished] = [createDueTimes(), createFinishedDates()];
      const patience = { batchMs: 1, ...parts.patience };
      const poster = createDigestPoster({
        ledger,
        settings,
        writer,
        posts,
        directory,
        finished,
        metrics,
        log,
        now,
        patience,
        ...(parts.steady && { clock: parts.steady }),
      });
      const embedded = createEmbeddedQueue({
        poster,
        prepare: () => writer.prepare(settings.digestGuildIds()),
        log,
      });
      const queue = (await parts.queue?.(poster, embedded)) ?? embedded;
      const scheduler = createDigestScheduler({
        ...{ settings, presence, ledger, times, finished, queue, poster, metrics, log, now },
        ...(parts.clock !== undefined && { clock: parts.clock }),
      });
      return {
        storage,
        poster,
        events,
        retries: createPausedRetries({
          ledger,
          settings,
          poster,
          log,
          now,
          ...(parts.clock !== undefined && { clock: parts.clock }),
        }),
        servers: createServerDigests({
          settings,
          ledger,
          preview: createDigestPreview({ settings, ledger, writer, times, now }),
          times,
          posts,
          directory,
          log,
          now,
        }),
        async tick() {
          await scheduler.tick();
          await poster.recover();
          await poster.idle();
        },
        look: scheduler.tick,
        start: scheduler.start,
        async stop() {
          await scheduler.stop();
          await queue.stop();
          await poster.stop(5_000);
        },
      };
    },

    async server({
      time = "09:00",
      zone = "UTC",
      channelType = 0,
      since = "2026-11-23T12:00:00Z",
      roleId,
      every,
    } = {}) {
      const guild = fake.addGuild();
      const channel = fake.addChannel(guild, { name: "lambos", type: channelType });
      const chosen = {
        digestEnabled: true,
        digestChannelId: channel.id,
        digestTime: time,
        digestZone: zone,
        ...(roleId !== undefined && { digestRoleId: roleId }),
        ...(every !== undefined && { digestEvery: every }),
      };
      await admins.settings.change(guild.id, chosen, {
        userId: guild.ownerId,
        at: new Date(since),
      });
      return { guild, channel };
    },

    digestsIn: (channel) =>
      fake.messagesIn(channel).flatMap(({ components }) => digestDateOf(components) ?? []),
    async entry({ guild }, localOn = TODAY) {
      const entry = (await admins.ledger.latest(guild.id, 20)).find(
        (row) => row.localOn === localOn,
      );
      return (
        entry && {
          ...entry,
          reason: entry.reason && reasonInWords(readReason(entry.reason), "en-US"),
        }
      );
    },
    async close() {
      for (const storage of opened) await storage.close();
      await fake.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Of which local date a message is the posted digest, by the ids of its buttons. */
export function digestDateOf(components: unknown): string | undefined {
  const customIds = [...JSON.stringify(components).matchAll(/"custom_id":"([^"]+)"/g)].map(
    ([, customId = ""]) => customId,
  );
  return (
    customIds
      .map((customId) => parseDigestAskId(customId)?.localOn)
      .find((localOn) => localOn != null) ?? undefined
  );
}
