import type { ChannelPosts, PostOutcome } from "../discord/bot/channel-posts.ts";
import type { GuildDirectory } from "../discord/bot/guild-directory.ts";
import { say } from "../messages/say.ts";
import { randomIncidentId } from "../process/incident.ts";
import type { Log } from "../process/log.ts";
import type { Result } from "../result.ts";
import type { DigestLedger } from "../storage/digest-ledger.ts";
import type { GuildSettingsStore } from "../storage/guild-settings.ts";
import type { DigestPreview } from "./preview.ts";
import { explainRefusal, messageRefused, randomNonce } from "./trouble.ts";
import { POST_LOCALE } from "./written-digest.ts";

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
  const { digestChannelId: channelId } = settings.read(guildId);
  if (channelId === null)
    return {
      ok: false,
      sentence: say(locale, "test.no-channel.set"),
    };
  const written = await preview({ guildId, locale: POST_LOCALE });
  if (!written.ok) return written;
  const outcome = await posts.post(
    channelId,
    { content: say(locale, "test.heading"), ...written.digest.reply },
    { nonce: randomNonce(), priority: "person" },
  );
  if (outcome.kind === "refused" && outcome.why === "other") {
    const incident = randomIncidentId();
    const { code, detail } = outcome;
    log.error(
      { guildId, code, incident, detail },
      "Discord refused a test of a digest for what it says",
    );
    return { ok: false, sentence: messageRefused(code, incident, locale) };
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
      return explainRefusal(outcome.why, place, directory, locale);
    case "rate-limited":
      return say(locale, "test.rate-limited");
    case "token-refused":
      return say(locale, "test.token-refused");
    case "unavailable":
      return say(locale, outcome.mayHaveArrived ? "test.no-answer" : "test.unreachable");
  }
}
