import { setTimeout as nextLook } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addDays, DAY_MS } from "../../../src/valuation/calendar.ts";
import { type FakeDiscord, startFakeDiscord } from "../../support/fake-discord/fake-discord.ts";
import type { FakeCoin, Provider } from "../../support/fake-market/fake-coin.ts";
import {
  type FakeMarket,
  refusedUrl,
  startFakeMarket,
} from "../../support/fake-market/fake-market.ts";
import { syntheticSeries } from "../../support/price-series.ts";
import { emptyFolder, type Program, startProgram } from "../../support/program.ts";

const WEEK_MS = 7 * DAY_MS;
const TODAY = new Date().toISOString().slice(0, 10);
const MEGABYTE = 1024 * 1024;
const HEALTHY_WITHIN_MS = 1_000;
const LOOP_FREE_WITHIN_SECONDS = 0.25;

let discord: FakeDiscord;
let market: FakeMarket;
const open: (() => Promise<unknown>)[] = [];

/** Starts and ends what each test needs; to be called once in a file. */
export function useHostileMarket(): void {
  beforeEach(async () => {
    discord = await startFakeDiscord({ keepRequests: false, checkSpec: false });
    open.push(() => discord.close());
  });
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close();
  });
}

type Running = { readonly program: Program; readonly url: string };

/** The bot over HTTP, with so little memory that a body of some megabytes could fill it. */
async function start(
  providers: Readonly<Record<string, string>> = market.environment("basic"),
): Promise<Running> {
  const folder = await emptyFolder();
  const environment = {
    ...providers,
    ...discord.httpEnv,
    PORT: "0",
    LOG_LEVEL: "info",
    NODE_OPTIONS: "--max-old-space-size=300",
  };
  const program = startProgram("main", [], environment, folder.path);
  open.push(async () => {
    program.process.kill("SIGKILL");
    await program.finished;
    await folder.remove();
  });
  await program.says("ready: listening on ");
  const [, url = ""] = /"address":"(http:[^"]+)"/.exec(program.output()) ?? [];
  return { program, url };
}

/**
 * The first embed of the answer to a question; each question is another person's in another server.
 */
async function askedAt({ url }: Running, coin: string) {
  const guild = discord.addGuild();
  const asked = discord.payload.command({
    user: discord.user(),
    guild,
    name: "lambo",
    options: { coin },
    unchecked: true,
  });
  await discord.post(asked, `${url}/interactions`);
  return (await asked.answer()).embeds[0];
}

/**
 * Asks `/healthz` now and then; the longest that it took, in milliseconds of a machine of our own,
 * once `until` has settled.
 */
async function slowestHealthMs({ url }: Running, until: Promise<unknown>): Promise<number> {
  let slowestMs = 0;
  const slowdownBefore = slowdown();
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  void until.then(end, end);
  while (!isOver) {
    const beganAtMs = performance.now();
    const response = await fetch(`${url}/healthz`);
    await response.arrayBuffer();
    slowestMs = Math.max(
      slowestMs,
      response.status === 200 ? performance.now() - beganAtMs : Number.POSITIVE_INFINITY,
    );
    // Asked in a row, the question itself would be what keeps the bot busy.
    await nextLook(20);
  }
  return slowestMs / ((slowdownBefore + slowdown()) / 2);
}

/**
 * How many times longer than alone a busy thread takes here at the moment: the machine is shared
 * with other work, whose time is not the bot's.
 */
function slowdown(): number {
  const beganAtMs = performance.now();
  const before = process.cpuUsage();
  let usedMicroseconds = 0;
  while (usedMicroseconds < 100_000) {
    const { user, system } = process.cpuUsage(before);
    usedMicroseconds = user + system;
  }
  return Math.max(1, (1_000 * (performance.now() - beganAtMs)) / usedMicroseconds);
}

/** The longest that the event loop was held up since this was asked last, in seconds. */
async function loopHeldUpSeconds({ url }: Running): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^nodejs_eventloop_lag_max_seconds (.*)$/m.exec(text)?.[1]);
}

/** A stamped price as JSON may have it. */
type Row = readonly [atMs: unknown, price: unknown];

/**
 * What a provider answers in place of the right rows: other rows, or a text that is not even of its
 * shape.
 */
type Hostile = readonly [
  title: string,
  make: (rows: readonly Row[]) => { readonly rows: unknown } | { readonly text: string },
];

const withOne = (rows: readonly Row[], change: (row: Row) => unknown) => ({
  rows: rows.map((row, at) => (at === 20 ? change(row) : row)),
});
const withAll = (rows: readonly Row[], change: (row: Row) => unknown) => ({
  rows: rows.map(change),
});
const scaled = (value: unknown, factor: number) => Number(value) * factor;

/**
 * Those that are asked for again stand apart, so that none of them opens the breaker for the next
 * one.
 */
const HOSTILE: readonly Hostile[] = [
  [
    "one stamp in the next larger unit",
    (rows) => withOne(rows, ([at, price]) => [scaled(at, 1_000), price]),
  ],
  [
    "one stamp in the next smaller unit",
    (rows) => withOne(rows, ([at, price]) => [scaled(at, 1 / 1_000), price]),
  ],
  ["a page of HTML", () => ({ text: "<!doctype html><h1>We'll be right back</h1>" })],
  [
    "all stamps in the next larger unit",
    (rows) => withAll(rows, ([at, price]) => [scaled(at, 1_000), price]),
  ],
  [
    "all stamps in the next smaller unit",
    (rows) => withAll(rows, ([at, price]) => [scaled(at, 1 / 1_000), price]),
  ],
  ["one price of 1e300", (rows) => withOne(rows, ([at]) => [at, 1e300])],
  ["JSON that is cut", () => ({ text: '{"prices":[[17,' })],
  ["one null in place of a row", (rows) => withOne(rows, () => null)],
  ["one negative price", (rows) => withOne(rows, ([at]) => [at, -1])],
  ["all prices 0", (rows) => withAll(rows, ([at]) => [at, 0])],
  ["all prices as words", (rows) => withAll(rows, ([at]) => [at, "soon"])],
  ["nothing at all", () => ({ text: "" })],
  ["an object in place of the rows", () => ({ rows: { "0": [1, 2], length: 1 } })],
  ["null in place of the rows", () => ({ rows: null })],
  ["rows of rows", (rows) => withAll(rows, (row) => [row])],
  ["JSON null", () => ({ text: "null" })],
  ["a list in place of the object", () => ({ text: "[[],{},[null]]" })],
  ["nesting to the limit", () => ({ text: "[".repeat(2 * MEGABYTE) })],
  ["empty objects to the limit", () => ({ text: `[${"{},".repeat((2 * MEGABYTE) / 3 - 2)}{}]` })],
  ["a text to the limit", () => ({ text: `{"prices":"${"long ".repeat(400_000)}"}` })],
  ["a body beyond the limit", () => ({ text: `[${"1e9,".repeat(MEGABYTE)}1]` })],
];

/** Rows that are wrong alone: the others must still make an answer. */
const HARMLESS = /^one /;

type SourceUnderFire = {
  readonly provider: Provider;
  readonly coin: (id: string) => FakeCoin;
  readonly path: (id: string) => string | RegExp;
  readonly rows: readonly Row[];
  /** The provider's answer with these rows. */
  readonly bodyOf: (id: string, rows: unknown) => unknown;
};

const since = (daysAgo: number, lastOn: string) =>
  syntheticSeries({ firstOn: addDays(TODAY, -daysAgo), lastOn, startUsd: 1, dailyGrowth: 0.002 });
const series = since(1_400, addDays(TODAY, 1));
const recently = since(400, addDays(TODAY, 1));
/** The finished days of a series since a day, as a provider stamps them. */
const stamped = (prices: typeof series, daysAgo: number): Row[] =>
  prices.flatMap(({ on, priceUsd }) =>
    on >= addDays(TODAY, -daysAgo) && on < TODAY ? [[Date.parse(on), priceUsd]] : [],
  );
const THURSDAY_MS = Math.floor((Date.parse(TODAY) - 1_400 * DAY_MS) / WEEK_MS) * WEEK_MS;
const weeks: Row[] = Array.from({ length: 201 }, (_, week) => [
  THURSDAY_MS + week * WEEK_MS,
  1.002 ** (7 * week),
]);

const plain = (id: string) => ({
  coinId: id,
  symbol: id.toUpperCase(),
  name: `Coin ${id}`,
  rank: null,
  series,
});
const inSeconds = (rows: unknown, asRow: (at: unknown, price: unknown) => unknown) =>
  Array.isArray(rows)
    ? rows.map((row) =>
        Array.isArray(row)
          ? asRow(typeof row[0] === "number" ? row[0] / 1_000 : row[0], row[1])
          : row,
      )
    : rows;

const SOURCES: Readonly<Record<"geckochart" | "llama" | "kraken" | "search", SourceUnderFire>> = {
  geckochart: {
    provider: "coingecko",
    coin: plain,
    path: (id) => `/coins/${id}/market_chart`,
    rows: stamped(series, 700),
    bodyOf: (_id, rows) => ({ prices: rows, market_caps: [], total_volumes: [] }),
  },
  llama: {
    provider: "defillama",
    coin: (id) => ({ ...plain(id), series: recently }),
    path: (id) => new RegExp(`^/(chart|prices/first)/coingecko:${id}$`),
    rows: stamped(recently, 400),
    bodyOf: (id, rows) => ({
      coins: {
        [`coingecko:${id}`]: {
          symbol: null,
          confidence: null,
          price: 1,
          timestamp: (Date.parse(TODAY) - 400 * DAY_MS) / 1_000,
          prices: inSeconds(rows, (timestamp, price) => ({ timestamp, price })),
        },
      },
    }),
  },
  kraken: {
    provider: "kraken",
    coin: (id) => ({ ...plain(id), defillama: "absent", krakenPair: `${id.toUpperCase()}USD` }),
    path: () => "/0/public/OHLC",
    rows: weeks,
    bodyOf: (id, rows) => ({
      error: [],
      result: {
        [`${id.toUpperCase()}USD`]: inSeconds(rows, (at, price) => [
          at,
          "1",
          "1",
          "1",
          String(price),
          "1",
          "1",
          1,
        ]),
      },
    }),
  },
  search: {
    provider: "coingecko",
    coin: plain,
    path: () => "/search",
    rows: stamped(recently, 30),
    // A search has coins in its rows; here every odd one is built of what is odd in a chart.
    bodyOf: (id, rows) => ({
      coins: Array.isArray(rows)
        ? rows.map((row, at) =>
            at === 20
              ? { id: row, symbol: row, name: row }
              : { id: `${id}-${at}`, symbol: row?.[0], name: null },
          )
        : rows,
    }),
  },
};

/** The titles of {@link HOSTILE}, all of them. */
export const EVERY_HOSTILE: readonly string[] = HOSTILE.map(([title]) => title);

/** The running bot, told rubbish of these kinds by every source. */
export function describeRubbish(titles: readonly string[]): void {
  const chosen = HOSTILE.filter(([title]) => titles.includes(title));

  describe("the running bot, given rubbish", () => {
    it("answers or refuses in words, row by row, and reports its health within a second throughout", async () => {
      const ids = Object.keys(SOURCES).flatMap((source) => chosen.map((_, at) => `${source}${at}`));
      const coins = Object.entries(SOURCES).flatMap(([source, { coin }]) =>
        chosen.map((_, at) => coin(`${source}${at}`)),
      );
      market = await startFakeMarket({ coins, now: () => new Date() });
      open.push(() => market.close());
      // DefiLlama is asked where CoinGecko has a coin without a chart.
      const withoutChart = {
        kind: "answer",
        status: 404,
        body: '{"error":"coin not found"}',
      } as const;
      market.fail("coingecko", withoutChart, { path: /^\/coins\/llama\d+\/market_chart$/ });
      const running = await start();
      await askedAt(running, "geckochart0 is not asked about, so that the list is there");

      const answers = new Map<string, string>();
      const underFire = async (name: string, { provider, path, rows, bodyOf }: SourceUnderFire) => {
        for (const [at, [, make]] of chosen.entries()) {
          const id = `${name}${at}`;
          const made = make(rows);
          const body = "text" in made ? made.text : JSON.stringify(bodyOf(id, made.rows));
          const heal = market.fail(
            provider,
            { kind: "answer", status: 200, body },
            { path: path(id) },
          );
          const embed = await askedAt(
            running,
            name === "search" ? `no coin of the list ${at}` : id,
          );
          answers.set(id, embed?.author?.name ?? embed?.description ?? "nothing");
          heal();
        }
      };
      const { geckochart, search, llama, kraken } = SOURCES;
      // Two at once at the same provider would open its breaker.
      const all = Promise.all([
        underFire("geckochart", geckochart).then(() => underFire("search", search)),
        underFire("llama", llama),
        underFire("kraken", kraken),
      ]);
      expect(await slowestHealthMs(running, all)).toBeLessThan(HEALTHY_WITHIN_MS);

      expect([...answers.keys()].sort()).toEqual(ids.sort());
      for (const [id, answer] of answers)
        expect(answer, id).toMatch(/Coin |No coin here|no prices|cannot be looked up|No price/);
      const harmless = chosen.flatMap(([title], at) => (HARMLESS.test(title) ? [at] : []));
      for (const name of ["geckochart", "llama", "kraken"]) {
        for (const at of harmless)
          expect(answers.get(`${name}${at}`), `${name}: ${chosen[at]?.[0]}`).toMatch(/^Coin /);
      }
      expect(running.program.output()).not.toMatch(/"incident"|"level":(50|60)/);
      const metrics = await (await fetch(`${running.url}/metrics`)).text();
      for (const from of ["CoinGecko", "DefiLlama", "Kraken"]) {
        for (const kind of ["stamp", "price", "shape"]) {
          expect(metrics).toMatch(
            new RegExp(
              `lambo_upstream_rows_dropped_total\\{source="${from}",kind="${kind}"\\} [1-9]`,
            ),
          );
        }
      }
    }, 120_000);
  });
}

const listed = (count: number, row: (at: number) => unknown) =>
  JSON.stringify(Array.from({ length: count }, (_, at) => row(at)));
const eightWords = (at: number) => Array.from("abcdefgh", (letter) => letter + at).join(" ");
const wordy = "a b c d e f g h i j k l m n o p q r s t u v w x y z ".repeat(5);

/**
 * What the list of coins, a page of the market and the rates answer at a start, with how many
 * coins are then known.
 */
const SHAPES: readonly (readonly [title: string, list: () => string, knownCoins: number])[] = [
  [
    "100,000 coins",
    () => listed(100_001, (at) => ({ id: `coin-${at}`, symbol: `s${at}`, name: `Coin ${at}` })),
    100_000,
  ],
  [
    "100,000 coins of one symbol, each with eight words of its own",
    () => listed(100_000, (at) => ({ id: `coin-${at}`, symbol: "asked", name: eightWords(at) })),
    100_000,
  ],
  [
    "names made of words",
    () => listed(50_000, (at) => ({ id: `coin-${at}`, symbol: `s${at}`, name: wordy + at })),
    50_000,
  ],
  [
    "names that grow when they are compared",
    () => listed(40_000, (at) => ({ id: `c${at}`, name: "\ufdfa".repeat(100) })),
    40_000,
  ],
  ["lists as deep as they may be", () => `[${"[[[[[[[[[[[]]]]]]]]]]],".repeat(30_000)}[]]`, 0],
  ["numbers", () => `[${"1234567890123456,".repeat(980_000)}1]`, 0],
  ["one text", () => `["${"\u00e9".repeat(7 * MEGABYTE)}"]`, 0],
  [
    "an object of a million keys",
    () => `{${Array.from({ length: 900_000 }, (_, at) => `"k${at}":1`).join(",")}}`,
    0,
  ],
];

/** The titles of {@link SHAPES}, all of them. */
export const EVERY_SHAPE: readonly string[] = SHAPES.map(([title]) => title);

/** Starts of the bot whose list of coins is as large as it may be, in these shapes. */
export function describeLargeBodies(titles: readonly string[]): void {
  describe("bodies as large as they may be", () => {
    it.each(SHAPES.filter(([title]) => titles.includes(title)))(
      "%s: neither end the bot nor hold it up for a quarter of a second",
      async (_title, list, knownCoins) => {
        const body = list();
        let heldUpSeconds = Number.POSITIVE_INFINITY;
        // The quietest of three starts counts.
        for (let round = 0; round < 3 && heldUpSeconds > LOOP_FREE_WITHIN_SECONDS; round += 1) {
          market = await startFakeMarket({ coins: [], now: () => new Date() });
          open.push(() => market.close());
          const bodies = {
            "/coins/list": body,
            "/coins/markets": body.slice(0, 2 * MEGABYTE),
            "/exchange_rates": body.slice(0, 256 * 1024),
          };
          for (const [path, text] of Object.entries(bodies))
            market.fail("coingecko", { kind: "answer", status: 200, body: text }, { path });
          const running = await start();
          const slowdownBefore = slowdown();
          await loopHeldUpSeconds(running);
          await market.arrived({ path: "/coins/list" });
          const asked = askedAt(running, "asked");
          await running.program.says(
            knownCoins > 0 ? `"coins":${knownCoins}` : "the list of coins cannot be had now",
          );
          await asked;
          const slowed = (slowdownBefore + slowdown()) / 2;
          heldUpSeconds = Math.min(heldUpSeconds, (await loopHeldUpSeconds(running)) / slowed);
          expect((await fetch(`${running.url}/healthz`)).status).toBe(200);
          running.program.process.kill("SIGTERM");
          expect((await running.program.finished).exitCode).toBe(0);
        }
        expect(heldUpSeconds).toBeLessThan(LOOP_FREE_WITHIN_SECONDS);
      },
      60_000,
    );
  });
}

/** The running bot without a network. */
export function describeNoNetwork(): void {
  describe("the running bot without a network", () => {
    it("says so in the log, to the member and in /readyz, and does not blame its call budget", async () => {
      const nowhere = await refusedUrl();
      const running = await start({
        COINGECKO_BASE_URL: nowhere,
        DEFILLAMA_BASE_URL: nowhere,
        KRAKEN_BASE_URL: nowhere,
      });
      await running.program.says("the list of coins cannot be had now");
      const degraded = await fetch(`${running.url}/readyz`);
      expect(degraded.status).toBe(200);
      expect(await degraded.json()).toMatchObject({
        ready: true,
        prices: "no price source answers (CoinGecko: unreachable)",
      });
      // The few calls of a plan without a key are used up by then.
      for (const coin of ["bitcoin", "ethereum", "solana"]) {
        expect((await askedAt(running, coin))?.description).toMatch(
          /cannot be (reached|had) right now/,
        );
      }
      const reasons = [...running.program.output().matchAll(/"reason":"([^"]+)"/g)].map(
        ([, reason]) => reason,
      );
      expect(new Set(reasons)).toEqual(new Set(["unreachable"]));
      expect(running.program.output()).not.toContain("budget");
    }, 60_000);
  });
}
