import { randomBytes } from "node:crypto";
import { type APIInteractionResponse, MessageFlags } from "discord-api-types/v10";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { compress } from "hono/compress";
import { etag } from "hono/etag";
import { streamSSE } from "hono/streaming";
import { z } from "zod";
import type { Command } from "../discord/command.ts";
import { readInteraction } from "../discord/interaction.ts";
import { commandsJson } from "../discord/register.ts";
import type { Log } from "../process/log.ts";
import type { WebEnvironment } from "../web/listen.ts";
import { onlyOwnPage, PLAYGROUND_HEADERS } from "./guard.ts";
import { BOT, GUILD_NAME, MEMBERS, PAGE_CHANNELS, PAGE_ROLES } from "./guild.ts";
import { discordInteraction, SentInteraction } from "./interaction.ts";
import type { PlaygroundMarkets } from "./markets.ts";
import type { NextId, PlaygroundMessages } from "./messages.ts";
import type { PageAssets } from "./page/assets.ts";
import { pageHtml } from "./page/page.ts";
import type { MarketState, PageEvent, PageFacts } from "./page/protocol.ts";
import { playgroundResponder } from "./responder.ts";

/** Options of {@link createPlaygroundApp}. */
export type PlaygroundAppOptions = {
  readonly commands: readonly Command[];
  readonly markets: PlaygroundMarkets;
  readonly messages: PlaygroundMessages;
  readonly nextId: NextId;
  readonly assets: PageAssets;
  /** What the server listens on: the one foreign name that it answers to. */
  readonly host: string;
  readonly log: Log;
};

/** Discord gives an app three seconds to say anything at all. */
const DISCORD_WAITS_MS = 3_000;

/** Proxies and browsers drop a connection that is silent for long. */
const HEARTBEAT_MS = 20_000;

const MAX_BODY_BYTES = 64 * 1024;

const Choice = z.object({ market: z.enum(["real", "demo"]) });

/** The playground's web application: one page, and the transport between it and dispatch. */
export function createPlaygroundApp(options: PlaygroundAppOptions): Hono<WebEnvironment> {
  const { commands, markets, messages, nextId, assets, host, log } = options;
  const token = randomBytes(24).toString("base64url");
  /** By message: which market its answer came from, so that its buttons ask there again. */
  const answeredBy = new Map<string, MarketState["market"]>();
  /** The same by interaction, while it is being answered. */
  const running = new Map<string, MarketState["market"]>();
  const app = new Hono<WebEnvironment>();

  const facts = (): PageFacts => ({
    token,
    guildName: GUILD_NAME,
    bot: BOT,
    members: MEMBERS,
    channels: PAGE_CHANNELS,
    roles: PAGE_ROLES,
    commands: commandsJson(commands),
    state: markets.state(),
  });

  messages.watch((change) => {
    if (change.kind === "gone") answeredBy.delete(change.id);
    else if (!answeredBy.has(change.message.id)) {
      const asked = change.message.interaction_metadata?.id ?? "";
      answeredBy.set(change.message.id, running.get(asked) ?? markets.state().market);
    }
  });

  app.use(async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(PLAYGROUND_HEADERS))
      context.res.headers.set(name, value);
  });
  app.use(onlyOwnPage({ host, token }));
  app.onError((error, context) => {
    log.error({ err: error }, "the playground's page could not be served");
    return context.text("Something went wrong in the playground. Its log says what.", 500);
  });
  app.notFound((context) => context.text("There is nothing here.", 404));

  app.get("/", compress(), (context) => {
    context.header("cache-control", "no-store");
    return context.html(pageHtml(facts(), assets));
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
    return streamSSE(context, async (stream) => {
      const tell = (event: PageEvent) => void stream.writeSSE({ data: JSON.stringify(event) });
      tell({
        kind: "snapshot",
        run: token.slice(0, 8),
        messages: messages.all(),
        state: markets.state(),
      });
      const unwatch = [
        messages.watch(tell),
        markets.watch(() => tell({ kind: "market", state: markets.state() })),
      ];
      const heartbeat = setInterval(() => void stream.write(": still here\n\n"), HEARTBEAT_MS);
      await new Promise<void>((resolve) => stream.onAbort(resolve));
      clearInterval(heartbeat);
      for (const stop of unwatch) stop();
    });
  });

  app.post("/interactions", bodyLimit({ maxSize: MAX_BODY_BYTES }), async (context) => {
    const sent = SentInteraction.safeParse(await bodyOf(context.req));
    if (!sent.success)
      return context.text("The page sent something that Discord would not send.", 400);
    const message = "message_id" in sent.data ? messages.find(sent.data.message_id) : undefined;
    if ("message_id" in sent.data && message === undefined)
      return context.text("That message is gone.", 404);
    const id = nextId();
    const received = readInteraction(discordInteraction(sent.data, id, message), commands);
    if (received === undefined)
      return context.text("The page sent something that Discord would not send.", 400);
    const { call } = received;

    const user = MEMBERS.find((member) => member.id === call.userId) ?? BOT;
    const market =
      (message === undefined ? undefined : answeredBy.get(message.id)) ?? markets.state().market;
    const frame = {
      channel_id: sent.data.channel_id,
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
    running.set(id, market);
    const first = await new Promise<APIInteractionResponse | undefined>((resolve) => {
      const timer = setTimeout(() => resolve(undefined), DISCORD_WAITS_MS);
      const responder = playgroundResponder(
        messages,
        { frame, ...(message !== undefined && { componentMessageId: message.id }) },
        (response) => {
          clearTimeout(timer);
          resolve(response);
        },
      );
      void markets
        .dispatch(market)
        .handle(call, responder)
        .finally(() => running.delete(id));
    });
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

  app.post("/market", bodyLimit({ maxSize: MAX_BODY_BYTES }), async (context) => {
    const chosen = Choice.safeParse(await bodyOf(context.req));
    if (!chosen.success) return context.text("The market is real or demo.", 400);
    markets.choose(chosen.data.market);
    return context.json(markets.state());
  });

  return app;
}

/** The JSON of a body; undefined when it is none. */
async function bodyOf(request: { json(): Promise<unknown> }): Promise<unknown> {
  try {
    return await request.json();
  } catch {
    return undefined;
  }
}
