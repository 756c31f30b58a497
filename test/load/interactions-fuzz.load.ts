import { readFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { createConnection } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FakeDiscord, startFakeDiscord } from "../support/fake-discord/fake-discord.ts";
import { type FakeMarket, startFakeMarket } from "../support/fake-market/fake-market.ts";
import { syntheticSeries } from "../support/price-series.ts";
import { emptyFolder, type Program, startProgram } from "../support/program.ts";

const REQUESTS = 20_000;
const AT_ONCE = 32;
/**
 * Over all requests after the first quarter, by which time the program has all the memory that it
 * needs.
 */
const MOST_GROWTH_MB = 40;
/** What somebody typed: must not turn up in any output. */
const TYPED = "typed-by-somebody";

let discord: FakeDiscord;
let stranger: FakeDiscord;
let market: FakeMarket;
let folder: Awaited<ReturnType<typeof emptyFolder>>;
let program: Program;
let port: number;
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

beforeAll(async () => {
  discord = await startFakeDiscord({ checkSpec: false, keepRequests: false });
  stranger = await startFakeDiscord({ checkSpec: false });
  const lastOn = new Date().toISOString().slice(0, 10);
  const series = syntheticSeries({ firstOn: "2024-06-01", lastOn, startUsd: 1, dailyGrowth: 0.01 });
  market = await startFakeMarket({
    coins: [{ coinId: "calm", symbol: "CALM", name: "Calm", rank: 1, series }],
    now: () => new Date(),
  });
  folder = await emptyFolder();
  const environment = {
    ...market.environment("demo"),
    ...discord.httpEnv,
    PORT: "0",
    LOG_LEVEL: "debug",
  };
  program = startProgram("main", [], environment, folder.path);
  await program.says("ready: listening on http://");
  port = Number(/ready: listening on http:\/\/[^"]*:(\d+)/.exec(program.output())?.[1]);
});

afterAll(async () => {
  agent.destroy();
  program.process.kill("SIGTERM");
  await program.finished;
  await Promise.all([discord.close(), stranger.close(), market.close()]);
  await folder.remove();
});

/** A sequence of numbers in [0, 1) that is the same in every run (mulberry32). */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Sent = {
  readonly body: string | Buffer;
  readonly headers: Record<string, string>;
  readonly wanted: number;
};
type Maker = (random: () => number) => Sent;

const now = () => Math.floor(Date.now() / 1_000);

function question(): Record<string, unknown> {
  const scene = {
    name: "lambo",
    user: discord.user(),
    guild: discord.guild,
    options: { coin: TYPED },
    unchecked: true,
  };
  return discord.payload.command(scene).payload;
}

const good = () => JSON.stringify(question());
const signed = (body: string | Buffer, wanted: number): Sent => ({
  body,
  headers: discord.sign(body, now()),
  wanted,
});

function pick<T>(random: () => number, among: readonly [T, ...T[]]): T {
  return among[Math.floor(random() * among.length)] ?? among[0];
}

const nested = (depth: number, [open, close]: readonly [string, string]) =>
  `${open.repeat(depth)}1${close.repeat(depth)}`;

const WRONG: readonly [unknown, ...unknown[]] = [
  null,
  7,
  -1,
  1e308,
  true,
  "",
  TYPED,
  [],
  {},
  [[TYPED]],
  { toString: TYPED },
  "9".repeat(400),
  "\u0000",
];
/** Without each of these, or with something else in its place, it is no interaction. */
const NEEDED = ["id", "application_id", "token", "data"] as const;

/** What a stranger without Discord's key can send. */
const UNSIGNED: Readonly<Record<string, Maker>> = {
  "no signature": () => ({
    body: good(),
    headers: { "content-type": "application/json" },
    wanted: 401,
  }),
  "a random signature": (random) => {
    const body = good();
    const hex = Array.from({ length: 128 }, () => Math.floor(random() * 16).toString(16)).join("");
    return {
      body,
      headers: { ...discord.sign(body, now()), "x-signature-ed25519": hex },
      wanted: 401,
    };
  },
  "one flipped bit": (random) => {
    const body = good();
    const headers = discord.sign(body, now());
    const bytes = Buffer.from(headers["x-signature-ed25519"] ?? "", "hex");
    const at = Math.floor(random() * bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    return {
      body,
      headers: { ...headers, "x-signature-ed25519": bytes.toString("hex") },
      wanted: 401,
    };
  },
  "a truncated signature": (random) => {
    const body = good();
    const headers = discord.sign(body, now());
    return {
      body,
      headers: {
        ...headers,
        "x-signature-ed25519":
          headers["x-signature-ed25519"]?.slice(0, Math.floor(random() * 128)) ?? "",
      },
      wanted: 401,
    };
  },
  "a signature of another body": () => ({
    body: good(),
    headers: discord.sign(good(), now()),
    wanted: 401,
  }),
  "signature and timestamp exchanged": () => {
    const body = good();
    const {
      "x-signature-timestamp": timestamp = "",
      "x-signature-ed25519": signature = "",
      ...rest
    } = discord.sign(body, now());
    return {
      body,
      headers: { ...rest, "x-signature-timestamp": signature, "x-signature-ed25519": timestamp },
      wanted: 401,
    };
  },
  "a signature of long ago or to come": (random) => {
    const body = good();
    const shift = (301 + Math.floor(random() * 1e6)) * pick(random, [1, -1]);
    return { body, headers: discord.sign(body, now() + shift), wanted: 401 };
  },
  "another application's signature": () => {
    const body = good();
    return { body, headers: stranger.sign(body, now()), wanted: 401 };
  },
  "odd timestamps": (random) => {
    const body = good();
    const timestamp = pick(random, [
      "-1",
      "1e9",
      "0x10",
      "９".repeat(10),
      "9".repeat(5_000),
      "NaN",
      " ",
    ]);
    return {
      body,
      headers: {
        ...discord.sign(body, now()),
        "x-signature-timestamp": Buffer.from(timestamp).toString("latin1"),
      },
      wanted: 401,
    };
  },
};

/** What only Discord could send, and never would. */
const GARBAGE: Readonly<Record<string, Maker>> = {
  "no JSON": (random) =>
    signed(
      Buffer.from(
        Array.from({ length: Math.floor(random() * 200) }, () => Math.floor(random() * 256)),
      ),
      400,
    ),
  "JSON cut off": (random) => {
    const body = good();
    return signed(body.slice(0, Math.floor(random() * (body.length - 1))), 400);
  },
  "JSON of another kind": (random) => signed(JSON.stringify(pick(random, WRONG)), 400),
  "deep JSON": (random) =>
    signed(
      nested(
        1 + Math.floor(random() * 20_000),
        pick(random, [["[", "]"] as const, ['{"data":', "}"] as const]),
      ),
      400,
    ),
  "a needed part of the wrong type": (random) => {
    const part = pick(random, NEEDED);
    // Any text is a token; the others have a form.
    const wrong = WRONG.filter(
      (value) => part !== "token" || typeof value !== "string" || value === "",
    );
    return signed(
      JSON.stringify({ ...question(), [part]: wrong[Math.floor(random() * wrong.length)] }),
      400,
    );
  },
  "an unknown type": (random) =>
    signed(
      JSON.stringify({ ...question(), type: pick(random, [0, 5, 6, 99, -2, 2.5, "2", null, [2]]) }),
      400,
    ),
  "nobody who asks": () =>
    signed(JSON.stringify({ ...question(), member: undefined, user: undefined }), 400),
  "options of the wrong type": (random) =>
    signed(
      JSON.stringify({
        ...question(),
        data: {
          type: 1,
          name: "lambo",
          options: pick<unknown>(random, [{}, 7, "x", [7], [null], [{ name: 7 }], [[[]]]]),
        },
      }),
      400,
    ),
  "a poisoned prototype": () =>
    signed(
      `{"__proto__":{"type":1,"id":"1"},"constructor":{"prototype":{"type":1}},"type":"__proto__"}`,
      400,
    ),
};

const HUGE: Maker = (random) =>
  signed(Buffer.alloc(256 * 1024 + 1 + Math.floor(random() * 100_000), TYPED), 413);

async function post({ body, headers }: Sent): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request({
      agent,
      host: "127.0.0.1",
      port,
      path: "/interactions",
      method: "POST",
      headers: { ...headers, "content-length": Buffer.byteLength(body) },
    });
    sent.once("response", (response) => {
      response.resume();
      response.once("end", () => resolve(response.statusCode ?? 0));
      response.once("error", reject);
    });
    // A server that refuses a large body unread may hang up while it is still being sent.
    sent.once("error", (error) =>
      Buffer.byteLength(body) > 256 * 1024 ? resolve(413) : reject(error),
    );
    sent.end(body);
  });
}

async function residentMb(): Promise<number> {
  const status = await readFile(`/proc/${program.process.pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1_024;
}

describe("twenty thousand malformed requests", () => {
  it("are all refused, none ends the program, and memory stays flat", async () => {
    const makers = Object.entries({ ...UNSIGNED, ...GARBAGE });
    const wrong: string[] = [];
    const refused = new Map<string, number>();
    const memoryMb: number[] = [];
    let at = 0;
    const worker = async () => {
      for (; at < REQUESTS; ) {
        const number = at;
        at += 1;
        const random = sequence(number);
        const [name, make] =
          number % 200 === 0
            ? (["a huge body", HUGE] as const)
            : (makers[number % makers.length] ?? ["", HUGE]);
        const sent = make(random);
        const status = await post(sent);
        if (status !== sent.wanted)
          wrong.push(`request ${number}, ${name}: ${status} instead of ${sent.wanted}`);
        else refused.set(name, (refused.get(name) ?? 0) + 1);
        if (number % (REQUESTS / 8) === 0) memoryMb.push(await residentMb());
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    memoryMb.push(await residentMb());

    expect(wrong.slice(0, 10)).toEqual([]);
    expect([...refused.values()].reduce((sum, count) => sum + count, 0)).toBe(REQUESTS);
    expect(refused.size).toBe(makers.length + 1);
    expect(program.process.exitCode).toBeNull();
    // Resident memory rises until the garbage is collected, so the lowest figures are compared; the
    // first is from before the work began.
    const earlyMb = Math.min(...memoryMb.slice(1, 5));
    const lateMb = Math.min(...memoryMb.slice(5));
    expect(
      lateMb - earlyMb,
      `resident memory: ${memoryMb.map(Math.round).join(", ")} MB`,
    ).toBeLessThan(MOST_GROWTH_MB);
  });

  it("that are not even HTTP are refused", async () => {
    const random = sequence(7);
    for (let attempt = 0; attempt < 200; attempt += 1) {
      const line = pick(random, [
        "\r\n\r\n",
        "POST /interactions\r\n\r\n",
        "POST /interactions HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
        "\u0016\u0003\u0001\u0002",
      ]);
      const garbage = Buffer.concat([
        Buffer.from(line),
        Buffer.from(Array.from({ length: 64 }, () => Math.floor(random() * 256))),
      ]);
      await new Promise<void>((resolve) => {
        const socket = createConnection({ host: "127.0.0.1", port });
        socket.once("close", () => resolve()).once("error", () => resolve());
        socket.resume().end(garbage);
      });
    }
    expect(program.process.exitCode).toBeNull();
  });

  it("that drip in are cut off, in their head or in their body", async () => {
    const body = good();
    const headers = Object.entries(discord.sign(body, now())).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    );
    const head = `POST /interactions HTTP/1.1\r\nhost: lambo\r\n${headers.join("")}content-length: ${Buffer.byteLength(body)}\r\n`;
    const startedAt = performance.now();
    const drip = (opening: string, drop: string) =>
      new Promise<void>((resolve) => {
        const socket = createConnection({ host: "127.0.0.1", port }, () => socket.write(opening));
        const dripping = setInterval(() => socket.write(drop), 500);
        socket.once("close", () => resolve(clearInterval(dripping))).on("error", () => undefined);
        socket.resume();
      });
    await Promise.all([drip(head, "x"), drip(`${head}\r\n`, " ")]);
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });

  it("leave the program working, and nothing that was typed in its output", async () => {
    const asked = discord.payload.command({
      name: "lambo",
      user: discord.user(),
      guild: discord.guild,
      options: { coin: "calm" },
      unchecked: true,
    });
    await discord.post(asked, `http://127.0.0.1:${port}/interactions`);
    expect((await asked.answer()).embeds[0]?.author?.name).toMatch(/^Calm · CALM/);
    expect(program.output()).not.toContain(TYPED);
    expect(program.output()).not.toContain("nothing caught");
    expect(program.output()).not.toContain("nobody expected");
  });
});
