import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { startFakeMarket } from "../support/fake-market/fake-market.ts";
import { emptyFolder, type Program, runProgram, startProgram } from "../support/program.ts";

let folder: Awaited<ReturnType<typeof emptyFolder>>;
const open: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  folder = await emptyFolder();
});
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
  await folder.remove();
});

function start(environment: Readonly<Record<string, string>>): Program {
  const program = startProgram("main", [], environment, folder.path);
  open.push(async () => {
    program.process.kill("SIGKILL");
    await program.finished;
  });
  return program;
}

async function addressOf(program: Program): Promise<string> {
  await program.says("Stop     Ctrl+C");
  return /Open\s+(http:\S+)/.exec(program.output())?.[1] ?? "";
}

const Ids = z.tuple([z.object({ id: z.string() })]).rest(z.unknown());
/** What the page tells its script. */
const Facts = z.object({ token: z.string(), channels: Ids, members: Ids });

/** So many that the page is open some tenths of a second before they are loaded. */
const MANY_COINS = Array.from({ length: 20_000 }, (_, index) => ({
  coinId: `coin-${index}`,
  symbol: `C${index}`,
  name: `Coin ${index}`,
  rank: index < 1_000 ? index + 1 : null,
  series: [],
}));

/** The requests that the documentation shows. */
const CURLS = [
  ...readFileSync("docs/http.md", "utf8").matchAll(/^curl 'http:\/\/127\.0\.0\.1:3000(\S+)'$/gm),
];

describe("npm start without a token", () => {
  it("says what it is and where the page, prices and storage are, and serves the page there", async () => {
    const program = start({ DEMO: "1", PORT: "0", CORS_ORIGINS: "*" });
    const address = await addressOf(program);
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(program.output()).toMatch(
      /playground.*Prices\s+invented \(DEMO=1\).*Storage\s+data\/playground\/\S+\.sqlite/s,
    );
    const page = await fetch(address);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("<title>Playground");
    // The container's health check uses this path in every mode.
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
    // The page is its visitor's alone; the JSON API is for other programs and pages too.
    const origin = { origin: "https://lambo.example" };
    expect(CURLS.length).toBeGreaterThan(3);
    for (const [, path = ""] of CURLS) {
      const { status, headers } = await fetch(address + path, { headers: origin });
      expect([path, status, headers.get("access-control-allow-origin")]).toEqual([path, 200, "*"]);
    }
    expect((await fetch(address, { headers: origin })).status).toBe(403);
    program.process.kill("SIGTERM");
    const { exitCode, stderr } = await program.finished;
    // No log line comes between the lines that a person reads.
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });

  it("fetches the list of coins before anybody asks for one", async () => {
    const market = await startFakeMarket({ coins: [], now: () => new Date() });
    open.push(() => market.close());
    start({ ...market.environment("demo"), PORT: "0" });
    await market.arrived({ path: "/coins/list" });
  });

  it("suggests coins to a visitor who types before the coins are loaded", async () => {
    const market = await startFakeMarket({ coins: MANY_COINS, now: () => new Date() });
    open.push(() => market.close());
    const environment = { ...market.environment("demo"), PORT: "0" };
    const first = start(environment);
    // The list of coins is cached before the last of its pages is asked for.
    await market.arrived({ path: "/coins/markets" }, 4);
    first.process.kill("SIGTERM");
    await first.finished;
    const address = await addressOf(start(environment));
    const page = await (await fetch(address)).text();
    const facts = Facts.parse(JSON.parse(/id="facts"[^>]*>(.*?)</.exec(page)?.[1] ?? ""));
    const response = await fetch(`${address}/interactions`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        origin: address,
        "x-playground-token": facts.token,
      },
      body: JSON.stringify({
        type: 4,
        channel_id: facts.channels[0].id,
        user_id: facts.members[0].id,
        locale: "en-US",
        data: {
          type: 1,
          name: "lambo",
          options: [{ type: 3, name: "coin", value: "coin 777", focused: true }],
        },
      }),
    });
    expect(await response.text()).toContain("Coin 777");
  });

  it("names a taken port, and what to do about it", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    open.push(async () => other.close());
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const { exitCode, stderr } = await runProgram(
      "main",
      [],
      { DEMO: "1", PORT: String(port) },
      folder.path,
    );
    expect(exitCode).toBe(1);
    // Standard error is no terminal here, so the message is a JSON line for a program.
    expect(JSON.parse(stderr)).toMatchObject({
      level: 50,
      msg: `Port ${port} on 127.0.0.1 is taken by another program. Stop that one, or choose another port: put PORT=${port + 1} into .env, or in front of npm start.`,
    });
  });

  it("says in one sentence that HOST is no address of this computer", async () => {
    const { exitCode, stderr } = await runProgram(
      "main",
      [],
      { DEMO: "1", PORT: "0", HOST: "203.0.113.7" },
      folder.path,
    );
    expect(exitCode).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({
      level: 50,
      msg: "HOST=203.0.113.7 is no address of this computer. Take HOST out of .env, or set one that is.",
    });
  });

  it("says in one sentence that its data folder cannot be written", async () => {
    await mkdir(join(folder.path, "data"));
    await writeFile(join(folder.path, "data", "playground"), "");
    const { exitCode, stderr } = await runProgram(
      "main",
      [],
      { DEMO: "1", PORT: "0" },
      folder.path,
    );
    expect(exitCode).toBe(1);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr).toContain("data/playground");
  });

  it("warns when others can reach it", async () => {
    const program = start({ DEMO: "1", PORT: "0", HOST: "0.0.0.0" });
    await program.says("everybody who can reach this computer can use this page");
    expect((await fetch(await addressOf(program))).status).toBe(200);
  });
});
