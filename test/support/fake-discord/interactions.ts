import { defaultAttachmentLimitBytes } from "./attachments.ts";
import type { Changes } from "./changes.ts";
import { commandData, messageCommandData } from "./command-data.ts";
import type { CommandStore } from "./commands.ts";
import {
  handleOf,
  type Interaction,
  type InteractionHandle,
  type SentBody,
} from "./interaction-handle.ts";
import { createInteractionResponses, takeCallback } from "./interaction-responses.ts";
import { type JsonObject, jsonObjects, numberOf } from "./json.ts";
import type { MessageStore } from "./messages.ts";
import { submittedData } from "./modal-rules.ts";
import {
  type CommandScene,
  componentOf,
  type MessageCommandScene,
  type Scene,
  sceneOf,
  scenePayload,
  type TypingScene,
} from "./scene.ts";
import type { SeenMessage } from "./seen-message.ts";
import type { FakeUser, World } from "./world.ts";

/** The later requests of one interaction need neither token nor header: they know its token. */
export type Interactions = ReturnType<typeof createInteractions>;

/**
 * Creates the interactions of a fake Discord: payloads going out, callbacks and webhooks coming
 * back.
 */
export function createInteractions(deps: {
  world: World;
  messages: MessageStore;
  commands: CommandStore;
  changes: Changes;
  /** The clock of the 3-second and 15-minute rules, in ms. */
  now: () => number;
  readHttpBody: (response: Response) => Promise<SentBody>;
}) {
  const { world, messages, changes, now } = deps;
  const byToken = new Map<string, Interaction>();

  const handle = (interaction: Interaction) =>
    handleOf(
      {
        changes,
        now,
        answered: async (it, response) => takeCallback(deps, it, await deps.readHttpBody(response)),
      },
      interaction,
    );

  const begin = (
    type: number,
    scene: Scene,
    data: JsonObject,
    source?: SeenMessage,
  ): Interaction => {
    const sourceJson = source && messages.toJson(source);
    const sent = scenePayload(world, { type, scene, data, source: sourceJson });
    const interaction: Interaction = {
      ...sent,
      type,
      createdAtMs: now(),
      user: scene.user,
      attachmentLimitBytes: scene.attachmentLimitBytes ?? defaultAttachmentLimitBytes,
      source,
      sourceEdits: source?.edits ?? 0,
      first: undefined,
      original: undefined,
      followups: [],
    };
    byToken.set(interaction.token, interaction);
    return interaction;
  };

  return {
    ...createInteractionResponses({ messages, now, byToken }),

    /** Payloads without a gateway, each with the handle that awaits the bot's later webhooks. */
    payload: {
      ping: (): InteractionHandle => {
        const interaction = begin(1, { user: world.botUser }, {});
        const { id, application_id, type, token, version } = interaction.payload;
        const payload = {
          id,
          application_id,
          type,
          token,
          version,
          user: world.botUser,
          entitlements: [],
          authorizing_integration_owners: {},
          app_permissions: "0",
          attachment_size_limit: defaultAttachmentLimitBytes,
        };
        return handle(Object.assign(interaction, { payload }));
      },
      command: (scene: CommandScene): InteractionHandle =>
        handle(begin(2, scene, commandData(deps, scene, undefined))),
      messageCommand: (scene: MessageCommandScene): InteractionHandle => {
        const target = messages.toJson(scene.message);
        return handle(begin(2, scene, messageCommandData(deps.commands, scene, target)));
      },
      type: (scene: TypingScene): InteractionHandle =>
        handle(begin(4, scene, commandData(deps, scene, scene.focused))),
      press: (
        message: SeenMessage,
        customId: string,
        user: FakeUser,
        extra: Partial<Scene> = {},
      ): InteractionHandle => {
        const component = componentOf(message, customId, user);
        if (component["type"] !== 2) throw new Error(`"${customId}" is not a button.`);
        const data = { custom_id: customId, component_type: 2, id: numberOf(component["id"]) ?? 1 };
        return handle(begin(3, sceneOf(world, message, user, extra), data, message));
      },
      choose: (
        message: SeenMessage,
        customId: string,
        values: readonly string[],
        user: FakeUser,
        extra: Partial<Scene> = {},
      ): InteractionHandle => {
        const component = componentOf(message, customId, user);
        const [min, max] = [
          numberOf(component["min_values"]) ?? 1,
          numberOf(component["max_values"]) ?? 1,
        ];
        if (values.length < min || values.length > max)
          throw new Error(`"${customId}" takes ${min} to ${max} values, not ${values.length}.`);
        const offered = jsonObjects(component["options"]).map((option) => option["value"]);
        for (const value of values)
          if (component["type"] === 3 && !offered.includes(value))
            throw new Error(`"${customId}" does not offer "${value}".`);
        const data = {
          custom_id: customId,
          component_type: component["type"],
          id: numberOf(component["id"]) ?? 1,
          values: [...values],
        };
        return handle(begin(3, sceneOf(world, message, user, extra), data, message));
      },
      /** Sends the modal that an interaction opened, with what was typed in its fields. */
      submit: (
        opened: Pick<InteractionHandle, "token">,
        typed: Readonly<Record<string, string>>,
        extra: Partial<Scene> = {},
      ): InteractionHandle => {
        const { first, source, user } = byToken.get(opened.token) ?? {};
        if (first?.kind !== "modal" || !source || !user)
          throw new Error("That interaction, of a component, opened no modal.");
        const data = submittedData(first.data, typed);
        return handle(begin(5, sceneOf(world, source, user, extra), data, source));
      },
      /** A component whose id is not on the message: what a forger would send. */
      forge: (
        message: SeenMessage,
        customId: string,
        user: FakeUser,
        values?: readonly string[],
      ): InteractionHandle =>
        handle(
          begin(
            3,
            sceneOf(world, message, user, {}),
            {
              custom_id: customId,
              component_type: values ? 3 : 2,
              id: 1,
              ...(values && { values: [...values] }),
            },
            message,
          ),
        ),
    },
  };
}
