import { ApplicationCommandOptionType, ApplicationIntegrationType, InteractionContextType } from "discord-api-types/v10";
import {
  answerQuestion,
  type CoinChoice,
  DEFAULT_STAKE_USD,
  type LamboAnswer,
  type LamboQuestion,
  type Refusal,
  STAKE_LIMITS_USD,
} from "../src/answer.ts";
import { answerCard, MENU_STAKES_USD } from "../src/cards/answer-card.ts";
import { type Control, type ControlId, parseCoinChoice, parseControlId } from "../src/cards/control-id.ts";
import { mathsCard } from "../src/cards/maths-card.ts";
import type { Picture } from "../src/cards/picture.ts";
import { refusalCard } from "../src/cards/refusal.ts";
import { coinLabel } from "../src/cards/wording.ts";
import { type Answer, type ComponentCall, type ComponentHandler, defineCommand, type Visibility } from "../src/discord/command.ts";
import type { Services } from "../src/services.ts";
import { AVERAGE_LAMBO, findLamboModel, LAMBO_MODELS } from "../src/valuation/lambo-models.ts";

const MAX_SUGGESTIONS = 25;

/** `/lambo`: values one purchase, from the coin's listing to the last month. */
export const lambo = defineCommand({
  name: "lambo",
  description: "If you had bought a coin when it was first listed: could you buy a Lamborghini today?",
  integrationTypes: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
  contexts: [InteractionContextType.Guild, InteractionContextType.BotDM, InteractionContextType.PrivateChannel],
  options: {
    coin: {
      type: ApplicationCommandOptionType.String,
      description: "Name or symbol; left out: a surprise from the hundred largest",
      autocomplete: true,
      maxLength: 100,
    },
    amount: {
      type: ApplicationCommandOptionType.Number,
      description: `What you would have spent, in US dollars (${DEFAULT_STAKE_USD.toLocaleString("en-US")} when left out)`,
      minValue: STAKE_LIMITS_USD.min,
      maxValue: STAKE_LIMITS_USD.max,
    },
    car: {
      type: ApplicationCommandOptionType.String,
      description: "Which Lamborghini to count in",
      choices: LAMBO_MODELS.map(({ key, name, priceUsd }) => ({ name: `${name} · $${priceUsd.toLocaleString("en-US")}`, value: key })),
    },
    private: { type: ApplicationCommandOptionType.Boolean, description: "Show the answer to you alone" },
  },

  visibility: ({ options }) => (options.private === true ? "private" : "public"),

  async run(call, services) {
    const { coin, amount = DEFAULT_STAKE_USD, car: carKey = AVERAGE_LAMBO.key } = call.options;
    const car = findLamboModel(carKey);
    if (car === undefined) return refusal({ reason: "unknown-car" }, call.locale);
    const choice: CoinChoice = coin === undefined ? { by: "chance", seed: call.interactionId } : { by: "text", text: coin };
    return answer({ coin: choice, stakeUsd: amount, car }, services, {
      locale: call.locale,
      isPrivate: call.options.private === true,
      attachmentLimitBytes: call.attachmentLimitBytes,
    });
  },

  async suggest(call, { coins }) {
    return coins.suggest(call.focused.text, MAX_SUGGESTIONS).map(({ coin, value }) => ({ name: coinLabel(coin), value }));
  },

  components: {
    maths: {
      visibility: () => "private",
      run: (call, services) =>
        withQuestion(call, "maths", async (question) => {
          const outcome = await answerQuestion(question, services, { priority: "interactive" });
          return outcome.ok
            ? { kind: "answer", reply: mathsCard(outcome.answer, { locale: call.locale }) }
            : refusal(outcome.refusal, call.locale, question);
        }),
    },
    share: {
      visibility: () => "public",
      run: (call, services) => withQuestion(call, "share", (question) => answer(question, services, { ...call, isPrivate: false })),
    },
    stake: menuHandler("stake", (question, [value = ""]) => {
      const stakeUsd = MENU_STAKES_USD.find((stake) => String(stake) === value);
      return stakeUsd === undefined ? undefined : { ...question, stakeUsd };
    }),
    car: menuHandler("car", (question, [value = ""]) => {
      const car = LAMBO_MODELS.find(({ key }) => key === value);
      return car === undefined ? undefined : { ...question, car };
    }),
    coin: menuHandler("coin", (question, [value = ""]) => {
      const choice = parseCoinChoice(value);
      if (choice === undefined) return undefined;
      return {
        ...question,
        coin: "coinId" in choice ? { by: "text", text: `id:${choice.coinId}` } : { by: "hash", hash: choice.coinHash },
      };
    }),
  },
});

/** A menu under a card: the asker's choice edits the card, anybody else gets a private copy. */
function menuHandler(
  control: Control,
  choose: (question: LamboQuestion, values: readonly string[]) => LamboQuestion | undefined,
): ComponentHandler {
  return {
    visibility: menuVisibility,
    run: (call, services) =>
      withQuestion(call, control, async (question) => {
        const chosen = choose(question, call.values);
        if (chosen === undefined) return refusal({ reason: "outdated-control" }, call.locale);
        return answer(chosen, services, { ...call, isPrivate: menuVisibility(call) === "private" || call.isPrivate });
      }),
  };
}

function menuVisibility(call: ComponentCall): Visibility {
  return call.userId === call.askerId ? "edit" : "private";
}

async function withQuestion(call: ComponentCall, control: Control, run: (question: LamboQuestion) => Promise<Answer>): Promise<Answer> {
  const id = parseControlId(call.customId);
  if (id === undefined || id.control !== control) return refusal({ reason: "outdated-control" }, call.locale);
  return run(questionOf(id));
}

function questionOf({ coinHash, stakeUsd, car }: ControlId): LamboQuestion {
  // Without a coin (the menu under a refusal) the choice that follows names one.
  return { coin: coinHash === null ? { by: "text", text: "" } : { by: "hash", hash: coinHash }, stakeUsd, car };
}

type Showing = { readonly locale: string; readonly isPrivate: boolean; readonly attachmentLimitBytes: number };

async function answer(question: LamboQuestion, services: Services, { locale, isPrivate, attachmentLimitBytes }: Showing): Promise<Answer> {
  const outcome = await answerQuestion(question, services, { priority: "interactive" });
  if (!outcome.ok) return refusal(outcome.refusal, locale, question);
  const picture = await draw(outcome.answer, locale, services);
  const fits = picture !== undefined && picture.png.byteLength <= attachmentLimitBytes;
  return {
    kind: "answer",
    reply: answerCard(outcome.answer, { locale, isPrivate, picture: fits ? picture : undefined, now: services.now() }),
  };
}

/** The picture, or undefined when it cannot be made: the answer goes out without it. */
async function draw(
  { coin, history, car, valuation }: LamboAnswer,
  locale: string,
  { pictures, log }: Services,
): Promise<Picture | undefined> {
  try {
    return await pictures.answer({ coinName: coin.name, symbol: coin.symbol, valuation, points: history.points, car, locale });
  } catch (error) {
    log.error({ err: error, coinId: coin.coinId }, "the picture could not be made: the answer went out without it");
    return undefined;
  }
}

function refusal(why: Refusal, locale: string, question?: LamboQuestion): Answer {
  return { kind: "refusal", reply: refusalCard(why, { locale, question }) };
}
