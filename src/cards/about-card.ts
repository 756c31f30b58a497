import { ButtonStyle, ComponentType } from "discord-api-types/v10";
import { ownInvite, serverInvite } from "../discord/bot/invite.ts";
import type { Reply } from "../discord/reply.ts";
import { say } from "../messages/say.ts";
import { COINGECKO_LINK } from "../messages/wording.ts";
import type { ProjectPages } from "../project-pages.ts";

const ABOUT_COLOUR = 0xf2b632;

/** The facts about an installation that {@link aboutCard} shows. */
export type AboutSubject = {
  readonly applicationId: string;
  /** The price sources in use; none in the demo market. */
  readonly sourceNames: readonly string[];
  readonly pages: ProjectPages;
};

/** `/about`: what this is, where its numbers come from, what is stored, how to delete or add it. */
export function aboutCard(
  { applicationId, sourceNames, pages }: AboutSubject,
  locale: string,
): Reply {
  return {
    embeds: [
      {
        title: say(locale, "about.title"),
        color: ABOUT_COLOUR,
        description: say(locale, "about.description"),
        fields: [
          { name: say(locale, "about.sources"), value: sources(sourceNames, locale).join(" · ") },
          { name: say(locale, "about.stored"), value: say(locale, "about.stored.text") },
          { name: say(locale, "about.deleting"), value: say(locale, "about.deleting.text") },
          ...(pages.privacyUrl === undefined && pages.termsUrl === undefined
            ? [{ name: say(locale, "about.policies"), value: say(locale, "about.policies.none") }]
            : []),
        ],
      },
    ],
    components: [
      {
        type: ComponentType.ActionRow,
        components: [
          link(say(locale, "about.add-to-server"), serverInvite(applicationId)),
          link(say(locale, "about.add-to-account"), ownInvite(applicationId)),
          ...(pages.privacyUrl === undefined
            ? []
            : [link(say(locale, "about.privacy"), pages.privacyUrl)]),
          ...(pages.termsUrl === undefined
            ? []
            : [link(say(locale, "about.terms"), pages.termsUrl)]),
          ...(pages.supportUrl === undefined
            ? []
            : [link(say(locale, "about.support"), pages.supportUrl)]),
        ],
      },
    ],
  };
}

function link(label: string, url: string) {
  return { type: ComponentType.Button, style: ButtonStyle.Link, label, url } as const;
}

function sources(names: readonly string[], locale: string): readonly string[] {
  if (names.length === 0) return [say(locale, "about.sources.demo")];
  return [
    ...PRICE_SOURCES.flatMap(({ name, line }) => (names.includes(name) ? [line(locale)] : [])),
    say(locale, "about.source.mt-gox"),
    say(locale, "about.source.frankfurter"),
  ];
}

/** What is said about each price source. */
const PRICE_SOURCES: readonly {
  readonly name: string;
  readonly line: (locale: string) => string;
}[] = [
  {
    name: "CoinGecko",
    line: (locale) => say(locale, "about.source.coingecko", { url: COINGECKO_LINK }),
  },
  { name: "DefiLlama", line: (locale) => say(locale, "about.source.defillama") },
  { name: "Coin Metrics", line: (locale) => say(locale, "about.source.coin-metrics") },
  { name: "Kraken", line: (locale) => say(locale, "about.source.kraken") },
];
