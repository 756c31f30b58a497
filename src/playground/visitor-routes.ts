import { MessageFlags } from "discord-api-types/v10";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { z } from "zod";
import { say } from "../messages/say.ts";
import type { WebEnvironment } from "../web/listen.ts";
import { MEMBERS } from "./guild.ts";
import { SentInteraction, SentText } from "./interaction.ts";
import type { PlaygroundInteractions } from "./interactions.ts";
import type { PlaygroundMarkets } from "./markets.ts";
import type { PlaygroundMessages } from "./messages.ts";
import { visitorLocale } from "./visitor-language.ts";

/** Options of {@link visitorRoutes}. */
export type VisitorRoutesOptions = {
  readonly interactions: PlaygroundInteractions;
  readonly markets: PlaygroundMarkets;
  readonly messages: PlaygroundMessages;
};

const MAX_BODY_BYTES = 64 * 1024;

const MarketChoice = z.object({ market: z.enum(["real", "demo"]) });

/** What a visitor does on the page: commands, buttons, texts, dismissals, choosing the market. */
export function visitorRoutes(options: VisitorRoutesOptions): Hono<WebEnvironment> {
  const { interactions, markets, messages } = options;
  const limit = bodyLimit({ maxSize: MAX_BODY_BYTES });
  const app = new Hono<WebEnvironment>();

  app.post("/interactions", limit, async (context) => {
    const sent = SentInteraction.safeParse(await jsonOf(context.req));
    if (!sent.success) return context.text(words(context, "playground.unlike-discord"), 400);
    const running = interactions.run(sent.data);
    if (!running.ok) {
      return running.reason === "message-gone"
        ? context.text(words(context, "playground.message-gone"), 404)
        : context.text(words(context, "playground.unlike-discord"), 400);
    }
    const first = await running.first;
    return first === undefined
      ? context.text(words(context, "playground.no-response"), 504)
      : context.json(first);
  });

  app.post("/messages", limit, async (context) => {
    const sent = SentText.safeParse(await jsonOf(context.req));
    const author = MEMBERS.find(({ id }) => sent.success && id === sent.data.user_id);
    if (!sent.success || author === undefined)
      return context.text(words(context, "playground.unlike-discord"), 400);
    const { channel_id, content } = sent.data;
    const { id, name } = author;
    messages.add(
      { channel_id, author: { id, name }, flags: 0 },
      { content, embeds: [], components: [], files: [] },
    );
    return context.body(null, 204);
  });

  app.post("/dismiss/:message", (context) => {
    const message = messages.find(context.req.param("message"));
    if (message === undefined || (message.flags & MessageFlags.Ephemeral) === 0)
      return context.text(words(context, "playground.not-private"), 404);
    messages.remove(message.id);
    return context.body(null, 204);
  });

  app.post("/market", limit, async (context) => {
    const choice = MarketChoice.safeParse(await jsonOf(context.req));
    if (!choice.success) return context.text(words(context, "playground.unlike-discord"), 400);
    markets.choose(choice.data.market);
    return context.json(markets.state(visitorLocale(context)));
  });

  return app;
}

type Sentence =
  | "playground.unlike-discord"
  | "playground.message-gone"
  | "playground.no-response"
  | "playground.not-private";

/** Why the visitor's request had no effect, in the visitor's language. */
function words(context: Context<WebEnvironment>, key: Sentence): string {
  return say(visitorLocale(context), key);
}

/** The JSON of a request's body; undefined when it is not JSON. */
async function jsonOf(request: { json(): Promise<unknown> }): Promise<unknown> {
  try {
    return await request.json();
  } catch {
    return undefined;
  }
}
