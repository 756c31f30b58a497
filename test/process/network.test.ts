import { writeFile } from "node:fs/promises";
import { getDefaultAutoSelectFamilyAttemptTimeout } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { setUpNetwork } from "../../src/process/network.ts";
import { startFakeDiscord } from "../support/fake-discord/fake-discord.ts";
import { startFakeMarket } from "../support/fake-market/fake-market.ts";
import { startFakeProxy } from "../support/fake-proxy.ts";
import { syntheticSeries } from "../support/price-series.ts";
import { emptyFolder, runProgram, startProgram } from "../support/program.ts";

const TODAY = new Date().toISOString().slice(0, 10);
const PROXY_LOGIN = { user: "lambo", password: "open sesame@home" };

let folder: Awaited<ReturnType<typeof emptyFolder>>;
const open: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  folder = await emptyFolder();
});
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
  await folder.remove();
});

async function startMarket() {
  const series = syntheticSeries({
    firstOn: "2024-01-01",
    lastOn: TODAY,
    startUsd: 1,
    dailyGrowth: 0.01,
  });
  const market = await startFakeMarket({
    coins: [{ coinId: "calm", symbol: "CALM", name: "Calm", rank: 1, series }],
    now: () => new Date(),
  });
  open.push(() => market.close());
  return market;
}

/** Price hosts that only a proxy can reach, because no name server knows them. */
async function behindProxy(login?: typeof PROXY_LOGIN) {
  const market = await startMarket();
  const proxy = await startFakeProxy(login);
  open.push(() => proxy.close());
  const hidden = Object.entries(market.environment("demo")).map(([name, value]) => [
    name,
    value.replace("127.0.0.1", "prices.invalid"),
  ]);
  return { market, proxy, environment: Object.fromEntries(hidden) as Record<string, string> };
}

const addressOf = (proxy: { port: number }, { user, password } = PROXY_LOGIN) =>
  `http://${user}:${encodeURIComponent(password)}@127.0.0.1:${proxy.port}`;

describe("behind a proxy that wants CONNECT", () => {
  it("fetches prices through it with its credentials, which are never logged", async () => {
    const { proxy, environment } = await behindProxy(PROXY_LOGIN);
    const more = { HTTP_PROXY: addressOf(proxy), LOG_LEVEL: "debug" };
    const { exitCode, stdout, stderr } = await runProgram(
      "terminal",
      ["calm"],
      { ...environment, ...more },
      folder.path,
    );
    expect({ exitCode, stderr: exitCode === 0 ? "" : stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(proxy.tunnels.map(({ target }) => target)).toContainEqual(
      expect.stringMatching(/^prices\.invalid:\d+$/),
    );
    expect(stdout + stderr).not.toMatch(/sesame/);
  });

  it("reports refused credentials as a plain failure that does not repeat them", async () => {
    const { proxy, environment } = await behindProxy(PROXY_LOGIN);
    const more = {
      http_proxy: addressOf(proxy, { user: "lambo", password: "close sesame" }),
      LOG_LEVEL: "debug",
    };
    const { exitCode, stdout, stderr } = await runProgram(
      "terminal",
      ["calm"],
      { ...environment, ...more },
      folder.path,
    );
    expect(exitCode).toBe(4);
    expect(proxy.refused).toBeGreaterThan(0);
    expect(stderr).toContain("407");
    expect(stdout + stderr).not.toMatch(/sesame/);
  });

  it("reaches the hosts of NO_PROXY without it", async () => {
    const market = await startMarket();
    const proxy = await startFakeProxy();
    open.push(() => proxy.close());
    const more = { HTTP_PROXY: `127.0.0.1:${proxy.port}`, NO_PROXY: "example.org,127.0.0.1" };
    const { exitCode } = await runProgram(
      "terminal",
      ["calm"],
      { ...market.environment("demo"), ...more },
      folder.path,
    );
    expect({ exitCode, tunnels: proxy.tunnels }).toEqual({ exitCode: 0, tunnels: [] });
  });

  it("the bot logs in to Discord's gateway through it, registers its commands and answers", async () => {
    const market = await startMarket();
    const discord = await startFakeDiscord();
    open.push(() => discord.close());
    const proxy = await startFakeProxy(PROXY_LOGIN);
    open.push(() => proxy.close());
    const hidden = {
      DISCORD_API_URL: discord.env.DISCORD_API_URL.replace("127.0.0.1", "discord.invalid"),
    };
    const program = startProgram(
      "main",
      [],
      {
        ...market.environment("demo"),
        ...discord.env,
        ...hidden,
        HTTP_PROXY: addressOf(proxy),
        LOG_LEVEL: "debug",
      },
      folder.path,
    );
    open.push(async () => {
      program.process.kill("SIGKILL");
      await program.finished;
    });
    await program.says("ready: listening on Discord");
    const card = await discord
      .command({
        user: discord.user(),
        guild: discord.guild,
        name: "lambo",
        options: { coin: "calm" },
      })
      .answer();
    expect(card.embeds[0]?.author?.name).toMatch(/^Calm/);
    // Every socket of the gateway is a tunnel of the proxy.
    expect(proxy.tunnels.filter(({ isWebSocket }) => isWebSocket)).toHaveLength(
      discord.gateway.connections,
    );
    expect(discord.gateway.connections).toBeGreaterThan(0);
    expect(proxy.tunnels.map(({ target }) => target)).toContainEqual(
      expect.stringMatching(/^discord\.invalid:/),
    );
    expect(program.output()).not.toMatch(/sesame/);
  });
});

describe("a host with several addresses", () => {
  it("has two seconds for the handshake at each of them, not Node's quarter of a second", async () => {
    await setUpNetwork(undefined);
    expect(getDefaultAutoSelectFamilyAttemptTimeout()).toBe(2_000);
  });

  it("is logged with each address that was tried, when all fail", async () => {
    const market = await startMarket();
    // No test can choose what the system's resolver says: this name gets two addresses, at a port
    // that nobody listens on.
    const preload = join(folder.path, "two-addresses.cjs");
    await writeFile(
      preload,
      `const dns = require("node:dns"); const real = dns.lookup;
      const both = ["127.0.0.1", "127.0.0.2"].map((address) => ({ address, family: 4 }));
      dns.lookup = (host, options, done) =>
        host === "prices.invalid" ? process.nextTick(done, null, both) : real(host, options, done);`,
    );
    const { port, close } = await startFakeProxy();
    await close();
    const environment = {
      ...market.environment("demo"),
      COINGECKO_BASE_URL: `http://prices.invalid:${port}/api/v3`,
      LOG_LEVEL: "info",
      NODE_OPTIONS: `--require=${preload}`,
    };
    const { stderr } = await runProgram("terminal", ["calm"], environment, folder.path);
    expect(stderr).toContain(
      `connect ECONNREFUSED 127.0.0.1:${port}; connect ECONNREFUSED 127.0.0.2:${port}`,
    );
  });
});
