import type { CommandCall } from "../discord/call.ts";
import { type CommandResult, replied } from "../discord/reply.ts";
import { say } from "../messages/say.ts";
import { ASK, type ChangeServices, refusedChange, saveChange } from "./admin.ts";
import { type AnswerInput, checkAnswerInput } from "./answer-input.ts";
import { readServerView, type ViewServices } from "./server-view.ts";
import { answerSettings, savedCard } from "./settings-card.ts";
import { undoRow } from "./undo.ts";

/** `/config set`: checks and saves what was typed, and shows the resulting settings for answers. */
export async function setAnswers(
  guildId: string,
  input: AnswerInput,
  call: Pick<CommandCall<unknown>, "userId" | "locale">,
  services: ChangeServices & ViewServices,
): Promise<CommandResult> {
  if (Object.values(input).every((typed) => typed === undefined)) {
    return refusedChange(say(call.locale, "set-answers.nothing-typed"), call.locale);
  }
  const checked = await checkAnswerInput(input, services.settings.read(guildId), {
    rates: services.rates,
    locale: call.locale,
    ask: ASK,
  });
  if (!checked.ok) return refusedChange(checked.sentence, call.locale);
  const { notes, changeId } = await saveChange(guildId, checked.value, call, services);
  const view = await readServerView(guildId, services, call.locale);
  return replied({
    ...savedCard(
      say(call.locale, "config.saved"),
      [
        ...notes.map((note) => say(call.locale, "config.note", { note })),
        ...(notes.length > 0 ? [""] : []),
        answerSettings(view),
      ],
      call.locale,
    ),
    components: undoRow(guildId, changeId, call.locale),
  });
}
