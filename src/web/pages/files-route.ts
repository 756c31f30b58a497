import { type Context, Hono } from "hono";
import type { CoinIndex } from "../../prices/coins/coin-index.ts";
import { pageCoin, pathSegment } from "../../questions/page-address.ts";
import type { WebEnvironment } from "../listen.ts";
import { ASSETS, type PageFrame } from "./frame.ts";

/** Options of {@link filesRoute}. */
export type FilesRouteOptions = {
  readonly coins: Pick<CoinIndex, "known" | "suggest">;
  frameOf(context: Context<WebEnvironment>): PageFrame;
  /** The response to an address without a file. */
  notFound(context: Context<WebEnvironment>): Response;
};

const FOR_GOOD = "public, max-age=31536000, immutable";
/** For what only a new version or a new day changes. */
export const FOR_AN_HOUR = "public, max-age=3600";
const IN_SITEMAP = 100;

/** `/assets/:name`, `/robots.txt` and `/sitemap.xml`: what belongs to the pages, and is none. */
export function filesRoute({ coins, frameOf, notFound }: FilesRouteOptions): Hono<WebEnvironment> {
  const app = new Hono<WebEnvironment>();
  app.get("/assets/:name", (context) => {
    const name = context.req.param("name");
    // A page from before an update asks for what it was made with.
    const [stem] = name.split(".");
    const asset = ASSETS.find(
      (known) => known.name.startsWith(`${stem}.`) && endOf(known.name) === endOf(name),
    );
    if (asset === undefined) return notFound(context);
    return file(asset.text, asset.contentType, asset.name === name ? FOR_GOOD : FOR_AN_HOUR);
  });
  app.get("/robots.txt", (context) =>
    file(robots(frameOf(context)), "text/plain; charset=utf-8", FOR_AN_HOUR),
  );
  app.get("/sitemap.xml", (context) => {
    const frame = frameOf(context);
    if (frame.isDemo) return notFound(context);
    const paths = coins
      .suggest("", IN_SITEMAP)
      .map(({ coin }) => `/c/${pathSegment(pageCoin(coin, coins))}`);
    return file(sitemap(frame, paths), "application/xml; charset=utf-8", FOR_AN_HOUR);
  });
  return app;
}

function file(text: string, contentType: string, cacheControl: string): Response {
  return new Response(text, {
    headers: { "content-type": contentType, "cache-control": cacheControl },
  });
}

const endOf = (name: string) => name.split(".").at(-1);

function robots({ origin, isDemo }: PageFrame): string {
  const lines = ["User-agent: *", "Disallow: /api/", "Disallow: /c?"];
  return [...lines, ...(isDemo ? [] : [`Sitemap: ${origin}/sitemap.xml`]), ""].join("\n");
}

function sitemap({ origin }: PageFrame, paths: readonly string[]): string {
  const urls = ["/", ...paths].map(
    (path) => `<url><loc>${origin}${path.replaceAll("&", "&amp;")}</loc></url>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${urls.join("\n")}\n</urlset>\n`;
}
