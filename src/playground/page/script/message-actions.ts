import type { PageMessage } from "../protocol.ts";
import type { Mentions } from "./markdown-view.ts";
import type { ComponentData } from "./sent-interaction.ts";

/** What a message's buttons, menus and links do. */
export type MessageActions = {
  readonly mentions: Mentions;
  /**
   * Presses a button or sends a menu's choice; resolves when the bot has responded. Never rejects.
   */
  use(message: PageMessage, data: ComponentData): Promise<void>;
  dismiss(message: PageMessage): void;
  find(messageId: string): PageMessage | undefined;
};
