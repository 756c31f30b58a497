import { byId } from "./dom.ts";
import { say } from "./say.ts";

/** The list of channels; on a narrow screen a menu button opens it. */
export class Sidebar {
  readonly #menu = byId("menu", HTMLButtonElement);
  readonly #sidebar = byId("sidebar", HTMLElement);

  /** `visit` is called with the id of a channel that was pressed. */
  constructor(visit: (channelId: string) => void) {
    for (const button of channelButtons())
      button.addEventListener("click", () => visit(button.dataset["channel"] ?? ""));
    this.#menu.addEventListener("click", () => this.#show(!this.#isShown()));
    document.addEventListener("pointerdown", ({ target }) => {
      const isOutside =
        target instanceof Node && !this.#sidebar.contains(target) && !this.#menu.contains(target);
      if (isOutside && this.#isShown()) this.#show(false);
    });
    document.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") this.close();
    });
  }

  /** Marks a channel as the one that the visitor is in. */
  showCurrent(channelId: string): void {
    for (const button of channelButtons()) {
      if (button.dataset["channel"] === channelId) button.setAttribute("aria-current", "page");
      else button.removeAttribute("aria-current");
    }
    this.markUnread(channelId, false);
  }

  markUnread(channelId: string, isUnread: boolean): void {
    const mark = document.querySelector<HTMLElement>(`[data-channel="${channelId}"] .unread`);
    if (mark === null) return;
    mark.hidden = !isUnread;
    mark.textContent = isUnread ? say("playground.unread") : "";
  }

  /** Closes the open menu and puts the focus back on its button. */
  close(): void {
    if (!this.#isShown()) return;
    this.#show(false);
    this.#menu.focus();
  }

  #isShown(): boolean {
    return this.#menu.getAttribute("aria-expanded") === "true";
  }

  #show(isShown: boolean): void {
    this.#menu.setAttribute("aria-expanded", String(isShown));
    document.body.classList.toggle("with-sidebar", isShown);
    if (isShown) document.querySelector<HTMLElement>("[data-channel][aria-current]")?.focus();
  }
}

function channelButtons(): Iterable<HTMLButtonElement> {
  return document.querySelectorAll<HTMLButtonElement>("[data-channel]");
}
