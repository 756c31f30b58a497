import {
  type APIActionRowComponent,
  type APIComponentInMessageActionRow,
  ButtonStyle,
  ComponentType,
} from "discord-api-types/v10";
import type { ComponentHandler } from "../discord/command.ts";
import { replied } from "../discord/reply.ts";
import { say } from "../messages/say.ts";
import { asAdmin, refusedChange } from "./admin.ts";
import { changeInWords, settingInWords } from "./change-history.ts";
import { savedCard } from "./settings-card.ts";
import { digits, stamp } from "./settings-text.ts";

/** Puts back what a change replaced; any admin of the server may press it, once. */
export const undoButton: ComponentHandler = {
  visibility: () => "edit",
  run: (call, services) =>
    asAdmin(call, services, async (guildId) => {
      const changeId = changeIdIn(call.customId, guildId);
      if (changeId === undefined)
        return refusedChange(say(call.locale, "undo.unknown"), call.locale);
      const author = { userId: call.userId, at: services.now() };
      const outcome = await services.settings.undo(guildId, changeId, author);
      if (outcome.ok) {
        const lines = outcome.alterations.map(
          (alteration) => `- ${changeInWords(alteration, call.locale)}`,
        );
        return replied({
          ...savedCard(say(call.locale, "undo.done"), lines, call.locale),
          components: undoRow(
            guildId,
            outcome.changeId,
            call.locale,
            say(call.locale, "undo.redo"),
          ),
        });
      }
      if (outcome.reason !== "superseded")
        return refusedChange(say(call.locale, `undo.${outcome.reason}`), call.locale);
      const { userId, at, what } = outcome.later;
      return refusedChange(
        what === "reset"
          ? say(call.locale, "undo.reset-since", {
              member: `<@${digits(userId)}>`,
              when: stamp(at, "R"),
            })
          : say(call.locale, "undo.superseded", {
              setting: settingInWords(what, call.locale),
              member: `<@${digits(userId)}>`,
              when: stamp(at, "R"),
            }),
        call.locale,
      );
    }),
};

/** The row with the button that undoes a change; empty when nothing was altered. */
export function undoRow(
  guildId: string,
  changeId: number | null,
  locale: string,
  label = say(locale, "undo.button"),
): readonly APIActionRowComponent<APIComponentInMessageActionRow>[] {
  if (changeId === null) return [];
  const custom_id = `config:undo:${guildId}:${changeId}`;
  return [
    {
      type: ComponentType.ActionRow,
      components: [{ type: ComponentType.Button, style: ButtonStyle.Secondary, label, custom_id }],
    },
  ];
}

function changeIdIn(customId: string, guildId: string): number | undefined {
  const [, , ofGuildId, changeId = "", ...rest] = customId.split(":");
  return rest.length === 0 && ofGuildId === guildId && /^\d{1,15}$/.test(changeId)
    ? Number(changeId)
    : undefined;
}
