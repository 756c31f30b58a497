import { type APIInteractionResponse, MessageFlags } from "discord-api-types/v10";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { z } from "zod";
import type { Call } from "../discord/call.ts";
import type { Command } from "../discord/command.ts";
import { readInteraction } from "../discord/interaction.ts";
import type { WebEnvironment } from "../web/listen.ts";
import { BOT, MEMBERS } from "./guild.ts";
import { discordInteraction, SentInteraction } from "./interaction.ts";
import type { PlaygroundMarkets } from "./markets.ts";
import { MessageMarkets } from "./message-markets.ts";
import type { MessageFrame, NextId, PlaygroundMessages } from "./messages.ts";
import type { PageMessage } from "./page/protocol.ts";
import { type AnsweredInteraction, playgroundResponder } from "./responder.ts";

/** Options of {@link visitorRoutes}. */
export type VisitorRoutesOptions = {
  readonly commands: readonly Command[];
  readonly markets: PlaygroundMarkets;
  readonly messages: PlaygroundMessages;
  readonly nextId: NextId;
};

/** Discord gives an app three seconds for its first response. */
const DISCORD_WAITS_MS = 3_000;

const MAX_BODY_BYTES = 64 * 1024;

const UNLIKE_DISCORD = "The page sent something that Discord would not send.";

const MarketChoice = z.object({ market: z.enum(["real", "demo"]) });

/** What a visitor does on the page: commands, buttons, dismissals, the choice of the market. */
export function visitorRoutes(options: VisitorRoutesOptions): Hono<WebEnvironment> {
  const { commands, markets, messages, nextId } = options;
  const messageMarkets = new MessageMarkets(messages, () => markets.state().market);
  const limit = bodyLimit({ maxSize: MAX_BODY_BYTES });
  const app = new Hono<WebEnvironment>();

  app.post("/interactions", limit, async (context) => {
    const sent = SentInteraction.safeParse(await jsonOf(context.req));
    if (!sent.success) return context.text(UNLIKE_DISCORD, 400);
    const messageId = "message_id" in sent.data ? sent.data.message_id : undefined;
    const message = messageId === undefined ? undefined : messages.find(messageId);
    if (messageId !== undefined && message === undefined)
      return context.text("That message is gone.", 404);
    const id = nextId();
    const received = readInteraction(discordInteraction(sent.data, id, message), commands);
    if (received === undefined) return context.text(UNLIKE_DISCORD, 400);

    const interaction = {
      frame: frameOf(received.call, { id, channelId: sent.data.channel_id, message }),
      ...(message !== undefined && { componentMessageId: message.id }),
    };
    const first = await firstResponse(received.call, id, interaction);
    return first === undefined
      ? context.text("The application did not respond", 504)
      : context.json(first);
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

  /** Runs an interaction; its first response, or undefined when Discord would not wait for it. */
  function firstResponse(
    call: Call,
    id: string,
    interaction: AnsweredInteraction,
  ): Promise<APIInteractionResponse | undefined> {
    const market = messageMarkets.marketFor(interaction.componentMessageId);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), DISCORD_WAITS_MS);
      const responder = playgroundResponder(messages, interaction, (response) => {
        clearTimeout(timer);
        resolve(response);
      });
      void messageMarkets.during(id, market, () =>
        markets.dispatch(market).handle(call, responder),
      );
    });
  }
}

type Origin = {
  readonly id: string;
  readonly channelId: string;
  /** The message whose button or menu was used. */
  readonly message: PageMessage | undefined;
};

/** Everything about a new reply except what it says. */
function frameOf(call: Call, { id, channelId, message }: Origin): MessageFrame {
  const user = MEMBERS.find((member) => member.id === call.userId) ?? BOT;
  return {
    channel_id: channelId,
    author: BOT,
    flags: 0,
    interaction_metadata: {
      id,
      user: { id: user.id, name: user.name },
      ...(call.kind === "command" && {
        name: [call.commandName, call.subcommandName]
          .filter((part) => part !== undefined)
          .join(" "),
      }),
    },
    ...(message !== undefined && { message_reference: { message_id: message.id } }),
  };
}

/** The JSON of a request's body; undefined when it is not JSON. */
async function jsonOf(request: { json(): Promise<unknown> }): Promise<unknown> {
  try {
    return await request.json();
  } catch {
    return undefined;
  }
}
