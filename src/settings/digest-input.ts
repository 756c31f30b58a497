import type { GuildDirectory } from "../discord/bot/guild-directory.ts";
import { say } from "../messages/say.ts";
import type { Ask } from "../prices/price-source.ts";
import type { Services } from "../services.ts";
import type { GuildSettings } from "../storage/guild-settings.ts";
import {
  accepted,
  type Checked,
  echo,
  isDefaultWord,
  type PreparedChange,
  rejected,
} from "./checked-input.ts";
import { checkDigestCoins, type DigestCoinsInput } from "./digest-coins-input.ts";
import { checkEvery, checkTime, checkZone } from "./schedule-input.ts";
import { typedChoice } from "./typed-choice.ts";

/** Options of `/config digest`; an omitted option is undefined. */
export type DigestInput = DigestCoinsInput & {
  readonly channelId: string | undefined;
  readonly time: string | undefined;
  readonly zone: string | undefined;
  /** On which days it comes. */
  readonly every: string | undefined;
  /** Whether it comes with a riddle. */
  readonly riddle: string | undefined;
  readonly roleId: string | undefined;
  /** True takes the role away. */
  readonly noRole: boolean | undefined;
  readonly enabled: boolean | undefined;
};

/** What checking `/config digest` needs besides its options. */
export type DigestInputContext = Pick<Services, "coins"> & {
  readonly guildId: string;
  readonly directory: Pick<GuildDirectory, "channel" | "role">;
  readonly ask: Ask;
  /** The admin's. */
  readonly locale: string;
  readonly now: Date;
};

/** Checks the options of `/config digest` against a server's current settings. */
export async function checkDigestInput(
  input: DigestInput,
  current: GuildSettings,
  context: DigestInputContext,
): Promise<Checked<PreparedChange>> {
  const time = checkChosen(input.time, (typed) => checkTime(typed, context.now, context.locale));
  if (!time.ok) return time;
  const zone = checkChosen(input.zone, (typed) => checkZone(typed, context.now, context.locale));
  if (!zone.ok) return zone;
  const every = checkChosen(input.every, (typed) => checkEvery(typed, context.locale));
  if (!every.ok) return every;
  const riddle = checkChosen(input.riddle, (typed) => checkRiddle(typed, context.locale));
  if (!riddle.ok) return riddle;
  const channelId = await checkChannel(idIn(input.channelId), context);
  if (!channelId.ok) return channelId;
  const roleId = await checkRole(input, context);
  if (!roleId.ok) return roleId;
  const coins = await checkDigestCoins(input, current, context, context.locale);
  if (!coins.ok) return coins;

  const hasChannel = input.channelId !== undefined || current.digestChannelId !== null;
  if (input.enabled === true && !hasChannel)
    return rejected(say(context.locale, "set-digest.no-channel"));
  // Choosing the first channel switches the digest on; a digest that was switched off stays off.
  const startsNow = (stored: GuildSettings) =>
    input.enabled === undefined && input.channelId !== undefined && stored.digestEnabled === null;
  return accepted((stored) => {
    const list = coins.value?.edit(stored.digestCoins);
    return {
      change: {
        ...(startsNow(stored)
          ? { digestEnabled: true }
          : input.enabled !== undefined && { digestEnabled: input.enabled }),
        ...(channelId.value !== undefined && { digestChannelId: channelId.value }),
        ...(time.value !== undefined && { digestTime: time.value }),
        ...(zone.value !== undefined && { digestZone: zone.value }),
        ...(every.value !== undefined && { digestEvery: every.value }),
        ...(riddle.value !== undefined && { digestRiddle: riddle.value }),
        ...(roleId.value !== undefined && { digestRoleId: roleId.value }),
        ...(list?.ok === true && { digestCoins: list.value }),
      },
      notes: [...(coins.value?.notes ?? []), ...(list?.ok === false ? [list.sentence] : [])],
    };
  });
}

async function checkChannel(
  channelId: string | undefined,
  { guildId, directory, locale }: DigestInputContext,
): Promise<Checked<string | undefined>> {
  if (channelId === undefined) return accepted(undefined);
  const found = isId(channelId) ? await directory.channel(guildId, channelId) : UNKNOWN;
  if (!found.ok) return rejected(say(locale, `set-digest.channel.${found.reason}`));
  const { kind, name } = found.channel;
  return kind === "text" || kind === "announcement"
    ? accepted(channelId)
    : rejected(say(locale, "set-digest.channel-kind", { channel: echo(`#${name}`), kind }));
}

/** A typed value, null for `default`; undefined when nothing was typed. */
function checkChosen<Value>(
  typed: string | undefined,
  check: (typed: string) => Checked<Value>,
): Checked<Value | null | undefined> {
  if (typed === undefined) return accepted(undefined);
  return isDefaultWord(typed) ? accepted(null) : check(typed);
}

/** What `/config digest riddle:` offers. */
export const RIDDLE_CHOICES = (["on", "off"] as const).map((value) => ({
  name: (locale: string) => say(locale, `command.config.digest.riddle.${value}`),
  value,
}));

const OTHER_RIDDLE_WORDS: ReadonlyMap<string, "on" | "off"> = new Map([
  ["true", "on"],
  ["yes", "on"],
  ["false", "off"],
  ["no", "off"],
]);

function checkRiddle(typed: string, locale: string): Checked<boolean> {
  const chosen =
    OTHER_RIDDLE_WORDS.get(typed.trim().toLowerCase()) ??
    typedChoice(typed, RIDDLE_CHOICES, locale);
  return chosen !== undefined
    ? accepted(chosen === "on")
    : rejected(say(locale, "set-digest.riddle.unread", { typed: echo(typed) }));
}

/** The role to mention, null for nobody; undefined when it stays as it is. */
async function checkRole(
  { roleId: typed, noRole }: Pick<DigestInput, "roleId" | "noRole">,
  { guildId, directory, locale }: DigestInputContext,
): Promise<Checked<string | null | undefined>> {
  const roleId = idIn(typed);
  // The @everyone role has the server's id. The digest never mentions everyone: whoever chooses it
  // most likely wants no role.
  const isNobody = noRole === true || roleId === guildId;
  if (noRole === true && roleId !== undefined && roleId !== guildId)
    return rejected(say(locale, "set-digest.role-and-none"));
  if (isNobody) return accepted(null);
  if (roleId === undefined) return accepted(undefined);
  const found = isId(roleId) ? await directory.role(guildId, roleId) : UNKNOWN;
  return found.ok ? accepted(roleId) : rejected(say(locale, `set-digest.role.${found.reason}`));
}

const UNKNOWN = { ok: false, reason: "unknown" } as const;

/** The id in a mention of a channel or role; any other text as it is. */
function idIn(text: string | undefined): string | undefined {
  return text === undefined ? undefined : (/^<(?:#|@&)(\d+)>$/.exec(text)?.[1] ?? text);
}

/** Clients send only ids. A hand-written request may send anything, which would end up in a URL. */
function isId(text: string): boolean {
  return /^\d{15,20}$/.test(text);
}
