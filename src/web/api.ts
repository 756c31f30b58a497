import { Hono, type MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import { type AddressLimitOptions, createAddressLimiter, limitByAddress } from "./address-limit.ts";
import { type ApiServices, JSON_HEADERS } from "./answer-response.ts";
import { compareRoute } from "./compare-route.ts";
import type { DirectRoute } from "./direct-response.ts";
import { createKnownAnswers, createRecall } from "./known-answers.ts";
import type { WebEnvironment } from "./listen.ts";
import { openApi } from "./open-api.ts";
import { ORIGINAL_PATHS, processRequestRoute } from "./process-request-route.ts";
import { valuationRoute } from "./valuation-route.ts";
import { wenRoute } from "./wen-route.ts";

/** Options of {@link apiRoutes}. */
export type ApiOptions = {
  readonly services: ApiServices;
  /** Web origins whose pages may read responses; `*` is every origin. */
  readonly corsOrigins: readonly string[];
  /** The address that visitors know this installation by, if it has one. */
  readonly publicUrl?: string | undefined;
  readonly limit: AddressLimitOptions;
};

const EXPOSED = ["ETag", "Link", "RateLimit", "RateLimit-Policy", "Retry-After"];

/** Where the API is: one of the original's versions was called outside `/api/`. */
const API_PATHS = ["/api/*", ...ORIGINAL_PATHS.filter((path) => !path.startsWith("/api/"))];

/** Whether a path belongs to the JSON API, though there may be nothing at it. */
export function isApiPath(path: string): boolean {
  return path.startsWith("/api/") || ORIGINAL_PATHS.includes(path.replace(/\/$/, ""));
}

/** How long browsers may remember what they may ask; none remembers it for longer. */
const PREFLIGHT_SECONDS = 7_200;

/** Lets pages of these web origins read responses; `*` is every origin. */
function sharedWith(origins: readonly string[]): MiddlewareHandler<WebEnvironment> {
  const isOpen = origins.includes("*");
  return cors({
    origin: isOpen ? "*" : [...origins],
    // Browsers refuse a response to a request with credentials that is open to every origin.
    credentials: !isOpen,
    allowMethods: ["GET", "HEAD"],
    exposeHeaders: EXPOSED,
    maxAge: PREFLIGHT_SECONDS,
  });
}

/** The JSON API. */
export type Api = {
  readonly routes: Hono<WebEnvironment>;
  /** Answers what is known without the routes; absent where responses are shared with pages. */
  readonly recall?: DirectRoute;
};

/** The JSON API under `/api/v1`: its routes, and the OpenAPI document that describes them. */
export function createApi({ services, corsOrigins, publicUrl, limit }: ApiOptions): Api {
  const app = new Hono<WebEnvironment>();
  const limiter = createAddressLimiter(limit);
  const limited = limitByAddress(limiter);
  const isShared = corsOrigins.length > 0;
  const known = createKnownAnswers();
  for (const path of API_PATHS) {
    if (isShared) app.use(path, sharedWith(corsOrigins));
    app.use(path, limited);
  }
  const description = JSON.stringify(openApi(publicUrl));
  app.get("/api/v1/openapi.json", () => new Response(description, { headers: JSON_HEADERS }));
  app.route("/", valuationRoute(services));
  app.route("/", wenRoute(services));
  app.route("/", compareRoute(services));
  app.route("/", processRequestRoute(services, { known, isShared }));
  // Hono adds the headers of sharing.
  return isShared
    ? { routes: app }
    : { routes: app, recall: createRecall({ known, limiter, now: services.now }) };
}
