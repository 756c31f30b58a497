import type { NamedValue } from "./command-entries.ts";
import type { Server } from "./server.ts";

/**
 * Asks the bot what an option may become while it is typed. A new question cancels the last one.
 */
export class Suggestions {
  readonly #server: Pick<Server, "interact">;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | undefined;

  constructor(server: Pick<Server, "interact">) {
    this.#server = server;
  }

  /**
   * Sends `interaction`, made when `delayMs` are over, and hands the suggestions on; none when the
   * bot cannot make any. Nothing is handed on after `cancel`.
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
      // As in Discord, what cannot be suggested can still be typed; sending says what is wrong.
      if (!signal.aborted) show([]);
    }
  }
}
