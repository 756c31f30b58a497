import { announce, el } from "./dom.ts";
import { count, say } from "./say.ts";

/** A row that can be chosen. */
export type Choice<Value> = {
  readonly value: Value;
  readonly name: string;
  /** Smaller text behind or below the name. */
  readonly note?: string;
  readonly isSelected?: boolean;
};

/** What a list shows when it opens, and what choosing does. */
export type OpenList<Value> = {
  readonly title: string;
  readonly choices: readonly Choice<Value>[];
  /** The row that is active at first; -1 for none, so that Enter chooses nothing. */
  readonly activeIndex: number;
  readonly isMultiple?: boolean;
  choose(value: Value): void;
};

/**
 * A popup list inside `container`, controlled from a focused element (the combobox pattern of
 * w3.org/WAI/ARIA/apg, 2026-11): the focus stays on the control.
 */
export class Listbox<Value> {
  readonly #container: HTMLElement;
  readonly #id: string;
  #list: OpenList<Value> | undefined;
  #control: HTMLElement | undefined;
  #active = -1;

  constructor(container: HTMLElement, id: string) {
    this.#container = container;
    this.#id = id;
  }

  open(control: HTMLElement, list: OpenList<Value>): void {
    if (this.#control !== control) this.close();
    this.#list = list;
    this.#control = control;
    const hasChoices = list.choices.length > 0;
    const titleId = `${this.#id}-title`;
    this.#container.replaceChildren(
      el("p", { class: "popup-title", id: titleId }, list.title),
      ...(hasChoices ? [this.#rows(list)] : []),
    );
    this.#container.hidden = false;
    control.setAttribute("aria-describedby", titleId);
    control.setAttribute("aria-expanded", String(hasChoices));
    if (hasChoices) control.setAttribute("aria-controls", this.#id);
    else control.removeAttribute("aria-controls");
    this.#active = -1;
    this.#mark(Math.min(list.activeIndex, list.choices.length - 1));
    announce(hasChoices ? say("playground.choices", { text: count(list.choices.length) }) : "");
  }

  close(): void {
    this.#container.hidden = true;
    this.#container.replaceChildren();
    this.#control?.setAttribute("aria-expanded", "false");
    for (const attribute of ["aria-activedescendant", "aria-controls", "aria-describedby"])
      this.#control?.removeAttribute(attribute);
    this.#list = undefined;
    this.#control = undefined;
    this.#active = -1;
  }

  /** Whether there is anything to choose; a list without rows still shows its title. */
  isOpen(): boolean {
    return (this.#list?.choices.length ?? 0) > 0;
  }

  /** Makes another row active; wraps around at the ends. */
  move(to: "next" | "previous" | "first" | "last"): void {
    const count = this.#list?.choices.length ?? 0;
    if (count === 0) return;
    if (to === "first") this.#mark(0);
    else if (to === "last") this.#mark(count - 1);
    else if (to === "next") this.#mark((this.#active + 1) % count);
    else this.#mark(this.#active <= 0 ? count - 1 : this.#active - 1);
  }

  /** Leaves no row active until the keys or the pointer activate one. */
  deactivate(): void {
    this.#mark(-1);
  }

  /** Chooses the active row; false when there is none. */
  chooseActive(): boolean {
    const choice = this.#list?.choices[this.#active];
    if (choice === undefined) return false;
    this.#list?.choose(choice.value);
    return true;
  }

  /** Moves to the next row that begins with a typed letter. */
  moveTo(letter: string): void {
    const choices = this.#list?.choices ?? [];
    const begins = (index: number) =>
      choices[index]?.name.toLowerCase().startsWith(letter.toLowerCase());
    const order = choices.map((_, offset) => (this.#active + 1 + offset) % choices.length);
    const index = order.find(begins);
    if (index !== undefined) this.#mark(index);
  }

  #rows({ title, choices, isMultiple }: OpenList<Value>): HTMLElement {
    return el(
      "ul",
      {
        id: this.#id,
        role: "listbox",
        "aria-label": title,
        ...(isMultiple === true && { "aria-multiselectable": "true" }),
      },
      ...choices.map((choice, index) => this.#row(choice, index)),
    );
  }

  #row(choice: Choice<Value>, index: number): HTMLElement {
    return el(
      "li",
      {
        id: this.#rowId(index),
        role: "option",
        class: "row",
        "aria-selected": String(choice.isSelected ?? false),
        onpointermove: () => {
          if (this.#active !== index) this.#mark(index);
        },
        // The control keeps the focus, whatever is pressed here.
        onpointerdown: (event) => event.preventDefault(),
        onmousedown: (event) => event.preventDefault(),
        onclick: () => this.#list?.choose(choice.value),
      },
      el("span", { class: "row-name" }, choice.name),
      choice.note === undefined ? undefined : el("span", { class: "row-note" }, choice.note),
    );
  }

  #mark(index: number): void {
    document.getElementById(this.#rowId(this.#active))?.classList.remove("active");
    this.#active = index;
    const row = document.getElementById(this.#rowId(index));
    if (row === null) {
      this.#control?.removeAttribute("aria-activedescendant");
      return;
    }
    row.classList.add("active");
    row.scrollIntoView({ block: "nearest" });
    this.#control?.setAttribute("aria-activedescendant", row.id);
  }

  #rowId(index: number): string {
    return `${this.#id}-${index}`;
  }
}
