import type { CallOrigin } from "../discord/call.ts";
import { type CommandResult, replied } from "../discord/reply.ts";
import { alternatives } from "../messages/lists.ts";
import { commandName, say } from "../messages/say.ts";
import type { Services } from "../services.ts";
import type { GuildSettings, GuildSettingsChange } from "../storage/guild-settings.ts";
import { US_DOLLARS } from "../valuation/currency.ts";
import { ASK, type ChangeServices, refusedChange, saveChange } from "./admin.ts";
import { checkAnswerInput } from "./answer-input.ts";
import { accepted, type Checked, type PreparedChange } from "./checked-input.ts";
import { askToConfirm } from "./confirmation.ts";
import { savedCard } from "./settings-card.ts";
import { typedChoice } from "./typed-choice.ts";
import { undoRow } from "./undo.ts";

/** The choices that `/config reset what:` can reset one at a time, by name. */
const RESETTABLE = {
  currency: { field: "currency", name: "reset.currency" },
  amount: { field: "stake", name: "reset.amount" },
  car: { field: "car", name: "reset.car" },
  replies: { field: "replies", name: "reset.replies" },
  language: { field: "language", name: "reset.language" },
  "digest channel": { field: "digestChannelId", name: "reset.digest-channel" },
  "digest time": { field: "digestTime", name: "reset.digest-time" },
  "digest zone": { field: "digestZone", name: "reset.digest-zone" },
  "digest days": { field: "digestEvery", name: "reset.digest-days" },
  "digest riddle": { field: "digestRiddle", name: "reset.digest-riddle" },
  "digest coins": { field: "digestCoins", name: "reset.digest-coins" },
  "digest mention": { field: "digestRoleId", name: "reset.digest-mention" },
} as const;

const EVERYTHING = "everything" as const;
const EVERYTHING_NAME = "reset.everything";

/** What the options of `/config` are called, for the choices that have another name. */
const OTHER_NAMES: Readonly<Record<string, keyof typeof RESETTABLE>> = {
  stake: "amount",
  "car-price": "car",
  channel: "digest channel",
  time: "digest time",
  zone: "digest zone",
  every: "digest days",
  "digest every": "digest days",
  rhythm: "digest days",
  riddle: "digest riddle",
  coins: "digest coins",
  role: "digest mention",
  "digest role": "digest mention",
};

/** What `/config reset what:` offers. */
export const RESET_CHOICES = [
  { name: (locale: string) => say(locale, EVERYTHING_NAME), value: EVERYTHING },
  ...Object.keys(RESETTABLE)
    .filter(isResettable)
    .map((value) => ({
      name: (locale: string) => say(locale, RESETTABLE[value].name),
      value,
    })),
];

const OPTIONS = Object.entries(OTHER_NAMES).map(([option, value]) => ({
  name: (locale: string) => commandName(locale, option),
  value,
}));

/**
 * `/config reset`: resets one choice at once, or asks for confirmation before resetting everything.
 */
export async function reset(
  guildId: string,
  what: string | undefined,
  call: Pick<CallOrigin, "userId" | "locale">,
  services: ChangeServices & Pick<Services, "rates">,
): Promise<CommandResult> {
  const choice = what === undefined ? EVERYTHING : choiceOf(what, call.locale);
  if (choice === EVERYTHING) return askToReset(guildId, call, services);
  if (choice === undefined)
    return refusedChange(
      say(call.locale, "reset.unknown", {
        choices: alternatives(
          ([EVERYTHING_NAME, ...Object.values(RESETTABLE).map(({ name }) => name)] as const).map(
            (name) => say(call.locale, name),
          ),
          call.locale,
        ),
      }),
      call.locale,
    );
  const current = services.settings.read(guildId);
  const prepared = await prepareReset(choice, current, call.locale, services);
  if (!prepared.ok) return refusedChange(prepared.sentence, call.locale);
  const { notes, changeId } = await saveChange(guildId, prepared.value, call, services);
  return replied({
    ...savedCard(
      say(call.locale, "config.saved"),
      [
        say(call.locale, "reset.done.one", { what: say(call.locale, RESETTABLE[choice].name) }),
        ...notes.map((note) => say(call.locale, "config.note", { note })),
      ],
      call.locale,
    ),
    components: undoRow(guildId, changeId, call.locale),
  });
}

/** What the confirm button of a whole reset does. */
export async function resetEverything(
  guildId: string,
  { userId, locale }: Pick<CallOrigin, "userId" | "locale">,
  { settings, now }: ChangeServices,
): Promise<CommandResult> {
  const { changeId } = await settings.reset(guildId, { userId, at: now() });
  return replied({
    ...savedCard(say(locale, "reset.done"), [say(locale, "reset.done.text")], locale),
    components: undoRow(guildId, changeId, locale),
  });
}

function askToReset(
  guildId: string,
  call: Pick<CallOrigin, "userId" | "locale">,
  services: Pick<Services, "now">,
): CommandResult {
  const { locale } = call;
  const question = {
    title: say(locale, "reset.confirm"),
    text: say(locale, "reset.confirm.text"),
    confirm: { label: say(locale, "reset.confirm.button"), does: "reset" },
  } as const;
  return askToConfirm(question, guildId, call, services);
}

async function prepareReset(
  what: keyof typeof RESETTABLE,
  current: GuildSettings,
  locale: string,
  { rates }: Pick<Services, "rates">,
): Promise<Checked<PreparedChange>> {
  const { field } = RESETTABLE[what];
  const change: GuildSettingsChange =
    field === "car" ? { carKey: null, carPrice: null } : { [field]: null };
  if (field !== "currency") return accepted(() => ({ change, notes: [] }));
  // Amounts typed in the removed currency keep their worth: €500 does not become $500.
  const toDollars = {
    currency: US_DOLLARS.code,
    amount: undefined,
    carKey: undefined,
    carPrice: undefined,
    replies: undefined,
    language: undefined,
  };
  const checked = await checkAnswerInput(toDollars, current, { rates, locale, ask: ASK });
  if (!checked.ok) return checked;
  return accepted((stored) => {
    const converted = checked.value(stored);
    return { change: { ...converted.change, ...change }, notes: converted.notes };
  });
}

function choiceOf(what: string, locale: string) {
  return typedChoice(what, RESET_CHOICES, locale) ?? typedChoice(what, OPTIONS, locale);
}

function isResettable(what: string): what is keyof typeof RESETTABLE {
  return Object.hasOwn(RESETTABLE, what);
}
