import { createHash } from "node:crypto";
import { type Context, Hono } from "hono";
import { ENGLISH, say } from "../../messages/say.ts";
import { pictureSubject } from "../../pictures/answer-subject.ts";
import { createConcurrencyLimit } from "../../process/concurrency-limit.ts";
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
import { inLanguage, type PageLanguage } from "./page-language.ts";
import { readQuestion } from "./page-question.ts";
import type { PageServices } from "./page-services.ts";
import { readPictureAddress } from "./picture-address.ts";
import type { SiteKey } from "./site-key.ts";

/**
 * New pictures: one takes about 30 ms of a processor (measured 2026-11), so all visitors together
 * take an eighth of one. Those that are there already cost nothing, and are not counted.
 */
const DRAWING_LIMITS: AddressLimits = {
  address: { calls: 20, windowSeconds: 60 },
  site: { calls: 60, windowSeconds: 60 },
  total: { calls: 240, windowSeconds: 60 },
};

/** Options of {@link pictureRoute}. */
export type PictureRouteOptions = {
  readonly services: PageServices;
  readonly key: SiteKey;
  readonly limit: AddressLimitOptions;
  /** The language of refusals for addresses that name none. */
  languageOf(context: Context<WebEnvironment>): PageLanguage;
  /** The pages' own address. */
  origin(): string;
};

/**
 * `GET /c/:coin/picture.png`: the picture of an answer at an address that a page has signed. Other
 * addresses get 403, those of an earlier close 410, and neither costs a drawing.
 */
export function pictureRoute(options: PictureRouteOptions): Hono<WebEnvironment> {
  const { services, key, origin, languageOf } = options;
  const { coins, pictures, log, now } = services;
  const limiter = createAddressLimiter({
    ...options.limit,
    what: "drawing",
    limits: DRAWING_LIMITS,
  });
  // One new picture at a time: whoever asks in Discord waits for one of these at most.
  const oneAtATime = createConcurrencyLimit(1);
  const app = new Hono<WebEnvironment>();

  app.get("/c/:coin/picture.png", async (context) => {
    const asked = readPictureAddress(context.req.param("coin"), context.req.query(), key);
    if (asked === undefined)
      return sorry(403, say(languageOf(context).locale, "picture-address.unsigned"));
    const locale = asked.lang ?? ENGLISH;
    const read = readQuestion(asked, services, locale);
    if (!read.ok) return sorry(403, say(locale, "picture-address.unsigned"));
    const outcome = await answerQuestion(read.question, services, { priority: "anonymous" });
    if (!outcome.ok) return failed(statusOf(outcome.refusal), locale);
    const { answer } = outcome;
    if (answer.valuation.lastRecordedOn !== asked.on)
      return sorry(
        410,
        say(locale, "picture-address.outdated", {
          url: `${origin()}${inLanguage(pagePath(answer, coins), asked.lang)}`,
        }),
      );
    const etag = tagOf(answer, context.req.query("s") ?? "");
    const headers = {
      etag,
      "cache-control": `public, max-age=${lifeSeconds(answer, now())}`,
      "cross-origin-resource-policy": "cross-origin",
      ...(answer.valuation.flags.includes("demo") && { "x-robots-tag": "noindex" }),
    };
    if (isSame(context.req.header("if-none-match"), etag))
      return new Response(null, { status: 304, headers });
    const withType = { ...headers, "content-type": "image/png" };
    if (context.req.method === "HEAD") return new Response(null, { headers: withType });
    const subject = pictureSubject(answer, locale);
    const isNew = !pictures.hasAnswer(subject);
    if (isNew) {
      const limited = await limiter(visitorOf(context));
      if (!limited.ok) return tooMany(limited, locale);
    }
    const release = isNew ? await oneAtATime.acquire() : undefined;
    try {
      const { png } = await pictures.answer(subject);
      return new Response(Buffer.from(png), { headers: withType });
    } catch (error) {
      const { coinId } = answer.coin;
      log.error({ err: error, coinId }, "A web page's picture could not be made");
      return failed(503, locale);
    } finally {
      release?.();
    }
  });
  return app;
}

/** Changes whenever the picture does, and is known without drawing it. */
function tagOf({ history, currency, valuation }: LamboAnswer, signature: string): string {
  const told = [signature, history.asOf, currency.perUsd, valuation.proceedsUsd];
  return `"${createHash("sha1").update(JSON.stringify(told)).digest("base64url")}"`;
}

function failed(status: number, locale: string): Response {
  return sorry(status, say(locale, "picture-address.failed"), retryHeaders(status));
}

function tooMany(
  { seconds, headers }: Extract<Limited, { readonly ok: false }>,
  locale: string,
): Response {
  const text = say(locale, "picture-address.too-many", { seconds, text: String(seconds) });
  return sorry(429, text, headers);
}

function sorry(
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(`${text}\n`, {
    status,
    headers: {
      "content-type": "text/plain; charset=utf-8",
      "cache-control": "no-store",
      ...headers,
    },
  });
}
