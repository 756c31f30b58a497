import type { PageEvent, PageFacts } from "../protocol.ts";
import { entriesOf, isOffered } from "./command-entries.ts";
import { Composer } from "./composer.ts";
import { announce, byId, el } from "./dom.ts";
import { attempt } from "./hint.ts";
import { MarketBar } from "./market-bar.ts";
import type { MessageActions } from "./message-actions.ts";
import { MessageList } from "./message-list.ts";
import { componentInteraction, type Place } from "./sent-interaction.ts";
import { createServer } from "./server.ts";
import { Sidebar } from "./sidebar.ts";
import { startTheme } from "./theme.ts";
import { keepTimesTrue } from "./time-view.ts";

const STARTERS = 4;

// Written by page.ts of the process that served this script.
const facts = JSON.parse(byId("facts", HTMLScriptElement).text) as PageFacts;
const server = createServer(facts.token);
const entries = entriesOf(facts.commands);
const memberSelect = byId("member", HTMLSelectElement);
let channel = first(facts.channels);
/** Which run of the playground the page belongs to. */
let run: string | undefined;

const actions: MessageActions = {
  mentions: { ...facts, begin: (name) => composer.begin(name) },
  find: (messageId) => messages.find(messageId),
  use: (message, data) => attempt(server.interact(componentInteraction(message, data, member()))),
  dismiss: (message) => void attempt(server.dismiss(message.id)),
};
const sidebar = new Sidebar(visit);
const messages = new MessageList({
  actions,
  place,
  markUnread: (channelId) => sidebar.markUnread(channelId, true),
});
const composer = new Composer({ facts, entries, server, place });

startTheme();
const marketBar = new MarketBar(facts.state, server);
drawStarters();
keepTimesTrue();
server.listen(heard, {
  lost: () => marketBar.showConnection("lost"),
  found: () => marketBar.showConnection("connected"),
});
byId("composer-text", HTMLInputElement).focus();

memberSelect.addEventListener("change", () => {
  composer.placeChanged();
  drawStarters();
  messages.draw();
  announce(`You are ${member().name}, ${member().title}.`);
});
document.addEventListener("keydown", (event) => {
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
        marketBar.showConnection("restarted");
        return;
      }
      run = event.run;
      messages.replaceAll(event.messages);
      marketBar.showMarket(event.state);
      return;
    case "message":
      messages.put(event.message);
      return;
    case "gone":
      messages.remove(event.id);
      return;
    case "market":
      marketBar.showMarket(event.state);
  }
}

function visit(channelId: string): void {
  const found = facts.channels.find(({ id }) => id === channelId);
  if (found === undefined) return;
  channel = found;
  sidebar.showCurrent(channelId);
  for (const id of ["channel-name", "welcome-name"]) byId(id, HTMLElement).textContent = found.name;
  byId("channel-topic", HTMLElement).textContent = found.topic;
  messages.draw();
  composer.placeChanged();
  sidebar.close();
}

/** The buttons that begin the first few commands. */
function drawStarters(): void {
  const offered = entries.filter((entry) => isOffered(entry, member()));
  const commands = [...new Set(offered.map(({ command }) => command))].slice(0, STARTERS);
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

function place(): Place {
  return { channel, member: member() };
}

function member(): PageFacts["members"][number] {
  return facts.members.find(({ id }) => id === memberSelect.value) ?? first(facts.members);
}

function first<Item>(items: readonly Item[]): Item {
  const [item] = items;
  if (item === undefined) throw new Error("The page was sent an empty list.");
  return item;
}
