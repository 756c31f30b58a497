import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FakeDiscord, startFakeDiscord } from "../support/fake-discord/fake-discord.ts";
import { type FakeMarket, startFakeMarket } from "../support/fake-market/fake-market.ts";
import { syntheticSeries } from "../support/price-series.ts";
import { emptyFolder, type Program, startProgram } from "../support/program.ts";

/**
 * Makes the program's clock run so many times as fast as ours, until SIGUSR2: a login must not be
 * hurried.
 */
const hurried = (times: number) => ({
  NODE_OPTIONS: `--import ${new URL("../support/hurried-clock.mjs", import.meta.url).href}`,
  HURRY: String(times),
});

let folder: Awaited<ReturnType<typeof emptyFolder>>;
let discord: FakeDiscord;
let market: FakeMarket;
const open: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  folder = await emptyFolder();
  open.push(() => folder.remove());
  discord = await startFakeDiscord();
  open.push(() => discord.close());
  const lastOn = new Date().toISOString().slice(0, 10);
  const series = syntheticSeries({ firstOn: "2024-06-01", lastOn, startUsd: 1, dailyGrowth: 0.01 });
  market = await startFakeMarket({
    coins: [{ coinId: "calm", symbol: "CALM", name: "Calm", rank: 1, series }],
    now: () => new Date(),
  });
  open.push(() => market.close());
});
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

function start(environment: Readonly<Record<string, string>>): Program {
  const all = { ...market.environment("demo"), ...discord.env, PORT: "0", ...environment };
  const program = startProgram("main", [], all, folder.path);
  open.push(async () => {
    program.process.kill("SIGKILL");
    await program.finished;
  });
  return program;
}

async function addressOf(program: Program): Promise<string> {
  await program.says('"address":"http');
  const [, url = ""] = /"address":"(http:[^"]+)"/.exec(program.output()) ?? [];
  return url;
}

const DOWN = { kind: "status", status: 503, body: "upstream connect error" } as const;

describe("the running bot while Discord answers 503", () => {
  it("for its first three minutes says so each minute, then logs in, registers and answers", async () => {
    const healed = discord.fault(DOWN);
    const program = start(hurried(60));
    const url = await addressOf(program);
    await program.says("no connection to Discord for 3 min");
    const unready = await fetch(`${url}/readyz`);
    expect(unready.status).toBe(503);
    expect(await unready.json()).toMatchObject({
      ready: false,
      transport: "not connected to Discord",
      degraded: ["commands: Discord does not have the commands yet"],
    });
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    const metrics = async () => (await fetch(`${url}/metrics`)).text();
    expect(await metrics()).toMatch(/^lambo_gateway_connected 0$/m);
    expect(await metrics()).toMatch(/^lambo_commands_registered 0$/m);
    for (const minutes of [1, 2])
      expect(program.output()).toContain(`no connection to Discord for ${minutes} min`);
    program.process.kill("SIGUSR2");
    healed();
    await program.says("Told Discord the changed commands");
    await program.says("ready: listening on Discord");
    await expect.poll(metrics, { timeout: 10_000 }).toMatch(/^lambo_gateway_connected 1$/m);
    expect(await metrics()).toMatch(/^lambo_gateway_identifies_total 1$/m);
    await expect.poll(metrics, { timeout: 10_000 }).toMatch(/^lambo_commands_registered 1$/m);
    // The readiness of a moment ago is reused for a second.
    const ready = async () => (await fetch(`${url}/readyz`)).status;
    await expect.poll(ready, { timeout: 10_000 }).toBe(200);
    const asked = discord.command({
      user: discord.user(),
      guild: discord.guild,
      name: "lambo",
      options: { coin: "calm" },
    });
    expect((await asked.answer()).embeds[0]?.title).toBeTruthy();
  }, 120_000);

  it("to the registration alone stays ready, but degraded; METRICS_PORT has the metrics to itself", async () => {
    discord.fault({ ...DOWN, path: /\/commands$/ });
    const program = start({ METRICS_PORT: "0" });
    await program.says("ready: listening on Discord");
    await program.says("The commands could not be registered");
    const url = await addressOf(program);
    const readiness = await fetch(`${url}/readyz`);
    expect(readiness.status).toBe(200);
    expect(await readiness.json()).toMatchObject({
      ready: true,
      degraded: ["commands: Discord does not have the commands yet"],
    });
    const [, metricsUrl = ""] = /"metrics":"(http:[^"]+)"/.exec(program.output()) ?? [];
    const metrics = await fetch(`${metricsUrl}/metrics`);
    expect(await metrics.text()).toContain("lambo_gateway_connected");
    expect((await fetch(`${url}/metrics`)).status).toBe(404);
    expect((await fetch(`${metricsUrl}/readyz`)).status).toBe(404);
  }, 120_000);
});

describe("a gateway that is gone for a quarter of an hour", () => {
  it("fails /healthz, and the bot keeps trying", async () => {
    discord.fault(DOWN);
    const program = start(hurried(120));
    const url = await addressOf(program);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    await program.says("no connection to Discord for 15 min");
    await expect
      .poll(async () => (await fetch(`${url}/healthz`)).status, { timeout: 10_000 })
      .toBe(503);
    expect(program.process.exitCode).toBeNull();
  }, 120_000);

  it("ends the process when EXIT_WHEN_LOST is set, in order and with exit code 1", async () => {
    discord.fault(DOWN);
    const program = start({ ...hurried(300), EXIT_WHEN_LOST: "1" });
    const { exitCode, stderr } = await program.finished;
    expect(exitCode).toBe(1);
    expect(stderr).toContain("no connection to Discord for 14 min");
    expect(stderr).toContain(
      "stopping: there has been no connection to Discord for a quarter of an hour",
    );
  }, 120_000);
});
