import { EN } from "../../locales/en.ts";
import { messageSource } from "../messages/say.ts";
import { BOT, GUILD_ID, GUILD_NAME, PAGE_ROLES, pageChannels, pageMembers } from "./guild.ts";
import type { PlaygroundMarkets } from "./markets.ts";
import type { PageCommand, PageFacts, PageTextKey } from "./page/protocol.ts";

/** What the facts of every page of this process have in common. */
export type PageFactsOptions = Pick<PageFacts, "token" | "run"> & {
  /** As Discord gets them, in the page's language. */
  readonly commands: readonly PageCommand[];
  readonly markets: Pick<PlaygroundMarkets, "state">;
};

/** The data of a page in the language of a locale, which is one of Discord's. */
export function pageFacts(
  { token, run, commands, markets }: PageFactsOptions,
  locale: string,
): PageFacts {
  return {
    ...{ token, run, locale },
    guildId: GUILD_ID,
    guildName: GUILD_NAME,
    bot: BOT,
    members: pageMembers(locale),
    channels: pageChannels(locale),
    roles: PAGE_ROLES,
    commands: commands.map((command) => inOneLanguage(command, locale)),
    texts: pageTexts(locale),
    state: markets.state(locale),
  };
}

const TEXT_KEYS = Object.keys(EN).filter((key) => key.startsWith("playground.")) as PageTextKey[];

function pageTexts(locale: string): PageFacts["texts"] {
  const texts = TEXT_KEYS.map((key) => [key, messageSource(locale, key)]);
  // An entry for each key.
  return Object.fromEntries(texts) as PageFacts["texts"];
}

type Localizations = Partial<Record<string, string | null>> | null;

/** What has texts in several languages: a command, an option, or a choice. */
type Part = {
  readonly name: string;
  readonly name_localizations?: Localizations | undefined;
  readonly description?: string | undefined;
  readonly description_localizations?: Localizations | undefined;
  readonly options?: readonly Part[] | undefined;
  readonly choices?: readonly Part[] | undefined;
};

/** A command as Discord's client gets it: with the texts of one language only. */
function inOneLanguage<Localized extends Part>(part: Localized, locale: string): Localized {
  const { name_localizations: names, description_localizations: descriptions, ...rest } = part;
  const name = names?.[locale];
  const description = descriptions?.[locale];
  const { options, choices } = part;
  // The same part, with other texts.
  return {
    ...rest,
    ...(name != null && { name_localized: name }),
    ...(description != null && { description }),
    ...(options !== undefined && {
      options: options.map((option) => inOneLanguage(option, locale)),
    }),
    ...(choices !== undefined && {
      // What is sent is the value; the name is only shown.
      choices: choices.map(({ name_localizations, ...choice }) => ({
        ...choice,
        name: name_localizations?.[locale] ?? choice.name,
      })),
    }),
  } as unknown as Localized;
}
