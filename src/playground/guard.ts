import { timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import type { MiddlewareHandler } from "hono";
import { say } from "../messages/say.ts";
import type { WebEnvironment } from "../web/listen.ts";
import { visitorLocale } from "./visitor-language.ts";

/**
 * Headers of every response: the page loads nothing from other sites, runs no inline script, and
 * cannot be framed.
 */
export const PLAYGROUND_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; "),
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** The header that carries the page's token. */
export const TOKEN_HEADER = "x-playground-token";

/**
 * Lets only the playground's own page through. A foreign name in `Host` means another site's domain
 * pointed at this computer (DNS rebinding); a foreign `Origin` or `Sec-Fetch-Site` means another
 * site's page; and a request that changes anything must carry the token that only our page knows.
 */
export function onlyOwnPage({
  host,
  token,
}: {
  readonly host: string;
  readonly token: string;
}): MiddlewareHandler<WebEnvironment> {
  return async (context, next) => {
    const { req } = context;
    const locale = visitorLocale(context);
    const requestedHost = req.header("host") ?? "";
    if (!isOwnHost(requestedHost, host))
      return context.text(say(locale, "playground.foreign-name", { host: requestedHost }), 403);
    const site = req.header("sec-fetch-site");
    // A link on another site may open the page: that site can neither read nor frame it.
    const isOpening =
      req.method === "GET" && req.path === "/" && req.header("sec-fetch-dest") === "document";
    const isOwn = site === undefined || site === "same-origin" || site === "none" || isOpening;
    const origin = req.header("origin");
    if (!isOwn || (origin !== undefined && !isOriginOf(origin, requestedHost)))
      return context.text(say(locale, "playground.foreign-page"), 403);
    if (
      req.method !== "GET" &&
      req.method !== "HEAD" &&
      (origin === undefined || !isSame(req.header(TOKEN_HEADER) ?? "", token))
    ) {
      return context.text(say(locale, "playground.outdated-page"), 403);
    }
    return next();
  };
}

// DNS rebinding needs a domain name, so an IP address in `Host` is safe.
function isOwnHost(requestedHost: string, configured: string): boolean {
  if (!URL.canParse(`http://${requestedHost}`)) return false;
  const { hostname } = new URL(`http://${requestedHost}`);
  const name = hostname.replace(/^\[|\]$/g, "");
  if (name === "localhost" || name === configured.toLowerCase()) return true;
  return isIP(name) !== 0 && (isLoopback(name) || !isLoopback(configured));
}

/** Whether only this computer can reach the address or name. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function isOriginOf(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === new URL(`http://${host}`).host;
}

function isSame(given: string, token: string): boolean {
  const [actual, expected] = [Buffer.from(given), Buffer.from(token)];
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}
