import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { type FakeDiscord, startFakeDiscord } from "./support/fake-discord/fake-discord.ts";
import { type FakeMarket, startFakeMarket } from "./support/fake-market/fake-market.ts";
import { createTestDatabase, postgresMissing } from "./support/postgres.ts";
import { syntheticSeries } from "./support/price-series.ts";
import { emptyFolder, type Program, startProgram } from "./support/program.ts";

const TODAY = new Date().toISOString().slice(0, 10);
const LISTENING = "ready: listening on ";
/** What somebody typed; it may reach nobody's log. */
const TYPED = "typed-by-somebody";

/** The program's own clock runs ten times as fast. */
const HURRIED = {
  HURRY: "10",
  NODE_OPTIONS: `--import=${new URL("./support/hurried-clock.mjs", import.meta.url).href}`,
};

let folder: Awaited<ReturnType<typeof emptyFolder>>;
let discord: FakeDiscord;
let market: FakeMarket;
const open: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  folder = await emptyFolder();
  open.push(() => folder.remove());
  discord = await startFakeDiscord();
  open.push(() => discord.close());
  const series = syntheticSeries({
    firstOn: "2024-06-01",
    lastOn: TODAY,
    startUsd: 1,
    dailyGrowth: 0.01,
  });
  market = await startFakeMarket({
    coins: [
      { coinId: "calm", symbol: "CALM", name: "Calm", rank: 1, series },
      { coinId: "slow", symbol: "SLOW", name: "Slow", rank: 2, series },
    ],
    now: () => new Date(),
  });
  open.push(() => market.close());
});
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

type Running = { readonly program: Program; readonly url: string };

async function start(environment: Readonly<Record<string, string>>): Promise<Running> {
  const program = startProgram(
    "main",
    [],
    { ...market.environment("demo"), PORT: "0", LOG_LEVEL: "debug", ...environment },
    folder.path,
  );
  open.push(async () => {
    program.process.kill("SIGKILL");
    await program.finished;
  });
  await program.says(LISTENING);
  const [, url = ""] = /"address":"(http:[^"]+)"/.exec(program.output()) ?? [];
  return { program, url };
}

const question = (coin: string) =>
  discord.payload.command({
    user: discord.user(),
    guild: discord.guild,
    name: "lambo",
    options: { coin },
    unchecked: true,
  });

async function ended({ program }: Running): Promise<number | null> {
  program.process.kill("SIGTERM");
  return (await program.finished).exitCode;
}

/** A port of the loopback on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string")
    throw new Error("a TCP server has a numbered port");
  return address.port;
}

describe("the running program", () => {
  it("with ROLE=site serves pages and the JSON API without Discord, token or database", async () => {
    const running = await start({ ROLE: "site" });
    const get = (path: string) => fetch(running.url + path);
    expect(await (await get("/readyz")).json()).toEqual({
      ...{ ready: true, degraded: [], prices: "ok", transport: "ok" },
    });
    const page = await (await get("/c/calm?stake=500")).text();
    // Without PUBLIC_URL it links to where it listens.
    expect(page).toContain(`<link rel="canonical" href="${running.url}/c/calm?stake=500">`);
    const [, picture = ""] = /<img src="([^"]*picture[^"]*)"/.exec(page) ?? [];
    expect((await get(picture.replaceAll("&amp;", "&"))).status).toBe(200);
    expect((await get("/api/v1/valuation?coin=calm")).status).toBe(200);
    expect(await (await get("/metrics")).text()).toContain(
      'lambo_web_request_seconds_count{route="/c/:coin",status="200"} 1',
    );
    expect(
      (await readdir(join(folder.path, "data"))).filter((name) => name.includes("lambo")),
    ).toEqual([]);
    expect(await ended(running)).toBe(0);
  });

  it("on the gateway serves health, metrics and the JSON API when it has a port, and no interactions", async () => {
    const running = await start(discord.env);
    const get = (path: string) => fetch(running.url + path);
    expect((await get("/healthz")).status).toBe(200);
    await expect
      .poll(async () => (await get("/readyz")).json(), { timeout: 10_000 })
      .toEqual({
        ready: true,
        degraded: [],
        ...{ storage: "ok", prices: "ok", token: "ok", commands: "ok", transport: "ok" },
      });
    await discord
      .command({
        user: discord.user(),
        guild: discord.guild,
        name: "lambo",
        options: { coin: "calm" },
      })
      .answer();
    await running.program.says('"interaction"');
    const text = await (await get("/metrics")).text();
    expect(text).toContain(
      'lambo_interactions_total{kind="command",command="lambo",outcome="answered"} 1',
    );
    expect(text).toMatch(/lambo_source_calls_total\{source="CoinGecko",outcome="ok"\} [1-9]/);
    expect(text).toMatch(/lambo_zone_data_age_days\{version="20\d\d[a-z]"\} \d+/);
    expect(running.program.output()).toMatch(/"zones":"20\d\d[a-z] \((?:moment-timezone|Node)\)"/);
    expect(running.program.output()).not.toContain("time zone data");
    expect(text).toMatch(/lambo_source_calls_left\{source="CoinGecko"\} \d+/);
    expect((await get("/api/v1/valuation?coin=calm")).status).toBe(200);
    expect((await fetch(`${running.url}/interactions`, { method: "POST" })).status).toBe(404);
    expect(await ended(running)).toBe(0);
  });

  it("over HTTP answers Discord, the JSON API and Prometheus on one port; asked to stop, it finishes a JSON request in flight and takes no new one", async () => {
    const running = await start(discord.httpEnv);
    const asked = question("calm");
    await discord.post(asked, `${running.url}/interactions`);
    expect((await asked.answer()).embeds).toHaveLength(1);
    const valuation = await fetch(`${running.url}/api/v1/valuation?coin=calm&amount=5`);
    expect(await valuation.json()).toMatchObject({ coinId: "calm", stakeUsd: 5 });
    expect(valuation.headers.get("ratelimit")).toMatch(/^"address";r=\d+;t=\d+$/);
    expect(
      (await fetch(`${running.url}/api/v1/process_request/?symbol=CALM&investment=5`)).status,
    ).toBe(200);
    const text = await (await fetch(`${running.url}/metrics`)).text();
    expect(text).toContain(
      'lambo_web_request_seconds_count{route="/api/v1/valuation",status="200"} 1',
    );
    expect(await (await fetch(`${running.url}/readyz`)).json()).toMatchObject({ ready: true });

    let release = () => {};
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    market.fail("coingecko", { kind: "held", until }, { path: "/coins/slow/market_chart" });
    const held = fetch(`${running.url}/api/v1/valuation?coin=slow`);
    await market.arrived({ path: "/coins/slow/market_chart" });
    running.program.process.kill("SIGTERM");
    await running.program.says("stopping");
    await expect
      .poll(() =>
        fetch(`${running.url}/healthz`).then(
          () => "answered",
          () => "refused",
        ),
      )
      .toBe("refused");
    release();
    expect((await held).status).toBe(200);
    expect((await running.program.finished).exitCode).toBe(0);
  });

  it("goes on answering, and says what is wrong, once Discord refuses its token", async () => {
    const running = await start({ ...discord.httpEnv, DISCORD_TOKEN: "a-token-that-was-reset" });
    const owner = discord.user({ id: discord.guild.ownerId });
    const options = { channel: discord.guild.systemChannelId ?? "" };
    const asked = discord.payload.command({
      user: owner,
      guild: discord.guild,
      name: "config digest",
      options,
      unchecked: true,
    });
    await discord.post(asked, `${running.url}/interactions`);
    await asked.answer();
    const readiness = await fetch(`${running.url}/readyz`);
    expect(readiness.status).toBe(200);
    expect(await readiness.json()).toMatchObject({
      ready: true,
      degraded: [
        "token: Discord refuses DISCORD_TOKEN",
        "commands: Discord does not have the commands yet",
      ],
    });
    await running.program.says("Discord refuses DISCORD_TOKEN");
  });

  it("says in one sentence that its port is taken", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    open.push(async () => server.close());
    const address = server.address();
    const port = address !== null && typeof address === "object" ? String(address.port) : "";
    const program = startProgram(
      "main",
      [],
      { ...market.environment("demo"), ...discord.httpEnv, PORT: port },
      folder.path,
    );
    const { exitCode, stderr } = await program.finished;
    expect(exitCode).toBe(1);
    const refusal: unknown = JSON.parse(stderr.trimEnd().split("\n").at(-1) ?? "");
    expect(refusal).toMatchObject({
      level: 50,
      msg: expect.stringContaining(`Port ${port} on 127.0.0.1 is taken by another program`),
    });
  });

  // How soon: test/load/shutdown.load.ts.
  it("ends after SIGTERM although an answer never comes", async () => {
    const running = await start({ ...discord.httpEnv, ...HURRIED });
    const never = new Promise<void>((resolve) => open.push(async () => resolve()));
    market.fail("coingecko", { kind: "held", until: never }, { path: "/coins/calm/market_chart" });
    market.fail("defillama", { kind: "held", until: never });
    const asked = question("calm");
    void discord.post(asked, `${running.url}/interactions`).catch(() => undefined);
    await market.arrived({ path: "/coins/calm/market_chart" });
    expect(await ended(running)).not.toBeNull();
  });

  it.each(["SIGTERM", "SIGINT"] as const)(
    "ends within two seconds of a second %s, and names the reply that it left",
    async (signal) => {
      const running = await start(discord.httpEnv);
      const never = new Promise<void>((resolve) => open.push(async () => resolve()));
      market.fail(
        "coingecko",
        { kind: "held", until: never },
        { path: "/coins/calm/market_chart" },
      );
      market.fail("defillama", { kind: "held", until: never });
      void discord.post(question("calm"), `${running.url}/interactions`).catch(() => undefined);
      await market.arrived({ path: "/coins/calm/market_chart" });
      running.program.process.kill(signal);
      await running.program.says("stopping");
      const startedAt = performance.now();
      running.program.process.kill(signal);
      const { exitCode, stderr } = await running.program.finished;
      expect(exitCode).toBe(1);
      expect(performance.now() - startedAt).toBeLessThan(2_000);
      expect(stderr).toMatch(/Ending without waiting any longer for .*1 reply/);
    },
  );

  it("warns at its start of time zone data that is too old", async () => {
    // The program's clock, not its data, is moved: it shows ten years later.
    const later =
      "const D=Date,s=315576e6;globalThis.Date=class extends D{constructor(...a){super(...(a.length?a:[D.now()+s]))}static now(){return D.now()+s}}";
    const running = await start({
      ...discord.httpEnv,
      DEMO: "1",
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(later)}`,
    });
    await running.program.says("The time zone data is over 400 days old");
  });
});

describe("the output of a full run with every secret set", () => {
  it("has none of them in it, nor anything that somebody typed", async () => {
    const password = 'p@ss"w0rd/of\\db';
    const redisPassword = "redis:pass#word";
    const database =
      postgresMissing() === undefined ? await createTestDatabase(inject("runFolder")) : undefined;
    if (database !== undefined) open.push(() => database.drop());
    const databaseUrl = new URL(database?.url ?? "postgres://lambo@127.0.0.1:1/lambo");
    databaseUrl.password = encodeURIComponent(password);
    const redisUrl = `redis://:${encodeURIComponent(redisPassword)}@127.0.0.1:${await closedPort()}`;
    const shared = database === undefined ? {} : { DATABASE_URL: databaseUrl.href };
    // Every kind of bad day that writes to the log.
    discord.fault({
      kind: "error",
      status: 403,
      code: 50_001,
      message: "Missing Access",
      method: "PUT",
      path: /\/commands$/,
    });
    discord.fault({ kind: "status", status: 500, path: /@original$/, times: 2 });
    const environment = { ...discord.httpEnv, ...discord.env, ...shared, REDIS_URL: redisUrl };
    const running = await start(environment);
    const endpoint = `${running.url}/interactions`;
    const asked = [question("calm"), question(TYPED), question(`id:${TYPED}`)];
    for (const one of asked) {
      await discord.post(one, endpoint);
      await one.answer();
    }
    const member = discord.user();
    const typing = {
      name: "lambo",
      user: member,
      guild: discord.guild,
      focused: "coin",
      options: { coin: TYPED },
      unchecked: true,
    };
    await discord.post(discord.payload.type(typing), endpoint);
    const admin = {
      name: "config symbol",
      user: member,
      guild: discord.guild,
      permissions: 0x20n,
      unchecked: true,
    };
    const refused = discord.payload.command({ ...admin, options: { symbol: TYPED, coin: TYPED } });
    await discord.post(refused, endpoint);
    await fetch(`${running.url}/api/v1/valuation?coin=${TYPED}&amount=${TYPED}`);
    await fetch(`${running.url}/api/v1/process_request/?symbol=${TYPED}&investment=1`);
    await fetch(`${running.url}/${TYPED}?${TYPED}`, { headers: { "x-forwarded-for": TYPED } });
    await fetch(endpoint, {
      method: "POST",
      body: TYPED,
      headers: discord.sign(TYPED, Math.floor(Date.now() / 1_000)),
    });
    market.fail("coingecko", { kind: "html" });
    await fetch(`${running.url}/api/v1/valuation?coin=id:${TYPED}-two`);
    const metrics = await (await fetch(`${running.url}/metrics`)).text();
    await ended(running);

    const { stdout, stderr } = await running.program.finished;
    const output = stdout + stderr + metrics;
    expect(output).toContain('"msg":"interaction"');
    const { COINGECKO_API_KEY: key = "" } = market.environment("demo");
    const secrets = [
      discord.token,
      key,
      password,
      redisPassword,
      ...asked.map(({ token }) => token),
    ];
    for (const secret of [
      ...secrets,
      databaseUrl.password,
      encodeURIComponent(redisPassword),
      TYPED,
    ]) {
      expect(secret.length).toBeGreaterThan(5);
      for (const spelling of [secret, JSON.stringify(secret).slice(1, -1)])
        expect(output).not.toContain(spelling);
    }
  });

  it("has none of them in it either when nothing that they are for can be reached", async () => {
    const port = await closedPort();
    const environment = {
      ...discord.env,
      DATABASE_URL: `postgres://lambo:not-to-be-seen@127.0.0.1:${port}/lambo`,
    };
    const program = startProgram(
      "main",
      [],
      { ...market.environment("demo"), ...environment, LOG_LEVEL: "debug" },
      folder.path,
    );
    const { exitCode, stdout, stderr } = await program.finished;
    expect(exitCode).toBe(1);
    expect(stderr).toContain("The bot cannot start");
    expect(stdout + stderr).not.toContain("not-to-be-seen");
  });
});
