import type { PageMessage } from "../protocol.ts";
import type { Composer, SentCommand } from "./composer.ts";
import { showError, showHint } from "./hint.ts";
import type { MessageList } from "./message-list.ts";
import { type Modal, showModal } from "./modal-view.ts";
import { say } from "./say.ts";
import {
  type ComponentData,
  componentInteraction,
  messageCommandInteraction,
  modalInteraction,
  newNonce,
  type Place,
} from "./sent-interaction.ts";
import { type FirstResponse, type Server, ServerError } from "./server.ts";

// Discord's types of a first response.
const DEFERRED_UPDATE = 6;
const MODAL = 9;

/** Options of {@link Conversation}. */
export type ConversationOptions = {
  readonly server: Server;
  readonly messages: MessageList;
  readonly composer: () => Composer;
  /** Where the visitor is now. */
  place(): Place;
};

/** Sends what the visitor does, shows at once that it is pending, and says when it failed. */
export class Conversation {
  readonly #server: Server;
  readonly #messages: MessageList;
  readonly #composer: () => Composer;
  readonly #place: () => Place;

  constructor({ server, messages, composer, place }: ConversationOptions) {
    this.#server = server;
    this.#messages = messages;
    this.#composer = composer;
    this.#place = place;
  }

  /** Sends a command. Never rejects: a command that could not be sent can be sent again. */
  async send(command: SentCommand): Promise<void> {
    const nonce = newNonce();
    const messages = this.#messages;
    messages.expect(nonce, command.name);
    try {
      const response = await this.#server.interact({ ...command.interaction, nonce });
      const isModal = this.#openedModal(response, undefined);
      if (isModal) messages.settle(nonce);
    } catch (error) {
      const dismiss = () => messages.settle(nonce);
      if (reasonOf(error) === "no-response") {
        messages.fail(nonce, { sentence: say("playground.no-response"), dismiss });
        return;
      }
      const composer = this.#composer();
      if (composer.draft() === undefined) {
        messages.settle(nonce);
        composer.restore(command.draft);
        composer.close();
        if (reasonOf(error) === "unreachable") showHint(say("playground.not-sent.again"), true);
        else showError(error);
        return;
      }
      // Something else is being typed already, which must not be lost.
      const retry = () => {
        messages.settle(nonce);
        void this.send(command);
      };
      messages.fail(nonce, { sentence: sentenceOn(error), retry, dismiss });
    }
  }

  /**
   * Presses a button or sends a menu's choice; resolves when its effect is there, or why there is
   * none has been said. Never rejects.
   */
  async use(message: PageMessage, data: ComponentData): Promise<void> {
    const nonce = newNonce();
    const messages = this.#messages;
    messages.markOwn(nonce);
    messages.tell(message.id, "");
    try {
      const sent = componentInteraction(message, data, this.#place());
      const replied = messages.replied(nonce, message.id);
      const response = await this.#server.interact({ ...sent, nonce });
      showHint("");
      if (response.type === DEFERRED_UPDATE) await replied;
      else this.#openedModal(response, message);
    } catch (error) {
      messages.tell(message.id, sentenceOn(error));
    }
  }

  /** Sends a command on a message, and says in the hint why it had no effect. Never rejects. */
  async check(message: PageMessage, command: string): Promise<void> {
    const nonce = newNonce();
    this.#messages.markOwn(nonce);
    try {
      const sent = messageCommandInteraction(command, message, this.#place());
      await this.#server.interact({ ...sent, nonce });
      showHint("");
    } catch (error) {
      showHint(sentenceOn(error), true);
    }
  }

  /** Shows the modal that a response contains; false when it contains none. */
  #openedModal({ type, data }: FirstResponse, message: PageMessage | undefined): boolean {
    if (type !== MODAL || data?.custom_id === undefined) return false;
    // Discord's response of this type always contains all of it.
    const modal = data as Modal;
    const place = this.#place();
    const returnFocus = this.#messages.focusReturn(message?.id);
    showModal(
      modal,
      async (filled) => {
        const nonce = newNonce();
        this.#messages.markOwn(nonce);
        await this.#server.interact({ ...modalInteraction(filled, place, message), nonce });
      },
      returnFocus,
    );
    return true;
  }
}

const reasonOf = (error: unknown) => (error instanceof ServerError ? error.reason : "refused");

/** What Discord says about a button that had no effect, or more if more is known. */
function sentenceOn(error: unknown): string {
  switch (reasonOf(error)) {
    case "no-response":
      return say("playground.interaction-failed");
    case "unreachable":
      return say("playground.not-sent");
    case "refused":
      return error instanceof Error ? error.message : say("playground.interaction-failed");
  }
}
