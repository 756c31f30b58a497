import { ButtonStyle, ComponentType } from "discord-api-types/v10";
import type { Reply } from "../discord/command.ts";
import { ownInvite, serverInvite } from "../discord/invite.ts";
import { LAMBO_MODELS } from "../valuation/lambo-models.ts";
import { COINGECKO_LINK } from "./wording.ts";

const ABOUT_COLOUR = 0xf2b632;

/** `/about`: what this is, where its numbers come from, what is stored and how to delete it, how to get it. */
export function aboutCard({ applicationId, isDemo }: { readonly applicationId: string; readonly isDemo: boolean }): Reply {
  return {
    embeds: [
      {
        title: "Dude, Where's My Lambo",
        color: ABOUT_COLOUR,
        description:
          "If you had bought a coin when it was first listed and sold it over the last month: could you buy a Lamborghini? Ask with `/lambo`; " +
          "admins set the rest with `/config`. For fun, not advice.",
        fields: [
          { name: "Where the numbers come from", value: sources(isDemo).join("\n") },
          { name: "What is stored", value: STORED },
          { name: "How to delete it", value: DELETING },
          { name: "What it may do in a server", value: PERMISSIONS },
        ],
      },
    ],
    components: [
      {
        type: ComponentType.ActionRow,
        components: [
          { type: ComponentType.Button, style: ButtonStyle.Link, label: "Add to a server", url: serverInvite(applicationId) },
          { type: ComponentType.Button, style: ButtonStyle.Link, label: "Use it everywhere yourself", url: ownInvite(applicationId) },
        ],
      },
    ],
  };
}

function sources(isDemo: boolean): readonly string[] {
  const prices = isDemo
    ? ["This bot runs on its **demo market**: coins, names and prices are invented, and every answer says so."]
    : [
        `- [Data provided by CoinGecko](${COINGECKO_LINK}): coins, prices, exchange rates`,
        "- [DefiLlama](https://defillama.com): first prices, and the days that CoinGecko does not tell",
        "- [Coin Metrics](https://coinmetrics.io) ([CC BY-NC 4.0](https://creativecommons.org/licenses/by-nc/4.0/), averaged and scaled): " +
          "the same for some large coins, when DefiLlama cannot be asked",
        "- [Kraken](https://www.kraken.com): an exchange's first weeks, when DefiLlama cannot be asked",
        "- [Mt. Gox's public trade record](https://github.com/apsheronets/divananalit): bitcoin's days before any of these",
      ];
  const catalogues = LAMBO_MODELS.filter(({ key }) => key !== "average").length;
  return [...prices, `- Cars: US press catalogues for ${catalogues} models, without delivery; the average is the original website's`];
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
