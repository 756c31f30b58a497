import type { PageFacts, PageMember, PageMessage } from "../protocol.ts";
import type { Entry } from "./command-entries.ts";
import type { ModalData } from "./modal-view.ts";
import type { OptionValue } from "./option-values.ts";
import { facts } from "./say.ts";

// Discord's interaction types.
const COMMAND = 2;
const COMPONENT = 3;
const AUTOCOMPLETE = 4;
const MODAL_SUBMIT = 5;

const CHAT_INPUT = 1;
const ON_MESSAGE = 3;
const SUBCOMMAND = 1;

/** Where the visitor is, and as whom. */
export type Place = {
  readonly channel: PageFacts["channels"][number];
  readonly member: PageMember;
  /** The server's preferred locale. */
  readonly guildLocale: string;
};

/** A filled-in option as Discord sends it; `focused` is the one that suggestions are wanted for. */
export type SentOption = {
  readonly type: number;
  readonly name: string;
  readonly value: OptionValue;
  readonly focused?: true;
};

/** What a pressed button or a used menu sends along. */
export type ComponentData = {
  readonly custom_id: string;
  readonly component_type: number;
  readonly values?: readonly string[];
};

/** A new nonce: a number that no other interaction has, by which its reply is recognized. */
export function newNonce(): string {
  return String(crypto.getRandomValues(new BigUint64Array(1))[0]);
}

/** A command with its options, as Discord would send it. */
export function commandInteraction(
  entry: Entry,
  options: readonly SentOption[],
  place: Place,
): object {
  return { type: COMMAND, ...callOf(entry, options, place) };
}

/** A command that was chosen in the menu of a message. */
export function messageCommandInteraction(
  name: string,
  message: PageMessage,
  place: Place,
): object {
  return {
    type: COMMAND,
    channel_id: message.channel_id,
    ...asker(place),
    target_id: message.id,
    data: { type: ON_MESSAGE, name },
  };
}

/** The request for suggestions while an option is being typed. */
export function autocompleteInteraction(
  entry: Entry,
  options: readonly SentOption[],
  place: Place,
): object {
  return { type: AUTOCOMPLETE, ...callOf(entry, options, place) };
}

/** The use of a message's button or menu. */
export function componentInteraction(
  message: PageMessage,
  data: ComponentData,
  place: Place,
): object {
  return { type: COMPONENT, ...onMessage(message, place), data: { values: [], ...data } };
}

/** A filled-in modal; `message` is the one whose button or menu opened it, if one did. */
export function modalInteraction(
  data: ModalData,
  place: Place,
  message: PageMessage | undefined,
): object {
  return {
    type: MODAL_SUBMIT,
    channel_id: place.channel.id,
    ...asker(place),
    ...(message !== undefined && onMessage(message, place)),
    data,
  };
}

/** Who asks, in which language, and the language of the server where they do. */
const asker = ({ member, guildLocale }: Place) => ({
  user_id: member.id,
  locale: facts().locale,
  guild_locale: guildLocale,
});

const onMessage = (message: PageMessage, place: Place) => ({
  channel_id: message.channel_id,
  ...asker(place),
  message_id: message.id,
});

function callOf(
  { command, subcommand }: Entry,
  options: readonly SentOption[],
  place: Place,
): object {
  const inside =
    subcommand === undefined ? options : [{ type: SUBCOMMAND, name: subcommand, options }];
  return {
    channel_id: place.channel.id,
    ...asker(place),
    data: { type: CHAT_INPUT, name: command, options: inside },
  };
}
