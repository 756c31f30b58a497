import { cardPicture } from "../src/cards/card-picture.ts";
import { refusalCard } from "../src/cards/refusal-card.ts";
import { wenCard } from "../src/cards/wen-card.ts";
import { defineCommand, EVERYWHERE, editOrCopy } from "../src/discord/command.ts";
import type { CommandResult } from "../src/discord/reply.ts";
import { say } from "../src/messages/say.ts";
import { wenSubject } from "../src/pictures/wen-subject.ts";
import type { Refusal } from "../src/questions/refusal.ts";
import { answerWen, type WenQuestion } from "../src/questions/wen.ts";
import type { Services } from "../src/services.ts";
import {
  COIN_OPTION,
  coinOn,
  isPrivateFor,
  MEMBER_ASK,
  PURCHASE_OPTIONS,
  purchaseOn,
  suggestCoins,
  suggestStakes,
} from "../src/settings/member-question.ts";
import {
  purchaseControls,
  type Showing,
  showingOf,
  withQuestion,
} from "../src/settings/purchase-controls.ts";
import { answer as lamboCard } from "./lambo.ts";

const controls = purchaseControls(answer);

/** `/wen`: the price that one coin would have to be worth for one Lambo. */
export const wen = defineCommand({
  name: "wen",
  description: (locale) => say(locale, "command.wen"),
  ...EVERYWHERE,
  options: {
    coin: COIN_OPTION,
    ...PURCHASE_OPTIONS,
  },

  visibility: (call, services) => (isPrivateFor(call, services) ? "private" : "public"),

  async run(call, services) {
    const purchase = await purchaseOn(call, services);
    if (!purchase.ok) return refusal(purchase.refusal, call.locale);
    const coin = coinOn(call, services);
    return answer({ coin, ...purchase.asked }, services, {
      locale: call.locale,
      isPrivate: isPrivateFor(call, services),
      isByChance: coin.by === "chance",
      attachmentLimitBytes: call.attachmentLimitBytes,
    });
  },

  suggest: (call, services) =>
    call.focused.name === "amount" ? suggestStakes(call, services) : suggestCoins(call, services),

  components: {
    lambo: {
      visibility: editOrCopy,
      run: (call, services) =>
        withQuestion(call, "lambo", (question, id) =>
          lamboCard(question, services, showingOf(call, id)),
        ),
    },
    ...controls.components,
  },

  modals: controls.modals,
});

async function answer(
  question: WenQuestion,
  services: Services,
  { attachmentLimitBytes, ...showing }: Showing,
): Promise<CommandResult> {
  const outcome = await answerWen(question, services, MEMBER_ASK);
  if (!outcome.ok) return refusal(outcome.refusal, showing.locale, question);
  const picture = await cardPicture(
    () => services.pictures.wen(wenSubject(outcome.answer, showing.locale)),
    { attachmentLimitBytes, log: services.log, about: { coinId: outcome.answer.coin.coinId } },
  );
  return {
    kind: "reply",
    reply: wenCard(outcome.answer, { ...showing, picture, now: services.now() }),
  };
}

function refusal(why: Refusal, locale: string, asked?: WenQuestion): CommandResult {
  return { kind: "refusal", reply: refusalCard(why, { locale, asked, command: "wen" }) };
}
