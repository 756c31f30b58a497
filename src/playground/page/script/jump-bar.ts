import { byId } from "./dom.ts";
import { count, say } from "./say.ts";

/** The bar that leads a visitor who has scrolled up back to the newest message. */
export class JumpBar {
  readonly #button = byId("jump", HTMLButtonElement);

  constructor(jump: () => void) {
    this.#button.addEventListener("click", () => {
      const hadFocus = document.activeElement === this.#button;
      jump();
      if (hadFocus) byId("scroller", HTMLElement).focus({ preventScroll: true });
    });
  }

  /** `unseen` messages have arrived below; without any, the bar is shown only if `isFar`. */
  show(unseen: number, isFar: boolean): void {
    this.#button.hidden = unseen === 0 && !isFar;
    const text =
      unseen === 0
        ? say("playground.jump")
        : say("playground.jump.new", { count: unseen, text: count(unseen) });
    // Only a change is written: the bar is shown again at every scrolling.
    if (this.#button.textContent !== text) this.#button.textContent = text;
  }
}
