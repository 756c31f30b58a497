import type { ChannelPosts, PostOutcome } from "../discord/bot/channel-posts.ts";
import type { GuildDirectory } from "../discord/bot/guild-directory.ts";
import { say } from "../messages/say.ts";
import { randomIncidentId } from "../process/incident.ts";
import type { Log } from "../process/log.ts";
import type { Result } from "../result.ts";
import { serverLocale } from "../settings/effective-settings.ts";
import type { DigestLedger } from "../storage/digest-ledger.ts";
import type { GuildSettingsStore } from "../storage/guild-settings.ts";
import type { DigestPreview } from "./preview.ts";
import { reasonInWords } from "./reason.ts";
import { explainRefusal, randomNonce } from "./trouble.ts";

/** Where an admin's test post is, or why there is none, in one plain sentence. */
export type TestPost = Result<
  { readonly channelId: string; readonly messageId: string },
  { readonly sentence: string }
>;

/** Options of {@link postTest}. */
export type TestPostOptions = {
  readonly settings: Pick<GuildSettingsStore, "read">;
  readonly ledger: Pick<DigestLedger, "clearTrouble">;
  readonly preview: DigestPreview;
  readonly posts: ChannelPosts;
  readonly directory: GuildDirectory;
  readonly log: Log;
};

/**
 * Posts today's digest into the server's channel now, headed as a test: it mentions nobody, and
 * does not use up today's own post.
 */
export async function postTest(
  guildId: string,
  { settings, ledger, preview, posts, directory, log }: TestPostOptions,
  locale: string,
): Promise<TestPost> {
  const chosen = settings.read(guildId);
  const { digestChannelId: channelId } = chosen;
  if (channelId === null)
    return {
      ok: false,
      sentence: say(locale, "test.no-channel.set"),
    };
  const postLocale = serverLocale(chosen);
  const written = await preview({ guildId, locale: postLocale });
  if (!written.ok) return { ok: false, sentence: reasonInWords(written.reason, locale) };
  const outcome = await posts.post(
    channelId,
    { content: say(postLocale, "test.heading"), ...written.digest.reply },
    { nonce: randomNonce(), priority: "person" },
  );
  if (outcome.kind === "refused" && outcome.why === "other") {
    const incident = randomIncidentId();
    const { code, detail } = outcome;
    log.error(
      { guildId, code, incident, detail },
      "Discord refused a test of a digest for what it says",
    );
    const reason = { why: "message-refused", code: String(code), incident } as const;
    return { ok: false, sentence: reasonInWords(reason, locale) };
  }
  if (outcome.kind !== "sent")
    return {
      ok: false,
      sentence: await whyNotPosted(outcome, { guildId, channelId }, directory, locale),
    };
  // The trouble that paused the daily digest is over.
  await ledger.clearTrouble(guildId);
  return { ok: true, channelId, messageId: outcome.messageId };
}

async function whyNotPosted(
  outcome: Exclude<PostOutcome, { readonly kind: "sent" }>,
  place: { readonly guildId: string; readonly channelId: string },
  directory: GuildDirectory,
  locale: string,
): Promise<string> {
  switch (outcome.kind) {
    case "refused":
      return reasonInWords(await explainRefusal(outcome.why, place, directory), locale);
    case "rate-limited":
      return say(locale, "test.rate-limited");
    case "token-refused":
      return say(locale, "test.token-refused");
    case "unavailable":
      return say(locale, outcome.mayHaveArrived ? "test.no-answer" : "test.unreachable");
  }
}
