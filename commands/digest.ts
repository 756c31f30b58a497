import { ApplicationIntegrationType, InteractionContextType } from "discord-api-types/v10";
import { refusalCard } from "../src/cards/refusal-card.ts";
import { parseDigestAskId } from "../src/digest/digest-control-id.ts";
import { reasonInWords } from "../src/digest/reason.ts";
import { replyToGuess } from "../src/digest/riddle-reply.ts";
import { defineCommand } from "../src/discord/command.ts";
import { type Reply, refused, replied } from "../src/discord/reply.ts";
import { say } from "../src/messages/say.ts";
import type { Services } from "../src/services.ts";
import { settingsFor, usualPurchaseOf } from "../src/settings/effective-settings.ts";
import { answer } from "./lambo.ts";

/** `/digest`: the server's digest as it would read now, visible to the asker alone. */
export const digest = defineCommand({
  name: "digest",
  description: (locale) => say(locale, "command.digest"),
  integrationTypes: [ApplicationIntegrationType.GuildInstall],
  contexts: [InteractionContextType.Guild],
  options: {},

  visibility: () => "private",

  async run(
    { guildId, locale, attachmentLimitBytes },
    { previewDigest }: Pick<Services, "previewDigest">,
  ) {
    if (guildId === undefined) return refused(say(locale, "command.digest.servers-only"));
    const outcome = await previewDigest({ guildId, locale });
    if (!outcome.ok) return refused(reasonInWords(outcome.reason, locale));
    return replied(fitting(outcome.digest.reply, attachmentLimitBytes));
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
    riddle: { visibility: () => "private", run: replyToGuess },
  },
});

/** The reply, without its picture if that is too large to attach. */
function fitting({ files = [], embeds = [], ...rest }: Reply, limitBytes: number): Reply {
  if (files.every(({ data }) => data.byteLength <= limitBytes)) return { ...rest, embeds, files };
  return { ...rest, embeds: embeds.map(({ image: _, ...embed }) => embed) };
}
