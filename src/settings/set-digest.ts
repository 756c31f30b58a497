import { DEFAULT_DIGEST_TIME, DEFAULT_DIGEST_ZONE } from "../digest/due.ts";
import { rhythmOf } from "../digest/rhythm.ts";
import { rhythmInWords } from "../digest/rhythm-wording.ts";
import type { GuildDirectory } from "../discord/bot/guild-directory.ts";
import { directoryWithResolved } from "../discord/bot/resolved-directory.ts";
import type { CommandCall } from "../discord/call.ts";
import { type CommandResult, replied } from "../discord/reply.ts";
import { commaList } from "../messages/lists.ts";
import { say } from "../messages/say.ts";
import type { Services } from "../services.ts";
import { ASK, type ChangeServices, refusedChange, type SavedChange, saveChange } from "./admin.ts";
import { missingPermissionFindings } from "./check-findings.ts";
import { checkDigestInput, type DigestInput } from "./digest-input.ts";
import { nextPosts } from "./digest-status.ts";
import { readServerView, type ServerView, type ViewServices } from "./server-view.ts";
import { savedCard } from "./settings-card.ts";
import { nameOf, shortValue } from "./settings-text.ts";
import { undoRow } from "./undo.ts";

/**
 * `/config digest`: checks and saves what was typed, and says when and where the digest is posted.
 */
export async function setDigest(
  guildId: string,
  input: DigestInput,
  call: Pick<CommandCall<unknown>, "userId" | "locale" | "resolved">,
  services: ChangeServices & ViewServices & Pick<Services, "coins" | "directory">,
): Promise<CommandResult> {
  if (services.directory === undefined)
    return refusedChange(say(call.locale, "config.no-token"), call.locale);
  const directory = directoryWithResolved(services.directory, call.resolved);
  const { noRole, ...others } = input;
  if (noRole !== true && Object.values(others).every((typed) => typed === undefined)) {
    return refusedChange(say(call.locale, "set-digest.nothing-typed"), call.locale);
  }
  const checked = await checkDigestInput(input, services.settings.read(guildId), {
    guildId,
    coins: services.coins,
    directory,
    ask: ASK,
    locale: call.locale,
    now: services.now(),
  });
  if (!checked.ok) return refusedChange(checked.sentence, call.locale);
  const change = await saveChange(guildId, checked.value, call, services);
  const [view, warnings] = await Promise.all([
    readServerView(guildId, { ...services, directory }, call.locale),
    missingPermissionsIn(change, guildId, directory, call.locale),
  ]);
  return replied({
    ...savedCard(
      say(call.locale, warnings.length === 0 ? "config.saved" : "config.saved.not-postable"),
      [
        ...digestLines(change, view),
        ...change.notes.map((note) => say(call.locale, "config.note", { note })),
        ...(warnings.length === 0
          ? []
          : [
              "",
              ...warnings.map((warning) => say(call.locale, "set-digest.warning", { warning })),
              say(call.locale, "set-digest.check-again"),
            ]),
      ],
      call.locale,
      { isGood: warnings.length === 0 },
    ),
    components: undoRow(guildId, change.changeId, call.locale),
  });
}

function digestLines({ saved, change }: SavedChange, view: ServerView): readonly string[] {
  const { locale } = view;
  const { digestChannelId, digestRoleId, digestTime, digestZone, digestEvery } = saved;
  const plan = {
    state: saved.digestEnabled === true ? "on" : "other",
    time: digestTime ?? DEFAULT_DIGEST_TIME,
    zone: shortValue(digestZone ?? DEFAULT_DIGEST_ZONE),
  } as const;
  const coins = change.digestCoins?.map((coinId) => nameOf(coinId, view.coins, locale));
  const mentioned =
    digestRoleId === null
      ? change.digestRoleId === null
        ? [say(locale, "set-digest.mentions.nobody")]
        : []
      : [say(locale, "set-digest.mentions", { role: `<@&${digestRoleId}>` })];
  return [
    digestChannelId === null
      ? say(locale, "set-digest.saved.no-channel", plan)
      : say(locale, "set-digest.saved", { ...plan, channel: `<#${digestChannelId}>` }),
    ...(digestEvery === null && change.digestEvery === undefined
      ? []
      : [
          say(locale, "set-digest.comes", {
            every: rhythmInWords(rhythmOf(digestEvery), locale),
          }),
        ]),
    ...(change.digestCoins === null ? [say(locale, "set-digest.coins.default")] : []),
    ...(coins === undefined
      ? []
      : [say(locale, "set-digest.coins", { coins: commaList(coins, locale) })]),
    ...mentioned,
    ...(change.digestRiddle === undefined
      ? []
      : [
          say(locale, "set-digest.riddle", { state: saved.digestRiddle === true ? "on" : "other" }),
        ]),
    ...nextPosts(saved, view.status, locale),
  ];
}

async function missingPermissionsIn(
  { saved: { digestChannelId, digestRoleId }, change }: SavedChange,
  guildId: string,
  directory: GuildDirectory,
  locale: string,
): Promise<readonly string[]> {
  // Whoever switches the digest off does not want it posted.
  if (digestChannelId === null || change.digestEnabled === false) return [];
  const permissions = await directory.missingPermissions(guildId, digestChannelId, digestRoleId);
  if (!permissions.ok) return [];
  return missingPermissionFindings(permissions.missing, digestChannelId, digestRoleId, locale).map(
    ({ text }) => text,
  );
}
