import type { MarketState, PageEvent, PageFacts, PageMessage } from "../protocol.ts";
import { entriesOf, isOffered } from "./command-entries.ts";
import { createComposer, LOCALE } from "./composer.ts";
import { announce, byId, el, icon } from "./dom.ts";
import { focusWithin, type MessageActions, messageElement, restoreFocus } from "./message-view.ts";
import { createServer } from "./server.ts";
import { keepTimesTrue } from "./time-view.ts";

const COMPONENT = 3;
const EPHEMERAL = 64;
/** Near enough to the end that new messages are followed, in pixels. */
const AT_END_PX = 120;
const SUN =
  "M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10zM12 1v3M12 20v3M1 12h3M20 12h3M4 4l2 2M18 18l2 2M4 20l2-2M18 6l2-2";
const MOON = "M20 14.5A8.5 8.5 0 1 1 9.5 4 7 7 0 0 0 20 14.5z";
const STARTERS = 4;

// Written by page.ts of the process that served this script.
const facts = JSON.parse(byId("facts", HTMLScriptElement).text) as PageFacts;
const server = createServer(facts.token);
const entries = entriesOf(facts.commands);
const messages = new Map<string, PageMessage>();
const list = byId("messages", HTMLOListElement);
const scroller = byId("scroller", HTMLElement);
const notice = byId("notice", HTMLElement);
const memberSelect = byId("member", HTMLSelectElement);
const marketButton = byId("market", HTMLButtonElement);
const themeButton = byId("theme", HTMLButtonElement);
const menuButton = byId("menu", HTMLButtonElement);

let channel = first(facts.channels);
let state = facts.state;
let run: string | undefined;
let isLost = false;
let isRestarted = false;

const composer = createComposer({
  facts,
  entries,
  server,
  where: () => ({ channel, member: member() }),
});
const actions: MessageActions = {
  mentions: { ...facts, begin: composer.begin },
  find: (messageId) => messages.get(messageId),
  async use(message, data) {
    const where = {
      channel_id: message.channel_id,
      user_id: member().id,
      locale: LOCALE,
      message_id: message.id,
    };
    await attempt(server.interact({ type: COMPONENT, ...where, data: { values: [], ...data } }));
  },
  dismiss: (message) => void attempt(server.dismiss(message.id)),
};

drawTheme();
drawMarket();
drawStarters();
keepTimesTrue();
server.listen(heard, {
  lost: () => setLost(true),
  found: () => setLost(false),
});
byId("composer-text", HTMLInputElement).focus();

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-channel]")) {
  button.addEventListener("click", () => visit(button.dataset["channel"] ?? ""));
}
memberSelect.addEventListener("change", () => {
  composer.moved();
  drawStarters();
  drawMessages();
  announce(`You are ${member().name}, ${member().title}.`);
});
marketButton.addEventListener("click", () =>
  chooseMarket(state.market === "real" ? "demo" : "real"),
);
themeButton.addEventListener("click", () => {
  localStorage.setItem("theme", isDark() ? "light" : "dark");
  drawTheme();
});
menuButton.addEventListener("click", () =>
  showSidebar(menuButton.getAttribute("aria-expanded") !== "true"),
);
document.addEventListener("pointerdown", ({ target }) => {
  const isOutside =
    target instanceof Node &&
    !byId("sidebar", HTMLElement).contains(target) &&
    !menuButton.contains(target);
  if (isOutside && menuButton.getAttribute("aria-expanded") === "true") showSidebar(false);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && menuButton.getAttribute("aria-expanded") === "true") {
    showSidebar(false);
    menuButton.focus();
  }
  const isTyping =
    event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
  if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  composer.slash();
});

function heard(event: PageEvent): void {
  switch (event.kind) {
    case "snapshot":
      if (run !== undefined && run !== event.run) {
        isRestarted = true;
        drawNotice();
        return;
      }
      run = event.run;
      state = event.state;
      messages.clear();
      for (const message of event.messages) messages.set(message.id, message);
      drawMessages();
      drawMarket();
      return;
    case "message":
      put(event.message);
      return;
    case "gone":
      remove(event.id);
      return;
    case "market":
      state = event.state;
      drawMarket();
  }
}

function put(message: PageMessage): void {
  messages.set(message.id, message);
  if (!isVisible(message)) return;
  if (message.channel_id !== channel.id) {
    markUnread(message.channel_id, true);
    return;
  }
  const isAtEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < AT_END_PX;
  const before = document.getElementById(`message-${message.id}`);
  const element = messageElement(message, actions);
  if (before === null) {
    list.append(element);
  } else {
    const place = focusWithin(before);
    before.replaceWith(element);
    if (place !== undefined) restoreFocus(element, place);
  }
  if (isAtEnd) scrollToEnd();
}

/** Private answers are seen by the one who asked. */
function isVisible({ flags, interaction_metadata: asked }: PageMessage): boolean {
  return (flags & EPHEMERAL) === 0 || asked?.user.id === member().id;
}

function remove(messageId: string): void {
  messages.delete(messageId);
  const element = document.getElementById(`message-${messageId}`);
  if (element === null) return;
  const hadFocus = focusWithin(element) !== undefined;
  element.remove();
  if (hadFocus) byId("composer", HTMLFormElement).querySelector("input")?.focus();
}

function drawMessages(): void {
  const shown = [...messages.values()].filter(
    (message) => message.channel_id === channel.id && isVisible(message),
  );
  list.replaceChildren(...shown.map((message) => messageElement(message, actions)));
  scrollToEnd();
}

function scrollToEnd(): void {
  scroller.scrollTop = messages.size === 0 ? 0 : scroller.scrollHeight;
}

function visit(channelId: string): void {
  const found = facts.channels.find(({ id }) => id === channelId);
  if (found === undefined) return;
  channel = found;
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-channel]")) {
    if (button.dataset["channel"] === channelId) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
  }
  for (const id of ["channel-name", "welcome-name"]) byId(id, HTMLElement).textContent = found.name;
  byId("channel-topic", HTMLElement).textContent = found.topic;
  markUnread(channelId, false);
  drawMessages();
  composer.moved();
  if (menuButton.getAttribute("aria-expanded") === "true") {
    showSidebar(false);
    menuButton.focus();
  }
}

function markUnread(channelId: string, isUnread: boolean): void {
  const mark = document.querySelector<HTMLElement>(`[data-channel="${channelId}"] .unread`);
  if (mark === null) return;
  mark.hidden = !isUnread;
  mark.textContent = isUnread ? "new" : "";
}

function showSidebar(isShown: boolean): void {
  menuButton.setAttribute("aria-expanded", String(isShown));
  document.body.classList.toggle("with-sidebar", isShown);
  if (isShown) document.querySelector<HTMLElement>("[data-channel][aria-current]")?.focus();
}

function drawStarters(): void {
  const offered = entries.filter((entry) => isOffered(entry, member()));
  const commands = [...new Map(offered.map((entry) => [entry.command, entry])).keys()].slice(
    0,
    STARTERS,
  );
  const buttons = commands.map((command) => {
    const entry = offered.find((each) => each.command === command);
    return el(
      "button",
      { type: "button", class: "starter", onclick: () => composer.begin(entry?.name ?? command) },
      el("span", { class: "starter-name" }, `/${entry?.name ?? command}`),
      el("span", { class: "starter-note" }, entry?.description ?? ""),
    );
  });
  byId("starters", HTMLElement).replaceChildren(...buttons);
}

function drawMarket(): void {
  const isDemo = state.market === "demo";
  marketButton.textContent = isDemo ? "Demo market" : "Real prices";
  marketButton.classList.toggle("demo", isDemo);
  marketButton.disabled = !state.canSwitch;
  marketButton.setAttribute(
    "aria-label",
    `${isDemo ? "Demo market, invented prices" : `Real prices, ${state.plan}`}${state.canSwitch ? ". Press to switch" : ""}`,
  );
  marketButton.title = isDemo ? "Invented prices" : state.plan;
  drawNotice();
}

/** The line under the header: one thing at a time, the most pressing first. */
function drawNotice(): void {
  const line = noticeLine();
  notice.hidden = line === undefined;
  notice.replaceChildren(...(line ?? []));
}

function noticeLine(): (Node | string)[] | undefined {
  const button = (label: string, act: () => void) =>
    el("button", { type: "button", class: "button primary small", onclick: act }, label);
  if (isRestarted)
    return ["The playground was restarted. ", button("Reload the page", () => location.reload())];
  if (isLost)
    return [
      "The playground does not answer. Is npm start still running? This page tries again by itself.",
    ];
  if (state.market === "demo") {
    const back = state.canSwitch ? [button("Back to real prices", () => chooseMarket("real"))] : [];
    return [
      el("span", {}, el("strong", {}, "Demo market: "), "every price here is invented."),
      ...back,
    ];
  }
  if (!state.isSilent) return undefined;
  return [
    el(
      "span",
      {},
      el("strong", {}, "No price source can be reached. "),
      "Check the network, or try the bot with invented prices.",
    ),
    button("Use the demo market", () => chooseMarket("demo")),
  ];
}

function chooseMarket(market: MarketState["market"]): void {
  const hadFocus = notice.contains(document.activeElement);
  void attempt(server.chooseMarket(market)).then(() => {
    if (hadFocus) marketButton.focus();
  });
}

function setLost(lost: boolean): void {
  if (isLost === lost) return;
  isLost = lost;
  drawNotice();
}

/** Waits for the playground; what went wrong is said below the message box. */
async function attempt(work: Promise<unknown>): Promise<void> {
  const hint = byId("hint", HTMLElement);
  try {
    await work;
    hint.textContent = "";
  } catch (error) {
    hint.classList.add("problem");
    hint.textContent = error instanceof Error ? error.message : String(error);
  }
}

function drawTheme(): void {
  const chosen = localStorage.getItem("theme");
  document.documentElement.className =
    chosen === "dark" || chosen === "light" ? `theme-${chosen}` : "theme-system";
  themeButton.replaceChildren(icon(isDark() ? SUN : MOON));
  themeButton.setAttribute(
    "aria-label",
    isDark() ? "Switch to the light theme" : "Switch to the dark theme",
  );
}

function isDark(): boolean {
  const root = document.documentElement.classList;
  return (
    root.contains("theme-dark") ||
    (root.contains("theme-system") && matchMedia("(prefers-color-scheme: dark)").matches)
  );
}

function member(): PageFacts["members"][number] {
  return facts.members.find(({ id }) => id === memberSelect.value) ?? first(facts.members);
}

function first<Item>(items: readonly Item[]): Item {
  const [item] = items;
  if (item === undefined) throw new Error("The page was sent an empty list.");
  return item;
}
