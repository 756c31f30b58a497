import type { ChannelPosts } from "../discord/bot/channel-posts.ts";
import type { GuildDirectory } from "../discord/bot/guild-directory.ts";
import type { ChannelFacts } from "../discord/bot/posting-permissions.ts";
import { BoundedMap } from "../process/bounded-map.ts";
import { createConcurrencyLimit } from "../process/concurrency-limit.ts";
import type { Log } from "../process/log.ts";
import type { DigestPlace } from "./trouble.ts";

/** Publishes digests posted in announcement channels to the servers that follow those channels. */
export type DigestPublisher = {
  /** Publishes in the background: one message at a time, because posts come first. */
  publish(place: DigestPlace, messageId: string): void;
  /** Publications in progress. */
  pending(): readonly Promise<void>[];
};

const MAX_KNOWN_KINDS = 20_000;
const KIND_KEPT_MS = 20 * 3_600_000;

/** Makes a publisher. */
export function createDigestPublisher(options: {
  readonly posts: Pick<ChannelPosts, "publish">;
  readonly directory: Pick<GuildDirectory, "channel">;
  readonly log: Log;
  readonly now: () => Date;
}): DigestPublisher {
  const { posts, directory, log, now } = options;
  const limit = createConcurrencyLimit(1);
  const pending = new Set<Promise<void>>();
  const kinds = new BoundedMap<
    string,
    { readonly kind: ChannelFacts["kind"]; readonly knownMs: number }
  >({ maxEntries: MAX_KNOWN_KINDS });

  async function publishNow({ guildId, channelId }: DigestPlace, messageId: string): Promise<void> {
    const release = await limit.acquire();
    try {
      if ((await kindOf({ guildId, channelId })) !== "announcement") return;
      const { kind } = await posts.publish(channelId, messageId);
      if (kind !== "published")
        log.info({ guildId, outcome: kind }, "a digest was posted, but could not be published");
    } catch (error) {
      log.warn({ guildId, err: error }, "a digest was posted, but could not be published");
    } finally {
      release();
    }
  }

  async function kindOf({
    guildId,
    channelId,
  }: DigestPlace): Promise<ChannelFacts["kind"] | undefined> {
    const nowMs = now().getTime();
    const known = kinds.get(channelId);
    if (known !== undefined && Math.abs(nowMs - known.knownMs) < KIND_KEPT_MS) return known.kind;
    const asked = await directory.channel(guildId, channelId);
    if (!asked.ok) return undefined;
    kinds.set(channelId, { kind: asked.channel.kind, knownMs: nowMs });
    return asked.channel.kind;
  }

  return {
    publish(place, messageId) {
      const publication = publishNow(place, messageId).finally(() => pending.delete(publication));
      pending.add(publication);
    },
    pending: () => [...pending],
  };
}
