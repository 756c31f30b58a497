import type { MessageStore } from "../messages.ts";
import { permissionsOf } from "../permissions.ts";
import { FormFaults, restErrors } from "../rest-error.ts";
import type { Refusals } from "../rest-faults.ts";
import type { SeenMessage } from "../seen-message.ts";
import { type FakeChannel, Permission, type World } from "../world.ts";
import { bodyOf, type Handled, noContent, ok, type RestCall, type Route, route } from "./route.ts";

/** Channels and the messages in them. */
export function channelRoutes(deps: {
  world: World;
  messages: MessageStore;
  refusals: Refusals;
}): Route[] {
  const channels = new ChannelEndpoints(deps);
  const message = "/channels/:channel_id/messages/:message_id";
  return [
    route("GET", "/channels/:channel_id", (call) => channels.getChannel(call)),
    route("POST", "/channels/:channel_id/messages", (call) => channels.createMessage(call)),
    route("GET", "/channels/:channel_id/messages", (call) => channels.listMessages(call)),
    route("GET", message, (call) => channels.getMessage(call)),
    route("PATCH", message, (call) => channels.editMessage(call)),
    route("DELETE", message, (call) => channels.deleteMessage(call)),
    route("POST", `${message}/crosspost`, (call) => channels.crosspost(call)),
  ];
}

class ChannelEndpoints {
  readonly #world: World;
  readonly #messages: MessageStore;
  readonly #refusals: Refusals;
  readonly #byNonce = new Map<string, SeenMessage>();

  constructor(deps: { world: World; messages: MessageStore; refusals: Refusals }) {
    this.#world = deps.world;
    this.#messages = deps.messages;
    this.#refusals = deps.refusals;
  }

  getChannel(call: RestCall): Handled {
    const channel = this.#channelOf(call);
    this.#refusals.checkVisible(channel.id);
    this.#require(channel);
    return ok(channel);
  }

  createMessage(call: RestCall): Handled {
    const channel = this.#channelOf(call);
    this.#refusals.check(channel.id, "post");
    if (![0, 1, 2, 3, 5, 10, 11, 12, 13].includes(channel.type)) throw restErrors.notTextChannel();
    if (channel.thread_metadata?.archived) throw restErrors.archivedThread();
    const body = bodyOf(call);
    this.#require(
      channel,
      channel.thread_metadata ? Permission.SendMessagesInThreads : Permission.SendMessages,
    );
    if (Array.isArray(body["embeds"]) && body["embeds"].length > 0)
      this.#require(channel, Permission.EmbedLinks);
    if (call.sent.uploads.length > 0) this.#require(channel, Permission.AttachFiles);
    const nonce = body["nonce"];
    const nonceKey = `${channel.id}:${String(nonce)}`;
    if (body["enforce_nonce"] === true && nonce !== undefined && nonce !== null) {
      const earlier = this.#byNonce.get(nonceKey);
      // "Checked for uniqueness in the past few minutes": five here.
      // https://discord.com/developers/docs/resources/message#create-message
      if (earlier && this.#world.now() - earlier.createdAtMs < 5 * 60_000)
        return ok(this.#messages.toJson(earlier));
    }
    const place = {
      channelId: channel.id,
      ephemeral: false,
      viewerId: undefined,
      interactionMetadata: undefined,
    };
    const message = this.#messages.create(place, { body, uploads: call.sent.uploads });
    if (nonce !== undefined && nonce !== null) this.#byNonce.set(nonceKey, message);
    return ok(this.#messages.toJson(message));
  }

  listMessages(call: RestCall): Handled {
    const channel = this.#channelOf(call);
    this.#refusals.check(channel.id, "read");
    this.#require(channel);
    // Without Read Message History, Discord returns an empty list rather than an error.
    const allowed = this.#permissionsIn(channel);
    if (allowed !== undefined && (allowed & Permission.ReadMessageHistory) === 0n) return ok([]);
    const limit = Number(call.query.get("limit") ?? 50);
    if (!(limit >= 1 && limit <= 100)) {
      const form = new FormFaults();
      form.add(["limit"], "NUMBER_TYPE_MAX", "int value should be less than or equal to 100.");
      form.throwIfAny();
    }
    const [before, after] = [call.query.get("before"), call.query.get("after")];
    const newestFirst = this.#messages.inChannel(channel.id).toReversed();
    const wanted = newestFirst.filter(
      (message) =>
        (before === null || BigInt(message.id) < BigInt(before)) &&
        (after === null || BigInt(message.id) > BigInt(after)),
    );
    const page = after === null ? wanted.slice(0, limit) : wanted.slice(-limit);
    return ok(page.map((message) => this.#messages.toJson(message)));
  }

  getMessage(call: RestCall): Handled {
    this.#refusals.check(this.#channelOf(call).id, "read");
    return ok(this.#messages.toJson(this.#messageOf(call)));
  }

  editMessage(call: RestCall): Handled {
    const message = this.#messageOf(call);
    if (message.authorId !== this.#world.botUser.id) throw restErrors.otherUsersMessage();
    const draft = { body: bodyOf(call), uploads: call.sent.uploads };
    return ok(this.#messages.toJson(this.#messages.edit(message, draft)));
  }

  deleteMessage(call: RestCall): Handled {
    const message = this.#messageOf(call);
    if (message.authorId !== this.#world.botUser.id)
      this.#require(this.#channelOf(call), Permission.ManageMessages);
    this.#messages.delete(message);
    return noContent;
  }

  crosspost(call: RestCall): Handled {
    const channel = this.#channelOf(call);
    this.#refusals.check(channel.id, "publish");
    const message = this.#messageOf(call);
    if (channel.type !== 5) throw restErrors.wrongChannelType();
    if (message.crossposted) throw restErrors.alreadyCrossposted();
    message.crossposted = true;
    return ok(this.#messages.toJson(message));
  }

  #channelOf(call: RestCall): FakeChannel {
    const channel = this.#world.channels.get(call.params["channel_id"] ?? "");
    if (!channel) throw restErrors.unknownChannel();
    if (channel.guild_id !== undefined && !this.#world.guilds.get(channel.guild_id)?.joined)
      throw restErrors.missingAccess();
    return channel;
  }

  #messageOf(call: RestCall): SeenMessage {
    const message = this.#messages
      .inChannel(this.#channelOf(call).id)
      .find(({ id }) => id === call.params["message_id"]);
    if (!message) throw restErrors.unknownMessage();
    return message;
  }

  /** The bot's permission bits in a server's channel; undefined in a direct message. */
  #permissionsIn(channel: FakeChannel): bigint | undefined {
    const world = this.#world;
    const guild = channel.guild_id === undefined ? undefined : world.guilds.get(channel.guild_id);
    return guild && permissionsOf(world, guild, world.botUser.id, channel);
  }

  /** Throws Discord's error unless the bot may see the channel and has these permission bits. */
  #require(channel: FakeChannel, ...bits: bigint[]): void {
    const allowed = this.#permissionsIn(channel);
    if (allowed === undefined) return;
    if ((allowed & Permission.ViewChannel) === 0n) throw restErrors.missingAccess();
    for (const bit of bits) if ((allowed & bit) === 0n) throw restErrors.missingPermissions();
  }
}
