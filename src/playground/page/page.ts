import { ChannelType } from "discord-api-types/v10";
import type { EN } from "../../../locales/en.ts";
import { DISCORD_LOCALES } from "../../messages/format.ts";
import type { MessageValues } from "../../messages/message-values.ts";
import { ENGLISH, languageOf, say } from "../../messages/say.ts";
import { directionOf, ownName } from "../../web/pages/page-language.ts";
import type { PageAssets } from "./assets.ts";
import type { PageFacts, PageTextKey } from "./protocol.ts";

/** The page's HTML: everything that does not change; the script adds messages and the market. */
export function pageHtml(facts: PageFacts, assets: PageAssets): string {
  const [here] = facts.channels;
  const scripts = assets.filter(({ name }) => name.endsWith(".js"));
  const { locale } = facts;
  const language = languageOf(locale);
  const words = (key: PlainKey) => text(say(locale, key));
  return `<!doctype html>
<html lang="${language}" dir="${directionOf(language)}" class="theme-system">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">
<title>${words("playground.title")}</title>
<meta name="description" content="${words("playground.description")}">
<meta name="color-scheme" content="dark light">
<link rel="icon" href="/assets/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/style.css">
${scripts.map(({ name }) => `<link rel="modulepreload" href="/assets/${name}">`).join("\n")}
<script type="module" src="/assets/main.js"></script>
</head>
<body>
<a class="skip" href="#composer-text">${words("playground.skip")}</a>
<div class="app">
<nav class="rail" aria-label="${words("playground.servers")}"><a class="server" href="/" aria-current="page" aria-label="${text(facts.guildName)}"><img src="/assets/favicon.svg" alt="" width="48" height="48"></a></nav>
<div class="sidebar" id="sidebar">
<header class="guild"><p class="guild-name">${text(facts.guildName)}</p><p class="guild-note">${words("playground.guild-note")}</p></header>
<nav class="channels" aria-label="${words("playground.channels")}"><ul id="channels">
${facts.channels.map((channel) => channelItem(channel, channel === here, locale)).join("\n")}
</ul></nav>
<section class="me" aria-label="${words("playground.who")}">
<label for="member">${words("playground.you-are")}</label>
<select id="member">${facts.members.map(({ id, title }) => `<option value="${text(id)}">${text(title)}</option>`).join("")}</select>
<label for="language">${words("playground.language")}</label>
${localeSelect("language", locale)}
<label for="guild-language">${words("playground.guild-language")}</label>
${localeSelect("guild-language", ENGLISH)}
</section>
</div>
<main class="chat">
<header class="bar">
<button type="button" id="menu" class="icon-button only-narrow" aria-expanded="false" aria-controls="sidebar" aria-label="${words("playground.channels")}">${icon(LINES)}</button>
<h1 class="channel-name"><span class="hash" aria-hidden="true">#</span><span id="channel-name">${text(here?.name ?? "")}</span></h1>
<p class="topic" id="channel-topic">${text(here?.topic ?? "")}</p>
<div class="tools"><button type="button" id="market" class="market unknown" disabled>${words("playground.market.unknown")}</button><button type="button" id="theme" class="icon-button"></button></div>
</header>
<div id="notice" class="notice" role="status" hidden></div>
<div class="scroller" id="scroller" tabindex="0" role="region" aria-label="${words("playground.channel")}">
<section class="welcome" aria-labelledby="welcome-title">
<h2 id="welcome-title">${text(say(locale, "playground.welcome", { channel: here?.name ?? "" }))}</h2>
<p>${words("playground.welcome.text").replace("/", "<kbd>/</kbd>")}</p>
<div class="starters" id="starters"></div>
</section>
<div role="log" aria-label="${words("playground.messages")}" aria-live="polite" aria-relevant="additions text"><ol class="messages" id="messages"></ol></div>
</div>
<div class="composer-area">
<button type="button" id="jump" class="jump" hidden></button>
<div id="popup" class="popup" hidden></div>
<form id="composer" class="composer" autocomplete="off" aria-label="${words("playground.message-box")}"></form>
<p id="hint" class="hint" role="status"></p>
</div>
</main>
</div>
<p id="announcer" class="quiet" role="status"></p>
<noscript><p class="notice">${words("playground.no-script")}</p></noscript>
<script type="application/json" id="facts">${JSON.stringify(facts).replaceAll("<", "\\u003c")}</script>
</body>
</html>
`;
}

/** Messages without placeholders. */
type PlainKey = {
  [Key in PageTextKey]: keyof MessageValues<(typeof EN)[Key]> extends never ? Key : never;
}[PageTextKey];

/** Discord's languages to choose from, each under its own name. */
function localeSelect(id: string, chosen: string): string {
  const options = DISCORD_LOCALES.map(
    (locale) =>
      `<option value="${locale}" lang="${locale}"${locale === chosen ? " selected" : ""}>${text(ownName(locale))}</option>`,
  );
  return `<select id="${id}">${options.join("")}</select>`;
}

const SPEAKER = "M4 9v6h4l6 5V4L8 9zM17.5 8.5a5 5 0 0 1 0 7";
const MEGAPHONE = "M4 10v4h3l9 5V5l-9 5zM7 14l1.5 6H11l-1-4.6M19 9.5v5";
const LINES = "M3 6h18M3 12h18M3 18h18";

const icon = (path: string) =>
  `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${path}"/></svg>`;

function channelItem(
  channel: PageFacts["channels"][number],
  isCurrent: boolean,
  locale: string,
): string {
  const isVoice = channel.type === ChannelType.GuildVoice;
  const mark = isVoice
    ? icon(SPEAKER)
    : channel.type === ChannelType.GuildAnnouncement
      ? icon(MEGAPHONE)
      : "#";
  const label = `<span class="hash" aria-hidden="true">${mark}</span><span class="label">${text(channel.name)}</span>`;
  return isVoice
    ? `<li><span class="channel voice">${label}<span class="quiet"> ${text(say(locale, "playground.voice-channel"))}</span></span></li>`
    : `<li><button type="button" class="channel" data-channel="${text(channel.id)}"${isCurrent ? ' aria-current="page"' : ""}>${label}<span class="unread" hidden></span></button></li>`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function text(value: string): string {
  return value.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? "");
}
