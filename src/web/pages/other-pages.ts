import { offeredCoins, refusalText, typedCoinRefusalText } from "../../cards/refusal.ts";
import { plainText } from "../../messages/format.ts";
import { say } from "../../messages/say.ts";
import { coinLabel, foreign } from "../../messages/wording.ts";
import type { Coin } from "../../prices/coins/coin.ts";
import type { CoinIndex } from "../../prices/coins/coin-index.ts";
import { pageCoin, pathSegment } from "../../questions/page-address.ts";
import { inviteLink, type PageFrame, pageDocument, pageLink } from "./frame.ts";
import { html } from "./html.ts";
import { isAddressProblem, type PageRefusal, type TypedQuestion } from "./page-question.ts";
import { type Field, questionForm } from "./question-form.ts";

const MAX_ECHO = 60;

/** The page that asks: a form, and the largest coins as a start. */
export function homePage(
  frame: PageFrame,
  largest: readonly Coin[],
  coins: Pick<CoinIndex, "known">,
  locale: string,
): string {
  const main = html`<div class="lead"><h1>${say(locale, "page.home.heading")}</h1>
<p class="story">${say(locale, "page.home.lead")}</p>
${frame.isDemo && html`<p class="note demo">${say(locale, "demo.notice")}</p>`}</div>
${questionForm({ frame, heading: say(locale, "page.form.heading"), coinNames: largest.map(({ name }) => plainText(name, MAX_ECHO)) }, locale)}
${largest.length > 0 && html`<nav aria-labelledby="coins-heading"><h2 id="coins-heading">${say(locale, "page.home.coins")}</h2><ul class="choices">${largest.slice(0, MAX_LINKED).map((coin) => html`<li><a href="${pageLink(frame, `/c/${pathSegment(pageCoin(coin, coins))}`)}">${coinLabel(coin, locale)}</a></li>`)}</ul></nav>`}
<section class="card list" aria-labelledby="how-heading"><h2 id="how-heading">${say(locale, "page.home.how")}</h2><p>${say(locale, "page.home.how.text")}</p>${inviteLink(frame, locale)}</section>`;
  return pageDocument(
    frame,
    {
      title: say(locale, "page.home.title"),
      description: say(locale, "page.home.lead"),
      path: "/",
      isForSearch: true,
    },
    main,
    locale,
  );
}

const MAX_LINKED = 10;

/** Why there is no answer, what would have been one, and the form to ask again. */
export function refusalPage(
  refusal: PageRefusal,
  {
    frame,
    coins,
    typed,
  }: {
    readonly frame: PageFrame;
    readonly coins: Pick<CoinIndex, "known">;
    readonly typed: TypedQuestion;
  },
  locale: string,
): string {
  const offered = isAddressProblem(refusal) ? [] : offeredCoins(refusal);
  const text = textOf(refusal, locale);
  const field = fieldOf(refusal);
  const main = html`<div class="lead"><h1>${headingOf(refusal, locale)}</h1>
<p class="story">${text}</p></div>
${offered.length > 0 && html`<nav aria-labelledby="coins-heading"><h2 id="coins-heading">${say(locale, "page.refusal.choose")}</h2><ul class="choices">${offered.map((coin) => html`<li><a href="${pageLink(frame, pathOf({ ...typed, coin: pageCoin(coin, coins) }))}">${coinLabel(coin, locale)}</a></li>`)}</ul></nav>`}
${questionForm({ frame, heading: say(locale, "page.form.again"), typed, error: field && { field, text } }, locale)}`;
  return pageDocument(
    frame,
    {
      title: say(locale, "page.title", { heading: headingOf(refusal, locale) }),
      description: text,
      ...(typed.coin.length <= MAX_LINKED_TEXT && { typedPath: formPath(typed) }),
      isForSearch: false,
    },
    main,
    locale,
  );
}

/** Longer texts would stand in the address of every language. */
const MAX_LINKED_TEXT = 200;

/** Where the form sends a question. */
function formPath(typed: TypedQuestion): string {
  return `/c?${new URLSearchParams(typed)}`;
}

/** The address of a question about a coin, with everything else as typed. */
function pathOf({ coin, ...typed }: TypedQuestion): string {
  const query = new URLSearchParams(typed).toString();
  return `/c/${pathSegment(coin)}${query === "" ? "" : `?${query}`}`;
}

/** A page that says one thing: no page here, too many questions, or an unexpected failure. */
export function noticePage(
  frame: PageFrame,
  heading: string,
  text: string,
  locale: string,
): string {
  return pageDocument(
    frame,
    { title: say(locale, "page.title", { heading }), description: text, isForSearch: false },
    html`<div class="lead"><h1>${heading}</h1><p class="story">${text}</p></div>
${questionForm({ frame, heading: say(locale, "page.form.heading") }, locale)}`,
    locale,
  );
}

function textOf(refusal: PageRefusal, locale: string): string {
  switch (refusal.reason) {
    case "unknown-currency":
      return say(locale, "page.refusal.unknown-currency.text", {
        typed: foreign(refusal.typed, MAX_ECHO, "plain"),
      });
    case "unknown-coin":
    case "ambiguous-coin":
      return typedCoinRefusalText(refusal, "plain", true, locale);
    default:
      return refusalText(refusal, { locale: locale });
  }
}

function headingOf({ reason }: PageRefusal, locale: string): string {
  return isForCommands(reason)
    ? say(locale, "page.not-found")
    : say(locale, `page.refusal.${reason}`);
}

const FOR_COMMANDS = ["outdated-control", "too-few-coins", "too-many-coins"] as const;

/** Whether only a command, its controls or a comparison can be refused for it. */
function isForCommands(reason: PageRefusal["reason"]): reason is (typeof FOR_COMMANDS)[number] {
  return FOR_COMMANDS.some((known) => known === reason);
}

/** The field in which something else has to stand; none when the question was fine. */
function fieldOf({ reason }: PageRefusal): Field | undefined {
  switch (reason) {
    case "unknown-coin":
    case "ambiguous-coin":
    case "too-new":
    case "history-unavailable":
      return "coin";
    case "invalid-amount":
    case "unknown-currency":
    case "no-rate":
      return "stake";
    case "unknown-car":
    case "invalid-car-price":
      return "car";
    case "invalid-bought":
    case "bought-too-late":
    case "bought-in-gap":
      return "bought";
    default:
      return undefined;
  }
}
