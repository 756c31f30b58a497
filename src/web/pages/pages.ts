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
} from "../address-limit.ts";
import { isSame, lifeSeconds, retryHeaders, statusOf } from "../answer-response.ts";
import type { WebEnvironment } from "../listen.ts";
import { answerPage } from "./answer-page.ts";
import { FOR_AN_HOUR, filesRoute } from "./files-route.ts";
import type { PageFrame } from "./frame.ts";
import { homePage, noticePage, refusalPage } from "./other-pages.ts";
import { PageCache, type WrittenPage, written } from "./page-cache.ts";
import { safeHeaders } from "./page-headers.ts";
import {
  isAddressProblem,
  isElsewhere,
  isReadWithCare,
  PAGE_LOCALE,
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
  notFound(): Response;
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
  const frameOf = createFrame(options);
  const app = new Hono<WebEnvironment>();

  app.use(async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(safeHeaders(options.publicUrl())))
      context.res.headers.set(name, value);
  });
  app.onError((error) => {
    const incident = randomUUID();
    log.error({ incident, err: error }, "A web page failed in a way nobody expected");
    return notice(
      500,
      say(PAGE_LOCALE, "page.failed"),
      say(PAGE_LOCALE, "page.failed.text", { incident }),
    );
  });

  app.get("/", async (context) => {
    const limited = await limiter(context);
    if (!limited.ok) return tooMany(limited);
    const largest = coins.suggest("", LARGEST).map(({ coin }) => coin);
    const page = written(homePage(frameOf(), largest, coins, PAGE_LOCALE));
    return respond(context, page, { "cache-control": FOR_AN_HOUR, ...noIndex(isDemo) });
  });
  app.get("/c", (context) => ask(context, context.req.query("coin") ?? "", true));
  app.get("/c/:coin", (context) =>
    isWellFormed(context.req.url)
      ? ask(context, context.req.param("coin"), false)
      : notice(
          400,
          say(PAGE_LOCALE, "page.unreadable-address"),
          say(PAGE_LOCALE, "page.unreadable-address.text"),
        ),
  );
  app.route("/", filesRoute({ coins, frameOf, notFound }));
  app.route("/", pictureRoute({ services, key, limit, origin: options.publicUrl }));
  return { routes: app, notFound };

  async function ask(
    context: Context<WebEnvironment>,
    coin: string,
    isForm: boolean,
  ): Promise<Response> {
    const limited = await limiter(context);
    if (!limited.ok) return tooMany(limited);
    const typed = typedQuestion(coin, context.req.query());
    const read = readQuestion(typed, services);
    if (!read.ok) return refused(read.refusal, typed);
    const outcome = await answerQuestion(read.question, services, { priority: "anonymous" });
    if (!outcome.ok) return refused(outcome.refusal, typed);
    const { answer } = outcome;
    // How the words were read is said on the page of those words, and on no other.
    if (!isReadWithCare(answer) && (isForm || isElsewhere(typed, answer, coins)))
      return new Response(null, {
        status: 302,
        headers: { location: `${frameOf().base}${pagePath(answer, coins)}`, ...NO_STORE },
      });
    return respond(context, pageOf(answer, typed), {
      "cache-control": `public, max-age=${lifeSeconds(answer, now())}`,
      ...noIndex(answer.valuation.flags.includes("demo")),
    });
  }

  function pageOf(answer: LamboAnswer, typed: TypedQuestion): WrittenPage {
    const at = { frame: frameOf(), now: now() };
    const path = pagePath(answer, coins);
    const write = (asTyped: TypedQuestion) =>
      answerPage(
        answer,
        {
          ...{ ...at, coins, typed: asTyped },
          picturePath: picturePath(answer, coins, key),
        },
        PAGE_LOCALE,
      );
    // What was typed is on the page, and no other visitor's.
    if (isReadWithCare(answer)) return written(write(typed));
    return cache.page(path, answer, at, () => write(plainlyTyped(path)));
  }

  function refused(refusal: PageRefusal, typed: TypedQuestion): Response {
    const isNothing = refusal.reason === "unknown-coin" && comparable(refusal.text) === "";
    const status = isNothing || isAddressProblem(refusal) ? 400 : statusOf(refusal);
    return sorry(
      status,
      refusalPage(refusal, { frame: frameOf(), coins, typed }, PAGE_LOCALE),
      retryHeaders(status),
    );
  }

  function notice(status: number, heading: string, sentence: string, headers = {}): Response {
    return sorry(status, noticePage(frameOf(), heading, sentence, PAGE_LOCALE), headers);
  }

  function notFound(): Response {
    return notice(404, say(PAGE_LOCALE, "page.not-found"), say(PAGE_LOCALE, "page.not-found.text"));
  }

  function tooMany({ seconds, headers }: Extract<Limited, { readonly ok: false }>): Response {
    const sentence = say(PAGE_LOCALE, "page.too-many.text", { seconds, text: String(seconds) });
    return notice(429, say(PAGE_LOCALE, "page.too-many"), sentence, headers);
  }
}

/** Makes the frame of all pages: the same object until something in it changes. */
function createFrame({
  services,
  isDemo,
  publicUrl,
  applicationId,
}: WebPagesOptions): () => PageFrame {
  let frame: PageFrame | undefined;
  return () => {
    const [url, id] = [publicUrl(), applicationId()];
    if (frame?.origin !== url || frame.applicationId !== id) {
      const base = new URL(url).pathname.replace(/\/$/, "");
      frame = { origin: url, base, applicationId: id, pages: services.pages, isDemo };
    }
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
    headers: { "content-type": HTML, ...NO_STORE, ...noIndex(true), ...headers },
  });
}

function respond(
  context: Context<WebEnvironment>,
  { plain, gzip, etag }: WrittenPage,
  headers: Readonly<Record<string, string>>,
): Response {
  const all = { ...headers, etag, vary: "accept-encoding" };
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
