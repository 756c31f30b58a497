import { setTimeout as wait } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { publishedThrough } from "../../src/prices/publication-schedule.ts";
import { DAY_MS } from "../../src/valuation/calendar.ts";
import { type FakeGuild, ordinaryPermissions, Permission } from "../support/fake-discord/world.ts";
import type { FakeCoin } from "../support/fake-market/fake-coin.ts";
import { postgresMissing } from "../support/postgres.ts";
import { syntheticSeries } from "../support/price-series.ts";
import { redisMissing } from "../support/redis.ts";
import { type Cluster, type Member, startCluster } from "./cluster.ts";
import { type Asked, ask, carry, type Question, startLoad } from "./steady-load.ts";

const missing = redisMissing() ?? postgresMissing();

const MINUTE_MS = 60_000;

/** Servers with a digest in the wave that the kills meet, and in each of the later ones. */
const WAVE = 200;
const LATER_WAVE = 40;
/**
 * Coins that everybody asks about all the time, and coins that are asked about for the first time
 * while it goes on.
 */
const KNOWN_COINS = 12;
const NEW_COINS = 120;
const PER_SECOND = 10;
/** CoinGecko's Demo plan. */
const CALLS_PER_MINUTE = 30;
/** Discord shows "did not respond" after 3 s. */
const FIRST_RESPONSE_WITHIN_MS = 3_000;
/** Time enough for a wave's servers to be written, and to get to every process. */
const SCHEDULED_WITHIN_MS = 10_000;
/** A cache that works again is used after a second. */
const MOST_COINS_UNTIL_SHARED = 12;
/** What a process says when Redis does not answer it in time. */
const DEAF = ["a lock could not be asked for", "the answer cache does not work now"];
const DEAF_FOR_MS = 1_500;
const MOST_DEAF_MOMENTS = 20;
/** What a killed process was fetching in its last moments may be fetched again. */
const LAST_MOMENTS_MS = 2_000;

const random = seededRandom(Number(process.env["LOAD_SEED"] ?? Date.now() % 1_000_000));
const SERIES = syntheticSeries({
  firstOn: dayFromNow(-420),
  lastOn: dayFromNow(2),
  startUsd: 0.01,
  dailyGrowth: 0.01,
  wobble: 0.03,
});
const COINS: readonly FakeCoin[] = Array.from({ length: KNOWN_COINS + NEW_COINS }, (_, at) => ({
  coinId: `coin-${at}`,
  symbol: `SYM${at}`,
  name: `Coin ${at}`,
  rank: at + 1,
  series: SERIES,
}));

let cluster: Cluster;
/** Servers by wave: with kills, without Redis, without PostgreSQL. */
let waves: readonly (readonly { readonly guild: FakeGuild; readonly channelId: string }[])[];
let newCoins = KNOWN_COINS;
/** When processes were killed, by the wall clock. */
const killedAtMs: number[] = [];

describe.skipIf(missing !== undefined)(
  `three web and two worker processes${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  () => {
    beforeAll(async () => {
      cluster = await startCluster({ guilds: WAVE + 2 * LATER_WAVE, coins: COINS });
      const guilds = [...cluster.discord.guilds.values()];
      const servers = guilds.map((guild) => ({
        guild,
        channelId: cluster.discord.addChannel(guild, { name: "digest" }).id,
      }));
      waves = [
        servers.slice(0, WAVE),
        servers.slice(WAVE, WAVE + LATER_WAVE),
        servers.slice(WAVE + LATER_WAVE),
      ];
      // Due before the workers run: they post as soon as they are there.
      await schedule(0, new Date(Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS));
      await Promise.all([cluster.startWeb(), cluster.startWeb(), cluster.startWeb()]);
      for (let at = 0; at < KNOWN_COINS; at += 1) {
        expect((await ask(cluster, { coinId: `coin-${at}`, guild: anyGuild() })).outcome).toBe(
          "answered",
        );
      }
    }, 120_000);
    afterEach(({ task }) => {
      if (task.result?.state === "fail") process.stdout.write(complaints());
    });
    afterAll(() => cluster?.close());

    it("answer every question and fetch nothing twice while kill -9 hits one of each during a wave of digests", async () => {
      const { discord, market, webs, workers } = cluster;
      await Promise.all([cluster.startWorker(), cluster.startWorker()]);
      const load = startLoad(cluster, PER_SECOND, knownQuestion);
      const firstAsked: Promise<Asked>[] = [];
      const introducing = setInterval(() => {
        // The same new coin of every process at the same time.
        const about = newQuestion();
        for (const web of webs)
          if (web.endedAtMs === undefined) firstAsked.push(ask(cluster, about, web));
      }, 1_000);

      const [workerDiesAfter, webDiesAfter] = [between(20, 100), between(20, 100)];
      await Promise.all([
        discord
          .until(`${workerDiesAfter} digests were posted`, () => posts() >= workerDiesAfter)
          .then(async () => {
            await kill(pick(workers));
            await cluster.startWorker();
          }),
        discord
          .until(`${webDiesAfter} digests were posted`, () => posts() >= webDiesAfter)
          .then(async () => {
            await killInMidQuestion(pick(webs));
            await answersOf(await cluster.startWeb());
          }),
      ]);
      // Until the plan's calls of a minute are used up.
      await market.arrived({ provider: "coingecko" }, CALLS_PER_MINUTE);
      clearInterval(introducing);
      const asked = [...(await Promise.all(firstAsked)), ...(await load.stop())];

      report("killed", asked);
      process.stdout.write(
        `at most ${mostCallsInAWindow()} calls to CoinGecko in a minute; ${deafAtMs().length} times Redis was not heard\n`,
      );
      expect.soft(faultsOf(asked)).toEqual([]);
      expect
        .soft(new Set(asked.filter(({ outcome }) => outcome === "died").map(({ by }) => by)).size)
        .toBeLessThanOrEqual(1);
      expect.soft(callsAskedTwice()).toEqual([]);
      expect.soft(deafAtMs().length).toBeLessThan(MOST_DEAF_MOMENTS);
      expect.soft(mostCallsInAWindow()).toBeLessThanOrEqual(CALLS_PER_MINUTE);
    }, 180_000);

    it("answer while Redis is frozen and then gone, and share their cache again as soon as it is back", async () => {
      const { redis, webs } = cluster;
      const living = webs.filter(({ endedAtMs }) => endedAtMs === undefined);
      const dueAt = await scheduleNext(1);
      const load = startLoad(cluster, PER_SECOND, knownQuestion);
      await clockShows(dueAt.getTime() + between(-2_000, 500));
      redis.freeze();
      const unknown = living.map((web) => ask(cluster, newQuestion(), web));
      await clockShows(dueAt.getTime() + 2_000);
      await redis.stop();
      unknown.push(...living.map((web) => ask(cluster, newQuestion(), web)));
      await clockShows(dueAt.getTime() + 5_000);
      await redis.start();
      await Promise.all(living.map(({ program }) => program.says("Redis is reached again")));
      expect(await coinsUntilShared(living)).toBeLessThanOrEqual(MOST_COINS_UNTIL_SHARED);
      const asked = [...(await Promise.all(unknown)), ...(await load.stop())];

      report("without Redis", asked);
      expect(faultsOf(asked)).toEqual([]);
      expect(p99(asked)).toBeLessThan(FIRST_RESPONSE_WITHIN_MS);
    }, 180_000);

    it("answer from memory without PostgreSQL, tell admins that nothing was saved, and delay digests", async () => {
      const { discord, postgres, storage } = cluster;
      const guild = pick(waves.flat()).guild;
      await storage.settings.change(guild.id, { currency: "EUR" }, { userId: "1", at: new Date() });
      const inEuros = async () =>
        JSON.stringify((await ask(cluster, { coinId: "coin-0", guild })).message?.embeds).includes(
          "€",
        );
      const setStake = async () => {
        const scene = {
          user: discord.user(),
          guild,
          permissions: Permission.ManageGuild | ordinaryPermissions,
        };
        const { message } = await carry(
          cluster,
          discord.payload.command({ ...scene, name: "config set", options: { amount: "2000" } }),
        );
        return message?.content || message?.embeds[0]?.title;
      };
      await expect.poll(inEuros, { timeout: 30_000 }).toBe(true);

      const dueAt = await scheduleNext(2);
      const load = startLoad(cluster, PER_SECOND, knownQuestion);
      await clockShows(dueAt.getTime() - 2_000);
      await postgres.stop();
      expect(await setStake()).toMatch(/^Nothing was saved: the bot's database cannot be reached/);
      expect(await inEuros()).toBe(true);
      await clockShows(dueAt.getTime() + 3_000);
      expect(digestsOf(2).flat()).toEqual([]);
      await postgres.start();
      await expect.poll(setStake, { timeout: 60_000 }).toBe("Saved");
      const asked = await load.stop();

      report("without PostgreSQL", asked);
      expect(faultsOf(asked)).toEqual([]);
      expect(p99(asked)).toBeLessThan(FIRST_RESPONSE_WITHIN_MS);
    }, 180_000);

    it("lose nothing when one of them is stopped under load", async () => {
      const load = startLoad(cluster, PER_SECOND, knownQuestion);
      const leaving = pick(cluster.webs.filter(({ endedAtMs }) => endedAtMs === undefined));
      await answersOf(leaving);
      expect(await leaving.stop()).toBe(0);
      await answersOf(await cluster.startWeb());
      const asked = await load.stop();

      report("stopped", asked);
      expect(asked.filter(({ outcome }) => outcome !== "answered")).toEqual([]);
    }, 120_000);

    it("have posted every server's digest once throughout, without a 429", async () => {
      const { discord, storage, workers, market } = cluster;
      await discord.until("every server has a digest", () =>
        waves.every((_, wave) => digestsOf(wave).every((digests) => digests.length > 0)),
      );
      // What is on its way is posted, and recorded.
      await Promise.all(
        workers.filter(({ endedAtMs }) => endedAtMs === undefined).map((worker) => worker.stop()),
      );
      expect(
        waves.flatMap((_, wave) => digestsOf(wave)).filter((digests) => digests.length !== 1),
      ).toEqual([]);
      const rows = await Promise.all(
        waves.flat().map(({ guild }) => storage.ledger.latest(guild.id, 2)),
      );
      expect(rows.map((entries) => entries.map(({ state }) => state))).toEqual(
        rows.map(() => ["sent"]),
      );
      expect(discord.counts.rateLimited).toBe(0);
      expect(discord.violations).toEqual([]);
      expect(market.violations()).toEqual([]);
      // A worker that was killed keeps its digests for two minutes, and the next look is at a full
      // minute.
    }, 240_000);
  },
);

// ---- questions ----

function pick<T>(among: readonly T[]): T {
  const one = among[Math.floor(random() * among.length)];
  if (one === undefined) throw new Error("there is nothing to choose from");
  return one;
}

function between(from: number, to: number): number {
  return from + Math.floor(random() * (to - from));
}

function anyGuild(): FakeGuild {
  return pick(waves.flat()).guild;
}

function knownQuestion(): Question {
  return { coinId: `coin-${between(0, KNOWN_COINS)}`, guild: anyGuild() };
}

/**
 * A coin that is not cached yet, without a picture, which every process would draw.
 */
function newQuestion(): Question {
  newCoins += 1;
  return { coinId: `coin-${newCoins - 1}`, guild: anyGuild(), attachmentLimitBytes: 1 };
}

/** What went wrong with questions, except those lost with a killed process. */
function faultsOf(asked: readonly Asked[]): string[] {
  return asked
    .filter(({ outcome }) => outcome !== "answered" && outcome !== "died")
    .map(({ coinId, by, outcome }) => `${coinId}, ${by}: ${outcome}`);
}

function report(name: string, asked: readonly Asked[]): void {
  const died = asked.filter(({ outcome }) => outcome === "died").length;
  process.stdout.write(
    `${name}: ${asked.length} asked, ${died} died with their process, p99 of the first response ${Math.round(p99(asked))} ms\n`,
  );
}

function p99(asked: readonly Asked[]): number {
  const times = asked.map(({ firstMs }) => firstMs).sort((a, b) => a - b);
  return times[Math.min(times.length - 1, Math.floor(times.length * 0.99))] ?? Number.NaN;
}

/** One process answers as the others do. */
async function answersOf(web: Member): Promise<void> {
  for (const { outcome } of await Promise.all(
    [1, 2, 3].map(() => ask(cluster, knownQuestion(), web)),
  ))
    expect(outcome).toBe("answered");
}

/**
 * Asks two processes about new coins, one after the other, until the second needs to ask nobody;
 * how many coins that took.
 */
async function coinsUntilShared([one, other]: readonly Member[]): Promise<number> {
  for (let coins = 1; ; coins += 1) {
    const about = newQuestion();
    const path = new RegExp(`${about.coinId}\\b`);
    await ask(cluster, about, one);
    const calls = cluster.market.count({ path });
    await ask(cluster, about, other);
    if (cluster.market.count({ path }) === calls || coins > MOST_COINS_UNTIL_SHARED) return coins;
  }
}

// ---- kills ----

async function kill(member: Member): Promise<void> {
  killedAtMs.push(Date.now());
  process.stdout.write(`killing ${member.name}\n`);
  await member.kill();
}

/**
 * Kills a web process while the market has not answered it yet; the others are asked the same, and
 * wait for it.
 */
async function killInMidQuestion(web: Member): Promise<void> {
  const { market, webs } = cluster;
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const question = newQuestion();
  const path = new RegExp(`${question.coinId}\\b`);
  const faults = (["coingecko", "defillama"] as const).map((provider) =>
    market.fail(provider, { kind: "held", until: held }, { path }),
  );
  const victims = ask(cluster, question, web);
  await market.arrived({ path });
  const others = webs
    .filter((other) => other !== web && other.endedAtMs === undefined)
    .map((other) => ask(cluster, question, other));
  await kill(web);
  for (const heal of faults) heal();
  release();
  expect((await victims).outcome).toBe("died");
  for (const { outcome } of await Promise.all(others)) expect(outcome).toBe("answered");
}

// ---- digests ----

function posts(): number {
  return cluster.discord.counts.byRoute.get("POST /channels/:channel_id/messages") ?? 0;
}

/** The digests in each channel of a wave. */
function digestsOf(wave: number): readonly (readonly string[])[] {
  return (waves[wave] ?? []).map(({ channelId }) =>
    cluster.discord.messagesIn(channelId).map(({ id }) => id),
  );
}

/**
 * Makes a wave due at the next full minute that is not too near, nor midnight: then histories are
 * joined anew, which takes calls.
 */
async function scheduleNext(wave: number): Promise<Date> {
  const soonestMs = Math.ceil((Date.now() + SCHEDULED_WITHIN_MS) / MINUTE_MS) * MINUTE_MS;
  const dueAt = new Date(soonestMs % DAY_MS === 0 ? soonestMs + MINUTE_MS : soonestMs);
  await schedule(wave, dueAt);
  return dueAt;
}

async function clockShows(atMs: number): Promise<void> {
  await wait(Math.max(0, atMs - Date.now()));
}

/**
 * Gives the servers of a wave their digest at an instant (a full minute), as if they had chosen it
 * just before.
 */
async function schedule(wave: number, dueAt: Date): Promise<void> {
  const change = {
    digestEnabled: true,
    digestTime: dueAt.toISOString().slice(11, 16),
    digestZone: "UTC",
    digestCoins: ["coin-0", "coin-1", "coin-2"],
  };
  const author = { userId: "1", at: new Date(dueAt.getTime() - MINUTE_MS / 2) };
  for (const { guild, channelId } of waves[wave] ?? []) {
    await cluster.storage.settings.change(
      guild.id,
      { ...change, digestChannelId: channelId },
      author,
    );
  }
}

// ---- calls ----

/**
 * Calls that were made again although they had been made: what one process would not do. A process
 * that was killed may have begun one; and on a machine that stands still for half a second, Redis
 * cannot be heard for as long: whoever says so may have asked without its lock.
 */
function callsAskedTwice(): string[] {
  const deaf = deafAtMs();
  const first = new Map<string, number>();
  const again: string[] = [];
  for (const { url, path, at } of cluster.market.requests) {
    const key = `${publishedThrough(at, /coin-\d+/.exec(path)?.[0])} ${url}`;
    const beforeMs = first.get(key);
    first.set(key, at.getTime());
    if (beforeMs === undefined) continue;
    const wasCutOff = killedAtMs.some(
      (killedMs) => beforeMs <= killedMs && killedMs - beforeMs < LAST_MOMENTS_MS,
    );
    const wasDeaf = deaf.some(
      (deafMs) => deafMs > beforeMs - DEAF_FOR_MS && deafMs < at.getTime() + DEAF_FOR_MS,
    );
    if (!wasCutOff && !wasDeaf) again.push(`${url} after ${at.getTime() - beforeMs} ms`);
  }
  return again;
}

/** When processes said that they could not hear Redis. */
function deafAtMs(): number[] {
  const said = linesOf([...cluster.webs, ...cluster.workers]).filter((line) =>
    DEAF.some((words) => line.includes(words)),
  );
  return said.map((line) => Date.parse(/"time":"([^"]+)"/.exec(line)?.[1] ?? ""));
}

function linesOf(members: readonly Member[]): string[] {
  return members.flatMap(({ program }) => program.output().split("\n"));
}

/** Warnings and errors of every process, for whoever looks into a failure. */
function complaints(): string {
  const members = cluster === undefined ? [] : [...cluster.webs, ...cluster.workers];
  const complaint = (line: string) => /^\{"level":[45]0/.test(line);
  return members
    .flatMap((member) =>
      linesOf([member])
        .filter(complaint)
        .map((line) => `${member.name}: ${line}\n`),
    )
    .join("");
}

/**
 * The most calls to CoinGecko in one of the budget's windows, each of which begins with its first
 * call.
 */
function mostCallsInAWindow(): number {
  let most = 0;
  let windowAtMs = Number.NEGATIVE_INFINITY;
  let calls = 0;
  for (const { provider, at } of cluster.market.requests) {
    if (provider !== "coingecko") continue;
    if (at.getTime() - windowAtMs >= MINUTE_MS) {
      windowAtMs = at.getTime();
      calls = 0;
    }
    calls += 1;
    most = Math.max(most, calls);
  }
  return most;
}

function dayFromNow(days: number): string {
  return new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function seededRandom(seed: number): () => number {
  process.stdout.write(`LOAD_SEED=${seed}\n`);
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
