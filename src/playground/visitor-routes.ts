import { MessageFlags } from "discord-api-types/v10";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { z } from "zod";
import type { WebEnvironment } from "../web/listen.ts";
import { MEMBERS } from "./guild.ts";
import { SentInteraction, SentText } from "./interaction.ts";
import type { PlaygroundInteractions } from "./interactions.ts";
import type { PlaygroundMarkets } from "./markets.ts";
import type { PlaygroundMessages } from "./messages.ts";

/** Options of {@link visitorRoutes}. */
export type VisitorRoutesOptions = {
  readonly interactions: PlaygroundInteractions;
  readonly markets: PlaygroundMarkets;
  readonly messages: PlaygroundMessages;
};

const MAX_BODY_BYTES = 64 * 1024;

const UNLIKE_DISCORD = "The page sent something that Discord would not send.";

const MarketChoice = z.object({ market: z.enum(["real", "demo"]) });

/** What a visitor does on the page: commands, buttons, texts, dismissals, choosing the market. */
export function visitorRoutes(options: VisitorRoutesOptions): Hono<WebEnvironment> {
  const { interactions, markets, messages } = options;
  const limit = bodyLimit({ maxSize: MAX_BODY_BYTES });
  const app = new Hono<WebEnvironment>();

  app.post("/interactions", limit, async (context) => {
    const sent = SentInteraction.safeParse(await jsonOf(context.req));
    if (!sent.success) return context.text(UNLIKE_DISCORD, 400);
    const running = interactions.run(sent.data);
    if (!running.ok) {
      return running.reason === "message-gone"
        ? context.text("That message is gone.", 404)
        : context.text(UNLIKE_DISCORD, 400);
    }
    const first = await running.first;
    return first === undefined
      ? context.text("The application did not respond", 504)
      : context.json(first);
  });

  app.post("/messages", limit, async (context) => {
    const sent = SentText.safeParse(await jsonOf(context.req));
    const author = MEMBERS.find(({ id }) => sent.success && id === sent.data.user_id);
    if (!sent.success || author === undefined) return context.text(UNLIKE_DISCORD, 400);
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
      return context.text("Only private messages can be dismissed.", 404);
    messages.remove(message.id);
    return context.body(null, 204);
  });

  app.post("/market", limit, async (context) => {
    const choice = MarketChoice.safeParse(await jsonOf(context.req));
    if (!choice.success) return context.text("The market is real or demo.", 400);
    markets.choose(choice.data.market);
    return context.json(markets.state());
  });

  return app;
}

/** The JSON of a request's body; undefined when it is not JSON. */
async function jsonOf(request: { json(): Promise<unknown> }): Promise<unknown> {
  try {
    return await request.json();
  } catch {
    return undefined;
  }
}
