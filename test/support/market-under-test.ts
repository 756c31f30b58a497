import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Config, readConfig } from "../../src/config.ts";
import { type FetchCache, openFetchCache } from "../../src/prices/cache/fetch-cache.ts";
import { createMarket, type Market } from "../../src/prices/market.ts";
import type { CallBudget } from "../../src/prices/sources/call-budget.ts";
import type { UpstreamTiming } from "../../src/prices/sources/upstream.ts";
import { type Log, silentLog } from "../../src/process/log.ts";
import {
  answerQuestion,
  type LamboOutcome,
  type LamboQuestion,
} from "../../src/questions/answer.ts";
import { USUAL_PURCHASE } from "../../src/questions/purchase.ts";
import { openStorage, type Storage } from "../../src/storage/storage.ts";
import type { FakeCoin, Plan } from "./fake-market/fake-coin.ts";
import { type FakeMarket, startFakeMarket } from "./fake-market/fake-market.ts";
import { EAGER } from "./quick-timing.ts";

/** The program's market against a fake one, on one clock that the test sets. */
export type MarketUnderTest = {
  readonly fake: FakeMarket;
  readonly config: Config;
  /** The wired market; a new one on the same cache file after {@link MarketUnderTest.restart}. */
  market(): Market;
  cache(): FetchCache;
  /** The database, an SQLite file in `dataDir`. */
  storage(): Storage;
  readonly dataDir: string;
  now(): Date;
  /** Sets the clock to an ISO instant. */
  setNow(iso: string): void;
  /** Asks a question as a member does; by default 1,000 USD in average Lambos. */
  ask(coin: string, question?: Partial<LamboQuestion>): Promise<LamboOutcome>;
  /** Asks the same of a new installation with an empty cache. */
  askAnew(coin: string, question?: Partial<LamboQuestion>): Promise<LamboOutcome>;
  /** Closes the program's side and starts it again on the same files. */
  restart(): Promise<void>;
  close(): Promise<void>;
};

/** Options of {@link startMarketUnderTest}. */
export type MarketUnderTestOptions = {
  readonly coins: readonly FakeCoin[];
  readonly plan?: Plan;
  /** ISO instant that the clock shows at first. */
  readonly now?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly log?: Log;
  /** One call budget in place of each source's own, for tests that are not about pace. */
  readonly budget?: CallBudget;
  /** Timeouts and retries of the sources; {@link EAGER} by default. */
  readonly timing?: UpstreamTiming;
  /** Frankfurter's rates; without them it is switched off. */
  readonly frankfurterPerUsd?: Readonly<Record<string, number>>;
};

function emptyCache(): FetchCache {
  const values = new Map<string, unknown>();
  return {
    where: "in memory only",
    isShared: false,
    async get(key, schema) {
      const parsed = schema.safeParse(values.get(key));
      return parsed.success ? parsed.data : undefined;
    },
    set: async (key, value) => void values.set(key, value),
    runExclusive: (_key, work) => work(),
    sweep: async () => undefined,
    close: async () => undefined,
  };
}

/** Starts a fake market and the program's own market, index and cache against it. */
export async function startMarketUnderTest(
  options: MarketUnderTestOptions,
): Promise<MarketUnderTest> {
  let at = new Date(options.now ?? "2026-11-24T12:00:00Z");
  const now = () => at;
  const log = options.log ?? silentLog;
  const fake = await startFakeMarket({
    coins: options.coins,
    now,
    ...(options.frankfurterPerUsd !== undefined && {
      frankfurterPerUsd: options.frankfurterPerUsd,
    }),
  });
  const dataDir = await mkdtemp(join(tmpdir(), "lambo-test-"));
  const configured = readConfig({
    ...fake.environment(options.plan ?? "demo"),
    DATA_DIR: dataDir,
    ...options.environment,
  });
  if (!configured.ok) throw new Error(configured.problems.join("\n"));
  const { config } = configured;

  const marketOver = (cache: FetchCache) =>
    createMarket({
      config,
      cache,
      log,
      now,
      timing: options.timing ?? EAGER,
      ...(options.budget !== undefined && { budget: options.budget }),
    });
  const open = async () => {
    const cache = await openFetchCache({ dataDir: config.dataDir, log, now });
    const storage = await openStorage({
      dataDir: config.dataDir,
      databaseUrl: config.databaseUrl,
      log,
      now,
    });
    return {
      cache,
      storage,
      market: marketOver(cache),
    };
  };
  let opened = await open();
  const askOf = (market: Market, coin: string, question?: Partial<LamboQuestion>) =>
    answerQuestion(
      { coin: { by: "text", text: coin }, ...USUAL_PURCHASE, ...question },
      { ...market, now },
      { priority: "interactive" },
    );

  return {
    fake,
    config,
    dataDir,
    now,
    market: () => opened.market,
    cache: () => opened.cache,
    storage: () => opened.storage,
    setNow: (iso) => {
      at = new Date(iso);
    },
    ask: (coin, question) => askOf(opened.market, coin, question),
    askAnew: (coin, question) => askOf(marketOver(emptyCache()), coin, question),
    async restart() {
      await opened.cache.close();
      await opened.storage.close();
      opened = await open();
    },
    async close() {
      await opened.cache.close();
      await opened.storage.close();
      await fake.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
