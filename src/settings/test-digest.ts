import { reasonInWords } from "../digest/reason.ts";
import type { CallOrigin } from "../discord/call.ts";
import { type CommandResult, refused, replied } from "../discord/reply.ts";
import { say } from "../messages/say.ts";
import type { Services } from "../services.ts";
import { savedCard } from "./settings-card.ts";
import { messageLink } from "./settings-text.ts";

/**
 * `/config test`: posts today's digest into the server's channel, or shows it to the admin alone,
 * headed as a test. The scheduled post still comes.
 */
export async function testDigest(
  guildId: string,
  options: { readonly isPrivate: boolean },
  call: Pick<CallOrigin, "locale">,
  {
    digests,
    previewDigest,
    directory,
    settings,
  }: Pick<Services, "digests" | "previewDigest" | "directory" | "settings">,
): Promise<CommandResult> {
  if (digests === undefined) return refused(say(call.locale, "config.no-token"));
  if (options.isPrivate) {
    const outcome = await previewDigest({ guildId, locale: call.locale });
    return outcome.ok
      ? replied({ content: say(call.locale, "test.heading.private"), ...outcome.digest.reply })
      : refused(reasonInWords(outcome.reason, call.locale));
  }
  if (directory === undefined) return refused(say(call.locale, "config.no-token"));
  if (settings.read(guildId).digestChannelId === null) {
    return refused(say(call.locale, "test.no-channel"));
  }
  const posted = await digests.postTest(guildId, call.locale);
  if (!posted.ok) return refused(posted.sentence);
  return replied(
    savedCard(
      say(call.locale, "test.posted"),
      [
        say(call.locale, "test.posted.text", {
          link: messageLink(guildId, posted.channelId, posted.messageId),
        }),
      ],
      call.locale,
    ),
  );
}
