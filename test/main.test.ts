import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FakeDiscord, startFakeDiscord } from "./support/fake-discord/fake-discord.ts";
import { type FakeMarket, startFakeMarket } from "./support/fake-market/fake-market.ts";
import { syntheticSeries } from "./support/price-series.ts";
import { emptyFolder, type Program, runProgram, startProgram } from "./support/program.ts";

const TODAY = new Date().toISOString().slice(0, 10);
const READY = "ready: listening on Discord";

let folder: Awaited<ReturnType<typeof emptyFolder>>;
const open: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  folder = await emptyFolder();
});
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
  await folder.remove();
});

async function outside(): Promise<{
  discord: FakeDiscord;
  market: FakeMarket;
  environment: Record<string, string>;
}> {
  const discord = await startFakeDiscord();
  open.push(() => discord.close());
  const series = syntheticSeries({
    firstOn: "2024-01-01",
    lastOn: TODAY,
    startUsd: 1,
    dailyGrowth: 0.01,
  });
  const market = await startFakeMarket({
    coins: [
      { coinId: "calm", symbol: "CALM", name: "Calm", rank: 1, series },
      { coinId: "slow", symbol: "SLOW", name: "Slow", rank: 2, series },
    ],
    now: () => new Date(),
  });
  open.push(() => market.close());
  return {
    discord,
    market,
    environment: { ...market.environment("demo"), ...discord.env, LOG_LEVEL: "debug" },
  };
}

function start(environment: Readonly<Record<string, string>>): Program {
  const program = startProgram("main", [], environment, folder.path);
  open.push(async () => {
    program.process.kill("SIGKILL");
    await program.finished;
  });
  return program;
}

/** Standard error's lines; fails where one is no JSON. */
const linesOf = (stderr: string): unknown[] =>
  stderr
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

describe("npm start", () => {
  it("names a variable that looks like one of the bot's and is not", async () => {
    const { stderr } = await runProgram(
      "main",
      [],
      { DISCORD_TOKN: "hush-hush", COINGECKO_PLAN: "gold" },
      folder.path,
    );
    const [first] = linesOf(stderr);
    expect(first).toMatchObject({
      level: 40,
      msg: "DISCORD_TOKN is set, but the bot reads no such variable: did you mean DISCORD_TOKEN?",
    });
    expect(stderr).not.toContain("hush-hush");
  });

  it("after a change of Node says in one line that npm ci is due", async () => {
    const { environment } = await outside();
    // What Node does with a module that was compiled for another one; those of stable Node-API fit
    // every Node.
    const preload = join(folder.path, "another-node.cjs");
    await writeFile(
      preload,
      `const load = process.dlopen;
      process.dlopen = function (module, file, ...more) {
        if (!/better.sqlite3/.test(file)) return load.call(this, module, file, ...more);
        const text = "The module '" + file + "' was compiled against a different Node.js version using NODE_MODULE_VERSION 108.";
        throw Object.assign(new Error(text), { code: "ERR_DLOPEN_FAILED" });
      };`,
    );
    const changed = { ...environment, NODE_OPTIONS: `--require=${preload}` };
    const { exitCode, stderr } = await runProgram("main", [], changed, folder.path);
    expect(exitCode).toBe(1);
    expect(linesOf(stderr)).toEqual([
      expect.objectContaining({ level: 50, msg: expect.stringContaining("Run npm ci with it") }),
    ]);
  });

  it("with an unreadable address of Redis says so in one line", async () => {
    const { environment } = await outside();
    const { exitCode, stderr } = await runProgram(
      "main",
      [],
      { ...environment, REDIS_URL: "redis://cache/lambo" },
      folder.path,
    );
    expect(exitCode).toBe(1);
    expect(linesOf(stderr)).toEqual([
      expect.objectContaining({ problems: [expect.stringMatching(/^REDIS_URL must name a host/)] }),
    ]);
  });

  it("tells every problem of the configuration at once and ends", async () => {
    const { exitCode, stderr } = await runProgram(
      "main",
      [],
      { DISCORD_TOKEN: "x", COINGECKO_PLAN: "gold", KRAKEN_BASE_URL: "kraken", LOG_LEVEL: "loud" },
      folder.path,
    );
    expect(exitCode).toBe(1);
    const [refusal, ...more] = linesOf(stderr);
    expect(more).toEqual([]);
    const problems = ["COINGECKO_PLAN", "KRAKEN_BASE_URL", "LOG_LEVEL"].map((name) =>
      expect.stringMatching(`^${name} must be`),
    );
    expect(refusal).toMatchObject({ level: 50, problems });
  });

  it("with a token that Discord refuses says so in one sentence and ends", async () => {
    const { environment } = await outside();
    const { exitCode, stderr } = await runProgram(
      "main",
      [],
      { ...environment, DISCORD_TOKEN: "not.the.token" },
      folder.path,
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain("DISCORD_TOKEN was refused by Discord");
    expect(stderr).not.toContain("not.the.token");
  });
});

describe("the bot over HTTP", () => {
  const LISTENING = "ready: listening on http://";

  async function startOverHttp(more: Readonly<Record<string, string>> = {}) {
    const { discord, market, environment } = await outside();
    const { DISCORD_TOKEN: _, ...withoutToken } = environment;
    const program = start({ ...withoutToken, ...discord.httpEnv, PORT: "0", ...more });
    await program.says(LISTENING);
    const [, url = ""] = /ready: listening on (http:[^"]+)/.exec(program.output()) ?? [];
    return { discord, market, program, url, endpoint: `${url}/interactions` };
  }

  const asking = ({ discord }: { discord: FakeDiscord }, coin = "calm") =>
    discord.payload.command({
      user: discord.user(),
      guild: discord.guild,
      name: "lambo",
      options: { coin },
    });

  it("answers without a token, says what it cannot do without one, and finishes a deferred reply in flight before it ends", async () => {
    const bot = await startOverHttp();
    expect(bot.program.output()).toContain("DISCORD_TOKEN is not set");
    // Before anybody asks, so that the first one need not wait.
    await bot.market.arrived({ path: "/coins/list" });
    const asked = asking(bot);
    await bot.discord.post(asked, bot.endpoint);
    expect((await asked.answer()).embeds[0]?.author?.name).toMatch(/^Calm · CALM/);

    let release = () => {};
    bot.market.fail(
      "coingecko",
      { kind: "held", until: new Promise<void>((resolve) => (release = resolve)) },
      { path: "/coins/slow/market_chart" },
    );
    const late = asking(bot, "slow");
    const responded = bot.discord.post(late, bot.endpoint);
    await bot.market.arrived({ path: "/coins/slow/market_chart" });
    bot.program.process.kill("SIGTERM");
    await responded;
    expect((await late.response()).kind).toBe("deferred-message");
    await expect(fetch(bot.endpoint)).rejects.toThrow();
    release();
    expect((await late.answer()).embeds[0]?.title).toBeTruthy();
    expect((await bot.program.finished).exitCode).toBe(0);
    expect(bot.discord.gateway.identifyPayloads).toEqual([]);
  });

  it("with a token tells Discord its commands", async () => {
    const { discord } = await startOverHttp({
      DISCORD_TOKEN: "ZmFrZQ.fake-discord.token-of-the-fake-discord",
    });
    await discord.until("Discord was told", ({ commands }) =>
      commands.list().some((command) => command["name"] === "lambo"),
    );
    expect(discord.violations).toEqual([]);
  });
});

describe("the running bot", () => {
  it("answers, registers once, ends cleanly on SIGTERM, with a reply in flight too, and never prints a secret", async () => {
    const { discord, market, environment } = await outside();
    const program = start(environment);
    await program.says(READY);
    const card = await discord
      .command({
        user: discord.user(),
        guild: discord.guild,
        name: "lambo",
        options: { coin: "calm" },
      })
      .answer();
    expect(card.embeds[0]?.author?.name).toBe("Calm · CALM · #1");
    program.process.kill("SIGTERM");
    const first = await program.finished;
    expect(first.exitCode).toBe(0);

    const again = start(environment);
    await again.says("Discord already has these commands");
    await again.says(READY);
    let release = () => {};
    market.fail(
      "coingecko",
      { kind: "held", until: new Promise<void>((resolve) => (release = resolve)) },
      { path: "/coins/slow/market_chart" },
    );
    const asked = discord.command({
      user: discord.user(),
      guild: discord.guild,
      name: "lambo",
      options: { coin: "slow" },
    });
    await market.arrived({ path: "/coins/slow/market_chart" });
    again.process.kill("SIGTERM");
    await again.says("stopping");
    release();
    expect((await asked.answer()).embeds[0]?.title).toBeTruthy();
    const second = await again.finished;
    expect(second.exitCode).toBe(0);
    for (const secret of [
      environment["DISCORD_TOKEN"] ?? "",
      environment["COINGECKO_API_KEY"] ?? "",
    ]) {
      expect(secret).not.toBe("");
      expect(first.stdout + first.stderr + second.stdout + second.stderr).not.toContain(secret);
    }
    expect(discord.violations).toEqual([]);
  }, 60_000);

  it("does not start when its data folder cannot be made, and says so in one sentence", async () => {
    const { environment } = await outside();
    await writeFile(join(folder.path, "file"), "");
    const dataDir = join(folder.path, "file", "data");
    const { exitCode, stdout, stderr } = await runProgram(
      "main",
      [],
      { ...environment, DATA_DIR: dataDir },
      folder.path,
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    const msg = `The bot cannot start: the bot's data folder cannot be made or written (${dataDir}). Set DATA_DIR to a folder that the bot's user may write.`;
    expect(linesOf(stderr)).toEqual([expect.objectContaining({ level: 50, msg })]);
  });

  it("killed the moment that an admin's choice is confirmed, it starts again on the same files, obeys that choice and still knows its prices", async () => {
    const { discord, market, environment } = await outside();
    const killed = start(environment);
    await killed.says(READY);
    await discord
      .command({ user: discord.user(), name: "lambo", options: { coin: "calm" } })
      .answer();
    const choice = {
      user: discord.user({ id: discord.guild.ownerId }),
      guild: discord.guild,
      name: "config set",
      options: { amount: "250", replies: "private" },
    };
    await discord.command(choice).answer();
    killed.process.kill("SIGKILL");
    await killed.finished;
    market.forget();
    const program = start(environment);
    await program.says(READY);
    const card = await discord
      .command({
        user: discord.user(),
        guild: discord.guild,
        name: "lambo",
        options: { coin: "calm" },
      })
      .answer();
    expect(card.embeds[0]?.description).toContain("$250");
    expect(card.ephemeral).toBe(true);
    expect(market.count({ path: /market_chart|\/chart|\/prices/ })).toBe(0);
  }, 60_000);

  it("goes on with the commands of the last start when Discord refuses the registration", async () => {
    const { discord, environment } = await outside();
    discord.fault({
      kind: "error",
      status: 403,
      code: 50_001,
      message: "Missing Access",
      method: "PUT",
      path: /\/commands$/,
    });
    const program = start(environment);
    await program.says("The commands could not be registered");
    await program.says(READY);
    expect(program.process.exitCode).toBeNull();
  });

  it("says in one sentence that a Demo key went to the Pro host, and goes on", async () => {
    const { market, environment } = await outside();
    const program = start({
      ...environment,
      COINGECKO_PLAN: "analyst",
      COINGECKO_BASE_URL: market.urls.coingeckoPro,
    });
    await program.says("COINGECKO_API_KEY is a Demo key");
    await program.says(READY);
  });
});
