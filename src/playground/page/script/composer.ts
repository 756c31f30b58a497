import type { PageFacts, PageOption } from "../protocol.ts";
import { isBlank } from "./blank-text.ts";
import {
  type Entry,
  isOffered,
  isSuggested,
  shownName,
  typedEntry,
  typedOptions,
} from "./command-entries.ts";
import { entryRows, optionRows, type Row, valueRows } from "./composer-rows.ts";
import { byId, CROSS, el, icon } from "./dom.ts";
import { showError, showHint } from "./hint.ts";
import { type Choice, Listbox } from "./listbox.ts";
import { fixedChoices, type NamedValue } from "./option-values.ts";
import {
  comboboxInput,
  createPill,
  fillPill,
  fitWidth,
  type Pill,
  pillValue,
  sentOptions,
} from "./pills.ts";
import { type Draft, savePlace } from "./saved-place.ts";
import { count, listed, say } from "./say.ts";
import { autocompleteInteraction, commandInteraction, type Place } from "./sent-interaction.ts";
import type { Server } from "./server.ts";
import { Suggestions } from "./suggestions.ts";

/** Options of {@link Composer}. */
export type ComposerOptions = {
  readonly facts: Pick<PageFacts, "channels" | "roles">;
  readonly entries: readonly Entry[];
  /** What the command in the menu of messages is called that looks for coins. */
  readonly messageCommand: string;
  readonly server: Server;
  /** Where the visitor is now. */
  place(): Place;
  /** Sends a command; the message box is empty again by then. */
  send(command: SentCommand): void;
  /** Writes a message that is no command. Rejects when it could not be sent. */
  write(content: string): Promise<void>;
};

/** A command as it was sent. */
export type SentCommand = {
  /** As it is typed after the slash. */
  readonly name: string;
  readonly interaction: object;
  /** Brings the command back. */
  readonly draft: Draft;
};

const SUGGEST_AFTER_MS = 150;
const SEND = "M4 12L20 4l-5 16-4-6-7-2zm7 2l9-10";

/** The box at the bottom, in which commands are typed. */
export class Composer {
  readonly #facts: ComposerOptions["facts"];
  readonly #entries: readonly Entry[];
  readonly #messageCommand: string;
  readonly #sendCommand: ComposerOptions["send"];
  readonly #writeText: ComposerOptions["write"];
  readonly #place: () => Place;
  readonly #suggestions: Suggestions;

  readonly #form = byId("composer", HTMLFormElement);
  readonly #listbox = new Listbox<Row>(byId("popup", HTMLElement), "composer-list");
  /** The field for text and for a command's name. */
  readonly #text = comboboxInput("composer-text", "", 200);
  /** The last field of a command, for the options that have no pill yet. */
  readonly #more = comboboxInput("composer-more", "", 100);
  readonly #chip = el("span", { class: "command-chip" });
  readonly #send = el(
    "button",
    { type: "submit", class: "send", "aria-label": say("playground.send") },
    icon(SEND),
  );

  /** Drops the command: some touch keyboards cannot tell that Backspace was pressed. */
  readonly #drop = el(
    "button",
    { type: "button", class: "drop", tabindex: -1, onclick: () => this.#leave("") },
    icon(CROSS),
  );

  /** The command that is being filled in. */
  #entry: Entry | undefined;
  #pills: readonly Pill[] = [];
  #last: Draft | undefined;

  constructor(options: ComposerOptions) {
    const { facts, entries, messageCommand, server, place, send, write } = options;
    this.#facts = facts;
    this.#entries = entries;
    this.#messageCommand = messageCommand;
    this.#sendCommand = send;
    this.#writeText = write;
    this.#place = place;
    this.#suggestions = new Suggestions(server);
    const text = this.#text;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    text.addEventListener("input", () => this.#textTyped());
    this.#more.addEventListener("input", () => this.#moreTyped());
    this.#form.addEventListener("input", () => this.#remember());
    for (const field of [text, this.#more]) {
      field.addEventListener("focus", () => this.#offer(field));
      this.#listenTo(field);
    }
    text.addEventListener("paste", () => setTimeout(() => text.dispatchEvent(new Event("input"))));
    this.#showText();
  }

  /** Starts a command by its name, as if it had been chosen from the list. */
  begin(name: string): void {
    const offered = this.#offered();
    const entry =
      offered.find((each) => each.name === name) ?? offered.find((each) => each.command === name);
    if (entry === undefined) showHint(say("playground.not-offered", { command: name }), true);
    else this.#start(entry, "");
  }

  /** What stands in the message box; undefined when that is nothing. */
  draft(): Draft | undefined {
    const entry = this.#entry;
    if (entry === undefined) {
      const text = this.#text.value;
      return isBlank(text) ? undefined : { values: [], text };
    }
    const values = this.#pills
      .filter(({ input }) => !isBlank(input.value))
      .map(({ option: { name }, input, chosen }) => ({
        name,
        typed: input.value,
        ...(chosen !== undefined && { chosen: chosen.value }),
      }));
    return { command: entry.name, values, text: this.#more.value };
  }

  /** Puts a draft into the message box, as far as it still fits the commands. */
  restore({ command, values, text }: Draft): void {
    const entry = this.#offered().find(({ name }) => name === command);
    if (entry === undefined) {
      this.#leave(text);
    } else {
      this.#start(entry, "");
      for (const { name, typed, chosen } of values) {
        const pill = this.#addPill(name, typed);
        if (pill !== undefined && chosen !== undefined)
          pill.chosen = { name: typed, value: chosen };
      }
      this.#more.value = text;
      this.#more.focus();
    }
    this.#remember();
  }

  /** Closes the open list. */
  close(): void {
    this.#listbox.close();
  }

  /** Opens the list of commands. */
  slash(): void {
    if (this.#entry !== undefined) return;
    this.#text.focus();
    this.#text.value = "/";
    this.#offer(this.#text);
  }

  /** Call this when the visitor has switched to another channel or member. */
  placeChanged(): void {
    showHint("");
    if (this.#entry !== undefined && !isOffered(this.#entry, this.#place().member)) this.#leave("");
    if (this.#entry === undefined) this.#showText();
  }

  #textTyped(): void {
    showHint("");
    const typed = isCommand(this.#text.value)
      ? typedEntry(this.#offered(), this.#text.value)
      : undefined;
    if (typed !== undefined) this.#start(typed.entry, typed.rest);
    else this.#offer(this.#text);
  }

  #moreTyped(): void {
    const { values } = typedOptions(this.#more.value, this.#remaining());
    if (values.length === 0) {
      this.#offer(this.#more);
      return;
    }
    this.#more.value = "";
    for (const [name, typed] of values) this.#addPill(name, typed);
    this.#pills.at(-1)?.input.focus();
  }

  #pillTyped(pill: Pill): void {
    pill.chosen = undefined;
    if (this.#splitUp(pill)) return;
    pill.input.removeAttribute("aria-invalid");
    showHint("");
    fitWidth(pill.input);
    this.#offer(pill.input);
  }

  /** Makes pills of the options that were typed into one: `doge amount:1000` is two options. */
  #splitUp(pill: Pill): boolean {
    const { values, rest } = typedOptions(pill.input.value, this.#entry?.options ?? []);
    if (values.length === 0) return false;
    fillPill(pill, rest);
    const isNamed = values.some(([name]) => name === pill.option.name);
    if (rest === "" && !isNamed && pill.option.required !== true) this.#removePill(pill);
    let last = pill;
    for (const [name, typed] of values) last = this.#addPill(name, typed) ?? last;
    last.input.focus();
    // Focus selects everything in the field; here, typing should continue at its end.
    last.input.setSelectionRange(last.input.value.length, last.input.value.length);
    this.#offer(last.input);
    return true;
  }

  /** Reacts to keys in a field and to the loss of its focus. */
  #listenTo(field: HTMLInputElement): void {
    field.addEventListener("click", () => {
      if (!this.#listbox.isOpen()) this.#offer(field);
    });
    field.addEventListener("blur", () => {
      this.#suggestions.cancel();
      this.#listbox.close();
    });
    field.addEventListener("keydown", (event) => {
      if (event.isComposing || !this.#keyPressed(event, field)) return;
      event.preventDefault();
    });
  }

  /** Returns whether the key was handled. */
  #keyPressed({ key, shiftKey }: KeyboardEvent, field: HTMLInputElement): boolean {
    const isOpen = this.#listbox.isOpen();
    switch (key) {
      case "ArrowDown":
      case "ArrowUp":
        if (isOpen) this.#listbox.move(key === "ArrowDown" ? "next" : "previous");
        else if (key === "ArrowUp" && this.#canRecall(field)) this.#recall();
        else this.#offer(field);
        return true;
      case "Enter":
        if (!(isOpen && this.#listbox.chooseActive())) this.#submit();
        return true;
      case "Tab":
        if (shiftKey || !isOpen) return false;
        if (this.#listbox.chooseActive()) return true;
        // As in Discord, Tab adds the first of the options that are left; Enter would send.
        if (field !== this.#more) return false;
        this.#listbox.move("first");
        return this.#listbox.chooseActive();
      case "Escape":
        if (isOpen) this.#listbox.close();
        else this.#clear();
        this.#remember();
        showHint("");
        return true;
      case "Backspace":
        return field.value === "" && field !== this.#text && this.#stepBack(field);
      default:
        return false;
    }
  }

  /** Empties the message box; the arrow key brings back what was in it. */
  #clear(): void {
    this.#last = this.draft() ?? this.#last;
    if (this.#entry !== undefined) this.#leave("");
    else this.#text.value = "";
  }

  /** Backspace in an empty field: removes its pill, or goes to the previous pill. */
  #stepBack(field: HTMLInputElement): boolean {
    const index = this.#pills.findIndex((pill) => pill.input === field);
    const pill = this.#pills[index];
    if (pill !== undefined && pill.option.required !== true) {
      const previous = this.#pills[index - 1];
      this.#removePill(pill);
      (previous?.input ?? this.#more).focus();
      return true;
    }
    const previous = this.#pills[(index === -1 ? this.#pills.length : index) - 1];
    if (previous !== undefined) previous.input.focus();
    else if (this.#entry !== undefined) this.#leave(`/${this.#entry.shownName}`);
    return true;
  }

  #offered(): readonly Entry[] {
    const { member } = this.#place();
    return this.#entries.filter((entry) => isOffered(entry, member));
  }

  /** The command's options that have no pill yet. */
  #remaining(): readonly PageOption[] {
    return (this.#entry?.options ?? []).filter(({ name }) =>
      this.#pills.every(({ option }) => option.name !== name),
    );
  }

  /** Shows what may be typed into a field. */
  #offer(field: HTMLInputElement): void {
    this.#suggestions.cancel();
    if (field === this.#text) this.#offerEntries();
    else if (field === this.#more) this.#offerOptions();
    else {
      const pill = this.#pills.find((each) => each.input === field);
      if (pill !== undefined) this.#offerValues(pill);
    }
  }

  #offerEntries(): void {
    const text = this.#text;
    if (!isCommand(text.value)) {
      this.#listbox.close();
      return;
    }
    const rows = entryRows(this.#offered(), text.value.trimStart().slice(1));
    const title = say(rows.length === 0 ? "playground.no-command" : "playground.commands");
    this.#show(text, title, rows, 0);
  }

  #offerOptions(): void {
    const typed = this.#more.value.toLowerCase();
    const rows = optionRows(this.#remaining(), typed);
    this.#show(this.#more, say("playground.options"), rows, typed === "" ? -1 : 0);
  }

  #offerValues(pill: Pill): void {
    const typed = pill.chosen === undefined ? pill.input.value.trim().toLowerCase() : "";
    const fixed = fixedChoices(pill.option, this.#facts);
    if (fixed !== undefined) {
      this.#showValues(
        pill,
        fixed.filter(({ name }) => name.toLowerCase().includes(typed)),
      );
      return;
    }
    const entry = this.#entry;
    if (entry === undefined || !isSuggested(pill.option)) {
      this.#showValues(pill, []);
      return;
    }
    this.#suggestions.ask(
      typed === "" ? 0 : SUGGEST_AFTER_MS,
      () => this.#suggestionQuestion(entry, pill),
      (values) => this.#showValues(pill, values),
    );
    // The list still shows suggestions for the previous text: Enter must not choose from it.
    if (this.#listbox.isOpen()) this.#listbox.deactivate();
    else this.#showValues(pill, []);
  }

  #suggestionQuestion(entry: Entry, pill: Pill): object {
    const others = this.#pills.filter((other) => other !== pill && !isBlank(other.input.value));
    const { type, name } = pill.option;
    const value = pill.chosen === undefined ? pill.input.value : "";
    const options = [
      ...sentOptions(others, this.#facts),
      { type, name, value, focused: true } as const,
    ];
    return autocompleteInteraction(entry, options, this.#place());
  }

  #showValues(pill: Pill, values: readonly NamedValue[]): void {
    const isLeftOut = pill.isUnasked && isBlank(pill.input.value);
    const { description } = pill.option;
    const title = say("playground.option-title", { option: shownName(pill.option), description });
    this.#show(pill.input, title, valueRows(values), isLeftOut ? -1 : 0);
  }

  #show(
    field: HTMLInputElement,
    title: string,
    choices: readonly Choice<Row>[],
    activeIndex: number,
  ): void {
    this.#listbox.open(field, {
      title,
      activeIndex,
      choices,
      choose: (row) => this.#choose(row),
    });
  }

  #choose(row: Row): void {
    if (row.kind === "entry") {
      this.#start(row.entry, "");
      return;
    }
    if (row.kind === "option") {
      this.#more.value = "";
      this.#addPill(row.option.name, "")?.input.focus();
      return;
    }
    const pill = this.#pills.find(({ input }) => input === document.activeElement);
    if (pill === undefined) return;
    fillPill(pill, row.name, { name: row.name, value: row.value });
    this.#remember();
    // Move on to the next option that has to be filled in, else to the end.
    const empty = this.#pills.find(
      ({ option, input }) => option.required === true && input.value === "",
    );
    (empty?.input ?? this.#more).focus();
  }

  /** Begins a command with what was typed behind its name. */
  #start(entry: Entry, typed: string): void {
    showHint("");
    this.#entry = entry;
    this.#pills = [];
    this.#chip.textContent = `/${entry.shownName}`;
    this.#more.value = "";
    this.#form.replaceChildren(this.#chip, this.#drop, this.#more, this.#send);
    this.#form.classList.add("is-command");
    this.#drop.setAttribute("aria-label", say("playground.leave", { command: entry.shownName }));
    const { values, rest } = typedOptions(typed, entry.options);
    for (const { name } of entry.options.filter(({ required }) => required === true))
      this.#addPill(name, "");
    const [first] = entry.options;
    if (first !== undefined && rest !== "") this.#addPill(first.name, rest);
    for (const [name, value] of values) this.#addPill(name, value);
    // The option with suggestions is the one that most people fill in. If left empty, it is not
    // sent.
    if (this.#pills.length === 0 && first !== undefined && isSuggested(first)) {
      const pill = this.#addPill(first.name, "");
      if (pill !== undefined) pill.isUnasked = true;
    }
    this.#showRemaining();
    const empty = this.#pills.find(({ input }) => input.value === "");
    (empty?.input ?? this.#more).focus();
    this.#remember();
  }

  /** Adds an option, or fills in the one that is there; undefined if the command has none such. */
  #addPill(name: string, typed: string): Pill | undefined {
    const existing = this.#pills.find(({ option }) => option.name === name);
    const option = existing?.option ?? this.#entry?.options.find((each) => each.name === name);
    if (option === undefined) return undefined;
    const pill = existing ?? this.#newPill(option);
    fillPill(pill, typed);
    this.#showRemaining();
    return pill;
  }

  #newPill(option: PageOption): Pill {
    const pill = createPill(option, () => {
      this.#removePill(pill);
      this.#more.focus();
    });
    const { input } = pill;
    input.addEventListener("focus", () => {
      input.select();
      this.#offer(input);
    });
    input.addEventListener("input", () => this.#pillTyped(pill));
    this.#listenTo(input);
    this.#pills = [...this.#pills, pill];
    this.#more.before(pill.element);
    return pill;
  }

  #removePill(pill: Pill): void {
    this.#pills = this.#pills.filter((other) => other !== pill);
    pill.element.remove();
    this.#showRemaining();
    this.#remember();
  }

  /** Says in the last field how many options are left. */
  #showRemaining(): void {
    const left = this.#remaining().length;
    const text = count(left);
    this.#more.placeholder =
      left === 0
        ? say("playground.press-enter.briefly")
        : say("playground.more-options.briefly", { text });
    this.#more.setAttribute(
      "aria-label",
      left === 0 ? say("playground.press-enter") : say("playground.more-options", { text }),
    );
  }

  /** Drops the command and puts `typed` into the field. */
  #leave(typed: string): void {
    this.#entry = undefined;
    this.#pills = [];
    this.#showText();
    this.#text.value = typed;
    this.#text.focus();
    this.#remember();
  }

  #showText(): void {
    const channel = this.#place().channel.name;
    this.#form.classList.remove("is-command");
    this.#form.replaceChildren(this.#text, this.#send);
    this.#text.placeholder = say("playground.type-slash", { channel });
    this.#text.setAttribute("aria-label", say("playground.type-slash.label", { channel }));
  }

  #canRecall(field: HTMLInputElement): boolean {
    return field === this.#text && this.#text.value === "" && this.#last !== undefined;
  }

  /** Brings back the command that was sent, or dropped, last. */
  #recall(): void {
    if (this.#last !== undefined) this.restore(this.#last);
  }

  /** Keeps the draft for a reload. */
  #remember(): void {
    savePlace({ draft: this.draft() });
  }

  #submit(): void {
    const entry = this.#entry;
    if (entry === undefined) {
      this.#submitText();
      return;
    }
    if (!this.#assignRest(entry)) return;
    const filled = this.#pills.filter(
      ({ input, option }) => !isBlank(input.value) || option.required === true,
    );
    for (const pill of filled) {
      const problem = this.#problemOf(pill);
      if (problem === undefined) continue;
      pill.input.setAttribute("aria-invalid", "true");
      pill.input.focus();
      showHint(problem, true);
      return;
    }
    const interaction = commandInteraction(entry, sentOptions(filled, this.#facts), this.#place());
    const draft = this.draft() ?? { values: [], text: "" };
    this.#last = draft;
    this.#leave("");
    this.#sendCommand({ name: entry.name, interaction, draft });
  }

  /** Takes what stands behind the options for the first one, if that is free; else says why not. */
  #assignRest(entry: Entry): boolean {
    const rest = this.#more.value.trim();
    if (isBlank(rest)) return true;
    const [first] = entry.options;
    if (first !== undefined && isSuggested(first) && this.#remaining().includes(first)) {
      this.#more.value = "";
      this.#addPill(first.name, rest);
      return true;
    }
    const names = this.#remaining().map(shownName);
    const about = { command: entry.shownName, typed: rest };
    const sentence =
      names.length === 0
        ? say("playground.no-option", about)
        : say("playground.no-option.left", { ...about, options: listed(names) });
    showHint(sentence, true);
    return false;
  }

  /** Why Discord would not send a pill; undefined when it would. */
  #problemOf(pill: Pill): string | undefined {
    if (isBlank(pill.input.value))
      return say("playground.required", { option: shownName(pill.option) });
    const parsed = pillValue(pill, this.#facts);
    return "problem" in parsed ? parsed.problem : undefined;
  }

  #submitText(): void {
    const text = this.#text.value;
    if (isBlank(text)) {
      this.#text.value = "";
      this.#text.focus();
      showHint(say("playground.nothing-typed"));
      return;
    }
    const typed = typedEntry(this.#offered(), `${text} `);
    const fits = typed !== undefined && (typed.rest === "" || typed.entry.options.length > 0);
    if (fits) {
      this.#start(typed.entry, typed.rest);
      if (!isCommand(text)) showHint(say("playground.slash-missing"));
    } else if (isCommand(text)) {
      showHint(say("playground.not-a-command"), true);
    } else {
      this.#leave("");
      void this.#write(text);
    }
  }

  /** Writes a message; one that could not be sent is back in the box, with the reason below it. */
  async #write(text: string): Promise<void> {
    try {
      await this.#writeText(text);
      showHint(say("playground.not-read", { command: this.#messageCommand }));
    } catch (error) {
      if (this.#entry === undefined && isBlank(this.#text.value)) this.#leave(text);
      showError(error);
    }
  }
}

/** Whether a text in the message box begins a command. */
const isCommand = (text: string) => /^\s*[/\uff0f]/u.test(text);
