import { incidentOf } from "../digest/trouble.ts";
import { zoneDataStatus } from "../digest/zone-data.ts";
import type { CallOrigin } from "../discord/call.ts";
import { type CommandResult, replied } from "../discord/reply.ts";
import type { Services } from "../services.ts";
import { ASK } from "./admin.ts";
import { type CheckFacts, checkCard, checkServer } from "./check-findings.ts";
import { listedCoins, readStatus, type ViewServices } from "./server-view.ts";

/** What checking a server needs. */
export type CheckServices = ViewServices & Pick<Services, "sources" | "now">;

/** `/config check`: checks everything that digests and answers need. */
export async function runCheck(
  guildId: string,
  { locale }: Pick<CallOrigin, "locale">,
  services: CheckServices,
): Promise<CommandResult> {
  const facts = await gatherFacts(guildId, locale, services);
  const outcome = checkServer(facts);
  const isPaused = facts.status?.trouble !== undefined;
  // A check does not fix a message that Discord refuses, and the admins have already been told of
  // it.
  const canGoOn = outcome.canPost && !facts.isOwnFault;
  if (canGoOn) await services.digests?.resume(guildId);
  return replied(checkCard(facts, outcome, { resumed: canGoOn && isPaused }));
}

async function gatherFacts(
  guildId: string,
  locale: string,
  services: CheckServices,
): Promise<CheckFacts> {
  const { directory } = services;
  const settings = services.settings.read(guildId);
  const { digestChannelId, digestRoleId, digestCoins } = settings;
  const [channel, permissions, role, sources, hasRate, coins, status] = await Promise.all([
    digestChannelId === null ? undefined : directory?.channel(guildId, digestChannelId),
    digestChannelId === null
      ? undefined
      : directory?.missingPermissions(guildId, digestChannelId, digestRoleId),
    digestRoleId === null ? undefined : directory?.role(guildId, digestRoleId),
    services.sources.probe(ASK),
    hasRateFor(settings.currency, services),
    listedCoins(digestCoins ?? [], services),
    readStatus(guildId, services),
  ]);
  const isCoinListEmpty = services.coins.size() === 0;
  return {
    guildId,
    settings,
    channel,
    permissions,
    role,
    sources,
    hasRate,
    // Without the coin list, no coin can be called lost.
    lostCoins: isCoinListEmpty ? [] : (digestCoins ?? []).filter((coinId) => !coins.has(coinId)),
    zoneData: zoneDataStatus(services.now()),
    status,
    isOwnFault: status?.trouble !== undefined && incidentOf(status.trouble.reason) !== undefined,
    locale,
  };
}

async function hasRateFor(
  currency: string | null,
  { rates }: Pick<Services, "rates">,
): Promise<boolean> {
  return currency === null || (await rates.perUsd(currency, ASK)) !== undefined;
}
