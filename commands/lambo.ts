import { ApplicationCommandOptionType } from "discord-api-types/v10";
import { answerCard } from "../src/cards/answer-card.ts";
import { cardPicture } from "../src/cards/card-picture.ts";
import { mathsCard } from "../src/cards/maths-card.ts";
import { refusalCard } from "../src/cards/refusal-card.ts";
import { defineCommand, EVERYWHERE } from "../src/discord/command.ts";
import { type CommandResult, replied } from "../src/discord/reply.ts";
import { say } from "../src/messages/say.ts";
import { pictureSubject } from "../src/pictures/answer-subject.ts";
import { type AnswerSources, answerQuestion, type LamboQuestion } from "../src/questions/answer.ts";
import { pagePath } from "../src/questions/page-address.ts";
import type { Refusal } from "../src/questions/refusal.ts";
import type { Services } from "../src/services.ts";
import {
  boughtBy,
  COIN_OPTION,
  coinOn,
  isPrivateFor,
  MEMBER_ASK,
  PURCHASE_OPTIONS,
  purchaseOn,
  suggestCoins,
  suggestDays,
  suggestStakes,
} from "../src/settings/member-question.ts";
import { purchaseControls, type Showing, withQuestion } from "../src/settings/purchase-controls.ts";

const controls = purchaseControls(answer);

/** `/lambo`: values one purchase, from the coin's listing to the last month. */
export const lambo = defineCommand({
  name: "lambo",
  description: (locale) => say(locale, "command.lambo"),
  ...EVERYWHERE,
  options: {
    coin: COIN_OPTION,
    amount: PURCHASE_OPTIONS.amount,
    bought: {
      type: ApplicationCommandOptionType.String,
      description: (locale) => say(locale, "command.lambo.bought"),
      autocomplete: true,
      maxLength: 100,
    },
    car: PURCHASE_OPTIONS.car,
    private: PURCHASE_OPTIONS.private,
  },

  visibility: (call, services) => (isPrivateFor(call, services) ? "private" : "public"),

  async run(call, services) {
    const purchase = await purchaseOn(call, services);
    if (!purchase.ok) return refusal(purchase.refusal, call.locale);
    const day = boughtBy(call, services);
    if (!day.ok) return refusal(day.refusal, call.locale);
    const { bought } = day;
    const asked = { ...purchase.asked, ...(bought !== undefined && { bought }) };
    const coin = coinOn(call, services);
    return answer({ coin, ...asked }, services, {
      locale: call.locale,
      isPrivate: isPrivateFor(call, services),
      isByChance: coin.by === "chance",
      attachmentLimitBytes: call.attachmentLimitBytes,
    });
  },

  async suggest(call, services) {
    switch (call.focused.name) {
      case "amount":
        return suggestStakes(call, services);
      case "bought":
        return suggestDays(call, services);
      default:
        return suggestCoins(call, services);
    }
  },

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
    // A button under other commands' cards, which opens the card of one coin.
    open: {
      visibility: () => "private",
      run: (call, services) =>
        withQuestion(call, "open", (question) =>
          answer(question, services, { ...call, isPrivate: true }),
        ),
    },
    ...controls.components,
  },

  modals: controls.modals,
});

/** Answers a question with a card or a refusal; the buttons of other messages use it too. */
export async function answer(
  question: LamboQuestion,
  services: AnswerSources & Pick<Services, "coins" | "pictures" | "pages" | "log">,
  { locale, isPrivate, attachmentLimitBytes, isByChance = false, sharedBy }: Showing,
): Promise<CommandResult> {
  const outcome = await answerQuestion(question, services, MEMBER_ASK);
  if (!outcome.ok) return refusal(outcome.refusal, locale, question);
  const picture = await cardPicture(
    () => services.pictures.answer(pictureSubject(outcome.answer, locale)),
    { attachmentLimitBytes, log: services.log, about: { coinId: outcome.answer.coin.coinId } },
  );
  const { publicUrl } = services.pages;
  return {
    kind: "reply",
    reply: answerCard(outcome.answer, {
      locale,
      isPrivate,
      picture,
      pageUrl: publicUrl && `${publicUrl}${pagePath(outcome.answer, services.coins)}`,
      now: services.now(),
      isByChance,
      sharedBy,
    }),
  };
}

function refusal(why: Refusal, locale: string, asked?: LamboQuestion): CommandResult {
  return { kind: "refusal", reply: refusalCard(why, { locale, asked }) };
}
