import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  InteractionType,
  MessageFlags,
} from "discord-api-types/v10";
import { ENGLISH } from "../messages/say.ts";
import { MEMBERS, PAGE_CHANNELS } from "./guild.ts";
import type { PlaygroundInteractions } from "./interactions.ts";
import type { PlaygroundMarkets } from "./markets.ts";
import type { PlaygroundMessages } from "./messages.ts";
import type { MarketState } from "./page/protocol.ts";
import type { DiscordLocale } from "./visitor-language.ts";

/** A command and its text options, by their names. */
export type ExampleCommand = {
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
};

/** Options of {@link createExample}. */
export type ExampleOptions = {
  readonly command: ExampleCommand;
  readonly interactions: PlaygroundInteractions;
  readonly markets: Pick<PlaygroundMarkets, "chosen">;
  readonly messages: PlaygroundMessages;
};

/**
 * Makes what shows an example in the first channel, once, unless there are messages: the answer to
 * another member's command, in the language of whoever opens the page first. The demo market
 * answers, marked as such, when the real one cannot. Call it when somebody opens the page: it costs
 * nothing at start. It never rejects.
 */
export function createExample({ command, interactions, markets, messages }: ExampleOptions) {
  let isShown = false;

  /** Whether the command got a public answer; a private one, which nobody sees, is removed. */
  async function answered(market: MarketState["market"], locale: DiscordLocale): Promise<boolean> {
    const running = interactions.run(exampleOf(command, locale), { market, isShownAtOnce: true });
    if (!running.ok) return false;
    await running.finished;
    const replies = messages
      .all()
      .filter(({ interaction_metadata: asked }) => asked?.id === running.id);
    const lost = replies.filter(
      ({ flags }) => (flags & (MessageFlags.Ephemeral | MessageFlags.Loading)) !== 0,
    );
    for (const { id } of lost) messages.remove(id);
    return replies.length > lost.length;
  }

  return async (locale: DiscordLocale): Promise<void> => {
    if (isShown) return;
    isShown = true;
    if (messages.all().length > 0) return;
    const market = markets.chosen();
    if (!(await answered(market, locale)) && market === "real") await answered("demo", locale);
  };
}

function exampleOf({ name, options }: ExampleCommand, locale: DiscordLocale) {
  return {
    type: InteractionType.ApplicationCommand,
    channel_id: PAGE_CHANNELS[0]?.id ?? "",
    user_id: MEMBERS[1]?.id ?? "",
    locale,
    guild_locale: ENGLISH,
    data: {
      type: ApplicationCommandType.ChatInput,
      name,
      options: Object.entries(options).map(([option, value]) => ({
        type: ApplicationCommandOptionType.String,
        name: option,
        value,
      })),
    },
  } as const;
}
