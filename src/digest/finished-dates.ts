/**
 * What this process knows to be over, so that it need not ask the ledger every minute. Others may
 * know more; nothing is ever taken back.
 */
export type FinishedDates = {
  has(guildId: string, localOn: string): boolean;
  add(guildId: string, localOn: string): void;
};

/** More than the days that are ever looked back on. */
const DATES_PER_GUILD = 12;

/** Makes an empty memory; it keeps a few dates for each server, the latest added. */
export function createFinishedDates(): FinishedDates {
  const byGuild = new Map<string, string[]>();
  return {
    has: (guildId, localOn) => byGuild.get(guildId)?.includes(localOn) ?? false,
    add(guildId, localOn) {
      const dates = byGuild.get(guildId);
      if (dates === undefined) byGuild.set(guildId, [localOn]);
      else if (!dates.includes(localOn)) {
        dates.push(localOn);
        if (dates.length > DATES_PER_GUILD) dates.shift();
      }
    },
  };
}
