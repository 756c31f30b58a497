import { once } from "node:events";
import { Agent, request } from "node:http";
import { silentLog } from "../../src/process/log.ts";
import { openStorage, type Storage } from "../../src/storage/storage.ts";
import { type FakeDiscord, startFakeDiscord } from "../support/fake-discord/fake-discord.ts";
import type { InteractionHandle } from "../support/fake-discord/interaction-handle.ts";
import type { FakeCoin } from "../support/fake-market/fake-coin.ts";
import { type FakeMarket, startFakeMarket } from "../support/fake-market/fake-market.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import { emptyFolder, type Program, startProgram } from "../support/program.ts";
import { type RedisServer, startRedis } from "../support/redis.ts";

/** One process of a cluster: the compiled program. */
export type Member = {
  /** Such as `web 2`. */
  readonly name: string;
  readonly program: Program;
  /** Where it listens; a worker does not. */
  readonly port: number | undefined;
  /** Monotonic milliseconds at which it was seen to have ended; undefined while it runs. */
  readonly endedAtMs: number | undefined;
  /** True from the moment that the test killed it. */
  readonly isKilled: boolean;
  /** Ends it as a crash does; resolves when it is gone. */
  kill(): Promise<void>;
  /** Asks it to stop; resolves to its exit code. */
  stop(): Promise<number | null>;
};

/** The outcome of an interaction: the process that got it last, and its response. */
export type Delivery =
  | { readonly kind: "response"; readonly member: Member; readonly response: Response }
  /** The process that had it ended before it answered. */
  | { readonly kind: "died"; readonly member: Member }
  | { readonly kind: "broken"; readonly member: Member; readonly error: string }
  | { readonly kind: "nobody" };

/**
 * Processes that share one Redis and one PostgreSQL, behind a load balancer, with fakes of
 * everything outside.
 */
export type Cluster = {
  readonly discord: FakeDiscord;
  readonly market: FakeMarket;
  readonly redis: RedisServer;
  readonly postgres: PostgresServer;
  /** The database, opened as another process would open it. */
  readonly storage: Storage;
  /**
   * Every web process that was started. One that has ended is still tried for a while: a
   * balancer does not know that yet.
   */
  readonly webs: readonly Member[];
  readonly workers: readonly Member[];
  startWeb(): Promise<Member>;
  startWorker(): Promise<Member>;
  /**
   * Sends a signed interaction to the next web process (or to `to` alone); one that cannot be
   * connected to is passed over, as nginx does. Connections are kept and used again.
   */
  deliver(handle: InteractionHandle, to?: Member): Promise<Delivery>;
  close(): Promise<void>;
};

const CONNECTIONS_PER_PROCESS = 64;
/** How long the balancer goes on trying a process that has ended. */
const TRIED_FOR_MS = 5_000;

/** Starts everything but the processes. */
export async function startCluster(options: {
  guilds: number;
  coins: readonly FakeCoin[];
}): Promise<Cluster> {
  const [discord, market, redis, postgres] = await Promise.all([
    startFakeDiscord({ guilds: options.guilds, checkSpec: false, keepRequests: false }),
    startFakeMarket({ coins: options.coins, now: () => new Date() }),
    startRedis(),
    startPostgres(),
  ]);
  const storage = await openStorage({
    dataDir: "/nonexistent",
    databaseUrl: postgres.url,
    log: silentLog,
    now: () => new Date(),
  });
  const environment = {
    ...market.environment("demo"),
    ...discord.env,
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    LOG_LEVEL: "debug",
  };
  const folder = await emptyFolder();
  const webs: Member[] = [];
  const workers: Member[] = [];
  const agents = new Map<Member, Agent>();
  const started = { web: 0, worker: 0 };
  let turn = 0;

  async function start(name: string, more: Readonly<Record<string, string>>): Promise<Member> {
    const program = startProgram(
      "main",
      [],
      { ...environment, ...more, DATA_DIR: `${folder.path}/${name.replace(" ", "-")}` },
      folder.path,
    );
    let endedAtMs: number | undefined;
    let isKilled = false;
    const ended = once(program.process, "exit").then(() => {
      endedAtMs = performance.now();
    });
    await program.says('"msg":"ready: ');
    const port = /ready: listening on http:\/\/[^"]*:(\d+)/.exec(program.output())?.[1];
    return {
      name,
      program,
      port: port === undefined ? undefined : Number(port),
      get endedAtMs() {
        return endedAtMs;
      },
      get isKilled() {
        return isKilled;
      },
      async kill() {
        isKilled = true;
        program.process.kill("SIGKILL");
        await ended;
      },
      async stop() {
        program.process.kill("SIGTERM");
        return (await program.finished).exitCode;
      },
    };
  }

  async function startAs(role: "web" | "worker", members: Member[]): Promise<Member> {
    started[role] += 1;
    const name = `${role} ${started[role]}`;
    const member = await start(
      name,
      role === "web" ? { ROLE: role, ...discord.httpEnv, PORT: "0" } : { ROLE: role },
    );
    members.push(member);
    return member;
  }

  function agentOf(member: Member): Agent {
    const agent =
      agents.get(member) ?? new Agent({ keepAlive: true, maxSockets: CONNECTIONS_PER_PROCESS });
    agents.set(member, agent);
    return agent;
  }

  async function deliver(handle: InteractionHandle, to?: Member): Promise<Delivery> {
    const body = Buffer.from(JSON.stringify(handle.payload));
    const headers = {
      ...discord.sign(body, Math.floor(Date.now() / 1_000)),
      "content-length": String(body.byteLength),
    };
    turn += 1;
    const lately = performance.now() - TRIED_FOR_MS;
    const tried = webs.filter(({ endedAtMs }) => endedAtMs === undefined || endedAtMs > lately);
    const order = to === undefined ? tried.map((_, at) => tried[(turn + at) % tried.length]) : [to];
    for (const member of order) {
      if (member?.port === undefined) continue;
      const sentAtMs = performance.now();
      try {
        return {
          kind: "response",
          member,
          response: await post({ port: member.port, body, headers, agent: agentOf(member) }),
        };
      } catch (error) {
        const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
        const wasThere = member.endedAtMs === undefined || sentAtMs <= member.endedAtMs;
        // A connection that breaks once its process is known to be gone counts as one that could
        // not be made.
        if (code === "ECONNREFUSED" || !wasThere) continue;
        return member.isKilled ? { kind: "died", member } : { kind: "broken", member, error: code };
      }
    }
    return { kind: "nobody" };
  }

  return {
    ...{ discord, market, redis, postgres, storage, webs, workers, deliver },
    startWeb: () => startAs("web", webs),
    startWorker: () => startAs("worker", workers),
    async close() {
      for (const member of [...webs, ...workers]) member.program.process.kill("SIGKILL");
      await Promise.all([...webs, ...workers].map(({ program }) => program.finished));
      for (const agent of agents.values()) agent.destroy();
      await storage.close();
      await Promise.all([
        discord.close(),
        market.close(),
        redis.remove(),
        postgres.remove(),
        folder.remove(),
      ]);
    },
  };
}

function post(options: {
  port: number;
  body: Buffer;
  headers: Readonly<Record<string, string>>;
  agent: Agent;
}): Promise<Response> {
  const { port, body, headers, agent } = options;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: "127.0.0.1", port, path: "/interactions", method: "POST", headers, agent },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () =>
          resolve(
            new Response(Buffer.concat(chunks), {
              status: incoming.statusCode ?? 0,
              headers: { "content-type": incoming.headers["content-type"] ?? "" },
            }),
          ),
        );
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
