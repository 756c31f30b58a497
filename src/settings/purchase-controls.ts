import { MENU_STAKES, OTHER_STAKE } from "../cards/coin-card.ts";
import {
  type CardTraits,
  type Control,
  type ControlId,
  parseCoinChoice,
  parseControlId,
} from "../cards/control-id.ts";
import { refusalCard } from "../cards/refusal-card.ts";
import { STAKE_FIELD, stakeModal } from "../cards/stake-modal.ts";
import type { ComponentCall, ModalCall } from "../discord/call.ts";
import { type ComponentHandler, editOrCopy, type ModalHandler } from "../discord/command.ts";
import type { CommandResult } from "../discord/reply.ts";
import { coinHash } from "../prices/coins/coin.ts";
import type { LamboQuestion } from "../questions/answer.ts";
import type { Bought } from "../questions/bought.ts";
import type { CoinChoice } from "../questions/coin-choice.ts";
import { readStake } from "../questions/purchase.ts";
import type { Refusal } from "../questions/refusal.ts";
import type { Services } from "../services.ts";
import { carValue, parseCarValue } from "../valuation/lambo-models.ts";
import { inNamedCurrency } from "./member-question.ts";

/** How to show an answer: in whose locale, to whom, and with files up to what size. */
export type Showing = {
  readonly locale: string;
  readonly isPrivate: boolean;
  readonly attachmentLimitBytes: number;
  /** Whether the coin was chosen by chance. */
  readonly isByChance?: boolean;
  /** Who shared the card, by id. */
  readonly sharedBy?: string;
};

/** Answers the question of a card with a new card, or a refusal. */
export type ShowCard = (
  question: LamboQuestion,
  services: Services,
  showing: Showing,
) => Promise<CommandResult>;

/**
 * What the menus under a card about a purchase do, and its buttons for another coin and to share;
 * `show` answers anew. The asker's choice edits the card, anybody else gets a private copy.
 */
export function purchaseControls(show: ShowCard): {
  readonly components: Readonly<
    Record<"another" | "share" | "stake" | "car" | "coin", ComponentHandler>
  >;
  readonly modals: Readonly<Record<"stake", ModalHandler>>;
} {
  const menuHandler = (control: Control, choose: Choose): ComponentHandler => ({
    visibility: editOrCopy,
    run: (call, services) =>
      withQuestion(call, control, async (question, { isByChance, ...id }) => {
        const chosen = choose(question, call.values);
        if (chosen === undefined) return refusal({ reason: "outdated-control" }, call.locale);
        // Whoever has chosen a coin has left chance behind.
        const isKept = isByChance === true && chosen.coin === question.coin;
        return show(chosen, services, showingOf(call, { ...id, ...(isKept && { isByChance }) }));
      }),
  });
  return {
    components: {
      another: {
        visibility: editOrCopy,
        run: (call, services) =>
          withQuestion(call, "another", (question, id) => {
            const coin: CoinChoice = {
              by: "chance",
              seed: call.interactionId,
              ...(id.coinHash !== null && { otherThan: [id.coinHash] }),
            };
            return show({ ...question, coin }, services, showingOf(call, id));
          }),
      },
      share: {
        visibility: () => "public",
        run: (call, services) =>
          withQuestion(call, "share", (question, { isByChance }) =>
            show(question, services, {
              ...call,
              isPrivate: false,
              isByChance: isByChance === true,
              sharedBy: call.userId,
            }),
          ),
      },
      stake: {
        modal(call) {
          const id = parseControlId(call.customId);
          const isOther = call.values[0] === OTHER_STAKE && id?.control === "stake";
          return isOther ? stakeModal(id, call.locale) : undefined;
        },
        ...menuHandler("stake", withStake),
      },
      car: menuHandler("car", withCar),
      coin: menuHandler("coin", withCoin),
    },
    modals: {
      stake: {
        visibility: editOrCopy,
        run: (call, services) =>
          withQuestion(call, "stake", async (question, id) => {
            const typed = call.fields.get(STAKE_FIELD) ?? "";
            const stake = readStake(typed, question.currency, call.locale);
            if (!stake.ok) return refusal(stake.refusal, call.locale);
            const base = await inNamedCurrency(question, stake.currency, services);
            if (!base.ok) return refusal(base.refusal, call.locale);
            const asked = { ...question, ...base.asked, ...stake.chosen };
            return show(asked, services, showingOf(call, id));
          }),
      },
    },
  };
}

/** The question with what was chosen in a menu; undefined for what the menu never offered. */
type Choose = (question: LamboQuestion, values: readonly string[]) => LamboQuestion | undefined;

const withStake: Choose = (question, [value = ""]) => {
  const stake = [...MENU_STAKES, question.stake].find((offered) => String(offered) === value);
  return stake === undefined ? undefined : { ...question, stake };
};

const withCar: Choose = (question, [value = ""]) => {
  const car = parseCarValue(value);
  // A custom price can be kept, but cannot come from a menu that never offered it.
  const isOffered = car !== undefined && (!("ownPrice" in car) || value === carValue(question.car));
  return isOffered ? { ...question, car } : undefined;
};

const withCoin: Choose = (question, [value = ""]) => {
  const coin = chosenCoin(value);
  return coin === undefined ? undefined : { ...question, coin };
};

/** The coin that was chosen in a menu; undefined for a value that no menu has. */
export function chosenCoin(value: string): CoinChoice | undefined {
  const choice = parseCoinChoice(value);
  if (choice === undefined) return undefined;
  // By its hash even where its id is known: an id that is gone would be called a misspelt name.
  return { by: "hash", hash: "coinId" in choice ? coinHash(choice.coinId) : choice.coinHash };
}

/**
 * How to show what a menu made of a card: an edited card stays what it was, shared or by chance; a
 * private copy was shared by nobody.
 */
export function showingOf(
  call: ComponentCall | ModalCall,
  { isByChance, isShared }: CardTraits,
): Showing {
  const isCopy = editOrCopy(call) === "private";
  return {
    locale: call.locale,
    attachmentLimitBytes: call.attachmentLimitBytes,
    isPrivate: isCopy || call.isPrivate,
    isByChance: isByChance === true,
    ...(isShared && !isCopy && { sharedBy: call.userId }),
  };
}

/** Runs with the question of the card that a control is on; refused for ids that are not ours. */
export async function withQuestion(
  call: ComponentCall | ModalCall,
  control: Control,
  run: (question: LamboQuestion, id: ControlId) => Promise<CommandResult>,
): Promise<CommandResult> {
  const id = parseControlId(call.customId);
  if (id === undefined || id.control !== control)
    return refusal({ reason: "outdated-control" }, call.locale);
  return run(questionOf(id, editOrCopy(call) === "private"), id);
}

function questionOf(
  { coinHash, stake, currency, car, bought }: ControlId,
  isCopy: boolean,
): LamboQuestion {
  // Without a coin (the menu under a refusal), the menu's choice names one.
  return {
    coin: coinHash === null ? { by: "text", text: "" } : { by: "hash", hash: coinHash },
    stake,
    currency,
    car,
    ...(bought !== undefined && { bought: isCopy ? asPlainDay(bought) : bought }),
  };
}

/** In a copy for somebody else, the day on which the asker joined is a day like any other. */
function asPlainDay(bought: Bought): Bought {
  return "on" in bought ? { by: "day", on: bought.on } : bought;
}

function refusal(why: Refusal, locale: string): CommandResult {
  return { kind: "refusal", reply: refusalCard(why, { locale }) };
}
