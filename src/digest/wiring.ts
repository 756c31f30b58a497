import type { ChannelPosts } from "../discord/bot/channel-posts.ts";
import type { GuildDirectory } from "../discord/bot/guild-directory.ts";
import type { PermissionChange } from "../discord/bot/permission-changes.ts";
import { type Metrics, uncounted } from "../process/metrics.ts";
import type { Services } from "../services.ts";
import type { DigestLedger } from "../storage/digest-ledger.ts";
import { createDigestService, type DigestService } from "./digest-service.ts";
import { createDueTimes } from "./due.ts";
import { createEmbeddedQueue } from "./embedded-queue.ts";
import { createFinishedDates } from "./finished-dates.ts";
import { createDigestPoster } from "./poster.ts";
import type { DigestQueue } from "./queue.ts";
import { createDigestScheduler } from "./scheduler.ts";
import { createSecondLooks, type SecondLooks } from "./second-looks.ts";
import type { SharedQueueOptions } from "./shared-queue.ts";
import { createDigestWriter, type DigestWriterServices } from "./writer.ts";

/** Everything about digests, wired: what commands ask, and the work of posting. */
export type Digests = {
  readonly service: DigestService;
  /**
   * Something says that the bot may have other permissions in a server: where this process posts, a
   * paused digest is looked at again.
   */
  permissionsChanged(change: PermissionChange): void;
  /** Posts what is due from now on; to be called once a process. */
  startPosting(): Promise<DigestPosting>;
};

/** The work of posting, going on. */
export type DigestPosting = {
  /** Begins no more posts and finishes those on their way, at the latest after `withinMs`. */
  stop(withinMs: number): Promise<void>;
};

/** Options of {@link createDigests}. */
export type DigestsOptions = {
  readonly services: DigestWriterServices & Pick<Services, "presence">;
  readonly ledger: DigestLedger;
  /** How messages reach Discord; the directory must not answer from an old memory. */
  readonly posts: ChannelPosts;
  readonly directory: GuildDirectory;
  /**
   * Where processes share the work of posting; undefined: this one does it all. `name` is the
   * bot's: several may share a Redis.
   */
  readonly shared?: { readonly redisUrl: string; readonly name: string } | undefined;
  readonly metrics?: Pick<Metrics, "digestCame">;
};

/** Wires digests; nothing happens before they are asked for or started. */
export function createDigests(options: DigestsOptions): Digests {
  const { services, ledger, posts, directory, shared, metrics = uncounted } = options;
  const { settings, presence, log, now } = services;
  const writer = createDigestWriter(services);
  const times = createDueTimes();
  const finished = createFinishedDates();

  const service = createDigestService({
    settings,
    ledger,
    writer,
    times,
    posts,
    directory,
    log,
    now,
  });
  let looks: SecondLooks | undefined;

  return {
    service: {
      ...service,
      async resume(guildId) {
        await service.resume(guildId);
        void looks?.lookAt([guildId]);
      },
    },
    permissionsChanged: (change) => looks?.permissionsChanged(change),
    async startPosting() {
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
      });
      const secondLooks = createSecondLooks({ ledger, settings, poster, log, now });
      looks = secondLooks;
      const prepare = () => writer.prepare(settings.digestGuildIds());
      const embedded = createEmbeddedQueue({ poster, prepare, log });
      const queue =
        shared === undefined
          ? embedded
          : await openSharedQueue({ ...shared, poster, prepare, fallback: embedded, log, now });
      const scheduler = createDigestScheduler({
        ...{ settings, presence, ledger, times, finished, queue, poster, metrics, log, now },
      });
      scheduler.start();
      return {
        async stop(withinMs) {
          secondLooks.stop();
          const stopped = Promise.all([queue.stop(), poster.stop(withinMs)]);
          await scheduler.stop();
          await stopped;
        },
      };
    },
  };
}

// Without Redis nothing needs BullMQ, which takes a while to load.
async function openSharedQueue(options: SharedQueueOptions): Promise<DigestQueue> {
  const { createSharedQueue } = await import("./shared-queue.ts");
  return createSharedQueue(options);
}
