import {
  type APIActionRowComponent,
  type APIComponentInMessageActionRow,
  ButtonStyle,
  ComponentType,
} from "discord-api-types/v10";
import type { CallOrigin, ComponentCall } from "../discord/call.ts";
import type { ComponentHandler } from "../discord/command.ts";
import { type CommandResult, type Reply, replied } from "../discord/reply.ts";
import { say } from "../messages/say.ts";
import type { Services } from "../services.ts";
import { asAdmin, refusedChange } from "./admin.ts";
import { CONFIG_COLOURS } from "./settings-text.ts";

/** What a confirm button does; each is a component of `/config` under this name. */
export type Confirmation = "reset" | "forget" | "keep";

/**
 * How long a confirm button works, in seconds. After that, the admin should read the question
 * again.
 */
const CONFIRM_SECONDS = 600;

/** Who is asked to confirm something, where and when. */
type ConfirmationContext = {
  readonly guildId: string;
  readonly userId: string;
  readonly now: Date;
};

/** What an admin is asked to confirm. */
type ConfirmationQuestion = {
  readonly title: string;
  readonly text: string;
  readonly confirm: { readonly label: string; readonly does: Confirmation };
};

/**
 * Asks an admin with two buttons: the first does what cannot be undone, the second keeps everything
 * as it is.
 */
export function askToConfirm(
  question: ConfirmationQuestion,
  guildId: string,
  { userId, locale }: Pick<CallOrigin, "userId" | "locale">,
  { now }: Pick<Services, "now">,
): CommandResult {
  return replied(confirmCard(question, { guildId, userId, now: now() }, locale));
}

function confirmCard(
  question: ConfirmationQuestion,
  context: ConfirmationContext,
  locale: string,
): Reply {
  const button = (
    style: ButtonStyle.Danger | ButtonStyle.Secondary,
    { label, does }: { readonly label: string; readonly does: Confirmation },
  ) =>
    ({
      type: ComponentType.Button,
      style,
      label,
      custom_id: confirmId(does, context),
    }) as const;
  const row: APIActionRowComponent<APIComponentInMessageActionRow> = {
    type: ComponentType.ActionRow,
    components: [
      button(ButtonStyle.Danger, question.confirm),
      button(ButtonStyle.Secondary, { label: say(locale, "confirm.keep"), does: "keep" }),
    ],
  };
  return {
    embeds: [{ title: question.title, color: CONFIG_COLOURS.bad, description: question.text }],
    components: [row],
  };
}

/**
 * Handles a confirm button: `run` is called when the admin who was asked presses it in time and is
 * still an admin.
 */
export function confirmed(
  run: (guildId: string, call: ComponentCall, services: Services) => Promise<CommandResult>,
): ComponentHandler {
  return {
    visibility: () => "edit",
    run: (call, services) =>
      asAdmin(call, services, async (guildId) => {
        const problem = problemWith(call, guildId, services.now());
        return problem === undefined
          ? run(guildId, call, services)
          : refusedChange(problem, call.locale);
      }),
  };
}

/** Why a press of a confirm button does not count, as a sentence. */
function problemWith(
  { customId, userId, locale }: ComponentCall,
  guildId: string,
  now: Date,
): string | undefined {
  const [, , ofGuildId, ofUserId, ends = "", ...rest] = customId.split(":");
  if (
    rest.length > 0 ||
    ofGuildId !== guildId ||
    ofUserId !== userId ||
    !/^[0-9a-z]{1,8}$/.test(ends)
  )
    return say(locale, "confirm.not-yours");
  const leftSeconds = Number.parseInt(ends, 36) - now.getTime() / 1_000;
  return leftSeconds < 0 || leftSeconds > CONFIRM_SECONDS
    ? say(locale, "confirm.too-late")
    : undefined;
}

/**
 * `config:<what>:<server>:<asker>:<end, in seconds since 1970, base 36>`: a button that works for
 * one person in one server for ten minutes.
 */
function confirmId(what: Confirmation, { guildId, userId, now }: ConfirmationContext): string {
  const endsAtSeconds = Math.floor(now.getTime() / 1_000) + CONFIRM_SECONDS;
  return ["config", what, guildId, userId, endsAtSeconds.toString(36)].join(":");
}
