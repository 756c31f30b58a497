import type { CallOrigin } from "../discord/call.ts";
import { type Answer, answered, refused } from "../discord/reply.ts";
import type { Services } from "../services.ts";
import type { GuildSettings, GuildSettingsChange } from "../storage/guild-settings.ts";
import { US_DOLLARS } from "../valuation/currency.ts";
import { ASK, type ChangeServices, NOTHING_CHANGED, saveChange } from "./admin.ts";
import { checkAnswerInput } from "./answer-input.ts";
import { accepted, type Checked, type PreparedChange } from "./checked-input.ts";
import { confirmCard } from "./confirmation.ts";
import { savedCard } from "./settings-card.ts";

/** What `/config reset what:` calls the choices that it can take back one at a time. */
const RESETTABLE = {
  currency: "currency",
  amount: "stake",
  car: "car",
  replies: "replies",
  "digest channel": "digestChannelId",
  "digest time": "digestTime",
  "digest zone": "digestZone",
  "digest coins": "digestCoins",
  "digest mention": "digestRoleId",
} as const;

const EVERYTHING = "everything";

/** What `/config reset what:` offers. */
export const RESET_CHOICES: readonly string[] = [EVERYTHING, ...Object.keys(RESETTABLE)];

/** `/config reset`: takes one choice back at once, or asks before it takes everything back. */
export async function reset(
  guildId: string,
  what: string | undefined,
  call: Pick<CallOrigin, "userId" | "locale">,
  services: ChangeServices & Pick<Services, "rates">,
): Promise<Answer> {
  if (what === undefined || what === EVERYTHING) return askToReset(guildId, call, services);
  if (!isResettable(what))
    return refused(`There is no such choice: take one of the offered ones. ${NOTHING_CHANGED}`);
  const current = services.settings.read(guildId);
  const prepared = await prepareReset(what, current, call.locale, services);
  if (!prepared.ok) return refused(`${prepared.sentence} ${NOTHING_CHANGED}`);
  const { notes } = await saveChange(guildId, prepared.value, call, services);
  return answered(
    savedCard("Saved", [
      `The ${what} is back to its default. \`/config view\` shows everything.`,
      ...notes.map((note) => `ℹ️ ${note}`),
    ]),
  );
}

/** What the confirm button of a whole reset does. */
export async function resetEverything(
  guildId: string,
  call: Pick<CallOrigin, "userId">,
  { settings, now }: ChangeServices,
): Promise<Answer> {
  await settings.reset(guildId, { userId: call.userId, at: now() });
  return answered(
    savedCard("Reset", [
      "Everything is back to its default, and the digest is off. `/config history` still shows what was changed.",
    ]),
  );
}

function askToReset(
  guildId: string,
  { userId }: Pick<CallOrigin, "userId">,
  { now }: Pick<Services, "now">,
): Answer {
  return answered(
    confirmCard(
      {
        title: "Set everything back to its default?",
        text: "Currency, stake, car, replies, the meanings of symbols and the digest go back to their defaults; the digest is then off. `/config history` stays.",
        confirm: { label: "Reset everything", does: "reset" },
      },
      { guildId, userId, now: now() },
    ),
  );
}

async function prepareReset(
  what: keyof typeof RESETTABLE,
  current: GuildSettings,
  locale: string,
  { rates }: Pick<Services, "rates">,
): Promise<Checked<PreparedChange>> {
  const field = RESETTABLE[what];
  const change: GuildSettingsChange =
    field === "car" ? { carKey: null, carPrice: null } : { [field]: null };
  if (field !== "currency") return accepted(() => ({ change, notes: [] }));
  // Amounts typed in the currency that goes keep their worth; they do not become as many dollars.
  const toDollars = {
    currency: US_DOLLARS.code,
    amount: undefined,
    carKey: undefined,
    carPrice: undefined,
    replies: undefined,
  };
  const checked = await checkAnswerInput(toDollars, current, { rates, locale, ask: ASK });
  if (!checked.ok) return checked;
  return accepted((stored) => {
    const converted = checked.value(stored);
    return { change: { ...converted.change, ...change }, notes: converted.notes };
  });
}

function isResettable(what: string): what is keyof typeof RESETTABLE {
  return Object.hasOwn(RESETTABLE, what);
}
