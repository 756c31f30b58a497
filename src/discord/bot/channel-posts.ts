import {
  RESTJSONErrorCodes,
  type RESTPostAPIChannelMessageJSONBody,
  Routes,
} from "discord-api-types/v10";
import { z } from "zod";
import type { Clock } from "../../process/clock.ts";
import type { Reply } from "../reply.ts";
import { contentOf } from "../responder.ts";
import type { BotResponse, BotRest } from "./bot-rest.ts";
import type { GuildDirectory } from "./guild-directory.ts";
import { createPostSearch, type PostSearch } from "./post-search.ts";
import type { RequestPriority } from "./rate-limiter.ts";

/**
 * Why Discord refuses a post: `no-access` (the bot cannot see the channel), `no-permission`
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

/** Why Discord cannot do it now; trying again later helps. */
export type PostDelay = Extract<
  BotResponse,
  { readonly kind: "rate-limited" | "token-refused" | "unavailable" }
>;

/**
 * Discord refused it: its JSON error code, and which part of the message it objects to, in words.
 */
export type PostRefused = {
  readonly kind: "refused";
  readonly code: number;
  readonly why: PostRefusal;
  readonly detail?: string;
};

/** The outcome of one post. */
export type PostOutcome =
  | { readonly kind: "sent"; readonly messageId: string }
  | PostRefused
  | PostDelay;

/** How to send a post. */
export type PostOptions = {
  /**
   * At most 25 characters; for a few minutes Discord responds to a repeated nonce with the message
   * that it already has.
   */
  readonly nonce: string;
  /** The only role that the message mentions, before its content; no other mention ever works. */
  readonly mentionRoleId?: string | undefined;
  /**
   * `bulk` (the default) shares 45 posts a second; `person` is for a post that somebody waits for.
   */
  readonly priority?: RequestPriority;
  /**
   * Called right before the message is sent, however long it has waited; false drops it
   * (`rate-limited`).
   */
  readonly mayGoOut?: () => boolean;
};

/**
 * Messages that the bot sends of its own accord, with its own token, rather than in reply to an
 * interaction. Never rejects.
 */
export type ChannelPosts = {
  /** One attempt: waits at most 10 s for the rate limiter, then at most 10 s for Discord. */
  post(channelId: string, reply: Reply, options: PostOptions): Promise<PostOutcome>;
  /** Looks for an earlier post. */
  find: PostSearch;
  /** Publishes a message of an announcement channel to the servers that follow it. */
  publish(
    channelId: string,
    messageId: string,
  ): Promise<{ readonly kind: "published" } | PostRefused | PostDelay>;
  /**
   * Opens the direct message channel with a user; whether they accept messages is known only when
   * posting.
   */
  directMessage(
    userId: string,
  ): Promise<{ readonly kind: "opened"; readonly channelId: string } | PostRefused | PostDelay>;
};

const sentMessage = z.object({ id: z.string() });
const openedChannel = z.object({ id: z.string() });
/**
 * Posts with the bot's token. `directory` says whether the bot may read a channel that looks empty;
 * it must not use a cache.
 */
export function createChannelPosts(options: {
  rest: BotRest;
  directory: Pick<GuildDirectory, "missingPermissions">;
  clock?: Pick<Clock, "after">;
}): ChannelPosts {
  const { rest } = options;
  return {
    find: createPostSearch(options),
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
      const response = await rest.request({
        method: "POST",
        route: Routes.channelMessages(channelId),
        body,
        files: reply.files ?? [],
        priority,
        mayGoOut,
      });
      return outcomeOf(response, sentMessage, ({ id }) => ({ kind: "sent", messageId: id }));
    },

    async publish(channelId, messageId) {
      const response = await rest.request({
        method: "POST",
        route: Routes.channelMessageCrosspost(channelId, messageId),
        priority: "bulk",
      });
      if (
        response.kind === "refused" &&
        response.code === RESTJSONErrorCodes.ThisMessageWasAlreadyCrossposted
      )
        return { kind: "published" };
      return outcomeOf(response, sentMessage, () => ({ kind: "published" }));
    },

    async directMessage(userId) {
      const response = await rest.request({
        method: "POST",
        route: Routes.userChannels(),
        body: { recipient_id: userId },
        priority: "bulk",
      });
      return outcomeOf(response, openedChannel, ({ id }) => ({ kind: "opened", channelId: id }));
    },
  };
}

function outcomeOf<Body, Outcome>(
  response: BotResponse,
  shape: z.ZodType<Body>,
  read: (body: Body) => Outcome,
): Outcome | PostRefused | PostDelay {
  if (response.kind === "refused") return refusedWith(response);
  if (response.kind !== "ok") return response;
  const { data } = shape.safeParse(response.body);
  // A success that does not describe the message comes from a proxy; Discord may have posted it.
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
