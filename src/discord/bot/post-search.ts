import { RESTJSONErrorCodes, Routes } from "discord-api-types/v10";
import { z } from "zod";
import { type Clock, systemClock } from "../../process/clock.ts";
import { DISCORD_LIMITS } from "../limits.ts";
import { DISCORD_EPOCH_MS } from "../snowflake.ts";
import type { BotRest } from "./bot-rest.ts";
import type { GuildDirectory } from "./guild-directory.ts";

/**
 * Whether an earlier post of the bot is in a channel. `unreadable`: there is no telling (the bot
 * may not read the history, or too much was written since); `unavailable`: Discord cannot be
 * reached now.
 */
export type SearchOutcome =
  | { readonly kind: "found"; readonly messageId: string }
  | { readonly kind: "absent" }
  | { readonly kind: "unreadable" }
  | { readonly kind: "unavailable" };

/**
 * Looks among the bot's messages since an instant for one with a component whose custom id contains
 * `marker`. It searches forward from `first`, where the message most likely is, and then backward:
 * a busy channel may have more messages before that than can be read. Never rejects.
 */
export type PostSearch = (
  where: { readonly guildId: string; readonly channelId: string },
  marker: string,
  since: Date,
  first?: Date,
) => Promise<SearchOutcome>;

/**
 * A search goes back this much further than requested, because our clock and Discord's may differ.
 */
const CLOCK_DIFFERENCE_MS = 300_000;

/** A search that needs more pages than this in either direction is given up. */
const MAX_PAGES = 30;
/**
 * A channel's own rate limit is a few pages in as many seconds: a search waits for that, but not
 * for any longer limit.
 */
const LONGEST_WAIT_MS = 10_000;
const WAITS_PER_PAGE = 5;

const messagePage = z.array(
  z.object({
    id: z.string().regex(/^\d+$/),
    author: z.object({ id: z.string() }),
    components: z.unknown(),
  }),
);
type MessagePage = z.infer<typeof messagePage>;

/**
 * Searches by REST. `directory` says whether the bot may read a channel that looks empty; it must
 * not use a cache.
 */
export function createPostSearch(options: {
  rest: BotRest;
  directory: Pick<GuildDirectory, "missingPermissions">;
  clock?: Pick<Clock, "after">;
}): PostSearch {
  const { rest, directory, clock = systemClock } = options;

  /** One page of a channel's messages, or why it cannot be read. */
  async function read(
    channelId: string,
    query: Readonly<Record<string, string>>,
  ): Promise<MessagePage | SearchOutcome> {
    for (let waits = 0; ; waits += 1) {
      const response = await rest.request({
        method: "GET",
        route: Routes.channelMessages(channelId),
        query,
        priority: "bulk",
      });
      if (response.kind === "refused") {
        // A deleted channel contains no post and accepts no second one.
        return {
          kind: response.code === RESTJSONErrorCodes.UnknownChannel ? "absent" : "unreadable",
        };
      }
      if (
        response.kind === "rate-limited" &&
        response.retryAfterMs <= LONGEST_WAIT_MS &&
        waits < WAITS_PER_PAGE
      ) {
        await new Promise<void>((resolve) => void clock.after(response.retryAfterMs, resolve));
        continue;
      }
      return (
        messagePage.safeParse(response.kind === "ok" ? response.body : undefined).data ?? {
          kind: "unavailable",
        }
      );
    }
  }

  /**
   * Reads page after page, forward from an id, or back from it `until` another. Resolves to the
   * number of messages read when none of them matches.
   */
  async function walk(
    channelId: string,
    {
      from,
      until,
      isOurs,
    }: { from: bigint; until?: bigint; isOurs: (message: MessagePage[number]) => boolean },
  ): Promise<SearchOutcome | number> {
    let [at, seen] = [from, 0];
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const query: Record<string, string> = {
        limit: String(DISCORD_LIMITS.historyPageMessages),
        [until === undefined ? "after" : "before"]: String(at),
      };
      const messages = await read(channelId, query);
      if ("kind" in messages) return messages;
      const ours = messages.find(isOurs);
      if (ours !== undefined) return { kind: "found", messageId: ours.id };
      seen += messages.length;
      for (const { id } of messages)
        if (until === undefined ? BigInt(id) > at : BigInt(id) < at) at = BigInt(id);
      if (
        messages.length < DISCORD_LIMITS.historyPageMessages ||
        (until !== undefined && at < until)
      )
        return seen;
    }
    return { kind: "unreadable" };
  }

  async function emptyMeansAbsent({
    guildId,
    channelId,
  }: {
    guildId: string;
    channelId: string;
  }): Promise<SearchOutcome> {
    // Without the permission to read the history, Discord responds with an empty list instead of an
    // error.
    const rights = await directory.missingPermissions(guildId, channelId, null);
    if (!rights.ok) return { kind: rights.reason === "unavailable" ? "unavailable" : "unreadable" };
    const isReadable =
      !rights.missing.includes("View Channel") && !rights.missing.includes("Read Message History");
    return { kind: isReadable ? "absent" : "unreadable" };
  }

  return async (where, marker, since, first = since) => {
    const ownId = await rest.ownUserId();
    if (ownId === undefined) return { kind: "unavailable" };
    const isOurs = ({ author, components }: MessagePage[number]) =>
      author.id === ownId && holdsCustomId(components, marker);
    const from = firstIdAt(first.getTime() - CLOCK_DIFFERENCE_MS);
    const later = await walk(where.channelId, { from, isOurs });
    if (typeof later !== "number") return later;
    const until = firstIdAt(since.getTime() - CLOCK_DIFFERENCE_MS);
    const earlier =
      until < from ? await walk(where.channelId, { from: from + 1n, until, isOurs }) : 0;
    if (typeof earlier !== "number") return earlier;
    return later + earlier === 0 ? emptyMeansAbsent(where) : { kind: "absent" };
  };
}

/** The smallest id of anything created at this instant. */
const firstIdAt = (atMs: number) => BigInt(Math.max(0, Math.floor(atMs) - DISCORD_EPOCH_MS)) << 22n;

/** Whether a component anywhere in this tree has a custom id that contains the marker. */
function holdsCustomId(node: unknown, marker: string): boolean {
  if (typeof node !== "object" || node === null) return false;
  return Object.entries(node).some(([key, value]) =>
    key === "custom_id" && typeof value === "string"
      ? value.includes(marker)
      : holdsCustomId(value, marker),
  );
}
