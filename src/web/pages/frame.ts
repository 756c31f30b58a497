import { createHash } from "node:crypto";
import { serverInvite } from "../../discord/bot/invite.ts";
import { languageOf, say } from "../../messages/say.ts";
import { PICTURE_HEIGHT, PICTURE_WIDTH } from "../../pictures/answer-layout.ts";
import type { ProjectPages } from "../../project-pages.ts";
import { FAVICON } from "./favicon.ts";
import { type Html, html } from "./html.ts";
import {
  directionOf,
  inLanguage,
  type OfferedLanguage,
  offeredLanguages,
  openGraphLocale,
} from "./page-language.ts";
import { SCRIPT } from "./script.ts";
import { STYLE } from "./style.ts";

/** What every page shows of the installation that it belongs to. */
export type PageFrame = {
  /** The pages' own address, without a slash at its end. */
  readonly origin: string;
  /** What precedes every path in it: empty, or such as `/coins`. */
  readonly base: string;
  /** The application that *Add to Discord* adds; undefined hides it. */
  readonly applicationId: string | undefined;
  readonly pages: Pick<ProjectPages, "privacyUrl" | "termsUrl">;
  /** Whether prices are invented: such pages are for no search engine. */
  readonly isDemo: boolean;
  /** What `lang` is in the addresses of the pages; undefined leaves the language to the browser. */
  readonly lang: string | undefined;
};

/** What one page says of itself to browsers, search engines and chats that show a preview. */
export type PageHead = {
  readonly title: string;
  readonly description: string;
  /**
   * The path of its one address, without the language; absent where it has none, and no search
   * engine should keep it.
   */
  readonly path?: string;
  /** The path of the same in another language, where it has no address of its own; else `/`. */
  readonly typedPath?: string;
  /** Path and text of the picture in previews. */
  readonly picture?: { readonly path: string; readonly altText: string };
  /** Colour of the preview's edge, 0xRRGGBB. */
  readonly colour?: number;
  /** Whether it may be found, unless prices are invented. */
  readonly isForSearch: boolean;
};

/** A file that pages load. */
export type Asset = {
  readonly name: string;
  readonly contentType: string;
  readonly text: string;
};

const asset = (stem: string, ending: string, contentType: string, text: string): Asset => ({
  // The address changes with the content, so that browsers may keep it for good.
  name: `${stem}.${createHash("sha1").update(text).digest("hex").slice(0, 10)}.${ending}`,
  contentType,
  text,
});

const CSS = asset("site", "css", "text/css; charset=utf-8", STYLE);
const JS = asset("site", "js", "text/javascript; charset=utf-8", SCRIPT);
const ICON = asset("icon", "svg", "image/svg+xml", FAVICON);

/** Everything that the pages load, by the last part of its address. */
export const ASSETS: readonly Asset[] = [CSS, JS, ICON];

const COLOUR = 0xf5b301;

/** The address of a page in the language that the address of this one asks for. */
export function pageLink({ base, lang }: Pick<PageFrame, "base" | "lang">, path: string): string {
  return base + inLanguage(path, lang);
}

/** A whole page. */
export function pageDocument(frame: PageFrame, head: PageHead, main: Html, locale: string): string {
  const language = languageOf(locale);
  return html`<!doctype html>
<html lang="${language}" dir="${directionOf(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${head.title}</title>
<meta name="description" content="${head.description}">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" content="#${(head.colour ?? COLOUR).toString(16).padStart(6, "0")}">
${(frame.isDemo || !head.isForSearch) && html`<meta name="robots" content="noindex">\n`}${previewTags(frame, head, locale)}
<link rel="icon" href="${frame.base}/assets/${ICON.name}" type="image/svg+xml">
<link rel="stylesheet" href="${frame.base}/assets/${CSS.name}">
<script type="module" src="${frame.base}/assets/${JS.name}"></script>
</head>
<body>
<a class="skip" href="#main">${say(locale, "page.skip")}</a>
<header class="bar"><a class="brand" href="${pageLink(frame, "/")}"><img src="${frame.base}/assets/${ICON.name}" alt="" width="32" height="32">${say(locale, "about.title")}</a></header>
<main id="main" tabindex="-1">
${main}
</main>
${footer(frame, head, locale)}
</body>
</html>
`.text;
}

function previewTags({ origin, lang }: PageFrame, head: PageHead, locale: string): Html {
  const { picture } = head;
  const path = head.path && inLanguage(head.path, lang && languageOf(locale));
  const own = (name: string, content: string) =>
    html`<meta property="og:${name}" content="${content}">\n`;
  return html`${path !== undefined && html`<link rel="canonical" href="${origin}${path}">\n${own("url", `${origin}${path}`)}`}${alternates(origin, head)}${own("type", "website")}${own("locale", openGraphLocale(locale))}${own("site_name", say(locale, "about.title"))}${own("title", head.title)}${own("description", head.description)}${
    picture === undefined
      ? html`<meta name="twitter:card" content="summary">`
      : html`${own("image", `${origin}${picture.path}`)}${own("image:type", "image/png")}${own("image:width", String(PICTURE_WIDTH))}${own("image:height", String(PICTURE_HEIGHT))}${own("image:alt", picture.altText)}<meta name="twitter:card" content="summary_large_image">
<meta name="twitter:title" content="${head.title}">
<meta name="twitter:description" content="${head.description}">
<meta name="twitter:image" content="${origin}${picture.path}">
<meta name="twitter:image:alt" content="${picture.altText}">`
  }`;
}

/** The same page in the other languages, and the address that leaves the choice to the browser. */
function alternates(origin: string, { path }: PageHead): readonly Html[] {
  if (path === undefined) return [];
  const alternate = (language: string, lang: string | undefined) =>
    html`<link rel="alternate" hreflang="${language}" href="${origin}${inLanguage(path, lang)}">\n`;
  return [
    ...offeredLanguages().map(({ code }) => alternate(code, code)),
    alternate("x-default", undefined),
  ];
}

/** The picture of an answer, which the browser loads once it comes into view. */
export function pictureFigure(
  { base }: PageFrame,
  picture: { readonly path: string; readonly altText: string },
): Html {
  return html`<figure class="picture"><img src="${base}${picture.path}" alt="${picture.altText}" width="${PICTURE_WIDTH}" height="${PICTURE_HEIGHT}" loading="lazy" decoding="async"></figure>`;
}

/** A link that adds the bot to a server, where there is a bot to add. */
export function inviteLink({ applicationId }: PageFrame, locale: string): Html | false {
  return (
    applicationId !== undefined &&
    html`<p><a class="button" href="${serverInvite(applicationId)}">${say(locale, "page.add-to-discord")}</a></p>`
  );
}

function footer(frame: PageFrame, head: PageHead, locale: string): Html {
  const { base, pages } = frame;
  const link = (url: string | undefined, text: string) =>
    url !== undefined && html`<li><a href="${url}">${text}</a></li>`;
  return html`<footer>
<p>${say(locale, "page.footer")}</p>
<nav aria-label="${say(locale, "page.footer.links")}"><ul><li><a href="${pageLink(frame, "/")}">${say(locale, "page.ask-again")}</a></li>${link(pages.privacyUrl, say(locale, "about.privacy"))}${link(pages.termsUrl, say(locale, "about.terms"))}<li><a href="${base}/api/v1/openapi.json">${say(locale, "page.api")}</a></li></ul></nav>
${languageChoice(frame, head, locale)}
</footer>`;
}

/** Links to the same page in each language, under the language's own name. */
function languageChoice({ base }: PageFrame, head: PageHead, locale: string): Html {
  const path = head.path ?? head.typedPath ?? "/";
  const current = languageOf(locale);
  const choice = ({ code, name }: OfferedLanguage) =>
    code === current
      ? html`<span aria-current="true">${name}</span>`
      : html`<a href="${base}${inLanguage(path, code)}" hreflang="${code}" lang="${code}">${name}</a>`;
  return html`<nav aria-label="${say(locale, "page.footer.languages")}"><ul>${offeredLanguages().map((language) => html`<li>${choice(language)}</li>`)}</ul></nav>`;
}
