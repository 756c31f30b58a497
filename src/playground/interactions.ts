import {
  type APIInteractionResponse,
  ApplicationCommandType,
  MessageFlags,
} from "discord-api-types/v10";
import type { Call } from "../discord/call.ts";
import type { Command } from "../discord/command.ts";
import { readInteraction } from "../discord/interaction.ts";
import type { Result } from "../result.ts";
import { BOT, MEMBERS } from "./guild.ts";
import { discordInteraction, type SentInteraction } from "./interaction.ts";
import type { PlaygroundMarkets } from "./markets.ts";
import { MessageMarkets } from "./message-markets.ts";
import type { MessageFrame, NextId, PlaygroundMessages } from "./messages.ts";
import type { MarketState, PageMessage } from "./page/protocol.ts";
import { playgroundResponder } from "./responder.ts";

/** Discord gives an app three seconds for its first response. */
const DISCORD_WAITS_MS = 3_000;

/** Options of {@link PlaygroundInteractions}. */
export type InteractionsOptions = {
  readonly commands: readonly Command[];
  readonly markets: PlaygroundMarkets;
  readonly messages: PlaygroundMessages;
  readonly nextId: NextId;
};

/** An interaction that is being handled. */
export type RunningInteraction = {
  readonly id: string;
  /** Discord's first response; undefined when Discord would not have waited for it. */
  readonly first: Promise<APIInteractionResponse | undefined>;
  /** Resolves when the last message about it is there. */
  readonly finished: Promise<void>;
};

/** How {@link PlaygroundInteractions.run} departs from what a visitor's interaction does. */
export type RunOptions = {
  /** The market that answers; by default the used message's, else the chosen one. */
  readonly market?: MarketState["market"];
  /** Shows that the bot is thinking before it has said so, so that the reply keeps its place. */
  readonly isShownAtOnce?: boolean;
};

/** Hands interactions of the made-up server to dispatch, as Discord would deliver them. */
export class PlaygroundInteractions {
  readonly #options: InteractionsOptions;
  readonly #messageMarkets: MessageMarkets;

  constructor(options: InteractionsOptions) {
    this.#options = options;
    const { messages, markets } = options;
    this.#messageMarkets = new MessageMarkets(messages, () => markets.chosen());
  }

  /** Starts handling what the page sent. */
  run(
    sent: SentInteraction,
    { market, isShownAtOnce = false }: RunOptions = {},
  ): Result<RunningInteraction, { readonly reason: "unlike-discord" | "message-gone" }> {
    const { commands, messages, markets, nextId } = this.#options;
    const messageId = "message_id" in sent ? sent.message_id : undefined;
    const targetId = "target_id" in sent ? sent.target_id : undefined;
    const [message, target] = [messageId, targetId].map((known) =>
      known === undefined ? undefined : messages.find(known),
    );
    const isGone = messageId !== undefined && message === undefined;
    if (isGone || (targetId !== undefined && target === undefined))
      return { ok: false, reason: "message-gone" };
    const id = nextId();
    const received = readInteraction(discordInteraction(sent, id, { message, target }), commands);
    if (received === undefined) return { ok: false, reason: "unlike-discord" };

    const { call } = received;
    const frame = frameOf(call, { id, sent, message: message ?? target });
    const answering = market ?? this.#messageMarkets.marketFor(message?.id);
    let finished: Promise<void> = Promise.resolve();
    const first = new Promise<APIInteractionResponse | undefined>((resolve) => {
      let isTooLate = false;
      const timer = setTimeout(() => {
        isTooLate = true;
        resolve(undefined);
      }, DISCORD_WAITS_MS);
      finished = this.#messageMarkets.during(id, answering, () => {
        const placeholder = isShownAtOnce
          ? messages.add({ ...frame, flags: MessageFlags.Loading }, EMPTY)
          : undefined;
        const responder = playgroundResponder(
          messages,
          {
            frame,
            isTooLate: () => isTooLate,
            ...(message !== undefined && { componentMessageId: message.id }),
            ...(placeholder !== undefined && { placeholderId: placeholder.id }),
          },
          (response) => {
            clearTimeout(timer);
            resolve(response);
          },
        );
        return markets.dispatch(answering).handle(call, responder);
      });
    });
    return { ok: true, id, first, finished };
  }
}

const EMPTY = { content: "", embeds: [], components: [], files: [] };

type Origin = {
  readonly id: string;
  readonly sent: SentInteraction;
  /** The message whose button or menu was used, or in whose menu a command was chosen. */
  readonly message: PageMessage | undefined;
};

/** Everything about a new reply except what it says. */
function frameOf(call: Call, { id, sent, message }: Origin): MessageFrame {
  const user = MEMBERS.find((member) => member.id === call.userId) ?? BOT;
  const isOnMessage = call.kind === "message-command";
  const name =
    call.kind === "command" || isOnMessage
      ? commandName(call)
      : message?.interaction_metadata?.name;
  return {
    channel_id: sent.channel_id,
    author: BOT,
    flags: 0,
    ...(sent.nonce !== undefined && { nonce: sent.nonce }),
    interaction_metadata: {
      id,
      user: { id: user.id, name: user.name },
      ...(name !== undefined && { name }),
      ...(isOnMessage && { command_type: ApplicationCommandType.Message }),
    },
    ...(message !== undefined && { message_reference: { message_id: message.id } }),
  };
}

const commandName = (call: { commandName: string; subcommandName?: string }) =>
  [call.commandName, call.subcommandName].filter((part) => part !== undefined).join(" ");
