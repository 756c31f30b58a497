/**
 * The beginning of 2015, from which Discord's ids count milliseconds
 * (discord.com/developers/docs/reference#snowflakes, 2026-11).
 */
export const DISCORD_EPOCH_MS = 1_420_070_400_000;

/** The instant at which a Discord id was made, in milliseconds of Unix time. */
export function snowflakeMs(id: string): number {
  return Number(BigInt(id) >> 22n) + DISCORD_EPOCH_MS;
}
