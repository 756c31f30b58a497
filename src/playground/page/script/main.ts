import type { PageEvent, PageFacts } from "../protocol.ts";
import { entriesOf, isOffered, messageCommandsOf } from "./command-entries.ts";
import { Composer } from "./composer.ts";
import { Conversation } from "./conversation.ts";
import { announce, byId, el } from "./dom.ts";
import { attempt, showHint } from "./hint.ts";
import { MarketBar } from "./market-bar.ts";
import type { MessageActions } from "./message-actions.ts";
import { MessageList } from "./message-list.ts";
import { readSavedPlace, savePlace } from "./saved-place.ts";
import { facts as readFacts, say } from "./say.ts";
import type { Place } from "./sent-interaction.ts";
import { createServer } from "./server.ts";
import { Sidebar } from "./sidebar.ts";
import { startTheme } from "./theme.ts";
import { keepTimesTrue } from "./time-view.ts";

const STARTERS = 4;
const GUILD_VOICE = 2;

const facts = readFacts();
const server = createServer(facts.token);
const entries = entriesOf(facts.commands);
const messageCommands = messageCommandsOf(facts.commands);
const memberSelect = byId("member", HTMLSelectElement);
const languageSelect = byId("language", HTMLSelectElement);
const guildLanguageSelect = byId("guild-language", HTMLSelectElement);
const saved = readSavedPlace();
let channel = facts.channels.find(({ id }) => id === saved.channelId) ?? first(facts.channels);
let isConnected = true;

const actions: MessageActions = {
  mentions: {
    ...facts,
    entries,
    messageCommands,
    begin: (name) => composer.begin(name),
    isVisitor: ({ id }) => id === member().id,
    nameOf: ({ id, name }) => (id === member().id ? say("playground.you") : name),
    visit: visitMessage,
  },
  find: (messageId) => messages.find(messageId),
  use: (message, data) => conversation.use(message, data),
  check: (message, command) => conversation.check(message, command),
  dismiss: (message) => void attempt(server.dismiss(message.id)),
};
const sidebar = new Sidebar((channelId) => void visit(channelId));
const messages = new MessageList({
  actions,
  bot: facts.bot,
  place,
  markUnread: (channelId) => sidebar.markUnread(channelId, true),
});
const composer = new Composer({
  facts,
  entries,
  messageCommand: messageCommands[0]?.shownName ?? "",
  server,
  place,
  send: (command) => void conversation.send(command),
  write: (content) => server.write({ channel_id: channel.id, user_id: member().id, content }),
});
const conversation = new Conversation({ server, messages, composer: () => composer, place });

startTheme();
const marketBar = new MarketBar(facts.state, server);
keepTimesTrue();
if (facts.members.some(({ id }) => id === saved.memberId))
  memberSelect.value = saved.memberId ?? "";
guildLanguageSelect.value = saved.guildLocale ?? guildLanguageSelect.value;
drawStarters();
showChannel();
if (saved.draft === undefined) byId("composer-text", HTMLInputElement).focus();
else composer.restore(saved.draft);
composer.close();
server.listen(heard, { lost: connectionLost, found: connectionFound });

memberSelect.addEventListener("change", () => {
  savePlace({ memberId: member().id });
  composer.placeChanged();
  drawStarters();
  messages.draw();
  announce(say("playground.now-you-are", { member: member().title }));
});
// The page is written in one language: it is fetched again, and keeps the draft and the place.
languageSelect.addEventListener("change", () => {
  location.assign(`/?lang=${languageSelect.value}`);
});
guildLanguageSelect.addEventListener("change", () => {
  savePlace({ guildLocale: guildLanguageSelect.value });
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
      if (event.run !== facts.run) {
        // The draft and the place are kept; the messages are gone with the process that had them.
        location.reload();
        return;
      }
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

function connectionLost(): void {
  isConnected = false;
  marketBar.showConnection("lost");
}

function connectionFound(): void {
  marketBar.showConnection("connected");
  if (isConnected) return;
  isConnected = true;
  if (composer.draft() === undefined) announce(say("playground.connected"));
  else showHint(say("playground.connected.draft"));
}

/** Goes to a channel; false when the visitor cannot open it. */
function visit(channelId: string): boolean {
  const found = facts.channels.find(({ id }) => id === channelId);
  if (found === undefined || found.type === GUILD_VOICE) return false;
  channel = found;
  savePlace({ channelId });
  showChannel();
  messages.draw();
  composer.placeChanged();
  sidebar.close();
  return true;
}

/** Follows a link into the made-up server. */
function visitMessage(channelId: string, messageId?: string): void {
  if (channelId !== channel.id && !visit(channelId)) showHint(say("playground.channel-closed"));
  else if (messageId !== undefined && !messages.show(messageId))
    showHint(say("playground.message-gone"));
}

function showChannel(): void {
  sidebar.showCurrent(channel.id);
  byId("channel-name", HTMLElement).textContent = channel.name;
  byId("welcome-title", HTMLElement).textContent = say("playground.welcome", {
    channel: channel.name,
  });
  byId("channel-topic", HTMLElement).textContent = channel.topic;
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
      el("span", { class: "starter-name" }, `/${entry?.shownName ?? command}`),
      el("span", { class: "starter-note" }, entry?.description ?? ""),
    );
  });
  byId("starters", HTMLElement).replaceChildren(...buttons);
}

function place(): Place {
  return { channel, member: member(), guildLocale: guildLanguageSelect.value };
}

function member(): PageFacts["members"][number] {
  return facts.members.find(({ id }) => id === memberSelect.value) ?? first(facts.members);
}

function first<Item>(items: readonly Item[]): Item {
  const [item] = items;
  if (item === undefined) throw new Error("The page was sent an empty list.");
  return item;
}
