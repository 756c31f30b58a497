import type { Reply } from "./command.ts";

/**
 * Why Discord does not take a post: `no-access` (the bot cannot see the channel), `no-permission` (something is not allowed there),
 * `unknown-channel` (deleted), `archived-thread`, `wrong-kind` (no messages go into such a channel), `other` (the message itself).
 */
export type PostRefusal = "no-access" | "no-permission" | "unknown-channel" | "archived-thread" | "wrong-kind" | "other";

/** What keeps Discord from answering a request now; trying later helps. */
export type PostDelay =
  /** Nothing was posted: a rate limit ends in `retryAfterMs`, or our own turn did not come in time. */
  | { readonly kind: "rate-limited"; readonly retryAfterMs: number }
  /** Discord failed, hung or could not be reached; `mayHaveArrived` false: it has certainly not seen the request. */
  | { readonly kind: "unavailable"; readonly mayHaveArrived: boolean };

/** Discord said no, with its JSON error code (0: none). */
export type PostRefused = { readonly kind: "refused"; readonly code: number; readonly why: PostRefusal };

/** What became of one post. */
export type PostOutcome = { readonly kind: "sent"; readonly messageId: string } | PostRefused | PostDelay;

/**
 * Whether an earlier post of ours is in a channel. `unreadable`: it cannot be known (no right to read the history, or too much was written
 * since); `unavailable`: Discord cannot be asked now.
 */
export type SearchOutcome =
  | { readonly kind: "found"; readonly messageId: string }
  | { readonly kind: "absent" }
  | { readonly kind: "unreadable" }
  | { readonly kind: "unavailable" };

/** How a post is to be sent. */
export type PostOptions = {
  /** At most 25 characters; for a few minutes Discord answers a repeated one with the message that is there already. */
  readonly nonce: string;
  /** The one role that the message mentions, in front of its content; nobody else is ever mentioned. */
  readonly mentionRoleId?: string | undefined;
  /** `bulk` (unless told) shares 45 posts a second; `person` is for what somebody waits for. */
  readonly priority?: "bulk" | "person";
};

/** Messages that the bot writes by itself, with its own token, rather than in answer to an interaction. Never rejects. */
export type ChannelPosts = {
  /** One attempt: waits for its turn (10 s at most), then for Discord (10 s at most). */
  post(channelId: string, reply: Reply, options: PostOptions): Promise<PostOutcome>;
  /** Looks among the bot's messages since an instant for one with a component whose custom id contains `marker`. */
  find(where: { guildId: string; channelId: string }, marker: string, since: Date): Promise<SearchOutcome>;
  /** Publishes a message of an announcement channel to the servers that follow it. */
  publish(channelId: string, messageId: string): Promise<{ readonly kind: "published" } | PostRefused | PostDelay>;
  /** The channel of direct messages with somebody; whether they take messages is known only when posting. */
  directMessage(userId: string): Promise<{ readonly kind: "opened"; readonly channelId: string } | PostRefused | PostDelay>;
};
