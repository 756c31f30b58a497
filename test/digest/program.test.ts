import { afterEach, beforeEach, expect, it } from "vitest";
import { silentLog } from "../../src/process/log.ts";
import { openStorage } from "../../src/storage/storage.ts";
import { type FakeDiscord, startFakeDiscord } from "../support/fake-discord/fake-discord.ts";
import type { FakeChannel } from "../support/fake-discord/world.ts";
import { type FakeMarket, startFakeMarket } from "../support/fake-market/fake-market.ts";
import { syntheticSeries } from "../support/price-series.ts";
import { emptyFolder, startProgram } from "../support/program.ts";
import { digestDateOf } from "./digest-under-test.ts";

const HOUR_MS = 3_600_000;

let folder: Awaited<ReturnType<typeof emptyFolder>>;
let discord: FakeDiscord;
let market: FakeMarket;

beforeEach(async () => {
  folder = await emptyFolder();
  discord = await startFakeDiscord({ guilds: 0 });
  const series = syntheticSeries({
    firstOn: "2024-01-01",
    lastOn: new Date().toISOString().slice(0, 10),
    startUsd: 1,
    dailyGrowth: 0.01,
  });
  market = await startFakeMarket({
    coins: [{ coinId: "calm", symbol: "CALM", name: "Calm", rank: 1, series }],
    now: () => new Date(),
  });
});
afterEach(async () => {
  await discord.close();
  await market.close();
  await folder.remove();
});

it("the program posts what was due while it was down, once, however often it is started", async () => {
  const due = new Date(Date.now() - HOUR_MS);
  const localOn = due.toISOString().slice(0, 10);
  const before = await serverDueAt(due);
  await runUntil(() => discord.until("the digest is there", () => digestsIn(before).length > 0));
  const [message] = discord.messagesIn(before);
  expect(message).toMatchObject({
    embeds: [{ image: { url: expect.stringContaining("attachment://") } }],
    files: [{ contentType: "image/png" }],
  });
  expect(message?.files[0]?.description).toContain("Calm");

  // The next start has something to post, so it has looked at everything.
  const after = await serverDueAt(due);
  await runUntil(() =>
    discord.until("the other digest is there", () => digestsIn(after).length > 0),
  );
  expect([digestsIn(before), digestsIn(after)]).toEqual([[localOn], [localOn]]);
  expect(discord.violations).toEqual([]);
}, 60_000);

function digestsIn(channel: FakeChannel): readonly string[] {
  return discord.messagesIn(channel).flatMap(({ components }) => digestDateOf(components) ?? []);
}

/** A server whose digest of one coin was due then, as its admin set it the day before. */
async function serverDueAt(due: Date): Promise<FakeChannel> {
  const guild = discord.addGuild();
  const channel = discord.addChannel(guild, { name: "lambos" });
  const storage = await openStorage({
    dataDir: folder.path,
    databaseUrl: undefined,
    log: silentLog,
    now: () => new Date(),
  });
  const chosen = {
    digestEnabled: true,
    digestChannelId: channel.id,
    digestTime: due.toISOString().slice(11, 16),
    digestCoins: ["calm"],
  };
  await storage.settings.change(guild.id, chosen, {
    userId: guild.ownerId,
    at: new Date(due.getTime() - HOUR_MS),
  });
  await storage.close();
  return channel;
}

/** Runs the program until something has happened, and ends it as a container runtime does. */
async function runUntil(happened: () => Promise<void>): Promise<void> {
  const all = { ...market.environment("demo"), ...discord.env, DATA_DIR: folder.path };
  const program = startProgram("main", [], all, folder.path);
  try {
    await program.says("ready: listening on Discord");
    await happened();
  } finally {
    program.process.kill("SIGTERM");
  }
  const { exitCode, stderr } = await program.finished;
  expect(exitCode, stderr).toBe(0);
}
