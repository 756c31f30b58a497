import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LAMBO_MODELS } from "../../src/valuation/lambo-models.ts";
import { startFakeDiscord } from "../support/fake-discord/fake-discord.ts";
import type { FakeCoin } from "../support/fake-market/fake-coin.ts";
import { startFakeMarket } from "../support/fake-market/fake-market.ts";
import { syntheticSeries } from "../support/price-series.ts";
import type { Figures } from "./bench.ts";
import { cpuMsOf, load, type Server, startBareServer, startServer } from "./bench-server.ts";
import { questionOf } from "./http.bench.ts";
import type { LoadJob, LoadResult } from "./http-load.ts";
import { figure, percentile, spread } from "./measure.ts";
import { benchPictureFloor, LOCALES } from "./picture-floor.ts";

const ROUNDS = 5;
const COINS = 40;
const QUESTIONS = 2_000;
/** So many pictures fit into the program's memory. */
const QUESTIONS_WITH_PICTURE = 50;
const CONNECTIONS = 16;
/**
 * How near the program is to what this machine can do at all, as ratios of processor time (1 is the
 * limit, for `…Over…` the factor above it) taken in turn within one run: the median of the rounds,
 * with the lowest and the highest.
 */
export async function benchLimit(): Promise<Figures> {
  // Pictures first: in a process that has just loaded servers, both sides cost half as much again,
  // and the ratio is too small.
  return { ...(await benchPictureFloor()), ...(await benchHttpLimit()) };
}

/** The program and the bare server, asked the same by the same load generator, in turn. */
async function benchHttpLimit(): Promise<Figures> {
  const today = new Date().toISOString().slice(0, 10);
  const coins = Array.from({ length: COINS }, (_, at): FakeCoin => {
    const firstOn = `${2014 + (at % 10)}-11-25`;
    const series = syntheticSeries({
      firstOn,
      lastOn: today,
      startUsd: 0.01,
      // From a few times to a thousand times as much, so that every kind of card is asked for.
      dailyGrowth: 0.0005 + (at % 7) * 0.0003,
      wobble: 0.05,
      seed: at,
    });
    return { coinId: `coin-${at}`, symbol: `C${at}`, name: `Coin ${at}`, rank: at + 1, series };
  });
  const market = await startFakeMarket({ coins, now: () => new Date() });
  const discord = await startFakeDiscord({ checkSpec: false, keepRequests: false });
  const dataDir = await mkdtemp(join(tmpdir(), "lambo-bench-"));
  const [product, bare] = await Promise.all([
    startServer({ ...market.environment("analyst"), ...discord.httpEnv, DATA_DIR: dataDir }),
    startBareServer(discord.httpEnv["DISCORD_PUBLIC_KEY"] ?? ""),
  ]);
  const interactions = (payload: Record<string, unknown>, questions: number) => ({
    kind: "interaction" as const,
    privateKeyPem: discord.signingKeyPem,
    payload,
    fresh: false,
    questions: inventedQuestions(questions),
  });
  const kinds = {
    httpShareOfLimit: {
      ask: interactions(questionOf(discord, 1), QUESTIONS),
      requests: 2_500,
    },
    httpKnownPictureShareOfLimit: {
      ask: interactions(questionOf(discord), QUESTIONS_WITH_PICTURE),
      requests: 1_500,
    },
    processRequestShareOfLimit: {
      ask: {
        kind: "get" as const,
        paths: inventedQuestions(QUESTIONS_WITH_PICTURE).map(
          ({ options: { coin, amount } }) =>
            `/api/v1/process_request/?symbol=${coin?.replace("coin-", "c")}&investment=${amount}`,
        ),
      },
      // Together the rounds stay below the limit of all visitors, 60,000 a minute.
      requests: 6_000,
    },
  };

  const figures: Record<string, number> = {};
  try {
    for (const [name, job] of Object.entries(kinds)) {
      // The histories and the compilers are warm afterwards.
      for (let turn = 0; turn < 3; turn += 1) await asked(product, job);
      const ratios: number[] = [];
      const productUs: number[] = [];
      const bareUs: number[] = [];
      for (let round = -1; round < ROUNDS; round += 1) {
        const ours = await asked(product, job);
        const path = `/${ours.bytesPerAnswer}`;
        const ask: LoadJob["ask"] =
          job.ask.kind === "get" ? { kind: "get", paths: [path] } : { ...job.ask, path };
        const least = await asked(bare, { ...job, ask });
        // The first round warms the bare server.
        if (round === -1) continue;
        ratios.push(least.cpuUs / ours.cpuUs);
        productUs.push(ours.cpuUs);
        bareUs.push(least.cpuUs);
      }
      Object.assign(figures, spread(name, ratios));
      const kind = name.replace("ShareOfLimit", "");
      figures[`${kind}CpuUs`] = figure(percentile(productUs, 0.5));
      figures[`${kind}BareCpuUs`] = figure(percentile(bareUs, 0.5));
    }
    return figures;
  } finally {
    for (const server of [product, bare]) {
      server.process.kill("SIGTERM");
      await once(server.process, "exit");
    }
    await discord.close();
    await market.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function asked(
  server: Server,
  { ask, requests }: Pick<LoadJob, "ask" | "requests">,
): Promise<LoadResult & { readonly cpuUs: number }> {
  const beforeMs = await cpuMsOf(server.process);
  const result = await load({
    ports: [server.port],
    requests,
    seconds: 60,
    connections: CONNECTIONS,
    perSecond: null,
    ask,
  });
  const usedMs = (await cpuMsOf(server.process)) - beforeMs;
  return { ...result, cpuUs: (usedMs / result.answers) * 1_000 };
}

/** Distinct questions: coin, stake and car, each in one of many languages. */
function inventedQuestions(
  count: number,
): readonly { readonly options: Record<string, string>; readonly locale: string }[] {
  const cars = LAMBO_MODELS.map(({ key }) => key);
  return Array.from({ length: count }, (_, at) => ({
    options: {
      coin: `coin-${at % COINS}`,
      amount: String(500 + 250 * Math.floor(at / COINS)),
      car: cars[at % cars.length] ?? "",
    },
    locale: LOCALES[at % LOCALES.length] ?? "en-US",
  }));
}
