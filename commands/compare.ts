import { ApplicationCommandOptionType } from "discord-api-types/v10";
import { cardPicture } from "../src/cards/card-picture.ts";
import { comparisonCard, comparisonRefusalCard } from "../src/cards/comparison-card.ts";
import {
  type ComparisonControlId,
  parseComparisonControlId,
  parseOpenCoinId,
} from "../src/cards/comparison-control-id.ts";
import type { ComponentCall } from "../src/discord/call.ts";
import { defineCommand, EVERYWHERE, editOrCopy } from "../src/discord/command.ts";
import type { CommandResult } from "../src/discord/reply.ts";
import { ENGLISH, say } from "../src/messages/say.ts";
import { comparisonSubject } from "../src/pictures/comparison-subject.ts";
import {
  type ComparisonQuestion,
  compareCoins,
  MAX_COMPARED,
} from "../src/questions/comparison.ts";
import type { Refusal } from "../src/questions/refusal.ts";
import type { Services } from "../src/services.ts";
import {
  coinsOn,
  isPrivateFor,
  MEMBER_ASK,
  PURCHASE_OPTIONS,
  purchaseOn,
  suggestSeveralCoins,
  suggestStakes,
} from "../src/settings/member-question.ts";
import { chosenCoin, type Showing, showingOf } from "../src/settings/purchase-controls.ts";
import { answer } from "./lambo.ts";

const coinOption = (description: string) =>
  ({
    type: ApplicationCommandOptionType.String,
    description,
    autocomplete: true,
    // Several coins, or the addresses of their pages, may be typed into one option.
    maxLength: 600,
  }) as const;

/** `/compare`: the same purchase of two to four coins. */
export const compare = defineCommand({
  name: "compare",
  description: (locale) => say(locale, "command.compare"),
  ...EVERYWHERE,
  options: {
    coin: { ...coinOption(say(ENGLISH, "command.compare.coin")), required: true },
    against: { ...coinOption(say(ENGLISH, "command.compare.against")), required: true },
    third: coinOption(say(ENGLISH, "command.compare.third")),
    fourth: coinOption(say(ENGLISH, "command.compare.fourth")),
    ...PURCHASE_OPTIONS,
    amount: {
      ...PURCHASE_OPTIONS.amount,
      description: (locale) => say(locale, "command.compare.amount"),
    },
  },

  visibility: (call, services) => (isPrivateFor(call, services) ? "private" : "public"),

  async run(call, services) {
    const { coin, against, third, fourth } = call.options;
    const purchase = await purchaseOn(call, services);
    if (!purchase.ok) return refusal(purchase.refusal, call.locale);
    const typed = [coin, against, third, fourth].flatMap((text) => text ?? []);
    const coins = await coinsOn(call, typed, services);
    return show({ coins, from: "each", ...purchase.asked }, services, {
      locale: call.locale,
      isPrivate: isPrivateFor(call, services),
      attachmentLimitBytes: call.attachmentLimitBytes,
    });
  },

  suggest: (call, services) =>
    call.focused.name === "amount"
      ? suggestStakes(call, services)
      : suggestSeveralCoins(call, services, MAX_COMPARED),

  components: {
    from: {
      visibility: editOrCopy,
      run: (call, services) =>
        withQuestion(call, "from", (question, id) => show(question, services, showingOf(call, id))),
    },
    coins: {
      visibility: editOrCopy,
      run: (call, services) =>
        withQuestion(call, "coins", async (question, id) => {
          const chosen = call.values.flatMap((value) => chosenCoin(value) ?? []);
          if (chosen.length === 0 || chosen.length < call.values.length)
            return refusal({ reason: "outdated-control" }, call.locale);
          const coins = [...question.coins, ...chosen];
          return show({ ...question, coins }, services, showingOf(call, id));
        }),
    },
    share: {
      visibility: () => "public",
      run: (call, services) =>
        withQuestion(call, "share", (question) =>
          show(question, services, { ...call, isPrivate: false, sharedBy: call.userId }),
        ),
    },
    open: {
      visibility: () => "private",
      async run(call, services) {
        const id = parseOpenCoinId(call.customId);
        if (id === undefined) return refusal({ reason: "outdated-control" }, call.locale);
        const { coinHash, boughtOn, ...asked } = id;
        const bought = boughtOn === null ? {} : { bought: { by: "day", on: boughtOn } as const };
        return answer({ coin: { by: "hash", hash: coinHash }, ...asked, ...bought }, services, {
          ...call,
          isPrivate: true,
        });
      },
    },
  },
});

/** Answers a question with a card or a refusal. */
async function show(
  question: ComparisonQuestion,
  services: Services,
  { locale, isPrivate, attachmentLimitBytes, sharedBy }: Showing,
): Promise<CommandResult> {
  const outcome = await compareCoins(question, services, MEMBER_ASK);
  if (!outcome.ok) return refusal(outcome.refusal, locale, question);
  const { comparison } = outcome;
  const picture = await cardPicture(
    () => services.pictures.comparison(comparisonSubject(comparison, locale)),
    {
      attachmentLimitBytes,
      log: services.log,
      about: { coinIds: comparison.answers.map(({ coin }) => coin.coinId) },
    },
  );
  const options = { locale, isPrivate, picture, now: services.now(), sharedBy };
  return { kind: "reply", reply: comparisonCard(comparison, options) };
}

async function withQuestion(
  call: ComponentCall,
  control: ComparisonControlId["control"],
  run: (question: ComparisonQuestion, id: ComparisonControlId) => Promise<CommandResult>,
): Promise<CommandResult> {
  const id = parseComparisonControlId(call.customId);
  if (id === undefined || id.control !== control)
    return refusal({ reason: "outdated-control" }, call.locale);
  const { coinHashes, stake, currency, car, from } = id;
  const coins = coinHashes.map((hash) => ({ by: "hash", hash }) as const);
  return run({ coins, stake, currency, car, from }, id);
}

function refusal(why: Refusal, locale: string, asked?: ComparisonQuestion): CommandResult {
  return { kind: "refusal", reply: comparisonRefusalCard(why, { locale, asked }) };
}
