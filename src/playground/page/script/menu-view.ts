import type { APIStringSelectComponent } from "discord-api-types/v10";
import { el, icon } from "./dom.ts";
import { Listbox } from "./listbox.ts";
import { listed, say } from "./say.ts";

/** The tallest that an open menu gets, and its distance to the edges of the window, in pixels. */
const TALLEST_PX = 320;
const EDGE_PX = 8;

const DOWN = "M6 9l6 6 6-6";

/** How many menus the page has made: their lists need unique ids. */
let menus = 0;

/** A select menu below a message. */
export class Menu {
  readonly element: HTMLElement;
  readonly #menu: APIStringSelectComponent;
  readonly #use: (values: readonly string[]) => Promise<void>;
  readonly #label: string;
  /** The most options that may be chosen. */
  readonly #most: number;
  /** The options that the message marks as chosen. */
  readonly #preset: readonly string[];
  #picked: readonly string[];

  readonly #shown = el("span", { class: "menu-label" });
  readonly #control: HTMLButtonElement;
  readonly #popup = el("div", { class: "popup menu-popup" });
  readonly #listbox: Listbox<string>;

  /** `use` sends the chosen values and resolves when the bot has responded. */
  constructor(
    menu: APIStringSelectComponent,
    place: string,
    use: (values: readonly string[]) => Promise<void>,
  ) {
    menus += 1;
    this.#menu = menu;
    this.#use = use;
    this.#label = menu.placeholder ?? say("playground.choose");
    this.#most = menu.max_values ?? 1;
    this.#preset = menu.options
      .filter((option) => option.default === true)
      .map(({ value }) => value);
    this.#picked = this.#preset;
    this.#control = el(
      "button",
      {
        type: "button",
        class: "menu",
        role: "combobox",
        "aria-haspopup": "listbox",
        "aria-expanded": "false",
        "aria-label": this.#label,
        "data-place": place,
        disabled: menu.disabled === true,
      },
      this.#shown,
      icon(DOWN),
    );
    this.#popup.hidden = true;
    this.#listbox = new Listbox(this.#popup, `menu-${menus}`);
    this.element = el("div", { class: "menu-box" }, this.#control, this.#popup);
    this.#showPicked();

    this.#control.addEventListener("click", () => {
      if (this.#control.getAttribute("aria-busy") === "true") return;
      if (this.#listbox.isOpen()) this.#close(this.#most > 1);
      else this.#open(this.#firstPicked());
    });
    this.#control.addEventListener("blur", () => this.#close(this.#most > 1));
    // The list stays open when its scroll bar is dragged.
    this.#popup.addEventListener("mousedown", (event) => event.preventDefault());
    this.#control.addEventListener("keydown", (event) => {
      if (this.#keyPressed(event.key)) event.preventDefault();
    });
  }

  /** Returns whether the key was handled. */
  #keyPressed(key: string): boolean {
    const listbox = this.#listbox;
    if (!listbox.isOpen()) {
      if (key !== "ArrowDown" && key !== "ArrowUp") return false;
      if (this.#control.getAttribute("aria-busy") === "true") return true;
      this.#open(this.#firstPicked());
      return true;
    }
    if (key === "ArrowDown") listbox.move("next");
    else if (key === "ArrowUp") listbox.move("previous");
    else if (key === "Home") listbox.move("first");
    else if (key === "End") listbox.move("last");
    else if (key === "Enter" || key === " ") listbox.chooseActive();
    else if (key === "Escape") this.#close(false);
    else if (key.length === 1) listbox.moveTo(key);
    else return false;
    return true;
  }

  #firstPicked(): number {
    const index = this.#menu.options.findIndex(({ value }) => this.#picked.includes(value));
    return Math.max(0, index);
  }

  #open(activeIndex: number): void {
    // A menu at the edge of the channel may be half out of sight.
    if (!this.#listbox.isOpen()) this.#control.scrollIntoView({ block: "nearest" });
    this.#listbox.open(this.#control, {
      title: this.#label,
      activeIndex,
      isMultiple: this.#most > 1,
      choices: this.#menu.options.map(({ value, label, description }) => ({
        value,
        name: label,
        isSelected: this.#picked.includes(value),
        ...(description !== undefined && { note: description }),
      })),
      choose: (value) => this.#choose(value),
    });
    this.#place();
    document.addEventListener("scroll", this.#follow, { capture: true, passive: true });
    addEventListener("resize", this.#follow);
  }

  /** Puts the open list where the window has room for it: below the control, else above. */
  #place(): void {
    const { top, bottom, left, width } = this.#control.getBoundingClientRect();
    const { style } = this.#popup;
    style.maxHeight = `${TALLEST_PX}px`;
    const below = window.innerHeight - bottom - EDGE_PX;
    const isAbove = below < this.#popup.offsetHeight && top > below;
    style.left = `${left}px`;
    style.width = `${width}px`;
    style.top = isAbove ? "auto" : `${bottom + EDGE_PX / 2}px`;
    style.bottom = isAbove ? `${window.innerHeight - top + EDGE_PX / 2}px` : "auto";
    const room = (isAbove ? top : window.innerHeight - bottom) - EDGE_PX * 1.5;
    style.maxHeight = `${Math.min(TALLEST_PX, room)}px`;
  }

  /** Keeps the open list at its control; closes it when the control is scrolled out of sight. */
  readonly #follow = (event: Event) => {
    if (event.target instanceof Node && this.#popup.contains(event.target)) return;
    const { top, bottom } = this.#control.getBoundingClientRect();
    const scroller = this.#control.closest(".scroller")?.getBoundingClientRect();
    const isHidden = scroller !== undefined && (bottom < scroller.top || top > scroller.bottom);
    if (isHidden || !this.#control.isConnected) this.#close(false);
    else this.#place();
  };

  #choose(value: string): void {
    if (this.#most === 1) {
      this.#picked = [value];
      this.#close(true);
      return;
    }
    const others = this.#picked.filter((other) => other !== value);
    this.#picked =
      others.length < this.#picked.length ? others : [...others, value].slice(-this.#most);
    this.#open(this.#menu.options.findIndex((option) => option.value === value));
  }

  /** Closes the list; sends the choice if it is done and has changed. */
  #close(isDone: boolean): void {
    if (!this.#listbox.isOpen()) return;
    this.#listbox.close();
    document.removeEventListener("scroll", this.#follow, { capture: true });
    removeEventListener("resize", this.#follow);
    const isChanged = this.#picked.join("\n") !== this.#preset.join("\n");
    const least = this.#menu.min_values ?? 1;
    if (!isDone || this.#picked.length < least || !(isChanged || this.#most === 1)) {
      this.#reset();
      return;
    }
    this.#showPicked();
    this.#control.setAttribute("aria-busy", "true");
    void this.#use(this.#picked).finally(() => {
      this.#control.removeAttribute("aria-busy");
      // Discord, too, shows the old choice again unless the message was changed.
      this.#reset();
    });
  }

  #reset(): void {
    this.#picked = this.#preset;
    this.#showPicked();
  }

  #showPicked(): void {
    const names = this.#menu.options
      .filter(({ value }) => this.#picked.includes(value))
      .map(({ label }) => label);
    const isEmpty = names.length === 0;
    const chosen = listed(names);
    this.#shown.textContent = isEmpty ? this.#label : chosen;
    this.#shown.classList.toggle("placeholder", isEmpty);
    this.#control.setAttribute(
      "aria-label",
      isEmpty ? this.#label : say("playground.chosen", { menu: this.#label, chosen }),
    );
  }
}
