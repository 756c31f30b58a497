import type { PageMessage } from "../protocol.ts";
import { byId } from "./dom.ts";
import type { MessageActions } from "./message-actions.ts";
import { focusWithin, messageElement, restoreFocus } from "./message-view.ts";
import type { Place } from "./sent-interaction.ts";

const EPHEMERAL = 64;
/** How near the end the list must be scrolled to follow new messages, in pixels. */
const AT_END_PX = 120;

/** Options of {@link MessageList}. */
export type MessageListOptions = {
  readonly actions: MessageActions;
  /** Where the visitor is now. */
  place(): Place;
  /** Called for a new message in another channel. */
  markUnread(channelId: string): void;
};

/** All messages of the made-up server, of which the visitor's channel is shown. */
export class MessageList {
  readonly #actions: MessageActions;
  readonly #place: () => Place;
  readonly #markUnread: (channelId: string) => void;
  readonly #messages = new Map<string, PageMessage>();
  readonly #list = byId("messages", HTMLOListElement);
  readonly #scroller = byId("scroller", HTMLElement);

  constructor({ actions, place, markUnread }: MessageListOptions) {
    this.#actions = actions;
    this.#place = place;
    this.#markUnread = markUnread;
  }

  find(messageId: string): PageMessage | undefined {
    return this.#messages.get(messageId);
  }

  /** Replaces all messages. */
  replaceAll(messages: readonly PageMessage[]): void {
    this.#messages.clear();
    for (const message of messages) this.#messages.set(message.id, message);
    this.draw();
  }

  /** Adds a message, or updates it. */
  put(message: PageMessage): void {
    this.#messages.set(message.id, message);
    if (!this.#isVisible(message)) return;
    if (message.channel_id !== this.#place().channel.id) {
      this.#markUnread(message.channel_id);
      return;
    }
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    const isAtEnd = scrollHeight - scrollTop - clientHeight < AT_END_PX;
    const previous = elementOf(message.id);
    const element = messageElement(message, this.#actions);
    if (previous === null) {
      this.#list.append(element);
    } else {
      const focused = focusWithin(previous);
      previous.replaceWith(element);
      if (focused !== undefined) restoreFocus(element, focused);
    }
    if (isAtEnd) this.#scrollToEnd();
  }

  remove(messageId: string): void {
    this.#messages.delete(messageId);
    const element = elementOf(messageId);
    if (element === null) return;
    const hadFocus = focusWithin(element) !== undefined;
    element.remove();
    if (hadFocus) byId("composer", HTMLFormElement).querySelector("input")?.focus();
  }

  /** Redraws the channel. */
  draw(): void {
    const shown = [...this.#messages.values()].filter(
      (message) => message.channel_id === this.#place().channel.id && this.#isVisible(message),
    );
    this.#list.replaceChildren(...shown.map((message) => messageElement(message, this.#actions)));
    this.#scrollToEnd();
  }

  /** Only the member who asked sees a private reply. */
  #isVisible({ flags, interaction_metadata: asked }: PageMessage): boolean {
    return (flags & EPHEMERAL) === 0 || asked?.user.id === this.#place().member.id;
  }

  #scrollToEnd(): void {
    this.#scroller.scrollTop = this.#messages.size === 0 ? 0 : this.#scroller.scrollHeight;
  }
}

function elementOf(messageId: string): HTMLElement | null {
  return document.getElementById(`message-${messageId}`);
}
