import {
  ApplicationCommandOptionType,
  ApplicationIntegrationType,
  InteractionContextType,
} from "discord-api-types/v10";
import { answerCard, MENU_STAKES, OTHER_STAKE } from "../src/cards/answer-card.ts";
import { cardPicture } from "../src/cards/card-picture.ts";
import {
  type CardTraits,
  type Control,
  type ControlId,
  parseCoinChoice,
  parseControlId,
} from "../src/cards/control-id.ts";
import { mathsCard } from "../src/cards/maths-card.ts";
import { refusalCard } from "../src/cards/refusal.ts";
import { STAKE_FIELD, stakeModal } from "../src/cards/stake-modal.ts";
import type { ComponentCall, ModalCall } from "../src/discord/call.ts";
import { type ComponentHandler, defineCommand, editOrCopy } from "../src/discord/command.ts";
import { type CommandResult, replied } from "../src/discord/reply.ts";
import { say } from "../src/messages/say.ts";
import { pictureSubject } from "../src/pictures/answer-subject.ts";
import { type AnswerSources, answerQuestion, type LamboQuestion } from "../src/questions/answer.ts";
import type { CoinChoice } from "../src/questions/coin-choice.ts";
import { readStake } from "../src/questions/purchase.ts";
import type { Refusal } from "../src/questions/refusal.ts";
import type { Services } from "../src/services.ts";
import { coinTextOn, settingsFor } from "../src/settings/effective-settings.ts";
import {
  inNamedCurrency,
  isPrivateFor,
  MEMBER_ASK,
  purchaseOn,
  suggestCoins,
  suggestStakes,
} from "../src/settings/member-question.ts";
import { carChoices, carValue, parseCarValue } from "../src/valuation/lambo-models.ts";

/** `/lambo`: values one purchase, from the coin's listing to the last month. */
export const lambo = defineCommand({
  name: "lambo",
  description: say("command.lambo"),
  integrationTypes: [
    ApplicationIntegrationType.GuildInstall,
    ApplicationIntegrationType.UserInstall,
  ],
  contexts: [
    InteractionContextType.Guild,
    InteractionContextType.BotDM,
    InteractionContextType.PrivateChannel,
  ],
  options: {
    coin: {
      type: ApplicationCommandOptionType.String,
      description: say("command.lambo.coin"),
      autocomplete: true,
      // The address of a coin's page may be pasted here.
      maxLength: 300,
    },
    amount: {
      type: ApplicationCommandOptionType.String,
      description: say("command.lambo.amount"),
      autocomplete: true,
      maxLength: 100,
      orNumber: true,
    },
    car: {
      type: ApplicationCommandOptionType.String,
      description: say("command.lambo.car"),
      choices: carChoices(),
    },
    private: {
      type: ApplicationCommandOptionType.Boolean,
      description: say("command.lambo.private"),
    },
  },

  visibility: (call, services) => (isPrivateFor(call, services) ? "private" : "public"),

  async run(call, services) {
    const { coin } = call.options;
    const purchase = await purchaseOn(call, services);
    if (!purchase.ok) return refusal(purchase.refusal, call.locale);
    const choice: CoinChoice =
      coin === undefined
        ? { by: "chance", seed: call.interactionId }
        : { by: "text", text: coinTextOn(settingsFor(call, services), coin) };
    return answer({ coin: choice, ...purchase.asked }, services, {
      locale: call.locale,
      isPrivate: isPrivateFor(call, services),
      isByChance: coin === undefined,
      attachmentLimitBytes: call.attachmentLimitBytes,
    });
  },

  suggest: (call, services) =>
    call.focused.name === "amount" ? suggestStakes(call, services) : suggestCoins(call, services),

  components: {
    maths: {
      visibility: () => "private",
      run: (call, services) =>
        withQuestion(call, "maths", async (question) => {
          const outcome = await answerQuestion(question, services, MEMBER_ASK);
          return outcome.ok
            ? replied(mathsCard(outcome.answer, { locale: call.locale, now: services.now() }))
            : refusal(outcome.refusal, call.locale, question);
        }),
    },
    another: {
      visibility: editOrCopy,
      run: (call, services) =>
        withQuestion(call, "another", (question, id) => {
          const coin: CoinChoice = {
            by: "chance",
            seed: call.interactionId,
            ...(id.coinHash !== null && { otherThan: id.coinHash }),
          };
          return answer({ ...question, coin }, services, showingOf(call, id));
        }),
    },
    share: {
      visibility: () => "public",
      run: (call, services) =>
        withQuestion(call, "share", (question, { isByChance }) =>
          answer(question, services, {
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
      ...menuHandler("stake", (question, [value = ""]) => {
        const stake = [...MENU_STAKES, question.stake].find((offered) => String(offered) === value);
        return stake === undefined ? undefined : { ...question, stake };
      }),
    },
    car: menuHandler("car", (question, [value = ""]) => {
      const car = parseCarValue(value);
      // A custom price can be kept, but cannot come from a menu that never offered it.
      const isOffered =
        car !== undefined && (!("ownPrice" in car) || value === carValue(question.car));
      return isOffered ? { ...question, car } : undefined;
    }),
    coin: menuHandler("coin", (question, [value = ""]) => {
      const choice = parseCoinChoice(value);
      if (choice === undefined) return undefined;
      return {
        ...question,
        coin:
          "coinId" in choice
            ? { by: "text", text: `id:${choice.coinId}` }
            : { by: "hash", hash: choice.coinHash },
      };
    }),
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
          return answer(asked, services, showingOf(call, id));
        }),
    },
  },
});

/** Handles a menu under a card: the asker's choice edits it, anybody else gets a private copy. */
function menuHandler(
  control: Control,
  choose: (question: LamboQuestion, values: readonly string[]) => LamboQuestion | undefined,
): ComponentHandler {
  return {
    visibility: editOrCopy,
    run: (call, services) =>
      withQuestion(call, control, async (question, { isByChance, ...id }) => {
        const chosen = choose(question, call.values);
        if (chosen === undefined) return refusal({ reason: "outdated-control" }, call.locale);
        // Whoever has chosen a coin has left chance behind.
        const isKept = isByChance === true && chosen.coin === question.coin;
        return answer(chosen, services, showingOf(call, { ...id, ...(isKept && { isByChance }) }));
      }),
  };
}

/**
 * How to show what a menu made of a card: an edited card stays what it was, shared or by chance; a
 * private copy was shared by nobody.
 */
function showingOf(call: ComponentCall | ModalCall, { isByChance, isShared }: CardTraits): Showing {
  const isCopy = editOrCopy(call) === "private";
  return {
    locale: call.locale,
    attachmentLimitBytes: call.attachmentLimitBytes,
    isPrivate: isCopy || call.isPrivate,
    isByChance: isByChance === true,
    ...(isShared && !isCopy && { sharedBy: call.userId }),
  };
}

async function withQuestion(
  call: ComponentCall | ModalCall,
  control: Control,
  run: (question: LamboQuestion, id: ControlId) => Promise<CommandResult>,
): Promise<CommandResult> {
  const id = parseControlId(call.customId);
  if (id === undefined || id.control !== control)
    return refusal({ reason: "outdated-control" }, call.locale);
  return run(questionOf(id), id);
}

function questionOf({ coinHash, stake, currency, car }: ControlId): LamboQuestion {
  // Without a coin (the menu under a refusal), the menu's choice names one.
  return {
    coin: coinHash === null ? { by: "text", text: "" } : { by: "hash", hash: coinHash },
    stake,
    currency,
    car,
  };
}

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

/** Answers a question with a card or a refusal; the buttons of other messages use it too. */
export async function answer(
  question: LamboQuestion,
  services: AnswerSources & Pick<Services, "pictures" | "log">,
  { locale, isPrivate, attachmentLimitBytes, isByChance = false, sharedBy }: Showing,
): Promise<CommandResult> {
  const outcome = await answerQuestion(question, services, MEMBER_ASK);
  if (!outcome.ok) return refusal(outcome.refusal, locale, question);
  const picture = await cardPicture(
    () => services.pictures.answer(pictureSubject(outcome.answer, locale)),
    { attachmentLimitBytes, log: services.log, about: { coinId: outcome.answer.coin.coinId } },
  );
  return {
    kind: "reply",
    reply: answerCard(outcome.answer, {
      locale,
      isPrivate,
      picture,
      now: services.now(),
      isByChance,
      sharedBy,
    }),
  };
}

function refusal(why: Refusal, locale: string, asked?: LamboQuestion): CommandResult {
  return { kind: "refusal", reply: refusalCard(why, { locale, asked }) };
}
