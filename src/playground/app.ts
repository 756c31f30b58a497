import { randomBytes } from "node:crypto";
import { Hono } from "hono";
import type { Command } from "../discord/command.ts";
import { localizedCommands } from "../discord/command-localizations.ts";
import { say } from "../messages/say.ts";
import type { Log } from "../process/log.ts";
import type { WebEnvironment } from "../web/listen.ts";
import { createExample, type ExampleCommand } from "./example.ts";
import { onlyOwnPage, PLAYGROUND_HEADERS } from "./guard.ts";
import { PlaygroundInteractions } from "./interactions.ts";
import type { PlaygroundMarkets } from "./markets.ts";
import type { NextId, PlaygroundMessages } from "./messages.ts";
import type { PageAssets } from "./page/assets.ts";
import { pageFacts } from "./page-facts.ts";
import { pageRoutes } from "./page-routes.ts";
import { visitorLocale } from "./visitor-language.ts";
import { visitorRoutes } from "./visitor-routes.ts";

/** Options of {@link createPlaygroundApp}. */
export type PlaygroundAppOptions = {
  readonly commands: readonly Command[];
  readonly markets: PlaygroundMarkets;
  readonly messages: PlaygroundMessages;
  readonly nextId: NextId;
  readonly assets: PageAssets;
  /** What the first visitor finds answered; nothing when absent. */
  readonly example?: ExampleCommand;
  /**
   * The host that the server listens on: the only name other than this computer's own that it
   * accepts.
   */
  readonly host: string;
  readonly log: Log;
};

/** The playground's web application: one page, and the transport between it and dispatch. */
export function createPlaygroundApp(options: PlaygroundAppOptions): Hono<WebEnvironment> {
  const { commands, markets, messages, nextId, assets, example, host, log } = options;
  const token = randomBytes(24).toString("base64url");
  const run = token.slice(0, 8);
  const factsIn = (locale: string) => {
    // All languages, with their catalogues, would make the first page 8 % dearer.
    const { commands: localized } = localizedCommands(commands, [locale]);
    return pageFacts({ token, run, commands: localized, markets }, locale);
  };
  const interactions = new PlaygroundInteractions({ commands, markets, messages, nextId });
  const showExample =
    example === undefined
      ? async () => {}
      : createExample({ command: example, interactions, markets, messages });
  const app = new Hono<WebEnvironment>();
  app.use(async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(PLAYGROUND_HEADERS))
      context.res.headers.set(name, value);
  });
  app.use(onlyOwnPage({ host, token }));
  app.onError((error, context) => {
    log.error({ err: error }, "the playground's page could not be served");
    return context.text(say(visitorLocale(context), "playground.failed"), 500);
  });
  app.notFound((context) => context.text(say(visitorLocale(context), "page.not-found"), 404));
  app.route("/", pageRoutes({ markets, messages, assets, factsIn, run, onVisit: showExample }));
  app.route("/", visitorRoutes({ interactions, markets, messages }));
  return app;
}
