import type { APIApplicationCommandOptionChoice } from "discord-api-types/v10";
import type { Changes } from "./changes.ts";
import { type JsonObject, jsonObjects, textOf } from "./json.ts";
import type { SeenMessage, UploadedFile } from "./seen-message.ts";
import type { FakeUser } from "./world.ts";

/**
 * How long the first response may take, and how long a token lives, in ms.
 * https://discord.com/developers/docs/interactions/receiving-and-responding (2026-11)
 */
export const firstResponseMs = 3_000;
export const tokenLifeMs = 15 * 60_000;

/** The bot's first response: what kind it was, and its body's `data`. */
export type FirstResponse = {
  readonly kind:
    | "pong"
    | "message"
    | "deferred-message"
    | "deferred-update"
    | "update"
    | "suggestions"
    | "modal";
  readonly data: JsonObject;
  readonly atMs: number;
};

/** What came of an interaction, as the person who caused it sees it. */
export type Seen = {
  /**
   * Visible to everybody in the channel, oldest first; a message that a component edits is among
   * them.
   */
  readonly public: readonly SeenMessage[];
  /** Ephemeral, oldest first. */
  readonly private: readonly SeenMessage[];
  readonly deleted: readonly SeenMessage[];
  /** Messages that still say "thinking". */
  readonly thinking: readonly SeenMessage[];
};

/** One thing that a person did, and all that the bot makes of it. */
export type InteractionHandle = {
  readonly id: string;
  readonly token: string;
  /** What Discord sends: over the gateway as INTERACTION_CREATE's `d`, over HTTP as the body. */
  readonly payload: JsonObject;
  /** Resolves with the bot's first response, a deferral included. */
  response(): Promise<FirstResponse>;
  /**
   * Resolves with the first message that has content: an answer, a filled-in deferral, a follow-up
   * or an edit of the component's message.
   */
  answer(): Promise<SeenMessage>;
  /** Resolves with the suggestions under an option. */
  suggestions(): Promise<readonly APIApplicationCommandOptionChoice[]>;
  /** Resolves with the modal that was opened, as the bot described it. */
  modal(): Promise<JsonObject>;
  /**
   * Resolves when `read` answers true about what the person sees; asked again after every change.
   */
  until(what: string, read: (seen: Seen) => boolean): Promise<Seen>;
  messages(): Seen;
  /** What the person reads when nothing came in 3 s, by the fake's clock. */
  readonly didNotRespond: boolean;
  /**
   * For a bot that answers in the body of an HTTP response: takes that response as the interaction
   * callback.
   */
  answeredOverHttp(response: Response): Promise<void>;
};

/** An interaction with all that came of it so far. */
export type Interaction = {
  readonly id: string;
  readonly token: string;
  readonly type: number;
  readonly createdAtMs: number;
  readonly channelId: string;
  readonly user: FakeUser;
  readonly payload: JsonObject;
  readonly metadata: JsonObject;
  readonly attachmentLimitBytes: number;
  /** The message that the pressed component sits on. */
  readonly source: SeenMessage | undefined;
  readonly sourceEdits: number;
  first: FirstResponse | undefined;
  original: SeenMessage | undefined;
  readonly followups: SeenMessage[];
};

/** A body that the bot sent: its JSON and its files. */
export type SentBody = { readonly json: unknown; readonly uploads: readonly UploadedFile[] };

/** What a test holds of an interaction; `answered` takes the body of an HTTP response. */
export function handleOf(
  {
    changes,
    now,
    answered,
  }: {
    changes: Changes;
    now: () => number;
    answered: (interaction: Interaction, response: Response) => Promise<void>;
  },
  interaction: Interaction,
): InteractionHandle {
  const what = `the bot answered interaction ${interaction.id} (${textOf(interaction.metadata["name"]) ?? "component"})`;
  return {
    id: interaction.id,
    token: interaction.token,
    payload: interaction.payload,
    response: () => changes.until(what, () => interaction.first),
    answer: () =>
      changes.until(what, () => {
        const { source, original, followups, sourceEdits } = interaction;
        if (source && source.edits > sourceEdits && source.state === "shown") return source;
        return [original, ...followups].find(
          (message) => message !== undefined && message !== source && message.state === "shown",
        );
      }),
    suggestions: () =>
      changes.until(what, () => {
        if (!interaction.first) return undefined;
        if (interaction.first.kind !== "suggestions")
          throw new Error(
            `The bot answered with a ${interaction.first.kind}, not with suggestions.`,
          );
        // checkChoices has refused everything that is not a choice.
        return jsonObjects(
          interaction.first.data["choices"],
        ) as unknown as APIApplicationCommandOptionChoice[];
      }),
    modal: () =>
      changes.until(what, () => {
        if (!interaction.first) return undefined;
        if (interaction.first.kind !== "modal")
          throw new Error(`The bot answered with a ${interaction.first.kind}, not with a modal.`);
        return interaction.first.data;
      }),
    until: (hope, read) =>
      changes.until(hope, () => (read(seen(interaction)) ? seen(interaction) : undefined)),
    messages: () => seen(interaction),
    get didNotRespond() {
      return interaction.first === undefined && now() - interaction.createdAtMs > firstResponseMs;
    },
    async answeredOverHttp(response) {
      await answered(interaction, response);
      changes.tell();
    },
  };
}

function seen(interaction: Interaction): Seen {
  const all = [
    ...new Set([interaction.original, interaction.source, ...interaction.followups]),
  ].filter((message) => message !== undefined);
  const alive = all.filter((message) => message.state !== "deleted");
  return {
    public: alive.filter((message) => !message.ephemeral),
    private: alive.filter((message) => message.ephemeral),
    deleted: all.filter((message) => message.state === "deleted"),
    thinking: alive.filter((message) => message.state === "thinking"),
  };
}
