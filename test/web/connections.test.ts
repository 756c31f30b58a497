import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { expect, it } from "vitest";
import { startFakeDiscord } from "../support/fake-discord/fake-discord.ts";
import { startFakeMarket } from "../support/fake-market/fake-market.ts";
import { syntheticSeries } from "../support/price-series.ts";
import { compiledFile, emptyFolder } from "../support/program.ts";

const VISITORS = 2_000;
const DESCRIPTORS = 1_024;
/** How many of them visitors may hold beside the bot's own. */
const HELD = 768;
const TODAY = new Date().toISOString().slice(0, 10);
const MAIN = compiledFile("main");

it("the bot stays healthy, fetches prices and answers with 1,024 descriptors and 2,000 idle visitors", async () => {
  const open: (() => unknown)[] = [];
  try {
    const folder = await emptyFolder();
    open.push(folder.remove);
    const discord = await startFakeDiscord();
    open.push(discord.close);
    const series = syntheticSeries({
      firstOn: "2024-06-01",
      lastOn: TODAY,
      startUsd: 1,
      dailyGrowth: 0.01,
    });
    const market = await startFakeMarket({
      coins: [{ coinId: "calm", symbol: "CALM", name: "Calm", rank: 1, series }],
      now: () => new Date(),
    });
    open.push(market.close);
    const environment = {
      ...market.environment("demo"),
      ...discord.httpEnv,
      DISCORD_API_URL: discord.env.DISCORD_API_URL,
    };
    const child = spawn(
      "sh",
      ["-c", `ulimit -n ${DESCRIPTORS} && exec "${process.execPath}" "${MAIN}"`],
      {
        cwd: folder.path,
        env: { PATH: process.env["PATH"], ...environment, PORT: "0", LOG_LEVEL: "info" },
        stdio: ["ignore", "ignore", "pipe"],
      },
    );
    const ended = once(child, "close");
    open.push(async () => {
      child.kill("SIGKILL");
      await ended;
    });
    const url = await listening(child.stderr);

    const visitors = new Set<Socket>();
    open.push(() => {
      for (const visitor of visitors) visitor.destroy();
    });
    for (let at = 0; at < VISITORS; at += 1) await visit(Number(new URL(url).port), visitors);
    // A visitor learns of its end a moment after the one that replaced it was answered.
    await expect.poll(() => visitors.size).toBeLessThanOrEqual(HELD);
    expect(visitors.size).toBeGreaterThan(HELD - 10);

    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const asked = discord.payload.command({
      user: discord.user(),
      guild: discord.guild,
      name: "lambo",
      options: { coin: "calm" },
    });
    await discord.post(asked, `${url}/interactions`);
    expect((await asked.answer()).embeds[0]?.author?.name).toMatch(/^Calm/);
    expect(market.count({ path: /market_chart/ })).toBeGreaterThan(0);
  } finally {
    for (const close of open.reverse()) await close();
  }
}, 120_000);

/** The address that a starting bot logs. */
async function listening(log: NodeJS.ReadableStream): Promise<string> {
  let said = "";
  return new Promise((resolve, reject) => {
    log.on("data", (text) => {
      said += String(text);
      const url = /"address":"(http:[^"]+)"/.exec(said)?.[1];
      if (url !== undefined) resolve(url);
    });
    log.once("end", () => reject(new Error(`the bot ended:\n${said}`)));
  });
}

/**
 * Adds a visitor that asks once and keeps its connection; it leaves `visitors` when the bot closes
 * the connection.
 */
async function visit(port: number, visitors: Set<Socket>): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  visitors.add(socket);
  socket.on("error", () => undefined).once("close", () => visitors.delete(socket));
  socket.write("GET /healthz HTTP/1.1\r\nhost: lambo\r\n\r\n");
  await once(socket, "data");
}
