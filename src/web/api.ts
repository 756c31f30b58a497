import { Hono } from "hono";
import { cors } from "hono/cors";
import { type AddressLimitOptions, limitByAddress } from "./address-limit.ts";
import { type ApiServices, JSON_HEADERS } from "./answer-response.ts";
import type { WebEnvironment } from "./listen.ts";
import { openApi } from "./open-api.ts";
import { processRequestRoute } from "./process-request-route.ts";
import { valuationRoute } from "./valuation-route.ts";

/** Options of {@link apiRoutes}. */
export type ApiOptions = {
  readonly services: ApiServices;
  /** Web origins whose pages may read responses. */
  readonly corsOrigins: readonly string[];
  /** The address that visitors know this installation by, if it has one. */
  readonly publicUrl?: string | undefined;
  readonly limit: AddressLimitOptions;
};

const EXPOSED = ["ETag", "Link", "RateLimit", "RateLimit-Policy", "Retry-After"];

/** The JSON API under `/api/v1`: two routes, and the OpenAPI document that describes them. */
export function apiRoutes({
  services,
  corsOrigins,
  publicUrl,
  limit,
}: ApiOptions): Hono<WebEnvironment> {
  const app = new Hono<WebEnvironment>();
  if (corsOrigins.length > 0)
    app.use(
      "/api/*",
      cors({ origin: [...corsOrigins], allowMethods: ["GET"], exposeHeaders: EXPOSED }),
    );
  app.use("/api/*", limitByAddress(limit));
  const description = JSON.stringify(openApi(publicUrl));
  app.get("/api/v1/openapi.json", () => new Response(description, { headers: JSON_HEADERS }));
  app.route("/", valuationRoute(services));
  app.route("/", processRequestRoute(services));
  return app;
}
