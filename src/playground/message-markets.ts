import type { PlaygroundMessages } from "./messages.ts";
import type { MarketState } from "./page/protocol.ts";

type MarketName = MarketState["market"];

/**
 * Remembers which market each message's answer came from, so that its buttons use the same market.
 */
export class MessageMarkets {
  readonly #ofMessage = new Map<string, MarketName>();
  /** By the id of an interaction in progress. */
  readonly #ofInteraction = new Map<string, MarketName>();
  readonly #chosen: () => MarketName;

  /** `chosen` tells the market that the visitor has chosen. */
  constructor(messages: Pick<PlaygroundMessages, "watch">, chosen: () => MarketName) {
    this.#chosen = chosen;
    messages.watch((change) => {
      if (change.kind === "gone") {
        this.#ofMessage.delete(change.id);
        return;
      }
      const { id, interaction_metadata: interaction } = change.message;
      if (this.#ofMessage.has(id)) return;
      this.#ofMessage.set(id, this.#ofInteraction.get(interaction?.id ?? "") ?? chosen());
    });
  }

  /**
   * The market to use when a button of this message is pressed; for other messages, the chosen
   * market.
   */
  marketFor(messageId: string | undefined): MarketName {
    return this.#ofMessage.get(messageId ?? "") ?? this.#chosen();
  }

  /** Runs the work of an interaction whose messages come from `market`. */
  async during(
    interactionId: string,
    market: MarketName,
    work: () => Promise<void>,
  ): Promise<void> {
    this.#ofInteraction.set(interactionId, market);
    try {
      await work();
    } finally {
      this.#ofInteraction.delete(interactionId);
    }
  }
}
