import { ApplicationIntegrationType, InteractionContextType } from "discord-api-types/v10";
import { refusalCard } from "../src/cards/refusal.ts";
import { parseDigestAskId } from "../src/digest/digest-control-id.ts";
import { defineCommand } from "../src/discord/command.ts";
import type { Answer, Reply } from "../src/discord/reply.ts";
import { settingsFor, usualPurchaseOf } from "../src/settings/effective-settings.ts";
import { answer } from "./lambo.ts";

/** `/digest`: today's digest of the server as it would read now, for the asker alone. */
export const digest = defineCommand({
  name: "digest",
  description: "Today's Lambo leaderboard of this server as it would read now, for your eyes only",
  integrationTypes: [ApplicationIntegrationType.GuildInstall],
  contexts: [InteractionContextType.Guild],
  options: {},

  visibility: () => "private",

  async run({ guildId, locale, attachmentLimitBytes }, { previewDigest }) {
    if (guildId === undefined) return refused("Digests belong to servers: ask in one.");
    const outcome = await previewDigest({ guildId, locale });
    if (!outcome.ok) return refused(outcome.sentence);
    return { kind: "answer", reply: fitting(outcome.digest.reply, attachmentLimitBytes) };
  },

  components: {
    ask: {
      visibility: () => "private",
      async run(call, services) {
        const id = parseDigestAskId(call.customId);
        if (id === undefined)
          return {
            kind: "refusal",
            reply: refusalCard({ reason: "outdated-control" }, { locale: call.locale }),
          };
        const usual = await usualPurchaseOf(settingsFor(call, services), services.rates, {
          priority: "interactive",
        });
        return answer({ coin: { by: "hash", hash: id.coinHash }, ...usual }, services, {
          ...call,
          isPrivate: true,
        });
      },
    },
  },
});

/** The reply without its picture where that is too large to attach. */
function fitting({ files = [], embeds = [], ...rest }: Reply, limitBytes: number): Reply {
  if (files.every(({ data }) => data.byteLength <= limitBytes)) return { ...rest, embeds, files };
  return { ...rest, embeds: embeds.map(({ image: _, ...embed }) => embed) };
}

function refused(sentence: string): Answer {
  return { kind: "refusal", reply: { content: sentence } };
}
