import { ButtonStyle, ComponentType } from "discord-api-types/v10";
import { ownInvite, serverInvite } from "../discord/bot/invite.ts";
import type { Reply } from "../discord/reply.ts";
import { COINGECKO_LINK } from "../messages/wording.ts";
import type { ProjectPages } from "../project-pages.ts";
import { LAMBO_MODELS } from "../valuation/lambo-models.ts";

const ABOUT_COLOUR = 0xf2b632;

/** What {@link aboutCard} tells of an installation. */
export type AboutSubject = {
  readonly applicationId: string;
  /** The price sources that may be asked; none in the demo market, which asks nobody. */
  readonly sourceNames: readonly string[];
  readonly pages: ProjectPages;
};

/**
 * `/about`: what this is, where its numbers come from, what is stored and how to delete it, how to
 * get it.
 */
export function aboutCard({ applicationId, sourceNames, pages }: AboutSubject): Reply {
  return {
    embeds: [
      {
        title: "Dude, Where's My Lambo",
        color: ABOUT_COLOUR,
        description:
          "If you had bought a coin when it was first listed and sold it over the last month: could you buy a Lamborghini? Ask with `/lambo`; " +
          "admins set the rest with `/config`. For fun, not advice.",
        fields: [
          { name: "Where the numbers come from", value: sources(sourceNames).join("\n") },
          { name: "What is stored", value: STORED },
          { name: "How to delete it", value: DELETING },
          { name: "Privacy policy and terms", value: policies(pages) },
          { name: "What it may do in a server", value: PERMISSIONS },
        ],
      },
    ],
    components: [
      {
        type: ComponentType.ActionRow,
        components: [
          link("Add to a server", serverInvite(applicationId)),
          link("Use it everywhere yourself", ownInvite(applicationId)),
          ...(pages.privacyUrl === undefined ? [] : [link("Privacy", pages.privacyUrl)]),
          ...(pages.termsUrl === undefined ? [] : [link("Terms", pages.termsUrl)]),
          ...(pages.supportUrl === undefined ? [] : [link("Support", pages.supportUrl)]),
        ],
      },
    ],
  };
}

function link(label: string, url: string) {
  return { type: ComponentType.Button, style: ButtonStyle.Link, label, url } as const;
}

function sources(names: readonly string[]): readonly string[] {
  const prices =
    names.length === 0
      ? [
          "This bot runs on its **demo market**: coins, names and prices are invented, and every answer says so.",
        ]
      : SOURCES.flatMap(({ name, line }) =>
          name === undefined || names.includes(name) ? [line] : [],
        );
  const catalogues = LAMBO_MODELS.filter(({ key }) => key !== "average").length;
  return [
    ...prices,
    `- Cars: US press catalogues for ${catalogues} models, without delivery; the average is the original website's`,
  ];
}

/** What is said of each source; one without a name is always there. */
const SOURCES: readonly { readonly name?: string; readonly line: string }[] = [
  {
    name: "CoinGecko",
    line: `- [Data provided by CoinGecko](${COINGECKO_LINK}): coins, prices, exchange rates`,
  },
  {
    name: "DefiLlama",
    line: "- [DefiLlama](https://defillama.com): first prices, and the days that CoinGecko does not tell",
  },
  {
    name: "Coin Metrics",
    line:
      "- [Coin Metrics](https://coinmetrics.io) ([CC BY-NC 4.0](https://creativecommons.org/licenses/by-nc/4.0/), averaged and scaled): " +
      "the same for some large coins, when DefiLlama cannot be asked",
  },
  {
    name: "Kraken",
    line: "- [Kraken](https://www.kraken.com): an exchange's first weeks, when DefiLlama cannot be asked",
  },
  {
    line: "- [Mt. Gox's public trade record](https://github.com/apsheronets/divananalit): bitcoin's days before any of these",
  },
  {
    line: "- [Frankfurter](https://frankfurter.dev): central banks' exchange rates, where CoinGecko has none",
  },
];

function policies({ privacyUrl, termsUrl }: ProjectPages): string {
  const documents = [
    privacyUrl === undefined ? undefined : `[Privacy policy](${privacyUrl})`,
    termsUrl === undefined ? undefined : `[Terms of service](${termsUrl})`,
  ].filter((document) => document !== undefined);
  if (documents.length > 0) return documents.join(" · ");
  return "Whoever runs this bot has them: `docs/privacy.md` and `docs/terms.md` of its source.";
}

const STORED = [
  "- **Of you: nothing**, unless you change a server's settings. Questions and answers are not kept.",
  "- **Of a server:** what its admins set with `/config`, who changed what and when (by user id), and on which days a digest was posted.",
].join("\n");

const DELETING = [
  "- `/config forget` deletes everything about a server, at once and for good. It takes *Manage Server*.",
  "- 30 days after the bot was removed from a server the same happens by itself. Taken back before that, it finds everything as it was.",
].join("\n");

const PERMISSIONS = [
  "The link asks for what a daily digest needs and no more: *View Channel*, *Send Messages*, *Embed Links*, *Attach Files*, and *Read Message History* " +
    "to look whether a digest arrived before it is sent again. Without a digest you can untick them all.",
  "To mention a role that not everybody may mention, it also needs *Mention @everyone, @here, and All Roles* in that one channel.",
  "What people write, Discord does not show it.",
].join(" ");
