import type { APIStringSelectComponent } from "discord-api-types/v10";
import { el, icon } from "./dom.ts";
import { Listbox } from "./listbox.ts";

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
    this.#label = menu.placeholder ?? "Choose";
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
      if (this.#listbox.isOpen()) this.#close(this.#most > 1);
      else this.#open(this.#firstPicked());
    });
    this.#control.addEventListener("blur", () => this.#close(this.#most > 1));
    this.#control.addEventListener("keydown", (event) => {
      if (this.#keyPressed(event.key)) event.preventDefault();
    });
  }

  /** Returns whether the key was handled. */
  #keyPressed(key: string): boolean {
    const listbox = this.#listbox;
    if (!listbox.isOpen()) {
      if (key !== "ArrowDown" && key !== "ArrowUp") return false;
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
    const below = window.innerHeight - this.#control.getBoundingClientRect().bottom;
    this.#popup.classList.toggle("above", below < this.#popup.offsetHeight + 16);
  }

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
    this.#shown.textContent = isEmpty ? this.#label : names.join(", ");
    this.#shown.classList.toggle("placeholder", isEmpty);
    this.#control.setAttribute(
      "aria-label",
      isEmpty ? this.#label : `${this.#label}: ${names.join(", ")}`,
    );
  }
}
