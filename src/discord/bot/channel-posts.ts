import {
  RESTJSONErrorCodes,
  type RESTPostAPIChannelMessageJSONBody,
  Routes,
} from "discord-api-types/v10";
import { z } from "zod";
import { type Clock, systemClock } from "../../process/clock.ts";
import { DISCORD_LIMITS } from "../limits.ts";
import type { Reply } from "../reply.ts";
import { contentOf } from "../responder.ts";
import type { BotResponse, BotRest } from "./bot-rest.ts";
import type { GuildDirectory } from "./guild-directory.ts";
import type { RequestPriority } from "./rate-limiter.ts";

/**
 * Why Discord does not take a post: `no-access` (the bot cannot see the channel), `no-permission`
 * (something is not allowed there), `unknown-channel` (deleted), `archived-thread`, `wrong-kind`
 * (no messages go into such a channel), `other` (the message itself).
 */
export type PostRefusal =
  | "no-access"
  | "no-permission"
  | "unknown-channel"
  | "archived-thread"
  | "wrong-kind"
  | "other";

/** What keeps Discord from doing what was asked now; trying later helps. */
export type PostDelay = Extract<
  BotResponse,
  { readonly kind: "rate-limited" | "token-refused" | "unavailable" }
>;

/**
 * Discord said no, with its JSON error code, and in words which part of the message it takes
 * exception to.
 */
export type PostRefused = {
  readonly kind: "refused";
  readonly code: number;
  readonly why: PostRefusal;
  readonly detail?: string;
};

/** What became of one post. */
export type PostOutcome =
  | { readonly kind: "sent"; readonly messageId: string }
  | PostRefused
  | PostDelay;

/**
 * Whether an earlier post of ours is in a channel. `unreadable`: it cannot be known (no right to
 * read the history, or too much was written since); `unavailable`: Discord cannot be asked now.
 */
export type SearchOutcome =
  | { readonly kind: "found"; readonly messageId: string }
  | { readonly kind: "absent" }
  | { readonly kind: "unreadable" }
  | { readonly kind: "unavailable" };

/** How a post is to be sent. */
export type PostOptions = {
  /**
   * At most 25 characters; for a few minutes Discord answers a repeated one with the message that
   * is there already.
   */
  readonly nonce: string;
  /**
   * The one role that the message mentions, in front of its content; nobody else is ever mentioned.
   */
  readonly mentionRoleId?: string | undefined;
  /** `bulk` (unless told) shares 45 posts a second; `person` is for what somebody waits for. */
  readonly priority?: RequestPriority;
  /**
   * Asked right before the message goes out, however long it waited for that: false drops it
   * (`rate-limited`).
   */
  readonly mayGoOut?: () => boolean;
};

/**
 * Messages that the bot writes by itself, with its own token, rather than in answer to an
 * interaction. Never rejects.
 */
export type ChannelPosts = {
  /** One attempt: waits for its turn (10 s at most), then for Discord (10 s at most). */
  post(channelId: string, reply: Reply, options: PostOptions): Promise<PostOutcome>;
  /**
   * Looks among the bot's messages since an instant for one with a component whose custom id
   * contains `marker`. It is looked for from `first` on, where it most likely is, and then back
   * from there: a lively channel may have more before than can be read.
   */
  find(
    where: { guildId: string; channelId: string },
    marker: string,
    since: Date,
    first?: Date,
  ): Promise<SearchOutcome>;
  /** Publishes a message of an announcement channel to the servers that follow it. */
  publish(
    channelId: string,
    messageId: string,
  ): Promise<{ readonly kind: "published" } | PostRefused | PostDelay>;
  /**
   * The channel of direct messages with somebody; whether they take messages is known only when
   * posting.
   */
  directMessage(
    userId: string,
  ): Promise<{ readonly kind: "opened"; readonly channelId: string } | PostRefused | PostDelay>;
};

/** A search goes back this much further than asked, because our clock and Discord's may differ. */
const CLOCK_DIFFERENCE_MS = 300_000;

/** A search that needs more pages than this in either direction is given up. */
const MOST_PAGES = 30;
/**
 * A channel's own limit is a few pages in as many seconds: a search waits for that, and for no
 * longer limit.
 */
const LONGEST_WAIT_MS = 10_000;
const WAITS_PER_PAGE = 5;

/**
 * The epoch of Discord's ids: 2015-01-01T00:00:00Z
 * (discord.com/developers/docs/reference#snowflakes, 2026-11).
 */
const DISCORD_EPOCH_MS = 1_420_070_400_000;

const sentMessage = z.object({ id: z.string() });
const openedChannel = z.object({ id: z.string() });
const messagePage = z.array(
  z.object({
    id: z.string().regex(/^\d+$/),
    author: z.object({ id: z.string() }),
    components: z.unknown(),
  }),
);
type MessagePage = z.infer<typeof messagePage>;

/**
 * Posts with the bot's token. `directory` tells whether an empty channel may be read; it must not
 * answer from an old memory.
 */
export function createChannelPosts(options: {
  rest: BotRest;
  directory: Pick<GuildDirectory, "missingPermissions">;
  clock?: Pick<Clock, "after">;
}): ChannelPosts {
  const { rest, directory, clock = systemClock } = options;

  /** One page of a channel's messages; what keeps it from being read when it cannot be. */
  async function read(
    channelId: string,
    query: Readonly<Record<string, string>>,
  ): Promise<MessagePage | SearchOutcome> {
    for (let waits = 0; ; waits += 1) {
      const answer = await rest.request({
        method: "GET",
        route: Routes.channelMessages(channelId),
        query,
        priority: "bulk",
      });
      if (answer.kind === "refused") {
        // A channel that is gone holds no post, and takes no second one.
        return {
          kind: answer.code === RESTJSONErrorCodes.UnknownChannel ? "absent" : "unreadable",
        };
      }
      if (
        answer.kind === "rate-limited" &&
        answer.retryAfterMs <= LONGEST_WAIT_MS &&
        waits < WAITS_PER_PAGE
      ) {
        await new Promise<void>((resolve) => void clock.after(answer.retryAfterMs, resolve));
        continue;
      }
      return (
        messagePage.safeParse(answer.kind === "ok" ? answer.body : undefined).data ?? {
          kind: "unavailable",
        }
      );
    }
  }

  /**
   * Reads page after page, forward from an id, or back from it `until` another one. Gives the count
   * of messages when none of them is ours.
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
    for (let page = 0; page < MOST_PAGES; page += 1) {
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
    // Without the right to read the history, Discord answers with an empty list rather than an
    // error.
    const rights = await directory.missingPermissions(guildId, channelId, null);
    if (!rights.ok) return { kind: rights.reason === "unavailable" ? "unavailable" : "unreadable" };
    const isReadable =
      !rights.missing.includes("View Channel") && !rights.missing.includes("Read Message History");
    return { kind: isReadable ? "absent" : "unreadable" };
  }

  return {
    async post(channelId, reply, { nonce, mentionRoleId, priority = "bulk", mayGoOut }) {
      const mention = mentionRoleId === undefined ? [] : [`<@&${mentionRoleId}>`];
      const content = [...mention, ...(reply.content === undefined ? [] : [reply.content])].join(
        " ",
      );
      const body = {
        ...contentOf(reply),
        ...(content === "" ? {} : { content }),
        allowed_mentions: { parse: [], roles: mentionRoleId === undefined ? [] : [mentionRoleId] },
        nonce,
        enforce_nonce: true,
      } satisfies RESTPostAPIChannelMessageJSONBody;
      const answer = await rest.request({
        method: "POST",
        route: Routes.channelMessages(channelId),
        body,
        files: reply.files ?? [],
        priority,
        mayGoOut,
      });
      return outcomeOf(answer, sentMessage, ({ id }) => ({ kind: "sent", messageId: id }));
    },

    async find(where, marker, since, first = since) {
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
    },

    async publish(channelId, messageId) {
      const answer = await rest.request({
        method: "POST",
        route: Routes.channelMessageCrosspost(channelId, messageId),
        priority: "bulk",
      });
      if (
        answer.kind === "refused" &&
        answer.code === RESTJSONErrorCodes.ThisMessageWasAlreadyCrossposted
      )
        return { kind: "published" };
      return outcomeOf(answer, sentMessage, () => ({ kind: "published" }));
    },

    async directMessage(userId) {
      const answer = await rest.request({
        method: "POST",
        route: Routes.userChannels(),
        body: { recipient_id: userId },
        priority: "bulk",
      });
      return outcomeOf(answer, openedChannel, ({ id }) => ({ kind: "opened", channelId: id }));
    },
  };
}

function outcomeOf<Body, Outcome>(
  answer: BotResponse,
  shape: z.ZodType<Body>,
  read: (body: Body) => Outcome,
): Outcome | PostRefused | PostDelay {
  if (answer.kind === "refused") return refusedWith(answer);
  if (answer.kind !== "ok") return answer;
  const { data } = shape.safeParse(answer.body);
  // A success that says nothing of the message is some proxy's; Discord may have posted all the
  // same.
  return data === undefined ? { kind: "unavailable", mayHaveArrived: true } : read(data);
}

function refusedWith({
  code,
  detail,
}: Extract<BotResponse, { readonly kind: "refused" }>): PostRefused {
  const why = whyRefused(code);
  return {
    kind: "refused",
    code,
    why,
    ...(why === "other" && detail !== undefined ? { detail } : {}),
  };
}

// discord.com/developers/docs/topics/opcodes-and-status-codes#json-json-error-codes, 2026-11.
function whyRefused(code: number): PostRefusal {
  switch (code) {
    case RESTJSONErrorCodes.MissingAccess:
      return "no-access";
    case RESTJSONErrorCodes.MissingPermissions:
    case RESTJSONErrorCodes.CannotSendMessagesToThisUser:
      return "no-permission";
    case RESTJSONErrorCodes.UnknownChannel:
    case RESTJSONErrorCodes.UnknownGuild:
      return "unknown-channel";
    case RESTJSONErrorCodes.InvalidActionOnArchivedThread:
    case RESTJSONErrorCodes.ThreadLocked:
      return "archived-thread";
    case RESTJSONErrorCodes.CannotSendMessagesInNonTextChannel:
    case RESTJSONErrorCodes.CannotExecuteActionOnThisChannelType:
      return "wrong-kind";
    default:
      return "other";
  }
}

/** The smallest id that something made at this instant can have. */
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
