import { randomUUID } from "node:crypto";
import { type Context, Hono } from "hono";
import { say } from "../../messages/say.ts";
import { comparable } from "../../prices/coins/coin.ts";
import { answerQuestion, type LamboAnswer } from "../../questions/answer.ts";
import { pagePath } from "../../questions/page-address.ts";
import {
  type AddressLimitOptions,
  type AddressLimits,
  createAddressLimiter,
  type Limited,
  visitorOf,
} from "../address-limit.ts";
import { isSame, lifeSeconds, retryHeaders, statusOf } from "../answer-response.ts";
import type { WebEnvironment } from "../listen.ts";
import { answerPage } from "./answer-page.ts";
import { FOR_AN_HOUR, filesRoute } from "./files-route.ts";
import { type PageFrame, pageLink } from "./frame.ts";
import { homePage, noticePage, refusalPage } from "./other-pages.ts";
import { PageCache, type WrittenPage, written } from "./page-cache.ts";
import { safeHeaders } from "./page-headers.ts";
import { createPageLanguage, type PageLanguage } from "./page-language.ts";
import {
  isAddressProblem,
  isElsewhere,
  isReadWithCare,
  type PageRefusal,
  readQuestion,
  type TypedQuestion,
  typedQuestion,
} from "./page-question.ts";
import type { PageServices } from "./page-services.ts";
import { picturePath } from "./picture-address.ts";
import { pictureRoute } from "./picture-route.ts";
import type { SiteKey } from "./site-key.ts";

/** Options of {@link webPages}. */
export type WebPagesOptions = {
  readonly services: PageServices;
  readonly key: SiteKey;
  readonly limit: AddressLimitOptions;
  readonly isDemo: boolean;
  /** The address of the pages, without a slash at its end. */
  publicUrl(): string;
  /** The application that *Add to Discord* adds; undefined where there is none. */
  applicationId(): string | undefined;
};

/** The web pages' routes, and the page for a browser that asks for something else. */
export type Pages = {
  readonly routes: Hono<WebEnvironment>;
  /** The response to an address without a page. */
  notFound(context: Context<WebEnvironment>): Response;
};

/** Pages of one address; a person who tries every menu stays far below it. */
const PAGE_LIMITS: AddressLimits = {
  address: { calls: 120, windowSeconds: 60 },
  site: { calls: 1_200, windowSeconds: 60 },
  total: { calls: 120_000, windowSeconds: 60 },
};

const HTML = "text/html; charset=utf-8";
const NO_STORE = { "cache-control": "no-store" };
const LARGEST = 30;

/** `/`, `/c/:coin` and what they need: the answers as pages, without Discord. */
export function webPages(options: WebPagesOptions): Pages {
  const { services, key, limit, isDemo } = options;
  const { coins, now, log } = services;
  const limiter = createAddressLimiter({ ...limit, what: "pages", limits: PAGE_LIMITS });
  const cache = new PageCache();
  const language = createPageLanguage();
  const languageOf = ({ req }: Context<WebEnvironment>) =>
    language({ lang: req.query("lang"), acceptLanguage: req.header("accept-language") });
  const frameIn = createFrame(options);
  const frameOf = (context: Context<WebEnvironment>) => frameIn(languageOf(context));
  const app = new Hono<WebEnvironment>();

  app.use(async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(safeHeaders(options.publicUrl())))
      context.res.headers.set(name, value);
  });
  app.onError((error, context) => {
    const incident = randomUUID();
    log.error({ incident, err: error }, "A web page failed in a way nobody expected");
    const { locale } = languageOf(context);
    const text = say(locale, "page.failed.text", { incident });
    return notice(context, 500, say(locale, "page.failed"), text);
  });

  app.get("/", async (context) => {
    const limited = await limiter(visitorOf(context));
    if (!limited.ok) return tooMany(context, limited);
    const { locale } = languageOf(context);
    const largest = coins.suggest("", LARGEST).map(({ coin }) => coin);
    const page = written(homePage(frameOf(context), largest, coins, locale));
    return respond(context, page, { "cache-control": FOR_AN_HOUR, ...noIndex(isDemo) });
  });
  app.get("/c", (context) => ask(context, context.req.query("coin") ?? "", true));
  app.get("/c/:coin", (context) => {
    if (isWellFormed(context.req.url)) return ask(context, context.req.param("coin"), false);
    const { locale } = languageOf(context);
    const text = say(locale, "page.unreadable-address.text");
    return notice(context, 400, say(locale, "page.unreadable-address"), text);
  });
  app.route("/", filesRoute({ coins, frameOf, notFound }));
  app.route("/", pictureRoute({ services, key, limit, languageOf, origin: options.publicUrl }));
  return { routes: app, notFound };

  async function ask(
    context: Context<WebEnvironment>,
    coin: string,
    isForm: boolean,
  ): Promise<Response> {
    const limited = await limiter(visitorOf(context));
    if (!limited.ok) return tooMany(context, limited);
    const { locale } = languageOf(context);
    const frame = frameOf(context);
    const typed = typedQuestion(coin, context.req.query());
    const read = readQuestion(typed, services, locale);
    if (!read.ok) return refused(context, read.refusal, typed);
    const outcome = await answerQuestion(read.question, services, { priority: "anonymous" });
    if (!outcome.ok) return refused(context, outcome.refusal, typed);
    const { answer } = outcome;
    // How the words were read is said on the page of those words, and on no other.
    if (!isReadWithCare(answer) && (isForm || isElsewhere(typed, answer, coins)))
      return new Response(null, {
        status: 302,
        headers: { location: pageLink(frame, pagePath(answer, coins)), ...NO_STORE },
      });
    return respond(context, pageOf(answer, typed, frame, locale), {
      "cache-control": `public, max-age=${lifeSeconds(answer, now())}`,
      ...noIndex(answer.valuation.flags.includes("demo")),
    });
  }

  function pageOf(
    answer: LamboAnswer,
    typed: TypedQuestion,
    frame: PageFrame,
    locale: string,
  ): WrittenPage {
    const at = { frame, now: now(), locale };
    const path = pagePath(answer, coins);
    const write = (asTyped: TypedQuestion) =>
      answerPage(
        answer,
        {
          ...{ frame, now: at.now, coins, typed: asTyped },
          picturePath: picturePath(answer, coins, key, locale),
        },
        locale,
      );
    // What was typed is on the page, and no other visitor's.
    if (isReadWithCare(answer)) return written(write(typed));
    return cache.page(path, answer, at, () => write(plainlyTyped(path)));
  }

  function refused(
    context: Context<WebEnvironment>,
    refusal: PageRefusal,
    typed: TypedQuestion,
  ): Response {
    const isNothing = refusal.reason === "unknown-coin" && comparable(refusal.text) === "";
    const status = isNothing || isAddressProblem(refusal) ? 400 : statusOf(refusal);
    const at = { frame: frameOf(context), coins, typed };
    return sorry(
      status,
      refusalPage(refusal, at, languageOf(context).locale),
      retryHeaders(status),
    );
  }

  function notice(
    context: Context<WebEnvironment>,
    status: number,
    heading: string,
    sentence: string,
    headers = {},
  ): Response {
    const page = noticePage(frameOf(context), heading, sentence, languageOf(context).locale);
    return sorry(status, page, headers);
  }

  function notFound(context: Context<WebEnvironment>): Response {
    const { locale } = languageOf(context);
    const text = say(locale, "page.not-found.text");
    return notice(context, 404, say(locale, "page.not-found"), text);
  }

  function tooMany(
    context: Context<WebEnvironment>,
    { seconds, headers }: Extract<Limited, { readonly ok: false }>,
  ): Response {
    const { locale } = languageOf(context);
    const sentence = say(locale, "page.too-many.text", { seconds, text: String(seconds) });
    return notice(context, 429, say(locale, "page.too-many"), sentence, headers);
  }
}

/** Makes the frame of all pages in a language: the same object until something in it changes. */
function createFrame({
  services,
  isDemo,
  publicUrl,
  applicationId,
}: WebPagesOptions): (language: PageLanguage) => PageFrame {
  const frames = new Map<string | undefined, PageFrame>();
  return ({ lang }) => {
    const [url, id] = [publicUrl(), applicationId()];
    const known = frames.get(lang);
    if (known?.origin === url && known.applicationId === id) return known;
    const base = new URL(url).pathname.replace(/\/$/, "");
    const frame = { origin: url, base, applicationId: id, pages: services.pages, isDemo, lang };
    frames.set(lang, frame);
    return frame;
  };
}

/** What stands in the form of a page whose address says it all. */
function plainlyTyped(path: string): TypedQuestion {
  const { pathname, searchParams } = new URL(path, "http://localhost");
  return typedQuestion(
    decodeURIComponent(pathname.slice("/c/".length)),
    Object.fromEntries(searchParams),
  );
}

const noIndex = (isHidden: boolean) => (isHidden ? { "x-robots-tag": "noindex" } : {});

/** A page without an answer: nobody keeps it. */
function sorry(status: number, page: string, headers: Readonly<Record<string, string>>): Response {
  return new Response(page, {
    status,
    headers: {
      ...{ "content-type": HTML, vary: "accept-language" },
      ...{ ...NO_STORE, ...noIndex(true), ...headers },
    },
  });
}

function respond(
  context: Context<WebEnvironment>,
  { plain, gzip, etag }: WrittenPage,
  headers: Readonly<Record<string, string>>,
): Response {
  const all = { ...headers, etag, vary: "accept-encoding, accept-language" };
  if (isSame(context.req.header("if-none-match"), etag.replace(/^W\//, "")))
    return new Response(null, { status: 304, headers: all });
  const isCompressed = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(
    context.req.header("accept-encoding") ?? "",
  );
  return new Response(isCompressed ? gzip : plain, {
    headers: { ...all, "content-type": HTML, ...(isCompressed && { "content-encoding": "gzip" }) },
  });
}

/** Whether every % in an address begins a code of UTF-8. */
function isWellFormed(url: string): boolean {
  try {
    decodeURIComponent(new URL(url).pathname);
    return true;
  } catch {
    return false;
  }
}
