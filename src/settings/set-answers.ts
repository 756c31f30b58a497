import type { CommandCall } from "../discord/call.ts";
import { type Answer, answered, refused } from "../discord/reply.ts";
import { ASK, type ChangeServices, NOTHING_CHANGED, saveChange } from "./admin.ts";
import { type AnswerInput, checkAnswerInput } from "./answer-input.ts";
import { readServerView, type ViewServices } from "./server-view.ts";
import { answerSettings, savedCard } from "./settings-card.ts";

/** `/config set`: checks and saves what was typed, and shows what holds about answers since. */
export async function setAnswers(
  guildId: string,
  input: AnswerInput,
  call: Pick<CommandCall<unknown>, "userId" | "locale">,
  services: ChangeServices & ViewServices,
): Promise<Answer> {
  if (Object.values(input).every((typed) => typed === undefined)) {
    return refused(`Name at least one thing to set, such as a currency. ${NOTHING_CHANGED}`);
  }
  const checked = await checkAnswerInput(input, services.settings.read(guildId), {
    rates: services.rates,
    locale: call.locale,
    ask: ASK,
  });
  if (!checked.ok) return refused(`${checked.sentence} ${NOTHING_CHANGED}`);
  const { notes } = await saveChange(guildId, checked.value, call, services);
  const view = await readServerView(guildId, services, call.locale);
  return answered(
    savedCard("Saved", [
      ...notes.map((note) => `ℹ️ ${note}`),
      ...(notes.length > 0 ? [""] : []),
      answerSettings(view),
    ]),
  );
}
