import { ButtonStyle, ComponentType } from "discord-api-types/v10";
import { ownInvite, serverInvite } from "../discord/bot/invite.ts";
import type { Reply } from "../discord/reply.ts";
import { say } from "../messages/say.ts";
import { COINGECKO_LINK } from "../messages/wording.ts";
import type { ProjectPages } from "../project-pages.ts";
import { AVERAGE_LAMBO, LAMBO_MODELS } from "../valuation/lambo-models.ts";

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
          { name: say("about.sources"), value: sources(sourceNames).join("\n") },
          { name: say("about.stored"), value: say("about.stored.text") },
          { name: say("about.deleting"), value: say("about.deleting.text") },
          { name: say("about.policies"), value: policies(pages) },
          { name: say("about.permissions"), value: say("about.permissions.text") },
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
  const models = LAMBO_MODELS.filter(({ key }) => key !== AVERAGE_LAMBO.key).length;
  return [
    ...(names.length === 0
      ? [say("about.sources.demo")]
      : [
          ...PRICE_SOURCES.flatMap(({ name, line }) => (names.includes(name) ? [line()] : [])),
          say("about.source.mt-gox"),
          say("about.source.frankfurter"),
        ]),
    say("about.source.cars", { models: String(models) }),
  ];
}

/** The line about each price source. */
const PRICE_SOURCES: readonly { readonly name: string; readonly line: () => string }[] = [
  { name: "CoinGecko", line: () => say("about.source.coingecko", { url: COINGECKO_LINK }) },
  { name: "DefiLlama", line: () => say("about.source.defillama") },
  { name: "Coin Metrics", line: () => say("about.source.coin-metrics") },
  { name: "Kraken", line: () => say("about.source.kraken") },
];

function policies({ privacyUrl, termsUrl }: ProjectPages): string {
  const documents = [
    privacyUrl === undefined ? undefined : say("about.policies.privacy", { url: privacyUrl }),
    termsUrl === undefined ? undefined : say("about.policies.terms", { url: termsUrl }),
  ].filter((document) => document !== undefined);
  return documents.length > 0 ? documents.join(" · ") : say("about.policies.none");
}
