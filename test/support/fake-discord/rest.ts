import type { IncomingMessage, ServerResponse } from "node:http";
import type { DiscordSpec } from "../../contract/discord-spec.ts";
import type { Changes } from "./changes.ts";
import type { CommandStore } from "./commands.ts";
import type { GatewayServer } from "./gateway.ts";
import type { SentBody } from "./interaction-handle.ts";
import type { Interactions } from "./interactions.ts";
import { isJsonObject, type JsonObject } from "./json.ts";
import type { MessageStore, SeenMessage, UploadedFile } from "./messages.ts";
import { createRateLimiter, type RateLimits } from "./rate-limits.ts";
import { FormFaults, RestError, restErrors } from "./rest-error.ts";
import { type FakeChannel, type FakeGuild, Permission, type World } from "./world.ts";

/** A request that the fake received. */
export type SeenRequest = {
  readonly method: string;
  /** Below `/api/v10`, such as `/channels/1/messages`. */
  readonly path: string;
  /**
   * Method and template, such as `POST /channels/:channel_id/messages`; `unknown` when Discord has
   * no such route.
   */
  readonly route: string;
  readonly query: URLSearchParams;
  /**
   * The JSON body, or `payload_json` of a multipart one. Undefined when the fake keeps no bodies.
   */
  readonly json: unknown;
  readonly files: readonly { readonly name: string; readonly sizeBytes: number }[];
  readonly userAgent: string;
  readonly atMs: number;
  /** The answer's status; 0 while there is none, as with a hang or a reset. */
  status: number;
};

/**
 * What goes wrong with a request. With `afterEffect` the request takes effect and only its answer
 * is lost or replaced.
 */
export type FaultKind =
  | {
      readonly kind: "status";
      readonly status: number;
      readonly body?: string;
      readonly afterEffect?: boolean;
    }
  | {
      readonly kind: "error";
      readonly status: number;
      readonly code: number;
      readonly message: string;
    }
  | { readonly kind: "hang"; readonly afterEffect?: boolean }
  | { readonly kind: "reset"; readonly afterEffect?: boolean }
  /** Answered only after so many ms. */
  | { readonly kind: "slow"; readonly delayMs: number }
  /** Answered only when the promise resolves; nothing has happened before. */
  | { readonly kind: "hold"; readonly until: Promise<unknown> };

/**
 * Which requests a fault meets: by method, by path (text is a part of it), so many times (default:
 * always).
 */
export type Fault = FaultKind & {
  readonly method?: string;
  readonly path?: string | RegExp;
  readonly times?: number;
};

/** Why a channel or a person refuses the bot. */
export type Refusal =
  | "missing-access"
  | "missing-permissions"
  | "unknown-channel"
  | "cannot-message-user";

/** What the REST half counted. */
export type RestCounts = {
  requests: number;
  /** 429s given, and how many of them were global. */
  rateLimited: number;
  globallyRateLimited: number;
  /** 401, 403 and 429 answers: 10,000 in ten minutes block an address. */
  invalid: number;
  readonly byRoute: Map<string, number>;
  /** Requests that count toward the global limit, by UNIX second. */
  readonly bySecond: Map<number, number>;
};

type Handled = { readonly status: number; readonly body?: unknown };
type RestCall = {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly sent: SentBody;
};
type Route = {
  readonly method: string;
  readonly template: string;
  readonly segments: readonly string[];
  /** Interaction endpoints: no token needed, outside the global limit. */
  readonly isInteraction: boolean;
  run(call: RestCall): Handled;
};

const ok = (body: unknown): Handled => ({ status: 200, body });
const noContent: Handled = { status: 204 };

/** Parses a body as Discord does: JSON, or multipart with `payload_json` and `files[n]`. */
export async function readBody(
  bytes: Uint8Array | ArrayBuffer,
  contentType: string,
): Promise<SentBody> {
  if (contentType.startsWith("multipart/form-data")) {
    const form = await new Response(bytes, { headers: { "content-type": contentType } })
      .formData()
      .catch(() => {
        throw restErrors.invalidJson();
      });
    const uploads: UploadedFile[] = [];
    let json: unknown = {};
    for (const [key, value] of form) {
      if (typeof value === "string") {
        if (key === "payload_json") json = parseJson(value);
        continue;
      }
      const index = /^files\[(\d+)\]$/.exec(key)?.[1];
      if (index === undefined) continue;
      uploads.push({
        index: Number(index),
        name: value.name,
        contentType: value.type,
        bytes: new Uint8Array(await value.arrayBuffer()),
      });
    }
    return { json, uploads };
  }
  const text = await new Response(bytes).text();
  if (text === "") return { json: undefined, uploads: [] };
  if (!contentType.startsWith("application/json"))
    throw new RestError(
      400,
      50035,
      "Expected \"Content-Type\" header to be one of {'application/json'}.",
    );
  return { json: parseJson(text), uploads: [] };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw restErrors.invalidJson();
  }
}

/** Creates the REST half of a fake Discord. */
export function createRest(deps: {
  world: World;
  messages: MessageStore;
  commands: CommandStore;
  interactions: Interactions;
  gateway: GatewayServer;
  changes: Changes;
  spec: DiscordSpec | undefined;
  token: string;
  shards: number;
  limits: RateLimits;
  /** The clock of the rate limits, in ms. */
  limitNow: () => number;
  keepRequests: boolean;
}) {
  const { world, messages, commands, interactions, gateway, changes } = deps;
  const limiter = createRateLimiter({ limits: deps.limits, now: deps.limitNow });
  const requests: SeenRequest[] = [];
  const violations: string[] = [];
  const faults = new Set<{ fault: Fault; left: number }>();
  const refusals = new Map<
    string,
    { action: "post" | "read" | "publish" | "all"; why: Refusal }[]
  >();
  const timers = new Set<NodeJS.Timeout>();
  const counts: RestCounts = {
    requests: 0,
    rateLimited: 0,
    globallyRateLimited: 0,
    invalid: 0,
    byRoute: new Map(),
    bySecond: new Map(),
  };
  const nonces = new Map<string, SeenMessage>();

  const guildOf = (call: RestCall): FakeGuild => {
    const guild = world.guilds.get(call.params["guild_id"] ?? "");
    if (!guild?.joined) throw restErrors.unknownGuild();
    return guild;
  };
  const refuse = (channelId: string, action: "post" | "read" | "publish"): void => {
    const refusal = refusals
      .get(channelId)
      ?.find((one) => one.action === action || one.action === "all");
    if (!refusal) return;
    switch (refusal.why) {
      case "missing-access":
        throw restErrors.missingAccess();
      case "missing-permissions":
        throw restErrors.missingPermissions();
      case "unknown-channel":
        throw restErrors.unknownChannel();
      case "cannot-message-user":
        throw restErrors.cannotMessageUser();
    }
  };
  const channelOf = (call: RestCall): FakeChannel => {
    const channel = world.channels.get(call.params["channel_id"] ?? "");
    if (!channel) throw restErrors.unknownChannel();
    if (channel.guild_id !== undefined && !world.guilds.get(channel.guild_id)?.joined)
      throw restErrors.missingAccess();
    return channel;
  };
  /** Refuses what the bot may not do in a channel by its roles and the channel's exceptions. */
  const need = (channel: FakeChannel, ...bits: bigint[]): void => {
    const guild = channel.guild_id === undefined ? undefined : world.guilds.get(channel.guild_id);
    if (!guild) return;
    const allowed = world.permissionsOf(guild, world.botUser.id, channel);
    if ((allowed & Permission.ViewChannel) === 0n) throw restErrors.missingAccess();
    for (const bit of bits) if ((allowed & bit) === 0n) throw restErrors.missingPermissions();
  };
  const ownMessageOf = (call: RestCall): SeenMessage => {
    const message = messageOf(call);
    if (message.authorId !== world.botUser.id) throw restErrors.otherUsersMessage();
    return message;
  };
  const messageOf = (call: RestCall): SeenMessage => {
    const channel = channelOf(call);
    const message = messages
      .inChannel(channel.id)
      .find((one) => one.id === call.params["message_id"]);
    if (!message) throw restErrors.unknownMessage();
    return message;
  };
  const bodyOf = (call: RestCall): JsonObject =>
    isJsonObject(call.sent.json) ? call.sent.json : {};
  const own = (call: RestCall): void => {
    if (call.params["application_id"] !== world.applicationId)
      throw restErrors.unknownApplication();
  };
  const webhook = (call: RestCall): string => {
    if (call.params["webhook_id"] !== world.applicationId) throw restErrors.unknownWebhook();
    return call.params["webhook_token"] ?? "";
  };

  const createMessage = (call: RestCall): Handled => {
    const channel = channelOf(call);
    refuse(channel.id, "post");
    if (![0, 1, 2, 3, 5, 10, 11, 12, 13].includes(channel.type)) throw restErrors.notTextChannel();
    if (channel.thread_metadata?.archived) throw restErrors.archivedThread();
    const body = bodyOf(call);
    need(
      channel,
      channel.thread_metadata ? Permission.SendMessagesInThreads : Permission.SendMessages,
    );
    if (Array.isArray(body["embeds"]) && body["embeds"].length > 0)
      need(channel, Permission.EmbedLinks);
    if (call.sent.uploads.length > 0) need(channel, Permission.AttachFiles);
    const nonce = body["nonce"];
    const nonceKey = `${channel.id}:${String(nonce)}`;
    if (body["enforce_nonce"] === true && nonce !== undefined && nonce !== null) {
      const earlier = nonces.get(nonceKey);
      // "Checked for uniqueness in the past few minutes": five here.
      // https://discord.com/developers/docs/resources/message#create-message
      if (earlier && world.now() - earlier.createdAtMs < 5 * 60_000)
        return ok(messages.toJson(earlier));
    }
    const place = {
      channelId: channel.id,
      ephemeral: false,
      viewerId: undefined,
      interactionMetadata: undefined,
    };
    const message = messages.create(place, { body, uploads: call.sent.uploads });
    if (nonce !== undefined && nonce !== null) nonces.set(nonceKey, message);
    return ok(messages.toJson(message));
  };

  const listMessages = (call: RestCall): Handled => {
    const channel = channelOf(call);
    refuse(channel.id, "read");
    need(channel);
    const guild = channel.guild_id === undefined ? undefined : world.guilds.get(channel.guild_id);
    // Without Read Message History, Discord answers an empty list rather than an error.
    if (
      guild &&
      (world.permissionsOf(guild, world.botUser.id, channel) & Permission.ReadMessageHistory) === 0n
    )
      return ok([]);
    const limit = Number(call.query.get("limit") ?? 50);
    if (!(limit >= 1 && limit <= 100)) {
      const form = new FormFaults();
      form.add(["limit"], "NUMBER_TYPE_MAX", "int value should be less than or equal to 100.");
      form.throwIfAny();
    }
    const [before, after] = [call.query.get("before"), call.query.get("after")];
    const newestFirst = messages.inChannel(channel.id).toReversed();
    const wanted = newestFirst.filter(
      (message) =>
        (before === null || BigInt(message.id) < BigInt(before)) &&
        (after === null || BigInt(message.id) > BigInt(after)),
    );
    return ok(
      (after === null ? wanted.slice(0, limit) : wanted.slice(-limit)).map(messages.toJson),
    );
  };

  const listGuilds = (call: RestCall): Handled => {
    const limit = Number(call.query.get("limit") ?? 200);
    const [before, after] = [call.query.get("before"), call.query.get("after")];
    const mine = [...world.guilds.values()]
      .filter((guild) => guild.joined)
      .sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
    const wanted = mine.filter(
      (guild) =>
        (before === null || BigInt(guild.id) < BigInt(before)) &&
        (after === null || BigInt(guild.id) > BigInt(after)),
    );
    const page = before === null ? wanted.slice(0, limit) : wanted.slice(-limit);
    return ok(
      page.map((guild) => ({
        id: guild.id,
        name: guild.name,
        icon: null,
        banner: null,
        owner: false,
        permissions: String(world.permissionsOf(guild, world.botUser.id)),
        features: [],
      })),
    );
  };

  const member = (call: RestCall): Handled => {
    const guild = guildOf(call);
    const user = world.users.get(call.params["user_id"] ?? "");
    if (!user) throw restErrors.unknownMember();
    return ok(world.memberJson(guild, user));
  };

  const openDirectMessage = (call: RestCall): Handled => {
    const user = world.users.get(String(bodyOf(call)["recipient_id"]));
    if (!user) throw restErrors.unknownUser();
    return ok(world.dmChannel(user));
  };

  const crosspost = (call: RestCall): Handled => {
    const channel = channelOf(call);
    refuse(channel.id, "publish");
    const message = messageOf(call);
    if (channel.type !== 5) throw restErrors.wrongChannelType();
    if (message.crossposted) throw restErrors.alreadyCrossposted();
    message.crossposted = true;
    return ok(messages.toJson(message));
  };

  const gatewayInfo = (): Handled =>
    ok({
      url: gateway.url,
      shards: deps.shards,
      session_start_limit: {
        total: 1000,
        remaining: gateway.sessionStartsLeft,
        reset_after: 14_400_000,
        max_concurrency: 16,
      },
    });

  const route = (
    method: string,
    template: string,
    run: Route["run"],
    isInteraction = false,
  ): Route => ({
    method,
    template,
    segments: template.split("/"),
    isInteraction,
    run,
  });

  const commandRoutes = (
    prefix: string,
    guild: (call: RestCall) => string | undefined,
  ): Route[] => [
    route("GET", prefix, (call) => {
      own(call);
      return ok(commands.shown(guild(call), call.query.get("with_localizations") === "true"));
    }),
    route("PUT", prefix, (call) => {
      own(call);
      return ok(commands.replaceAll(call.sent.json, guild(call)));
    }),
    route("POST", prefix, (call) => {
      own(call);
      const { command, created } = commands.upsert(call.sent.json, guild(call));
      return { status: created ? 201 : 200, body: command };
    }),
    route("GET", `${prefix}/:command_id`, (call) => {
      own(call);
      const found = commands
        .list(guild(call))
        .find((command) => command["id"] === call.params["command_id"]);
      if (!found) throw restErrors.unknownCommand();
      return ok(found);
    }),
    route("PATCH", `${prefix}/:command_id`, (call) => {
      own(call);
      return ok(commands.patch(call.params["command_id"] ?? "", call.sent.json, guild(call)));
    }),
    route("DELETE", `${prefix}/:command_id`, (call) => {
      own(call);
      commands.delete(call.params["command_id"] ?? "", guild(call));
      return noContent;
    }),
  ];

  const hook = "/webhooks/:webhook_id/:webhook_token";
  // "@original" and "@me" stand before the templates that would also match them.
  const routes: Route[] = [
    route("GET", "/gateway", () => ok({ url: gateway.url })),
    route("GET", "/gateway/bot", gatewayInfo),
    route("GET", "/users/@me", () =>
      ok({
        ...world.botUser,
        verified: true,
        mfa_enabled: false,
        email: null,
        locale: "en-US",
        flags: 0,
      }),
    ),
    route("GET", "/users/@me/guilds", listGuilds),
    route("DELETE", "/users/@me/guilds/:guild_id", (call) => {
      const guild = guildOf(call);
      guild.joined = false;
      gateway.guildLeft(guild, { unavailable: false });
      return noContent;
    }),
    route("POST", "/users/@me/channels", openDirectMessage),
    route("GET", "/users/:user_id", (call) => {
      const user = world.users.get(call.params["user_id"] ?? "");
      if (!user) throw restErrors.unknownUser();
      return ok(user);
    }),
    route("GET", "/applications/@me", () => ok(world.applicationJson())),
    route("GET", "/oauth2/applications/@me", () => ok(world.applicationJson())),
    ...commandRoutes("/applications/:application_id/commands", () => undefined),
    ...commandRoutes(
      "/applications/:application_id/guilds/:guild_id/commands",
      (call) => guildOf(call).id,
    ),
    route(
      "POST",
      "/interactions/:interaction_id/:interaction_token/callback",
      (call) => {
        const shown = interactions.respond(
          call.params["interaction_id"] ?? "",
          call.params["interaction_token"] ?? "",
          call.sent,
        );
        return call.query.get("with_response") === "true" ? ok(shown) : noContent;
      },
      true,
    ),
    route(
      "POST",
      hook,
      (call) => ok(messages.toJson(interactions.followUp(webhook(call), call.sent))),
      true,
    ),
    ...["@original", ":message_id"].flatMap((last) => {
      const id = (call: RestCall) => call.params["message_id"] ?? "@original";
      return [
        route(
          "GET",
          `${hook}/messages/${last}`,
          (call) => ok(messages.toJson(interactions.getMessage(webhook(call), id(call)))),
          true,
        ),
        route(
          "PATCH",
          `${hook}/messages/${last}`,
          (call) =>
            ok(messages.toJson(interactions.editMessage(webhook(call), id(call), call.sent))),
          true,
        ),
        route(
          "DELETE",
          `${hook}/messages/${last}`,
          (call) => {
            interactions.deleteMessage(webhook(call), id(call));
            return noContent;
          },
          true,
        ),
      ];
    }),
    route("GET", "/channels/:channel_id", (call) => {
      const channel = channelOf(call);
      if (refusals.get(channel.id)?.some((one) => one.why === "unknown-channel"))
        throw restErrors.unknownChannel();
      if (refusals.get(channel.id)?.some((one) => one.why === "missing-access"))
        throw restErrors.missingAccess();
      need(channel);
      return ok(channel);
    }),
    route("POST", "/channels/:channel_id/messages", createMessage),
    route("GET", "/channels/:channel_id/messages", listMessages),
    route("GET", "/channels/:channel_id/messages/:message_id", (call) => {
      refuse(channelOf(call).id, "read");
      return ok(messages.toJson(messageOf(call)));
    }),
    route("PATCH", "/channels/:channel_id/messages/:message_id", (call) =>
      ok(
        messages.toJson(
          messages.edit(ownMessageOf(call), { body: bodyOf(call), uploads: call.sent.uploads }),
        ),
      ),
    ),
    route("DELETE", "/channels/:channel_id/messages/:message_id", (call) => {
      const message = messageOf(call);
      if (message.authorId !== world.botUser.id) need(channelOf(call), Permission.ManageMessages);
      messages.delete(message);
      return noContent;
    }),
    route("POST", "/channels/:channel_id/messages/:message_id/crosspost", crosspost),
    route("GET", "/guilds/:guild_id", (call) => {
      const guild = guildOf(call);
      const withCounts = call.query.get("with_counts") === "true";
      return ok({
        ...world.guildJson(guild),
        ...(withCounts && { approximate_member_count: 2, approximate_presence_count: 1 }),
      });
    }),
    route("GET", "/guilds/:guild_id/channels", (call) =>
      ok([...guildOf(call).channels.values()].filter((one) => one.thread_metadata === undefined)),
    ),
    route("GET", "/guilds/:guild_id/roles", (call) => ok([...guildOf(call).roles.values()])),
    route("GET", "/guilds/:guild_id/members/:user_id", member),
  ];

  const match = (method: string, path: string) => {
    const segments = path.split("/");
    let sameTemplate = false;
    for (const candidate of routes) {
      if (candidate.segments.length !== segments.length) continue;
      const params: Record<string, string> = {};
      const fits = candidate.segments.every((segment, index) => {
        const value = segments[index] ?? "";
        if (!segment.startsWith(":")) return segment === value;
        params[segment.slice(1)] = value;
        return value !== "";
      });
      if (!fits) continue;
      sameTemplate = true;
      if (candidate.method === method) return { route: candidate, params };
    }
    return { route: undefined, params: {}, sameTemplate };
  };

  const faultFor = (method: string, path: string): Fault | undefined => {
    for (const entry of faults) {
      const { fault } = entry;
      const pathFits =
        fault.path === undefined ||
        (typeof fault.path === "string" ? path.includes(fault.path) : fault.path.test(path));
      if ((fault.method !== undefined && fault.method !== method) || !pathFits) continue;
      entry.left -= 1;
      if (entry.left <= 0) faults.delete(entry);
      return fault;
    }
    return undefined;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) if (chunk instanceof Buffer) chunks.push(chunk);
    } catch {
      // The client went away in the middle of its request: nobody is left to answer.
      return;
    }
    const bytes = Buffer.concat(chunks);
    const url = new URL(request.url ?? "/", "http://discord");
    const method = request.method ?? "GET";
    const path = url.pathname.replace(/^\/api(\/v10)?/, "").replaceAll("%40", "@");
    const contentType = request.headers["content-type"] ?? "";
    const found = match(method, path);
    const routeName = found.route ? `${method} ${found.route.template}` : "unknown";
    const atMs = deps.limitNow();

    counts.requests += 1;
    counts.byRoute.set(routeName, (counts.byRoute.get(routeName) ?? 0) + 1);
    const countsGlobally = !found.route?.isInteraction;
    if (countsGlobally)
      counts.bySecond.set(
        Math.floor(atMs / 1000),
        (counts.bySecond.get(Math.floor(atMs / 1000)) ?? 0) + 1,
      );

    let sent: SentBody = { json: undefined, uploads: [] };
    let bodyError: unknown;
    try {
      sent = await readBody(bytes, contentType);
    } catch (error) {
      bodyError = error;
    }
    const record: SeenRequest = {
      method,
      path,
      route: routeName,
      query: url.searchParams,
      json: deps.keepRequests ? sent.json : undefined,
      files: sent.uploads.map((file) => ({ name: file.name, sizeBytes: file.bytes.length })),
      userAgent: request.headers["user-agent"] ?? "",
      atMs,
      status: 0,
    };
    if (deps.keepRequests) requests.push(record);
    changes.tell();

    const answer = (status: number, body: unknown, headers: Record<string, string> = {}): void => {
      record.status = status;
      if (status === 401 || status === 403 || status === 429) counts.invalid += 1;
      // People see an effect once the bot's request is over; tests that wait for it find the answer
      // already sent.
      response.once("close", changes.tell);
      if (typeof body === "string")
        response.writeHead(status, { "Content-Type": "text/html", ...headers }).end(body);
      else if (body === undefined) response.writeHead(status, headers).end();
      else
        response
          .writeHead(status, { "Content-Type": "application/json", ...headers })
          .end(JSON.stringify(body));
    };
    const lose = (fault: Fault): void => {
      if (fault.kind === "reset") request.socket.destroy();
      else if (fault.kind === "status")
        answer(fault.status, fault.body ?? "upstream connect error");
      changes.tell();
    };

    if (!found.route)
      violations.push(`${method} ${path}: Discord has no such route, or the fake does not know it`);
    else if (deps.spec && !bodyError)
      violations.push(
        ...deps.spec.violations({ method, path, query: url.searchParams, json: sent.json }),
      );

    const fault = faultFor(method, path);
    if (fault?.kind === "error")
      return answer(fault.status, { message: fault.message, code: fault.code });
    if (fault?.kind === "hold") await fault.until;
    if (fault?.kind === "slow") {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, fault.delayMs);
        timers.add(timer);
      });
    }
    const loses =
      fault?.kind === "hang" || fault?.kind === "reset" || fault?.kind === "status"
        ? fault
        : undefined;
    if (loses && !loses.afterEffect) return lose(loses);

    let headers: Record<string, string> = {};
    try {
      if (!path.startsWith("/") || !/^\/api\/v10\//.test(url.pathname)) throw restErrors.notFound();
      if (!found.route)
        throw found.sameTemplate ? restErrors.methodNotAllowed() : restErrors.notFound();
      if (!found.route.isInteraction && request.headers.authorization !== `Bot ${deps.token}`)
        throw restErrors.unauthorized();
      const { params } = found;
      const major =
        params["channel_id"] ??
        params["guild_id"] ??
        (params["webhook_id"] ? `${params["webhook_id"]}/${params["webhook_token"]}` : "");
      const verdict = limiter.judge(routeName, major, countsGlobally);
      headers = verdict.headers;
      if (verdict.kind === "limited") {
        counts.rateLimited += 1;
        if (verdict.global) counts.globallyRateLimited += 1;
        return answer(429, verdict.body, headers);
      }
      if (bodyError) throw bodyError;
      const handled = found.route.run({ params, query: url.searchParams, sent });
      // An unknown outcome: the effect is there, the answer never arrives.
      if (loses) return lose(loses);
      answer(handled.status, handled.body, headers);
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      answer(error.status, error.body, headers);
    }
  };

  return {
    requests,
    violations,
    counts,
    addFault(fault: Fault): () => void {
      const entry = { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
      faults.add(entry);
      return () => {
        faults.delete(entry);
      };
    },
    refuse(
      channelId: string,
      why: Refusal,
      action: "post" | "read" | "publish" | "all" = "all",
    ): () => void {
      const entry = { action, why };
      refusals.set(channelId, [...(refusals.get(channelId) ?? []), entry]);
      return () => {
        refusals.set(
          channelId,
          (refusals.get(channelId) ?? []).filter((one) => one !== entry),
        );
      };
    },
    serve(request: IncomingMessage, response: ServerResponse): void {
      handle(request, response).catch((error: unknown) => {
        // A defect of the fake itself must not look like Discord: it becomes a violation that every
        // test can see.
        violations.push(
          `the fake failed on ${request.method} ${request.url}: ${error instanceof Error ? error.stack : String(error)}`,
        );
        if (!response.headersSent) response.writeHead(500).end();
        changes.tell();
      });
    },
    end(): void {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

/** The REST half. */
export type Rest = ReturnType<typeof createRest>;

/** How often one fixed second saw the most counted requests. */
export function busiestSecond(counts: RestCounts): number {
  return Math.max(0, ...counts.bySecond.values());
}
