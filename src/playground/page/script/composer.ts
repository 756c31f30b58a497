import type { APIApplicationCommandBasicOption } from "discord-api-types/v10";
import type { PageFacts, PageMember } from "../protocol.ts";
import {
  type Entry,
  fixedChoices,
  isOffered,
  matching,
  meantValue,
  OPTION,
  type OptionValue,
  typedOptions,
} from "./command-entries.ts";
import { byId, el, icon } from "./dom.ts";
import { createListbox } from "./listbox.ts";
import type { Server } from "./server.ts";

/** The box at the bottom, in which commands are typed. */
export type Composer = {
  /** Starts a command by its name, as if it had been chosen from the list. */
  begin(name: string): void;
  /** Opens the list of commands. */
  slash(): void;
  /** Another channel or member: what is offered may change. */
  moved(): void;
};

/** Options of {@link createComposer}. */
export type ComposerOptions = {
  readonly facts: Pick<PageFacts, "channels" | "roles">;
  readonly entries: readonly Entry[];
  readonly server: Server;
  /** Where the visitor is, and as whom. */
  where(): { readonly channel: PageFacts["channels"][number]; readonly member: PageMember };
};

/** One option that is being filled in. */
type Pill = {
  readonly option: APIApplicationCommandBasicOption;
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  /** What was chosen from the list; typing on forgets it. */
  chosen: { readonly name: string; readonly value: OptionValue } | undefined;
  /** It came with the command: Enter in the empty field sends the command without it. */
  isUnasked: boolean;
};

/** What a row of the list stands for. */
type Row =
  | { readonly kind: "entry"; readonly entry: Entry }
  | { readonly kind: "option"; readonly option: APIApplicationCommandBasicOption }
  | { readonly kind: "value"; readonly name: string; readonly value: OptionValue };

const isSuggested = (option: APIApplicationCommandBasicOption) =>
  "autocomplete" in option && option.autocomplete === true;

const SUGGEST_AFTER_MS = 150;
const COMMAND = 2;
const AUTOCOMPLETE = 4;
const SUBCOMMAND = 1;
const SEND = "M4 12L20 4l-5 16-4-6-7-2zm7 2l9-10";

/** The browser's language, as Discord would send the visitor's. */
export const LOCALE = navigator.language;

/** Makes the box work. */
export function createComposer({ facts, entries, server, where }: ComposerOptions): Composer {
  const form = byId("composer", HTMLFormElement);
  const hint = byId("hint", HTMLElement);
  const listbox = createListbox<Row>(byId("popup", HTMLElement), "composer-list");
  const text = input("composer-text", "Message", 200);
  const more = input("composer-more", "Further options", 100);
  const chip = el("span", { class: "command-chip" });
  const send = el("button", { type: "submit", class: "send", "aria-label": "Send" }, icon(SEND));

  let entry: Entry | undefined;
  let pills: Pill[] = [];
  let last:
    | {
        readonly entry: Entry;
        readonly values: readonly (readonly [string, Pill["chosen"], string])[];
      }
    | undefined;
  let suggesting: AbortController | undefined;
  let suggestTimer: ReturnType<typeof setTimeout> | undefined;

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  text.addEventListener("input", () => {
    say("");
    const [, name, rest] = /^\/((?:\S+ )?\S+) (.*)$/.exec(text.value) ?? [];
    const exact = offered().find((each) => each.name === name);
    const isPrefix = offered().some((each) => each.name.startsWith(`${name} `));
    if (exact !== undefined && !isPrefix)
      start(exact, typedOptions(rest ?? "", exact.options).values);
    else offer(text);
  });
  more.addEventListener("input", () => {
    const { values } = typedOptions(more.value, remaining());
    if (values.length === 0) {
      offer(more);
      return;
    }
    more.value = "";
    for (const [name, typed] of values) addPill(name, typed);
    pills.at(-1)?.input.focus();
  });
  for (const field of [text, more]) {
    field.addEventListener("focus", () => offer(field));
    wire(field);
  }
  text.addEventListener("paste", () => setTimeout(() => text.dispatchEvent(new Event("input"))));
  drawText();

  function input(id: string, label: string, maxLength: number): HTMLInputElement {
    return el("input", {
      id,
      type: "text",
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-label": label,
      maxlength: maxLength,
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      enterkeyhint: "send",
    });
  }

  /** What every field of the box does with the keys and when it loses the focus. */
  function wire(field: HTMLInputElement): void {
    field.addEventListener("blur", () => {
      stopSuggesting();
      listbox.close();
    });
    field.addEventListener("keydown", (event) => {
      if (event.isComposing || !keyPressed(event, field)) return;
      event.preventDefault();
    });
  }

  /** Whether the key meant something here. */
  function keyPressed({ key, shiftKey }: KeyboardEvent, field: HTMLInputElement): boolean {
    const isOpen = listbox.isOpen();
    switch (key) {
      case "ArrowDown":
      case "ArrowUp":
        if (isOpen) listbox.move(key === "ArrowDown" ? "next" : "previous");
        else if (key === "ArrowUp" && field === text && text.value === "" && last !== undefined)
          recall();
        else offer(field);
        return true;
      case "Enter":
        if (!(isOpen && listbox.chooseActive())) submit();
        return true;
      case "Tab":
        return !shiftKey && isOpen && listbox.chooseActive();
      case "Escape":
        if (isOpen) listbox.close();
        else if (entry !== undefined) leave("");
        else text.value = "";
        say("");
        return true;
      case "Backspace":
        return field.value === "" && field !== text && stepBack(field);
      default:
        return false;
    }
  }

  function stepBack(field: HTMLInputElement): boolean {
    const at = pills.findIndex((pill) => pill.input === field);
    const pill = pills[at];
    if (pill !== undefined && pill.option.required !== true) {
      removePill(pill);
      (pills[at - 1]?.input ?? more).focus();
      return true;
    }
    const before = pills[(at === -1 ? pills.length : at) - 1];
    if (before !== undefined) before.input.focus();
    else if (entry !== undefined) leave(`/${entry.name}`);
    return true;
  }

  function offered(): readonly Entry[] {
    const { member } = where();
    return entries.filter((each) => isOffered(each, member));
  }

  function remaining(): readonly APIApplicationCommandBasicOption[] {
    return (entry?.options ?? []).filter(({ name }) =>
      pills.every(({ option }) => option.name !== name),
    );
  }

  /** Shows what a field may become. */
  function offer(field: HTMLInputElement): void {
    stopSuggesting();
    if (field === text) {
      if (!text.value.startsWith("/")) {
        listbox.close();
        return;
      }
      const found = matching(offered(), text.value.slice(1));
      show(
        text,
        found.length === 0 ? "No command is called that." : "Commands",
        found.map((each) => ({
          row: { kind: "entry", entry: each },
          name: `/${each.name}`,
          note: each.description,
        })),
        0,
      );
      return;
    }
    if (field === more) {
      const typed = more.value.toLowerCase();
      const found = remaining().filter(({ name }) => name.includes(typed));
      const rows = found.map((option) => ({
        row: { kind: "option", option } as const,
        name: option.name,
        note: option.description,
      }));
      show(more, "Options", rows, typed === "" ? -1 : 0);
      return;
    }
    const pill = pills.find((each) => each.input === field);
    if (pill === undefined) return;
    const typed = pill.chosen === undefined ? field.value.trim().toLowerCase() : "";
    const fixed = fixedChoices(pill.option, facts);
    if (fixed !== undefined) {
      showValues(
        pill,
        fixed.filter(({ name }) => name.toLowerCase().includes(typed)),
      );
    } else if (isSuggested(pill.option)) {
      suggestTimer = setTimeout(() => void suggest(pill), typed === "" ? 0 : SUGGEST_AFTER_MS);
      // What is shown was suggested for another text: Enter must not choose from it.
      if (listbox.isOpen()) listbox.deactivate();
      else showValues(pill, []);
    } else {
      showValues(pill, []);
    }
  }

  function showValues(
    pill: Pill,
    values: readonly { readonly name: string; readonly value: OptionValue }[],
  ): void {
    const rows = values.map((each) => ({
      row: { kind: "value", ...each } as const,
      name: each.name,
    }));
    const isLeftOut = pill.isUnasked && pill.input.value === "";
    show(pill.input, `${pill.option.name}: ${pill.option.description}`, rows, isLeftOut ? -1 : 0);
  }

  function show(
    field: HTMLInputElement,
    title: string,
    rows: readonly { row: Row; name: string; note?: string }[],
    activeIndex: number,
  ): void {
    listbox.open(field, {
      title,
      activeIndex,
      choose,
      choices: rows.map(({ row, ...shown }) => ({ value: row, ...shown })),
    });
  }

  function choose(row: Row): void {
    if (row.kind === "entry") {
      start(row.entry, []);
      return;
    }
    if (row.kind === "option") {
      more.value = "";
      addPill(row.option.name, "").input.focus();
      return;
    }
    const pill = pills.find(({ input: field }) => field === document.activeElement);
    if (pill === undefined) return;
    pill.chosen = { name: row.name, value: row.value };
    pill.input.value = row.name;
    widen(pill.input);
    next();
  }

  /** On to the next option that has to be filled in, else to the end. */
  function next(): void {
    const empty = pills.find(
      ({ option, input: field }) => option.required === true && field.value === "",
    );
    (empty?.input ?? more).focus();
  }

  async function suggest(pill: Pill): Promise<void> {
    const controller = new AbortController();
    suggesting = controller;
    const focused = {
      type: pill.option.type,
      name: pill.option.name,
      value: pill.chosen === undefined ? pill.input.value : "",
      focused: true,
    };
    const others = pills
      .filter((other) => other !== pill && other.input.value !== "")
      .flatMap(sentOption);
    try {
      const { data } = await server.interact(
        interaction(AUTOCOMPLETE, [...others, focused]),
        controller.signal,
      );
      if (!controller.signal.aborted) showValues(pill, data?.choices ?? []);
    } catch {
      // As in Discord, what cannot be suggested can still be typed; sending says what is wrong.
      if (!controller.signal.aborted) showValues(pill, []);
    }
  }

  function stopSuggesting(): void {
    clearTimeout(suggestTimer);
    suggesting?.abort();
  }

  function sentOption({
    option,
    input: field,
    chosen,
  }: Pick<Pill, "option" | "input" | "chosen">): object[] {
    const meant = chosen ?? meantValue(option, field.value.trim(), fixedChoices(option, facts));
    return "value" in meant ? [{ type: option.type, name: option.name, value: meant.value }] : [];
  }

  function interaction(type: number, options: readonly object[]): object {
    const { channel, member } = where();
    const inside =
      entry?.subcommand === undefined
        ? options
        : [{ type: SUBCOMMAND, name: entry.subcommand, options }];
    return {
      type,
      channel_id: channel.id,
      user_id: member.id,
      locale: LOCALE,
      data: { type: 1, name: entry?.command, options: inside },
    };
  }

  function start(chosen: Entry, values: readonly (readonly [string, string])[]): void {
    say("");
    entry = chosen;
    pills = [];
    chip.textContent = `/${chosen.name}`;
    more.value = "";
    form.replaceChildren(chip, more, send);
    form.classList.add("is-command");
    for (const { name } of chosen.options.filter(({ required }) => required === true))
      addPill(name, "");
    for (const [name, typed] of values) addPill(name, typed);
    // What the bot suggests values for is what a command is mostly asked with. Left empty it is not
    // sent.
    const [first] = chosen.options;
    if (pills.length === 0 && first !== undefined && isSuggested(first))
      addPill(first.name, "").isUnasked = true;
    const empty = pills.find(({ input: field }) => field.value === "");
    (empty?.input ?? more).focus();
  }

  function addPill(name: string, typed: string): Pill {
    const existing = pills.find(({ option }) => option.name === name);
    const option = existing?.option ?? entry?.options.find((each) => each.name === name);
    if (option === undefined) throw new Error(`The command has no option ${name}.`);
    const pill = existing ?? newPill(option);
    pill.input.value = typed;
    pill.chosen = undefined;
    widen(pill.input);
    prompt();
    return pill;
  }

  function newPill(option: APIApplicationCommandBasicOption): Pill {
    const field = input(
      `option-${option.name}`,
      `${option.name}, ${option.required === true ? "required" : "optional"}`,
      6_000,
    );
    if ("max_length" in option && option.max_length !== undefined)
      field.maxLength = option.max_length;
    if (option.type === OPTION.number || option.type === OPTION.integer)
      field.inputMode = "decimal";
    const pill: Pill = {
      option,
      input: field,
      chosen: undefined,
      isUnasked: false,
      element: el("span", { class: "pill" }, el("label", { for: field.id }, option.name), field),
    };
    field.addEventListener("focus", () => {
      field.select();
      offer(field);
    });
    field.addEventListener("input", () => {
      pill.chosen = undefined;
      if (splitUp(pill)) return;
      field.removeAttribute("aria-invalid");
      say("");
      widen(field);
      offer(field);
    });
    wire(field);
    pills.push(pill);
    more.before(pill.element);
    return pill;
  }

  /** Typed on as text, `doge amount:1000` is two options. */
  function splitUp(pill: Pill): boolean {
    const { values, rest } = typedOptions(pill.input.value, entry?.options ?? []);
    if (values.length === 0) return false;
    pill.input.value = rest;
    widen(pill.input);
    const isNamed = values.some(([name]) => name === pill.option.name);
    if (rest === "" && !isNamed && pill.option.required !== true) removePill(pill);
    let latest = pill;
    for (const [name, typed] of values) latest = addPill(name, typed);
    latest.input.focus();
    // Everything in a field that gets the focus is selected; here typing goes on at its end.
    latest.input.setSelectionRange(latest.input.value.length, latest.input.value.length);
    offer(latest.input);
    return true;
  }

  function removePill(pill: Pill): void {
    pills = pills.filter((other) => other !== pill);
    pill.element.remove();
    prompt();
  }

  /** What the last field of a command says. */
  function prompt(): void {
    const left = remaining().length;
    more.placeholder = left === 0 ? "Enter to send" : `+${left} optional`;
    more.setAttribute(
      "aria-label",
      left === 0 ? "Press Enter to send" : `Further options, ${left} left. Press Enter to send`,
    );
  }

  function leave(typed: string): void {
    entry = undefined;
    pills = [];
    drawText();
    text.value = typed;
    text.focus();
  }

  function drawText(): void {
    const { channel } = where();
    form.classList.remove("is-command");
    form.replaceChildren(text, send);
    text.placeholder = `Type / for commands in #${channel.name}`;
    text.setAttribute("aria-label", `Message #${channel.name}: type slash for commands`);
  }

  function recall(): void {
    if (last === undefined) return;
    start(last.entry, []);
    for (const [name, chosen, typed] of last.values) addPill(name, typed).chosen = chosen;
    more.focus();
  }

  function submit(): void {
    if (entry === undefined) {
      if (text.value.startsWith("/"))
        say("That is no command here. Choose one from the list.", true);
      else if (text.value !== "")
        say("Nobody reads messages here. Type / to see what the bot can do.", true);
      else slash();
      return;
    }
    const filled = pills.filter(
      ({ input: field, option }) => field.value.trim() !== "" || option.required === true,
    );
    for (const pill of filled) {
      const typed = pill.input.value.trim();
      const meant =
        typed === ""
          ? { problem: `${pill.option.name} is required.` }
          : (pill.chosen ?? meantValue(pill.option, typed, fixedChoices(pill.option, facts)));
      if ("problem" in meant) {
        pill.input.setAttribute("aria-invalid", "true");
        pill.input.focus();
        say(meant.problem, true);
        return;
      }
    }
    const sent = interaction(COMMAND, filled.flatMap(sentOption));
    last = {
      entry,
      values: filled.map(
        ({ option, chosen, input: field }) => [option.name, chosen, field.value] as const,
      ),
    };
    leave("");
    server
      .interact(sent)
      .catch((error: unknown) => say(error instanceof Error ? error.message : String(error), true));
  }

  function slash(): void {
    if (entry !== undefined) return;
    text.focus();
    text.value = "/";
    offer(text);
  }

  function say(sentence: string, isProblem = false): void {
    hint.textContent = sentence;
    hint.classList.toggle("problem", isProblem);
  }

  function widen(field: HTMLInputElement): void {
    field.size = Math.min(40, Math.max(4, field.value.length + 1));
  }

  return {
    begin(name) {
      const found =
        offered().find((each) => each.name === name) ??
        offered().find((each) => each.command === name);
      if (found === undefined) say(`/${name} is not offered to you here.`, true);
      else start(found, []);
    },
    slash,
    moved() {
      say("");
      if (entry !== undefined && !isOffered(entry, where().member)) leave("");
      if (entry === undefined) drawText();
    },
  };
}
