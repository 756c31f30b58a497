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
export function aboutCard({ applicationId, sourceNames, pages }: AboutSubject): Reply {
  return {
    embeds: [
      {
        title: say("about.title"),
        color: ABOUT_COLOUR,
        description: say("about.description"),
        fields: [
          { name: say("about.sources"), value: sources(sourceNames).join(" · ") },
          { name: say("about.stored"), value: say("about.stored.text") },
          { name: say("about.deleting"), value: say("about.deleting.text") },
          ...(pages.privacyUrl === undefined && pages.termsUrl === undefined
            ? [{ name: say("about.policies"), value: say("about.policies.none") }]
            : []),
        ],
      },
    ],
    components: [
      {
        type: ComponentType.ActionRow,
        components: [
          link(say("about.add-to-server"), serverInvite(applicationId)),
          link(say("about.add-to-account"), ownInvite(applicationId)),
          ...(pages.privacyUrl === undefined ? [] : [link(say("about.privacy"), pages.privacyUrl)]),
          ...(pages.termsUrl === undefined ? [] : [link(say("about.terms"), pages.termsUrl)]),
          ...(pages.supportUrl === undefined ? [] : [link(say("about.support"), pages.supportUrl)]),
        ],
      },
    ],
  };
}

function link(label: string, url: string) {
  return { type: ComponentType.Button, style: ButtonStyle.Link, label, url } as const;
}

function sources(names: readonly string[]): readonly string[] {
  if (names.length === 0) return [say("about.sources.demo")];
  return [
    ...PRICE_SOURCES.flatMap(({ name, line }) => (names.includes(name) ? [line()] : [])),
    say("about.source.mt-gox"),
    say("about.source.frankfurter"),
  ];
}

/** What is said about each price source. */
const PRICE_SOURCES: readonly { readonly name: string; readonly line: () => string }[] = [
  { name: "CoinGecko", line: () => say("about.source.coingecko", { url: COINGECKO_LINK }) },
  { name: "DefiLlama", line: () => say("about.source.defillama") },
  { name: "Coin Metrics", line: () => say("about.source.coin-metrics") },
  { name: "Kraken", line: () => say("about.source.kraken") },
];
