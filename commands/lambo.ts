import {
  ApplicationCommandOptionType,
  ApplicationIntegrationType,
  InteractionContextType,
} from "discord-api-types/v10";
import { suggestAmounts } from "../src/cards/amount-suggestions.ts";
import { answerCard, MENU_STAKES, OTHER_STAKE } from "../src/cards/answer-card.ts";
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
import type { CommandCall, ComponentCall, ModalCall } from "../src/discord/call.ts";
import { type ComponentHandler, defineCommand } from "../src/discord/command.ts";
import { DISCORD_LIMITS } from "../src/discord/limits.ts";
import { type CommandResult, replied, type Visibility } from "../src/discord/reply.ts";
import { say } from "../src/messages/say.ts";
import { coinLabel } from "../src/messages/wording.ts";
import { pictureSubject } from "../src/pictures/answer-subject.ts";
import type { Picture } from "../src/pictures/picture-maker.ts";
import { coinHash } from "../src/prices/coins/coin.ts";
import type { Ask } from "../src/prices/price-source.ts";
import {
  type AnswerSources,
  answerQuestion,
  type LamboAnswer,
  type LamboQuestion,
} from "../src/questions/answer.ts";
import type { CoinChoice } from "../src/questions/coin-choice.ts";
import { type AskedPurchase, purchaseOf, readStake } from "../src/questions/purchase.ts";
import type { Refusal } from "../src/questions/refusal.ts";
import type { Result } from "../src/result.ts";
import type { Services } from "../src/services.ts";
import { currencyOf, purchaseIn } from "../src/settings/amount-conversion.ts";
import {
  coinTextOn,
  ownCoinOn,
  settingsFor,
  usualPurchaseOf,
} from "../src/settings/effective-settings.ts";
import { carChoices, carValue, parseCarValue } from "../src/valuation/lambo-models.ts";

/** How price sources are asked: somebody is waiting. */
const ASK: Ask = { priority: "interactive" };

/** No picture is smaller than this: if less may be attached, none is drawn. */
const SMALLEST_PICTURE_BYTES = 10_000;

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

  visibility: (call, services) => (isPrivate(call, services) ? "private" : "public"),

  async run(call, services) {
    const { coin, amount, car: carKey } = call.options;
    const settings = settingsFor(call, services);
    const stake =
      amount === undefined ? undefined : readStake(amount, currencyOf(settings), call.locale);
    if (stake?.ok === false) return refusal(stake.refusal, call.locale);
    const usual = await usualPurchaseOf(settings, services.rates, ASK);
    const base = await inNamedCurrency(usual, stake?.currency, services);
    if (!base.ok) return refusal(base.refusal, call.locale);
    const asked = purchaseOf({ ...stake?.chosen, carKey }, base.asked);
    if (asked === undefined) return refusal({ reason: "unknown-car" }, call.locale);
    const choice: CoinChoice =
      coin === undefined
        ? { by: "chance", seed: call.interactionId }
        : { by: "text", text: coinTextOn(settings, coin) };
    return answer({ coin: choice, ...asked }, services, {
      locale: call.locale,
      isPrivate: isPrivate(call, services),
      isByChance: coin === undefined,
      attachmentLimitBytes: call.attachmentLimitBytes,
    });
  },

  async suggest(call, services) {
    const { coins } = services;
    const settings = settingsFor(call, services);
    if (call.focused.name === "amount")
      return suggestAmounts(call.focused.number ?? call.focused.text, {
        locale: call.locale,
        currency: currencyOf(settings),
        usual: await usualPurchaseOf(settings, services.rates, ASK),
      });
    const chosenId = ownCoinOn(settings, call.focused.text);
    const chosen = chosenId === undefined ? undefined : await coins.byHash(coinHash(chosenId), ASK);
    const others = coins
      .suggest(call.focused.text, DISCORD_LIMITS.choices)
      .filter(({ coin }) => coin.coinId !== chosen?.coinId);
    return [
      // What a symbol means on this server comes first.
      ...(chosen === undefined ? [] : [{ name: coinLabel(chosen), value: `id:${chosen.coinId}` }]),
      ...others.map(({ coin, value }) => ({
        name: coinLabel(coin),
        value: ownCoinOn(settings, value) === undefined ? value : `id:${coin.coinId}`,
      })),
    ].slice(0, DISCORD_LIMITS.choices);
  },

  components: {
    maths: {
      visibility: () => "private",
      run: (call, services) =>
        withQuestion(call, "maths", async (question) => {
          const outcome = await answerQuestion(question, services, ASK);
          return outcome.ok
            ? replied(mathsCard(outcome.answer, { locale: call.locale, now: services.now() }))
            : refusal(outcome.refusal, call.locale, question);
        }),
    },
    another: {
      visibility: menuVisibility,
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
      visibility: menuVisibility,
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

/** A purchase in the currency that was named with its stake, if any; refused without a rate. */
async function inNamedCurrency(
  asked: AskedPurchase,
  code: string | undefined,
  { rates }: Pick<Services, "rates">,
): Promise<Result<{ readonly asked: AskedPurchase }, { readonly refusal: Refusal }>> {
  if (code === undefined) return { ok: true, asked };
  const moved = await purchaseIn(code, asked, rates, ASK);
  return moved === undefined
    ? { ok: false, refusal: { reason: "no-rate", code } }
    : { ok: true, asked: moved };
}

function isPrivate(
  call: CommandCall<{ readonly private: boolean | undefined }>,
  services: Pick<Services, "settings">,
): boolean {
  return call.options.private ?? settingsFor(call, services).replies === "private";
}

/** Handles a menu under a card: the asker's choice edits it, anybody else gets a private copy. */
function menuHandler(
  control: Control,
  choose: (question: LamboQuestion, values: readonly string[]) => LamboQuestion | undefined,
): ComponentHandler {
  return {
    visibility: menuVisibility,
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
  const isCopy = menuVisibility(call) === "private";
  return {
    locale: call.locale,
    attachmentLimitBytes: call.attachmentLimitBytes,
    isPrivate: isCopy || call.isPrivate,
    isByChance: isByChance === true,
    ...(isShared && !isCopy && { sharedBy: call.userId }),
  };
}

function menuVisibility(call: ComponentCall | ModalCall): Visibility {
  return call.userId === call.askerId ? "edit" : "private";
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
  const outcome = await answerQuestion(question, services, ASK);
  if (!outcome.ok) return refusal(outcome.refusal, locale, question);
  const picture =
    attachmentLimitBytes < SMALLEST_PICTURE_BYTES
      ? undefined
      : await draw(outcome.answer, locale, services);
  const fits = picture !== undefined && picture.png.byteLength <= attachmentLimitBytes;
  return {
    kind: "reply",
    reply: answerCard(outcome.answer, {
      locale,
      isPrivate,
      picture: fits ? picture : undefined,
      now: services.now(),
      isByChance,
      sharedBy,
    }),
  };
}

/** The picture, or undefined when it cannot be drawn: the card is then sent without a picture. */
async function draw(
  lamboAnswer: LamboAnswer,
  locale: string,
  { pictures, log }: Pick<Services, "pictures" | "log">,
): Promise<Picture | undefined> {
  try {
    return await pictures.answer(pictureSubject(lamboAnswer, locale));
  } catch (error) {
    log.error(
      { err: error, coinId: lamboAnswer.coin.coinId },
      "the picture could not be made: the answer went out without it",
    );
    return undefined;
  }
}

function refusal(why: Refusal, locale: string, asked?: LamboQuestion): CommandResult {
  return { kind: "refusal", reply: refusalCard(why, { locale, asked }) };
}
