import type { PageFacts, PageUser } from "../protocol.ts";
import type { Entry, MessageCommand } from "./command-entries.ts";

/** The names behind mentions, and what pressing a mentioned command or channel does. */
export type Mentions = Pick<PageFacts, "members" | "channels" | "roles" | "bot" | "guildId"> & {
  /** Every command and subcommand. */
  readonly entries: readonly Entry[];
  /** The commands in the menu of every message that everybody sees. */
  readonly messageCommands: readonly MessageCommand[];
  begin(commandName: string): void;
  /** What the visitor reads as a user's name: "You" for the member whom the visitor acts as. */
  nameOf(user: PageUser): string;
  /** Whether a user is the member whom the visitor acts as. */
  isVisitor(user: PageUser): boolean;
  /** Goes to a channel, and to a message in it. */
  visit(channelId: string, messageId?: string): void;
};
