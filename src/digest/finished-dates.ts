/**
 * Dates that this process knows to be finished, so that it need not query the ledger for them every
 * minute. Other processes may have finished more; a finished date stays finished.
 */
export type FinishedDates = {
  has(guildId: string, localOn: string): boolean;
  add(guildId: string, localOn: string): void;
};

/** More than the number of days that due times look back. */
const DATES_PER_GUILD = 12;

/** Makes an empty set that keeps the latest few dates of each server. */
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
