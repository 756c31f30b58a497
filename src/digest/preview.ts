import type { DigestLedger } from "../storage/digest-ledger.ts";
import type { GuildSettingsStore } from "../storage/guild-settings.ts";
import { addDays, utcDay } from "../valuation/calendar.ts";
import { STORIES_KEPT_DAYS } from "./content.ts";
import { DEFAULT_DIGEST_ZONE, type DueTimes } from "./due.ts";
import { pastFacts } from "./past-digests.ts";
import type { DigestOrder, DigestOutcome, DigestWriter } from "./written-digest.ts";

/** Writes a server's digest as it would read now; posts nothing and needs no bot token. */
export type DigestPreview = (
  order: Pick<DigestOrder, "guildId" | "locale">,
) => Promise<DigestOutcome>;

/** Makes the preview of digests. */
export function createDigestPreview({
  settings,
  ledger,
  writer,
  times,
  now,
}: {
  readonly settings: Pick<GuildSettingsStore, "read">;
  readonly ledger: Pick<DigestLedger, "pastDigests">;
  readonly writer: Pick<DigestWriter, "write">;
  readonly times: Pick<DueTimes, "localOn">;
  readonly now: () => Date;
}): DigestPreview {
  return async ({ guildId, locale }) => {
    const zone = settings.read(guildId).digestZone ?? DEFAULT_DIGEST_ZONE;
    const localOn = times.localOn(zone, now().getTime()) ?? utcDay(now());
    const past = await ledger.pastDigests([guildId], addDays(localOn, -STORIES_KEPT_DAYS));
    return writer.write({
      guildId,
      localOn: null,
      past: pastFacts(past.get(guildId) ?? [], localOn),
      locale,
      priority: "interactive",
    });
  };
}
