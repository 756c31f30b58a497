import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import type { Changes } from "./changes.ts";
import { isJsonObject, type JsonObject } from "./json.ts";
import type { FakeGuild, World } from "./world.ts";
import { guildCreateJson } from "./world-json.ts";

/** Gateway opcodes. https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway */
const Op = {
  Dispatch: 0,
  Heartbeat: 1,
  Identify: 2,
  Resume: 6,
  Reconnect: 7,
  InvalidSession: 9,
  Hello: 10,
  HeartbeatAck: 11,
} as const;

const guildsIntent = 1 << 0;
const privilegedIntents = (1 << 1) | (1 << 8) | (1 << 15);

type DispatchFrame = { op: 0; t: string; s: number; d: unknown };

type Session = {
  readonly id: string;
  readonly shardId: number;
  readonly shardCount: number;
  readonly intents: number;
  sequence: number;
  /** Everything sent, for a resume. */
  readonly sent: DispatchFrame[];
  socket: WebSocket | undefined;
};

/** The gateway half of a fake Discord: what it counted, and what tests can do to it. */
export type FakeGateway = {
  /** Where clients connect, such as `ws://127.0.0.1:4711`. */
  readonly url: string;
  readonly identifies: number;
  /** Successful resumes. */
  readonly resumes: number;
  readonly refusedResumes: number;
  /** Resumes that came while `answerResumes` was false. */
  readonly ignoredResumes: number;
  readonly heartbeats: number;
  /** Sockets ever opened. */
  readonly connections: number;
  /** Sockets that are open and have identified or resumed. */
  readonly live: number;
  /** Payloads of every IDENTIFY, token removed. */
  readonly identifyPayloads: readonly JsonObject[];
  /** Codes with which sockets ended, oldest first; 1006 when one was cut. */
  readonly closeCodes: readonly number[];
  /**
   * Sends an event to the session of that server's shard (shard 0 without a server); kept for a
   * resume when the socket is gone.
   */
  dispatch(type: string, data: unknown, guildId?: string): void;
  /** Op 7: asks every client to reconnect and resume. */
  askToReconnect(): void;
  /** Op 9: ends every session; `resumable` true lets the client try a resume on the same socket. */
  invalidateSessions(options: { resumable: boolean }): void;
  /** Cuts every socket without a close frame; sessions stay resumable. */
  drop(): void;
  /** Closes every socket with a code, such as 4000. */
  close(code: number): void;
  /** Forgets every session, so that a later resume is refused with op 9. */
  forgetSessions(): void;
  /** Op 1: asks for a heartbeat at once. */
  askForHeartbeat(): void;
  /** False: heartbeats are counted but not acknowledged, which makes a client reconnect. */
  acknowledge: boolean;
  /** False: a RESUME is never answered, although heartbeats are. */
  answerResumes: boolean;
  /** False: an IDENTIFY is counted but never answered. */
  answerIdentifies: boolean;
  /** How many of the next IDENTIFYs get op 9: the session is not valid. */
  invalidIdentifies: number;
  /** Session starts used before this gateway existed, of the 1,000 that a day has. */
  sessionStartsUsed: number;
  /** Resolves when `read` returns true; asked again after every gateway or REST event. */
  until(what: string, read: (gateway: FakeGateway) => boolean): Promise<void>;
};

/** The gateway with what only the fake Discord's own server calls. */
export type GatewayServer = FakeGateway & {
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  readonly sessionStartsLeft: number;
  /** Sends GUILD_CREATE: the bot joined a server, or its outage ended. */
  guildArrived(guild: FakeGuild): void;
  /** Sends GUILD_DELETE: the bot was removed, or an outage began (`unavailable`). */
  guildLeft(guild: FakeGuild, options: { unavailable: boolean }): void;
  end(): Promise<void>;
};

type GatewayOptions = {
  world: World;
  changes: Changes;
  token: string;
  heartbeatIntervalMs: number;
  /**
   * True: an unavailable server stays silent after READY, which makes discord.js wait its
   * `waitGuildTimeout`.
   */
  silentOutages: boolean;
  allowPrivilegedIntents: boolean;
  sessionStartLimit: number;
  /** Where clients connect; read when one identifies. */
  url: () => string;
};

/** A gateway that speaks Discord's protocol v10 in JSON. */
export class Gateway implements GatewayServer {
  acknowledge = true;
  answerResumes = true;
  answerIdentifies = true;
  invalidIdentifies = 0;
  sessionStartsUsed = 0;
  identifies = 0;
  resumes = 0;
  refusedResumes = 0;
  ignoredResumes = 0;
  heartbeats = 0;
  connections = 0;
  readonly identifyPayloads: JsonObject[] = [];
  readonly closeCodes: number[] = [];
  readonly #options: GatewayOptions;
  readonly #world: World;
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #sessions = new Map<string, Session>();
  readonly #sockets = new Set<WebSocket>();
  readonly #sessionOf = new Map<WebSocket, Session>();
  #sessionNumber = 0;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#world = options.world;
  }

  get url(): string {
    return this.#options.url();
  }

  get live(): number {
    return [...this.#sockets].filter(
      (socket) => this.#sessionOf.has(socket) && socket.readyState === socket.OPEN,
    ).length;
  }

  get sessionStartsLeft(): number {
    const used = this.sessionStartsUsed + this.identifies;
    return Math.max(0, this.#options.sessionStartLimit - used);
  }

  dispatch(type: string, data: unknown, guildId?: string): void {
    const receivers = this.#sessionsFor(guildId);
    if (receivers.length === 0)
      throw new Error(`Nobody is logged in to receive ${type}: await client.login() first.`);
    for (const session of receivers) emit(session, type, data);
  }

  askToReconnect(): void {
    for (const socket of this.#sockets) send(socket, { op: Op.Reconnect, d: null });
  }

  invalidateSessions({ resumable }: { resumable: boolean }): void {
    for (const socket of this.#sockets) {
      const session = this.#sessionOf.get(socket);
      if (session && !resumable) this.#sessions.delete(session.id);
      this.#sessionOf.delete(socket);
      send(socket, { op: Op.InvalidSession, d: resumable });
    }
  }

  drop(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  close(code: number): void {
    for (const socket of this.#sockets) socket.close(code);
  }

  forgetSessions(): void {
    this.#sessions.clear();
  }

  askForHeartbeat(): void {
    for (const socket of this.#sockets) send(socket, { op: Op.Heartbeat, d: null });
  }

  async until(what: string, read: (gateway: FakeGateway) => boolean): Promise<void> {
    await this.#options.changes.until(what, () => (read(this) ? true : undefined));
  }

  accept(request: IncomingMessage, duplex: Duplex, head: Buffer): void {
    const query = new URL(request.url ?? "/", "http://gateway").searchParams;
    this.#server.handleUpgrade(request, duplex, head, (socket) => this.#greet(socket, query));
  }

  guildArrived(guild: FakeGuild): void {
    for (const session of this.#sessionsFor(guild.id)) {
      if ((session.intents & guildsIntent) !== 0)
        emit(session, "GUILD_CREATE", guildCreateJson(this.#world, guild));
    }
  }

  guildLeft(guild: FakeGuild, { unavailable }: { unavailable: boolean }): void {
    for (const session of this.#sessionsFor(guild.id)) {
      if ((session.intents & guildsIntent) === 0) continue;
      // Only an outage carries the field: without it the bot was removed.
      emit(
        session,
        "GUILD_DELETE",
        unavailable ? { id: guild.id, unavailable: true } : { id: guild.id },
      );
    }
  }

  end(): Promise<void> {
    for (const socket of this.#sockets) socket.terminate();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #greet(socket: WebSocket, query: URLSearchParams): void {
    const { changes, heartbeatIntervalMs } = this.#options;
    this.connections += 1;
    this.#sockets.add(socket);
    socket.on("close", (code) => {
      this.#sockets.delete(socket);
      this.closeCodes.push(code);
      const session = this.#sessionOf.get(socket);
      if (session?.socket === socket) {
        session.socket = undefined;
        // A client that closes with 1000 or 1001 gives its session up.
        if (code === 1000 || code === 1001) this.#sessions.delete(session.id);
      }
      changes.tell();
    });
    socket.on("error", () => socket.terminate());
    socket.on("message", (raw) => {
      this.#receive(socket, raw);
      changes.tell();
    });
    if (query.get("v") !== "10") {
      socket.close(4012, "Invalid API version.");
      return;
    }
    if (query.get("encoding") !== "json" || query.has("compress")) {
      socket.close(4002, "The fake speaks plain JSON only.");
      return;
    }
    send(socket, { op: Op.Hello, d: { heartbeat_interval: heartbeatIntervalMs, _trace: [] } });
    changes.tell();
  }

  #receive(socket: WebSocket, raw: RawData): void {
    const payload = parsed(raw);
    if (!isJsonObject(payload)) {
      socket.close(4002, "Error while decoding payload.");
      return;
    }
    const data = isJsonObject(payload["d"]) ? payload["d"] : {};
    switch (payload["op"]) {
      case Op.Heartbeat:
        this.heartbeats += 1;
        if (this.acknowledge) send(socket, { op: Op.HeartbeatAck });
        return;
      case Op.Identify:
        if (this.#sessionOf.has(socket)) socket.close(4005, "Already authenticated.");
        else this.#identify(socket, data);
        return;
      case Op.Resume:
        if (this.answerResumes) this.#resume(socket, data);
        else this.ignoredResumes += 1;
        return;
      case 3:
      case 4:
      case 8:
        if (!this.#sessionOf.has(socket)) socket.close(4003, "Not authenticated.");
        return;
      default:
        socket.close(4001, "Unknown opcode.");
    }
  }

  #identify(socket: WebSocket, data: JsonObject): void {
    const identity = readIdentify(data, this.#options);
    if ("code" in identity) {
      socket.close(identity.code, identity.reason);
      return;
    }
    this.identifies += 1;
    this.identifyPayloads.push({ ...data, token: undefined });
    if (!this.answerIdentifies) return;
    if (this.invalidIdentifies > 0) {
      this.invalidIdentifies -= 1;
      send(socket, { op: Op.InvalidSession, d: false });
      return;
    }
    // A second IDENTIFY for a shard ends the earlier session of that shard, as Discord does.
    for (const old of [...this.#sessions.values()]) {
      if (old.shardId === identity.shardId) {
        this.#sessions.delete(old.id);
        old.socket?.close(4000, "Session replaced.");
      }
    }
    this.#sessionNumber += 1;
    const id = `fake${this.#sessionNumber}0123456789abcdef0123456789ab`;
    const session: Session = { id, ...identity, sequence: 0, sent: [], socket };
    this.#sessions.set(id, session);
    this.#sessionOf.set(socket, session);
    this.#sayReady(session);
  }

  #sayReady(session: Session): void {
    const { shardId, shardCount } = session;
    const guilds = [...this.#world.guilds.values()].filter(
      (guild) => guild.joined && shardOf(guild.id, shardCount) === shardId,
    );
    emit(session, "READY", {
      v: 10,
      user: { ...this.#world.botUser, verified: true, mfa_enabled: false, email: null, flags: 0 },
      guilds: guilds.map((guild) => ({ id: guild.id, unavailable: true })),
      session_id: session.id,
      session_type: "normal",
      resume_gateway_url: this.url,
      shard: [shardId, shardCount],
      application: { id: this.#world.applicationId, flags: 0 },
      private_channels: [],
      relationships: [],
      presences: [],
      user_settings: {},
      guild_join_requests: [],
      geo_ordered_rtc_regions: [],
      _trace: [],
    });
    if ((session.intents & guildsIntent) === 0) return;
    for (const guild of guilds) {
      if (guild.unavailable && this.#options.silentOutages) continue;
      emit(session, "GUILD_CREATE", guildCreateJson(this.#world, guild));
    }
  }

  #resume(socket: WebSocket, data: JsonObject): void {
    if (data["token"] !== this.#options.token) {
      socket.close(4004, "Authentication failed.");
      return;
    }
    const session = this.#sessions.get(String(data["session_id"]));
    const sequence = Number(data["seq"]);
    if (!session) {
      this.refusedResumes += 1;
      send(socket, { op: Op.InvalidSession, d: false });
      return;
    }
    if (!(sequence >= 0 && sequence <= session.sequence)) {
      socket.close(4007, "Invalid seq.");
      return;
    }
    this.resumes += 1;
    if (session.socket !== socket) session.socket?.terminate();
    session.socket = socket;
    this.#sessionOf.set(socket, session);
    for (const frame of session.sent) if (frame.s > sequence) send(socket, frame);
    emit(session, "RESUMED", { _trace: [] });
  }

  /** The sessions of a server's shard, or of shard 0. */
  #sessionsFor(guildId: string | undefined): Session[] {
    return [...this.#sessions.values()].filter(
      ({ shardId, shardCount }) =>
        shardId === (guildId === undefined ? 0 : shardOf(guildId, shardCount)),
    );
  }
}

function send(socket: WebSocket, payload: unknown): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(payload));
}

/** Sends an event and keeps it for a resume. */
function emit(session: Session, type: string, data: unknown): void {
  session.sequence += 1;
  const frame: DispatchFrame = { op: Op.Dispatch, t: type, s: session.sequence, d: data };
  session.sent.push(frame);
  if (session.socket) send(session.socket, frame);
}

function shardOf(guildId: string, shardCount: number): number {
  return Number((BigInt(guildId) >> 22n) % BigInt(shardCount));
}

/** What a client sent as JSON; undefined when it does not parse. */
function parsed(raw: RawData): unknown {
  try {
    // Clients send text frames, which ws hands over as one Buffer.
    return JSON.parse(raw.toString());
  } catch {
    return undefined;
  }
}

/** The shard and intents of an IDENTIFY, or the close code with which Discord refuses it. */
function readIdentify(
  data: JsonObject,
  { token, allowPrivilegedIntents }: GatewayOptions,
): Pick<Session, "shardId" | "shardCount" | "intents"> | { code: number; reason: string } {
  const intents = data["intents"];
  const shard = Array.isArray(data["shard"]) ? data["shard"] : [0, 1];
  const [shardId, shardCount] = [Number(shard[0]), Number(shard[1])];
  if (data["token"] !== token) return { code: 4004, reason: "Authentication failed." };
  if (!isJsonObject(data["properties"]))
    return { code: 4002, reason: "Error while decoding payload." };
  if (!(shardId >= 0 && shardId < shardCount)) return { code: 4010, reason: "Invalid shard." };
  if (typeof intents !== "number" || intents < 0 || intents >= 1 << 26)
    return { code: 4013, reason: "Invalid intent(s)." };
  if (!allowPrivilegedIntents && (intents & privilegedIntents) !== 0)
    return { code: 4014, reason: "Disallowed intent(s)." };
  return { shardId, shardCount, intents };
}
