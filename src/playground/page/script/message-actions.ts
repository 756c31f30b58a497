import type { PageMessage } from "../protocol.ts";
import type { Mentions } from "./mentions.ts";
import type { ComponentData } from "./sent-interaction.ts";

/** What a message's buttons, menus and links do. */
export type MessageActions = {
  readonly mentions: Mentions;
  /**
   * Presses a button or sends a menu's choice; resolves when its effect is there, or why there is
   * none has been said. Never rejects.
   */
  use(message: PageMessage, data: ComponentData): Promise<void>;
  /** Sends a command in the menu of messages. Never rejects. */
  check(message: PageMessage, command: string): Promise<void>;
  dismiss(message: PageMessage): void;
  find(messageId: string): PageMessage | undefined;
};
