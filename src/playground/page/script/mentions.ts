import type { PageFacts, PageUser } from "../protocol.ts";

/** The names behind mentions, and what pressing a mentioned command or channel does. */
export type Mentions = Pick<PageFacts, "members" | "channels" | "roles" | "bot" | "guildId"> & {
  begin(commandName: string): void;
  /** What the visitor reads as a user's name: "You" for the member whom the visitor acts as. */
  nameOf(user: PageUser): string;
  /** Goes to a channel, and to a message in it. */
  visit(channelId: string, messageId?: string): void;
};
