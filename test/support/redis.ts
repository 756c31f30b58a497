import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A Redis server of the test's own, without persistence. */
export type RedisServer = {
  readonly url: string;
  /** Starts it again on the same port, empty. */
  start(): Promise<void>;
  /** Kills it, as a crash does. */
  stop(): Promise<void>;
  /** Freezes it: it accepts connections and commands and responds to nothing. */
  freeze(): void;
  /** Resumes it; it then runs the commands that arrived meanwhile. */
  thaw(): void;
  /** Stops it and deletes its folder. */
  remove(): Promise<void>;
};

/**
 * Why no Redis can be started here; undefined when one can. Tests that need one skip with this text
 * in their name.
 */
export function redisMissing(): string | undefined {
  const found = spawnSync("redis-server", ["--version"], { stdio: "ignore" }).status === 0;
  return found ? undefined : "no Redis: install the package redis-server";
}

/** Starts a server on a free port of the loopback. */
export async function startRedis(): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), "lambo-redis-"));
  const port = await freePort();
  let child: ChildProcess | undefined;

  const server: RedisServer = {
    url: `redis://127.0.0.1:${port}`,
    async start() {
      const args = [
        "--port",
        `${port}`,
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "no",
        "--dir",
        folder,
      ];
      const started = spawn("redis-server", args, { stdio: ["ignore", "pipe", "ignore"] });
      child = started;
      for await (const line of createInterface({ input: started.stdout })) {
        if (line.includes("Ready to accept connections")) {
          started.stdout.resume();
          return;
        }
      }
      throw new Error("redis-server ended before it was ready");
    },
    async stop() {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
    freeze: () => void child?.kill("SIGSTOP"),
    thaw: () => void child?.kill("SIGCONT"),
    async remove() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
