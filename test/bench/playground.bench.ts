import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { gunzipSync } from "node:zlib";
import { startFakeMarket } from "../support/fake-market/fake-market.ts";
import { syntheticSeries } from "../support/price-series.ts";
import { SHIPPED_ENVIRONMENT, SHIPPED_FLAGS } from "../support/shipped-start.ts";
import type { Figures } from "./bench.ts";
import { figure, percentile } from "./measure.ts";

/** What `npm start` runs, with the page's scripts beside it. */
const MAIN = new URL("../../../src/main.js", import.meta.url).pathname;
const COINS = 17_000;
const STARTS = 5;

/**
 * The playground as a process: start to page with a warm cache, and what a browser loads for the
 * page.
 */
export async function benchPlayground(): Promise<Figures> {
  const series = syntheticSeries({
    firstOn: "2020-01-01",
    lastOn: new Date().toISOString().slice(0, 10),
    startUsd: 1,
  });
  const coins = Array.from({ length: COINS }, (_, at) => ({
    coinId: `coin-${at}`,
    symbol: `C${at % 10_000}`,
    name: `Coin number ${at}`,
    rank: at < 2_000 ? at + 1 : null,
    series,
  }));
  const market = await startFakeMarket({ coins, now: () => new Date() });
  const dataDir = await mkdtemp(join(tmpdir(), "lambo-bench-"));
  const environment = {
    PATH: process.env["PATH"],
    ...market.environment("demo"),
    DATA_DIR: dataDir,
    PORT: "0",
  };

  // The first start fetches the list of coins and its pages of ranks, and keeps them.
  const first = await start(environment);
  await market.arrived({ path: "/coins/markets" }, 4);
  await stop(first.child);
  const readyMs: number[] = [];
  let page = { transferredKb: 0, unpackedKb: 0 };
  for (let run = 0; run < STARTS; run += 1) {
    const started = await start(environment);
    readyMs.push(started.readyMs);
    if (run === 0) page = await pageSize(started.address);
    await stop(started.child);
  }
  await market.close();
  await rm(dataDir, { recursive: true, force: true });
  return {
    playgroundReadyMs: figure(percentile(readyMs, 0.5)),
    pageKb: figure(page.transferredKb),
    pageUnpackedKb: figure(page.unpackedKb),
  };
}

/** From the start of the process to the page's last byte. */
async function start(
  environment: NodeJS.ProcessEnv,
): Promise<{ child: ChildProcess; address: string; readyMs: number }> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...SHIPPED_FLAGS, MAIN], {
    env: { ...SHIPPED_ENVIRONMENT, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let address = "";
  for await (const line of createInterface({ input: child.stdout })) {
    address = /Open\s+(http:\S+)/.exec(line)?.[1] ?? "";
    if (address !== "") break;
  }
  child.stdout.resume();
  await fetched(`${address}/`);
  return { child, address, readyMs: performance.now() - startedAt };
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill("SIGTERM");
  await once(child, "exit");
}

/** Everything that the page's own markup names, as a browser fetches it. */
async function pageSize(address: string): Promise<{ transferredKb: number; unpackedKb: number }> {
  const page = await fetched(`${address}/`);
  const html = gunzipSync(page).toString();
  const named = new Set(
    [...html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path = ""]) => path),
  );
  const bodies = [
    page,
    ...(await Promise.all([...named].map((path) => fetched(`${address}${path}`)))),
  ];
  const kb = (sizes: number[]) => sizes.reduce((sum, size) => sum + size, 0) / 1_000;
  return {
    transferredKb: kb(bodies.map(({ length }) => length)),
    unpackedKb: kb(bodies.map((body) => unpacked(body).length)),
  };
}

const unpacked = (body: Buffer) => (body.readUInt16BE(0) === 0x1f8b ? gunzipSync(body) : body);

async function fetched(url: string): Promise<Buffer> {
  const asked = request(url, { headers: { "accept-encoding": "gzip" } }).end();
  const [response] = await once(asked, "response");
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return Buffer.concat(chunks);
}
