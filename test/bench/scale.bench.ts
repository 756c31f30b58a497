import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startFakeDiscord } from "../support/fake-discord/fake-discord.ts";
import { startFakeMarket } from "../support/fake-market/fake-market.ts";
import { postgresMissing, startPostgres } from "../support/postgres.ts";
import { syntheticSeries } from "../support/price-series.ts";
import { redisMissing, startRedis } from "../support/redis.ts";
import type { Figures } from "./bench.ts";
import { cpuMsOf, load, type Server, startServer } from "./bench-server.ts";
import { questionOf } from "./http.bench.ts";
import type { LoadJob, LoadResult } from "./http-load.ts";
import { figure } from "./measure.ts";

const SECONDS = 4;
const CONNECTIONS = 48;
/** Half of what one process answers at least (http.bench.ts): latencies are taken there. */
const HALF_LOAD = 500;

/**
 * One web process and three, on one Redis and one PostgreSQL, asked over loopback HTTP about a coin
 * that is cached. Nothing without these two.
 */
export async function benchScale(): Promise<Figures> {
  const missing = redisMissing() ?? postgresMissing();
  if (missing !== undefined) {
    process.stderr.write(`The part "scale" is left out: ${missing}\n`);
    return {};
  }
  const series = syntheticSeries({
    firstOn: "2014-11-25",
    lastOn: new Date().toISOString().slice(0, 10),
    startUsd: 0.01,
    dailyGrowth: 0.002,
  });
  const coins = [{ coinId: "benchcoin", symbol: "BENCH", name: "Benchcoin", rank: 1, series }];
  const [market, discord, redis, postgres, dataDir] = await Promise.all([
    startFakeMarket({ coins, now: () => new Date() }),
    startFakeDiscord({ checkSpec: false, keepRequests: false }),
    startRedis(),
    startPostgres(),
    mkdtemp(join(tmpdir(), "lambo-bench-")),
  ]);
  const environment = {
    ...market.environment("demo"),
    ...discord.httpEnv,
    ...{ ROLE: "web", DATABASE_URL: postgres.url, REDIS_URL: redis.url, DATA_DIR: dataDir },
  };
  const one = await startServer(environment);
  const asks = { embed: questionOf(discord, 1), picture: questionOf(discord) };
  const ask = (payload: Record<string, unknown>): LoadJob["ask"] => ({
    kind: "interaction",
    privateKeyPem: discord.signingKeyPem,
    payload,
    fresh: false,
  });

  async function measured(
    servers: readonly Server[],
  ): Promise<Record<"embeds" | "atHalf" | "pictures", LoadResult> & { readonly cpuUs: number }> {
    const ports = servers.map(({ port }) => port);
    const cpuMs = async () =>
      (await Promise.all(servers.map((server) => cpuMsOf(server.process)))).reduce(
        (sum, ms) => sum + ms,
        0,
      );
    const run = (job: Pick<LoadJob, "ask" | "requests"> & Partial<LoadJob>) =>
      load({ ports, seconds: SECONDS, connections: CONNECTIONS, perSecond: null, ...job });
    // The histories, the picture and the compilers are warm afterwards.
    await run({ ask: ask(asks.embed), requests: 4_000 * ports.length });
    await run({ ask: ask(asks.picture), requests: 500 * ports.length });
    const beforeMs = await cpuMs();
    const embeds = await run({ ask: ask(asks.embed), requests: 8_000 });
    return {
      embeds,
      cpuUs: (((await cpuMs()) - beforeMs) / embeds.answers) * 1_000,
      atHalf: await run({
        ask: ask(asks.embed),
        requests: HALF_LOAD * SECONDS,
        perSecond: HALF_LOAD,
      }),
      pictures: await run({ ask: ask(asks.picture), requests: 4_000 }),
    };
  }

  const alone = await measured([one]);
  const servers = [one, await startServer(environment), await startServer(environment)];
  const three = await measured(servers);
  for (const server of servers) server.process.kill("SIGTERM");
  await Promise.all(servers.map((server) => once(server.process, "exit")));
  await Promise.all([
    discord.close(),
    market.close(),
    redis.remove(),
    postgres.remove(),
    rm(dataDir, { recursive: true, force: true }),
  ]);
  const perSecond = ({ answers, seconds }: LoadResult) => figure(answers / seconds);
  return {
    scaleOneAnswersPerSecond: perSecond(alone.embeds),
    scaleThreeAnswersPerSecond: perSecond(three.embeds),
    scaleOneKnownPicturePerSecond: perSecond(alone.pictures),
    scaleThreeKnownPicturePerSecond: perSecond(three.pictures),
    scaleOneP99Ms: figure(alone.atHalf.p99Ms),
    scaleThreeP99Ms: figure(three.atHalf.p99Ms),
    scaleOneAnswerCpuUs: figure(alone.cpuUs),
    scaleThreeAnswerCpuUs: figure(three.cpuUs),
  };
}
