import type { PageFacts, PageMessage } from "../protocol.ts";
import { byId, el } from "./dom.ts";
import { JumpBar } from "./jump-bar.ts";
import type { MessageActions } from "./message-actions.ts";
import {
  EPHEMERAL,
  type Failure,
  focusWithin,
  LOADING,
  messageElement,
  restoreFocus,
} from "./message-view.ts";
import { say } from "./say.ts";
import { ScrollPosition } from "./scroll-position.ts";
import type { Place } from "./sent-interaction.ts";

/** Discord gives up on a reply that is still being thought about after this time. */
const DISCORD_WAITS_MS = 15 * 60_000;

/** Options of {@link MessageList}. */
export type MessageListOptions = {
  readonly actions: MessageActions;
  readonly bot: PageFacts["bot"];
  /** Where the visitor is now. */
  place(): Place;
  /** Called for a new message in another channel. */
  markUnread(channelId: string): void;
};

/** A command that was sent and has no reply yet, shown as if the bot were thinking. */
type Pending = { readonly message: PageMessage; readonly failure?: Failure };

/** All messages of the made-up server, of which the visitor's channel is shown. */
export class MessageList {
  readonly #options: MessageListOptions;
  readonly #messages = new Map<string, PageMessage>();
  readonly #list = byId("messages", HTMLOListElement);
  readonly #scroll = new ScrollPosition(byId("scroller", HTMLElement), this.#list, () =>
    this.#drawBar(),
  );
  readonly #bar = new JumpBar(() => this.#scroll.toEnd());
  /** By nonce. */
  readonly #pending = new Map<string, Pending>();
  /** The nonces of what this page has sent: the page scrolls to the replies. */
  readonly #own = new Set<string>();
  /** Called when a message with this nonce or id arrives. */
  readonly #waiting = new Map<string, () => void>();
  /** Ids of the messages that arrived below what the visitor is reading. */
  readonly #unseen = new Set<string>();

  constructor(options: MessageListOptions) {
    this.#options = options;
  }

  find(messageId: string): PageMessage | undefined {
    return this.#messages.get(messageId);
  }

  /** Replaces all messages, and leaves alone those that are the same. */
  replaceAll(messages: readonly PageMessage[]): void {
    const isFirst = this.#messages.size === 0;
    const ids = new Set(messages.map(({ id }) => id));
    for (const id of this.#messages.keys()) if (!ids.has(id)) this.remove(id);
    if (isFirst) {
      for (const message of messages) this.#messages.set(message.id, message);
      this.draw();
      return;
    }
    for (const message of messages) {
      const known = this.#messages.get(message.id);
      if (JSON.stringify(known) !== JSON.stringify(message)) this.put(message);
    }
  }

  /** Shows a command as pending, until its reply arrives or it is settled. */
  expect(nonce: string, name: string): void {
    const { channel, member } = this.#options.place();
    const message: PageMessage = {
      id: `pending-${nonce}`,
      channel_id: channel.id,
      author: this.#options.bot,
      content: "",
      embeds: [],
      components: [],
      attachments: [],
      flags: LOADING,
      timestamp: new Date().toISOString(),
      edited_timestamp: null,
      nonce,
      interaction_metadata: { id: "", user: member, name },
    };
    this.#own.add(nonce);
    this.#pending.set(nonce, { message });
    this.#list.append(this.#elementOf(message));
    this.#scroll.reveal(elementId(message.id));
  }

  /** Removes what was shown as pending, if its reply has not arrived. */
  settle(nonce: string): void {
    const pending = this.#pending.get(nonce);
    if (pending === undefined) return;
    this.#pending.delete(nonce);
    this.#scroll.keeping(() => elementOf(pending.message.id)?.remove());
  }

  /** Says on what was shown as pending why there is no reply. */
  fail(nonce: string, failure: Failure): void {
    const pending = this.#pending.get(nonce);
    if (pending === undefined) return;
    this.#pending.set(nonce, { ...pending, failure });
    const previous = elementOf(pending.message.id);
    const element = messageElement(pending.message, this.#options.actions, failure);
    this.#scroll.keeping(() => previous?.replaceWith(element));
  }

  /** Marks what is about to be sent, so that the page scrolls to its reply. */
  markOwn(nonce: string): void {
    this.#own.add(nonce);
  }

  /**
   * Resolves when a reply with this nonce has arrived, or the message whose control was used has
   * changed; at the latest when Discord would give up.
   */
  replied(nonce: string, messageId: string): Promise<void> {
    return new Promise((resolve) => {
      const arrived = () => {
        clearTimeout(timer);
        for (const key of [nonce, messageId]) this.#waiting.delete(key);
        resolve();
      };
      const timer = setTimeout(arrived, DISCORD_WAITS_MS);
      for (const key of [nonce, messageId]) this.#waiting.set(key, arrived);
    });
  }

  /** Makes what moves the focus back to a message's control, even if the message was redrawn. */
  focusReturn(messageId: string | undefined): () => void {
    const element = messageId === undefined ? null : elementOf(messageId);
    const place = element === null ? undefined : focusWithin(element);
    return () => {
      const current = messageId === undefined ? null : elementOf(messageId);
      if (current !== null && place !== undefined) restoreFocus(current, place);
      else byId("composer", HTMLFormElement).querySelector("input")?.focus();
    };
  }

  /** Says below a message's controls why using one had no effect; an empty sentence clears it. */
  tell(messageId: string, sentence: string): void {
    const components = elementOf(messageId)?.querySelector(".components");
    this.#scroll.keeping(() => {
      components?.querySelector(".failure")?.remove();
      if (sentence !== "")
        components?.append(el("p", { class: "failure", role: "alert" }, sentence));
    });
  }

  /** Adds a message, or updates it. */
  put(message: PageMessage): void {
    const isNew = !this.#messages.has(message.id);
    this.#messages.set(message.id, message);
    const nonce = message.nonce ?? "";
    const isOwn = isNew && this.#own.has(nonce);
    this.#waiting.get(isNew ? nonce : message.id)?.();
    if (isNew) this.settle(nonce);
    if (!this.#isVisible(message)) return;
    this.#expire(message);
    if (message.channel_id !== this.#options.place().channel.id) {
      if (isNew) this.#options.markUnread(message.channel_id);
      return;
    }
    const isFollowed = this.#scroll.isAtEnd();
    this.#scroll.keeping(() => this.#draw(message));
    if (isOwn) this.#scroll.reveal(elementId(message.id));
    else if (isNew && isFollowed) this.#showLast();
    else if (isNew) this.#unseen.add(message.id);
    this.#drawBar();
  }

  remove(messageId: string): void {
    this.#messages.delete(messageId);
    this.#unseen.delete(messageId);
    const element = elementOf(messageId);
    if (element === null) return;
    const hadFocus = focusWithin(element) !== undefined;
    this.#scroll.keeping(() => element.remove());
    if (hadFocus) byId("composer", HTMLFormElement).querySelector("input")?.focus();
  }

  /** Shows a message that a link names; false when it is not in the visitor's channel. */
  show(messageId: string): boolean {
    const element = elementOf(messageId);
    if (element === null) return false;
    this.#scroll.reveal(element.id);
    element.querySelector<HTMLElement>("article")?.focus({ preventScroll: true });
    return true;
  }

  /** Redraws the channel. */
  draw(): void {
    const { id } = this.#options.place().channel;
    const shown = [
      ...this.#messages.values(),
      ...[...this.#pending.values()].map(({ message }) => message),
    ].filter((message) => message.channel_id === id && this.#isVisible(message));
    this.#unseen.clear();
    this.#list.replaceChildren(...shown.map((message) => this.#elementOf(message)));
    for (const message of shown) this.#expire(message);
    this.#showLast();
  }

  /** Scrolls to the end, but shows the welcome first where there is only one message. */
  #showLast(): void {
    if (this.#list.children.length > 1) this.#scroll.toEnd();
    else this.#scroll.toStart();
  }

  #draw(message: PageMessage): void {
    const previous = elementOf(message.id);
    const element = this.#elementOf(message);
    if (previous === null) {
      this.#list.append(element);
      return;
    }
    const focused = focusWithin(previous);
    previous.replaceWith(element);
    if (focused !== undefined) restoreFocus(element, focused);
  }

  #elementOf(message: PageMessage): HTMLLIElement {
    const isExpired = isThinking(message) && ageMs(message) >= DISCORD_WAITS_MS;
    const failure =
      this.#pending.get(message.nonce ?? "")?.failure ??
      (isExpired ? { sentence: say("playground.no-response") } : undefined);
    return messageElement(message, this.#options.actions, failure);
  }

  /** Redraws a message that the bot still thinks about when Discord would give up on it. */
  #expire(message: PageMessage): void {
    if (!isThinking(message) || ageMs(message) >= DISCORD_WAITS_MS) return;
    setTimeout(() => {
      const current = this.#messages.get(message.id);
      if (current !== undefined && isThinking(current) && elementOf(message.id) !== null)
        this.#scroll.keeping(() => this.#draw(current));
    }, DISCORD_WAITS_MS - ageMs(message));
  }

  #drawBar(): void {
    if (this.#scroll.isAtEnd()) this.#unseen.clear();
    this.#bar.show(this.#unseen.size, this.#scroll.isFarUp());
  }

  /** Only the member who asked sees a private reply. */
  #isVisible({ flags, interaction_metadata: asked }: PageMessage): boolean {
    return (flags & EPHEMERAL) === 0 || asked?.user.id === this.#options.place().member.id;
  }
}

const isThinking = ({ flags }: PageMessage) => (flags & LOADING) !== 0;

const ageMs = ({ timestamp }: PageMessage) => Date.now() - Date.parse(timestamp);

const elementId = (messageId: string) => `message-${messageId}`;

function elementOf(messageId: string): HTMLElement | null {
  return document.getElementById(elementId(messageId));
}
