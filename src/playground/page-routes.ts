import { Hono } from "hono";
import { compress } from "hono/compress";
import { etag } from "hono/etag";
import { streamSSE } from "hono/streaming";
import type { WebEnvironment } from "../web/listen.ts";
import type { PlaygroundMarkets } from "./markets.ts";
import type { PlaygroundMessages } from "./messages.ts";
import type { PageAssets } from "./page/assets.ts";
import { pageHtml } from "./page/page.ts";
import type { PageEvent, PageFacts } from "./page/protocol.ts";
import { type DiscordLocale, visitorLocale } from "./visitor-language.ts";

/** Options of {@link pageRoutes}. */
export type PageRoutesOptions = {
  readonly markets: Pick<PlaygroundMarkets, "state" | "watch">;
  readonly messages: PlaygroundMessages;
  readonly assets: PageAssets;
  /** The data of the page in the language of a locale. */
  factsIn(locale: string): PageFacts;
  /** The same as in the facts. */
  readonly run: string;
  /** Called with its locale when a page begins to listen to events. */
  onVisit(locale: DiscordLocale): Promise<void>;
};

/** Proxies and browsers drop a connection that is silent for too long. */
const HEARTBEAT_MS = 20_000;

/** What the browser gets: the page, its assets, the messages' files and the stream of events. */
export function pageRoutes(options: PageRoutesOptions): Hono<WebEnvironment> {
  const { markets, messages, assets, factsIn, run, onVisit } = options;
  const app = new Hono<WebEnvironment>();

  app.get("/", compress(), (context) => {
    context.header("cache-control", "no-store");
    return context.html(pageHtml(factsIn(visitorLocale(context)), assets));
  });

  app.get("/assets/:name", compress(), etag(), (context) => {
    const asset = assets.find(({ name }) => name === context.req.param("name"));
    if (asset === undefined) return context.notFound();
    return context.body(asset.text, 200, {
      "content-type": asset.contentType,
      "cache-control": "no-cache",
    });
  });

  app.get("/attachments/:message/:attachment/:name", (context) => {
    const { message, attachment } = context.req.param();
    const file = messages.file(message, attachment);
    const type = messages
      .find(message)
      ?.attachments.find(({ id }) => id === attachment)?.content_type;
    if (file === undefined || type === undefined) return context.notFound();
    return context.body(Uint8Array.from(file.data), 200, {
      "content-type": type,
      "content-disposition": type.startsWith("image/") ? "inline" : "attachment",
      "cache-control": "private, max-age=3600, immutable",
    });
  });

  app.get("/events", (context) => {
    context.header("cache-control", "no-store");
    const locale = visitorLocale(context);
    return streamSSE(context, async (stream) => {
      const send = (event: PageEvent) => void stream.writeSSE({ data: JSON.stringify(event) });
      void onVisit(locale);
      send({ kind: "snapshot", run, messages: messages.all(), state: markets.state(locale) });
      const stopWatching = [
        messages.watch(send),
        markets.watch(() => send({ kind: "market", state: markets.state(locale) })),
      ];
      const heartbeat = setInterval(() => void stream.write(": still here\n\n"), HEARTBEAT_MS);
      await new Promise<void>((resolve) => stream.onAbort(resolve));
      clearInterval(heartbeat);
      for (const stop of stopWatching) stop();
    });
  });

  return app;
}
