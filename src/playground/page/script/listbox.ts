import { announce, el } from "./dom.ts";

/** A row of a list that is chosen from. */
export type Choice<Value> = {
  readonly value: Value;
  readonly name: string;
  /** Smaller text behind or below the name. */
  readonly note?: string;
  readonly isSelected?: boolean;
};

/** What a list needs to know when it opens. */
export type OpenList<Value> = {
  readonly title: string;
  readonly choices: readonly Choice<Value>[];
  /** The row that is active at first; -1 for none, so that Enter does something else. */
  readonly activeIndex: number;
  readonly isMultiple?: boolean;
  choose(value: Value): void;
};

/**
 * A popup list that a focused control steers (the combobox pattern of w3.org/WAI/ARIA/apg,
 * 2026-11): focus stays where it is.
 */
export type Listbox<Value> = {
  open(control: HTMLElement, list: OpenList<Value>): void;
  close(): void;
  /** Whether there is anything to choose; what is typed is explained even when there is not. */
  isOpen(): boolean;
  /** Makes another row active; past the ends it comes round. */
  move(to: "next" | "previous" | "first" | "last"): void;
  /** No row is active until the keys make one so. */
  deactivate(): void;
  /** Chooses the active row; false when there is none. */
  chooseActive(): boolean;
  /** Moves to the next row that begins with a typed letter. */
  moveTo(letter: string): void;
};

/** Makes a list that shows itself inside `container`. */
export function createListbox<Value>(container: HTMLElement, id: string): Listbox<Value> {
  let list: OpenList<Value> | undefined;
  let control: HTMLElement | undefined;
  let active = -1;

  const rowId = (index: number) => `${id}-${index}`;

  function mark(index: number): void {
    document.getElementById(rowId(active))?.classList.remove("active");
    active = index;
    const row = document.getElementById(rowId(index));
    if (row === null) {
      control?.removeAttribute("aria-activedescendant");
      return;
    }
    row.classList.add("active");
    row.scrollIntoView({ block: "nearest" });
    control?.setAttribute("aria-activedescendant", row.id);
  }

  function row(choice: Choice<Value>, index: number): HTMLElement {
    return el(
      "li",
      {
        id: rowId(index),
        role: "option",
        class: "row",
        "aria-selected": String(choice.isSelected ?? false),
        onpointermove: () => {
          if (active !== index) mark(index);
        },
        // The control keeps the focus, whatever is pressed here.
        onpointerdown: (event) => event.preventDefault(),
        onmousedown: (event) => event.preventDefault(),
        onclick: () => list?.choose(choice.value),
      },
      el("span", { class: "row-name" }, choice.name),
      choice.note === undefined ? undefined : el("span", { class: "row-note" }, choice.note),
    );
  }

  return {
    open(from, opened) {
      if (control !== from) this.close();
      list = opened;
      control = from;
      const hasChoices = opened.choices.length > 0;
      const rows = el(
        "ul",
        {
          id,
          role: "listbox",
          "aria-label": opened.title,
          ...(opened.isMultiple === true && { "aria-multiselectable": "true" }),
        },
        ...opened.choices.map(row),
      );
      container.replaceChildren(
        el("p", { class: "popup-title", id: `${id}-title` }, opened.title),
        ...(hasChoices ? [rows] : []),
      );
      container.hidden = false;
      from.setAttribute("aria-describedby", `${id}-title`);
      from.setAttribute("aria-expanded", String(hasChoices));
      if (hasChoices) from.setAttribute("aria-controls", id);
      else from.removeAttribute("aria-controls");
      active = -1;
      mark(Math.min(opened.activeIndex, opened.choices.length - 1));
      announce(hasChoices ? `${opened.choices.length} to choose from` : "");
    },
    close() {
      container.hidden = true;
      container.replaceChildren();
      control?.setAttribute("aria-expanded", "false");
      control?.removeAttribute("aria-activedescendant");
      control?.removeAttribute("aria-controls");
      control?.removeAttribute("aria-describedby");
      list = undefined;
      control = undefined;
      active = -1;
    },
    isOpen: () => (list?.choices.length ?? 0) > 0,
    move(to) {
      const count = list?.choices.length ?? 0;
      if (count === 0) return;
      if (to === "first") mark(0);
      else if (to === "last") mark(count - 1);
      else if (to === "next") mark((active + 1) % count);
      else mark(active <= 0 ? count - 1 : active - 1);
    },
    deactivate: () => mark(-1),
    chooseActive() {
      const choice = list?.choices[active];
      if (choice === undefined) return false;
      list?.choose(choice.value);
      return true;
    },
    moveTo(letter) {
      const choices = list?.choices ?? [];
      const begins = (index: number) =>
        choices[index]?.name.toLowerCase().startsWith(letter.toLowerCase());
      const order = choices.map((_, offset) => (active + 1 + offset) % choices.length);
      const index = order.find(begins);
      if (index !== undefined) mark(index);
    },
  };
}
