import { afterEach, expect, it } from "vitest";
import { silentLog } from "../../src/process/log.ts";
import { openStorage } from "../../src/storage/storage.ts";
import { startFakeDiscord } from "../support/fake-discord/fake-discord.ts";
import type { FakeChannel } from "../support/fake-discord/world.ts";
import { startFakeMarket } from "../support/fake-market/fake-market.ts";
import { syntheticSeries } from "../support/price-series.ts";
import { emptyFolder, startProgram } from "../support/program.ts";

const COINS = 500;
const COINS_A_SERVER = 10;
const MINUTE_MS = 60_000;
const WITHIN_MS = 6 * MINUTE_MS;
const TODAY = new Date().toISOString().slice(0, 10);
/** A year and a quarter: one chart of DefiLlama's a coin. */
const FIRST_DAY = new Date(Date.now() - 460 * 86_400_000).toISOString().slice(0, 10);

const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

it(`the first digests ever of ${COINS} coins on a Demo key are all posted within six minutes, real call budgets included`, async () => {
  const discord = await startFakeDiscord({ guilds: 0, checkSpec: false, keepRequests: false });
  open.push(() => discord.close());
  const coins = Array.from({ length: COINS }, (_, at) => ({
    coinId: `coin-${at}`,
    symbol: `C${at}`,
    name: `Coin ${at}`,
    rank: at + 1,
    series: syntheticSeries({
      firstOn: FIRST_DAY,
      lastOn: TODAY,
      startUsd: 1,
      wobble: 0.05,
      seed: at + 1,
    }),
  }));
  const market = await startFakeMarket({ coins, now: () => new Date() });
  open.push(() => market.close());
  const folder = await emptyFolder();
  open.push(() => folder.remove());

  const due = new Date(Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - MINUTE_MS);
  const storage = await openStorage({
    dataDir: folder.path,
    databaseUrl: undefined,
    log: silentLog,
    now: () => due,
  });
  const channels: FakeChannel[] = [];
  for (let server = 0; server < COINS / COINS_A_SERVER; server += 1) {
    const guild = discord.addGuild();
    const channel = discord.addChannel(guild, { name: "lambos" });
    channels.push(channel);
    const digestCoins = Array.from(
      { length: COINS_A_SERVER },
      (_, at) => `coin-${server * COINS_A_SERVER + at}`,
    );
    const chosen = {
      digestEnabled: true,
      digestChannelId: channel.id,
      digestTime: due.toISOString().slice(11, 16),
      digestCoins,
    };
    await storage.settings.change(guild.id, chosen, {
      userId: guild.ownerId,
      at: new Date(due.getTime() - MINUTE_MS),
    });
  }
  await storage.close();

  const program = startProgram(
    "main",
    [],
    { ...market.environment("demo"), ...discord.env, DATA_DIR: folder.path },
    folder.path,
  );
  open.push(async () => {
    program.process.kill("SIGTERM");
    await program.finished;
  });
  const startedAt = performance.now();
  await program.says("ready: listening on Discord");
  await discord.until("every digest is posted", () =>
    channels.every((channel) => discord.messagesIn(channel).length > 0),
  );
  expect(performance.now() - startedAt).toBeLessThan(WITHIN_MS);
  const texts = channels.map((channel) => JSON.stringify(discord.messagesIn(channel)[0]?.embeds));
  // Each coin has its place: none is without prices, and none waited for CoinGecko's thirty calls a
  // minute.
  for (const text of texts) expect(text).not.toContain("Not on the board");
  expect(texts.some((text) => text.includes("not yet checked"))).toBe(true);
});
