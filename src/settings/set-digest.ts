import { DEFAULT_DIGEST_TIME, DEFAULT_DIGEST_ZONE } from "../digest/due.ts";
import { directoryKnowing, type GuildDirectory } from "../discord/bot/guild-directory.ts";
import type { CommandCall } from "../discord/call.ts";
import { type Answer, answered, refused } from "../discord/reply.ts";
import type { Services } from "../services.ts";
import {
  ASK,
  type ChangeServices,
  NOTHING_CHANGED,
  type SavedChange,
  saveChange,
} from "./admin.ts";
import { missingPermissionFindings } from "./check-findings.ts";
import { checkDigestInput, type DigestInput } from "./digest-input.ts";
import { nextPosts } from "./digest-standing.ts";
import { readServerView, type ServerView, type ViewServices } from "./server-view.ts";
import { savedCard } from "./settings-card.ts";
import { NO_BOT, nameOf, shortValue } from "./settings-text.ts";

/** `/config digest`: checks and saves what was typed, and says when and where it is posted since. */
export async function setDigest(
  guildId: string,
  input: DigestInput,
  call: Pick<CommandCall<unknown>, "userId" | "locale" | "resolved">,
  services: ChangeServices & ViewServices & Pick<Services, "coins" | "directory">,
): Promise<Answer> {
  if (services.directory === undefined) return refused(`${NO_BOT} ${NOTHING_CHANGED}`);
  const directory = directoryKnowing(services.directory, call.resolved);
  if (Object.values(input).every((typed) => typed === undefined)) {
    return refused(
      `Name at least one thing to set, such as a channel. \`/config view\` shows the digest. ${NOTHING_CHANGED}`,
    );
  }
  const checked = await checkDigestInput(input, services.settings.read(guildId), {
    guildId,
    coins: services.coins,
    directory,
    ask: ASK,
  });
  if (!checked.ok) return refused(`${checked.sentence} ${NOTHING_CHANGED}`);
  const change = await saveChange(guildId, checked.value, call, services);
  const [view, warnings] = await Promise.all([
    readServerView(guildId, { ...services, directory }, call.locale),
    missingPermissionsIn(change, guildId, directory),
  ]);
  return answered(
    savedCard(
      warnings.length === 0 ? "Saved" : "Saved, but it cannot be posted yet",
      [
        ...digestLines(change, view),
        ...(warnings.length === 0
          ? []
          : ["", ...warnings.map((warning) => `❌ ${warning}`), "`/config check` looks again."]),
      ],
      { isGood: warnings.length === 0 },
    ),
  );
}

function digestLines({ saved, change }: SavedChange, view: ServerView): readonly string[] {
  const { digestChannelId, digestRoleId, digestTime, digestZone } = saved;
  const where =
    digestChannelId === null ? "nowhere yet: choose a channel" : `in <#${digestChannelId}>`;
  const when = `at ${digestTime ?? DEFAULT_DIGEST_TIME} (${shortValue(digestZone ?? DEFAULT_DIGEST_ZONE)})`;
  const coins = change.digestCoins?.map((coinId) => nameOf(coinId, view.coins));
  return [
    `The digest is **${saved.digestEnabled === true ? "on" : "off"}**, ${when}, ${where}.`,
    ...(coins === undefined ? [] : [`**Coins** ${coins.join(", ")}`]),
    ...(digestRoleId === null ? [] : [`**Mentions** <@&${digestRoleId}>`]),
    ...nextPosts(saved, view.standing),
  ];
}

async function missingPermissionsIn(
  { saved: { digestChannelId, digestRoleId } }: SavedChange,
  guildId: string,
  directory: GuildDirectory,
): Promise<readonly string[]> {
  if (digestChannelId === null) return [];
  const permissions = await directory.missingPermissions(guildId, digestChannelId, digestRoleId);
  if (!permissions.ok) return [];
  return missingPermissionFindings(permissions.missing, digestChannelId, digestRoleId).map(
    ({ text }) => text,
  );
}
