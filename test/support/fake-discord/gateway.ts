import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import type { Changes } from "./changes.ts";
import { isJsonObject, type JsonObject } from "./json.ts";
import type { FakeGuild, World } from "./world.ts";

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
  /** Those that came while `answerResumes` was false. */
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
  /** So many IDENTIFYs to come are answered with op 9: not a valid session. */
  invalidIdentifies: number;
  /** Session starts used up before this gateway came to be, of the 1,000 of a day. */
  sessionStartsUsed: number;
  /** Resolves when `read` answers true; asked again after every gateway or REST event. */
  until(what: string, read: (gateway: FakeGateway) => boolean): Promise<void>;
};

/** The gateway with the entrances that only the server uses. */
export type GatewayServer = FakeGateway & {
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  readonly sessionStartsLeft: number;
  /** Tells the sessions that a server came, changed or went. */
  guildArrived(guild: FakeGuild): void;
  guildLeft(guild: FakeGuild, options: { unavailable: boolean }): void;
  end(): Promise<void>;
};

/**
 * Creates a gateway that speaks Discord's protocol v10 in JSON; `url` is read when a client
 * identifies.
 */
export function createGateway(options: {
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
  url: () => string;
}): GatewayServer {
  const { world, changes } = options;
  const server = new WebSocketServer({ noServer: true });
  const sessions = new Map<string, Session>();
  const sockets = new Set<WebSocket>();
  const sessionOf = new Map<WebSocket, Session>();
  const identifyPayloads: JsonObject[] = [];
  const closeCodes: number[] = [];
  const counts = {
    identifies: 0,
    resumes: 0,
    refusedResumes: 0,
    ignoredResumes: 0,
    heartbeats: 0,
    connections: 0,
  };
  let sessionNumber = 0;

  const send = (socket: WebSocket, payload: unknown): void => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(payload));
  };
  const emit = (session: Session, type: string, data: unknown): void => {
    session.sequence += 1;
    const frame: DispatchFrame = { op: Op.Dispatch, t: type, s: session.sequence, d: data };
    session.sent.push(frame);
    if (session.socket) send(session.socket, frame);
  };
  const shardOf = (guildId: string, shardCount: number): number =>
    Number((BigInt(guildId) >> 22n) % BigInt(shardCount));
  const sessionsFor = (guildId: string | undefined): Session[] =>
    [...sessions.values()].filter(
      (session) =>
        session.shardId === (guildId === undefined ? 0 : shardOf(guildId, session.shardCount)),
    );

  const identify = (socket: WebSocket, data: JsonObject): void => {
    const intents = data["intents"];
    const shard = Array.isArray(data["shard"]) ? data["shard"] : [0, 1];
    const [shardId, shardCount] = [Number(shard[0]), Number(shard[1])];
    if (data["token"] !== options.token) {
      socket.close(4004, "Authentication failed.");
      return;
    }
    if (!isJsonObject(data["properties"])) {
      socket.close(4002, "Error while decoding payload.");
      return;
    }
    if (!(shardId >= 0 && shardId < shardCount)) {
      socket.close(4010, "Invalid shard.");
      return;
    }
    if (typeof intents !== "number" || intents < 0 || intents >= 1 << 26) {
      socket.close(4013, "Invalid intent(s).");
      return;
    }
    if (!options.allowPrivilegedIntents && (intents & privilegedIntents) !== 0) {
      socket.close(4014, "Disallowed intent(s).");
      return;
    }
    counts.identifies += 1;
    identifyPayloads.push({ ...data, token: undefined });
    if (!gateway.answerIdentifies) return;
    if (gateway.invalidIdentifies > 0) {
      gateway.invalidIdentifies -= 1;
      send(socket, { op: Op.InvalidSession, d: false });
      return;
    }
    // A second IDENTIFY for a shard ends the earlier session of that shard, as Discord does.
    for (const old of [...sessions.values()]) {
      if (old.shardId === shardId) {
        sessions.delete(old.id);
        old.socket?.close(4000, "Session replaced.");
      }
    }
    sessionNumber += 1;
    const id = `fake${sessionNumber}${"0123456789abcdef0123456789ab"}`;
    const session: Session = { id, shardId, shardCount, intents, sequence: 0, sent: [], socket };
    sessions.set(id, session);
    sessionOf.set(socket, session);
    const guilds = [...world.guilds.values()].filter(
      (guild) => guild.joined && shardOf(guild.id, shardCount) === shardId,
    );
    emit(session, "READY", {
      v: 10,
      user: { ...world.botUser, verified: true, mfa_enabled: false, email: null, flags: 0 },
      guilds: guilds.map((guild) => ({ id: guild.id, unavailable: true })),
      session_id: id,
      session_type: "normal",
      resume_gateway_url: options.url(),
      shard: [shardId, shardCount],
      application: { id: world.applicationId, flags: 0 },
      private_channels: [],
      relationships: [],
      presences: [],
      user_settings: {},
      guild_join_requests: [],
      geo_ordered_rtc_regions: [],
      _trace: [],
    });
    if ((intents & guildsIntent) === 0) return;
    for (const guild of guilds) {
      if (guild.unavailable && options.silentOutages) continue;
      emit(session, "GUILD_CREATE", world.guildCreateJson(guild));
    }
  };

  const resume = (socket: WebSocket, data: JsonObject): void => {
    if (data["token"] !== options.token) {
      socket.close(4004, "Authentication failed.");
      return;
    }
    const session = sessions.get(String(data["session_id"]));
    const sequence = Number(data["seq"]);
    if (!session) {
      counts.refusedResumes += 1;
      send(socket, { op: Op.InvalidSession, d: false });
      return;
    }
    if (!(sequence >= 0 && sequence <= session.sequence)) {
      socket.close(4007, "Invalid seq.");
      return;
    }
    counts.resumes += 1;
    if (session.socket !== socket) session.socket?.terminate();
    session.socket = socket;
    sessionOf.set(socket, session);
    for (const frame of session.sent) if (frame.s > sequence) send(socket, frame);
    emit(session, "RESUMED", { _trace: [] });
  };

  const receive = (socket: WebSocket, raw: RawData): void => {
    let payload: unknown;
    try {
      // Clients send text frames, which ws hands over as one Buffer.
      payload = JSON.parse(raw.toString());
    } catch {
      socket.close(4002, "Error while decoding payload.");
      return;
    }
    if (!isJsonObject(payload)) {
      socket.close(4002, "Error while decoding payload.");
      return;
    }
    const data = isJsonObject(payload["d"]) ? payload["d"] : {};
    switch (payload["op"]) {
      case Op.Heartbeat:
        counts.heartbeats += 1;
        if (gateway.acknowledge) send(socket, { op: Op.HeartbeatAck });
        return;
      case Op.Identify: {
        sessionOf.has(socket)
          ? socket.close(4005, "Already authenticated.")
          : identify(socket, data);
        return;
      }
      case Op.Resume: {
        if (gateway.answerResumes) resume(socket, data);
        else counts.ignoredResumes += 1;
        return;
      }
      case 3:
      case 4:
      case 8: {
        sessionOf.has(socket) ? undefined : socket.close(4003, "Not authenticated.");
        return;
      }
      default: {
        socket.close(4001, "Unknown opcode.");
        return;
      }
    }
  };

  const gateway: GatewayServer = {
    acknowledge: true,
    answerResumes: true,
    answerIdentifies: true,
    invalidIdentifies: 0,
    sessionStartsUsed: 0,
    get url() {
      return options.url();
    },
    get identifies() {
      return counts.identifies;
    },
    get resumes() {
      return counts.resumes;
    },
    get refusedResumes() {
      return counts.refusedResumes;
    },
    get ignoredResumes() {
      return counts.ignoredResumes;
    },
    get heartbeats() {
      return counts.heartbeats;
    },
    get connections() {
      return counts.connections;
    },
    get live() {
      return [...sockets].filter(
        (socket) => sessionOf.has(socket) && socket.readyState === socket.OPEN,
      ).length;
    },
    get sessionStartsLeft() {
      return Math.max(0, options.sessionStartLimit - gateway.sessionStartsUsed - counts.identifies);
    },
    identifyPayloads,
    closeCodes,
    dispatch(type, data, guildId) {
      const receivers = sessionsFor(guildId);
      if (receivers.length === 0)
        throw new Error(`Nobody is logged in to receive ${type}: await client.login() first.`);
      for (const session of receivers) emit(session, type, data);
    },
    askToReconnect() {
      for (const socket of sockets) send(socket, { op: Op.Reconnect, d: null });
    },
    invalidateSessions({ resumable }) {
      for (const socket of sockets) {
        const session = sessionOf.get(socket);
        if (session && !resumable) sessions.delete(session.id);
        sessionOf.delete(socket);
        send(socket, { op: Op.InvalidSession, d: resumable });
      }
    },
    drop() {
      for (const socket of sockets) socket.terminate();
    },
    close(code) {
      for (const socket of sockets) socket.close(code);
    },
    forgetSessions() {
      sessions.clear();
    },
    askForHeartbeat() {
      for (const socket of sockets) send(socket, { op: Op.Heartbeat, d: null });
    },
    until: (what, read) =>
      changes.until(what, () => (read(gateway) ? true : undefined)).then(() => undefined),
    accept(request, duplex, head) {
      const query = new URL(request.url ?? "/", "http://gateway").searchParams;
      server.handleUpgrade(request, duplex, head, (socket) => {
        counts.connections += 1;
        sockets.add(socket);
        socket.on("close", (code) => {
          sockets.delete(socket);
          closeCodes.push(code);
          const session = sessionOf.get(socket);
          if (session?.socket === socket) {
            session.socket = undefined;
            // A client that closes with 1000 or 1001 gives its session up.
            if (code === 1000 || code === 1001) sessions.delete(session.id);
          }
          changes.tell();
        });
        socket.on("error", () => socket.terminate());
        socket.on("message", (raw) => {
          receive(socket, raw);
          changes.tell();
        });
        if (query.get("v") !== "10") return socket.close(4012, "Invalid API version.");
        if (query.get("encoding") !== "json" || query.has("compress"))
          return socket.close(4002, "The fake speaks plain JSON only.");
        send(socket, {
          op: Op.Hello,
          d: { heartbeat_interval: options.heartbeatIntervalMs, _trace: [] },
        });
        changes.tell();
      });
    },
    guildArrived(guild) {
      for (const session of sessionsFor(guild.id)) {
        if ((session.intents & guildsIntent) !== 0)
          emit(session, "GUILD_CREATE", world.guildCreateJson(guild));
      }
    },
    guildLeft(guild, { unavailable }) {
      for (const session of sessionsFor(guild.id)) {
        if ((session.intents & guildsIntent) === 0) continue;
        // Only an outage carries the field: without it the bot was removed.
        emit(
          session,
          "GUILD_DELETE",
          unavailable ? { id: guild.id, unavailable: true } : { id: guild.id },
        );
      }
    },
    end() {
      for (const socket of sockets) socket.terminate();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return gateway;
}
