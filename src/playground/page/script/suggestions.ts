import type { NamedValue } from "./option-values.ts";
import type { Server } from "./server.ts";

/**
 * Asks the bot for suggestions while an option is being typed. A new request cancels the previous
 * one.
 */
export class Suggestions {
  readonly #server: Pick<Server, "interact">;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | undefined;

  constructor(server: Pick<Server, "interact">) {
    this.#server = server;
  }

  /**
   * After `delayMs`, makes and sends `interaction`, and passes the suggestions on; none if the bot
   * cannot make any. Nothing is passed on after `cancel`.
   */
  ask(
    delayMs: number,
    interaction: () => object,
    show: (values: readonly NamedValue[]) => void,
  ): void {
    this.cancel();
    this.#timer = setTimeout(() => void this.#request(interaction(), show), delayMs);
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#asking?.abort();
  }

  async #request(
    interaction: object,
    show: (values: readonly NamedValue[]) => void,
  ): Promise<void> {
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    try {
      const { data } = await this.#server.interact(interaction, signal);
      if (!signal.aborted) show(data?.choices ?? []);
    } catch {
      // As in Discord, anything can still be typed without suggestions; sending says what is wrong.
      if (!signal.aborted) show([]);
    }
  }
}
