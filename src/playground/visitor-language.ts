import type { Context } from "hono";
import { DISCORD_LOCALES } from "../messages/format.ts";
import { ENGLISH } from "../messages/say.ts";
import type { WebEnvironment } from "../web/listen.ts";
import { createVisitorLocale } from "../web/visitor-locale.ts";

/** One of Discord's locales. */
export type DiscordLocale = (typeof DISCORD_LOCALES)[number];

const choose = createVisitorLocale<DiscordLocale>(() => DISCORD_LOCALES, ENGLISH);

/** The locale of a request's visitor: one of Discord's, as a member's client has one. */
export function visitorLocale({ req }: Context<WebEnvironment>): DiscordLocale {
  return choose({ lang: req.query("lang"), acceptLanguage: req.header("accept-language") }).locale;
}
