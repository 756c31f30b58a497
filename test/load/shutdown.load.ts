import { expect, it, onTestFinished } from "vitest";
import { startFakeDiscord } from "../support/fake-discord/fake-discord.ts";
import { startFakeMarket } from "../support/fake-market/fake-market.ts";
import { syntheticSeries } from "../support/price-series.ts";
import { emptyFolder, startProgram } from "../support/program.ts";

it("the program ends within ten seconds of SIGTERM although an answer never comes", async () => {
  const folder = await emptyFolder();
  onTestFinished(() => folder.remove());
  const discord = await startFakeDiscord();
  onTestFinished(() => discord.close());
  const lastOn = new Date().toISOString().slice(0, 10);
  const series = syntheticSeries({ firstOn: "2024-06-01", lastOn, startUsd: 1, dailyGrowth: 0.01 });
  const market = await startFakeMarket({
    coins: [{ coinId: "calm", symbol: "CALM", name: "Calm", rank: 1, series }],
    now: () => new Date(),
  });
  onTestFinished(() => market.close());
  const never = new Promise<void>((resolve) => onTestFinished(() => resolve()));
  market.fail("coingecko", { kind: "held", until: never }, { path: "/coins/calm/market_chart" });
  market.fail("defillama", { kind: "held", until: never });

  const environment = { ...market.environment("demo"), ...discord.httpEnv, PORT: "0" };
  const program = startProgram("main", [], environment, folder.path);
  onTestFinished(async () => {
    program.process.kill("SIGKILL");
    await program.finished;
  });
  await program.says("ready: listening on ");
  const [, url = ""] = /"address":"(http:[^"]+)"/.exec(program.output()) ?? [];
  const asked = discord.payload.command({
    user: discord.user(),
    guild: discord.guild,
    name: "lambo",
    options: { coin: "calm" },
    unchecked: true,
  });
  void discord.post(asked, `${url}/interactions`).catch(() => undefined);
  await market.arrived({ path: "/coins/calm/market_chart" });
  const startedAt = performance.now();
  program.process.kill("SIGTERM");
  expect((await program.finished).exitCode).not.toBeNull();
  expect(performance.now() - startedAt).toBeLessThan(10_500);
});
